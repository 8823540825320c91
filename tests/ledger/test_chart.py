"""The chart of accounts: the 34 statutory accounts, every required detail, and supplements as files."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.chart import Chart
from ledger.entries import Side
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.items import known_items
from ledger.lawfile import BadLawFile

# 28号 第二部分: code and name of the 34 accounts, and the funds each is kept for (E R G ME MR W U B).
LEVEL_ONE = {
    "1001": "库存现金", "1002": "收入户存款", "1003": "财政专户存款", "1004": "支出户存款", "1005": "国库存款", "1101": "暂付款", "1201": "债券投资",
    "1202": "委托投资", "2001": "暂收款", "2101": "借入款项", "3001": "一般基金结余", "3101": "风险基金结余", "3201": "储备金结余", "4001": "社会保险费收入",
    "4101": "财政补贴收入", "4102": "集体补助收入", "4201": "利息收入", "4202": "委托投资收益", "4301": "转移收入", "4401": "上级补助收入",
    "4402": "下级上解收入", "4501": "其他收入", "4601": "待转社会保险费收入", "4602": "待转利息收入", "5001": "社会保险待遇支出", "5101": "大病保险支出",
    "5102": "劳动能力鉴定支出", "5103": "工伤预防费用支出", "5104": "稳定岗位补贴支出", "5105": "技能提升补贴支出", "5201": "转移支出",
    "5301": "上解上级支出", "5302": "补助下级支出", "5401": "其他支出",
}  # fmt: skip
LIMITED = {
    "1202": "E R G", "3101": "MR", "3201": "W", "4102": "R", "4202": "E R G", "4301": "E R G ME U", "4601": "ME", "4602": "ME", "5101": "ME MR",
    "5102": "W", "5103": "W", "5104": "U", "5105": "U", "5201": "E R G ME U",
}  # fmt: skip
# 28号 5001二: the details each fund must keep, as paths of names.
REQUIRED = {
    "E": "基本养老金 基本养老金/基础养老金 基本养老金/个人账户养老金/按月支付 基本养老金/个人账户养老金/一次性支出 基本养老金/过渡性养老金 基本养老金/离休金"
    " 基本养老金/退休金 基本养老金/退职金 基本养老金/补贴 医疗补助金 丧葬补助金和抚恤金 病残津贴",
    "R": "基础养老金 个人账户养老金/按月支付 个人账户养老金/一次性支出 丧葬补助金",
    "G": "基本养老金/基础养老金 基本养老金/个人账户养老金/按月支付 基本养老金/个人账户养老金/一次性支出 基本养老金/过渡性养老金 基本养老金/退休（职）费"
    " 基本养老金/病退生活费 基本养老金/补差资金 丧葬补助金和抚恤金 病残津贴",
    "ME": "统筹基金/住院费用支出 统筹基金/门诊大病费用支出 统筹基金/门诊统筹费用支出 统筹基金/生育医疗费用支出 统筹基金/生育津贴支出"
    " 个人账户基金/住院费用支出 个人账户基金/门诊费用支出 个人账户基金/药店医药费用支出",
    "MR": "住院费用支出 门诊费用支出 其他费用支出",
    "W": "工伤医疗待遇支出 伤残待遇支出 工亡待遇支出",
    "U": "失业保险金支出 基本医疗保险费支出 丧葬补助金和抚恤金支出 职业培训和职业介绍补贴支出 其他费用支出",
    "B": "生育医疗费用支出 生育津贴支出",
}
DAY = date(2026, 10, 31)


def charts(fund: Fund) -> list[Chart]:
    return [Chart.load("28-2018", fund, tier="county"), Chart.load("28-2018", fund, tier="province")]


@pytest.mark.parametrize("fund", list(Fund))
def test_level_one_is_the_statutory_list(fund: Fund) -> None:
    """Each fund has exactly the level-1 accounts of Part 2 that are for it, with their names and sides."""
    found = {account.code: account for chart in charts(fund) for account in chart.children("")}
    due = {code for code in LEVEL_ONE if code not in LIMITED or fund.value in LIMITED[code].split()}
    assert set(found) == due
    for code, account in found.items():
        assert account.name == LEVEL_ONE[code] and account.origin == "standard"
        assert account.side is (Side.D if code[0] in "15" else Side.C)


def test_there_are_thirty_four() -> None:
    """Together the funds use all 34 accounts of the standard and no other."""
    assert {account.code for fund in Fund for chart in charts(fund) for account in chart.children("")} == set(LEVEL_ONE)
    assert len(LEVEL_ONE) == 34


@pytest.mark.parametrize("fund", list(Fund))
def test_required_benefit_details(fund: Fund) -> None:
    """Every detail that 5001二 demands is there, marked as the standard's."""
    chart = Chart.load("28-2018", fund)
    for path in REQUIRED[fund.value].split():
        assert chart.named("5001", path).origin == "standard", path
    standard = [account for account in chart.accounts if account.code.startswith("5001") and account.leaf and account.origin == "standard"]
    assert {account.full_name.replace("社会保险待遇支出-", "").replace("-", "/") for account in standard} <= set(REQUIRED[fund.value].split())


