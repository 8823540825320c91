"""A life in years: rows grouped by year and payer, months that count, benefits by item and year, and what no record tells (无记录、未采集). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import templates
from ledger.lawfile import LawFile, read
from ledger.money import Fen
from ledger.months import Month
from ledger.person_records.lines import Booked

FILE = "person-record.yaml"


class RecordLaw(LawFile):
    """``templates/person-record.yaml``: which parts make a month count, months of a premium year, and the words for what is missing."""

    counting: tuple[str, ...]
    months_of_a_year: int
    unknown_before_books: str
    nothing_recorded: str
    certification: str
    said: tuple[str, ...]


def law() -> RecordLaw:
    """The rules in force; raises SB1011."""
    return _law(tuple(str(root) for root in templates.roots()))


@lru_cache(maxsize=4)
def _law(roots: tuple[str, ...]) -> RecordLaw:
    return read(RecordLaw, FILE)


@dataclass(frozen=True, slots=True)
class Paid:
    """Contributions of one book, year and part: fen, and the vouchers that booked them."""

    book_id: int
    year: int
    part: str
    fen: Fen
    vouchers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Months of one book and year that count; ``by_year`` where a whole premium year does."""

    book_id: int
    year: int
    months: int
    by_year: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One item of one year of entitlement: months, the amount of its last month, sum, of which arrears (booked after their month) and taken back."""

    book_id: int
    year: int
    item: str
    months: int
    monthly: Fen
    total: Fen
    late: Fen
    back: Fen
    vouchers: tuple[str, ...]


def by_year(rows: Iterable[Booked]) -> list[Paid]:
    """Contributions by book, year of entitlement and part; sums that are nil stay, for their rows are there."""
    found: dict[tuple[int, int, str], list[Booked]] = {}
    for one in rows:
        found.setdefault((one.book_id, one.year, one.kind), []).append(one)
    return [Paid(*key, sum(one.fen for one in group), _vouchers(group)) for key, group in sorted(found.items())]


def counted(rows: Iterable[Booked], rules: RecordLaw) -> list[Counted]:
    """Months that count, by book and year: months with money of a counting part, or a whole year where the premium is yearly."""
    sums: dict[tuple[int, int, int], Fen] = {}
    for one in rows:
        if one.kind in rules.counting and one.period:
            key = (one.book_id, one.year, one.period % 100)
            sums[key] = sums.get(key, 0) + one.fen
    months: dict[tuple[int, int], set[int]] = {}
    for (book_id, year, month), fen in sums.items():
        if fen > 0:
            months.setdefault((book_id, year), set()).add(month)
    return [
        Counted(book_id, year, rules.months_of_a_year if 0 in held else len(held), 0 in held) for (book_id, year), held in sorted(months.items())
    ]  # fmt: skip


def drawn(rows: Iterable[Booked]) -> list[Drawn]:
    """Benefits by book, year of entitlement and item."""
    found: dict[tuple[int, int, str], list[Booked]] = {}
    for one in rows:
        found.setdefault((one.book_id, one.year, one.kind), []).append(one)
    made = []
    for key, group in sorted(found.items()):
        months: dict[int, Fen] = {}
        for one in group:
            months[one.period] = months.get(one.period, 0) + one.fen
        left = sorted(period for period, fen in months.items() if fen)
        late = sum(one.fen for one in group if one.fen > 0 and one.period and one.month > one.period)
        back = -sum(one.fen for one in group if one.fen < 0)
        made.append(Drawn(*key, len(left), months[left[-1]] if left else 0, sum(one.fen for one in group), late, back, _vouchers(group)))
    return made


def _vouchers(rows: Iterable[Booked]) -> tuple[str, ...]:
    return tuple(sorted({one.voucher for one in rows}))


def first_month(rows: Iterable[Booked]) -> Month | None:
    """The first month of entitlement of payments that were not all taken back."""
    sums: dict[int, Fen] = {}
    for one in rows:
        if one.period % 100:
            sums[one.period] = sums.get(one.period, 0) + one.fen
    return Month.from_number(min(left)) if (left := [period for period, fen in sums.items() if fen > 0]) else None


def missing_years(first: int, last: int, known: Iterable[int], opened: Month, rules: RecordLaw) -> list[tuple[str, str]]:
    """(years, why) of years from ``first`` to ``last`` without a contribution, run together by reason; ``opened`` is the month of the opening balances."""
    held, begin = set(known), opened + 1
    before = begin.year - (begin.month == 1)
    return _runs([(year, rules.unknown_before_books if year <= before else rules.nothing_recorded) for year in range(first, last + 1) if year not in held])


def _runs(gaps: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    made: list[tuple[int, int, str]] = []
    for year, why in gaps:
        if made and made[-1][1] == year - 1 and made[-1][2] == why:
            made[-1] = (made[-1][0], year, why)
        else:
            made.append((year, year, why))
    return [(f"{first} 年" if first == last else f"{first}—{last} 年", why) for first, last, why in made]


def missing_months(first: Month, last: Month, known: Iterable[int], opened: Month, rules: RecordLaw) -> list[tuple[str, str]]:
    """(months, why) of months of drawing without a payment, months of one reason run together."""
    held, made = set(known), list[tuple[Month, Month, str]]()
    month = first
    while not last < month:
        if month.number not in held:
            why = rules.unknown_before_books if not opened < month else rules.nothing_recorded
            if made and made[-1][1] + 1 == month and made[-1][2] == why:
                made[-1] = (made[-1][0], month, why)
            else:
                made.append((month, month, why))
        month = month + 1
    return [(str(a) if a == b else f"{a}—{b}", why) for a, b, why in made]
