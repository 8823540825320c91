"""`shebao audit check` over files as offices send them: outputs, exit statuses, what is left out, and who may read it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from controls.findings import COLUMNS
from shebao.cli import run
from tests.controls.canonical import PEOPLE

ZHANG, NAME = PEOPLE["A"]
LI = PEOPLE["B"][0]
HEAD = ("险种", "统筹区", "证件号码", "姓名", "待遇类型", "所属期", "金额", "银行账号")
ROWS = [
    ("R", "620821", ZHANG, NAME, "基础养老金", "2024-03", "150.00", "6228480000000001"),
    ("R", "620821", ZHANG, NAME, "基础养老金", "2024-04", "150.00", "6228480000000001"),
    ("R", "620821", ZHANG, NAME, "个人账户养老金", "2024-04", "20.00", "6228480000000001"),
    ("R", "620821", LI, "李秀兰", "基础养老金", "2024-04", "150.00", "6228480000000002"),
]
DEATHS = "证件号码,姓名,死亡日期,数据来源\n" + f"{ZHANG},{NAME},2024-03-09,公安\n"


def csv_file(path: Path, rows: list[tuple[str, ...]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A payments file with its head."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([HEAD, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Payments and deaths of one dead person and one living."""
    deaths = tmp_path / "死亡.csv"
    deaths.write_text(DEATHS, encoding="utf-8")
    return {"payments": csv_file(tmp_path / "发放.csv", ROWS), "deaths": deaths, "out": tmp_path / "结果"}


def check(*arguments: object) -> int:
    """The exit status of `shebao audit check`."""
    with pytest.raises(SystemExit) as ended:
        run(["audit", "check", *map(str, arguments)])
    return int(ended.value.code or 0)


def found(out: Path) -> list[dict[str, str]]:
    """The rows of findings.csv."""
    with (out / "findings.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def summary(out: Path) -> dict[str, Any]:
    """summary.json."""
    told: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return told


def test_findings_end_with_one_and_say_what_the_contract_says(files: dict[str, Path]) -> None:
    """A death followed by a paid month gives exit status 1 and one row with every column of the contract."""
    assert check("--payments", files["payments"], "--deaths", files["deaths"], "--out", files["out"]) == 1
    raw = (files["out"] / "findings.csv").read_bytes()
    assert raw.startswith(",".join(COLUMNS).encode() + b"\n") and b"\r" not in raw
    (row,) = found(files["out"])
    expected_id = hashlib.sha256(f"D1-POSTHUMOUS|{ZHANG}|R|620821|".encode()).hexdigest()[:20]
    assert row["finding_id"] == expected_id
    assert (row["period_from"], row["period_to"], row["months"], row["amount"]) == ("2024-04", "2024-04", "1", "170.00")
    assert (row["severity"], row["counterpart"], row["confidence"]) == ("high", "公安:2024-03-09", "1.000")
    assert row["evidence"] == ('{"account":"20.00","base":"150.00","other":"0.00","recoverable":"150.00","row_count":2,"rows":["发放.csv:3","发放.csv:4"]}')
    assert row["facts"] == hashlib.sha256(b"2024-04|17000|2024-03-09").hexdigest()[:20]


def test_no_finding_ends_with_zero_and_still_leaves_the_papers(files: dict[str, Path]) -> None:
    """Without a death there is nothing to find; the head of findings.csv stands and the rule is listed as not run."""
    assert check("--payments", files["payments"], "--out", files["out"]) == 0
    assert found(files["out"]) == []
    assert "D1-POSTHUMOUS" in summary(files["out"])["rules_not_run"]
    assert "D1-POSTHUMOUS" not in summary(files["out"])["rules_run"]


@pytest.mark.parametrize("kind", ["gb18030", "tab", "xlsx", "parquet"])
def test_the_kind_of_file_changes_nothing(files: dict[str, Path], tmp_path: Path, kind: str) -> None:
    """GB18030, tabs, a workbook with titles and a Parquet with Chinese columns give the finding of the plain CSV."""
    path = tmp_path / "别样"
    if kind == "gb18030":
        path = csv_file(tmp_path / "别样.csv", ROWS, encoding="gb18030")
    elif kind == "tab":
        path = csv_file(tmp_path / "别样.txt", ROWS, encoding="utf-8-sig", delimiter="\t")
    elif kind == "xlsx":
        path, book = tmp_path / "别样.xlsx", openpyxl.Workbook()
        for row in [("某县待遇发放明细",), ("单位：元",), HEAD, *ROWS]:
            book.active.append(row)
        book.save(path)
    else:
        path = tmp_path / "别样.parquet"
        pq.write_table(pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(HEAD)}), path)
    assert check("--payments", path, "--deaths", files["deaths"], "--out", files["out"]) == 1
    (row,) = found(files["out"])
    assert (row["rule"], row["id_number"], row["months"], row["amount"]) == ("D1-POSTHUMOUS", ZHANG, "1", "170.00")


