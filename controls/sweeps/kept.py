"""The findings kept (疑点的经过): read as the last sweep left them, and written version by version with the sweep that saw them, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, require
from controls.findings import Evidence, Finding, Row, Severity
from controls.sweep_tables import lead, lead_version, rule_text, sweep, sweep_rule
from controls.sweeps import own_texts, seen
from controls.sweeps.errors import SweepOutOfOrder
from controls.sweeps.seen import Watermark
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical, digest
from ledger.money import Fen

Places = Mapping[str, Mapping[str, Sequence[Sequence[int]]]]
"""Source key → name in evidence rows → (line, period, fen) of the money in question."""

GONE = "withdrawn"
STATE_ZH = {"found": "查出", "changed": "有变化", GONE: "事实已消失", "returned": "重新出现"}
CAUSE_ZH = {"facts": "事实已消失", "text": "规则的文本已改，不再查出", "program": "程序或各规则共用的条件已改，不再查出"}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a lead: the finding as it was then, the money behind it, its state and the sweep that saw it; ``cause``: why it is gone."""

    finding: Finding
    places: Places
    version: int
    state: str
    sweep_no: int
    cause: str = ""

    @property
    def says(self) -> str:
        """The state in Chinese; of a lead that is gone, why."""
        return CAUSE_ZH.get(self.cause) or STATE_ZH[self.state]


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """What a sweep did with a rule: ``how`` run, touched (only the persons that new files speak of) or stood; ``told`` is what its report says besides."""

    mark: Watermark
    how: str
    findings: int
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A sweep to be kept: ``asked`` its options, ``period`` its as-of month (``yyyymm``), ``population`` what its report says of all data,
    ``found`` every finding of the rules that were run, with its places.
    ``after``: the number of the sweep it builds on; ``own``: the texts of the office's own rules among them."""

    asked: Mapping[str, Any]
    period: int
    kept: bool
    findings: int
    csv_sha256: str
    population: Mapping[str, Any]
    rules: Sequence[RuleSeen]
    found: Mapping[str, tuple[Finding, Places]]
    after: int
    own: own_texts.Written = field(default_factory=dict)


