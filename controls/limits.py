"""Terms and limits of the payment chain and of sign-in, from ``templates/parameters/payment-chain.yaml``."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from ledger.lawfile import LawFile, read

FILE = "parameters/payment-chain.yaml"


class Limits(LawFile):
    """Days, hours, minutes and counts; see the comments in the file."""

    hold_due_days: int = Field(ge=1)
    session_hours: int = Field(ge=1, le=24)
    lockout_failures: int = Field(ge=1)
    lockout_minutes: int = Field(ge=1)
    password_length: int = Field(ge=8)


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits in force; raises SB1011 when the file is wrong."""
    return read(Limits, FILE)
