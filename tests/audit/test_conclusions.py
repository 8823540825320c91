"""What two people conclude of a lead: how it binds to the facts, who may, and what the database says past the program (A3, C7)."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.duties import Actor, Duty
from controls.errors import NotAllowed
from controls.errors_duties import ActedBefore, Related
from controls.errors_payment import NoReason
from controls.relatives import declared
from controls.sweeps import conclusions
from controls.sweeps.errors import ConcludedAlready, ConclusionOpen, ConclusionStale, LeadGone, NoSuchLead, NothingToReview, SameConcluder
from ledger.db import reading
from ledger.errors import DatabaseRefusal, Refusal
from tests.audit.swept_office import HE, TAO, Swept, months, office
from tests.controls.canonical import PEOPLE
from tests.controls.payment_desk import NOW, five_people, someone
from tests.granting import STEPS

D1 = "D1-POSTHUMOUS"


@pytest.fixture
def dead(store_url: str, tmp_path: Path) -> Swept:
    """张建国 died in March and is paid to June: one lead."""
    made = office(store_url, tmp_path / "o")
    made.take("payments", months("A", 202401, 202406))
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05"}])
    made.sweep(rules=(D1,))
    return made


def key(made: Swept) -> str:
    """The id of the lead."""
    return made.lead(D1).last.finding.finding_id


def test_dismissed_stays_dismissed_while_its_facts_do(dead: Swept) -> None:
    """A3: a dismissal outlives sweeps, money that came back and a name; another month paid opens the lead again, and it can be concluded anew."""
    lead = key(dead)
    assert dead.conclude(lead, "dismissed", "公安更正").status == "pending"
    assert dead.review(lead).status == "dismissed"
    dead.take("recoveries", [{"id": "A", "from_month": 202404, "to_month": 202406, "amount": 5000}])
    dead.sweep(rules=(D1,))
    assert (dead.lead(D1).last.version, dead.lead(D1).status) == (2, "dismissed")
    with pytest.raises(ConcludedAlready):
        dead.conclude(lead, "confirmed")
    dead.take("payments", months("A", 202407, 202407))
    dead.sweep(rules=(D1,))
    assert dead.lead(D1).status == "open" and dead.lead(D1).changed
    dead.conclude(lead, "confirmed")
    assert dead.review(lead).status == "confirmed" and [one.verdict for one in dead.lead(D1).conclusions] == ["dismissed", "confirmed"]
    with reading(dead.desk.engine) as connection:
        assert conclusions.precision(connection)[D1] == conclusions.Precision(1, 0)


def test_two_people_and_one_at_a_time(dead: Swept) -> None:
    """Who concluded does not review (SB3373); a second conclusion waits (SB3369); each is reviewed once, and sent back with a word (SB3372)."""
    lead = key(dead)
    with pytest.raises(NothingToReview):
        dead.review(lead)
    with pytest.raises(NoReason):
        dead.conclude(lead, "dismissed", "。。")
    dead.conclude(lead, "dismissed")
    with pytest.raises(ConclusionOpen):
        dead.conclude(lead, "confirmed", actor=HE)
    with pytest.raises(SameConcluder):
        dead.review(lead, actor=TAO)
    with pytest.raises(NothingToReview):
        dead.review(lead, agreed=False)
    assert dead.review(lead, agreed=False, note="缺更正函").status == "open"
    with pytest.raises(NothingToReview):
        dead.review(lead)
    with pytest.raises(NotAllowed):
        dead.conclude(lead, "confirmed", actor=someone("li"))
    with pytest.raises(NoSuchLead):
        dead.conclude("fff", "confirmed")
    with pytest.raises(NoSuchLead):
        dead.conclude("zzzz", "confirmed")
    assert dead.conclude(lead[:8], "confirmed").status == "pending"


def test_facts_that_changed_or_went(dead: Swept) -> None:
    """A conclusion whose facts changed meanwhile cannot be agreed to, only sent back (SB3374); what is gone is not concluded (SB3371)."""
    lead = key(dead)
    dead.conclude(lead, "dismissed")
    dead.take("payments", months("A", 202407, 202407))
    dead.sweep(rules=(D1,))
    with pytest.raises(ConclusionStale):
        dead.review(lead)
    dead.review(lead, agreed=False, note="事实变了")
    dead.take("deaths", [{"id": "H", "death_on": "2024-03-05"}], kind="full")
    dead.sweep(rules=(D1,))
    with pytest.raises(LeadGone):
        dead.conclude(lead, "dismissed")


def test_nobody_concludes_on_what_they_paid(store_url: str, tmp_path: Path) -> None:
    """C7: who built the roster and later came to the audit office does not conclude on what it paid (SB2117)."""
    made = office(store_url, tmp_path / "o")
    three = five_people()[2]["number"]
    made.take("deaths", [{"id": three, "name": "甲3", "death_on": "2025-12-05"}])
    roster_id = made.desk.released()
    made.desk.send(roster_id)
    made.desk.returned(roster_id, made.desk.answer_of_bank(roster_id))
    made.sweep(rules=(D1,))
    with pytest.raises(ActedBefore):
        made.conclude(key(made), "confirmed", actor=Actor("zhang", "张经办", frozenset({Duty.AUDIT})))
    assert made.conclude(key(made), "confirmed").status == "pending"


def test_nobody_concludes_on_a_relative(dead: Swept) -> None:
    """C7: neither concludes nor reviews who declared the person as a relative (SB2116); somebody else does."""
    with dead.desk.unit() as work:
        told = declared.declare(work, NOW, HE, "lineal", *PEOPLE["A"])
        declared.step(work, NOW, STEPS[0][1], told.relative_id, "confirm")
        work.commit()
    with pytest.raises(Related):
        dead.conclude(key(dead), "dismissed", actor=HE)
    assert dead.conclude(key(dead), "confirmed").status == "pending"
    with pytest.raises(Related):
        dead.review(key(dead))


BY = "'{by}', '2026-01-15T09:00:00+08:00'"
CONCLUDE = "INSERT INTO shebao_finding_conclusion SELECT finding_id, {no}, version, {facts}, 'confirmed', 'x', " + BY + " FROM shebao_finding_history"
REVIEW = "INSERT INTO shebao_finding_review SELECT finding_id, 1, '{step}', '{note}', " + BY + " FROM shebao_finding_conclusion WHERE conclusion_no = 1"


def refused(made: Swept, statement: str, **values: object) -> str:
    """The code with which the database refuses a statement; '' when it lets it in, whereupon it is undone."""
    try:
        with made.desk.unit() as work:
            work.connection.execute(sa.text(statement.format(**values)))
    except DatabaseRefusal as refusal:
        return str(refusal.facts["code"])
    return ""


def test_the_database_asks_again(dead: Swept) -> None:
    """C6 at the door of SQL on both databases: numbers run, the facts are those of the lead, two people, once, by whom the duty is held; nothing changes."""
    good = {"no": 1, "facts": "facts", "by": "tao"}
    bad = {"no": 2}, {"facts": "'x'"}, {"by": "li"}
    assert [refused(dead, CONCLUDE, **good | one) for one in (*bad, {})] == ["SB3366", "SB3371", "SB3001", ""]
    dead.conclude(key(dead), "confirmed")
    assert refused(dead, CONCLUDE, no=2, facts="facts", by="he") == "SB3369"
    agree = {"step": "agree", "note": "", "by": "he"}
    assert [refused(dead, REVIEW, **agree | one) for one in ({"by": "tao"}, {"by": "li"}, {"step": "refuse"}, {})] == ["SB3373", "SB3001", "SB3372", ""]
    dead.review(key(dead))
    assert (refused(dead, REVIEW, **agree), refused(dead, CONCLUDE, no=2, facts="facts", by="he")) == ("SB3372", "SB3370")
    for table, column in (("finding_conclusion", "reason"), ("finding_review", "note")):
        assert {refused(dead, f"DELETE FROM shebao_{table}"), refused(dead, f"UPDATE shebao_{table} SET {column} = 'y'")} == {"SB3366"}


def test_stale_conclusions_pass_at_no_door(dead: Swept) -> None:
    """A3 past the program: what was concluded on other facts is not agreed to (SB3374)."""
    dead.conclude(key(dead), "dismissed")
    dead.take("payments", months("A", 202407, 202407))
    dead.sweep(rules=(D1,))
    assert refused(dead, REVIEW, step="agree", note="", by="he") == "SB3374"


def test_every_refusal_says_what_to_do() -> None:
    """The refusals of this register are whole in both languages."""
    from controls.sweeps import errors

    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Refusal) and one is not Refusal]
    assert {one.code for one in found} == {f"SB{number}" for number in range(3365, 3376)}
    assert all(one.zh and one.en and one.remedy_zh and one.remedy_en and one.cause_zh and one.cause_en for one in found)
