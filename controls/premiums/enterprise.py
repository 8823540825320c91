"""Enterprise size (企业划型) and the relief it brings: pure calculators over dated data. Relief has no entry; the amounts go to the memo register."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pydantic import Field, model_validator

import templates
from controls.premiums.errors import UnknownIndustry
from ledger.funds import Fund
from ledger.lawfile import LawFile, Strict, read
from ledger.money import Fen, share
from ledger.months import Month

CLASSES = ("大型", "中型", "小型", "微型")
INDICATORS = {"staff": "从业人员", "revenue": "营业收入", "assets": "资产总额"}


class Industry(Strict):
    """One industry: its codes (GB/T 4754 门类 or 大类) and the lower limits of 大, 中, 小 by indicator."""

    industry: str
    codes: tuple[str, ...]
    limits: dict[str, tuple[int, int, int]]

    @model_validator(mode="after")
    def _falling(self) -> Industry:
        for name, (large, medium, small) in self.limits.items():
            if name not in INDICATORS or not large > medium > small > 0:
                raise ValueError(f"{self.industry} {name}: limits must fall")
        return self


class EnterprisesFile(LawFile):
    """Schema of ``templates/premiums/enterprises.yaml``."""

    industries: tuple[Industry, ...]


class Relief(Strict):
    """The employer's part that one class is spared in a span of months; ``regions`` are prefixes, the longer one wins."""

    kind: str = Field(alias="class")
    share: tuple[int, int]
    first: str
    last: str
    reference: str
    regions: tuple[str, ...] = ()


class ReliefFile(LawFile):
    """Schema of ``templates/premiums/relief.yaml``."""

    funds: tuple[str, ...]
    reliefs: tuple[Relief, ...]


@lru_cache(maxsize=4)
def _files(roots: tuple[str, ...]) -> tuple[EnterprisesFile, ReliefFile]:
    return read(EnterprisesFile, "premiums/enterprises.yaml"), read(ReliefFile, "premiums/relief.yaml")


def files() -> tuple[EnterprisesFile, ReliefFile]:
    """Size limits and reliefs; raises SB1011."""
    return _files(tuple(map(str, templates.roots())))


@dataclass(frozen=True, slots=True)
class Sized:
    """An enterprise's class and the steps that led to it (Chinese sentences)."""

    industry: str
    size: str
    steps: tuple[str, ...]


def size(industry: str, *, staff: int | None = None, revenue: int | None = None, assets: int | None = None) -> Sized:
    """The class by industry name or code, staff in persons, revenue and assets in 万元.

    Large, medium and small must meet all lower limits, else the next class down; what meets not all limits of 小型 is 微型. Raises SB3223.
    """
    known = files()[0].industries
    law = next(
        (one for one in known if industry == one.industry or industry in one.codes or any(c.isdigit() and industry.startswith(c) for c in one.codes)), None
    )
    names = "、".join(one.industry for one in known)
    if law is None:
        raise UnknownIndustry(why=f"没有行业“{industry}”", known=names)
    given = {"staff": staff, "revenue": revenue, "assets": assets}
    missing = [INDICATORS[name] for name in law.limits if given[name] is None]
    if missing:
        raise UnknownIndustry(why=f"{law.industry}需要{'、'.join(missing)}", known=names)
    steps = []
    for at, kind in enumerate(CLASSES[:3]):
        failing = [name for name, limits in law.limits.items() if (given[name] or 0) < limits[at]]
        told = "、".join(f"{INDICATORS[name]} {given[name]} {'<' if name in failing else '≥'} {limits[at]}" for name, limits in law.limits.items())
        steps.append(f"{kind}：{told}，{'不满足，下划一档' if failing else '同时满足'}")
        if not failing:
            return Sized(law.industry, kind, tuple(steps))
    return Sized(law.industry, CLASSES[3], (*steps, "微型：至少一项低于小型下限"))


@dataclass(frozen=True, slots=True)
class Relieved:
    """What an employer is spared of one month's part: fen, what is left to pay, and why."""

    spared: Fen
    left: Fen
    reference: str


def relief(fund: Fund, kind: str, month: Month, region: str, employer_fen: Fen) -> Relieved:
    """The relief of one class in one month on the employer's part; nothing outside the funds, months and classes of the data."""
    law = files()[1]
    fitting = [
        one
        for one in law.reliefs
        if fund.value in law.funds
        and one.kind == kind
        and Month.parse(one.first) <= month <= Month.parse(one.last)
        and (not one.regions or region.startswith(one.regions))
    ]
    if not fitting:
        return Relieved(0, employer_fen, "没有减免规定")
    best = max(fitting, key=lambda one: len(one.regions[0]) if one.regions else 0)
    part, whole = best.share
    if not part:
        return Relieved(0, employer_fen, best.reference)
    spared = employer_fen if part == whole else share(employer_fen, [part, whole - part])[0]
    return Relieved(spared, employer_fen - spared, best.reference)
