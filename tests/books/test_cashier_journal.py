"""The cashier's journals on paper: the form's columns, pages that carry over, totals, and a digest that a changed fen changes."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import pytest
from pypdf import PdfReader

from books.cashier_journal import SIGNERS, CashierJournal, JournalPaper, JournalRow
from books.documents import journal
from books.pdf.house import Rendered
from books.views import digest
from ledger.money import show
from ledger.months import Month
from tests.books.paper_samples import stamp


def paper(count: int, notes: tuple[str, ...] = ("本月已日结 22 日，最后一日 2026-01-31。",)) -> JournalPaper:
    """A month with ``count`` receipts of rising amounts, three a day, and their totals."""
    rows: list[JournalRow] = []
    balance = 100_000
    day_in = 0
    for number in range(1, count + 1):
        balance += number
        day_in += number
        summary = "代发城乡居民基本养老保险待遇失败退回　云岭县农村商业银行营业部清算中心" if number % 7 == 0 else "收到利息"
        rows.append(JournalRow(1 + number // 3 % 28, f"银行回单 HD20260105{number:06d}", summary, "4201 利息收入", number, None, balance))
        if number % 3 == 0:
            rows.append(JournalRow(0, "", "本日合计", "", day_in, 0, balance, total=True))
            day_in = 0
    whole = sum(range(1, count + 1))
    rows += [JournalRow(0, "", words, "", whole, 0, balance, total=True) for words in ("本月合计", "本年累计")]
    book = CashierJournal("支出户存款日记账", "云岭县农村商业银行", "6200000000001004", Month(2026, 1), 100_000, "上年结转", tuple(rows), notes)
    return JournalPaper(stamp(), SIGNERS, book)


def texts(made: Rendered) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]


def test_the_form_has_its_columns_and_signers() -> None:
    """Title, fund, unit, bank account, the columns of a 日记账, opening, totals, notes, and who signs."""
    (text,) = texts(journal.print_pdf(paper(3)))
    for words in (
        "支出户存款日记账", "编制单位：", "账号：6200000000001004", "凭证种类号数", "摘要", "对方科目", "借方（收入）", "贷方（支出）", "余额", "上年结转",
        "1,000.00", "本日合计", "本月合计", "本年累计", "本月已日结", "会计机构负责人：", "出纳：",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("count", [0, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 40, 41, 42, 43, 300])
def test_every_page_carries_over(count: int) -> None:
    """Each page but the last ends in 过次页 with the sums so far and the balance, and the next begins with the very same as 承前页; no row is lost."""
    made = paper(count)
    rendered = journal.print_pdf(made)
    shown = texts(rendered)
    laid = list(journal.pages(made.statement))
    assert rendered.pages == len(laid) == len(shown)
    for place, text in enumerate(shown):
        assert ("过次页" in text) is (place < len(shown) - 1)
        assert ("承前页" in text) is (place > 0)
    for before, after in pairwise(laid):
        assert [cell.text for cell in before[-1].cells[4:]] == [cell.text for cell in after[0].cells[4:]]
    if len(laid) > 1:
        assert len(laid[-1]) > 3
    receipts = [row.cells[2].text for page in laid for row in page if row.cells[2].text]
    assert len(receipts) == count and len(set(receipts)) == count
    assert "会计机构负责人" in shown[-1] and all("会计机构负责人" not in text for text in shown[:-1])
    if count:
        assert show(made.statement.rows[-1].balance) in shown[-1]


def test_one_fen_changes_the_digest() -> None:
    """C2: the digest covers every figure; a long summary is cut with an ellipsis, never shrunk to nothing."""
    made = paper(3)
    rows = made.statement.rows
    other = replace(made, statement=replace(made.statement, rows=(replace(rows[0], into=2), *rows[1:])))
    assert digest(made) != digest(other)
    long = replace(made, statement=replace(made.statement, rows=(replace(rows[0], summary="长" * 90), *rows[1:])))
    assert "长" * 27 + "…" in texts(journal.print_pdf(long))[0]
