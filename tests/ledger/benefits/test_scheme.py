"""Files of benefits: what they may hold, which law counts, what is refused, and who sets what is not set."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import templates
from ledger.benefits import facts, peoplefile
from ledger.benefits.award import compute
from ledger.benefits.errors import BadFact, BadFormula, BadList, ImpossibleFigure, NotEntitled, UnknownScheme
from ledger.benefits.scheme import scheme as find
from ledger.benefits.scheme import schemes
from ledger.benefits.simulation import read_proposal, simulate
from ledger.benefits.unset import Unset, unset
from ledger.lawfile import BadLawFile
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters, ParameterUnset

LAW = Parameters.load()
HEAD = {"document": "测试", "valid_from": date(2020, 1, 1), "valid_to": None, "reference": "测试", "scheme": "toy", "zh": "玩具", "fund": "R"}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office's own folder of benefits, before the shipped one."""
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    (tmp_path / "benefits").mkdir()
    return tmp_path


def put(own: Path, name: str = "toy", **content: Any) -> None:
    """Writes a file of the office."""
    whole = {**HEAD, "inputs": [{"name": "甲", "kind": "数"}], "steps": [{"name": "乙", "formula": "甲 × 2", "unit": "数"}], **content}
    (own / "benefits" / f"{name}.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True, default_flow_style=None), encoding="utf-8")


def test_an_office_adds_a_benefit_by_a_file(own: Path) -> None:
    """A benefit of the province's own is a YAML file: inputs, steps and conditions, no program."""
    put(own)
    way = find("玩具", Month(2026, 1))
    assert compute(way, Month(2026, 1), facts.parse(way, {"甲": "1.5"}), LAW).line("乙").value == 3


def test_each_month_has_its_own_way(own: Path) -> None:
    """Two files of one benefit follow one another by date; a month before both has none (SB1441), overlaps are refused (SB1011)."""
    put(own, "one", valid_to=date(2024, 1, 1))
    put(own, "two", valid_from=date(2024, 1, 1), steps=[{"name": "乙", "formula": "甲 × 3", "unit": "数"}])
    given = [compute(find("toy", month), month, facts.parse(find("toy", month), {"甲": "1"}), LAW) for month in (Month(2023, 12), Month(2024, 1))]
    assert [one.line("乙").value for one in given] == [2, 3]
    with pytest.raises(UnknownScheme):
        find("toy", Month(2019, 12))
    with pytest.raises(UnknownScheme):
        find("没有这种", Month(2026, 1))


def test_ways_that_overlap_are_refused(own: Path) -> None:
    """SB1011: two ways for one day."""
    put(own, "one")
    put(own, "two", valid_from=date(2024, 1, 1))
    with pytest.raises(BadLawFile, match="日期重叠"):
        schemes()


@pytest.mark.parametrize(
    "content",
    [
        {"step": []}, {"inputs": [{"name": "甲", "kind": "小数"}]}, {"inputs": [{"name": "甲", "kind": "选项"}]},
        {"inputs": [{"name": "甲乙 丙", "kind": "数"}]},
        {"inputs": [{"name": "最小", "kind": "数"}]}, {"inputs": [{"name": "甲", "kind": "数"}, {"name": "甲", "kind": "数"}]},
        {"parameters": [{"name": "丙", "parameter": "no_such_parameter"}]},
        {"parameters": [{"name": "丙", "parameter": "late_fee_daily", "keys": {"no": "x"}}]},
        {"parameters": [{"name": "丙", "parameter": "late_fee_daily", "at": "丁"}]},
        {"steps": [{"name": "乙", "formula": "甲", "unit": "元", "item": "没有的项目"}]}, {"steps": [{"name": "乙", "formula": "甲", "unit": "里"}]},
        {"together": [{"item": "基础养老金", "steps": ["乙"]}]},
    ],
)  # fmt: skip
def test_unknown_keys_and_names_are_refused(own: Path, content: dict[str, Any]) -> None:
    """SB1011: nothing in a file of benefits is ignored."""
    put(own, **content)
    with pytest.raises(BadLawFile):
        schemes()


@pytest.mark.parametrize("formula", ["丙 + 1", "乙 + 1", "甲 +"])
def test_a_formula_knows_only_what_stands_before_it(own: Path, formula: str) -> None:
    """SB1440: an unknown name, the step itself, or no formula at all."""
    put(own, steps=[{"name": "乙", "formula": formula, "unit": "数"}])
    with pytest.raises(BadFormula):
        schemes()


def test_facts_are_never_guessed(own: Path) -> None:
    """SB1442: unknown, missing or unreadable facts are refused, naming the fact and how to write it."""
    put(own, inputs=[{"name": "甲", "kind": "数"}, {"name": "丙", "kind": "年月", "default": "2020-01"}, {"name": "丁", "kind": "元", "default": "0"},
                     {"name": "戊", "kind": "是否", "default": "否"}, {"name": "己", "kind": "月数", "default": "0"}])  # fmt: skip
    way = find("toy", Month(2026, 1))
    for given in (
        {},
        {"甲": "x"},
        {"甲": "1", "丙": "去年"},
        {"甲": "1", "丁": "1.234"},
        {"甲": "1", "戊": "也许"},
        {"甲": "1", "己": "-1"},
        {"甲": "1", "庚": "1"},
    ):
        with pytest.raises(BadFact):
            facts.parse(way, given)
    assert facts.parse(way, {"甲": "1", "丙": "2021-03-05"})["丙"] == Month(2021, 3)
    with pytest.raises(BadFact):
        facts.texts({"甲": [1]})


def test_conditions_say_what_was_reckoned(own: Path) -> None:
    """SB1443 shows the condition with its figures and its reference; SB1444 says at which step a figure cannot be reckoned."""
    put(
        own,
        conditions=[{"name": "够大", "formula": "甲 ≥ 5", "why": "太小", "reference": "某条"}],
        steps=[{"name": "乙", "formula": "1 ÷ (甲 - 5)", "unit": "数"}],
    )
    way = find("toy", Month(2026, 1))
    with pytest.raises(NotEntitled, match="4 ≥ 5") as refused:
        compute(way, Month(2026, 1), facts.parse(way, {"甲": "4"}), LAW)
    assert "某条" in refused.value.cause()
    with pytest.raises(ImpossibleFigure, match="乙"):
        compute(way, Month(2026, 1), facts.parse(way, {"甲": "5"}), LAW)


UNSET = unset(schemes(), LAW)


@pytest.mark.parametrize("one", UNSET, ids=lambda one: one.name)
def test_what_nobody_set_refuses_and_names_who_must(one: Unset) -> None:
    """Every parameter that the sources do not give refuses to run (SB1031) and says who sets it and in which file."""
    with pytest.raises(ParameterUnset) as refused:
        LAW.on(one.parameter, date(2026, 1, 1), **dict(one.keys))
    assert one.set_by and one.set_by in refused.value.cause() and one.set_by in refused.value.remedy()
    assert (one.zh in refused.value.text() and "parameters/benefits" in refused.value.remedy()) or one.parameter == "account_months_by_month"


def test_the_provinces_own_figures_are_among_the_unset() -> None:
    """No provincial or county figure is assumed."""
    named = {one.parameter for one in UNSET}
    assert named >= {
        "benefit_rounding",
        "pension_base_wage",
        "transition_rate",
        "survivor_aid_months",
        "unemployment_benefit",
        "medical_rates",
        "account_months_by_month",
    }
    assert ("resident_base_pension", (("level", "县"),)) in {(one.parameter, one.keys) for one in UNSET}


def test_every_figure_from_memory_says_so() -> None:
    """Figures that were not read in a source carry 据记忆 in their reference: the schedule of years and the central base."""
    for name in ("employee_minimum_months", "resident_base_pension"):
        for value in LAW.parameter(name).values:
            assert "据记忆" in value.reference or "社会保险法" in value.reference


def test_a_proposal_is_compared_before_it_is_approved(tmp_path: Path) -> None:
    """A set of people by the law in force and by the proposal: sums by item, who gains, who cannot be reckoned; nothing is kept."""
    file = tmp_path / "拟.yaml"
    file.write_text(
        """document: 拟提标
valid_from: 2025-01-01
valid_to: null
reference: 拟议
values:
  - {name: resident_base_pension, from: 2025-01-01, value: 16300, keys: {level: 中央}, reference: 拟议}
""",
        encoding="utf-8",
    )
    known = {"benefit_rounding": "四舍五入到分", "resident_addition_ages": (), "resident_addition_amounts": (), "resident_long_addition": 0}
    values = [OfficeValue.model_validate({"name": name, "from": date(2009, 1, 1), "value": value, "reference": "x"}) for name, value in known.items()]
    values += [OfficeValue.model_validate({"name": "resident_base_pension", "from": date(2014, 1, 1), "value": 0, "keys": {"level": level}, "reference": "x"})
               for level in ("省", "市", "县")]  # fmt: skip
    before = LAW.overlaid(values, "x")
    after = before.overlaid(read_proposal(file).values, file.name)
    people = [("1", {"出生年月": "1960-01", "缴费月数": "180", "账户储存额": "1390"}), ("2", {"出生年月": "1960-01", "缴费月数": "180", "账户储存额": "1390"}),
              ("3", {"出生年月": "1990-01", "缴费月数": "180", "账户储存额": "1390"})]  # fmt: skip
    found = simulate("resident-pension", Month(2025, 6), people, before, after)
    assert dict((item, (was, now)) for item, was, now in found.sums()) == {"基础养老金(中央)": (28600, 32600), "个人账户养老金": (2000, 2000)}
    assert found.moved() == (2, 1, 0) and found.refused() == {"SB1443": (1, 1)}
    assert before.number("resident_base_pension", date(2025, 6, 1), level="中央") == 14300


def test_a_list_of_facts_has_a_row_a_person(tmp_path: Path) -> None:
    """SB1447: a list without 证件号码, or with a person blank or twice, is refused with its line."""
    file = tmp_path / "情况.csv"
    file.write_text("证件号码,缴费月数\n62082119500101001X,180\n\n620821195001010028,\n", encoding="utf-8")
    assert [(one.line, one.facts) for one in peoplefile.read(file)] == [(2, {"缴费月数": "180"}), (4, {})]
    for text in ("姓名,缴费月数\n甲,1\n", "证件号码,证件号码\n1,1\n", "证件号码,缴费月数\n,180\n", "证件号码,缴费月数\n1,2\n1,3\n"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadList):
            peoplefile.read(file)


def test_files_of_benefits_are_all_read() -> None:
    """Every file of the folder is a way to reckon a benefit, but the rules of due months and of concurrent benefits."""
    assert len(schemes()) == len(list(templates.names("benefits", ".yaml"))) - 2
