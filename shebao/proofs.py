"""What is proved again from the store: cross-foots of the statements, and everything `shebao verify` walks through."""

from __future__ import annotations

import json
from collections.abc import Iterable

import sqlalchemy as sa

from books import cross_checks, statements
from books.note_lines import load_notes
from controls import closing_checks, journal_compare, periods
from controls import notes as kept_notes
from controls.closing_checks import Check
from controls.registers import ties
from controls.special import checks as special_checks
from controls.special.errors import StatutoryOnly
from ledger import accounts, balances
from ledger.accounts import Book
from ledger.balances import Movement
from ledger.errors import UNUSABLE, Refusal
from ledger.money import show
from ledger.months import Month
from ledger.tables import chain as chain_table
from ledger.tables import entry
from shebao import budgets
from shebao.evidence import Broken
from shebao.store import Office

PREMIUM_EVENTS = ("C1", "C3", "C5", "C11")
"""Events by which the tax bureau's receipts enter the books: into the treasury, straight to the 财政专户, not yet split, and late fees."""


class MonthNotInBook(Refusal):
    """A paper is asked for a month that the book never had."""

    code = "SB6302"
    zh = "{fund}账套没有 {period}：账从 {first} 到 {last}。"
    en = "The {fund} book has no {period}: it runs from {first} to {last}."
    cause_zh = "报表和检查只就账套里有的月份编制；没有的月份印出来是一张零表，会被误当作真账。"
    cause_en = "Papers and checks are made of months the book has; any other would print zeros that look like books."
    remedy_zh = "用 shebao period list 查看账套的月份。"
    remedy_en = "See shebao period list for the book's months."
    status = UNUSABLE


def month_in_book(connection: sa.Connection, book: Book, month: Month) -> None:
    """Passes for the month the book was opened with and each month since; raises SB6302 for any other."""
    known = [book.opened, *(state.month for state in periods.states(connection, book.book_id))]
    if month not in known:
        raise MonthNotInBook(fund=book.fund.zh, period=month, first=min(known), last=max(known))


def moved(connection: sa.Connection, book: Book, month: Month) -> list[Movement]:
    """Movements through ``month`` as statements want them: by 表结法 as if each month were carried over (books.statements.as_if_closed)."""
    if book.fund.special:
        raise StatutoryOnly(program=book.fund.book_zh, what="28号制度的报表和附注", what_en="A statement of 28号")
    found = balances.movements(connection, book.book_id, month)
    return found if periods.carries_over(month) else statements.as_if_closed(book.fund, found, month)


def cross_foots(connection: sa.Connection, book: Book, month: Month, explained: Iterable[str] = (), *, before: bool = False) -> list[Check]:
    """K1-K10 and K17 (DOMAIN §1.8) of one book and month, as lines of the closing checklist; of a special book its own ZB checks.

    ``before``: the month is not carried over yet; the statements are reckoned as if it were.
    """
    if book.fund.special:
        return special_checks.identities(connection, book, month)
    reasons = dict.fromkeys(explained, "已说明")
    found = moved(connection, book, month)
    found = statements.as_if_closed(book.fund, found, month) if before else found
    made = cross_checks.for_month(book.fund, month, {}, found, explained=reasons, tier=book.tier)
    # 1002 and 1005 are judged with the written reasons by the checklist itself.
    shown = [one for one in made if not (before and one.code == "K10")]
    made = [Check(one.code, one.ok, one.explain_zh, left=one.left, right=one.right) for one in shown] + between_books(connection, book, month)
    return made + person_accounts(connection, book, month, rolled=before)


def person_accounts(connection: sa.Connection, book: Book, month: Month, *, rolled: bool = True) -> list[Check]:
    """K15: persons' accounts against the flows of the month; ``rolled`` rolls every account forward too. A book without rows of persons says so."""
    from controls.person_accounts import ties

    return ties.checks(connection, book, month, rolled=rolled)


