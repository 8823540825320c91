"""Which benefits may be drawn together: each pair by its rule and date, and nothing judged without one."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
import yaml

import templates
from ledger.benefits.concurrent import FILE, SILENT, judge, law, named
from ledger.benefits.errors import UnknownBenefit
from ledger.lawfile import BadLawFile
from ledger.months import Month

NOW = Month(2025, 3)


@pytest.mark.parametrize(
    ("one", "other", "verdict", "keep"),
    [
        ("居保养老金", "职工养老金", "不得同领", "职工养老金"), ("G", "R", "不得同领", "机关事业养老金"),
        ("居保养老金", "居保养老金(另一地)", "不得同领", "先领取待遇的地方"),
        ("失业金", "职工养老金", "不得同领", "养老金"), ("失业保险金", "失业补助金", "不得同领", "失业保险金"), ("伤残津贴", "职工养老金", "补差", "养老金"),
        ("养老丧葬补助金", "失业丧葬补助金", "选领一项", "遗属选择的一项"), ("居保养老金", "残疾人两补", "可以同领", "两项"),
        ("居保养老金", "民师补助", "可以同领", "两项"),
    ],
)  # fmt: skip
def test_each_pair_has_its_rule(one: str, other: str, verdict: str, keep: str) -> None:
    """The verdict, what is kept, the money and the legal basis, whichever is named first."""
    for pair in ((one, other), (other, one)):
        (found,) = judge(pair, NOW)
        assert found.rule is not None
        assert (found.verdict, found.rule.keep) == (verdict, keep) and found.rule.money and found.rule.reference


def test_a_pair_without_a_rule_is_not_judged() -> None:
    """What no rule names, or no rule of that month, is answered 没有规定."""
    assert [one.verdict for one in judge(("居保养老金", "职工医保待遇"), NOW)] == [SILENT]
    assert [one.verdict for one in judge(("居保养老金", "职工养老金"), Month(2014, 6))] == [SILENT]
    assert len(judge(("居保养老金", "职工养老金", "高龄津贴"), NOW)) == 3


def test_the_law_of_the_month_counts() -> None:
    """Two employee pensions: before the paper of 2016 nothing is claimed back, after it is."""
    said = [judge(("E", "G"), month)[0].rule for month in (Month(2015, 1), NOW)]
    assert said[0] is not None and said[1] is not None
    assert ("不再追退" in said[0].money, "退回" in said[1].money) == (True, True)


def test_an_unknown_benefit_is_refused() -> None:
    """SB1448: a name that the file does not have."""
    with pytest.raises(UnknownBenefit):
        named("彩票")


def test_rules_that_contradict_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SB1011: two rules for one pair and day, a rule on an unknown benefit, a name twice."""
    data = yaml.safe_load(templates.path(FILE).read_text(encoding="utf-8"))
    spoilt = [
        {**data, "rules": [*data["rules"], {**data["rules"][0], "code": "again"}]},
        {**data, "rules": [{**data["rules"][0], "a": ["没有的"]}]},
        {**data, "benefits": [*data["benefits"], {"name": "R"}]},
    ]
    for place, content in enumerate(spoilt):
        folder = tmp_path / str(place)
        (folder / "benefits").mkdir(parents=True)
        (folder / FILE).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        monkeypatch.setenv("SHEBAO_TEMPLATES", str(folder))
        with pytest.raises(BadLawFile):
            law()


def test_every_benefit_stands_in_some_rule() -> None:
    """No name is idle, and every pair gets an answer."""
    names = [one.name for one in law().benefits]
    spoken = {name for rule in law().rules for name in (*rule.a, *rule.b)}
    assert set(names) == spoken
    assert len(judge(names, NOW)) == len(list(combinations(names, 2)))
