"""K12: the cashier's journals against the ledger (总账 = 明细账 = 日记账), by account, day and document, with recorded explanations.

What one month left open is carried into the next, so that a receipt booked late still finds its voucher. Nothing is adjusted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls import journals, trail
from controls.closing_checks import Check
from controls.duties import Actor, Duty, Thing, require_any
from controls.errors_journals import NoSuchDifference
from controls.errors_payment import NoReason
from controls.journal_match import Difference, DifferenceKind, Item, match
from controls.journals import DayClose, Journal, JournalLine, Kind
from ledger import balances, chain, salts
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.entries import digest
from ledger.money import Fen, show
from ledger.months import Month, months
from ledger.tables import chain as chain_table
from ledger.tables import document as document_table
from ledger.tables import entry as entry_table
from ledger.tables import line as line_table

COMPARERS = (Duty.BOOKKEEP, Duty.CHECK)
OPENING = "OPENING"
"""The event of opening balances: they are no movement."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Opening, in, out and closing of a month, fen."""

    opening: Fen
    into: Fen
    out: Fen
    closing: Fen


@dataclass(frozen=True, slots=True)
class DayTotals:
    """One day of one account: in and out by the journal and by the ledger, fen."""

    day: date
    journal_in: Fen
    journal_out: Fen
    ledger_in: Fen
    ledger_out: Fen


