"""Intake of payments: files as real offices send them are taken as they are meant, or refused with the reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from controls.intake.errors import BadSetting, DoubleColumn, MissingColumn, NoHeader, SeveralSheets, UnitUnknown, UnknownContract
from controls.intake.reader import read, split_values
from ledger.sheets import write_rows
from ledger.sheets.errors import NoSuchSheet, WrongEncoding
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv


def test_a_plain_file(tmp_path: Path) -> None:
    """The canonical table carries file, line, normal forms, fen and months; the control total is its sum."""
    taken = read(
        payments(tmp_path, payment(), payment(1, 险种="城乡居保", 统筹区="620821103201", 所属期="2024年4月", 金额="¥1039.5元", 发放状态="")), "payments"
    )
    rows = taken.table.to_pylist()
    assert [row["line"] for row in rows] == [2, 3] and rows[0]["file"] == "发放.csv"
    assert rows[1] == rows[1] | {
        "fund": "R",
        "region": "620821",
        "number": NUMBERS[1],
        "id_raw": NUMBERS[1],
        "number_ok": True,
        "damaged": False,
        "name": "甲1",
        "item_class": "pension",
        "has_item": True,
        "period": 202404,
        "paid_on": date(2024, 3, 15),
        "paid_month": 202403,
        "amount": 103950,
        "status": "paid",
        "serial": "001",
        "orig_period": None,
        "source": "",
    }
    assert taken.control == (2, 117850) and taken.rows_read == 2 and taken.rejects == [] and taken.warnings == []
    assert taken.encoding == "utf-8" and taken.header.header_line == 1 and taken.header.recognised["金额"] == "金额"


def test_types_of_the_canonical_table(tmp_path: Path) -> None:
    """Types are what the checks read, whether the file has the column or not."""
    schema = read(payments(tmp_path, payment()), "payments").table.schema
    short = ["险种", "统筹区", "证件号码", "姓名", "所属期", "金额"]
    row = dict(zip(PAYMENTS, payment(), strict=True))
    bare = read(payments(tmp_path, [row[name] for name in short], header=short, name="b.csv"), "payments").table
    assert bare.schema == schema
    assert bare.to_pylist()[0] == bare.to_pylist()[0] | {
        "has_item": False,
        "item": "",
        "item_class": "pension",
        "status": "paid",
        "paid_month": None,
        "account": "",
    }
    assert schema.field("line").type == pa.int32() and schema.field("amount").type == pa.int64() and schema.field("paid_on").type == pa.date32()


def test_synonyms_white_space_and_full_width_headers(tmp_path: Path) -> None:
    """Headers match by synonym, white space, full-width forms, stars, units and letter case aside."""
    header = [
        "ＡＡＥ140",
        " 行政区划 代码 ",
        "*公民身份号码",
        "领 取 人",
        "待遇项目",
        "aae003",
        "支付日期",
        "实发金额（元）",
        "卡号",
        "账户名：",
        "支付标志",
        "流水号",
    ]
    taken = read(payments(tmp_path, payment(), header=header), "payments")
    assert taken.header.recognised["险种"] == "ＡＡＥ140" and taken.header.recognised["所属期"] == "aae003"
    assert taken.table.num_rows == 1 and taken.header.unknown == []


def test_the_more_specific_period_wins(tmp_path: Path) -> None:
    """对应费款所属期 before 待遇所属期 before 所属期 before 费款所属期; the others are listed as unused."""
    header = [*PAYMENTS, "费款所属期", "aae003", "待遇所属期", "备用"]
    taken = read(payments(tmp_path, [*payment(), "2024-05", "2024-01", "2024-06", "x"], header=header), "payments")
    assert taken.table["period"].to_pylist() == [202401]
    assert taken.header.unused == ["待遇所属期", "所属期", "费款所属期"] and taken.header.unknown == ["备用"]


@pytest.mark.parametrize("extra", ["实发金额", "金额", "身份证号", "账号"])
def test_any_other_double_match_is_an_error(tmp_path: Path, extra: str) -> None:
    """SB2023: two headers of one column."""
    with pytest.raises(DoubleColumn) as refused:
        read(payments(tmp_path, [*payment(), "1"], header=[*PAYMENTS, extra]), "payments")
    assert extra in str(refused.value) and refused.value.status == 2


def test_two_periods_of_one_rank_are_an_error(tmp_path: Path) -> None:
    """SB2023: 对应费款所属期 and aae003 are equally specific."""
    with pytest.raises(DoubleColumn):
        read(payments(tmp_path, [*payment(), "202401", "202401"], header=[*PAYMENTS, "对应费款所属期", "aae003"]), "payments")


def test_a_month_of_payment_is_accepted_beside_a_day(tmp_path: Path) -> None:
    """实付年月 (aae208) is accepted as a month; where a day stands too, the day decides."""
    header = [name if name != "发放日期" else "aae208" for name in PAYMENTS]
    taken = read(payments(tmp_path, payment(发放日期="202405"), header=header), "payments")
    assert taken.table["paid_on"].to_pylist() == [None] and taken.table["paid_month"].to_pylist() == [202405]
    taken = read(payments(tmp_path, [*payment(), "202405"], header=[*PAYMENTS, "实付年月"], name="b.csv"), "payments")
    assert taken.table["paid_month"].to_pylist() == [202403]


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    """SB2022 names every missing column and what was recognised."""
    header = ["险种", "区县", "证件号码", "姓名", "所属期", "发了多少"]
    with pytest.raises(MissingColumn) as refused:
        read(payments(tmp_path, ["R", "620821", NUMBERS[0], "甲", "202403", "1"], header=header), "payments")
    assert refused.value.facts["missing"] == "统筹区、金额" and "区县" in refused.value.cause() and refused.value.status == 2


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    """SB2021: a file of another kind has no header of the contract."""
    with pytest.raises(NoHeader):
        read(write_csv(tmp_path / "a.csv", [["商品", "价格"], ["茶", "3"]]), "payments")
    with pytest.raises(UnknownContract):
        read(tmp_path / "a.csv", "nothing")


def test_wrong_encoding_is_refused(tmp_path: Path) -> None:
    """SB2003: bytes in no known encoding."""
    path = payments(tmp_path, payment())
    path.write_bytes(path.read_bytes() + b"\xff\xfe\xfd\n")
    with pytest.raises(WrongEncoding):
        read(path, "payments")


def test_header_beneath_titles_blank_rows_and_units(tmp_path: Path) -> None:
    """Title rows, blank rows and unit lines above the header are normal, in CSV."""
    above = [["某县城乡居民基本养老保险待遇发放表"], [""], ["填报单位：某县社保局", "", "", "单位：元"]]
    taken = read(payments(tmp_path, payment(), above=above, encoding="gb18030", end="\r\n"), "payments")
    assert taken.header.header_line == 4 and taken.table["line"].to_pylist() == [5] and taken.encoding == "gb18030"
    assert taken.table["amount"].to_pylist() == [13900]


@pytest.mark.parametrize("above", [["单位：万元"], ["（单位:人民币万元）"], ["某县发放表（万元）"], ["填报单位：某县 金额单位：万元"]])
def test_wan_yuan_where_a_line_above_says_so(tmp_path: Path, above: list[str]) -> None:
    """A unit line of 万元 scales every amount; totals too."""
    taken = read(payments(tmp_path, payment(金额="0.0139"), ["合计", *[""] * 6, "0.0139", *[""] * 4], above=[above]), "payments")
    assert taken.table["amount"].to_pylist() == [13900] and taken.header.units == {"金额": "万元"} and taken.totals[0].fen == 13900


def test_wan_yuan_where_the_header_says_so(tmp_path: Path) -> None:
    """金额（万元） scales its column, and goes before the line above."""
    header = [name if name != "金额" else "金额（万元）" for name in PAYMENTS]
    assert read(payments(tmp_path, payment(金额="0.0139"), header=header, above=[["单位：元"]]), "payments").table["amount"].to_pylist() == [13900]


def test_an_organisation_is_no_unit_of_money(tmp_path: Path) -> None:
    """填报单位 does not scale; units such as 千元 are refused (SB2024)."""
    above = [["填报单位：万元镇政府"], ["单位：某县社保局"]]
    assert read(payments(tmp_path, payment(), above=above), "payments").table["amount"].to_pylist() == [13900]
    with pytest.raises(UnitUnknown):
        read(payments(tmp_path, payment(), above=[["单位：千元"]]), "payments")


def test_values_for_the_whole_file(tmp_path: Path) -> None:
    """FILE::险种=R,统筹区=620821 stands for missing columns and blank cells; a cell that says something keeps its word."""
    header = PAYMENTS[2:]
    path = payments(tmp_path, payment()[2:], header=header)
    file, values = split_values(f"{path}::险种=R，区划=620821")
    taken = read(file, "payments", values=values)
    assert taken.table["fund"].to_pylist() == ["R"] and taken.header.given == {"险种": "R", "统筹区": "620821"}
    path = payments(tmp_path, payment(险种=""), payment(1, 险种="E"), name="b.csv")
    assert read(path, "payments", values={"险种": "R"}).table["fund"].to_pylist() == ["R", "E"]


@pytest.mark.parametrize("argument", ["a.csv::险种", "a.csv::险种=", "a.csv::=R", "a.csv::险种=R,险种=E", "::险种=R"])
def test_settings_that_cannot_be_understood(argument: str) -> None:
    """SB2026: pairs are written name=value, each once, behind a file."""
    with pytest.raises(BadSetting):
        split_values(argument)


def test_settings_name_columns_of_the_contract(tmp_path: Path) -> None:
    """SB2026: a name of no column, or two of one; a plain path has no values."""
    path = payments(tmp_path, payment())
    for values in ({"颜色": "红"}, {"险种": "R", "制度": "R"}):
        with pytest.raises(BadSetting):
            read(path, "payments", values=values)
    assert split_values("a.csv") == (Path("a.csv"), {})


def test_repeated_headers_numbers_and_notes_are_passed_over(tmp_path: Path) -> None:
    """Page heads, column numbers, blank rows and notes are no data, and are listed."""
    numbers = [str(number) for number in range(1, len(PAYMENTS) + 1)]
    path = payments(tmp_path, numbers, payment(), [""] * len(PAYMENTS), PAYMENTS, payment(1), ["制表人：乙", *[""] * 4, "审核：丙", *[""] * 6])
    taken = read(path, "payments")
    assert taken.table["line"].to_pylist() == [3, 6] and taken.rejects == []
    assert taken.passed_over == [(2, "栏次"), (5, "重复的表头"), (7, "注")]


def test_titles_merged_heads_and_totals_in_a_workbook(tmp_path: Path) -> None:
    """A workbook with a merged title, a two-row head and totals reads like the plain file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "某县发放表"
    sheet.merge_cells("A1:G1")
    for row in (["险种", "统筹区", "人员", None, "待遇", None, None], [None, None, "证件号码", "姓名", "待遇类型", "所属期", "金额"]):
        sheet.append(row)
    for area in ("A2:A3", "B2:B3", "C2:D2", "E2:G2"):
        sheet.merge_cells(area)
    sheet.append(["R", 620821, NUMBERS[0], "甲", "基础养老金", "2024-03", 139])
    sheet.append(["R", 620821, NUMBERS[1], "乙", "基础养老金", date(2024, 3, 1), 100.5])
    sheet.append(["合 计", None, None, None, None, None, 239.5])
    book.save(tmp_path / "a.xlsx")
    taken = read(tmp_path / "a.xlsx", "payments")
    assert taken.header.header_line == 3 and taken.table["line"].to_pylist() == [4, 5] and taken.control == (2, 23950)
    assert taken.table["period"].to_pylist() == [202403, 202403] and taken.totals[0].fen == 23950 and taken.kind == "xlsx"


