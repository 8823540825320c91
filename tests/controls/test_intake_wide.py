"""Wide payment lists: one column a component, each a row of its own, proved against 总额."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controls.intake import contracts
from controls.intake.contracts import Contract
from controls.intake.errors import MissingColumn, TotalMismatch
from controls.intake.reader import Taken, read
from tests.controls.intake_files import NUMBERS, write_csv

A, B = NUMBERS[:2]
FLAT = "险种,统筹区,aac002,aac003,aae003,aae208,aae117,总额,中央基础养老金,省级基础养老金,县级基础养老金,丧葬费,个账个人缴费,个账代缴"


def take(folder: Path, *lines: str, **how: Any) -> Taken:
    """Reads comma-separated lines as payments."""
    return read(write_csv(folder / "宽表.csv", [line.split(",") for line in lines]), "payments", **how)


def test_each_component_becomes_a_row(tmp_path: Path) -> None:
    """Item is the component, source of money its level; zeros and blanks make no row; all parts keep the line of their row."""
    taken = take(tmp_path, FLAT, f"R,620821,{A},甲,202403,202403,1,200.50,143,20,0,,30.50,7", f"R,620821,{B},乙,202403,202403,1,163,143,20,,,,")
    rows = taken.table.select(["line", "name", "item", "item_class", "source", "amount", "period", "paid_month", "status", "has_item"]).to_pylist()
    assert [(row["line"], row["item"], row["source"], row["amount"]) for row in rows] == [
        (2, "基础养老金", "中央", 14300),
        (2, "基础养老金", "省级", 2000),
        (2, "个人账户养老金", "个人缴费", 3050),
        (2, "个人账户养老金", "代缴", 700),
        (3, "基础养老金", "中央", 14300),
        (3, "基础养老金", "省级", 2000),
    ]
    assert {(row["item_class"], row["has_item"], row["status"]) for row in rows} == {("pension", True, "paid")}
    assert {(row["period"], row["paid_month"]) for row in rows} == {(202403, 202403)}
    assert taken.control == (6, 36350) and taken.rows_read == 2 and not taken.rejects


def test_a_total_that_differs_is_an_error_of_its_row(tmp_path: Path) -> None:
    """Both figures are named; the other rows are taken."""
    taken = take(tmp_path, FLAT, f"R,620821,{A},甲,202403,202403,1,201,143,20,0,,30.50,7", f"R,620821,{B},乙,202403,202403,1,163,143,20,,,,")
    assert [(error.line, error.column, error.code) for error in taken.rejects] == [(2, "金额", "SB2140")]
    assert "201.00，200.50" in taken.rejects[0].reason_zh
    assert taken.table.column("line").unique().to_pylist() == [3]


def test_two_header_rows_as_the_county_writes_them(tmp_path: Path) -> None:
    """基础养老金 over 中央 … and 个账 over 个人缴费 … are components; totals are proved on each."""
    upper = "险种,统筹区,证件号码,姓名,费款所属期,实付年月,支付标志,总额,基础养老金,,,,,丧葬费,个账,,,,,,,,"
    lower = ",,,,,,,,中央,省级,市级,县级,加发,,个人缴费,省补贴,市补贴,县补贴,代缴,集体补助,被征地,退捕渔民,核工业"
    data = f"R,620821,{A},甲,202403,202403,已支付,1001,143,20,1,2,3,800,10,9,8,1,1,1,1,0.5,0.5"
    taken = take(tmp_path, "基础养老金发放查询,,,,,,,,,,,,,,,,,,,,,,", upper, lower, data, "合计,,,,,,,1001,143,20,1,2,3,800,10,9,8,1,1,1,1,0.5,0.5")
    assert len(taken.totals) == 16 and {"金额", "基础养老金中央", "丧葬费", "个账核工业"} <= {total.column for total in taken.totals}
    found = {(row["item"], row["source"]): (row["amount"], row["item_class"]) for row in taken.table.to_pylist()}
    assert len(found) == 15 and found["丧葬费", ""] == (80000, "funeral")
    assert found["基础养老金", "加发"] == (300, "pension") and found["个人账户养老金", "核工业"] == (50, "pension")
    assert sum(fen for fen, _ in found.values()) == 100100
    with pytest.raises(TotalMismatch) as refused:
        take(tmp_path, upper, lower, data, "合计,,,,,,,1001,144,20,1,2,3,800,10,9,8,1,1,1,1,0.5,0.5")
    assert refused.value.facts["column"] == "基础养老金中央"


def test_without_a_total_the_parts_are_the_amount(tmp_path: Path) -> None:
    """总额 may be absent; without any component the amount is required as ever."""
    head = FLAT.replace("总额,", "")
    assert take(tmp_path, head, f"R,620821,{A},甲,202403,202403,1,143,20,,,,7").control == (3, 17000)
    with pytest.raises(MissingColumn) as refused:
        take(tmp_path, "险种,统筹区,证件号码,姓名,所属期", f"R,620821,{A},甲,202403")
    assert refused.value.facts["missing"] == "金额"


def test_the_class_a_row_gives_itself_stays(tmp_path: Path) -> None:
    """A row marked 补发 is arrears in all its parts; one whose parts are all zero stays one row of zero."""
    head = "险种,统筹区,证件号码,姓名,所属期,待遇类型,资金来源,总额,中央基础养老金,丧葬费"
    taken = take(tmp_path, head, f"R,620821,{A},甲,202403,补发,财政,150,143,7", f"R,620821,{B},乙,202403,养老金,财政,0,0,")
    assert [(row["item"], row["item_class"], row["source"], row["amount"]) for row in taken.table.to_pylist()] == [
        ("基础养老金", "arrears", "中央", 14300),
        ("丧葬费", "arrears", "财政", 700),
        ("养老金", "pension", "财政", 0),
    ]


def test_a_long_list_is_read_as_ever(tmp_path: Path) -> None:
    """Without component columns nothing is unfolded."""
    taken = take(tmp_path, "险种,统筹区,证件号码,姓名,所属期,待遇类型,发放金额", f"R,620821,{A},甲,202403,基础养老金,143")
    assert taken.control == (1, 14300) and taken.table.column("source").to_pylist() == [""]


def test_the_wide_layout_is_data() -> None:
    """A contract states its parts; a total that is no column is an error of the file; a dump reads back as itself."""
    contract = contracts.load("payments")
    assert len(contract.parts()) == 15 and Contract.model_validate(contract.model_dump()) == contract
    with pytest.raises(ValueError, match="unknown columns"):
        Contract.model_validate(contract.model_dump() | {"wide": {"total": "none", "parts": ()}})