@dataclass(frozen=True, slots=True)
class AccountComparison:
    """One level-1 account: 总账 (kept balances), 明细账 (its lines summed) and 日记账 (None when none is kept)."""

    kind: Kind
    general: Totals
    detail: Totals
    journal: Totals | None
    days: tuple[DayTotals, ...]
    matched: int
    open_days: int
    differences: tuple[Difference, ...]

    @property
    def moved(self) -> bool:
        """Whether there is anything to keep a journal of."""
        return any((self.general.opening, self.general.into, self.general.out, self.general.closing))

    @property
    def equal(self) -> bool:
        """总账 = 明细账 = 日记账 at the end of the month."""
        return self.general == self.detail and self.journal is not None and self.journal.closing == self.general.closing


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a difference is there, and who says so."""

    key: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One book and month, account by account, and the explanations of its differences."""

    book_id: int
    month: Month
    accounts: tuple[AccountComparison, ...]
    explanations: tuple[Explanation, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Of all accounts."""
        return tuple(one for account in self.accounts for one in account.differences)

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """Those without a recorded explanation."""
        known = {one.key for one in self.explanations}
        return tuple(one for one in self.differences if one.key not in known)

    def digest(self) -> str:
        """What is signed when the comparison is recorded."""
        shown = [[a.kind.value, [_totals(t) for t in (a.general, a.detail, a.journal)], sorted(one.key for one in a.differences)] for a in self.accounts]
        return digest([self.book_id, str(self.month), shown])


def _totals(of: Totals | None) -> list[Fen] | None:
    return None if of is None else [of.opening, of.into, of.out, of.closing]


def compare(connection: sa.Connection, book: Book, month: Month) -> Comparison:
    """The four accounts of a book through ``month``; accounts that never moved and have no journal are left out."""
    kept = journals.journals(connection, book.book_id)
    written = {one.journal_id: journals.lines(connection, one, month.last_day) for one in kept}
    closed = {one.journal_id: journals.days(connection, one) for one in kept}
    booked = _booked(connection, book, month)
    found = []
    for kind in Kind:
        mine = [one for one in kept if one.kind is kind and one.opened_on <= month.last_day]
        account = _account(connection, book, month, kind, mine, written, closed, [leg for leg in booked if leg.account.startswith(kind.account)])
        if mine or account.moved:
            found.append(account)
    return Comparison(book.book_id, month, tuple(found), tuple(explanations(connection, book, month)))


@dataclass(frozen=True, slots=True)
class _Leg:
    account: str
    month: Month
    bank_account: str
    opening: bool
    debit: Fen
    credit: Fen
    item: Item


def _booked(connection: sa.Connection, book: Book, month: Month) -> list[_Leg]:
    """The ledger's lines on the four accounts through ``month``."""
    heads, legs, papers = entry_table.c, line_table.c, document_table.c
    four = sa.or_(*(legs.account.startswith(kind.account) for kind in Kind))
    joined = sa.select(legs.entry_id, legs.line_no, legs.account, legs.side, legs.amount_fen, legs.dimension, heads.period, heads.day, heads.kind,
                       heads.number, heads.summary, heads.event, heads.source_key, heads.corrects).join(
        entry_table, sa.and_(heads.book_id == legs.book_id, heads.entry_id == legs.entry_id)
    )  # fmt: skip
    rows = connection.execute(joined.where(legs.book_id == book.book_id, heads.period <= month, four).order_by(legs.entry_id, legs.line_no)).all()
    named: dict[int, set[str]] = defaultdict(set)
    for row in connection.execute(sa.select(papers.entry_id, papers.document).where(papers.book_id == book.book_id)):
        sort, _, number = row.document.partition(":")
        if sort in {"receipt", "paper"}:
            named[row.entry_id].add(number)
    corrected = connection.execute(sa.select(heads.entry_id, heads.corrects).where(heads.book_id == book.book_id, heads.corrects.is_not(None)))
    origin = {row.entry_id: row.corrects for row in corrected}
    return [_leg(row._mapping, frozenset(named[row.entry_id]), origin) for row in rows]


def _leg(row: sa.RowMapping, references: frozenset[str], origin: dict[int, int]) -> _Leg:
    root = row["entry_id"]
    while root in origin:
        root = origin[root]
    debit = row["side"] == "D"
    fen = int(row["amount_fen"])
    axes = dict(json.loads(row["dimension"])) if row["dimension"] else {}
    label = f"{row['kind']}-{row['period']}-{row['number']:04d}#{row['line_no']}"
    item = Item(
        label, date.fromisoformat(row["day"]), fen if debit else -fen, references, row["summary"], root, row["source_key"].startswith("reverse:")
    )  # fmt: skip
    return _Leg(
        row["account"],
        row["period"],
        journals.bank_number(axes.get("bank_account", "")),
        row["event"] == OPENING,
        fen if debit else 0,
        0 if debit else fen,
        item,
    )


def _account(
    connection: sa.Connection, book: Book, month: Month, kind: Kind, kept: Sequence[Journal],
    written: dict[int, list[JournalLine]], closed: dict[int, list[DayClose]], legs: Sequence[_Leg],
) -> AccountComparison:  # fmt: skip
    moved = [one for one in balances.movements(connection, book.book_id, month) if one.account.startswith(kind.account)]
    before, now = [one for one in moved if one.period < month], [one for one in moved if one.period == month]
    opening = sum(one.net for one in before)
    into, out = sum(one.debit + one.closing_debit for one in now), sum(one.credit + one.closing_credit for one in now)
    general = Totals(opening, into, out, opening + into - out)
    lines = [line for one in kept for line in written[one.journal_id]]
    owed: list[Difference] = []
    matched = 0
    for one in kept:
        mine = [leg for leg in legs if _belongs(leg, one, kept)]
        count, found = _differences(one, written[one.journal_id], mine, month)
        matched, owed = matched + count, owed + found
    astray = [leg for leg in legs if kept and not leg.opening and not any(_belongs(leg, one, kept) for one in kept)]
    why = "凭证没有注明银行账号" if len(kept) > 1 else "凭证注明的银行账号没有日记账"
    owed += [Difference(DifferenceKind.LEDGER_ONLY, (), (leg.item,), why) for leg in astray if leg.item.day >= min(one.opened_on for one in kept)]
    waiting = {
        (one.journal_id, line.receipt.day)
        for one in kept
        for line in written[one.journal_id]
        if not closed[one.journal_id] or line.receipt.day > closed[one.journal_id][-1].day
    }
    return AccountComparison(
        kind, general, _detail(legs, month), _journal(kept, lines, month) if kept else None, _days(lines, legs, month), matched, len(waiting), tuple(owed)
    )


def _belongs(leg: _Leg, one: Journal, kept: Sequence[Journal]) -> bool:
    """Whether a ledger line is of this journal's bank account: as it says itself, or because there is no other."""
    return leg.bank_account == one.bank_account if leg.bank_account else len(kept) == 1


def _detail(legs: Sequence[_Leg], month: Month) -> Totals:
    opening = sum(leg.item.signed for leg in legs if leg.month < month)
    into, out = (sum(leg.debit for leg in legs if leg.month == month), sum(leg.credit for leg in legs if leg.month == month))
    return Totals(opening, into, out, opening + into - out)


def _journal(kept: Sequence[Journal], lines: Sequence[JournalLine], month: Month) -> Totals:
    before = [line for line in lines if line.receipt.day < month.first_day]
    now = [line for line in lines if line.receipt.day >= month.first_day]
    opening = sum(one.opening for one in kept) + sum(line.signed for line in before)
    return Totals(opening, sum(line.receipt.into for line in now), sum(line.receipt.out for line in now), opening + sum(line.signed for line in now))


def _days(lines: Iterable[JournalLine], legs: Iterable[_Leg], month: Month) -> tuple[DayTotals, ...]:
    sums: dict[date, list[Fen]] = defaultdict(lambda: [0, 0, 0, 0])
    for line in lines:
        if Month.of(line.receipt.day) == month:
            sums[line.receipt.day][0] += line.receipt.into
            sums[line.receipt.day][1] += line.receipt.out
    for leg in legs:
        if leg.month == month and not leg.opening:
            sums[leg.item.day][2] += leg.debit
            sums[leg.item.day][3] += leg.credit
    return tuple(DayTotals(day, *found) for day, found in sorted(sums.items()))


def _differences(one: Journal, written: Sequence[JournalLine], legs: Sequence[_Leg], month: Month) -> tuple[int, list[Difference]]:
    """Pairs made in ``month`` and what is open at its end, month by month since the journal began; an opening that differs comes first."""
    due = sum(leg.item.signed for leg in legs if leg.opening or leg.item.day < one.opened_on)
    found = []
    if due != one.opening:
        said = f"日记账期初 {show(one.opening)} 元，总账 {show(due)} 元"
        found.append(Difference(DifferenceKind.OPENING, (Item(f"日记账{one.journal_id}期初", one.opened_on, 0),), (), said, one.opening - due))
    mine = [_item(one, line) for line in written]
    theirs = [leg for leg in legs if not leg.opening and leg.item.day >= one.opened_on]
    journal: list[Item] = []
    ledger: list[Item] = []
    count = 0
    for current in months(min(Month.of(one.opened_on), month), month):
        journal += [item for line, item in zip(written, mine, strict=True) if Month.of(line.receipt.day) == current]
        ledger += [leg.item for leg in theirs if leg.month == current]
        result = match(journal, ledger)
        journal = [item for difference in result.differences for item in difference.journal]
        ledger = [item for difference in result.differences for item in difference.ledger]
        if current == month:
            count = len(result.matches)
            found += result.differences
    return count, found


def _item(one: Journal, line: JournalLine) -> Item:
    root = line.strikes if line.strikes is not None else line.line_no
    place = f"日记账{one.journal_id}第{line.line_no}行"
    return Item(place, line.receipt_on, line.signed, frozenset({line.receipt.number}), line.receipt.summary, root, line.strikes is not None)


def _thing(book: Book, month: Month) -> str:
    return f"journal-comparison:{book.book_id}:{month}"


def explanations(connection: sa.Connection, book: Book, month: Month) -> list[Explanation]:
    """What was said of the month's differences, the last word on each."""
    columns = chain_table.c
    rows = connection.execute(
        sa.select(columns.facts, columns.actor, columns.at).where(columns.thing == _thing(book, month), columns.act == "journal.explain").order_by(columns.seq)
    )
    known = salts.texts(connection, thing=_thing(book, month))
    said = {}
    for row in rows:
        facts = salts.parsed(salts.opened(known, row.facts)[0])
        said[facts["key"]] = Explanation(facts["key"], facts["reason"], row.actor, row.at)
    return list(said.values())


def _comparer(connection: sa.Connection, actor: Actor, book: Book, month: Month) -> Duty:
    """The duty of somebody who keeps or checks the ledger and wrote in none of the book's journals; raises SB3001, SB3002."""
    wrote = {line.entered_by for one in journals.journals(connection, book.book_id) for line in journals.lines(connection, one)}
    return require_any(actor, COMPARERS, Thing("journal-comparison", f"{book.book_id}:{month}", tuple((Duty.CASHIER, user) for user in sorted(wrote))))


def explain(work: UnitOfWork, now: str, actor: Actor, book: Book, month: Month, key: str, reason: str) -> Explanation:
    """A 会计 or 会计主管 says why a difference is there; the difference stays shown. Raises SB3001, SB3002, SB3042, SB3172."""
    duty = _comparer(work.connection, actor, book, month)
    if not reason.strip():
        raise NoReason()
    chain.lock(work)
    if key not in {one.key for one in compare(work.connection, book, month).differences}:
        raise NoSuchDifference(fund=book.fund.zh, period=month, key=key)
    made = Explanation(key, reason.strip(), actor.user, now)
    trail.record(work, now, actor, duty, "journal.explain", _thing(book, month), key, {"key": key, "reason": made.reason})
    return made


def record(work: UnitOfWork, now: str, actor: Actor, book: Book, month: Month) -> Comparison:
    """A 会计 or 会计主管 signs the comparison as it stands; its digest enters the trail. Raises SB3001, SB3002."""
    duty = _comparer(work.connection, actor, book, month)
    found = compare(work.connection, book, month)
    facts = {"differences": len(found.differences), "unexplained": len(found.unexplained)}
    trail.record(work, now, actor, duty, "journal.compare", _thing(book, month), found.digest(), facts)
    return found


def checks(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K12, account by account; nothing where the book keeps no journal at all, so that the checklist shows it as not run."""
    if not journals.journals(connection, book.book_id):
        return []
    found = compare(connection, book, month)
    waiting = {one.key for one in found.unexplained}
    return [_check(one, waiting) for one in found.accounts]


def _check(one: AccountComparison, waiting: set[str]) -> Check:
    head = f"{one.kind.account} {one.kind.zh}"
    if one.journal is None:
        return Check("K12", False, f"{head}本月有余额或发生额，出纳没有登记日记账")
    left = [difference for difference in one.differences if difference.key in waiting]
    said = f"{head}：总账 {show(one.general.closing)} 元，明细账 {show(one.detail.closing)} 元，日记账 {show(one.journal.closing)} 元"
    explained = len(one.differences) - len(left)
    ok = not left and one.general == one.detail and not one.open_days
    more = [f"核对相符 {one.matched} 组"]
    if explained:
        more.append(f"差异 {explained} 笔已说明")
    if left:
        more.append(f"差异 {len(left)} 笔未说明：{left[0].kind.zh}（{left[0].key}）")
    if one.open_days:
        more.append(f"日记账有 {one.open_days} 日未日结")
    return Check("K12", ok, said + "；" + "，".join(more))
