"""Net paid: what reversals may take off, by property and by example."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controls.checks import reversals as over_engine
from controls.checks.duck import Duck
from controls.checks.netting import Key, Payment, Reversal, net
from controls.checks.runner import run
from tests.controls.canonical import table, tables

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


_MOVED = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["A", "A", "B", "62082119500315001A", ""]), "item": st.sampled_from(["基础养老金", "养老金"]),
            "period": st.sampled_from([202401, 202402]), "amount": st.sampled_from([100, 200, 300, -100]),
            "status": st.sampled_from(["paid", "paid", "paid", "reversed", "returned"]), "serial": st.sampled_from(["", "S1", "S2", "S3"]),
            "orig_serial": st.sampled_from(["", "", "S1", "S3"]), "orig_period": st.sampled_from([None, None, 202401]),
        }
    ),
    max_size=16,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_MOVED)
def test_the_query_places_what_one_by_one_would_be_placed(moved: list[dict[str, object]]) -> None:
    """Reversals that stand alone, placed by the engine, and all of them placed singly: the same payments are cancelled, the same remain unmatched."""
    given_ = table("payments", moved)
    rows = given_.to_pylist()
    for row in rows:
        ok, number = row["number_ok"], row["number"]
        row["person"] = "" if row["damaged"] or not number else number if ok else f"{number}|{row['name_norm']}"
        row["place"] = (0, row["file"], row["line"])
    back = [row for row in rows if (row["status"] != "paid" and row["amount"]) or (row["status"] == "paid" and row["amount"] < 0)]
    for row in back:
        row["at"] = row["period"] if row["orig_period"] is None else row["orig_period"]
    good = [row for row in rows if row["status"] == "paid" and row["amount"] > 0]
    numbers, months = ({row[name] for row in back if row["person"]} for name in ("number", "at"))
    near = [row for row in good if row["number"] in numbers and row["period"] in months]
    missing = {row["orig_serial"] for row in back} - {row["serial"] for row in near} - {""}
    near += [row for row in good if row["serial"] in missing]
    paid = [Payment(row["place"], (row["fund"], row["region"], row["person"], row["item"], row["period"]), row["serial"], row["amount"]) for row in near]
    turned = [
        Reversal(row["place"], (row["fund"], row["region"], row["person"], row["item"], row["at"]) if row["person"] else None, row["orig_serial"],
                 abs(row["amount"]), "cancelled" if row["status"] == "paid" else row["status"])
        for row in back
    ]  # fmt: skip
    expected = net(paid, turned)
    with Duck(threads=1) as duck:
        duck.register_sources("payments", [given_])
        unmatched = over_engine.settle(duck)
        cancelled = {(part, file, line): fen for part, file, line, fen in duck.values("SELECT part, file, line, fen FROM cancelled")}
    assert (cancelled, unmatched) == (expected.cancelled, expected.unmatched)
