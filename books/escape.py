"""The escaping printer: text, amounts, names, keys and tags as Beancount reads them (B3).

A Beancount file is code: a line break inside a narration or a metadata key can open a directive of its own.
So nothing is printed here but quoted text without control characters, integer fen as yuan, and names from
closed lists. ``books.grammar`` proves the same on the finished text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.accounts import BookAccount
from ledger.errors import Refusal
from ledger.money import Fen

CURRENCY = "CNY"

ROOTS: dict[str, str] = {"asset": "Assets", "liability": "Liabilities", "net_asset": "Equity", "income": "Income", "expense": "Expenses"}
"""Accounting element (会计要素) → English root of the account name."""

TAGS = frozenset({"closing", "correction", "payout", "red"})

AXES = frozenset({"bank_account", "document", "entitlement", "party", "town", "township"})
"""Axes of a line (辅助核算) that may stand in a book; any other is left out and counted, since it may name a person (B5)."""

BOOK_KEYS = frozenset({"book", "chart", "code", "side", "title", "valid_to"})
ENTRY_KEYS = frozenset(
    {
        "attachments", "authority", "authority_raw", "book", "closing", "corrects", "digest", "documents", "entry_id", "event", "event_raw", "kind", "kind_raw",
        "maker", "maker_raw", "masked", "number", "payout_amount", "payout_count", "payout_digest", "payout_source", "period", "poster", "poster_raw",
        "recorded_at", "recorded_at_raw", "reviewer", "reviewer_raw", "source_key", "source_key_raw", "summary_raw",
    }
)  # fmt: skip
LINE_KEYS = frozenset(
    {"axes_left_out", "masked", "memo", "memo_raw", "red", "side"} | {f"axis_{axis}" for axis in AXES} | {f"axis_{axis}_raw" for axis in AXES}
)
KEYS = BOOK_KEYS | ENTRY_KEYS | LINE_KEYS

UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Characters of the classes Cc, Cf, Cs, Zl and Zp as the body of a regular expression's class: controls, line ends, direction marks, halves of pairs."""

_UNSEEN = re.compile(f"[{UNSEEN}]")
_RECORDED = re.compile(r"\\(?:\\|u\{([0-9A-F]{4,6})\})")
_QUOTED = str.maketrans({'"': '\\"', "\\": "\\\\"})
_CODE = re.compile(r"[0-9]{4,}|[A-Z](?:[0-9]{2})+")


class NotPrintable(Refusal):
    """A name that stands on no list of the printer (B3)."""

    code = "SB4001"
    zh = "{what}“{value}”不能写入 Beancount 账簿：{why}。"
    en = "The {what} “{value}” cannot be written into a Beancount book: {why}."
    cause_zh = "账簿文件是程序会执行的文本，科目、元数据键和标签只取自固定名单（B3）。"
    cause_en = "A book is text that programs act on; accounts, keys and tags come from closed lists (B3)."
    remedy_zh = "改正科目表中的编号、要素或上级科目；新的元数据键或标签须加入 books/escape.py 的名单。"
    remedy_en = "Mend code, element or parent in the chart; a new key or tag must join the lists in books/escape.py."


def _mark(found: re.Match[str]) -> str:
    point = ord(found.group())
    if point < 0x20:
        return chr(0x2400 + point)
    return "␡" if point == 0x7F else f"‹U+{point:04X}›"


def visible(text: str) -> str:
    """``text`` with every control, format and line-separating character replaced by a mark one can see: ``␊``, ``‹U+2028›``."""
    return _UNSEEN.sub(_mark, text)


def quote(text: str) -> str:
    """``text`` as a Beancount string. Only visible characters get through; the parser gives back :func:`visible` of it."""
    return '"' + _UNSEEN.sub(_mark, text).translate(_QUOTED) + '"'


def raw(text: str) -> str:
    """The record of a text that had to be changed: ``\\u{2028}`` for what was replaced, ``\\\\`` for a backslash; :func:`from_raw` reads it back."""
    return _UNSEEN.sub(lambda found: f"\\u{{{ord(found.group()):04X}}}", text.replace("\\", "\\\\"))


def from_raw(recorded: str) -> str:
    """The text before its control characters were replaced."""
    return _RECORDED.sub(lambda found: chr(int(found.group(1), 16)) if found.group(1) else "\\", recorded)


def amount(fen: Fen) -> str:
    """Fen as ``-1234.50 CNY``, from integers alone."""
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{cents:02d} {CURRENCY}"


@dataclass(frozen=True, slots=True)
class Money:
    """Fen that metadata shows as a Beancount amount."""

    fen: Fen


Value = str | int | bool | Money


def meta(key: str, value: Value, indent: str = "  ") -> str:
    """One metadata line (or two, when the text had to be changed); raises SB4001 for a key that is on no list."""
    if key not in KEYS:
        raise NotPrintable(what="元数据键", value=key, why="不在名单中")
    if value is True:
        return f"{indent}{key}: TRUE\n"
    if isinstance(value, Money):
        return f"{indent}{key}: {amount(value.fen)}\n"
    if isinstance(value, int):
        return f"{indent}{key}: {value}\n"
    line = f"{indent}{key}: {quote(value)}\n"
    if _UNSEEN.search(value):
        line += meta(f"{key}_raw", raw(value), indent)
    return line


def changed(text: str) -> bool:
    """Whether :func:`visible` would change it."""
    return _UNSEEN.search(text) is not None


def tag(name: str) -> str:
    """``#name``; raises SB4001 for a tag that is on no list."""
    if name not in TAGS:
        raise NotPrintable(what="标签", value=name, why="不在名单中")
    return f"#{name}"


def part(code: str, name: str) -> str:
    """One part of an account name: the code and the letters and decimal digits of the Chinese name; raises SB4001."""
    if _CODE.fullmatch(code) is None:
        raise NotPrintable(what="科目编号", value=code, why="不是四位以上的数字，也不是专账的字母加数字")
    return code + "".join(sign for sign in name if unicodedata.category(sign) in {"Lu", "Ll", "Lo", "Nd"})


def account_names(accounts: Iterable[BookAccount]) -> dict[str, str]:
    """Code → Beancount account, details nested: ``Expenses:5001社会保险待遇支出:50010101基础养老金``; raises SB4001."""
    known = {account.code: account for account in accounts}
    return {code: _name(account, known) for code, account in known.items()}


def _name(account: BookAccount, known: Mapping[str, BookAccount]) -> str:
    root = ROOTS.get(account.element)
    if root is None:
        raise NotPrintable(what="会计要素", value=account.element, why=f"科目 {account.code} 的要素不在五类之中")
    parts: list[str] = []
    here: BookAccount | None = account
    while here is not None:
        parts.insert(0, part(here.code, here.name))
        if len(parts) > len(known):
            raise NotPrintable(what="科目", value=account.code, why="上级科目循环")
        if here.parent and here.parent not in known:
            raise NotPrintable(what="科目", value=account.code, why=f"没有上级科目 {here.parent}")
        here = known[here.parent] if here.parent else None
    return ":".join([root, *parts])
