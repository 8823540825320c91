"""The state machine: random acts, legal and illegal, on every database and in the model; after each step all of them say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from controls import corrections, periods
from controls.duties import Actor
from ledger.db import UnitOfWork
from ledger.entries import Entry, Line, Side, payout_digest
from ledger.months import Month
from shebao import proofs
from tests.model import backdoors, proving
from tests.model.acts import NEXT, RIGHT, STEPS
from tests.model.books import MONEY, WAITING, Voucher
from tests.model.checking import Checking
from tests.model.offices import BOTH, NOW, PEOPLE, SUN, ZHAO
from tests.model.rosters import Rosters

REASONS = {code: "月末在途，次月划转" for code in ("1002", "1005", "110105")}
FUNDING = {"1001": ("P3", "1004"), "1002": ("O1", "4501"), "1004": ("P1", "100301"), "1005": ("C1", "4001")}
"""Where money comes from when an account is short: event and the first account under the code credited; everything else is borrowed (B1)."""
FULLY = 50
"""Acts between two runs of verify's own proofs over the book; sums, chain and statements are proved after every act that went through."""
WHO = st.one_of(st.none(), st.none(), st.sampled_from(PEOPLE))
"""None is the right person for the step."""


class BooksMachine(Rosters, Checking):
    """An office with a book for every fund, on one database or two, against the model."""

    # --- rules: vouchers

    @rule(data=st.data())
    def book_a_case(self, data: st.DataObject) -> None:
        entry = self.case(data, self.day(data))
        voucher = self.propose(entry) if entry is not None else None
        if voucher is not None:
            self.carry(voucher)

    @rule(data=st.data(), machine=st.booleans())
    def lay_a_case_on_the_desk(self, data: st.DataObject, machine: bool) -> None:
        entry = self.case(data, self.day(data))
        if entry is not None:
            self.propose(entry, actor=None if machine else ZHAO)

    @precondition(lambda self: self.book.vouchers)
    @rule(data=st.data(), who=WHO)
    def move_a_voucher(self, data: st.DataObject, who: Actor | None) -> None:
        known = self.book.vouchers
        waiting = [one for one in known if one.state in WAITING]
        voucher = data.draw(st.sampled_from(waiting if waiting and data.draw(st.integers(0, 3)) else known))
        steps = [NEXT.get(voucher.state, "post"), NEXT.get(voucher.state, "make"), *STEPS]
        step = data.draw(st.sampled_from(steps))
        self.step(step, voucher, who or RIGHT[step])

    @precondition(lambda self: self.book.months("open"))
    @rule(data=st.data(), fen=st.integers(1, 10**9), fault=st.sampled_from(("stranger", "no leaf", "flow", "no event", "axis", "person", "opening")))
    def lay_something_amiss(self, data: st.DataObject, fen: int, fault: str) -> None:
        """Another fund's account, an account that is no leaf, money where it may not go, an axis that is none: each refused at its door."""
        month, number = data.draw(st.sampled_from(self.book.months("open"))), next(self.papers)
        foreign = next(code for code in ("5104", "4102", "5103", "4601") if code not in self.book.leaves)
        lines = {
            "stranger": (Line("100301", Side.D, fen), Line(foreign, Side.C, fen)),
            "no leaf": (Line("1003", Side.D, fen), Line("4501", Side.C, fen)),
            "flow": (Line("1004", Side.D, fen), Line("1005", Side.C, fen)),
            "no event": (Line("100301", Side.D, fen), Line("2101", Side.C, fen)),
            "axis": (Line("100301", Side.D, fen, (("colour", "red"),)), Line("2101", Side.C, fen)),
            "person": (Line("100301", Side.D, fen, (("party", "620821195001010011"),)), Line("2101", Side.C, fen)),
            "opening": (Line("100301", Side.D, fen), Line("2101", Side.C, fen)),
        }[fault]
        event = {"no event": "", "opening": "OPENING", "flow": "C2"}.get(fault, "B1" if fault in ("axis", "person") else "I1")
        entry = Entry(month, month.last_day, "有错的凭证", lines, "依据", f"doc:{number}", event=event, documents=(f"paper:{number}",))
        wrong = {"flow": {"SB1041"}, "no event": {"SB1041"}, "opening": {"SB1041"}, "axis": {"SB1342"}, "person": {"SB1342"}}.get(fault, set())
        voucher = self.propose(entry, wrong=wrong, at_post={"SB1306"} if not wrong else set())
        if voucher is not None:
            assert not self.carry(voucher)

    @rule(data=st.data(), paid=st.lists(st.integers(1, 10**6), min_size=1, max_size=4), wrong=st.sampled_from(("", "", "", "fen", "one less", "order")))
    def book_contributions(self, data: st.DataObject, paid: list[int], wrong: str) -> None:
        """L10: contributions with a row for each person; other rows than those reviewed are refused at posting."""
        day, number, total = self.day(data), next(self.papers), sum(paid)
        account = min(code for code in self.book.leaves if code.startswith("4001"))
        rows = tuple((f"{person:018d}", "个人缴费", 202601, fen, account) for person, fen in enumerate(paid))
        given = {"fen": (*rows[:-1], (*rows[-1][:3], rows[-1][3] + 1, account)), "one less": rows[1:], "order": rows[::-1]}.get(wrong, rows)
        claim: dict[str, Any] = {"source": number, "count": len(rows), "fen": total, "digest": payout_digest(rows)}
        entry = Entry(
            Month.of(day), day, "逐人收款", (Line("100301", Side.D, total), Line(account, Side.C, total)), "依据", f"doc:{number}", event="C3",
            documents=(f"paper:{number}",), **{f"contribution_{name}": value for name, value in claim.items()},
        )  # fmt: skip
        voucher = self.propose(entry, rows=given, at_post={"SB1305"} if given != rows else set())
        if voucher is not None:
            self.carry(voucher)

    # --- rules: corrections

    @precondition(lambda self: self.book.posted)
    @rule(data=st.data(), kind=st.sampled_from(("reverse", "adjust", "correct")), who=WHO, at_once=st.booleans())
    def mend_any_voucher(self, data: st.DataObject, kind: str, who: Actor | None, at_once: bool) -> None:
        known = self.book.vouchers if data.draw(st.integers(0, 5)) == 3 else self.book.posted
        self.mend(data, kind, data.draw(st.sampled_from(known)), self.day(data), who or ZHAO, at_once)

    @precondition(lambda self: self.book.posted and self.book.months("open"))
    @rule(data=st.data(), kind=st.sampled_from(("reverse", "adjust", "correct")), again=st.sampled_from(("reverse", "adjust", "correct")))
    def mend_and_mend_again(self, data: st.DataObject, kind: str, again: str) -> None:
        """On the last open day: an ordinary voucher is mended, and then it, its correction and a closing voucher once more."""
        book, day = self.book, max(self.book.months("open")).last_day
        plain = [v for v in book.posted if not v.entry.closing and v.entry.corrects is None]
        first = data.draw(st.sampled_from(plain or book.posted))
        self.mend(data, kind, first, day, ZHAO, True)
        struck = [v for v in book.posted if v.entry.corrects is not None or v.entry.closing]
        for voucher in (first, *struck[-1:], *struck[:1]):
            self.mend(data, again, voucher, day, ZHAO, False)

    def mend(self, data: st.DataObject, kind: str, voucher: Voucher, day: date, actor: Actor, at_once: bool) -> None:
        book, number = self.book, self.book.vouchers.index(voucher) + 1
        right: Any = {}
        if kind == "reverse":
            faults = book.correcting(kind, voucher, actor, day)
            laid = self.play(kind, faults, lambda work: [corrections.reverse(work, NOW, actor, book.number, number, day, "错")])
        elif kind == "adjust":
            right = self._right(data, voucher)
            faults = book.correcting(kind, voucher, actor, day, right)
            laid = self.play(kind, faults, lambda work: [corrections.adjust(work, NOW, actor, book.number, number, right, day, "错")])
        else:
            blue = self.case(data, day)
            if blue is None:
                return
            faults, right, blue = book.correcting(kind, voucher, actor, day), blue.lines, replace(blue, documents=())
            laid = self.play(kind, faults, lambda work: corrections.correct(work, NOW, actor, book.number, number, blue, "错"))
        if faults:
            return
        assert [list(draft.entry.lines) for draft in laid] == book.corrected(kind, voucher, day, right)
        for draft in laid:
            assert draft.entry.corrects == voucher.entry_id
            made = book.propose(draft.entry, book.struck(voucher) if draft.entry.contribution_source else ())
            made.state, made.maker = "made", actor.user
            if at_once:
                self.carry(made)

    def _right(self, data: st.DataObject, voucher: Voucher) -> Mapping[int, int]:
        """Right amounts by line: one line alone cannot balance, a debit and a credit can; sometimes nothing differs."""
        lines = list(enumerate(voucher.entry.lines, start=1))
        debit, credit = (next((n for n, line in lines if line.side is side), 1) for side in Side)
        more = data.draw(st.sampled_from((0, 5, 5, 5, 777)))
        by_line = {n: line.amount for n, line in lines}
        return {debit: by_line[debit] + more, credit: by_line[credit] + (more if data.draw(st.integers(0, 4)) else 0)}

    # --- rules: months

    @rule(data=st.data(), who=WHO, explained=st.sampled_from((True, True, False)))
    def ask_to_close(self, data: st.DataObject, who: Actor | None, explained: bool) -> None:
        self.ask(self.month(data), who or ZHAO, REASONS if explained else {})

    def ask(self, month: Month, actor: Actor, reasons: dict[str, str]) -> bool:
        """As the command does it: the statements as if closed, the journals, the checklist, the lock, the closing voucher."""
        book = self.book

        def proposing(work: UnitOfWork) -> Any:
            own = proving.own_book(work.connection, book.fund)
            if book.states.get(month) is None:
                return periods.propose(work, NOW, actor, own, month, reasons)
            shown = [*proofs.cross_foots(work.connection, own, month, reasons, before=True), *proofs.journals_kept(work.connection, own, month)]
            return periods.propose(work, NOW, actor, own, month, reasons, shown if month > own.opened else ())

        faults = book.closing(month, actor, reasons)
        draft = self.play("propose-close", faults, proposing)
        if faults:
            return False
        book.explained[month] |= set(reasons)
        wanted = book.close(month, actor)
        assert (draft is None) == (wanted is None)
        if draft is not None:
            assert Counter((line.account, line.side, line.amount, line.dimension) for line in draft.entry.lines) == wanted
            made = book.propose(draft.entry)
            made.state, made.maker = "made", actor.user
        return True

    @precondition(lambda self: self.book.months("locked", "closed"))
    @rule(data=st.data(), who=WHO)
    def unlock(self, data: st.DataObject, who: Actor | None) -> None:
        book, actor = self.book, who or SUN
        month = data.draw(st.sampled_from(book.months("locked") or book.months("closed"))) if data.draw(st.booleans()) else self.month(data)
        faults = book.unlocking(month, actor)
        self.play("unlock", faults, lambda work: periods.unlock(work, NOW, actor, proving.own_book(work.connection, book.fund), month, "补记"))
        if not faults:
            book.unlock(month)

    @precondition(lambda self: self.book.months("locked"))
    @rule(data=st.data(), who=WHO)
    def confirm_a_month(self, data: st.DataObject, who: Actor | None) -> None:
        month = data.draw(st.sampled_from(self.book.months("locked"))) if data.draw(st.integers(0, 3)) else self.month(data)
        self.confirm(month, who or SUN)

    def confirm(self, month: Month, actor: Actor) -> bool:
        book = self.book

        def confirming(work: UnitOfWork) -> None:
            own = proving.own_book(work.connection, book.fund)
            given = proofs.reasons_given(work.connection, own, month)
            shown = proofs.cross_foots(work.connection, own, month, given) if month > own.opened and book.states.get(month) else []
            periods.confirm(work, NOW, actor, own, month, shown)

        faults = book.confirming(month, actor)
        self.play("confirm", faults, confirming)
        if not faults:
            book.confirm(month)
            if month.month == 12 and month > book.opened:
                proving.carried_forward(self.stores, book, month)
        return not faults

    @precondition(lambda self: self.book.months("open"))
    @rule(data=st.data())
    def close_a_month_whole(self, data: st.DataObject) -> None:
        """What waits is sent back, the month asked for, its closing voucher posted, the month confirmed: a year's end is reached this way."""
        book = self.book
        moved = sorted({v.entry.period for v in book.posted} & set(book.months("open")))
        month = data.draw(st.sampled_from(moved[:1] or book.months("open")))
        for voucher in book.vouchers:
            if voucher.state in WAITING and voucher.entry.period <= month and not voucher.entry.closing:
                self.step("reject", voucher, SUN)
        if data.draw(st.integers(0, 7)):
            self.fund(month)
        if self.ask(month, data.draw(st.sampled_from((ZHAO, ZHAO, ZHAO, BOTH))), REASONS):
            for voucher in [v for v in book.vouchers if v.entry.closing and v.entry.period == month and v.state in WAITING]:
                self.carry(voucher)
            self.confirm(month, SUN)

    def fund(self, month: Month) -> None:
        """K21: what is missing from an account of money comes in by the way it may: borrowed into 1003, drawn from there, taken in by the treasury."""
        book = self.book
        for _ in range(len(MONEY)):
            for code, fen in book.overdrawn(month).items():
                event, source = FUNDING.get(code[:4], ("B1", "2101"))
                credited = min(one for one in book.leaves if one.startswith(source))
                lines = (Line(code, Side.D, fen), Line(credited, Side.C, fen))
                number = next(self.papers)
                entry = Entry(month, month.last_day, "补足月末余额", lines, "依据", f"doc:{number}", event=event, documents=(f"paper:{number}",))
                voucher = self.propose(entry)
                if voucher is None or not self.carry(voucher):
                    return

    @rule(who=WHO)
    def open_the_next_month(self, who: Actor | None) -> None:
        book, actor = self.book, who or SUN
        if len(book.months("open")) > 14:
            return
        faults = set() if actor in (SUN, BOTH) else {"SB3001"}
        self.play("open", faults, lambda work: periods.open_next(work, NOW, actor, book.number))
        if not faults:
            book.states[max(book.states) + 1] = "open"

    # --- rules: back doors

    @rule(data=st.data(), door=st.sampled_from(sorted(backdoors.DOORS)))
    def try_a_back_door(self, data: st.DataObject, door: str) -> None:
        statement, code = backdoors.DOORS[door]
        if backdoors.fits(door, self.book):
            self.forced = True
            self.play(f"door {door}", {code}, lambda work: backdoors.forced(work, statement, self.book))

    # --- what always holds

    @invariant()
    def everyone_says_the_same(self) -> None:
        """In full after each act that went through or tried a back door, and on turning to another book; else nothing may have come or gone."""
        if self.forced or (self.done, self.book.number) != self.compared:
            proving.same(self.stores, self.book)
            proving.mark(self.stores)
            self.compared, self.forced = (self.done, self.book.number), False
        else:
            proving.untouched(self.stores)

    @invariant()
    def the_rules_hold(self) -> None:
        if self.done == self.proved:
            return
        proving.kept(self.stores, self.book)
        self.checked()
        if self.done // FULLY != self.proved // FULLY:
            proving.proved(self.stores, self.book)
        self.proved = self.done

    def teardown(self) -> None:
        try:
            if not self.planted:  # verify would name the missing guard; a planted fault is to be found by what it does
                proving.verified(self.stores)
        finally:
            self.stores.close()
