"""Person accounts reckoned in columns, settlements and the data file: worked cases, shares without a lost fen, refusals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import templates
from ledger.chart import Chart
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, parse
from ledger.months import Month
from ledger.parameters import Parameters, ParameterUnset
from ledger.person_accounts import cases, law
from ledger.person_accounts.columns import Columns, draw, reckon, several
from ledger.person_accounts.errors import NoAccountFund, NoMove, NoReasonKnown, OverSettled, TooLarge, UnknownPart
from ledger.person_accounts.settlement import Overpaid, settle

DAY = date(2026, 1, 1)
FEN = st.integers(0, 10**8)


@pytest.mark.parametrize("one", list(cases.tried()), ids=lambda one: one.name)
def test_worked_cases_hold(one: cases.Outcome) -> None:
    """Every worked case of a settlement or of a year's interest gives exactly what its author wrote."""
    assert one.trouble == ""


def test_a_wrong_case_is_told() -> None:
    """A case whose output is off by one fen does not hold, and says what came instead."""
    given = cases.InterestInput(method="月积数法（当月起）", rate=250, opening={"个人缴费": "1000.00"})
    wanted = {"interest": {"个人缴费": "25.01"}}
    assert "25.00" in cases._differs(wanted, cases.interest(given))


@given(st.lists(st.lists(FEN, min_size=3, max_size=3), min_size=1, max_size=5), st.data())
def test_drawing_loses_no_fen(available: list[list[int]], data: st.DataObject) -> None:
    """Whatever is paid is borne whole, no part below nil; beyond the account the fund goes on, and what came back is given back."""
    held = np.array(available, dtype=np.int64)
    paid = np.array(data.draw(st.lists(st.integers(-(10**8), 10**9), min_size=len(available), max_size=len(available))), dtype=np.int64)
    for rule in ("按比例", "按顺序"):
        drawn = draw(held, paid, rule)
        assert (drawn.sum(axis=1) == np.minimum(paid, held.sum(axis=1))).all()
        assert ((held - drawn) >= 0).all()
        assert ((drawn >= 0) | (paid < 0)[:, None]).all()


@given(st.lists(FEN, min_size=3, max_size=3), st.integers(0, 3 * 10**8))
def test_proportional_shares_are_fair(available: list[int], paid: int) -> None:
    """按比例: no part bears a fen more or less than its exact share."""
    drawn = draw(np.array([available]), np.array([paid]), "按比例")[0]
    total, taken = sum(available), min(paid, sum(available))
    for part, borne in zip(available, drawn, strict=True):
        assert total == 0 or abs(int(borne) * total - part * taken) < total


