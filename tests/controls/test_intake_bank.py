"""Bank and treasury statements as they come: marks of the side, accounts above the header, either order of time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from controls.intake import doubts
from controls.intake.errors import BalanceBroken, MissingColumn
from controls.intake.reader import Taken, read
from tests.controls.intake_files import write_csv


def take(folder: Path, *lines: str, **how: Any) -> Taken:
    """Reads comma-separated lines as a statement."""
    return read(write_csv(folder / "对账单.csv", [line.split(",") for line in lines]), "bank", **how)


@pytest.mark.parametrize(("out", "into"), [("借", "贷"), ("D", "C"), ("支出", "收入"), ("-", "+"), ("转出", "转入"), ("付", "收")])
def test_one_amount_beside_a_mark(tmp_path: Path, out: str, into: str) -> None:
    """An unsigned amount takes its side from the mark; the balance is proved."""
    taken = take(tmp_path, "账号,交易日期,金额,借贷标志,余额", f"6217,2024-03-01,100.00,{into},1100.00", f"6217,2024-03-02,30.00,{out},1070.00")
    assert [(row["debit"], row["credit"]) for row in taken.table.to_pylist()] == [(0, 10000), (3000, 0)] and not taken.rejects


def test_a_negative_amount_takes_back_on_its_side(tmp_path: Path) -> None:
    """借 −30 raises the balance: a payment taken back."""
    taken = take(tmp_path, "账号,交易日期,金额,收支标志,余额", "6217,2024-03-01,100.00,支出,900.00", "6217,2024-03-02,-30.00,支出,930.00")
    assert [(row["debit"], row["credit"]) for row in taken.table.to_pylist()] == [(10000, 0), (-3000, 0)]


def test_a_mark_that_is_blank_or_unknown(tmp_path: Path) -> None:
    """Neither is guessed: the row is in error."""
    head = "账号,交易日期,交易金额,借贷标志,余额"
    taken = take(tmp_path, head, "6217,2024-03-01,100.00,,1100.00", "6217,2024-03-02,30.00,7,1070.00", "6217,2024-03-02,1,贷,1")
    assert [(error.line, error.column, error.code) for error in taken.rejects] == [(2, "借贷标志", "SB2101"), (3, "借贷标志", "SB2109")]
    assert taken.table.column("line").to_pylist() == [4]


def test_without_a_mark_the_sign_decides(tmp_path: Path) -> None:
    """One signed amount: what is below zero went out."""
    taken = take(tmp_path, "账号,交易日期,发生额,余额", "6217,2024-03-01,100.00,1100.00", "6217,2024-03-02,-30.00,1070.00")
    assert [(row["debit"], row["credit"]) for row in taken.table.to_pylist()] == [(0, 10000), (3000, 0)]


def test_account_and_period_above_the_header(tmp_path: Path) -> None:
    """账号：… in a title row holds for every line and is said to; a movement outside the title's period is asked about."""
    taken = take(
        tmp_path,
        "XX银行对账单,,,,",
        "账号：6217 0001 2345 6789  户名：某县社保局支出户,,,,",
        "起止日期：2024-03-01至2024-03-31,,期初余额,1000.00,",
        "交易日期,摘要,支出,收入,余额",
        "2024-03-01,利息,,100.00,1100.00",
        "2024-04-02,发放,30.00,,1070.00",
    )
    assert taken.table.column("account").to_pylist() == ["6217000123456789"] * 2
    found = doubts.find(taken)
    assert {"SB2048", "SB2159"} <= {doubt.code for doubt in found}
    outside = next(doubt for doubt in found if doubt.code == "SB2159")
    assert (outside.cell, outside.line, outside.level) == ("A6", 6, "ask") and "2024-03-01 至 2024-03-31" in outside.zh
    above = next(doubt for doubt in found if doubt.code == "SB2048")
    assert "6789" in above.zh and "6217" not in above.zh
    assert "6217 0001 2345 6789" in next(doubt for doubt in doubts.find(taken, reveal=True) if doubt.code == "SB2048").zh


