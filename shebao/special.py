"""Special books (专账) at work: opened, fed by document, paid out, stated on paper. Every voucher goes through the same desk as any other."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from books import special_export, special_statement, views
from books.documents import special_statement as document
from books.pdf.house import Rendered
from controls import closing_checks, vouchers
from controls.closing_checks import Check
from controls.duties import Duty, require
from controls.grants import exceptions
from controls.special import checks as special_checks
from controls.special.errors import BookOpen, StatutoryOnly
from ledger import accounts, chain, programs
from ledger.accounts import Book
from ledger.chart import Chart
from ledger.entries import Entry
from ledger.events import build
from ledger.funds import Fund
from ledger.money import Fen, parse_fen
from ledger.months import Month
from ledger.paper_numbers import paper_name
from ledger.special import sums
from ledger.special.documents import Source, in_order
from shebao import proofs, special_vouchers
from shebao.opening import chart_rows
from shebao.store import Office

OPENING_EVENT = "ZX00"


@dataclass(frozen=True, slots=True)
class Listed:
    """A program and its book, if it has one: ``left``: what its documents have left (fen)."""

    program: programs.Program
    book: Book | None
    left: Fen


def open_book(office: Office, fund: Fund, first: Month) -> Book:
    """会计主管 opens a program's special book; its first month is ``first``, what it begins with stands in the month before. Raises SB3001, SB3277."""
    actor = office.actor
    require(actor, Duty.CHECK)
    if not fund.special:
        raise BookOpen(program=fund.zh, why="它是社会保险基金，账套用 shebao init 开设")
    with office.unit() as work:
        chain.lock(work)
        known = accounts.books(work.connection)
        if any(book.fund is fund for book in known):
            raise BookOpen(program=fund.zh, why="已经开设")
        if not known:
            raise BookOpen(program=fund.zh, why="本单位还没有建账")
        number = max(book.book_id for book in known) + 1
        opened, name = first - 1, Chart.load(fund=fund).name
        accounts.open_book(work, number, known[0].unit_code, fund, name, opened, chart_rows(fund, first))
        accounts.open_period(work, number, first)
        accounts.record_opening(work, office.now(), actor.user, number)
        book = accounts.book_of(work.connection, fund)
        work.commit()
    return book


def listed(office: Office) -> list[Listed]:
    """Every program, with its book where it is open."""
    with office.reading() as connection:
        books = {book.fund: book for book in accounts.books(connection) if book.fund.special}
        found = []
        for code, program in sorted(programs.programs().items()):
            book = books.get(Fund(code))
            left = sum(one.left for one in sums.sources(connection, book.book_id).values()) if book else 0
            found.append(Listed(program, book, left))
    return found


def receive(office: Office, fund: Fund, day: date, level: str, paper: str, purpose: str, amount: str, into: str = "Z01") -> vouchers.Draft:
    """ZX01 or ZX03 by hand: one document's money of one level."""
    require_special(fund)
    return make(office, fund, special_vouchers.receipt(fund, day, level, paper_name(paper), purpose, parse_fen(amount), into))


def pay(office: Office, fund: Fund, day: date, item: str, amount: str, evidence: str, details: Mapping[str, str]) -> vouchers.Draft:
    """ZX08: one payment outside the lists, from the document named in ``details`` or first come, first spent. Raises SB1461, SB3279."""
    require_special(fund)
    paper, evidence = paper_name(details.get("document", "")), paper_name(evidence)
    facts = {name: value for name, value in details.items() if name not in ("document", "town") and value}
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        cell = (fund.program.benefit(item).item, details.get("town", ""))
        shares = special_vouchers.spread(connection, book.book_id, fund, [(cell, parse_fen(amount))], paper or None)
    lines = special_vouchers.pay(fund, "ZX08", "paid", day, shares, facts)
    made = special_vouchers.entry(
        "ZX08", fund, day, lines, authority=f"原始凭据 {evidence}", source_key=f"ZX08:{evidence}", documents=(f"paper:{evidence}",),
        details={"document": paper or ""},
    )  # fmt: skip
    return make(office, fund, made)


