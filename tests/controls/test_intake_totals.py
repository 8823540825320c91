"""Totals are recognised, left out and proved against the rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.intake.errors import TotalMismatch
from controls.intake.reader import read
from tests.controls.intake_files import PAYMENTS, payment, payments

WIDTH = len(PAYMENTS)


def total(label: str, amount: str, place: int = 0) -> list[str]:
    """A total row with its label in one of the first columns."""
    row = [""] * WIDTH
    row[place], row[PAYMENTS.index("金额")] = label, amount
    return row


@pytest.mark.parametrize(
    "label", ["合计", "总计", "合 计", "合　计", "合计：", "小计", "共计", "本页小计", "合计（元）", "合计 2 人", "城关镇小计", "2024年3月合计"]
)
@pytest.mark.parametrize("place", [0, 2, 3, 4])
def test_total_rows_are_left_out_and_proved(tmp_path: Path, label: str, place: int) -> None:
    """However the label is written and in whichever text column it stands."""
    taken = read(payments(tmp_path, payment(), payment(1, 金额="0.55"), total(label, "139.55", place)), "payments")
    assert taken.table.num_rows == 2 and taken.rejects == [] and [(check.line, check.fen) for check in taken.totals] == [(4, 13955)]


@pytest.mark.parametrize("label", ["小计", "合计", "总计"])
def test_a_wrong_total_is_refused_with_both_figures(tmp_path: Path, label: str) -> None:
    """SB2025 names the figure stated, the sum of the rows and the difference; exit status 2."""
    with pytest.raises(TotalMismatch) as refused:
        read(payments(tmp_path, payment(), payment(1), total(label, "1,278.00".replace(",", ""))), "payments")
    said = str(refused.value)
    assert "1,278.00" in said and "278.00" in said and "1,000.00" in said and "第 4 行" in said and refused.value.status == 2


def test_subtotals_count_since_the_last_one(tmp_path: Path) -> None:
    """小计 sums the rows since the last 小计, 合计 all rows."""
    rows = [payment(金额="1"), payment(金额="2"), total("小计", "3"), payment(金额="4"), total("小计", "4"), total("合计", "7")]
    assert len(read(payments(tmp_path, *rows), "payments").totals) == 3
    with pytest.raises(TotalMismatch):
        read(payments(tmp_path, *rows[:4], total("小计", "7"), total("合计", "7"), name="b.csv"), "payments")


def test_a_grand_total_may_stand_above_its_rows(tmp_path: Path) -> None:
    """合计 directly below the header sums all rows of the file."""
    assert read(payments(tmp_path, total("合计", "3"), payment(金额="1"), payment(金额="2")), "payments").totals[0].line == 2


def test_groups_with_totals_of_their_own(tmp_path: Path) -> None:
    """Several 合计 by group and one 总计; a 小计 of 小计."""
    rows = [payment(金额="1"), total("合计", "1"), payment(金额="2"), total("合计", "2"), total("总计", "3")]
    assert len(read(payments(tmp_path, *rows), "payments").totals) == 3
    rows = [payment(金额="1"), total("村小计", "1"), payment(金额="2"), total("村小计", "2"), total("乡小计", "3"), total("合计", "3")]
    assert len(read(payments(tmp_path, *rows, name="b.csv"), "payments").totals) == 4


def test_subtotals_by_person(tmp_path: Path) -> None:
    """A 小计 row under each person's items carries the person's number and is a total all the same."""
    rows = [
        payment(金额="1"),
        payment(待遇类型="个人账户养老金", 金额="2"),
        payment(待遇类型="小计", 金额="3"),
        payment(1, 金额="5"),
        payment(1, 待遇类型="小计", 金额="5"),
    ]
    taken = read(payments(tmp_path, *rows), "payments")
    assert taken.control == (3, 800) and len(taken.totals) == 2


def test_names_and_words_that_only_look_like_totals(tmp_path: Path) -> None:
    """A row that has its number is data, whatever longer text holds the word."""
    taken = read(payments(tmp_path, payment(户名="合计划", 待遇类型="个人账户养老金"), payment(1, 户名="会计")), "payments")
    assert taken.table.num_rows == 2 and taken.totals == []


def test_bad_rows_count_in_the_total_as_far_as_they_can_be_read(tmp_path: Path) -> None:
    """A row in error belongs to the total; parts of a fen add up too."""
    rows = [payment(金额="1.005"), payment(险种="Z", 金额="2"), payment(金额="3")]
    taken = read(payments(tmp_path, *rows, total("合计", "6.005")), "payments")
    assert taken.table.num_rows == 1 and taken.totals[0].column == "金额"
    assert read(payments(tmp_path, *rows, total("合计", "6.01"), name="b.csv"), "payments").totals
    with pytest.raises(TotalMismatch):
        read(payments(tmp_path, payment(金额="x"), payment(金额="3"), total("合计", "4"), name="c.csv"), "payments")


def test_a_total_without_a_figure_is_left_out(tmp_path: Path) -> None:
    """A total row whose amount is blank proves nothing; one with a word for its figure is refused."""
    taken = read(payments(tmp_path, payment(), total("合计", "")), "payments")
    assert taken.table.num_rows == 1 and taken.totals == []
    with pytest.raises(TotalMismatch):
        read(payments(tmp_path, payment(), total("合计", "一百三十九"), name="b.csv"), "payments")


def test_short_total_rows(tmp_path: Path) -> None:
    """A total row with fewer cells than the header is a total, not a damaged row; also as the last line without its end."""
    short = total("合计", "139.00")[: PAYMENTS.index("金额") + 1]
    for last_end in (True, False):
        taken = read(payments(tmp_path, payment(), short, last_end=last_end, name=f"{last_end}.csv"), "payments")  # type: ignore[arg-type]
        assert taken.rejects == [] and taken.totals[0].fen == 13900


def test_the_label_may_stand_in_an_unknown_column(tmp_path: Path) -> None:
    """序号 is no column of payments; its cell may hold 合计."""
    header = ["序号", *PAYMENTS]
    taken = read(payments(tmp_path, ["1", *payment()], ["合计", *total("", "139")], header=header), "payments")
    assert taken.table.num_rows == 1 and taken.totals[0].fen == 13900 and taken.header.unknown == ["序号"]


def test_many_totals_are_proved_quickly(tmp_path: Path) -> None:
    """Twenty thousand subtotals take no time that grows with their square."""
    rows = [row for _ in range(20_000) for row in (payment(金额="1"), total("小计", "1"))]
    assert len(read(payments(tmp_path, *rows, total("合计", "20000")), "payments").totals) == 20_001
