"""`shebao benefit` on the command line: lists, amounts, explanations, cases, proposals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shebao.cli import execute

ASSUMED = """document: 试算
valid_from: 2020-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: injury_average_wage, from: 2020-01-01, value: 700000, reference: 测试用假定}
  - {name: benefit_rounding, from: 2009-01-01, value: 四舍五入到分, reference: 测试用假定}
"""
CASES = """document: 本县算例
valid_from: 2020-01-01
valid_to: null
reference: 测试
cases:
  - {name: 对的, scheme: retirement-age, period: 2025-01, input: {出生年月: 1965-01, 类别: 男职工}, output: {法定退休年月: 2025-02}}
  - {name: 错的, scheme: retirement-age, period: 2025-01, input: {出生年月: 1965-01, 类别: 男职工}, output: {法定退休年龄月数: 720}}
"""
LUMP = ["compute", "injury-lump", "--period", "2025-03", "--set", "伤残等级=4", "--set", "本人工资=6000.55"]


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without an office, with an assumed law and cases."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "拟.yaml").write_text(ASSUMED, encoding="utf-8")
    (tmp_path / "算例.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_every_benefit_is_listed_with_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """The list names code, fund and dates; one benefit shows its facts, parameters with who sets them, conditions and steps."""
    assert execute(["benefit", "list"]) == 0
    assert "resident-pension" in capsys.readouterr().out
    assert execute(["benefit", "list", "--scheme", "城乡居保养老金"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("出生年月", "resident_base_pension", "未设定，由单位负责人", "已到领取时间", "账户储存额 ÷ 计发月数"))
    assert execute(["benefit", "list", "--json"]) == 0
    assert {"employee-pension", "injury-lump"} <= {one["scheme"] for one in json.loads(capsys.readouterr().out)}
    assert execute(["benefit", "list", "--scheme", "没有"]) == 2
    assert "[SB1441]" in capsys.readouterr().err


def test_an_amount_is_computed_and_explained(capsys: pytest.CaptureFixture[str], outside: Path) -> None:
    """A benefit is reckoned from options, a file or both; the explanation shows formula, figures, rounding and references; JSON carries fen."""
    assert execute(["benefit", *LUMP, "--overlay", "拟.yaml"]) == 0
    assert "126,011.55" in capsys.readouterr().out
    (outside / "情况.yaml").write_text("伤残等级: 4\n本人工资: 6000\n", encoding="utf-8")
    line = ["一次性伤残补助金", "--period", "2025-03", "--input", "情况.yaml", "--set", "本人工资=6000.55", "--overlay", "拟.yaml"]
    assert execute(["benefit", "explain", *line]) == 0
    said = capsys.readouterr().out
    assert "6000.55 × 21 = 126,011.55 元" in said and "工伤保险条例第六十四条" in said
    for command in ("compute", "explain"):
        assert execute(["benefit", command, *line, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["total_fen"] == 12601155
    assert execute(["benefit", "compute", "retirement-age", "--period", "2025-01", "--set", "出生年月=1971-04", "--set", "类别=女职工55"]) == 0
    assert "2026-08" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (LUMP, 3, "SB1031"), ([*LUMP, "--set", "本人工资"], 2, "SB6007"), ([*LUMP, "--set", "身高=1"], 2, "SB1442"),
        ([*LUMP, "--input", "算例.yaml"], 2, "SB1442"),
        (["compute", "injury-lump", "--period", "去年"], 2, "SB1002"), (["compute", "没有", "--period", "2025-01"], 2, "SB1441"),
        (["compute", "injury-lump"], 2, "SB6007"),
        (["simulate", "injury-lump", "--period", "2025-01", "--people", "拟.yaml", "--overlay", "拟.yaml"], 2, "SB"),
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_is_refused(line: list[str], status: int, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Unset parameters are refused by a rule of the house (3); facts, months and options that cannot be used are told (2)."""
    assert execute(["benefit", *line]) == status
    assert f"[{code}" in capsys.readouterr().err


def test_cases_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped cases hold (0); a file of one's own is run by name, and what does not hold is shown with what was reckoned (1)."""
    assert execute(["benefit", "cases", "run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == 0
    assert execute(["benefit", "cases", "run", "算例.yaml", "--failed"]) == 1
    said = capsys.readouterr().out
    assert "错的" in said and "对的" not in said and "算得 721" in said and "不成立 1 个" in said


def test_cases_of_an_office_run_too(capsys: pytest.CaptureFixture[str], outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases in the office's own folder run beside the shipped ones."""
    folder = outside / "own" / "cases" / "benefits"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(CASES, encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(outside / "own"))
    assert execute(["benefit", "cases", "run", "--failed"]) == 1
    assert "错的" in capsys.readouterr().out


def test_what_nobody_set_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every unset parameter with who sets it and which benefits wait for it."""
    assert execute(["benefit", "unset"]) == 0
    assert "transition_rate" in capsys.readouterr().out
    assert execute(["benefit", "unset", "--json"]) == 0
    found = {one["parameter"]: one for one in json.loads(capsys.readouterr().out)}
    assert "省" in found["transition_rate"]["set_by"] and found["transition_rate"]["used_by"]


def test_a_proposal_is_tried_over_a_list(capsys: pytest.CaptureFixture[str], outside: Path) -> None:
    """People of a list are reckoned by both laws: what could not be reckoned before can be after, and the sums stand side by side."""
    (outside / "人员.csv").write_text("编号,伤残等级,本人工资\n1,1,6000\n2,10,3000\n", encoding="utf-8")
    line = ["benefit", "simulate", "injury-lump", "--period", "2025-03", "--people", "人员.csv", "--overlay", "拟.yaml"]
    assert execute(line) == 0
    said = capsys.readouterr().out
    assert "191,400.00" in said and "增加 2 人" in said and "[SB1031]" in said
    assert execute([*line, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["before_fen"], found["after_fen"], found["refused"]) == (0, 19140000, {"SB1031": [2, 0]})


def test_what_may_be_drawn_together_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A pair that may not be drawn together ends with 1 and says what is kept and what happens to the money; a lawful or unregulated one with 0."""
    assert execute(["benefit", "together", "R", "职工养老金", "--period", "2025-03"]) == 1
    assert "17号第八条" in capsys.readouterr().out
    assert execute(["benefit", "together", "居保养老金", "高龄津贴", "--period", "2025-03", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["verdict"] == "可以同领"
    assert execute(["benefit", "together", "居保养老金", "职工医保待遇", "--period", "2025-03"]) == 0
    assert "没有规定" in capsys.readouterr().out
    assert execute(["benefit", "together", "居保养老金", "--period", "2025-03"]) == 2
    assert execute(["benefit", "together", "居保养老金", "彩票", "--period", "2025-03"]) == 2
    assert "[SB1448]" in capsys.readouterr().err
