"""The XML of a workbook's parts, read as a stream by the parser that knows everything: no document types, no entities.

Source: ECMA-376 Part 1, SpreadsheetML (18.3 worksheets, 18.4 shared strings).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ledger.sheets.facts import column_of
from ledger.sheets.stretches import ItemTooLong
from ledger.sheets.tags import Batch

MOST_ELEMENTS = 100_000
MOST_MERGED = 200_000
LONGEST = 1 << 20
AT_ONCE = 20_000
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


class BadMarkup(Exception):
    """XML that is no sound part of a workbook: broken, or with a document type."""


def parse(blocks: Iterable[bytes], start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None] | None = None) -> None:
    """Runs a part through the handlers, names without their prefix. Raises :class:`BadMarkup`, and ``ItemTooLong`` for a text longer than any can be."""
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
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadMarkup(str(error)) from error


def elements(blocks: Iterable[bytes], *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of some names in a small part, with their attributes, in order. Raises :class:`BadMarkup`."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in wanted:
            if len(found) >= MOST_ELEMENTS:
                raise BadMarkup("too many elements")
            found.append((name, attributes))

    parse(blocks, start, lambda name: None)
    return found


def is_on(attributes: Mapping[str, str], name: str) -> bool:
    """Whether an attribute says yes."""
    return attributes.get(name, "") in ("1", "true", "on")


class _Said:
    """The text of one ``<v>``, ``<is>`` or ``<si>``: its ``<t>`` without phonetic hints."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._length = 0
        self._hints = 0
        self.listening = False

    def begin(self) -> None:
        self.pieces, self._length, self._hints = [], 0, 0

    def hint(self, step: int) -> None:
        self._hints += step

    def hear(self, text: str) -> None:
        if self.listening and not self._hints:
            self._length += len(text)
            if self._length > LONGEST:
                raise ItemTooLong
            self.pieces.append(text)

    def whole(self) -> str:
        return "".join(self.pieces)


def strings(blocks: Iterable[bytes]) -> list[str]:
    """The shared strings of a part, in order. Raises :class:`BadMarkup`."""
    found: list[str] = []
    said = _Said()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            said.begin()
        elif name == "rPh":
            said.hint(1)
        said.listening = name == "t"

    def end(name: str) -> None:
        said.listening = False
        if name == "rPh":
            said.hint(-1)
        elif name == "si":
            found.append(said.whole())

    parse(blocks, start, end, said.hear)
    return found


@dataclass(slots=True)
class About:
    """What a sheet says around its rows. ``hidden``: (first, last) columns from 0; ``filtered``: area of a filter in force; ``merged`` as in ``SheetFacts``."""

    hidden: list[tuple[int, int]] = field(default_factory=list)
    filtered: str = ""
    protected: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class SheetScan:
    """Reads a sheet's XML, or a stretch of it: rows go to ``take`` in batches, the rest to ``about``."""

    def __init__(self, take: Callable[[Batch], None]) -> None:
        self.about = About()
        self._take = take
        self._said = _Said()
        self._line, self._column, self._filter = 0, -1, ""
        self._cell: tuple[int, str, int] | None = None
        self._formula = self._valued = False
        self._looks: dict[tuple[str, int], int] = {}
        self._cells: list[tuple[int, int, int, str, bool, bool]] = []
        self._hidden: list[int] = []

    def run(self, blocks: Iterable[bytes]) -> None:
        """One part, or a stretch within an element of its own. Raises :class:`BadMarkup`."""
        parse(blocks, self._start, self._end, self._said.hear)
        self._flush()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._said.listening = name in ("v", "t")
        match name:
            case "c":
                column = column_of(attributes.get("r", ""))
                self._column = column if column >= 0 else self._column + 1
                self._cell = (self._column, attributes.get("t", "n"), _whole(attributes.get("s", "")))
                self._formula = self._valued = False
                self._said.begin()
            case "f":
                self._formula = True
            case "rPh":
                self._said.hint(1)
            case "row":
                self._line = _whole(attributes.get("r", "")) or self._line + 1
                self._column = -1
                if is_on(attributes, "hidden") or attributes.get("ht") == "0":
                    self._hidden.append(self._line)
            case _:
                self._around(name, attributes)

    def _around(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "col" if is_on(attributes, "hidden") or attributes.get("width") == "0":
                if len(self.about.hidden) < MOST_ELEMENTS:
                    self.about.hidden.append((_whole(attributes.get("min", "")) - 1, _whole(attributes.get("max", "")) - 1))
            case "autoFilter":
                self._filter = attributes.get("ref", "")[:40]
            case "filterColumn":
                self.about.filtered = self._filter
            case "sheetProtection":
                self.about.protected = is_on(attributes, "sheet")
            case "mergeCell":
                area = _AREA.fullmatch(attributes.get("ref", "").replace("$", ""))
                if area is not None and len(self.about.merged) < MOST_MERGED:
                    self.about.merged.append((int(area[2]), column_of(area[1]), int(area[4]), column_of(area[3])))

    def _end(self, name: str) -> None:
        self._said.listening = False
        if name in ("v", "is"):
            self._valued = self._valued or bool(self._said.pieces)
        elif name == "rPh":
            self._said.hint(-1)
        elif name == "c" and self._cell is not None:
            column, kind, style = self._cell
            if self._valued or self._formula:
                look = self._looks.setdefault((kind, style), len(self._looks))
                self._cells.append((self._line, column, look, self._said.whole(), self._formula, self._valued))
                if len(self._cells) >= AT_ONCE:
                    self._flush()
            self._cell = None

    def _flush(self) -> None:
        import numpy as np
        import pyarrow as pa

        lines, columns, looks, texts, formulas, valued = zip(*self._cells, strict=True) if self._cells else ((),) * 6
        self._take(
            Batch(
                np.array(lines, np.int32), np.array(columns, np.int32), pa.array(texts, pa.string()), np.array(looks, np.int64),
                list(self._looks), np.array(formulas, bool), np.array(valued, bool), self._hidden, plain=True,
            )
        )  # fmt: skip
        self._cells, self._hidden = [], []


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
