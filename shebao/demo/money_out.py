"""What a person really got (净发放): payments less what was reversed or returned, month by month, reckoned from the facts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from shebao.demo.county import RENAMED
from shebao.demo.facts import ARREARS, PAID, PENSION, RETURNED, REVERSED, Life, Pay, RosterLine


class Month(NamedTuple):
    """Money a row brought for one period. ``key`` tells rows apart; ``paid_in`` is the month of payment."""

    fund: str
    region: str
    period: int
    kind: str
    item: str
    source: str
    amount: int
    account: str
    holder: str
    name: str
    paid_in: int
    arrears: bool


def as_pay(line: RosterLine, region: str, period: int, paid_on: int) -> Pay:
    """A roster line as the payment it becomes."""
    return Pay(line.fund, region, line.number, line.name, line.item, PENSION, period, paid_on, line.amount, line.account, line.holder, line.bank)


def net_rows(pays: Iterable[Pay]) -> list[tuple[Pay, int]]:
    """Rows that are money out with what is left of each after cancelling, rows with nothing left dropped.

    A reversal (冲正), a return (退回) or a negative success takes from the row it names by 原流水号, else from
    the rows of the same fund, region and item for 原所属期 (else 所属期), up to its own amount.
    """
    rows = list(pays)
    left = {i: row.amount for i, row in enumerate(rows) if row.status == PAID and row.amount > 0}
    by_serial = {rows[i].serial: i for i in left if rows[i].serial}
    for row in rows:
        if not (row.status in (REVERSED, RETURNED) or (row.status == PAID and row.amount < 0)):
            continue
        if row.orig_serial:
            targets = [by_serial[row.orig_serial]] if row.orig_serial in by_serial else []
        else:
            meant = row.orig_period or row.period
            targets = [i for i in left if (rows[i].fund, rows[i].region, rows[i].item, rows[i].period) == (row.fund, row.region, row.item, meant)]
            targets = [i for i in targets if not row.source or rows[i].source == row.source]
        rest = abs(row.amount)
        for i in targets:
            taken = min(rest, left[i])
            left[i] -= taken
            rest -= taken
    return [(rows[i], amount) for i, amount in left.items() if amount > 0]


def county_now(region: str) -> str:
    """A renamed county is the same county: its new code."""
    return RENAMED[1] if region == RENAMED[0] else region


def months_of(pays: Iterable[Pay]) -> list[Month]:
    """Net money by period. Back pay counts as pension for exactly its range, in equal shares; without a range nowhere."""
    found: list[Month] = []
    for row, amount in net_rows(pays):
        spans = [(row.period, amount)]
        if row.kind == ARREARS:
            spans = list(_spread(row, amount)) if row.span_from else []
        for period, part in spans:
            kind = PENSION if row.kind == ARREARS else row.kind
            found.append(
                Month(
                    row.fund, county_now(row.region), period, kind, row.item, row.source, part, row.account, row.holder, row.name,
                    row.paid_on // 100, row.kind == ARREARS,
                )
            )  # fmt: skip
    return found


def _spread(row: Pay, amount: int) -> Iterable[tuple[int, int]]:
    periods, period = [], row.span_from
    while period <= row.span_to:
        periods.append(period)
        period += 89 if period % 100 == 12 else 1
    share, odd = divmod(amount, len(periods))
    return [(p, share + (1 if i < odd else 0)) for i, p in enumerate(periods)]


def by_fund_region(months: Iterable[Month]) -> dict[tuple[str, str], list[Month]]:
    """The same, grouped by fund and region."""
    groups: dict[tuple[str, str], list[Month]] = defaultdict(list)
    for month in months:
        groups[month.fund, month.region].append(month)
    return groups


def last_name(life: Life, pays: list[Pay]) -> str:
    """The name as last paid, else the life's own."""
    paid = [row for row in pays if row.status == PAID]
    return max(paid, key=lambda row: row.period).name if paid else life.name
