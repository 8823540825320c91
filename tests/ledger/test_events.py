"""Entry templates: every event builds exactly the legs that its case says, and refuses what the standard does not know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chart import Chart
from ledger.entries import Line, Side, check_balance
from ledger.errors import Refusal
from ledger.event_file import EventFile
from ledger.events import build, closing_lines, event, load_events, summary
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, parse
from ledger.parameters import Parameters
from ledger.standard_cases import Case, load_cases

CASES = load_cases()


def show(lines: list[Line]) -> list[str]:
    return [f"{line.side.value} {line.account} {line.amount}" for line in lines]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.event}-{case.name}" for case in CASES])
def test_case(case: Case) -> None:
    """An event with its facts gives exactly the expected legs, balanced, or the expected refusal."""
    if case.refuses:
        with pytest.raises(Refusal) as refused:
            case.lines()
        assert refused.value.code == case.refuses
        return
    assert tuple(show(case.lines())) == case.legs
    check_balance(case.lines())


def test_a_case_can_fail() -> None:
    """A case whose legs, sides or refusal differ says what came instead."""
    good = next(case for case in CASES if case.event == "C2")
    assert good.trouble() == ""
    assert good.model_copy(update={"legs": ("D 100301 1",)}).trouble() == "D 100301 20000，C 1005 20000"
    assert good.model_copy(update={"legs": (), "refuses": "SB1023"}).trouble()
    assert good.model_copy(update={"amounts": {}}).trouble().startswith("SB1023")


def test_every_event_has_a_case() -> None:
    """Each template is exercised by at least one case that succeeds, or refuses because it is only a register."""
    assert set(load_events()) - {case.event for case in CASES} == {"OPENING"}


def test_unknown_event_is_refused() -> None:
    """A code without a template raises SB1021."""
    with pytest.raises(Refusal) as refused:
        event("C99")
    assert refused.value.code == "SB1021"


def test_unknown_amount_and_detail_are_refused() -> None:
    """Names that the template does not know are refused, never ignored."""
    with pytest.raises(Refusal) as refused:
        build("C2", "R", {"amount": 1, "extra": 2})
    assert refused.value.code == "SB1023"
    with pytest.raises(Refusal) as refused:
        build("C2", "R", {"amount": 1}, {"colour": "red"})
    assert refused.value.code == "SB1024"


def test_lines_carry_their_axes() -> None:
    """Counterparty and bank account reach the lines analysed by them, and only those."""
    lines = build("P2a", "R", {"amount": 5}, {"party": "县信用社", "bank_account@1004": "6200-1"})
    assert [line.dimension for line in lines] == [(("party", "县信用社"),), (("bank_account", "6200-1"),)]


def test_summary_is_filled() -> None:
    """The voucher's 摘要 names period, fund and purpose, and blanks vanish."""
    assert summary("C8", "R", {"period": "2026年10月", "level": "中央"}) == "2026年10月收到中央财政基础养老金补贴"
    assert summary("T5", "R", {"period": "2026年10月"}) == "2026年10月养老保险制度衔接转出"
    assert summary("T5", "R", {"period": "2026年10月", "pair": "（对方凭证E-收-12）"}) == "2026年10月养老保险制度衔接转出（对方凭证E-收-12）"
    assert summary("P1", "E") == "财政专户拨付职工养老待遇资金"


def test_every_event_stands_on_the_standard() -> None:
    """Each template cites an account and paragraph, a part of the standard or the general rules, has evidence where vouchers need it, and a legal kind."""
    for code, law in load_events().items():
        assert law.reference[:4].isdigit() or law.reference.startswith("总说明"), code
        assert law.evidence or law.code == "X1", code
        assert (law.voucher == "备") == law.memo, code


def test_premiums_paid_by_others_never_reach_subsidies() -> None:
    """DOMAIN §9 item 5: 代缴 is 4001, 缴费补贴 is 4101, collective is 4102."""
    assert {line.account[:4] for line in build("C6", "R", {"amount": 9}) if line.side is Side.C} == {"4001"}
    assert {line.account[:4] for line in build("C7", "R", {"amount/省级": 9}) if line.side is Side.C} == {"4101"}
    assert {line.account[:4] for line in build("C9", "R", {"amount": 9}, {"into": "1003"}) if line.side is Side.C} == {"4102"}


