"""The payment approval form and the hand-over: signed in turn by different people over one digest, printed and reprinted, proved and guarded."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from controls import unfinished_handovers as standing
from controls import vouchers
from controls.approvals import store as approvals
from controls.approvals.errors import NotItsTurn
from controls.budgets import documents
from controls.budgets.errors import OverPlan
from controls.errors import NotAllowed
from controls.errors_payment import NoSuchRoster
from controls.handovers import store as handovers
from controls.handovers.errors import HandoverWrong, NoSuchHandover
from controls.people import disable
from controls.unfinished_handovers import HandoverOpen
from ledger import accounts
from ledger.errors import DatabaseRefusal
from ledger.funds import Fund
from shebao import bank_papers, hold_notices
from shebao.store import Office
from shebao.verification import verify_paper
from tests.controls.payment_desk import DEAD, NOW, someone
from tests.shebao.small_office import Small

CHAIN = ("zhao", "sun", "wang", "jin")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office with one released roster."""
    made = Small(tmp_path_factory.mktemp("approvals") / "office")
    made.desk.released()
    return made


def signed(office: Office, user: str) -> approvals.Signature:
    with office.unit() as work:
        made = approvals.sign_payment(work, NOW, someone(user), 1)
        work.commit()
    return made


def test_the_form_is_signed_by_four_in_turn(small: Small, tmp_path: Path) -> None:
    """SB2250: 会计, 会计主管, 分管领导, 单位负责人; out of turn nobody; the paper proves itself with every signature."""
    with pytest.raises(NotAllowed):
        signed(small.office, "wang")
    for place, user in enumerate(CHAIN, start=1):
        assert signed(small.office, user).step == place
    with pytest.raises(NotItsTurn):
        signed(small.office, "jin")
    small.of("zhao")
    files, _ = bank_papers.write_payment_form(small.office, 1, tmp_path)
    assert [result.text for result in verify_paper(small.office, files[0]) if not result.ok] == []


def test_a_hand_over_takes_three(small: Small, tmp_path: Path) -> None:
    """SB2260–SB2262: giver, receiver, 监交人; until all signed and the keys are given away, the giver cannot be ended, nor by SQL."""
    made = bank_papers.make_handover(small.of("zhou"), "zhao", "调离")
    assert made.told["tokens"] == [{"name": "网银制单U盾 make_key-zhou", "no": 1}]
    with pytest.raises(NoSuchHandover), small.unit() as work:
        handovers.sign(work, NOW, someone("zhao"), 99, "receiver")
    with pytest.raises(HandoverWrong), small.unit() as work:
        handovers.sign(work, NOW, someone("sun"), 1, "receiver")
    with pytest.raises(HandoverWrong):
        bank_papers.make_handover(small.of("zhou"), "zhou", "给自己")
    with pytest.raises(DatabaseRefusal, match="SB2261"), small.unit() as work:
        work.connection.execute(sa.text("UPDATE shebao_user SET disabled_at = 'x' WHERE user_id = 'zhou'"))
    with pytest.raises(HandoverOpen, match="未签完"), small.unit() as work:
        disable(work, NOW, someone("wu"), "zhou")
    for user, role in (("zhao", "receiver"), ("sun", "supervisor")):
        with small.unit() as work:
            made = handovers.sign(work, NOW, someone(user), 1, role)
            work.commit()
    assert made.whole
    with pytest.raises(HandoverOpen, match="还持有 1 号"), small.unit() as work:
        disable(work, NOW, someone("wu"), "zhou")
    with small.office.reading() as connection:
        assert standing.waiting(connection, "zhou") == [] and standing.holding(connection, "sun") == [2]
    files, _ = bank_papers.write_handover(small.of("zhao"), 1, tmp_path)
    assert [result.text for result in verify_paper(small.office, files[0]) if not result.ok] == []


