"""What may be booked in the months a book was taken over with (期初建账): once the opening is proved and posted, nothing beside it.

The opening voucher carries balances proved by K1 and K2 (within a year also the movements so far); a voucher of its month, or of
a month before it, would change what was proved, or count the same money twice.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.flows import OPENING, OPENING_SOURCES
from ledger.months import Month
from ledger.tables import entry


class OpeningProved(Refusal):
    """A voucher in a month whose end was taken over as proved."""

    code = "SB3320"
    zh = "{period} 的余额已由期初凭证（截至 {opened}）证明并记账，不能再记入其他凭证。"
    en = "The balances of {period} were proved and booked by the opening voucher (as of {opened}); nothing else is booked there."
    cause_zh = "期初余额经试算平衡（K1、K2）证明后入账；在建账月份或以前月份再记凭证，会改变已证明的余额或重复记账。"
    cause_en = "Opening balances are booked after K1 and K2; a voucher of that month or before would change what was proved, or count it twice."
    remedy_zh = "记入 {next} 或以后开放的月份；期初本身有误的，按以前年度差错在本期更正。"
    remedy_en = "Book it in {next} or later; an error of the opening itself is corrected in the current period like one of an earlier year."


def taken_over(connection: sa.Connection, book_id: int) -> Month | None:
    """The last month that an opening voucher has proved and booked, None when there is none."""
    columns = entry.c
    asked = sa.select(sa.func.max(columns.period)).where(columns.book_id == book_id, columns.source_key.in_(sorted(OPENING_SOURCES)))
    taken = connection.execute(asked).scalar()
    return taken if taken is None or isinstance(taken, Month) else Month.from_number(int(taken))


def check(connection: sa.Connection, book_id: int, *made: Entry) -> None:
    """Passes for vouchers after the taken-over months, for the opening itself and for a closing; raises SB3320."""
    opened = taken_over(connection, book_id)
    if opened is None:
        return
    for one in made:
        if one.period <= opened and not one.closing and not (one.event == OPENING and one.source_key in OPENING_SOURCES):
            raise OpeningProved(period=one.period, opened=opened, next=opened + 1)
