"""Entries as values: an unbalanced one cannot be made, and a digest covers every field."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import EmptyEntry, Entry, Line, LineFeed, OutsideMonth, PayoutRow, Side, Unbalanced, canonical, check_balance, dimension, payout_digest
from ledger.months import Month
from tests.ledger.store import simple
from tests.ledger.strategies import AMOUNT, entries


@given(entries(), AMOUNT, st.data())
def test_an_unbalanced_entry_cannot_be_made(made: Entry, more: int, data: st.DataObject) -> None:
    """L1: any balanced lines make an entry; the same with one amount changed, or one line missing, do not."""
    assert sum(line.signed for line in made.lines) == 0
    assert made.debit == sum(line.amount for line in made.lines if line.side is Side.D)
    place = data.draw(st.integers(0, len(made.lines) - 1))
    changed = replace(made.lines[place], amount=made.lines[place].amount + more)
    for lines in ((*made.lines[:place], changed, *made.lines[place + 1 :]), (*made.lines[:place], *made.lines[place + 1 :])):
        with pytest.raises((Unbalanced, EmptyEntry)):
            Entry(**{**_fields(made), "lines": lines})


def _fields(made: Entry) -> dict[str, Any]:
    return {field.name: getattr(made, field.name) for field in fields(made) if field.init}


def test_the_refusal_says_by_how_much() -> None:
    """L1: SB1101 names both totals and their difference in yuan."""
    with pytest.raises(Unbalanced, match=r"借方 3\.00 元，贷方 2\.99 元，相差 0\.01 元"):
        check_balance([Line("1003", Side.D, 300), Line("4001", Side.C, 299)])


@pytest.mark.parametrize("lines", [(), (Line("1003", Side.D, 1),), (Line("1003", Side.D, 0), Line("4001", Side.C, 0))])
def test_empty_entries_are_refused(lines: tuple[Line, ...]) -> None:
    """SB1102: no lines, one line, or lines of zero are no entry."""
    with pytest.raises(EmptyEntry):
        check_balance(lines)


def test_a_date_outside_its_month_is_refused() -> None:
    """SB1103: the accounting date lies in the period it is booked in."""
    with pytest.raises(OutsideMonth):
        replace(simple(), day=date(2026, 2, 1))


def test_entries_are_frozen() -> None:
    """L3: an entry is a value; nothing about it can be set."""
    made = simple()
    with pytest.raises(FrozenInstanceError):
        made.summary = "别的"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        made.lines[0].amount = 1  # type: ignore[misc]


def test_the_digest_is_stable() -> None:
    """The digest of a given entry never changes between versions, or every stored one would stop proving."""
    made = Entry(
        period=Month(2026, 1), day=date(2026, 1, 5), summary="收到保费𬭎",
        lines=(Line("1003", Side.D, 12345, dimension(bank_account="0123", level=""), "备注"), Line("4001", Side.C, 12345)),
        authority="release:1", source_key="doc:1", event="C1", attachments=2, documents=("ticket:1", "ticket:2"),
    )  # fmt: skip
    assert made.digest() == "7aded797d2ebfab83659f6b56b898fcbec3853e30f4d28bf63375e6fcdfc92a1"
    assert payout_digest([("110101194901010010", "基础养老金", 202601, 12300, "500101")]) == "92a85a132131330b30cd75b483c0db05b4b325046f286bd71c1381498828d7e8"
    assert payout_digest([]) == "fcab598d9a51ad83f8d5a92752fb68307ff9f7462baccaa32f198e695cb4511e"


OTHER: dict[str, Any] = {
    "period": Month(2026, 2), "day": date(2026, 1, 6), "summary": "别的", "lines": (Line("1003", Side.D, 100), Line("4201", Side.C, 100)),
    "authority": "别的", "source_key": "doc-2", "event": "C2", "kind": "转", "attachments": 1, "closing": True, "corrects": 1,
    "payout_source": 7, "payout_count": 1, "payout_fen": 1, "payout_digest": "x", "contribution_source": 8, "contribution_count": 1, "contribution_fen": 1,
    "contribution_digest": "x", "documents": ("ticket:1",),
}  # fmt: skip


@pytest.mark.parametrize("field", [field.name for field in fields(Entry) if field.init])
def test_the_digest_covers_every_field(field: str) -> None:
    """C2 rests on it: a change of any field of an entry gives another digest."""
    values = {**_fields(simple()), field: OTHER[field]}
    if field == "period":
        values["day"] = date(2026, 2, 5)
    assert Entry(**values).digest() != simple().digest()


@pytest.mark.parametrize("change", [{"account": "1004"}, {"dimension": (("level", "县"),)}, {"memo": "x"}])
def test_the_digest_covers_every_part_of_a_line(change: dict[str, Any]) -> None:
    """A change of a line's account, axis or memo gives another digest; so does a side turned round with its sign."""
    made = simple()
    assert replace(made, lines=(replace(made.lines[0], **change), made.lines[1])).digest() != made.digest()
    turned = tuple(Line(line.account, Side.C if line.side is Side.D else Side.D, -line.amount) for line in made.lines)
    assert replace(made, lines=turned).digest() != made.digest()


ROW: st.SearchStrategy[PayoutRow] = st.tuples(
    st.text("0123456789X", max_size=3),
    st.sampled_from(("甲", "乙", "")),
    st.sampled_from((202601, 202602)),
    st.integers(-3, 3),
    st.sampled_from(("500101", "5001")),
)


@given(st.lists(ROW, max_size=4), st.lists(ROW, max_size=4))
def test_two_lists_of_payouts_never_share_a_digest(one: list[PayoutRow], two: list[PayoutRow]) -> None:
    """L10 rests on it: payout digests are equal exactly for equal rows in equal order."""
    assert (payout_digest(one) == payout_digest(two)) == (one == two)


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_line_feed_in_a_payout_is_refused(place: int) -> None:
    """SB1106: a line feed in a text of a payout row could forge a row, so it is refused."""
    row: list[Any] = ["1", "甲", 202601, 5, "500101"]
    row[place] = "1\n2"
    with pytest.raises(LineFeed):
        payout_digest([(row[0], row[1], row[2], row[3], row[4])])


def test_canonical_forms() -> None:
    """Canonical JSON has sorted keys, no spaces and characters as they are; a dimension is sorted and leaves blanks out."""
    assert canonical({"b": 1, "a": ["喆", None, True]}) == '{"a":["喆",null,true],"b":1}'
    assert dimension({"payer": "民政"}, bank_account="1", level="") == (("bank_account", "1"), ("payer", "民政"))
    assert (Side.D.zh, Side.C.zh, Line("1", Side.C, 5).signed, Line("1", Side.C, -5).signed) == ("借", "贷", -5, 5)
