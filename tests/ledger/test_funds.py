"""Funds: eight of them, known by letter, statutory name and usual names."""

from __future__ import annotations

import pytest

from ledger.funds import NAMES, Fund, UnknownFund


def test_every_name_leads_to_its_fund() -> None:
    """Each fund is found by its letter, in either case, and by each of its names, with 基金 behind or blanks inside."""
    for fund, names in NAMES.items():
        assert Fund.parse(fund.value) is Fund.parse(fund.value.lower()) is fund
        for name in names:
            assert Fund.parse(name) is Fund.parse(f" {name}基金 ") is Fund.parse(" ".join(name)) is fund


def test_names_belong_to_one_fund() -> None:
    """No name stands for two funds, and each fund has a statutory and a short name."""
    names = [name for group in NAMES.values() for name in group]
    assert len(names) == len(set(names))
    assert set(NAMES) == set(Fund)
    assert (Fund.R.zh, Fund.R.short) == ("城乡居民基本养老保险", "城乡居保")


@pytest.mark.parametrize("text", ["", "X", "养老", "养老保险", "医保", "基金", "RE", "城乡居民"])
def test_a_name_that_fits_several_or_none_is_refused(text: str) -> None:
    """SB1003: a name that no synonym covers is refused, above all one that could mean two funds."""
    with pytest.raises(UnknownFund):
        Fund.parse(text)
