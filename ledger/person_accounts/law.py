"""Person accounts as data: parts, what enters at which share, interest methods, one-off payments, moves between schemes.

Read from ``templates/person-accounts.yaml``; a share is a pair of integers, never a fraction of a fen.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

import templates
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, LawFile, Strict, in_force, order_faults, read
from ledger.person_accounts.errors import NoAccountFund, NoMove, NoReasonKnown, UnknownPart

FILE = "person-accounts.yaml"
FundKey = Annotated[Fund, BeforeValidator(Fund)]
BASIS = 10_000
"""A yearly rate is written in 万分之一."""


class Part(Strict):
    """One source (来源) of a person's money. ``government``: a subsidy; ``outside``: it moves with transfers but is in no account."""

    code: str
    zh: str
    order: int
    government: bool = False
    outside: bool = False
    aliases: tuple[str, ...] = ()


class Enters(Strict):
    """Contributions of ``part`` booked to one of ``accounts`` enter the account at ``share`` (numerator, denominator), in ``[from, to)``."""

    part: str
    accounts: tuple[str, ...]
    share: tuple[int, int]
    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    reference: str

    @model_validator(mode="after")
    def _proper(self) -> Enters:
        if not 0 <= self.share[0] <= self.share[1] or self.share[1] < 1:
            raise ValueError(f"{self.part}: share {self.share}")
        return self


class FundLaw(Strict):
    """One fund's rules: which control accounts carry what, and what enters."""

    reference: str
    monthly: tuple[str, ...]
    one_off: str
    monthly_item: str
    one_off_item: str
    base_item: str
    funeral_item: str
    into: str
    out: str
    enters: tuple[Enters, ...]

    def share(self, part: str, account: str, day: date) -> tuple[int, int] | None:
        """At which share contributions of ``part`` on ``account`` enter on ``day``; None where the file says nothing."""
        for one in self.enters:
            if one.part == part and account.startswith(one.accounts) and in_force(one, day):
                return one.share
        return None

    def breaks(self) -> list[date]:
        """The days on which some share changes, in order."""
        return sorted({day for one in self.enters for day in (one.valid_from, one.valid_to) if day is not None})


class Method(Strict):
    """How interest of a year is reckoned: shares of a year that money received, or paid, in each month earns, or loses, out of ``per``."""

    code: str
    per: int
    weights: tuple[int, ...]
    paid: tuple[int, ...]
    drawing: bool = True
    reference: str

    @model_validator(mode="after")
    def _proper(self) -> Method:
        if self.per < 12 or self.per % 12 or {len(self.weights), len(self.paid)} != {12}:
            raise ValueError(f"{self.code}: twelve weights, and a denominator that twelve divides")
        if not all(0 <= weight <= self.per for weight in (*self.weights, *self.paid)):
            raise ValueError(f"{self.code}: weights from 0 to {self.per}")
        return self


class OneOff(Strict):
    """Why an account may be paid out once, and whether government subsidies go with it, in ``[from, to)``."""

    reason: str
    funds: tuple[FundKey, ...]
    government: Literal["pay", "keep"]
    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    reference: str


class Scheme(Strict):
    """A move of whole accounts between two schemes: the part the money becomes, and whether years count."""

    give: Annotated[Fund, BeforeValidator(Fund)]
    take: Annotated[Fund, BeforeValidator(Fund)]
    to: str
    years: bool
    drawing: bool
    reference: str


class PersonAccountsFile(LawFile):
    """The whole file."""

    parts: tuple[Part, ...]
    funds: dict[FundKey, FundLaw]
    methods: tuple[Method, ...]
    one_off: tuple[OneOff, ...]
    schemes: tuple[Scheme, ...]

    @model_validator(mode="after")
    def _whole(self) -> PersonAccountsFile:
        known = {part.code for part in self.parts}
        used = {one.part for law in self.funds.values() for one in law.enters} | {scheme.to for scheme in self.schemes}
        if len(known) != len(self.parts) or used - known:
            raise ValueError(f"parts: {sorted(used - known) or 'twice'}")
        for fund, law in self.funds.items():
            for part in {one.part for one in law.enters}:
                if fault := order_faults([one for one in law.enters if one.part == part], gaps=True):
                    raise ValueError(f"{fund} {part}: {fault}")
        for reason in {(one.reason, fund) for one in self.one_off for fund in one.funds}:
            if fault := order_faults([one for one in self.one_off if one.reason == reason[0] and reason[1] in one.funds], gaps=True):
                raise ValueError(f"one_off {reason[0]}: {fault}")
        return self


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> PersonAccountsFile:
    return read(PersonAccountsFile, FILE)


def law() -> PersonAccountsFile:
    """The file in force (an office's own replaces the shipped one); raises SB1011."""
    return _load(tuple(str(root) for root in templates.roots()))


def fund_law(fund: Fund) -> FundLaw:
    """One fund's rules; raises SB1420 for a fund without person accounts."""
    found = law().funds.get(fund)
    if found is None:
        raise NoAccountFund(fund=fund.zh)
    return found


def parts() -> tuple[Part, ...]:
    """Every part, in the order of the file."""
    return law().parts


def part(text: str) -> Part:
    """A part by its code, Chinese name or alias; raises SB1421."""
    wanted = "".join(unicodedata.normalize("NFKC", text).split())
    for one in parts():
        if wanted in (one.code, one.zh, *one.aliases):
            return one
    raise UnknownPart(part=text, known="、".join(one.zh for one in parts()))


def method(code: str) -> Method:
    """An interest method by name; raises SB1011."""
    for one in law().methods:
        if one.code == code:
            return one
    raise BadLawFile(file=FILE, where="methods", why=f"没有计息办法“{code}”")


def one_off(fund: Fund, reason: str, day: date) -> OneOff:
    """The rule for paying an account out once for ``reason`` that arose on ``day``; raises SB1422."""
    for one in law().one_off:
        if one.reason == reason and fund in one.funds and in_force(one, day):
            return one
    known = sorted({one.reason for one in law().one_off if fund in one.funds and in_force(one, day)})
    raise NoReasonKnown(fund=fund.zh, reason=reason, day=day.isoformat(), known="、".join(known) or "无")


def scheme(give: Fund, take: Fund) -> Scheme:
    """The rule for a move between two schemes; raises SB1423."""
    for one in law().schemes:
        if (one.give, one.take) == (give, take):
            return one
    raise NoMove(give=give.zh, take=take.zh)
