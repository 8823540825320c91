"""The lines of the statutory statements (会社保01 资产负债表, 会社保02 收支表) as data, read from ``templates/statements``.

Labels stand letter by letter as in 28号 Part 4, formulas as in Part 5. This module only knows what a line is;
``books.statements`` computes it. Money movements never include closing entries (DOMAIN §1.7).
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

import templates
from ledger.chart_file import FundList, Tier
from ledger.funds import Fund
from ledger.lawfile import LawFile, Strict, read

STANDARD = "28-2018"


class Mode(StrEnum):
    """How the amount of a line comes about (28号 Part 5; DOMAIN §1.7). Account modes read every leaf under ``accounts``."""

    HEADING = "heading"
    CLOSING_DEBIT = "closing_debit"
    CLOSING_CREDIT = "closing_credit"
    NET_CREDIT = "net_credit"
    NET_DEBIT = "net_debit"
    CREDIT = "credit"
    DEBIT = "debit"
    SUM = "sum"
    DIFFERENCE = "difference"


OF_LINES = {Mode.SUM, Mode.DIFFERENCE}


class StatementLine(Strict):
    """One line of a statement.

    ``lines`` of a sum or difference name codes of the same statement; codes not shown for the fund count as nothing.
    ``of_which`` lines detail the line above and enter no sum. ``shown`` ``if_used``: left out while balance and movement are nil.
    ``annual`` False: not in annual statements. ``last_month`` 11: shown in months 1 to 11 only.
    """

    code: str
    label: str
    level: Annotated[int, Field(ge=0, le=4)]
    mode: Annotated[Mode, BeforeValidator(Mode)]
    reference: str
    accounts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    side: Literal["left", "right", ""] = ""
    lead: str = ""
    of_which: bool = False
    special: bool = False
    shown: Literal["always", "if_used"] = "always"
    funds: FundList | None = None
    tier: Tier | None = None
    annual: bool = True
    last_month: int = 12
    note: str = ""

    @model_validator(mode="after")
    def _formula(self) -> StatementLine:
        if bool(self.lines) != (self.mode in OF_LINES):
            raise ValueError(f"{self.code}: sums and differences, and only they, name lines")
        if bool(self.accounts) != (self.mode not in OF_LINES | {Mode.HEADING}):
            raise ValueError(f"{self.code}: account modes, and only they, name accounts")
        return self

    @property
    def printed(self) -> str:
        """The label on a statement: with 其中： before it, without the asterisk of the blank form."""
        return self.lead + self.label

    @property
    def on_form(self) -> str:
        """The label on the blank form of Part 4 with its asterisk; 其中： stands there once for two lines and is not part of it."""
        return self.label + ("*" if self.special else "")

    def covers(self, account: str) -> bool:
        """Whether the leaf ``account`` lies under one of this line's account prefixes."""
        return account.startswith(self.accounts) if self.accounts else False

    def due(self, fund: Fund, *, month: int, annual: bool, tier: Tier) -> bool:
        """Whether the line stands on the statement of ``fund`` at that time (``if_used`` is decided by the amounts)."""
        if self.funds is not None and fund not in self.funds:
            return False
        if self.tier is not None and self.tier != tier:
            return False
        return self.annual if annual else month <= self.last_month


class Sheet(Strict):
    """Head of a statement: form number, title and column heads (``annual_columns`` in annual statements)."""

    form: str
    title: str
    reference: str
    columns: tuple[str, str]
    annual_columns: tuple[str, str]


class BalanceSheet(Sheet):
    """会社保01表: one list of lines, each with the funds it is for."""

    lines: tuple[StatementLine, ...]


class IncomeForm(Strict):
    """会社保02表 of one fund, with the words printed after 险种和制度： and its notes."""

    fund_title: str
    lines: tuple[StatementLine, ...]
    notes: tuple[str, ...] = ()


class IncomeStatement(Sheet):
    """会社保02表: a form per fund."""

    forms: dict[Annotated[Fund, BeforeValidator(Fund)], IncomeForm]


class StatementSet(LawFile):
    """Both statements of one standard."""

    statements: str
    unit: str
    balance_sheet: BalanceSheet
    income_statement: IncomeStatement

    @model_validator(mode="after")
    def _lines_exist(self) -> StatementSet:
        for fund in Fund:
            for lines in (self.balance_lines(fund), self.income_lines(fund)):
                codes = [line.code for line in lines]
                if len(codes) != len(set(codes)):
                    raise ValueError(f"{fund}: a line code twice")
        everywhere = {line.code for line in self.balance_sheet.lines}
        for fund, form in self.income_statement.forms.items():
            known = {line.code for line in form.lines}
            if missing := {code for line in form.lines for code in line.lines} - known:
                raise ValueError(f"{fund}: unknown lines {sorted(missing)}")
        if missing := {code for line in self.balance_sheet.lines for code in line.lines} - everywhere:
            raise ValueError(f"unknown lines {sorted(missing)}")
        return self

    def balance_lines(self, fund: Fund, *, month: int = 1, annual: bool = False, tier: Tier | None = None) -> list[StatementLine]:
        """Lines of 会社保01 for ``fund`` in order of print, left side first; without ``tier`` both levels' lines."""
        return [line for line in self.balance_sheet.lines if line.due(fund, month=month, annual=annual, tier=tier or line.tier or "county")]

    def income_lines(self, fund: Fund, *, month: int = 1, annual: bool = False) -> list[StatementLine]:
        """Lines of 会社保02 for ``fund`` in order of print."""
        return [line for line in self.income_statement.forms[fund].lines if line.due(fund, month=month, annual=annual, tier="county")]

    def fund_title(self, fund: Fund) -> str:
        """The words after 险种和制度： on the form, e.g. 城乡居民基本养老保险基金."""
        return self.income_statement.forms[fund].fund_title


@lru_cache(maxsize=8)
def _load(name: str, roots: tuple[str, ...]) -> StatementSet:
    return read(StatementSet, f"statements/{name}.yaml")


def load_statements(name: str = STANDARD) -> StatementSet:
    """The statement lines of standard ``name``; raises SB1011 when the file breaks its schema."""
    return _load(name, tuple(str(root) for root in templates.roots()))
