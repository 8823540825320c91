"""The house style as a page: title, form head, tables, notes, signatures and foot, flowed over as many pages as it takes.

A document module builds a :class:`Document` from a sheet; :func:`render` makes the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from books.pdf import style as house
from books.pdf.fonts import MissingGlyph
from books.pdf.page import Page
from books.pdf.stamp import pack
from books.pdf.style import FOOT, MARGIN_FOOT, MARGIN_TOP, MARGIN_X, META, MIDDLE, NOTE, SIGN, SUBTITLE, THIN, TITLE, Style
from books.pdf.table import Laid, Table
from books.pdf.text import fit, measure, wrap
from books.pdf.writer import write
from books.views import Sheet, SignatureBox, Stamped, digest

SIGN_GAP = 14.0
SIGN_ROOM = 62.0
SIGN_LONGEST = 118.0
SIGN_DROP = 27.0
# Points under a paragraph of body text, and those a heading wants for itself and the beginning of what it heads.
GAP = 5.0
HEADED = 130.0


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph under the tables, in small print unless it says otherwise."""

    text: str
    style: Style = NOTE


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between tables."""

    text: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Where the boxes to sign stand; at the end of a document that does not say."""


Block = Table | Note | Heading | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed. ``head`` are the lines under the title, each as (left, middle, right) texts."""

    title: str
    head: tuple[tuple[str, str, str], ...]
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF: its bytes, pages, digest, and a warning for each character no font could print."""

    pdf: bytes
    pages: int
    digest: str
    warnings: tuple[MissingGlyph, ...]


class _Flow:
    """Lays a document out: a cursor that moves down and turns the page."""

    def __init__(self, document: Document, signatures: tuple[SignatureBox, ...]) -> None:
        self.document = document
        self.signatures = signatures
        self.pages: list[Page] = []
        self.page = self._turn()

    @property
    def x(self) -> float:
        return MARGIN_X

    @property
    def width(self) -> float:
        return self.page.size[0] - 2 * MARGIN_X

    @property
    def room(self) -> float:
        return self.y - MARGIN_FOOT

    def _turn(self) -> Page:
        """A new page with its head; later pages repeat title and form head."""
        self.page = Page(self.document.landscape)
        first = not self.pages
        self.pages.append(self.page)
        wide, high = self.page.size
        title = TITLE if first else SUBTITLE
        self.y = high - MARGIN_TOP - title.size
        words = self.document.title + ("" if first else "（续）")
        self.page.text(wide / 2, self.y, words, fit(words, title, self.width), "centre")
        self.y -= 12 if first else 7
        for left, middle, right in self.document.head:
            self.y -= META.leading
            third = self.width * 0.42
            self.page.text(self.x, self.y, left, fit(left, META, third if middle else self.width * 0.68))
            self.page.text(wide / 2, self.y, middle, META, "centre")
            self.page.text(self.x + self.width, self.y, right, META, "right")
        self.y -= 6
        return self.page

    def table(self, table: Table, tail: float = 0.0) -> None:
        """A table, continued under its head on as many pages as needed; its last rows stay with ``tail`` points of what follows."""
        laid = Laid(table, self.width)
        start, total = 0, len(table.rows)
        while True:
            count = laid.fitting(start, self.room, tail)
            if laid.height(start, count) > self.room and self._begun():
                self._turn()
                continue
            self.y = laid.draw(self.page, self.x, self.y, start, count)
            start += count
            if start >= total:
                break
            self._turn()
        self.y -= 4

    def _begun(self) -> bool:
        """Whether something besides the head stands on the page (then turning it helps)."""
        fresh = self.page.size[1] - MARGIN_TOP - TITLE.size - 12 - len(self.document.head) * META.leading - 6
        return self.y < fresh - 30

    def tail(self, following: Sequence[Block]) -> float:
        """Height of notes and signatures right after a table; nothing when no signature follows."""
        height = 4.0
        for block in following:
            if isinstance(block, Signatures):
                return height + self._sign_height()
            if not isinstance(block, Note):
                break
            height += block.style.leading * len(wrap(block.text, block.style, self.width)) + 1
        return 0.0

    def heading(self, heading: Heading) -> None:
        if self.room < HEADED:
            self._turn()
        self.y -= house.HEAD.leading + 9
        self.page.text(self.x, self.y, heading.text, house.HEAD.but(size=10))
        self.y -= 5

    def note(self, note: Note) -> None:
        for line in wrap(note.text, note.style, self.width):
            if self.room < note.style.leading:
                self._turn()
            self.y -= note.style.leading
            self.page.text(self.x, self.y, line, note.style)
        self.y -= 1 if note.style is NOTE else GAP

    def _sign_lines(self) -> list[list[int]]:
        """Which boxes stand on which line: one line, or two where one is too narrow."""
        count = len(self.signatures)
        labels = sum(measure(box.role + "：", SIGN) for box in self.signatures)
        per_line = count if (self.width - labels) / max(count, 1) - SIGN_GAP >= SIGN_ROOM else (count + 1) // 2
        return [list(range(count))[start : start + per_line] for start in range(0, count, max(per_line, 1))]

    def _sign_height(self) -> float:
        return SIGN_DROP * len(self._sign_lines()) + 12 if self.signatures else 0.0

    def sign(self) -> None:
        """Places to sign: role, rule, and name and day once signed in the system."""
        lines = self._sign_lines()
        if lines and self.room < self._sign_height():
            self._turn()
        labels = [measure(box.role + "：", SIGN) for box in self.signatures]
        for line in lines:
            self.y -= SIGN_DROP
            columns = [labels[i] for i in lines[0]]
            room = min(SIGN_LONGEST, (self.width - sum(columns) - SIGN_GAP * (len(columns) - 1)) / len(columns))
            gap = (self.width - sum(columns) - room * len(columns)) / max(1, len(columns) - 1)
            x = self.x
            for column, i in zip(columns, line, strict=False):
                self._box(self.signatures[i], x, x + labels[i], x + column + room)
                x += column + room + gap
        self.y -= 12

    def _box(self, box: SignatureBox, x: float, begin: float, end: float) -> None:
        self.page.text(x, self.y, box.role + "：", SIGN)
        self.page.rule(begin, self.y - 2.5, end, self.y - 2.5, THIN)
        if box.name:
            self.page.text((begin + end) / 2, self.y, box.name, fit(box.name, SIGN, end - begin), "centre")
        if box.on:
            self.page.text((begin + end) / 2, self.y - 10.5, box.on, FOOT, "centre")


