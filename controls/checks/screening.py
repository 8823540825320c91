"""Checks before payment (发放前检查): the same rules over one roster and the history behind it.

Roster lines become payments that are planned, not paid; only findings that touch them are returned, each with the
line numbers (序号) it touches and whether it blocks payment. Which rules speak, and when one blocks, each rule says itself (``before_payment``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from controls.checks.catalogue import BeforePayment, Rule, before_payment, chosen
from controls.checks.duck import Duck
from controls.checks.errors import RulesNotProven
from controls.checks.runner import Sweep, Tables
from controls.checks.schema import columns
from controls.checks.selftest import self_test
from controls.findings import Finding, Severity
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class ScreenFinding:
    """A finding on a roster: the line numbers it touches, whether payment is blocked, and why in Chinese."""

    finding: Finding
    seqs: tuple[int, ...]
    blocking: bool
    why: str


@dataclass(frozen=True, slots=True)
class Proven:
    """The rules that speak before payment and passed their self-test: how many, and their planted leads and false friends."""

    rules: int
    planted: int
    friends: int

    def told(self) -> str:
        """The result in Chinese, as the check of a roster says it."""
        return f"规则自检：{self.rules} 条规则全部通过（植入的疑点 {self.planted} 例全部查出，易混的情形 {self.friends} 例没有误报）"


def proven() -> Proven:
    """The self-test of every rule that speaks before payment (once a process). Raises SB3385 naming those that failed."""
    tested = self_test(before_payment())
    if failed := [f"{code}（{one.says}）" for code, one in tested.items() if not one.trusted]:
        raise RulesNotProven(rules="、".join(failed))
    return Proven(len(tested), sum(one.planted for one in tested.values()), sum(one.friends for one in tested.values()))


def screen(
    lines: pa.Table,
    tables: Tables,
    *,
    as_of: Month,
    rules: Iterable[str] | None = None,
    region: str = "",
    threads: int | None = None,
) -> list[ScreenFinding]:
    """Runs the rules over the canonical roster ``lines`` beside the history in ``tables`` (contract → tables, snapshots).

    ``rules`` None runs every rule that speaks before payment. ``as_of``: the roster's month. ``region`` stands in for lines without 统筹区.
    A rule whose data are not given is skipped here; :func:`controls.checks.runner.run` lists it. Returned by finding id.
    """
    with Duck(threads=threads) as duck:
        _roster_tables(duck, lines)
        wanted = {rule.code: rule for rule in chosen(before_payment() if rules is None else rules)}
        sweep = Sweep(duck, tables, list(wanted.values()), as_of, planned=planned(lines, region))
        result = sweep.result()
        touched = _touched(duck, result.findings, {key: set(seqs) for key, seqs in result.seqs.items()}, wanted)
        paid = _paid_elsewhere(duck)
    found = (finding for finding in result.findings if finding.finding_id in touched)
    return [_verdict(wanted[finding.rule].before_payment, finding, *touched[finding.finding_id], paid) for finding in found]


def planned(lines: pa.Table, region: str = "") -> pa.Table:
    """Roster lines as canonical payments rows with ``seq``: 实发金额, or 应发 where all of it is set off."""
    import pyarrow.compute as pc

    count = lines.num_rows
    text = {name: lines.column(name) for name in ("file", "number", "number_ok", "damaged", "name", "name_norm", "fund", "item", "item_class", "period")}
    blank = pa.array([""] * count, pa.string())
    none = pa.nulls(count, pa.int32())
    # A roster's line of arrears is for its own 所属期, and is judged as that month.
    span = pc.if_else(pc.equal(pc.cast(lines.column("item_class"), pa.string()), "arrears"), pc.cast(lines.column("period"), pa.int32()), none)
    known = pc.cast(lines.column("region"), pa.string())
    made = text | {
        "line": lines.column("line"), "seq": lines.column("seq"), "account": lines.column("account"), "holder": lines.column("holder"),
        "region": pc.if_else(pc.equal(known, ""), region, known), "has_item": pa.array([True] * count), "span_from": span, "span_to": span,
        "paid_month": none, "orig_period": none, "amount": pc.if_else(pc.greater(lines.column("net"), 0), lines.column("net"), lines.column("gross")),
        "status": pa.array(["paid"] * count, pa.string()), "serial": blank, "orig_serial": blank, "source": blank,
        "id_raw": lines.column("id_raw") if "id_raw" in lines.column_names else blank,
        "id_type": lines.column("id_type") if "id_type" in lines.column_names else blank,
    }  # fmt: skip
    return pa.table({name: made[name] for name in [*columns("payments"), "seq"]})


def _roster_tables(duck: Duck, lines: pa.Table) -> None:
    duck.register("roster_lines", lines.select(["number", "account"]))
    duck.table("roster_numbers", "SELECT DISTINCT number FROM roster_lines WHERE number <> ''")
    duck.table("roster_accounts", "SELECT DISTINCT account FROM roster_lines WHERE account <> ''")


Touched = tuple[tuple[int, ...], bool]
"""Line numbers, and whether those lines themselves are in question (not only the other side of it)."""


def _touched(duck: Duck, findings: Sequence[Finding], seqs: Mapping[str, set[int]], wanted: Mapping[str, Rule]) -> dict[str, Touched]:
    other: dict[tuple[str, int], list[tuple[str, int]]] = {}
    whole: dict[tuple[str, str], set[int]] = {}
    for number, fund, region, period, seq in duck.values("SELECT number, fund, region, period, seq FROM paid_months WHERE planned AND person <> ''"):
        other.setdefault((number, period), []).append((f"{fund}:{region}:{number}", seq))
        whole.setdefault((number, fund), set()).add(seq)
    found: dict[str, Touched] = {}
    for finding in findings:
        own = seqs.get(finding.finding_id, set())
        if wanted[finding.rule].before_payment.touches == "person":
            own = own | whole.get((finding.id_number, finding.fund), set())
        sides = set(finding.counterpart.split(";"))
        across = {seq for period in finding.periods for side, seq in other.get((finding.id_number, period), []) if side in sides}
        if own or across:
            found[finding.finding_id] = (tuple(sorted(own or across)), bool(own))
    return found


def _paid_elsewhere(duck: Duck) -> dict[tuple[str, int], set[str]]:
    """Funds in which a number's pension of a period of the roster is really paid."""
    paid: dict[tuple[str, int], set[str]] = {}
    sql = (
        "SELECT DISTINCT h.number, h.period, h.fund FROM paid_months h JOIN paid_months p ON p.person = h.person AND p.period = h.period"
        " WHERE p.planned AND NOT h.planned AND h.benefit = 'pension' AND h.person <> ''"
    )
    for number, period, fund in duck.values(sql):
        paid.setdefault((number, period), set()).add(fund)
    return paid


def _verdict(law: BeforePayment, finding: Finding, seqs: tuple[int, ...], own: bool, paid: Mapping[tuple[str, int], set[str]]) -> ScreenFinding:
    blocks = law.says == "block" and _holds(law, finding, own, paid)
    return ScreenFinding(finding, seqs, blocks, law.why_zh if blocks else law.otherwise_zh or law.why_zh)


def _holds(law: BeforePayment, finding: Finding, own: bool, paid: Mapping[tuple[str, int], set[str]]) -> bool:
    if law.when == "official_and_equal_name":
        return finding.severity is Severity.HIGH
    if law.when == "other_payment_confirmed":
        return own and any(paid.get((finding.id_number, period), set()) - {finding.fund} for period in finding.periods)
    return True
