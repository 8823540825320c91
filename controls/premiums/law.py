"""The law of premiums as data: where contributions are booked, whose premium others pay, and who pays it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pydantic import model_validator

import templates
from controls.premiums.errors import BadShares
from ledger.funds import Fund
from ledger.lawfile import LawFile, Strict, read
from ledger.money import Fen, share
from ledger.parameters import Parameters

PAYERS_FILE, CATEGORIES_FILE = "premiums/payers.yaml", "premiums/categories.yaml"


class RefundEvents(Strict):
    """The events of a refund: of money received this year, and of an earlier year ('' : none)."""

    year: str
    earlier: str = ""


class PayerRule(Strict):
    """How one payer's (and level's) contributions are booked; ``kinds``: only rows whose 代缴类别 holds one of these words."""

    payer: str
    level: str = ""
    kinds: tuple[str, ...] = ()
    part: str
    family: str
    amount: str
    events: dict[str, str]
    refund: RefundEvents | None = None
    nature: bool
    funds: tuple[str, ...]
    reference: str


class LateFee(Strict):
    """Rows whose 缴费性质 says late fee."""

    words: tuple[str, ...]
    event: str
    reference: str


class PayersFile(LawFile):
    """Schema of ``templates/premiums/payers.yaml``."""

    payers: tuple[PayerRule, ...]
    natures: tuple[str, ...]
    blank_nature: str
    late_fee: LateFee

    @model_validator(mode="after")
    def _once(self) -> PayersFile:
        seen: set[tuple[str, str, str, str]] = set()
        for rule in self.payers:
            for key in ((fund, rule.payer, rule.level, word) for fund in rule.funds for word in rule.kinds or ("",)):
                if key in seen:
                    raise ValueError(f"{' '.join(key)}: twice")
                seen.add(key)
        if self.blank_nature not in self.natures:
            raise ValueError("blank_nature is none of natures")
        return self

    def rule(self, fund: Fund, payer: str, level: str, kind: str = "") -> PayerRule | None:
        """The rule of a payer; of a level where the payer's rules go by level, and first of all the one for the row's 代缴类别."""
        mine = [rule for rule in self.payers if fund.value in rule.funds and rule.payer == payer and rule.level in ("", level)]
        of_kind = (rule for rule in mine if any(word in kind for word in rule.kinds))
        return next(of_kind, next((rule for rule in mine if not rule.kinds), None))


class Category(Strict):
    """A category of those whose premium others pay, with the words lists use for it."""

    category: str
    aliases: tuple[str, ...] = ()


class ClaimPayer(Strict):
    """Somebody who pays for others: the part of the rows, and the detail of 4001 ('' for the person's own part)."""

    payer: str
    part: str
    detail: str


class CategoriesFile(LawFile):
    """Schema of ``templates/premiums/categories.yaml``; the order of categories is their precedence."""

    categories: tuple[Category, ...]
    payers: tuple[ClaimPayer, ...]
    elsewhere: dict[str, tuple[str, ...]]
    ended_statuses: tuple[str, ...]

    @model_validator(mode="after")
    def _once(self) -> CategoriesFile:
        words = [word for one in self.categories for word in (one.category, *one.aliases)]
        if len(words) != len(set(words)):
            raise ValueError("a word stands for two categories")
        return self

    def words(self) -> list[tuple[str, str, int]]:
        """(word in lists, category, place in the order)."""
        return [(word, one.category, place) for place, one in enumerate(self.categories) for word in (one.category, *one.aliases)]

    def payer(self, name: str) -> ClaimPayer | None:
        """The payer of that name."""
        return next((one for one in self.payers if one.payer == name), None)


@lru_cache(maxsize=4)
def _payers(roots: tuple[str, ...]) -> PayersFile:
    return read(PayersFile, PAYERS_FILE)


@lru_cache(maxsize=4)
def _categories(roots: tuple[str, ...]) -> CategoriesFile:
    return read(CategoriesFile, CATEGORIES_FILE)


def payers() -> PayersFile:
    """Where contributions are booked; raises SB1011."""
    return _payers(tuple(map(str, templates.roots())))


def categories() -> CategoriesFile:
    """Whose premium others pay; raises SB1011."""
    return _categories(tuple(map(str, templates.roots())))


def premium_day(year: int) -> date:
    """The day whose parameters hold for a premium year: its first."""
    return date(year, 1, 1)


def tier(known: Parameters, fund: Fund, region: str, category: str, year: int) -> Fen:
    """The lowest tier of the year in fen; raises SB1031 while nobody has set it."""
    return known.number("premium_lowest_tier", premium_day(year), fund=fund.value, region=region, category=category)


def split(known: Parameters, fund: Fund, region: str, category: str, year: int) -> list[tuple[ClaimPayer, Fen]]:
    """One person's premium by payer, no fen lost; what the person pays stands last in line like any payer. Raises SB1031, SB3216."""
    parts = known.codes("premium_shares", premium_day(year), fund=fund.value, region=region, category=category)
    names, weights = [], []
    for part in parts:
        name, _, weight = part.partition("=")
        if categories().payer(name) is None:
            raise BadShares(fund=fund.short, category=category, why=f"没有出资方“{name}”")
        if not weight.isascii() or not weight.isdigit() or int(weight) <= 0:
            raise BadShares(fund=fund.short, category=category, why=f"“{part}”的份数不是正整数")
        names.append(name)
        weights.append(int(weight))
    if not names or len(set(names)) != len(names):
        raise BadShares(fund=fund.short, category=category, why="没有出资方或出资方重复")
    amounts = share(tier(known, fund, region, category, year), weights)
    return [(one, fen) for name, fen in zip(names, amounts, strict=True) if (one := categories().payer(name)) is not None]
