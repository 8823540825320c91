"""The written contract of files, rule by rule: each rule in its own words beside a file that it decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
import xlsxwriter

from controls.intake import contracts
from controls.intake.contracts import fold
from controls.intake.errors import DoubleColumn, MissingColumn, TotalMismatch, UnknownNames
from controls.intake.reader import Taken, read
from ledger.funds import Fund
from tests.controls.intake_files import NUMBERS

A, B = NUMBERS[:2]
HEAD = "险种,统筹区,证件号码,姓名,所属期,金额"
ROW = f"R,620821,{A},甲,2024-03,139.00"


class Rule(NamedTuple):
    """A rule in the words of the contract, a file in lines, and what the reader makes of it (or which refusal)."""

    says: str
    contract: str
    lines: tuple[str, ...]
    holds: Callable[[Taken], object]
    how: Mapping[str, Any] = MappingProxyType({})


def first(name: str, value: object) -> Callable[[Taken], bool]:
    """The first row of the table has a value in a column."""
    return lambda taken: taken.table.column(name)[0].as_py() == value


def error(line: int, code: str) -> Callable[[Taken], bool]:
    """A row is in error, and why."""
    return lambda taken: [(one.line, one.code) for one in taken.rejects] == [(line, code)]


def paid(month: str) -> tuple[str, str]:
    """A payment of a month as it is written."""
    return HEAD, f"R,620821,{A},甲,{month},139.00"


def worth(amount: str) -> tuple[str, str]:
    """A payment of an amount as it is written (semicolons part the cells)."""
    return HEAD.replace(",", ";"), f"R;620821;{A};甲;2024-03;{amount}"


def died(day: str) -> tuple[str, str]:
    """A death on a day as it is written."""
    return "证件号码,姓名,死亡日期,数据来源", f"{A},甲,{day},公安"


DAY = date(2024, 3, 5)
RULES = [
    Rule("leading zeros stay: accounts", "payments", (HEAD + ",银行账号", ROW + ",00620012"), first("account", "00620012")),
    Rule("leading zeros stay: serials", "payments", (HEAD + ",流水号", ROW + ",0012"), first("serial", "0012")),
    Rule(
        "leading zeros stay: voucher numbers",
        "vouchers",
        ("凭证日期,凭证号,摘要,科目编号,借方金额,贷方金额", "2024-03-05,007,利息,1004,1.00,"),
        first("number", "007"),
    ),
    Rule(
        "text in scientific form is damaged; a warning with its row; the row stays and is left out of matching",
        "payments",
        (HEAD, ROW.replace(A, "1.10101E+17")),
        lambda t: t.table["damaged"][0].as_py() and not t.table["number_ok"][0].as_py() and t.warnings[0].line == 2,
    ),
    Rule("a text number ending in 000 is damaged only if its check digit fails", "payments", (HEAD, ROW.replace(A, A[:15] + "000")), first("damaged", True)),
    Rule("an account is never judged by its end", "payments", (HEAD + ",账号", ROW + ",6217000012345000"), first("account", "6217000012345000")),
    Rule("12 digits of a region: the first six count", "payments", (HEAD, ROW.replace("620821", "620821103201")), first("region", "620821")),
    Rule("title rows, blank rows and units above the header are normal", "payments", ("2024年3月发放表", "", "单位：元", HEAD, ROW), first("line", 5)),
    Rule(
        "white space and full-width forms in headers are ignored", "payments", ("险 种,统筹区,证件号码,姓　名,所属期,金额（元）", ROW), first("amount", 13900)
    ),
    Rule("an unknown header is listed", "payments", (HEAD + ",心情", ROW + ",好"), lambda t: t.header.unknown == ["心情"]),
    Rule(
        "小计, 合计, 总计 are recognised and left out",
        "payments",
        (HEAD, ROW, "小计,,,,,139.00", "合计,,,,,139.00"),
        lambda t: t.control == (1, 13900) and len(t.totals) == 2,
    ),
    *(
        Rule(f"dates: {text}", "deaths", died(text), first("death_on", DAY))
        for text in ("2024-03-05", "2024/3/5", "2024.3.5", "20240305", "2024年3月5日", "45356")
    ),
    Rule("a month is accepted for a death date: its last day stands for it", "deaths", died("2024-02"), first("death_on", date(2024, 2, 29))),
    *(Rule(f"months: {text}", "payments", paid(text), first("period", 202403)) for text in ("2024-03", "202403", "2024年3月")),
    Rule(
        "a bare year in contributions",
        "contributions",
        ("险种,统筹区,证件号码,姓名,缴费年度,缴费主体,金额,到账日期", f"R,620821,{A},甲,2024,个人,200,2024-03-05"),
        first("period", 202400),
    ),
    Rule("a bare year is no month of a payment", "payments", paid("2024"), error(2, "SB2106")),
    Rule(
        "the more specific period wins and the others are unused",
        "payments",
        (HEAD.replace("所属期", "费款所属期,对应费款所属期"), ROW.replace("2024-03", "2024-04,2024-03")),
        lambda t: t.table["period"][0].as_py() == 202403 and t.header.unused == ["费款所属期"],
    ),
    *(
        Rule(f"amounts: {text}", "payments", worth(text), first("amount", fen))
        for text, fen in (
            ("139", 13900),
            ("139.5", 13950),
            ("1,234.56", 123456),
            ("１３９．００", 13900),
            ("¥139", 13900),
            ("139元", 13900),
            ("-5.00", -500),
            ("（5.00）", -500),
        )
    ),
    Rule("万元 only where the header says so", "payments", (HEAD.replace("金额", "金额（万元）"), ROW.replace("139.00", "0.0139")), first("amount", 13900)),
    Rule("more than two decimals are a row error", "payments", worth("1.234"), error(2, "SB2103")),
    Rule("a blank amount is a row error", "payments", worth(""), error(2, "SB2101")),
    Rule("text for an amount is a row error", "payments", worth("一百"), error(2, "SB2102")),
    Rule(
        "values that hold for a whole file may be given with it",
        "payments",
        ("证件号码,姓名,所属期,金额", f"{A},甲,2024-03,1"),
        first("region", "620821"),
        {"values": {"险种": "R", "统筹区": "620821"}},
    ),
    Rule(
        "unknown local names: the reader of checks takes them as other, warns and counts",
        "payments",
        (HEAD + ",待遇类型", ROW + ",慰问"),
        lambda t: t.table["item_class"][0].as_py() == "other" and t.unknown_items == {"慰问": 1} and t.warnings[0].code == "SB2133",
    ),
    Rule("待遇类型 is pension when the column is absent", "payments", (HEAD, ROW), first("item_class", "pension")),
    *(
        Rule(f"待遇类型 {name} is {kind}", "payments", (HEAD + ",待遇类型", f"{ROW},{name}"), first("item_class", kind))
        for name, kind in (
            ("基础养老金", "pension"),
            ("个人账户养老金", "pension"),
            ("过渡性养老金", "pension"),
            ("补发", "arrears"),
            ("丧葬", "funeral"),
            ("抚恤", "funeral"),
            ("一次性", "lump_sum"),
            ("村医补助", "allowance"),
            ("民师", "allowance"),
            ("计生", "allowance"),
            ("失业保险金", "unemployment"),
            ("伤残津贴", "disability"),
            ("供养亲属抚恤金", "survivor"),
        )
    ),
    *(
        Rule(f"发放状态 {word}", "payments", (HEAD + ",发放状态", f"{ROW},{word}"), first("status", status))
        for word, status in (
            ("成功", "paid"),
            ("已支付", "paid"),
            ("1", "paid"),
            ("", "paid"),
            ("失败", "failed"),
            ("支付失败", "failed"),
            ("2", "failed"),
            ("待支付", "pending"),
            ("0", "pending"),
            ("已核销", "written_off"),
            ("3", "written_off"),
            ("退回", "returned"),
            ("退票", "returned"),
            ("已退回", "returned"),
            ("冲正", "reversed"),
            ("扣回", "reversed"),
            ("多拨扣回", "reversed"),
        )
    ),
    Rule("a 实付年月 is accepted as a month of payment", "payments", (HEAD + ",aae208", ROW + ",202403"), first("paid_month", 202403)),
    Rule(
        "with only 火化日期 it stands for the death date with confidence 0.900",
        "deaths",
        ("证件号码,姓名,火化日期,数据来源", f"{A},甲,2024-03-05,民政"),
        lambda t: (t.table["death_on"][0].as_py(), t.table["confidence"][0].as_py()) == (DAY, 900),
    ),
    Rule("登记日期 never stands for it", "deaths", ("证件号码,姓名,死亡日期,登记日期,数据来源", f"{A},甲,,2024-03-05,公安"), error(2, "SB2101")),
    Rule(
        "deaths: the number column is required, a cell may be blank", "deaths", ("证件号码,姓名,死亡日期,数据来源", ",甲,2024-03-05,公安"), first("number", "")
    ),
    *(
        Rule(f"注销原因 {word} is no death", "deaths", ("证件号码,姓名,死亡日期,数据来源,注销原因", f"{A},甲,,公安,{word}"), first("is_death", False))
        for word in ("迁出", "重户", "出国")
    ),
    Rule(
        "数据来源 may be given once for the file",
        "deaths",
        ("证件号码,姓名,死亡日期", f"{A},甲,2024-03-05"),
        first("source", "卫健"),
        {"values": {"来源": "卫健"}},
    ),
    Rule("custody: 执行方式 is 监禁 by default; a number may be blank", "custody", ("证件号码,姓名,收监日期", ",甲,2024-03-05"), first("mode", "监禁")),
    *(
        Rule(f"custody: {word}", "custody", ("证件号码,姓名,起始日期,终止日期,执行方式", f"{A},甲,2024-03-05,,{word}"), first("mode", word))
        for word in ("监禁", "拘役", "羁押", "缓刑", "管制", "监外执行", "假释")
    ),
    Rule(
        "contributions: refunds are negative",
        "contributions",
        ("险种,统筹区,证件号码,姓名,所属期,缴费主体,金额,到账日期", f"E,620821,{A},甲,2024-03,单位,-200,2024-03-05"),
        first("amount", -20000),
    ),
    *(
        Rule(
            f"contributions: 缴费主体 {word}",
            "contributions",
            ("险种,统筹区,证件号码,姓名,所属期,缴费主体,金额,到账日期", f"R,620821,{A},甲,2024,{word},1,2024-03-05"),
            first("payer", word),
        )
        for word in ("个人", "单位", "政府代缴", "财政补贴", "集体补助", "其他")
    ),
    Rule(
        "roster: with only 金额, 应发 = 实发 = 金额",
        "roster",
        ("险种,证件号码,姓名,待遇类型,所属期,金额,银行账号,户名", f"R,{A},甲,养老金,202403,5,62,甲"),
        lambda t: t.table["gross"][0].as_py() == t.table["net"][0].as_py() == 500,
    ),
    Rule(
        "roster: 实发 = 应发 − 抵扣 − 代扣",
        "roster",
        ("险种,证件号码,姓名,待遇类型,所属期,应发金额,抵扣金额,代扣金额,实发金额,银行账号,户名", f"R,{A},甲,养老金,202403,5,1,1,4,62,甲"),
        error(2, "SB2111"),
    ),
    Rule(
        "bank: 账号 once for the file", "bank", ("交易日期,借方金额,贷方金额,余额", "2024-03-05,,1.00,1.00"), first("account", "62"), {"values": {"账号": "62"}}
    ),
    Rule("bank: the bank's view, 收入 raises the balance", "bank", ("账号,交易日期,支出,收入,余额", "62,2024-03-05,,1.00,1.00"), first("credit", 100)),
    Rule("bank: one signed 发生额", "bank", ("账号,交易日期,发生额,余额", "62,2024-03-05,-1.00,1.00"), first("debit", 100)),
    Rule(
        "vouchers: a blank line makes another voucher",
        "vouchers",
        ("凭证日期,摘要,科目编号,借方金额,贷方金额", "2024-03-05,a,1004,1,", "", "2024-03-05,b,1004,1,"),
        lambda t: t.table["block"].to_pylist() == [1, 2],
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
def test_rules_of_the_contract(tmp_path: Path, rule: Rule) -> None:
    """Each rule holds for the file beside it."""
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rule.lines) + "\n", encoding="utf-8")
    assert rule.holds(read(path, rule.contract, **rule.how))


@pytest.mark.parametrize(("says", "lines", "refusal"), [
    ("any other double match is an error", (HEAD + ",实发金额", ROW + ",1"), DoubleColumn),
    ("a missing required column is an error that names it", (HEAD.replace("金额", "心情"), ROW), MissingColumn),
    ("a total that mismatches is an error", (HEAD, ROW, "合计,,,,,1"), TotalMismatch),
])  # fmt: skip
def test_what_refuses_a_file(tmp_path: Path, says: str, lines: tuple[str, ...], refusal: type[Exception]) -> None:
    """Each rule refuses the file beside it."""
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(refusal):
        read(path, "payments")


def test_unknown_names_are_asked_for_at_import(tmp_path: Path) -> None:
    """The import asks: the refusal names the word and its rows."""
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD},待遇类型\n{ROW},慰问\n", encoding="utf-8")
    with pytest.raises(UnknownNames, match="慰问（1 行"):
        read(path, "payments", unknown="refuse")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    """CSV in UTF-8 with or without BOM and GB18030; comma, tab or semicolon; any line end: one and the same table."""
    path = tmp_path / "a.csv"
    path.write_bytes((end.join([HEAD, ROW, ROW.replace(A, B)]) + end).replace(",", delimiter).encode(encoding))
    taken = read(path, "payments")
    assert taken.table["name"].to_pylist() == ["甲", "甲"] and taken.table["line"].to_pylist() == [2, 3] and taken.delimiter == delimiter
    assert taken.encoding == {"gbk": "gb18030"}.get(encoding, encoding) and read(path, "payments", kind="csv").table.equals(taken.table)


def test_a_workbook_number_of_more_than_15_digits_is_damaged(tmp_path: Path) -> None:
    """An identity number or account stored as such a number is warned of; the row stays."""
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.merge_range(0, 0, 0, 6, "2024年3月发放表")
    sheet.write_row(1, 0, [*HEAD.split(","), "银行账号"])
    sheet.write_row(2, 0, ["R", "620821", 620821195001010017, "甲", "2024-03", 139, 6217000012345678])
    workbook.close()
    taken = read(path, "payments")
    assert [(one.line, one.column, one.code) for one in taken.warnings] == [(3, "证件号码", "SB2131"), (3, "银行账号", "SB2131")]
    assert taken.table["damaged"].to_pylist() == [True] and taken.table["account"].to_pylist() == [""] and taken.control == (1, 13900)


BOLD = {
    "payments": "险种 统筹区 证件号码 姓名 所属期 金额",
    "deaths": "证件号码 姓名 死亡日期 数据来源",
    "people": "证件号码 姓名 险种",
    "custody": "证件号码 姓名 收监日期",
    "contributions": "险种 统筹区 证件号码 姓名 所属期 缴费主体 金额 到账日期",
    "entitled": "证件号码 姓名 类别 认定日期",
    "accounts": "账号 户名 类型",
    "recoveries": "证件号码 险种 所属期起 所属期止 金额 方式 到账日期",
    "subsidies": "险种 级次 指标文号 用途 金额 到账日期",
    "roster": "险种 证件号码 姓名 待遇类型 所属期 应发金额 实发金额 银行账号 户名",
    "bank-return": "序号 银行账号 户名 金额 处理结果",
    "bank": "账号 交易日期 借方金额 贷方金额 余额",
    "tax": "险种 入库日期 电子税票号码 金额",
    "vouchers": "凭证日期 摘要 科目编号 借方金额 贷方金额",
}
"""Required columns. Some may be stood in for: 死亡日期 by 火化日期, 借方/贷方 of a statement by 发生额, 应发 by 实发."""

SYNONYMS = {
    "payments": (
        "险种=制度=aae140 统筹区=区划=行政区划代码 "
        "证件号码=身份证号=身份证=公民身份号码=社会保障号=社会保障号码=aac002 证件类型 "
        "姓名=参保人姓名=领取人=aac003 待遇类型=待遇项目=支付项目 "
        "所属期=费款所属期=待遇所属期=对应费款所属期=aae003=aae002 所属期起 所属期止 "
        "发放日期=支付日期=实付日期 实付年月=aae208 金额=实发金额=支付金额=aae019 "
        "银行账号=账号=卡号=aae010 户名=账户名=aae009 开户行 发放状态=支付标志=aae117 流水号 "
        "原流水号 原所属期 资金来源 经办人=aae011 审核人=aae014"
    ),
    "deaths": (
        "证件号码=aac002 姓名=aac003 性别=aac004 出生日期=aac006 统筹区 乡镇 村=aaf103 "
        "地址 死亡日期=死亡时间=aae037 火化日期 登记日期=注销日期 数据来源=来源 注销原因=aae160"
    ),
    "people": (
        "证件号码=aac002 证件类型 姓名=aac003 性别 出生日期 档案认定出生日期 险种=aae140 统筹区 乡镇 "
        "村=aaf103 地址 参保状态 待遇状态=aae116 退休类别 首次参保年月 "
        "待遇起始年月=待遇开始年月=aic160 终止年月=aic301 最近认证日期 联系电话 曾用名"
    ),
    "custody": ("证件号码=aac002 姓名=aac003 性别 出生日期 羁押日期 收监日期=起始日期 释放日期=终止日期 执行方式 数据来源"),
    "contributions": (
        "险种=aae140 统筹区 证件号码=aac002 姓名=aac003 "
        "所属期=缴费年度=费款所属期=aae003=aae002 缴费主体 代缴类别 代缴级次 缴费档次 金额=aae019 "
        "到账日期 缴费性质 单位信用代码 单位名称 税票号码"
    ),
    "entitled": "证件号码=aac002 姓名=aac003 类别 认定日期 退出日期 残疾等级 数据来源",
    "accounts": "账号=aae010 户名=aae009 类型 证件号码=aac002 起始日期 终止日期",
    "recoveries": "证件号码=aac002 险种=aae140 所属期起 所属期止 金额=aae019 方式 到账日期 凭证号",
    "subsidies": "险种=aae140 级次 指标文号 用途 金额 到账日期",
    "roster": (
        "序号 险种=aae140 证件号码=aac002 姓名=aac003 待遇类型 所属期=aae003 应发金额 抵扣金额 "
        "抵扣去向 代扣金额 实发金额=金额=aae019 银行账号=aae010 户名=aae009 开户行 统筹区 "
        "备注=aae013"
    ),
    "bank-return": "序号=明细序号 银行账号=aae010 户名=aae009 金额 处理结果 失败原因 交易流水号 入账日期",
    "bank": "账号 交易日期 摘要 借方金额=支出 贷方金额=收入 发生额 余额 交易流水号 对方户名 对方账号",
    "tax": "险种=aae140 入库日期 电子税票号码 征收品目 级次 金额 缴费单位 费款所属期=aae003 国库",
    "vouchers": "凭证日期 凭证字 凭证号 附单据数 摘要 科目编号 科目名称 借方金额 贷方金额 证件号码 制单 审核",
}
"""Columns of each contract with their synonyms, national field names among them."""


@pytest.mark.parametrize("name", SYNONYMS)
def test_every_column_and_synonym_of_the_contract(name: str) -> None:
    """Each header written in the contract, and each of its synonyms, means its column; the bold ones are required."""
    contract = contracts.load(name)
    lookup = contract.lookup()
    for names in SYNONYMS[name].split():
        header, *others = names.split("=")
        column = next(column for column in contract.columns if column.header == header)
        assert [other for other in others if lookup.get(fold(other)) is not column] == []
    stand_in = {header for group in contract.one_of[:1] for header in (contract.column(each).header for each in group)}
    required = {column.header for column in contract.columns if column.required}
    assert required | stand_in == set(BOLD[name].split()) | (required & {"死亡日期"})


@pytest.mark.parametrize(("text", "fund"), [
    ("E", "E"), ("企业职工基本养老保险", "E"), ("职工养老", "E"), ("R", "R"), ("城乡居民基本养老保险", "R"), ("居民养老", "R"), ("城乡居保", "R"),
    ("G", "G"), ("机关事业单位基本养老保险", "G"), ("ME", "ME"), ("职工基本医疗保险", "ME"), ("MR", "MR"), ("城乡居民基本医疗保险", "MR"),
    ("W", "W"), ("工伤保险", "W"), ("U", "U"), ("失业保险", "U"), ("B", "B"), ("生育保险", "B"),
])  # fmt: skip
def test_codes_and_names_of_funds(tmp_path: Path, text: str, fund: str) -> None:
    """险种 is read by letter code, statutory name and usual short name."""
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}\n{ROW.replace('R,', text + ',', 1)}\n", encoding="utf-8")
    assert read(path, "payments").table["fund"].to_pylist() == [Fund(fund).value]
