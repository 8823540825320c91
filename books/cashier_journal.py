"""A month of one of the cashier's journals (库存现金、收入户、财政专户、支出户存款日记账) as values: what the paper shows, filled by ``shebao``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet, SignatureBox
from ledger.money import Fen
from ledger.months import Month

SIGNERS = tuple(SignatureBox(role) for role in ("会计机构负责人", "复核", "出纳"))


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A row as printed: a receipt's line (``total`` False), or 本日合计, 本月合计, 本年累计; fen, None where the form is blank.

    ``day`` is 0 where no day is printed; a red line has negative fen.
    """

    day: int
    receipt: str
    summary: str
    counter: str
    into: Fen | None
    out: Fen | None
    balance: Fen
    total: bool = False


@dataclass(frozen=True, slots=True)
class CashierJournal:
    """One journal's month: ``opening`` fen with its words (上年结转, 上月结转, 期初余额), rows in order, and what stands under them."""

    title: str
    bank: str
    bank_account: str
    month: Month
    opening: Fen
    opening_words: str
    rows: tuple[JournalRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JournalPaper(Sheet):
    """日记账 of one month."""

    KIND: ClassVar[str] = "cashier_journal"
    statement: CashierJournal
