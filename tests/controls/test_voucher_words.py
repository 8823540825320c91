"""Words that go into the books for ever, and money accounts that cannot end a month below nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controls import periods, vouchers
from ledger import chain
from ledger.db import reading
from ledger.entries import Line, Side, dimension
from ledger.plain_words import BadWords
from tests.controls.voucher_desk import BOOK, JANUARY, office, received

GOOD = received()
SPOILED = {
    "blank": (replace(GOOD, summary=" 　"), "摘要.*没有内容"),
    "two lines": (replace(GOOD, summary="收到\n利息"), r"摘要.*U\+000A"),
    "escape": (replace(GOOD, summary="\x1b[31m利息"), r"摘要.*U\+001B"),
    "turned": (replace(GOOD, summary="利息\u202e"), r"摘要.*U\+202E"),
    "long": (replace(GOOD, summary="利" * 301), "摘要.*301 字，最多 300 字"),
    "source": (replace(GOOD, source_key="doc\t1"), r"原始凭据号.*U\+0009"),
    "paper": (replace(GOOD, documents=("回单\r1",)), r"原始凭据号.*U\+000D"),
    "authority": (replace(GOOD, authority="回\u2028单"), r"依据.*U\+2028"),
    "memo": (replace(GOOD, lines=(Line("100301", Side.D, 100, (), "a\nb"), GOOD.lines[1])), r"分录摘要.*U\+000A"),
    "axis": (replace(GOOD, lines=(Line("100301", Side.D, 100, dimension(bank_account="6200\n1")), GOOD.lines[1])), r"辅助核算.*U\+000A"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_words_that_do_not_print_are_refused(case: str, store_url: str) -> None:
    """SB1107: a text with line feeds, control or direction signs, a blank or an endless summary is proposed nowhere, and nothing of it stays."""
    desk, (made, said) = office(store_url), SPOILED[case]
    with reading(desk.engine) as connection:
        before = chain.head(connection)
    with pytest.raises(BadWords, match=said):
        desk.propose(made)
    with reading(desk.engine) as connection:
        assert chain.head(connection) == before and vouchers.drafts(connection, 1) == []


def test_rare_characters_and_formulas_are_plain_words(store_url: str) -> None:
    """Names with rare characters, quotes and signs of formulas are text like any other."""
    desk = office(store_url)
    assert desk.propose(replace(GOOD, summary="=cmd|'A' 𬭎䶮 \"利息\"")).entry.summary == "=cmd|'A' 𬭎䶮 \"利息\""


def test_money_accounts_do_not_end_below_nothing(store_url: str) -> None:
    """K21: an account of deposits with a credit balance stops the closing, whatever is explained; once it is mended the month passes."""
    desk = office(store_url)
    desk.booked(received(500), replace(received(700, "P1"), event="P1", lines=(Line("1004", Side.D, 700), Line("100301", Side.C, 700))))
    with reading(desk.engine) as connection:
        (found,) = (check for check in periods.checklist(connection, BOOK, JANUARY, ("1003", "100301")) if check.code == "K21")
    assert found.stops and found.left == -200 and "100301" in found.text and "-2.00 元" in found.text
    desk.booked(received(200, "late"))
    with reading(desk.engine) as connection:
        (found,) = (check for check in periods.checklist(connection, BOOK, JANUARY) if check.code == "K21")
    assert found.ok and "无贷方余额" in found.text
