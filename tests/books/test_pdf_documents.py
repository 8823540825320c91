"""Papers: the form, its head and foot, the stamp inside, and the digest."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from books.documents import balance_sheet, bank_reconciliation, income_statement
from books.pdf import NoStamp, read_stamp
from books.pdf.house import Document, Heading, Note, Rendered, render
from books.pdf.stamp import pack
from books.pdf.style import CELL
from books.pdf.table import Column, Table, row
from books.pdf.text import measure, wrap
from books.statements import income_statement as compute
from books.views import IncomePaper, SignatureBox, Stamped, digest
from ledger.funds import Fund
from ledger.money import show
from tests.books.paper_samples import OCTOBER, TRAIL_HEAD, balance_paper, income_paper, movements, reconciliation_paper, stamp


def text_of(made: Rendered) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]


@pytest.mark.parametrize("fund", list(Fund))
def test_both_statements_of_every_fund_stand_on_one_page_of_a4(fund: Fund) -> None:
    """The balance sheet lies, the income statement stands; neither breaks."""
    for made, size in ((balance_sheet.print_pdf(balance_paper(fund)), (842, 595)), (income_statement.print_pdf(income_paper(fund)), (595, 842))):
        assert made.pages == 1
        box = PdfReader(io.BytesIO(made.pdf)).pages[0].mediabox
        assert (round(box.width), round(box.height)) == size


def test_the_paper_shows_every_line_and_figure_of_the_statement() -> None:
    """One number, every rendering (B4): labels in the order of the form, amounts to the fen."""
    paper = income_paper()
    lines = text_of(income_statement.print_pdf(paper))[0].splitlines()
    body = "\n".join(lines)
    at = -1
    for line in paper.statement.lines:
        found = body.find(line.label, at + 1)
        assert found > at, line.label
        at = found
        assert show(line.current) in body and show(line.cumulative) in body


def test_the_head_and_foot_say_what_the_paper_is() -> None:
    """Unit, fund, form number, period, unit of money, signers, data as of, filter, trail head, digest, page x of y."""
    made = balance_sheet.print_pdf(balance_paper())
    text = text_of(made)[0]
    for words in (
        "资产负债表",
        "险种和制度：城乡居民基本养老保险基金",
        "会社保01表",
        "编制单位：示例县社会保险事业管理局",
        "2026年10月31日",
        "单位：元",
        "单位负责人：",
        "主管会计工作负责人：",
        "会计机构负责人：",
        "复核：",
        "制表：",
        "数据截至：2026-11-03 17:05:22",
        "筛选条件：无",
        f"留痕链头：{TRAIL_HEAD}",
        f"文件摘要：{made.digest}",
        "第 1 页／共 1 页",
    ):
        assert words in text


def test_the_reconciliation_uses_the_words_of_the_form() -> None:
    """财政 words for 1003, both adjusted balances, and the reason of each open item."""
    text = text_of(bank_reconciliation.print_pdf(reconciliation_paper()))[0]
    for words in ("财政专户存款余额调节表", "单位账面余额", "财政专户对账单余额"):
        assert words in text
    for words in ("加：财政已收、单位未收", "加：单位已收、财政未收", "减：财政已付、单位未付", "减：单位已付、财政未付"):
        assert words in text
    assert text.count("调节后余额") == 2 and text.count("18.23") == 2
    assert "账面无同额记录" in text


def test_a_reconciliation_that_does_not_meet_says_so() -> None:
    """What stays unexplained is printed."""
    paper = reconciliation_paper()
    broken = replace(paper, statement=replace(paper.statement, book_balance=paper.statement.book_balance + 5))
    assert "调节后仍相差 0.05 元" in text_of(bank_reconciliation.print_pdf(broken))[0]


def test_a_long_table_repeats_its_head_and_counts_its_pages() -> None:
    """Head row, title with 续 and form head on every page; no row is lost."""
    made = bank_reconciliation.print_pdf(reconciliation_paper(80))
    pages = text_of(made)
    assert made.pages == len(pages) > 3
    assert all("金额" in page and f"共 {len(pages)} 页" in page for page in pages)
    assert all("（续）" in page for page in pages[1:]) and "（续）" not in pages[0]
    assert {f"记-2026-10-{n:04d}" for n in range(80)} <= set(re.findall(r"记-2026-10-\d{4}", "".join(pages)))


def test_signatures_never_stand_alone_on_a_page() -> None:
    """The last rows of a table go with them."""
    columns = (Column("项目", 1), Column("金额", 1, "right", figures=True))
    for count in range(20, 45):
        table = Table(columns, tuple(row(f"第{n}项", "1.00") for n in range(count)))
        for blocks in ((table,), (table, Note("注：一行。" * 20))):
            pages = text_of(render(Document("测试", (("左", "中", "右"),), blocks), income_paper()))
            assert "项目" in pages[-1] and "制表：" in pages[-1]


def test_a_signed_box_shows_name_and_day() -> None:
    """Signed in the system: the name stands on the rule, the day under it."""
    paper = income_paper()
    signed = replace(paper, signatures=(SignatureBox("制表", "张䶮", "2026-11-03"),))
    text = text_of(income_statement.print_pdf(signed))[0]
    assert "张䶮" in text and "2026-11-03" in text


def test_the_same_sheet_gives_the_same_bytes() -> None:
    """Nothing of the clock or of chance is in the file."""
    assert balance_sheet.print_pdf(balance_paper()).pdf == balance_sheet.print_pdf(balance_paper()).pdf


def test_the_bytes_do_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build date in the environment does not get in."""
    first = balance_sheet.print_pdf(balance_paper()).pdf
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert balance_sheet.print_pdf(balance_paper()).pdf == first


