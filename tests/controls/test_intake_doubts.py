"""Doubts about head, months, money and totals of a file: each names its cells and says what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from controls.intake import doubts, hints, limits
from controls.intake.doubts import Doubt
from controls.intake.errors import MissingColumn, NoHeader, TotalMismatch
from controls.intake.errors_doubts import DoubtKind, MonthNotAsked
from controls.intake.reader import read
from ledger.errors import REGISTRY
from ledger.lawfile import BadLawFile
from ledger.months import Month
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv

TODAY = date(2024, 4, 1)


def find(path: Path, contract: str = "payments", *, month: Month | None = None, **how: Any) -> tuple[Doubt, ...]:
    """The doubts of a file."""
    return doubts.find(read(path, contract, **how), month=month, today=TODAY)


def one(found: tuple[Doubt, ...], code: str, part: str = "") -> Doubt:
    """The one doubt of a code whose sentence holds a part."""
    mine = [doubt for doubt in found if doubt.code == code and part in doubt.zh]
    assert len(mine) == 1, [(doubt.code, doubt.zh) for doubt in found]
    return mine[0]


def roster(folder: Path, *rows: str, header: str = "险种,证件号码,姓名,待遇类型,所属期,实发金额,银行账号,户名,统筹区", above: tuple[str, ...] = ()) -> Path:
    """A roster of comma-separated lines."""
    return write_csv(folder / "花名册.csv", [line.split(",") for line in (*above, header, *rows)])


def test_a_sound_file_is_only_told_about(tmp_path: Path) -> None:
    """Nothing is asked or warned of where nothing is odd; each doubt has a code, both sentences and a remedy."""
    rows = [payment(person, 姓名="王小明", 户名="王小明", 银行账号="6228480402564890018") for person in range(4)]
    found = find(payments(tmp_path, *rows), month=Month(2024, 3))
    assert [doubt.level for doubt in found if doubt.level != "tell"] == []
    for doubt in found:
        assert doubt.code in REGISTRY and doubt.zh and doubt.en and doubt.remedy_zh and doubt.zh.endswith("。")


def test_every_kind_says_what_to_do() -> None:
    """Each code of a doubt has a cause and a remedy that a person understands."""
    kinds = [kind for kind in REGISTRY.values() if issubclass(kind, DoubtKind)]
    assert len(kinds) > 25 and all(kind.remedy_zh and kind.cause_zh and kind.remedy_en for kind in kinds)


def test_encoding_and_delimiter_are_told(tmp_path: Path) -> None:
    """GB18030 and tabs were judged, and are said."""
    found = find(payments(tmp_path, payment(), encoding="gb18030", delimiter="\t"))
    assert "GB18030" in one(found, "SB2041", "UTF-8").zh and "制表符" in one(found, "SB2041", "各列以").zh


def test_a_more_specific_period_is_told(tmp_path: Path) -> None:
    """Of two synonyms side by side the one read is named."""
    rows = [["R", "620821", NUMBERS[0], "王小明", "2024-02", "2024-03", "1"]]
    path = write_csv(tmp_path / "a.csv", [["险种", "统筹区", "证件号码", "姓名", "待遇所属期", "费款所属期", "金额"], *rows])
    said = one(find(path), "SB2046")
    assert "“费款所属期”" in said.zh and "只读了更确切的“待遇所属期”" in said.zh


def test_a_weak_name_is_told(tmp_path: Path) -> None:
    """月份 stands for 所属期 where no column bears its name, and is said to."""
    found = find(payments(tmp_path, payment(), header=["月份" if name == "所属期" else name for name in PAYMENTS]))
    told = one(found, "SB2154", "读作“所属期”")
    assert (told.level, told.cell, told.column) == ("tell", "F1", "月份")


def test_unknown_headers(tmp_path: Path) -> None:
    """One like a column is asked about with its name and cell; national names are explained; the rest are listed."""
    path = payments(tmp_path, [*payment()[:-1], "甲", "1", "x"], header=[*PAYMENTS[:-1], "流水号码", "aac001", "心情"])
    found = find(path)
    asked = one(found, "SB2154", "您是不是指")
    assert (asked.level, asked.cell) == ("ask", "L1") and "“流水号码”" in asked.zh and "“流水号”？" in asked.zh
    told = one(found, "SB2154", "用不着")
    assert told.level == "tell" and "“aac001”（个人编号）" in told.zh and "N 列“心情”" in told.zh


def test_a_missing_column_with_a_near_header(tmp_path: Path) -> None:
    """The refusal names what the header probably is; a month in the title is offered, never taken."""
    rows = [["2024年3月居民养老金发放表", "", "", ""], ["险种", "统筹区", "公民身份证号码", "姓 名", "发放金额数"], ["R", "620821", NUMBERS[0], "王小明", "1"]]
    with pytest.raises(MissingColumn) as refused:
        read(write_csv(tmp_path / "a.csv", rows), "payments")
    said = refused.value.remedy()
    assert "C 列“公民身份证号码”是不是指“证件号码”？" in said and "E 列“发放金额数”是不是指“金额”？" in said
    assert "'文件::所属期=2024-03'" in said
    assert doubts.of_refusal(refused.value).level == "ask" and "证件号码" in doubts.of_refusal(refused.value).zh


def test_values_above_the_header(tmp_path: Path) -> None:
    """统筹区：… in a title row stands for a column that is missing, and is said; what cannot be read is not taken."""
    header = [name for name in PAYMENTS if name not in ("统筹区", "险种")]
    data = [cell for name, cell in zip(PAYMENTS, payment(), strict=True) if name in header]
    title = ["统筹区：620821  险种：城乡居民基本养老保险"]
    path = payments(tmp_path, data, header=header, above=[title])
    taken = read(path, "payments")
    assert (taken.table.column("region")[0].as_py(), taken.table.column("fund")[0].as_py()) == ("620821", "R")
    assert "“620821”" in one(doubts.find(taken), "SB2048", "统筹区").zh
    for wrong in ("统筹区：朝阳区", "统筹区：", "说明"):
        with pytest.raises(MissingColumn):
            read(payments(tmp_path, data, header=header, above=[[wrong + "  险种：R"]]), "payments")
    given = read(path, "payments", values={"统筹区": "620822"})
    assert given.table.column("region")[0].as_py() == "620822" and "统筹区" not in given.header.above


def test_a_wide_sheet_of_long_texts_is_refused_soon(tmp_path: Path) -> None:
    """A thousand columns of long cells in sixty rows: no header is found, and each text is looked at once."""
    for text in ("账号：6217000012345 ", "号:" * 200, "a" * 1900):
        path = write_csv(tmp_path / "a.csv", [[text] * 999 + ["摘要"]] * 60)
        with pytest.raises(NoHeader):
            read(path, "bank")


def test_given_values_beside_a_column(tmp_path: Path) -> None:
    """FILE::险种=E fills blank cells; cells that say otherwise are named with their values."""
    path = payments(tmp_path, payment(0), payment(1, 险种=""), payment(2, 险种="E"))
    taken = read(path, "payments", values={"险种": "职工养老", "发放状态": "成功"})
    assert taken.table.column("fund").to_pylist() == ["R", "E", "E"]
    asked = one(doubts.find(taken), "SB2152")
    assert (asked.level, asked.cell, asked.count) == ("ask", "A2", 1) and "R（1 行）" in asked.zh and "只填了空白格" in asked.zh
    assert [doubt for doubt in find(path, values={"险种": "R"}) if doubt.code == "SB2152" and doubt.count != 1] == []


def test_rows_passed_over_are_told(tmp_path: Path) -> None:
    """Notes at the end are said to be no data."""
    found = find(payments(tmp_path, payment(), ["制表人：张三", *[""] * 11]))
    assert "第 3 行是注" in one(found, "SB2153").zh


def test_another_month_than_asked(tmp_path: Path) -> None:
    """Rows of other months are named with counts and lines; arrears may be for any; a late starter is paid within the month."""
    early = payment(3, 所属期="2024-01", 发放日期="2024-02-15")
    path = payments(tmp_path, payment(0), payment(1), payment(2, 所属期="2024-02"), payment(3, 所属期="2023-01", 待遇类型="补发"), early)
    asked = one(find(path, month=Month(2024, 3)), "SB2040")
    assert (asked.level, asked.count, asked.line, asked.cell) == ("ask", 1, 6, "F6") and "2024-01（1 行）" in asked.zh
    whole = one(find(path, month=Month(2024, 4)), "SB2040")
    assert whole.count == 4 and "2024-03（2 行）" in whole.zh
    taken = read(path, "payments")
    with pytest.raises(MonthNotAsked) as refused:
        doubts.demand_month(taken, Month(2024, 4))
    assert refused.value.code == "SB2040" and "第 2、3、4、6 行" in refused.value.text()
    assert doubts.demand_month(read(payments(tmp_path, payment()), "payments"), Month(2024, 3)) is None


def test_another_month_in_statements_and_years(tmp_path: Path) -> None:
    """Statements are judged by their days; a premium year holds its months."""
    head = ["账号", "交易日期", "支出", "收入", "余额"]
    path = write_csv(tmp_path / "b.csv", [head, ["6217", "2024-02-29", "", "1", "1"], ["6217", "2024-03-01", "", "1", "2"]])
    assert one(find(path, "bank", month=Month(2024, 3)), "SB2040").line == 2
    head = ["险种", "统筹区", "证件号码", "姓名", "缴费年度", "缴费主体", "金额", "到账日期"]
    path = write_csv(tmp_path / "c.csv", [head, ["R", "620821", NUMBERS[0], "王小明", "2024", "个人", "200", "2024-03-01"]])
    assert [doubt for doubt in find(path, "contributions", month=Month(2024, 3)) if doubt.code == "SB2040"] == []
    assert doubts.demand_month(read(write_csv(tmp_path / "d.csv", [["证件号码", "姓名", "死亡日期", "数据来源"]]), "deaths"), Month(2024, 3)) is None


def test_the_title_says_another_month(tmp_path: Path) -> None:
    """An old title over new rows, or new rows of an old month."""
    found = find(payments(tmp_path, payment(), payment(1), above=[["2024年2月城乡居民养老金发放明细"]]))
    asked = one(found, "SB2146")
    assert asked.level == "ask" and "2024-02" in asked.zh and "2024-03（2 行）" in asked.zh
    assert [doubt for doubt in find(payments(tmp_path, payment(), above=[["2024年3月发放明细"]])) if doubt.code == "SB2146"] == []


def test_several_of_one_thing_in_a_roster(tmp_path: Path) -> None:
    """More than one month, fund or region are each asked about, naming the fewer."""
    row = "{},{},王小明,基础养老金,{},139,6217000{},王小明,{}"
    path = roster(tmp_path, row.format("R", NUMBERS[0], "202403", 1, "620821"), row.format("R", NUMBERS[1], "202403", 2, "620821"),
                  row.format("E", NUMBERS[2], "202402", 3, "620822"))  # fmt: skip
    found = find(path, "roster")
    assert [(doubt.level, doubt.cell) for doubt in found if doubt.code == "SB2147"] == [("ask", "E4"), ("ask", "A4"), ("ask", "I4")]
    assert "城乡居保（2 行）、职工养老（1 行）" in one(found, "SB2147", "险种").zh
    same = row.format("R", NUMBERS[0], "202403", 1, "620821")
    assert [doubt for doubt in find(roster(tmp_path, same), "roster") if doubt.code == "SB2147"] == []


def test_months_without_a_year(tmp_path: Path) -> None:
    """3月 takes the title's one year and is asked about; with two years in the title it is no month."""
    found = find(payments(tmp_path, payment(所属期="3月"), payment(1, 所属期="三月"), above=[["2024年度居民养老金"]]))
    asked = one(found, "SB2155")
    assert (asked.level, asked.cell, asked.count) == ("ask", "F3", 2) and "2024 年" in asked.zh
    taken = read(payments(tmp_path, payment(所属期="3月"), above=[["2023年至2024年居民养老金"]]), "payments")
    assert taken.rejects[0].code == "SB2106"


