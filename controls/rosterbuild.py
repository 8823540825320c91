"""Building a roster (编制花名册) from a roster file taken in: every line checked, payees grouped, lines digested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls import bulk, roster, trail
from controls.duties import Actor, Duty, require
from controls.errors_payment import BadRosterLine, NoBook, NothingToPay, RosterExists, TwinRoster
from controls.intake import register
from controls.intake.register import SourceFile
from controls.roster import LINE_COLUMNS, SEPARATOR, STATE_ZH, Line, Roster, line_digest
from controls.roster_tables import supplement_line
from controls.rosters import terms
from controls.tables import bank_line, bank_result, comeback, hold, roster_line
from controls.tables import roster as roster_table
from ledger import chain
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month
from ledger.tables import book

CONTRACT = "roster"
BENEFIT, ALLOWANCE = "benefit", "allowance"
ARREARS = "arrears"
"""补发 of earlier months; it is paid in whatever month its roster is for."""


@dataclass(frozen=True, slots=True)
class Built:
    """A roster just built, and how many lines of the file belong to rosters of their own (代发, other funds)."""

    roster: Roster
    left_out: int


def build(
    work: UnitOfWork, home: Path, actor: Actor, now: str, fund: Fund, period: Month, *, file_id: int | None = None, kind: str = BENEFIT,
    origins: Sequence[tuple[int, int]] = (),
) -> Built:  # fmt: skip
    """Builds the roster of ``fund`` and ``period`` from file ``file_id``, or from the latest of that fund and month.

    ``origins`` of a supplement names for each line the held line it pays (roster, seq); it needs no line of the month itself.
    Raises SB3001 (needs HANDLE_ROSTER), SB3023, SB3031 (built before), SB3032 (a line that cannot be paid),
    SB1460 (an item that the program does not pay), SB3040 (nothing to pay), SB3043 (no book), SB3044 (somebody's item stands in another live roster).
    """
    require(actor, Duty.HANDLE_ROSTER)
    chain.lock(work)
    kind = ALLOWANCE if fund.special else kind
    source = register.file(work.connection, file_id) if file_id is not None else register.latest(work.connection, CONTRACT, fund, period)
    book_id = _book(work.connection, fund)
    _refuse_twice(work.connection, source, fund, kind)
    table = source.table(home)
    chosen = select(table, fund, kind)
    of_month = pc.or_(pc.equal(chosen.column("period"), period.number), pc.equal(chosen.column("item_class"), ARREARS))
    if not chosen.num_rows or not (origins or pc.any(of_month).as_py()):
        raise NothingToPay(what=f"{source.name} 的{fund.short} {period} {roster.KIND_ZH[kind]}")
    lines = _lines(source, chosen, period)
    if fund.special:
        _own_items(fund, lines)
    made = Roster(
        book_id=book_id,
        roster_id=work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(roster_table.c.roster_id), 0) + 1)).scalar_one(),
        fund=fund,
        kind=kind,
        period=period,
        file_id=source.file_id,
        state="building",
        payment="none",
        round=1,
        check_no=0,
        checked_at="",
        checked_file=0,
        line_count=len(lines),
        gross_fen=sum(line.gross_fen for line in lines),
        net_fen=sum(line.net_fen for line in lines),
        built_by=actor.user,
        built_at=now,
    )
    begun = _store(work, made, lines, origins)
    _refuse_twins(work, made, lines)
    facts = {"file": source.file_id, "lines": made.line_count, "gross_fen": made.gross_fen, "net_fen": made.net_fen, "left_out": table.num_rows - len(lines)}
    facts |= {"flow": begun.flow, "term_on": begun.term_on.isoformat()} | ({"supplement": len(origins)} if origins else {})
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "roster.build", f"roster:{made.roster_id}", source.sha256, facts)
    return Built(roster.get(work.connection, made.roster_id), table.num_rows - len(lines))


def select(table: pa.Table, fund: Fund, kind: str) -> pa.Table:
    """The lines of a canonical roster table that belong to this fund and kind, numbered where the file has no 序号.

    A program (专项资金) takes its own lines, and from any fund's file the allowances (代发) that are among its items.
    """
    if table.column("seq").null_count == table.num_rows:
        numbers = pa.array(range(1, table.num_rows + 1), pa.int32())
        table = table.set_column(table.column_names.index("seq"), "seq", numbers)
    allowance = pc.equal(table.column("item_class"), ALLOWANCE)
    if fund.special:
        paid = pa.array([fund.program.pays(item or "") for item in table.column("item").to_pylist()], pa.bool_())
        return table.filter(pc.or_(pc.equal(table.column("fund"), fund.value), pc.and_(allowance, paid)))
    wanted = allowance if kind == ALLOWANCE else pc.invert(allowance)
    return table.filter(pc.and_(wanted, pc.equal(table.column("fund"), fund.value)))


def lines_of(source: SourceFile, table: pa.Table, fund: Fund, kind: str, period: Month) -> list[Line]:
    """The lines that a roster of this fund, kind and month has when it is built from the file; raises SB3032."""
    return _lines(source, select(table, fund, kind), period)


def _own_items(fund: Fund, lines: Sequence[Line]) -> None:
    """A program pays its own items only; raises SB1460."""
    for item in sorted({line.item for line in lines}):
        fund.program.benefit(item)


def _book(connection: sa.Connection, fund: Fund) -> int:
    found = connection.execute(sa.select(book.c.book_id).where(book.c.fund == fund.value)).scalar()
    if found is None:
        raise NoBook(fund=fund.short)
    return int(found)


def _refuse_twice(connection: sa.Connection, source: SourceFile, fund: Fund, kind: str) -> None:
    columns = roster_table.c
    earlier = connection.execute(
        sa.select(columns.roster_id, columns.state).where(
            columns.file_id == source.file_id, columns.kind == kind, columns.fund == fund.value, columns.state != "withdrawn"
        )
    ).first()
    if earlier is not None:
        raise RosterExists(file_id=source.file_id, roster=earlier.roster_id, state=STATE_ZH[earlier.state])


def _refuse_twins(work: UnitOfWork, made: Roster, lines: Sequence[Line]) -> None:
    """No person's item of a month stands in two live rosters, unless the earlier line was held, or failed or came back at the bank.

    Raises SB3044 naming the first: the same people under another file's name are the same payment (feature 84).
    """
    mine = {(line.number or line.id_raw or line.name, line.item, line.period): line for line in lines if line.net_fen}
    theirs, header, result = roster_line.c, roster_table.c, bank_result.c
    who = sa.case((theirs.number != "", theirs.number), (theirs.id_raw != "", theirs.id_raw), else_=theirs.name)
    of_roster = [sa.and_(t.c.book_id == theirs.book_id, t.c.roster_id == theirs.roster_id) for t in (roster_table, hold, bank_line)]
    of_line = [
        sa.and_(t.c.book_id == bank_line.c.book_id, t.c.roster_id == bank_line.c.roster_id, t.c.bank_seq == bank_line.c.bank_seq)
        for t in (bank_result, comeback)
    ]
    live = (
        sa.select(who, theirs.item, theirs.period, theirs.roster_id, theirs.seq)
        .join(roster_table, of_roster[0])
        .outerjoin(hold, sa.and_(of_roster[1], hold.c.seq == theirs.seq))
        .outerjoin(bank_line, sa.and_(of_roster[2], bank_line.c.payee == theirs.payee))
        .outerjoin(bank_result, of_line[0])
        .outerjoin(comeback, of_line[1])
        .where(theirs.book_id == made.book_id, theirs.roster_id != made.roster_id, header.state != "withdrawn", header.kind == made.kind, theirs.net_fen != 0)
        .where(theirs.period.in_(sorted({key[2] for key in mine})), hold.c.seq.is_(None), comeback.c.bank_seq.is_(None))
        .where(sa.or_(result.ok.is_(None), result.ok == 1))
    )
    for person, item, period, roster_id, seq in work.connection.execute(live):
        twin = mine.get((person, item, period))
        if twin is not None:
            raise TwinRoster(seq=twin.seq, name=twin.name, item=item, period=Month.from_number(period), roster=roster_id, other=seq)


def _lines(source: SourceFile, table: pa.Table, period: Month) -> list[Line]:
    """The lines in order of ``seq``, each proved payable; raises SB3032 naming the first that is not."""
    names = ("seq", "number", "number_ok", "id_raw", "id_type", "name", "item", "item_class", "period", "gross", "offset", "offset_to", "withheld", "net")
    columns = [table.column(name).to_pylist() for name in (*names, "account", "holder", "bank", "region", "note")]
    payees: dict[tuple[Any, ...], int] = {}
    made: list[Line] = []
    seen: set[int] = set()
    rows = sorted(zip(*columns, strict=True), key=lambda row: (row[0] is not None, row[0] or 0))
    for seq, number, number_ok, id_raw, id_type, name, item, item_class, month, gross, offset, offset_to, withheld, net, *rest in rows:
        account, holder, bank, region, note = rest
        why = _fault(seq in seen, seq, number or id_raw, name, month, period, (gross, offset or 0, withheld or 0, net), account, holder)
        if why:
            raise BadRosterLine(file=source.name, seq=seq, why=why)
        seen.add(seq)
        payee = payees.setdefault((number or id_raw, name, account, holder), len(payees) + 1)
        line = Line(
            seq, payee, number or "", int(bool(number_ok)), id_raw or "", id_type or "", name, item or "", item_class, month,
            gross, offset or 0, offset_to or "", withheld or 0, net, account or "", holder or "", bank or "", region or "", note or "",
        )  # fmt: skip
        if any(SEPARATOR in field for field in line if field.__class__ is str):
            raise BadRosterLine(file=source.name, seq=seq, why="含控制字符")
        made.append(line)
    return made


def _fault(repeated: bool, seq: int | None, person: str, name: str, month: int, period: Month, money: Sequence[int], account: str, holder: str) -> str:
    """Why a line cannot be paid, '' when it can."""
    gross, offset, withheld, net = money
    if seq is None or repeated:
        return "序号缺失或重复"
    if not person and not name:
        return "证件号码和姓名都为空"
    if net < 0 or net != gross - offset - withheld:
        return "实发不等于应发 − 抵扣 − 代扣，或为负数"
    if net and not (account and holder):
        return "缺银行账号或户名"
    if month > period.number:
        return f"所属期晚于发放月份 {period}"
    return ""


def _store(work: UnitOfWork, made: Roster, lines: Sequence[Line], origins: Sequence[tuple[int, int]]) -> terms.Begun:
    values = {name: getattr(made, name) for name in Roster.__slots__}
    work.connection.execute(roster_table.insert().values(**{**values, "fund": made.fund.value, "period": made.period.number}))
    begun = terms.begin(work, made)
    rows = ((made.book_id, made.roster_id, *line, line_digest(line)) for line in lines)
    bulk.insert(work, roster_line, ("book_id", "roster_id", *LINE_COLUMNS), rows)
    if origins:
        key = {"book_id": made.book_id, "roster_id": made.roster_id}
        rows_from = [
            {**key, "seq": line.seq, "from_roster": before, "from_seq": seq} for line, (before, seq) in zip(lines, origins, strict=True)
        ]
        work.connection.execute(supplement_line.insert(), rows_from)
    work.connection.execute(
        roster_table.update().where(roster_table.c.book_id == made.book_id, roster_table.c.roster_id == made.roster_id).values(state="built")
    )
    return begun
