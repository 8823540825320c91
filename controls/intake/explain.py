"""What a file would be taken as (识别说明): everything the reader recognised and doubted, as data that the command line and the pages render.

Nothing here takes or writes anything. Identity numbers, names and accounts are masked unless ``reveal`` is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from controls import trail
from controls.intake import contracts, samples
from controls.intake.contracts import Column, Contract
from controls.intake.nearest import column_for
from ledger.errors import REGISTRY, Refusal
from ledger.money import Fen
from ledger.sheets import Source
from ledger.sheets.facts import address, letters

if TYPE_CHECKING:
    from controls.intake.doubts import Doubt
    from controls.intake.kinds import Candidate
    from controls.intake.taken import Taken
    from controls.intake.trouble import CellErrors

LEVELS = ("error", "ask", "warn", "tell")
SETTLED = ("SB2131", "SB2133", "SB2134", "SB2154")
"""Doubts on which the contract of files has decided already: a damaged value is a warning and its row stays, local names are asked for
by name, an unknown header is listed."""
CHECKED_LATER = {"SB2138": frozenset(("payments", "contributions", "roster"))}
"""Doubts → contracts in which a check finds the same afterwards (P3, S2: the same row twice): warned of, so that it can be found."""
FIRST_PLACES = 5
SAMPLES = 10
READ_AS = {
    "fund": "险种，按代码或名称", "program": "险种或专项资金项目，按代码或名称", "region": "统筹区，取前 6 位", "number": "证件号码，原样作文字，15 位转 18 位",
    "document": "证件类型", "name": "姓名",
    "item": "待遇类型，按名称归类", "status": "发放状态，按名称归类", "month": "年月", "day": "日期", "day_or_month": "日期；只有年月的按月末",
    "amount": "金额，两位小数", "account": "账号，原样作文字", "text": "文字", "code": "编号，原样作文字", "choice": "约定的取值", "integer": "整数",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet of the workbook: ``state`` is 读取, 未读 or 隐藏."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column that is read: canonical header ← header found at ``place`` (a letter), how, in which unit."""

    canonical: str
    found: str
    place: str
    read_as: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ColumnLeft:
    """A column that is not read, why, and the canonical header it may stand for ('' when none is near)."""

    found: str
    place: str
    why: str
    perhaps: str = ""


