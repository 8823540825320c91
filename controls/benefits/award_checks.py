"""Roster lines beside awards (花名册与待遇核定): an amount that no reviewed award grants is a lead before payment, by the parameter ``award_control``.

核对: whoever has an award is held to it and a difference is answered; those without one are only counted. 要求: differences and lines without an award are
blocked. Compared are the monthly lines of a roster, sums by person, item and month, with the newest reviewed award of that item; arrears (补发) are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.award_tables import award, award_item
from controls.findings import Evidence, Finding, Row, Severity
from controls.roster import Roster
from controls.rosterchanges import Compared, Differs
from controls.tables import roster_line
from ledger.benefits.scheme import schemes
from ledger.items import canonical_item
from ledger.money import Fen, show
from ledger.months import Month
from ledger.parameters import Parameters

PARAMETER = "award_control"
COMPARE, DEMAND = "核对", "要求"
DIFFERS, NONE, LACKING = "B1-AWARD-DIFFERS", "B2-NO-AWARD", "B3-AWARD-NOT-PAID"
ARREARS = "arrears"


@dataclass(frozen=True, slots=True)
class _Line:
    """A person's item of one month: fen on the roster, and what the newest reviewed award grants (None: no award)."""

    number: str
    item: str
    period: int
    paid: Fen
    due: Fen | None
    award_no: int


def compare(connection: sa.Connection, made: Roster, lines: pa.Table, parameters: Parameters) -> Compared:
    """Differences between a roster of monthly benefits and the awards of its book; ``counts`` in lines: granted, differs, without, lacking. Raises SB1031."""
    if made.kind != "benefit" or made.fund.special:
        return Compared((), {})
    demanded = parameters.text(PARAMETER, made.period.first_day, fund=made.fund.value) == DEMAND
    items = _items(connection, made)
    if not items or not (demanded or _any(connection, made)):
        return Compared((), {})
    found, counts = _lines(connection, made, items)
    absent = _absent(connection, made, items)
    counts["lacking"] = len(absent)
    told = [one for one in found if one.due is not None or demanded] + absent
    rows = _rows(lines, {one.number for one in told})
    return Compared(tuple(_differs(made, one, rows.get(one.number, []), demanded) for one in told), counts)


def stale(connection: sa.Connection, made: Roster) -> list[int]:
    """Awards of people on the roster that were reviewed after its check."""
    columns, line = award.c, roster_line.c
    people = sa.select(line.number).where(line.book_id == made.book_id, line.roster_id == made.roster_id)
    asked = sa.select(columns.award_no).where(
        columns.book_id == made.book_id, columns.state == "reviewed", columns.reviewed_at > made.checked_at,
        columns.from_month <= made.period.number, columns.number.in_(people),
    )  # fmt: skip
    return sorted(connection.execute(asked).scalars())


def _items(connection: sa.Connection, made: Roster) -> dict[str, str]:
    """Item as the roster writes it → its canonical name, of those that some way to reckon benefits pays."""
    reckoned = _monthly(made)[0]
    line = roster_line.c
    written = connection.execute(sa.select(line.item).distinct().where(line.book_id == made.book_id, line.roster_id == made.roster_id)).scalars()
    return {item: name for item in written if (name := canonical_item(made.fund, item) or item) in reckoned}


def _monthly(made: Roster) -> tuple[set[str], dict[str, str]]:
    """Items of the fund's monthly benefits, joint ones too, and the joint item that each part may be paid under."""
    names: set[str] = set()
    joints: dict[str, str] = {}
    for law in schemes():
        if law.fund is made.fund and not law.once:
            parts = {step.name: canonical_item(made.fund, step.item) or step.item for step in law.steps if step.item}
            names |= {*parts.values(), *(one.item for one in law.together)}
            joints |= {parts[step]: one.item for one in law.together for step in one.steps}
    return names, joints


def _any(connection: sa.Connection, made: Roster) -> bool:
    columns = award.c
    return connection.execute(sa.select(columns.award_no).where(columns.book_id == made.book_id, columns.state == "reviewed").limit(1)).first() is not None


def _paid(made: Roster, items: dict[str, str]) -> sa.Subquery:
    """Sums of the roster's monthly lines by person, canonical item and month."""
    line = roster_line.c
    item = sa.case(items, value=line.item, else_="").label("item")
    return (
        sa.select(line.number, item, line.period, sa.func.sum(line.gross_fen).label("fen"))
        .where(line.book_id == made.book_id, line.roster_id == made.roster_id, line.item_class != ARREARS, line.number != "", line.item.in_(items))
        .group_by(line.number, item, line.period)
        .subquery("paid")
    )


def _newest(made: Roster, number: sa.ColumnElement[str], item: sa.ColumnElement[str], month: sa.ColumnElement[int] | int, what: str) -> sa.ScalarSelect[Any]:
    """A column of the newest reviewed award of a person's item in force in a month."""
    mine, head = award_item.alias(), award.alias()
    return (
        sa.select(mine.c[what])
        .join(head, sa.and_(head.c.book_id == mine.c.book_id, head.c.award_no == mine.c.award_no))
        .where(mine.c.book_id == made.book_id, mine.c.number == number, mine.c.item == item, mine.c.from_month <= month, head.c.state == "reviewed")
        .order_by(mine.c.from_month.desc(), mine.c.award_no.desc())
        .limit(1)
        .scalar_subquery()
    )