def test_the_digest_binds_to_every_fen_and_to_what_the_paper_is_about() -> None:
    """One changed fen, another period, filter or parameter is another digest (C2)."""
    paper = income_paper()
    first = paper.statement.lines[0]
    changed = replace(paper, statement=replace(paper.statement, lines=(replace(first, current=first.current + 1), *paper.statement.lines[1:])))
    stamps = [replace(paper.stamp, **{name: "x"}) for name in ("period", "filter", "book")] + [replace(paper.stamp, parameters=(("annual", "1"),))]
    others = [changed, *(replace(paper, stamp=one) for one in stamps)]
    assert len({digest(one) for one in [paper, *others]}) == 6


def test_the_digest_is_the_same_however_often_a_paper_is_printed_and_signed() -> None:
    """Signatures, the head of the trail and the time of the data are not in it."""
    paper = income_paper()
    later = replace(paper, stamp=replace(paper.stamp, as_of="2026-12-01", trail_head="0" * 64), signatures=(SignatureBox("制表", "张三"),))
    assert digest(later) == digest(paper)


def test_a_paper_proves_itself_from_what_stands_in_it(tmp_path: Path) -> None:
    """The stamp read from the file is enough to compute the sheet again, with the same digest and the same bytes."""
    file = tmp_path / "收支表.pdf"
    file.write_bytes(income_statement.print_pdf(income_paper()).pdf)
    found = read_stamp(file)
    assert (found.kind, found.stamp.fund, found.stamp.period, found.stamp.trail_head) == ("income_statement", Fund.R, "2026-10", TRAIL_HEAD)
    again = IncomePaper(found.stamp, found.signatures, compute(Fund.R, OCTOBER, {}, movements()))
    assert digest(again) == found.digest
    assert income_statement.print_pdf(again).pdf == file.read_bytes()
    assert PdfReader(file).metadata["/Keywords"] == f"shebao-digest:{found.digest}"  # type: ignore[index]


def test_changed_books_no_longer_prove_the_paper(tmp_path: Path) -> None:
    """A later red entry in the month gives another digest than the one in the file."""
    file = tmp_path / "x.pdf"
    file.write_bytes(income_statement.print_pdf(income_paper()).pdf)
    moves = [*movements(), replace(movements()[0], account="420101", debit=0, credit=-1)]
    paper = IncomePaper(read_stamp(file).stamp, (), compute(Fund.R, OCTOBER, {}, moves))
    assert digest(paper) != read_stamp(file).digest


@pytest.mark.parametrize("content", [b"%PDF-1.4 nothing", b"/shebao-stamp (bm9qc29u)", b"/shebao-stamp (e30=)", b"/shebao-stamp (abc)"])
def test_a_file_without_a_usable_stamp_is_refused(tmp_path: Path, content: bytes) -> None:
    """SB4051 for a foreign PDF, text that is no JSON, JSON that is no stamp, and text that is no base64."""
    file = tmp_path / "别处.pdf"
    file.write_bytes(content)
    with pytest.raises(NoStamp, match=r"别处\.pdf"):
        read_stamp(file)


def test_the_last_stamp_counts(tmp_path: Path) -> None:
    """A signature appended to the file repeats the information dictionary."""
    file = tmp_path / "x.pdf"
    made = income_statement.print_pdf(income_paper())
    other = Stamped("income_statement", stamp(period="2026-11"), (), "f" * 64)
    file.write_bytes(made.pdf + f"\n<< /shebao-stamp ({pack(other)}) >>".encode())
    assert read_stamp(file) == other


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    """避头尾, at every width."""
    text = "经核对，财政专户（活期）存款余额为1,234,567.89元；其中：定期存款（三年期）、国债“凭证式”各一笔。"
    for width in range(40, 400, 7):
        lines = wrap(text, CELL, width)
        assert "".join(lines) == text
        assert not any(line[0] in "，。；：）、”" or line[-1] in "（“" for line in lines)
        assert all(measure(line, CELL) <= width for line in lines if len(line) > 12)


def test_figures_shrink_rather_than_wrap() -> None:
    """A very large amount stays on one line inside its column."""
    columns = (Column("项目", 5), Column("金额", 1, "right", figures=True))
    text = text_of(render(Document("测试", (), (Heading("大数"), Table(columns, (row("甲", "123,456,789,012,345.67"),)))), income_paper()))[0]
    assert "123,456,789,012,345.67" in text
