"""What kind of file it is, by its first bytes and never by its name, and the reader for it."""

from __future__ import annotations

import stat
from pathlib import Path

from ledger.sheets.body import Source
from ledger.sheets.errors import EmptyFile, FileUnreadable, HalfWritten, UnknownKind
from ledger.sheets.ole import MARK
from ledger.system_words import said

KINDS = ("csv", "xlsx", "xls", "parquet")


def open_source(path: Path, *, encoding: str | None = None, kind: str | None = None, delimiter: str | None = None) -> Source:
    """Opens CSV, XLSX, XLS or Parquet for reading; ``encoding`` and ``delimiter`` force those of a text file, ``kind`` the kind. Raises SB2001-SB2010."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileUnreadable(file=path.name, why="是文件夹、管道或设备，不是普通文件")
        with path.open("rb") as handle:
            first = handle.read(4096)
    except OSError as error:
        raise FileUnreadable(file=path.name, why=said(error)) from error
    except ValueError as error:
        raise FileUnreadable(file=path.name.replace("\0", "\\0"), why="文件名里有不可用的字符") from error
    if not first:
        raise EmptyFile(file=path.name)
    if kind is not None and kind not in KINDS:
        raise UnknownKind(file=path.name, found=kind)
    if kind == "csv":
        from ledger.sheets.text import TextSource

        return TextSource(path, encoding, delimiter)
    found = _kind(first)
    if kind not in (None, found):
        raise UnknownKind(file=path.name, found=f"内容是 {found or '文本'}，不是 {kind}")
    if found == "xlsx":
        from ledger.sheets.xlsx import XlsxSource

        return XlsxSource(path)
    if found == "xls":
        from ledger.sheets.xls import XlsSource

        return XlsSource(path)
    if found == "parquet":
        from ledger.sheets.columnar import ParquetSource

        return ParquetSource(path)
    return _open_text(path, first, encoding, delimiter)


def _kind(first: bytes) -> str:
    if first[:4] == b"PK\x03\x04":
        return "xlsx"
    if first[:4] == b"PAR1":
        return "parquet"
    return "xls" if first[:8] == MARK else ""


def _open_text(path: Path, first: bytes, encoding: str | None, delimiter: str | None) -> Source:
    start = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<workbook")):
        raise UnknownKind(file=path.name, found="网页或 XML 表格")
    if start.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise UnknownKind(file=path.name, found="PDF、图片或压缩包")
    if path.suffix.lower() in (".xlsx", ".xls", ".et", ".parquet") and b"\0" in first:
        raise HalfWritten(file=path.name, why="开头不是工作簿或 Parquet 的标记")
    from ledger.sheets.text import TextSource

    return TextSource(path, encoding, delimiter)