def test_label_and_account_in_two_cells(tmp_path: Path) -> None:
    """账号 in one cell and the number in the next will do; without either the column is missing."""
    head = "交易日期,摘要,借方发生额,贷方发生额,余额"
    assert take(tmp_path, "账号,6217000123456789,,,", head, "2024-03-01,利息,,1.00,1.00").table.column("account")[0].as_py() == "6217000123456789"
    with pytest.raises(MissingColumn) as refused:
        take(tmp_path, "XX银行对账单,,,,", head, "2024-03-01,利息,,1.00,1.00")
    assert refused.value.facts["missing"] == "账号"


def test_opening_and_closing_of_the_title_are_compared(tmp_path: Path) -> None:
    """Opening + movements = closing, forwards and newest first; a title that says otherwise is asked about."""
    title = "账号：6217000123456789  期初余额：{}  期末余额：{},,,"
    head = "交易日期,支出,收入,余额"
    rows = ["2024-03-01,,100.00,1100.00", "2024-03-02,30.00,,1070.00"]
    for lines in (rows, rows[::-1]):
        sound = take(tmp_path, title.format("1000.00", "1070.00"), head, *lines)
        assert [doubt for doubt in doubts.find(sound) if doubt.code == "SB2159"] == []
        wrong = [doubt for doubt in doubts.find(take(tmp_path, title.format("999.00", "1071.00"), head, *lines)) if doubt.code == "SB2159"]
        assert ["相差 -1.00 元" in wrong[0].zh, "相差 1.00 元" in wrong[1].zh] == [True, True]
    with pytest.raises(BalanceBroken):
        take(tmp_path, title.format("1", "1"), head, rows[0], "2024-03-02,30.00,,1071.00")


@pytest.mark.parametrize(
    "text", ["2024-03-05 10:11:12", "20240305101112", "20240305 101112", "2024年3月5日 10时11分12秒", "2024/3/5 9:05", "2024-03-05T10:11:12"]
)
def test_a_time_behind_the_date(tmp_path: Path, text: str) -> None:
    """The time of a transaction is dropped, however it is written; 交易时间 alone stands for the date."""
    taken = take(tmp_path, "账号,交易时间,支出,收入,余额", f"6217,{text},,1.00,1.00")
    assert taken.table.column("on").to_pylist() == [date(2024, 3, 5)]


def test_a_statement_in_the_units_view_is_told_apart(tmp_path: Path) -> None:
    """Where 借方 raises the balance in every line the refusal says so, and how to name the columns; a broken one says nothing of the kind."""
    head = "账号,日期,借方,贷方,余额"
    rows = ["6217,2024-03-01,100.00,,1100.00", "6217,2024-03-02,,30.00,1070.00", "6217,2024-03-03,5.00,,1075.00"]
    for lines in (rows, rows[::-1]):
        with pytest.raises(BalanceBroken) as refused:
            take(tmp_path, head, *lines)
        assert "把表头改成“收入”“支出”" in refused.value.remedy() and "收入 and 支出" in refused.value.remedy("en")
        assert take(tmp_path, head.replace("借方", "收入").replace("贷方", "支出"), *lines).control == (3, 13500)
    with pytest.raises(BalanceBroken) as refused:
        take(tmp_path, head, rows[0], rows[1].replace("30.00", "31.00"), rows[2])
    assert refused.value.remedy().startswith("向银行")


def test_a_weak_name_gives_way(tmp_path: Path) -> None:
    """Beside 交易日期 the columns 交易时间 and 记账日期 are not read; without it the first of them in the contract's order is."""
    taken = take(tmp_path, "账号,交易时间,交易日期,记账日期,支出,收入,余额", "6217,10:11:12,2024-03-05,2024-03-06,,1.00,1.00")
    assert taken.table.column("on").to_pylist() == [date(2024, 3, 5)] and taken.header.unknown == ["交易时间", "记账日期"]
    taken = take(tmp_path, "账号,交易时间,记账日期,支出,收入,余额", "6217,10:11:12,2024-03-06,,1.00,1.00")
    assert taken.table.column("on").to_pylist() == [date(2024, 3, 6)] and taken.header.unknown == ["交易时间"]
