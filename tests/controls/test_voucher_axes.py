"""Axes on vouchers: checked when proposed, summed by value from kept balances, persons by batch only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controls import vouchers
from ledger.db import reading
from ledger.dimension_balances import Share, shares
from ledger.dimensions import BadDimension
from ledger.entries import Line, Side, dimension, payout_digest
from tests.controls.voucher_desk import JANUARY, ZHAO, office, received


def test_movements_by_axis(store_url: str) -> None:
    """Stored axes by value, blank where a line says none; derived axes by the detail account's name; persons by batch with their rows counted."""
    desk = office(store_url)
    premium = received(300, "a", account="1005", income="400101", event="C1")
    placed = replace(premium, lines=(premium.lines[0], Line("400101", Side.C, 300, dimension(township="620828101"))))
    desk.booked(placed, received(50, "b", account="1005", income="400101", event="C1"))
    rows = [("1", "基础养老金", 202601, 60, "50010101"), ("2", "基础养老金", 202601, 40, "50010101")]
    lines = (Line("50010101", Side.D, 100), Line("1004", Side.C, 100))
    paid = replace(received(100, "batch", event="P2"), lines=lines, payout_source=5, payout_count=2, payout_fen=100, payout_digest=payout_digest(rows))
    draft = desk.propose(paid)
    desk.make(draft)
    desk.review(draft)
    desk.sign(draft)
    desk.step(vouchers.post, ZHAO, 1, draft.voucher_id, lambda connection, book_id, source: rows)

    with reading(desk.engine) as connection:
        by = {name: shares(connection, 1, name, JANUARY, JANUARY) for name in ("township", "item", "person", "party")}
    assert by["township"] == [Share("400101", "", 0, 50), Share("400101", "620828101", 0, 300), Share("50010101", "", 100, 0)]
    assert by["item"] == [Share("50010101", "50010101", 100, 0)]
    assert by["person"] == [Share("50010101", "batch", 100, 0, 2)]
    assert by["party"] == []


def test_a_wrong_axis_is_refused_when_proposed(store_url: str) -> None:
    """SB1342: nothing with an axis its account does not take gets on the desk."""
    desk = office(store_url)
    with pytest.raises(BadDimension):
        desk.propose(replace(received(), lines=(Line("100301", Side.D, 100, dimension(payer="个人")), Line("4201", Side.C, 100))))
