"""Words that stay in the books for ever: one line, readable as printed, and no longer than a voucher has room for."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

from ledger.entries import Entry
from ledger.errors import UNUSABLE, Refusal

LONGEST_SUMMARY = 300
LONGEST = 500
"""Signs of a summary, and of a document's number, an authority, a memo or an axis."""
TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make text read in another order than it is kept."""


class BadWords(Refusal):
    """A text of a voucher that says nothing, is too long, or holds signs that do not print."""

    code = "SB1107"
    zh = "凭证的{what}不能用：{why}。"
    en = "The voucher's {what_en} cannot be used: {why_en}."
    cause_zh = "凭证记账后不能再改；换行、控制字符和改变文字方向的符号会使账页、凭证上看到的与账中的不一样，空白的摘要什么也没有说明。"
    cause_en = "What is posted stays; line feeds, control and direction signs make a page show other than what is kept, and a blank summary says nothing."
    remedy_zh = "改写成一行看得见的文字后重新提出；长的说明写在附件里。"
    remedy_en = "Write one line of visible text and propose it again; put long explanations into an attachment."
    status = UNUSABLE


def check(made: Entry) -> None:
    """Raises SB1107 when a text of the entry is no plain line of text, or its summary says nothing."""
    if not any(sign.isalnum() for sign in made.summary):
        raise BadWords(what="摘要", what_en="summary", why="没有内容", why_en="it says nothing")
    for what, what_en, most, texts in _texts(made):
        for text in texts:
            if len(text) > most:
                raise BadWords(what=what, what_en=what_en, why=f"有 {len(text)} 字，最多 {most} 字", why_en=f"{len(text)} signs, at most {most}")
            if (sign := strange(text)) is not None:
                raise BadWords(what=what, what_en=what_en, why=f"含有 U+{ord(sign):04X}", why_en=f"it holds U+{ord(sign):04X}")


def strange(text: str) -> str | None:
    """The first sign that does not print as itself (control signs, line and paragraph separators, direction marks); None for plain text."""
    return next((sign for sign in text if sign in TURNING or category(sign) in {"Cc", "Cs", "Zl", "Zp"}), None)


def _texts(made: Entry) -> Iterable[tuple[str, str, int, Iterable[str]]]:
    yield "摘要", "summary", LONGEST_SUMMARY, (made.summary,)
    yield "原始凭据号", "source document", LONGEST, (made.source_key, *made.documents)
    yield "依据", "authority", LONGEST, (made.authority,)
    yield "分录摘要", "memo", LONGEST, (line.memo for line in made.lines)
    yield "辅助核算", "axis", LONGEST, (value for line in made.lines for pair in line.dimension for value in pair)
