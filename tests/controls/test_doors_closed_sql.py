"""L5 with Python out of the way: direct SQL, on every table that a month is made of, against each state, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controls.journal_tables import journal_line
from ledger.tables import entry
from tests.controls.closed_office import BOOK, CONTRIBUTED, PAYOUT, STATES, Closed
from tests.controls.test_doors_closed import offices

__all__ = ["offices"]
CLAIMS = ("payout_", "contribution_")


COLUMNS = [column.name for column in entry.c]


def copied(**own: str) -> str:
    """An entry made out of the first one, under the next id and number, without sub-ledger rows, save what is given."""
    latest = f"(SELECT MAX(x.entry_id) + 1 FROM shebao_entry x WHERE x.book_id = {BOOK})"
    number = f"(SELECT MAX(x.number) + 1 FROM shebao_entry x WHERE x.book_id = {BOOK} AND x.period = e.period AND x.kind = e.kind)"
    bare = {name: "NULL" if name.endswith("_source") else "''" if name.endswith("_digest") else "0" for name in COLUMNS if name.startswith(CLAIMS)}
    values = {name: f"e.{name}" for name in COLUMNS} | bare | {"entry_id": latest, "number": number, "source_key": "'forged'"} | own
    return f"INSERT INTO shebao_entry ({', '.join(values)}) SELECT {', '.join(values.values())} FROM shebao_entry e WHERE e.book_id = {BOOK} AND e.entry_id = 1"


def each(code: str) -> dict[str, str]:
    return dict.fromkeys(STATES, code)


FOREVER, SEALED, MONTHS = each("SB1303"), each("SB1309"), each("SB1308")
WHERE = f"WHERE book_id = {BOOK}"
JANUARY = f"{WHERE} AND period = 202601"
INTO: dict[str, tuple[str, dict[str, str]]] = {
    "an entry": (copied(), each("SB1302")),
    "a closing entry": (copied(closing="1"), {"locked": "at the seal", "carried": "at the seal", "closed": "SB1302"}),
    "a correction": (copied(source_key="'reverse:1'", corrects="1"), each("SB1302")),
    "a line": (f"INSERT INTO shebao_line VALUES ({BOOK}, 1, 99, '100301', 'D', 5, '', '')", SEALED),
    "a payout": (f"INSERT INTO shebao_payout VALUES ({BOOK}, {PAYOUT}, '3', '基础养老金', 202601, 5, '50010101')", SEALED),
    "a contribution": (f"INSERT INTO shebao_contribution VALUES ({BOOK}, {CONTRIBUTED}, '3', '个人缴费', 202600, 5, '40010101')", SEALED),
    "a door for payouts": (f"INSERT INTO shebao_open_posting VALUES ({BOOK}, 'payout', {PAYOUT})", SEALED),
    "a door for contributions": (f"INSERT INTO shebao_open_posting VALUES ({BOOK}, 'contribution', {CONTRIBUTED})", SEALED),
    "a paper": (f"INSERT INTO shebao_document VALUES ({BOOK}, 'paper:new', 1)", SEALED),
    "a balance": (f"INSERT INTO shebao_balance VALUES ({BOOK}, '1005', 202601, '', 5, 0, 0, 0, 1)", FOREVER),
    "the month again": (f"INSERT INTO shebao_period VALUES ({BOOK}, 202601, 'open')", MONTHS),
    "an earlier month": (f"INSERT INTO shebao_period VALUES ({BOOK}, 202511, 'open')", MONTHS),
}
CHANGED: dict[str, tuple[str, dict[str, str]]] = {
    "an entry of February into January": (f"UPDATE shebao_entry SET period = 202601 {WHERE}", FOREVER),
    "an entry's day": (f"UPDATE shebao_entry SET day = '2026-01-02' {WHERE}", FOREVER),
    "an entry's summary": (f"UPDATE shebao_entry SET summary = '另一笔' {JANUARY}", FOREVER),
    "a line's amount": (f"UPDATE shebao_line SET amount_fen = amount_fen * 2 {WHERE}", FOREVER),
    "a line's memo": (f"UPDATE shebao_line SET memo = 'x' {WHERE}", FOREVER),
    "a payout's amount": (f"UPDATE shebao_payout SET amount_fen = 1 {WHERE}", FOREVER),
    "a payout's period": (f"UPDATE shebao_payout SET period = 202512 {WHERE}", FOREVER),
    "a contribution's part": (f"UPDATE shebao_contribution SET part = '政府代缴' {WHERE}", FOREVER),
    "a paper's entry": (f"UPDATE shebao_document SET entry_id = 2 {WHERE}", FOREVER),
    "a seal": (f"UPDATE shebao_seal SET entry_id = 99 {WHERE}", FOREVER),
    "a balance": (f"UPDATE shebao_balance SET debit_fen = debit_fen + 1, credit_fen = credit_fen + 1 {JANUARY}", FOREVER),
    "a balance's month": (f"UPDATE shebao_balance SET period = 202602 {JANUARY}", FOREVER),
    "the month to open": (f"UPDATE shebao_period SET state = 'open' {JANUARY}", {"locked": "", "carried": "SB1308", "closed": "SB1308"}),
    "the month to locked": (f"UPDATE shebao_period SET state = 'locked' {JANUARY}", MONTHS),
    # December is locked with January; it closes first.
    "the month to closed": (f"UPDATE shebao_period SET state = 'closed' {JANUARY}", MONTHS),
    "the month's name": (f"UPDATE shebao_period SET period = 202701 {JANUARY}", MONTHS),
    "a voucher's amount": (f"UPDATE shebao_voucher_line SET amount_fen = 1 {WHERE}", each("SB3103")),
    "a voucher's month": (f"UPDATE shebao_voucher SET period = 202602 {JANUARY}", each("SB3103")),
    "a voucher's state": (f"UPDATE shebao_voucher SET state = 'rejected', note = 'x' {JANUARY} AND state = 'posted'", each("SB3102")),
    "a note of the trail": ("UPDATE shebao_chain SET facts = '{}' WHERE act = 'propose-close'", FOREVER),
}
TAKEN = {
    f"from {table}": (f"DELETE FROM shebao_{table} {WHERE}", each(code))
    for table, code in (
        ("entry", "SB1303"), ("line", "SB1303"), ("payout", "SB1303"), ("contribution", "SB1303"), ("document", "SB1303"), ("seal", "SB1303"),
        ("balance", "SB1303"), ("period", "SB1308"), ("voucher", "SB3103"), ("voucher_line", "SB3103"),
    )
}  # fmt: skip
STATEMENTS = {f"{how} {what}": cell for how, cells in (("put in", INTO), ("change", CHANGED), ("take", TAKEN)) for what, cell in cells.items()}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", STATEMENTS)
def test_no_statement_reaches_a_month_that_is_not_open(offices: Callable[[str], Closed], what: str, state: str) -> None:
    """L3, L5, L8, L10: what the database says to the statement in this state, by its code; '' where it may pass."""
    statement, codes = STATEMENTS[what]
    wanted = codes[state].replace("at the seal", "")
    assert offices(state).say(lambda work: work.connection.exec_driver_sql(statement)) == wanted


REPLACED = {
    "an entry": (f"REPLACE INTO shebao_entry SELECT * FROM shebao_entry {WHERE}", "SB1301"),
    "a line": (f"REPLACE INTO shebao_line SELECT * FROM shebao_line {WHERE}", "SB1309"),
    "a payout": (f"REPLACE INTO shebao_payout SELECT * FROM shebao_payout {WHERE}", "SB1309"),
    "a contribution": (f"REPLACE INTO shebao_contribution SELECT * FROM shebao_contribution {WHERE}", "SB1309"),
    "a paper": (f"REPLACE INTO shebao_document SELECT * FROM shebao_document {WHERE}", "SB1309"),
    "a seal": (f"REPLACE INTO shebao_seal SELECT * FROM shebao_seal {WHERE}", "SB1309"),
    "a balance": (f"REPLACE INTO shebao_balance SELECT book_id, account, period, dimension, 9, 9, 0, 0, lines FROM shebao_balance {WHERE}", "SB1303"),
    "a month": (f"REPLACE INTO shebao_period VALUES ({BOOK}, 202601, 'open')", "SB1308"),
    "a voucher": (f"REPLACE INTO shebao_voucher SELECT * FROM shebao_voucher {WHERE}", "SB3102"),
    "a balance's month": (f"UPDATE OR REPLACE shebao_balance SET period = 202602 {JANUARY}", "SB1303"),
    "a month's name": (f"UPDATE OR REPLACE shebao_period SET period = 202602 {JANUARY}", "SB1308"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", REPLACED)
def test_nothing_of_the_month_is_replaced(offices: Callable[[str], Closed], what: str, state: str) -> None:
    """L3, L5: on SQLite REPLACE deletes without a word to the delete guards, and is refused before; PostgreSQL has no such statement."""
    made = offices(state)
    if made.office.engine.dialect.name == "sqlite":
        statement, code = REPLACED[what]
        assert made.say(lambda work: work.connection.exec_driver_sql(statement)) == code


def test_a_closing_entry_by_hand_is_never_sealed(offices: Callable[[str], Closed]) -> None:
    """L1, L3: a header slipped into a locked month stays without lines and seal, and the transaction cannot be committed."""
    made = offices("locked")
    with pytest.raises(Exception, match=r"(?i)shebao_entry_sealed|FOREIGN KEY"), made.office.unit() as work:
        work.connection.exec_driver_sql(copied(closing="1"))
        work.commit()


def test_the_matrix_covers_the_tables_of_a_month() -> None:
    """Each table that holds what a month is made of is tried by INSERT, UPDATE and DELETE."""
    for table in ("entry", "line", "payout", "contribution", "document", "balance", "period"):
        for how in ("INSERT INTO", "UPDATE", "DELETE FROM"):
            assert any(cell[0].startswith(f"{how} shebao_{table} ") for cell in STATEMENTS.values()), (how, table)
    assert "day" in journal_line.c
