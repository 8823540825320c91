"""Posting on both databases: what goes in, what is refused, and what the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from ledger import accounts, balances, chain, posted
from ledger.db import UnitOfWork, reading
from ledger.entries import Entry, Line, PayoutRow, Side, payout_digest
from ledger.errors import Refusal
from ledger.errors_posting import AccountNotUsable, AlreadyBooked, NoAuthority, PeriodNotOpen, SubledgerDiffers
from ledger.months import Month
from ledger.posting import Signed, post
from tests.ledger.store import JANUARY, opened, simple

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"


def payout_entry(rows: list[PayoutRow], *, account: str = "500101", fen: int | None = None) -> Entry:
    """A payout entry over ``rows``, source 7."""
    total = sum(row[3] for row in rows)
    return Entry(
        period=JANUARY, day=date(2026, 1, 20), summary="发放", lines=(Line(account, Side.D, fen or total), Line("1101", Side.C, fen or total)),
        authority="release:1", source_key="roster:1", payout_source=7, payout_count=len(rows), payout_fen=total, payout_digest=payout_digest(rows),
    )  # fmt: skip


ROWS: list[PayoutRow] = [("110101194901010010", "基础养老金", 202601, 12300, "500101"), ("110101194901010037", "基础养老金", 202601, 12400, "500101")]


def _post(engine: sa.Engine, made: Entry, rows: list[PayoutRow] | None = None, people: Signed = PEOPLE) -> None:
    with UnitOfWork(engine) as work:
        post(work, 1, made, people, NOW, rows or [])
        work.commit()


def test_posted_entry_reads_back_as_it_went_in(store_url: str) -> None:
    """What is posted reads back equal, numbered from one, with its digest (L1, L4)."""
    engine = opened(store_url)
    made = simple(12345)
    _post(engine, made)
    _post(engine, simple(1, source="doc-2"))
    with reading(engine) as connection:
        found = list(posted.entries(connection, 1))
        assert [p.number for p in found] == [1, 2]
        assert found[0].entry == made and found[0].digest == made.digest()
        assert found[0].label == "记-2026-01-0001"
        assert chain.verify(connection) == 2


def test_balances_follow_lines(store_url: str) -> None:
    """L8: kept balances equal the sum of lines, red lines included on their own side."""
    engine = opened(store_url)
    _post(engine, simple(500))
    _post(engine, simple(-200, source="red"))
    with reading(engine) as connection:
        moved = {m.account: m for m in balances.movements(connection, 1)}
        assert (moved["4001"].credit, moved["4001"].debit) == (300, 0)
        assert balances.closing_balances(moved.values()) == {"1003": 300, "4001": -300}
        assert balances.prove(connection, 1) == 2


def test_payout_rows_tie_to_their_lines(store_url: str) -> None:
    """L10: the sub-ledger of a payout ties to its benefit lines and reads back in order."""
    engine = opened(store_url)
    _post(engine, payout_entry(ROWS), ROWS)
    with reading(engine) as connection:
        assert list(posted.payouts(connection, 1, 7)) == ROWS


def test_payouts_that_do_not_tie_are_refused(store_url: str) -> None:
    """L10: rows other than announced, or on another account than the lines, are refused and nothing stays."""
    engine = opened(store_url)
    with pytest.raises(SubledgerDiffers):
        _post(engine, payout_entry(ROWS), ROWS[:1])
    changed = [(*ROWS[0][:3], 12301, "500101"), (*ROWS[1][:3], 12399, "500101")]
    with pytest.raises(SubledgerDiffers):
        _post(engine, payout_entry(ROWS), changed)
    with pytest.raises(Refusal, match="SB1305"):
        _post(engine, payout_entry(ROWS, account="500102"), ROWS)
    with reading(engine) as connection:
        assert list(posted.entries(connection, 1)) == [] and chain.head(connection) == (0, "")
        assert connection.execute(sa.text("SELECT COUNT(*) FROM shebao_payout")).scalar() == 0


def test_one_source_is_booked_once(store_url: str) -> None:
    """L11: the same source key, or the same paper inside another entry, is refused."""
    engine = opened(store_url)
    _post(engine, simple())
    with pytest.raises(AlreadyBooked):
        _post(engine, simple())
    papers = Entry(**{**_fields(simple(5, source="a")), "documents": ("ticket:1",)})
    _post(engine, papers)
    with pytest.raises(AlreadyBooked):
        _post(engine, Entry(**{**_fields(simple(5, source="b")), "documents": ("ticket:1",)}))


def _fields(made: Entry) -> dict[str, object]:
    return {name: getattr(made, name) for name in Entry.__dataclass_fields__ if name != "debit"}


def test_authority_and_two_people_are_needed(store_url: str) -> None:
    """L9: no authority, maker = reviewer, or poster = reviewer is refused."""
    engine = opened(store_url)
    for people in (Signed("a", "a", "b"), Signed("a", "b", "b"), Signed("", "b", "a")):
        with pytest.raises(NoAuthority):
            _post(engine, simple(), people=people)
    with pytest.raises(NoAuthority):
        _post(engine, Entry(**{**_fields(simple()), "authority": ""}))


def test_accounts_must_be_usable(store_url: str) -> None:
    """L6: an account the book does not have is refused; L2: nothing reaches another book."""
    engine = opened(store_url)
    with pytest.raises(AccountNotUsable):
        _post(engine, simple(debit="1202"))


def test_period_must_be_open(store_url: str) -> None:
    """L5: a month that is not open takes nothing."""
    engine = opened(store_url)
    with pytest.raises(PeriodNotOpen):
        _post(engine, simple(period=Month(2026, 2)))


DOORS = {
    "change a line": ("UPDATE shebao_line SET amount_fen = amount_fen + 1", "SB1303"),
    "delete a line": ("DELETE FROM shebao_line", "SB1303"),
    "change an entry": ("UPDATE shebao_entry SET maker = 'x'", "SB1303"),
    "delete an entry": ("DELETE FROM shebao_entry", "SB1303"),
    "change a payout": ("UPDATE shebao_payout SET amount_fen = 1", "SB1303"),
    "delete a payout": ("DELETE FROM shebao_payout", "SB1303"),
    "delete a seal": ("DELETE FROM shebao_seal", "SB1303"),
    "change the trail": ("UPDATE shebao_chain SET actor = 'x'", "SB1303"),
    "delete the trail": ("DELETE FROM shebao_chain", "SB1303"),
    "delete a balance": ("DELETE FROM shebao_balance", "SB1303"),
    "rename an account": ("UPDATE shebao_account SET name = 'x'", "SB1303"),
    "add a line to a sealed entry": ("INSERT INTO shebao_line VALUES (1, 1, 9, '1003', 'D', 5, '', '')", "SB1309"),
    "add a payout to a sealed entry": ("INSERT INTO shebao_payout VALUES (1, 7, '1', 'x', 202601, 5, '500101')", "SB1309"),
    "add a paper to a sealed entry": ("INSERT INTO shebao_document VALUES (1, 'x', 1)", "SB1309"),
    "open a posting without an entry": ("INSERT INTO shebao_open_posting VALUES (1, 'payout', 99)", "SB1309"),
    "close an open month at once": ("UPDATE shebao_period SET state = 'closed'", "SB1308"),
    "delete a month": ("DELETE FROM shebao_period", "SB1308"),
    "skip a month": ("INSERT INTO shebao_period VALUES (1, 202603, 'open')", "SB1308"),
    "a record out of the chain": ("INSERT INTO shebao_chain VALUES (9, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', '', 'done', '')", "SB1307"),
}


@pytest.mark.parametrize("door", DOORS)
def test_direct_sql_is_refused(store_url: str, door: str) -> None:
    """L3, L5, C6: the database refuses by itself, with the code of the rule."""
    engine = opened(store_url)
    _post(engine, payout_entry(ROWS), ROWS)
    statement, code = DOORS[door]
    with pytest.raises(Refusal, match=code), UnitOfWork(engine) as work:
        work.connection.exec_driver_sql(statement)
        work.commit()
    with reading(engine) as connection:
        assert balances.prove(connection, 1) == 2 and chain.verify(connection) == 1


HEADER = (
    "INSERT INTO shebao_entry VALUES (1, {id}, {period}, '记', {number}, '2026-01-05', 'now', '', 's', 0, 'a', 'b', 'a', 'x', '{source}', 0, NULL, 2, 100, "
    "NULL, 0, 0, '', NULL, 0, 0, '', 'd')"
)


def _raw(engine: sa.Engine, *statements: str) -> None:
    with UnitOfWork(engine) as work:
        for statement in statements:
            work.connection.exec_driver_sql(statement)
        work.commit()


def test_an_entry_without_its_seal_cannot_be_committed(store_url: str) -> None:
    """L1: Python out of the way, a header whose seal never comes fails at commit."""
    engine = opened(store_url)
    with pytest.raises(sa.exc.IntegrityError):
        _raw(engine, HEADER.format(id=1, period=202601, number=1, source="s"))
    with reading(engine) as connection:
        assert list(posted.entries(connection, 1)) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [((("1003", "D", 100), ("4001", "C", 99)), "SB1101"), ((("1003", "D", 100),), "SB1101"), ((("1003", "D", 90), ("4001", "C", 90)), "SB1304")],
)
def test_the_seal_proves_the_entry(store_url: str, lines: tuple[tuple[str, str, int], ...], code: str) -> None:
    """L1: Python out of the way, the seal refuses an unbalanced entry or one unlike its header."""
    engine = opened(store_url)
    rows = [f"INSERT INTO shebao_line VALUES (1, 1, {i}, '{a}', '{s}', {f}, '', '')" for i, (a, s, f) in enumerate(lines, 1)]
    with pytest.raises(Refusal, match=code):
        _raw(engine, HEADER.format(id=1, period=202601, number=1, source="s"), *rows, "INSERT INTO shebao_seal VALUES (1, 1)")


def test_the_database_numbers_without_gaps(store_url: str) -> None:
    """L4: Python out of the way, a number that is not the next one is refused; L5: so is a month not open."""
    engine = opened(store_url)
    with pytest.raises(Refusal, match="SB1301"):
        _raw(engine, HEADER.format(id=1, period=202601, number=2, source="s"))
    with pytest.raises((Refusal, sa.exc.IntegrityError)):
        _raw(engine, HEADER.format(id=1, period=202602, number=1, source="s"))


def test_books_are_apart(store_url: str) -> None:
    """L2: a line cannot use another book's account, nor an entry of another book."""
    engine = opened(store_url)
    with UnitOfWork(engine) as work:
        account = accounts.BookAccount("9999", "别的", "别的", "D", "asset", "", True, "toy", "2018-01-01", "")
        accounts.open_book(work, 2, "U1", accounts.Fund.E, "toy", JANUARY, [account])
        work.commit()
    with pytest.raises(AccountNotUsable):
        _post(engine, simple(debit="9999"))
    with pytest.raises((Refusal, sa.exc.IntegrityError)):
        _raw(engine, HEADER.format(id=1, period=202601, number=1, source="s"), "INSERT INTO shebao_line VALUES (1, 1, 1, '9999', 'D', 100, '', '')")


def test_work_not_committed_leaves_nothing(store_url: str) -> None:
    """A unit of work rolls back unless committed."""
    engine = opened(store_url)
    with UnitOfWork(engine) as work:
        post(work, 1, simple(), PEOPLE, NOW)
    with reading(engine) as connection:
        assert list(posted.entries(connection, 1)) == [] and chain.head(connection) == (0, "")
