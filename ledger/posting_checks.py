"""What posting looks at before it writes: months, sources, papers, accounts and numbers, read once for all entries of one posting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ledger.db import UnitOfWork
from ledger.entries import Entry
from ledger.errors_posting import AccountNotUsable, AlreadyBooked, NoAuthority, PeriodNotOpen
from ledger.months import Month
from ledger.tables import account, book, document, entry, period

_MOST = 500
"""Values of one IN list; any build of SQLite takes as many."""
_STATES = {None: "尚未启用", "locked": "已锁定，只收结转凭证", "closed": "已结账"}


@dataclass(frozen=True, slots=True)
class Signed:
    """The people of an entry: maker (制单), reviewer (审核) and poster (记账), as user ids."""

    maker: str
    reviewer: str
    poster: str


def check_people(made: Entry, people: Signed) -> None:
    """L9: authority, source and two people; raises SB1105."""
    if not made.authority or not made.source_key:
        raise NoAuthority(why="缺依据或原始凭据号")
    if not (people.maker and people.reviewer and people.poster):
        raise NoAuthority(why="缺签字人")
    if people.maker == people.reviewer:
        raise NoAuthority(why="制单与审核是同一人")
    if people.poster == people.reviewer:
        raise NoAuthority(why="记账与审核是同一人")


def check_period(work: UnitOfWork, book_id: int, made: Entry) -> None:
    """Passes when the entry's month takes it: open, or locked for a closing entry; raises SB1302 (L5)."""
    state = work.connection.execute(sa.select(period.c.state).where(period.c.book_id == book_id, period.c.period == made.period)).scalar()
    _takes(state, made)


def _takes(state: str | None, made: Entry) -> None:
    if state != "open" and not (state == "locked" and made.closing):
        raise PeriodNotOpen(period=made.period, state=_STATES[state])


@dataclass(slots=True)
class Before:
    """The book as it stands before a posting, as far as the entries touch it; grows with each entry that passes."""

    work: UnitOfWork
    book_id: int
    states: dict[Month, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    numbers: dict[tuple[str, Month], int] = field(default_factory=dict)
    last_id: int = 0
    _passed: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, work: UnitOfWork, book_id: int, entries: Sequence[Entry]) -> Before:
        """Reads what the entries touch, a handful of queries whatever their number."""
        found, read = cls(work, book_id), work.connection.execute
        heads = entry.c
        found.states = {row.period: row.state for row in read(sa.select(period.c.period, period.c.state).where(period.c.book_id == book_id))}
        for keys in _slices({made.source_key for made in entries}):
            known = sa.select(heads.source_key, heads.kind, heads.period, heads.number).where(heads.book_id == book_id, heads.source_key.in_(keys))
            found.sources |= {row.source_key: f"{row.kind}-{row.period}-{row.number:04d}" for row in read(known)}
        for papers in _slices({paper for made in entries for paper in made.documents}):
            booked = sa.select(document.c.document, document.c.entry_id).where(document.c.book_id == book_id, document.c.document.in_(papers))
            found.papers |= {row.document: row.entry_id for row in read(booked)}
        columns = account.c
        for codes in _slices({leg.account for made in entries for leg in made.lines}):
            usable = sa.select(columns.code, columns.leaf, columns.valid_from, columns.valid_to).where(columns.book_id == book_id, columns.code.in_(codes))
            found.accounts |= {row.code: (row.leaf, row.valid_from, row.valid_to) for row in read(usable)}
        found.last_id = int(read(sa.select(sa.func.coalesce(sa.func.max(heads.entry_id), 0)).where(heads.book_id == book_id)).scalar_one())
        for kind, month in {(made.kind, made.period) for made in entries}:
            latest = sa.select(sa.func.coalesce(sa.func.max(heads.number), 0)).where(heads.book_id == book_id, heads.kind == kind, heads.period == month)
            found.numbers[kind, month] = int(read(latest).scalar_one())
        return found

    def take(self, made: Entry, people: Signed) -> tuple[int, int]:
        """Checks one entry and gives its id and number; the next one is checked as if it were posted. Raises SB1104, SB1105, SB1302, SB1306."""
        check_people(made, people)
        _takes(self.states.get(made.period), made)
        if made.source_key in self.sources:
            raise AlreadyBooked(source=made.source_key, where=self.sources[made.source_key])
        for paper in made.documents:
            if paper in self.papers:
                raise AlreadyBooked(source=paper, where=f"凭证序号 {self.papers[paper]}")
        day = made.day.isoformat()
        for leg in made.lines:
            if (leg.account, day) not in self._passed:
                self._check_account(leg.account, day)
        self.last_id += 1
        run = (made.kind, made.period)
        self.numbers[run] = number = self.numbers[run] + 1
        self.sources[made.source_key] = f"{made.kind}-{made.period}-{number:04d}"
        for paper in made.documents:
            self.papers[paper] = self.last_id
        return self.last_id, number

    def _check_account(self, code: str, day: str) -> None:
        """L6."""
        leaf, valid_from, valid_to = self.accounts.get(code, (None, "", ""))
        if leaf is None:
            why = "科目表中没有"
        elif not leaf:
            why = "不是末级科目"
        elif valid_from > day or (valid_to and day >= valid_to):
            why = "当日不在有效期内"
        else:
            self._passed.add((code, day))
            return
        fund = self.work.connection.execute(sa.select(book.c.fund).where(book.c.book_id == self.book_id)).scalar()
        raise AccountNotUsable(account=code, fund=fund, day=day, why=why)


def _slices(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _MOST):
        yield ordered[start : start + _MOST]
