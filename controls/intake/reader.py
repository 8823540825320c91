"""The reader (导入): any file of a contract in, a canonical table out, with everything that was recognised, left out and doubted.

:func:`read` raises a refusal (SB20xx, exit status 2) for trouble of the whole file; trouble of single rows is data:
``Taken.rejects``. Nothing here writes to a store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import canonical, contracts, heads, rows, statement, totals
from controls.intake.assemble import Assembly
from controls.intake.clues import stored
from controls.intake.contracts import Contract
from controls.intake.errors import BadRows, MissingColumn, NoHeader, SeveralSheets, UnknownNames
from controls.intake.heads import Head, HeaderReport
from controls.intake.rows import Grid
from controls.intake.settings import by_column, delimiter_of, split_values
from controls.intake.taken import Taken
from controls.intake.totals import CheckedTotal
from controls.intake.trouble import CellError, CellErrors
from ledger.errors import Refusal
from ledger.sheets import Source, TopRow, open_source
from ledger.sheets.errors import HalfWritten, NoSuchSheet

__all__ = ["CellError", "CellErrors", "HeaderReport", "Taken", "read", "split_values", "write_rejects"]


def read(
    path: Path,
    contract: str | Contract,
    *,
    values: Mapping[str, str] | None = None,
    encoding: str | None = None,
    kind: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    strict: bool = False,
    unknown: Literal["other", "refuse"] = "other",
    names: Mapping[str, Mapping[str, str]] | None = None,
    step: Callable[[int, int], None] | None = None,
) -> Taken:
    """Reads a file of a contract (by name, or as changed by a saved mapping).

    ``values``: header → value that holds for the whole file (blank cells take it too). ``encoding``, ``kind`` (csv, xlsx,
    xls, parquet), ``delimiter`` (of a text file) and ``sheet`` force what is otherwise detected.
    ``strict``: a row in error refuses the file (SB2028). ``unknown``: names of items and
    states that no list maps become ``other`` with a warning, or refuse the file (SB2029). ``names``: more local names,
    ``{"items": {"村医": "allowance"}, "status": {…}}``, as from a saved mapping.
    ``step`` is told the bytes of the file that are done and its size, from time to time, rising to the whole.
    """
    path = Path(path)
    size = path.stat().st_size if path.is_file() else 0
    if step is not None:
        step(0, size)
    wanted = contract if isinstance(contract, Contract) else contracts.load(contract)
    given = by_column(wanted, values or {})
    source = open_source(path, encoding=encoding, kind=kind, delimiter=delimiter_of(delimiter))
    chosen, top, head = _choose(wanted, path.name, source, sheet, given)
    grid = _grid(wanted, source, chosen, head)
    body = grid.body
    sorted_rows = rows.sort(wanted, head, grid)
    _refuse_half(path.name, grid, sorted_rows, head)
    proved = _prove_totals(wanted, path.name, head, grid, sorted_rows)
    made = Assembly(wanted, head, grid, sorted_rows.data, {**head.above, **given}, names or {})
    found = made.columns()
    bad = made.bad_rows()
    good = ~np.isin(sorted_rows.data, bad)
    _prove_balance(path.name, head, grid, sorted_rows, found, good)
    table = canonical.table(wanted, path.name, made.lines, found, good)
    taken = Taken(
        contract=wanted.contract,
        path=path,
        sha256=_sha256(path),
        kind=source.kind,
        encoding=source.encoding,
        delimiter=source.delimiter,
        sheet=chosen,
        header=head.report,
        table=table,
        rejects=made.reading.errors.finish(body.lines),
        warnings=made.reading.warnings.finish(body.lines, without=bad),
        rows_read=len(sorted_rows.data),
        control=(table.num_rows, _control(wanted, table)),
        totals=proved,
        passed_over=[(body.lines[row].as_py(), why) for row, why in sorted_rows.passed_over],
        unknown_items=made.reading.unknown.get("待遇类型", {}),
        unknown_statuses=made.reading.unknown.get("发放状态", {}),
        columns=list(head.labels),
        rejected=_raw(grid, bad),
        top=[row for row in top if row.line <= head.last],
        clues=made.clues,
        left=source.left(chosen),
        stored=stored(body),
    )
    _refuse_if_asked(taken, strict, unknown)
    if step is not None:
        step(size, size)
    return taken


def write_rejects(taken: Taken, path: Path) -> None:
    """Writes the rows in error as a workbook in the file's own layout, the reason columns first."""
    from controls.intake import rejects

    rejects.write(taken, path)


def _choose(contract: Contract, file: str, source: Source, forced: str | None, given: Mapping[str, str]) -> tuple[str, list[TopRow], Head]:
    """The sheet, its first rows and its header; several fitting sheets are refused (SB2030)."""
    candidates = source.sheets if forced is None else [forced]
    if forced is not None and source.sheets == [""]:
        raise NoSuchSheet(file=file, sheet=forced, sheets="（不是工作簿）")
    fitting: list[tuple[str, list[TopRow], Head]] = []
    refusals: list[Refusal] = []
    for name in candidates:
        top = source.top(name)
        try:
            fitting.append((name, top, heads.find(contract, file, top, source.merged_heads(name), given)))
        except Refusal as refusal:
            if not isinstance(refusal, (NoHeader, MissingColumn)):
                raise
            refusals.append(refusal)
    if len(fitting) > 1:
        raise SeveralSheets(file=file, count=len(fitting), title=contract.title, sheets="、".join(name for name, _, _ in fitting))
    if not fitting:
        nearest = [refusal for refusal in refusals if isinstance(refusal, MissingColumn)]
        raise (nearest or refusals or [NoHeader(file=file, title=contract.title, wanted=contract.columns[0].header)])[0]
    return fitting[0]