def between_books(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K14: what this book moved to another scheme this year (T5) is what that scheme's book of this unit took in (T5b), and the other way round."""
    found = []
    for gone, come in (("T5", "T5b"), ("T5b", "T5")):
        mine = _of_event(connection, [book], gone, month)
        others = [one for one in accounts.books(connection) if one.book_id != book.book_id and one.fund.value in "ER"]
        if book.fund.value in "ER" and others and (mine or _of_event(connection, others, come, month)):
            theirs = _of_event(connection, others, come, month)
            said = f"本年制度衔接{'转出' if gone == 'T5' else '转入'} {show(mine)} 元，对方账套{'转入' if gone == 'T5' else '转出'} {show(theirs)} 元"
            said += "，相符" if mine == theirs else "；跨统筹地区的部分请与对方经办机构核对"
            found.append(Check("K14", mine == theirs, said, left=mine, right=theirs))
    return found


def _of_event(connection: sa.Connection, books: Iterable[Book], event: str, month: Month, since: Month | None = None) -> int:
    """Debit fen of the entries of one event in some books, from ``since`` (January) to ``month``."""
    columns = entry.c
    asked = sa.select(sa.func.coalesce(sa.func.sum(columns.debit_fen), 0)).where(
        columns.book_id.in_([book.book_id for book in books]),
        columns.event == event,
        columns.period >= (since or Month(month.year, 1)),
        columns.period <= month,
    )
    return int(connection.execute(asked).scalar_one())


def tax_receipts(office: Office, connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K13b: premiums booked this month against the tax bureau's lines (入库明细) of the month taken in; nothing where no such file came."""
    import pyarrow.compute as pc
    from pyarrow import parquet

    from controls.intake import register

    ends = (month.first_day, month.last_day)
    stated = lines = 0
    for file in register.files(connection, "tax"):
        if file.fund not in ("", book.fund.value):
            continue
        table = parquet.read_table(file.path(office.home), columns=["fund", "on", "amount"])
        mine = pc.and_(pc.equal(table["fund"], book.fund.value), pc.and_(pc.greater_equal(table["on"], ends[0]), pc.less_equal(table["on"], ends[1])))
        kept = table.filter(mine)
        stated, lines = stated + (pc.sum(kept["amount"]).as_py() or 0), lines + kept.num_rows
    if not lines:
        return []
    booked = sum(_of_event(connection, [book], event, month, month) for event in PREMIUM_EVENTS)
    text = f"税务入库明细 {lines} 笔 {show(stated)} 元，账上征收 {show(booked)} 元"
    text += "，相符" if stated == booked else f"，相差 {show(booked - stated)} 元，逐笔核对税票"
    return [Check("K13b", stated == booked, text, left=stated, right=booked)]


def notes_said(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K18: the points of the notes that need words (五, 六) have them, or it is confirmed that there is nothing."""
    needed = [section.number for section in load_notes().sections if section.text == "required"]
    said = {one.section for one in kept_notes.current(connection, book.book_id, month, needed)}
    missing = [number for number in needed if number not in said]
    text = f"附注第{'、'.join(needed)}点已填写" if not missing else f"附注第{'、'.join(missing)}点尚未填写，也未确认“无”"
    return [Check("K18", not missing, text)]


def for_closing(office: Office, connection: sa.Connection, book: Book, month: Month, explained: Iterable[str] = (), *, before: bool = True) -> list[Check]:
    """Everything that the front door computes for the closing checklist of one month."""
    found = [*cross_foots(connection, book, month, explained, before=before), *tax_receipts(office, connection, book, month)]
    notes = [] if book.fund.special else notes_said(connection, book, month)
    return [*found, *journals_kept(connection, book, month), *registers_tied(connection, book, month), *budget_kept(connection, book, month), *notes]


def journals_kept(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K12: the cashier's journals against the ledger, account by account; nothing where the book keeps none."""
    return journal_compare.checks(connection, book, month)


def registers_tied(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K19: registers (台账) in use against the accounts they tie to; K14: confirmations between levels and schemes (往来确认单) of the year."""
    if book.fund.special:
        return []
    tied = [Check("K19", one.ok, one.text, left=one.mine, right=one.ledger) for one in ties.ties(connection, book, month)]
    return tied + [Check("K14", one.ok, f"往来确认单 {one.text}", left=one.mine, right=one.ledger) for one in ties.confirmed(connection, book, month)]


def budget_kept(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K20: expenditure within the year's approved budget, funding within the month's plans; nothing where no budget is approved."""
    if book.fund.special:
        return []
    return [Check("K20", ok, text, left=spent, right=allowed) for ok, text, spent, allowed in budgets.closing(connection, book, month)]


def closed_months(connection: sa.Connection, book: Book) -> str:
    """Every closed month's statements cross-foot (K1-K10, K17) as on the day it was closed; raises Broken naming month and check."""
    count = 0
    for one in periods.states(connection, book.book_id):
        if one.state != "closed" or one.month <= book.opened:
            continue
        for check in closing_checks.levelled(cross_foots(connection, book, one.month, reasons_given(connection, book, one.month))):
            count += 1
            if check.stops:
                raise Broken(f"{one.month} 已结账，但 {check.code} 不成立：{check.text}")
    return f"已结账各月报表勾稽 {count} 项相符"


def reasons_given(connection: sa.Connection, book: Book, month: Month) -> tuple[str, ...]:
    """Accounts whose balance was explained when the month, or a later one that closed with it, was proposed."""
    columns = chain_table.c
    things = [f"period:{book.book_id}:{month + offset}" for offset in range(12)]
    rows = connection.execute(sa.select(columns.facts).where(columns.act == "propose-close", columns.thing.in_(things))).scalars()
    return tuple({account for facts in rows for account in json.loads(facts).get("explained", {})})