def _missing(pages: list[Page]) -> dict[str, tuple[MissingGlyph, list[int]]]:
    """Each missing character with the pages it stands on."""
    found: dict[str, tuple[MissingGlyph, list[int]]] = {}
    for number, page in enumerate(pages, 1):
        for char, glyph in page.missing.items():
            found.setdefault(char, (glyph, []))[1].append(number)
    return found


def _footnotes(flow: _Flow) -> tuple[MissingGlyph, ...]:
    """A note that lists the characters printed as 〓, in the order of their code points."""
    found = sorted(_missing(flow.pages).items())
    if found:
        listed = "；".join(f"{glyph.code_point}（第 {'、'.join(map(str, numbers))} 页）" for _, (glyph, numbers) in found)
        flow.note(Note(f"〓 为字库缺字，编码依次为：{listed}。"))
    return tuple(glyph for _, (glyph, _) in found)


def _foot(pages: list[Page], stamped: Stamped) -> None:
    """The foot of every page: data as of, head of the trail, digest, page x of y."""
    stamp = stamped.stamp
    shown = f"数据截至：{stamp.as_of}" + f"　　筛选条件：{stamp.filter or '无'}" + f"　　账套：{stamp.book}"
    shown += f"　　本月例外：{stamp.exceptions}" if stamp.exceptions else ""
    for number, page in enumerate(pages, 1):
        left, right, y = MARGIN_X, page.size[0] - MARGIN_X, MARGIN_FOOT - 22
        page.rule(left, y, right, y, MIDDLE, house.GREY)
        number_text = f"第 {number} 页／共 {len(pages)} 页"
        y -= FOOT.leading + 1
        page.text(left, y, shown, fit(shown, FOOT, right - left - measure(number_text, NOTE) - 12))
        page.text(right, y, number_text, NOTE, "right")
        for label, value in (("留痕链头：", stamp.trail_head), ("文件摘要：", stamped.digest)):
            y -= FOOT.leading
            page.text(left, y, label + value, FOOT)


def render(document: Document, sheet: Sheet) -> Rendered:
    """Print ``document``, stamped with what ``sheet`` says of itself. The same input gives the same bytes."""
    stamped = Stamped(kind=sheet.KIND, stamp=sheet.stamp, signatures=sheet.signatures, digest=digest(sheet))
    flow = _Flow(document, sheet.signatures)
    blocks = document.blocks if any(isinstance(block, Signatures) for block in document.blocks) else (*document.blocks, Signatures())
    for number, block in enumerate(blocks, 1):
        if isinstance(block, Table):
            flow.table(block, flow.tail(blocks[number:]))
        elif isinstance(block, Heading):
            flow.heading(block)
        elif isinstance(block, Note):
            flow.note(block)
        else:
            flow.sign()
    warnings = _footnotes(flow)
    _foot(flow.pages, stamped)
    stamp = sheet.stamp
    fund = stamp.fund.book_zh if stamp.fund else ""
    pdf = write(
        flow.pages,
        title=f"{fund}{document.title} {stamp.period}",
        author=stamp.unit,
        subject=f"{stamp.book} {stamp.period}",
        keywords=f"shebao-digest:{stamped.digest}",
        stamp=pack(stamped),
        as_of=stamp.as_of,
    )
    return Rendered(pdf=pdf, pages=len(flow.pages), digest=stamped.digest, warnings=warnings)
