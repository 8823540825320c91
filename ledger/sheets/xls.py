"""Reading old workbooks (XLS): proved by ``ledger.sheets.ole``, then record by record; nothing computed and nothing run."""

from __future__ import annotations

import struct
from pathlib import Path

from ledger.sheets import ole
from ledger.sheets.biff import BadRecord, OldBook, OldSheet, read_book
from ledger.sheets.body import Body, TopRow
from ledger.sheets.errors import HalfWritten, NoSuchSheet
from ledger.sheets.facts import SheetFacts
from ledger.sheets.lexicon import Lexicon
from ledger.sheets.markup import BadMarkup
from ledger.sheets.oldsheet import OldScan
from ledger.sheets.stretches import ItemTooLong
from ledger.sheets.worksheet import Around, Worksheet


class XlsSource:
    """An old workbook. ``sheets`` are the visible worksheets in order."""

    kind = "xls"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self.path = path
        self._stream, streams = ole.bound(path)
        try:
            self._book: OldBook = read_book(self._stream, streams)
            shared = pa.array(self._book.shared, pa.string())
        except (struct.error, IndexError, ValueError, BadRecord) as error:
            raise HalfWritten(file=path.name, why="工作簿的记录残缺") from error
        self._lexicon = Lexicon(shared, self._book.dates, self._book.since_1904)
        self._listed = {sheet.name: sheet for sheet in self._book.sheets}
        self.all_sheets = [*self._listed]
        self.sheets = [name for name, sheet in self._listed.items() if sheet.state == "visible"]
        self._read: dict[str, tuple[Worksheet, list[tuple[int, int]]]] = {}

    def top(self, sheet: str) -> list[TopRow]:
        return self._sheet(sheet)[0].top()

    def merged_heads(self, sheet: str) -> list[tuple[int, int, int, int]]:
        return self._sheet(sheet)[0].about.merged

    def left(self, sheet: str) -> int:
        return 0

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        return self._sheet(sheet)[0].body(head_line, width, plain, fill)

    def facts(self, sheet: str) -> SheetFacts:
        """What the sheet hides and computes; raises SB2006, SB2009."""
        found, notes = self._sheet(sheet)
        return found.facts(
            sheet,
            Around(
                hidden_sheets=self._in_state("hidden"),
                very_hidden_sheets=self._in_state("veryHidden"),
                external_links=tuple(self._book.links),
                macros=self._book.macros,
                book_protected=self._book.protected,
            ),
            notes,
        )

    def _in_state(self, state: str) -> tuple[str, ...]:
        return tuple(name for name, sheet in self._listed.items() if sheet.state == state)

    def _sheet(self, name: str) -> tuple[Worksheet, list[tuple[int, int]]]:
        if name not in self._listed:
            raise NoSuchSheet(file=self.path.name, sheet=name, sheets="、".join(self.all_sheets))
        if name not in self._read:
            self._read[name] = self._worksheet(self._listed[name])
        return self._read[name]

    def _worksheet(self, listed: OldSheet) -> tuple[Worksheet, list[tuple[int, int]]]:
        found = Worksheet(self.path.name, self._lexicon)
        scan = OldScan(self._book, found.take)
        try:
            scan.run(self._stream, listed.place)
        except (struct.error, IndexError, ValueError, BadRecord, BadMarkup, ItemTooLong) as error:
            raise HalfWritten(file=self.path.name, why="工作簿的记录残缺") from error
        found.close(scan.about)
        return found, scan.notes
