"""On which legal grounds a personal text of the trail may be destroyed; from ``templates/redaction-grounds.yaml``."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pydantic import model_validator

from controls.redactions.errors import NoGround
from ledger.lawfile import LawFile, Strict, read

FILE = "redaction-grounds.yaml"


class Ground(Strict):
    """One ground: code, Chinese words, reference, in force in ``[valid_from, valid_to)``."""

    code: str
    zh: str
    reference: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Grounds(LawFile):
    """Schema of the file."""

    grounds: tuple[Ground, ...]

    @model_validator(mode="after")
    def _once(self) -> Grounds:
        codes = [one.code for one in self.grounds]
        if len(set(codes)) != len(codes):
            raise ValueError("a code stands twice")
        return self


@lru_cache(maxsize=1)
def grounds() -> Grounds:
    """The grounds in the file; raises SB1011 when it is wrong."""
    return read(Grounds, FILE)


def ground(code: str, day: date) -> Ground:
    """The ground with this code in force on ``day``; raises SB2293."""
    found = next((one for one in grounds().grounds if one.code == code and one.holds(day)), None)
    if found is None:
        known = "、".join(f"{one.code}（{one.zh}）" for one in grounds().grounds if one.holds(day))
        raise NoGround(basis=code, known=known, known_en=", ".join(one.code for one in grounds().grounds if one.holds(day)))
    return found
