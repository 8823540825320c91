"""The escaping printer: whatever text comes in, one string comes out, and the parser gives it back (B3)."""

from __future__ import annotations

import re
import sys
import unicodedata
from decimal import Decimal

import pytest
from beancount.core.account import is_valid
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from books import escape
from ledger.accounts import BookAccount
from ledger.chart import Chart
from ledger.events import AXES
from ledger.funds import Fund
from tests.books.sample_books import HOSTILE, chart, hostile_text


def parsed(quoted: str) -> tuple[str, int]:
    """A printed string as Beancount reads it, and how many directives there are."""
    entries, errors, _ = parser.parse_string(f'2026-01-01 * "付" {quoted}\n  key: {quoted}\n  Assets:1004  1.00 CNY\n  Assets:1005  -1.00 CNY\n')
    assert not errors
    assert entries[0].meta["key"] == entries[0].narration
    return entries[0].narration, len(entries)


def test_unseen_characters_are_exactly_five_classes() -> None:
    """Controls, format characters, halves of pairs, line and paragraph separators are replaced; nothing else that is assigned."""
    unseen = re.compile(f"[{escape.UNSEEN}]")
    for point in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(point))
        if category != "Cn":
            assert (unseen.match(chr(point)) is not None) is (category in {"Cc", "Cf", "Cs", "Zl", "Zp"}), hex(point)


@given(hostile_text())
def test_text_comes_back_character_by_character(text: str) -> None:
    """Printed and parsed, any text is one string equal to its visible form, and the record gives back the original."""
    assert parsed(escape.quote(text)) == (escape.visible(text), 1)
    assert escape.from_raw(parsed(escape.quote(escape.raw(text)))[0]) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_known_attempts_stay_text(text: str) -> None:
    """Each known attempt to open a directive from a narration stays a narration."""
    assert parsed(escape.quote(text)) == (escape.visible(text), 1)


def test_ordinary_text_is_not_touched() -> None:
    """Chinese, rare characters, variation selectors and punctuation are printed as they are."""
    text = "发放2026年1月城乡居民养老金（𬭎䶮㛃喆堃，葛󠄀）：“特困”—100%"
    assert escape.visible(text) == text
    assert not escape.changed(text)


def test_replaced_characters_can_be_seen_and_are_recorded() -> None:
    """A line break shows as a mark, and a second key keeps the text as it was."""
    assert escape.meta("memo", "甲\n乙\u2028丙") == '  memo: "甲␊乙‹U+2028›丙"\n  memo_raw: "甲\\\\u{000A}乙\\\\u{2028}丙"\n'


@given(st.integers(-(10**17), 10**17))
def test_amounts_are_fen(fen: int) -> None:
    """An amount printed from fen is the same number of fen when read."""
    number, currency = escape.amount(fen).split(" ")
    assert currency == "CNY"
    assert Decimal(number) * 100 == fen
    assert re.fullmatch(r"-?\d+\.\d\d", number)


@pytest.mark.parametrize("key", ["memo\n  evil", "Memo", "", "note", '"', "axis_name"])
def test_foreign_keys_are_refused(key: str) -> None:
    """A metadata key that is on no list is refused (SB4001)."""
    with pytest.raises(escape.NotPrintable) as refused:
        escape.meta(key, "x")
    assert refused.value.code == "SB4001"


@pytest.mark.parametrize("name", ["x", "closing ^y", "结转", ""])
def test_foreign_tags_are_refused(name: str) -> None:
    """A tag that is on no list is refused (SB4001)."""
    with pytest.raises(escape.NotPrintable):
        escape.tag(name)
    assert escape.tag("closing") == "#closing"


def account(code: str, *, name: str = "名", element: str = "asset", parent: str = "") -> BookAccount:
    return BookAccount(code, name, name, "D", element, parent, True, "ours", "2018-01-01", "")


@pytest.mark.parametrize(
    "accounts",
    [
        [account("10 04")],
        [account("１００４")],
        [account("104")],
        [account("1004", element="net")],
        [account("100401", parent="1004")],
        [account("1004", parent="1005"), account("1005", parent="1004")],
    ],
)
def test_broken_charts_are_refused(accounts: list[BookAccount]) -> None:
    """Odd codes, unknown elements, missing and circular parents are refused (SB4001)."""
    with pytest.raises(escape.NotPrintable):
        escape.account_names(accounts)


@given(st.text(st.characters(), max_size=20))
def test_account_parts_are_valid_whatever_the_name(name: str) -> None:
    """A name gives letters and digits only, so that every account is one Beancount accepts and can parse."""
    made = escape.account_names([account("1004", name=name)])["1004"]
    assert is_valid(made)
    entries, errors, _ = parser.parse_string(f"2026-01-01 open {made} CNY\n")
    assert not errors
    assert entries[0].account == made


@pytest.mark.parametrize("fund", list(Fund))
def test_names_follow_the_official_chart(fund: Fund) -> None:
    """Every account of every fund's official chart gets the name the chart states, code first."""
    official = Chart.load(fund=fund).accounts
    stored = [
        BookAccount(a.code, a.name, a.full_name, a.side.value, a.element.value, a.parent, a.leaf, a.origin, a.valid_from.isoformat(), "") for a in official
    ]
    names = escape.account_names(stored)
    assert {a.code: a.path for a in official} == names
    assert all(is_valid(name) for name in names.values())


def test_axes_are_those_of_the_ledger() -> None:
    """B5: the axes a book may show are the three the ledger's events know."""
    assert set(AXES) == escape.AXES


def test_details_nest_under_their_parents() -> None:
    """A detail account stands under its parent, each part being code and name."""
    assert escape.account_names(chart())["500101"] == "Expenses:5001社会保险待遇支出:500101基础养老金"
