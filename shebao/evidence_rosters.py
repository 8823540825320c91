"""What the trail says around rosters: flows and terms, expiries, freeze windows, cases of held lines, supplements, and what was released once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from controls import roster
from controls.roster_tables import (
    clearing,
    clearing_decision,
    hold_notice,
    release_item,
    roster_expiry,
    roster_flow,
    roster_freeze,
    roster_thaw,
    supplement_line,
)
from controls.rosters import once
from controls.tables import hold, roster_line
from controls.tables import roster as roster_table
from ledger.accounts import Book
from ledger.chain import Record
from ledger.entries import digest
from shebao.evidence import Broken, records_by_thing


def kept(connection: sa.Connection, book: Book) -> str:
    """C2, C3: each roster keeps the flow and term it began with; cases, supplements and released items are what was recorded and called for."""
    by_thing = records_by_thing(connection)
    made = [one for one in roster.listed(connection) if one.book_id == book.book_id]
    _flows(connection, book, made, by_thing)
    _expiries(connection, book, by_thing)
    _freezes(connection, by_thing)
    steps = _cases(connection, book, by_thing)
    paid = _supplements(connection, book, made, by_thing)
    items = _released(connection, made)
    return f"{len(made)} 份花名册的流程和期限与编制留痕相符；暂缓个案 {steps} 步与留痕相符，补发 {paid} 行各对应一行已解除的暂缓；{items} 项放行各一次"


def _of(table: sa.Table, book: Book) -> Any:
    return sa.select(table).where(table.c.book_id == book.book_id)


def _flows(connection: sa.Connection, book: Book, made: list[roster.Roster], by_thing: dict[str, list[Record]]) -> None:
    stored = {row.roster_id: {"flow": row.flow, "term_on": row.term_on} for row in connection.execute(_of(roster_flow, book))}
    for one in made:
        facts = by_thing[f"roster:{one.roster_id}"][0].told()
        if stored.pop(one.roster_id, None) != {name: facts.get(name) for name in ("flow", "term_on")}:
            raise Broken(f"花名册 {one.roster_id} 的流程或期限与编制留痕不符")
    if stored:
        raise Broken(f"花名册 {min(stored)} 有流程，没有花名册")


def _expiries(connection: sa.Connection, book: Book, by_thing: dict[str, list[Record]]) -> None:
    stored = {(row.roster_id, row.expired_by, row.expired_at) for row in connection.execute(_of(roster_expiry, book))}
    mine = set(connection.execute(sa.select(roster_table.c.roster_id).where(roster_table.c.book_id == book.book_id)).scalars())
    told = {
        (number, record.actor, record.at)
        for number in mine
        for record in by_thing.get(f"roster:{number}", [])
        if record.act == "roster.expire"
    }  # fmt: skip
    if odd := stored ^ told:
        raise Broken(f"花名册 {min(odd)[0]} 的过期记录与留痕不符")


def _rows_told(rows: dict[str, list[tuple[str, str]]], by_thing: dict[str, list[Record]], start: str, acts: set[str], what: str) -> int:
    """Rows by thing as (act, digest of the row) equal the records of these acts, in order; gives how many."""
    told = {
        thing: sorted((record.act, record.digest) for record in records if record.act in acts) for thing, records in by_thing.items() if thing.startswith(start)
    }
    told = {thing: found for thing, found in told.items() if found}
    stored = {thing: sorted(found) for thing, found in rows.items()}
    if odd := sorted(thing for thing in told.keys() | stored.keys() if told.get(thing) != stored.get(thing)):
        raise Broken(f"{what} {odd[0].partition(':')[2]} 与留痕不符")
    return sum(map(len, stored.values()))


def _freezes(connection: sa.Connection, by_thing: dict[str, list[Record]]) -> None:
    rows: dict[str, list[tuple[str, str]]] = {}
    for table, act in ((roster_freeze, "roster.freeze"), (roster_thaw, "roster.thaw")):
        for row in connection.execute(sa.select(table)):
            rows.setdefault(f"freeze:{row.freeze_no}", []).append((act, digest(dict(row._mapping))))
    _rows_told(rows, by_thing, "freeze:", {"roster.freeze", "roster.thaw"}, "冻结期")


def _cases(connection: sa.Connection, book: Book, by_thing: dict[str, list[Record]]) -> int:
    rows: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(_of(hold_notice, book)):
        rows.setdefault(f"hold:{row.roster_id}:{row.seq}", []).append(("hold.notify", digest(dict(row._mapping))))
    where = {}
    for row in connection.execute(_of(clearing, book)):
        where[row.clearing_no] = thing = f"hold:{row.roster_id}:{row.seq}"
        rows.setdefault(thing, []).append(("hold.ask", digest(dict(row._mapping))))
    acts = {"cleared": "hold.clear", "kept": "hold.keep"}
    two_people = sa.select(clearing_decision, clearing.c.asked_by).join(clearing, clearing.c.clearing_no == clearing_decision.c.clearing_no)
    for row in connection.execute(two_people):
        if row.asked_by == row.decided_by:
            raise Broken(f"解除申请 {row.clearing_no} 由同一人申请和批准")
        if row.clearing_no in where:
            plain = {name: value for name, value in row._mapping.items() if name != "asked_by"}
            rows[where[row.clearing_no]].append((acts[row.decision], digest(plain)))
    numbers = set(connection.execute(sa.select(roster_table.c.roster_id).where(roster_table.c.book_id == book.book_id)).scalars())
    mine = {thing: records for thing, records in by_thing.items() if thing.startswith("hold:") and int(thing.split(":")[1]) in numbers}
    return _rows_told(rows, mine, "hold:", {"hold.notify", "hold.ask", *acts.values()}, "暂缓个案")


def _supplements(connection: sa.Connection, book: Book, rosters: list[roster.Roster], by_thing: dict[str, list[Record]]) -> int:
    """Each line of a supplement is, in one live roster only, a line that was held and cleared by two, with its money."""
    origin, paid, was = supplement_line.c, sa.alias(roster_line), sa.alias(roster_line)
    cleared = (
        sa.select(clearing.c.book_id, clearing.c.roster_id, clearing.c.seq)
        .join(clearing_decision, clearing_decision.c.clearing_no == clearing.c.clearing_no)
        .where(clearing_decision.c.decision == "cleared")
        .subquery()
    )
    same = [paid.c[name] == was.c[name] for name in ("number", "name", "item", "period", "gross_fen", "offset_fen", "withheld_fen", "net_fen")]
    sound = (
        sa.select(origin.roster_id, sa.func.count())
        .select_from(supplement_line)
        .join(paid, sa.and_(paid.c.book_id == origin.book_id, paid.c.roster_id == origin.roster_id, paid.c.seq == origin.seq))
        .join(was, sa.and_(was.c.book_id == origin.book_id, was.c.roster_id == origin.from_roster, was.c.seq == origin.from_seq, *same))
        .join(cleared, sa.and_(cleared.c.book_id == origin.book_id, cleared.c.roster_id == origin.from_roster, cleared.c.seq == origin.from_seq))
        .join(hold, sa.and_(hold.c.book_id == origin.book_id, hold.c.roster_id == origin.from_roster, hold.c.seq == origin.from_seq))
        .where(origin.book_id == book.book_id)
    )
    counted = connection.execute(sa.select(origin.roster_id, sa.func.count()).where(origin.book_id == book.book_id).group_by(origin.roster_id))
    own = {int(number): int(lines) for number, lines in counted}
    right = {int(number): int(lines) for number, lines in connection.execute(sound.group_by(origin.roster_id))}
    if odd := sorted(number for number in own if own[number] != right.get(number)):
        raise Broken(f"补发花名册 {odd[0]} 有一行不是由两人解除的暂缓行，或金额不同")
    twice = (
        sa.select(origin.from_roster, origin.from_seq)
        .join(roster_table, sa.and_(roster_table.c.book_id == origin.book_id, roster_table.c.roster_id == origin.roster_id))
        .where(origin.book_id == book.book_id, roster_table.c.state != "withdrawn")
        .group_by(origin.from_roster, origin.from_seq)
        .having(sa.func.count() > 1)
    )
    if row := connection.execute(twice).first():
        raise Broken(f"花名册 {row.from_roster} 序号 {row.from_seq} 的暂缓补发了两次")
    made = {one.roster_id: told for one in rosters if (told := by_thing[f"roster:{one.roster_id}"][0].told().get("supplement", 0))}
    if odd := sorted(number for number in made.keys() | own.keys() if made.get(number) != own.get(number)):
        raise Broken(f"补发花名册 {odd[0]} 的行与其来源不符")
    return sum(own.values())


def _released(connection: sa.Connection, made: list[roster.Roster]) -> int:
    for one in made:
        if one.state == "released" and once.differs(connection, one):
            raise Broken(f"花名册 {one.roster_id} 的放行明细与签字放行的行不符")
    item, before = release_item.c, sa.alias(release_item)
    earlier = sa.and_(*(before.c[name] == item[name] for name in ("book_id", *once.KEY)), before.c.roster_id == item.again, item.again < item.roster_id)
    if row := connection.execute(
        sa.select(item.roster_id, item.seq).select_from(release_item.outerjoin(before, earlier)).where(item.again != 0, before.c.who.is_(None)).limit(1)
    ).first():
        raise Broken(f"花名册 {row.roster_id} 序号 {row.seq} 记为再次放行，此前没有放行过")
    released = {one.roster_id for one in made if one.state == "released"}
    numbers = {one.roster_id for one in made}
    rows = connection.execute(sa.select(release_item.c.roster_id, sa.func.count()).group_by(release_item.c.roster_id)).all()
    if odd := sorted(number for number, _ in rows if number in numbers and number not in released):
        raise Broken(f"花名册 {odd[0]} 没有放行，却有放行明细")
    return int(sum(count for number, count in rows if number in released))