def last(connection: sa.Connection) -> int:
    """Number of the last sweep, 0 before the first."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(sweep.c.sweep_no), 0))).scalar_one())


def last_kept(connection: sa.Connection) -> sa.Row[Any] | None:
    """The last sweep whose findings were kept."""
    return connection.execute(sa.select(sweep).where(sweep.c.kept == 1).order_by(sweep.c.sweep_no.desc()).limit(1)).first()


def watermarks(connection: sa.Connection) -> dict[str, tuple[Watermark, dict[str, Any]]]:
    """Rule → what it was last seen to, and what its report said."""
    newest = sa.select(sweep_rule.c.rule, sa.func.max(sweep_rule.c.sweep_no).label("sweep_no")).group_by(sweep_rule.c.rule).subquery()
    asked = sa.select(sweep_rule).join(newest, sa.and_(newest.c.rule == sweep_rule.c.rule, newest.c.sweep_no == sweep_rule.c.sweep_no))
    return {row.rule: (Watermark(row.rule, row.law, seen.from_text(row.seen), row.asked), json.loads(row.told)) for row in connection.execute(asked)}


def standing(connection: sa.Connection, rules: Iterable[str] | None = None, *, at: int | None = None) -> dict[str, Version]:
    """Id → the last version of every lead, withdrawn ones too; of some rules, and as a sweep ``at`` left them, if given."""
    here = lead_version.c
    newest = sa.select(here.finding_id, sa.func.max(here.version).label("version")).group_by(here.finding_id)
    newest = newest if at is None else newest.where(here.sweep_no <= at)
    held = newest.subquery()
    asked = sa.select(lead_version).join(held, sa.and_(held.c.finding_id == here.finding_id, held.c.version == here.version))
    if rules is not None:
        asked = asked.join(lead, lead.c.finding_id == here.finding_id).where(lead.c.rule.in_(list(rules)))
    return {row.finding_id: _version(row) for row in connection.execute(asked)}


def history(connection: sa.Connection, finding_id: str) -> list[Version]:
    """Every version of one lead, oldest first."""
    asked = sa.select(lead_version).where(lead_version.c.finding_id == finding_id).order_by(lead_version.c.version)
    return [_version(row) for row in connection.execute(asked)]


def write(work: UnitOfWork, now: str, actor: Actor, made: Made) -> int:
    """Keeps a sweep with everything it found, and gives its number; raises SB3001, SB3367 when somebody else swept meanwhile."""
    require(actor, Duty.AUDIT)
    chain.lock(work)
    if last(work.connection) != made.after:
        raise SweepOutOfOrder()
    number = made.after + 1
    head = {
        "sweep_no": number, "asked": canonical(made.asked), "period": made.period, "kept": int(made.kept), "findings": made.findings,
        "csv_sha256": made.csv_sha256, "population": canonical(made.population), "swept_by": actor.user, "swept_at": now,
    }  # fmt: skip
    texts = own_texts.rows(work.connection, number, made.own)
    rules, leads, versions = _rows(work.connection, number, made) if made.kept else ([], [], [])
    for table, rows in ((sweep, [head]), (rule_text, texts), (sweep_rule, rules), (lead, leads), (lead_version, versions)):
        if rows:
            work.connection.execute(table.insert(), rows)
    facts = {
        "asked": made.asked, "kept": int(made.kept), "findings": made.findings, "csv": made.csv_sha256, "rules": rows_digest(rules),
        "leads": rows_digest(leads), "history": rows_digest(versions), "texts": rows_digest(texts), "new": len(leads),
        **{state: sum(1 for row in versions if row["state"] == state) for state in STATE_ZH},
    }  # fmt: skip
    trail.record(work, now, actor, Duty.AUDIT, "sweep.run", f"sweep:{number}", digest(head), facts)
    return number


def _rows(connection: sa.Connection, number: int, made: Made) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    rules = [
        {
            "sweep_no": number, "rule": one.mark.rule, "how": one.how, "law": one.mark.law, "seen": seen.as_text(one.mark.seen), "asked": one.mark.asked,
            "findings": one.findings, "told": canonical(one.told),
        }
        for one in made.rules
    ]  # fmt: skip
    leads: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    before = standing(connection, [one.mark.rule for one in made.rules if one.how != "stood"])
    marks = watermarks(connection)
    why = {one.mark.rule: seen.why_gone(marks[one.mark.rule][0] if one.mark.rule in marks else None, one.mark) for one in made.rules}
    for finding_id, (found, places) in sorted(made.found.items()):
        known = before.get(finding_id)
        if known is None:
            leads.append(
                {"finding_id": finding_id, "rule": found.rule, "number": found.id_number, "fund": found.fund, "region": found.region, "other": found.other,
                 "first_sweep": number}
            )  # fmt: skip
            versions.append(_row(number, 1, "found", found, places))
        elif known.state == GONE:
            versions.append(_row(number, known.version + 1, "returned", found, places))
        elif content(known.finding) != content(found) or canonical(known.places) != canonical(places):
            versions.append(_row(number, known.version + 1, "changed", found, places))
    for finding_id, known in sorted(before.items()):
        if known.state != GONE and finding_id not in made.found:
            versions.append(_row(number, known.version + 1, GONE, known.finding, known.places, why[known.finding.rule]))
    return rules, leads, versions


def rows_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """One digest over rows in any order."""
    return hashlib.sha256("\n".join(sorted(digest(dict(row)) for row in rows)).encode()).hexdigest()


def _row(number: int, version: int, state: str, found: Finding, places: Places, cause: str = "") -> dict[str, Any]:
    return {
        "finding_id": found.finding_id, "version": version, "sweep_no": number, "state": state, "cause": cause, "severity": found.severity.value,
        "period_from": found.period_from, "period_to": found.period_to, "months": found.months, "amount_fen": int(found.amount), "reason": found.reason,
        "facts": found.facts, "content": content(found), "places": canonical(places),
    }  # fmt: skip


def content(found: Finding) -> str:
    """The finding as canonical JSON, from which it is made again whole; fen as whole numbers, though an engine may give a sum as a decimal."""
    told = {name: getattr(found, name) for name in Finding.__slots__ if name not in ("severity", "evidence")}
    evidence = {name: int(value) if isinstance(value, Decimal) else value for name, value in asdict(found.evidence).items()}
    return canonical({**told, "amount": int(found.amount), "severity": found.severity.value, "evidence": evidence})


def _version(row: sa.Row[Any]) -> Version:
    return Version(finding(row.content), json.loads(row.places), row.version, row.state, row.sweep_no, row.cause)


def finding(text: str) -> Finding:
    """The finding of its canonical JSON."""
    told = json.loads(text)
    shown = told["evidence"]
    evidence: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in shown.items()}
    evidence["rows"] = tuple(Row(one["file"], one["line"]) for one in shown["rows"])
    return Finding(**{**told, "severity": Severity(told["severity"]), "periods": tuple(told["periods"]), "evidence": Evidence(**evidence)})


def counted(versions: Iterable[tuple[bool, Places]]) -> Fen:
    """Fen in question with each payment and month counted once; the flag says whether the rule looks at premium years."""
    most: dict[tuple[bool, str, str, int, int], Fen] = {}
    for yearly, places in versions:
        for source, files in places.items():
            for file, rows in files.items():
                for line, period, fen in rows:
                    key = (yearly, source, file, line, period)
                    most[key] = max(most.get(key, 0), fen)
    return sum(most.values())
