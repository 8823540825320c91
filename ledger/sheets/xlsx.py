"""Reading XLSX: every part streamed and bounded, cells as text with their damage kept, nothing computed and nothing run."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ledger.sheets import tags
from ledger.sheets.body import Body, TopRow
from ledger.sheets.errors import NoSuchSheet, TooLarge
from ledger.sheets.facts import MOST_NAMED, SheetFacts, column_of
from ledger.sheets.lexicon import LONGEST, Lexicon, decoded, unescaped
from ledger.sheets.markup import BadMarkup, SheetScan, is_on, strings
from ledger.sheets.package import ListedSheet, Package, target_of
from ledger.sheets.stretches import Odd, Stretches
from ledger.sheets.worksheet import Around, Worksheet

FEW_CELLS = 2_000_000
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class XlsxSource:
    """A workbook. ``sheets`` are the visible worksheets in order."""

    kind = "xlsx"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._package = Package(path)
        self._listed = {sheet.name: sheet for sheet in self._package.sheets}
        self.all_sheets = [*self._listed]
        self.sheets = [sheet.name for sheet in self._package.sheets if sheet.state not in ("hidden", "veryHidden")]
        self._lexicon: Lexicon | None = None
        self._read: dict[str, Worksheet] = {}

    def top(self, sheet: str) -> list[TopRow]:
        return self._sheet(sheet).top()

    def merged_heads(self, sheet: str) -> list[tuple[int, int, int, int]]:
        return self._sheet(sheet).about.merged

    def left(self, sheet: str) -> int:
        return 0

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        with self._package.open():
            return self._sheet(sheet).body(head_line, width, plain, fill)

    def facts(self, sheet: str) -> SheetFacts:
        """What the sheet hides and computes; raises SB2007, SB2009."""
        found, package = self._sheet(sheet), self._package
        with package.open() as archive:
            links, dde = _links(package, archive)
            comments = _comments(package, archive, self._listed[sheet].part)
        locks = [each for name, each in package.workbook if name == "workbookProtection"]
        around = Around(
            hidden_sheets=self._in_state("hidden"),
            very_hidden_sheets=self._in_state("veryHidden"),
            uncalculated=_uncalculated(package),
            external_links=links,
            dde=dde,
            macros=any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in package.names()),
            embedded=sum(name.startswith(("xl/embeddings/", "xl/activex/")) for name in package.names()),
            book_protected=any(is_on(each, "lockStructure") or is_on(each, "lockWindows") for each in locks),
        )
        return found.facts(sheet, around, comments)

    def _in_state(self, state: str) -> tuple[str, ...]:
        return tuple(sheet.name for sheet in self._package.sheets if sheet.state == state)

    def _sheet(self, name: str) -> Worksheet:
        if name not in self._listed:
            raise NoSuchSheet(file=self.path.name, sheet=name, sheets="、".join(self.all_sheets))
        if name not in self._read:
            with self._package.open() as archive:
                if self._lexicon is None:
                    self._lexicon = Lexicon(_shared(self._package, archive), self._package.dates(archive), self._package.since_1904)
                found = _worksheet(self._package, archive, self._listed[name], self._lexicon)
            if sum(each.count for each in self._read.values()) > FEW_CELLS:
                self._read.clear()
            self._read[name] = found
        return self._read[name]


def _worksheet(package: Package, archive: zipfile.ZipFile, listed: ListedSheet, lexicon: Lexicon) -> Worksheet:
    try:
        found = Worksheet(package.path.name, lexicon)
        with package.stream(archive, listed.part) as stream:
            _usual(Stretches(stream, "sheetData", "row"), found)
    except Odd:
        found = Worksheet(package.path.name, lexicon)
        scan = SheetScan(found.take)
        scan.run(package.blocks(archive, listed.part))
        found.close(scan.about)
    return found


def _usual(stretches: Stretches, found: Worksheet) -> None:
    """Reads a sheet by whole arrays, and single blocks that are not as usual by the parser. Raises :class:`Odd`."""
    scan = SheetScan(found.take)
    try:
        for block in stretches.blocks():
            batch = tags.take_apart(block, stretches.prefix)
            if batch is not None:
                found.take(batch)
            elif b"<!" in block or b"<?" in block:
                raise Odd("comments or instructions among the rows")
            else:
                scan.run([b"<rows>", block, b"</rows>"])
        scan.run([stretches.around])
    except BadMarkup as error:
        raise Odd(str(error)) from error
    found.close(scan.about)


def _shared(package: Package, archive: zipfile.ZipFile) -> pa.Array:
    """The shared strings as one array of text."""
    part = package.shared_strings(archive)
    if not part:
        return pa.array([], pa.string())
    pieces: list[pa.Array] = []
    try:
        with package.stream(archive, part) as stream:
            stretches = Stretches(stream, "sst", "si")
            for block in stretches.blocks():
                piece = tags.shared_strings(block, stretches.prefix)
                if piece is None and (b"<!" in block or b"<?" in block):
                    raise Odd("comments or instructions among the strings")
                pieces.append(_finished(piece) if piece is not None else _parsed([b"<sst>", block, b"</sst>"]))
    except (Odd, BadMarkup):
        pieces = [_parsed(package.blocks(archive, part))]
    whole = pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())
    if len(whole) and (longest := pc.max(pc.binary_length(whole)).as_py()) > LONGEST:
        raise TooLarge(file=package.path.name, what="一格的字节数", found=longest, limit=LONGEST)
    return whole


def _parsed(blocks: Any) -> pa.Array:
    return pa.array([decoded(text) for text in strings(blocks)], pa.string())


def _finished(texts: pa.Array) -> pa.Array:
    """Escapes undone, in the few strings that have any."""
    escaped = pc.match_substring_regex(texts, "[&\r]|_x")
    if not pc.any(escaped).as_py():
        return texts
    return pc.replace_with_mask(texts, escaped, pa.array([decoded(unescaped(text)) for text in texts.filter(escaped).to_pylist()], pa.string()))


def _uncalculated(package: Package) -> bool:
    settings = [each for name, each in package.workbook if name == "calcPr"]
    return any(is_on(each, "fullCalcOnLoad") or each.get("calcMode") == "manual" or each.get("calcCompleted") in ("0", "false") for each in settings)


def _links(package: Package, archive: zipfile.ZipFile) -> tuple[tuple[str, ...], bool]:
    """Where formulas fetch values from outside, and whether one of them runs a program (DDE)."""
    targets: dict[str, None] = {}
    dde = False
    for name in sorted(name for name in package.names() if name.startswith("xl/externallinks/") and name.endswith(".xml")):
        for _, each in package.elements(archive, name, "ddeLink"):
            dde = True
            targets[f"{each.get('ddeService', '')}|{each.get('ddeTopic', '')}"[:200]] = None
        for relation in package.relations(archive, name):
            targets[relation.get("Target", "")[:200]] = None
    return tuple(targets)[:MOST_NAMED], dde


def _comments(package: Package, archive: zipfile.ZipFile, part: str) -> list[tuple[int, int]]:
    """Row and column, from 0, of the cells with a comment, old or new style."""
    found: dict[str, None] = {}
    for relation in package.relations(archive, part):
        if relation.get("Type", "").lower().endswith(("/comments", "/threadedcomment")):
            for _, attributes in package.elements(archive, target_of(part, relation.get("Target", "")), "comment", "threadedComment"):
                found[attributes.get("ref", "")[:10]] = None
    return [(int(cell[2]) - 1, column_of(cell[1])) for ref in found if (cell := _CELL.fullmatch(ref)) is not None]
