"""Vouchers from a file: grouped, matched with the chart and the events, and refused whole with every fault and its line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controls.errors_vouchers import VoucherFileWrong
from controls.voucherfile import Read, entries
from ledger.accounts import BookAccount
from ledger.funds import Fund
from ledger.identity.numbers import check_digit

NAMES = {
    "1003": "财政专户存款", "100301": "财政专户存款-活期存款", "1004": "支出户存款", "1002": "收入户存款", "4201": "利息收入", "420101": "利息收入-存款利息",
    "110109": "暂付款-其他暂付款", "200109": "暂收款-其他暂收款",
}  # fmt: skip
CHART = {
    code: BookAccount(code, name.rpartition("-")[2], name, "D", "asset", "", code not in ("1003", "4201"), "standard", "2018-01-01", "")
    for code, name in NAMES.items()
}  # fmt: skip


def row(line: int, account: str, debit: int = 0, credit: int = 0, **more: Any) -> dict[str, Any]:
    plain = {
        "file": "a.csv", "line": line, "on": date(2026, 1, 20), "kind": "收", "number": "1", "attachments": 2, "summary": "利息", "account": account,
        "account_name": "", "debit": debit, "credit": credit, "id_number": "", "maker": "赵", "reviewer": "孙", "block": 1,
    }  # fmt: skip
    return plain | more


def read(*rows: dict[str, Any]) -> list[Read]:
    return entries(rows, Fund.R, CHART, "旧系统.csv", "ab" * 32)


def wrong(*rows: dict[str, Any]) -> str:
    with pytest.raises(VoucherFileWrong) as refused:
        read(*rows)
    return refused.value.text()


def test_a_voucher_of_several_lines() -> None:
    """One number, one voucher: event, kind, sheets, people and the old number are kept; a line's own summary is its memo."""
    (one,) = read(row(2, "100301", 500, account_name="财政专户存款-活期存款"), row(3, "420101", credit=500, summary="另述", account_name="存款利息"))
    made = one.entry
    assert (made.event, made.kind, made.attachments, made.debit, made.summary) == ("I1", "收", 2, 500, "利息")
    assert (made.source_key, made.authority) == ("import:收-2026-01-1", "导入凭证 收-2026-01-1（原制单赵，原审核孙）")
    assert [(line.account, line.amount, line.memo) for line in made.lines] == [("100301", 500, ""), ("420101", 500, "另述")]
    assert one.line == 2


def test_blank_lines_part_vouchers_without_numbers() -> None:
    """Without a number the blank line decides, and the content and line of the file are the source."""
    second = {"number": "", "block": 2}
    found = read(row(2, "100301", 5, number=""), row(3, "420101", credit=5, number=""), row(5, "1004", 7, **second), row(6, "100301", credit=7, **second))
    assert [one.entry.event for one in found] == ["I1", "P1"]
    assert [one.entry.source_key for one in found] == [f"import:{'ab' * 8}:2", f"import:{'ab' * 8}:5"]


def test_one_number_in_two_months_is_two_vouchers() -> None:
    """Numbers begin anew each month."""
    later = {"on": date(2026, 2, 20)}
    found = read(row(2, "100301", 5), row(3, "420101", credit=5), row(4, "100301", 6, **later), row(5, "420101", credit=6, **later))
    assert [str(one.entry.period) for one in found] == ["2026-01", "2026-02"]


def test_every_fault_is_named_by_its_line() -> None:
    """SB3127: unknown account, a parent, a name that means another account, dates that differ, a voucher that does not balance: all at once."""
    said = wrong(
        row(2, "9999", 5), row(3, "1003", credit=5), row(4, "100301", 5, number="2", account_name="国库存款"), row(5, "420101", credit=5, number="2"),
        row(6, "100301", 5, number="3"), row(7, "420101", credit=5, number="3", on=date(2026, 1, 21)), row(8, "100301", 9, number="4"),
        row(9, "420101", credit=5, number="4"), row(10, "100301", 0, number="5"), row(11, "420101", credit=0, number="5"),
    )  # fmt: skip
    for told in (
        "第 2 行科目 9999 不在本账套的科目表中", "第 3 行科目 1003 财政专户存款 不是末级科目",
        "第 4 行科目 100301 在本账套是“财政专户存款-活期存款”，文件写作“国库存款”",
        "第 7 行日期 2026-01-21 与同一凭证第 6 行不同", "第 8 行起的凭证借贷不平，借方比贷方多 0.04 元", "第 10 行起的凭证有金额为零的行",
    ):  # fmt: skip
        assert told in said