def _lines(connection: sa.Connection, made: Roster, items: dict[str, str]) -> tuple[list[_Line], dict[str, int]]:
    """Lines whose amount is not the award's, and how many are granted, differ and have none."""
    paid = _paid(made, items)
    due = _newest(made, paid.c.number, paid.c.item, paid.c.period, "fen").label("due")
    number = _newest(made, paid.c.number, paid.c.item, paid.c.period, "award_no").label("award_no")
    held = sa.select(paid.c.number, paid.c.item, paid.c.period, paid.c.fen, due, number).subquery("held")
    same = sa.and_(held.c.due.is_not(None), held.c.due == held.c.fen)
    granted = connection.execute(sa.select(sa.func.count()).select_from(held).where(same)).scalar_one()
    rows = connection.execute(sa.select(held).where(sa.not_(same)).order_by(held.c.number, held.c.item, held.c.period))
    found = [_Line(row.number, row.item, row.period, int(row.fen), None if row.due is None else int(row.due), row.award_no or 0) for row in rows]
    without = sum(one.due is None for one in found)
    return found, {"granted": granted, "differs": len(found) - without, "without": without}


def _absent(connection: sa.Connection, made: Roster, items: dict[str, str]) -> list[_Line]:
    """What an award grants to somebody on the roster for its month and no line pays."""
    paid, line, (monthly, joints) = _paid(made, items), roster_line.c, _monthly(made)
    people = sa.select(line.number).where(
        line.book_id == made.book_id, line.roster_id == made.roster_id, line.item_class != ARREARS, line.period == made.period.number
    )
    mine, month = award_item.alias("mine"), made.period.number
    newest = _newest(made, mine.c.number, mine.c.item, month, "award_no")
    asked = (
        sa.select(mine.c.number, mine.c.item, mine.c.fen, mine.c.award_no)
        .outerjoin(paid, sa.and_(paid.c.number == mine.c.number, paid.c.item == mine.c.item, paid.c.period == month))
        .where(mine.c.book_id == made.book_id, mine.c.fen > 0, mine.c.joint == 0, mine.c.item.in_(sorted(monthly)), mine.c.number.in_(people))
        .where(paid.c.fen.is_(None), mine.c.award_no == newest)
        .order_by(mine.c.number, mine.c.item)
    )
    if covered := {part: joint for part, joint in joints.items() if joint in items.values()}:
        whole = _paid(made, items).alias("whole")
        joint = sa.case(covered, value=mine.c.item, else_="")
        asked = asked.where(~sa.exists().where(whole.c.number == mine.c.number, whole.c.period == month, whole.c.item == joint))
    return [_Line(row.number, row.item, made.period.number, 0, int(row.fen), row.award_no) for row in connection.execute(asked)]


def _rows(lines: pa.Table, numbers: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = lines.select(["seq", "file", "line", "number", "name", "item", "item_class", "period", "region"])
    for row in wanted.filter(pc.is_in(wanted.column("number"), pa.array(sorted(numbers), pa.string()))).to_pylist():
        if row["item_class"] != ARREARS:
            found.setdefault(row["number"], []).append(row)
    return found


def _differs(made: Roster, one: _Line, rows: list[dict[str, Any]], demanded: bool) -> Differs:
    """The lead: what the roster pays, what the award grants, and on which lines."""
    mine = [row for row in rows if row["period"] == one.period and (canonical_item(made.fund, row["item"]) or row["item"]) == one.item]
    shown = mine or rows
    month = Month.from_number(one.period)
    where = f"核定 {made.book_id}-{one.award_no}" if one.award_no else "没有复核过的核定"
    if one.due is None:
        rule, reason, amount = NONE, f"{month} {one.item} {show(one.paid)} 元没有复核过的核定", one.paid
    elif not mine:
        rule, reason, amount = LACKING, f"{month} {one.item} 核定 {show(one.due)} 元，花名册没有", one.due
    else:
        rule, reason, amount = DIFFERS, f"{month} {one.item} 花名册 {show(one.paid)} 元，核定 {show(one.due)} 元", abs(one.paid - one.due)
    found = Finding(
        rule=rule, severity=Severity.HIGH, id_number=one.number, name=shown[0]["name"], fund=made.fund.value, region=shown[0]["region"] or "",
        periods=(one.period,), amount=amount, counterpart=where, confidence=1000, reason=reason,
        evidence=Evidence(tuple(Row(row["file"], row["line"]) for row in shown), len(shown)), other=one.item, fact=f"{one.paid}|{one.due}|{one.award_no}",
    )  # fmt: skip
    blocking = demanded and rule != LACKING
    return Differs(found, tuple(row["seq"] for row in mine) or tuple(row["seq"] for row in shown), blocking, where)
