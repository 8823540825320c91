"""Values that papers are made from: the stamp, the signature boxes, one sheet a document, and the digest over a sheet.

A sheet is a frozen value that ``shebao`` and ``audit`` fill; ``books.documents`` draws it and ``books.export`` writes it.
The digest covers what can be recomputed from the books (kind, unit, book, fund, period, filter, parameters and every
figure and text of the sheet). It leaves out when and by whom it was printed (data as of, head of the trail, signatures),
so that the same figures keep the same digest however often they are printed and signed (invariant C2).
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from ledger import entries
from ledger.funds import Fund
from ledger.months import Month

if TYPE_CHECKING:
    from books.notes import Notes
    from books.reconcile import ReconciliationStatement
    from books.statements import BalanceSheet, IncomeStatement


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every paper says of itself (FORMATS.md, outputs).

    ``unit`` 编制单位 · ``book`` its identifier · ``fund`` None for a paper over several funds · ``period`` ``YYYY-MM`` or ``YYYY`` ·
    ``as_of`` 数据截至, ISO date or date and time · ``trail_head`` hash of the newest trail record · ``filter`` in words, '' when
    nothing was left out · ``exceptions`` deputies, emergencies and exemptions of the month in words, '' when there was none ·
    ``parameters`` what else is needed to compute the sheet again, as (key, value) pairs.
    """

    unit: str
    book: str
    fund: Fund | None
    period: str
    as_of: str
    trail_head: str
    filter: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    exceptions: str = ""


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """A place to sign; ``name`` and ``on`` (ISO date) once signed in the system, else blank for the pen."""

    role: str
    name: str = ""
    on: str = ""


STATEMENT_SIGNERS = tuple(SignatureBox(role) for role in ("单位负责人", "主管会计工作负责人", "会计机构负责人", "复核", "制表"))
RECONCILIATION_SIGNERS = tuple(SignatureBox(role) for role in ("会计机构负责人", "复核", "制表"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one document says. Subclasses add its figures and texts."""

    KIND: ClassVar[str] = ""
    stamp: Stamp
    signatures: tuple[SignatureBox, ...]


@dataclass(frozen=True, slots=True)
class BalancePaper(Sheet):
    """资产负债表 (会社保01表)."""

    KIND: ClassVar[str] = "balance_sheet"
    statement: BalanceSheet


@dataclass(frozen=True, slots=True)
class IncomePaper(Sheet):
    """收支表 (会社保02表)."""

    KIND: ClassVar[str] = "income_statement"
    statement: IncomeStatement


@dataclass(frozen=True, slots=True)
class NotesPaper(Sheet):
    """附注, with what the accountant said in words."""

    KIND: ClassVar[str] = "notes"
    statement: Notes


@dataclass(frozen=True, slots=True)
class ReconciliationPaper(Sheet):
    """余额调节表 of one bank account or of the 财政专户."""

    KIND: ClassVar[str] = "bank_reconciliation"
    statement: ReconciliationStatement


@dataclass(frozen=True, slots=True)
class Stamped:
    """What stands inside a PDF of ours, enough to compute its sheet again and print the same bytes."""

    kind: str
    stamp: Stamp
    signatures: tuple[SignatureBox, ...]
    digest: str


def plain(value: Any) -> Any:
    """A frozen value as JSON values: dataclasses by field, months and dates as ISO text, enums by value. A float is a TypeError."""
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Month)):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (Month, date)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> bytes:
    """Canonical JSON as ``ledger.entries`` defines it (keys sorted, no spaces, not escaped), in UTF-8."""
    return entries.canonical(plain(value)).encode("utf-8")


def digest(sheet: Sheet) -> str:
    """SHA-256 (64 hex digits) over the canonical JSON of a sheet's data."""
    body = {field.name: plain(getattr(sheet, field.name)) for field in dataclasses.fields(sheet) if field.name not in ("stamp", "signatures")}
    stamp = sheet.stamp
    about = {name: plain(getattr(stamp, name)) for name in ("unit", "book", "fund", "period", "filter", "parameters")}
    return hashlib.sha256(canonical({"kind": sheet.KIND, "about": about, "body": body})).hexdigest()
