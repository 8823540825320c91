"""The cashier's journals: written from receipts by the cashier alone, struck in red, closed day by day, cash counted by two."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from controls import cash_counts, journals, trail
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from controls.errors_journals import (
    BadCount,
    BadJournal,
    CannotStrike,
    CannotWitness,
    JournalAmount,
    JournalDay,
    NoSuchJournal,
    NotCounted,
    ReceiptEntered,
)  # fmt: skip
from controls.errors_payment import NoReason
from controls.journals import Kind
from controls.tables import grant
from ledger.db import reading
from ledger.errors import DatabaseRefusal
from tests.controls.journal_desk import NOW, SUN, WANG, ZHAO, Desk, desk, receipt

JAN_5, JAN_6 = date(2026, 1, 5), date(2026, 1, 6)


def written(at: Desk, journal: int = 1) -> list[tuple[int, int, int, int]]:
    with reading(at.engine) as connection:
        return [(one.line_no, one.receipt.into, one.receipt.out, one.balance) for one in journals.lines(connection, journals.get(connection, journal))]


def test_lines_stand_one_after_another(store_url: str) -> None:
    """1004四: each receipt is a line with its number and the balance carried on; the trail has one record of them."""
    at = desk(store_url)
    made = at.opened()
    at.enter(receipt(5, "001", into=500), receipt(5, "002", out=1_200), receipt(6, "003", into=7))
    assert (made.kind.zh, made.kind.account, made.bank_account) == ("支出户存款", "1004", "6200000000001004")
    assert written(at) == [(1, 500, 0, 1_500), (2, 0, 1_200, 300), (3, 7, 0, 307)]
    with reading(at.engine) as connection:
        facts = [json.loads(one.facts) for one in trail.lines(connection, thing=made.thing) if one.act == "journal.enter"]
    assert facts == [{"first": 1, "last": 3, "in": 507, "out": 1_200}]


@pytest.mark.parametrize("actor", [ZHAO, SUN, Actor("both", "两岗", frozenset({Duty.CASHIER, Duty.BOOKKEEP}))])
def test_only_a_cashier_writes(store_url: str, actor: Actor) -> None:
    """S5, S6: 会计 and 会计主管 never write a journal, and one who would hold both duties is refused too."""
    at = desk(store_url)
    at.opened()
    for act in (
        lambda: at.step(journals.open_, actor, 1, Kind.CASH, JAN_5, 0),
        lambda: at.enter(receipt(5, "001", into=5), actor=actor),
        lambda: at.step(journals.strike, actor, 1, 1, JAN_5, "重复"),
        lambda: at.step(journals.close_day, actor, 1, JAN_5),
        lambda: at.step(cash_counts.count, actor, 1, 1, JAN_5, {}),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_cannot_be_entered(store_url: str) -> None:
    """SB3160, SB3162–SB3164: unknown journal, the future, a day before the last, an overdraft, both sides, a receipt twice; of a bad set nothing is kept."""
    at = desk(store_url)
    at.opened(day=date(2026, 1, 2))
    at.enter(receipt(6, "001", into=500))
    for wrong, refusal in (
        (receipt(1, "002", into=5), JournalDay),
        (receipt(5, "002", into=5), JournalDay),
        (receipt(1, "002", into=5, month=3), JournalDay),
        (receipt(7, "002", into=5, on=date(2026, 1, 8)), JournalDay),
        (receipt(7, "002", out=1_502), JournalAmount),
        (receipt(7, "002", into=5, out=5), JournalAmount),
        (receipt(7, "002"), JournalAmount),
        (receipt(7, " ", into=5), JournalAmount),
        (receipt(7, "001", into=5), ReceiptEntered),
    ):
        with pytest.raises(refusal):
            at.enter(receipt(6, "ok", into=1), wrong)
    with pytest.raises(NoSuchJournal):
        at.enter(receipt(6, "002", into=5), journal=9)
    assert len(written(at)) == 1


def test_what_cannot_be_opened(store_url: str) -> None:
    """SB3161–SB3163: cash with a bank account, a bank journal without one, the same twice, in the future, or overdrawn."""
    at = desk(store_url)
    at.opened()
    for kind, account in ((Kind.CASH, "6200"), (Kind.INCOME, ""), (Kind.PAYMENT, "6200000000001004")):
        with pytest.raises(BadJournal):
            at.step(journals.open_, WANG, 1, kind, JAN_5, 0, account)
    with pytest.raises(JournalDay):
        at.step(journals.open_, WANG, 1, Kind.CASH, date(2027, 1, 1), 0)
    with pytest.raises(JournalAmount):
        at.step(journals.open_, WANG, 1, Kind.CASH, JAN_5, -1)


def test_a_wrong_line_is_struck_in_red(store_url: str) -> None:
    """SB3165, SB3042: the red line takes back one line with its reason, once, and its receipt can be entered again; a red line is not struck."""
    at = desk(store_url)
    at.opened()
    at.enter(receipt(5, "001", into=500), receipt(6, "002", out=100))
    with pytest.raises(NoReason):
        at.step(journals.strike, WANG, 1, 1, JAN_6, " ")
    red = at.step(journals.strike, WANG, 1, 1, JAN_6, "金额看错")
    at.enter(receipt(6, "001", into=50, on=JAN_5))
    assert written(at) == [(1, 500, 0, 1_500), (2, 0, 100, 1_400), (3, -500, 0, 900), (4, 50, 0, 950)]
    assert (red.strikes, red.receipt.summary, red.receipt_on) == (1, "注销1月5日第1行：利息", JAN_5)
    for line in (1, 3, 9):
        with pytest.raises(CannotStrike):
            at.step(journals.strike, WANG, 1, line, JAN_6, "再冲")


def test_a_closed_day_takes_nothing(store_url: str) -> None:
    """1004四: each day is closed with its totals and balance; then neither a line nor a red line nor a second closing goes in."""
    at = desk(store_url)
    at.opened()
    at.enter(receipt(5, "001", into=500), receipt(6, "002", out=100), receipt(8, "003", into=9))
    closed = at.step(journals.close_day, WANG, 1, date(2026, 1, 7))
    shown = [(one.day.day, one.last_line, one.into, one.out, one.balance) for one in closed]
    assert shown == [
        (5, 1, 500, 0, 1_500),
        (6, 2, 0, 100, 1_400),
        (7, 2, 0, 0, 1_400),
    ]
    for act in (
        lambda: at.enter(receipt(7, "004", into=5)),
        lambda: at.step(journals.strike, WANG, 1, 2, date(2026, 1, 7), "重复"),
        lambda: at.step(journals.close_day, WANG, 1, JAN_6),
        lambda: at.step(journals.close_day, WANG, 1, date(2026, 4, 1)),
    ):
        with pytest.raises(JournalDay):
            act()
    at.enter(receipt(8, "004", into=5, on=JAN_6))
    with reading(at.engine) as connection:
        assert len(journals.days(connection, journals.get(connection, 1))) == 3


def test_cash_is_counted_by_two_before_its_day_closes(store_url: str) -> None:
    """1001四, SB3167: no count, no witness, a shortage, or money moved since: the day stays open; counted and witnessed with the very balance it closes."""
    at = desk(store_url)
    at.opened(Kind.CASH, 10_000, JAN_5)
    at.enter(receipt(5, "001", into=20_050))

    def refused(why: str) -> None:
        with pytest.raises(NotCounted, match=why):
            at.step(journals.close_day, WANG, 1, JAN_5)

    refused("当日没有盘点")
    short = at.counted(JAN_5, {10_000: 3})
    assert (short.counted, short.book, short.witnessed_by) == (30_000, 30_050, "sun")
    refused("短款 0.50 元")
    at.counted(JAN_5, {10_000: 3, 50: 1}, witness=None)
    refused("尚未监盘")
    at.step(cash_counts.witness, SUN, 1, 1, 2)
    at.enter(receipt(5, "002", out=50))
    refused("盘点后又有收付")
    at.counted(JAN_5, {10_000: 3})
    assert at.step(journals.close_day, WANG, 1, JAN_5)[0].balance == 30_000


def test_what_cannot_be_counted_or_witnessed(store_url: str) -> None:
    """SB3168, SB3169, SB3001, SB3002: a bank account, an unknown note, the future; the cashier as witness, twice, or one who counted while cashier."""
    at = desk(store_url)
    at.opened()
    at.opened(Kind.CASH, 100, JAN_5)
    for journal, day, pieces in ((1, JAN_5, {100: 1}), (2, JAN_5, {300: 1}), (2, JAN_5, {100: -1}), (2, date(2027, 1, 1), {100: 1})):
        with pytest.raises(BadCount):
            at.step(cash_counts.count, WANG, 1, journal, day, pieces)
    at.counted(JAN_5, {100: 1}, journal=2, witness=None)
    with pytest.raises(NotAllowed):
        at.step(cash_counts.witness, WANG, 1, 2, 1)
    with pytest.raises(SamePerson):
        at.step(cash_counts.witness, Actor("wang", "王出纳", frozenset({Duty.BOOKKEEP})), 1, 2, 1)
    at.step(cash_counts.witness, ZHAO, 1, 2, 1)
    for number in (1, 2):
        with pytest.raises(CannotWitness):
            at.step(cash_counts.witness, SUN, 1, 2, number)


LINE = {
    "book_id": 1, "journal_id": 1, "line_no": 2, "day": "2026-01-06", "receipt_on": "2026-01-06", "receipt_kind": "银行回单", "receipt_no": "002",
    "summary": "利息",
    "counterpart": "", "counter_account": "", "in_fen": 5, "out_fen": 0, "balance_fen": 1_505, "attachment": "", "strikes": None, "reason": "", "source": "",
    "entered_by": "wang", "entered_at": NOW,
}  # fmt: skip
JOURNAL = {
    "book_id": 1, "journal_id": 3, "kind": "income", "bank_account": "77", "bank": "", "opened_on": "2026-01-05", "opening_fen": 0, "opened_by": "wang",
    "opened_at": NOW,
}  # fmt: skip
DAY = {
    "book_id": 1, "journal_id": 1, "day": "2026-01-05", "last_line": 1, "in_fen": 500, "out_fen": 0, "balance_fen": 1_500, "closed_by": "wang",
    "closed_at": NOW,
}  # fmt: skip
COUNT = {
    "book_id": 1, "journal_id": 2, "count_no": 1, "day": "2026-01-05", "denominations": "[]", "counted_fen": 0, "book_fen": 0, "counted_by": "wang",
    "counted_at": NOW,
}  # fmt: skip
WITNESS = {"book_id": 1, "journal_id": 2, "count_no": 1, "witnessed_by": "sun", "witnessed_at": NOW}
TRIED = [
    ("SB3001", "line", {"entered_by": "zhao"}), ("SB3001", "line", {"entered_at": "2025-12-31T09:00:00"}), ("SB3166", "line", {"line_no": 4}),
    ("SB3166", "line", {"line_no": 1}), ("SB3162", "line", {"day": "2026-01-04"}), ("SB3162", "line", {"day": "2026-03-04"}),
    ("SB3162", "line", {"receipt_on": "2026-01-07"}), ("SB3164", "line", {"receipt_no": "001"}), ("SB3163", "line", {"balance_fen": 1_506}),
    ("SB3163", "line", {"in_fen": 0, "out_fen": 1_501, "balance_fen": -1}),
    ("SB3165", "line", {"strikes": 1, "reason": "x", "in_fen": -4, "balance_fen": 1_496}),
    ("SB3165", "line", {"strikes": 9, "reason": "x", "in_fen": -5, "balance_fen": 1_495}), ("", "line", {"in_fen": 0, "balance_fen": 1_500}),
    ("", "line", {"strikes": 1}), ("", "line", {"reason": "x"}),
    ("SB3001", "journal", {"opened_by": "sun"}), ("SB3161", "journal", {"journal_id": 1}), ("SB3162", "journal", {"opened_on": "2026-03-01"}),
    ("SB3161", "journal", {"kind": "payment", "bank_account": "6200000000001004"}), ("", "journal", {"bank_account": ""}),
    ("", "journal", {"journal_id": 4, "kind": "cash"}),
    ("SB3001", "day", {"closed_by": "zhao"}), ("SB3162", "day", {"day": "2026-03-01"}), ("SB3163", "day", {"in_fen": 1}), ("SB3163", "day", {"balance_fen": 1}),
    ("SB3163", "day", {"last_line": 2}), ("SB3167", "day", {"journal_id": 2, "last_line": 0, "in_fen": 0, "balance_fen": 0}),
    ("SB3001", "count", {"counted_by": "sun"}), ("SB3166", "count", {"count_no": 2}), ("SB3168", "count", {"journal_id": 1, "book_fen": 1_500}),
    ("SB3168", "count", {"book_fen": 5}), ("SB3162", "count", {"day": "2026-03-01"}),
    ("SB3001", "witness", {"witnessed_by": "wang"}), ("", "witness", {"count_no": 2}),
]  # fmt: skip


def test_the_database_keeps_the_same_rules(store_url: str) -> None:
    """SB3166: with Python out of the way every rule stands: who, which day, running balance, receipts, red lines, counts; nothing is changed or removed."""
    at = desk(store_url)
    at.opened()
    at.enter(receipt(5, "001", into=500))
    tables = {
        "line": (journals.journal_line, LINE), "journal": (journals.journal, JOURNAL), "day": (journals.journal_day, DAY),
        "count": (cash_counts.cash_count, COUNT), "witness": (cash_counts.cash_witness, WITNESS),
    }  # fmt: skip
    at.opened(Kind.CASH, 0, JAN_5)

    def put(name: str, **changes: object) -> None:
        table, row = tables[name]
        with at.engine.begin() as connection:
            connection.execute(table.insert().values(**{**row, **changes}))

    for code, name, changes in TRIED:
        with pytest.raises(sa.exc.DBAPIError, match=code or None):
            put(name, **changes)
    put("line")
    with pytest.raises(sa.exc.DBAPIError, match="SB3162"):
        put("day", day="2026-01-08", last_line=2, in_fen=0, balance_fen=1_505)
    put("count")
    with pytest.raises(sa.exc.DBAPIError, match="SB3167"):
        put("day", journal_id=2, last_line=0, in_fen=0, balance_fen=0)
    put("witness")
    with pytest.raises(sa.exc.DBAPIError, match="SB3169"):
        put("witness", witnessed_by="zhao")
    put("day", journal_id=2, last_line=0, in_fen=0, balance_fen=0)
    for table, _ in tables.values():
        for statement in (table.update().values(book_id=1), table.delete()):
            with pytest.raises(sa.exc.DBAPIError, match="SB3166"), at.engine.begin() as connection:
                connection.execute(statement)


def test_who_counted_never_witnesses_in_the_database(store_url: str) -> None:
    """SB3169: a cashier who became 会计 does not sign the second time for what they counted, whatever the door."""
    at = desk(store_url)
    at.opened(Kind.CASH, 0, JAN_5)
    at.counted(JAN_5, {}, witness=None)
    with at.engine.begin() as connection:
        connection.execute(grant.update().where(grant.c.user_id == "wang").values(valid_to="2026-02-01"))
        connection.execute(grant.insert().values(user_id="wang", duty="BOOKKEEP", valid_from="2026-02-01", valid_to="", granted_by="init", granted_at=NOW))
    with pytest.raises(sa.exc.DBAPIError, match="SB3169"), at.engine.begin() as connection:
        connection.execute(cash_counts.cash_witness.insert().values(**{**WITNESS, "journal_id": 1, "witnessed_by": "wang"}))
    with pytest.raises(DatabaseRefusal, match=r"SB3002|SB3001"):
        at.enter(receipt(6, "001", into=5))
