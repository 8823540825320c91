"""What the reader gives (所读): a file as it was read, its good rows, its rows in error, and what was recognised and left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from controls.intake.clues import Clues, Stored
from controls.intake.heads import HeaderReport
from controls.intake.spool import Canonical
from controls.intake.totals import CheckedTotal
from controls.intake.trouble import CellErrors
from ledger.sheets import TopRow


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as read.

    ``rows``: the canonical rows of the good rows, on disk where they are many (see :class:`Canonical`); ``table``: the same as one table in
    memory, for files known to be small. ``repeated``: how many rows equal an earlier one in every column (each is warned of).
    ``rejects``: errors by row (a row may have several); ``warnings``: rows that are taken all the same. ``rows_read``: data rows, good and
    bad. ``control``: rows and fen of ``rows``.
    ``totals``: total rows that were proved. ``passed_over``: (line, why) of rows that are no data: repeated headers,
    column numbers, notes. ``unknown_items`` and ``unknown_statuses``: local names that no list maps → rows. ``columns``: the labels
    of the file's columns; ``rejected``: the cells of the rows in error as text, columns ``line, c0, c1, …``;
    ``top``: the rows down to the header, for a rejects workbook of the same layout. ``clues``: how dates, amounts and regions were written.
    ``left``: blank columns of the sheet before the first one of ``columns``; cell addresses count them. ``stored``: of a workbook,
    place of a column → how its cells are stored.
    """

    contract: str
    path: Path
    sha256: str
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    header: HeaderReport
    rows: Canonical
    rejects: CellErrors
    warnings: CellErrors
    rows_read: int
    control: tuple[int, int]
    totals: list[CheckedTotal]
    passed_over: list[tuple[int, str]]
    unknown_items: dict[str, int]
    unknown_statuses: dict[str, int]
    columns: list[str]
    rejected: pa.Table
    top: list[TopRow]
    clues: Clues = field(default_factory=Clues)
    left: int = 0
    stored: dict[int, Stored] = field(default_factory=dict)
    repeated: int = 0

    @property
    def table(self) -> pa.Table:
        """All canonical rows in memory. Of seven million rows that is several gigabytes: ask ``rows`` for columns or batches instead."""
        return self.rows.table()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The canonical rows in order, some at a time."""
        return self.rows.batches(columns)
