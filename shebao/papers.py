"""The month's papers: statements and reconciliations as PDF, XLSX, CSV and JSON, each stamped so that it proves itself."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.documents import balance_sheet as balance_document
from books.documents import bank_reconciliation as reconciliation_document
from books.documents import income_statement as income_document
from books.documents import journal as journal_document
from books.documents import notes as notes_document
from books.pdf.house import Rendered
from books.reconcile import BookItem, BookSide, ReconciliationStatement, StatementRow, StatementSide, opening_of, reconcile, statement_rows
from books.statements import balance_sheet, income_statement
from controls import journals, periods
from controls.grants import exceptions
from ledger import accounts, balances, chain, posted
from ledger.accounts import Book
from ledger.db import reading
from ledger.errors import UNUSABLE, Refusal
from ledger.money import show
from ledger.months import Month
from ledger.tables import balance
from ledger.tables import chain as chain_table
from shebao import journal_papers, notes, proofs
from shebao.store import Office


class WrongStatementFile(Refusal):
    """The statement cannot serve this account and month."""

    code = "SB6301"
    zh = "对账单（文件 {file}）不能用于 {account} {period}：{why}。"
    en = "The statement (file {file}) cannot serve {account} {period}: {why}."
    cause_zh = "余额调节表用本账户当月的对账单编制，期初须与账面和上月未达账项相符。"
    cause_en = "A reconciliation needs that account's statement of that month, opening where the books and last month's open items say."
    remedy_zh = "核对文件编号（shebao files）、账户和月份。"
    remedy_en = "Check the file number (shebao files), the account and the month."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class Made:
    """One paper made: what it is, its files, its digest, and characters no font could print."""

    title: str
    files: tuple[Path, ...]
    digest: str
    warnings: tuple[str, ...] = ()


def stamp(connection: sa.Connection, book: Book, month: Month, now: str, *, annual: bool = False, **parameters: str) -> views.Stamp:
    """The stamp of a paper of one book and month, of the year when ``annual``, with the head of the trail."""
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=book.unit_name, book=f"{book.unit_code}/{book.fund.value}", fund=book.fund, period=str(month.year if annual else month), as_of=now,
        trail_head=f"{seq}:{head}", parameters=tuple(sorted(parameters.items())),
        exceptions=exceptions.said(connection, str(month.year if annual else month), now),
    )  # fmt: skip


def _statement_stamp(connection: sa.Connection, book: Book, month: Month, now: str, annual: bool) -> views.Stamp:
    """The stamp of a statement: a method that departs from the default is said."""
    departs = {} if periods.method(month) == periods.ACCOUNT_METHOD else {"结转办法": "表结法（偏离制度默认的账结法）"}
    return stamp(connection, book, month, now, annual=annual, **departs)


def statement_sheets(connection: sa.Connection, book: Book, month: Month, now: str, *, annual: bool = False) -> tuple[views.BalancePaper, views.IncomePaper]:
    """会社保01 and 会社保02 of one book and month; of the year that ends with it when ``annual``."""
    moved = proofs.moved(connection, book, month)
    mark = _statement_stamp(connection, book, month, now, annual)
    return (
        views.BalancePaper(mark, views.STATEMENT_SIGNERS, balance_sheet(book.fund, month, {}, moved, annual=annual, tier=book.tier)),
        views.IncomePaper(mark, views.STATEMENT_SIGNERS, income_statement(book.fund, month, {}, moved, annual=annual)),
    )


def write_statements(office: Office, book: Book, month: Month, out: Path, *, annual: bool = False) -> list[Made]:
    """Both statements of one book and month (of the year: December and ``annual``) as PDF, XLSX, CSV and JSON under ``out``."""
    from books import export

    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        balance, income = statement_sheets(connection, book, month, office.now(), annual=annual)
    made: list[Made] = []
    for sheet, rendered, name in (
        (balance, balance_document.print_pdf(balance), "会社保01资产负债表"),
        (income, income_document.print_pdf(income), "会社保02收支表"),
    ):
        period = sheet.stamp.period
        files = [out / f"{book.fund.value}-{period}-{name}.{kind}" for kind in ("pdf", "xlsx", "csv", "json")]
        files[0].write_bytes(rendered.pdf)
        export.write_statements_xlsx([sheet], files[1])
        export.write_csv(sheet, files[2])
        export.write_json(sheet, files[3])
        made.append(Made(f"{book.fund.zh}基金 {period} {name}", tuple(files), rendered.digest, tuple(str(w) for w in rendered.warnings)))
    return made


def write_notes(office: Office, book: Book, month: Month, out: Path, *, annual: bool = False) -> Made:
    """附注 of one book and month (or year) as PDF, XLSX, CSV and JSON under ``out``; warns of points whose words are still to be said."""
    from books import notes_export

    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        paper = notes.sheet(connection, book, month, _statement_stamp(connection, book, month, office.now(), annual), annual=annual)
    rendered = notes_document.print_pdf(paper)
    period = paper.stamp.period
    files = tuple(out / f"{book.fund.value}-{period}-附注.{kind}" for kind in ("pdf", "xlsx", "csv", "json"))
    files[0].write_bytes(rendered.pdf)
    notes_export.write_xlsx(paper, files[1])
    notes_export.write_csv(paper, files[2])
    notes_export.write_json(paper, files[3])
    command = f"shebao statements note --fund {book.fund.value} --period {month} --section"
    unsaid = tuple(f"附注第{number}点尚未填写：{command} {number} --text …，没有的写 --none" for number in paper.statement.missing)
    return Made(f"{book.fund.zh}基金 {period} 附注", files, rendered.digest, (*map(str, rendered.warnings), *unsaid))


STATEMENTS = {"balance_sheet", "income_statement", "notes"}
YEAR = 4
"""Letters of a year in a stamp's period."""
HOLDERS = {"1002": "银行", "1003": "财政", "1004": "银行"}


