"""Relatives (回避登记): whoever declared a number keeps away from claims under it, at every door (C7, S17, S18)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from controls import avoiding, signoff
from controls.duties import Duty, Thing, may
from controls.errors import NotAllowed
from controls.errors_duties import KinInPost, NoSuchRequest, Related, RelativeWrong, SameHand
from controls.relatives import concerned, declared, history
from controls.roster import get, thing
from ledger.errors import DatabaseRefusal
from ledger.schema import run_guards
from tests.controls.payment_desk import NOW, Desk, desk, five_people, someone
from tests.granting import STEPS, given

MOTHER = "11010519491231002X"
GUARDS = Path(declared.__file__).parent.parent / "grant_guards"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The payment desk with the guards of relatives."""
    made = desk(store_url, tmp_path / "home")
    with made.unit() as work:
        run_guards(work.connection, GUARDS)
        work.commit()
    return made


def rows() -> list[dict[str, Any]]:
    """A roster of five people, the second of whom is somebody's mother."""
    return [{**row, "number": MOTHER, "id_raw": MOTHER} if row["number"].endswith("002X") else row for row in five_people()]


def declare(office: Desk, user: str, relation: str = "lineal", number: str = MOTHER) -> int:
    with office.unit() as work:
        made = declared.declare(work, NOW, someone(user), relation, number, "甲二")
        work.commit()
    return made.relative_id


def step(office: Desk, number: int, taken: str, actor: Any) -> declared.Declaration:
    with office.unit() as work:
        made = declared.step(work, NOW, actor, number, taken)
        work.commit()
    return made


def test_a_relatives_roster_is_signed_by_somebody_else(office: Desk) -> None:
    """C7: the reviewer whose mother is on the roster cannot review it, by the program or by the database; the answer says why."""
    roster_id = office.build(rows())
    office.check(roster_id)
    office.sign(roster_id, "submit", "zhang")
    declare(office, "li")
    with pytest.raises(Related, match="直系亲属"):
        office.sign(roster_id, "review", "li")
    with office.engine.connect() as connection:
        answer = may(someone("li"), Duty.REVIEW, thing(connection, get(connection, roster_id)))
        found = history.handled(connection, MOTHER)
    assert not answer.yes and "S17b" in answer.reasons[0]
    assert (Duty.HANDLE_ROSTER, "zhang") in found
    row = f"INSERT INTO shebao_signature SELECT book_id, roster_id, round, 'REVIEW', 'li', digest, '{NOW}' FROM shebao_signature"
    with pytest.raises(DatabaseRefusal, match="SB2116"), office.unit() as work:
        work.connection.exec_driver_sql(row)


def test_the_handler_leaves_the_line_out(office: Desk) -> None:
    """C7: the only handler holds the lines of a relative, and then signs what is left; a roster without such lines has nothing to leave out."""
    declare(office, "zhang")
    roster_id = office.build(rows())
    with pytest.raises(Related):
        office.check(roster_id)
    with office.unit() as work:
        assert avoiding.leave_out(work, NOW, someone("zhang"), roster_id) == 2
        work.commit()
    office.check(roster_id)
    content: signoff.Content = office.sign(roster_id, "submit", "zhang")
    assert (content.payees, content.held_lines) == (4, 2)


def test_nothing_to_leave_out(office: Desk) -> None:
    """A roster that names nobody declared has no line to leave out."""
    roster_id = office.build()
    with pytest.raises(RelativeWrong), office.unit() as work:
        avoiding.leave_out(work, NOW, someone("zhang"), roster_id)


def test_a_declaration_holds_at_once_and_ends_by_review(office: Desk) -> None:
    """A declaration is its owner's, once; somebody of the audit office confirms it, and ends it only after its owner asked; numbers are masked."""
    number = declare(office, "li")
    tao = STEPS[0][1]
    for relation, written in (("friend", MOTHER), ("lineal", "123"), ("lineal", MOTHER)):
        with pytest.raises(RelativeWrong):
            declare(office, "li", relation, written)
    with pytest.raises(NotAllowed):
        step(office, number, "confirm", someone("zhang"))
    assert step(office, number, "confirm", tao).state == "已审核"
    with pytest.raises(RelativeWrong):
        step(office, number, "end", tao)
    with pytest.raises(RelativeWrong):
        step(office, number, "ask_end", someone("zhang"))
    step(office, number, "ask_end", someone("li"))
    with office.engine.connect() as connection:
        assert concerned.by_numbers(connection, [MOTHER])
    assert not step(office, number, "end", tao).holds
    with office.engine.connect() as connection:
        assert not concerned.by_numbers(connection, [MOTHER])
        assert MOTHER not in declared.get(connection, number).told()
        assert ("li", "李股长") in declared.undeclared(connection)
        with pytest.raises(NoSuchRequest):
            declared.get(connection, 99)
    mine = declare(office, "tao", "self", "110105194912310038")
    with pytest.raises(SameHand):
        step(office, mine, "confirm", tao)


def test_an_award_of_a_relative_is_sent_back_by_somebody_else(office: Desk) -> None:
    """C7: assessing, reviewing and sending back an award of one's own or a relative's is refused by the database too."""
    award = (
        "INSERT INTO shebao_award (book_id, award_no, number, scheme, law, from_month, given, fen, items, digest, content, state, assessed_by, assessed_at, "
        f"reviewed_by, reviewed_at, note) VALUES (1, 1, '{MOTHER}', 's', '2026-01-01', 202601, '[]', 1, 1, 'd', 'c', 'assessed', '{{}}', '{NOW}', '', '', '')"
    )
    declare(office, "li")
    with pytest.raises(DatabaseRefusal, match="SB2116"), office.unit() as work:
        work.connection.exec_driver_sql(award.format("li"))
    with office.unit() as work:
        work.connection.exec_driver_sql(award.format("qian"))
        work.commit()
    with pytest.raises(DatabaseRefusal, match="SB2116"), office.unit() as work:
        work.connection.exec_driver_sql(f"UPDATE shebao_award SET state = 'rejected', reviewed_by = 'li', reviewed_at = '{NOW}', note = 'x'")
    with office.engine.connect() as connection:
        related = concerned.by_numbers(connection, [MOTHER])
    assert not may(someone("li"), Duty.REVIEW, Thing("benefit", "1-1", ((Duty.HANDLE_ASSESS, "qian"),), related=related)).yes


def test_relatives_do_not_hold_posts_beside_one_another(office: Desk) -> None:
    """S18: the accounting head's registered spouse does not become cashier; verify and doctor name those who already are."""
    declare(office, "sun", "self", MOTHER)
    with office.unit() as work:
        declared.declare(work, NOW, someone("qian"), "spouse", MOTHER, "孙主管")
        work.commit()
    with pytest.raises(KinInPost, match="基础工作规范第16条"), office.unit() as work:
        given(work, NOW, "qian", Duty.CASHIER, date(2026, 1, 15), date(2026, 7, 1))