def test_medical_pools() -> None:
    """ME keeps 统筹基金 and 个人账户基金 under every account that the standard names."""
    chart = Chart.load("28-2018", "ME")
    for code in ("3001", "4001", "4201", "4401", "4402", "4501", "5001", "5301", "5302", "5401"):
        assert {chart.named(code, "统筹基金").origin, chart.named(code, "个人账户基金").origin} == {"standard"}


@pytest.mark.parametrize("fund", list(Fund))
def test_the_tree_is_sound(fund: Fund) -> None:
    """Every parent exists, codes grow by two digits, sides never change below, and Beancount accepts every path."""
    part = re.compile(r"[0-9][\w-]*\Z")
    for chart in charts(fund):
        for account in chart.accounts:
            assert len(account.code) == 4 if not account.parent else len(account.code) == len(account.parent) + 2
            if account.parent:
                parent = chart.account(account.parent)
                assert parent.side is account.side and parent.element is account.element and not parent.leaf
            root, *parts = account.path.split(":")
            assert root in {"Assets", "Liabilities", "Equity", "Income", "Expenses"}
            assert all(part.match(piece) and "_" not in piece for piece in parts)
        paths = [account.path for account in chart.accounts]
        assert len(paths) == len(set(paths))


def test_names_are_shown_with_codes() -> None:
    """An account shows code and full name, never the code alone (总说明十(三))."""
    chart = Chart.load("28-2018", "R")
    assert chart.named("4001", "政府代缴/当期").title == "40010301 社会保险费收入-政府代缴-当期"
    assert chart.account("1004").path == "Assets:1004支出户存款"
    assert Chart.load("28-2018", "G").named("5001", "退休（职）费").path.endswith(":50010104退休职费")


def test_ours_are_marked() -> None:
    """Details that the standard does not name are marked as ours, and those it allows as permitted."""
    chart = Chart.load("28-2018", "R")
    assert {chart.account(code).origin for code in ("110105", "400103", "410102", "50010101")} == {"ours"}
    assert {chart.account(code).origin for code in ("100301", "40010301")} == {"permitted"}
    assert {chart.account(code).origin for code in ("420101", "11010101", "500101")} == {"standard"}


def test_level_of_government() -> None:
    """委托投资 is provincial and 委托上级投资 is not; each chart has only its own."""
    county, province = charts(Fund.R)
    assert "1202" not in county and "110101" in county
    assert "1202" in province and "110101" not in province


def refused(code: str, act: Any, *given: Any) -> Refusal:
    with pytest.raises(Refusal) as wrong:
        act(*given)
    assert wrong.value.code == code
    assert wrong.value.text("en") and wrong.value.remedy("en")
    return wrong.value


def test_unknown_accounts_are_refused() -> None:
    """L6: an account of another fund, before its day, or with an unclear name is refused (SB1012); a parent takes no line (SB1013)."""
    chart = Chart.load("28-2018", "R")
    refused("SB1012", chart.account, "3201")
    refused("SB1012", chart.account, "1004", date(2017, 12, 31))
    refused("SB1012", chart.named, "4001", "单位缴费")
    refused("SB1012", chart.named, "5001", "不存在")
    assert "10030" in refused("SB1013", chart.postable, "1003", DAY).remedy()
    refused("SB1013", chart.posting_leaf, "4101")
    assert chart.postable("1004", DAY).leaf
    assert chart.posting_leaf("1003").code == "100301"


def test_benefit_accounts() -> None:
    """Items go to their detail account by fund and source; an unmapped one is refused and names who must map it (SB1016)."""
    assert Chart.benefit_account("R", "基础养老金").code.startswith("500101")
    assert Chart.benefit_account(Fund.R, "基础养老金", source="中央").code == "50010101"
    assert Chart.benefit_account("R", "基础养老金（省级）").code == "50010102"
    assert Chart.benefit_account("E", "基础养老金").title == "50010101 社会保险待遇支出-基本养老金-基础养老金"
    assert Chart.benefit_account("R", "丧葬费").code == "500103"
    wrong = refused("SB1016", Chart.benefit_account, "R", "村医补助")
    assert "会计主管" in wrong.remedy() and "村医补助" in wrong.text()


