"""Attachments of vouchers: kept by content, counted, signed with the voucher, once in a book, proved again."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import templates
from controls import attachments, vouchers
from controls.attachments import Stored
from controls.errors import NotAllowed
from controls.errors_vouchers import AttachedElsewhere, AttachmentLost, BadAttachment, OriginalElsewhere, SheetsDiffer
from controls.vouchers import ContentChanged, Draft, WrongState
from ledger.db import reading
from ledger.errors import DatabaseRefusal
from tests.controls.voucher_desk import OTHERS, SUN, ZHAO, Office, office, received

PDF = b"%PDF-1.7 "


def paper(folder: Path, name: str = "回单.pdf", content: bytes = PDF) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def hung(desk: Office, draft: Draft, *stored: Stored, sheets: int = 1, kept_at: int | None = None) -> None:
    desk.step(vouchers.attach, ZHAO, 1, draft.voucher_id, stored, sheets, kept_at)


def of(desk: Office, draft: Draft) -> list[attachments.Attachment]:
    with reading(desk.engine) as connection:
        return attachments.of_voucher(connection, 1, draft.voucher_id)


def test_a_content_is_kept_once(tmp_path: Path) -> None:
    """Two names, one content: one file, for its owner alone, named by its digest; a damaged one is healed by the same content."""
    first, second = attachments.store(tmp_path, paper(tmp_path)), attachments.store(tmp_path, paper(tmp_path, "另名.pdf"))
    assert (first.sha256, first.kind, first.size) == (second.sha256, "pdf", len(PDF))
    files = [file for file in (tmp_path / "attachments").rglob("*") if file.is_file()]
    assert files == [attachments.place(tmp_path, first.sha256)]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    files[0].write_bytes(b"spoiled")
    attachments.store(tmp_path, paper(tmp_path))
    assert files[0].read_bytes() == PDF


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    """SB3123: empty files, programs, packed files that are no OFD and texts are refused whatever their name; an OFD is one."""
    for content in (b"", b"MZ\x90", b"PK\x03\x04 broken", "利息单".encode()):
        with pytest.raises(BadAttachment):
            attachments.store(tmp_path, paper(tmp_path, content=content))
    with zipfile.ZipFile(tmp_path / "a.ofd", "w") as packed:
        packed.writestr("OFD.xml", "<x/>")
    assert attachments.store(tmp_path, tmp_path / "a.ofd").kind == "ofd"


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SB3123 beyond the size the law file gives; nothing is kept of it."""
    small = attachments.law().model_copy(update={"max_mib": 1})
    monkeypatch.setattr(attachments, "law", lambda: small)
    with pytest.raises(BadAttachment, match="1 MB"):
        attachments.store(tmp_path, paper(tmp_path, content=PDF + bytes(1024 * 1024)))
    assert not (tmp_path / "attachments").exists()


def test_attachments_are_signed_with_the_voucher(store_url: str, tmp_path: Path) -> None:
    """C2: sheets must be those the voucher says; the reviewer signs the list; then nothing is added, and posting needs the same list."""
    desk = office(store_url)
    draft = desk.make(desk.propose(replace(received(), attachments=3)))
    first, second = attachments.store(tmp_path, paper(tmp_path)), attachments.store(tmp_path, paper(tmp_path, "b.pdf", PDF + b"b"))
    hung(desk, draft, first)
    with pytest.raises(SheetsDiffer) as refused:
        desk.review(draft)
    assert "附单据 3 张，电子附件共 1 张" in refused.value.text()
    hung(desk, draft, second, sheets=2)
    signed = desk.review(draft)
    assert signed.papers_digest == attachments.manifest(of(desk, draft)) != ""
    with pytest.raises(WrongState):
        hung(desk, draft, attachments.store(tmp_path, paper(tmp_path, "c.pdf", PDF + b"c")))
    assert desk.post(draft).number == 1


def test_without_files_the_papers_are_bound_behind(store_url: str) -> None:
    """A voucher whose originals are on paper goes its way with its number of sheets and no digest of files."""
    desk = office(store_url)
    draft = desk.make(desk.propose(received()))
    assert desk.review(draft).papers_digest == ""
    assert desk.post(draft).number == 1


