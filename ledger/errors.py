"""One registry of refusals: every broken rule of the house has a stable code, a cause and a remedy.

A refusal is an exception (a *finding* is a value; see ``controls.findings``). Each room declares its own
refusals in its ``errors.py`` as subclasses of :class:`Refusal`; declaring registers them. Codes are never
renumbered: SB1xxx ledger, SB2xxx intake and identity, SB3xxx controls, SB4xxx books, SB5xxx audit,
SB6xxx front door. Database triggers raise text that begins with the same code, see :func:`from_database`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from ledger.words import in_english

REGISTRY: dict[str, type[Refusal]] = {}

UNUSABLE = 2
REFUSED = 3


class Refusal(Exception):
    """A rule of the house said no.

    Subclasses set ``code`` and the sentences; ``zh`` and ``en`` are format strings over the keyword
    arguments given when it is raised. ``status`` is the exit status (FORMATS.md): 2 for unusable input,
    3 for a rule of the house.
    """

    code: ClassVar[str] = ""
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    cause_zh: ClassVar[str] = ""
    cause_en: ClassVar[str] = ""
    remedy_zh: ClassVar[str] = ""
    remedy_en: ClassVar[str] = ""
    status: ClassVar[int] = REFUSED

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.code:
            return
        missing = [name for name in ("zh", "en", "cause_zh", "cause_en", "remedy_zh", "remedy_en") if not getattr(cls, name)]
        if missing:
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")
        known = REGISTRY.get(cls.code)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.code} is already {known.__qualname__}")
        REGISTRY[cls.code] = cls

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.text("zh"))

    def text(self, lang: str = "zh") -> str:
        """The sentence in ``zh`` or ``en``, with its facts filled in."""
        return self.en.format(**in_english(self.facts)) if lang == "en" else self.zh.format(**self.facts)

    def remedy(self, lang: str = "zh") -> str:
        """What to do about it."""
        return (self.remedy_en if lang == "en" else self.remedy_zh).format(**self.facts)

    def cause(self, lang: str = "zh") -> str:
        """Which rule stands behind it."""
        return (self.cause_en if lang == "en" else self.cause_zh).format(**self.facts)

    def as_json(self) -> dict[str, Any]:
        """Code, sentences and facts for ``--json`` output."""
        return {
            "code": self.code,
            "message": self.text("zh"),
            "message_en": self.text("en"),
            "cause": self.cause("zh"),
            "remedy": self.remedy("zh"),
            "facts": {key: str(value) for key, value in self.facts.items()},
            "exit_status": self.status,
        }


_DATABASE_CODE = re.compile(r"\b(SB\d{4})\b:?\s*([^\n]*)")

_UNIQUE = re.compile(r"unique constraint \"(shebao_\w+?)(?:_(?:b\d+|other)(?:_\w+)?)?\"")
_KEYS = {
    "shebao_entry_source_once": ("SB1104", "原始凭据已入账"),
    "shebao_entry_payout_once": ("SB1104", "发放来源已入账"),
    "shebao_entry_contribution_once": ("SB1104", "缴费来源已入账"),
    "shebao_entry_number": ("SB1301", "凭证号重复"),
    "shebao_entry_pkey": ("SB1301", "凭证序号重复"),
    "shebao_seal_pkey": ("SB1309", "凭证已封签"),
    "shebao_chain_pkey": ("SB1307", "留痕须首尾相接"),
    "shebao_chain_hash_key": ("SB1307", "留痕须首尾相接"),
}
"""Unique keys that are rules by themselves where guards look at many rows at once: key → code and text."""
_UNIQUE_SQLITE = re.compile(r"UNIQUE constraint failed: ([\w., ]+)")
_COLUMNS_SQLITE = {
    "shebao_entry.book_id, shebao_entry.source_key": "shebao_entry_source_once",
    "shebao_entry.book_id, shebao_entry.payout_source": "shebao_entry_payout_once",
    "shebao_entry.book_id, shebao_entry.contribution_source": "shebao_entry_contribution_once",
    "shebao_entry.book_id, shebao_entry.kind, shebao_entry.period, shebao_entry.number": "shebao_entry_number",
    "shebao_entry.book_id, shebao_entry.entry_id": "shebao_entry_pkey",
    "shebao_seal.book_id, shebao_seal.entry_id": "shebao_seal_pkey",
    "shebao_chain.seq": "shebao_chain_pkey",
    "shebao_chain.hash": "shebao_chain_hash_key",
}
"""The same keys as SQLite names them."""


def from_database(error: BaseException) -> Refusal | None:
    """The refusal a trigger or constraint meant, or None when the error is none of ours."""
    found = _DATABASE_CODE.search(str(error))
    if found is None or found.group(1) not in REGISTRY:
        key = _broken_key(str(error))
        return DatabaseRefusal(code=_KEYS[key][0], text=_KEYS[key][1]) if key in _KEYS else None
    return DatabaseRefusal(code=found.group(1), text=found.group(2))


def _broken_key(text: str) -> str:
    """Name of the unique key that an error says is broken, '' for none."""
    if on_postgresql := _UNIQUE.search(text):
        return on_postgresql.group(1)
    on_sqlite = _UNIQUE_SQLITE.search(text)
    return _COLUMNS_SQLITE.get(on_sqlite.group(1).strip(), "") if on_sqlite else ""


class DatabaseRefusal(Refusal):
    """A refusal raised by the database itself; it carries the code of the rule it guards."""

    code = "SB1000"
    zh = "数据库拒绝：[{code}] {text}"
    en = "The database refused: [{code}] {text}"
    cause_zh = "数据库中的约束或触发器守护同一条规则，任何入口都不能绕过。"
    cause_en = "A constraint or trigger in the database guards the same rule at every door."
    remedy_zh = "按规则 {code} 的说明处理；若由程序正常操作引起，请报告。"
    remedy_en = "Follow the remedy of rule {code}; if an ordinary command caused this, report it."
