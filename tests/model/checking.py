"""K11–K16 in the machine: reconciliations on record, the cashier's journals, and what the closing checklist must then say of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from controls import closing_checks, journals, trail
from controls.closing_checks import Check
from controls.duties import Duty, require
from controls.journals import Kind, Receipt
from ledger.db import UnitOfWork, reading
from ledger.money import show
from ledger.months import Month
from shebao import proofs
from tests.model import proving
from tests.model.acts import Acts
from tests.model.offices import HAN, NOBODY, NOW, ZHAO

if TYPE_CHECKING:
    from tests.model.books import Book

FROM = date(2025, 12, 1)
KEPT = {Kind.CASH: "", Kind.FISCAL: "6200000000001003", Kind.PAYMENT: "6200000000001004"}
"""Journals the cashier may open, each with its bank account."""


@dataclass
class Written:
    """A journal as the model keeps it: its number, and the lines by day."""

    number: int
    lines: list[tuple[date, int]] = field(default_factory=list)

    def balance(self, through: Month | None = None) -> int:
        return sum(fen for day, fen in self.lines if through is None or Month.of(day) <= through)


class Checking(Acts):
    """The rules of the machine that concern what is checked before closing."""

    @rule(data=st.data(), account=st.sampled_from(("1002", "1003", "1004")), stranger=st.booleans())
    def reconcile_an_account(self, data: st.DataObject, account: str, stranger: bool) -> None:
        """K11: the record that a month's 余额调节表 was made, as its command leaves it, by a 会计."""
        book, month, actor = self.book, self.month(data), NOBODY if stranger and data.draw(st.booleans()) else ZHAO

        def making(work: UnitOfWork) -> None:
            require(actor, Duty.BOOKKEEP)
            trail.record(work, NOW, actor, Duty.BOOKKEEP, "reconcile", f"reconciliation:{book.number}:{account}:{month}", "", {"file_id": 0, "open": 0})

        faults = {"SB3001"} if actor is NOBODY else set()
        self.play("reconcile", faults, making)
        if not faults:
            book.reconciled.add((account, month))

    @rule(data=st.data(), kind=st.sampled_from(sorted(KEPT)), fen=st.integers(-(10**6), 10**7), even=st.booleans())
    def write_a_journal(self, data: st.DataObject, kind: Kind, fen: int, even: bool) -> None:
        """K12: the cashier opens a journal and writes receipts into it, some of them what the ledger has and the journal lacks."""
        book = self.book
        written = book.journals.get(kind)
        if written is None:
            opened = self.play("journal open", set(), lambda work: journals.open_(work, NOW, HAN, book.number, kind, FROM, 0, KEPT[kind], ""))
            book.journals[kind] = Written(opened.journal_id)
            return
        day = self.day(data)
        if even:
            fen = book.held(Month.of(day), kind.account) - written.balance()
        receipt = Receipt(day, "回单", str(next(self.papers)), "收付", max(fen, 0), max(-fen, 0))
        late = (
            day > date.fromisoformat(NOW[:10]) or day < FROM or bool(written.lines and day < written.lines[-1][0]) or book.states.get(Month.of(day)) == "closed"
        )
        faults = {"SB3162"} if late else set()
        faults |= {"SB3163"} if fen == 0 or (fen < 0 and written.balance() + fen < 0) else set()
        self.play("journal enter", faults, lambda work: journals.enter(work, NOW, HAN, written.number, [receipt]))
        if not faults:
            written.lines.append((day, fen))

    def checked(self) -> None:
        """K11, K12, K13, K14 and K16 of the latest month that moved say on every store what the model expects."""
        book = self.book
        busy = {voucher.entry.period for voucher in book.posted}
        if not busy:
            return
        month = max(busy)
        for engine in self.stores.engines:
            with reading(engine) as connection:
                own = proving.own_book(connection, book.fund)
                made = closing_checks.before_closing(connection, own, month)
                made += proofs.between_books(connection, own, month) + proofs.journals_kept(connection, own, month)
            found = {(check.code, check.text[:4]): check for check in made}
            _same_marks(found, "K11", reconciled(book, month))
            _same_marks(found, "K16", named(book, month))
            _journals(found, book, month)
            paid = [v.entry for v in book.posted if v.entry.payout_source is not None and v.entry.event == "P2b" and v.entry.period <= month]
            k13 = next(check for check in made if check.code == "K13")
            assert k13.ok and k13.text == f"{len(paid)} 册发放凭证与回盘成功金额相符，共 {show(sum(one.payout_fen for one in paid))} 元", k13
            moved = self.moved_between(book, month)
            assert [(check.left, check.right) for check in made if check.code == "K14"] == moved, (made, moved)

    def moved_between(self, book: Book, month: Month) -> list[tuple[int, int]]:
        """K14: by event, what this book moved to the other scheme in the year and what the other took in."""
        if book.fund.value not in "ER":
            return []
        other = next(one for one in self.books if one.fund.value in "ER" and one is not book)
        pairs = [(_of(book, gone, month), _of(other, come, month)) for gone, come in (("T5", "T5b"), ("T5b", "T5"))]
        return [pair for pair in pairs if any(pair)]


def _of(book: Book, event: str, month: Month) -> int:
    entries = [v.entry for v in book.posted if v.entry.event == event and v.entry.period.year == month.year and v.entry.period <= month]
    return sum(one.debit for one in entries)


def _same_marks(found: dict[tuple[str, str], Check], code: str, wanted: dict[str, bool]) -> None:
    assert {account: check.ok for (one, account), check in found.items() if one == code} == wanted, (code, found)


def reconciled(book: Book, month: Month) -> dict[str, bool]:
    """K11: the accounts that moved in the month or hold something, and whether each is reconciled."""
    moved = {line.account[:4] for v in book.posted if v.entry.period == month for line in v.entry.lines}
    return {code: (code, month) in book.reconciled for code in ("1002", "1003", "1004") if code in moved or book.held(month, code)}


def named(book: Book, month: Month) -> dict[str, bool]:
    """K16: 1101 and 2001, where they ever moved, and whether what is left without a counterparty is nil."""
    marks: dict[str, bool] = {}
    for control in ("1101", "2001"):
        lines = [line for v in book.posted if v.entry.period <= month for line in v.entry.lines if line.account.startswith(control)]
        if lines:
            marks[control] = not sum(line.signed for line in lines if "party" not in dict(line.dimension))
    return marks


def _journals(found: dict[tuple[str, str], Any], book: Book, month: Month) -> None:
    """K12: the ledger's and the journal's balance of each account that has either; unequal ones fail."""
    told = {account: check for (code, account), check in found.items() if code == "K12"}
    if not book.journals:
        assert not told
        return
    for account, check in told.items():
        kind = next(kind for kind in Kind if kind.account == account)
        ledger, written = book.held(month, account), book.journals.get(kind)
        if written is None:
            assert not check.ok
            continue
        journal = written.balance(month)
        assert f"总账 {show(ledger)} 元，明细账 {show(ledger)} 元，日记账 {show(journal)} 元" in check.text, (ledger, journal, check)
        assert ledger == journal or not check.ok
