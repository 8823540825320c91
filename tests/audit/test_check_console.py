"""What `shebao audit check` shows on a screen holds no full identity number or account; the files of the owner alone do."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from shebao.cli import run
from tests.controls.canonical import PEOPLE

ZHANG = PEOPLE["A"][0]
BAD = ZHANG[:17] + ("1" if ZHANG[17] != "1" else "2")
SPACED = f"{BAD[:6]} {BAD[6:14]} {BAD[14:]}"
SPOILT = "6228480000000000000"
PAYMENTS = f"险种,统筹区,证件号码,姓名,所属期,金额,银行账号\nR,620821,{SPACED},张建国,2024-03,150,6.22848E+18\nR,620821,{SPACED},张建国,2024-04,150,{SPOILT}\n"
DEATHS = f"证件号码,姓名,死亡日期,数据来源\n{BAD},张建国,2024-03-09,公安\n"


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """A bad number in both files, once with spaces."""
    (tmp_path / "发放.csv").write_text(PAYMENTS, encoding="utf-8")
    (tmp_path / "死亡.csv").write_text(DEATHS, encoding="utf-8")
    return ["audit", "check", "--payments", str(tmp_path / "发放.csv"), "--deaths", str(tmp_path / "死亡.csv"), "--out", str(tmp_path / "结果")]


@pytest.mark.parametrize("more", [[], ["--json"], ["--mask"]], ids=["tables", "json", "masked"])
def test_a_screen_shows_no_full_number(arguments: list[str], more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings and the list of bad numbers name the number masked, on the screen and in the warnings of summary.json."""
    with pytest.raises(SystemExit) as ended:
        run([*arguments, *more])
    assert ended.value.code == 1
    shown = "".join(capsys.readouterr())
    assert "620821" in shown and BAD[6:14] not in shown and SPOILT not in shown


def test_the_warning_names_its_line_and_the_list_its_number(arguments: list[str], tmp_path: Path) -> None:
    """summary.json: a masked sentence with the line of the first row; bad numbers of other files stay in full, as the contract asks."""
    with pytest.raises(SystemExit):
        run(arguments)
    told = json.loads((tmp_path / "结果" / "summary.json").read_text(encoding="utf-8"))
    assert [warning["line"] for warning in told["warnings"]] and BAD[6:14] not in json.dumps(told["warnings"], ensure_ascii=False)
    assert told["bad_numbers"]["deaths"] == {"rows": 1, "first": [{"row": "死亡.csv:2", "number": BAD}]}


@pytest.mark.parametrize("rule", ["D1", "E2", "S1", "A2"])
def test_a_rule_asked_for_alone_without_its_data_is_listed(tmp_path: Path, rule: str) -> None:
    """Nothing to run is no error: the rule is listed as not run and the status is 0."""
    payments = tmp_path / "发放.csv"
    payments.write_text(f"险种,统筹区,证件号码,姓名,所属期,金额\nR,620821,{ZHANG},张建国,2024-03,150\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run(["audit", "check", "--payments", str(payments), "--rule", rule, "--out", str(tmp_path / "结果")])
    told = json.loads((tmp_path / "结果" / "summary.json").read_text(encoding="utf-8"))
    assert ended.value.code == 0 and told["rules_run"] == [] and [code.partition("-")[0] for code in told["rules_not_run"]] == [rule]


def test_files_of_one_name_from_two_folders_stay_apart(tmp_path: Path) -> None:
    """Rows on the same line of both count twice; each file has its digest and its sheet of rejects."""
    paths = []
    for month in ("2024-04", "2024-05"):
        folder = tmp_path / month
        folder.mkdir()
        head = "险种,统筹区,证件号码,姓名,所属期,金额\n"
        (folder / "发放.csv").write_text(f"{head}R,620821,{ZHANG},张建国,{month},150\nR,620821,{ZHANG},张建国,{month},无\n", encoding="utf-8")
        paths += ["--payments", str(folder / "发放.csv")]
    (tmp_path / "死亡.csv").write_text(f"证件号码,姓名,死亡日期,数据来源\n{ZHANG},张建国,2024-03-09,公安\n", encoding="utf-8")
    out = tmp_path / "结果"
    with pytest.raises(SystemExit):
        run(["audit", "check", *paths, "--deaths", str(tmp_path / "死亡.csv"), "--rule", "D1", "--out", str(out)])
    with (out / "findings.csv").open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert json.loads(row["evidence"]) == {"row_count": 2, "rows": ["发放.csv:2", "发放.csv:2"]}
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert {"payments:发放.csv", "payments:发放.csv (2)"} <= set(told["sha256"]["inputs"])
    assert len(openpyxl.load_workbook(out / "rejects.xlsx").sheetnames) == 2
