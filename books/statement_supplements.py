"""Lines that a later rule adds to the statements (补充规定), as files of their own: ``templates/statements/supplement-*.yaml``.

A supplement's lines stand on statements of months that end inside ``[valid_from, valid_to)``; every earlier month prints as it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

from pydantic import ValidationError, model_validator

import templates
from books.statement_lines import STANDARD, StatementLine, StatementSet, load_statements
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, LawFile, Strict, read

PREFIX = "statements/supplement-"


class AddedLine(Strict):
    """One line: on which form, after which line it stands, and which sums take it in. On 会社保02 ``line.funds`` names the forms."""

    form: Literal["balance_sheet", "income_statement"]
    after: str
    into: tuple[str, ...] = ()
    line: StatementLine

    @model_validator(mode="after")
    def _forms(self) -> AddedLine:
        if self.form == "income_statement" and not self.line.funds:
            raise ValueError(f"{self.line.code}: the funds whose form takes it")
        return self


class StatementSupplement(LawFile):
    """A supplement's lines to the statements of one standard."""

    supplement: str
    supplements: str
    lines: tuple[AddedLine, ...]


@lru_cache(maxsize=64)
def _on(day: date, name: str, roots: tuple[str, ...]) -> StatementSet:
    return supplemented(load_statements(name), in_force(name, day))


def statements_on(day: date, name: str = STANDARD) -> StatementSet:
    """The statement lines of standard ``name`` with the supplements in force on ``day``; raises SB1011 when a file breaks its schema."""
    return _on(day, name, tuple(str(root) for root in templates.roots()))


def in_force(name: str, day: date) -> list[tuple[str, StatementSupplement]]:
    """The supplements to standard ``name`` that hold on ``day``, by file name; raises SB1011."""
    files = [file for file in templates.names("statements", ".yaml") if file.startswith(PREFIX)]
    read_all = [(file, read(StatementSupplement, file)) for file in files]
    return [(file, one) for file, one in read_all if one.supplements == name and one.valid_from <= day and (one.valid_to is None or day < one.valid_to)]


def supplemented(base: StatementSet, added: Iterable[tuple[str, StatementSupplement]]) -> StatementSet:
    """The statements with the supplements' lines in their places; raises SB1011 where a line or sum it names does not exist."""
    made = base
    for file, supplement in added:
        for one in supplement.lines:
            try:
                made = StatementSet.model_validate(_with(made, one, file).model_dump())
            except ValidationError as wrong:
                raise BadLawFile(file=file, where=one.line.code, why=str(wrong.errors()[0]["msg"])) from wrong
    return made


def _with(law: StatementSet, one: AddedLine, file: str) -> StatementSet:
    if one.form == "balance_sheet":
        return law.model_copy(update={"balance_sheet": law.balance_sheet.model_copy(update={"lines": _inserted(law.balance_sheet.lines, one, file)})})
    forms = dict(law.income_statement.forms)
    for fund in map(Fund, one.line.funds or ()):
        forms[fund] = forms[fund].model_copy(update={"lines": _inserted(forms[fund].lines, one, file)})
    return law.model_copy(update={"income_statement": law.income_statement.model_copy(update={"forms": forms})})


def _inserted(lines: Sequence[StatementLine], one: AddedLine, file: str) -> tuple[StatementLine, ...]:
    """The lines with the new one in its place and in its sums."""
    codes = [line.code for line in lines]
    if missing := [code for code in (one.after, *one.into) if code not in codes]:
        raise BadLawFile(file=file, where=one.line.code, why=f"没有项目 {missing[0]}")
    summed = [line.model_copy(update={"lines": (*line.lines, one.line.code)}) if line.code in one.into else line for line in lines]
    at = codes.index(one.after) + 1
    return (*summed[:at], one.line, *summed[at:])
