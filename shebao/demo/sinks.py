"""Files being written row by row (出表): CSV in the encodings offices use, workbooks with titles, subtotals and totals."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shebao.demo.workbook import Cell, Group, decimal, write_workbook, yuan


@dataclass(frozen=True, slots=True)
class FileNote:
    """What one written file is, for the plan and for README: ``values`` hold for the whole file (险种, 统筹区, 数据来源)."""

    name: str
    contract: str
    what: str
    encoding: str
    rows: int
    fen: int
    values: Mapping[str, str] = field(default_factory=dict)


class CsvSink:
    """A CSV file, streamed. ``amount`` is the column that a total row (合计) sums, or -1."""

    def __init__(
        self, folder: Path, name: str, contract: str, what: str, header: Sequence[str], *, encoding: str = "utf-8", delimiter: str = ",",
        line_end: str = "\n", titles: Sequence[str] = (), amount: int = -1, total: bool = False, values: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.name, self.contract, self.what, self.encoding, self.values = name, contract, what, encoding, values or {}
        self.width, self.amount, self.total, self.rows, self.fen = len(header), amount, total, 0, 0
        self._handle = (folder / name).open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._handle, delimiter=delimiter, lineterminator=line_end)
        self._writer.writerows([title] for title in titles)
        self._writer.writerow(header)

    def add(self, cells: Sequence[Cell], fen: int = 0) -> None:
        """One row; ``fen`` is its amount for the control total."""
        self._writer.writerow(cells)
        self.rows += 1
        self.fen += fen

    def close(self) -> FileNote:
        """Writes the total row if there is one, and says what was written."""
        if self.total:
            cells = ["合计"] + [""] * (self.width - 1)
            cells[self.amount] = yuan(self.fen)
            self._writer.writerow(cells)
        self._handle.close()
        return FileNote(self.name, self.contract, self.what, self.encoding, self.rows, self.fen, self.values)


class BookSink:
    """A workbook, kept in memory until closed: for files of at most some ten thousand rows.

    ``amount`` columns take fen through :meth:`add` and are written as numbers; ``group`` is the column whose changes
    call for a subtotal line (小计) after the rows were sorted by it.
    """

    def __init__(
        self, folder: Path, name: str, contract: str, what: str, header: Sequence[str], *, titles: Sequence[str] = (), groups: Sequence[Group] = (),
        amount: int = -1, total: bool = False, group: int = -1, values: Mapping[str, str] | None = None, sheet: str = "Sheet1",
    ) -> None:  # fmt: skip
        self._path, self._header, self._titles, self._groups, self._sheet = folder / name, header, titles, groups, sheet
        self.name, self.contract, self.what, self.values = name, contract, what, values or {}
        self.amount, self.total, self.group, self.fen = amount, total, group, 0
        self._rows: list[tuple[Sequence[Cell], int]] = []

    def add(self, cells: Sequence[Cell], fen: int = 0) -> None:
        """One row; ``fen`` is its amount for subtotals and total."""
        self._rows.append((cells, fen))
        self.fen += fen

    @property
    def count(self) -> int:
        """Rows so far."""
        return len(self._rows)

    def close(self) -> FileNote:
        """Sorts, subtotals, totals and writes; says what was written."""
        rows = sorted(self._rows, key=lambda row: str(row[0][self.group])) if self.group >= 0 else self._rows
        lines: list[Sequence[Cell]] = [self._header]
        part, seen = 0, None
        for cells, fen in rows:
            if self.group >= 0 and seen not in (None, cells[self.group]):
                lines.append(self._sum("小计", part))
                part = 0
            lines.append(cells)
            seen, part = cells[self.group], part + fen
        if self.group >= 0 and rows:
            lines.append(self._sum("小计", part))
        if self.total:
            lines.append(self._sum("合计", self.fen))
        write_workbook(self._path, lines, sheet=self._sheet, titles=self._titles, groups=self._groups)
        return FileNote(self.name, self.contract, self.what, "xlsx", len(rows), self.fen, self.values)

    def _sum(self, label: str, fen: int) -> list[Cell]:
        cells: list[Cell] = [None] * len(self._header)
        cells[0] = label
        cells[self.amount] = decimal(fen)
        return cells


Sink = CsvSink | BookSink
