"""Asking that personal texts of the trail be destroyed, confirming it, and saying of a destroyed text who asked, who confirmed, when and why (F16)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls import rows
from controls.duties import Actor, Duty, require, require_any
from controls.errors_payment import NoReason
from controls.redaction_tables import redaction, redaction_step
from controls.redactions import law
from controls.redactions.errors import NoSuchRedaction, NothingToRedact, RedactionDecided, SameAsker
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.tables import chain as chain_table
from ledger.tables import chain_erasure, chain_salt

ASKING = (Duty.LOGADMIN, Duty.AUDIT)
STATE_ZH = {"": "待确认", "confirm": "已确认并删除", "refuse": "已退回"}
SHORTEST = 2
"""Characters of a name to look for."""

Field = tuple[int, str]
"""A record's number and the token of one text in it."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """One request with its decision ('' while open); ``fields`` names records and tokens."""

    redaction_no: int
    basis: str
    reason: str
    fields: tuple[Field, ...]
    asked_by: str
    duty: str
    asked_at: str
    step: str = ""
    note: str = ""
    decided_by: str = ""
    decided_at: str = ""

    @property
    def thing(self) -> str:
        """``redaction:3``, as the trail writes it."""
        return f"redaction:{self.redaction_no}"

    @property
    def seqs(self) -> list[int]:
        """The records concerned."""
        return sorted({seq for seq, _ in self.fields})


def ask(work: UnitOfWork, now: str, actor: Actor, basis: str, reason: str, *, seqs: Sequence[int] = (), person: str = "") -> Redaction:
    """Asks that every text of the records ``seqs`` (or every text that names ``person``) be destroyed; nothing is destroyed yet.

    Raises SB3001, SB2293 (no legal ground), SB3042 (no reason), SB2292 (nothing there to destroy).
    """
    duty = require_any(actor, ASKING)
    chain.lock(work)
    law.ground(basis, date.fromisoformat(now[:10]))
    if not any(sign.isalnum() for sign in reason):
        raise NoReason()
    found = _of_person(work.connection, person.strip()) if person else _of_records(work.connection, seqs)
    number = 1 + work.connection.execute(sa.select(sa.func.count()).select_from(redaction)).scalar_one()
    row = {
        "redaction_no": number, "basis": basis, "reason": reason.strip(), "fields": canonical([list(one) for one in found]), "asked_by": actor.user,
        "duty": duty.value, "asked_at": now,
    }  # fmt: skip
    facts = {"basis": basis, "records": sorted({seq for seq, _ in found}), "texts": len(found)}
    rows.lay(work, now, actor, duty, redaction, "redaction.ask", f"redaction:{number}", row, facts)
    return get(work.connection, number)


def decide(work: UnitOfWork, now: str, actor: Actor, number: int, *, confirmed: bool, note: str = "") -> Redaction:
    """The head confirms, whereupon texts and salts are gone for good, or sends back with a reason.

    Raises SB3001, SB2294, SB2295, SB2296 (asked for it), SB3042 (sent back without a reason).
    """
    require(actor, Duty.HEAD)
    chain.lock(work)
    made = get(work.connection, number)
    if made.step:
        raise RedactionDecided(number=number, state=STATE_ZH[made.step])
    if made.asked_by == actor.user:
        raise SameAsker(number=number, name=actor.name)
    if not confirmed and not any(sign.isalnum() for sign in note):
        raise NoReason()
    step = "confirm" if confirmed else "refuse"
    row = {"redaction_no": number, "step": step, "note": note.strip(), "user_id": actor.user, "at": now}
    facts = {"basis": made.basis, "records": made.seqs, "destroyed": len(made.fields) if confirmed else 0}
    rows.lay(work, now, actor, Duty.HEAD, redaction_step, f"redaction.{step}", made.thing, row, facts)
    if confirmed:
        _destroy(work, made)
    return get(work.connection, number)


def _destroy(work: UnitOfWork, made: Redaction) -> None:
    """On SQLite the freed pages are overwritten; the write-ahead file is emptied by :func:`settle` after the commit."""
    if work.is_sqlite:
        work.connection.exec_driver_sql("PRAGMA secure_delete = ON")
    columns = chain_salt.c
    near = sa.select(columns.seq, columns.token).where(columns.seq.between(made.seqs[0], made.seqs[-1]))
    there = {(row.seq, row.token) for row in work.connection.execute(near)}
    gone = [{"seq": seq, "token": token, "redaction_no": made.redaction_no} for seq, token in made.fields if (seq, token) in there]
    if gone:
        work.connection.execute(chain_erasure.insert(), gone)


def settle(engine: sa.Engine) -> None:
    """Leaves no copy in SQLite's write-ahead file; elsewhere the database's own cleaning does it (docs/controls.md)."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


def get(connection: sa.Connection, number: int) -> Redaction:
    """One redaction; raises SB2294."""
    found = [one for one in listed(connection) if one.redaction_no == number]
    if not found:
        raise NoSuchRedaction(number=number)
    return found[0]


def listed(connection: sa.Connection) -> list[Redaction]:
    """Every redaction by number."""
    asked = connection.execute(sa.select(redaction).order_by(redaction.c.redaction_no)).all()
    steps = {row.redaction_no: row for row in connection.execute(sa.select(redaction_step))}
    made = []
    for row in asked:
        step = steps.get(row.redaction_no)
        fields = tuple((int(seq), str(token)) for seq, token in json.loads(row.fields))
        done = (step.step, step.note, step.user_id, step.at) if step else ("", "", "", "")
        made.append(Redaction(row.redaction_no, row.basis, row.reason, fields, row.asked_by, row.duty, row.asked_at, *done))
    return made


def destroyed(connection: sa.Connection) -> dict[int, list[Redaction]]:
    """Record → the redactions that destroyed something of it."""
    by_number = {one.redaction_no: one for one in listed(connection)}
    found: dict[int, list[Redaction]] = {}
    for seq, number in connection.execute(sa.select(chain_erasure.c.seq, chain_erasure.c.redaction_no).distinct()):
        if number in by_number:
            found.setdefault(seq, []).append(by_number[number])
    return found


def _of_records(connection: sa.Connection, seqs: Sequence[int]) -> list[Field]:
    columns, found = chain_salt.c, []
    for seq in dict.fromkeys(seqs):
        mine = connection.execute(sa.select(columns.seq, columns.token).where(columns.seq == seq).order_by(columns.token)).all()
        if not mine:
            raise NothingToRedact(what=f"第 {seq} 条留痕", what_en=f"record {seq}")
        found += [(row.seq, row.token) for row in mine]
    if not found:
        raise NothingToRedact(what="所给的范围", what_en="what was given")
    return found


def _of_person(connection: sa.Connection, person: str) -> list[Field]:
    """Texts that hold the name, and every text of records about the account of that name."""
    columns = chain_salt.c
    asked = sa.select(columns.seq, columns.token).join(chain_table, chain_table.c.seq == columns.seq)
    named = columns.text.contains(person, autoescape=True)
    rows = connection.execute(asked.where(sa.or_(named, chain_table.c.thing == f"user:{person}")).order_by(columns.seq, columns.token)).all()
    if len(person) < SHORTEST or not rows:
        raise NothingToRedact(what=f"提到“{person}”的留痕", what_en=f"records that name “{person}”")
    return [(row.seq, row.token) for row in rows]
