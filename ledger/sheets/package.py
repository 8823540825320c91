"""A workbook's package (XLSX): its parts by name, what they say of one another, and the facts of each sheet.

Source: ECMA-376 Part 2 (packages, relationships) and Part 1 (SpreadsheetML).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ledger.sheets.errors import BadWorkbook
from ledger.sheets.facts import MOST_NAMED, SheetFacts, letters
from ledger.sheets.markup import BadMarkup, SheetMarkup, SheetScan, elements, is_on

BLOCK = 1 << 20
SMALL = 1 << 26
WIDEST = 16_384


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    state: str
    part: str


class Package:
    """The parts of one workbook that :func:`ledger.sheets.book.bound` has let pass."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self._parts = {_plain(name): name for name in archive.namelist()}

    def facts(self, sheet: str, left: int, merged: tuple[tuple[int, int, int, int], ...] = ()) -> SheetFacts:
        """Facts of a sheet by name; ``left``: the column (from 0) at which its cells begin. Raises SB2007."""
        try:
            listed = next((each for each in self._listed if each.name == sheet), None)
            if listed is None or _plain(listed.part) not in self._parts:
                return SheetFacts(sheet, merged=merged)
            with zipfile.ZipFile(self.path) as archive:
                found = SheetScan().run(self._blocks(archive, listed.part))
                comments = self._comments(archive, listed.part)
        except BadMarkup as error:
            raise BadWorkbook(file=self.path.name, why="内部的 XML 不完好，或带有文档类型声明") from error
        return self._made(sheet, left, merged, found, comments)

    def _made(self, sheet: str, left: int, merged: tuple[tuple[int, int, int, int], ...], found: SheetMarkup, comments: list[str]) -> SheetFacts:
        hidden = sorted({column for first, last in found.hidden_columns for column in range(max(first, found.first), min(last, found.last, WIDEST) + 1)})
        return SheetFacts(
            sheet=sheet,
            hidden_rows=tuple(found.hidden_rows),
            hidden_columns=tuple(column - left for column in hidden if found.first >= 0),
            hidden_letters=tuple(letters(column) for column in hidden if found.first >= 0),
            filtered=found.filtered,
            hidden_sheets=tuple(each.name for each in self._listed if each.state == "hidden"),
            very_hidden_sheets=tuple(each.name for each in self._listed if each.state == "veryHidden"),
            formulas=found.formulas,
            formula_cells=tuple(found.formula_cells),
            valueless=found.valueless,
            formula_without_value=tuple(found.formula_without_value),
            errors=found.errors,
            error_cells=tuple(found.error_cells),
            uncalculated=found.formulas > 0 and self._uncalculated,
            external_links=self._links[0],
            dde=self._links[1],
            macros=any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in self._parts),
            embedded=sum(name.startswith(("xl/embeddings/", "xl/activex/")) for name in self._parts),
            commented=len(comments),
            comments=tuple(comments[:MOST_NAMED]),
            merged=merged,
            sheet_protected=found.protected,
            book_protected=any(name == "workbookProtection" and (is_on(each, "lockStructure") or is_on(each, "lockWindows")) for name, each in self._workbook),
        )

    def _blocks(self, archive: zipfile.ZipFile, name: str, most: int | None = None) -> Iterator[bytes]:
        """A part in blocks; nothing when it is absent or larger than ``most``."""
        real = self._parts.get(_plain(name))
        if real is None or (most is not None and archive.getinfo(real).file_size > most):
            yield b"<none/>"
            return
        with archive.open(real) as stream:
            while block := stream.read(BLOCK):
                yield block

    def _elements(self, archive: zipfile.ZipFile, part: str, *names: str) -> list[tuple[str, dict[str, str]]]:
        return elements(self._blocks(archive, part, SMALL), *names)

    def _relations(self, archive: zipfile.ZipFile, part: str) -> list[dict[str, str]]:
        folder, name = posixpath.split(part)
        return [attributes for _, attributes in self._elements(archive, f"{folder}/_rels/{name}.rels", "Relationship")]

    @cached_property
    def _workbook(self) -> list[tuple[str, dict[str, str]]]:
        with zipfile.ZipFile(self.path) as archive:
            return self._elements(archive, "xl/workbook.xml", "sheet", "calcPr", "workbookProtection")

    @cached_property
    def _listed(self) -> list[_Listed]:
        with zipfile.ZipFile(self.path) as archive:
            targets = {each.get("Id", ""): each.get("Target", "") for each in self._relations(archive, "xl/workbook.xml")}
        return [
            _Listed(each.get("name", ""), each.get("state", ""), _target("xl/workbook.xml", targets.get(_relation(each), "")))
            for name, each in self._workbook
            if name == "sheet"
        ]

    @cached_property
    def _uncalculated(self) -> bool:
        settings = [each for name, each in self._workbook if name == "calcPr"]
        return any(is_on(each, "fullCalcOnLoad") or each.get("calcMode") == "manual" or each.get("calcCompleted") in ("0", "false") for each in settings)

    @cached_property
    def _links(self) -> tuple[tuple[str, ...], bool]:
        targets: dict[str, None] = {}
        dde = False
        with zipfile.ZipFile(self.path) as archive:
            for name in sorted(name for name in self._parts if name.startswith("xl/externallinks/") and name.endswith(".xml")):
                dde = dde or any(True for _ in self._elements(archive, name, "ddeLink"))
                for each in self._elements(archive, name, "ddeLink"):
                    targets[f"{each[1].get('ddeService', '')}|{each[1].get('ddeTopic', '')}"[:200]] = None
                for relation in self._relations(archive, name):
                    targets[relation.get("Target", "")[:200]] = None
        return tuple(targets)[:MOST_NAMED], dde

    def _comments(self, archive: zipfile.ZipFile, part: str) -> list[str]:
        found: dict[str, None] = {}
        for relation in self._relations(archive, part):
            if relation.get("Type", "").lower().endswith(("/comments", "/threadedcomment")):
                for _, attributes in self._elements(archive, _target(part, relation.get("Target", "")), "comment", "threadedComment"):
                    found[attributes.get("ref", "")] = None
        return list(found)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _target(part: str, target: str) -> str:
    """Where a relation points, from the folder of the part that holds it."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _relation(attributes: Mapping[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
