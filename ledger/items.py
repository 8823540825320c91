"""Benefit items (待遇类型) and the account under 5001 each is booked to, read from ``templates/charts/items.yaml``.

An item that nobody mapped is refused, never guessed. ``allowance`` items (代发) are not the fund's money
and are never mapped (DOMAIN §9 item 21).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field

import templates
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, LawFile, Strict, read

FILE = "charts/items.yaml"


class UnmappedItem(Refusal):
    """A benefit item without an account."""

    code = "SB1016"
    zh = "{fund}的待遇类型“{item}”{source}没有对应的会计科目。"
    en = "The benefit item “{item}”{source} of {fund} has no account."
    cause_zh = "每个待遇类型记入 5001 的哪个明细科目由对应表规定，不能猜。"
    cause_en = "The account of each benefit item stands in the mapping; it is never guessed."
    remedy_zh = "由会计主管核定科目，由数据管理岗写入 charts/items.yaml（险种 {code}）后重试。"
    remedy_en = "The chief accountant decides the account and DATA adds it to charts/items.yaml (fund {code})."


class Item(Strict):
    """One item: its account prefix, other names, and accounts by source of money."""

    item: str
    account: str
    reference: str
    aliases: tuple[str, ...] = ()
    sources: dict[str, str] = Field(default_factory=dict)


FundKey = Annotated[Fund, BeforeValidator(Fund)]


class ItemsFile(LawFile):
    """The mapping of every fund."""

    items: dict[FundKey, tuple[Item, ...]]


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=8)
def _table(roots: tuple[str, ...]) -> dict[tuple[Fund, str], Item]:
    table: dict[tuple[Fund, str], Item] = {}
    for fund, items in read(ItemsFile, FILE).items.items():
        for item in items:
            for name in (item.item, *item.aliases):
                if (fund, _key(name)) in table:
                    raise BadLawFile(file=FILE, where=f"{fund} {name}", why="待遇类型重复")
                table[fund, _key(name)] = item
    return table


def benefit_code(fund: Fund, item: str, source: str = "") -> str:
    """The account code (perhaps a parent) of ``item`` of ``fund``; ``source`` narrows it where the mapping knows sources; raises SB1016, SB1460."""
    if fund.special:
        return f"C01{fund.program.benefit(item).account}"
    found = _table(tuple(str(root) for root in templates.roots())).get((fund, _key(item)))
    if found is None:
        raise UnmappedItem(fund=fund.zh, item=item, source="", code=fund.value)
    if not source or not found.sources:
        return found.account
    if source not in found.sources:
        raise UnmappedItem(fund=fund.zh, item=item, source=f"（资金来源“{source}”）", code=fund.value)
    return found.sources[source]


def canonical_item(fund: Fund, item: str) -> str:
    """The item that ``item`` is another name of ('' when nobody mapped it): 补发基础养老金(中央) → 基础养老金(中央)."""
    found = _table(tuple(str(root) for root in templates.roots())).get((fund, _key(item)))
    return found.item if found else ""


def known_items(fund: Fund) -> list[Item]:
    """Every mapped item of ``fund``."""
    table = _table(tuple(str(root) for root in templates.roots()))
    return list({id(item): item for (owner, _), item in table.items() if owner is fund}.values())
