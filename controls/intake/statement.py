"""The running balance of a statement (对账单余额) is proved: opening + credits − debits = closing, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from controls.intake.errors import BalanceBroken
from ledger.money import show


def prove(file: str, accounts: Sequence[str], rows: Any, lines: Any, balance: Any, moved: Any, good: Any) -> None:
    """Raises SB2027 at the first break. All arrays go by statement row, in order of the file.

    ``rows``: body index; ``balance`` and ``moved`` (credit − debit): fen; ``good``: rows that could be read. Where a row
    could not be read the chain starts anew after it. Statements may run forwards or backwards in time, by account.
    """
    names = np.asarray(accounts, object)
    for account in dict.fromkeys(accounts):
        at = np.flatnonzero(names == account)
        linked = good[at][1:] & good[at][:-1]
        before, after = balance[at][:-1], balance[at][1:]
        forwards = linked & (before + moved[at][1:] != after)
        backwards = linked & (after + moved[at][:-1] != before)
        if not forwards.any() or not backwards.any():
            continue
        downwards = backwards.sum() < forwards.sum()
        broken = int(np.flatnonzero(backwards if downwards else forwards)[0])
        here = at[broken] if downwards else at[broken + 1]
        computed = int(after[broken] + moved[at][broken]) if downwards else int(before[broken] + moved[at][broken + 1])
        stated = int(balance[here])
        raise BalanceBroken(file=file, line=int(lines[here]), stated=show(stated), computed=show(computed), difference=show(stated - computed))
