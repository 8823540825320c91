"""What the trail says of its own personal texts (F16): each is there and makes its digest, or was destroyed by a confirmed redaction.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from controls.redaction_tables import REDACTION_TABLES, redaction, redaction_step
from controls.redactions import store
from ledger import chain, salts
from ledger.entries import digest
from ledger.tables import chain_erasure, chain_salt
from shebao.evidence import Broken

ACTS = {redaction.name: ("redaction.ask",), redaction_step.name: ("redaction.confirm", "redaction.refuse")}
WHAT = {redaction.name: "删除申请", redaction_step.name: "删除申请的办理"}


def kept(connection: sa.Connection) -> str:
    """C6, F16: texts and salts make the digests in the records; what is gone was named by a redaction that one asked for and another confirmed."""
    tables = {act: name for name, acts in ACTS.items() for act in acts}
    told: dict[str, Counter[str]] = {name: Counter() for name in ACTS}
    wanted: set[tuple[int, str]] = set()
    for record in chain.stored(connection):
        wanted |= {(record.seq, token) for token in salts.tokens(record.facts, record.reason)}
        if record.act in tables:
            told[tables[record.act]][record.digest] += 1
    for table in REDACTION_TABLES:
        if Counter(digest(dict(row._mapping)) for row in connection.execute(sa.select(table))) != told[table.name]:
            raise Broken(f"{WHAT[table.name]}与留痕不符")
    there = set()
    for row in connection.execute(sa.select(chain_salt).order_by(chain_salt.c.seq)):
        if (row.seq, row.token) not in wanted or not salts.fits(row):
            raise Broken(f"第 {row.seq} 条留痕的个人信息原文或盐值被改动")
        there.add((row.seq, row.token))
    gone = _destroyed(connection)
    if odd := sorted((wanted ^ there) ^ gone):
        raise Broken(f"第 {odd[0][0]} 条留痕的个人信息原文" + ("不见了，没有删除记录" if odd[0] in wanted - gone else "与删除记录不符"))
    return f"{len(there)} 处个人信息原文与摘要相符" + (f"，{len(gone)} 处已依法删除" if gone else "")


def _destroyed(connection: sa.Connection) -> set[tuple[int, str]]:
    """What confirmed redactions name, which is what the list of destroyed texts says."""
    made = {one.redaction_no: one for one in store.listed(connection) if one.step == "confirm"}
    if wrong := sorted(one.redaction_no for one in made.values() if one.asked_by == one.decided_by):
        raise Broken(f"第 {wrong[0]} 号删除申请由申请人自己确认")
    named = {field: number for number, one in sorted(made.items(), reverse=True) for field in one.fields}
    found = {(row.seq, row.token): row.redaction_no for row in connection.execute(sa.select(chain_erasure))}
    for field in sorted(named.keys() | found.keys()):
        if field not in found or field not in named or field not in made.get(found[field], _NOBODY).fields:
            raise Broken(f"第 {field[0]} 条留痕的删除与删除申请不符")
    return set(found)


_NOBODY = store.Redaction(0, "", "", (), "", "", "")
