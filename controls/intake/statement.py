"""The running balance of a statement (对账单余额) is proved: opening + credits − debits = closing, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from controls.intake.cells import Bad, amount
from controls.intake.errors import BalanceBroken
from ledger.money import show

if TYPE_CHECKING:
    from controls.intake.assemble import Block
    from controls.intake.heads import Head
    from controls.intake.rows import Grid, Sorted


class Balance:
    """Gathers the balances of a statement block by block. Balance rows (期初余额 …) take part in the proof with no movement of their own."""

    def __init__(self, file: str, head: Head) -> None:
        self._file, self._head = file, head
        self._before = 0
        self._parts: list[tuple[Any, ...]] = []
        self._stated: list[tuple[int, int, int]] = []

    def take(self, grid: Grid, found: Sorted, block: Block) -> None:
        """One block: every data row with its account, balance and movement; null balances could not be read."""
        balance = block.found["balance"]
        moved = pc.subtract(block.found["credit"], block.found["debit"])
        sound = block.good & np.asarray(pc.is_valid(balance))
        accounts = np.array(block.found["account"].to_pylist(), object)
        known = (np.asarray(pc.fill_null(column, 0)) for column in (balance, moved))
        self._parts.append((found.data + self._before, accounts, *known, sound, np.asarray(block.lines)))
        for row, why in found.passed_over:
            if why == "余额行":
                try:
                    fen = amount(grid.text(self._head.places["balance"], row), wan=self._head.scales["balance"] != 1)
                except Bad:
                    continue
                self._stated.append((row + self._before, fen, grid.body.lines[row].as_py()))
        self._before += len(grid.body)

    def prove(self) -> None:
        """Raises SB2027 at the first break."""
        rows, accounts, balance, moved, sound, lines = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        if not len(rows):
            return
        at, fen, where = (np.array(part, np.int64) for part in zip(*self._stated, strict=True)) if self._stated else (np.zeros(0, np.int64),) * 3
        nearest = _nearest(rows, at)
        order = np.argsort(np.concatenate([rows, at]), kind="stable")
        columns = (
            (accounts, accounts[nearest]), (rows, at), (lines, where), (balance, fen), (moved, np.zeros(len(at), np.int64)), (sound, np.ones(len(at), bool)),
        )  # fmt: skip
        names, *others = (np.concatenate(pair)[order] for pair in columns)
        prove(self._file, list(names), *others)


def _nearest(rows: Any, at: Any) -> Any:
    """For each of ``at`` the place of the nearest row; of two as near the one above."""
    after = np.minimum(np.searchsorted(rows, at), len(rows) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(np.abs(rows[before] - at) <= np.abs(rows[after] - at), before, after)


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
        contrary = not (linked & (before - moved[at][1:] != after)).any() or not (linked & (after - moved[at][:-1] != before)).any()
        figures = {"stated": show(stated), "computed": show(computed), "difference": show(stated - computed)}
        raise BalanceBroken(file=file, line=int(lines[here]), contrary=contrary, **figures)
