"""`shebao audit sweep --rules-folder`: an office's own rules with watermark, history and conclusions, their texts kept, and what happens without them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.checks import own_rules
from controls.sweep_tables import sweep
from controls.sweeps import kept, own_texts
from ledger.db import reading
from ledger.errors import DatabaseRefusal
from shebao import evidence_sweeps
from shebao.evidence import Broken
from tests.audit.swept_office import HE, Swept, months, office, own_rule
from tests.controls.test_own_rules import CODE

D1 = "D1-POSTHUMOUS"


@pytest.fixture
def high(store_url: str, tmp_path: Path) -> Swept:
    """Two people, one paid 2,000 yuan for a month, swept with the office's own rule that looks above 1,000."""
    made = office(store_url, tmp_path / "o")
    made.take("payments", months("A", 202401, 202403) + months("B", 202401, 202401, amount=200_000))
    made.take("deaths", [{"id": "A", "death_on": "2024-01-05"}])
    with own_rules.in_use(own_rule(made.folder / "rules")):
        made.sweep(rules=(D1, "X1"))
    return made


def again(made: Swept, most_fen: int, name: str = "rules") -> None:
    """Another sweep with the rule as it is then."""
    with own_rules.in_use(own_rule(made.folder / name, most_fen)):
        made.sweep(rules=(D1, "X1"))


def test_own_rules_are_kept_like_shipped_ones(high: Swept) -> None:
    """A lead of an own rule is found, stands while nothing changes, is concluded by two, and verify proves all of it."""
    assert (high.lead(CODE).last.state, high.lead(CODE).last.finding.amount) == ("found", 200_000)
    with own_rules.in_use(high.folder / "rules"):
        made = high.sweep(rules=(D1, "X1"))
    assert set(made.plan.stood) == {D1, CODE} and made.swept.summary["findings"] == 2
    high.conclude(high.lead(CODE).last.finding.finding_id, "dismissed")
    high.review(high.lead(CODE).last.finding.finding_id)
    with own_rules.in_use(high.folder / "rules"):
        told = high.sweep(rules=("X1",)).swept.summary
    assert told["self_test"][CODE]["precision"] == "0.000" and list(told["own_rules"]) == [CODE] and told["own_rules_left"] == {}
    with reading(high.desk.engine) as connection:
        assert evidence_sweeps.kept(connection).endswith("重算相符")


def test_another_text_is_another_rule(high: Swept) -> None:
    """When its text changes the rule runs anew, what it no longer finds is withdrawn because of the text, and both texts are kept with their sweeps."""
    again(high, 300_000)
    gone = high.lead(CODE).last
    assert (gone.state, gone.cause, gone.says) == ("withdrawn", "text", "规则的文本已改，不再查出")
    again(high, 100_000)
    assert (high.lead(CODE).last.state, high.lead(CODE).last.cause) == ("returned", "")
    with reading(high.desk.engine) as connection:
        kept_texts = own_texts.texts(connection, "x1")
        heads = [json.loads(asked)["own"] for (asked,) in connection.execute(sa.select(sweep.c.asked).order_by(sweep.c.sweep_no))]
        record = next(iter(kept.chain.records(connection, thing="sweep:2"))).told()
    assert [(one.first_sweep, "most_fen: 300000" in one.described, "FROM paid_months" in one.text, "cases:" in one.cases) for one in kept_texts] == [
        (1, False, True, True), (2, True, True, True),
    ]  # fmt: skip
    first, second = (one.sha256 for one in kept_texts)
    assert [head[CODE] for head in heads] == [first, second, first] and record["asked"]["own"] == {CODE: second}


def test_facts_that_are_gone_are_told_apart_from_another_text(high: Swept) -> None:
    """A lead whose money is reversed while the text is the same is gone because of its facts."""
    high.take("payments", [{"id": "B", "period": 202401, "amount": -200_000, "status": "reversed"}])
    again(high, 100_000)
    assert (high.lead(CODE).last.state, high.lead(CODE).last.cause) == ("withdrawn", "facts")


def test_without_the_folder_its_leads_stand(high: Swept) -> None:
    """A sweep without the folder neither finds nor withdraws them, says how many stand, and shipped rules lose nothing."""
    high.take("payments", [{"id": "B", "period": 202401, "amount": -200_000, "status": "reversed"}])
    told = high.sweep(rules=(D1,), full=True).swept.summary
    assert (told["own_rules"], told["own_rules_left"]) == ({}, {CODE: 1}) and told["findings"] == 1
    assert high.lead(CODE).last.state == "found" and CODE not in told["rules_not_run"]
    with reading(high.desk.engine) as connection:
        assert evidence_sweeps.kept(connection).startswith("2 次筛查") and own_texts.codes(connection, ["x1", "D1"]) == [D1, CODE]


def test_texts_are_kept_at_the_database_and_proved(high: Swept) -> None:
    """Past the program: no text changes or goes, none comes without its sweep, no own rule is swept without one (SB3375)."""
    said = {
        "keep": "UPDATE shebao_sweep_rule_text SET text = 'SELECT 1'", "stay": "DELETE FROM shebao_sweep_rule_text",
        "twice": "INSERT INTO shebao_sweep_rule_text SELECT * FROM shebao_sweep_rule_text",
        "late": "INSERT INTO shebao_sweep_rule_text SELECT rule, 'other', described, text, cases, 9 FROM shebao_sweep_rule_text",
        "bare": "INSERT INTO shebao_sweep_rule SELECT sweep_no, 'X9-OTHER', how, law, seen, asked, findings, told FROM shebao_sweep_rule"
        f" WHERE rule = '{CODE}'",
    }  # fmt: skip
    assert {name: _refused(high, text) for name, text in said.items()} == {
        "keep": "SB3366", "stay": "SB3366", "twice": "SB3366", "late": "SB3367", "bare": "SB3375",
    }  # fmt: skip
    with high.desk.unit() as work:
        work.connection.execute(
            sa.text("INSERT INTO shebao_sweep_rule_text SELECT rule, 'other', described, text, cases, first_sweep FROM shebao_sweep_rule_text")
        )
        with pytest.raises(Broken, match="本单位规则文本"):
            evidence_sweeps.kept(work.connection)


def _refused(made: Swept, statement: str) -> str:
    try:
        with made.desk.unit() as work:
            work.connection.execute(sa.text(statement))
    except DatabaseRefusal as refusal:
        return str(refusal.facts["code"])
    return ""


def test_looking_back_keeps_the_text_and_no_lead(high: Swept) -> None:
    """What was asked of the past is kept too, though its leads are not; a second auditor brings rules as the first does."""
    from ledger.months import Month

    with own_rules.in_use(own_rule(high.folder / "rules", 50_000)):
        made = high.sweep("back", rules=("X1",), as_of=Month(2024, 2), actor=HE)
    assert made.looked_back and high.lead(CODE).last.version == 1
    with reading(high.desk.engine) as connection:
        assert [one.first_sweep for one in own_texts.texts(connection)] == [1, 2]
        assert evidence_sweeps.kept(connection).startswith("2 次筛查")
