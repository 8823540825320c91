"""Registers against the ledger (台账与账核对): sums that must be equal, vouchers that must cover their rows. Lines for the closing checklist."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls.registers import law as laws
from controls.registers import ledgerside
from controls.registers.law import Register, TieLaw
from controls.registers.sheet import Sheet, sheet
from controls.registers.store import last_row
from controls.registers.values import day_of
from ledger import accounts, balances
from ledger.accounts import Book
from ledger.balances import Movement
from ledger.money import show
from ledger.months import Month

NOTED = (("relief", "relief", "relieved", "month"), ("deferral", "relief", "deferred_open", ""), ("recovery", "recoveries", "open", ""))
"""Figures of the notes: source, register, column, and the month that puts a row into the year."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One comparison: fen of the register and of the ledger, and its sentence."""

    register: str
    code: str
    what: str
    mine: int
    ledger: int
    sides: tuple[str, str] = ("台账", "账上")

    @property
    def ok(self) -> bool:
        """Whether both are equal."""
        return self.mine == self.ledger

    @property
    def text(self) -> str:
        """The sentence for a checklist."""
        said = f"{self.what}：{self.sides[0]} {show(self.mine)} 元，{self.sides[1]} {show(self.ledger)} 元"
        return said + ("，相符" if self.ok else f"，相差 {show(self.mine - self.ledger)} 元")


def ties(connection: sa.Connection, book: Book, month: Month, only: Register | None = None) -> list[Tie]:
    """Every tie of the book's registers at the end of a month; registers without a row are not in use and say nothing."""
    found: list[Tie] = []
    moves = balances.movements(connection, book.book_id, month)
    names = {code: account.full_name for code, account in accounts.accounts_of(connection, book.book_id).items()}
    for law in [only] if only else laws.registers().values():
        kept = law.keyed_by == "book" and law.ties and (law.funds is None or book.fund in law.funds)
        if not kept or not last_row(connection, book.book_id, law.name):
            continue
        made = sheet(connection, law, book, month.last_day, today=date.max)
        for tie in law.ties:
            found += _tie(made, tie, month, moves, names)
    return found


def _tie(made: Sheet, tie: TieLaw, month: Month, moves: list[Movement], names: dict[str, str]) -> list[Tie]:
    if tie.measure == "voucher":
        return _vouchers(made, tie, [code for code, name in names.items() if _counts(tie, code, name)])
    mine: dict[str, int] = defaultdict(int)
    values = made.column(tie.by) if tie.by else [""] * len(made.rows)
    days = made.column(tie.dated) if tie.dated else [None] * len(made.rows)
    for fen, here, by, day in zip(made.fen(tie.column), made.where(tie.when), values, days, strict=True):
        if here and fen and (day is None or _within(tie, month, day_of(day))):
            mine[str(by)] += fen
    theirs = _of_ledger(tie, month, moves, names)
    return [
        Tie(made.law.name, tie.code, f"{made.law.zh}{tie.zh}" + (f"（{key}）" if key else ""), mine.get(key, 0), theirs.get(key, 0))
        for key in sorted({*mine, *theirs} or {""})
        if key or not tie.by
    ]


def _counts(tie: TieLaw, code: str, name: str) -> bool:
    return any(code.startswith(one.code) and (not one.part or one.part in name) for one in tie.accounts)


def _within(tie: TieLaw, month: Month, day: date) -> bool:
    if tie.measure == "month":
        return Month.of(day) == month
    return day <= month.last_day and (tie.measure == "balance" or day.year == month.year)


def _of_ledger(tie: TieLaw, month: Month, moves: list[Movement], names: dict[str, str]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for move in moves:
        name = names.get(move.account, "")
        if not _counts(tie, move.account, name):
            continue
        if tie.measure != "balance" and (move.period.year != month.year or (tie.measure == "month" and move.period != month)):
            continue
        net = move.net if tie.measure == "balance" else move.debit - move.credit
        sums[name.split("-")[-1] if tie.by else ""] += net if tie.side == "D" else -net
    return dict(sums) if any(sums.values()) or not tie.by else {key: fen for key, fen in sums.items() if fen}


def _vouchers(made: Sheet, tie: TieLaw, codes: list[str]) -> list[Tie]:
    """Rows that name one voucher against what that voucher booked, where they differ: a shared voucher never covers more than it says."""
    link = next(field.name for field in made.law.fields if field.type == "voucher")
    sums: dict[str, int] = defaultdict(int)
    for label, fen, here in zip(made.column(link), made.fen(tie.column), made.where(tie.when), strict=True):
        if label and here:
            sums[str(label)] += fen
    entries = ledgerside.linked_entries(made.connection, made.book_id, sums)
    fen_of = ledgerside.by_entry(made.connection, made.book_id, codes, tie.side, made.as_of, entries.values()) if codes else {}
    return [
        Tie(made.law.name, tie.code, f"{made.law.zh}{tie.zh} {label}", total, fen_of.get(entries[label], 0))
        for label, total in sums.items()
        if label in entries and total != fen_of.get(entries[label], 0)
    ]


def confirmed(connection: sa.Connection, book: Book, month: Month) -> list[Tie]:
    """K14 between units: each 往来确认单 of the year through ``month``, ours by the ledger against theirs as they signed it."""
    law = laws.get("confirmations")
    if not last_row(connection, book.book_id, law.name):
        return []
    made = sheet(connection, law, book, month.last_day, today=date.max)
    columns = (made.column(name) for name in ("kind", "counterpart", "month"))
    return [
        Tie(law.name, "K14", f"{kind} {counterpart} {Month.from_number(int(period))}", ours, theirs, ("本方", "对方"))
        for kind, counterpart, period, ours, theirs in zip(*columns, made.fen("ours"), made.fen("theirs"), strict=True)
        if isinstance(period, int) and period // 100 == month.year and period <= month.number
    ]


def figures(connection: sa.Connection, book: Book, month: Month) -> dict[str, int]:
    """What the notes (附注) say of the registers at a month's end: relief and deferral of the year, claims still open, fen; only of registers in use."""
    found: dict[str, int] = {}
    for source, register, column, dated in NOTED:
        law = laws.get(register)
        if (law.funds is not None and book.fund not in law.funds) or not last_row(connection, book.book_id, register):
            continue
        made = sheet(connection, law, book, month.last_day, today=date.max)
        days = made.column(dated) if dated else [None] * len(made.rows)
        found[source] = sum(fen for fen, day in zip(made.fen(column), days, strict=True) if day is None or int(day) // 100 == month.year)
    return found
