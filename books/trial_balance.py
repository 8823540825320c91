"""Trial balance (科目余额表) of one book and month, from movements alone: opening, the month, the year so far, closing. Amounts are fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.balances import Movement
from ledger.money import Fen
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account: balances debit-positive, movements by side with closing entries included."""

    code: str
    name: str
    leaf: bool
    opening: Fen
    debit: Fen
    credit: Fen
    year_debit: Fen
    year_credit: Fen
    closing: Fen

    def plus(self, other: TrialRow) -> TrialRow:
        """The same account with ``other``'s figures added."""
        return TrialRow(
            self.code, self.name, self.leaf, self.opening + other.opening, self.debit + other.debit, self.credit + other.credit,
            self.year_debit + other.year_debit, self.year_credit + other.year_credit, self.closing + other.closing,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account that ever moved, parents with the sum of their details; ``total`` over leaves."""

    month: Month
    rows: tuple[TrialRow, ...]
    total: TrialRow

    @property
    def even(self) -> bool:
        """Whether balances cancel and both sides moved alike (K1)."""
        whole = self.total
        return whole.opening == whole.closing == 0 and whole.debit == whole.credit and whole.year_debit == whole.year_credit


def trial_balance(month: Month, movements: Iterable[Movement], names: Mapping[str, str], parents: Mapping[str, str]) -> TrialBalance:
    """The trial balance at the end of ``month``; ``parents`` gives each account's parent code ('' for level 1). 期初余额 is the month's."""
    january = Month(month.year, 1)
    rows: dict[str, TrialRow] = {}
    total = TrialRow("", "合计", True, 0, 0, 0, 0, 0, 0)
    for move in (one for one in movements if one.period <= month):
        debit, credit = move.debit + move.closing_debit, move.credit + move.closing_credit
        now, year = move.period == month, move.period >= january
        figures = (0 if now else move.net, debit * now, credit * now, debit * year, credit * year, move.net)
        code = move.account
        while code:
            found = TrialRow(code, names.get(code, code), code == move.account, *figures)
            rows[code] = rows[code].plus(found) if code in rows else found
            code = parents.get(code, "")
        total = total.plus(TrialRow("", "", True, *figures))
    return TrialBalance(month, tuple(rows[code] for code in sorted(rows)), total)
