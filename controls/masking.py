"""Masking of personal data (脱敏) in lists, messages and the trail (DOMAIN §9 (27))."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_LONG = re.compile(r"(?<![0-9A-Za-z])\d{12,18}[\dXx](?![0-9A-Za-z])")


def number(text: str) -> str:
    """An identity number with the birth date and part of the sequence hidden: first six and last two stay."""
    return text if len(text) < 9 else f"{text[:6]}{'*' * (len(text) - 8)}{text[-2:]}"


def account(text: str) -> str:
    """A bank account: the last four digits stay."""
    return text if len(text) < 5 else f"{'*' * (len(text) - 4)}{text[-4:]}"


def redact(value: Any) -> Any:
    """JSON values with every identity number and bank account in texts masked; other values stay as they are."""
    if isinstance(value, str):
        return _LONG.sub(lambda found: number(found.group()), value)
    if isinstance(value, Mapping):
        return {key: redact(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [redact(item) for item in value]
    return value
