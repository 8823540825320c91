"""Every line of the statements held against the letter of the standard: forms of Part 4, rules of Part 5 (templates/standard)."""

from __future__ import annotations

import re
from typing import Any

import pytest

import templates
from books.note_lines import load_notes
from books.statement_lines import Mode, StatementLine, load_statements
from ledger.chart import Chart
from ledger.funds import Fund

INDEX: dict[str, Any] = templates.load("standard/28-2017-statements.yaml")
RULES: dict[str, str] = {rule["number"]: "".join(rule["text"]) for rule in INDEX["rules"]}
LAW = load_statements()
BARE = re.compile(r"^（[一二三四五六]）|^[1-9]\.|^（[1-9]）|^[一二三四五]、|^其中：")
QUOTED = re.compile(r"“([^”]+)”")
WORDING = {
    Mode.CLOSING_DEBIT: "借方余额",
    Mode.CLOSING_CREDIT: "贷方余额",
    Mode.NET_CREDIT: "本月贷方发生额减去借方发生额后的净额",
    Mode.NET_DEBIT: "本月借方发生额减去贷方发生额后的净额",
    Mode.CREDIT: "科目本月贷方发生额填列",
    Mode.DEBIT: "科目本月借方发生额填列",
    Mode.DIFFERENCE: "后的差额填列",
}
FORMS = {fund: LAW.income_statement.forms[fund].lines for fund in Fund}
BALANCE = LAW.balance_sheet.lines
LINES = [("会社保01", line) for line in BALANCE] + [(fund.value, line) for fund in Fund for line in FORMS[fund]]


def named(label: str) -> str:
    """A line's name in the rules: without number and 其中."""
    return BARE.sub("", label)


def rule_of(line: StatementLine) -> str:
    """The text of the rule a line cites; '' for headings, which only the form has."""
    return next((RULES[part] for part in line.reference.split("；") if part in RULES), "")


def sentence(line: StatementLine) -> str:
    """The sentences of its rule that tell how this line is filled in: its own, or those for the details together."""
    parts = re.split(r"(?=本项目下|“社会保险待遇支出”项目下)", rule_of(line).replace("科目的本月", "科目本月"))
    own = [part for part in parts if f"“{named(line.label)}”" in part.split("根据")[0].split("，反映")[0]]
    details = [part for part in parts if part.startswith("本项目下各明细项目")]
    return own[0] if own else details[0] if details and line.of_which else ""


def account_names(fund: Fund, line: StatementLine) -> set[str]:
    """Accounts of a line as the rules write them: 社会保险费收入——统筹基金."""
    known = {one.code: one.full_name.replace("-", "——") for tier in ("county", "province") for one in Chart.load("28-2018", fund, tier=tier).accounts}  # type: ignore[arg-type]
    return {known[code] for code in line.accounts if code in known}


def test_the_balance_sheet_is_the_form() -> None:
    """会社保01: title and every label of both sides, letter by letter, in order, asterisks included."""
    form = INDEX["balance_sheet"]
    assert LAW.balance_sheet.title == form["title"]
    for side in ("left", "right"):
        ours = list(dict.fromkeys(line.on_form for line in BALANCE if line.side == side))
        assert ours == [label.removeprefix("其中：") for label in form[side]]


@pytest.mark.parametrize("fund", list(Fund))
def test_the_income_statement_is_the_form(fund: Fund) -> None:
    """会社保02: head, every label letter by letter in order, and the note under the form."""
    form = next(one for one in INDEX["income_statements"] if one["fund_title"] == LAW.fund_title(fund))
    assert form["form"] == LAW.income_statement.form
    assert [line.on_form for line in FORMS[fund]] == form["lines"]
    assert "".join(LAW.income_statement.forms[fund].notes).replace("*", "") == "".join(form["notes"]).removeprefix("注：").replace("*", "")


def test_every_rule_has_its_line() -> None:
    """Each numbered rule of Part 5 about an item is cited by a line, and each line's rule exists."""
    cited = {part for _, line in LINES for part in line.reference.split("；")} | {section.reference for section in load_notes().sections}
    about_items = {number for number, text in RULES.items() if text.startswith("“")}
    assert len(about_items) == 155 and about_items <= cited
    assert {part for part in cited if part not in RULES} == {"第四部分资产负债表", "第四部分注"}