def _book_side(connection: sa.Connection, book: Book, account: str, month: Month) -> tuple[int, int, tuple[BookItem, ...]]:
    """Opening and closing balance of an account (with its details) and the month's lines."""
    moved = balances.movements(connection, book.book_id, month)
    mine = [m for m in moved if m.account.startswith(account)]
    opening = sum(m.net for m in mine if m.period < month)
    closing = sum(m.net for m in mine)
    items: list[BookItem] = []
    labels = {p.entry_id: p.label for p in posted.entries(connection, book.book_id)}
    for one in posted.entries(connection, book.book_id, month):
        named = [paper.partition(":")[2] for kind in ("receipt:", "paper:") for paper in one.entry.documents if paper.startswith(kind)]
        reference = named[0] if named else one.entry.source_key
        for line in one.entry.lines:
            if line.account.startswith(account):
                corrects = labels.get(one.entry.corrects, "") if one.entry.corrects is not None else ""
                items.append(BookItem(one.entry.day, line.signed, reference, one.entry.summary, one.label, corrects))
    return opening, closing, tuple(items)


def _bank_accounts(connection: sa.Connection, book: Book, account: str) -> set[str]:
    """Bank account numbers that the book's lines on this ledger account name."""
    named = connection.execute(sa.select(balance.c.dimension).where(balance.c.book_id == book.book_id, balance.c.account.startswith(account)).distinct())
    return {dict(json.loads(axes)).get("bank_account", "") for axes in named.scalars() if axes}


def _rows(office: Office, connection: sa.Connection, book: Book, file_id: int, account: str, month: Month) -> tuple[StatementRow, ...]:
    from pyarrow import parquet

    from controls.intake import register

    source = register.file(connection, file_id)
    if source.contract != "bank":
        raise WrongStatementFile(file=file_id, account=account, period=month, why=f"它是 {source.contract} 文件")
    table = parquet.read_table(source.path(office.home))
    held = sorted(set(table.column("account").to_pylist()))
    if len(held) > 1:
        known = _bank_accounts(connection, book, account) & set(held)
        if len(known) != 1:
            raise WrongStatementFile(file=file_id, account=account, period=month, why=f"文件有 {len(held)} 个账号，期初余额没有写明本账户的银行账号")
        held = sorted(known)
    rows = statement_rows(table, held[0])
    mine = tuple(row for row in rows if Month.of(row.on) == month)
    if not mine:
        raise WrongStatementFile(file=file_id, account=account, period=month, why="没有本月的行")
    return mine


