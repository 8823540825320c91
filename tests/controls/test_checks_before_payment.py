"""One definition before payment and after: what a rule's own cases plant is found on a roster too, with the last row in question as the planned line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from controls.checks.cases import Placed, cases, placed, tables
from controls.checks.catalogue import before_payment, rules
from controls.checks.runner import run
from controls.checks.screening import screen
from controls.findings import Finding
from ledger.months import Month

SPEAKING = {rule.code: rule for rule in rules() if rule.before_payment.says != "silent"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Own:
    """A case of a rule with people and lines of its own."""

    rule: str
    case: Placed


@dataclass(frozen=True)
class Posed:
    """A case, the payment that becomes a roster line, what the sweep found in it (None: a false friend), and the last month of its run."""

    own: Own
    line: Row
    found: Finding | None
    as_of: int


def batches() -> Iterator[list[Own]]:
    """The cases of the rules that speak, as many together as may be."""
    homes: dict[tuple[Any, ...], tuple[list[Own], dict[str, int]]] = {}
    for nth, (code, case) in enumerate([(rule, one) for rule in SPEAKING for one in cases(rule)], start=1):
        keeps = SPEAKING[code].kind == "linked" or case.fixed
        ones, lines = homes.setdefault((nth,) if keeps or case.alone else (case.as_of,), ([], {}))
        ones.append(Own(code, placed(case, 0 if keeps else nth, lines)))
        for contract, rows in ones[-1].case.rows.items():
            lines[contract] = lines.get(contract, 2) + len(rows)
    for ones, _ in homes.values():
        yield ones


def posed(ones: list[Own]) -> Iterator[Posed]:
    """The cases of a batch whose last row is one that a roster can have: no 补发, no 发放日期, with a 待遇类型, not cancelled."""
    as_of = ones[0].case.case.as_of
    result = run(tables([one.case for one in ones]), rules={one.rule for one in ones}, as_of=None if as_of is None else Month.from_number(as_of), threads=1)
    until = result.as_of.number if result.as_of else 202412
    for one in ones:
        rows = one.case.rows.get("payments", []) or drawing(one.case)
        back = any(row["status"] in ("reversed", "returned") or row["amount"] < 0 for row in rows)
        usual = [row for row in rows if row["status"] == "paid" and row["amount"] > 0 and row["has_item"] and row["item_class"] != "arrears"]
        usual = sorted((row for row in usual if not row.get("paid_month")), key=lambda row: (row["period"], row["line"]))
        if not one.case.case.expect and usual and not back:
            yield Posed(one, usual[-1], None, until)
        mine = [found for found in result.findings if found.rule == one.rule and found.id_number in one.case.numbers] if one.case.case.expect else []
        for found in mine:
            shown = {str(row) for row in found.evidence.rows}
            whole = SPEAKING[one.rule].before_payment.touches == "person"
            asked = [row for row in usual if (row["number"] == found.id_number if whole else f"{row['file']}:{row['line']}" in shown)]
            if asked:
                yield Posed(one, asked[-1], found, until)


def drawing(own: Placed) -> list[Row]:
    """People of a case without payments, each paid a pension in the same month."""
    keep = ("number", "number_ok", "damaged", "name", "name_norm", "id_raw", "fund", "region")
    usual = {"file": "发放.csv", "item": "养老金", "item_class": "pension", "has_item": True, "period": 202412, "amount": 10000, "status": "paid"}
    return [{**{name: row[name] for name in keep}, **usual, "line": line} for line, row in enumerate(own.rows.get("people", []), start=2)]


def roster(lines: list[Row]) -> pa.Table:
    """The planned payments as canonical roster lines."""
    made = tables([Placed(cases("D1-POSTHUMOUS")[0], {"payments": lines}, (), frozenset())])["payments"][0]
    seqs = pa.array(range(1, len(lines) + 1), pa.int32())
    return made.append_column("seq", seqs).append_column("net", made.column("amount")).append_column("gross", made.column("amount"))


def without(own: Placed, line: Row) -> Placed:
    """The case as history, without the planned row."""
    rows = {contract: [row for row in given if row is not line] for contract, given in own.rows.items()}
    return Placed(own.case, rows, own.expect, own.numbers)


def wrong(together: list[Posed]) -> Iterator[str]:
    """Screens the cases of a batch with one planned line each; what was missed or found in error."""
    for until in {one.as_of for one in together}:
        ones = [one for one in together if one.as_of == until]
        rosters: list[list[Posed]] = []
        for one in ones:
            home = next((home for home in rosters if all(other.own is not one.own for other in home)), None)
            if home is None:
                rosters.append(home := [])
            home.append(one)
        for home in rosters:
            history = tables([without(one.own.case, one.line) for one in home])
            rules_ = {one.own.rule for one in home}
            found = screen(roster([one.line for one in home]), history, as_of=Month.from_number(until), rules=rules_, threads=1)
            for seq, one in enumerate(home, start=1):
                told = {item.finding.finding_id for item in found if seq in item.seqs and item.finding.rule == one.own.rule}
                if bool(told) if one.found is None else one.found.finding_id not in told:
                    yield f"{one.own.rule} {one.own.case.case.name_zh} {until}"


def test_what_a_rule_plants_is_found_on_a_roster_and_its_false_friends_are_not() -> None:
    """Each rule that speaks before payment names the planned line of its planted cases, under the id the sweep gives, and no line of its false friends."""
    proved, missed = set(), []
    for ones in batches():
        together = list(posed(ones))
        missed += wrong(together)
        proved |= {one.own.rule for one in together if one.found is not None}
    assert missed == []
    assert proved == set(SPEAKING)


def test_every_shipped_rule_says_what_it_does_before_payment() -> None:
    """Block, warn or silent stands in each rule's own file with the reason; the three that hold lines are the ones the house agreed on."""
    assert all("before_payment" in rule.model_fields_set for rule in rules())
    assert {rule.code for rule in rules() if rule.before_payment.says == "block"} == {"D1-POSTHUMOUS", "P1-TWO-SCHEMES", "P3-TWICE"}
    paid = {rule.code for rule in rules() if "payments" in rule.needs}
    assert set(before_payment()) - paid == {"E5-RETIRED-YOUNG"} and paid - set(before_payment()) == {"D4-STILL-OPEN", "E4-NOT-DRAWING"}
