"""库存现金、收入户、财政专户、支出户存款日记账 in the statutory form: 月日, 凭证, 摘要, 对方科目, 借方, 贷方, 余额.

Every turn of the page has 过次页 and 承前页 with the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from books.cashier_journal import CashierJournal, JournalPaper, JournalRow
from books.pdf.house import Document, Note, Rendered, render
from books.pdf.style import A4, MARGIN_FOOT, MARGIN_TOP, META, SUBTITLE, TITLE
from books.pdf.table import Cell, Column, Row, Table
from ledger.money import Fen, show

COLUMNS = (
    Column("月", 4.5, "centre", figures=True),
    Column("日", 4.5, "centre", figures=True),
    Column("凭证种类号数", 30, figures=True),
    Column("摘要", 44, figures=True),
    Column("对方科目", 20, figures=True),
    Column("借方（收入）", 20, "right", figures=True),
    Column("贷方（支出）", 20, "right", figures=True),
    Column("余额", 21, "right", figures=True),
)
HEIGHT = 18.0
HEAD_ROWS = 2
LONGEST = 28
KEPT = 3
SIGNED = 72.0
"""Points kept for the notes and the boxes to sign on the last page."""


def _cap(first: bool, tail: float = 0.0) -> int:
    """Rows of one page under its head."""
    above = MARGIN_TOP + (TITLE.size + 12 if first else SUBTITLE.size + 7) + HEAD_ROWS * META.leading + 6
    return int((A4[0] - above - MARGIN_FOOT - (HEIGHT + 2) - tail) // HEIGHT)


def _fen(fen: Fen | None) -> str:
    return "" if fen is None else show(fen)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _row(month: int, one: JournalRow) -> Row:
    days = (str(month), str(one.day)) if one.day else ("", "")
    texts = (*days, _cut(one.receipt), _cut(one.summary), _cut(one.counter), _fen(one.into), _fen(one.out), _fen(one.balance))
    return Row(tuple(Cell(text, bold=one.total) for text in texts))


def _carried(words: str, into: Fen | None, out: Fen | None, balance: Fen) -> Row:
    return Row(tuple(Cell(text, bold=True) for text in ("", "", "", words, "", _fen(into), _fen(out), _fen(balance))))


BLANK = Row(tuple(Cell() for _ in COLUMNS))


def pages(book: CashierJournal) -> Iterator[list[Row]]:
    """The rows of each page: full ones end in 过次页 with the month's totals so far, the next begins with the same as 承前页."""
    waiting: Sequence[JournalRow] = book.rows
    top = _carried(book.opening_words, None, None, book.opening)
    into = out = 0
    balance = book.opening
    first = True
    while True:
        if len(waiting) + 1 <= _cap(first, SIGNED + 12 * len(book.notes)):
            yield [top, *(_row(book.month.month, one) for one in waiting)]
            return
        room = _cap(first) - 2
        full = room if len(waiting) > room + KEPT else max(0, len(waiting) - KEPT)
        here, waiting = waiting[:full], waiting[full:]
        for one in here:
            balance = one.balance
            if not one.total:
                into, out = into + (one.into or 0), out + (one.out or 0)
        rows = [top, *(_row(book.month.month, one) for one in here)]
        yield [*rows, *[BLANK] * (room - len(here)), _carried("过次页", into, out, balance)]
        top, first = _carried("承前页", into, out, balance), False


def document(paper: JournalPaper) -> Document:
    """The paper as a document."""
    book = paper.statement
    fund = paper.stamp.fund.zh + "基金" if paper.stamp.fund else ""
    bank = f"开户银行：{book.bank}　账号：{book.bank_account}" if book.bank_account else ""
    return Document(
        title=book.title,
        head=((f"险种和制度：{fund}", "", bank), (f"编制单位：{paper.stamp.unit}", book.month.zh(), "单位：元")),
        blocks=(*(Table(COLUMNS, tuple(rows), row_height=HEIGHT) for rows in pages(book)), *(Note(text) for text in book.notes)),
        landscape=True,
    )


def print_pdf(paper: JournalPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)