@pytest.mark.parametrize(("form", "line"), LINES, ids=[f"{form}-{line.code}-{line.label}" for form, line in LINES])
def test_a_line_is_filled_in_as_its_rule_says(form: str, line: StatementLine) -> None:
    """One-sided, net, balance, sum or difference as the rule words it, from the very accounts or lines it names."""
    if line.mode is Mode.HEADING:
        assert line.reference == "第四部分资产负债表"
        return
    said = sentence(line)
    assert said, rule_of(line)
    if line.mode is Mode.SUM:
        lines = {one.code: one for one in (BALANCE if form == "会社保01" else FORMS[Fund(form)])}
        parts = [named(lines[code].label) for code in line.lines]
        wanted = [name.strip() for name in QUOTED.findall(said.split("根据")[-1])]
        assert parts == wanted and ("合计" in said or "加总" in said)
        return
    if line.code == "5.46":
        # The text writes 待转保险费收入 here, the account's name is 待转社会保险费收入, and a balance without its side.
        assert "“待转保险费收入”“待转利息收入”科目期末余额合计填列" in said and line.accounts == ("4601", "4602")
        return
    assert WORDING[line.mode] in said
    assert not (line.mode in (Mode.CREDIT, Mode.DEBIT) and "净额填列" in said)
    if line.mode is Mode.DIFFERENCE:
        lines = {one.code: one for one in FORMS[Fund(form)]}
        assert [named(lines[code].label) for code in line.lines] == QUOTED.findall(said.split("根据")[-1])[: len(line.lines)]
    elif "对应明细科目" not in said:
        wanted_accounts = set(QUOTED.findall(said.split("应当根据")[1].split("科目")[0]))
        funds = line.funds or list(Fund) if form == "会社保01" else [Fund(form)]
        for fund in funds:
            found = account_names(fund, line)
            assert found == wanted_accounts or (fund is Fund.ME and line.code == "N.3001" and found - wanted_accounts == {"待转社会保险费收入", "待转利息收入"})


@pytest.mark.parametrize("fund", list(Fund))
def test_details_read_the_account_of_their_name(fund: Fund) -> None:
    """A detail of 待遇支出 reads the detail account whose name it bears (对应明细科目), with or without 支出."""
    known = {one.code: one.name for one in Chart.load("28-2018", fund).accounts}
    for line in (line for line in FORMS[fund] if line.of_which):
        (code,) = line.accounts
        assert known[code].removesuffix("支出") == named(line.label).removesuffix("支出")


def test_columns_are_those_of_the_rules() -> None:
    """年初余额 and 期末余额; 本月数 and 本年累计数; in annual statements 本年数 and 上年数."""
    assert set(LAW.balance_sheet.columns) == {"年初余额", "期末余额"} and all(
        word in RULES["第五部分一(二)"] + RULES["第五部分一(三)"] for word in LAW.balance_sheet.columns
    )
    months, years = LAW.income_statement.columns, LAW.income_statement.annual_columns
    assert f"将“{months[0]}”栏改为“{years[0]}”栏，将“{months[1]}”栏改为“{years[1]}”栏" in RULES["第五部分二(四)"]


def test_asterisks_and_funds_are_those_of_the_note() -> None:
    """Part 4's note: each marked line of 会社保01 is for the funds and the level it names, and 待转基金 never annual."""
    note = "".join(INDEX["balance_sheet"]["notes"])
    pensions, medical = {Fund.E, Fund.R, Fund.G}, {Fund.ME, Fund.MR}
    wanted = {
        "委托上级投资": (pensions, "county"), "异地就医预付金": (medical, None), "委托投资": (pensions, "province"), "下级归集委托投资": (pensions, None),
        "异地就医资金": (medical, None), "（一）统筹基金": ({Fund.ME}, None), "（二）个人账户基金": ({Fund.ME}, None), "（三）待转基金": ({Fund.ME}, None),
        "风险基金结余": ({Fund.MR}, None), "储备金结余": ({Fund.W}, None),
    }  # fmt: skip
    marked = {line.label: (set(line.funds or ()), line.tier) for line in BALANCE if line.special}
    assert marked == wanted
    assert all(f"“{named(label)}”" in note or label == "异地就医资金" for label in wanted)
    assert [line.label for line in BALANCE if not line.annual] == ["（三）待转基金"]


def test_the_notes_have_the_six_points() -> None:
    """Titles of the points stand letter by letter as in Part 5 三, each under its number."""
    for section in load_notes().sections:
        assert RULES[section.reference].rstrip("；。") == section.title
        assert section.reference == f"第五部分三({section.number})"
    assert sum(number.startswith("第五部分三(") for number in RULES) == len(load_notes().sections)
