"""Vouchers of another system, from a file into proposed vouchers of one fund's book: each is then made, reviewed and posted as usual."""

from __future__ import annotations

from pathlib import Path

from controls import vouchers
from controls.duties import Duty, require
from controls.errors_vouchers import VoucherFileWrong
from controls.intake import reader, register
from controls.intake.register import SourceFile
from controls.voucherfile import Read, entries
from ledger import accounts
from ledger.funds import Fund
from shebao.proposals import OtherContract, check_policy
from shebao.store import Office

CONTRACT = "vouchers"


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
        drafts = []
        for one in found:
            _in_policy(one, fund)
            drafts.append(vouchers.propose(work, now, actor, book.book_id, one.entry))
        work.commit()
    return drafts, found


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
