"""`shebao register`: entered, acted on, listed, tied, due, printed and proved from the command line; masked unless revealed, refused in Chinese."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shebao.cli import execute
from tests.shebao.register_cases import Case, staffed
from tests.shebao.small_office import Small
from tests.shebao.test_registers import CLAIM, case

SUBSIDY = ["--set", "指标文号=财社1", "--set", "发文日期=2026-01-05", "--set", "用途=基础养老金", "--set", "级次=中央", "--set", "补助年度=2026"]
SUBSIDY += ["--set", "性质=财政补贴", "--set", "应补金额=1000", "--set", "应到位日期=2026-01-31"]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """The office with 赵会计 signed in."""
    made = staffed(tmp_path / "office")
    made.sign_in("zhao")
    return made


def run(small: Small, capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """What a command says; its status is the one expected."""
    got = execute(["--home", str(small.home), "register", *words])
    said = capsys.readouterr()
    assert got == status, said.err
    return said.out + said.err


def test_a_register_from_the_first_row_to_the_paper(small: Small, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Entered, shown with its acts, tied, due, corrected, printed, and the PDF is proved again; the changed one is not."""
    assert "第 1 行已登记" in run(small, capsys, "add", "subsidies", "--fund", "R", *SUBSIDY)
    small.posted([small.enter("C8", "2026-01-15", "600", "财社1", details={"level": "中央"})])
    listed = json.loads(run(small, capsys, "list", "财政补助台账", "--fund", "R", "--json"))
    assert listed["totals"]["short"] == 40_000 and listed["rows"][0]["received"] == 60_000
    assert "欠拨金额 400.00 元" in run(small, capsys, "list", "subsidies", "--fund", "R", "--state", "open")
    assert "中央" in run(small, capsys, "list", "subsidies", "--fund", "R", "--group", "default")
    assert "逾期" in run(small, capsys, "due", "--fund", "R")
    assert "相符" in run(small, capsys, "check", "--fund", "R", "--period", "2026-01")
    assert "已办理" in run(small, capsys, "act", "subsidies", "1", "登记结算", "--fund", "R", "--set", "结算调整=-400", "--set", "结算文件=财社9")
    assert "已更正" in run(small, capsys, "correct", "subsidies", "1", "--fund", "R", "--set", "应补金额=1100", "--reason", "看错")
    shown = run(small, capsys, "show", "subsidies", "1", "--fund", "R")
    assert "登记结算" in shown and "应补金额：1,100.00" in shown and "赵会计" in shown
    run(small, capsys, "print", "subsidies", "--fund", "R", "--out", str(tmp_path / "out"))
    (pdf,) = (tmp_path / "out").glob("*.pdf")
    assert execute(["--home", str(small.home), "verify", str(pdf)]) == 0
    run(small, capsys, "correct", "subsidies", "1", "--fund", "R", "--set", "应补金额=1200", "--reason", "又看错")
    assert execute(["--home", str(small.home), "verify", str(pdf)]) == 1
    content = json.loads(next((tmp_path / "out").glob("*.json")).read_text(encoding="utf-8"))
    assert content["totals"][0] == "合计" and "1,100.00" in content["totals"]


