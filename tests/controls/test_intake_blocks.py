"""Intake block by block: the result never depends on where the blocks are cut, big files leave memory, and equal rows are found."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from controls.intake import cells, judges, spool, texts
from controls.intake.contracts import load
from controls.intake.errors import ChangedMeanwhile, NoRoom, TotalMismatch
from controls.intake.reader import Taken, read
from ledger.errors import Refusal
from ledger.identity import normal_name
from ledger.money import parse_fen
from ledger.sheets import encodings
from ledger.sheets.errors import HalfWritten, TooLarge, WrongEncoding
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv

AMOUNT = PAYMENTS.index("金额")
ODD = {
    "险种": ["R", "", "养老", "居民养老"],
    "统筹区": ["620821", "620821103201", "6208"],
    "证件号码": [*NUMBERS, NUMBERS[0][:-1] + "0", "6.20821E+17", "620821195001015000", "", "H12345678", NUMBERS[1].lower() + " "],
    "姓名": ["甲", "阿卜·买买提", "", "合计", "长" * 2001],
    "待遇类型": ["基础养老金", "怪项", "", "小计"],
    "所属期": ["2024-03", "202402", "2024-15"],
    "发放日期": ["2024-03-15", "", "昨天", "45366"],
    "金额": ["139.00", "139", "1,000.5", "1.005", "x", "-5.00", "¥7元"],
    "银行账号": ["6217", "6.217E+18", ""],
    "户名": ["甲", '"引', "制表人：乙", "两\n行"],
    "发放状态": ["成功", "不明", ""],
    "流水号": ["001", "", "号" * 3],
}


def said(taken: Taken) -> tuple[Any, ...]:
    """Everything that was read of a file."""
    troubles = [errors.table.to_pylist() for errors in (taken.rejects, taken.warnings)]
    return (
        taken.table.to_pylist(), str(taken.table.schema), *troubles, taken.rejected.to_pylist(), taken.rows_read, taken.control, taken.totals,
        taken.passed_over, taken.unknown_items, taken.unknown_statuses, taken.repeated,
    )  # fmt: skip


def outcome(path: Path, contract: str, block: int, **how: Any) -> Any:
    """What was read, or the refusal."""
    try:
        return said(read(path, contract, block=block, **how))
    except Refusal as refused:
        return refused.code, refused.facts


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, str]:
    """A payments file of a few rows of every ugliness, its encoding, and line ends."""
    rows: list[list[str]] = []
    for _ in range(draw(st.integers(0, 9))):
        match draw(st.integers(0, 9)):
            case 0:
                rows.append([])
            case 1:
                rows.append(["合计", *[""] * (AMOUNT - 1), draw(st.sampled_from(["139.00", "278", ""])), *[""] * (len(PAYMENTS) - AMOUNT - 1)])
            case 2:
                rows.append(list(PAYMENTS))
            case 3:
                rows.append(payment()[: draw(st.integers(1, 11))])
            case 4:
                rows.append([*payment(), "多", ""])
            case 5:
                rows.append(["制表人：乙", *[""] * (len(PAYMENTS) - 1)])
            case 6:
                name = draw(st.sampled_from(PAYMENTS))
                rows.append(payment(**{name: draw(st.sampled_from(ODD[name]))}))
            case _:
                rows.append(payment(draw(st.integers(0, 1))))
    text = io.StringIO(newline="")
    ends = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(text, lineterminator=ends, quoting=quoting).writerows([*([["发放表"], ["单位：元"]] if draw(st.booleans()) else []), PAYMENTS, *rows])
    written = text.getvalue()
    if draw(st.booleans()):
        written += draw(st.sampled_from([",".join(payment()), '"甲"x,1' + ends, "   ", ends * 2, ",,,", ",".join(payment()[:4])]))
    encoding = draw(st.sampled_from(["utf-8", "gb18030"]))
    return written.encode(encoding), encoding


@settings(max_examples=120, deadline=None)
@given(files(), st.integers(1, 200))
@example((b"", "utf-8"), 1)
def test_where_blocks_are_cut_does_not_matter(tmp_path_factory: pytest.TempPathFactory, made: tuple[bytes, str], block: int) -> None:
    """Blocks of a few bytes give the table, rejects, warnings, totals and refusals of one block."""
    path = tmp_path_factory.mktemp("blocks") / "发放.csv"
    path.write_bytes(made[0] or (",".join(PAYMENTS) + "\n").encode())
    assert outcome(path, "payments", block, encoding=made[1]) == outcome(path, "payments", 1 << 27, encoding=made[1])


@pytest.mark.parametrize("block", [1, 40, 90, 1 << 20])
def test_what_earlier_rows_say_crosses_blocks(tmp_path: Path, block: int) -> None:
    """Vouchers filled down, blocks of vouchers, running numbers of a roster and the balance of a statement are as in one block."""
    vouchers = [
        "凭证日期,凭证字,凭证号,摘要,科目编号,借方金额,贷方金额",
        "2024-03-01,记,1,甲,5001,1,",
        ",,,乙,1004,,1",
        "",
        "2024-03-02,,,丙,5001,2,",
        ",,2,丁,1004,,2",
    ]
    (tmp_path / "凭证.csv").write_text("\n".join(vouchers) + "\n", encoding="utf-8")
    taken = read(tmp_path / "凭证.csv", "vouchers", block=block)
    found = {name: [str(value) for value in taken.table.column(name).to_pylist()] for name in ("on", "kind", "number", "block")}
    first, later = "2024-03-01", "2024-03-02"
    assert found == {"on": [first, first, later, later], "kind": ["记", "记", "", ""], "number": ["1", "1", "", "2"], "block": ["1", "1", "2", "2"]}
    roster = [
        ["险种", "证件号码", "姓名", "待遇类型", "所属期", "实发金额", "银行账号", "户名"],
        *(["R", NUMBERS[at], "甲", "基础养老金", "202403", "1", "62", "甲"] for at in range(3)),
    ]
    assert read(write_csv(tmp_path / "册.csv", roster), "roster", block=block).table.column("seq").to_pylist() == [1, 2, 3]
    bank = ["账号,交易日期,摘要,借方金额,贷方金额,余额", "1,,期初余额,,,10", "1,2024-03-01,收,,5,15", "1,2024-03-02,付,3,,12"]
    path = tmp_path / "对账单.csv"
    path.write_text("\n".join(bank) + "\n", encoding="utf-8")
    assert read(path, "bank", block=block).control == (2, 800)
    path.write_text("\n".join([*bank[:-1], "1,2024-03-02,付,3,,13"]) + "\n", encoding="utf-8")
    assert outcome(path, "bank", block)[0] == "SB2027"


@pytest.mark.parametrize("block", [1, 1 << 20])
def test_parquet_in_blocks(tmp_path: Path, block: int) -> None:
    """A Parquet file read a row at a time gives what it gives at once, damaged numbers and lines included."""
    rows = [payment(), payment(1), payment(2, 金额="x")]
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(PAYMENTS)})
    table = table.set_column(table.column_names.index("银行账号"), "银行账号", pa.array([6.2e17, 62.0, None]))
    parquet.write_table(table, tmp_path / "a.parquet")
    taken = read(tmp_path / "a.parquet", "payments", block=block)
    assert taken.table.column("line").to_pylist() == [2, 3] and taken.table.column("account").to_pylist() == ["", "62"]
    assert [(error.line, error.code) for error in taken.rejects] == [(4, "SB2102")]
    assert [(warning.line, warning.code) for warning in taken.warnings] == [(2, "SB2131")]


@pytest.mark.parametrize("name", ["姓名", "流水号", "备注"])
def test_parquet_with_bytes_that_are_no_text_is_refused(tmp_path: Path, name: str) -> None:
    """SB2006: a Parquet file whose strings are not UTF-8 is broken, in columns that are read and in those that are not."""
    row = dict(zip(PAYMENTS, payment(), strict=True)) | {"备注": "注"}
    columns = {each: pa.array([value, value]) for each, value in row.items()}
    columns[name] = pa.array([b"a", b"\xff\xfe"], pa.binary()).view(pa.string())
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    with pytest.raises(HalfWritten):
        read(tmp_path / "a.parquet", "payments")


def test_the_same_rows_twice(tmp_path: Path) -> None:
    """SB2138: a row equal to an earlier one in every column stays in and is warned of with that one's line; amounts are equal however written."""
    rows = [payment(), payment(1), payment(金额="139"), payment(流水号="9"), payment(), payment(1, 金额="x"), payment(1, 金额="x")]
    taken = read(payments(tmp_path, *rows), "payments", block=70)
    assert [(warning.line, warning.column, warning.value, warning.code) for warning in taken.warnings] == [
        (4, "整行", "2", "SB2138"), (6, "整行", "2", "SB2138"),
    ]  # fmt: skip
    assert taken.repeated == 2 and taken.table.num_rows == 5 and "第 2 行" in taken.warnings[0].reason_zh


