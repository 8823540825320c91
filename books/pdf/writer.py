"""Inks laid-out pages into PDF bytes: every font embedded as a subset, the same pages always the same bytes.

The canvas begins in a font of the house: with ReportLab's own default even a blank page names an unembedded Helvetica.
Dates in the file are those of the data, not of the clock.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from books.pdf import fonts
from books.pdf.page import Page, Rule, Text
from books.pdf.stamp import INFO_KEY
from books.pdf.style import RED

_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc]
    """Document information with the stamp as a key of its own."""

    stamp = ""

    def format(self, document: Any) -> bytes:
        made = super().format(document)
        return made.rstrip().removesuffix(b">>") + f"/{INFO_KEY} ({self.stamp})\n>>".encode("ascii")


def _canvas(out: io.BytesIO, as_of: str) -> Canvas:
    fonts.load()
    canvas = Canvas(out, initialFontName=fonts.BODY, initialFontSize=10, invariant=1, pageCompression=1, lang="zh-CN")
    doc = canvas._doc
    doc.signature = hashlib.md5(usedforsecurity=False)
    day = _DAY.match(as_of)
    doc._timeStamp.YMDhms = (*(int(part) for part in day.groups()), 0, 0, 0) if day else (2000, 1, 1, 0, 0, 0)
    doc._timeStamp.dhh, doc._timeStamp.dmm = 8, 0
    return canvas


def _ink_text(canvas: Canvas, mark: Text) -> None:
    style = mark.style
    text = canvas.beginText(mark.x, mark.y)
    if style.red:
        text.setFillColorRGB(*RED)
    else:
        text.setFillGray(style.grey)
    if style.spacing:
        text.setCharSpace(style.spacing * style.size)
    for run in mark.runs:
        text.setFont(run.font, style.size)
        text.textOut(run.text)
    if style.spacing:
        text.setCharSpace(0)
    canvas.drawText(text)


def _ink_rule(canvas: Canvas, mark: Rule) -> None:
    canvas.setStrokeGray(mark.grey)
    canvas.setLineWidth(mark.width)
    canvas.line(mark.x1, mark.y1, mark.x2, mark.y2)


def write(pages: Sequence[Page], *, title: str, author: str, subject: str, keywords: str, stamp: str, as_of: str) -> bytes:
    """Pages → PDF. ``stamp`` is the text :func:`books.pdf.stamp.pack` made; ``as_of`` dates the file."""
    out = io.BytesIO()
    canvas = _canvas(out, as_of)
    info = _Info()
    info.title, info.author, info.subject, info.keywords = title, author, subject, keywords
    info.creator = info.producer = "shebao"
    info.stamp = stamp
    canvas._doc.info = info
    for page in pages:
        canvas.setPageSize(page.size)
        canvas.setLineCap(2)
        for mark in page.marks:
            if isinstance(mark, Text):
                _ink_text(canvas, mark)
            else:
                _ink_rule(canvas, mark)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
