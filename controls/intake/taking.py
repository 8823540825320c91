"""Taking a file in (收件), block by block: rows told apart, totals added up, columns read, canonical rows laid down. One code for small files and big.

Nothing here keeps a block: what must be known at the end (totals, the same rows twice, troubles) is kept as numbers, or on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import canonical, filled, hints, repeats
from controls.intake.assemble import Assembly, Block
from controls.intake.clues import Stored, stored
from controls.intake.contracts import Contract
from controls.intake.errors import TotalMismatch
from controls.intake.heads import Head
from controls.intake.rows import Grid, Sorted, Sorter
from controls.intake.spool import Canonical, Pile
from controls.intake.statement import Balance
from controls.intake.texts import Texts
from controls.intake.totals import Tally
from controls.intake.trouble import CellErrors, merged
from ledger.sheets import Body
from ledger.sheets.errors import HalfWritten

_Any = TypeVar("_Any")
WORKERS = 2


class Taking:
    """One file being taken in. Give it every block in order, then :meth:`finish`; :meth:`close` in any case."""

    def __init__(
        self, contract: Contract, path: Path, head: Head, given: Mapping[str, str], names: Mapping[str, Mapping[str, str]], folder: Path | None
    ) -> None:
        self.contract, self.path, self.head = contract, path, head
        self.plain = _plain(contract, head, given)
        self.assembly = Assembly(contract, head, given, names)
        self.rows = Canonical(folder)
        self.rows_read = self.control = 0
        self.passed_over: list[tuple[int, str]] = []
        self.stored: dict[int, Stored] = {}
        amounts = [(name, place, contract.column(name)) for name, place in head.places.items()]
        stated = [(name, place, column.header, head.scales[name] != 1) for name, place, column in amounts if column.kind == "amount" and column.total]
        self.tally = Tally(path.name, stated)
        self._sorter = Sorter(contract, head)
        self._balance = Balance(path.name, head) if "balance" in head.places else None
        self._texts: dict[int, Texts] = {}
        self._rejects, self._warnings, self._rejected = Pile(folder), Pile(folder), Pile(folder)
        self._hashes: list[Any] = []
        self._pool = ThreadPoolExecutor(WORKERS, "texts")
        self._widest = 0
        self._whole = False

    def take(self, body: Body) -> None:
        """The next block. Raises SB2006, and UnicodeDecodeError where a cell's bytes are no text."""
        grid = Grid(body, self.plain, self._texts)
        # Each column has texts of its own, and Arrow works beside Python: the columns need not wait for one another.
        list(self._pool.map(grid.cells, (place for place in self.head.places.values() if place not in self.plain)))
        found = self._sorter.sort(grid)
        self._refuse_half(grid, found)
        self.tally.take(grid, found.data, found.totals)
        block = self.assembly.block(grid, found.data)
        if self._balance is not None:
            self._balance.take(grid, found, block)
        table = canonical.table(self.contract, self.path.name, block.lines, block.found, block.good)
        self._hashes.append(repeats.of_rows(table, *_of_good(block)))
        self.control += sum(int(pc.sum(table.column(name)).as_py() or 0) for name in canonical.CONTROL.get(self.contract.contract, ()))
        self.rows.add(table)
        self._rejects.add(block.reading.errors.table(body.lines))
        self._warnings.add(block.reading.warnings.table(body.lines, without=block.bad))
        if len(block.bad) or not self.rows_read:
            self._rejected.add(_raw(grid, block.bad))
        self._widest = max(self._widest, *(len(cells) for cells in body.extra.values()), 0)
        self.rows_read += len(found.data)
        self.passed_over += [(body.lines[row].as_py(), why) for row, why in found.passed_over]
        self.stored = self.stored or stored(body)

    def finish(self) -> dict[str, Any]:
        """Everything there is to say, by the names of ``Taken``; totals, the running balance and the same rows twice are known only here.

        Raises SB2025 and SB2027.
        """
        self.rows.finish()
        try:
            proved = self.tally.prove()
        except TotalMismatch as wrong:
            raise hints.explained(wrong, self.contract, self.head, self.rows) from None
        if self._balance is not None:
            self._balance.prove()
        same = repeats.find(self.contract.contract, self.rows, self._hashes)
        self._hashes = []
        self._whole = True
        return {
            "rows": self.rows,
            "rows_read": self.rows_read,
            "control": (self.rows.num_rows, self.control),
            "totals": proved,
            "passed_over": self.passed_over,
            "rejects": CellErrors(self._rejects.finish()),
            "warnings": CellErrors(merged(self._warnings.finish(), same)),
            "repeated": same.num_rows,
            "rejected": _spread(self._rejected.finish(), len(self.head.labels), self._widest),
            "unknown_items": self.assembly.unknown.get("待遇类型", {}),
            "unknown_statuses": self.assembly.unknown.get("发放状态", {}),
            "clues": self.assembly.clues,
            "stored": self.stored,
        }

    def close(self) -> None:
        """Lets go of what a failed reading wrote."""
        self._pool.shutdown()
        if not self._whole:
            self.rows.discard()
            for pile in (self._rejects, self._warnings, self._rejected):
                pile.discard()

    def _refuse_half(self, grid: Grid, found: Sorted) -> None:
        """A last line without its end and with fewer cells than the header was cut off (SB2006), unless it is a note or a total with a figure."""
        body, width = grid.body, len(self.head.labels)
        last = len(body) - 1
        if not body.unfinished or body.wrong_count.get(last, width) >= width:
            return
        if any(row == last for row, _ in found.passed_over):
            return
        if any(total.row == last and any(grid.text(self.head.places[name], last).strip() for name in self.head.scales) for total in found.totals):
            return
        line, cells = body.lines[last].as_py(), body.wrong_count[last]
        raise HalfWritten(file=self.path.name, why=f"末行（第 {line} 行）只有 {cells} 格，表头有 {width} 格，且没有换行")


