"""What may be claimed apart from what was paid: base, account and money that is not split (待拆分), for every rule that tells the parts."""

from __future__ import annotations

from functools import cache

import pytest

from controls.checks.cases import Case, Placed, cases, placed, tables
from controls.checks.catalogue import rules
from controls.checks.runner import run
from controls.findings import Finding

PARTED = {rule.code: rule for rule in rules() if rule.parts}


def plain(code: str) -> Case:
    """The first planted case of a rule whose payments name no item."""
    planted = (case for case in cases(code) if case.expect and not case.alone)
    return next(case for case in planted if case.payments and not any({"item", "item_class", "has_item"} & row.keys() for row in case.payments))


def paid_as(case: Case, item: str, part: str) -> Case:
    """The case with every payment as ``item``; with ``part`` too, each row stands in two of half its money."""
    given = case.payments or ()
    if not part:
        return case.model_copy(update={"payments": tuple(row | {"item": item, "item_class": "pension"} for row in given)})
    halves = [row | {"item": name, "item_class": "pension", "amount": row.get("amount", 10000) // 2} for row in given for name in (item, part)]
    return case.model_copy(update={"payments": tuple(halves)})


@cache
def found(item: str, part: str = "") -> dict[str, Finding]:
    """What each rule finds in its plain case when the payments bear these items."""
    own: dict[str, Placed] = {}
    lines: dict[str, int] = {}
    told = {}
    for nth, code in enumerate(PARTED, start=1):
        case = paid_as(plain(code), item, part)
        if PARTED[code].kind == "linked" or case.fixed:
            told[code] = run(tables([placed(case, 0, {})]), rules=[code], threads=1).findings[0]
            continue
        own[code] = placed(case, nth, lines)
        for contract, rows in own[code].rows.items():
            lines[contract] = lines.get(contract, 2) + len(rows)
    result = run(tables(list(own.values())), rules=list(own), threads=1)
    return told | {code: next(one for one in result.findings if one.rule == code and one.id_number in own[code].numbers) for code in own}


@pytest.mark.parametrize("item", ["养老金", "城乡居民养老金"])
def test_a_pension_named_as_a_whole_has_to_be_split_first(item: str) -> None:
    """No part is told, all of it is 待拆分, and the sentence says so."""
    for one in found(item).values():
        assert (one.evidence.base, one.evidence.recoverable, one.evidence.unsplit) == (None, None, one.amount)
        assert one.reason.endswith("元未分列基础养老金与个人账户养老金，待拆分。") and one.reason.count("。") == 1
        assert "unsplit" not in one.evidence.json() and "recoverable" not in one.evidence.json()


def test_the_account_part_is_an_advance_and_not_claimed() -> None:
    """The base is claimed, the account part is not; nothing is left to split."""
    for item, share in (("基础养老金", 1), ("个人账户养老金", 0)):
        for one in found(item).values():
            assert one.evidence.recoverable == one.amount * share and one.evidence.unsplit is None and "待拆分" not in one.reason
    for one in found("基础养老金", "个人账户养老金").values():
        assert one.evidence.base == one.evidence.account == one.evidence.recoverable == one.amount // 2


def test_what_is_not_split_beside_a_base_is_not_claimed_either() -> None:
    """The parts still sum to the amount; what is named as a whole stands among ``other`` and is not claimed for certain."""
    for one in found("基础养老金", "养老金").values():
        known = one.evidence
        assert (known.base or 0) + (known.account or 0) + (known.other or 0) == one.amount
        assert known.unsplit == known.other and known.recoverable == known.base and "待拆分" in one.reason


def test_a_part_with_a_name_of_its_own_is_neither() -> None:
    """A transitional pension is a part (``other``), not a whole: it is claimed, and nothing has to be split."""
    for one in found("基础养老金", "过渡性养老金").values():
        assert one.evidence.recoverable == one.amount and one.evidence.unsplit is None
