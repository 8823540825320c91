"""Findings (疑点): frozen values with an id that survives new months and a digest of the facts behind it.

A finding is a lead to be verified, never a verdict. Money is integer fen, ``confidence`` is thousandths
(1000 = 1.000). ``findings.csv`` of FORMATS.md is :data:`COLUMNS`, one finding per row by :meth:`Finding.row`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ledger.money import Fen, show

COLUMNS = (
    "finding_id", "rule", "severity", "id_number", "name", "fund", "region", "period_from", "period_to",
    "months", "amount", "counterpart", "confidence", "reason", "evidence", "facts",
)  # fmt: skip

MOST_ROWS = 50

KNOWING = frozenset({"D1-POSTHUMOUS", "D2-POSTHUMOUS-LINKED", "D3-REVIVED"})
"""Rules that tell what was paid before the office could know from what was paid after."""
_COUNTED = re.compile(r"(\D*)(\d*)(.*)")


class Severity(StrEnum):
    """How sharp a lead is: 高, 中, 低."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def zh(self) -> str:
        return {"high": "高", "medium": "中", "low": "低"}[self.value]

    @property
    def rank(self) -> int:
        """0 is the sharpest."""
        return ("high", "medium", "low").index(self.value)


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One row of an input: base name of the file and its line (1 = the first line of the file or sheet)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding rests on: its first rows and how many there are. Amounts are fen, printed as yuan; None where the data do not say.

    ``recoverable``: what may be claimed for certain: neither the account part, an advance on the person's own balance, nor ``unsplit``. ``unsplit``: money of
    rows that name the pension as a whole (待拆分); part of ``other`` where parts are known, and told in the sentence, not in :meth:`json`.
    ``known_before``, ``known_after``: money paid after a death in months up to the one in which the office could know of it (获知前已发) and in later ones
    (知后仍发); told in the workbook and the summary, not in :meth:`json`.
    """

    rows: tuple[Row, ...]
    row_count: int
    base: Fen | None = None
    account: Fen | None = None
    other: Fen | None = None
    recoverable: Fen | None = None
    unsplit: Fen | None = None
    recovered: Fen | None = None
    open: Fen | None = None
    known_before: Fen | None = None
    known_after: Fen | None = None
    steps: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()

    def json(self) -> str:
        """The evidence column: keys sorted, no spaces, not ASCII-escaped, at most the first 50 rows and persons."""
        shown: dict[str, object] = {"rows": [str(row) for row in self.rows[:MOST_ROWS]], "row_count": self.row_count}
        for name in ("base", "account", "other", "recoverable", "recovered", "open"):
            fen = getattr(self, name)
            if fen is not None:
                shown[name] = show(fen, grouped=False)
        if self.steps:
            shown["steps"] = list(self.steps)
        if self.persons:
            shown["persons"] = list(self.persons[:MOST_ROWS])
            shown["person_count"] = len(self.persons)
        return json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """One lead: who, which money of which fund and region, over which periods, and why.

    ``id_number`` is the normal form where there is one. ``fund`` and ``region`` may join several by ``;``
    (rules that yield one finding per number). ``other`` is what the id also hangs on: the account, the second
    number or the premium year. ``fact`` is the death date, account or term that the facts digest binds.
    ``periods`` are the distinct periods in question, ascending, as ``yyyymm``.
    """

    rule: str
    severity: Severity
    id_number: str
    name: str
    fund: str
    region: str
    periods: tuple[int, ...]
    amount: Fen
    counterpart: str
    confidence: int
    reason: str
    evidence: Evidence
    other: str = ""
    fact: str = ""

    @property
    def finding_id(self) -> str:
        """First 20 hex digits of SHA-256 over ``rule|id_number|fund|region|other``."""
        return finding_id(self.rule, self.id_number, self.fund, self.region, self.other)

    @property
    def facts(self) -> str:
        """The same hash over ``periods|fen|fact``: periods ``YYYY-MM`` joined by commas; a dismissal binds to it."""
        return _digest([",".join(month_text(period) for period in self.periods), str(self.amount), self.fact])

    @property
    def period_from(self) -> str:
        return month_text(self.periods[0]) if self.periods else ""

    @property
    def period_to(self) -> str:
        return month_text(self.periods[-1]) if self.periods else ""

    @property
    def months(self) -> int:
        return len(self.periods)

    def row(self) -> dict[str, str]:
        """The finding as text by :data:`COLUMNS`."""
        return {
            "finding_id": self.finding_id,
            "rule": self.rule,
            "severity": self.severity.value,
            "id_number": self.id_number,
            "name": self.name,
            "fund": self.fund,
            "region": self.region,
            "period_from": self.period_from,
            "period_to": self.period_to,
            "months": str(self.months),
            "amount": show(self.amount, grouped=False),
            "counterpart": self.counterpart,
            "confidence": f"{self.confidence // 1000}.{self.confidence % 1000:03d}",
            "reason": self.reason,
            "evidence": self.evidence.json(),
            "facts": self.facts,
        }


def finding_id(rule: str, id_number: str, fund: str, region: str, other: str = "") -> str:
    """The stable id of a lead; adding months or changing amounts keeps it."""
    return _digest([rule, id_number, fund, region, other])


def month_text(period: int) -> str:
    """``202403`` → ``2024-03``."""
    return f"{period // 100:04d}-{period % 100:02d}"


def by_number(code: str) -> tuple[str, int, str]:
    """The order in which people count rules: E2 before E10."""
    found = _COUNTED.match(code)
    letters, number, rest = found.groups() if found else (code, "", "")
    return letters, int(number or 0), rest


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as ``findings.csv`` lists them: by id."""
    return sorted(findings, key=lambda finding: finding.finding_id)


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8")).hexdigest()[:20]
