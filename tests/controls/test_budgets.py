"""Budgets and funding plans in the store: three people in turn, nothing edited, funding within plans, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from controls import people
from controls.approvals import store as approvals
from controls.budget_tables import budget
from controls.budgets import documents
from controls.budgets.documents import Document
from controls.budgets.errors import BadBudget, BudgetStands, NoDocument, NoSuchBudget, OverBudget, PlanExists
from controls.budgets.standing import Execution, check_plan, flagged, standing
from controls.duties import Actor, Duty
from controls.errors import NotAllowed
from ledger.errors import DatabaseRefusal
from tests.controls.payment_desk import NOW, PASSWORD, Desk, _hashed_once, desk, someone
from tests.granting import given

ALLOWED = frozenset({"1.4101", "2.5001", "2.5401"})
HEAD = Actor("han", "韩局长", frozenset({Duty.HEAD}))
BOOK = 1
WHOLE = [("1.4101", 1_000_000), ("2.5001", 900_000)]


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The desk with a head of office beside its nine people, and the guards of budgets."""
    made = desk(store_url, tmp_path / "home")
    with made.unit() as work:
        with patch("controls.people.hash_password", return_value=_hashed_once()):
            people.add(work, NOW, someone("wu"), people.NewPerson("han", "韩局长", (), PASSWORD))
        given(work, NOW, "han", Duty.HEAD, date.fromisoformat(NOW[:10]))
        work.commit()
    return made


def drafted(office: Desk, kind: str = "budget", lines: list[tuple[str, int]] | None = None, user: str = "zhao", **more: object) -> Document:
    """A document drafted by the 会计."""
    with office.unit() as work:
        made = documents.draft(work, NOW, someone(user), BOOK, kind, 2026, WHOLE if lines is None else lines, allowed=ALLOWED, **more)  # type: ignore[arg-type]
        work.commit()
    return made


def carried(office: Desk, made: Document, paper: str = "县财社〔2026〕5号") -> Document:
    """The document reviewed and approved."""
    with office.unit() as work:
        documents.review(work, NOW, someone("sun"), BOOK, made.number)
        if made.kind == "plan":
            approvals.endorse(work, NOW, someone("wang"), BOOK, made.number)
        done = documents.approve(work, NOW, HEAD, BOOK, made.number, paper)
        work.commit()
    return done


def test_a_budget_is_drafted_reviewed_and_approved_by_three(office: Desk) -> None:
    """The content stays the one drafted; each step is one act of one duty; the year then has a budget that stands."""
    made = drafted(office)
    done = carried(office, made)
    assert (done.state, done.digest, done.decided_by, done.document) == ("approved", made.content(), "han", "县财社〔2026〕5号")
    with office.engine.connect() as connection:
        year = standing(documents.listed(connection, BOOK, year=2026), 2026)
    assert year.approved and (year.line("2.5001"), year.line("2.5401")) == (900_000, 0)
    more = carried(office, drafted(office, "adjustment", [("2.5001", -100_000), ("2.5401", 5)], reason="减少"))
    with office.engine.connect() as connection:
        listed = documents.listed(connection, BOOK, year=2026)
        assert standing(listed, 2026).line("2.5001") == 800_000 and standing(listed, 2026).line("2.5401") == 5
        assert standing(listed, 2026, "2025-12-31").approved is False
        assert documents.get(connection, BOOK, more.number).when == "2026年"


def test_what_no_budget_can_be(office: Desk) -> None:
    """SB3291: an unknown line, a line twice, nothing, a negative amount, an adjustment of nothing, no reason, a request above the plan."""
    for kind, lines, more in (
        ("budget", [("9.9", 1)], {}), ("budget", [("2.5001", 1), ("2.5001", 2)], {}), ("budget", [], {}), ("budget", [("2.5001", -1)], {}),
        ("gift", WHOLE, {}), ("adjustment", [("2.5001", 0)], {"reason": "改"}), ("adjustment", [("2.5001", 1)], {}), ("exception", [("2.5001", 1)], {}),
        ("plan", [("2.5001", 1)], {"month": 1, "request": 2}),
    ):  # fmt: skip
        with pytest.raises(BadBudget):
            drafted(office, kind, lines, **more)


def test_one_budget_a_year_and_nothing_before_it(office: Desk) -> None:
    """SB3292: no plan or adjustment before an approved budget, no second budget; one sent back makes room for another."""
    with pytest.raises(BudgetStands):
        drafted(office, "plan", [("2.5001", 1)], month=1)
    made = drafted(office)
    for kind in ("budget", "adjustment"):
        with pytest.raises(BudgetStands):
            drafted(office, kind, [("2.5001", 1)], reason="改")
    with office.unit() as work:
        documents.reject(work, NOW, someone("sun"), BOOK, made.number, "少编一月")
        work.commit()
    assert carried(office, drafted(office)).number == 2


def test_plans_and_their_supplements(office: Desk) -> None:
    """SB3297: a second plan of a month says why; SB3296: a budget without its paper is not approved, a plan needs none."""
    made = drafted(office)
    with office.unit() as work:
        documents.review(work, NOW, someone("sun"), BOOK, made.number)
        with pytest.raises(NoDocument):
            documents.approve(work, NOW, HEAD, BOOK, made.number, " ")
        documents.approve(work, NOW, HEAD, BOOK, made.number, "县财社〔2026〕5号")
        work.commit()
    assert carried(office, drafted(office, "plan", [("2.5001", 300)], month=1, request=200), "").state == "approved"
    with pytest.raises(PlanExists):
        drafted(office, "plan", [("2.5001", 300)], month=1, request=200)
    assert drafted(office, "plan", [("2.5001", 300)], month=1, request=200, reason="补发").number == 3


