"""Opening balances of person accounts from a file: taken whole with their control totals, doubts by row, once a book."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.person_accounts import opening, ties
from controls.person_accounts.errors import OpeningRefused, OpeningRows
from ledger.months import Month
from tests.shebao.person_account_desk import REGISTER, Accounts, number
from tests.shebao.person_account_steps import DECEMBER, HEAD, balance, opened, opening_file

ANN, BOB, EVE = number(1), number(2), number(3)


@pytest.fixture
def office(tmp_path: Path) -> Accounts:
    """An office with choices made, nothing in its accounts yet."""
    return Accounts(tmp_path / "office")


def test_opening_balances_are_taken_once_with_their_totals(office: Accounts) -> None:
    """A file with people by source becomes balances once another person accepts it; a second file is refused (SB3208)."""
    opened(office, HEAD, f"{ANN},甲,1000.00,300,", f"{BOB},乙,500,,100", "合计,,1500,300,100")
    assert balance(office, ANN) == {"own": 100000, "subsidy_province": 30000}
    assert balance(office, BOB) == {"own": 50000, "government_paid": 10000}
    with office.office.reading() as connection:
        rolled = ties.checks(connection, office.book(), Month(2025, 12))[-1].text
    assert "年初 0.00 + 建账期初 1,900.00 + 记入 0.00 + 转移等 0.00 − 支付 0.00 = 期末 1,900.00 元，2 人" in rolled
    with pytest.raises(OpeningRefused, match="期初余额"):
        opened(office, HEAD, f"{EVE},丙,1,,")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((HEAD, f"{ANN},甲,1,,", f"{ANN},甲,2,,"), "与第 2 行重复"),
        ((HEAD, "620821196001010000,甲,1,,"), "不是有效的证件号码"),
        ((HEAD, f"{ANN},甲,-1,,"), "为负"),
        ((HEAD, f"{ANN},甲,一元,,"), "无法识别"),
        ((HEAD, f"{ANN},甲,1,,", "合计,,2,,"), "各行相加 1.00 元"),
    ],
)
def test_doubtful_rows_keep_the_whole_file_out(office: Accounts, lines: tuple[str, ...], said: str) -> None:
    """SB3209: each doubt is named by line and column, and nothing of the file is taken."""
    with pytest.raises(OpeningRows) as refused:
        opened(office, *lines)
    assert said in refused.value.text()
    assert office.batches() == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("甲,乙", "1,2"), "找不到表头"),
        (("证件号码,捐款", f"{ANN},1"), "不是个人账户的来源"),
        (("证件号码,个人缴费,个人", f"{ANN},1,2"), "重复"),
        (("证件号码,姓名", f"{ANN},甲"), "至少一列来源"),
        ((HEAD, f"{ANN},甲,0,,"), "没有余额"),
    ],
)
def test_a_file_without_its_head_is_refused(office: Accounts, lines: tuple[str, ...], said: str) -> None:
    """SB3208: no head, a source nobody knows, one twice, none, or nothing in them."""
    with pytest.raises(OpeningRefused, match=said):
        opened(office, *lines)


def test_control_totals_and_time_of_an_opening(office: Accounts) -> None:
    """SB3208: persons and fen must be those of the paper, and nothing may be posted before."""
    read = opening_file(office, HEAD, f"{ANN},甲,1,,")
    with office.unit() as work, pytest.raises(OpeningRefused, match="控制合计"):
        opening.propose(work, office.office.now(), REGISTER, office.book(), read, DECEMBER, persons=2, total=100, evidence="x")
    office.contribute("2026-01-05", {(ANN, "own"): 100})
    with office.unit() as work, pytest.raises(OpeningRefused, match="2026-01 已有"):
        opening.propose(work, office.office.now(), REGISTER, office.book(), read, Month(2026, 1), persons=1, total=100, evidence="x")
