"""What every rule of the machine stands on: the stores, the books in the head, and one act played on all of them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from controls import cashier, vouchers
from controls.duties import Actor
from ledger.chart import STANDARD, Chart
from ledger.db import UnitOfWork
from ledger.entries import Entry
from ledger.event_file import event as event_law
from ledger.funds import Fund
from ledger.months import Month
from ledger.standard_cases import Case, load_cases
from shebao.proposals import compose
from tests.model import offices
from tests.model.books import Book, Voucher
from tests.model.offices import HAN, NOW, OPENED, SUN, ZHAO, Choices, Stores
from tests.private_postgres import Cluster

if TYPE_CHECKING:
    from tests.model.rosters import Roster

STEPS = {"make": vouchers.make, "review": vouchers.review, "sign": cashier.sign, "post": vouchers.post, "reject": vouchers.reject}
RIGHT = {"make": ZHAO, "review": SUN, "sign": HAN, "post": ZHAO, "reject": SUN}
NEXT = {"proposed": "make", "made": "review", "reviewed": "post"}


def booked_by_legs(fund: Fund) -> list[Case]:
    """The written cases of a fund that are booked by legs: generators of amounts and details; closings are played, not posted."""
    return [case for case in load_cases() if case.fund == fund.value and not case.balances and case.event != "X1"]


class Acts(RuleBasedStateMachine):
    """An office with a book for every fund, on one database or two, against the model."""

    server: ClassVar[Cluster | None] = None
    choices: ClassVar[Choices] = offices.LOCAL
    planted: ClassVar[tuple[str, ...]] = ()
    """Statements that spoil a fresh store, so that a test can see the machine find it."""
    counted: ClassVar[Counter[str]] = Counter()
    """What was played, over all runs: acts that went through and codes that refused."""

    def __init__(self) -> None:
        super().__init__()
        self.stores: Stores = offices.stores(self.choices, self.server)
        for engine in self.stores.engines if self.planted else ():
            with engine.begin() as connection:
                for statement in self.planted:
                    connection.exec_driver_sql(statement)
        self.papers = itertools.count(1)
        self.books = [self._book(number, fund) for number, fund in enumerate(Fund, start=1)]
        self.book = self.books[0]
        self.rosters: list[Roster] = []
        self.done = self.proved = 0
        self.compared, self.forced = (0, 0), True

    def _book(self, number: int, fund: Fund) -> Book:
        chart = Chart.load(STANDARD, fund)
        leaves = frozenset(a.code for a in chart.accounts if a.leaf)
        first = Month(OPENED.year - 1, 12)
        states = {first + offset: "open" for offset in range(OPENED.index - first.index + 1)}
        return Book(number, fund, leaves, first, self.choices.carried_monthly, states)

    @initialize(number=st.integers(1, len(Fund)))
    def begin(self, number: int) -> None:
        self.book = self.books[number - 1]

    @rule(number=st.integers(1, len(Fund)))
    def turn_to_another_book(self, number: int) -> None:
        self.book = self.books[number - 1]

    # --- playing one act everywhere

    def play(self, act: str, faults: set[str], work_on: Callable[[UnitOfWork], Any]) -> Any:
        """The act is refused on every store for one of ``faults``, or goes through where there are none."""
        code, found = self.stores.act(work_on)
        self.counted[code or act] += 1
        self.done += not code and act != "compose"
        said = f"{code} {self.stores.told}" if code else "went through"
        assert (code in faults) if faults else not code, f"{act} in {self.book.fund}: {said}; the model says {sorted(faults) or 'it goes through'}"
        return found

    def month(self, data: st.DataObject) -> Month:
        """Mostly an open month, late ones first; now and then any month around."""
        opened = self.book.months("open")
        if opened and data.draw(st.integers(0, 9)) < 8:
            return data.draw(st.sampled_from(sorted(opened, reverse=True)[:4]))
        return data.draw(st.sampled_from([*self.book.states, min(self.book.states) - 1, max(self.book.states) + 1]))

    def day(self, data: st.DataObject) -> date:
        month = self.month(data)
        return month.first_day + timedelta(days=data.draw(st.integers(0, month.last_day.day - 1)))

    def case(self, data: st.DataObject, day: date) -> Entry | None:
        """A written case, its amounts multiplied, whose legs are those written down; None where the template or the office's choice refuses it."""
        case = data.draw(st.sampled_from(booked_by_legs(self.book.fund)))
        times = data.draw(st.sampled_from((1, 1, 3, 99, 1000)))
        paper = 1 if data.draw(st.integers(0, 24)) == 17 else next(self.papers)
        policy = event_law(case.event).policy
        chosen = self.choices.of(policy.parameter, self.book.fund) if policy else ""
        faults = {case.refuses} - {""}
        if policy is not None and chosen not in policy.values:
            faults.add("SB1031" if chosen is None else "SB6204")
        made: list[Entry] = []

        def composing(_: UnitOfWork) -> None:
            amounts = {name: fen * times for name, fen in case.amounts.items()}
            papers: dict[str, Any] = {"source_key": f"doc:{paper}", "documents": [f"paper:{paper}"]}
            made.append(compose(case.event, self.book.fund, day, amounts, case.details, authority="依据", **papers))

        self.play("compose", faults, composing)
        if not made:
            return None
        legs = [f"{line.side.value} {line.account} {line.amount}" for line in made[0].lines]
        wanted = [f"{side} {account} {int(fen) * times}" for side, account, fen in (leg.split() for leg in case.legs)]
        assert case.tier or legs == wanted, f"{case.name}: {legs}"
        return made[0]

    def propose(
        self, entry: Entry, *, wrong: set[str] | None = None, at_post: set[str] | None = None, rows: Any = (), actor: Actor | None = ZHAO
    ) -> Voucher | None:
        faults = self.book.proposing(entry) | (wrong or set())
        draft = self.play("propose", faults, lambda work: vouchers.propose(work, NOW, actor, self.book.number, entry))
        if faults:
            return None
        assert draft.entry == entry
        return self.book.propose(entry, rows, at_post or ())

    def step(self, step: str, voucher: Voucher, actor: Actor) -> bool:
        number = self.book.vouchers.index(voucher) + 1
        more = {"reject": ("附件不全",), "post": (lambda *_: voucher.rows,) * 2}.get(step, ())
        faults = self.book.stepping(step, voucher, actor)
        self.play(step, faults, lambda work: STEPS[step](work, NOW, actor, self.book.number, number, *more))
        if not faults:
            self.book.step(step, voucher, actor)
        return not faults

    def carry(self, voucher: Voucher) -> bool:
        """All the way into the book by the right people."""
        for step in ("make", "review", "sign", "post"):
            if voucher.state != {"make": "proposed", "review": "made"}.get(step, "reviewed") or (step == "sign" and (voucher.cashier or not voucher.cash)):
                continue
            if not self.step(step, voucher, RIGHT[step]):
                return False
        return True
