"""Money: read, shown, rounded, shared and spelled out without losing a fen."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import LIMIT, BadAmount, capitals, parse_fen, round_fen, share, show, yuan
from tests.ledger.strategies import FEN


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1,234.5", 123450),
        ("１２３４．５０", 123450),
        ("１，２３４．５", 123450),
        ("¥3", 300),
        ("￥-3", -300),
        ("-¥3", -300),
        ("3元", 300),
        ("（12.00）", -1200),
        ("(12)", -1200),
        ("−5", -500),
        ("+5", 500),
        ("12.", 1200),
        ("1.2300", 123),
        (" 1,000,000.01 ", 100000001),
        ("¥ 8 元", 800),
        ("999999999999999.99", LIMIT - 1),
    ],
)
def test_amounts_as_people_write_them(text: str, fen: int) -> None:
    """Yuan with separators, currency marks, full-width digits, either minus, or brackets for minus are read to the fen."""
    assert parse_fen(text) == fen


NO_AMOUNTS = ("", "-", "1.234", "12,34", "1,2345", "1e3", "1.2E5", "nan", "1元5", "5元3角", "1 2", "--3", "-¥-3", "(-3)", "1.2.3", "¥", "元", "0x10", "١٢")


@pytest.mark.parametrize("text", [*NO_AMOUNTS, "1" + "0" * 15])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """SB1001: anything else is refused and never guessed: three decimals, exponents, stray separators or spaces, two signs, too large."""
    with pytest.raises(BadAmount):
        parse_fen(text)


@given(FEN)
def test_shown_amounts_read_back(fen: int) -> None:
    """What is shown, for people or for files, reads back to the same fen."""
    assert parse_fen(show(fen)) == parse_fen(show(fen, grouped=False)) == fen
    assert yuan(fen) * 100 == fen


def test_shown_amounts() -> None:
    """Amounts for people have separators and two decimals, files have none of the former."""
    assert (show(123456789), show(123456789, grouped=False), show(-5), show(0)) == ("1,234,567.89", "1234567.89", "-0.05", "0.00")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False))
def test_rounding_is_half_up(value: Decimal) -> None:
    """The one rounding goes to the nearest fen, the half away from zero (四舍五入), and is symmetric."""
    thousandths_of_fen = abs(int(value * 10_000))
    expected = thousandths_of_fen // 100 + (1 if thousandths_of_fen % 100 >= 50 else 0)
    assert round_fen(value) == (expected if value >= 0 else -expected)
    assert round_fen(-value) == -round_fen(value)


def test_rounding_at_the_half() -> None:
    """Half a fen goes up where bankers' rounding would go to the even one."""
    assert [round_fen(Decimal(text)) for text in ("0.005", "0.015", "0.025", "-0.025", "2.6749999")] == [1, 2, 3, -3, 267]


@given(FEN, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_shares_lose_nothing(total: int, weights: list[int]) -> None:
    """Shares by weight add up to the total, none is a fen or more from its exact part, and more weight never gets less."""
    parts = share(total, weights)
    assert sum(parts) == total
    assert all(abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True))
    ordered = sorted(zip(weights, parts, strict=True))
    assert all(abs(less) <= abs(more) for (light, less), (heavy, more) in pairwise(ordered) if light < heavy)


def test_shares_of_ties_and_nonsense() -> None:
    """Equal remainders favour the first; weights that are negative or all zero are a programming error."""
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]
    assert share(7, [0, 1]) == [0, 7]
    for weights in ([0, 0], [1, -1], [2, -1]):
        with pytest.raises(ValueError, match="non-negative"):
            share(1, weights)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1,409.50", "壹仟肆佰零玖元伍角整"),
        ("6,007.14", "陆仟零柒元壹角肆分"),
        ("1,680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107,000.53", "壹拾万柒仟元伍角叁分"),
        ("16,409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10003.05", "壹万零叁元零伍分"),
        ("10", "壹拾元整"),
        ("10010", "壹万零壹拾元整"),
        ("0.5", "伍角整"),
        ("0.05", "伍分"),
        ("0", "零元整"),
        ("-12.30", "负壹拾贰元叁角整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("100000000", "壹亿元整"),
        ("1000000000000", "壹万亿元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("7000500000001.10", "柒万零伍亿零壹元壹角整"),
    ],
)
def test_capitals_of_the_rule(amount: str, text: str) -> None:
    """大写 follows 会计基础工作规范 第五十二条: 整 after yuan and jiao, none after fen, one 零 for a run of zeros inside."""
    assert capitals(parse_fen(amount)) == text


VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    """Reads 大写 back to fen, the slow way: by position, with nothing in common with how it is written."""
    sign = -1 if text.startswith("负") else 1
    total = section = digit = fen = 0
    for character in text.removeprefix("负").removesuffix("整"):
        if character in VALUES:
            digit = VALUES[character]
        elif character in PLACES:
            section, digit = section + digit * PLACES[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif character == "元":
            total, section, digit = total + section + digit, 0, 0
        else:
            fen, digit = fen + digit * {"角": 10, "分": 1}[character], 0
    return sign * (total * 100 + fen)


@given(st.one_of(FEN, st.integers(0, 9999).map(lambda n: n * 10**9), st.integers(10**13, LIMIT - 1)))
def test_capitals_read_back(fen: int) -> None:
    """大写 read back by position gives the amount; it ends as the rule says and holds no 零 in excess."""
    text = capitals(fen)
    assert read_capitals(text) == fen
    assert text.endswith("分") == bool(fen % 10)
    assert text.endswith("整") == (not fen % 10)
    assert "零零" not in text
    assert fen == 0 or not any(f"零{name}" in text for name in "拾佰仟万亿元角整")


@given(st.integers(0, 10**8 - 1))
def test_capitals_show_every_gap(whole: int) -> None:
    """A zero between two digits of one group of four is always spoken, so that no digit can be slipped in on paper."""
    text = capitals(whole * 100)
    for group, name in ((whole // 10**4, "万"), (whole % 10**4, "元")):
        digits = str(group).strip("0")
        part = text.partition("万")[0] if name == "万" and group else text.rpartition("万")[2]
        if "0" in digits:
            assert "零" in part
