"""Rules that speak before payment and could not, since their data were never taken in (发放前未能检查): no data is not “no finding”."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from controls.checks.catalogue import before_payment, chosen
from controls.checks.coverage import CONTRACT_ZH


@dataclass(frozen=True, slots=True)
class Unasked:
    """A rule that was not asked of a roster: its code and name, the data that are missing in Chinese, and whether it is one that blocks payment."""

    rule: str
    name: str
    missing: tuple[str, ...]
    blocks: bool

    def told(self) -> str:
        """The rule and what it lacked, in one phrase."""
        return f"{self.rule.partition('-')[0]} {self.name}（缺{'、'.join(self.missing)}）"


def unasked(given: Collection[str], read: Collection[str]) -> tuple[Unasked, ...]:
    """What was not asked where ``given`` contracts were at hand of those the check of this fund ``read``; those that block first, then by code."""
    found = []
    for rule in chosen(before_payment()):
        missing = [contract for contract in rule.needs if contract not in given and contract != "payments"]
        if missing and set(missing) <= set(read):
            found.append(Unasked(rule.code, rule.name_zh, tuple(CONTRACT_ZH[contract] for contract in missing), rule.before_payment.says == "block"))
    return tuple(sorted(found, key=lambda one: (not one.blocks, one.rule)))
