"""The schema of chart files (科目表文件) and of supplements (补充规定文件), and how a tree becomes a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ledger.entries import Side
from ledger.funds import Fund
from ledger.lawfile import LawFile, Strict

Tier = Literal["county", "province"]
Origin = Literal["standard", "permitted", "ours"]


class Element(StrEnum):
    """会计要素 (28号 总说明六): asset, liability, net asset, income, expense."""

    ASSET = "asset"
    LIABILITY = "liability"
    NET_ASSET = "net_asset"
    INCOME = "income"
    EXPENSE = "expense"


FundList = tuple[Annotated[Fund, BeforeValidator(Fund)], ...]


class AccountNode(Strict):
    """One account of the tree. A child inherits side, element, funds, tier, analysis and dates; a two-digit code is appended to its parent's."""

    code: Annotated[str, Field(pattern=r"^[A-Z]?\d+$")]
    name: Annotated[str, Field(min_length=1)]
    reference: str
    side: Annotated[Side, BeforeValidator(Side)] | None = None
    element: Annotated[Element, BeforeValidator(Element)] | None = None
    funds: FundList | None = None
    origin: Origin = "standard"
    default: bool = False
    tier: Tier | None = None
    analysis: tuple[str, ...] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    children: tuple[AccountNode, ...] = ()


class ChartFile(LawFile):
    """A whole chart, e.g. ``charts/28-2018.yaml``."""

    chart: str
    title: str
    digits: tuple[int, ...]
    accounts: tuple[AccountNode, ...]


class Ending(Strict):
    """A detail account that a supplement closes from ``valid_to`` on."""

    code: str
    funds: FundList | None = None
    valid_to: date
    reference: str


class Addition(Strict):
    """Detail accounts that a supplement hangs under ``parent``; an empty ``parent`` adds a level-1 account (only by a rule of the state)."""

    parent: str
    accounts: tuple[AccountNode, ...]


class SupplementFile(LawFile):
    """Additions to and endings of a chart, e.g. a county's ``charts/supplement-*.yaml``; ``national`` only for rules of the Ministry of Finance."""

    supplement: str
    supplements: str
    national: bool = False
    additions: tuple[Addition, ...] = ()
    endings: tuple[Ending, ...] = ()


class Flat(Strict):
    """One account of one fund with everything inherited filled in."""

    code: str
    name: str
    parent: str
    side: Side
    element: Element
    tier: Tier | None
    analysis: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    origin: str
    default: bool
    reference: str
    note: str


def flatten(node: AccountNode, fund: Fund, above: Flat | None, since: date, until: date | None, mark: str = "") -> Iterator[Flat]:
    """``node`` and what hangs under it, for ``fund``; ``mark`` replaces the origin ``ours`` (a supplement's name)."""
    if node.funds is not None and fund not in node.funds:
        return
    code = above.code + node.code if above and not node.code.startswith(above.code) else node.code
    side = node.side or (above.side if above else None)
    element = node.element or (above.element if above else None)
    if side is None or element is None:
        raise ValueError(f"{code} 缺少方向或要素")
    own = Flat(
        code=code,
        name=node.name,
        parent=above.code if above else "",
        side=side,
        element=element,
        tier=node.tier or (above.tier if above else None),
        analysis=node.analysis if node.analysis is not None else (above.analysis if above else ()),
        valid_from=node.valid_from or since,
        valid_to=node.valid_to or until,
        origin=mark if mark and node.origin == "ours" else node.origin,
        default=node.default,
        reference=node.reference,
        note=node.note,
    )
    yield own
    for child in node.children:
        yield from flatten(child, fund, own, own.valid_from, own.valid_to, mark)
