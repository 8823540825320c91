"""Changes of the month (待遇增减变动表): last month's people and money, who came, who left and why, and this month's, so that the two tie.

Set-based over the rosters of one fund: ``before`` is what was released for last month, ``now`` this roster's paid lines and what else is
released for its month. Who left is explained by this roster's held lines and by the register of persons; what nothing explains is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from controls.roster import Roster
from controls.rosterchanges import MONTHLY, stopped_on
from controls.tables import hold, roster, roster_line
from ledger import persons
from ledger.money import Fen
from ledger.months import Month
from ledger.tables import entry, payout

NEW, RESUMED, RAISED, LOWERED = "新增", "恢复", "调增", "调减"
HELD, DEAD, SUSPENDED, ENDED, UNEXPLAINED = "暂缓发放", "死亡", "暂停", "终止", "原因待查"
BACK, ONCE = "补发", "一次性支付"
STATUS_KIND = {"dead": DEAD, "suspended": SUSPENDED, "ended": ENDED}
CAME, LEFT, ALTERED, BESIDE = (NEW, RESUMED), (HELD, DEAD, SUSPENDED, ENDED, UNEXPLAINED), (RAISED, LOWERED), (BACK, ONCE)
KINDS = (*CAME, *LEFT, *ALTERED, *BESIDE)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Move:
    """One person's change: kind, number, name, fen last month and this month (for 补发 and 一次性支付: nil and the fen paid)."""

    kind: str
    number: str
    name: str
    before: Fen
    now: Fen

    @property
    def fen(self) -> Fen:
        """What the change adds."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Basis:
    """What a table is made from, so that it can be made again: other rosters of its month, those of the month before, last knowledge, last entry."""

    others: tuple[int, ...]
    earlier: tuple[int, ...]
    knowledge: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The table of one roster: persons and fen of monthly benefits last month and now, every move, and what the roster pays and holds in all."""

    roster_id: int
    month: Month
    persons_before: int
    before: Fen
    persons_now: int
    now: Fen
    moves: tuple[Move, ...]
    paid: Fen
    held: Fen
    basis: Basis

    def of(self, kind: str) -> list[Move]:
        """The moves of one kind, by number."""
        return [one for one in self.moves if one.kind == kind]

    def sums(self) -> list[tuple[str, int, Fen]]:
        """(kind, persons, fen) of every kind in order."""
        return [(kind, len({one.number for one in mine}), sum(one.fen for one in mine)) for kind in KINDS for mine in [self.of(kind)]]

    @property
    def ties(self) -> bool:
        """Last month's persons and money with every change give this month's, and monthly with the rest gives what is paid."""
        counted = {kind: (persons, fen) for kind, persons, fen in self.sums()}
        persons = self.persons_before + sum(counted[kind][0] for kind in CAME) - sum(counted[kind][0] for kind in LEFT)
        fen = self.before + sum(counted[kind][1] for kind in (*CAME, *LEFT, *ALTERED))
        return (persons, fen) == (self.persons_now, self.now) and self.now + sum(counted[kind][1] for kind in BESIDE) == self.paid


@dataclass(frozen=True, slots=True)
class _Sum:
    name: str
    monthly: Fen
    back: Fen
    once: Fen


def basis(connection: sa.Connection, made: Roster) -> Basis:
    """What a table of this roster rests on today."""
    last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(entry.c.entry_id), 0)).where(entry.c.book_id == made.book_id)).scalar_one()
    others, earlier = (tuple(_released(connection, made, month)) for month in (made.period, made.period - 1))
    return Basis(others, earlier, persons.horizon(connection), int(last))


def of(connection: sa.Connection, made: Roster, rests: Basis | None = None) -> Changes:
    """The table of one roster on a basis (None: today's)."""
    rests = rests or basis(connection, made)
    now = _sums(connection, made, (made.roster_id, *rests.others), made.period)
    before = {number: one for number, one in _sums(connection, made, rests.earlier, made.period - 1).items() if one.monthly}
    monthly = {number: one for number, one in now.items() if one.monthly}
    moves = [*_came(connection, made, rests, monthly, before), *_left(connection, made, rests, monthly, before)]
    for number in monthly.keys() & before.keys():
        was, is_ = before[number].monthly, monthly[number].monthly
        if was != is_:
            moves.append(Move(RAISED if is_ > was else LOWERED, number, monthly[number].name, was, is_))
    moves += [Move(BACK, number, one.name, 0, one.back) for number, one in now.items() if one.back]
    moves += [Move(ONCE, number, one.name, 0, one.once) for number, one in now.items() if one.once]
    moves.sort(key=lambda one: (KINDS.index(one.kind), one.number))
    held = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(roster_line.c.net_fen), 0)).where(_of(made, [made.roster_id]), is_held())).scalar_one()
    return Changes(
        made.roster_id, made.period, len(before), sum(one.monthly for one in before.values()), len(monthly), sum(one.monthly for one in monthly.values()),
        tuple(moves), sum(one.monthly + one.back + one.once for one in now.values()), int(held), rests,
    )  # fmt: skip