@given(st.lists(st.lists(FEN, min_size=3, max_size=3), min_size=2, max_size=4), st.integers(0, 1000))
def test_many_are_reckoned_as_one(opening: list[list[int]], rate: int) -> None:
    """A row's interest and closing do not depend on the rows beside it, and equal the half-up rounding of the exact product."""
    method = law.method("月积数法（当月起）")
    held = np.array(opening, dtype=np.int64)
    nil = np.zeros_like(held)
    paid = np.arange(len(opening), dtype=np.int64) * 1000
    parts3 = ("own", "collective", "other")
    whole = reckon(Columns([str(n) for n in range(len(opening))], parts3, held, nil, nil, held * 12, paid, paid * 6), "按比例", method, rate)
    for row, parts in enumerate(opening):
        one = slice(row, row + 1)
        alone = reckon(Columns(["1"], parts3, held[one], nil[one], nil[one], held[one] * 12, paid[one], paid[one] * 6), "按比例", method, rate)
        assert (alone.closing[0] == whole.closing[row]).all()
        if row == 0:
            assert [int(fen) for fen in whole.interest[0]] == [(part * rate * 2 + 10_000) // 20_000 for part in parts]


def test_drawing_accounts_can_be_left_out_of_interest() -> None:
    """A method with drawing: false gives no interest to whoever was paid in the year."""
    method = law.method("月积数法（当月起）").model_copy(update={"drawing": False})
    held, nil = np.array([[1000], [1000]]), np.zeros((2, 1), dtype=np.int64)
    made = reckon(Columns(["a", "b"], ("own",), held, nil, nil, held * 12, np.array([0, 10]), np.array([0, 60])), None, method, 1000)
    assert made.interest[:, 0].tolist() == [100, 0]


def test_the_rule_matters_only_where_parts_share() -> None:
    """Whether a rule of drawing is needed is told by who draws on more than one part."""
    nil = np.zeros((1, 2), dtype=np.int64)
    for held, paid, needed in (([5, 5], 1, True), ([5, 0], 1, False), ([5, 5], 0, False)):
        columns = Columns(["a"], ("own", "other"), np.array([held]), nil, nil, nil, np.array([paid]), np.array([0]))
        assert several(columns) is needed


def test_an_impossible_account_is_refused() -> None:
    """SB1424: beyond ten million yuan in one cell nothing is reckoned, rather than wrongly."""
    with pytest.raises(TooLarge):
        draw(np.array([[2 * 10**9]]), np.array([1]), "按比例")


def test_control_accounts_stand_in_the_charts() -> None:
    """Every account that the file names is in its fund's chart."""
    for fund, rules in law.law().funds.items():
        chart = Chart.load(fund=fund)
        named = {*rules.monthly, rules.into, rules.out, *(code for one in rules.enters for code in one.accounts)} | ({rules.one_off} - {""})
        assert not {code for code in named if code not in chart}


def test_what_does_not_exist_is_refused_by_name() -> None:
    """SB1420–SB1423: funds without accounts, parts, reasons and moves that the file does not know."""
    for call, code in (
        (lambda: law.fund_law(Fund.W), NoAccountFund), (lambda: law.part("捐款"), UnknownPart), (lambda: law.one_off(Fund.R, "买房", DAY), NoReasonKnown),
        (lambda: law.scheme(Fund.G, Fund.R), NoMove),
    ):  # fmt: skip
        with pytest.raises(code):
            call()
    assert law.part(" 省补贴 ").code == "subsidy_province"
    with pytest.raises(BadLawFile):
        law.method("复利")


def test_subsidies_are_inherited_since_july_2014() -> None:
    """A death before 2014-07-01 leaves the subsidies in the fund, one on that day does not; a duplicate never takes them along."""
    assert law.one_off(Fund.R, "死亡", date(2014, 6, 30)).government == "keep"
    assert law.one_off(Fund.R, "死亡", date(2014, 7, 1)).government == "pay"
    assert law.one_off(Fund.R, "重复领取清退", DAY).government == "keep"


@pytest.mark.parametrize("name", ["account_interest_rate", "account_interest_method", "account_interest_on_leaving", "account_draw_rule"])
def test_what_the_sources_do_not_give_is_unset(name: str) -> None:
    """Rate, method, interest on leaving and rule of drawing refuse to run unset and name who sets them."""
    with pytest.raises(ParameterUnset) as refused:
        Parameters.load().on(name, DAY, fund="R")
    assert refused.value.facts["set_by"] in refused.value.remedy()


@pytest.mark.parametrize(
    "change",
    [
        {"methods": [{"code": "甲", "per": 10, "weights": [0] * 12, "paid": [0] * 12, "reference": "x"}]},
        {"methods": [{"code": "甲", "per": 12, "weights": [13] * 12, "paid": [0] * 12, "reference": "x"}]},
        {"parts": [{"code": "own", "zh": "个人缴费", "order": 1}, {"code": "own", "zh": "个人", "order": 2}]},
        {"schemes": [{"give": "R", "take": "E", "to": "nobody", "years": True, "drawing": True, "reference": "x"}]},
        {"strange": 1},
    ],
)
def test_a_broken_file_is_refused(change: dict[str, object]) -> None:
    """Denominators that twelve does not divide, weights above one, doubled or unknown parts and unknown keys are no data."""
    whole = yaml.safe_load(templates.path(law.FILE).read_text(encoding="utf-8"))
    with pytest.raises(BadLawFile):
        parse(law.PersonAccountsFile, whole | change, "x.yaml")


def test_shares_may_not_leave_a_gap(tmp_path: Path) -> None:
    """A share with a gap of dates, or above one, is no data."""
    whole = yaml.safe_load(templates.path(law.FILE).read_text(encoding="utf-8"))
    own = whole["funds"]["R"]["enters"][0]
    whole["funds"]["R"]["enters"] = [{**own, "to": date(2015, 1, 1)}, {**own, "from": date(2016, 1, 1)}]
    with pytest.raises(BadLawFile):
        parse(law.PersonAccountsFile, whole, "x.yaml")
    whole["funds"]["R"]["enters"] = [{**own, "share": [3, 2]}]
    with pytest.raises(BadLawFile):
        parse(law.PersonAccountsFile, whole, "x.yaml")


APRIL = Month(2025, 4)


@pytest.mark.parametrize(
    ("balance", "over", "end", "booking"),
    [
        (-1, [], Month(2025, 3), APRIL),
        (100, [], Month(2025, 5), APRIL),
        (100, [Overpaid(Month(2025, 3), "基础养老金", 1, False, 2025)], Month(2025, 3), APRIL),
        (100, [Overpaid(APRIL, "基础养老金", 0, False, 2025)], Month(2025, 3), APRIL),
        (100, [Overpaid(APRIL, "基础养老金", 1, False, 2026)], Month(2025, 3), APRIL),
        (100, [Overpaid(APRIL, "基础养老金", 1, False, 2025)] * 2, Month(2025, 3), APRIL),
    ],
)
def test_contradictions_of_a_settlement_are_refused(balance: int, over: list[Overpaid], end: Month, booking: Month) -> None:
    """SB1425: a negative balance, a month before the end, nothing overpaid, a booking year to come, one month twice."""
    with pytest.raises(OverSettled):
        settle(balance, over, end=end, booking=booking, item="个人账户一次性支出")


@given(FEN, FEN, st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(1, 10**6)), max_size=8, unique_by=lambda one: one[:2]))
def test_a_settlement_adds_up(balance: int, funeral: int, months: list[tuple[int, bool, int]]) -> None:
    """Account due + funeral aid carried = set off + paid; overpaid = set off + claim; the voucher's rows and lines tie account by account."""
    booking = Month(2025, 12)
    over = [Overpaid(Month(2023, 1) + ago, "个人账户养老金" if own else "基础养老金", fen, own, (Month(2023, 1) + ago).year) for ago, own, fen in months]
    made = settle(balance, over, end=Month(2022, 12), booking=booking, item="个人账户一次性支出", funeral=funeral)
    off = made.from_account + made.from_funeral
    assert made.overpaid == off + made.claim
    assert made.paid == balance + (funeral - made.funeral_apart) - off >= 0
    if made.event == "P10":
        gross = sum(fen for name, fen in made.amounts.items() if name.startswith("gross/"))
        back = sum(fen for name, fen in made.amounts.items() if name.startswith("this_year/"))
        assert gross - back - made.amounts.get("earlier", 0) == made.paid
        assert sum(fen for _, _, fen in made.rows) == gross - back
    if made.event == "P12":
        assert made.amounts == {"amount": made.paid} and made.rows == (("个人账户一次性支出", booking.number, made.paid),)


def test_refusals_tell_in_both_languages() -> None:
    """Every refusal of person accounts speaks Chinese and English."""
    for refusal in (NoAccountFund(fund="工伤保险"), UnknownPart(part="x", known="y"), TooLarge(what="x"), OverSettled(why="x")):
        assert isinstance(refusal, Refusal) and refusal.text() and refusal.text("en")