def test_dates_of_several_styles(tmp_path: Path) -> None:
    """Two ways of writing are told; one that may have day and month swapped is warned of."""
    found = find(payments(tmp_path, payment(), payment(1, 发放日期="2024/3/15")))
    assert one(found, "SB2149").level == "tell"
    found = find(payments(tmp_path, payment(), payment(1, 发放日期="03/04/2024")))
    assert (one(found, "SB2149").level, one(found, "SB2149").cell) == ("warn", "G3") and "月、日倒写" in one(found, "SB2149").zh


def test_dates_in_the_future_and_long_ago(tmp_path: Path) -> None:
    """Nobody dies tomorrow; a birth of 1850 is too long ago; a premium of next year is no future day."""
    head = ["证件号码", "姓名", "出生日期", "死亡日期", "火化日期", "数据来源"]
    path = write_csv(tmp_path / "d.csv", [
        head, ["", "王一", "1850-01-01", "2024-05-01", "2024-05-02", "民政"], ["", "王二", "1950-01-01", "2024-03-01", "2024-02-02", "民政"],
        ["", "王三", "2024-03-09", "2024-03-01", "", "民政"],
    ])  # fmt: skip
    found = find(path, "deaths")
    assert one(found, "SB2144", "死亡日期”有 1 行晚于今天").cell == "D2" and "120 岁" in one(found, "SB2144", "太早").zh
    assert one(found, "SB2144", "火化日期早于死亡日期").cell == "E3" and one(found, "SB2144", "出生日期晚于死亡日期").cell == "D4"
    assert [doubt for doubt in doubts.find(read(path, "deaths")) if "今天" in doubt.zh] == []


