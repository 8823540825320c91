"""Cells: every form of the contract is read, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.intake import cells
from controls.intake.cells import Bad
from ledger.money import show

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2173, 10, 13))


@given(days)
def test_every_form_of_a_date_is_the_same_day(day: date) -> None:
    """All forms of the contract, with or without a time, full-width too, give the day."""
    year, month, number = day.year, day.month, day.day
    forms = [
        f"{day:%Y-%m-%d}",
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{day:%Y%m%d}",
        f"{year}年{month}月{number}日",
        f"{day:%Y-%m-%d} 00:00:00",
        f"{day:%Y-%m-%d}T10:11",
        f" {year} 年 {month} 月 {number} 日 ",
        "".join(chr(ord(char) + 0xFEE0) for char in f"{day:%Y-%m-%d}"),
    ]
    if day >= date(1930, 1, 1):
        forms.append(str((day - date(1899, 12, 30)).days))
    assert {cells.day(form) for form in forms} == {day}
    assert cells.day_or_month(forms[0]) == day


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "2024-13-01", "24-3-5", "2024-3/5", "三月五日", "2024-03-00", "20240300", "2024-3", "1234", "123456", "0800-01-01", "2024-03-05abc", ""],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """Impossible days, short years and words are no dates."""
    with pytest.raises(Bad) as bad:
        cells.day(text)
    assert bad.value.trouble.code == "SB2105"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2024-03", 202403),
        ("2024-3", 202403),
        ("202403", 202403),
        ("2024年3月", 202403),
        ("2024年03月份", 202403),
        ("2024/03", 202403),
        ("2024.03", 202403),
        ("２０２４－０３", 202403),
        ("2024-03-01", 202403),
        ("2024-03-01 00:00:00", 202403),
        ("20240301", 202403),
        ("9999-12", None),
        ("999912", None),
        ("9999-12-31", None),
    ],
)
def test_forms_of_a_month(text: str, number: int | None) -> None:
    """Months in every form; the first day of a month stands for it; year 9999 is an open end."""
    assert cells.month(text) == number


@pytest.mark.parametrize("text", ["2024", "2024-13", "202400", "2024.1", "2024-03-15", "45352", "3月", "2024-1-", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    """A bare year, a day within the month, a serial, and 2024.1 (January or October?) are no months."""
    with pytest.raises(Bad) as bad:
        cells.month(text)
    assert bad.value.trouble.code == "SB2106"


def test_a_bare_year_is_a_period_of_contributions() -> None:
    """Premium years are kept as month 00."""
    assert cells.month("2024", year_ok=True) == cells.month("2024年度", year_ok=True) == cells.month("2024年", year_ok=True) == 202400
    assert cells.month("202405", year_ok=True) == 202405


@pytest.mark.parametrize(
    ("text", "day"), [("2024-02", date(2024, 2, 29)), ("2023年2月", date(2023, 2, 28)), ("202412", date(2024, 12, 31)), ("2024-02-03", date(2024, 2, 3))]
)
def test_a_month_of_death_is_its_last_day(text: str, day: date) -> None:
    """A death date given as a month stands for the last day of it."""
    assert cells.day_or_month(text) == day


@given(st.integers(-(10**13), 10**13))
def test_every_writing_of_an_amount_is_the_same_fen(fen: int) -> None:
    """Thousand separators, full-width digits, ¥ and 元 do not change an amount."""
    plain = show(fen, grouped=False)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in plain)
    for text in (plain, show(fen), f"¥{plain}", f"￥{plain}", f"{plain}元", f" {plain} ", wide):
        assert cells.amount(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "SB2103"),
        ("0.001", "SB2103"),
        ("", "SB2102"),
        ("壹佰", "SB2102"),
        ("1,23", "SB2102"),
        ("1.5万元", "SB2102"),
        ("1e3", "SB2102"),
        ("12-", "SB2102"),
        ("9" * 15, "SB2104"),
        ("9" * 20, "SB2104"),
        ("9" * 20 + ".123", "SB2103"),
    ],
)
def test_bad_amounts_say_why(text: str, code: str) -> None:
    """Parts of a fen, words and impossible sums are told apart."""
    with pytest.raises(Bad) as bad:
        cells.amount(text)
    assert bad.value.trouble.code == code


def test_wan_yuan_must_come_to_whole_fen() -> None:
    """In 万元 the figure may have up to six decimals."""
    assert cells.amount("1.5", wan=True) == 1_500_000
    assert cells.amount("0.013912", wan=True) == 13_912
    with pytest.raises(Bad) as bad:
        cells.amount("0.0000001", wan=True)
    assert bad.value.trouble.code == "SB2103"
    with pytest.raises(Bad):
        cells.amount("x", wan=True)


@pytest.mark.parametrize(("text", "region"), [("620821", "620821"), ("620821103201", "620821"), ("６２０８２１", "620821"), (" 620821 ", "620821")])
def test_the_first_six_digits_of_a_region_count(text: str, region: str) -> None:
    """Six or twelve digits are a region."""
    assert cells.region(text) == region


@pytest.mark.parametrize(("text", "region"), [("泾川县", "620821"), ("甘肃省平凉市泾川县", "620821"), ("北京市朝阳区", "110105"), ("华亭县", "620824")])
def test_a_name_that_one_region_bears_is_its_code(text: str, region: str) -> None:
    """Names are read where they mean one region, with or without what it lies in, and where only an abolished one bore them."""
    assert cells.region(text) == region


@pytest.mark.parametrize("text", ["62082", "6208211", "620821103", "朝阳区", "某某县", "62082A", ""])
def test_what_is_no_region_is_refused(text: str) -> None:
    """Other lengths, names that several regions bear, and names of none are refused."""
    with pytest.raises(Bad):
        cells.region(text)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text breaks a reader: it gives a value or says what is wrong."""
    for read in (cells.day, cells.day_or_month, cells.month, cells.amount, cells.region, cells.fund, cells.integer):
        try:
            read(text)
        except Bad as bad:
            assert bad.trouble.code.startswith("SB")
    assert isinstance(cells.is_filler(text), bool) and isinstance(cells.account(text), str)


def test_accounts_keep_their_zeros() -> None:
    """An account keeps leading zeros and its end; only white space and full-width forms go."""
    assert cells.account(" ００12 3000 ") == "00123000"
    assert cells.integer("０012") == 12 and cells.integer("7.0") == 7
    assert cells.day(str(45356)) == date(1899, 12, 30) + timedelta(days=45356)


@pytest.mark.parametrize(
    "text",
    ["202403-202405", "2024上半年", "2024年下半年", "2024H1", "2024Q3", "2024年第一季度", "1-6月", "2024年1月-6月", "2024-01至2024-06", "2024.01～2024.06"],
)
def test_half_years_and_quarters_say_what_they_are(text: str) -> None:
    """A period of several months is refused as such, in monthly and yearly columns alike."""
    for year_ok in (False, True):
        with pytest.raises(Bad) as bad:
            cells.month(text, year_ok=year_ok)
        assert bad.value.trouble.code == "SB2139"


@pytest.mark.parametrize(("text", "month"), [("3月", 3), ("03月份", 3), ("12月", 12), ("一月", 1), ("十月", 10), ("十二月", 12), ("九月份", 9)])
def test_a_month_takes_its_year_from_the_title(text: str, month: int) -> None:
    """A month without its year is one only where the title names one year."""
    assert cells.month(text, title_year=2024) == 202400 + month
    with pytest.raises(Bad) as bad:
        cells.month(text)
    assert bad.value.trouble.code == "SB2106"
