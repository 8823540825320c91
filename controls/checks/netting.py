"""Net paid (实付净额): which part of each payment is left after 冲正, 退回 and negative rows.

FORMATS.md: a reversal cancels by 原流水号 when given, else within the same fund, region, number and item, for
原所属期 (else 所属期), up to |amount|. What finds nothing to cancel is returned and listed, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from controls.findings import Row
from ledger.money import Fen

Place = tuple[int, str, int]
"""Where a payment row lies: number of the table, base name of the file, line."""

Key = tuple[str, str, str, str, int]
"""Fund, region, person, item as given, period."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A paid row a reversal may cancel; ``amount`` in fen, above zero."""

    place: Place
    key: Key
    serial: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class Reversal:
    """A row that takes money back; ``amount`` is |amount| in fen; ``key`` None when the number cannot be matched."""

    place: Place
    key: Key | None
    orig_serial: str
    amount: Fen
    status: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A reversal, or what is left of one, that found nothing to cancel."""

    row: Row
    status: str
    amount: Fen
    left: Fen


@dataclass(frozen=True, slots=True)
class Netting:
    """``cancelled``: fen taken off each payment row; ``unmatched``: what could not be placed."""

    cancelled: dict[Place, Fen]
    unmatched: tuple[Unmatched, ...]


def net(payments: Iterable[Payment], reversals: Iterable[Reversal]) -> Netting:
    """Places every reversal: those with a serial first, then equal amounts, then the rest in the order of the rows."""
    left: dict[Place, Fen] = {}
    by_serial: dict[str, list[Place]] = defaultdict(list)
    by_key: dict[Key, list[Place]] = defaultdict(list)
    for payment in sorted(payments, key=lambda payment: payment.place):
        left[payment.place] = payment.amount
        by_key[payment.key].append(payment.place)
        if payment.serial:
            by_serial[payment.serial].append(payment.place)
    whole = dict(left)
    open_: dict[Place, tuple[Reversal, Fen]] = {}
    ordered = sorted(reversals, key=lambda reversal: (not reversal.orig_serial, reversal.place))
    for reversal in ordered:
        places = _named(by_serial, by_key, reversal) if reversal.orig_serial else _equal(by_key, reversal, left)
        open_[reversal.place] = (reversal, _take(places, reversal.amount, left))
    for place, (reversal, wanted) in list(open_.items()):
        if wanted and not reversal.orig_serial and reversal.key is not None:
            open_[place] = (reversal, _take(by_key.get(reversal.key, []), wanted, left))
    cancelled = {place: whole[place] - fen for place, fen in left.items() if fen != whole[place]}
    unmatched = (Unmatched(Row(place[1], place[2]), reversal.status, reversal.amount, wanted) for place, (reversal, wanted) in sorted(open_.items()) if wanted)
    return Netting(cancelled, tuple(unmatched))


def _named(by_serial: dict[str, list[Place]], by_key: dict[Key, list[Place]], reversal: Reversal) -> list[Place]:
    """The rows with the 原流水号; where a whole batch bears one, those of the same person and item come first."""
    own = set(by_key.get(reversal.key, [])) if reversal.key is not None else set()
    return sorted(by_serial.get(reversal.orig_serial, []), key=lambda place: place not in own)


def _equal(by_key: dict[Key, list[Place]], reversal: Reversal, left: dict[Place, Fen]) -> list[Place]:
    if reversal.key is None:
        return []
    return [place for place in by_key.get(reversal.key, []) if left[place] == reversal.amount][:1]


def _take(places: Iterable[Place], wanted: Fen, left: dict[Place, Fen]) -> Fen:
    for place in places:
        taken = min(wanted, left[place])
        left[place] -= taken
        wanted -= taken
        if not wanted:
            break
    return wanted
