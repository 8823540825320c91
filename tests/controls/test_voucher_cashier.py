"""Receipts and payments bear the cashier's signature before they are posted; nobody else's will do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import templates
from controls import cashier, vouchers
from controls.bankfile import Batch
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from controls.errors_vouchers import CashierMissing, NotForCashier
from controls.vouchers import Draft, WrongState
from ledger import chain
from ledger.cash import is_cash
from ledger.db import reading
from ledger.entries import Entry, Line, Side
from ledger.errors import DatabaseRefusal
from tests.controls.voucher_desk import HAN, OTHERS, SUN, ZHAO, Office, office, received


def payment(source: str = "pay-1") -> Entry:
    """Interest on the expenditure account: a receipt."""
    return replace(received(source=source), lines=(Line("1004", Side.D, 100), Line("4201", Side.C, 100)))


def straight(desk: Office, draft: Draft) -> None:
    desk.step(vouchers.post, ZHAO, 1, draft.voucher_id)


@pytest.mark.parametrize("steps", [("make", "sign", "review"), ("make", "review", "sign")])
def test_a_receipt_goes_past_the_cashier(store_url: str, steps: tuple[str, ...]) -> None:
    """The cashier signs after the making, before or after the review; the signature is in the trail over the voucher's digest."""
    desk = office(store_url)
    draft = desk.propose(payment())
    assert draft.cash
    for step in steps:
        getattr(desk, step)(draft)
    straight(desk, draft)
    with reading(desk.engine) as connection:
        found = vouchers.get(connection, 1, draft.voucher_id)
        told = [(one.actor, one.duty, one.digest) for one in chain.records(connection) if one.act == cashier.ACT]
    assert (found.state, found.cashier) == ("posted", "han")
    assert told == [("han", "CASHIER", draft.digest)]
    assert (Duty.CASHIER, "han") in found.thing().acted


def test_without_the_cashier_nothing_is_posted(store_url: str) -> None:
    """SB3126 for a reviewed receipt that no cashier signed; it waits in the cashier's list until then."""
    desk = office(store_url)
    draft = desk.propose(payment())
    desk.make(draft)
    desk.review(draft)
    with pytest.raises(CashierMissing, match="1-1"):
        straight(desk, draft)
    with reading(desk.engine) as connection:
        assert [one.label for one in cashier.waiting(connection, 1)] == ["1-1"]
    desk.sign(draft)
    with reading(desk.engine) as connection:
        assert cashier.waiting(connection, 1) == []


def test_when_the_cashier_signs(store_url: str) -> None:
    """SB3102 before the making, twice, and after the end; SB3125 for a voucher that neither receives nor pays."""
    desk = office(store_url)
    draft, plain = desk.propose(payment()), desk.propose(received(source="plain"))
    with pytest.raises(WrongState):
        desk.sign(draft)
    desk.make(draft)
    desk.sign(draft)
    with pytest.raises(WrongState, match="出纳已签字"):
        desk.sign(draft)
    desk.make(plain)
    with pytest.raises(NotForCashier):
        desk.sign(plain)
    desk.reject(draft)
    with pytest.raises(WrongState):
        desk.sign(draft)


def test_only_a_cashier_signs(store_url: str) -> None:
    """C1: neither accountant nor reviewer nor anybody else, and not somebody who made it before becoming cashier."""
    desk = office(store_url)
    draft = desk.propose(payment())
    desk.make(draft)
    for stranger in (ZHAO, SUN, *(actor for duty, actor in OTHERS.items() if duty is not Duty.CASHIER)):
        with pytest.raises(NotAllowed):
            desk.sign(draft, stranger)
    with pytest.raises(SamePerson):
        desk.sign(draft, Actor("zhao", "赵会计", frozenset({Duty.CASHIER})))
    desk.sign(draft)
    with pytest.raises(SamePerson):
        desk.review(draft, Actor("han", "韩出纳", frozenset({Duty.CHECK})))


def test_the_bank_file_is_the_signature(store_url: str) -> None:
    """Who sent the bank file has signed that roster's debit and return; another roster's, and later returns, are signed by hand."""
    desk = office(store_url)
    sent = Batch(7, "R202601-7", "", "", 1, "代发.csv", "ab" * 32, 1, 100, "han", "2026-01-19T09:00:00+08:00")
    drafts = [desk.make(desk.propose(payment(source))) for source in ("roster:7:sent", "roster:7:return", "roster:8:sent", "roster:7:comeback:1")]
    signed = [desk.step(cashier.reuse, 1, draft.voucher_id, sent).cashier for draft in drafts]
    assert signed == ["han", "han", "", ""]
    with reading(desk.engine) as connection:
        told = [one.facts for one in chain.records(connection) if one.act == cashier.ACT]
    assert len(told) == 2 and sent.sha256 in told[0]


def test_which_vouchers_are_cash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """收款和付款: cash and the agency's own bank accounts, not the fiscal account nor the treasury, not opening balances; 1001 whatever is set."""
    fiscal, own = received(), payment()
    cash = replace(own, lines=(Line("1001", Side.D, 100), Line("1004", Side.C, 100)))
    assert [is_cash(one) for one in (fiscal, own, cash, replace(own, event="OPENING", source_key="opening"))] == [False, True, True, False]
    assert is_cash(replace(own, event="OPENING"))
    (tmp_path / "parameters").mkdir()
    shipped = (templates.SHIPPED / "parameters" / "accounting.yaml").read_text("utf-8")
    (tmp_path / "parameters" / "accounting.yaml").write_text(shipped.replace('value: ["1001", "1002", "1004", Z01]', "value: []"), "utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert [is_cash(one) for one in (own, cash)] == [False, True]


def test_the_database_asks_for_the_cashier_alone(store_url: str) -> None:
    """L9, C1 with Python out of the way: no posting without the cashier, no maker or reviewer as cashier, no second cashier, no cash made plain."""
    desk = office(store_url)
    draft = desk.make(desk.propose(payment()))
    moves = {
        "cashier = 'zhao', cashier_at = 'now'": "SB3002",
        "cash = 0": "SB3103",
        "cashier_at = 'now'": "SB3103",
        "state = 'reviewed', reviewer = 'sun', reviewed_digest = digest, cashier = 'han'": "SB3103",
    }
    for change, code in moves.items():
        with pytest.raises(DatabaseRefusal, match=code):
            desk.sql(f"UPDATE shebao_voucher SET {change}")
    desk.review(draft)
    with pytest.raises(DatabaseRefusal, match="SB3126"):
        desk.sql("UPDATE shebao_voucher SET state = 'posted', entry_id = 1")
    desk.sign(draft, HAN)
    for change in ("cashier = 'other'", "cashier = ''"):
        with pytest.raises(DatabaseRefusal, match="SB3103"):
            desk.sql(f"UPDATE shebao_voucher SET {change}")
