"""From the body of a file to the columns of its canonical table: each column read by its kind, then what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from controls.intake import canonical, cells, columns
from controls.intake.clues import Clues
from controls.intake.columns import Cells, Reading
from controls.intake.contracts import Column, Contract, fold, local_names
from controls.intake.errors import BlankItem, CellCount, QuotesBroken, UnknownItem, UnknownStatus
from controls.intake.heads import Head
from controls.intake.rows import Grid
from controls.intake.trouble import WHOLE_ROW
from ledger.identity import normal_name

_FILLED_DOWN = ("on", "kind", "number", "attachments", "maker", "reviewer")


class Assembly:
    """Reads the data rows of one file. ``lines``: physical line of each data row."""

    def __init__(self, contract: Contract, head: Head, grid: Grid, data: Any, given: Mapping[str, str], names: Mapping[str, Mapping[str, str]]) -> None:
        self.contract, self.head, self.grid, self.data, self.given = contract, head, grid, data, given
        self.names = names
        self.reading = Reading(data)
        self.lines = grid.body.lines.take(pa.array(data)) if len(data) != len(grid.body) else grid.body.lines
        self.clues = Clues()
        self._starts: Any = None

    def columns(self) -> dict[str, Any]:
        """All canonical columns by name, one value a data row."""
        self._row_troubles()
        found: dict[str, Any] = {}
        present = frozenset({*self.head.places, *self.given})
        for column in self.contract.columns:
            if column.id in present:
                found.update(self._read(column, present))
            elif column.part is None:
                absent = canonical.blank(self.contract, column.id, len(self.data))
                found.update(absent if isinstance(absent, dict) else {column.id: absent})
        if "item" in found and "item_class" not in found:
            found["item_class"] = pa.repeat(pa.scalar("pension"), len(self.data))
        if "status" in found and "status" not in present:
            found["status"] = pa.repeat(pa.scalar("paid"), len(self.data))
        return canonical.complete(self.contract, found, present, self.lines, self.reading)

    def bad_rows(self) -> Any:
        """Body indices of the rows in error."""
        return self.reading.errors.rows()

    def _row_troubles(self) -> None:
        body = self.grid.body
        counts = np.array([row for row in body.wrong_count if self._is_data(row)], np.int64)
        self.reading.errors.add(counts, WHOLE_ROW, CellCount, [str(body.wrong_count[int(row)]) for row in counts])
        broken = np.array([row for row in body.broken_quotes if self._is_data(row)], np.int64)
        self.reading.errors.add(broken, WHOLE_ROW, QuotesBroken, [""] * len(broken))

    def _is_data(self, row: int) -> bool:
        at = int(np.searchsorted(self.data, row))
        return at < len(self.data) and int(self.data[at]) == row

    def _cells(self, name: str) -> Cells:
        place = self.head.places.get(name)
        if place is None:
            return columns.constant(self.given[name], len(self.data))
        whole = self.grid.cells(place)
        found = whole if len(self.data) == len(whole) else Cells(whole.values, whole.indices[self.data])
        if name in self.given:
            found = columns.filled(self.given[name], found)
        if self.contract.contract == "vouchers" and name in _FILLED_DOWN:
            found = self._filled_down(found)
        return found

    def _filled_down(self, found: Cells) -> Cells:
        """Blank cells of a voucher's later lines take what stands above them, up to the line that starts the voucher."""
        if not len(found):
            return found
        blank = found.flags(lambda value: not cells.squash(value))
        rows = np.arange(len(found))
        source = np.maximum.accumulate(np.where(~blank | self._voucher_starts(), rows, 0))
        return Cells(found.values, found.indices[source])

    def _voucher_starts(self) -> Any:
        """Rows that begin a voucher: after a blank line, or where another number stands."""
        if self._starts is None:
            starts = np.diff(canonical.blocks(self.lines), prepend=0) > 0
            place = self.head.places.get("number")
            if place is not None:
                whole = self.grid.cells(place)
                last = ""
                for row, index in enumerate(whole.indices[self.data]):
                    text = cells.squash(whole.values[index])
                    last = "" if starts[row] else last
                    starts[row] |= bool(text) and bool(last) and text != last
                    last = text or last
            self._starts = starts
        return self._starts

    def _damaged(self, name: str) -> Any:
        """Data rows whose workbook cell was a number of more than 15 digits."""
        body_rows = self.grid.body.damaged.get(self.head.places.get(name, -1))
        return np.flatnonzero(np.isin(self.data, np.array([] if body_rows is None else body_rows, np.int64)))

    def _label(self, name: str) -> str:
        place = self.head.places.get(name)
        return self.contract.column(name).header if place is None else self.head.labels[place]

    def _read(self, column: Column, present: frozenset[str]) -> dict[str, Any]:
        label, reading = self._label(column.id), self.reading
        if column.kind == "code" and column.id in self.head.places and self.grid.is_plain(self.head.places[column.id]) and column.id not in self.given:
            texts = self.grid.body.columns[self.head.places[column.id]]
            return {column.id: reading.long_text(column, texts.take(pa.array(self.data)) if len(self.data) != len(texts) else texts, label=label)}
        found = self._cells(column.id)
        self.clues.see(column, found, self.lines)
        match column.kind:
            case "number":
                kinds = self._cells("id_type") if "id_type" in present else None
                return reading.number(column, found, kinds, self._damaged(column.id), label=label)
            case "name":
                normal = pa.array([normal_name(value) for value in found.values], pa.string())
                return {"name": reading.text(column, found, label=label), "name_norm": found.take(normal)}
            case "account":
                return {column.id: reading.account(column, found, self._damaged(column.id), label=label)}
            case "item":
                words = self._words("items")
                item_class = reading.named(column, found, words, "pension", UnknownItem, BlankItem, label=label)
                return {"item": reading.text(column, found, label=label), "item_class": item_class}
            case "status":
                return {column.id: reading.named(column, found, self._words("status"), "paid", UnknownStatus, None, label=label)}
            case "choice":
                return {column.id: reading.choice(column, found, label=label)}
            case "text" | "code":
                return {column.id: reading.text(column, found, label=label)}
            case "document":
                return {column.id: found.take(pa.array([value.strip() for value in found.values], pa.string()))}
        parse, kind = columns.parser(column, self.head.scales.get(column.id, 1), self.head.year)
        return {column.id: reading.scalar(column, found, parse, kind, label=label)}

    def _words(self, which: str) -> dict[str, str]:
        shipped = local_names("items" if which == "items" else "status")
        return shipped | {fold(name): meaning for name, meaning in self.names.get(which, {}).items()}
