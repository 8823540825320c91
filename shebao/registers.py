"""Registers at the front door: rows from files, vouchers from acts, papers; everything as the person signed in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from books import views
from books.documents import register as document
from books.documents.register import RegisterPaper, RegisterTable
from books.pdf.house import Rendered
from controls import vouchers
from controls.duties import Duty, require
from controls.grants import exceptions
from controls.intake import register as intake
from controls.registers import files, proposals, store
from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers.errors import RegisterDay
from controls.registers.law import Register
from controls.registers.sheet import Sheet
from controls.registers.store import Payload, Row
from controls.registers.values import PRIVATE, printed
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.money import show
from ledger.months import Month
from ledger.paper_numbers import paper_name
from shebao.proposals import OtherContract, compose
from shebao.store import Office


def book_for(connection: sa.Connection, law: Register, fund: str | None) -> Book | None:
    """The book a register is asked for; raises SB3252, SB1204."""
    book = accounts.book_of(connection, Fund.parse(fund)) if fund is not None and law.keyed_by == "book" else None
    store.scope(law, book)
    return book


def asked_for(connection: sa.Connection, name: str | None, fund: str | None) -> list[tuple[Register, Book | None]]:
    """The registers with terms that are asked for, each with its book (None: the unit's own); one that a book does not keep is left out unless named."""
    if name is not None and (fund is not None or laws.get(name).keyed_by == "unit"):
        law = laws.get(name)
        return [(law, book_for(connection, law, fund))]
    only = [Fund.parse(fund)] if fund is not None else None
    known = [laws.get(name)] if name is not None else [law for law in laws.registers().values() if law.dues]
    own: list[tuple[Register, Book | None]] = [(law, None) for law in known if law.keyed_by == "unit" and only is None]
    books = [accounts.book_of(connection, one) for one in only] if only is not None else accounts.books(connection)
    return own + [(law, book) for book in books for law in known if law.keyed_by == "book" and (law.funds is None or book.fund in law.funds)]


def today(office: Office) -> date:
    """The day it is."""
    return date.fromisoformat(office.now()[:10])


def not_ahead(law: Register, day: date, now: date) -> None:
    """Passes for a day that a register can be shown of; raises SB3251 for one ahead."""
    if day > now:
        raise RegisterDay(register=law.zh, name=law.name, day=day, why="还没有到，台账没有以后的样子")


def take(office: Office, law: Register, fund: str | None, file: Path | None, file_id: int | None, more: Mapping[str, str]) -> list[Row]:
    """Rows of a file with the register's own head, or of a ``recoveries`` file taken in before; all or none. Raises SB3249 and those of ``store.add``."""
    actor = office.actor
    given: Sequence[Payload] = []
    extra = store.read_payload(law, more)
    if file is not None:
        given = [extra | payload for payload in files.rows(law, file)]
    with office.unit() as work:
        book = book_for(work.connection, law, fund)
        if file is None and file_id is not None and book is not None:
            given = _receipts(office, work.connection, law, book, file_id, extra)
        made = store.add(work, office.now(), actor, law, book, given)
        work.commit()
    return made


def _receipts(office: Office, connection: sa.Connection, law: Register, book: Book, file_id: int, more: Payload) -> list[Payload]:
    source = intake.file(connection, file_id)
    if source.contract != "recoveries" or law.name != "recovery-receipts":
        raise OtherContract(file=file_id, found=source.contract, needed="recoveries（登入 recovery-receipts）")
    claims = sheets.sheet(connection, laws.get("recoveries"), book, today(office), today=today(office))
    known = files.by_number(zip(claims.rows, claims.payloads, strict=True))
    return files.recoveries(law, source.name, source.table(office.home).to_pylist(), known, book.fund.value, more)


def propose(office: Office, law: Register, fund: str | None, row_no: int) -> list[vouchers.Draft]:
    """The vouchers that a row's acts call for, laid before the 会计 as proposals (never posted here). Raises SB3250, SB1031, SB6204, SB1104."""
    actor, now = office.actor, office.now()
    require(actor, Duty.BOOKKEEP)
    made = []
    with office.unit() as work:
        chain.lock(work)
        book = book_for(work.connection, law, fund)
        row = store.get(work.connection, law, store.scope(law, book), row_no)
        if book is None:
            return []
        for one in proposals.wanted(work.connection, book, row, today(office)):
            papers = (f"paper:{paper_name(one.paper)}",) if one.paper else (f"paper:{one.source_key}",)
            entry = compose(
                one.event, book.fund, one.day, one.amounts, one.details, authority=one.authority, source_key=one.source_key, documents=papers,
            )  # fmt: skip
            made.append(vouchers.propose(work, now, actor, book.book_id, entry))
        work.commit()
    return made


def as_rows(made: Sheet, *, reveal: bool) -> list[dict[str, Any]]:
    """Every row for JSON: fields and computed columns by name, money in fen, persons masked unless revealed."""
    names = list(made.law.shown)
    kinds = {name: made.law.type_of(name) for name in names}
    columns = [made.column(name) for name in names]
    found = []
    for row_no, state, *values in zip(made.rows, made.states, *columns, strict=True):
        cells = {
            name: printed(kinds[name], value, reveal=reveal) if kinds[name] in PRIVATE else value for name, value in zip(names, values, strict=True)
        }  # fmt: skip
        found.append({"row": row_no, "state": state, **cells})
    return found


def table(made: Sheet, *, reveal: bool = False) -> RegisterTable:
    """The register as texts: heads, which columns are money, rows, totals."""
    names = list(made.law.shown)
    kinds = [made.law.type_of(name) for name in names]
    states = {state.name: state.zh for state in made.law.states}
    columns = [made.column(name) for name in names]
    rows = tuple(
        (str(row_no), *(printed(kind, value, reveal=reveal) for kind, value in zip(kinds, values, strict=True)), states[state])
        for row_no, state, *values in zip(made.rows, made.states, *columns, strict=True)
    )
    totals = tuple(show(made.total(name)) if name in made.law.totals else "" for name in names)
    money = (False, *(kind == "fen" for kind in kinds), False)
    return RegisterTable(("行号", *made.law.shown.values(), "状态"), money, rows, ("合计", *totals, f"{len(rows)} 行"))


def paper(connection: sa.Connection, law: Register, book: Book | None, as_of: date, now: str, head: str = "") -> RegisterPaper:
    """The register on paper as it stood on a day, persons masked, with ageing and the stamp that lets it prove itself."""
    made = sheets.sheet(connection, law, book, as_of, today=as_of if law.source else date.max)
    unit = next(iter(accounts.books(connection)))
    seq, value = chain.head(connection)
    mark = views.Stamp(
        unit=unit.unit_name, book=f"{unit.unit_code}/{book.fund.value if book else '单位'}", fund=book.fund if book else None, period=as_of.isoformat()[:7],
        as_of=now, trail_head=head or f"{seq}:{value}", parameters=(("as_of", as_of.isoformat()), ("register", law.name)),
        exceptions=exceptions.said(connection, as_of.isoformat()[:7], now),
    )  # fmt: skip
    ages = tuple((one.label, str(one.rows), show(one.fen)) for one in sheets.ageing(made) if one.rows)
    boxes = tuple(views.SignatureBox(role) for role in law.signers)
    return RegisterPaper(mark, boxes, law.zh, as_of.isoformat(), law.reference, table(made), ages)


def write(office: Office, law: Register, fund: str | None, as_of: date, out: Path) -> tuple[list[Path], str]:
    """PDF, XLSX and JSON of one register; gives the files and the digest."""
    import json

    from ledger.sheets import Sheet as Workbook
    from ledger.sheets import write_workbook

    office.papers_may_be_read()
    not_ahead(law, as_of, today(office))
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        book = book_for(connection, law, fund)
        if law.source:
            sheets.sheet(connection, law, book, as_of, today=today(office))
        made = paper(connection, law, book, as_of, office.now())
    rendered = document.print_pdf(made)
    stem = f"{book.fund.value if book else '单位'}-{as_of}-{law.zh}"
    printed_files = [out / f"{stem}{end}" for end in (".pdf", ".xlsx", ".json")]
    printed_files[0].write_bytes(rendered.pdf)
    listed = made.table
    write_workbook(printed_files[1], {law.zh[:31]: Workbook(rows=[listed.heads, *listed.rows, listed.totals], titles=(law.zh, f"{as_of}"))})
    content = {"register": law.name, "title": law.zh, "as_of": str(as_of), "digest": rendered.digest, **dataclasses.asdict(listed), "ageing": made.ageing}
    printed_files[2].write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return printed_files, rendered.digest


def reprint(connection: sa.Connection, book: Book | None, month: Month, about: views.Stamp) -> Rendered:
    """A register's paper (``book`` None: of the unit) printed again as its stamp says; raises SB3240, SB3252, and SB3248 for a day that is none."""
    given = dict(about.parameters)
    law = laws.get(given.get("register", ""))
    store.scope(law, book)
    try:
        day = date.fromisoformat(given.get("as_of", str(month.last_day)))
    except ValueError as wrong:
        raise RegisterDay(register=law.zh, name=law.name, day=given["as_of"], why="不是日期") from wrong
    made = paper(connection, law, None if law.keyed_by == "unit" else book, day, about.as_of, about.trail_head)
    return document.print_pdf(made)
