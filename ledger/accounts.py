"""Books and their accounts in the store: opening a book copies its fund's chart, leaf by leaf, with its dates."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ledger import chain
from ledger.chart_file import Tier
from ledger.db import UnitOfWork
from ledger.entries import digest
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.months import Month
from ledger.tables import account, book, period, unit
from ledger.tables import chain as chain_table


class NoSuchBook(Refusal):
    """No book for that fund."""

    code = "SB1204"
    zh = "本单位没有{fund}账套。"
    en = "This office keeps no book for {fund}."
    cause_zh = "每个险种单独设账套（L2）。"
    cause_en = "Each fund has a book of its own (L2)."
    remedy_zh = "险种账套用 shebao init 时的 --funds 选项开设，专项资金的专账用 shebao special open 开设。"
    remedy_en = "Open a fund's book with --funds of shebao init, a special book with shebao special open."


@dataclass(frozen=True, slots=True)
class Book:
    """账套: unit × fund, with the chart it follows, the month it opened (its opening balances' month), and the unit's level (28号 has lines of either)."""

    book_id: int
    unit_code: str
    unit_name: str
    fund: Fund
    chart: str
    opened: Month
    tier: Tier = "county"


@dataclass(frozen=True, slots=True)
class BookAccount:
    """One account of a book as stored."""

    code: str
    name: str
    full_name: str
    side: str
    element: str
    parent: str
    leaf: bool
    origin: str
    valid_from: str
    valid_to: str


def open_unit(work: UnitOfWork, code: str, name: str, region: str, tier: Tier = "county") -> None:
    """Registers the agency (单位); ``tier`` province for one at the province, whose chart and papers have the lines of that level."""
    work.connection.execute(unit.insert().values(code=code, name=name, region=region, tier=tier))


def open_book(work: UnitOfWork, book_id: int, unit_code: str, fund: Fund, chart: str, opened: Month, accounts: Iterable[BookAccount]) -> None:
    """Opens a book with its chart and its first period, the month that takes the opening voucher."""
    work.connection.execute(book.insert().values(book_id=book_id, unit_code=unit_code, fund=fund.value, chart=chart, name=fund.book_zh, opened=opened))
    rows = [
        {
            "book_id": book_id, "code": a.code, "name": a.name, "full_name": a.full_name, "side": a.side, "element": a.element, "parent": a.parent,
            "leaf": int(a.leaf), "origin": a.origin, "valid_from": a.valid_from, "valid_to": a.valid_to,
        }
        for a in accounts
    ]  # fmt: skip
    work.connection.execute(account.insert(), rows)
    open_period(work, book_id, opened)


def open_period(work: UnitOfWork, book_id: int, month: Month) -> None:
    """Opens the next month of a book; the database refuses any other."""
    work.connection.execute(period.insert().values(book_id=book_id, period=month, state="open"))


def frame(connection: sa.Connection, book_id: int) -> str:
    """Digest of what a book stands on: its unit, its own row and every account, all columns."""
    own = connection.execute(sa.select(book).where(book.c.book_id == book_id)).one()
    of = connection.execute(sa.select(unit).where(unit.c.code == own.unit_code)).one()
    chart = connection.execute(sa.select(account).where(account.c.book_id == book_id)).all()
    return digest([list(of), [str(value) for value in own], sorted([str(value) for value in row] for row in chart)])


def record_opening(work: UnitOfWork, now: str, actor: str, book_id: int) -> None:
    """Puts the opened book into the trail: the digest of its frame and the months that are open, so that both can be proved later."""
    months = work.connection.execute(sa.select(period.c.period).where(period.c.book_id == book_id).order_by(period.c.period)).scalars()
    facts = {"months": [str(month) for month in months]}
    chain.append(work, now, chain.Act(actor, "", "open-book", f"book:{book_id}", frame(work.connection, book_id), facts))


def founded_through(connection: sa.Connection, made: Book) -> Month:
    """The last month that was open when the book was founded, as the trail has it: the one it opened with, or a later one within a year."""
    found = connection.execute(sa.select(chain_table.c.facts).where(chain_table.c.act == "open-book", chain_table.c.thing == f"book:{made.book_id}")).scalar()
    months = json.loads(found).get("months", []) if found else []
    return max((Month.parse(month) for month in months), default=made.opened)


def books(connection: sa.Connection) -> list[Book]:
    """Every book, by id."""
    joined = sa.select(book, unit.c.name.label("unit_name"), unit.c.tier).join(unit, unit.c.code == book.c.unit_code).order_by(book.c.book_id)
    return [Book(row.book_id, row.unit_code, row.unit_name, Fund(row.fund), row.chart, row.opened, row.tier) for row in connection.execute(joined)]


def book_of(connection: sa.Connection, fund: Fund) -> Book:
    """The book of one fund; raises SB1204."""
    for found in books(connection):
        if found.fund is fund:
            return found
    raise NoSuchBook(fund=fund.zh)


def accounts_of(connection: sa.Connection, book_id: int) -> dict[str, BookAccount]:
    """Code → account of one book, in code order."""
    rows = connection.execute(sa.select(account).where(account.c.book_id == book_id).order_by(account.c.code))
    return {
        row.code: BookAccount(
            row.code, row.name, row.full_name, row.side, row.element, row.parent, bool(row.leaf), row.origin, row.valid_from, row.valid_to
        )
        for row in rows
    }
