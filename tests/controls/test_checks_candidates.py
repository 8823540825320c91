"""Candidates of every rule (controls.checks.candidates, further_candidates): read through them or from every row, the same findings come out."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controls.checks.candidates import gather
from controls.checks.catalogue import rules
from controls.checks.duck import Duck
from controls.checks.runner import Sweep, run
from controls.checks.schema import CONTRACTS
from tests.controls.canonical import tables

_WHO = st.sampled_from(["A", "B", "C", "K", "62082119500315001A"])
_NAMES = st.sampled_from(["甲", "乙"])
_MONTHS = st.sampled_from([202312, 202401, 202402, 202403, 202501])


def _rows(most: int = 8, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({"id": _WHO, **fields}), max_size=most)


_PAYMENTS = st.fixed_dictionaries(
    {
        "id": _WHO, "fund": st.sampled_from(["R", "E", "G", "U", "W"]), "region": st.sampled_from(["620821", "620822"]),
        "item": st.sampled_from(["养老金", "失业金", "失业补助金", "补发", "丧葬费", "村医补助", "伤残津贴", "供养亲属抚恤金"]), "period": _MONTHS,
        "amount": st.sampled_from([100, 200, -100]), "status": st.sampled_from(["paid", "paid", "reversed", "failed"]),
        "account": st.sampled_from(["", "6228480000000001", "6228480000000002"]), "name": _NAMES, "holder": st.sampled_from(["", "甲", "丙", "乙 "]),
    }
)  # fmt: skip
_GIVEN = st.fixed_dictionaries(
    {
        "payments": st.lists(_PAYMENTS, min_size=1, max_size=24),
        "deaths": _rows(3, death_on=st.sampled_from(["2024-01-05", "2024-02-07"])),
        "custody": _rows(2, imprisoned_on=st.just("2023-12-10"), released_on=st.just("2024-03-10")),
        "absences": _rows(2, kind=st.just("下落不明"), from_on=st.just("2023-12-10")),
        "people": _rows(
            5, fund=st.sampled_from(["R", "E", "G"]), sex=st.sampled_from(["", "男", "女"]), retire_kind=st.sampled_from(["", "正常", "病退"]),
            file_birth=st.sampled_from([None, "1950-03-15", "1985-01-01"]), start_month=st.sampled_from([None, 202312]),
            end_month=st.sampled_from([None, 202403]), certified_on=st.sampled_from([None, "2022-01-05"]), benefit_status=st.just("正常领取"),
            first_month=st.sampled_from([None, 202301]), name=_NAMES,
        ),
        "contributions": _rows(
            10, fund=st.sampled_from(["R", "E", "ME", "MR"]),
            payer=st.sampled_from(["个人", "单位", "财政补贴", "政府代缴"]), year=st.sampled_from([2023, 2024]),
            period=st.sampled_from([None, 202300, 202401, 202403]), amount=st.sampled_from([10000, 10000, 20000, -10000]), name=_NAMES,
            received_on=st.sampled_from([None, "2024-02-01"]),
        ),
        "entitled": _rows(5, category=st.sampled_from(["低保", "特困", "孤儿", "残疾人护理补贴"]), from_on=st.just("2023-01-01"), name=_NAMES),
    }
)  # fmt: skip


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_GIVEN)
def test_candidates_of_every_rule_never_lose_a_finding(told: dict[str, list[dict[str, Any]]]) -> None:
    """All rules over payments and lists of a few people: findings, counts and what was left out are equal with and without candidates."""
    given_ = tables(told)
    quick, slow = run(given_, rules=["all"], threads=1), run(given_, rules=["all"], threads=1, hurry=False)
    assert [one.row() for one in quick.findings] == [one.row() for one in slow.findings]
    assert (quick.distinct_amount, quick.left_out, quick.not_run) == (slow.distinct_amount, slow.left_out, slow.not_run)


def test_every_rule_of_the_catalogue_has_candidates() -> None:
    """No rule of the catalogue makes all rules read every row; one of the office's own without a text here does."""
    with Duck(threads=1) as duck:
        sweep = Sweep(duck, {"payments": tables({"payments": [{"id": "A"}]})["payments"]}, rules(), None)
        sweep.result()
        assert sweep.few, CONTRACTS
        assert not gather(duck, ["X1-OWN"], until=202401)
