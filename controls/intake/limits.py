"""What amounts, ages and accounts usually are (常见范围), as dated data under ``templates/intake/limits.yaml``. They only raise doubts."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from controls.intake.contracts import Dated
from ledger import lawfile
from ledger.money import Fen, parse_fen

FILE = "intake/limits.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Whether the entry is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class AmountLimit(_Entry):
    """``usual``: least and most yuan the median of a file has; ``most``: of a single row. Blank ``fund`` and ``item_class`` fit all."""

    contract: str
    fund: str = ""
    item_class: str = ""
    usual: tuple[str, str]
    most: str

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not 0 < parse_fen(self.usual[0]) < parse_fen(self.usual[1]) <= parse_fen(self.most):
            raise ValueError("limits must rise")
        return self

    @property
    def fen(self) -> tuple[Fen, Fen, Fen]:
        """Least and most of the median, and the most of a row."""
        return parse_fen(self.usual[0]), parse_fen(self.usual[1]), parse_fen(self.most)


class AgeLimit(_Entry):
    """Years of age."""

    oldest: int = Field(gt=0)
    pension: int = Field(gt=0)
    premium: int = Field(gt=0)


class AccountLimit(_Entry):
    """Digits of a bank account."""

    least: int = Field(gt=0)
    most: int = Field(gt=0)


class Limits(Dated):
    """The whole file."""

    amounts: tuple[AmountLimit, ...]
    ages: tuple[AgeLimit, ...]
    accounts: tuple[AccountLimit, ...]


_Any = TypeVar("_Any", bound=_Entry)


def limits() -> Limits:
    """The file as it stands."""
    return lawfile.read(Limits, FILE)


def on(entries: tuple[_Any, ...], day: date) -> _Any:
    """The entry in force on a day, else the last one."""
    return next((entry for entry in entries if entry.holds(day)), entries[-1])


def for_amounts(contract: str, fund: str, item_class: str, day: date) -> AmountLimit | None:
    """The first entry that fits, None where nothing is known."""
    for entry in limits().amounts:
        if entry.contract == contract and entry.fund in ("", fund) and entry.item_class in ("", item_class) and entry.holds(day):
            return entry
    return None