def _grid(contract: Contract, source: Source, sheet: str, head: Head) -> Grid:
    """The rows below the header. Unknown columns and codes are hardly ever twice the same and get no dictionary."""
    used = {place: contract.column(name).kind for name, place in head.places.items()}
    plain = frozenset(place for place in range(len(head.labels)) if used.get(place, "code") == "code")
    fill = frozenset(place for place, kind in used.items() if kind != "amount")
    return Grid(source.body(sheet, head.last, len(head.labels), plain=plain, fill=fill), plain)


def _refuse_half(file: str, grid: Grid, sorted_rows: rows.Sorted, head: Head) -> None:
    """A last line without its end and with fewer cells than the header was cut off (SB2006), unless it is a note or a total with a figure."""
    body = grid.body
    last = len(body) - 1
    if not body.unfinished or body.wrong_count.get(last, len(head.labels)) >= len(head.labels):
        return
    if any(row == last for row, _ in sorted_rows.passed_over):
        return
    if any(total.row == last for total in sorted_rows.totals) and any(grid.text(head.places[name], last).strip() for name in head.scales):
        return
    raise HalfWritten(file=file, why=f"末行（第 {body.lines[last].as_py()} 行）只有 {body.wrong_count[last]} 格，表头有 {len(head.labels)} 格，且没有换行")


def _prove_totals(contract: Contract, file: str, head: Head, grid: Grid, sorted_rows: rows.Sorted) -> list[CheckedTotal]:
    proved: list[CheckedTotal] = []
    if sorted_rows.totals:
        for name, place in head.places.items():
            column = contract.column(name)
            if column.kind == "amount" and column.total:
                sums = totals.Sums(grid.cells(place), sorted_rows.data, head.scales[name] != 1)
                proved += totals.prove(file, grid.body.lines, sorted_rows.totals, column.header, sums, len(grid.body))
    return proved


def _prove_balance(file: str, head: Head, grid: Grid, sorted_rows: rows.Sorted, found: Mapping[str, Any], good: Any) -> None:
    """Balance rows (期初余额 …) take part in the proof with no movement of their own."""
    from controls.intake.cells import Bad, amount

    if "balance" not in head.places:
        return
    accounts = found["account"].to_pylist()
    entries = [
        (int(row), accounts[place], found["balance"][place].as_py(), found["credit"][place].as_py() - found["debit"][place].as_py(), bool(good[place]))
        for place, row in enumerate(sorted_rows.data)
    ]
    for row, why in sorted_rows.passed_over:
        if why == "余额行" and entries:
            try:
                fen = amount(grid.text(head.places["balance"], row), wan=head.scales["balance"] != 1)
            except Bad:
                continue
            nearest = min(entries, key=lambda entry: abs(entry[0] - row))
            entries.append((row, nearest[1], fen, 0, True))
    entries.sort(key=lambda entry: entry[0])
    if not entries:
        return
    body_rows, names, balance, moved, sound = zip(*entries, strict=True)
    lines = grid.body.lines.take(pa.array(body_rows)).to_pylist()
    readable = np.array([ok and value is not None for ok, value in zip(sound, balance, strict=True)])
    known = np.array([0 if value is None else value for value in balance], np.int64)
    statement.prove(file, names, body_rows, lines, known, np.array(moved, np.int64), readable)


def _control(contract: Contract, table: pa.Table) -> int:
    return sum(pc.sum(table.column(name)).as_py() or 0 for name in canonical.CONTROL.get(contract.contract, ()))


def _raw(grid: Grid, bad: Any) -> pa.Table:
    """The cells of the rows in error as text."""
    at = pa.array(bad, pa.int64())
    columns = {"line": grid.body.lines.take(at)}
    for place, column in enumerate(grid.body.columns):
        columns[f"c{place}"] = column.take(at).cast(pa.string())
    if grid.body.extra:
        for more in range(max(len(cells) for cells in grid.body.extra.values())):
            texts = [(grid.body.extra.get(int(row), ())[more : more + 1] or ("",))[0] for row in bad]
            columns[f"c{len(grid.body.columns) + more}"] = pa.array(texts, pa.string())
    return pa.table(columns)


def _refuse_if_asked(taken: Taken, strict: bool, unknown: str) -> None:
    if strict and taken.rejects:
        first = taken.rejects[0]
        raise BadRows(file=taken.path.name, count=taken.rejected.num_rows, line=first.line, column=first.column, reason=first.reason_zh, code=first.code)
    if unknown == "refuse":
        for column, names, file in (("待遇类型", taken.unknown_items, "items.yaml"), ("发放状态", taken.unknown_statuses, "status.yaml")):
            if names:
                shown = "、".join(f"{name}（{count} 行）" for name, count in list(names.items())[:20])
                raise UnknownNames(file=taken.path.name, column=column, names=shown, list=file)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
