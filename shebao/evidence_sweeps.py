"""What the trail says of sweeps and leads: each sweep with the watermarks, leads and versions it kept, its findings.csv, and the conclusions of two people.

The proof raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from controls.findings import COLUMNS, in_order
from controls.sweep_tables import conclusion, conclusion_review, lead, lead_version, rule_text, sweep, sweep_rule
from controls.sweeps import kept as register
from controls.sweeps.kept import GONE, rows_digest
from ledger import chain
from ledger.chain import Record
from ledger.entries import digest
from shebao.evidence import Broken

Rows = dict[int, list[dict[str, Any]]]


def kept(connection: sa.Connection) -> str:
    """A3, C6: sweeps, leads, versions and conclusions are those that were recorded, no more and no less; the last findings.csv is made of them again."""
    acts: dict[str, list[Record]] = defaultdict(list)
    for record in chain.records(connection):
        if record.act in ("sweep.run", "lead.conclude", "lead.agree", "lead.refuse"):
            acts[record.act].append(record)
    swept = _sweeps(connection, {int(record.thing.partition(":")[2]): record for record in acts["sweep.run"]})
    _concluded(connection, conclusion, "结论", acts["lead.conclude"])
    _concluded(connection, conclusion_review, "结论的复核", acts["lead.agree"] + acts["lead.refuse"])
    last = register.last_kept(connection)
    if last is not None:
        _findings(connection, last)
    leads = connection.execute(sa.select(sa.func.count()).select_from(lead)).scalar_one()
    return f"{swept} 次筛查、{leads} 条疑点的经过和结论与留痕相符" + ("，最近的疑点清单重算相符" if last is not None else "")


def _sweeps(connection: sa.Connection, told: Mapping[int, Record]) -> int:
    heads = {row.sweep_no: dict(row._mapping) for row in connection.execute(sa.select(sweep))}
    if odd := sorted(heads.keys() ^ told.keys()):
        raise Broken(f"第 {odd[0]} 次筛查与留痕不符")
    rows = {name: _by_sweep(connection, table, column) for name, table, column in PARTS}
    for number, record in sorted(told.items()):
        facts = record.told()
        if digest(heads[number]) != record.digest:
            raise Broken(f"第 {number} 次筛查与留痕不符")
        for name, table, _ in PARTS:
            if rows_digest(rows[name].pop(number, [])) != facts[name]:
                raise Broken(f"第 {number} 次筛查的{WHAT[table.name]}与留痕不符")
    for name, table, _ in PARTS:
        if rows[name]:
            raise Broken(f"第 {min(rows[name])} 次筛查的{WHAT[table.name]}没有留痕")
    return len(heads)


PARTS = (("rules", sweep_rule, "sweep_no"), ("leads", lead, "first_sweep"), ("history", lead_version, "sweep_no"), ("texts", rule_text, "first_sweep"))
WHAT = {sweep_rule.name: "规则情况", lead.name: "疑点", lead_version.name: "疑点经过", rule_text.name: "本单位规则文本"}


def _by_sweep(connection: sa.Connection, table: sa.Table, column: str) -> Rows:
    found: Rows = defaultdict(list)
    for row in connection.execute(sa.select(table)):
        found[row._mapping[column]].append(dict(row._mapping))
    return found


def _concluded(connection: sa.Connection, table: sa.Table, what: str, records: Iterable[Record]) -> None:
    """Each row has its record, digest by digest."""
    told: dict[str, list[str]] = defaultdict(list)
    for record in records:
        told[record.thing].append(record.digest)
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(sa.select(table)):
        found[f"lead:{row.finding_id}"].append(digest(dict(row._mapping)))
    for thing in sorted(told.keys() | found.keys()):
        if sorted(told.get(thing, [])) != sorted(found.get(thing, [])):
            raise Broken(f"疑点 {thing.partition(':')[2]} 的{what}与留痕不符")


def _findings(connection: sa.Connection, last: sa.Row[Any]) -> None:
    """findings.csv of the last kept sweep, made again from what is kept."""
    asked = sa.select(sweep_rule.c.rule, sweep_rule.c.told).where(sweep_rule.c.sweep_no == last.sweep_no)
    ran = [row.rule for row in connection.execute(asked) if not json.loads(row.told)["blank"]]
    funds = set(json.loads(last.asked)["funds"])
    standing = register.standing(connection, ran, at=last.sweep_no).values()
    shown = [one.finding for one in standing if one.state != GONE and (not funds or funds & set(one.finding.fund.split(";")))]
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\n")
    written.writerow(COLUMNS)
    for found in in_order(shown):
        row = found.row()
        written.writerow([row[column] for column in COLUMNS])
    if len(shown) != last.findings or hashlib.sha256(text.getvalue().encode()).hexdigest() != last.csv_sha256:
        raise Broken(f"第 {last.sweep_no} 次筛查的疑点清单按登记重算不符")
