"""The side of a movement (借贷标志) in a bank statement: one unsigned 发生额 and a mark, or a sign, become 借方 and 贷方 in the bank's view."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.compute as pc

from controls.intake.columns import Reading
from controls.intake.errors import CellBlank

OUT, IN = "借", "贷"


def part(found: dict[str, Any], present: frozenset[str], reading: Reading) -> None:
    """Fills ``debit`` and ``credit`` (fen) from ``movement``, by the mark of the side where the file has one, else by the sign.

    A negative amount beside a mark takes back on that side. A movement whose mark is blank is in error (SB2101).
    A mark beside columns of debit and credit belongs to the balance and is left alone.
    """
    if "movement" not in present:
        return
    moved = found["movement"]
    if "side" in present:
        side = found["side"]
        unmarked = np.asarray(pc.fill_null(pc.and_(pc.is_valid(moved), pc.and_(pc.not_equal(side, OUT), pc.not_equal(side, IN))), False))
        unmarked &= ~np.isin(reading.rows, reading.errors.rows())
        reading.flag(unmarked, "借贷标志", CellBlank, np.full(len(unmarked), "", object))
        debit, credit = (pc.if_else(pc.equal(side, mark), moved, 0) for mark in (OUT, IN))
    else:
        debit, credit = pc.if_else(pc.less(moved, 0), pc.negate(moved), 0), pc.if_else(pc.greater_equal(moved, 0), moved, 0)
    found["credit"] = pc.coalesce(found["credit"], credit)
    found["debit"] = pc.coalesce(found["debit"], debit)