def test_money_moves_as_some_event_allows() -> None:
    """L7: income straight into the expenditure account is no event, whatever file says it; what touches no money needs none."""
    assert "SB1041" in wrong(row(2, "1004", 5), row(3, "1002", credit=5))
    (one,) = read(row(2, "110109", 5), row(3, "200109", credit=5))
    assert (one.entry.event, one.entry.kind) == ("", "收")


def test_an_account_out_of_force_and_a_lone_line() -> None:
    """An account not in force on the day, and a voucher of one line, are faults; many faults are counted."""
    ended = {**CHART, "1004": BookAccount("1004", "支出户存款", "支出户存款", "D", "asset", "", True, "standard", "2018-01-01", "2026-01-01")}
    with pytest.raises(VoucherFileWrong, match="不在有效期内"):
        entries([row(2, "1004", 5), row(3, "100301", credit=5)], Fund.R, ended, "a", "ab" * 32)
    many = [row(line, "9999", 5, number=str(line // 2)) for line in range(2, 27)]
    assert "另有" in wrong(*many)


GOOD = ("62082119500101001", "62082119500101003")
PAID = {**CHART, **{code: BookAccount(code, name, f"社会保险待遇支出-{name}", "D", "expense", "", True, "standard", "2018-01-01", "") for code, name in (
    ("50010104", "县级"), ("500103", "丧葬补助金"))}}  # fmt: skip


def whole(number: str) -> str:
    """A number with its check digit; what is no number stays as it is."""
    return number + check_digit(number) if len(number) == 17 else number


def paid(*rows: dict[str, Any]) -> list[Read]:
    return entries([{**one, "kind": "付"} for one in rows], Fund.R, PAID, "旧系统.csv", "ab" * 32)


def test_persons_named_in_a_voucher_are_rows_of_the_sub_ledger() -> None:
    """证件号码 of 5001 lines: one line an account, and a row a person, item and month; a person is no account and no axis."""
    one, two = (whole(number) for number in GOOD)
    (found,) = paid(
        row(2, "50010104", 100, id_number=one), row(3, "50010104", 50, id_number=two), row(4, "500103", 7, id_number=one), row(5, "50010104", 1, id_number=one),
        row(6, "1004", credit=158),
    )  # fmt: skip
    assert [(line.account, line.side.value, line.amount, line.dimension) for line in found.entry.lines] == [
        ("50010104", "D", 151, ()), ("500103", "D", 7, ()), ("1004", "C", 158, ()),
    ]  # fmt: skip
    told = {(number, period, fen, account) for number, _, period, fen, account in found.persons}
    assert told == {(one, 202601, 101, "50010104"), (one, 202601, 7, "500103"), (two, 202601, 50, "50010104")}
    assert list(found.persons) == sorted(found.persons) and len({row[:3] for row in found.persons}) == 3


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("50010104", 5, 0, "1"), ("1004", 0, 5, "")], "第 2 行证件号码不能用"),
        ([("1004", 0, 5, GOOD[0]), ("50010104", 5, 0, "")], "第 2 行写有证件号码，只有 5001 的借方按人核算"),
        ([("50010104", 5, 0, GOOD[0]), ("500103", 5, 0, ""), ("1004", 0, 10, "")], "第 3 行缺证件号码"),
    ],
)
def test_persons_where_they_cannot_stand(rows: list[tuple[str, int, int, str]], why: str) -> None:
    """SB3127: a number that is none, a person on another account, and persons on some of the lines only."""
    given = [row(line, account, debit, credit, id_number=whole(number)) for line, (account, debit, credit, number) in enumerate(rows, 2)]
    with pytest.raises(VoucherFileWrong) as refused:
        paid(*given)
    assert why in refused.value.text()
