"""What age, certification and custody demand (真值：年龄、认证、服刑)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.months import Month as Calendar
from shebao.demo.county import HISTORY, County
from shebao.demo.facts import PENSION
from shebao.demo.money_out import Month, by_fund_region
from shebao.demo.truth_facts import Person, Truth, birthday, truths

RESIDENTS_AGE = 60
YOUNGEST = {("正常", True): 60, ("正常", False): 50, ("特殊工种", True): 55, ("特殊工种", False): 45}
"""The lowest age of each kind of retirement. The planted cases of E and G stay far below it throughout, so that neither
cadres (55) nor the delay since 2025 can change a month of them."""


def _turns(county: County, person: Person, fund: str) -> int:
    """First period due by age, or 0 when no age applies or nothing says how old the person is."""
    if fund == "R":
        born, age = birthday(person.life.number), RESIDENTS_AGE
    else:
        rows = [r for r in person.life.registers if r.fund == fund]
        if not rows or (rows[0].retire_kind, person.life.male) not in YOUNGEST:
            return 0
        born, age = rows[0].file_birth or birthday(person.life.number), YOUNGEST[rows[0].retire_kind, person.life.male]
    return (Calendar(born.year + age, born.month) + 1).number if born else 0


def e1(county: County, person: Person) -> Iterator[Truth]:
    """Pension for periods before the month after the birthday that entitles."""
    for (fund, region), months in sorted(by_fund_region(m for m in person.months if m.kind == PENSION).items()):
        due = _turns(county, person, fund) if fund in "ERG" else 0
        early = [m for m in months if m.period < due]
        if early and fund != "R" and any(m.period >= due - 200 for m in months):
            raise ValueError(f"{person.life.number}: a planted case of {fund} must stay far below the age")
        if early:
            yield from truths("E1-UNDER-AGE", person, {(fund, region): early})


def e2(_: County, person: Person) -> Iterator[Truth]:
    """Paid for a period more than 12 months after the later of certification and 待遇起始年月."""
    for (fund, region), months in sorted(by_fund_region(m for m in person.months if m.kind == PENSION).items()):
        rows = [r for r in person.life.registers if (r.fund, r.region) == (fund, region)]
        known = [n for r in rows for n in (r.certified_on // 100, r.start_month) if n]
        if known:
            last = (Calendar.from_number(max(known)) + 12).number
            late = [m for m in months if m.period > last]
            if late:
                yield from truths("E2-NO-CERTIFICATE", person, {(fund, region): late})


def e3(county: County, person: Person) -> Iterator[Truth]:
    """Pension from the month after imprisonment to the month of release inclusive; overlapping terms are one."""
    inside: set[int] = set()
    for term in person.life.terms:
        if term.mode in ("监禁", "拘役", "羁押"):
            month = Calendar.from_number(term.start // 100) + 1
            while month.number <= (term.end // 100 or county.periods[HISTORY]):
                inside.add(month.number)
                month += 1
    found: list[Month] = [m for m in person.months if m.kind == PENSION and m.period in inside]
    if found:
        yield from truths("E3-CUSTODY", person, by_fund_region(found))


RULES = (e1, e2, e3)