def test_a_running_number_does_not_hide_the_same_row(tmp_path: Path) -> None:
    """In a roster 序号 differs by its nature and is not compared."""
    header = ["序号", "险种", "证件号码", "姓名", "待遇类型", "所属期", "实发金额", "银行账号", "户名"]
    row = ["R", NUMBERS[0], "甲", "基础养老金", "202403", "1", "62", "甲"]
    taken = read(write_csv(tmp_path / "册.csv", [header, ["1", *row], ["2", *row]]), "roster")
    assert taken.repeated == 1 and taken.warnings[0].code == "SB2138"


def test_equal_hashes_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are the same only if their cells are, whatever the hash says."""
    from controls.intake import repeats, taking

    monkeypatch.setattr(repeats, "of_rows", lambda table, lines, hashes: hashes * 0)
    assert taking.repeats is repeats
    taken = read(payments(tmp_path, payment(), payment(1), payment(), payment(2)), "payments")
    assert [(warning.line, warning.value) for warning in taken.warnings] == [(4, "2")]


def test_a_big_file_lies_on_disk_until_it_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Canonical rows, rejects and warnings leave memory; the files are private, read the same, move to their place, and vanish with what was read."""
    rows = [payment(at % 4, 流水号=str(at), 金额="x" if at % 5 == 0 else "1", 证件号码="1" if at % 3 == 0 else NUMBERS[at % 4]) for at in range(60)]
    path = payments(tmp_path, *rows)
    small = said(read(path, "payments"))
    monkeypatch.setattr(spool, "HELD_ROWS", 10)
    monkeypatch.setattr(spool, "HELD_BYTES", 100)
    folder = tmp_path / "暂存"
    folder.mkdir()
    taken = read(path, "payments", block=500, folder=folder)
    assert said(taken) == small
    (laid,) = [each for each in folder.iterdir() if each.suffix == ".parquet"]
    assert taken.rows.source == laid and laid.stat().st_mode & 0o077 == 0
    assert sum(batch.num_rows for batch in taken.batches(["line"])) == taken.control[0] == taken.rows.num_rows
    assert taken.rows.slice(20, 5).equals(taken.table.slice(20, 5)) and taken.rows.column("line").to_pylist() == taken.table.column("line").to_pylist()
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    taken.rows.save(first)
    taken.rows.save(second)
    assert first.read_bytes() == second.read_bytes() and first.stat().st_mode & 0o077 == 0 and list(folder.iterdir()) == []
    again = read(path, "payments", block=500, folder=folder)
    again.rows.save(second)
    assert first.read_bytes() == second.read_bytes() and parquet.read_table(second).equals(taken.table)
    del again
    left = read(path, "payments", block=500, folder=folder)
    del left
    assert list(folder.iterdir()) == []