def test_an_office_that_uploads_asks_for_every_sheet(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SB3122 for a voucher without files where the office keeps its documents as files."""
    (tmp_path / "parameters").mkdir()
    shipped = (templates.SHIPPED / "parameters" / "accounting.yaml").read_text("utf-8")
    (tmp_path / "parameters" / "accounting.yaml").write_text(shipped.replace("value: 纸质附后", "value: 上传电子件"), "utf-8")
    desk = office(store_url)
    draft = desk.make(desk.propose(received()))
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    with pytest.raises(SheetsDiffer):
        desk.review(draft)


def test_a_document_hangs_once_in_a_book(store_url: str, tmp_path: Path) -> None:
    """L11: SB3120 on a second voucher, or twice on one; shared with the keeper named; free again when its voucher was sent back."""
    desk = office(store_url)
    one, two, three = (desk.propose(received(source=f"doc-{number}")) for number in (1, 2, 3))
    shared = attachments.store(tmp_path, paper(tmp_path))
    hung(desk, one, shared)
    for again in (one, two):
        with pytest.raises(AttachedElsewhere, match="1-1"):
            hung(desk, again, replace(shared, name="改了名.pdf"))
    with pytest.raises(OriginalElsewhere, match="1-3"):
        hung(desk, two, shared, kept_at=three.voucher_id)
    hung(desk, two, shared, kept_at=one.voucher_id)
    assert [found.kept_at for found in of(desk, two)] == [1]
    desk.reject(one)
    desk.make(two)
    with pytest.raises(OriginalElsewhere):
        desk.review(two)
    hung(desk, three, shared)


def test_who_may_attach(store_url: str, tmp_path: Path) -> None:
    """C5: only a 会计 hangs documents on vouchers."""
    desk = office(store_url)
    draft = desk.propose(received())
    stored = attachments.store(tmp_path, paper(tmp_path))
    for stranger in (SUN, *OTHERS.values()):
        with pytest.raises(NotAllowed):
            desk.step(vouchers.attach, stranger, 1, draft.voucher_id, [stored])
    with pytest.raises(BadAttachment, match="张数"):
        hung(desk, draft, stored, sheets=attachments.law().max_sheets + 1)


def test_files_prove_themselves(store_url: str, tmp_path: Path) -> None:
    """SB3121 names voucher, place and file when a file is gone, cut or changed."""
    desk = office(store_url)
    draft = desk.propose(received())
    stored = attachments.store(tmp_path, paper(tmp_path))
    hung(desk, draft, stored)
    found = of(desk, draft)
    assert attachments.prove_files(tmp_path, found) == len(PDF)
    file = attachments.place(tmp_path, stored.sha256)
    for spoiled in (PDF[:-1], PDF[:-1] + b"x"):
        file.write_bytes(spoiled)
        with pytest.raises(AttachmentLost, match=r"1-1 的附件 1（回单\.pdf）与附上时不同"):
            attachments.prove_files(tmp_path, found)
    file.unlink()
    with pytest.raises(AttachmentLost, match="不存在"):
        attachments.prove_files(tmp_path, found)


ROW = "INSERT INTO shebao_attachment VALUES (1, {voucher}, {place}, '{sha}', 'x', 'pdf', 1, 1, {kept}, 'zhao', 'now', '', '')"


def test_the_database_guards_attachments_alone(store_url: str, tmp_path: Path) -> None:
    """C2, L11 with Python out of the way: no change, no removal, no second hanging, none after the review, and no review that passes them over."""
    desk = office(store_url)
    one, two = desk.make(desk.propose(received())), desk.propose(received(source="doc-2"))
    stored = attachments.store(tmp_path, paper(tmp_path))
    hung(desk, one, stored)
    other = "b" * 64
    cases = {
        "UPDATE shebao_attachment SET sheets = 2": "SB3103",
        "UPDATE shebao_attachment SET sheets = 2, detached_by = 'zhao', detached_at = 'now'": "SB3103",
        "DELETE FROM shebao_attachment": "SB3103",
        ROW.format(voucher=2, place=1, sha=stored.sha256, kept="NULL"): "SB3120",
        ROW.format(voucher=1, place=2, sha=stored.sha256, kept=1): "SB3120",
        ROW.format(voucher=2, place=2, sha=other, kept="NULL"): "SB3103",
        ROW.format(voucher=2, place=1, sha=other, kept=1): "SB3124",
        "UPDATE shebao_voucher SET papers_digest = 'x' WHERE voucher_id = 1": "SB3103",
        "UPDATE shebao_voucher SET state = 'reviewed', reviewer = 'b', reviewed_digest = digest WHERE voucher_id = 1": "SB3103",
    }
    for statement, code in cases.items():
        with pytest.raises(DatabaseRefusal, match=code):
            desk.sql(statement)
    desk.review(one)
    with pytest.raises(DatabaseRefusal, match="SB3103"):
        desk.sql(ROW.format(voucher=1, place=2, sha=other, kept="NULL"))
    desk.sql(ROW.format(voucher=two.voucher_id, place=1, sha=other, kept="NULL"))


def test_a_changed_list_is_noticed_at_posting(store_url: str, tmp_path: Path) -> None:
    """C2: with the database's guards gone, a list that differs from the signed one is not posted: SB3103."""
    desk = office(store_url)
    draft = desk.make(desk.propose(received()))
    hung(desk, draft, attachments.store(tmp_path, paper(tmp_path)))
    desk.review(draft)
    on = " ON shebao_attachment" if desk.engine.dialect.name == "postgresql" else ""
    desk.sql(f"DROP TRIGGER shebao_attachment_keep{on}", f"UPDATE shebao_attachment SET sha256 = '{'c' * 64}'")
    with pytest.raises(ContentChanged):
        desk.post(draft)
