"""Refusals of the payment chain that no other test brings about: a roster, a finding and a book that are not there."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from controls import answers, roster, rosterbuild
from controls.errors_payment import NoBook, NoSuchFinding, NoSuchRoster
from ledger.db import reading
from ledger.funds import Fund
from tests.controls.payment_desk import JANUARY, NOW, ROSTER, SHARED, Desk, desk, line, someone


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """An office at work, on either database."""
    return desk(store_url, tmp_path / "home")


def test_a_roster_that_is_not_there(office: Desk) -> None:
    """SB3030: no step is taken on a roster nobody built, whoever asks."""
    with reading(office.engine) as connection, pytest.raises(NoSuchRoster, match="7"):
        roster.get(connection, 7)
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        with pytest.raises(NoSuchRoster):
            office.sign(7, step, user)
    for act in (office.check, office.release, office.send):
        with pytest.raises(NoSuchRoster):
            act(7)


def test_a_finding_that_is_not_there(office: Desk) -> None:
    """SB3039: an answer names a finding of this roster's latest check, or a rule with open findings; else nothing is answered."""
    roster_id = office.build()
    office.check(roster_id, SHARED)
    for wanted in ({"finding_id": "0" * 16}, {"finding_id": "abc"}, {"rule": "D1-POSTHUMOUS"}, {}):
        with pytest.raises(NoSuchFinding):
            office.answer(roster_id, **wanted)
    assert office.answer(roster_id, rule=SHARED.finding.rule) == 1
    with pytest.raises(NoSuchFinding):
        office.answer(roster_id, rule=SHARED.finding.rule)
    with reading(office.engine) as connection:
        assert answers.unanswered(connection, roster.get(connection, roster_id)) == []


def test_a_fund_without_a_book(office: Desk) -> None:
    """SB3043: a roster of a fund that this office keeps no book of is not built."""
    rows = [line(1, 1, "基本养老金", 300000, fund="E")]
    office.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", "企业.csv", "zhang")
    with pytest.raises(NoBook, match="职工养老"), office.unit() as work:
        rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.E, JANUARY)
    with reading(office.engine) as connection:
        assert roster.listed(connection) == []
