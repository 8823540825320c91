"""The schema of entry templates (分录模板), ``templates/events/*.yaml``: every numbered treatment of 28号 as data."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

import templates
from ledger import programs
from ledger.chart_file import FundList, Tier
from ledger.entries import Side
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, LawFile, Strict, read

SPECIAL_FILE = "special/events.yaml"
MONEY = ("1001", "1002", "1003", "1004", "1005")
FundKey = Annotated[Fund, BeforeValidator(Fund)]
_TERM = re.compile(r"([+-]?)\s*([a-z_]+)")
_HOLE = re.compile(r"\{([a-z_]+)\??\}")


class UnknownEvent(Refusal):
    """An event code without a template."""

    code = "SB1021"
    zh = "没有业务类型“{event}”的分录模板。"
    en = "There is no entry template for the event “{event}”."
    cause_zh = "每种业务的分录由 templates/events 规定。"
    cause_en = "The entry of each business event stands in templates/events."
    remedy_zh = "核对业务代码；全部业务见 docs/standard.md。"
    remedy_en = "Check the code; docs/standard.md lists every event."
    status = UNUSABLE


class AmountSpec(Strict):
    """One amount of an event in fen. ``each`` names the details by which it may be itemised as ``name/value``."""

    zh: str
    each: tuple[str, ...] = ()
    optional: bool = False


class DetailSpec(Strict):
    """One fact about an event that is not money: its choices, and its default (by fund where it differs)."""

    zh: str
    funds: FundList | None = None
    choices: tuple[str, ...] = ()
    default: str = ""
    default_by_fund: dict[FundKey, str] = Field(default_factory=dict)
    pattern: str = ""
    optional: bool = False

    def applies(self, fund: Fund) -> bool:
        """Whether the fund has this detail at all."""
        return self.funds is None or fund in self.funds

    def preset(self, fund: Fund) -> str:
        """The value when nothing is said; '' for none."""
        return self.default_by_fund.get(fund, self.default)


class Leg(Strict):
    """One leg: side, account expression, amount expression. ``red``: may be negative; ``flip``: a negative goes to the other side; ``sign`` -1: always red."""

    side: Annotated[Side, BeforeValidator(Side)]
    account: str
    amount: str
    by_fund: dict[FundKey, str] = Field(default_factory=dict)
    red: bool = False
    flip: bool = False
    sign: int = 1

    def expression(self, fund: Fund) -> str:
        """The account expression for ``fund``."""
        return self.by_fund.get(fund, self.account)

    @property
    def terms(self) -> list[tuple[int, str]]:
        """The amount expression as (±1, amount name) pairs."""
        return [(-1 if sign == "-" else 1, name) for sign, name in _TERM.findall(self.amount)]


class ClosingRule(Strict):
    """Which income or expense accounts a closing (期末结转) moves where."""

    accounts: tuple[str, ...] = Field(alias="from")
    to: str
    funds: FundList
    reference: str


class Policy(Strict):
    """A choice of the office that this template stands for: parameter name and the values under which it may be used."""

    parameter: str
    value: str | tuple[str, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The values, one or several."""
        return (self.value,) if isinstance(self.value, str) else self.value


class EventTemplate(Strict):
    """One business event (业务): its reference in 28号, its legs, its evidence and the kind of voucher (收, 付, 转; 备 for registers only)."""

    code: str
    name_zh: str
    name_en: str
    reference: str
    voucher: Annotated[str, Field(pattern="^[收付转备]$")]
    summary: str
    funds: FundList = tuple(Fund)
    tier: Tier | None = None
    evidence: tuple[str, ...] = ()
    amounts: dict[str, AmountSpec] = Field(default_factory=dict)
    details: dict[str, DetailSpec] = Field(default_factory=dict)
    legs: tuple[Leg, ...] = ()
    closing: tuple[ClosingRule, ...] = ()
    policy: Policy | None = None
    memo: bool = False
    free: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> EventTemplate:
        if bool(self.legs) == (self.memo or self.free or bool(self.closing)):
            raise ValueError(f"{self.code}: legs, or memo, or free, or closing")
        used = {name for leg in self.legs for _, name in leg.terms}
        if used != set(self.amounts):
            raise ValueError(f"{self.code}: amounts {sorted(used ^ set(self.amounts))}")
        holes = {hole for leg in self.legs for text in (leg.account, *leg.by_fund.values()) for hole in _HOLE.findall(text)}
        if unknown := holes - set(self.details):
            raise ValueError(f"{self.code}: details {sorted(unknown)}")
        if unknown := {name for spec in self.amounts.values() for name in spec.each} - set(self.details):
            raise ValueError(f"{self.code}: each {sorted(unknown)}")
        return self

    @property
    def flow(self) -> tuple[frozenset[str], frozenset[str]]:
        """Money accounts (1001–1005) the legs may debit and credit: (in, out)."""
        touched: dict[Side, set[str]] = {Side.D: set(), Side.C: set()}
        for leg in self.legs:
            for text in (leg.account, *leg.by_fund.values()):
                hole = _HOLE.fullmatch(text)
                for code in self.details[hole.group(1)].choices if hole else (text,):
                    if code[:4] in MONEY:
                        touched[leg.side].add(code[:4])
        return frozenset(touched[Side.D]), frozenset(touched[Side.C])


class EventFile(LawFile):
    """One file of entry templates."""

    events: tuple[EventTemplate, ...]


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> dict[str, EventTemplate]:
    known: dict[str, EventTemplate] = {}
    for file in templates.names("events", ".yaml"):
        for event in read(EventFile, file).events:
            if event.code in known:
                raise BadLawFile(file=file, where=event.code, why="业务代码重复")
            known[event.code] = event
    return known


def load_events() -> dict[str, EventTemplate]:
    """Every entry template of the standard by code; raises SB1011."""
    return dict(_load(tuple(str(root) for root in templates.roots())))


@lru_cache(maxsize=4)
def _load_special(roots: tuple[str, ...]) -> dict[str, EventTemplate]:
    allowed: dict[str, list[Fund]] = {}
    for program in programs.programs().values():
        for code in program.events:
            allowed.setdefault(code, []).append(Fund(program.program))
    known: dict[str, EventTemplate] = {}
    for law in read(EventFile, SPECIAL_FILE).events:
        if law.code in known or law.code in _load(roots):
            raise BadLawFile(file=SPECIAL_FILE, where=law.code, why="业务代码重复")
        known[law.code] = law.model_copy(update={"funds": tuple(allowed.pop(law.code, ()))})
    if allowed:
        raise BadLawFile(file=programs.FOLDER, where="、".join(sorted(allowed)), why="没有这项业务的分录模板")
    return known


def special_events() -> dict[str, EventTemplate]:
    """Every entry template of special books (专账) by code, each with the programs that list it; raises SB1011."""
    return dict(_load_special(tuple(str(root) for root in templates.roots())))


def event(code: str) -> EventTemplate:
    """The template ``code``; raises SB1021."""
    found = load_events().get(code) or special_events().get(code)
    if found is None:
        raise UnknownEvent(event=code)
    return found