def ahead(blocks: Iterator[_Any]) -> Iterator[_Any]:
    """The same, with the next one made while the last is used."""
    first = next(blocks, None)
    if first is None:
        return
    with ThreadPoolExecutor(1, "ahead") as pool:
        while first is not None:
            coming = pool.submit(next, blocks, None)
            yield first
            first = None
            first = coming.result()


def _plain(contract: Contract, head: Head, given: Mapping[str, str]) -> frozenset[int]:
    """Columns not worth a dictionary: unknown ones and codes are hardly ever twice the same."""
    used = {place: name for name, place in head.places.items()}
    down = filled.DOWN if contract.contract == "vouchers" else ()
    return frozenset(
        place
        for place in range(len(head.labels))
        if place not in used or (contract.column(used[place]).kind == "code" and used[place] not in given and used[place] not in down)
    )


def _of_good(block: Block) -> tuple[Any, Any]:
    if block.good.all():
        return block.lines, block.reading.hashes
    return block.lines.filter(pa.array(block.good)), block.reading.hashes[block.good]


def _raw(grid: Grid, bad: Any) -> pa.Table:
    """The cells of the rows in error as text; those beyond the header in the last column."""
    at = pa.array(bad, pa.int64())
    columns = {"line": grid.body.lines.take(at)}
    for place, column in enumerate(grid.raw(at)):
        columns[f"c{place}"] = column
    if grid.body.extra:
        more = pa.array([list(grid.body.extra.get(int(row), ())) for row in bad], pa.list_(pa.string()))
    else:
        more = pa.ListArray.from_arrays(pa.array(np.zeros(len(bad) + 1, np.int32)), pa.array([], pa.string()))
    return pa.table({**columns, "more": more})


def _spread(table: pa.Table, width: int, widest: int) -> pa.Table:
    """The cells beyond the header in columns of their own, '' where a row has fewer."""
    if not table.num_columns:
        return table
    found = table.drop_columns(["more"])
    if widest:
        more = table.column("more").to_pylist()
        for place in range(widest):
            found = found.append_column(f"c{width + place}", pa.array([cells[place] if place < len(cells) else "" for cells in more], pa.string()))
    return found
