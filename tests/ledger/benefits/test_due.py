"""In which months a payment is due: the boundaries of every rule, and of several at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.benefits.due import FROZEN, PAUSED, STOPPED, Event, barred, due_months, rules
from ledger.benefits.errors import UnknownEvent
from ledger.funds import Fund
from ledger.months import Month

M = Month


def due(fund: Fund, *events: Event, item: str = "") -> str:
    """Six months as signs: 1 due, 0 stopped, p paused, b paid back after a pause, f paid without a rise."""
    signs = {(True, ""): "1", (False, STOPPED): "0", (False, PAUSED): "p", (True, PAUSED): "b", (True, FROZEN): "f"}
    return "".join(signs[one.due, one.effect] for one in due_months(fund, events, M(2025, 1), M(2025, 6), item))


@pytest.mark.parametrize(
    ("fund", "kind", "end", "wanted"),
    [
        ("R", "死亡", None, "111000"), ("E", "死亡", None, "111000"), ("U", "死亡", None, "111000"),
        ("R", "监禁", M(2025, 5), "111001"), ("R", "拘役", None, "111000"), ("E", "监禁", M(2025, 3), "111111"),
        ("R", "羁押", None, "111ppp"), ("R", "羁押", M(2025, 4), "111b11"), ("R", "通缉", None, "111ppp"),
        ("R", "缓刑", None, "111fff"), ("E", "管制", M(2025, 4), "111f11"), ("G", "监外执行", None, "111fff"), ("E", "假释", None, "111fff"),
        ("E", "假释撤销", None, "110000"), ("R", "未认证", None, "111ppp"), ("R", "未认证", M(2025, 6), "111bb1"), ("R", "下落不明", M(2025, 5), "111b11"),
        ("R", "领取其他国家养老金", None, "110000"), ("E", "领取其他国家养老金", None, "111111"),
        ("U", "重新就业", None, "111000"), ("U", "享受养老保险待遇", None, "110000"),
    ],
)  # fmt: skip
def test_the_boundaries_of_each_event(fund: str, kind: str, end: Month | None, wanted: str) -> None:
    """An event of March 2025: the month of death is due, prison bars to the month of release, pauses are paid back, parole freezes."""
    assert due(Fund(fund), Event(kind, M(2025, 3), end)) == wanted


def test_the_gravest_effect_counts() -> None:
    """Death outweighs a pause, prison a pause that is paid back, a pause without an end one that ended."""
    assert due(Fund.R, Event("未认证", M(2025, 1)), Event("死亡", M(2025, 3))) == "1pp000"
    assert due(Fund.R, Event("未认证", M(2025, 1), M(2025, 5)), Event("监禁", M(2025, 1), M(2025, 2))) == "10bb11"
    assert due(Fund.R, Event("羁押", M(2025, 1), M(2025, 3)), Event("未认证", M(2025, 2))) == "1bpppp"


def test_some_events_concern_some_items_only() -> None:
    """A dependant's pension ends at eighteen; an old-age pension does not."""
    event = Event("年满十八周岁", M(2025, 3))
    assert (due(Fund.W, event, item="供养亲属抚恤金"), due(Fund.W, event, item="伤残津贴")) == ("111000", "111111")


def test_an_unknown_event_is_refused() -> None:
    """SB1446: what no rule names is refused, never passed over."""
    with pytest.raises(UnknownEvent):
        barred(Fund.R, [Event("搬家", M(2025, 1))])


def test_every_rule_gives_its_source() -> None:
    """Each rule has its own code and a reference; what was not read in a source says so."""
    codes = [rule.code for rule in rules()]
    assert len(set(codes)) == len(codes) and all(rule.reference for rule in rules())


@given(st.lists(st.tuples(st.sampled_from(["死亡", "监禁", "羁押", "未认证", "缓刑"]), st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=4))
def test_more_events_never_make_more_months_due(told: list[tuple[str, int, int | None]]) -> None:
    """A further event takes months away or leaves them; it never gives one back."""
    events = [Event(kind, M(2025, 1) + start, M(2025, 1) + max(start, end) if end is not None else None) for kind, start, end in told]
    for count in range(len(events)):
        fewer = [one.due for one in due_months(Fund.R, events[:count], M(2025, 1), M(2025, 12))]
        more = [one.due for one in due_months(Fund.R, events[: count + 1], M(2025, 1), M(2025, 12))]
        assert all(not later or earlier for earlier, later in zip(fewer, more, strict=True))