def carry_in(office: Office, fund: Fund, amounts: Sequence[tuple[str, str]], into: str = "Z01") -> list[vouchers.Draft]:
    """ZX00: what each document had left when the book opened, one voucher a document, in the opening month."""
    require_special(fund)
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
    made = []
    for text, amount in amounts:
        paper = paper_name(text)
        day = book.opened.last_day
        lines = build(OPENING_EVENT, fund, {"amount": parse_fen(amount)}, {"document": paper, "into": into}, day=day)
        made.append(
            special_vouchers.entry(
                OPENING_EVENT, fund, day, lines, authority=f"上年专账 {paper}", source_key=f"{OPENING_EVENT}:{paper}", documents=(f"paper:{paper}:期初",)
            )
        )
    return [make(office, fund, one) for one in made]


def make(office: Office, fund: Fund, made: Entry) -> vouchers.Draft:
    """Proposes and makes one entry as the 会计 signed in."""
    actor = office.actor
    require(actor, Duty.BOOKKEEP)
    with office.unit() as work:
        book = accounts.book_of(work.connection, fund)
        draft = vouchers.propose(work, office.now(), actor, book.book_id, made)
        draft = vouchers.make(work, office.now(), actor, book.book_id, draft.voucher_id)
        work.commit()
    return draft


def documents(office: Office, fund: Fund, through: Month | None = None) -> list[Source]:
    """What each document brought, spent and has left as posted, in the order they are spent."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        require_special(fund)
        return in_order(sums.sources(connection, book.book_id, through).values())


def checks(office: Office, fund: Fund, month: Month) -> list[Check]:
    """ZB1 to ZB7 of a special book through a month. Raises SB3279 for an insurance fund, SB6302."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        require_special(fund)
        proofs.month_in_book(connection, book, month)
        return closing_checks.levelled(special_checks.identities(connection, book, month))


def require_special(fund: Fund) -> None:
    """Passes for a program; raises SB3279 for an insurance fund."""
    if not fund.special:
        raise StatutoryOnly(program=fund.book_zh, what="专账的业务和报表", what_en="What special books do")


def sheet(connection: sa.Connection, book: Book, month: Month, stamp: views.Stamp) -> special_statement.SpecialPaper:
    """专账收支表 of one book and month. Raises SB3279, SB6302."""
    require_special(book.fund)
    proofs.month_in_book(connection, book, month)
    items = {code: one.name for code, one in accounts.accounts_of(connection, book.book_id).items() if one.parent == "C01"}
    cells = sums.cells(connection, book.book_id, month)
    made = special_statement.statement(book.fund.program.zh, book.fund.book_zh, month, cells, sums.first_days(connection, book.book_id), items)
    return special_statement.SpecialPaper(stamp, special_statement.SIGNERS, made)


def stamp(connection: sa.Connection, book: Book, month: Month, now: str) -> views.Stamp:
    """The stamp of the statement."""
    seq, head = chain.head(connection)
    where = f"{book.unit_code}/{book.fund.value}"
    return views.Stamp(
        unit=book.unit_name, book=where, fund=book.fund, period=str(month), as_of=now, trail_head=f"{seq}:{head}",
        exceptions=exceptions.said(connection, str(month), now),
    )  # fmt: skip


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The statement as the books give it now; only the time and the head of the trail are the file's."""
    mark = dataclasses.replace(stamp(connection, book, month, about.as_of), trail_head=about.trail_head)
    return document.print_pdf(sheet(connection, book, month, mark))


def write_statement(office: Office, fund: Fund, month: Month, out: Path) -> tuple[tuple[Path, ...], str]:
    """专账收支表 and its details as PDF, XLSX and JSON under ``out``; the files and the digest."""
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        paper = sheet(connection, book, month, stamp(connection, book, month, office.now()))
    rendered = document.print_pdf(paper)
    files = tuple(out / f"{fund.value}-{month}-{fund.short}专账收支表.{kind}" for kind in ("pdf", "xlsx", "json"))
    files[0].write_bytes(rendered.pdf)
    special_export.write_xlsx(paper, files[1])
    special_export.write_json(paper, files[2])
    return files, rendered.digest
