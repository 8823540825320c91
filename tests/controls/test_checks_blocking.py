"""Linkage over a whole relation: cases of pairs, no direction, no order, and precision and recall on a small population of known truth."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from controls.checks.blocking import COLUMNS, linked
from controls.checks.duck import Duck
from controls.checks.linkage import Link, Record, bearers, link, weights
from controls.findings import Severity
from tests.bench._people import DOUBLE, People, Person, people

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "linkage_pairs.yaml").read_text(encoding="utf-8"))


def record(told: Mapping[str, Any]) -> Record:
    """A side of a case."""
    return Record(
        told["number"], told.get("number_ok", True), told["name"], told["birth"], frozenset({told.get("region", "")} - {""}),
        frozenset({told.get("account", "")} - {""}), told.get("address", ""), told.get("sex", ""), told.get("bearers", 0),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_pair_is_judged_as_its_case_says(case: Mapping[str, Any]) -> None:
    """Grade, kind, confidence and every step in Chinese are those of the case; a case without a grade links nobody."""
    made = link(record(case["one"]), record(case["two"]))
    if "severity" not in case:
        assert made is None
    else:
        assert made is not None
        assert (made.severity.value, made.kind.value, made.confidence, list(made.steps)) == tuple(
            case[key] for key in ("severity", "kind", "confidence", "steps")
        )


SIDES = st.builds(
    Record,
    st.sampled_from(["", "620828195003150017", "620828195003150047", "620829195003152135", "620828195003150071"]),
    st.booleans(),
    st.sampled_from(["李国富", "李国付", "李富国", "张伟"]),
    st.sampled_from(["", "1950", "19500315", "19501503", "19510315"]),
    st.sampled_from([frozenset[str](), frozenset({"620828"})]),
    st.sampled_from([frozenset[str](), frozenset({"6228"})]),
    st.sampled_from(["", "上湾村", "下湾村"]),
    st.sampled_from(["", "男", "女"]),
    st.sampled_from([0, 30, 300]),
)


@settings(max_examples=300, deadline=None)
@given(SIDES, SIDES)
def test_evidence_has_no_direction_and_names_alone_are_never_high(one: Record, two: Record) -> None:
    """Either way round the link is the same to the letter; its steps sum to the confidence; two valid numbers far apart are low."""
    made = link(one, two)
    assert made == link(two, one)
    if made is not None:
        assert made.confidence == min(sum(int(step.rsplit(" ", 1)[1]) for step in made.steps), weights().most)
        assert made.severity is not Severity.HIGH or len({one.birth, two.birth}) == 1 or made.kind.value == "slip"


def run(records: list[Person]) -> list[tuple[str, str, Link]]:
    """The links over a table of records."""
    with Duck(threads=1) as duck:
        duck.register("people", pa.table({name: [getattr(one, name) for one in records] for name in ("key", *COLUMNS)}))
        return list(linked(duck, "people"))


@pytest.fixture(scope="module")
def made() -> People:
    """Two thousand people with forty planted pairs, ten pairs of twins and ten of namesakes."""
    return people(2000, 11)


def test_high_is_right_and_finds_nearly_all(made: People) -> None:
    """Precision at least 0.99 at recall of at least 0.95 for high; double registrations are told apart and never high."""
    found = {(one, two): link for one, two, link in run(made.records)}
    high = {pair for pair, link in found.items() if link.severity is Severity.HIGH}
    truth = {pair for pair, kind in made.truth.items() if not kind.startswith(DOUBLE)}
    assert len(high & truth) >= 0.99 * len(high) and len(high & truth) >= 0.95 * len(truth)
    assert {found[pair].kind.value for pair, kind in made.truth.items() if kind.startswith(f"{DOUBLE}, a")} <= {"double"}
    assert not high & made.friends.keys()


def test_the_order_of_the_records_changes_nothing(made: People) -> None:
    """Shuffled records give the same links in the same order."""
    shuffled = list(made.records)
    random.Random(3).shuffle(shuffled)
    assert run(shuffled) == run(made.records)


def test_a_name_is_common_only_where_enough_bear_it() -> None:
    """Shares are whole persons in 100,000; a few bearers in a small file prove nothing."""
    assert (bearers(9, 20), bearers(10, 20_000), bearers(0, 0)) == (0, 50, 0)
