"""结账表: the closing checklist with both sides and the difference, explanations with their authors, and who proposed and confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from books.closing_paper import CheckRow, ClosingPaper, Explanation
from books.pdf.house import Block, Document, Heading, Note, Rendered, render
from books.pdf.style import CELL, NOTE
from books.pdf.table import Cell, Column, Row, Table
from ledger.money import Fen, show
from ledger.months import Month

SMALL = CELL.but(size=8.0)
CHECKS = (
    Column("编号", 6, figures=True),
    Column("检查", 22),
    Column("性质", 6, "centre", figures=True),
    Column("结果", 7, "centre", figures=True),
    Column("一方（元）", 15, "right", figures=True),
    Column("另一方（元）", 15, "right", figures=True),
    Column("差额（元）", 13, "right", figures=True),
    Column("说明和处理", 50),
)
EXPLAINED = (
    Column("科目", 20),
    Column("余额（元）", 14, "right", figures=True),
    Column("余额由下列各笔构成", 40),
    Column("原因", 30),
    Column("说明人、时间", 18),
)
STEPS = (Column("步骤", 14), Column("签字人", 18), Column("时间", 24, figures=True), Column("备注", 60))


def _fen(fen: Fen | None) -> Cell:
    return Cell() if fen is None else Cell(show(fen), red=fen < 0)


def _check(one: CheckRow) -> Row:
    difference = one.left - one.right if one.left is not None and one.right is not None else None
    words = one.text + (f"　处理：{one.settled}" if one.settled else "")
    heads = (Cell(one.code), Cell(one.name), Cell("必须" if one.hard else "提示"), Cell("通过" if one.ok else "不通过", bold=not one.ok))
    return Row((*heads, _fen(one.left), _fen(one.right), _fen(difference), Cell(words)))


def _explained(one: Explanation) -> Row:
    items = "\n".join(one.items) or "—"
    return Row((Cell(f"{one.account} {one.name}"), _fen(one.balance), Cell(items), Cell(one.reason), Cell(f"{one.author}\n{one.at[:16].replace('T', ' ')}")))


def _blocks(paper: ClosingPaper) -> Iterator[Block]:
    made = paper.statement
    yield Table(CHECKS, tuple(_check(one) for one in made.checks), style=SMALL, row_height=16.0)
    yield Heading("月末余额不为零的说明")
    if made.explanations:
        yield Table(EXPLAINED, tuple(_explained(one) for one in made.explanations), style=SMALL, row_height=16.0)
    else:
        yield Note("月末应为零的科目均为零，或没有说明。", NOTE)
    yield Heading("办理过程")
    rows = tuple(Row((Cell(one.act), Cell(one.who), Cell(one.at[:19].replace("T", " ")), Cell(one.words))) for one in made.steps)
    yield Table(STEPS, rows, style=SMALL, row_height=16.0)


def document(paper: ClosingPaper) -> Document:
    """The paper as a document."""
    made, stamp = paper.statement, paper.stamp
    fund = stamp.fund.zh + "基金" if stamp.fund else ""
    head = ((f"险种和制度：{fund}", "", f"状态：{made.state}"), (f"编制单位：{stamp.unit}", Month.parse(stamp.period).zh(), f"期末结转：{made.method}"))
    return Document("结账表", head, tuple(_blocks(paper)), landscape=True)


def print_pdf(paper: ClosingPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)
