"""Axes of lines: data say which account takes which, how values are written, and what each value bore."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import dimensions
from ledger.dimensions import Axis, BadDimension, UnknownAxis
from ledger.entries import Line, Side, dimension
from ledger.events import AXES, build
from ledger.funds import Fund
from tests.ledger.identity_numbers import check_digit

PERSON = "62082819500101001" + check_digit("62082819500101001")


def line(account: str, **axes: str) -> Line:
    return Line(account, Side.D, 100, dimension(axes))


def test_every_axis_of_the_standard_is_there() -> None:
    """The nine axes, each with its kind; those that stand on lines are those that events take."""
    kinds = {name: axis.kind for name, axis in dimensions.axes().items()}
    assert {name for name, kind in kinds.items() if kind == "stored"} == set(AXES)
    assert {name for name, kind in kinds.items() if kind == "account"} == {"level", "payer", "item"}
    assert kinds["person"] == "subledger"


GOOD = [
    ("1004", {"bank_account": "6200001"}), ("110109", {"party": "代发银行"}), ("41010204", {"document": "财社〔2026〕3号"}),
    ("40010101", {"township": "620828101", "entitlement": "2026-01"}), ("50010101", {"township": "620828101000"}),
]  # fmt: skip
BAD = [
    ("4201", {"township": "620828101"}, "没有这个维度"), ("1004", {"payer": "个人"}, "没有这个维度"), ("1004", {"colour": "红"}, "没有这个维度"),
    ("40010101", {"township": "太平镇"}, "写法不符"), ("40010101", {"entitlement": "2026-13"}, "写法不符"), ("50010101", {"person": "x"}, "没有这个维度"),
    ("200107", {"party": f"张某 {PERSON}"}, "居民身份号码"),
]  # fmt: skip


@pytest.mark.parametrize(("account", "axes"), GOOD)
def test_axes_an_account_takes(account: str, axes: dict[str, str]) -> None:
    """Each account takes its own axes, written as the data say."""
    dimensions.check([line(account, **axes)])


@pytest.mark.parametrize(("account", "axes", "why"), BAD)
def test_axes_an_account_does_not_take(account: str, axes: dict[str, str], why: str) -> None:
    """SB1342 for an axis that is not the account's, a value that is none, and a person's number, which the refusal does not repeat."""
    with pytest.raises(BadDimension, match=why) as refused:
        dimensions.check([line(account, **axes)])
    assert PERSON not in str(refused.value)


def test_unknown_axes_are_named() -> None:
    """SB1343 lists what there is."""
    with pytest.raises(UnknownAxis, match="乡镇"):
        dimensions.axis("colour")


def test_axis_rules_are_whole() -> None:
    """A stored axis has a pattern, one of accounts a depth."""
    for wrong in ({"kind": "stored"}, {"kind": "account"}, {"kind": "subledger", "pattern": "x"}):
        with pytest.raises(ValueError, match="pattern"):
            Axis.model_validate({"axis": "a", "zh": "甲", "accounts": ("1",), "reference": "x", **wrong})


def test_events_carry_axes_to_the_accounts_that_take_them() -> None:
    """Township and period of entitlement given with an event stand on its income line alone."""
    details = {"township": "620828101", "entitlement": "2026-01"}
    made = build("C1", Fund.R, {"amount/个人缴费": 100}, details, day=date(2026, 1, 20))
    assert {one.account: one.dimension for one in made} == {"1005": (), "40010101": (("entitlement", "2026-01"), ("township", "620828101"))}
    dimensions.check(made)
