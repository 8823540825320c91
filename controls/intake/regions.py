"""Renamed counties (区划变更): those of ``ledger.regions``, and what an office adds in ``templates/regions.yaml``. A renamed county is the same county."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from controls.intake.contracts import Dated
from ledger import lawfile
from ledger import regions as dated


class Rename(BaseModel):
    """One rename: ``month`` (YYYY-MM) of the act."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    old: str = Field(pattern=r"^\d{6}$")
    new: str = Field(pattern=r"^\d{6}$")
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    old_name: str
    new_name: str
    reference: str


class RegionTable(Dated):
    """All renames; an old code stands once, and no chain of renames runs in a circle."""

    renames: tuple[Rename, ...]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        follow = {rename.old: rename.new for rename in self.renames}
        if len(follow) != len(self.renames):
            raise ValueError("an old code stands twice")
        for code in follow:
            _last(code, follow)
        return self


def _last(code: str, follow: Mapping[str, str]) -> str:
    seen = {code}
    while code in follow:
        code = follow[code]
        if code in seen:
            raise ValueError(f"renames of {code} run in a circle")
        seen.add(code)
    return code


def aliases() -> dict[str, str]:
    """Old code → code of today, chains followed. An old code that was later merged or split is left out of what ``ledger.regions`` tells."""
    told = {rename.old: now for rename in dated.renames() if (now := dated.current(rename.old)) is not None}
    table = lawfile.read(RegionTable, "regions.yaml")
    follow = told | {rename.old: rename.new for rename in table.renames}
    return {code: _last(code, follow) for code in follow}