def test_values_may_be_given_with_the_file(files: dict[str, Path], tmp_path: Path) -> None:
    """A file without fund and region takes them from ``FILE::险种=R,统筹区=620821``."""
    path = tmp_path / "老系统.csv"
    lines = ["证件号码,姓名,所属期,金额", *(",".join((row[2], row[3], row[5], row[6])) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert check("--payments", f"{path}::险种=R,统筹区=620821", "--deaths", files["deaths"], "--rule", "D1", "--out", files["out"]) == 1
    assert found(files["out"])[0]["region"] == "620821"


def test_a_bad_row_comes_back_and_the_check_goes_on(files: dict[str, Path], tmp_path: Path) -> None:
    """A row with three decimals is left out, counted, and returned in rejects.xlsx; --strict ends with 2 and writes nothing."""
    bad = ("R", "620821", LI, "李秀兰", "基础养老金", "2024-05", "1.005", "6228480000000002")
    path = csv_file(tmp_path / "坏.csv", [*ROWS, bad])
    assert check("--payments", path, "--deaths", files["deaths"], "--out", files["out"]) == 1
    assert summary(files["out"])["inputs"][0]["rows_rejected"] == 1
    sheet = openpyxl.load_workbook(files["out"] / "rejects.xlsx").worksheets[0]
    assert any(cell.value == 6 for row in sheet.iter_rows() for cell in row)
    assert check("--payments", path, "--strict", "--out", tmp_path / "严") == 2
    assert not (tmp_path / "严").exists()


def test_a_run_without_bad_rows_leaves_no_old_rejects(files: dict[str, Path]) -> None:
    """rejects.xlsx of an earlier run does not stay beside a clean one."""
    files["out"].mkdir()
    (files["out"] / "rejects.xlsx").write_bytes(b"old")
    check("--payments", files["payments"], "--out", files["out"])
    assert not (files["out"] / "rejects.xlsx").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "SB2002"), ("甲,乙\n1,2\n", "SB2021"), ("证件号码,姓名,所属期,金额\n1,2,202401,3\n", "SB2022"), (None, "SB2001")],
    ids=["empty", "no-head", "missing-column", "absent"],
)
def test_a_bad_file_ends_with_two(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, code: str) -> None:
    """An empty file, one without a head or a required column, and one that is not there end with 2 and a coded sentence."""
    path = tmp_path / "坏.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert check("--payments", path, "--out", files["out"]) == 2
    assert code in capsys.readouterr().err
    assert not files["out"].exists()