@dataclass(frozen=True, slots=True)
class DoubtsOfAKind:
    """One kind of doubt: ``level`` error (rows left out), ask (a person decides), warn or tell; ``count`` places, the first of
    them in ``places``; ``said`` the sentence; ``todo`` what to do; ``answer`` the option that answers it ('' where none is asked)."""

    code: str
    level: str
    said: str
    count: int
    places: tuple[str, ...]
    todo: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A file as it would be taken. ``rows_made``: rows of the canonical table, more than ``rows_good`` where each row has several
    components. ``fen``: sum of the amounts of the good rows. ``trouble``: why it cannot be read at all, as ``Refusal.as_json``.

    ``given`` and ``above``: canonical header → value given with the file, or found above the header. ``samples``: head and rows
    as they would be taken. ``outcome``: what would happen on import, one sentence each;
    ``status``: the exit status it would have. ``commands``: what to run next, the first one first.
    """

    file: str
    contract: str
    title: str
    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[SheetSeen, ...] = ()
    header_line: int = 0
    columns: tuple[ColumnSeen, ...] = ()
    left: tuple[ColumnLeft, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    above: Mapping[str, str] = field(default_factory=dict)
    mapping: str = ""
    rows_read: int = 0
    rows_good: int = 0
    rows_made: int = 0
    rows_bad: int = 0
    fen: Fen = 0
    totals: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    passed_count: int = 0
    sample_head: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    masked: bool = True
    doubts: tuple[DoubtsOfAKind, ...] = ()
    candidates: tuple[str, ...] = ()
    trouble: Mapping[str, Any] | None = None
    outcome: tuple[str, ...] = ()
    status: int = 0
    commands: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return asdict(self)


def explain(
    taken: Taken, *, doubts: Sequence[Doubt] = (), source: Source | None = None, contract: Contract | None = None, mapping: str = "", reveal: bool = False
) -> Explanation:
    """Everything about a file that was read. ``source`` tells the sheets, ``contract`` is the one it was read by (its own by default)."""
    contract = contract or contracts.load(taken.contract)
    (rows, fen), bad = taken.control, taken.rejected.num_rows
    head, table = samples.shown(contract, taken, SAMPLES, reveal=reveal)
    passed = [(line, why) for line, why in taken.passed_over]
    return Explanation(
        file=taken.path.name, contract=taken.contract, title=contract.title, kind=taken.kind, encoding=taken.encoding, delimiter=taken.delimiter,
        sheets=sheets(source, taken.sheet), header_line=taken.header.header_line, columns=_columns(contract, taken), left=_left(contract, taken),
        given=_said(taken.header.given, reveal), above=_said(taken.header.above, reveal), mapping=mapping,
        rows_read=taken.rows_read, rows_good=taken.rows_read - bad, rows_made=rows, rows_bad=bad, fen=fen,
        totals=tuple(f"第 {total.line} 行“{total.label}”{total.column} {samples.yuan(total.fen)} 元，与明细相符" for total in taken.totals),
        passed_over=tuple(f"第 {line} 行：{why}" for line, why in passed[:SAMPLES]), passed_count=len(passed), sample_head=head, samples=table,
        masked=not reveal, doubts=(*_troubles(taken, taken.rejects, "error", reveal), *grouped(doubts, taken.contract), *_warnings(taken, doubts, reveal)),
    )  # fmt: skip


def refused(
    file: str, refusal: Refusal, *, candidates: Sequence[Candidate] = (), contract: Contract | None = None, source: Source | None = None
) -> Explanation:  # fmt: skip
    """What can be said of a file that cannot be read: why, what to do, and what its unknown headers may stand for."""
    left: tuple[ColumnLeft, ...] = ()
    if contract is not None and "unknown" in refusal.facts:
        there = {column.id for column in contract.columns if column.header in str(refusal.facts.get("found", "")).split("、")}
        unknown = [part for part in str(refusal.facts["unknown"]).split("、") if part != "无"]
        left = tuple(_unknown(label, "", contract, there) for label in unknown)
    return Explanation(
        file=file, contract=contract.contract if contract else "", title=contract.title if contract else "", kind=source.kind if source else "",
        encoding=source.encoding if source else "", delimiter=source.delimiter if source else "", sheets=sheets(source, None), left=left,
        header_line=int(refusal.facts.get("line", 0)) if contract is not None and "unknown" in refusal.facts else 0,
        candidates=tuple(candidate.said for candidate in candidates[:5]), trouble=trail.redact(refusal.as_json()), status=refusal.status,
        outcome=("不能导入，没有收下任何数据。",),
    )  # fmt: skip


def sheets(source: Source | None, chosen: str | None) -> tuple[SheetSeen, ...]:
    """The sheets of a workbook with what became of each; () for files without sheets."""
    if source is None or source.sheets == [""]:
        return ()
    shown = [SheetSeen(name, "读取" if name == chosen else "未读") for name in source.sheets]
    every = getattr(source, "all_sheets", source.sheets)
    return (*shown, *(SheetSeen(name, "隐藏，读取" if name == chosen else "隐藏，未读") for name in every if name not in source.sheets))


def place_of(taken: Taken, label: str) -> int:
    """Index of the column with this header in the file; -1 when it has none (a value given with the file)."""
    return taken.columns.index(label) if label in taken.columns else -1


def where(taken: Taken, line: int, label: str) -> str:
    """One cell as a spreadsheet shows it (``C17``), the line where the whole row is meant."""
    place = place_of(taken, label)
    return address(line, place + taken.left) if place >= 0 else f"第 {line} 行"


def grouped(doubts: Iterable[Doubt], contract: str) -> tuple[DoubtsOfAKind, ...]:
    """Doubts as they are shown, those that are asked first; what is settled, or checked later, is not asked."""
    made = []
    for doubt in doubts:
        spared = doubt.code in SETTLED or contract in CHECKED_LATER.get(doubt.code, ())
        level = "warn" if spared and doubt.level == "ask" else doubt.level
        answer = f"--answer {doubt.code}=yes" if level == "ask" else ""
        made.append(DoubtsOfAKind(doubt.code, level, doubt.zh, doubt.count, doubt.cells[:FIRST_PLACES], doubt.remedy_zh, answer))
    return tuple(sorted(made, key=lambda one: LEVELS.index(one.level)))


def _warnings(taken: Taken, doubts: Sequence[Doubt], reveal: bool) -> Iterator[DoubtsOfAKind]:
    """Warnings of cells that no doubt speaks of already."""
    told = {doubt.code for doubt in doubts}
    return (one for one in _troubles(taken, taken.warnings, "warn", reveal) if one.code not in told)


def _columns(contract: Contract, taken: Taken) -> tuple[ColumnSeen, ...]:
    by_header = {column.header: column for column in contract.columns}
    seen = []
    for canonical, found in taken.header.recognised.items():
        column, at = by_header[canonical], place_of(taken, found)
        unit = taken.header.units.get(canonical, "元") if column.kind == "amount" else ""
        seen.append(ColumnSeen(canonical, found, _place(taken, at), _how(column), unit))
    return tuple(seen)


def _said(values: Mapping[str, str], reveal: bool) -> dict[str, str]:
    return {header: value if reveal else samples.masked(value, header) for header, value in values.items()}


def _how(column: Column) -> str:
    return READ_AS[column.kind] + ("；也可只有年份" if column.year else "")


def _left(contract: Contract, taken: Taken) -> tuple[ColumnLeft, ...]:
    there = {column.id for column in contract.columns if column.header in {*taken.header.recognised, *taken.header.given}}
    unused = [ColumnLeft(label, _place(taken, place_of(taken, label)), "让位于更具体的列") for label in taken.header.unused]
    return (*unused, *(_unknown(label, _place(taken, place_of(taken, label)), contract, there) for label in taken.header.unknown))


def _unknown(label: str, place: str, contract: Contract, there: set[str]) -> ColumnLeft:
    """A header no column reads: a national field with its meaning, or one that may be a misspelt column."""
    meaning = contracts.fields().get(contracts.fold(label), "")
    if meaning:
        return ColumnLeft(label, place, f"用不着（{meaning}）")
    column = column_for(label, contract, there)
    return ColumnLeft(label, place, "不认识", column.header if column is not None and column.part is None else "")


def _place(taken: Taken, at: int) -> str:
    if at < 0:
        return ""
    return letters(at + taken.left)


def _troubles(taken: Taken, found: CellErrors, level: str, reveal: bool) -> tuple[DoubtsOfAKind, ...]:
    """Errors or warnings of cells by code, most frequent first; counted without making an object for each."""
    import pyarrow.compute as pc

    made = []
    for code, count in found.counts().items():
        first = found.table.filter(pc.equal(found.table.column("code"), code)).slice(0, FIRST_PLACES).to_pylist()
        refusal, value = REGISTRY[code], str(first[0]["value"])
        said = refusal.zh.format(column=first[0]["column"], value=value if reveal else samples.masked(value, first[0]["column"]))
        places = tuple(where(taken, row["line"], row["column"]) for row in first)
        made.append(DoubtsOfAKind(code, level, said, count, places, refusal.remedy_zh))
    return tuple(made)