def test_paid_before_it_is_due(tmp_path: Path) -> None:
    """A pension paid before its month began is warned of; arrears are not."""
    found = find(payments(tmp_path, payment(所属期="2024-05"), payment(1, 所属期="2024-05", 待遇类型="补发")))
    assert (one(found, "SB2144", "还没有到期").cell, one(found, "SB2144", "还没有到期").count) == ("G2", 1)


@pytest.mark.parametrize(("header", "amount", "said"), [
    ("金额（万元）", "139.00", "数字更像是元（139.00 元）"), ("金额", "0.01", "数字更像是万元（100.00 元）"), ("金额（元）", "0.02", "写的是元"),
    ("金额", "13900000", "比常见的"),
])  # fmt: skip
def test_yuan_against_ten_thousand_yuan(tmp_path: Path, header: str, amount: str, said: str) -> None:
    """The unit is judged by the middle amount of a class of benefit."""
    path = payments(tmp_path, *(payment(person, 金额=amount) for person in range(3)), header=[header if name == "金额" else name for name in PAYMENTS])
    asked = one(find(path), "SB2148")
    assert asked.level == "ask" and said in asked.zh and asked.column == header


def test_too_many_decimals_are_probably_ten_thousands(tmp_path: Path) -> None:
    """Rows in error for parts of a fen say what the unit probably is."""
    found = find(payments(tmp_path, *(payment(person, 金额="0.0139") for person in range(4))))
    assert (one(found, "SB2148").cell, one(found, "SB2148").count) == ("H2", 4) and "多半是万元" in one(found, "SB2148").zh


