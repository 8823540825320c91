"""Worked cases (算例) of benefits as YAML that a fund accountant reads and writes: name, scheme, period, input, output.

``output`` names steps, items or 合计 with what they must be; ``table`` what one of them is for every value of an input;
``refused`` names the code (and the parameter) where the reckoning must be refused.
``values`` are parameters assumed for the case alone (the county's own figures).
Shipped cases stand in ``templates/cases/benefits``; an office's in the same folder of its own templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import Field

import templates
from ledger.benefits import facts
from ledger.benefits.award import Award, compute
from ledger.benefits.errors import BadFact
from ledger.benefits.formula import Value
from ledger.benefits.scheme import Scheme, scheme
from ledger.errors import Refusal
from ledger.lawfile import BadLawFile, LawFile, Strict, load, parse
from ledger.money import show
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters

FOLDER = "cases/benefits"
TOTAL = "合计"


class Table(Strict):
    """A statutory table proved whole: for each value of the input ``each``, what ``gives`` must be."""

    each: str
    gives: str
    rows: dict[str, str]


class Case(Strict):
    """One worked case, or a table of them."""

    name: str
    scheme: str
    period: str
    input: dict[str, str]
    output: dict[str, str] = Field(default_factory=dict)
    table: Table | None = None
    refused: str = ""
    parameter: str = ""
    why: str = ""
    values: tuple[OfficeValue, ...] = ()


class CaseFile(LawFile):
    """A file of cases; ``values`` hold for all of them."""

    values: tuple[OfficeValue, ...] = ()
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went: ``trouble`` is '' when it holds."""

    file: str
    case: Case
    trouble: str
    award: Award | None


def case_files() -> list[tuple[str, CaseFile]]:
    """Every file of cases, the office's own too; raises SB1011."""
    return [(file, read_cases(load(file), file)) for file in templates.names(FOLDER, ".yaml")]


def read_cases(data: Any, file: str) -> CaseFile:
    """A file of cases from plain YAML values; amounts and months may be written without quotes. Raises SB1011."""
    if isinstance(data, dict):
        for case in data.get("cases") or ():
            if isinstance(case, dict):
                case.update({key: _texts(case[key], file) for key in ("input", "output") if isinstance(case.get(key), dict)})
                case["period"] = str(case.get("period", ""))
                if isinstance(case.get("table"), dict) and isinstance(case["table"].get("rows"), dict):
                    case["table"]["rows"] = _texts(case["table"]["rows"], file)
    found = parse(CaseFile, data, file)
    for one in found.cases:
        if sum((bool(one.output), bool(one.refused), one.table is not None)) != 1:
            raise BadLawFile(file=file, where=one.name, why="output、table 与 refused 须写一个，且只写一个")
    return found


def _texts(given: Mapping[Any, Any], file: str) -> dict[str, str]:
    try:
        return facts.texts(given)
    except BadFact as wrong:
        raise BadLawFile(file=file, where="cases", why=wrong.text("zh")) from wrong


def run_all(parameters: Parameters) -> list[Outcome]:
    """Every case run."""
    return [run(file, found, case, parameters) for file, found in case_files() for case in found.cases]


def run(file: str, found: CaseFile, case: Case, parameters: Parameters) -> Outcome:
    """One case run under the law of its month, with its own assumed values."""
    award = None
    try:
        law = parameters.overlaid((*found.values, *case.values), file)
        month = Month.parse(case.period)
        way = scheme(case.scheme, month)
        if case.table is not None:
            return Outcome(file, case, _rows(case.table, case, way, month, law), None)
        award = compute(way, month, facts.parse(way, case.input), law)
        trouble = f"应被拒绝（{case.refused}），却算出 {show(award.total)}" if case.refused else _differences(case, award)
    except Refusal as refusal:
        trouble = _refused(case, refusal)
    return Outcome(file, case, trouble, award)


def _rows(table: Table, case: Case, way: Scheme, month: Month, law: Parameters) -> str:
    """Every row of a table reckoned; what differs, the first three."""
    wrong = []
    for key, wanted in table.rows.items():
        award = compute(way, month, facts.parse(way, {**case.input, table.each: key}), law)
        got = result(award, table.gives)
        if got is None or not _equal(got, wanted):
            wrong.append(f"{table.each} {key}：{table.gives} 应为 {wanted}，算得 {facts.shown(got) if got is not None else '没有'}")
    return "；".join(wrong[:3]) + (f" 等 {len(wrong)} 行" if len(wrong) > 3 else "")


def _refused(case: Case, refusal: Refusal) -> str:
    if not case.refused:
        return f"[{refusal.code}] {refusal.text('zh')}"
    if refusal.code != case.refused or (case.parameter and refusal.facts.get("name") != case.parameter):
        return f"应为 {case.refused} {case.parameter}，实为 [{refusal.code}] {refusal.text('zh')}"
    return ""


def _differences(case: Case, award: Award) -> str:
    wrong = []
    for name, wanted in case.output.items():
        got = result(award, name)
        if got is None:
            wrong.append(f"没有“{name}”")
        elif not _equal(got, wanted):
            wrong.append(f"{name} 应为 {wanted}，算得 {facts.shown(got)}")
    return "；".join(wrong)


def result(award: Award, name: str) -> Value | None:
    """What the award says under a name: 合计, an item (sum of its steps), or a step (rounded where it is)."""
    if name == TOTAL:
        return Fraction(award.total, 100)
    items = dict(award.items)
    if name in items:
        return Fraction(items[name], 100)
    line = next((line for line in award.lines if line.name == name), None)
    if line is None:
        return Fraction(0) if any(step.item == name or step.name == name for step in award.scheme.steps) else None
    return line.value if line.fen is None else Fraction(line.fen, 100)


def _equal(got: Value, wanted: str) -> bool:
    if isinstance(got, Fraction):
        try:
            return got == (Fraction(wanted) if "/" in wanted else Fraction(wanted.replace(",", "")))
        except (ValueError, ZeroDivisionError):
            return False
    return facts.shown(got) == wanted.strip()
