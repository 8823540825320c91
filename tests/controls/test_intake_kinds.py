"""Which kind of file it is: the header is held against every contract, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.intake import contracts, kinds
from controls.intake.kinds import Candidate, fitting, likely, settled
from controls.intake.nearest import column_for, word_for
from ledger.sheets import open_source
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv


def candidates(path: Path, values: dict[str, str], **more: dict[str, str]) -> list[Candidate]:
    """The kinds of a file."""
    return kinds.candidates(path.name, open_source(path), values, **more)  # type: ignore[arg-type]


def test_a_kind_that_reads_only_part_is_no_rival(tmp_path: Path) -> None:
    """A list of payments also has all that people and roster require; the one that reads most of its columns is the kind."""
    found = candidates(payments(tmp_path, payment()), {})
    assert {each.contract for each in found if each.fits} >= {"payments", "roster", "people"}
    assert [each.contract for each in fitting(found)] == ["payments"] and settled(found) == found[0]
    assert found[0].said == "payments（待遇发放明细，认出 12 列）"


def test_equal_kinds_are_both_likely(tmp_path: Path) -> None:
    """Where two kinds read the same columns nothing is settled."""
    header = [*PAYMENTS[:6], "金额", "银行账号", "户名"]
    found = candidates(payments(tmp_path, [*payment()[:6], "1", "2", "3"], header=header), {})
    assert settled(found) is None and {each.contract for each in likely(found)} == {"payments", "roster"}


def test_a_kind_that_lacks_a_column_but_knows_more_unsettles(tmp_path: Path) -> None:
    """A list of payments whose amount has another name is not taken for a list of people."""
    found = candidates(payments(tmp_path, payment(), header=[name.replace("金额", "领取额") for name in PAYMENTS]), {})
    assert [each.contract for each in fitting(found)] == ["people"] and settled(found) is None
    assert likely(found)[0].contract == "payments" and likely(found)[0].missing == ("金额",)
    by_hand = candidates(tmp_path / "发放.csv", {}, columns={"领取额": "金额"})
    assert (chosen := settled(by_hand)) is not None and chosen.contract == "payments"


def test_values_given_count(tmp_path: Path) -> None:
    """A value given with the file stands for its column; one that is no column of a kind rules that kind out."""
    path = write_csv(tmp_path / "a.csv", [["证件号码", "姓名", "死亡日期"], [NUMBERS[0], "甲", "2025-03-05"]])
    assert settled(candidates(path, {})) is None
    found = candidates(path, {"数据来源": "公安"})
    assert (chosen := settled(found)) is not None and chosen.contract == "deaths"
    assert "payments" not in {each.contract for each in found}
    said = kinds.candidates(path.name, open_source(path), {}, sender="公安")
    assert (chosen := settled(said)) is not None and chosen.contract == "deaths"


@pytest.mark.parametrize(("header", "meant"), [("身份证号码（必填项）", "number"), ("开户银行名", "bank"), ("流水号码", "serial"), ("乡村", None)])
def test_a_near_header_is_suggested(header: str, meant: str | None) -> None:
    """A header that nearly is a synonym points at its column; one that is not near at all points nowhere."""
    found = column_for(header, contracts.load("payments"))
    assert (found.id if found is not None else None) == meant
    assert column_for("流水号码", contracts.load("payments"), {"serial", "orig_serial"}) is None


def test_a_near_word_is_suggested() -> None:
    """The nearest of known words, none where none is near."""
    assert word_for("一月发放.cvs", ["一月发放.csv", "二月名单.xlsx"]) == "一月发放.csv"
    assert word_for("诗", ["一月发放.csv"]) == "" and word_for("x", []) == ""
