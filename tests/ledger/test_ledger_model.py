"""The ledger against a model: random legal and illegal acts, after each of which every invariant still holds.

The model is a list of entries and a few dictionaries; it knows nothing of SQL, balances rows or hashes.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger import balances, chain, closing, posted
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import Entry, Line, PayoutRow, Side, payout_digest
from ledger.errors import Refusal
from ledger.months import Month
from ledger.posting import Signed, post
from ledger.tables import period
from tests.ledger.chart_store import opened
from tests.ledger.store import JANUARY
from tests.ledger.strategies import balanced
from tests.private_postgres import Cluster

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
LINES = balanced(("100301", "400101", "4201", "4601", "50010101"))
KIND = st.sampled_from(("记", "收"))
PAID = st.lists(st.tuples(st.sampled_from("1234"), st.integers(1, 500)), min_size=1, max_size=4, unique_by=lambda pair: pair[0])


@dataclass
class Model:
    """What must be in the book."""

    entries: list[Entry] = field(default_factory=list)
    states: dict[Month, str] = field(default_factory=lambda: {JANUARY: "open"})

    def months(self, *states: str) -> list[Month]:
        return [month for month, state in self.states.items() if state in states]

    def sums(self) -> dict[tuple[str, Month], list[int]]:
        """Movement by account and month: debit, credit, and the closing part of each."""
        found: dict[tuple[str, Month], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for made in self.entries:
            for line in made.lines:
                found[line.account, made.period][2 * made.closing + (line.side is Side.C)] += line.amount
        return found

    def results(self, through: Month) -> dict[str, int]:
        """Income and expense not carried over yet, debit positive."""
        left: dict[str, int] = defaultdict(int)
        for made in self.entries:
            for line in made.lines:
                if made.period <= through and line.account[0] in "45" and line.account != "4601":
                    left[line.account] += line.signed
        return {account: fen for account, fen in left.items() if fen}


class LedgerMachine(RuleBasedStateMachine):
    """One book, acted on at random."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.engine = opened(url, months=1)
        self.model = Model()
        self.papers = itertools.count(1)

    def entry(self, month: Month, lines: tuple[Line, ...], kind: str = "记") -> Entry:
        number = next(self.papers)
        return Entry(month, month.first_day, f"第{number}笔", lines, "依据", f"doc:{number}", kind=kind, documents=(f"paper:{number}",))

    def book(self, made: Entry, rows: Sequence[PayoutRow] = (), people: Signed = PEOPLE) -> None:
        with UnitOfWork(self.engine) as work:
            receipt = post(work, 1, made, people, NOW, rows)
            work.commit()
        assert receipt.entry_id == receipt.seq == len(self.model.entries) + 1
        self.model.entries.append(made)

    def refused(self, code: str, act: Callable[[], object]) -> None:
        with pytest.raises(Refusal) as said:
            act()
        assert code in (said.value.code, said.value.facts.get("code"))

    def sql(self, statement: str) -> None:
        with UnitOfWork(self.engine) as work:
            work.connection.exec_driver_sql(statement)
            work.commit()

    def move(self, month: Month, state: str) -> None:
        with UnitOfWork(self.engine) as work:
            work.connection.execute(period.update().where(period.c.book_id == 1, period.c.period == month).values(state=state))
            work.commit()
        self.model.states[month] = state

    @precondition(lambda self: self.model.months("open"))
    @rule(data=st.data(), several=st.lists(st.tuples(LINES, KIND), min_size=1, max_size=4))
    def post_entries(self, data: st.DataObject, several: list[tuple[tuple[Line, ...], str]]) -> None:
        for lines, kind in several:
            self.book(self.entry(data.draw(st.sampled_from(self.model.months("open"))), lines, kind))

    @precondition(lambda self: self.model.months("open") and self.model.entries)
    @rule(data=st.data())
    def reverse_an_entry(self, data: st.DataObject) -> None:
        entry_id = data.draw(st.integers(1, len(self.model.entries)))
        wrong = self.model.entries[entry_id - 1]
        red = tuple(replace(line, amount=-line.amount) for line in wrong.lines)
        made = self.entry(data.draw(st.sampled_from(self.model.months("open"))), red)
        struck = replace(made, corrects=entry_id, source_key=f"reverse:{entry_id}")
        self.refused("SB1341", lambda: self.book(replace(made, corrects=entry_id)))
        if any(one.source_key == struck.source_key for one in self.model.entries):
            self.refused("SB1104", lambda: self.book(struck))
        elif wrong.closing or wrong.corrects is not None or wrong.payout_source is not None:
            self.refused("SB1341", lambda: self.book(struck))
        else:
            self.book(struck)

    @precondition(lambda self: self.model.months("open"))
    @rule(paid=PAID, wrong=st.booleans())
    def pay(self, paid: list[tuple[str, int]], wrong: bool) -> None:
        rows: list[PayoutRow] = [(number, "基础养老金", 202601, fen, "50010101") for number, fen in sorted(paid)]
        total = sum(row[3] for row in rows)
        made = self.entry(self.model.months("open")[0], (Line("50010101", Side.D, total), Line("100301", Side.C, total)))
        made = replace(made, payout_source=next(self.papers), payout_count=len(rows), payout_fen=total, payout_digest=payout_digest(rows))
        if wrong:
            self.refused("SB1305", lambda: self.book(made, [*rows[:-1], (*rows[-1][:3], rows[-1][3] + 1, rows[-1][4])]))
            self.refused("SB1305", lambda: self.book(made, rows[1:]))
        else:
            self.book(made, rows)

    @precondition(lambda self: len(self.model.months("open")) < 3)
    @rule()
    def open_the_next_month(self) -> None:
        month = max(self.model.states) + 1
        self.sql(f"INSERT INTO shebao_period VALUES (1, {month.number}, 'open')")
        self.model.states[month] = "open"

    @precondition(lambda self: self.model.months("open"))
    @rule()
    def lock_the_first_open_month(self) -> None:
        self.move(self.model.months("open")[0], "locked")

    @precondition(lambda self: self.model.months("locked"))
    @rule()
    def unlock(self) -> None:
        self.move(self.model.months("locked")[-1], "open")

    @precondition(lambda self: self.model.entries and self.model.months("open", "locked"))
    @rule()
    def close_the_first_month(self) -> None:
        month = self.model.months("open", "locked")[0]
        if self.model.states[month] == "open":
            self.move(month, "locked")
        results = self.model.results(month)
        with reading(self.engine) as connection:
            assert closing.unclosed(connection, 1, month) == results
        if results:
            with reading(self.engine) as connection:
                made = closing.entry(connection, 1, month)
            self.book(replace(made, source_key=f"closing:{month}:{next(self.papers)}"))
        assert self.model.results(month) == {}
        self.move(month, "closed")
        if not self.model.months("open"):
            self.open_the_next_month()

    @rule(lines=LINES, data=st.data())
    def try_a_month_that_is_not_open(self, lines: tuple[Line, ...], data: st.DataObject) -> None:
        month = data.draw(st.sampled_from([*self.model.months("locked", "closed"), max(self.model.states) + 1, JANUARY - 1]))
        self.refused("SB1302", lambda: self.book(self.entry(month, lines)))
        if month in self.model.months("closed"):
            self.refused("SB1302", lambda: self.book(replace(self.entry(month, lines), closing=True)))

    @precondition(lambda self: self.model.months("open"))
    @rule(lines=LINES, data=st.data())
    def try_to_book_amiss(self, lines: tuple[Line, ...], data: st.DataObject) -> None:
        good = self.entry(self.model.months("open")[0], lines)
        stranger = replace(good, lines=(replace(lines[0], account="1202"), *lines[1:]))
        acts: list[tuple[str, Callable[[], object]]] = [
            ("SB1306", lambda: self.book(stranger)),
            ("SB1105", lambda: self.book(good, people=Signed("zhang", "zhang", "li"))),
            ("SB1105", lambda: self.book(good, people=Signed("zhang", "li", "li"))),
            ("SB1105", lambda: self.book(replace(good, authority=""))),
        ]
        if self.model.entries:
            earlier = data.draw(st.sampled_from(self.model.entries))
            acts.append(("SB1104", lambda: self.book(replace(good, source_key=earlier.source_key))))
            if earlier.documents:
                acts.append(("SB1104", lambda: self.book(replace(good, documents=earlier.documents))))
        self.refused(*data.draw(st.sampled_from(acts)))

    @precondition(lambda self: self.model.entries)
    @rule(
        door=st.sampled_from(
            (
                ("SB1303", "UPDATE shebao_line SET amount_fen = amount_fen + 1"),
                ("SB1303", "DELETE FROM shebao_entry WHERE entry_id = 1"),
                ("SB1303", "UPDATE shebao_entry SET summary = ''"),
                ("SB1303", "UPDATE shebao_balance SET debit_fen = 0"),
                ("SB1309", "INSERT INTO shebao_line VALUES (1, 1, 99, '100301', 'D', 5, '', '')"),
                ("SB1307", "INSERT INTO shebao_chain VALUES (1, '', '', '', '', '', '', '', '', 'x', '', 'done', '')"),
                ("SB1308", "INSERT INTO shebao_period VALUES (1, 203001, 'open')"),
                ("SB1308", "DELETE FROM shebao_period"),
            )
        )
    )
    def try_a_back_door(self, door: tuple[str, str]) -> None:
        self.refused(door[0], lambda: self.sql(door[1]))

    @invariant()
    def the_book_is_the_model(self) -> None:
        with reading(self.engine) as connection:
            found = list(posted.entries(connection, 1))
            moved = balances.movements(connection, 1)
            balances.prove(connection, 1)
            assert chain.verify(connection) == len(self.model.entries)
        assert [one.entry for one in found] == self.model.entries
        assert all(one.digest == made.digest() for one, made in zip(found, self.model.entries, strict=True))
        assert {(m.account, m.period): [m.debit, m.credit, m.closing_debit, m.closing_credit] for m in moved} == self.model.sums()
        numbers: dict[tuple[str, Month], list[int]] = defaultdict(list)
        for one in found:
            numbers[one.entry.kind, one.entry.period].append(one.number)
        assert all(given == list(range(1, len(given) + 1)) for given in numbers.values())
        assert sum(fen for fen in balances.closing_balances(moved).values()) == 0

    def teardown(self) -> None:
        self.engine.dispose()


