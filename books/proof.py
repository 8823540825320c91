"""What both sides must agree on: one line of text for each voucher, and one hash over all of them.

The journal computes it from the store's entries, the checker from what Beancount parsed; equal hashes prove
that printing and parsing lost, added and changed nothing. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

Leg = tuple[str, int, str]
"""Account name, fen (debit positive), side ``D`` or ``C``."""


def fact(number: int, day: str, payee: str, narration: str, tags: Iterable[str], digest: str, legs: Sequence[Leg]) -> str:
    """One voucher: its number in the book (entry id), date, label, summary, tags, digest and legs, as canonical JSON."""
    return json.dumps([number, day, payee, narration, sorted(tags), digest, [list(leg) for leg in legs]], ensure_ascii=False, separators=(",", ":"))


def fingerprint(facts: Iterable[str]) -> str:
    """SHA-256 over the facts in ascending order, one a line."""
    seen = hashlib.sha256()
    for one in sorted(facts):
        seen.update(one.encode("utf-8"))
        seen.update(b"\n")
    return seen.hexdigest()