def test_wrong_people_and_wrong_steps(office: Desk) -> None:
    """SB3001 for a duty not held, SB3290 for a step out of turn or a document that is not there."""
    with pytest.raises(NotAllowed):
        drafted(office, user="sun")
    made = drafted(office)
    with office.unit() as work:
        for actor, step in ((someone("zhao"), documents.review), (HEAD, documents.review)):
            with pytest.raises(NotAllowed):
                step(work, NOW, actor, BOOK, made.number)
        with pytest.raises(NoSuchBudget):
            documents.approve(work, NOW, HEAD, BOOK, made.number, "文")
        with pytest.raises(NoSuchBudget):
            documents.review(work, NOW, someone("sun"), BOOK, 99)
    carried(office, made)
    with office.unit() as work, pytest.raises(NoSuchBudget):
        documents.reject(work, NOW, HEAD, BOOK, made.number, "晚了")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"lines": '[["2.5001",1]]'}, "SB3293"), ({"state": "approved", "decided_by": "han", "decided_at": NOW, "document": "文"}, "SB3290"),
        ({"state": "reviewed", "reviewed_by": "zhao", "reviewed_at": NOW}, "SB3002"),
        ({"state": "reviewed", "reviewed_by": "li", "reviewed_at": NOW}, "SB3001"),
        ({"state": "rejected", "decided_by": "sun", "decided_at": NOW}, "SB3290"), ({"drafted_by": "sun"}, "SB3293"),
    ],
)  # fmt: skip
def test_the_database_keeps_documents(office: Desk, values: dict[str, str], code: str) -> None:
    """With Python out of the way: no content changes, no step is skipped, nobody signs twice or without the duty (SB3290, SB3293)."""
    made = drafted(office)
    with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
        work.connection.execute(budget.update().where(budget.c.budget_no == made.number).values(**values))


def test_the_database_takes_no_ready_made_document(office: Desk) -> None:
    """SB3293 and SB3001: documents start drafted, one after another, by a 会计; none is deleted; SB3296: no approval without its paper."""
    made = drafted(office)
    row = {
        "book_id": BOOK, "budget_no": 2, "kind": "budget", "year": 2027, "month": 0, "lines": "[]", "request_fen": 0, "reason": "", "digest": "x",
        "state": "drafted", "drafted_by": "zhao", "drafted_at": NOW, "reviewed_by": "", "reviewed_at": "", "decided_by": "", "decided_at": "", "document": "",
        "note": "",
    }  # fmt: skip
    for change, code in (({"state": "approved"}, "SB3293"), ({"budget_no": 7}, "SB3293"), ({"drafted_by": "sun"}, "SB3001")):
        with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
            work.connection.execute(budget.insert().values(**(row | change)))
    with pytest.raises(DatabaseRefusal, match="SB3293"), office.unit() as work:
        work.connection.execute(budget.delete())
    if office.engine.dialect.name == "sqlite":
        with pytest.raises(DatabaseRefusal, match="SB3293"), office.unit() as work:
            work.connection.execute(sa.text("INSERT OR REPLACE INTO shebao_budget SELECT * FROM shebao_budget"))
    with office.unit() as work:
        documents.review(work, NOW, someone("sun"), BOOK, made.number)
        work.commit()
    with pytest.raises(DatabaseRefusal, match="SB3296"), office.unit() as work:
        work.connection.execute(budget.update().values(state="approved", decided_by="han", decided_at=NOW))


def test_plans_stay_within_the_budget(office: Desk) -> None:
    """SB3294: what was spent and planned counts; an adjustment or a written decision makes room."""
    carried(office, drafted(office))
    plan = drafted(office, "plan", [("2.5001", 300_000)], month=3)
    with office.engine.connect() as connection:
        kept = documents.listed(connection, BOOK)
    check_plan(plan, standing(kept, 2026), {"2.5001": 600_000}, (), {}, 1000)
    with pytest.raises(OverBudget) as found:
        check_plan(plan, standing(kept, 2026), {"2.5001": 600_001}, (), {"2.5001": "社会保险待遇支出"}, 1000)
    assert found.value.facts["over"] == "0.01" and found.value.facts["line"] == "社会保险待遇支出"
    with pytest.raises(OverBudget):
        check_plan(plan, standing(kept, 2026), {"2.5001": 500_000}, [plan], {}, 1000)
    carried(office, drafted(office, "exception", [("2.5001", 1)], reason="待遇须按时发放"))
    with office.engine.connect() as connection:
        check_plan(plan, standing(documents.listed(connection, BOOK), 2026), {"2.5001": 600_001}, (), {}, 1000)


def test_levels_warn_and_stop() -> None:
    """Expenditure at the warning level warns, above the stop level stops; income never; without a budget every fen is above."""
    line = Execution("2.5001", "待遇", 1, 1000, 0, 0, 900, 0, income=False, total=False)
    assert flagged(line, 900, 1000) == (True, False) and flagged(line, 901, 1000) == (False, False) and flagged(line, None, 1000) == (False, False)
    assert flagged(Execution("2.5001", "待遇", 1, 1000, 0, 0, 1001, 0, income=False, total=False), None, 1000) == (True, True)
    assert flagged(Execution("2.5401", "其他", 1, 0, 0, 0, 1, 0, income=False, total=False), None, 1000) == (True, True)
    assert flagged(Execution("1.4001", "保费", 1, 1, 0, 0, 9, 0, income=True, total=False), 1, 1) == (False, False)
    assert line.per_mille == 900 and Execution("x", "", 0, 0, 0, 0, 1, 0, income=False, total=False).per_mille is None