def run_machine(urls: Callable[[], str], examples: int, steps: int) -> None:
    # A failing run is short enough to read as it is; shrinking it would build hundreds of stores, one an attempt.
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: LedgerMachine(urls()), settings=chosen)  # type: ignore[no-untyped-call]


def test_random_acts_on_sqlite(tmp_path: Path) -> None:
    """L1, L3, L4, L5, L6, L8, L9, L10, L11 hold after every step of random legal, red, closing and illegal acts, each refused with its code."""
    numbers = itertools.count(1)
    run_machine(lambda: sqlite_url(tmp_path / f"{next(numbers)}.db"), examples=16, steps=20)


def test_random_acts_on_postgresql(postgres: Cluster) -> None:
    """L1, L3, L4, L5, L6, L8, L9, L10, L11 hold on PostgreSQL too after every step."""
    made: list[str] = []

    def url() -> str:
        made.append(f"model_{len(made) + 1}")
        postgres.run(f"CREATE DATABASE {made[-1]} TEMPLATE template1")
        return postgres.url(made[-1])

    try:
        run_machine(url, examples=4, steps=15)
    finally:
        for name in made:
            postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_model_can_fail(tmp_path: Path) -> None:
    """The comparison notices a book that differs from the model by one fen, or by one entry."""
    machine = LedgerMachine(sqlite_url(tmp_path / "store.db"))
    made = machine.entry(JANUARY, (Line("100301", Side.D, 5), Line("4201", Side.C, 5)))
    machine.book(made)
    machine.the_book_is_the_model()
    machine.model.entries[0] = replace(made, lines=(Line("100301", Side.D, 6), Line("4201", Side.C, 6)))
    with pytest.raises(AssertionError):
        machine.the_book_is_the_model()
    machine.model.entries.clear()
    with pytest.raises(AssertionError):
        machine.the_book_is_the_model()
    machine.teardown()
