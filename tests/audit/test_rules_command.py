"""`shebao audit rules`: the catalogue and each rule as an auditor reads it, without an office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from controls.checks import steps
from controls.checks.catalogue import rules
from controls.checks.explained import rulebook
from controls.checks.own_rules import cases_of
from controls.checks.selftest import self_test
from ledger.months import Month
from shebao.cli import run
from tests.controls.test_own_rules import worked

WEAK = ("附带资料", "在月份表中", "有名次", "同组的", "参保状态不排除", "行上有")
"""What names of conditions said that told an accountant nothing."""


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """The exit status and what was printed, on standard output and beside it."""
    with pytest.raises(SystemExit) as ended:
        run(["audit", "rules", *words])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def given(words: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    """What ``--json`` printed."""
    return json.loads(said([*words, "--json"], capsys)[1])


def test_the_list_has_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A row a rule, in the order people count them, with its data in Chinese; as JSON with the codes of the lists."""
    status, out, _ = said([], capsys)
    assert status == 0 and "死亡后继续领取待遇" in out and "发放明细、死亡信息（有则用：追回与扣回）" in out
    listed = given([], capsys)
    codes = [one["code"] for one in listed]
    assert sorted(codes) == sorted(rule.code for rule in rules())
    assert codes.index("E9-SURVIVOR-ADULT") < codes.index("E10-EARLY-RETIREMENT")
    (first,) = [one for one in listed if one["code"] == "D1-POSTHUMOUS"]
    assert (first["severity"], first["before_payment"], first["catalogue"], first["needs"]) == ("high", "block", "first", ["payments", "deaths"])


def test_a_rule_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """Description, law, parameters, each condition by name, cases, and the SQL with its parameters of the day filled in."""
    status, out, _ = said(["e4", "--as-of", "2025-12-31"], capsys)
    words = ("年满60周岁、累计缴费满15年", "years_least", "没有参加职工或机关养老", "七十多岁缴满十五年未领", "不应报", "n.period = 202512")
    assert status == 0 and [word for word in words if word not in out] == []
    told = given(["P7", "--as-of", "2025-12-31"], capsys)
    assert told["valid_from"] == "2020-03-01" and told["parameters"][1]["value"] == 6
    assert {case["planted"] for case in told["cases"]} == {True, False} and "'%失业补助%'" in told["sql"] and "${allowance}" in told["written"]


def test_sql_alone_is_the_text_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    """``--sql`` prints the file and nothing else, so that it can be kept as a rule of one's own; without a code it is refused."""
    (rule,) = [one for one in rules() if one.code == "D1-POSTHUMOUS"]
    assert said(["D1", "--sql"], capsys)[1] == rule.text().rstrip("\n") + "\n"
    status, _, err = said(["--sql"], capsys)
    assert status == 2 and "SB6007" in err
    status, _, err = said(["Z9"], capsys)
    assert status == 2 and "SB3201" in err


def test_own_rules_stand_beside_the_shipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With ``--rules-folder`` an office's own rule is listed as its own and told as the others are."""
    folder = worked(tmp_path)
    listed = given(["--rules-folder", str(folder)], capsys)
    assert [one["catalogue"] for one in listed if one["code"].startswith("X")] == ["own"]
    status, out, _ = said(["X1", "--rules-folder", str(folder)], capsys)
    assert status == 0 and "当月合计超过限额" in out and "多打了一位数的养老金" in out


def test_headings_are_english_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """``--lang en`` gives English headings and names."""
    with pytest.raises(SystemExit):
        run(["--lang", "en", "audit", "rules", "K1"])
    out = capsys.readouterr().out
    assert "Severity" in out and "Conditions, in order" in out and "Parameters" not in out


def test_conditions_are_told_in_words() -> None:
    """Every rule is told in full; its conditions are named, briefly, and each name stands for one condition of its query."""
    wrong: list[str] = []
    for rule in (one for one in rules() if one.kind == "exact"):
        told = rulebook.page(rule, Month.parse("2025-12"))
        names = [one["name"] for one in told["steps"]]
        assert names and len(told["cases"]) == len(cases_of(rule)), rule.code
        wrong += [f"{rule.code} {name}" for name in names if len(name) > 24 or any(weak in name for weak in WEAK)]
        for arm in steps.steps(told["sql"]):
            own = [one.name for one in arm]
            wrong += [f"{rule.code}: {name}" for name in own if own.count(name) > 1]
    assert wrong == []


def test_the_page_counts_the_cases_as_the_self_test_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Planted cases and false friends of a page are those of the self-test."""
    told = given(["D3"], capsys)
    tested = self_test(["D3"])["D3-REVIVED"]
    assert (sum(one["planted"] for one in told["cases"]), sum(not one["planted"] for one in told["cases"])) == (tested.planted, tested.friends)
