"""Vouchers of another system, from a file into proposed vouchers of one fund's book: each is then made, reviewed and posted as usual."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from controls import voucher_batches, vouchers
from controls.duties import Duty, require
from controls.errors_vouchers import VoucherFileWrong
from controls.intake import reader, register
from controls.intake.register import SourceFile
from controls.voucherfile import Read, entries
from ledger import accounts, posted
from ledger.entries import Entry, PayoutRow, rows_digest
from ledger.funds import Fund
from ledger.tables import entry as entry_table
from shebao import proposals
from shebao.proposals import OtherContract, check_policy
from shebao.store import Office

CONTRACT = "vouchers"
IMPORT_SOURCES = 3 * 2**29
"""Sub-ledger sources of voucher files lie above those of rosters and of person accounts; each file has room for PLACES vouchers."""
PLACES = 10_000


def take(office: Office, file: Path) -> int:
    """Takes a voucher file in as it stands and gives its number; a file whose rows are in error is refused by the first ones. Raises SB3127, SB30xx."""
    taken = reader.read(file, CONTRACT)
    if taken.rejects:
        told = "；".join(f"第 {one.line} 行 {one.column} “{one.value}”：{one.reason_zh}" for one in taken.rejects[:20])
        raise VoucherFileWrong(file=file.name, faults=told)
    with office.unit() as work:
        made = register.take(work, office.home, taken, office.actor, office.now(), source="", as_of=None)
        work.commit()
    return made.file_id


def propose(office: Office, file_id: int, fund: Fund) -> tuple[list[vouchers.Draft], list[Read]]:
    """Every voucher of a file taken in as a proposed voucher of the fund's book, all or none. Raises SB3127, SB1104, SB1302, SB6204, SB6205."""
    actor, now = office.actor, office.now()
    require(actor, Duty.BOOKKEEP)
    with office.unit() as work:
        source = _source(register.file(work.connection, file_id))
        book = accounts.book_of(work.connection, fund)
        chart = accounts.accounts_of(work.connection, book.book_id)
        found = entries(source.table(office.home).to_pylist(), fund, chart, source.name, source.sha256)
        for one in found:
            _in_policy(one, fund)
        drafts = voucher_batches.propose_many(work, now, actor, book.book_id, [_with_persons(one, file_id, place) for place, one in enumerate(found)])
        work.commit()
    return drafts, found


def _with_persons(one: Read, file_id: int, place: int) -> Entry:
    """The entry with what it claims of the sub-ledger, where the file names persons."""
    if not one.persons:
        return one.entry
    told = rows_digest(one.persons)
    source = IMPORT_SOURCES + file_id * PLACES + place
    return replace(one.entry, payout_source=source, payout_count=told.count, payout_fen=told.fen, payout_digest=told.hexdigest())


def payout_rows(office: Office) -> vouchers.RowSource:
    """What posting calls for the rows of a payout: of a voucher file, read again from the file taken in; else of a roster or a batch."""

    def rows(connection: sa.Connection, book_id: int, source_id: int) -> Iterable[PayoutRow]:
        if source_id < IMPORT_SOURCES:
            return proposals.payout_rows(connection, book_id, source_id)
        return imported(office.home, connection, book_id, source_id)

    return rows


def imported(home: Path, connection: sa.Connection, book_id: int, source_id: int) -> tuple[PayoutRow, ...]:
    """The rows of the persons that one voucher of a file names. Raises SB3127, SB6205."""
    file_id, place = divmod(source_id - IMPORT_SOURCES, PLACES)
    source = _source(register.file(connection, file_id))
    fund = next(book.fund for book in accounts.books(connection) if book.book_id == book_id)
    chart = accounts.accounts_of(connection, book_id)
    return entries(source.table(home).to_pylist(), fund, chart, source.name, source.sha256)[place].persons


def proved(connection: sa.Connection, book_id: int, home: Path) -> int:
    """Vouchers of files whose rows of persons are those of the file; ValueError with the entry's number for the first that is not."""
    columns = entry_table.c
    rows = connection.execute(
        sa.select(columns.entry_id, columns.payout_source).where(columns.book_id == book_id, columns.payout_source >= IMPORT_SOURCES)
    ).all()
    for row in rows:
        if tuple(posted.payouts(connection, book_id, row.payout_source)) != imported(home, connection, book_id, row.payout_source):
            raise ValueError(f"凭证序号 {row.entry_id} 的逐人明细与导入的凭证文件不符")
    return len(rows)


def _source(source: SourceFile) -> SourceFile:
    if source.contract != CONTRACT:
        raise OtherContract(file=source.file_id, found=source.contract, needed=CONTRACT)
    if source.rejected:
        raise VoucherFileWrong(file=source.name, faults=f"导入时有 {source.rejected} 行不可用，凭证可能不完整")
    return source


def _in_policy(one: Read, fund: Fund) -> None:
    from ledger.event_file import event

    if one.entry.event:
        check_policy(event(one.entry.event), fund, one.entry.day)
