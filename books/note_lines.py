"""What the notes to the statements (附注) consist of, as data read from ``templates/statements`` (28号 Part 5 三).

Titles of the six points stand letter by letter as in the standard. This module only knows what a table is;
``books.notes`` composes it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

import templates
from books.statement_lines import Mode
from ledger.chart_file import FundList, Tier
from ledger.funds import Fund
from ledger.lawfile import LawFile, Strict, read

STANDARD = "notes-28-2018"


class Kind(StrEnum):
    """How a table comes about: composition and movement of accounts, lines of 会社保02 against last year, movements, or registers."""

    COMPOSITION = "composition"
    CHANGE = "change"
    RESULTS = "results"
    REGISTER = "register"


COLUMNS: dict[Kind, int] = {Kind.COMPOSITION: 5, Kind.CHANGE: 6, Kind.RESULTS: 3, Kind.REGISTER: 2}


class NoteRow(Strict):
    """A named row: movement of accounts (results), or the figure of a register (备查簿)."""

    label: str
    mode: Annotated[Mode, BeforeValidator(Mode)] = Mode.HEADING
    accounts: tuple[str, ...] = ()
    source: str = ""
    funds: FundList | None = None


class NoteTable(Strict):
    """One table. ``total_of`` names the lines of 会社保01 whose sum the closing balances make; ``parties`` splits by counterpart."""

    code: str
    title: str
    kind: Annotated[Kind, BeforeValidator(Kind)]
    columns: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    parties: bool = False
    total_of: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    details: bool = False
    rows: tuple[NoteRow, ...] = ()
    empty: str = ""
    funds: FundList | None = None
    tier: Tier | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> NoteTable:
        if len(self.columns) != COLUMNS[self.kind]:
            raise ValueError(f"{self.code}: {self.kind} has {COLUMNS[self.kind]} columns")
        if bool(self.accounts and self.total_of) != (self.kind is Kind.COMPOSITION):
            raise ValueError(f"{self.code}: compositions, and only they, name accounts and the lines they make")
        if bool(self.sums) != (self.kind is Kind.CHANGE) or bool(self.rows) != (self.kind in (Kind.RESULTS, Kind.REGISTER)):
            raise ValueError(f"{self.code}: sums belong to change, rows to results and register")
        if self.kind is not Kind.REGISTER and not self.empty:
            raise ValueError(f"{self.code}: what is said when there is nothing")
        for row in self.rows:
            if bool(row.source) != (self.kind is Kind.REGISTER) or bool(row.accounts) != (self.kind is Kind.RESULTS):
                raise ValueError(f"{self.code}: {row.label} fits no {self.kind}")
        return self

    def due(self, fund: Fund, tier: Tier) -> bool:
        """Whether the table stands in the notes of ``fund`` at that level."""
        return (self.funds is None or fund in self.funds) and (self.tier is None or self.tier == tier)


class NoteSection(Strict):
    """One of the six points; ``text`` required must be said in words, 无 included. ``absent`` stands for other funds than ``funds``."""

    number: str
    title: str
    reference: str
    text: Literal["required", "optional"]
    tables: tuple[NoteTable, ...] = ()
    funds: FundList | None = None
    absent: str = ""

    @property
    def printed(self) -> str:
        """（一）… as the standard numbers it."""
        return f"（{self.number}）{self.title}"


class NoteSet(LawFile):
    """The notes of one standard."""

    notes: str
    title: str
    sections: tuple[NoteSection, ...]

    @model_validator(mode="after")
    def _numbered_once(self) -> NoteSet:
        numbers = [section.number for section in self.sections]
        if len(numbers) != len(set(numbers)):
            raise ValueError("a point twice")
        for fund in Fund:
            for tier in ("county", "province"):
                codes = [table.code for section in self.sections for table in section.tables if table.due(fund, tier)]
                if len(codes) != len(set(codes)):
                    raise ValueError(f"{fund} {tier}: a table twice")
        return self


@lru_cache(maxsize=8)
def _load(name: str, roots: tuple[str, ...]) -> NoteSet:
    return read(NoteSet, f"statements/{name}.yaml")


def load_notes(name: str = STANDARD) -> NoteSet:
    """The notes of standard ``name``; raises SB1011 when the file breaks its schema."""
    return _load(name, tuple(str(root) for root in templates.roots()))