def test_two_row_heads_in_csv(tmp_path: Path) -> None:
    """所属期 over 起 and 止 is read as 所属期起 and 所属期止."""
    rows = [["险种", "统筹区", "证件号码", "姓名", "所属期", "待遇所属期", "", "金额"], ["", "", "", "", "", "起", "止", ""]]
    data = ["R", "620821", NUMBERS[0], "甲", "2024-03", "2024-01", "2024-02", "1"]
    rows[0][5] = "补发所属期"
    taken = read(write_csv(tmp_path / "a.csv", [*rows, data]), "payments")
    assert taken.table["span_from"].to_pylist() == [202401] and taken.table["span_to"].to_pylist() == [202402]


def test_the_sheet_that_carries_the_table(tmp_path: Path) -> None:
    """Cover sheets are skipped; several fitting sheets are refused (SB2030) until one is named."""
    path = tmp_path / "a.xlsx"
    write_rows(path, {"说明": [["本表由某县填报"]], "一月": [PAYMENTS, payment()], "二月": [PAYMENTS, payment(1), payment(2)]})
    with pytest.raises(SeveralSheets):
        read(path, "payments")
    assert read(path, "payments", sheet="二月").table.num_rows == 2
    with pytest.raises(NoSuchSheet):
        read(path, "payments", sheet="三月")
    with pytest.raises(NoSuchSheet):
        read(payments(tmp_path, payment()), "payments", sheet="一月")
    write_rows(path, {"说明": [["本表由某县填报"]], "一月": [PAYMENTS, payment()]})
    assert read(path, "payments").sheet == "一月"