def test_the_titles_unit_against_the_columns(tmp_path: Path) -> None:
    """Where they differ the column's is read, and it is asked."""
    path = payments(tmp_path, payment(金额="0.0139"), header=["金额（万元）" if name == "金额" else name for name in PAYMENTS], above=[["单位：元"]])
    asked = one(find(path), "SB2148")
    assert (asked.level, asked.cell) == ("ask", "H2") and "这一列按万元读" in asked.zh


def test_an_amount_beyond_the_usual(tmp_path: Path) -> None:
    """One row with zeros too many is named, the others are not."""
    found = find(payments(tmp_path, payment(), payment(1), payment(2, 金额="1390000.00")))
    assert (one(found, "SB2148").cell, one(found, "SB2148").level) == ("H4", "warn")


def test_brackets_and_negative_amounts(tmp_path: Path) -> None:
    """Brackets are minus, and said to be."""
    found = find(payments(tmp_path, payment(), payment(1, 金额="（12.00）")))
    assert one(found, "SB2156", "括号").cell == "H3" and one(found, "SB2156", "冲减处理").level == "warn"


def test_totals_are_proved_or_said_not_to_be(tmp_path: Path) -> None:
    """Without a total the count and the sum are shown; with one that is right nothing is said."""
    assert "139.00 元" in one(find(payments(tmp_path, payment())), "SB2047").zh
    assert [doubt for doubt in find(payments(tmp_path, payment(), ["合计", *[""] * 6, "139.00", *[""] * 4])) if doubt.code == "SB2047"] == []


