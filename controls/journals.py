"""The cashier's journals (库存现金、收入户、财政专户、支出户存款日记账): lines from receipts, one after another, days closed (1001四, 1002四, 1003五, 1004四).

Nothing here reads a posting: what the 出纳 wrote is compared with the ledger elsewhere (K12). Lines are only ever added; a wrong
one is struck by a red line with its reason, and a day closed takes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from controls import cash_counts, trail
from controls.duties import Actor, Duty, require
from controls.errors_journals import BadJournal, CannotStrike, JournalAmount, JournalDay, NoSuchJournal, NotCounted, ReceiptEntered
from controls.errors_payment import NoReason
from controls.journal_tables import journal, journal_day, journal_line
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import digest
from ledger.money import Fen, show
from ledger.months import Month
from ledger.tables import period


class Kind(StrEnum):
    """Which of the four journals."""

    CASH = "cash"
    INCOME = "income"
    FISCAL = "fiscal"
    PAYMENT = "payment"

    @property
    def account(self) -> str:
        """The level-1 ledger account."""
        return {"cash": "1001", "income": "1002", "fiscal": "1003", "payment": "1004"}[self.value]

    @property
    def zh(self) -> str:
        """The account's name."""
        return {"cash": "库存现金", "income": "收入户存款", "fiscal": "财政专户存款", "payment": "支出户存款"}[self.value]


