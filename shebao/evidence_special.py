"""What is proved again of a special book (专账): its own chart, and its identities, lists and documents through the latest month."""

from __future__ import annotations

import sqlalchemy as sa

from controls import closing_checks, periods
from controls.special import checks
from ledger import accounts
from ledger.accounts import Book
from ledger.special import sums
from shebao.evidence import Broken


def proved(connection: sa.Connection, book: Book) -> str:
    """ZB1–ZB6 hold through the latest month, and no account of the book is one of the standard's. Raises Broken naming what does not hold."""
    strange = [code for code in accounts.accounts_of(connection, book.book_id) if code[0] not in "ZFJSC"]
    if strange:
        raise Broken(f"专账里有不属于专账科目表的科目 {strange[0]}")
    latest = periods.states(connection, book.book_id)[-1].month
    for check in closing_checks.levelled(checks.identities(connection, book, latest)):
        if check.stops:
            raise Broken(f"{check.code} 不成立：{check.text}")
    found = sums.sources(connection, book.book_id).values()
    return f"{len(found)} 个资金来源逐一相符，收支恒等、名册与凭证相符"
