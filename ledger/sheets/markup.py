"""The XML of a workbook's parts, read as a stream: no document types, no entities, nothing kept but the facts.

Source: ECMA-376 Part 1, SpreadsheetML (18.3 worksheets, 18.2 workbook, 18.7 comments, 18.14 external links).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ledger.sheets.facts import MOST_NAMED, address, column_of

MOST_NAMES = 10_000


class BadMarkup(Exception):
    """XML that is no sound part of a workbook: broken, or with a document type."""


@dataclass(slots=True)
class SheetMarkup:
    """What the XML of one sheet says. ``first``, ``last``: least and greatest column with a value (from 0), -1 when there is none."""

    first: int = -1
    last: int = -1
    last_line: int = 0
    cells: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filtered: str = ""
    formulas: int = 0
    formula_cells: list[str] = field(default_factory=list)
    valueless: int = 0
    formula_without_value: list[str] = field(default_factory=list)
    errors: int = 0
    error_cells: list[tuple[str, str]] = field(default_factory=list)
    protected: bool = False


def parse(blocks: Iterable[bytes], start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None] | None = None) -> None:
    """Runs a part through the handlers, names without their prefix. Raises :class:`BadMarkup`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def no_document_type(*_: object) -> None:
        raise BadMarkup("a document type")

    parser.StartDoctypeDeclHandler = no_document_type
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadMarkup(str(error)) from error


def is_on(attributes: Mapping[str, str], name: str) -> bool:
    """Whether an attribute says yes."""
    return attributes.get(name, "") in ("1", "true", "on")


class SheetScan:
    """Reads one sheet's XML into a :class:`SheetMarkup`."""

    def __init__(self) -> None:
        self.found = SheetMarkup()
        self._line = 0
        self._column = -1
        self._hidden = False
        self._cell: tuple[str, str] | None = None
        self._formula = self._valued = self._listen = False
        self._said: list[str] = []
        self._filter = ""

    def run(self, blocks: Iterable[bytes]) -> SheetMarkup:
        """The whole part. Raises :class:`BadMarkup`."""
        parse(blocks, self._start, self._end, self._text)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._column, cell = self._place(attributes.get("r", ""))
            self._cell = (cell, attributes.get("t", ""))
            self._formula = self._valued = False
        elif name in ("v", "is"):
            self._listen, self._said = True, []
        elif name == "f":
            self._formula = self._cell is not None
        elif name == "row":
            self._line = _whole(attributes.get("r", "")) or self._line + 1
            self._column = -1
            self._hidden = is_on(attributes, "hidden") or attributes.get("ht") == "0"
        elif name == "col":
            if is_on(attributes, "hidden") or attributes.get("width") == "0":
                self.found.hidden_columns.append((_whole(attributes.get("min", "")) - 1, _whole(attributes.get("max", "")) - 1))
        elif name == "autoFilter":
            self._filter = attributes.get("ref", "")
        elif name == "filterColumn":
            self.found.filtered = self._filter
        elif name == "sheetProtection":
            self.found.protected = is_on(attributes, "sheet")

    def _place(self, cell: str) -> tuple[int, str]:
        column = column_of(cell)
        return (column, cell) if column >= 0 else (self._column + 1, address(max(self._line, 1), self._column + 1))

    def _text(self, said: str) -> None:
        if self._listen and len(self._said) < 100:
            self._said.append(said[:100])

    def _end(self, name: str) -> None:
        if name in ("v", "is"):
            self._listen = False
            self._valued = self._valued or bool(self._said)
        elif name == "c" and self._cell is not None:
            self._close(*self._cell)
            self._cell = None

    def _close(self, cell: str, kind: str) -> None:
        found = self.found
        if self._formula:
            found.formulas += 1
            _name(found.formula_cells, cell)
            if not self._valued and kind != "str":
                found.valueless += 1
                _name(found.formula_without_value, cell)
        if kind == "e" and self._valued:
            found.errors += 1
            if len(found.error_cells) < MOST_NAMED:
                found.error_cells.append((cell, "".join(self._said)[:20]))
        if not self._valued and not self._formula:
            return
        found.cells += 1
        found.first = self._column if found.first < 0 else min(found.first, self._column)
        found.last = max(found.last, self._column)
        found.last_line = max(found.last_line, self._line)
        if self._hidden and (not found.hidden_rows or found.hidden_rows[-1] != self._line):
            found.hidden_rows.append(self._line)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _name(cells: list[str], cell: str) -> None:
    if len(cells) < MOST_NAMED:
        cells.append(cell)


def elements(blocks: Iterable[bytes], *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of some names in a small part, with their attributes, in order. Raises :class:`BadMarkup`."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in wanted and len(found) < MOST_NAMES:
            found.append((name, attributes))

    parse(blocks, start, lambda name: None)
    return found
