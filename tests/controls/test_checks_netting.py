"""Net paid: what reversals may take off, by property and by example."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controls.checks.netting import Key, Payment, Reversal, net
from controls.checks.runner import run
from tests.controls.canonical import tables

KEYS: list[Key] = [("R", "620821", "A", item, period) for item in ("基础养老金", "个人账户养老金") for period in (202401, 202402)]

payments = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(["", "S1", "S2"]), st.integers(1, 300)), max_size=8)
reversals = st.lists(st.tuples(st.sampled_from([*KEYS, None]), st.sampled_from(["", "S1", "S9"]), st.integers(1, 300)), max_size=6)


def made(paid: list[tuple[Key, str, int]], back: list[tuple[Key | None, str, int]]) -> tuple[list[Payment], list[Reversal]]:
    """Payments on lines from 1, reversals on lines from 101."""
    return (
        [Payment((0, "发放.csv", line), key, serial, amount) for line, (key, serial, amount) in enumerate(paid, start=1)],
        [Reversal((0, "发放.csv", 100 + line), key, serial, amount, "reversed") for line, (key, serial, amount) in enumerate(back, start=1)],
    )


@given(payments, reversals)
def test_nothing_is_taken_twice(paid: list[tuple[Key, str, int]], back: list[tuple[Key | None, str, int]]) -> None:
    """No row falls below zero, and what reversals took plus what they could not place is what they are."""
    rows, reversed_ = made(paid, back)
    found = net(rows, reversed_)
    amounts = {row.place: row.amount for row in rows}
    assert all(0 < fen <= amounts[place] for place, fen in found.cancelled.items())
    assert sum(found.cancelled.values()) + sum(one.left for one in found.unmatched) == sum(one.amount for one in reversed_)


@given(payments, reversals, st.randoms(use_true_random=False))
def test_the_order_of_rows_read_changes_nothing(paid: list[tuple[Key, str, int]], back: list[tuple[Key | None, str, int]], random: object) -> None:
    """Rows handed over in another order net to the same."""
    rows, reversed_ = made(paid, back)
    mixed, turned = list(rows), list(reversed_)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert net(rows, reversed_) == net(mixed, turned)


def test_a_serial_takes_only_its_own_row() -> None:
    """A reversal whose 原流水号 is nowhere is left unmatched, though an equal row stands beside it."""
    rows, reversed_ = made([(KEYS[0], "S1", 100)], [(KEYS[0], "S9", 100)])
    found = net(rows, reversed_)
    assert found.cancelled == {} and [str(one.row) for one in found.unmatched] == ["发放.csv:101"]


def test_equal_amounts_are_taken_first() -> None:
    """Of two rows the reversal of 50 takes the row of 50, not half of the other."""
    rows, reversed_ = made([(KEYS[0], "", 100), (KEYS[0], "", 50)], [(KEYS[0], "", 50)])
    assert net(rows, reversed_).cancelled == {(0, "发放.csv", 2): 50}


def test_a_reversal_larger_than_the_payment_leaves_its_rest_listed() -> None:
    """What a reversal cannot place stays with its amount."""
    rows, reversed_ = made([(KEYS[0], "", 100)], [(KEYS[0], "", 130)])
    found = net(rows, reversed_)
    assert found.cancelled == {(0, "发放.csv", 1): 100} and found.unmatched[0].left == 30


def test_a_serial_under_another_number_is_found() -> None:
    """原流水号 reaches its row even where the reversal carries another number."""
    given_ = {
        "payments": [
            {"id": "A", "period": 202404, "serial": "S1"},
            {"id": "B", "period": 202404, "status": "reversed", "orig_serial": "S1"},
            {"id": "A", "period": 202405},
        ],
        "deaths": [{"id": "A", "death_on": "2024-03-01"}],
    }
    (found,) = run(tables(given_), rules=["D1"], threads=1).findings
    assert found.periods == (202405,)


def test_as_of_is_the_last_period_net_paid() -> None:
    """A last month that was wholly reversed is not the last period paid."""
    rows = [{"id": "A", "period": 202404}, {"id": "A", "period": 202405}, {"id": "A", "period": 202405, "status": "reversed"}]
    assert str(run(tables({"payments": rows}), rules=["I1"], threads=1).as_of) == "2024-04"