@given(paid=st.integers(1, 10**9), more=st.integers(0, 10**9), failed=st.integers(0, 10**9))
def test_a_failure_is_no_expenditure(paid: int, more: int, failed: int) -> None:
    """Whatever the return says, 5001 takes the successes alone and the advance is cleared in full."""
    lines = build("P2b", "R", {"paid/基础养老金": paid, "paid/个人账户养老金": more, "failed": failed})
    assert sum(line.signed for line in lines if line.account.startswith("5001")) == paid + more
    assert sum(line.signed for line in lines if line.account == "110105") == -(paid + more + failed)
    assert sum(line.signed for line in lines) == 0


def test_one_sided_accounts_are_never_touched_on_the_other_side() -> None:
    """Accounts that the form reads on one side only are booked on that side only, except where a policy says otherwise."""
    one_sided = {"4101": Side.C, "4102": Side.C, "4201": Side.C, "4401": Side.C, "4402": Side.C, "4501": Side.C}
    one_sided |= dict.fromkeys(("5101", "5102", "5103", "5104", "5105", "5301", "5302", "5401"), Side.D)
    for case in CASES:
        if case.event not in ("P15c", "X1"):
            for leg in case.legs:
                side, account, _ = leg.split()
                assert one_sided.get(account[:4], Side(side)) is Side(side), case.name


def test_closing_moves_everything_and_keeps_the_rest() -> None:
    """Closing empties income and expense into 3001, leaves money alone, and takes a 4202 loss from the other side."""
    lines = closing_lines("R", {"100301": 900, "40010101": -500, "4202": 30, "50010109": 200, "420101": 0})
    assert show(lines) == ["D 40010101 500", "C 4202 30", "C 50010109 200", "C 3001 470", "D 3001 200"]
    assert closing_lines("R", {"1004": 5}) == []


def test_medical_closing_keeps_two_balances() -> None:
    """ME closes by 统筹基金 and 个人账户基金; 4101 and 5101 go to the pool, 4301 and 5201 to the accounts, 46 stays."""
    balances = {"40010101": -10, "40010201": -20, "41010101": -3, "4301": -4, "4601": -99, "50010101": 5, "50010202": 6, "5101": 1, "5201": 2, "540102": 7}
    assert {(line.account, line.signed) for line in closing_lines("ME", balances) if line.account.startswith("3001")} == {
        ("300101", -13),
        ("300102", -24),
        ("300101", 6),
        ("300102", 15),
    }
    assert not any(line.account == "4601" for line in closing_lines("ME", balances))


@pytest.mark.parametrize("fund", list(Fund))
def test_closing_rules_cover_every_result_account(fund: Fund) -> None:
    """No income or expense account of any fund is without a closing rule."""
    chart = Chart.load("28-2018", fund)
    balances = {account.code: 7 for account in chart.leaves() if account.code[0] in "45"}
    closed = {line.account for line in closing_lines(fund, balances) if not line.account.startswith("3001")}
    assert closed == {code for code in balances if not code.startswith(("4601", "4602"))}


def test_every_event_is_in_the_manual() -> None:
    """docs/standard.md lists each event with its name and reference."""
    manual = (Path(__file__).parents[2] / "docs" / "standard.md").read_text("utf-8")
    for law in load_events().values():
        row = next((line for line in manual.splitlines() if line.startswith(f"| `{law.code}` |")), "")
        assert law.name_zh in row and law.reference in row, law.code


def test_policies_name_a_parameter_and_one_of_its_choices() -> None:
    """A template that stands for a choice of the office names a declared parameter and a value that can be chosen."""
    known = {parameter.name: parameter for parameter in Parameters.load().all}
    for law in load_events().values():
        if law.policy is not None:
            assert set(law.policy.values) <= set(known[law.policy.parameter].choices), law.code


def test_template_files_are_strict() -> None:
    """An unknown key, an amount no leg uses, and a hole without a detail are each refused."""
    leg = {"side": "D", "account": "1001", "amount": "amount"}
    words = {"code": "Z1", "name_zh": "试", "name_en": "t", "reference": "1001", "voucher": "收", "summary": "试"}
    base = {**words, "amounts": {"amount": {"zh": "额"}}, "legs": [leg]}
    head = {"document": "x", "valid_from": date(2018, 1, 1), "reference": "y"}
    parse(EventFile, {**head, "events": [base]}, "t.yaml")
    broken = [{**base, "color": 1}, {**base, "amounts": {"amount": {"zh": "额"}, "more": {"zh": "多"}}}, {**base, "legs": [{**leg, "account": "{where}"}]}]
    for bad in broken:
        with pytest.raises(BadLawFile):
            parse(EventFile, {**head, "events": [bad]}, "t.yaml")