def test_csv_workbook_and_parquet_agree(tmp_path: Path) -> None:
    """The same rows give the same table, lines included, from CSV, XLSX and Parquet."""
    rows = [payment(), payment(1, 金额="12.5"), payment(2, 待遇类型="补发")]
    plain = read(payments(tmp_path, *rows, name="a.csv"), "payments").table.drop_columns(["file"])
    write_rows(tmp_path / "a.xlsx", {"s": [PAYMENTS, *rows]})
    parquet.write_table(pa.table({name: [row[place] for row in rows] for place, name in enumerate(PAYMENTS)}), tmp_path / "a.parquet")
    for name in ("a.xlsx", "a.parquet"):
        assert read(tmp_path / name, "payments").table.drop_columns(["file"]).equals(plain)


def test_parquet_with_typed_columns(tmp_path: Path) -> None:
    """Whole numbers, decimals and dates in Parquet are read like their text; exact long integers are no damage."""
    table = pa.table(
        {
            "险种": ["R"],
            "统筹区": pa.array([620821], pa.int64()),
            "证件号码": pa.array([int(NUMBERS[0][:17] + "0")], pa.int64()),
            "姓名": ["甲"],
            "所属期": pa.array([202403], pa.int32()),
            "发放日期": pa.array([date(2024, 3, 15)]),
            "金额": pa.array([139], pa.int64()).cast(pa.decimal128(21, 2)),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    row = read(tmp_path / "a.parquet", "payments").table.to_pylist()[0]
    assert (row["region"], row["period"], row["paid_on"], row["amount"], row["damaged"], row["line"]) == ("620821", 202403, date(2024, 3, 15), 13900, False, 2)


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    """A list may be empty; the table then has its columns and no row."""
    for path in (payments(tmp_path), payments(tmp_path, last_end=False, name="b.csv")):  # type: ignore[arg-type]
        taken = read(path, "payments")
        assert taken.table.num_rows == 0 and taken.control == (0, 0) and "amount" in taken.table.column_names
    write_rows(tmp_path / "a.xlsx", {"s": [PAYMENTS]})
    assert read(tmp_path / "a.xlsx", "payments").table.num_rows == 0


def test_an_old_workbook(tmp_path: Path) -> None:
    """XLS (BIFF8, made by hand from synthetic rows): title, unit line, dates, a damaged number and a total."""
    taken = read(Path(__file__).parent / "data" / "payments.xls", "payments")
    assert taken.kind == "xls" and taken.header.header_line == 3 and taken.control == (2, 23950) and taken.totals[0].line == 6
    assert taken.table["damaged"].to_pylist() == [False, True] and taken.table["paid_on"].to_pylist() == [date(2024, 3, 15)] * 2