def reconcile_account(office: Office, connection: sa.Connection, book: Book, account: str, month: Month, file_id: int) -> ReconciliationStatement:
    """余额调节表 of one account and month against statement file ``file_id``; open items of earlier months are carried in.

    Raises SB6301 and the SB40xx refusals of ``books.reconcile``.
    """
    opening, closing, items = _book_side(connection, book, account, month)
    rows = _rows(office, connection, book, file_id, account, month)
    carried_book: tuple[BookItem, ...] = ()
    carried_rows: tuple[StatementRow, ...] = ()
    earlier = _recorded(connection, book, account, month - 1)
    if earlier is not None:
        before = reconcile_account(office, connection, book, account, month - 1, earlier)
        carried_book, carried_rows = before.open_items, before.open_rows
    statement_opening = opening_of(rows)
    due = opening + sum(r.amount for r in carried_rows) - sum(i.amount for i in carried_book)
    if statement_opening != due:
        raise WrongStatementFile(
            file=file_id, account=account, period=month, why=f"对账单期初 {show(statement_opening)} 元，账面（计入上月未达）{show(due)} 元"
        )
    ends = statement_opening + sum(row.amount for row in rows)
    name = accounts.accounts_of(connection, book.book_id)[account].name if account in accounts.accounts_of(connection, book.book_id) else account
    return reconcile(
        account,
        name,
        month,
        BookSide(opening, closing, items, carried_book),
        StatementSide(statement_opening, ends, rows, carried_rows),
        holder=HOLDERS.get(account[:4], "银行"),
    )


def _recorded(connection: sa.Connection, book: Book, account: str, month: Month) -> int | None:
    """The statement file that a month's reconciliation was made against, from the trail."""
    thing = f"reconciliation:{book.book_id}:{account}:{month}"
    found = connection.execute(
        sa.select(chain_table.c.facts).where(chain_table.c.thing == thing, chain_table.c.act == "reconcile").order_by(chain_table.c.seq.desc()).limit(1)
    ).scalar()
    return int(json.loads(found)["file_id"]) if found else None


def write_reconciliation(office: Office, book: Book, account: str, month: Month, file_id: int, out: Path) -> tuple[ReconciliationStatement, Made]:
    """Makes and records the reconciliation (its digest enters the trail, F13) and prints it as PDF."""
    from controls import trail
    from controls.duties import Duty, require

    actor = office.actor
    require(actor, Duty.BOOKKEEP)
    out.mkdir(parents=True, exist_ok=True)
    with office.unit() as work:
        statement = reconcile_account(office, work.connection, book, account, month, file_id)
        mark = stamp(work.connection, book, month, office.now(), account=account, file_id=str(file_id))
        sheet = views.ReconciliationPaper(mark, views.RECONCILIATION_SIGNERS, statement)
        rendered = reconciliation_document.print_pdf(sheet)
        facts = {"file_id": file_id, "book": statement.book_balance, "statement": statement.statement_balance, "open": len(statement.differences)}
        trail.record(work, office.now(), actor, Duty.BOOKKEEP, "reconcile", f"reconciliation:{book.book_id}:{account}:{month}", rendered.digest, facts)
        work.commit()
    title = {"1002": "银行收入户存款余额调节表", "1003": "财政专户存款余额调节表", "1004": "银行支出户存款余额调节表"}.get(account[:4], "余额调节表")
    file = out / f"{book.fund.value}-{month}-{title}.pdf"
    file.write_bytes(rendered.pdf)
    return statement, Made(f"{book.fund.zh}基金 {month} {title}", (file,), rendered.digest, tuple(str(w) for w in rendered.warnings))


def write_journal(office: Office, journal_id: int, month: Month, out: Path) -> Made:
    """One of the cashier's journals for a month as PDF under ``out``; raises SB3160."""
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        made = journals.get(connection, journal_id)
        book = next(one for one in accounts.books(connection) if one.book_id == made.book_id)
        paper = journal_papers.sheet(connection, made, month, stamp(connection, book, month, office.now(), journal=str(journal_id)))
    rendered = journal_document.print_pdf(paper)
    file = out / f"{book.fund.value}-{month}-{made.kind.zh}日记账{'-' + made.bank_account[-4:] if made.bank_account else ''}.pdf"
    file.write_bytes(rendered.pdf)
    return Made(f"{book.fund.zh}基金 {month} {made.kind.zh}日记账", (file,), rendered.digest, tuple(str(w) for w in rendered.warnings))


