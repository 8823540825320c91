"""`shebao audit check` tries its rules on their own cases first, and leaves out a rule that fails them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from audit import sweep as sweep_module
from controls.checks.selftest import SelfTest, self_test
from tests.audit.test_audit_check import check, files, found

__all__ = ["files"]


def test_the_papers_say_how_far_each_rule_can_be_believed(files: dict[str, Path]) -> None:
    """summary.json and the workbook show rows scanned, hits, planted and false friends, and why there is no precision."""
    assert check("--payments", files["payments"], "--deaths", files["deaths"], "--rule", "D1", "--rule", "P3", "--out", files["out"]) == 1
    told = json.loads((files["out"] / "summary.json").read_text(encoding="utf-8"))["self_test"]
    one = told["D1-POSTHUMOUS"]
    assert (one["rows_scanned"], one["hits"], one["trusted"], one["precision"]) == (5, 1, True, None)
    assert one["planted"] == one["planted_found"] > 5 and one["false_friends"] == one["false_friends_clean"] > 5 and one["precision_why"]
    sheet = openpyxl.load_workbook(files["out"] / "疑点清单.xlsx", read_only=True)["规则自检"]
    assert any(row[0] == "D1-POSTHUMOUS" and row[4] == f"{one['planted']}/{one['planted']}" for row in sheet.iter_rows(values_only=True))


def test_a_rule_that_fails_is_left_out_and_the_run_refused(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A distrusted rule reports nothing, stands among the rules not run with its reason, and the exit status is 3 (SB5004)."""

    def spoilt(wanted: list[str]) -> dict[str, SelfTest]:
        told = self_test(wanted)
        told["D1-POSTHUMOUS"] = replace(told["D1-POSTHUMOUS"], found=0, wrong=("死亡当月应发（多1条）",))
        return told

    monkeypatch.setattr(sweep_module, "self_test", spoilt)
    assert check("--payments", files["payments"], "--deaths", files["deaths"], "--rule", "D1", "--rule", "P3", "--out", files["out"]) == 3
    assert "SB5004" in capsys.readouterr().err and found(files["out"]) == []
    told = json.loads((files["out"] / "summary.json").read_text(encoding="utf-8"))
    assert told["rules_run"] == ["P3-TWICE"] and "自检未通过" in told["rules_not_run"]["D1-POSTHUMOUS"]
    assert told["self_test"]["D1-POSTHUMOUS"]["trusted"] is False
