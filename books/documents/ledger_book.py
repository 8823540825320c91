"""总账 and 三栏式明细账: 月日, 凭证, 摘要, 借方, 贷方, 借或贷, 余额, every turn of the page with 过次页 and 承前页; and 凭证汇总表."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from books.ledger_book import LedgerBook, LedgerPaper, LedgerRow, SummaryPaper, side_of
from books.pdf.house import Document, Note, Rendered, render
from books.pdf.style import A4, MARGIN_FOOT, MARGIN_TOP, META, SUBTITLE, TITLE
from books.pdf.table import Cell, Column, Row, Table
from ledger.money import Fen, show

COLUMNS = (
    Column("月", 4.5, "centre", figures=True),
    Column("日", 4.5, "centre", figures=True),
    Column("凭证号数", 19, figures=True),
    Column("摘要", 56, figures=True),
    Column("借方", 22, "right", figures=True),
    Column("贷方", 22, "right", figures=True),
    Column("借或贷", 8, "centre", figures=True),
    Column("余额", 22, "right", figures=True),
)
SUMMARY_COLUMNS = (Column("科目编号", 18, figures=True), Column("科目名称", 52), Column("借方发生额", 26, "right", figures=True),
                   Column("贷方发生额", 26, "right", figures=True))  # fmt: skip
HEIGHT = 18.0
LONGEST = 40
KEPT = 3
SIGNED = 60.0
"""Points kept for the boxes to sign on the last page."""


def _cap(first: bool, tail: float = 0.0) -> int:
    """Rows of one page under its head."""
    above = MARGIN_TOP + (TITLE.size + 12 if first else SUBTITLE.size + 7) + 2 * META.leading + 6
    return int((A4[0] - above - MARGIN_FOOT - (HEIGHT + 2) - tail) // HEIGHT)


def _cell(fen: Fen | None, *, bold: bool) -> Cell:
    return Cell() if fen is None else Cell(show(fen), bold=bold, red=fen < 0)


def _row(one: LedgerRow) -> Row:
    summary = one.summary if len(one.summary) <= LONGEST else one.summary[: LONGEST - 1] + "…"
    texts = (str(one.month or ""), str(one.day or ""), one.voucher, summary)
    balance = (Cell(side_of(one.balance), bold=one.total), Cell(show(abs(one.balance)), bold=one.total))
    return Row((*(Cell(text, bold=one.total) for text in texts), _cell(one.debit, bold=one.total), _cell(one.credit, bold=one.total), *balance))


def _carried(words: str, debit: Fen | None, credit: Fen | None, balance: Fen) -> Row:
    return _row(LedgerRow(0, 0, "", words, debit, credit, balance, total=True))


BLANK = Row(tuple(Cell() for _ in COLUMNS))


def pages(book: LedgerBook) -> Iterator[list[Row]]:
    """The rows of each page: full ones end in 过次页 with the month's sums so far and the balance, the next begins with the same as 承前页."""
    waiting: Sequence[LedgerRow] = book.rows
    top = _carried(book.opening_words, None, None, book.opening)
    debit = credit = 0
    balance = book.opening
    first = True
    while True:
        if len(waiting) + 1 <= _cap(first, SIGNED):
            yield [top, *map(_row, waiting)]
            return
        room = _cap(first) - 2
        full = room if len(waiting) > room + KEPT else max(0, len(waiting) - KEPT)
        here, waiting = waiting[:full], waiting[full:]
        for one in here:
            balance = one.balance
            debit, credit = (0, 0) if one.total else (debit + (one.debit or 0), credit + (one.credit or 0))
        yield [top, *map(_row, here), *[BLANK] * (room - len(here)), _carried("过次页", debit, credit, balance)]
        top, first = _carried("承前页", debit, credit, balance), False


def document(paper: LedgerPaper) -> Document:
    """The page of one account as a document."""
    book = paper.statement
    fund = paper.stamp.fund.zh + "基金" if paper.stamp.fund else ""
    span = book.first.zh() if book.first == book.last else f"{book.first.zh()}至{book.last.zh()}"
    return Document(
        title=book.title,
        head=((f"科目：{book.account} {book.name}", "", f"险种：{fund}"), (f"编制单位：{paper.stamp.unit}", span, "单位：元")),
        blocks=tuple(Table(COLUMNS, tuple(rows), row_height=HEIGHT) for rows in pages(book)),
        landscape=True,
    )


def print_pdf(paper: LedgerPaper) -> Rendered:
    """The page of one account as PDF."""
    return render(document(paper), paper)


def print_summary(paper: SummaryPaper) -> Rendered:
    """凭证汇总表 as PDF."""
    made = paper.statement
    fund = paper.stamp.fund.zh + "基金" if paper.stamp.fund else ""
    rows = [
        Row((Cell(row.code), Cell(row.name, indent=row.level), _cell(row.debit, bold=False), _cell(row.credit, bold=False)), bold=not row.level)
        for row in made.rows
    ]
    rows.append(Row((Cell("合计", span=2, align="centre"), _cell(made.debit, bold=True), _cell(made.credit, bold=True)), bold=True))
    span = made.first.zh() if made.first == made.last else f"{made.first.zh()}至{made.last.zh()}"
    head = ((f"险种和制度：{fund}", "", ""), (f"编制单位：{paper.stamp.unit}", span, "单位：元"))
    return render(Document("凭证汇总表", head, (Table(SUMMARY_COLUMNS, tuple(rows)), *(Note(text) for text in made.covers))), paper)