def _released(connection: sa.Connection, made: Roster, month: Month) -> list[int]:
    """Other rosters of the same kind and fund released for a month."""
    columns = roster.c
    query = sa.select(columns.roster_id).where(
        columns.book_id == made.book_id, columns.fund == made.fund.value, columns.kind == made.kind, columns.period == month.number,
        columns.state == "released", columns.roster_id != made.roster_id,
    )  # fmt: skip
    return sorted(connection.execute(query).scalars())


def _of(made: Roster, rosters: Iterable[int]) -> sa.ColumnElement[bool]:
    return sa.and_(roster_line.c.book_id == made.book_id, roster_line.c.roster_id.in_(tuple(rosters)))


def is_held() -> sa.ColumnElement[bool]:
    """Of a query over roster lines: whether the line was held."""
    line, kept = roster_line.c, hold.c
    return sa.exists().where(kept.book_id == line.book_id, kept.roster_id == line.roster_id, kept.seq == line.seq)


def _sums(connection: sa.Connection, made: Roster, rosters: Sequence[int], month: Month) -> dict[str, _Sum]:
    """Number (as given where there is no normal one) → fen of its paid lines: monthly of the month, of other months, and once-only."""
    if not rosters:
        return {}
    line = roster_line.c
    regular = line.item_class.in_(sorted(MONTHLY | {"allowance"}))
    number = sa.case((line.number != "", line.number), else_=line.id_raw).label("holder")
    parts = (
        sa.case((sa.and_(regular, line.period == month.number), line.net_fen), else_=0),
        sa.case((sa.or_(line.item_class == "arrears", sa.and_(regular, line.period != month.number)), line.net_fen), else_=0),
        sa.case((sa.or_(regular, line.item_class == "arrears"), 0), else_=line.net_fen),
    )
    query = sa.select(number, sa.func.max(line.name), *(sa.func.sum(part) for part in parts)).where(_of(made, rosters), ~is_held()).group_by(number)
    return {holder: _Sum(name, int(monthly), int(back), int(once)) for holder, name, monthly, back, once in connection.execute(query)}


def _came(connection: sa.Connection, made: Roster, rests: Basis, now: dict[str, _Sum], before: dict[str, _Sum]) -> list[Move]:
    fresh = sorted(now.keys() - before.keys())
    paid_once = _paid_before(connection, made, rests, fresh)
    return [Move(RESUMED if number in paid_once else NEW, number, now[number].name, 0, now[number].monthly) for number in fresh]


def _paid_before(connection: sa.Connection, made: Roster, rests: Basis, numbers: Sequence[str]) -> set[str]:
    """Which of these the ledger paid for an earlier month; each is looked up by key under every source of the book."""
    columns, found = payout.c, set()
    sources = list(
        connection.execute(
            sa.select(entry.c.payout_source)
            .where(entry.c.book_id == made.book_id, entry.c.payout_source.is_not(None), entry.c.entry_id <= rests.entry_id)
            .distinct()
        ).scalars()
    )  # fmt: skip
    for place in range(0, len(numbers) if sources else 0, CHUNK):
        some = numbers[place : place + CHUNK]
        query = sa.select(columns.number).where(
            columns.book_id == made.book_id, columns.source_id.in_(sources), columns.number.in_(some), columns.period < made.period.number
        )
        found |= set(connection.execute(query.distinct()).scalars())
    return found


def _left(connection: sa.Connection, made: Roster, rests: Basis, now: dict[str, _Sum], before: dict[str, _Sum]) -> list[Move]:
    gone = sorted(before.keys() - now.keys())
    line = roster_line.c
    kept_back = set(
        connection.execute(
            sa.select(sa.case((line.number != "", line.number), else_=line.id_raw))
            .where(_of(made, [made.roster_id]), is_held(), line.period == made.period.number)
            .distinct()
        ).scalars()
    )  # fmt: skip
    status = stopped_on(connection, made, gone, rests.knowledge)
    return [
        Move(HELD if number in kept_back else STATUS_KIND.get(status.get(number, ""), UNEXPLAINED), number, before[number].name, before[number].monthly, 0)
        for number in gone
    ]
