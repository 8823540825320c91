"""Rows of a text file one by one (逐行): where values hold line ends, or lines have odd numbers of cells. Never more than one row in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ledger.sheets.errors import HalfWritten, TooLarge, WrongEncoding

LONGEST_LINE = 1 << 24
"""Bytes of one physical line, and characters of one cell."""

_CHUNK = 1 << 20


class Records:
    """Records from ``position`` on, where ``line`` lines stand before. After each, both tell where the next one begins."""

    def __init__(self, path: Path, encoding: str, delimiter: str, position: int, line: int) -> None:
        self.path = path
        self.position, self.line = position, line
        self._encoding = "gb18030" if encoding == "gb18030" else "utf-8"
        self._delimiter = delimiter
        self._fed = position

    def __iter__(self) -> Iterator[tuple[int, list[str] | None]]:
        """First physical line and cells of each record that has any; None where the quotes of a line are wrong. Raises SB2006, SB2008."""
        csv.field_size_limit(LONGEST_LINE)
        before = self.line
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        while True:
            first = before + reader.line_num + 1
            cells: list[str] | None = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error) or "field larger" in str(error):
                    raise HalfWritten(file=self.path.name, why=f"第 {first} 行起的引号没有配对") from error
            self.position, self.line = self._fed, before + reader.line_num
            yield first, cells

    def _lines(self) -> Iterator[str]:
        """Physical lines with their ends: LF, CR LF or a lone CR. None of these bytes is ever part of a Chinese character, so lines decode one by one."""
        with self.path.open("rb", buffering=0) as handle:
            handle.seek(self.position)
            rest = b""
            while True:
                chunk = handle.read(_CHUNK)
                lines = (rest + chunk).splitlines(keepends=True)
                rest = lines.pop() if chunk and lines and not lines[-1].endswith(b"\n") else b""
                if len(rest) > LONGEST_LINE:
                    raise TooLarge(file=self.path.name, what="一行的字节数", found=len(rest), limit=LONGEST_LINE)
                for line in lines:
                    self._fed += len(line)
                    yield self._text(line)
                if not chunk:
                    return

    def _text(self, line: bytes) -> str:
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise WrongEncoding(file=self.path.name, encoding=self._encoding, line=self.line + 1, offset=self._fed - len(line) + error.start) from error
