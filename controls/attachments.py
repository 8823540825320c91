"""Attachments of vouchers (附件): original documents as files, kept by the digest of their content and bound to the review.

Each content lies once under ``<home>/attachments/``; a voucher names it with its number of sheets. Files are attached until
the voucher is reviewed; the reviewer signs the list of digests, and ``verify`` proves list and files again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from pydantic import Field

from controls.errors_vouchers import AttachedElsewhere, AttachmentLost, BadAttachment, CannotDetach, OriginalElsewhere, SheetsDiffer
from controls.voucher_tables import attachment, voucher
from ledger.entries import digest
from ledger.lawfile import LawFile, Strict, read
from ledger.parameters import Parameters

FILE = "attachments.yaml"
FOLDER = "attachments"
UPLOADED = "上传电子件"


class Kind(Strict):
    """A kind of file, told by its first bytes (hex); ``holds`` names a member a packed kind must have."""

    kind: str
    zh: str
    suffix: str
    begins: tuple[str, ...]
    holds: str = ""


class AttachmentsFile(LawFile):
    """Schema of ``templates/attachments.yaml``."""

    max_mib: int = Field(ge=1, le=2000)
    max_files: int = Field(ge=1)
    max_sheets: int = Field(ge=1)
    kinds: tuple[Kind, ...]


@lru_cache(maxsize=1)
def law() -> AttachmentsFile:
    """The kinds and bounds; raises SB1011."""
    return read(AttachmentsFile, FILE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One document of a voucher: ``place`` from 1, SHA-256 of its bytes, bytes, sheets (张), and the voucher that keeps a shared original."""

    book_id: int
    voucher_id: int
    place: int
    sha256: str
    name: str
    kind: str
    size: int
    sheets: int
    kept_at: int | None
    attached_by: str
    attached_at: str
    detached_by: str = ""
    detached_at: str = ""

    @property
    def on(self) -> bool:
        """Whether it still hangs on the voucher."""
        return not self.detached_at

    def facts(self) -> list[object]:
        """What the reviewer's signature binds to."""
        return [self.place, self.sha256, self.kind, self.size, self.sheets, self.kept_at]

    def path(self, home: Path) -> Path:
        """Where its content lies."""
        return place(home, self.sha256)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file taken into the store: name as given, digest, kind and bytes."""

    name: str
    sha256: str
    kind: str
    size: int


def place(home: Path, sha256: str) -> Path:
    """``<home>/attachments/ab/abcd…``."""
    return home / FOLDER / sha256[:2] / sha256


def store(home: Path, file: Path) -> Stored:
    """Takes a file into ``<home>/attachments``; the same content is kept once. Raises SB3123; a repeat after a rollback is harmless."""
    with file.open("rb") as handle:
        content = handle.read(law().max_mib * 1024 * 1024 + 1)
    if len(content) > law().max_mib * 1024 * 1024:
        raise BadAttachment(file=file.name, why=f"超过 {law().max_mib} MB")
    kind = _kind(file, content)
    sha = hashlib.sha256(content).hexdigest()
    target = place(home, sha)
    if not target.exists() or _differs(target, sha):
        _write(target, content)
    return Stored(file.name, sha, kind, len(content))


def _kind(file: Path, content: bytes) -> str:
    if not content:
        raise BadAttachment(file=file.name, why="空文件")
    for kind in law().kinds:
        if any(content.startswith(bytes.fromhex(begin)) for begin in kind.begins) and (not kind.holds or _has_member(file, kind.holds)):
            return kind.kind
    raise BadAttachment(file=file.name, why=f"内容不是 {'、'.join(kind.zh for kind in law().kinds)}")


def _has_member(file: Path, name: str) -> bool:
    try:
        with zipfile.ZipFile(file) as packed:
            return name in packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def _differs(path: Path, sha256: str) -> bool:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest() != sha256


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner alone: originals hold personal data."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def of_voucher(connection: sa.Connection, book_id: int, voucher_id: int) -> list[Attachment]:
    """The attachments that hang on one voucher, in order."""
    return list_of(connection, book_id, [voucher_id]).get(voucher_id, [])


def list_of(connection: sa.Connection, book_id: int, voucher_ids: Sequence[int] | None = None, *, ever: bool = False) -> dict[int, list[Attachment]]:
    """Voucher → its attachments, of one book; of these vouchers when given; with those taken off when ``ever``."""
    columns = attachment.c
    query = sa.select(attachment).where(columns.book_id == book_id).order_by(columns.voucher_id, columns.place)
    if not ever:
        query = query.where(columns.detached_at == "")
    if voucher_ids is not None:
        query = query.where(columns.voucher_id.in_(voucher_ids))
    found: dict[int, list[Attachment]] = {}
    for row in connection.execute(query):
        found.setdefault(row.voucher_id, []).append(Attachment(**row._mapping))
    return found


def add(
    connection: sa.Connection, now: str, user: str, book_id: int, voucher_id: int, files: Sequence[Stored], sheets: int, kept_at: int | None
) -> list[Attachment]:
    """Hangs stored files on a voucher, each ``sheets`` sheets; ``kept_at`` is the voucher that keeps the originals. Raises SB3120, SB3123, SB3124."""
    if not 1 <= sheets <= law().max_sheets:
        raise BadAttachment(file=files[0].name, why=f"张数 {sheets} 不在 1 到 {law().max_sheets} 之间")
    known = list_of(connection, book_id, [voucher_id], ever=True).get(voucher_id, [])
    if sum(one.on for one in known) + len(files) > law().max_files:
        raise BadAttachment(file=files[0].name, why=f"一张凭证最多 {law().max_files} 个附件")
    for number, file in enumerate(files, start=len(known) + 1):
        _free(connection, book_id, voucher_id, file, kept_at)
        connection.execute(
            attachment.insert().values(
                book_id=book_id, voucher_id=voucher_id, place=number, sha256=file.sha256, name=file.name, kind=file.kind, size=file.size,
                sheets=sheets, kept_at=kept_at, attached_by=user, attached_at=now, detached_by="", detached_at="",
            )
        )  # fmt: skip
    return [one for one in of_voucher(connection, book_id, voucher_id) if one.place > len(known)]


def take_off(connection: sa.Connection, now: str, user: str, book_id: int, voucher_id: int, number: int) -> Attachment:
    """Takes one attachment off a voucher that is not reviewed; its row and file stay. Raises SB3181."""
    found = next((one for one in of_voucher(connection, book_id, voucher_id) if one.place == number), None)
    label = f"{book_id}-{voucher_id}"
    if found is None:
        raise CannotDetach(voucher=label, place=number, why="没有这个附件，或已经取下")
    columns = attachment.c
    joined = sa.join(attachment, voucher, sa.and_(voucher.c.book_id == columns.book_id, voucher.c.voucher_id == columns.voucher_id))
    leaning = connection.execute(
        sa.select(columns.voucher_id)
        .select_from(joined)
        .where(columns.book_id == book_id, columns.sha256 == found.sha256, columns.kept_at == voucher_id, columns.detached_at == "")
        .where(voucher.c.state != "rejected")
        .order_by(columns.voucher_id)
        .limit(1)
    ).scalar()
    if found.kept_at is None and leaning is not None:
        raise CannotDetach(voucher=label, place=number, why=f"凭证 {book_id}-{leaning} 写明原件附在这里")
    mine = sa.and_(columns.book_id == book_id, columns.voucher_id == voucher_id, columns.place == number)
    connection.execute(attachment.update().where(mine).values(detached_by=user, detached_at=now))
    return found


def _free(connection: sa.Connection, book_id: int, voucher_id: int, file: Stored, kept_at: int | None) -> None:
    where = _originals(connection, book_id, file.sha256)
    mine = any(one.sha256 == file.sha256 for one in of_voucher(connection, book_id, voucher_id))
    if (kept_at is None and where) or mine:
        raise AttachedElsewhere(file=file.name, where=f"{book_id}-{voucher_id if mine else where[0]}")
    if kept_at is not None and kept_at not in where:
        raise OriginalElsewhere(voucher=f"{book_id}-{kept_at}", file=file.name)


def _originals(connection: sa.Connection, book_id: int, sha256: str) -> list[int]:
    """Vouchers on their way or posted that keep this document."""
    columns = attachment.c
    joined = sa.join(attachment, voucher, sa.and_(voucher.c.book_id == columns.book_id, voucher.c.voucher_id == columns.voucher_id))
    return list(
        connection.execute(
            sa.select(columns.voucher_id)
            .select_from(joined)
            .where(columns.book_id == book_id, columns.sha256 == sha256, columns.kept_at.is_(None), voucher.c.state != "rejected", columns.detached_at == "")
            .order_by(columns.voucher_id)
        ).scalars()
    )


def manifest(found: Sequence[Attachment]) -> str:
    """SHA-256 over the list of attachments, '' for none: what the reviewer signs beside the entry."""
    return digest([one.facts() for one in found]) if found else ""


def prove_list(connection: sa.Connection, book_id: int, voucher_id: int, said: int, day: date, known: Sequence[Attachment] | None = None) -> str:
    """The digest of a voucher's attachments once their sheets agree with 附单据数 and shared originals are where they should be.

    ``known`` are the attachments when they were read already. A voucher without electronic attachments has its papers bound behind it, unless the
    office uploads them. Raises SB3122, SB3124.
    """
    found = of_voucher(connection, book_id, voucher_id) if known is None else known
    sheets = sum(one.sheets for one in found)
    uploads = Parameters.load().text("voucher_attachments", day) == UPLOADED
    if sheets != said and (found or uploads):
        raise SheetsDiffer(voucher=f"{book_id}-{voucher_id}", said=said, found=sheets)
    for one in found:
        if one.kept_at is not None and one.kept_at not in _originals(connection, book_id, one.sha256):
            raise OriginalElsewhere(voucher=f"{book_id}-{one.kept_at}", file=one.name)
    return manifest(found)


def prove_files(home: Path, found: Sequence[Attachment]) -> int:
    """The bytes of attachments whose files are all there and unchanged; raises SB3121 naming the first that is not."""
    proved = 0
    for one in found:
        label = {"voucher": f"{one.book_id}-{one.voucher_id}", "place": one.place, "file": one.name}
        path = one.path(home)
        if not path.is_file():
            raise AttachmentLost(**label, why="文件不存在", why_en="the file is missing")
        if path.stat().st_size != one.size or _differs(path, one.sha256):
            raise AttachmentLost(**label, why="与附上时不同", why_en="the file was changed")
        proved += one.size
    return proved
