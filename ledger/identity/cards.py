"""Bank cards and bank accounts (银行卡号, 账号): only ever warnings, since passbooks and old accounts have no check digit.

Cards have 16 to 19 digits and end in a Luhn digit (ISO/IEC 7812-1). Issuers are not told from prefixes: no list of
them is published under terms that let us carry it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ledger.identity.text import clean

_CARD = re.compile(r"[0-9]{16,19}")


class BankAccountKind(StrEnum):
    """What a bank account is by its writing alone: a card that passes, a string of card length that does not, anything else, nothing."""

    CARD = "card"
    DOUBTFUL = "doubtful"
    OTHER = "other"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account as read: ``normal`` form, its kind, and for DOUBTFUL the card number with the digit that would fit, to look at."""

    normal: str
    kind: BankAccountKind
    suggestion: str = ""


def luhn_digit(body: str) -> str:
    """The Luhn digit that follows ``body`` (digits only).

    >>> luhn_digit("453957876362148")
    '6'
    """
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (1 if place % 2 else 2)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def luhn_ok(card: str) -> bool:
    """Whether a bank card number of 16 to 19 digits passes the Luhn check. For warnings only: passbooks and old accounts need not pass."""
    return _CARD.fullmatch(card) is not None and luhn_digit(card[:-1]) == card[-1]


def bank_account(raw: str) -> BankAccount:
    """A bank account as written in a file. Never a fault: passbooks, old accounts and internal accounts have any form.

    >>> bank_account("6222 0000 0000 0000 001").kind.value, bank_account("0401-00123").kind.value
    ('doubtful', 'other')
    """
    normal = clean(raw)
    if not normal:
        return BankAccount("", BankAccountKind.BLANK)
    bare = normal.replace("-", "")
    if _CARD.fullmatch(bare) is None:
        return BankAccount(normal, BankAccountKind.OTHER)
    if luhn_ok(bare):
        return BankAccount(bare, BankAccountKind.CARD)
    return BankAccount(normal, BankAccountKind.DOUBTFUL, bare[:-1] + luhn_digit(bare[:-1]))