@pytest.mark.parametrize("fund", list(Fund))
def test_every_item_has_a_leaf(fund: Fund) -> None:
    """Each mapped item, alias and source leads to a leaf under 5001, and each required detail has an item."""
    reached = set()
    for item in known_items(fund):
        for source in ("", *item.sources):
            account = Chart.benefit_account(fund, item.item, source=source)
            assert account.leaf and account.code.startswith("5001")
            reached.add(account.code)
    required = {account.code for account in Chart.load("28-2018", fund).leaves() if account.code.startswith("5001") and account.origin == "standard"}
    assert required <= reached


SUPPLEMENT: dict[str, Any] = {
    "supplement": "某县",
    "supplements": "28-2018",
    "document": "某县会计核算补充说明",
    "valid_from": date(2026, 1, 1),
    "reference": "总说明十（四）",
    "additions": [
        {"parent": "1004", "accounts": [{"code": "100401", "name": "信用社", "origin": "ours", "reference": "1004四", "default": True}]},
        {"parent": "400104", "accounts": [{"code": "40010405", "name": "慈善会", "origin": "ours", "reference": "4001一"}]},
    ],
    "endings": [{"code": "50010105", "funds": ["R"], "valid_to": date(2026, 7, 1), "reference": "某县文件"}],
}


def lay(folder: Path, monkeypatch: pytest.MonkeyPatch, supplement: dict[str, Any]) -> None:
    (folder / "charts").mkdir(exist_ok=True)
    (folder / "charts" / "supplement-county.yaml").write_text(yaml.safe_dump(supplement, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(folder))


def test_a_county_supplement_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Details join the chart from their day; the account above is a leaf until then; an ended detail stays for its own time."""
    lay(tmp_path, monkeypatch, SUPPLEMENT)
    chart = Chart.load("28-2018", "R")
    before, after = date(2025, 12, 31), date(2026, 1, 1)
    assert chart.postable("1004", before).code == "1004"
    refused("SB1013", chart.postable, "1004", after)
    refused("SB1012", chart.account, "100401", before)
    assert chart.posting_leaf("1004", after).title == "100401 支出户存款-信用社"
    assert chart.account("40010405", after).origin == "某县"
    assert chart.account("50010105", date(2026, 6, 30)).leaf
    refused("SB1012", chart.account, "50010105", date(2026, 7, 1))
    assert "40010405" not in Chart.load("28-2018", "E")


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {
            "additions": [
                {"parent": "", "accounts": [{"code": "1006", "name": "归集户存款", "side": "D", "element": "asset", "origin": "ours", "reference": "x"}]}
            ]
        },
        {"additions": [{"parent": "1004", "accounts": [{"code": "1004001", "name": "信用社", "origin": "ours", "reference": "x"}]}]},
        {"additions": [{"parent": "1003", "accounts": [{"code": "100301", "name": "活期", "origin": "ours", "reference": "x"}]}]},
        {"additions": [{"parent": "1004", "accounts": [{"code": "100401", "name": "信用社", "reference": "x"}]}]},
        {"additions": [{"parent": "1003", "accounts": [{"code": "100303", "name": "通知", "origin": "ours", "reference": "x", "default": True}]}]},
        {"valid_to": date(2025, 1, 1)},
        {"endings": [{"code": "1004", "valid_to": "2026年", "reference": "x"}]},
    ],
    ids=["unknown key", "level 1", "code scheme", "clash", "claims to be standard", "two defaults", "backwards", "no date"],
)
def test_a_bad_supplement_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]) -> None:
    """Unknown keys, level-1 accounts, codes off the scheme, clashes, false origins and wrong dates are refused (SB1011)."""
    lay(tmp_path, monkeypatch, {**SUPPLEMENT, **change})
    with pytest.raises(BadLawFile) as wrong:
        Chart.load("28-2018", "R")
    assert wrong.value.code == "SB1011" and wrong.value.status == 2


def test_a_national_supplement_may_add_level_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of the state may add a level-1 account; the slot for the 2026 supplement works that way."""
    account = {"code": "1006", "name": "归集户存款", "side": "D", "element": "asset", "reference": "x"}
    lay(tmp_path, monkeypatch, {**SUPPLEMENT, "national": True, "additions": [{"parent": "", "accounts": [account]}], "endings": []})
    assert Chart.load("28-2018", "R").account("1006", DAY).origin == "standard"


def test_the_manual_s_example_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The supplement shown in docs/standard.md loads as it stands and does what the page says."""
    manual = (Path(__file__).parents[2] / "docs" / "standard.md").read_text("utf-8")
    example = re.search(r"```yaml\n(supplement:.*?)```", manual, re.DOTALL)
    assert example is not None
    lay(tmp_path, monkeypatch, yaml.safe_load(example.group(1)))
    chart = Chart.load("28-2018", "R")
    assert chart.account("40010405", date(2027, 1, 1)).origin == "某县"
    refused("SB1012", chart.account, "50010105", date(2027, 1, 1))
