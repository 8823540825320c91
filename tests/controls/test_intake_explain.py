"""The explanation of a file as data: what was recognised, left out and doubted, and what an import would end with."""

from __future__ import annotations

import json
from pathlib import Path

from controls.intake import contracts, doubts, kinds
from controls.intake.explain import explain, refused
from controls.intake.outlook import look
from controls.intake.reader import read
from ledger.errors import Refusal
from ledger.months import Month
from ledger.sheets import open_source
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv


def test_everything_recognised_is_said_and_masked(tmp_path: Path) -> None:
    """Columns with their letters and reading, columns left with a hint, rows, totals, sample rows; people masked unless revealed."""
    rows = [payment(), payment(1, 金额="x"), payment(2, 待遇类型="丧葬补助金"), ["合计", *[""] * 6, "278.00", *[""] * 4]]
    path = payments(tmp_path, *([*row, "1"] for row in rows), header=[*PAYMENTS, "流水号码"])
    taken = read(path, "payments")
    told = explain(taken, source=open_source(path))
    assert (told.rows_read, told.rows_good, told.rows_bad, told.fen, told.masked) == (3, 2, 1, 27_800, True)
    amount = next(seen for seen in told.columns if seen.canonical == "金额")
    assert (amount.place, amount.unit, amount.read_as) == ("H", "元", "金额，两位小数")
    assert [(left.found, left.perhaps) for left in told.left] == [("流水号码", "原流水号")]
    assert told.totals == ("第 5 行“合计”金额 278.00 元，与明细相符",)
    assert told.samples[0][:5] == ("2", "R", "620821", f"620821********{NUMBERS[0][-4:]}", "甲*") and told.samples[1][5] == "丧葬补助金（丧葬抚恤）"
    assert NUMBERS[0] not in json.dumps(told.as_json(), ensure_ascii=False)
    assert explain(taken, reveal=True).samples[0][3] == NUMBERS[0]
    (error,) = [one for one in told.doubts if one.level == "error"]
    assert (error.code, error.places, error.count) == ("SB2102", ("H3",), 1) and "203.00" in error.todo


def test_what_an_import_would_end_with(tmp_path: Path) -> None:
    """Errors, questions and names each say their option; with all of them given the file would be taken."""
    taken = read(payments(tmp_path, payment(所属期="2026-01"), payment(1, 待遇类型="老年补贴"), payment(2, 金额="x")), "payments")
    asked = explain(taken, doubts=doubts.find(taken, month=Month(2026, 1))).doubts
    seen = look(taken, asked, {}, accept_valid=False)
    assert seen.status == 2 and seen.either and seen.wanted == ("--item '老年补贴=归类'", "--answer SB2040=yes")
    assert any("1 行错误" in sentence for sentence in seen.outcome)
    whole = read(tmp_path / "发放.csv", "payments", names={"items": {"老年补贴": "allowance"}})
    assert look(whole, asked, {"SB2040": "yes"}, accept_valid=True).outcome == ("导入 2 行，合计 278.00 元；1 行错误写成退回表。",)
    assert look(whole, asked, {"SB2040": "yes"}, accept_valid=True, already="已导入过。").status == 3


def test_a_file_that_cannot_be_read_is_explained_too(tmp_path: Path) -> None:
    """The refusal, what stands in the header, what it may mean, and the kinds that are nearer."""
    path = payments(tmp_path, payment(), header=[name.replace("金额", "实付金额数") for name in PAYMENTS])
    source = open_source(path)
    near = kinds.candidates(path.name, source, {})[:2]
    try:
        read(path, "payments")
    except Refusal as refusal:
        told = refused(path.name, refusal, contract=contracts.load("payments"), candidates=near, source=source)
    assert told.trouble is not None and told.trouble["code"] == "SB2022" and told.status == 2 and told.header_line == 1
    assert [left.found for left in told.left] == ["实付金额数"] and len(told.candidates) == 2 and told.outcome == ("不能导入，没有收下任何数据。",)


def test_doubts_that_only_warn_are_not_asked(tmp_path: Path) -> None:
    """A damaged number is a warning (FORMATS.md): the row stays and no answer is wanted."""
    taken = read(payments(tmp_path, payment(证件号码="6.20821E+17")), "payments")
    told = explain(taken, doubts=doubts.find(taken))
    (damaged,) = [one for one in told.doubts if one.code == "SB2131"]
    assert (damaged.level, damaged.answer, damaged.places) == ("warn", "", ("C2",))
    assert look(taken, told.doubts, {}, accept_valid=False).status == 0


def test_the_same_row_twice_is_asked_where_no_check_finds_it(tmp_path: Path) -> None:
    """In payments the checks find a repeated row, so it is taken with a warning; among recoveries nobody would, so it is asked."""
    twice = read(payments(tmp_path, payment(), payment()), "payments")
    assert {one.code: one.level for one in explain(twice, doubts=doubts.find(twice)).doubts}["SB2138"] == "warn"
    row = [NUMBERS[0], "甲", "R", "2025-01", "2025-03", "600.00", "退款", "2025-06-01"]
    path = write_csv(tmp_path / "追回.csv", [["证件号码", "姓名", "险种", "所属期起", "所属期止", "金额", "方式", "到账日期"], row, row])
    back = read(path, "recoveries")
    asked = {one.code: one for one in explain(back, doubts=doubts.find(back)).doubts}["SB2138"]
    assert (asked.level, asked.answer, asked.places) == ("ask", "--answer SB2138=yes", ("第 3 行",))
