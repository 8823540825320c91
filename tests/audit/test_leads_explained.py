"""What a lead (疑点) says for itself, whichever rule found it."""

from __future__ import annotations

import json
import re

import pytest

import templates
from controls.checks.runner import run
from tests.controls.canonical import PEOPLE, tables

MONTHS = (202401, 202402, 202403)


def paid(who: str, fund: str = "R", **more: object) -> list[dict[str, object]]:
    return [{"id": who, "fund": fund, "period": month, **more} for month in MONTHS]


DOUBTFUL: dict[str, dict[str, list[dict[str, object]]]] = {
    "D1-POSTHUMOUS": {"payments": paid("A"), "deaths": [{"id": "A", "death_on": "2024-01-15", "death_month": 202401}]},
    "P1-TWO-SCHEMES": {"payments": paid("A") + paid("A", "E")},
    "P3-TWICE": {"payments": paid("A") + paid("A")},
    "A1-SHARED-ACCOUNT": {"payments": paid("A", account="6217000012345678") + paid("B", account="6217000012345678")},
    "I1-BAD-NUMBER": {"payments": paid("620821195003150019" if PEOPLE["A"][0] != "620821195003150019" else "620821195003150018")},
}


@pytest.mark.parametrize("rule", sorted(DOUBTFUL))
def test_every_lead_explains_itself(rule: str) -> None:
    """A4: a lead carries one Chinese sentence without a gap, the rows it rests on by file and line, and a rule whose basis is written down."""
    leads = [lead for lead in run(tables(DOUBTFUL[rule]), rules=[rule], threads=1).findings if lead.rule == rule]
    assert leads
    for lead in leads:
        row = lead.row()
        assert re.search(r"[\u4e00-\u9fff]", row["reason"])
        assert "{" not in row["reason"]
        evidence = json.loads(row["evidence"])
        assert evidence["row_count"] >= len(evidence["rows"]) > 0
        assert all(re.fullmatch(r".+:\d+", place) for place in evidence["rows"])
    page = templates.load(f"rules/{rule}.yaml")
    assert page["description_zh"]
    assert page["legal_basis"]
    assert page["false_friends_zh"]
