"""What a sheet of an old workbook (XLS) hides and computes, from its records; ``ledger.sheets.ole`` has proved them before.

Source: [MS-XLS] 2.4 records BoundSheet8, Row, ColInfo, Formula, BoolErr, Note, FilterMode, Protect, SupBook, ObProj.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.sheets.facts import MOST_NAMED, SheetFacts, address, letters
from ledger.sheets.ole import CELLS

BOUNDSHEET, BOF, EOF, SUPBOOK, OBPROJ = 0x0085, 0x0809, 0x000A, 0x01AE, 0x00D3
FORMULA, BOOLERR, ROW, COLINFO, NOTE, FILTERMODE, PROTECT, WINDOW_PROTECT = 0x0006, 0x0205, 0x0208, 0x007D, 0x001C, 0x009B, 0x0012, 0x0019
BLANKS = frozenset((0x01, 0xBE, 0x0201))
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}


@dataclass(slots=True)
class OldSheet:
    """Facts of one sheet; rows and columns from 0. ``errors``: (row, column) → what stands there."""

    state: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    notes: list[tuple[int, int]] = field(default_factory=list)
    filtered: bool = False
    protected: bool = False


class OldBook:
    """``stream``: the workbook's stream; ``streams``: the names of all streams of the file."""

    def __init__(self, stream: bytes, streams: frozenset[str]) -> None:
        self.sheets: list[OldSheet] = []
        self.macros = any(name.upper() in ("_VBA_PROJECT", "VBA") for name in streams)
        self.links = 0
        self.protected = False
        for kind, body in _records(stream, 0):
            if kind == BOUNDSHEET and len(body) >= 6:
                self.sheets.append(_sheet(stream, *struct.unpack_from("<IBB", body)))
                self.macros = self.macros or body[5] == 1
            elif kind == SUPBOOK and len(body) > 4:
                self.links += 1
            elif kind == OBPROJ:
                self.macros = True
            elif kind in (PROTECT, WINDOW_PROTECT):
                self.protected = self.protected or body[:2] == b"\1\0"

    def facts(self, names: list[str], sheet: str, merged: tuple[tuple[int, int, int, int], ...]) -> SheetFacts:
        """Facts of a sheet; ``names``: all sheets in order."""
        states = dict(zip(names, self.sheets, strict=False))
        found = states.get(sheet, OldSheet())
        hidden = sorted({column for first, last in found.hidden_columns for column in range(first, last + 1)} & found.columns)
        errors = [(address(row + 1, column), text) for (row, column), text in sorted(found.errors.items())]
        return SheetFacts(
            sheet=sheet,
            hidden_rows=tuple(row + 1 for row in sorted(found.hidden_rows & found.rows)),
            hidden_columns=tuple(hidden),
            hidden_letters=tuple(letters(column) for column in hidden),
            filtered=f"A1:{letters(max(found.columns, default=0))}{max(found.rows, default=0) + 1}" if found.filtered else "",
            hidden_sheets=tuple(name for name, each in states.items() if each.state == 1),
            very_hidden_sheets=tuple(name for name, each in states.items() if each.state == 2),
            formulas=len(found.formulas),
            formula_cells=tuple(address(row + 1, column) for row, column in found.formulas[:MOST_NAMED]),
            errors=len(errors),
            error_cells=tuple(errors[:MOST_NAMED]),
            external_links=("（链接的文件名没有读）",) if self.links else (),
            macros=self.macros,
            commented=len(found.notes),
            comments=tuple(address(row + 1, column) for row, column in found.notes[:MOST_NAMED]),
            merged=merged,
            sheet_protected=found.protected,
            book_protected=self.protected,
        )


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its BOF to its EOF."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == EOF:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheet(stream: bytes, place: int, state: int, form: int) -> OldSheet:
    found = OldSheet(state & 3)
    if form or stream[place : place + 2] != struct.pack("<H", BOF):
        return found
    for kind, body in _records(stream, place):
        if len(body) < 4:
            found.protected = found.protected or (kind == PROTECT and body[:2] == b"\1\0")
            found.filtered = found.filtered or kind == FILTERMODE
            continue
        row, column = struct.unpack_from("<HH", body)
        if kind in CELLS and kind not in BLANKS:
            found.rows.add(row)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == 0xBD else column
            found.columns.update(range(column, min(last, 255) + 1))
        _note(found, kind, row, column, body)
    return found


def _note(found: OldSheet, kind: int, row: int, column: int, body: bytes) -> None:
    if kind == ROW and len(body) >= 14 and struct.unpack_from("<H", body, 12)[0] & 0x20:
        found.hidden_rows.add(row)
    elif kind == COLINFO and len(body) >= 10 and struct.unpack_from("<H", body, 8)[0] & 1:
        found.hidden_columns.append((row, min(column, 255)))
    elif kind == NOTE:
        found.notes.append((row, column))
    elif kind == BOOLERR and len(body) >= 8 and body[7] == 1:
        found.errors[row, column] = ERRORS.get(body[6], "#?")
    elif kind == FORMULA and len(body) >= 14:
        found.formulas.append((row, column))
        if body[12:14] == b"\xff\xff" and body[6] == 2:
            found.errors[row, column] = ERRORS.get(body[8], "#?")
