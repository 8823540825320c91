"""What a finding says with numbers, names and accounts masked (脱敏)."""

from __future__ import annotations

import re

from controls.findings import Finding
from ledger.identity import mask_account, mask_name, mask_number

_QUOTES_AN_ITEM = frozenset({"P3-TWICE", "P10-ALLOWANCE-TWICE"})
"""Rules whose sentence quotes an item; every other quotes the name of another person: an account's holder (A2), a second name (I2), anybody in an own rule."""
_QUOTED = re.compile("“([^”]*)”")
_LONG = re.compile(r"[0-9]{8,}[0-9Xx]?")


def masked_reason(found: Finding) -> str:
    """The sentence of a finding without full names, its own and those it quotes, numbers and accounts."""
    said = found.reason.replace(found.name, mask_name(found.name)) if found.name else found.reason
    if found.rule not in _QUOTES_AN_ITEM:
        said = _QUOTED.sub(lambda one: f"“{'、'.join(mask_name(name) for name in one[1].split('、'))}”", said)
    return masked(said)


def masked(text: str) -> str:
    """Every run of eight or more digits hidden but for its ends: identity numbers by the house's form, the rest like accounts."""
    return _LONG.sub(lambda one: mask_number(one.group()) if len(one.group()) in (15, 18) else mask_account(one.group()), text)