def test_the_same_file_twice_is_refused(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SB5001: a copy under another name would make every payment look paid twice."""
    copy = tmp_path / "副本.csv"
    copy.write_bytes(files["payments"].read_bytes())
    assert check("--payments", files["payments"], "--payments", copy, "--out", files["out"]) == 2
    assert "SB5001" in capsys.readouterr().err


def test_a_folder_that_cannot_be_used_is_refused(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SB5002: the results go to no place that is below a plain file."""
    assert check("--payments", files["payments"], "--out", files["payments"] / "下面") == 2
    assert "SB5002" in capsys.readouterr().err


def test_no_usable_payment_is_no_clean_result(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SB5003: a payments file of which no row can be used ends with 2, not with 0."""
    path = csv_file(tmp_path / "空.csv", [("R", "620821", LI, "李秀兰", "基础养老金", "没有", "1.00", "1")])
    assert check("--payments", path, "--out", files["out"]) == 2
    assert "SB5003" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value", "code"), [("--rule", "X9", "SB3201"), ("--engine", "hadoop", "SB6007"), ("--as-of", "昨天", "SB5024")])
def test_a_wrong_option_ends_with_two(files: dict[str, Path], capsys: pytest.CaptureFixture[str], option: str, value: str, code: str) -> None:
    """An unknown rule, the engine that is not here and a day that is none are refused by their code."""
    assert check("--payments", files["payments"], option, value, "--out", files["out"]) == 2
    assert code in capsys.readouterr().err


def test_only_the_owner_may_read_the_results(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The folder is 700, its files are 600, and the command says so."""
    files["out"].mkdir(mode=0o755)
    check("--payments", files["payments"], "--deaths", files["deaths"], "--out", files["out"])
    assert stat.S_IMODE(files["out"].stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files["out"].iterdir()} == {0o600}
    assert "仅本人可读" in capsys.readouterr().out


def cells(path: Path) -> str:
    """Every text of a workbook."""
    return "\n".join(str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_mask_hides_people_in_the_workbook_alone(files: dict[str, Path], tmp_path: Path) -> None:
    """--mask takes number, name and account out of the workbook; findings.csv keeps them."""
    shared = [(*row[:7], "6228480000000009") for row in ROWS]
    path = csv_file(tmp_path / "同户.csv", shared)
    check("--payments", path, "--deaths", files["deaths"], "--mask", "--out", files["out"])
    text = cells(files["out"] / "疑点清单.xlsx")
    assert ZHANG not in text and NAME not in text and "6228480000000009" not in text
    assert "A1-SHARED-ACCOUNT" in text
    assert ZHANG in (files["out"] / "findings.csv").read_text(encoding="utf-8")


def test_mask_hides_the_names_a_sentence_quotes(files: dict[str, Path], tmp_path: Path) -> None:
    """No name, holder, number or account of any input stands in any cell of the masked workbook: the holder of A2 and the second name of I2 as little."""
    path = tmp_path / "户名.csv"
    rows = [(*ROWS[0], "赵户主"), (*ROWS[1], "赵户主"), (*ROWS[3][:3], "李秀珍", *ROWS[3][4:], "李秀珍"), (*ROWS[3][:5], "2024-03", *ROWS[3][6:], "李秀兰")]
    path.write_text("\n".join(",".join(line) for line in [(*HEAD, "户名"), *rows]) + "\n", encoding="utf-8")
    check("--payments", path, "--deaths", files["deaths"], "--rule", "all", "--mask", "--out", files["out"])
    assert {"A2-HOLDER-DIFFERS", "D1-POSTHUMOUS", "I2-NAME-DIFFERS"} <= {row["rule"] for row in found(files["out"])}
    text = cells(files["out"] / "疑点清单.xlsx")
    assert [word for word in (ZHANG, LI, NAME, "李秀兰", "李秀珍", "赵户主", ROWS[0][7], ROWS[3][7]) if word in text] == []


def test_the_workbook_has_its_sheets(files: dict[str, Path]) -> None:
    """Summary, parameters, control totals, what the data cover, one sheet a rule that found something, and what was left out."""
    check("--payments", files["payments"], "--deaths", files["deaths"], "--out", files["out"])
    book = openpyxl.load_workbook(files["out"] / "疑点清单.xlsx")
    assert book.sheetnames == ["汇总", "参数与口径", "规则自检", "控制总数", "数据覆盖", "D1 死亡后继续领取待遇", "未纳入"]
    assert ZHANG in cells(files["out"] / "疑点清单.xlsx")


def test_the_summary_accounts_for_everything(files: dict[str, Path], tmp_path: Path) -> None:
    """Rows read and left out, unmatched reversals, digests, distinct money, failing numbers of other files."""
    path = tmp_path / "状态.csv"
    head = [*HEAD, "发放状态"]
    lines = [[*row, "成功"] for row in ROWS] + [[*ROWS[3][:5], "2024-05", "150.00", "1", "失败"], [*ROWS[3][:5], "2024-01", "-9.00", "1", "冲正"]]
    path.write_text("\n".join(",".join(line) for line in [head, *lines]) + "\n", encoding="utf-8")
    files["deaths"].write_text(DEATHS + "620821195003150018,错号,2024-01-01,民政\n", encoding="utf-8")
    check("--payments", path, "--deaths", files["deaths"], "--rule", "D1", "--rule", "P3", "--out", files["out"])
    told = summary(files["out"])
    assert told["rows_read"] == {"payments": 6, "deaths": 2}
    assert {one["code"]: one["rows"] for one in told["rows_left_out"]} == {"failed": 1, "reversed": 1}
    assert [one["row"] for one in told["unmatched_reversals"]] == ["状态.csv:7"]
    assert told["rules_run"] == ["D1-POSTHUMOUS", "P3-TWICE"] and told["rules_not_run"] == {}
    assert told["findings_by_rule"]["D1-POSTHUMOUS"] == {"findings": 1, "amount": "170.00", "high": 1, "medium": 0, "low": 0}
    assert told["distinct_amount"] == "170.00" and told["as_of"] == "2024-04-30" and told["engine"] == "duckdb"
    assert told["sha256"]["findings.csv"] == hashlib.sha256((files["out"] / "findings.csv").read_bytes()).hexdigest()
    assert told["sha256"]["inputs"]["payments:状态.csv"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["bad_numbers"]["deaths"]["rows"] == 1


def test_order_of_files_and_rows_changes_no_id(files: dict[str, Path], tmp_path: Path) -> None:
    """The same facts in other files and another order give the same ids and facts."""
    assert check("--payments", files["payments"], "--deaths", files["deaths"], "--out", files["out"]) == 1
    one, two = csv_file(tmp_path / "乙.csv", ROWS[2:]), csv_file(tmp_path / "甲.csv", ROWS[:2][::-1])
    assert check("--payments", one, "--payments", two, "--deaths", files["deaths"], "--out", tmp_path / "另") == 1
    keep = ("finding_id", "facts", "amount", "months", "reason")
    assert [[row[key] for key in keep] for row in found(files["out"])] == [[row[key] for key in keep] for row in found(tmp_path / "另")]


def test_as_of_leaves_later_periods_out(files: dict[str, Path]) -> None:
    """With --as-of at the end of March the April payment is not looked at, and is counted as left out."""
    assert check("--payments", files["payments"], "--deaths", files["deaths"], "--as-of", "2024-03-31", "--out", files["out"]) == 0
    assert {one["code"]: one["rows"] for one in summary(files["out"])["rows_left_out"]} == {"later": 3}


def test_json_prints_the_summary(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """--json gives what summary.json holds."""
    check("--payments", files["payments"], "--json", "--out", files["out"])
    assert json.loads(capsys.readouterr().out) == summary(files["out"])


def test_a_formula_in_a_name_stays_text(files: dict[str, Path], tmp_path: Path) -> None:
    """A name that looks like a formula is written as text in the workbook and unescaped in findings.csv."""
    path = csv_file(tmp_path / "公式.csv", [("R", "620821", "620821195003150018", "=1+1", "基础养老金", "2024-04", "150.00", "1")])
    assert check("--payments", path, "--rule", "I1", "--out", files["out"]) == 1
    assert found(files["out"])[0]["name"] == "=1+1"
    book = openpyxl.load_workbook(files["out"] / "疑点清单.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
