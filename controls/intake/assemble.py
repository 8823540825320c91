"""From the body of a file to the columns of its canonical table: each column read by its kind, then what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from controls.intake import canonical, filled, judges, repeats
from controls.intake.clues import Clues
from controls.intake.columns import Cells, Reading
from controls.intake.contracts import Column, Contract, fold, local_names
from controls.intake.errors import BlankItem, CellCount, QuotesBroken, UnknownItem, UnknownStatus
from controls.intake.heads import Head
from controls.intake.rows import Grid
from controls.intake.texts import Texts
from controls.intake.trouble import WHOLE_ROW


@dataclass(frozen=True, slots=True)
class Block:
    """The data rows of one block as read. ``found``: canonical columns by name; ``good``: rows without error; ``bad``: body indices of the others."""

    found: dict[str, Any]
    lines: Any
    reading: Reading
    good: Any
    bad: Any


class Assembly:
    """Reads the data rows of one file, block by block: what earlier rows say for later ones (vouchers, running numbers) is carried over."""

    def __init__(self, contract: Contract, head: Head, given: Mapping[str, str], names: Mapping[str, Mapping[str, str]]) -> None:
        self.contract, self.head, self.given = contract, head, given
        self.names = names
        self.clues = Clues()
        self.unknown: dict[str, dict[str, int]] = {}
        self.present = frozenset({*head.places, *given})
        self._constants = {name: Texts.of(value) for name, value in given.items() if name not in head.places}
        self._before = canonical.Before()
        self._above = filled.Above()

    def block(self, grid: Grid, data: Any) -> Block:
        """All canonical columns of a block's data rows (``data``: body indices)."""
        return _Reader(self, grid, data).block()

    def carry(self, lines: Any) -> canonical.Before:
        """What stands before the block with these lines; the next one begins after it."""
        before, self._before = self._before, self._before.after(lines)
        return before

    def words(self, which: str) -> dict[str, str]:
        """Folded local name → class: the shipped ones and those of a saved mapping."""
        shipped = local_names("items" if which == "items" else "status")
        return shipped | {fold(name): meaning for name, meaning in self.names.get(which, {}).items()}

    def cells(self, name: str, grid: Grid, data: Any, lines: Any) -> Cells:
        """The cells of a column in the data rows: of the file, or as given with it."""
        place = self.head.places.get(name)
        if place is None:
            return Cells(self._constants[name], np.zeros(len(data), np.int32))
        found = grid.cells(place)
        if name in self.given:
            found = Cells(found.texts.mapped("filled", partial(filled.with_value, self.given[name])), found.indices)
        found = found if len(data) == len(found) else found.rows(data)
        if self.contract.contract == "vouchers" and name in filled.DOWN:
            numbers = None if "number" not in self.head.places else grid.cells(self.head.places["number"]).rows(data)
            found = self._above.fill(name, found, lines, numbers)
        return found


class _Reader:
    """One block of a file."""

    def __init__(self, file: Assembly, grid: Grid, data: Any) -> None:
        self.file, self.grid, self.data = file, grid, data
        self.contract, self.head = file.contract, file.head
        self.reading = Reading(data, file.unknown)
        self.lines = grid.body.lines.take(pa.array(data)) if len(data) != len(grid.body) else grid.body.lines

    def block(self) -> Block:
        self._row_troubles()
        found: dict[str, Any] = {}
        present = self.file.present
        for column in self.contract.columns:
            if column.id in present:
                found.update(self._read(column, present))
            elif column.part is None:
                absent = canonical.blank(self.contract, column.id, len(self.data))
                found.update(absent if isinstance(absent, dict) else {column.id: absent})
        if "item" in found and "item_class" not in found:
            found["item_class"] = canonical.text("pension", len(self.data))
        if "status" in found and "status" not in present:
            found["status"] = canonical.text("paid", len(self.data))
        found = canonical.complete(self.contract, found, present, self.lines, self.reading, self.file.carry(self.lines))
        bad = self.reading.errors.rows()
        return Block(found, self.lines, self.reading, ~np.isin(self.data, bad) if len(bad) else np.ones(len(self.data), bool), bad)

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
        return self.file.cells(name, self.grid, self.data, self.lines)

    def _damaged(self, name: str) -> Any:
        """Data rows whose workbook cell was a number of more than 15 digits."""
        body_rows = self.grid.body.damaged.get(self.head.places.get(name, -1))
        return np.array([], np.int64) if body_rows is None else np.flatnonzero(np.isin(self.data, np.array(body_rows, np.int64)))

    def _label(self, name: str) -> str:
        place = self.head.places.get(name)
        return self.contract.column(name).header if place is None else self.head.labels[place]

    def _read(self, column: Column, present: frozenset[str]) -> dict[str, Any]:
        label, reading = self._label(column.id), self.reading
        place = self.head.places.get(column.id)
        if place is not None and self.grid.is_plain(place):
            texts = self.grid.body.columns[place]
            return {column.id: reading.plain(column, texts.take(pa.array(self.data)) if len(self.data) != len(texts) else texts, label=label)}
        found = self._cells(column.id)
        self.file.clues.see(column, found, self.lines)
        read = partial(reading.read, column.id, found, label=label)
        match column.kind:
            case "number":
                kinds = self._cells("id_type") if "id_type" in present else None
                return reading.number(column, found, kinds, self._damaged(column.id), label=label)
            case "name":
                normal = reading.read("name_norm", found, judges.normal_names, pa.string(), label=label, told=False)
                return {"name": reading.read("name", found, judges.text(column), pa.string(), label=label), "name_norm": normal}
            case "account":
                return {column.id: reading.account(column, found, self._damaged(column.id), label=label)}
            case "item":
                words = self.file.words("items")
                judge = judges.named(column, words, "pension", UnknownItem, BlankItem)
                item_class = reading.named(column, found, judge, UnknownItem, label=label, told=False)
                return {"item": read(judges.text(column), pa.string()), "item_class": item_class}
            case "status":
                judge = judges.named(column, self.file.words("status"), "paid", UnknownStatus, None)
                return {column.id: reading.named(column, found, judge, UnknownStatus, label=label)}
            case "choice":
                return {column.id: read(judges.choice(column), pa.string())}
            case "text" | "code":
                return {column.id: read(judges.text(column), pa.string())}
            case "document":
                return {column.id: read(judges.stripped, pa.string())}
        scale = self.head.scales.get(column.id, 1)
        parse, kind = judges.parser(column, scale, self.head.year)
        told = (self.contract.contract, column.id) not in repeats.NUMBERING
        return {column.id: read(judges.scalar(column, parse, kind, wan=scale != 1), kind, told=told)}
