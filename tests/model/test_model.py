"""Any random sequence of events, corrections and closings: SQLite, PostgreSQL and the model agree after every step (L1–L11, K1–K17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from controls import bankfile, closing_checks, roster
from ledger import corrections, posting
from ledger.entries import PayoutRow
from ledger.errors import Refusal
from tests.model.books import Book
from tests.model.machine import BooksMachine
from tests.model.offices import ALL, LOCAL, Choices
from tests.model.running import play
from tests.private_postgres import Cluster


@pytest.mark.parametrize("choices", ALL, ids=[choices.name for choices in ALL])
def test_random_months_on_sqlite(choices: Choices) -> None:
    """Legal acts keep L1–L11 and K1–K9, illegal ones are refused with their code, by 账结法 and by 表结法."""
    play(choices, None, examples=2, steps=25)


def test_random_months_on_both_databases(postgres: Cluster) -> None:
    """SQLite and PostgreSQL do and refuse the same as the model, act by act."""
    play(ALL[0], postgres, examples=2, steps=15)


HALF = (
    "DROP TRIGGER shebao_seal_balance",
    "CREATE TRIGGER shebao_seal_balance BEFORE INSERT ON shebao_seal BEGIN INSERT INTO shebao_balance"
    " SELECT l.book_id, l.account, e.period, l.dimension, SUM(l.amount_fen), 0, 0, 0, COUNT(*) FROM shebao_entry e JOIN shebao_line l"
    " ON l.book_id = e.book_id AND l.entry_id = e.entry_id WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id"
    " GROUP BY l.account, l.dimension ON CONFLICT DO UPDATE SET debit_fen = debit_fen + excluded.debit_fen, lines = lines + excluded.lines; END",
)
"""Every line kept as a debit."""


def _all_paid(connection: sa.Connection, roster_id: int) -> list[PayoutRow]:
    """Every line of the roster as paid, whatever the bank said."""
    made = roster.get(connection, roster_id)
    return sorted((one.number, one.item, one.period, one.net_fen, one.item) for one in roster.lines(connection, made) if one.net_fen)


Patch = tuple[object, str, Callable[..., object]]
FAULTS: dict[str, tuple[int, tuple[str, ...], tuple[Patch, ...]]] = {
    "a balance trigger that keeps debits only": (1, HALF, ()),
    "months that are never looked at": (1, ("DROP TRIGGER shebao_entry_enter",), ((posting, "check_period", lambda *_: None),)),
    "a checklist that stops nothing": (6, (), ((closing_checks, "drafts", lambda *_: closing_checks.Check("K0", True, "")),)),
    "a correction of what was corrected": (1, (), ((corrections, "_ordinary", lambda *_: None),)),
    "a model without closed months": (1, (), ((Book, "month_fault", lambda *_: set()),)),
    "a bank return booked whole": (1, (), ((bankfile, "successes", _all_paid),)),
    "a model that knows no duties": (1, (), ((Book, "stepping", lambda *_: set()),)),
}
"""Fault → a seed that finds it soon, statements that spoil the store, and what is put out of the way in the program or the model."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine can fail: a rule dropped in the database, in the program or in the model is noticed within a few hundred steps."""
    seed, planted, patches = FAULTS[fault]
    for owner, name, instead in patches:
        monkeypatch.setattr(owner, name, instead)
    with pytest.raises((AssertionError, Refusal)):
        for number in range(seed, seed + 5):
            play(LOCAL, None, examples=4, steps=30, number=number, planted=planted)


def test_a_seed_plays_the_same_again() -> None:
    """What a round found is found again by its seed: the same acts go through and the same codes refuse."""
    played = []
    for _ in range(2):
        before = BooksMachine.counted.copy()
        play(LOCAL, None, examples=2, steps=6, number=11)
        played.append(BooksMachine.counted - before)
    assert played[0] == played[1] and played[0].total() > 0