def test_persons_are_masked_and_a_look_is_recorded(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """C6: numbers and names are masked in lists, rows, JSON and on paper; --reveal shows them and leaves a record."""
    case(small, "instalments").add("recoveries", {"by": "冯稽核", "set": CLAIM}, "")
    for words in (["list", "recoveries"], ["list", "recoveries", "--json"], ["show", "recoveries", "1"], ["show", "recoveries", "1", "--json"]):
        said = run(small, capsys, *words, "--fund", "R")
        assert CLAIM["证件号码"] not in said and "620821********1017" in said
    assert CLAIM["证件号码"] in run(small, capsys, "list", "recoveries", "--fund", "R", "--reveal")
    assert CLAIM["证件号码"] in run(small, capsys, "show", "recoveries", "1", "--fund", "R", "--reveal")
    assert [record.actor for record in small.trail("read.reveal")] == ["zhao", "zhao"]


def test_what_is_wrong_is_said_in_chinese(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal names the field or the act, and what to do; usage errors end with 2, refusals of the house with 3."""
    assert "[SB3240]" in run(small, capsys, "list", "没有", status=2)
    assert "应写作 栏目=内容" in run(small, capsys, "add", "subsidies", "--fund", "R", "--set", "指标文号", status=2)
    assert "“应补金额”不能填“多”" in run(small, capsys, "add", "subsidies", "--fund", "R", *SUBSIDY, "--set", "应补金额=多", status=2)
    assert "[SB3252]" in run(small, capsys, "add", "subsidies", *SUBSIDY, status=2)
    assert "[SB3001]" in run(small, capsys, "add", "arrears", "--fund", "E", status=3)
    assert "[SB3242]" in run(small, capsys, "act", "subsidies", "5", "结清", "--fund", "R", status=2)
    assert "没有状态" in run(small, capsys, "list", "subsidies", "--fund", "R", "--state", "x", status=2)
    assert "可用栏目" in run(small, capsys, "list", "subsidies", "--fund", "R", "--group", "颜色", status=2)
    assert "只写一个" in run(small, capsys, "import", "subsidies", "--fund", "R", status=2)
    assert "[SB3247]" in run(small, capsys, "add", "unpaid", "--fund", "R", status=3)


def test_every_register_explains_itself(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """Help is made from the register's own file: law, fields, acts with their duties, vouchers, ties."""
    said = run(small, capsys, "help", "recoveries")
    assert "社会保险法第八十八条" in said and "责令退回" in said and "单位负责人" in said and "未追回须为零" in said
    assert "P19b" in run(small, capsys, "help", "deposits") and "由系统算出" in run(small, capsys, "help", "unpaid")
    names = [one["name"] for one in json.loads(run(small, capsys, "list", "--json"))]
    assert len(names) >= 12
    for name in names:
        assert json.loads(run(small, capsys, "help", name, "--json"))["name"] == name
        run(small, capsys, "help", name)


def test_a_voucher_is_proposed_from_a_row(small: Small, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A receipt from a file is entered, its voucher proposed for the 会计 to make; the second time there is nothing to propose."""
    at: Case = case(small, "instalments")
    at.add("recoveries", {"by": "冯稽核", "set": CLAIM}, "")
    file = tmp_path / "入账.csv"
    file.write_text("应追回行号,方式,收款单据号,到账日期,金额,收款账户\n1,退款,回单1,2026-01-18,200,1004\n", encoding="utf-8")
    assert "已登记 1 行" in run(small, capsys, "import", "recovery-receipts", str(file), "--fund", "R")
    assert "P6 2026年1月追回本年多发" in run(small, capsys, "voucher", "recovery-receipts", "1", "--fund", "R")
    assert "[SB3250]" in run(small, capsys, "voucher", "recovery-receipts", "1", "--fund", "R", status=3)


def test_what_is_due_comes_even_while_a_clock_is_unset(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """Terms of every book are listed together; a clock whose parameters nobody has set is named with its parameter, and stops nothing else."""
    run(small, capsys, "add", "subsidies", "--fund", "R", *SUBSIDY)
    case(small, "transfers").add(
        "transfers", {"by": "许登记", "set": {"方向": "转入", "转移种类": "跨统筹地区", "证件号码": "620821195001011017", "姓名": "甲一",
        "对方经办机构": "某县", "联系函号": "函1", "联系函日期": "2026-01-05"}}, "",
    )  # fmt: skip
    for words in ([], ["--fund", "R"]):
        said = run(small, capsys, "due", *words)
        assert "补助应到位" in said or "财政补助台账" in said
    said = run(small, capsys, "due", "transfers")
    assert "没有到期或逾期的事项" in said and "transfer_sheet_days" in said and "信息表应出具" in said
    listed = json.loads(run(small, capsys, "due", "subsidies", "--json"))
    assert [(one["fund"], one["register"], one["row"]) for one in listed] == [("R", "subsidies", 1)]


def test_days_far_off_are_taken_or_refused(small: Small, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """SB3251: a register is shown of no day ahead; any number of days to look ahead for terms is taken."""
    run(small, capsys, "add", "subsidies", "--fund", "R", *SUBSIDY)
    assert "[SB3251]" in run(small, capsys, "list", "subsidies", "--fund", "R", "--as-of", "9999-12-31", status=3)
    assert "[SB3251]" in run(small, capsys, "print", "subsidies", "--fund", "R", "--as-of", "9999-12-31", "--out", str(tmp_path / "out"), status=3)
    assert "财政补助台账" in run(small, capsys, "due", "--within", "2000000000", "--as-of", "9999-12-31")


UNITS_OWN = """document: 钥匙台账
valid_from: 2018-01-01
valid_to: null
reference: 本单位规定
name: keys
zh: 钥匙台账
keyed_by: unit
key: [number]
add_duties: [BOOKKEEP]
fields:
  - {name: number, zh: 编号, type: document, required: true}
states:
  - {name: kept, zh: 在用}
listed: [number]
signers: [单位负责人]
"""


def test_a_register_of_the_unit_proves_its_paper(small: Small, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A register that the unit keeps, of no fund, is printed and its PDF proved; changed afterwards, it is not."""
    (small.home / "templates" / "registers").mkdir(parents=True, exist_ok=True)
    (small.home / "templates" / "registers" / "keys.yaml").write_text(UNITS_OWN, encoding="utf-8")
    run(small, capsys, "add", "keys", "--set", "编号=一号")
    run(small, capsys, "print", "keys", "--out", str(tmp_path / "out"))
    (pdf,) = (tmp_path / "out").glob("*.pdf")
    assert execute(["--home", str(small.home), "verify", str(pdf)]) == 0
    run(small, capsys, "correct", "keys", "1", "--set", "编号=二号", "--reason", "写错")
    assert execute(["--home", str(small.home), "verify", str(pdf)]) == 1
