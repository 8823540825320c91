"""The reader (导入): any file of a contract in, a canonical table out, with everything that was recognised, left out and doubted.

:func:`read` raises a refusal (SB20xx, exit status 2) for trouble of the whole file; trouble of single rows is data:
``Taken.rejects``. Nothing here writes to a store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Literal

from controls.intake import contracts, heads
from controls.intake.contracts import Contract
from controls.intake.errors import BadRows, ChangedMeanwhile, MissingColumn, NoHeader, NoRoom, SeveralSheets, UnknownNames
from controls.intake.heads import Head, HeaderReport
from controls.intake.nearest import word_for
from controls.intake.settings import by_column, delimiter_of, split_values
from controls.intake.taken import Taken
from controls.intake.taking import Taking, ahead
from controls.intake.trouble import CellError, CellErrors
from ledger import system_words
from ledger.errors import Refusal
from ledger.sheets import Body, Source, TopRow, open_source
from ledger.sheets.body import BLOCK, Blocks
from ledger.sheets.encodings import undecodable
from ledger.sheets.errors import FileUnreadable, HalfWritten, NoSuchSheet, TooLarge

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
    folder: Path | None = None,
    block: int = BLOCK,
    opened: Source | None = None,
) -> Taken:
    """Reads a file of a contract (by name, or as changed by a saved mapping).

    ``values``: header → value that holds for the whole file (blank cells take it too). ``encoding``, ``kind`` (csv, xlsx,
    xls, parquet), ``delimiter`` (of a text file) and ``sheet`` force what is otherwise detected.
    ``strict``: a row in error refuses the file (SB2028). ``unknown``: names of items and
    states that no list maps become ``other`` with a warning, or refuse the file (SB2029). ``names``: more local names,
    ``{"items": {"村医": "allowance"}, "status": {…}}``, as from a saved mapping.
    ``step`` is told the bytes of the file that are done and its size, from time to time, rising to the whole. ``folder``: where the canonical
    rows of a big file are put for the time being (the system's folder for temporary files by default). ``block``: bytes of a text or
    Parquet file that are read at a time; the result does not depend on it. ``opened``: the file where it is open already, as it was to be read.
    """
    path = Path(path)
    stamp = _stamp(path)
    size = stamp[0]
    tell = step or (lambda _done, _size: None)
    tell(0, size)
    wanted = contract if isinstance(contract, Contract) else contracts.load(contract)
    given = by_column(wanted, values or {})
    source = opened or open_source(path, encoding=encoding, kind=kind, delimiter=delimiter_of(delimiter))
    chosen, top, head = _choose(wanted, path.name, source, sheet, given)
    with ThreadPoolExecutor(1, "sha256") as pool, closing(Taking(wanted, path, head, {**head.above, **given}, names or {}, folder)) as taking:
        digest = pool.submit(_sha256, path)
        try:
            for body in ahead(_bodies(path.name, source, chosen, wanted, head, taking.plain, block)):
                taking.take(body)
                tell(min(body.position, size), size)
            ended = taking.finish()
        except UnicodeDecodeError as error:
            raise (undecodable(path) if source.encoding == "gb18030" else HalfWritten(file=path.name, why="有文字不是 UTF-8")) from error
        except OSError as error:
            raise NoRoom(file=path.name, why=system_words.said(error)) from error
        except MemoryError as error:
            raise TooLarge(file=path.name, what="所需内存", found="本机不够", limit="本机所有") from error
        if _stamp(path) != stamp:
            raise ChangedMeanwhile(file=path.name)
        taken = Taken(
            contract=wanted.contract, path=path, sha256=digest.result(), kind=source.kind, encoding=source.encoding, delimiter=source.delimiter, sheet=chosen,
            header=head.report, columns=list(head.labels), top=[row for row in top if row.line <= head.last], left=source.left(chosen), **ended,
        )  # fmt: skip
    _refuse_if_asked(taken, strict, unknown)
    tell(size, size)
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


def _bodies(file: str, source: Source, sheet: str, contract: Contract, head: Head, plain: frozenset[int], block: int) -> Iterator[Body]:
    """The rows below the header, in blocks where the source gives them so, else all at once (workbooks)."""
    width = len(head.labels)
    try:
        if isinstance(source, Blocks):
            yield from source.bodies(sheet, head.last, width, plain=plain, block=block)
        else:
            fill = frozenset(place for name, place in head.places.items() if contract.column(name).kind != "amount")
            yield source.body(sheet, head.last, width, plain=plain, fill=fill)
    except OSError as error:
        raise FileUnreadable(file=file, why=system_words.said(error)) from error


def _like(name: str, known: Mapping[str, str]) -> str:
    """The known word most like an unknown one, with its class, to be suggested."""
    near = word_for(name, known)
    return f"，最像“{near}”即 {known[near]}" if near else ""


def _refuse_if_asked(taken: Taken, strict: bool, unknown: str) -> None:
    if strict and taken.rejects:
        first = taken.rejects[0]
        raise BadRows(file=taken.path.name, count=taken.rejected.num_rows, line=first.line, column=first.column, reason=first.reason_zh, code=first.code)
    if unknown == "refuse":
        for column, names, file in (("待遇类型", taken.unknown_items, "items.yaml"), ("发放状态", taken.unknown_statuses, "status.yaml")):
            if names:
                known = contracts.local_names("items" if file == "items.yaml" else "status")
                shown = "、".join(f"{name}（{count} 行{_like(name, known)}）" for name, count in list(names.items())[:20])
                raise UnknownNames(file=taken.path.name, column=column, names=shown, list=file)


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of the last change; zeros where there is no file."""
    found = path.stat() if path.is_file() else None
    return (found.st_size, found.st_mtime_ns) if found else (0, 0)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