@pytest.mark.parametrize(("difference", "amounts", "said"), [
    (-13900, {3: 13900}, "这一行可能重复了"), (13900, {3: 13900, 5: 13900}, "第 3、5 行的金额：文件里可能少了"),
    (-200, {4: 100}, "正负号可能反了"), (200, {4: -100}, "正负号可能反了"),
    (900, {}, "能被 9 整除"), (100, {}, ""), (0, {}, ""), (13900, {1: 13900, 2: 13900, 3: 13900, 4: 13900}, "等 行"),
])  # fmt: skip
def test_where_a_difference_comes_from(difference: int, amounts: dict[int, int], said: str) -> None:
    """A difference that is one row, twice a negative row, or divisible by nine is explained."""
    zh, en = hints.of_difference(difference, lambda fen: [line for line, amount in amounts.items() if amount == fen])
    assert bool(zh) == bool(said) == bool(en) and said.replace("等 行", "等") in zh


def test_a_wrong_total_names_its_cell_and_hint() -> None:
    """The refusal holds line, cell, figures and what the difference may be; as a doubt it is asked."""
    facts = {"file": "a.csv", "line": 9, "label": "合计", "column": "金额", "stated": "10.00", "summed": "1.00", "difference": "9.00"}
    refused = TotalMismatch(cell="H9", hint=("像是颠倒。", "Swapped."), **facts)
    assert "金额（H9）为 10.00 元" in refused.text() and refused.text().endswith("像是颠倒。") and refused.text("en").endswith("Swapped.")
    assert TotalMismatch(**facts).text().endswith("相差 9.00 元。")
    doubt = doubts.of_refusal(refused)
    assert (doubt.code, doubt.line, doubt.column, doubt.value) == ("SB2025", 9, "金额", "10.00")


@pytest.mark.parametrize(("stated", "said"), [
    ("278.00", "差额正好是第 2、3、4 行的金额：这一行可能重复了"), ("556.00", "差额正好是第 2、3、4 行的金额：文件里可能少了"), ("417.90", "能被 9 整除"),
])  # fmt: skip
def test_a_wrong_total_of_a_file_is_explained(tmp_path: Path, stated: str, said: str) -> None:
    """The refusal names the cell, and the rows whose amount is the difference."""
    path = payments(tmp_path, payment(), payment(1), payment(2), ["合计", *[""] * 6, stated, *[""] * 4])
    with pytest.raises(TotalMismatch) as refused:
        read(path, "payments")
    assert "金额（H5）为" in refused.value.text() and said in refused.value.text()


def test_a_total_that_is_no_number_has_its_cell(tmp_path: Path) -> None:
    """Text where a figure should stand is named with its cell and no hint."""
    path = payments(tmp_path, payment(), ["合计", *[""] * 6, "见附件", *[""] * 4])
    with pytest.raises(TotalMismatch, match="（H3）为 见附件"):
        read(path, "payments")


def test_the_same_rows_twice_are_asked_about(tmp_path: Path) -> None:
    """Where money would count twice it is a question naming both lines; in a list of deaths it is a warning."""
    asked = one(find(payments(tmp_path, payment(), payment(1), payment())), "SB2138")
    assert (asked.level, asked.line, asked.count) == ("ask", 4, 1) and "第 4 行同第 2 行" in asked.zh and "line 4 as line 2" in asked.en
    rows = [["证件号码", "姓名", "死亡日期", "数据来源"], *[[NUMBERS[0], "王小明", "2024-03-01", "公安"]] * 2]
    assert one(find(write_csv(tmp_path / "d.csv", rows), "deaths"), "SB2138").level == "warn"


def test_limits_are_dated_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first entry that fits class, fund and day holds; falling limits are an error of the file."""
    found = limits.for_amounts("payments", "R", "pension", TODAY)
    assert found is not None and found.fen[0] < found.fen[1] <= found.fen[2]
    assert limits.for_amounts("payments", "R", "pension", date(2000, 1, 1)) is None and limits.for_amounts("deaths", "", "", TODAY) is None
    (tmp_path / "intake").mkdir()
    text = (Path(limits.__file__).parents[2] / "templates/intake/limits.yaml").read_text(encoding="utf-8")
    (tmp_path / "intake/limits.yaml").write_text(text.replace('usual: ["5", "5000"]', 'usual: ["5000", "5"]', 1), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    with pytest.raises(BadLawFile):
        limits.limits()
