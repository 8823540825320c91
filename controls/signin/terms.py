"""Terms of grants and of proving who sits there, from ``templates/parameters/sign-in.yaml``; no office's folder replaces the file (C4)."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field, field_validator

from controls.duties import Duty
from ledger.lawfile import LawFile, read

FILE = "parameters/sign-in.yaml"


class Terms(LawFile):
    """Days, hours, minutes and counts; see the comments in the file."""

    grant_days: int = Field(ge=1)
    deputy_days: int = Field(ge=1)
    emergency_hours: int = Field(ge=1, le=72)
    exemption_days: int = Field(ge=1)
    proof_minutes: int = Field(ge=1)
    password_history: int = Field(ge=1)
    recovery_codes: int = Field(ge=1)
    totp_grace_days: int = Field(ge=0)
    totp_duties: tuple[str, ...]

    @field_validator("totp_duties")
    @classmethod
    def _known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            Duty(code)
        return codes

    @property
    def second_factor(self) -> frozenset[Duty]:
        """The duties that need a second factor."""
        return frozenset(Duty(code) for code in self.totp_duties)


@lru_cache(maxsize=1)
def terms() -> Terms:
    """The terms in force; raises SB1011 when the file is wrong."""
    return read(Terms, FILE)
