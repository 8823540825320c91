"""Papers of budgets as frozen values: the execution table (预算执行情况表) and the funding request (用款申请书). Fen and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet
from ledger.money import Fen


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """A line of the statement with its budget: fen; ``share`` is the part of the budget carried out, as printed; ``mark`` 预警 or 超预算."""

    code: str
    label: str
    level: int
    first: Fen
    adjusted: Fen
    budget: Fen
    current: Fen
    cumulative: Fen
    share: str
    last_year: Fen
    mark: str
    total: bool


@dataclass(frozen=True, slots=True)
class ExecutionPaper(Sheet):
    """预算执行情况表 of one fund to the end of a month."""

    KIND: ClassVar[str] = "budget_execution"
    title: str
    about: tuple[tuple[str, str, str], ...]
    rows: tuple[ExecutionRow, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A line of a plan: the year's budget, spent before this month, planned for it, left afterwards; fen."""

    code: str
    label: str
    budget: Fen
    spent: Fen
    planned: Fen
    left: Fen
    total: bool = False


@dataclass(frozen=True, slots=True)
class RequestPaper(Sheet):
    """基金用款申请书 of one plan."""

    KIND: ClassVar[str] = "funding_request"
    title: str
    about: tuple[tuple[str, str, str], ...]
    rows: tuple[RequestRow, ...]
    said: tuple[str, ...]
