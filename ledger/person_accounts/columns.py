"""Reckoning accounts in columns: one row a person, one column a part, integer fen throughout (numpy int64, never a float).

One definition serves 300,000 accounts and one person's page. Within a year: balance = opening + entered + moved − drawn (+ interest).
A balance is never negative: what monthly payments take beyond it, the fund carries on (个人账户支付完后由基金继续支付).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.person_accounts.errors import TooLarge
from ledger.person_accounts.law import BASIS, Method

Ints = npt.NDArray[np.int64]
MOST = 10**9
"""Fen of one cell: ten million yuan; below it every product here fits 64 bits."""
PROPORTIONAL = "按比例"


@dataclass(frozen=True, slots=True)
class Columns:
    """The state of accounts in a span of months: persons × parts; ``paid`` and its product by person. Products are fen × shares of a year (``Method.per``)."""

    numbers: list[str]
    parts: tuple[str, ...]
    opening: Ints
    entered: Ints
    moved: Ints
    product: Ints
    paid: Ints
    paid_product: Ints

    @property
    def available(self) -> Ints:
        """What payments of the span may draw on, persons × parts; a cell that acts overdrew counts as nil here."""
        held: Ints = np.maximum(self.opening + self.entered + self.moved, 0)
        return held


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What :func:`reckon` makes of columns: drawn from each cell, interest of each cell, closing of each cell, and what the fund carried by person."""

    drawn: Ints
    interest: Ints
    closing: Ints
    carried: Ints
    earning: Ints
    """The product each cell's interest was reckoned on (积数)."""


def draw(available: Ints, paid: Ints, rule: str) -> Ints:
    """How much of ``paid`` (by person) each part bears: in proportion to ``available``, or part after part in the order of the columns.

    No cell bears more than it has; the sum is ``paid`` or all there is. Paid below nil (more came back than was paid) is given back in the same way,
    to the first part where an account is empty. A lost fen goes to the largest remainder, ties to the first part.
    """
    if available.size == 0:
        return np.zeros_like(available)
    if int(available.max()) > MOST or int(np.abs(paid).max()) > MOST:
        raise TooLarge(what="余额或支付")
    total = available.sum(axis=1)
    taken = np.where(paid >= 0, np.minimum(paid, total), -paid)
    sign = np.where(paid >= 0, 1, -1)
    if rule == PROPORTIONAL:
        whole = np.maximum(total, 1)[:, None]
        shares, rest = np.divmod(taken[:, None] * available, whole)
        left = taken - shares.sum(axis=1)
        rank = np.argsort(np.argsort(-rest, axis=1, kind="stable"), axis=1, kind="stable")
        shares = shares + ((rank < left[:, None]) & (total > 0)[:, None])
    else:
        before = np.cumsum(available, axis=1) - available
        shares = np.clip(taken[:, None] - before, 0, available)
    gift = (paid < 0) & ((total == 0) | (rule != PROPORTIONAL))
    if gift.any():
        shares[gift] = 0
        shares[gift, 0] = taken[gift]
    drawn: Ints = shares * sign[:, None]
    return drawn


def reckon(columns: Columns, rule: str | None, method: Method | None = None, rate: int = 0) -> Reckoned:
    """Draws the payments, and with ``method`` and ``rate`` (万分之一 a year) adds interest, rounded half up once a cell.

    ``rule`` may be None where nobody draws on more than one part.
    """
    available = columns.available
    drawn = draw(available, columns.paid, rule or "按顺序")
    earning = np.zeros_like(available)
    interest = np.zeros_like(available)
    if method is not None:
        earning = np.maximum(columns.product - _borne(columns, drawn), 0)
        if not method.drawing:
            earning[columns.paid != 0] = 0
        whole = method.per * BASIS
        if rate and earning.size and int(earning.max()) > (2**62) // (2 * rate):
            raise TooLarge(what="积数")
        interest = (earning * (2 * rate) + whole) // (2 * whole) if rate else interest
    return Reckoned(drawn, interest, available - drawn + interest, columns.paid - drawn.sum(axis=1), earning)


def _borne(columns: Columns, drawn: Ints) -> Ints:
    """The payments' product, borne by each part as the payments themselves; what the fund carried bears none. Exact integers, cut downwards."""
    borne = np.zeros_like(drawn)
    rows = np.flatnonzero(columns.paid)
    if rows.size:
        exact = columns.paid_product[rows].astype(object)[:, None] * drawn[rows].astype(object) // columns.paid[rows].astype(object)[:, None]
        borne[rows] = exact.astype(np.int64)
    return borne


def several(columns: Columns) -> bool:
    """Whether somebody's payments could fall on more than one part, so that the rule matters."""
    return bool((((columns.available > 0).sum(axis=1) > 1) & (columns.paid != 0)).any())


def matrix(numbers: dict[str, int], parts: Sequence[str], cells: Sequence[tuple[Any, ...]], column: int = 2) -> Ints:
    """(number, part, fen, …) tuples summed into persons × parts; ``column`` is the place of the amount."""
    made = np.zeros((len(numbers), len(parts)), dtype=np.int64)
    if cells:
        place = {part: index for index, part in enumerate(parts)}
        wide = len(parts)
        where = np.array([numbers[cell[0]] * wide + place[cell[1]] for cell in cells], dtype=np.int64)
        np.add.at(made.reshape(-1), where, np.array([int(cell[column]) for cell in cells], dtype=np.int64))
    return made
