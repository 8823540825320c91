"""Intake row by row: what is in error, what is doubted and taken all the same, and what each is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.intake.errors import BadRows, UnknownNames
from controls.intake.reader import read
from ledger.sheets import write_rows
from ledger.sheets.errors import HalfWritten
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments


def codes(taken: object) -> list[tuple[int, str, str]]:
    """Line, column and code of every reject."""
    return [(error.line, error.column, error.code) for error in taken.rejects]  # type: ignore[attr-defined]


def test_bad_cells_are_rejects_with_line_column_value_and_code(tmp_path: Path) -> None:
    """Each bad cell is named; the good rows are taken."""
    bad = {
        "险种": ("养老", "SB1003"),
        "统筹区": ("6208", "SB2107"),
        "证件号码": ("", "SB2101"),
        "姓名": (" ", "SB2101"),
        "所属期": ("2024-15", "SB2106"),
        "发放日期": ("昨天", "SB2105"),
        "金额": ("1.005", "SB2103"),
    }
    rows = [payment(**{name: value}) for name, (value, _) in bad.items()]
    taken = read(payments(tmp_path, payment(), *rows, payment(金额=""), payment(金额="壹佰")), "payments")
    assert codes(taken) == [
        *((line, name, code) for line, (name, (_, code)) in enumerate(bad.items(), start=3)),
        (10, "金额", "SB2101"),
        (11, "金额", "SB2102"),
    ]
    assert taken.control == (1, 13900) and taken.rows_read == 10
    assert all(error.reason_zh for error in taken.rejects) and taken.rejects[0].value == "养老"


def test_unknown_fund_everywhere_leaves_nothing(tmp_path: Path) -> None:
    """SB1003: an unknown fund is a row error; with --strict the file is refused (SB2028, exit status 2)."""
    path = payments(tmp_path, payment(险种="养老"), payment(险种="Z"))
    taken = read(path, "payments")
    assert taken.table.num_rows == 0 and {error.code for error in taken.rejects} == {"SB1003"}
    with pytest.raises(BadRows) as refused:
        read(path, "payments", strict=True)
    assert refused.value.status == 2 and refused.value.facts["count"] == 2


def test_rows_whose_cells_may_have_shifted(tmp_path: Path) -> None:
    """SB2108: too few or too many cells are a row error; blank surplus cells are not."""
    taken = read(payments(tmp_path, payment()[:-1], [*payment(), "多"], [*payment(), "", ""], payment()), "payments")
    assert codes(taken) == [(2, "整行", "SB2108"), (3, "整行", "SB2108")] and taken.table["line"].to_pylist() == [4, 5]


def test_wrong_quotes_are_a_row_error(tmp_path: Path) -> None:
    """SB2114: a line that cannot be split."""
    path = payments(tmp_path, payment(户名='"甲"x'), payment())
    path.write_text(path.read_text() + ",".join(payment(户名='"两\n行"')) + "\n")
    taken = read(path, "payments")
    assert codes(taken) == [(2, "整行", "SB2114")] and taken.table["line"].to_pylist() == [3, 4]


def test_a_cut_last_row_is_half_written(tmp_path: Path) -> None:
    """SB2006: the last line has fewer cells than the header and no line end; with all its cells it is fine."""
    with pytest.raises(HalfWritten) as refused:
        read(payments(tmp_path, payment(), payment()[:5], last_end=False), "payments")  # type: ignore[arg-type]
    assert refused.value.status == 2 and "第 3 行" in str(refused.value)
    assert read(payments(tmp_path, payment(), payment(), last_end=False, name="b.csv"), "payments").table.num_rows == 2  # type: ignore[arg-type]
    note = read(payments(tmp_path, payment(), ["制表人：乙"], last_end=False, name="c.csv"), "payments")  # type: ignore[arg-type]
    assert note.passed_over == [(3, "注")]
    with pytest.raises(HalfWritten):
        read(payments(tmp_path, payment(), ["合计", ""], last_end=False, name="d.csv"), "payments")  # type: ignore[arg-type]


def test_damaged_numbers_are_warned_of_and_kept_from_matching(tmp_path: Path) -> None:
    """SB2131: scientific form, and a number ending in 000 whose check fails; the row stays. An account is never judged by its end."""
    sound = "620821195001015000"
    rows = [payment(证件号码="6.20821E+17"), payment(证件号码="620821195001017000"), payment(银行账号="6217000000000000000"), payment(银行账号="6.217E+18")]
    taken = read(payments(tmp_path, *rows), "payments")
    assert [(warning.line, warning.column) for warning in taken.warnings if warning.code == "SB2131"] == [(2, "证件号码"), (3, "证件号码"), (5, "银行账号")]
    assert taken.table["damaged"].to_pylist() == [True, True, False, False]
    assert taken.table["number_ok"].to_pylist() == [False, False, True, True]
    assert taken.table["id_raw"].to_pylist()[0] == "6.20821E+17" and taken.table["account"].to_pylist()[2:] == ["6217000000000000000", ""]
    assert sound.endswith("000")


def test_long_numeric_cells_of_a_workbook_are_damaged(tmp_path: Path) -> None:
    """SB2131: a workbook cell stored as a number with more than 15 digits, in identity and account columns."""
    path = tmp_path / "a.xlsx"
    row: list[object] = [*payment()]
    row[2], row[8] = 620821195001010015, 6217000000000000
    write_rows(path, {"s": [PAYMENTS, row, payment(1)]})  # type: ignore[list-item]
    taken = read(path, "payments")
    assert {(warning.line, warning.column, warning.code) for warning in taken.warnings} == {(2, "证件号码", "SB2131"), (2, "银行账号", "SB2131")}
    assert taken.table["damaged"].to_pylist() == [True, False] and taken.table["number_ok"].to_pylist() == [False, True]


def test_failing_numbers_are_warned_of(tmp_path: Path) -> None:
    """SB2132: a wrong check digit stays in the table, not for matching."""
    wrong = NUMBERS[0][:-1] + ("1" if NUMBERS[0][-1] != "1" else "2")
    taken = read(payments(tmp_path, payment(证件号码=wrong)), "payments")
    assert [warning.code for warning in taken.warnings] == ["SB2132"] and taken.table["number_ok"].to_pylist() == [False]


def test_other_documents_are_judged_by_their_own_form(tmp_path: Path) -> None:
    """证件类型 says by which form a number is judged; blank means resident."""
    rows = [[*payment(证件号码="H12345678"), "港澳居民来往内地通行证"], [*payment(证件号码="H12345678"), ""], [*payment(证件号码="E1"), "奇证"]]
    taken = read(payments(tmp_path, *rows, header=[*PAYMENTS, "证件类型"]), "payments")
    assert taken.table["number_ok"].to_pylist() == [True, False, True]
    assert taken.table["id_type"].to_pylist() == ["港澳居民来往内地通行证", "", "奇证"]


def test_unknown_items_and_states_are_asked_for(tmp_path: Path) -> None:
    """Unknown names become other with a warning and a count, or refuse the file (SB2029) when the asker wants to be asked."""
    path = payments(tmp_path, payment(待遇类型="怪项"), payment(待遇类型="怪项"), payment(待遇类型=""), payment(发放状态="不明"))
    taken = read(path, "payments")
    assert taken.unknown_items == {"怪项": 2} and taken.unknown_statuses == {"不明": 1}
    assert taken.table["item_class"].to_pylist() == ["other", "other", "pension", "pension"] and taken.table["status"].to_pylist()[3] == "other"
    assert taken.warnings.counts() == {"SB2133": 2, "SB2134": 1, "SB2136": 1, "SB2138": 1}
    with pytest.raises(UnknownNames) as refused:
        read(path, "payments", unknown="refuse")
    assert "怪项（2 行）" in str(refused.value)
    mapped = read(path, "payments", unknown="refuse", names={"items": {"怪 项": "allowance"}, "status": {"不明": "paid"}})
    assert mapped.table["item_class"].to_pylist()[0] == "allowance"


@pytest.mark.parametrize(
    ("local", "status"),
    [
        ("成功", "paid"),
        ("已支付", "paid"),
        ("1", "paid"),
        ("失败", "failed"),
        ("2", "failed"),
        ("0", "pending"),
        ("3", "written_off"),
        ("退票", "returned"),
        ("扣回", "reversed"),
        ("多拨扣回", "reversed"),
    ],
)
def test_states(tmp_path: Path, local: str, status: str) -> None:
    """Each state of the contract has its class."""
    assert read(payments(tmp_path, payment(发放状态=local)), "payments").table["status"].to_pylist() == [status]


def test_a_reversed_span_is_a_row_error(tmp_path: Path) -> None:
    """SB2113: arrears that end before they begin."""
    header = [*PAYMENTS, "所属期起", "所属期止"]
    taken = read(payments(tmp_path, [*payment(), "2024-01", "2024-03"], [*payment(), "2024-03", "2024-01"], [*payment(), "", ""], header=header), "payments")
    assert codes(taken) == [(3, "所属期止", "SB2113")] and taken.table["span_to"].to_pylist() == [202403, None]


def test_long_cells_are_row_errors(tmp_path: Path) -> None:
    """SB2110: a cell beyond the limit."""
    taken = read(payments(tmp_path, payment(流水号="9" * 2001), payment(户名="长" * 2001)), "payments")
    assert codes(taken) == [(2, "流水号", "SB2110"), (3, "户名", "SB2110")]


def test_a_file_in_error_from_end_to_end(tmp_path: Path) -> None:
    """Every row bad: rejects are columns behind a sequence, and behave like a list."""
    taken = read(payments(tmp_path, *[payment(金额="x") for _ in range(500)]), "payments")
    assert len(taken.rejects) == 500 and taken.rejects[-1].line == 501 and len(taken.rejects[:3]) == 3
    assert taken.rejects.lines() == set(range(2, 502)) and taken.rejected.num_rows == 500 and taken.rejects == list(taken.rejects)
    with pytest.raises(IndexError):
        taken.rejects[500]
