"""Contributions as a sub-ledger beside payouts: they tie to their entry, come whole and in order, and are struck with all their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from ledger import chain, corrections, posted, subledgers
from ledger.db import UnitOfWork, reading
from ledger.entries import ContributionRow, Entry, Line, Side, TwoSubledgers, contribution_digest, rows_digest
from ledger.errors import Refusal
from ledger.errors_posting import AlreadyBooked, SubledgerDiffers
from ledger.posting import Receipt, Signed, post
from tests.ledger.store import JANUARY, opened, simple

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
ROWS: list[ContributionRow] = [
    ("110101194901010010", "employer", 202601, 16000, "4001"),
    ("110101194901010010", "own", 202601, 8000, "4001"),
    ("110101194901010037", "own", 202501, -500, "4001"),
    ("110101194901010037", "own", 202601, 8000, "4001"),
]


def contributed(rows: list[ContributionRow], *lines: Line, source: int = 12, key: str = "file:12") -> Entry:
    """An entry of contributions: the bank against 4001, or the lines given."""
    seen = rows_digest(rows)
    return Entry(
        JANUARY, date(2026, 1, 20), "收到保费", lines or (Line("1003", Side.D, seen.fen), Line("4001", Side.C, seen.fen)), "税务划缴单", key, event="C1",
        contribution_source=source, contribution_count=seen.count, contribution_fen=seen.fen, contribution_digest=seen.hexdigest(),
    )  # fmt: skip


def book(engine: sa.Engine, made: Entry, rows: Iterable[ContributionRow] = ()) -> Receipt:
    with UnitOfWork(engine) as work:
        receipt = post(work, 1, made, PEOPLE, NOW, rows)
        work.commit()
    return receipt


def raw(engine: sa.Engine, *statements: str) -> None:
    with UnitOfWork(engine) as work:
        for statement in statements:
            work.connection.exec_driver_sql(statement)
        work.commit()


def test_contributions_come_with_their_entry(store_url: str) -> None:
    """L10: contribution rows go in with their entry, refunds negative, and read back in key order, by source and by person; an iterator serves as well."""
    engine = opened(store_url)
    made = contributed(ROWS)
    book(engine, made, iter(ROWS))
    with reading(engine) as connection:
        assert list(posted.contributions(connection, 1, 12)) == ROWS
        assert posted.one(connection, 1, 1).entry == made and chain.verify(connection) == 1
        assert subledgers.of_person(connection, subledgers.CONTRIBUTION, 1, ROWS[0][0]) == [(1, 12, ROWS[0]), (1, 12, ROWS[1])]
        assert subledgers.claims(connection, subledgers.CONTRIBUTION, 1) == [(1, made.claim)]
        assert subledgers.claims(connection, subledgers.PAYOUT, 1) == []
    with pytest.raises(Refusal, match="SB1104"):
        book(engine, replace(made, source_key="file:12 again"), ROWS)


def test_more_rows_than_a_chunk(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """L10: rows come in chunks and tie as one; an order broken just between two chunks is refused."""
    monkeypatch.setattr(subledgers, "CHUNK", 7)
    engine = opened(store_url)
    rows: list[ContributionRow] = [(f"{i:018d}", "own", 202601, i + 1, "4001") for i in range(500)]
    broken = [*rows[:6], rows[7], rows[6], *rows[8:]]
    with pytest.raises(SubledgerDiffers, match="排序"):
        book(engine, contributed(broken), broken)
    book(engine, contributed(rows), rows)
    with reading(engine) as connection:
        assert list(posted.contributions(connection, 1, 12)) == rows


UNTIED = {
    "a row too few": (ROWS[:3], ()),
    "another fen": ([*ROWS[:3], (*ROWS[3][:3], 8001, "4001")], ()),
    "another part": ([*ROWS[:3], ("110101194901010037", "own ", 202601, 8000, "4001")], ()),
}


@pytest.mark.parametrize("case", UNTIED)
def test_other_rows_than_reviewed_are_refused(store_url: str, case: str) -> None:
    """L10, C2: rows other than the entry claims are refused, and nothing stays."""
    engine = opened(store_url)
    with pytest.raises(SubledgerDiffers):
        book(engine, contributed(ROWS), UNTIED[case][0])
    with pytest.raises(SubledgerDiffers):
        book(engine, simple(), ROWS)
    with reading(engine) as connection:
        assert list(posted.entries(connection, 1)) == [] and list(posted.contributions(connection, 1, 12)) == []


def test_rows_tie_to_the_credit_side(store_url: str) -> None:
    """L10: the database ties rows and lines account by account; every 4001 line is borne by rows, other income only where rows name it."""
    engine = opened(store_url)
    off = [Line("1003", Side.D, 31500), Line("4001", Side.C, 31500)]
    subsidy: list[ContributionRow] = [("1", "subsidy_county", 202601, 31500, "4201")]
    for lines in (
        (replace(off[0], amount=31400), replace(off[1], amount=31400)),
        (Line("4001", Side.D, 31500), Line("1003", Side.C, 31500)),
        (off[0], Line("4201", Side.C, 31500)),
    ):
        with pytest.raises(Refusal, match="SB1305"):
            book(engine, contributed(ROWS, *lines), ROWS)
    with pytest.raises(Refusal, match="SB1305"):
        book(engine, contributed(subsidy, *off), subsidy)
    book(engine, contributed(ROWS, Line("1003", Side.D, 31600), off[1], Line("4201", Side.C, 100)), ROWS)


DOORS = {
    "change a contribution": ("UPDATE shebao_contribution SET amount_fen = 1", "SB1303"),
    "delete a contribution": ("DELETE FROM shebao_contribution", "SB1303"),
    "add contributions to a sealed entry": (
        "INSERT INTO shebao_contribution SELECT book_id, source_id, number || 'x', part, period, amount_fen, account FROM shebao_contribution",
        "SB1309",
    ),
    "add a contribution": ("INSERT INTO shebao_contribution VALUES (1, 12, '1', 'x', 202601, 5, '4001')", "SB1309"),
    "add a contribution of another source": ("INSERT INTO shebao_contribution VALUES (1, 13, '1', 'x', 202601, 5, '4001')", "SB1309"),
    "open its posting again": ("INSERT INTO shebao_open_posting VALUES (1, 'contribution', 12)", "SB1309"),
}


@pytest.mark.parametrize("door", DOORS)
def test_direct_sql_is_refused(store_url: str, door: str) -> None:
    """L3, L10: with Python out of the way the database refuses what would change or add contributions."""
    engine = opened(store_url)
    book(engine, contributed(ROWS), ROWS)
    statement, code = DOORS[door]
    with pytest.raises(Refusal, match=code):
        raw(engine, statement)
    with reading(engine) as connection:
        assert list(posted.contributions(connection, 1, 12)) == ROWS


def test_announced_contributions_must_come(store_url: str) -> None:
    """L10: with Python out of the way, other contributions than the header announces, or those of an open payout, are refused."""
    engine = opened(store_url)
    header = (
        "INSERT INTO shebao_entry VALUES (1, 1, 202601, '记', 1, '2026-01-05', 'now', '', 's', 0, 'a', 'b', 'a', 'x', 's', 0, NULL, 2, 100, "
        "NULL, 0, 0, '', 12, 2, 100, '', 'd')"
    )
    lines = ["INSERT INTO shebao_line VALUES (1, 1, 1, '1003', 'D', 100, '', '')", "INSERT INTO shebao_line VALUES (1, 1, 2, '4001', 'C', 100, '', '')"]
    opening = "INSERT INTO shebao_open_posting VALUES (1, 'contribution', 12)"
    row = "INSERT INTO shebao_contribution VALUES (1, 12, '{n}', 'own', 202601, 100, '4001')"
    seal = "INSERT INTO shebao_seal VALUES (1, 1)"
    with pytest.raises(Refusal, match="SB1305"):
        raw(engine, header, *lines, opening, row.format(n=1), seal)
    with pytest.raises(Refusal, match="SB1305"):
        raw(engine, header, *lines, opening, row.format(n=1), row.format(n=2), seal)
    with pytest.raises(Refusal, match="SB1309"):
        raw(engine, header, *lines, "INSERT INTO shebao_open_posting VALUES (1, 'payout', 12)")
    with pytest.raises(Refusal, match="SB1309"):
        raw(engine, header, *lines, opening, "INSERT INTO shebao_payout VALUES (1, 12, '1', 'x', 202601, 5, '4001')")


def test_an_entry_brings_one_kind_of_rows() -> None:
    """SB1360: an entry with payouts and contributions at once cannot be made."""
    with pytest.raises(TwoSubledgers):
        replace(contributed(ROWS), payout_source=1)


def red(engine: sa.Engine) -> tuple[Entry, list[ContributionRow]]:
    with reading(engine) as connection:
        origin = posted.one(connection, 1, 1)
        rows = subledgers.struck(connection, subledgers.CONTRIBUTION, 1, -12)
    return corrections.reverse(origin, date(2026, 1, 25), "文件有误", rows), rows


def test_contributions_are_struck_with_all_their_rows(store_url: str) -> None:
    """L3, L10: a red voucher of contributions brings each row with its sign turned, under the source turned, once; persons are left with nil."""
    engine = opened(store_url)
    book(engine, contributed(ROWS), ROWS)
    made, rows = red(engine)
    assert (made.contribution_source, made.contribution_fen, made.contribution_digest) == (-12, -31500, contribution_digest(rows))
    book(engine, made, rows)
    with reading(engine) as connection:
        assert list(posted.contributions(connection, 1, -12)) == [(n, part, period, -fen, account) for n, part, period, fen, account in ROWS]
        assert sum(row[3] for _, _, row in subledgers.of_person(connection, subledgers.CONTRIBUTION, 1, ROWS[0][0])) == 0
    with pytest.raises(AlreadyBooked):
        book(engine, made, rows)


def test_half_a_red_voucher_is_refused(store_url: str) -> None:
    """L10: the database refuses a red voucher without the rows of the one it strikes, with other rows of the same sum, or of another source."""
    engine = opened(store_url)
    book(engine, contributed(ROWS), ROWS)
    made, rows = red(engine)
    bare = replace(made, contribution_source=None, contribution_count=0, contribution_fen=0, contribution_digest="")
    with pytest.raises(Refusal, match="SB1341"):
        book(engine, bare)
    swapped = [rows[0], rows[1], (*rows[2][:3], rows[3][3], "4001"), (*rows[3][:3], rows[2][3], "4001")]
    with pytest.raises(Refusal, match="SB1305"):
        book(engine, replace(made, contribution_digest=contribution_digest(swapped)), swapped)
    with pytest.raises(Refusal, match="SB1341"):
        book(engine, replace(made, contribution_source=-13), rows)
    with pytest.raises(Refusal, match="SB1341"):
        book(engine, replace(contributed(ROWS, source=-14, key="x")), ROWS)
    with reading(engine) as connection:
        origin = posted.one(connection, 1, 1)
    for refused in (lambda: corrections.adjust(origin, {1: 5}, date(2026, 1, 25), "x"), lambda: corrections.correct(origin, simple(), "x")):
        with pytest.raises(corrections.CorrectionRefused, match="逐人缴费明细"):
            refused()