@dataclass(frozen=True, slots=True)
class Journal:
    """One journal: of cash, or of one bank account; ``opening`` fen is what the cashier took over on ``opened_on``."""

    book_id: int
    journal_id: int
    kind: Kind
    bank_account: str
    bank: str
    opened_on: date
    opening: Fen
    opened_by: str
    opened_at: str

    @property
    def thing(self) -> str:
        """As the trail writes it."""
        return f"journal:{self.book_id}:{self.journal_id}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt to be entered: money ``into`` or ``out`` of the account, fen; ``on`` its own date where it is entered later."""

    day: date
    kind: str
    number: str
    summary: str
    into: Fen = 0
    out: Fen = 0
    counterpart: str = ""
    counter_account: str = ""
    on: date | None = None
    attachment: str = ""

    @property
    def label(self) -> str:
        """Kind and number."""
        return f"{self.kind} {self.number}".strip()


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line as written; a red line has negative fen, and ``strikes`` says which line it takes back."""

    line_no: int
    receipt: Receipt
    balance: Fen
    strikes: int | None
    reason: str
    source: str
    entered_by: str
    entered_at: str

    @property
    def signed(self) -> Fen:
        """Fen, money in positive."""
        return self.receipt.into - self.receipt.out

    @property
    def receipt_on(self) -> date:
        """The receipt's own date."""
        return self.receipt.on or self.receipt.day

    def facts(self) -> list[object]:
        """What digests are taken over."""
        one = self.receipt
        return [
            self.line_no, one.day.isoformat(), self.receipt_on.isoformat(), one.kind, one.number, one.summary, one.counterpart, one.counter_account,
            one.into, one.out, self.balance, one.attachment, self.strikes, self.reason, self.source,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayClose:
    """A day closed (日结): its totals, the balance, the last line it holds."""

    day: date
    last_line: int
    into: Fen
    out: Fen
    balance: Fen
    closed_by: str
    closed_at: str

    def facts(self) -> list[object]:
        """What its digest is taken over."""
        return [self.day.isoformat(), self.last_line, self.into, self.out, self.balance]


def open_(work: UnitOfWork, now: str, actor: Actor, book_id: int, kind: Kind, day: date, opening: Fen, bank_account: str = "", bank: str = "") -> Journal:
    """The 出纳 opens a journal with the balance taken over; raises SB3001, SB3161, SB3162, SB3163."""
    require(actor, Duty.CASHIER)
    chain.lock(work)
    number = bank_number(bank_account)
    if (kind is Kind.CASH) != (number == ""):
        raise BadJournal(kind=kind.zh, why="现金没有银行账号" if number else "缺银行账号")
    for other in journals(work.connection, book_id):
        if (other.kind, other.bank_account) == (kind, number):
            raise BadJournal(kind=kind.zh, why=f"已设立，编号 {other.journal_id}")
    if day.isoformat() > now[:10]:
        raise JournalDay(journal=kind.zh, day=day, why="日期在将来")
    if opening < 0:
        raise JournalAmount(journal=kind.zh, receipt="期初余额", why="余额不得为负")
    journal_id = 1 + (work.connection.execute(sa.select(sa.func.max(journal.c.journal_id))).scalar() or 0)
    made = Journal(book_id, journal_id, kind, number, bank, day, opening, actor.user, now)
    work.connection.execute(
        journal.insert().values(
            book_id=book_id, journal_id=made.journal_id, kind=kind.value, bank_account=number, bank=bank, opened_on=day.isoformat(),
            opening_fen=opening, opened_by=actor.user, opened_at=now,
        )
    )  # fmt: skip
    trail.record(work, now, actor, Duty.CASHIER, "journal.open", made.thing, opening_digest(made), {"kind": kind.value, "opening": opening})
    return made


def opening_digest(made: Journal) -> str:
    """Digest of what a journal began with."""
    return digest([made.kind.value, made.bank_account, made.bank, made.opened_on.isoformat(), made.opening])


def bank_number(text: str) -> str:
    """A bank account's number without blanks and hyphens."""
    return "".join(sign for sign in text if sign.isalnum())


def journals(connection: sa.Connection, book_id: int | None = None) -> list[Journal]:
    """Every journal (of one book), by number."""
    wanted = sa.select(journal).order_by(journal.c.journal_id)
    rows = connection.execute(wanted if book_id is None else wanted.where(journal.c.book_id == book_id))
    return [
        Journal(
            row.book_id, row.journal_id, Kind(row.kind), row.bank_account, row.bank, date.fromisoformat(row.opened_on), int(row.opening_fen),
            row.opened_by, row.opened_at,
        )
        for row in rows
    ]  # fmt: skip


def get(connection: sa.Connection, journal_id: int) -> Journal:
    """One journal; raises SB3160."""
    for found in journals(connection):
        if found.journal_id == journal_id:
            return found
    raise NoSuchJournal(journal=journal_id)


def lines(connection: sa.Connection, made: Journal, through: date | None = None) -> list[JournalLine]:
    """Its lines in order, up to and including a day when given."""
    columns = journal_line.c
    wanted = sa.select(journal_line).where(columns.book_id == made.book_id, columns.journal_id == made.journal_id).order_by(columns.line_no)
    rows = connection.execute(wanted if through is None else wanted.where(columns.day <= through.isoformat()))
    return [_line(row._mapping) for row in rows]


def _line(row: sa.RowMapping) -> JournalLine:
    receipt = Receipt(
        date.fromisoformat(row["day"]), row["receipt_kind"], row["receipt_no"], row["summary"], int(row["in_fen"]), int(row["out_fen"]),
        row["counterpart"], row["counter_account"], date.fromisoformat(row["receipt_on"]), row["attachment"],
    )  # fmt: skip
    return JournalLine(row["line_no"], receipt, int(row["balance_fen"]), row["strikes"], row["reason"], row["source"], row["entered_by"], row["entered_at"])


def days(connection: sa.Connection, made: Journal) -> list[DayClose]:
    """The days closed, in order."""
    columns = journal_day.c
    rows = connection.execute(sa.select(journal_day).where(columns.book_id == made.book_id, columns.journal_id == made.journal_id).order_by(columns.day))
    return [
        DayClose(date.fromisoformat(row.day), row.last_line, int(row.in_fen), int(row.out_fen), int(row.balance_fen), row.closed_by, row.closed_at)
        for row in rows
    ]


def enter(work: UnitOfWork, now: str, actor: Actor, journal_id: int, receipts: Sequence[Receipt], source: str = "") -> list[JournalLine]:
    """The 出纳 enters receipts, all or none, in their order. Raises SB3001, SB3160, SB3162–SB3164.

    ``source`` is the digest of the file they were read from, '' when written by hand.
    """
    require(actor, Duty.CASHIER)
    chain.lock(work)
    made = get(work.connection, journal_id)
    written = lines(work.connection, made)
    struck = {line.strikes for line in written}
    known = {line.receipt.label: line.line_no for line in written if line.strikes is None and line.line_no not in struck}
    closed, months = days(work.connection, made), _closed_months(work.connection, made)
    fresh: list[JournalLine] = []
    for receipt in receipts:
        last = fresh[-1:] or written[-1:]
        line = _next(made, last, receipt, actor, now, source)
        _day(made, closed, now, receipt.day, last, months)
        if receipt.label in known:
            raise ReceiptEntered(journal=journal_id, line=known[receipt.label], receipt=receipt.label)
        if (receipt.into == 0) is (receipt.out == 0) or (receipt.out > 0 and line.balance < 0):
            why = f"支出 {show(receipt.out)} 元超过余额 {show(line.balance + receipt.out)} 元" if line.balance < 0 else "收入、支出须有且只有一项"
            raise JournalAmount(journal=journal_id, receipt=receipt.label, why=why)
        if line.receipt_on > receipt.day:
            raise JournalDay(journal=journal_id, day=receipt.day, why=f"单据日期 {line.receipt_on} 在登记日期之后")
        if not (receipt.kind.strip() and receipt.number.strip() and receipt.summary.strip()):
            raise JournalAmount(journal=journal_id, receipt=receipt.label or "—", why="缺单据种类、号码或摘要")
        known[receipt.label] = line.line_no
        fresh.append(line)
    _write(work, now, actor, made, fresh, "journal.enter")
    return fresh


def strike(work: UnitOfWork, now: str, actor: Actor, journal_id: int, line_no: int, day: date, reason: str) -> JournalLine:
    """红字冲销: takes one line back on an open day. Raises SB3001, SB3042, SB3160, SB3162, SB3165."""
    require(actor, Duty.CASHIER)
    if not reason.strip():
        raise NoReason()
    chain.lock(work)
    made = get(work.connection, journal_id)
    written = lines(work.connection, made)
    found = next((line for line in written if line.line_no == line_no), None)
    again = next((line for line in written if line.strikes == line_no), None)
    if found is None or found.strikes is not None or again is not None:
        why = "没有这一行" if found is None else f"已由第 {again.line_no} 行冲销" if again else "它本身是红字行"
        raise CannotStrike(journal=journal_id, line=line_no, why=why)
    _day(made, days(work.connection, made), now, day, written[-1:], _closed_months(work.connection, made))
    old = found.receipt
    summary = f"注销{old.day.month}月{old.day.day}日第{line_no}行：{old.summary}"
    red = Receipt(day, old.kind, old.number, summary, -old.into, -old.out, old.counterpart, old.counter_account, found.receipt_on, old.attachment)
    line = _next(made, written[-1:], red, actor, now, "", line_no, reason.strip())
    _write(work, now, actor, made, [line], "journal.strike")
    return line


def _next(
    made: Journal, last: Sequence[JournalLine], receipt: Receipt, actor: Actor, now: str, source: str, strikes: int | None = None, reason: str = ""
) -> JournalLine:
    before = last[-1] if last else None
    balance = (before.balance if before else made.opening) + receipt.into - receipt.out
    return JournalLine((before.line_no if before else 0) + 1, receipt, balance, strikes, reason, source, actor.user, now)


def _closed_months(connection: sa.Connection, made: Journal) -> frozenset[Month]:
    """The months of the journal's book that are closed: they take nothing, by any door (L5)."""
    columns = period.c
    return frozenset(connection.execute(sa.select(columns.period).where(columns.book_id == made.book_id, columns.state == "closed")).scalars())


def _day(made: Journal, closed: Sequence[DayClose], now: str, day: date, last: Sequence[JournalLine], months: frozenset[Month] = frozenset()) -> None:
    """Passes for a day on which a line can stand, in none of the closed ``months``; raises SB3162."""
    why = ""
    if day.isoformat() > now[:10]:
        why = "日期在将来"
    elif day < made.opened_on:
        why = f"早于启用日 {made.opened_on}"
    elif closed and day <= closed[-1].day:
        why = f"已日结至 {closed[-1].day}"
    elif last and day < last[-1].receipt.day:
        why = f"早于前一笔的 {last[-1].receipt.day}"
    elif Month.of(day) in months:
        why = f"{Month.of(day)} 已结账"
    if why:
        raise JournalDay(journal=made.journal_id, day=day, why=why)


def _write(work: UnitOfWork, now: str, actor: Actor, made: Journal, fresh: Sequence[JournalLine], act: str) -> None:
    if not fresh:
        return
    rows = [
        {
            "book_id": made.book_id, "journal_id": made.journal_id, "line_no": line.line_no, "day": line.receipt.day.isoformat(),
            "receipt_on": line.receipt_on.isoformat(), "receipt_kind": line.receipt.kind, "receipt_no": line.receipt.number,
            "summary": line.receipt.summary, "counterpart": line.receipt.counterpart, "counter_account": line.receipt.counter_account,
            "in_fen": line.receipt.into, "out_fen": line.receipt.out, "balance_fen": line.balance, "attachment": line.receipt.attachment,
            "strikes": line.strikes, "reason": line.reason, "source": line.source, "entered_by": actor.user, "entered_at": now,
        }
        for line in fresh
    ]  # fmt: skip
    for row in rows:
        work.connection.execute(journal_line.insert().values(**row))
    into, out = sum(line.receipt.into for line in fresh), sum(line.receipt.out for line in fresh)
    facts = {"first": fresh[0].line_no, "last": fresh[-1].line_no, "in": into, "out": out}
    if fresh[0].reason:
        facts |= {"strikes": fresh[0].strikes or 0}
    trail.record(work, now, actor, Duty.CASHIER, act, made.thing, lines_digest(fresh), facts)


def lines_digest(wanted: Sequence[JournalLine]) -> str:
    """Digest of lines as the trail keeps it."""
    return digest([line.facts() for line in wanted])


def close_day(work: UnitOfWork, now: str, actor: Actor, journal_id: int, day: date) -> list[DayClose]:
    """日结: every day with lines up to ``day``, and ``day`` itself, each with its totals and balance.

    Raises SB3001, SB3160, SB3162, and SB3167 where cash was not counted and witnessed with the very balance of the day.
    """
    require(actor, Duty.CASHIER)
    chain.lock(work)
    made = get(work.connection, journal_id)
    done = days(work.connection, made)
    _day(made, done, now, day, ())
    since = done[-1].day if done else None
    written = lines(work.connection, made, day)
    wanted = sorted({line.receipt.day for line in written if since is None or line.receipt.day > since} | {day})
    closed = []
    for one in wanted:
        closed.append(closing(made, written, one, actor.user, now))
        if made.kind is Kind.CASH:
            _counted(work.connection, made, closed[-1])
        last = closed[-1]
        work.connection.execute(
            journal_day.insert().values(
                book_id=made.book_id, journal_id=journal_id, day=one.isoformat(), last_line=last.last_line, in_fen=last.into, out_fen=last.out,
                balance_fen=last.balance, closed_by=actor.user, closed_at=now,
            )
        )  # fmt: skip
        facts = {"day": one.isoformat(), "in": last.into, "out": last.out, "balance": last.balance}
        trail.record(work, now, actor, Duty.CASHIER, "journal.close-day", made.thing, digest(last.facts()), facts)
    return closed


def closing(made: Journal, written: Sequence[JournalLine], day: date, user: str = "", now: str = "") -> DayClose:
    """What closing ``day`` says of these lines."""
    until = [line for line in written if line.receipt.day <= day]
    today = [line.receipt for line in until if line.receipt.day == day]
    into, out = sum(one.into for one in today), sum(one.out for one in today)
    return DayClose(day, len(until), into, out, until[-1].balance if until else made.opening, user, now)


def _counted(connection: sa.Connection, made: Journal, wanted: DayClose) -> None:
    of_day = [one for one in cash_counts.counts(connection, made.book_id, made.journal_id) if one.day == wanted.day]
    if any(one.witnessed_by and one.counted == one.book == wanted.balance for one in of_day):
        return
    last = of_day[-1] if of_day else None
    if last is None:
        why = "当日没有盘点"
    elif last.book != wanted.balance:
        why = f"盘点后又有收付，账面现为 {show(wanted.balance)} 元"
    elif last.counted != last.book:
        odd = last.counted - last.book
        why = f"实盘 {show(last.counted)} 元，账面 {show(last.book)} 元，{'长款' if odd > 0 else '短款'} {show(abs(odd))} 元"
    else:
        why = f"盘点 {made.journal_id}-{last.count_no} 尚未监盘"
    raise NotCounted(journal=made.journal_id, day=wanted.day, why=why)
