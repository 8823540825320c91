"""What the payments alone demand (真值：发放): the dead, two schemes, two regions, twice, accounts, numbers and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ledger.months import Month as Calendar
from shebao.demo.county import COUNTY_CODE, County
from shebao.demo.facts import ARREARS, DISABILITY, FUNERAL, LUMP, PENSION, SURVIVOR, UNEMPLOYMENT, Household
from shebao.demo.money_out import Month, by_fund_region, net_rows
from shebao.demo.numbers import is_valid
from shebao.demo.truth_facts import Person, Truth, died_in, joined, normal, one, plain, truths


def d1(_: County, person: Person) -> Iterator[Truth]:
    """Benefits for periods after the month of death; D3 for what follows an unpaid month after it."""
    died = died_in(person.life)
    if not died:
        return
    groups = by_fund_region(m for m in person.months if m.period > died and m.kind in (PENSION, DISABILITY, SURVIVOR, UNEMPLOYMENT))
    yield from truths("D1-POSTHUMOUS", person, groups)
    for (fund, region), months in sorted(groups.items()):
        due = Calendar.from_number(died) + 1
        paid = {m.period for m in months}
        while due.number in paid:
            due += 1
        again = [m for m in months if m.period > due.number]
        if again:
            yield from truths("D3-REVIVED", person, {(fund, region): again})


def p1(_: County, person: Person) -> Iterator[Truth]:
    """Residents' pension beside E or G goes; of E and G the later one, then the smaller sum, then G."""
    paid = {f: [m for m in person.months if m.kind == PENSION and m.fund == f] for f in "ERG"}
    periods = {f: {m.period for m in months} for f, months in paid.items()}
    double = periods["R"] & (periods["E"] | periods["G"])
    yield from truths("P1-TWO-SCHEMES", person, by_fund_region(m for m in paid["R"] if m.period in double))
    both = periods["E"] & periods["G"]
    if both:
        goes = max("EG", key=lambda f: (_began(person, f, COUNTY_CODE, periods[f]), -sum(m.amount for m in paid[f] if m.period in both), f))
        yield from truths("P1-TWO-SCHEMES", person, by_fund_region(m for m in paid[goes] if m.period in both))


def _began(person: Person, fund: str, region: str, periods: set[int]) -> int:
    """待遇起始年月 of the people register, else the first period paid."""
    starts = [r.start_month for r in person.life.registers if (r.fund, r.region) == (fund, region) and r.start_month]
    return starts[0] if starts else min(periods)


def p2(_: County, person: Person) -> Iterator[Truth]:
    """One scheme in two regions: the one that began later, then the smaller sum, then the larger code."""
    for fund in "ERG":
        groups = by_fund_region(m for m in person.months if m.kind == PENSION and m.fund == fund)
        if len(groups) != 2:
            continue
        both = set.intersection(*({m.period for m in months} for months in groups.values()))
        if not both:
            continue
        goes = max(
            groups,
            key=lambda g: (_began(person, g[0], g[1], {m.period for m in groups[g]}), -sum(m.amount for m in groups[g] if m.period in both), g[1]),
        )
        yield from truths("P2-TWO-REGIONS", person, {goes: [m for m in groups[goes] if m.period in both]})


def p3(_: County, person: Person) -> Iterator[Truth]:
    """The same item for the same period in several rows: all but the largest."""
    repeats: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    keys: dict[tuple[str, str, int, str, str], list[int]] = defaultdict(list)
    for row, amount in net_rows(person.pays):
        if row.kind != ARREARS:
            keys[row.fund, row.region, row.period, row.item, row.source].append(amount)
    for (fund, region, period, _item, _source), amounts in keys.items():
        if len(amounts) > 1:
            repeats[fund, region].append((period, sum(amounts) - max(amounts)))
    for (fund, region), found in sorted(repeats.items()):
        yield one("P3-TWICE", person, fund, region, {p for p, _a in found}, sum(a for _p, a in found))


def p5(_: County, person: Person) -> Iterator[Truth]:
    """Unemployment benefit for periods with a pension."""
    pension = {m.period for m in person.months if m.kind == PENSION}
    yield from truths("P5-PENSION-UNEMPLOYMENT", person, by_fund_region(m for m in person.months if m.kind == UNEMPLOYMENT and m.period in pension))


def bearing(house: Household, months: Iterable[Month], kinds: tuple[str, ...] = ()) -> Iterator[Month]:
    """Rows whose account says something: not masked, not registered for an agent, no funeral, lump sum, survivor or back pay."""
    agents = {agent.account for agent in house.agents}
    for month in months:
        if month.account and "*" not in month.account and month.account not in agents and not month.arrears:
            if month.kind in (FUNERAL, LUMP, SURVIVOR) or (kinds and month.kind not in kinds):
                continue
            yield month


def shared_accounts(house: Household, people: list[Person]) -> Iterator[Truth]:
    """A1: pensions of several people on one account in one month of payment."""
    rows: dict[str, list[tuple[Person, Month]]] = defaultdict(list)
    for person in people:
        for month in bearing(house, person.months, (PENSION,)):
            rows[month.account].append((person, month))
    for _account, found in sorted(rows.items()):
        takers: dict[int, set[str]] = defaultdict(set)
        for person, month in found:
            takers[month.paid_in].add(person.life.number)
        shared = {paid_in for paid_in, numbers in takers.items() if len(numbers) > 1}
        counted = [(p, m) for p, m in found if m.paid_in in shared]
        if counted:
            first = min((p for p, _m in counted), key=lambda p: p.life.number)
            funds, regions = ({m.fund for _p, m in counted}, {m.region for _p, m in counted})
            yield one("A1-SHARED-ACCOUNT", first, ";".join(sorted(funds)), ";".join(sorted(regions)), shared, sum(m.amount for _p, m in counted))


def a2(_: County, person: Person) -> Iterator[Truth]:
    """The account is in another's name."""
    rows = [m for m in bearing(person.house, person.months) if plain(m.holder) != plain(m.name)]
    yield from joined("A2-HOLDER-DIFFERS", person, rows)


def i1(_: County, person: Person) -> Iterator[Truth]:
    """A resident number that fails its form, date or check digit: all its periods."""
    if person.life.id_type in ("居民身份证", "") and not is_valid(normal(person.life.number)):
        yield from joined("I1-BAD-NUMBER", person, person.months)


def i2(_: County, person: Person) -> Iterator[Truth]:
    """Several names under one number: the rows of the rarer ones."""
    counts: dict[str, int] = defaultdict(int)
    for month in person.months:
        counts[plain(month.name)] += 1
    if len(counts) > 1:
        common = max(counts, key=lambda name: counts[name])
        yield from joined("I2-NAME-DIFFERS", person, [m for m in person.months if plain(m.name) != common])


RULES = (d1, p1, p2, p3, p5, a2, i1, i2)
