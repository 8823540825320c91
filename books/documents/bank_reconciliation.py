"""余额调节表 of 收入户, 支出户 or 财政专户, in the usual two columns; the reasons of open items follow as a list."""

from __future__ import annotations

from itertools import zip_longest

from books.pdf.house import Block, Document, Heading, Note, Rendered, Signatures, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table, row
from books.reconcile import Difference, DifferenceKind, ReconciliationStatement
from books.views import ReconciliationPaper
from ledger.money import show

COLUMNS = (
    Column("单位方", 30),
    Column("日期", 12.5, "centre", figures=True),
    Column("凭据号", 18, "centre", figures=True),
    Column("金额", 17, "right", figures=True),
    Column("对账单方", 30, thick=True),
    Column("日期", 12.5, "centre", figures=True),
    Column("凭证号", 18, "centre", figures=True),
    Column("金额", 17, "right", figures=True),
)

ANNEX = (
    Column("序号", 6, "centre", figures=True),
    Column("类别", 19, figures=True),
    Column("日期", 12.5, "centre", figures=True),
    Column("凭证号／凭据号", 19, "centre", figures=True),
    Column("摘要", 27),
    Column("金额", 16, "right", figures=True),
    Column("账龄（天）", 11, "centre", figures=True),
    Column("未达原因", 40),
)


def _item(one: Difference | None) -> tuple[Cell, ...]:
    """Four cells of an open item; blank when the other side has more."""
    if one is None:
        return (Cell(), Cell(), Cell(), Cell())
    return (Cell(one.memo, indent=1.0), Cell(str(one.on)), Cell(_reference(one)), Cell(show(one.amount)))


def _reference(one: Difference) -> str:
    """A voucher label for what the book has, the bank's serial or line for what the statement has."""
    of_book = one.kind in (DifferenceKind.BOOK_IN, DifferenceKind.BOOK_OUT)
    return one.source if of_book else one.ref or one.source


def _head(text: str, amount: int) -> tuple[Cell, ...]:
    """A balance or the sum of one kind of items."""
    return (Cell(text, span=3, bold=True), Cell(show(amount), bold=True))


def _block(sheet: ReconciliationStatement, sign: str, left: DifferenceKind, right: DifferenceKind) -> list[Row]:
    """加 or 减: both sides' sums, then their items beside each other."""
    heads = (_head(f"{sign}：{kind.zh(sheet.holder)}", sheet.total(kind)) for kind in (left, right))
    rows = [Row(tuple(cell for head in heads for cell in head))]
    sides = ([one for one in sheet.differences if one.kind is kind] for kind in (left, right))
    rows += [Row(_item(one) + _item(other)) for one, other in zip_longest(*sides)]
    return rows


def _table(sheet: ReconciliationStatement) -> Table:
    statement = "财政专户对账单余额" if sheet.holder == "财政" else "银行对账单余额"
    rows = [Row(_head("单位账面余额", sheet.book_balance) + _head(statement, sheet.statement_balance))]
    rows += _block(sheet, "加", DifferenceKind.STATEMENT_IN, DifferenceKind.BOOK_IN)
    rows += _block(sheet, "减", DifferenceKind.STATEMENT_OUT, DifferenceKind.BOOK_OUT)
    rows.append(Row(_head("调节后余额", sheet.adjusted_book) + _head("调节后余额", sheet.adjusted_statement)))
    return Table(COLUMNS, tuple(rows), row_height=20.0)


def _verdict(sheet: ReconciliationStatement) -> Note:
    matched = f"本月已核对相符 {len(sheet.matches)} 组，未达账项 {len(sheet.differences)} 笔。"
    if sheet.balanced:
        return Note(matched + "调节后双方余额相等。本表只列差异，不调整账面。")
    return Note(matched + f"调节后仍相差 {show(sheet.unexplained)} 元：以前月份的未达账项未带齐或未调平，请查明。本表只列差异，不调整账面。")


def _annex(sheet: ReconciliationStatement) -> Table:
    rows = (
        row(str(number), one.kind.zh(sheet.holder), str(one.on), _reference(one), one.memo, show(one.amount), str(one.days), one.reason)
        for number, one in enumerate(sheet.differences, 1)
    )
    return Table(ANNEX, tuple(rows), row_height=17.0, style=CELL.but(size=8.8))


def document(paper: ReconciliationPaper) -> Document:
    """The paper as a document."""
    sheet = paper.statement
    day = sheet.month.last_day
    fund = paper.stamp.fund.zh + "基金" if paper.stamp.fund else ""
    blocks: list[Block] = [_table(sheet), _verdict(sheet), Signatures()]
    if sheet.differences:
        blocks += [Heading("未达账项明细及原因"), _annex(sheet)]
    return Document(
        title=sheet.title,
        head=(
            (f"险种和制度：{fund}", "", f"科目：{sheet.account} {sheet.account_name}"),
            (f"编制单位：{paper.stamp.unit}", f"{day.year}年{day.month}月{day.day}日", "单位：元"),
        ),
        blocks=tuple(blocks),
        landscape=True,
    )


def print_pdf(paper: ReconciliationPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)
