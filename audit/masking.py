"""What a finding says with numbers, names and accounts masked (脱敏)."""

from __future__ import annotations

import re

from controls.findings import Finding
from ledger.identity import mask_account, mask_name, mask_number

_LONG = re.compile(r"[0-9]{8,}[0-9Xx]?")


def masked_reason(found: Finding) -> str:
    """The sentence of a finding without the full name, numbers and accounts."""
    return masked(found.reason.replace(found.name, mask_name(found.name)) if found.name else found.reason)


def masked(text: str) -> str:
    """Every run of eight or more digits hidden but for its ends: identity numbers by the house's form, the rest like accounts."""
    return _LONG.sub(lambda one: mask_number(one.group()) if len(one.group()) in (15, 18) else mask_account(one.group()), text)
