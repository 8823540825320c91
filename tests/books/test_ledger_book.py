"""总账, 明细账 and 凭证汇总表: balances that roll on, totals of month and year, pages that turn, and lines that must agree with the kept balances."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import ledger_export
from books.documents import ledger_book as documents
from books.ledger_book import SIGNERS, BookLine, LedgerBook, LedgerPaper, LinesDiffer, SummaryPaper, ledger_book, voucher_summary
from ledger.balances import Movement
from ledger.months import Month
from tests.books.paper_samples import stamp

DECEMBER, JANUARY, FEBRUARY = Month(2025, 12), Month(2026, 1), Month(2026, 2)
NAMES = {"1004": "支出户存款", "500101": "社会保险待遇支出-基础养老金"}


def line(fen: int, month: Month = JANUARY, account: str = "1004", day: int = 8) -> BookLine:
    """A line of an account, credit when negative."""
    return BookLine(account, month, date(month.year, month.month, day), "付字1号", "发放", max(fen, 0), max(-fen, 0))


def page(lines: list[BookLine], first: Month = JANUARY, last: Month = JANUARY, opening: int = 0) -> LedgerBook:
    """The page of 1004 whose kept balances agree with the lines."""
    sums: dict[Month, list[int]] = {}
    for one in lines:
        held = sums.setdefault(one.month, [0, 0])
        held[0], held[1] = held[0] + one.debit, held[1] + one.credit
    moved = [*(Movement("1004", month, *held) for month, held in sums.items()), Movement("1004", first - 1, opening, 0)]
    return ledger_book("1004", "支出户存款", first, last, moved, [one for one in lines if first <= one.month], NAMES)


def test_balances_roll_and_totals_stand_under_each_month() -> None:
    """Opening from the months before, a balance after each line, 本月合计 and 本年累计, 上年结转 at the turn of the year."""
    made = page([line(500, DECEMBER), line(-200, DECEMBER), line(-100), line(30)], DECEMBER, JANUARY, opening=1000)
    assert (made.opening, made.opening_words, made.closing) == (1000, "上月结转", 1230)
    assert [(row.summary, row.debit, row.credit, row.balance) for row in made.rows] == [
        ("发放", 500, None, 1500), ("发放", None, 200, 1300), ("本月合计", 500, 200, 1300), ("本年累计", 1500, 200, 1300),
        ("上年结转", None, None, 1300), ("发放", None, 100, 1200), ("发放", 30, None, 1230), ("本月合计", 30, 100, 1230), ("本年累计", 30, 100, 1230),
    ]  # fmt: skip


def test_a_general_ledger_has_the_totals_alone() -> None:
    """总账 needs no lines: totals and balances from kept balances."""
    moved = [Movement("1004", JANUARY, 30, 100), Movement("1004", FEBRUARY, 0, 5, 0, 1)]
    made = ledger_book("1004", "支出户存款", JANUARY, FEBRUARY, moved, [], NAMES, general=True)
    assert [(row.summary, row.debit, row.credit, row.balance) for row in made.rows] == [
        ("本月合计", 30, 100, -70), ("本年累计", 30, 100, -70), ("本月合计", 0, 6, -76), ("本年累计", 30, 106, -76),
    ]  # fmt: skip
    assert made.title == "总账" and made.opening_words == "上年结转"


def test_lines_that_differ_from_the_kept_balance_are_not_printed() -> None:
    """SB4080: the page of an account whose lines do not add up to the general ledger is refused (K12)."""
    with pytest.raises(LinesDiffer, match="1004 2026-01"):
        ledger_book("1004", "支出户存款", JANUARY, JANUARY, [Movement("1004", JANUARY, 30, 100)], [line(30)], NAMES)


@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), max_size=90), st.integers(-(10**12), 10**12))
def test_every_page_carries_what_the_one_before_left(amounts: list[int], opening: int) -> None:
    """However many lines: the balance rolls by each line, and 承前页 says what 过次页 said."""
    made = page([line(fen) for fen in amounts], opening=opening)
    assert made.closing == opening + sum(amounts)
    turned = list(documents.pages(made))
    for before, after in pairwise(turned):
        assert [cell.text for cell in before[-1].cells][4:] == [cell.text for cell in after[0].cells][4:]
        assert (before[-1].cells[3].text, after[0].cells[3].text) == ("过次页", "承前页")
    printed = [row for rows in turned for row in rows if row.cells[3].text == "发放"]
    assert len(printed) == len(amounts)


def test_the_same_figures_everywhere(tmp_path: Path) -> None:
    """PDF, CSV and JSON of a page and of a summary say the same, and a detail's name stands beside its line (B4)."""
    lines = [line(100, account="500101"), line(-30, account="500101", day=9)]
    made = ledger_book("5001", "社会保险待遇支出", JANUARY, JANUARY, [Movement("500101", JANUARY, 100, 30)], lines, NAMES)
    paper = LedgerPaper(stamp(), SIGNERS, made)
    assert documents.print_pdf(paper).pages == 1 and documents.print_pdf(paper).pdf == documents.print_pdf(paper).pdf
    files = ledger_export.write_all(paper, tmp_path / "明细账")
    said = json.loads(files[2].read_text("utf-8"))
    assert [row["summary"] for row in said["lines"]] == ["上年结转", "发放〔基础养老金〕", "发放〔基础养老金〕", "本月合计", "本年累计"]
    assert [row["balance"] for row in said["lines"]] == ["0.00", "1.00", "0.70", "0.70", "0.70"]
    assert files[1].read_text("utf-8").count("\n") == 6
    moved = [Movement("500101", JANUARY, 100, 30), Movement("1004", JANUARY, 0, 70)]
    whole = voucher_summary(JANUARY, JANUARY, moved, {**NAMES, "5001": "社会保险待遇支出"}, ["2026年1月 付字第 1 号至第 2 号，共 2 张，附单据 3 张"])
    assert [(row.code, row.name, row.level) for row in whole.rows] == [("1004", "支出户存款", 0), ("5001", "社会保险待遇支出", 0), ("500101", "基础养老金", 1)]
    assert (whole.debit, whole.credit) == (100, 100)
    summed = SummaryPaper(stamp(), SIGNERS, whole)
    assert documents.print_summary(summed).pages == 1
    assert json.loads(ledger_export.write_all(summed, tmp_path / "汇总")[2].read_text("utf-8"))["debit"] == "1.00"
