"""What a personal record is made of, gathered for a few persons at once: the register of persons, and rows of every insurance book by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from ledger import accounts, persons
from ledger.accounts import Book
from ledger.months import Month
from ledger.person_records import lines
from ledger.person_records.lines import ActLine, Booked, YearLine
from ledger.persons import History


@dataclass(frozen=True, slots=True)
class Life:
    """One person as known on a day, with every row through a month; several numbers only where the register itself joins them."""

    told: History
    as_of: date
    books: dict[int, Book]
    contributions: tuple[Booked, ...]
    payments: tuple[Booked, ...]
    acts: tuple[ActLine, ...]
    years: tuple[YearLine, ...]

    @property
    def through(self) -> Month:
        """The month of the day: books count through its end."""
        return Month.of(self.as_of)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number the person holds or held, in the register's order."""
        return tuple(dict.fromkeys(one.number for one in self.told.numbers))

    def book_of(self, fund: str) -> Book | None:
        """The book of a fund; None where this office keeps none."""
        return next((book for book in self.books.values() if book.fund.value == fund), None)


def gather(connection: sa.Connection, wanted: Sequence[int], as_of: date, known_on: date) -> list[Life]:
    """Lives in the order wanted: one set of queries for all rows. Raises SB1400."""
    books = {book.book_id: book for book in accounts.books(connection) if not book.fund.special}
    told = [persons.history(connection, person_id, known_on) for person_id in wanted]
    numbers = sorted({one.number for each in told for one in each.numbers})
    month = Month.of(as_of)
    found = (
        *lines.booked(connection, list(books), numbers, month),
        lines.acts(connection, list(books), numbers, month),
        lines.years(connection, list(books), numbers, month),
    )
    by_number: list[dict[str, list[int]]] = []
    for rows in found:
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row.number, []).append(place)
        by_number.append(places)
    made = []
    for each in told:
        own = {one.number for one in each.numbers}
        places_of = [sorted(place for number in own for place in places.get(number, ())) for places in by_number]
        contributions, payments, acts, years = found
        made.append(
            Life(
                each, as_of, books, tuple(contributions[at] for at in places_of[0]), tuple(payments[at] for at in places_of[1]),
                tuple(acts[at] for at in places_of[2]), tuple(years[at] for at in places_of[3]),
            )
        )  # fmt: skip
    return made
