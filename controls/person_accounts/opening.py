"""Opening balances of person accounts from a file (期初余额): people × sources, with control totals, all of it or nothing.

The file is CSV or a workbook. Head: 证件号码, then one column a source (个人缴费, 省级缴费补贴 …, or an alias of one); other heads are refused
except 姓名 and 序号, which are not kept. Amounts are yuan; a blank is nil. Rows 合计, 小计, 总计 are checked against the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from controls.duties import Actor
from controls.person_accounts import acts
from controls.person_accounts.errors import OpeningRefused, OpeningRows
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from ledger.identity import judge
from ledger.money import Fen, parse_fen, show
from ledger.months import Month
from ledger.person_accounts import flows, law, store
from ledger.person_accounts.errors import UnknownPart
from ledger.person_accounts.store import ActRow, Batch, Wanted
from ledger.tables import entry

NUMBER = ("证件号码", "身份证号", "公民身份号码", "社会保障号码", "身份证号码")
UNUSED = ("姓名", "序号", "备注")
TOTALS = ("合计", "小计", "总计")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with one row: its line in the file, the column, the reason."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"第 {self.line} 行“{self.column}”{self.why}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as read: rows, persons, fen by part, and every doubt."""

    name: str
    sha256: str
    rows: tuple[ActRow, ...]
    persons: int
    by_part: dict[str, Fen]
    doubts: tuple[Doubt, ...]

    @property
    def total(self) -> Fen:
        """Fen of the whole file."""
        return sum(self.by_part.values())


def read(path: Path) -> Opened:
    """A file of opening balances; doubts are collected by row. Raises SB3208 where the head is none."""
    import hashlib

    from ledger.sheets import open_source

    source = open_source(path)
    sheet = source.sheets[0]
    for row in source.top(sheet):
        heads = ["".join(cell.split()) for cell in row.cells]
        if any(head in NUMBER for head in heads):
            break
    else:
        raise OpeningRefused(why="找不到表头（须有“证件号码”和各来源的列）")
    columns = _columns(heads)
    body = source.body(sheet, row.line, len(heads)).decoded()
    cells = list(zip(*(column.to_pylist() for column in body.columns), strict=True))
    rows, doubts = _rows(cells, body.lines.to_pylist(), heads, columns)
    doubts += [Doubt(body.lines[place].as_py(), heads[column], "在工作簿里存成了数字，已失真") for column, places in body.damaged.items() for place in places]
    by_part: dict[str, Fen] = {}
    for _, part, _, fen in rows:
        by_part[part] = by_part.get(part, 0) + fen
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Opened(path.name, digest, tuple(rows), len({row[0] for row in rows}), by_part, tuple(sorted(doubts, key=lambda one: one.line)))


def _columns(heads: Sequence[str]) -> dict[int, str]:
    """Place of a column → part; -1 stands for the number's."""
    found: dict[int, str] = {}
    for place, head in enumerate(heads):
        if head in NUMBER:
            found[place] = ""
        elif head and head not in UNUSED:
            try:
                part = law.part(head)
            except UnknownPart as unknown:
                raise OpeningRefused(why=f"表头“{head}”不是个人账户的来源；可用：{'、'.join(one.zh for one in law.parts() if not one.outside)}") from unknown
            if part.outside or part.code in found.values():
                raise OpeningRefused(why=f"表头“{head}”重复，或不进个人账户")
            found[place] = part.code
    if list(found.values()).count("") != 1 or len(found) < 2:
        raise OpeningRefused(why="须有一列证件号码和至少一列来源")
    return found


def _rows(cells: Sequence[Sequence[str]], lines: Sequence[int], heads: Sequence[str], columns: dict[int, str]) -> tuple[list[ActRow], list[Doubt]]:
    rows: list[ActRow] = []
    doubts: list[Doubt] = []
    seen: dict[str, int] = {}
    sums: dict[str, Fen] = {}
    key = next(place for place, part in columns.items() if not part)
    for line, row in zip(lines, cells, strict=True):
        if not any(row):
            continue
        total = next((word for word in TOTALS if any("".join(cell.split()) == word for cell in row[: key + 1])), "")
        judged = judge(row[key])
        if not total and not judged.ok:
            doubts.append(Doubt(line, heads[key], "不是有效的证件号码"))
        elif not total and judged.normal in seen:
            doubts.append(Doubt(line, heads[key], f"与第 {seen[judged.normal]} 行重复"))
        seen.setdefault(judged.normal, line)
        for place, part in columns.items():
            if not part or not row[place].strip():
                continue
            try:
                fen = parse_fen(row[place])
            except Refusal as refused:
                doubts.append(Doubt(line, heads[place], refused.text()))
                continue
            if total:
                if fen != sums.get(part, 0):
                    doubts.append(Doubt(line, heads[place], f"{total} {show(fen)} 元，各行相加 {show(sums.get(part, 0))} 元"))
                continue
            sums[part] = sums.get(part, 0) + fen
            if fen < 0:
                doubts.append(Doubt(line, heads[place], "为负"))
            elif fen:
                rows.append((judged.normal, part, "opening", fen))
    return rows, doubts


def propose(work: UnitOfWork, now: str, actor: Actor, book: Book, opened: Opened, period: Month, *, persons: int, total: Fen, evidence: str) -> Batch:
    """Lays the file before the reviewer; ``persons`` and ``total`` are the control totals of the paper that came with it.

    ``period`` is the month at whose end the balances stand. Raises SB1420, SB3001, SB3208, SB3209.
    """
    acts.may_prepare(actor, "opening")
    law.fund_law(book.fund)
    if opened.doubts:
        shown = "；".join(map(str, opened.doubts[:SHOWN])) + ("……" if len(opened.doubts) > SHOWN else "")
        raise OpeningRows(count=len(opened.doubts), rows=shown)
    if (opened.persons, opened.total) != (persons, total):
        raise OpeningRefused(why=f"文件有 {opened.persons} 人 {show(opened.total)} 元，控制合计为 {persons} 人 {show(total)} 元")
    if not opened.rows:
        raise OpeningRefused(why="没有余额")
    known = [one for one in store.batches(work.connection, book.book_id) if one.kind in ("opening", "interest") and one.state != "rejected"]
    if known:
        raise OpeningRefused(why=f"已有{known[0].label}")
    if (first := first_month(work.connection, book.book_id)) is not None and first <= period.number:
        raise OpeningRefused(why=f"{Month.from_number(first)} 已有缴费或支付入账，期初余额须在其前")
    facts = {"file": opened.name, "sha256": opened.sha256, "persons": opened.persons, "by_part": opened.by_part}
    wanted = Wanted("opening", period, books=False, reason="个人账户期初余额", evidence=evidence, facts=facts)
    return acts.propose(work, now, actor, book.book_id, wanted, opened.rows)


def first_month(connection: sa.Connection, book_id: int) -> int | None:
    """The first month (``yyyymm``) in which contributions, payments on an account or acts were posted; None when there are none."""
    heads = entry.c
    brought = sa.or_(heads.contribution_source.is_not(None), heads.payout_source.is_not(None), heads.source_key.like(f"{flows.SOURCE}%"))
    found = connection.execute(sa.select(sa.func.min(sa.type_coerce(heads.period, sa.Integer))).where(heads.book_id == book_id, brought)).scalar()
    return int(found) if found is not None else None
