"""The flow whitelist (L7): money moves only where the event may move it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ledger import flows
from ledger.entries import Line, Side
from ledger.event_file import MONEY
from ledger.events import build, load_events
from ledger.flows import FlowRefused, FlowsFile
from ledger.lawfile import BadLawFile, parse


def test_whitelist_and_templates_prove_each_other() -> None:
    """Each template touches exactly the money accounts that the whitelist, written apart, gives its event."""
    law = flows.load_flows()
    for code, event in load_events().items():
        if event.free:
            continue
        into, out = event.flow
        flow = law.flows.get(code)
        assert (set(flow.into) if flow else set(), set(flow.out) if flow else set()) == (into, out), code
    assert set(law.flows) <= set(load_events())


@pytest.mark.parametrize(
    ("event", "fund", "amounts", "details"),
    [
        ("C2", "R", {"amount": 5}, {}),
        ("P1", "R", {"amount": 5}, {}),
        ("P2b", "R", {"paid/基础养老金": 5, "failed": 2}, {}),
        ("I2", "R", {"amount": 5}, {}),
        ("I1", "R", {"amount": -5}, {"into": "1004"}),
        ("R1", "W", {"amount": 5}, {}),
    ],
)
def test_lawful_flows_pass(event: str, fund: str, amounts: dict[str, int], details: dict[str, str]) -> None:
    """What the templates build passes, red letters on the same side and entries without money too."""
    flows.check(event, build(event, fund, amounts, details))


def pair(debit: str, credit: str) -> list[Line]:
    return [Line(debit, Side.D, 5), Line(credit, Side.C, 5)]


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        ("P1", pair("100301", "1004")),
        ("C2", pair("1004", "1005")),
        ("P2", pair("50010109", "100301")),
        ("P2", pair("50010109", "1002")),
        ("C4", pair("1004", "40010101")),
        ("C12", pair("40010101", "100301")),
        ("", pair("1004", "100301")),
        ("X1", pair("1004", "3001")),
        ("C99", pair("100301", "1005")),
    ],
)
def test_other_flows_are_refused(event: str, lines: list[Line]) -> None:
    """Payments out of 收入户 or 财政专户, receipts into 支出户, unknown events and no event are refused (SB1041), with rule and reference."""
    with pytest.raises(FlowRefused) as refused:
        flows.check(event, lines)
    assert refused.value.code == "SB1041"
    assert "100" in refused.value.cause() and refused.value.text("en") and refused.value.remedy("en")


def test_no_event_may_touch_what_is_not_money() -> None:
    """An entry without an event passes as long as no money account moves."""
    flows.check("", pair("3001", "3201"))


def test_only_interest_goes_back_from_payment_to_fiscal_account() -> None:
    """支出户 → 财政专户 is interest and nothing else (DOMAIN §1.4)."""
    law = flows.load_flows()
    both = {code for code, flow in law.flows.items() if "1003" in flow.into and "1004" in flow.out}
    assert both == {"I2", "OPENING"}


def test_every_money_account_has_its_rule() -> None:
    """Each of 1001 to 1005 has its rule in words, which refusals quote."""
    assert {rule.account for rule in flows.load_flows().accounts} == set(MONEY)


def test_the_file_is_strict() -> None:
    """An unknown key in the whitelist is refused."""
    head = {"document": "x", "valid_from": date(2018, 1, 1), "reference": "y", "accounts": []}
    with pytest.raises(BadLawFile):
        parse(FlowsFile, {**head, "flows": {"C1": {"in": ["1005"], "out": [], "reference": "z", "also": ["1004"]}}}, "t.yaml")


SUPPLEMENT = """document: 虚构〔2026〕1号
valid_from: 2026-07-01
valid_to: null
reference: 测试用假定
supplement: 虚构〔2026〕1号
proposed_by: 孙主管
approved_by: 刘局长
approved_on: 2026-06-20
flows:
  S9: {in: ["1003"], out: [], reference: 虚构三}
"""
EVENT = """document: 虚构〔2026〕1号
valid_from: 2026-07-01
valid_to: null
reference: 测试用假定
events:
  - code: S9
    name_zh: 收到归集资金
    name_en: pooled money received
    reference: 虚构三
    voucher: 收
    summary: "{period}收到归集资金"
    amounts: {amount: {zh: 金额}}
    legs:
      - {side: D, account: "100301", amount: amount}
      - {side: C, account: "200109", amount: amount}
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office's own folder with a new event that moves money, and the supplement that lets it."""
    for name, text in (("flows/supplement-2026.yaml", SUPPLEMENT), ("events/supplement-2026.yaml", EVENT)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    return tmp_path


def test_a_new_event_brings_its_flow_in_a_file(planted: Path) -> None:
    """SB1041: what a supplement in force lets a new event move passes, from its first day on, and nothing more of it."""
    flows.check("S9", pair("100301", "200109"), date(2026, 7, 1))
    for lines, day in ((pair("100301", "200109"), date(2026, 6, 30)), (pair("200109", "100301"), date(2026, 7, 1)), (pair("1004", "200109"), date(2026, 7, 1))):
        with pytest.raises(FlowRefused, match="S9"):
            flows.check("S9", lines, day)
    with pytest.raises(FlowRefused):
        flows.check("C2", pair("1004", "1005"), date(2026, 7, 1))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("S9:", "C2:", "不能放宽"),
        ("S9:", "S8:", "没有这项业务"),
        ("approved_by: 刘局长", "approved_by: 孙主管", "两个人"),
        ("approved_on: 2026-06-20\n", "", "approved_on"),
    ],
)
def test_a_supplement_widens_nothing_that_is_on_the_list(planted: Path, old: str, new: str, why: str) -> None:
    """SB1011: an event on the list, one without a template, one person alone, or no approval is no supplement."""
    (planted / "flows" / f"supplement-{len(why)}{len(new)}.yaml").write_text(SUPPLEMENT.replace(old, new), encoding="utf-8")
    (planted / "flows" / "supplement-2026.yaml").unlink()
    flows._supplements.cache_clear()
    with pytest.raises(BadLawFile, match=why):
        flows.check("S9", pair("100301", "200109"), date(2026, 7, 1))
    flows._supplements.cache_clear()