def test_a_failed_reading_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file refused at its end leaves no file behind; SB2031 when nothing can be laid down."""
    monkeypatch.setattr(spool, "HELD_ROWS", 2)
    monkeypatch.setattr(spool, "HELD_BYTES", 100)
    folder = tmp_path / "暂存"
    folder.mkdir()
    wrong = ["合计", *[""] * (AMOUNT - 1), "1", *[""] * (len(PAYMENTS) - AMOUNT - 1)]
    path = payments(tmp_path, *(payment(at, 金额="x" if at == 2 else "5") for at in range(4)), wrong)
    with pytest.raises(TotalMismatch):
        read(path, "payments", block=50, folder=folder)
    assert list(folder.iterdir()) == []
    with pytest.raises(NoRoom) as refused:
        read(payments(tmp_path, *(payment(at) for at in range(4))), "payments", block=50, folder=tmp_path / "无")
    assert refused.value.status == 2


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """SB2032: somebody writes on while the file is read."""
    path = payments(tmp_path, payment(), payment(1))

    def meddle(done: int, size: int) -> None:
        if 0 < done < size:
            path.write_bytes(path.read_bytes() + b"\n")

    with pytest.raises(ChangedMeanwhile):
        read(path, "payments", block=60, step=meddle)


def test_progress_rises_to_the_whole(tmp_path: Path) -> None:
    """The step is told bytes done and the size, rising, from nothing to everything."""
    path = payments(tmp_path, *(payment(at % 4) for at in range(50)))
    told: list[tuple[int, int]] = []
    read(path, "payments", block=300, step=lambda done, size: told.append((done, size)))
    done = [each for each, _ in told]
    assert done == sorted(done) and len(told) > 5 and told[0][0] == 0 and told[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("name", ["姓名", "流水号", "备注"])
def test_wrong_bytes_far_down_a_gb18030_file_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """SB2003 with its line where the beginning was sound, in read, plain and unknown columns alike; SB2006 where the end is cut."""
    header = [*PAYMENTS, "备注"]
    rows = [dict(zip(header, [*payment(at % 4), "注"], strict=True)) for at in range(40)]
    rows[30][name] = "坏处"
    content = "\n".join([",".join(header), *(",".join(row.values()) for row in rows)]).encode("gb18030") + b"\n"
    monkeypatch.setattr(encodings, "PROVED", 100)
    monkeypatch.setattr(encodings, "BLOCK", 100)
    path = tmp_path / "a.csv"
    path.write_bytes(content.replace("坏处".encode("gb18030"), "坏".encode("gb18030") + b"\xff\xff"))
    with pytest.raises(WrongEncoding) as refused:
        read(path, "payments", block=400)
    assert refused.value.facts["line"] == 32
    path.write_bytes(content.rstrip() + "汉".encode("gb18030")[:-1])
    with pytest.raises((HalfWritten, WrongEncoding)):
        read(path, "payments", block=400)


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    """SB2008: one line longer than any row can be."""
    path = payments(tmp_path, payment(), payment(户名="x" * (17 << 20)))
    with pytest.raises(TooLarge):
        read(path, "payments")


def test_forgotten_texts_are_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hardly a text comes twice, texts are forgotten from time to time; the result is the same."""
    rows = [payment(at % 4, 流水号=str(at // 2), 金额=f"{at % 7}.00", 户名=f"甲{at % 9}") for at in range(80)]
    path = payments(tmp_path, *rows)
    whole = said(read(path, "payments"))
    monkeypatch.setattr(texts, "MOST", 2)
    assert said(read(path, "payments", block=200)) == whole


@given(st.one_of(st.decimals(0, 10**13, places=2).map(str), st.text(st.sampled_from("0123456789.,-¥元 ０．"), max_size=16)))
def test_plain_amounts_at_once_are_what_the_cell_function_says(text: str) -> None:
    """Amounts written plainly are read by Arrow, all others one by one; both are ``cells.amount``."""
    column = load("payments").column("amount")
    judged = judges.scalar(column, cells.amount, pa.int64())(pa.array([text, "12.50"]))
    try:
        wanted = cells.amount(text) if cells.squash(text) else None
    except cells.Bad as error:
        assert judged.errors[0] is error.trouble
    else:
        assert judged.values.to_pylist() == [wanted, 1250] and (0 in judged.errors) == (wanted is None)
    assert parse_fen(str(Decimal("12.50"))) == 1250


@given(st.lists(st.text(st.sampled_from("张阿·•．. ＡaÄ\u3000\u200b龥〇㐀𠮷9"), max_size=5), max_size=6))
def test_plain_names_and_accounts_at_once_are_what_the_functions_say(names: list[str]) -> None:
    """Normal names and accounts of a column are those of the functions for one."""
    assert judges.normal_names(pa.array(names, pa.string())).values.to_pylist() == [normal_name(name) for name in names]
    accounts = [name.replace("张", "6") for name in names]
    judged = judges.account(load("payments").column("account"))(pa.array(accounts, pa.string()))
    assert judged.values.to_pylist() == [cells.account(text) for text in accounts]