FORGED = {
    "INSERT INTO shebao_handover_signature SELECT 1, 'receiver', digest, 'zhao', 'x' FROM shebao_handover": "SB2262",
    "INSERT INTO shebao_handover VALUES (9, 'zhao', 'sun', 'x', '{}', 'x', '2026-01-15T09:00:00+08:00')": "SB2263",
    "UPDATE shebao_handover SET reason = 'y'": "SB2263",
    "DELETE FROM shebao_handover_signature": "SB2263",
    "UPDATE shebao_approval SET note = 'y'": "SB2252",
    "INSERT INTO shebao_approval SELECT kind, book_id, number, step, duty, digest, note, signed_by, signed_at FROM shebao_approval": "SB2252",
    "INSERT INTO shebao_approval VALUES ('payment', 1, 2, 2, 'CHECK', 'x', '', 'sun', '2026-01-15T09:00:00+08:00')": "SB2250",
    "INSERT INTO shebao_approval VALUES ('payment', 1, 2, 1, 'BOOKKEEP', 'x', '', 'zhao', '2026-01-15T09:00:00+08:00')": "SB3070",
    "INSERT INTO shebao_approval VALUES ('plan', 1, 2, 3, 'AUTHORISE', 'x', '', 'wang', '2026-01-15T09:00:00+08:00')": "SB2250",
}


@pytest.mark.parametrize("statement", FORGED)
def test_the_database_refuses_by_itself(small: Small, statement: str) -> None:
    """Chains and hand-overs are only added to, in turn, whoever writes."""
    with pytest.raises(DatabaseRefusal, match=FORGED[statement]), small.unit() as work:
        work.connection.execute(sa.text(statement))


def test_the_notice_of_a_held_line_proves_itself(tmp_path: Path) -> None:
    """The notice as PDF is the same to the byte when it is printed again; before the person was told there is none."""
    made = Small(tmp_path / "office")
    made.desk.released(DEAD)
    with pytest.raises(NoSuchRoster, match="还没有通知"):
        hold_notices.write_pdf(made.of("zhang"), 1, 3, tmp_path / "通知书.pdf")
    hold_notices.send(made.of("zhang"), 1, 3, "village", tmp_path / "通知书.txt")
    hold_notices.write_pdf(made.of("zhang"), 1, 3, tmp_path / "通知书.pdf")
    assert [result.text for result in verify_paper(made.office, tmp_path / "通知书.pdf") if not result.ok] == []


def test_the_database_holds_funding_to_the_plan(tmp_path: Path) -> None:
    """SB3295: with the program out of the way, funding beyond the month's approved plan is not reviewed; within it, it is."""
    made = Small(tmp_path / "office")
    with made.unit() as work:
        book, lines = accounts.book_of(work.connection, Fund.R).book_id, frozenset({"2.5001"})
        for kind, more in (("budget", {}), ("plan", {"month": 1, "request": 10_000})):
            one = documents.draft(work, NOW, someone("zhao"), book, kind, 2026, [("2.5001", 20_000)], allowed=lines, **more)  # type: ignore[arg-type]
            documents.review(work, NOW, someone("sun"), book, one.number)
            if kind == "plan":
                approvals.endorse(work, NOW, someone("wang"), book, one.number)
            documents.approve(work, NOW, someone("jin"), book, one.number, "县财社〔2026〕5号")
        work.commit()
    made.posted([made.enter("P1", "2026-01-08", "60.00", "拨款1")])
    with pytest.raises(OverPlan):
        made.enter("P1", "2026-01-09", "40.01", "拨款2")
    with patch("controls.budgets.funding.check"):
        beyond = made.enter("P1", "2026-01-09", "40.01", "拨款2")
        with pytest.raises(DatabaseRefusal, match="SB3295"), made.unit() as work:
            vouchers.review(work, NOW, someone("sun"), beyond.book_id, beyond.voucher_id)
    with made.unit() as work:
        vouchers.reject(work, NOW, someone("sun"), beyond.book_id, beyond.voucher_id, "超计划")
        work.commit()
    made.posted([made.enter("P1", "2026-01-09", "40.00", "拨款3")])
