"""Direct SQL that tries to get past the rules, each with the code by which the database refuses it."""

from __future__ import annotations

from ledger.db import UnitOfWork
from ledger.tables import entry as table
from tests.model.books import Book

ROWS = ("payout_", "contribution_")

OWN = {"entry_id": "{entry}", "number": "{number}", "source_key": "{source}", "closing": "0", "corrects": "NULL", "book_id": "{{book}}"}


COLUMNS = [column.name for column in table.c]


def _new(entry: str = "{last} + 1", number: str = "{next}", source: str = "'forged'") -> str:
    """An ordinary entry made out of the last one, without its sub-ledger rows."""
    bare = {name: "NULL" if name.endswith("_source") else "''" if name.endswith("_digest") else "0" for name in COLUMNS if name.startswith(ROWS)}
    columns = ", ".join(COLUMNS)
    values = ", ".join((OWN | bare).get(name, name) for name in COLUMNS).format(entry=entry, number=number, source=source)
    return f"INSERT INTO shebao_entry ({columns}) SELECT {values} FROM shebao_entry WHERE book_id = {{book}} AND entry_id = {{last}}"


DOORS: dict[str, tuple[str, str]] = {
    "change a line": ("UPDATE shebao_line SET amount_fen = amount_fen + 1 WHERE book_id = {book}", "SB1303"),
    "change a header": ("UPDATE shebao_entry SET poster = 'x' WHERE book_id = {book}", "SB1303"),
    "take a line": ("DELETE FROM shebao_line WHERE book_id = {book}", "SB1303"),
    "take an entry": ("DELETE FROM shebao_entry WHERE book_id = {book} AND entry_id = {last}", "SB1303"),
    "take a seal": ("DELETE FROM shebao_seal WHERE book_id = {book}", "SB1303"),
    "take a paper": ("DELETE FROM shebao_document WHERE book_id = {book}", "SB1303"),
    "change a balance": ("UPDATE shebao_balance SET debit_fen = debit_fen + 1 WHERE book_id = {book}", "SB1303"),
    "take a balance": ("DELETE FROM shebao_balance WHERE book_id = {book}", "SB1303"),
    "add a balance": ("INSERT INTO shebao_balance VALUES ({book}, '100301', 203001, '', 5, 0, 0, 0, 1)", "SB1303"),
    "add a line": ("INSERT INTO shebao_line VALUES ({book}, {last}, 99, '100301', 'D', 5, '', '')", "SB1309"),
    "skip a number": (_new(number="{next} + 1"), "SB1301"),
    "skip an id": (_new(entry="{last} + 2"), "SB1301"),
    "book a source twice": (_new(source="source_key"), "SB1104"),
    "forge a correction": (_new(source="'reverse:999999'"), "SB1341"),
    "another month": ("INSERT INTO shebao_period VALUES ({book}, 203001, 'open')", "SB1308"),
    "a month already closed": ("INSERT INTO shebao_period VALUES ({book}, {after}, 'closed')", "SB1308"),
    "close without locking": ("UPDATE shebao_period SET state = 'closed' WHERE book_id = {book} AND state = 'open'", "SB1308"),
    "open what is closed": ("UPDATE shebao_period SET state = 'open' WHERE book_id = {book} AND state = 'closed'", "SB1308"),
    "take a month": ("DELETE FROM shebao_period WHERE book_id = {book}", "SB1308"),
    "break the chain": ("INSERT INTO shebao_chain VALUES (1, '', '', '', '', '', '', '', '', 'x', '', 'done', '')", "SB1307"),
    "change the trail": ("UPDATE shebao_chain SET actor = 'x'", "SB1303"),
    "change a voucher": ("UPDATE shebao_voucher SET summary = 'x' WHERE book_id = {book}", "SB3103"),
    "post by hand": ("UPDATE shebao_voucher SET state = 'posted' WHERE book_id = {book} AND state = 'proposed'", "SB3102"),
    "take a voucher": ("DELETE FROM shebao_voucher WHERE book_id = {book}", "SB3103"),
}


def fits(door: str, book: Book) -> bool:
    """Whether there is anything for this door to act on."""
    if door == "close without locking":
        return bool(book.months("open"))
    if door == "open what is closed":
        return bool(book.months("closed"))
    if door == "post by hand":
        return any(voucher.state == "proposed" for voucher in book.vouchers)
    if door in ("change a voucher", "take a voucher"):
        return bool(book.vouchers)
    if door.startswith(("skip", "book a source", "forge")):
        return bool(book.posted) and book.states[book.posted[-1].entry.period] == "open" and not book.posted[-1].entry.closing
    if door in ("another month", "a month already closed", "take a month", "break the chain", "change the trail", "add a balance"):
        return True
    return bool(book.posted) and (door != "take a paper" or any(voucher.entry.documents for voucher in book.posted))


def forced(work: UnitOfWork, statement: str, book: Book) -> None:
    """Runs the statement with the book's own figures filled in."""
    last = book.posted[-1].entry if book.posted else None
    alike = sum(last is not None and (v.entry.kind, v.entry.period) == (last.kind, last.period) for v in book.posted)
    work.connection.exec_driver_sql(statement.format(book=book.number, last=len(book.posted), next=alike + 1, after=(max(book.states) + 1).number))
