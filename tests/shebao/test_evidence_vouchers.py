"""What verify says of vouchers' attachments and cashiers: all well as worked, and every change behind the guards is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from controls import attachments, vouchers
from ledger.db import reading
from ledger.entries import Line, Side
from shebao import evidence_vouchers
from shebao.evidence import Broken
from tests.controls.voucher_desk import BOOK, ZHAO, Office, office, received

GUARDED = ("shebao_voucher", "shebao_attachment")


def worked(url: str, home: Path) -> Office:
    """A receipt with two files, posted, and one with a file that waits."""
    desk = office(url)
    lines = (Line("1004", Side.D, 100), Line("4201", Side.C, 100))
    for number, source in ((2, "a"), (1, "b")):
        draft = desk.make(desk.propose(replace(received(source=source), lines=lines, attachments=number)))
        files = []
        for place in range(number):
            file = home / f"{source}{place}.pdf"
            file.write_bytes(b"%PDF-1.7 " + file.name.encode())
            files.append(attachments.store(home, file))
        desk.step(vouchers.attach, ZHAO, 1, draft.voucher_id, files)
        if source == "a":
            desk.review(draft)
            desk.post(draft)
    return desk


def disarmed(desk: Office) -> None:
    """Takes the guards of vouchers and attachments away."""
    names = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{}'", "postgresql": ""}[desk.engine.dialect.name]
    for table in GUARDED:
        if not names:
            desk.sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            continue
        with reading(desk.engine) as connection:
            found = list(connection.exec_driver_sql(names.format(table)).scalars())
        desk.sql(*(f"DROP TRIGGER {name}" for name in found))


def papers(desk: Office, home: Path) -> str:
    with reading(desk.engine) as connection:
        return evidence_vouchers.papers(connection, BOOK, home)


def cashiers(desk: Office, home: Path) -> str:
    with reading(desk.engine) as connection:
        return evidence_vouchers.cashiers(connection, BOOK)


def test_what_was_worked_proves_itself(store_url: str, tmp_path: Path) -> None:
    """C2, L9, L11: three attachments and one signed receipt hold."""
    desk = worked(store_url, tmp_path)
    assert papers(desk, tmp_path) == "3 个附件与审核时相符，文件未被改动"
    assert cashiers(desk, tmp_path) == "1 张收款、付款凭证有出纳签字"


CHANGES: list[tuple[str, Callable[[Office, Path], str], str]] = [
    ("UPDATE shebao_attachment SET sheets = 5 WHERE voucher_id = 1 AND place = 1", papers, "与审核时不同"),
    ("UPDATE shebao_attachment SET sha256 = '" + "c" * 64 + "' WHERE voucher_id = 2", papers, "与留痕不符"),
    ("DELETE FROM shebao_attachment WHERE voucher_id = 1 AND place = 2", papers, "与留痕不符"),
    ("UPDATE shebao_voucher SET papers_digest = '' WHERE voucher_id = 1", papers, "与审核时不同"),
    ("UPDATE shebao_voucher SET cashier = 'other' WHERE voucher_id = 1", cashiers, "与留痕不符"),
    ("UPDATE shebao_voucher SET cashier = '' WHERE voucher_id = 1", cashiers, "与留痕不符"),
    ("UPDATE shebao_voucher SET cashier = 'other' WHERE voucher_id = 2", cashiers, "与留痕不符"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "proof", "why"), CHANGES)
def test_every_change_is_named(store_url: str, tmp_path: Path, change: str, proof: Callable[[Office, Path], str], why: str) -> None:
    """With the guards gone, a changed, added or missing row differs from the trail and is named by its voucher."""
    desk = worked(store_url, tmp_path)
    disarmed(desk)
    desk.sql(change)
    with pytest.raises(Broken, match=why):
        proof(desk, tmp_path)


def test_a_missing_file_is_named(store_url: str, tmp_path: Path) -> None:
    """SB3121 from verify when the store of files lost one."""
    desk = worked(store_url, tmp_path)
    for file in (tmp_path / attachments.FOLDER).rglob("*"):
        if file.is_file():
            file.unlink()
    with pytest.raises(attachments.AttachmentLost, match="1-1"):
        papers(desk, tmp_path)
