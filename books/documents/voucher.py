"""记账凭证 in the statutory look: kind, date, number, 摘要, 总账科目, 明细科目, 借方, 贷方, 合计 in capitals, 附单据, boxes to sign.

One form a sheet of A5 across, or two a sheet of A4 with a line to cut along. A red amount is red in ink and negative in figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from books.pdf.fonts import MissingGlyph
from books.pdf.house import Rendered
from books.pdf.page import Page
from books.pdf.stamp import pack
from books.pdf.style import A5_ACROSS, FOOT, GREY, HEAD, MIDDLE, SIGN, THICK, THIN, Style
from books.pdf.text import fit, measure, wrap
from books.pdf.writer import write
from books.views import Stamp, Stamped, digest
from books.voucher_paper import FormLine, PrintedVoucher, VoucherForm, VoucherPaper
from ledger.money import Fen, capitals, show

WIDE, HIGH = A5_ACROSS
LEFT, RIGHT = 34.0, WIDE - 52.0
TOP = 336.0
BODY = 190.0
HEADED = 20.0
SUMMED = 23.0
TITLE = Style(bold=True, size=17, spacing=0.3)
META = Style(size=9.2)
CELL = Style(size=9.0)
PAD = 3.5
SMALLEST = 5.6
COLUMNS = (("摘　　要", 0.235), ("总账科目", 0.19), ("明细科目", 0.275), ("借方金额", 0.14), ("贷方金额", 0.14), ("√", 0.026))
BOXES = ("会计主管", "记账", "审核", "出纳", "制单")


class _Sheet(NamedTuple):
    """A form to draw: its voucher and place among all forms of the file."""

    voucher: PrintedVoucher
    form: VoucherForm


def print_pdf(paper: VoucherPaper) -> Rendered:
    """The vouchers as PDF; the same paper gives the same bytes."""
    stamped = Stamped(kind=paper.KIND, stamp=paper.stamp, signatures=paper.signatures, digest=digest(paper))
    sheets = [_Sheet(voucher, form) for voucher in paper.vouchers for form in voucher.forms]
    pages = _pages(sheets, paper)
    missing = {char: glyph for page in pages for char, glyph in page.missing.items()}
    for number, page in enumerate(pages, 1):
        _foot(page, paper.stamp, stamped.digest, f"第 {number} 页／共 {len(pages)} 页", missing)
    stamp = paper.stamp
    fund = stamp.fund.zh + "基金" if stamp.fund else ""
    pdf = write(
        pages, title=f"{fund}记账凭证 {stamp.period}", author=stamp.unit, subject=f"{stamp.book} {stamp.period}",
        keywords=f"shebao-digest:{stamped.digest}", stamp=pack(stamped), as_of=stamp.as_of,
    )  # fmt: skip
    return Rendered(pdf, len(pages), stamped.digest, tuple(missing[char] for char in sorted(missing)))


def _pages(sheets: Sequence[_Sheet], paper: VoucherPaper) -> list[Page]:
    """The sheets on pages: each its own, or two a page with a line to cut along."""
    if paper.layout == "a5":
        pages = [Page(paper=A5_ACROSS) for _ in sheets]
        for page, sheet in zip(pages, sheets, strict=True):
            _draw(page, 0.0, sheet, paper.stamp)
        return pages
    pages = []
    for first in range(0, len(sheets), 2):
        page = Page()
        for place, sheet in enumerate(sheets[first : first + 2]):
            _draw(page, page.size[1] - HIGH * (place + 1), sheet, paper.stamp)
        for dash in range(0, int(WIDE), 9):
            page.rule(dash, page.size[1] / 2, dash + 5, page.size[1] / 2, THIN, GREY)
        pages.append(page)
    return pages


def _draw(page: Page, base: float, sheet: _Sheet, stamp: Stamp) -> None:
    """One form with its lower edge at ``base``."""
    voucher, form = sheet
    middle = (LEFT + RIGHT) / 2
    page.text(middle, base + 380, voucher.title, TITLE, "centre")
    half = measure(voucher.title, TITLE) / 2 + 10
    for drop in (5.0, 7.2):
        page.rule(middle - half, base + 380 - drop, middle + half, base + 380 - drop, MIDDLE)
    day = voucher.day
    page.text(middle, base + TOP + 8, f"{day.year} 年 {day.month} 月 {day.day} 日", META, "centre")
    room = (RIGHT - LEFT) * 0.4
    for drop, text in ((20.0, f"核算单位：{stamp.unit}"), (8.0, f"险种：{stamp.fund.zh if stamp.fund else ''}基金　账套：{stamp.book}")):
        page.text(LEFT, base + TOP + drop, text, fit(text, META, room))
    page.text(RIGHT, base + TOP + 8, form.label, META.but(bold=True, size=10.5), "right")
    _table(page, base, voucher, form)
    _papers(page, base, voucher.attachments)
    _signed(page, base, voucher)
    _links(page, base, voucher)


def _edges() -> list[float]:
    edges, at = [LEFT], LEFT
    whole = sum(share for _, share in COLUMNS)
    for _, share in COLUMNS:
        at += (RIGHT - LEFT) * share / whole
        edges.append(at)
    return edges


def _table(page: Page, base: float, voucher: PrintedVoucher, form: VoucherForm) -> None:
    edges, top = _edges(), base + TOP
    high = BODY / max(form.holds, 1)
    bottom = top - HEADED - BODY - SUMMED
    for (head, _), left, right in zip(COLUMNS, edges, edges[1:], strict=False):
        page.text((left + right) / 2, top - HEADED / 2 - 3.2, head, fit(head, HEAD, right - left - 2), "centre")
    for place in range(form.holds):
        upper = top - HEADED - place * high
        page.rule(LEFT, upper, RIGHT, upper, MIDDLE if not place else THIN)
        if place < len(form.lines):
            _line(page, edges, upper, high, form.lines[place])
    total = bottom + SUMMED
    page.rule(LEFT, total, RIGHT, total, MIDDLE)
    for edge in edges[1:-1]:
        page.rule(edge, top, edge, bottom if edge >= edges[3] else total, THIN)
    _total(page, edges, total, voucher.total if form.last else None)
    for y in (top, bottom):
        page.rule(LEFT, y, RIGHT, y, THICK)
    for x in (LEFT, RIGHT):
        page.rule(x, top, x, bottom, THICK)


def _line(page: Page, edges: Sequence[float], top: float, high: float, line: FormLine) -> None:
    for place, text in enumerate((line.summary, line.general, line.detail)):
        _cell(page, edges[place], edges[place + 1], top, high, text)
    for place, fen in ((3, line.debit), (4, line.credit)):
        _figure(page, edges[place], edges[place + 1], top, high, fen)
    page.text((edges[5] + edges[6]) / 2, top - high / 2 - 3, "√", CELL.but(size=min(8.0, high * 0.6)), "centre")


def _cell(page: Page, left: float, right: float, top: float, high: float, text: str) -> None:
    """Text wrapped into its cell: smaller where it must be, and cut with … where even that is too long."""
    room, style = right - left - 2 * PAD, CELL.but(size=min(CELL.size, high * 0.62))
    lines = wrap(text, style, room)
    while len(lines) * style.size * 1.2 > high - 2 and style.size > SMALLEST:
        style = style.but(size=style.size - 0.4)
        lines = wrap(text, style, room)
    fits = max(1, int((high - 1) // (style.size * 1.2)))
    if len(lines) > fits:
        lines = [*lines[: fits - 1], lines[fits - 1][:-1] + "…"]
    leading = style.size * 1.2
    y = top - (high - len(lines) * leading) / 2 - leading * 0.8
    for one in lines:
        page.text(left + PAD, y, one, style)
        y -= leading


def _figure(page: Page, left: float, right: float, top: float, high: float, fen: Fen | None, *, bold: bool = False) -> None:
    if fen is None:
        return
    style = CELL.but(size=min(CELL.size, high * 0.62), red=fen < 0, bold=bold)
    text = show(fen)
    style = fit(text, style, right - left - 2 * PAD)
    page.text(right - PAD, top - high / 2 - style.size * 0.36, text, style, "right")


def _total(page: Page, edges: Sequence[float], top: float, total: Fen | None) -> None:
    """合计 in capitals and figures on the last form; the others send the reader on."""
    words = "合计（大写）　" + (capitals(total) if total is not None else "（合计见末张）")
    style = CELL.but(bold=True, red=total is not None and total < 0)
    page.text(LEFT + PAD, top - SUMMED / 2 - 3.2, words, fit(words, style, edges[3] - LEFT - 2 * PAD))
    for place in (3, 4):
        _figure(page, edges[place], edges[place + 1], top, SUMMED, total, bold=True)


def _papers(page: Page, base: float, attachments: int) -> None:
    """附单据 n 张 down the right edge."""
    x, y = RIGHT + 17, base + TOP - 52
    for part in (*"附单据", str(attachments), "张"):
        y -= 17
        page.text(x, y, part, META, "centre")


def _signed(page: Page, base: float, voucher: PrintedVoucher) -> None:
    """The boxes of 会计基础工作规范 第五十一条; 出纳 signs receipts and payments."""
    names = ("", voucher.poster, voucher.reviewer, voucher.cashier, voucher.maker)
    room = (RIGHT - LEFT) / len(BOXES)
    y = base + TOP - HEADED - BODY - SUMMED - 19
    for place, (box, name) in enumerate(zip(BOXES, names, strict=True)):
        x = LEFT + place * room
        page.text(x, y, f"{box}：", SIGN)
        begin = x + measure(f"{box}：", SIGN)
        page.rule(begin, y - 2.5, x + room - 10, y - 2.5, THIN)
        page.text((begin + x + room - 10) / 2, y, name, fit(name, SIGN, room - 10 - (begin - x)), "centre")


def _links(page: Page, base: float, voucher: PrintedVoucher) -> None:
    """注销, 订正 and 同笔业务, and the digest of the entry."""
    y = base + TOP - HEADED - BODY - SUMMED - 33
    style = FOOT.but(size=7.4, grey=0.1)
    for text in wrap("；".join(voucher.links), style, RIGHT - LEFT)[:2] if voucher.links else ():
        page.text(LEFT, y, text, style)
        y -= 9
    page.text(LEFT, base + 50, f"凭证摘要：{voucher.digest}", FOOT)


def _foot(page: Page, stamp: Stamp, whole: str, number: str, missing: dict[str, MissingGlyph]) -> None:
    y = 41.0
    page.text(LEFT, y, f"数据截至：{stamp.as_of}　　留痕链头：{stamp.trail_head}", FOOT)
    page.text(LEFT, y - FOOT.leading, f"文件摘要：{whole}", FOOT)
    page.text(RIGHT, y - FOOT.leading, number, FOOT, "right")
    here = "、".join(page.missing[char].code_point for char in sorted(page.missing))
    if here:
        page.text(LEFT, y - 2 * FOOT.leading, f"〓 为字库缺字：{here}", FOOT)