ELSEWHERE = {
    "vouchers": "shebao.voucher_papers",
    "ledger_book": "shebao.ledger_papers",
    "voucher_summary": "shebao.ledger_papers",
    "closing": "shebao.closing_papers",
    "special_statement": "shebao.special",
    "register": "shebao.registers",
    "budget_execution": "shebao.budgets",
    "funding_request": "shebao.budgets",
    "award": "shebao.award_papers",
    "payment_approval": "shebao.bank_papers",
    "hold_notice": "shebao.hold_notices",
}
"""Kinds of papers made by modules of their own → the module, whose ``reprint(connection, book, month, stamp)`` prints one again."""


PREMIUMS = {"premium_claim", "premium_zeroing"}


def _reprint_premium(office: Office, stamped: views.Stamped) -> Rendered:
    from shebao import premium_papers

    if stamped.stamp.fund is None:
        raise WrongStatementFile(file="—", account=stamped.kind, period=stamped.stamp.period, why="文件没有险种")
    with reading(office.store) as connection:
        return premium_papers.reprint(office, connection, accounts.book_of(connection, stamped.stamp.fund), stamped.kind, stamped.stamp)


def _reprint_of_unit(office: Office, month: Month, about: views.Stamp) -> Rendered:
    """A register that the unit keeps, of no fund."""
    from shebao import registers

    with reading(office.store) as connection:
        return registers.reprint(connection, None, month, about)


def reprint(office: Office, stamped: views.Stamped) -> Rendered:
    """The paper as the books give it now, printed again: what a genuine file must equal, byte for byte.

    Only the time and the head of the trail are taken from the file; unit, figures and boxes come from the books.
    """
    about = stamped.stamp
    if stamped.kind in PREMIUMS:
        return _reprint_premium(office, stamped)
    if stamped.kind == "person_record":
        record: Rendered = import_module("shebao.records").reprint(office, about)
        return record
    annual = len(about.period) == YEAR and stamped.kind in STATEMENTS
    month = Month(int(about.period), 12) if annual and about.period.isdecimal() else Month.parse(about.period)
    if stamped.kind == "handover":
        with reading(office.store) as connection:
            handed: Rendered = import_module("shebao.bank_papers").reprint_handover(connection, about)
        return handed
    if about.fund is None and stamped.kind == "tabled":
        of_duties: Rendered = import_module("shebao.duties").reprint(office, about)
        return of_duties
    if about.fund is None and stamped.kind == "register":
        return _reprint_of_unit(office, month, about)
    if about.fund is None:
        raise WrongStatementFile(file="—", account=stamped.kind, period=about.period, why="文件没有险种")
    given = dict(about.parameters)
    with reading(office.store) as connection:
        book = accounts.book_of(connection, about.fund)
        if stamped.kind == "tabled":
            form: Rendered = import_module("shebao.beneficiary_forms").reprint(office, connection, book, month, about)
            return form
        if stamped.kind in ELSEWHERE:
            again: Rendered = import_module(ELSEWHERE[stamped.kind]).reprint(connection, book, month, about)
            return again
        mark = dataclasses.replace(stamp(connection, book, month, about.as_of, annual=annual, **given), trail_head=about.trail_head)
        if stamped.kind in {"balance_sheet", "income_statement"}:
            balance, income = statement_sheets(connection, book, month, about.as_of, annual=annual)
            if stamped.kind == "balance_sheet":
                return balance_document.print_pdf(dataclasses.replace(balance, stamp=mark))
            return income_document.print_pdf(dataclasses.replace(income, stamp=mark))
        if stamped.kind == "notes":
            return notes_document.print_pdf(notes.sheet(connection, book, month, mark, annual=annual))
        if stamped.kind == "cashier_journal" and set(given) == {"journal"} and given["journal"].isdigit():
            made = journals.get(connection, int(given["journal"]))
            if made.book_id == book.book_id:
                return journal_document.print_pdf(journal_papers.sheet(connection, made, month, mark))
        if stamped.kind != "bank_reconciliation" or set(given) != {"account", "file_id"} or not given["file_id"].isdigit():
            raise WrongStatementFile(file="—", account=stamped.kind, period=about.period, why="文件所载的种类或参数无法识别")
        statement = reconcile_account(office, connection, book, given["account"], month, int(given["file_id"]))
        return reconciliation_document.print_pdf(views.ReconciliationPaper(mark, views.RECONCILIATION_SIGNERS, statement))
