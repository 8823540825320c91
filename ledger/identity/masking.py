"""Masks (脱敏): what a list, a page or a paper shows of a number, a bank account or a name unless its reader may see more."""

from __future__ import annotations


def mask_number(number: str) -> str:
    """Identity number for lists: region and last four stay, the birth date goes; short numbers keep the ends only.

    >>> mask_number("11010519491231002X"), mask_number("H12345678"), mask_number("12")
    ('110105********002X', 'H1*****78', '**')
    """
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return _ends(number, 2)


def mask_account(account: str) -> str:
    """Bank account for lists: the last four stay."""
    return "*" * len(account) if len(account) <= 6 else "*" * (len(account) - 4) + account[-4:]


def mask_name(name: str) -> str:
    """Name for lists: the first character stays."""
    return name[:1] + "*" * (len(name) - 1)


def _ends(text: str, keep: int) -> str:
    return "*" * len(text) if len(text) <= 2 * keep else text[:keep] + "*" * (len(text) - 2 * keep) + text[-keep:]
