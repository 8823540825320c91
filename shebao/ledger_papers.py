"""总账, 明细账 and 凭证汇总表 from the store: opening and totals from kept balances, lines from the entries of the months asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from books import ledger_export, views
from books.documents import ledger_book as document
from books.ledger_book import SIGNERS, BookLine, LedgerPaper, SummaryPaper, ledger_book, voucher_summary
from books.pdf.house import Rendered
from controls.grants import exceptions
from ledger import accounts, balances, chain
from ledger.accounts import Book
from ledger.balances import Movement
from ledger.chart import UnknownAccount
from ledger.errors import UNUSABLE, Refusal
from ledger.months import Month
from ledger.tables import entry as entry_table
from ledger.tables import line as line_table
from shebao import proofs
from shebao.store import Office


class BadSpan(Refusal):
    """Months that are no span."""

    code = "SB6321"
    zh = "账页的起止期间不能用：{why}。"
    en = "The months of a ledger page cannot be used: {why}."
    cause_zh = "账页从 --from 到 --to，都须是账套里的月份，最多 {most} 个月。"
    cause_en = "A page runs from --from to --to, months of the book, at most {most} of them."
    remedy_zh = "用 shebao period list 查看账套的月份。"
    remedy_en = "See shebao period list."
    status = UNUSABLE


MOST = 120
"""Months of one page."""


def _span(connection: sa.Connection, book: Book, first: Month, last: Month) -> None:
    if not first <= last <= first + (MOST - 1):
        raise BadSpan(why=f"{first} 至 {last}", most=MOST)
    for month in (first, last):
        proofs.month_in_book(connection, book, month)


def stamp(connection: sa.Connection, book: Book, last: Month, now: str, **parameters: str) -> views.Stamp:
    """The stamp of a page: its parameters are what it takes to print it again."""
    seq, head = chain.head(connection)
    where = f"{book.unit_code}/{book.fund.value}"
    return views.Stamp(
        unit=book.unit_name, book=where, fund=book.fund, period=str(last), as_of=now, trail_head=f"{seq}:{head}", parameters=tuple(sorted(parameters.items())),
        exceptions=exceptions.said(connection, str(last), now),
    )


def page(connection: sa.Connection, book: Book, account: str, first: Month, last: Month, mark: views.Stamp, *, general: bool = False) -> LedgerPaper:
    """The page of one account (a parent with all its details). Raises SB1012, SB4080, SB6321, SB6302."""
    _span(connection, book, first, last)
    chart = accounts.accounts_of(connection, book.book_id)
    if account not in chart:
        raise UnknownAccount(fund=book.fund.zh, account=account, when="")
    moved = _under(connection, book.book_id, account, last)
    names = {code: one.full_name for code, one in chart.items()}
    lines = [] if general else _lines(connection, book.book_id, account, first, last)
    made = ledger_book(account, chart[account].full_name, first, last, moved, lines, names, general=general)
    return LedgerPaper(mark, SIGNERS, made)


def _under(connection: sa.Connection, book_id: int, account: str, last: Month) -> list[Movement]:
    return [move for move in balances.movements(connection, book_id, last) if move.account.startswith(account)]


def _lines(connection: sa.Connection, book_id: int, account: str, first: Month, last: Month) -> list[BookLine]:
    legs, heads = line_table.c, entry_table.c
    joined = sa.join(line_table, entry_table, sa.and_(legs.book_id == heads.book_id, legs.entry_id == heads.entry_id))
    rows = connection.execute(
        sa.select(heads.period, heads.day, heads.kind, heads.number, heads.summary, legs.account, legs.side, legs.amount_fen, legs.memo)
        .select_from(joined)
        .where(heads.book_id == book_id, heads.period >= first, heads.period <= last, legs.account.startswith(account, autoescape=True))
        .order_by(heads.period, heads.day, heads.entry_id, legs.line_no)
    )
    found = []
    for row in rows:
        debit, credit = (row.amount_fen, 0) if row.side == "D" else (0, row.amount_fen)
        found.append(
            BookLine(row.account, row.period, date.fromisoformat(row.day), f"{row.kind}字{row.number}号", row.memo or row.summary, int(debit), int(credit))
        )
    return found


def summary(connection: sa.Connection, book: Book, first: Month, last: Month, mark: views.Stamp) -> SummaryPaper:
    """凭证汇总表 of some months. Raises SB6321, SB6302."""
    _span(connection, book, first, last)
    names = {code: one.full_name for code, one in accounts.accounts_of(connection, book.book_id).items()}
    columns = entry_table.c
    rows = connection.execute(
        sa.select(columns.period, columns.kind, sa.func.count(), sa.func.max(columns.number), sa.func.sum(columns.attachments))
        .where(columns.book_id == book.book_id, columns.period >= first, columns.period <= last)
        .group_by(columns.period, columns.kind)
        .order_by(columns.period, columns.kind)
    )
    covers = [f"{row[0].zh()} {row[1]}字第 1 号至第 {row[3]} 号，共 {row[2]} 张，附单据 {row[4]} 张" for row in rows]
    moved = balances.movements(connection, book.book_id, last)
    return SummaryPaper(mark, SIGNERS, voucher_summary(first, last, moved, names, covers))


def write_page(office: Office, book: Book, account: str, first: Month, last: Month, out: Path, *, general: bool = False) -> tuple[LedgerPaper, list[Path]]:
    """The page of one account as PDF, XLSX, CSV and JSON under ``out``."""
    office.papers_may_be_read()
    with office.reading() as connection:
        mark = stamp(connection, book, last, office.now(), account=account, first=str(first), general=str(int(general)))
        paper = page(connection, book, account, first, last, mark, general=general)
    rendered = document.print_pdf(paper)
    return paper, _written(out / f"{book.fund.value}-{account}-{_months(first, last)}-{paper.statement.title}", rendered, paper)


def write_summary(office: Office, book: Book, first: Month, last: Month, out: Path) -> tuple[SummaryPaper, list[Path]]:
    """凭证汇总表 as PDF, XLSX, CSV and JSON under ``out``."""
    office.papers_may_be_read()
    with office.reading() as connection:
        paper = summary(connection, book, first, last, stamp(connection, book, last, office.now(), first=str(first)))
    return paper, _written(out / f"{book.fund.value}-{_months(first, last)}-凭证汇总表", document.print_summary(paper), paper)


def _months(first: Month, last: Month) -> str:
    return str(first) if first == last else f"{first}至{last}"


def _written(stem: Path, rendered: Rendered, paper: LedgerPaper | SummaryPaper) -> list[Path]:
    stem.parent.mkdir(parents=True, exist_ok=True)
    file = stem.with_name(stem.name + ".pdf")
    file.write_bytes(rendered.pdf)
    return [file, *ledger_export.write_all(paper, stem)]


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The file that a stamp of ours names, as the store gives it now. Raises SB6321 for parameters that are none of ours."""
    given = dict(about.parameters)
    mark = replace(stamp(connection, book, month, about.as_of, **given), trail_head=about.trail_head)
    if set(given) == {"first"}:
        return document.print_summary(summary(connection, book, Month.parse(given["first"]), month, mark))
    if set(given) == {"account", "first", "general"}:
        return document.print_pdf(page(connection, book, given["account"], Month.parse(given["first"]), month, mark, general=given["general"] == "1"))
    raise BadSpan(why="文件所载的参数无法识别", most=MOST)
