"""What verify says of vouchers' attachments and cashiers: all well as worked, and every change behind the guards is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from controls import attachments, businesses, vouchers
from controls.errors_vouchers import BusinessIncomplete
from ledger.db import reading
from ledger.entries import Line, Side
from ledger.errors import DatabaseRefusal
from shebao import evidence_vouchers
from shebao.evidence import Broken
from tests.controls.voucher_desk import BOOK, ZHAO, Office, office, received

GUARDED = ("shebao_voucher", "shebao_attachment", "shebao_voucher_business")


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
    ("UPDATE shebao_attachment SET sheets = 5 WHERE voucher_id = 1 AND place = 1", papers, "与留痕不符"),
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


def of_business(desk: Office, home: Path) -> str:
    with reading(desk.engine) as connection:
        return evidence_vouchers.parts(connection, BOOK)


def parted(url: str, home: Path) -> Office:
    """Two vouchers of one business, and one of their attachments taken off again."""
    desk = office(url)
    one, two = desk.propose(received()), desk.propose(received(source="doc-2"))
    file = home / "wrong.pdf"
    file.write_bytes(b"%PDF-1.7 wrong")
    desk.step(vouchers.attach, ZHAO, 1, one.voucher_id, [attachments.store(home, file)])
    desk.step(vouchers.detach, ZHAO, 1, one.voucher_id, 1, "附错了")
    desk.step(businesses.declare, ZHAO, 1, [one.voucher_id, two.voucher_id])
    return desk


PARTED: list[tuple[str, Callable[[Office, Path], str], str]] = [
    ("UPDATE shebao_attachment SET detached_by = '', detached_at = ''", papers, "取下的附件与留痕不符"),
    ("UPDATE shebao_attachment SET detached_by = 'sun'", papers, "取下的附件与留痕不符"),
    ("DELETE FROM shebao_attachment", papers, "与留痕不符"),
    ("DELETE FROM shebao_voucher_business", of_business, "对不上"),
    ("DELETE FROM shebao_voucher_business WHERE part = 2", of_business, "与留痕不符"),
    ("UPDATE shebao_voucher_business SET declared_by = 'sun'", of_business, "与留痕不符"),
    ("UPDATE shebao_voucher_business SET parts = 3", of_business, "与留痕不符"),
    ("INSERT INTO shebao_voucher_business VALUES (1, 2, 1, 2, 3, 'zhao', 'now')", of_business, "对不上"),
    ("UPDATE shebao_voucher SET digest = 'x' WHERE voucher_id = 2", of_business, "与列明时不同"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "proof", "why"), PARTED)
def test_parts_and_detached_papers_are_proved(store_url: str, tmp_path: Path, change: str, proof: Callable[[Office, Path], str], why: str) -> None:
    """What was declared one business, and what was taken off, is as the trail says; a changed or missing row is named."""
    desk = parted(store_url, tmp_path)
    desk.propose(received(source="doc-3"))
    assert papers(desk, tmp_path) == "1 个附件与审核时相符，文件未被改动" and of_business(desk, tmp_path) == "1 笔业务的分号与留痕相符"
    disarmed(desk)
    desk.sql(change)
    with pytest.raises(Broken, match=why):
        proof(desk, tmp_path)


def test_the_database_guards_parts_alone(store_url: str, tmp_path: Path) -> None:
    """L4 with Python out of the way: no change of parts, no part out of order, none of a reviewed voucher, and no part posted without the others."""
    desk = parted(store_url, tmp_path)
    three = desk.propose(received(source="doc-3"))
    row = "INSERT INTO shebao_voucher_business VALUES (1, {business}, {part}, 2, {voucher}, 'zhao', 'now')"
    for statement in (
        "UPDATE shebao_voucher_business SET parts = 3",
        "DELETE FROM shebao_voucher_business",
        row.format(business=1, part=2, voucher=three.voucher_id),
        row.format(business=2, part=1, voucher=1),
        row.format(business=2, part=2, voucher=three.voucher_id),
    ):
        with pytest.raises(DatabaseRefusal, match="SB3180"):
            desk.sql(statement)
    for place in (1, 2):
        with reading(desk.engine) as connection:
            draft = vouchers.get(connection, 1, place)
        desk.make(draft)
        if place == 1:
            desk.review(draft)
    for statement in ("UPDATE shebao_voucher SET state = 'posted' WHERE voucher_id = 1", row.format(business=2, part=1, voucher=1)):
        with pytest.raises(DatabaseRefusal, match=r"SB3180|SB3103"):
            desk.sql(statement)
    with pytest.raises(BusinessIncomplete):
        desk.step(vouchers.post, ZHAO, 1, 1)
