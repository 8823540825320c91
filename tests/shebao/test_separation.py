"""S1–S20 by name: each rule of the separation of duties is refused by the program and, where a table of it is in the store, by the database alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.duties import Actor, Duty, Pair, Thing, may, role_conflict, rules
from controls.errors_duties import JointWrong, KinInPost, SameHand
from controls.grants import requests
from controls.grants.requests import Wanted
from controls.joint import together
from controls.relatives import declared
from controls.tables import grant, user
from controls.tokens import store as tokens
from controls.tokens.errors import HolderConflict
from ledger.errors import DatabaseRefusal
from tests.controls.payment_desk import NOW, someone
from tests.granting import given
from tests.shebao.small_office import FOUNDED, Small

BY_ROLE = (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 19)
"""Rules with pairs of duties that one person never holds together."""
NOT_IN_THE_DATABASE = {16: "疑点核查的案件尚无表", 18: "亲属任职在授予时由程序核对", 20: "销毁档案尚无表"}
MOTHER = "11010519491231002X"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office with a roster that its handler signed, one voucher made, and the keys of online banking given out."""
    made = Small(tmp_path_factory.mktemp("separation") / "office")
    roster_id = made.desk.build()
    made.desk.check(roster_id)
    made.desk.sign(roster_id, "submit", "zhang")
    made.enter("P1", "2026-01-08", "10.00", "财社拨1")
    return made


@pytest.fixture
def raw(office: Small) -> Iterator[sa.Connection]:
    """The store without the program; nothing of it stays."""
    with office.office.engine.connect() as connection:
        yield connection
        connection.rollback()


def pairs(number: int, scope: str = "role") -> list[Pair]:
    """The pairs of one rule."""
    return [pair for pair in rules().pairs if re.fullmatch(rf"S{number}[a-z]?", pair.id) and pair.scope == scope]


def entered(connection: sa.Connection, who: str, *duties: Duty) -> None:
    """Somebody with these duties, entered as the founding enters people."""
    account = {"password_hash": "x", "created_at": FOUNDED, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
    if connection.execute(sa.select(user.c.user_id).where(user.c.user_id == who)).first() is None:
        connection.execute(user.insert().values(user_id=who, name=who, **account))
    for duty in duties:
        connection.execute(grant.insert().values(user_id=who, duty=duty.value, valid_from="2025-12-01", valid_to="", granted_by="init", granted_at=FOUNDED))


@pytest.mark.parametrize("number", BY_ROLE)
def test_duties_never_held_together(raw: sa.Connection, number: int) -> None:
    """S1–S8, S10–S14, S19: nobody holds both, nobody acts in both on one thing, and the database takes no second grant (SB3003)."""
    found = pairs(number)
    assert found
    for place, pair in enumerate(found):
        assert role_conflict(pair.both) is not None, pair.id
        acted = Thing("roster", "1", ((pair.b, "both"),))
        assert not may(Actor("both", "兼办", frozenset({pair.a})), pair.a, acted).yes, pair.id
        point = raw.begin_nested()
        with pytest.raises(sa.exc.DBAPIError, match="SB3003"):
            entered(raw, f"probe{place}", pair.a, pair.b)
        point.rollback()


def test_s1_handling_and_reviewing_one_roster(raw: sa.Connection) -> None:
    """S1a: who handled a roster does not review it, though REVIEW came to them later; nor by a row written past the program (SB3002)."""
    (pair,) = [pair for pair in pairs(1, "thing") if pair.a is Duty.HANDLE_ROSTER]
    assert not may(Actor("zhang", "张经办", pair.both), Duty.REVIEW, Thing("roster", "1", ((Duty.HANDLE_ROSTER, "zhang"),))).yes
    entered(raw, "zhang", Duty.REVIEW)
    with pytest.raises(sa.exc.DBAPIError, match="SB3002"):
        raw.exec_driver_sql(f"INSERT INTO shebao_signature SELECT book_id, roster_id, round, 'REVIEW', 'zhang', digest, '{NOW}' FROM shebao_signature")


def test_s9_making_and_reviewing_one_voucher(raw: sa.Connection) -> None:
    """S9: 制单 ≠ 审核, in the program and by the database (SB3002); nor does somebody without the duty review it (SB3001)."""
    acted = Thing("voucher", "1-1", ((Duty.BOOKKEEP, "zhao"),))
    assert not may(Actor("zhao", "赵会计", frozenset({Duty.BOOKKEEP, Duty.CHECK})), Duty.CHECK, acted).yes
    change = f"UPDATE shebao_voucher SET state = 'reviewed', reviewer = '{{}}', reviewed_at = '{NOW}', reviewed_digest = digest"
    for who, code in (("zhao", "SB3002"), ("li", "SB3001")):
        point = raw.begin_nested()
        with pytest.raises(sa.exc.DBAPIError, match=code):
            raw.exec_driver_sql(change.format(who))
        point.rollback()


def test_s9_a_grant_that_ended_signs_no_voucher(raw: sa.Connection) -> None:
    """C1: a voucher reviewed on a day after the reviewer's grant ended is refused by the database alone."""
    names = [row[0] for row in raw.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'shebao_grant'")]
    for name in names:
        raw.exec_driver_sql(f"DROP TRIGGER {name}")
    raw.exec_driver_sql("UPDATE shebao_grant SET valid_to = '2026-01-10' WHERE user_id = 'sun' AND duty = 'CHECK'")
    with pytest.raises(sa.exc.DBAPIError, match="SB3001"):
        raw.exec_driver_sql(f"UPDATE shebao_voucher SET state = 'reviewed', reviewer = 'sun', reviewed_at = '{NOW}', reviewed_digest = digest")


def test_s11_seals_and_keys(office: Small, raw: sa.Connection) -> None:
    """S11: making and authorising key, 财务专用章 and 法人名章 never lie in one hand (SB2233)."""
    with pytest.raises(HolderConflict), office.unit() as work:
        tokens.add(work, NOW, someone("wang"), "authorise_key", "Z", "zhou")
    with pytest.raises(sa.exc.DBAPIError, match="SB2233"):
        raw.exec_driver_sql(f"INSERT INTO shebao_token VALUES (3, 'authorise_key', 'Z', '', 'wang', '{NOW}')")
        raw.exec_driver_sql(f"INSERT INTO shebao_token_act VALUES (3, 1, 'issue', '', 'zhou', '', 'wang', '{NOW}')")
        raw.exec_driver_sql(f"INSERT INTO shebao_token_signature VALUES (3, 1, 'zhou', '{NOW}')")


def test_s15_a_grant_takes_four(office: Small) -> None:
    """S15: 申请, 内控审核, 负责人批准, 授予 by four people, refused by program and database (SB2120); no grant past the steps once people sign in."""
    wanted = Wanted("grant", "qian", Duty.ARCHIVE, "2026-02-01", "2027-02-01", "轮岗")
    for act in ("program", "database"):
        with pytest.raises((SameHand, DatabaseRefusal), match=r"SB2120|申请人"), office.unit() as work:
            made = requests.ask(work, NOW, someone("tao"), wanted)
            if act == "program":
                requests.take(work, NOW, someone("tao"), made.request_id, "review")
            work.connection.exec_driver_sql(f"INSERT INTO shebao_duty_step VALUES ({made.request_id}, 'review', 'tao', 'AUDIT', '', '{NOW}')")


def test_s16_who_paid_does_not_check_the_lead() -> None:
    """S16: whoever handled, reviewed, authorised or paid what a lead is about does not check it."""
    for pair in pairs(16, "history"):
        actor = Actor("x", "某", frozenset({Duty.AUDIT}))
        earlier = pair.a if pair.b is Duty.AUDIT else pair.b
        assert not may(actor, Duty.AUDIT, Thing("case", "1", history=((earlier, "x"),))).yes, pair


def test_s17_own_and_relatives_claims(office: Small) -> None:
    """S17: nobody acts on their own claim or a relative's; the database refuses the award of a declared relative (SB2116)."""
    for relation in ("self", "spouse", "lineal", "collateral", "inlaw", "interest"):
        assert not may(someone("li"), Duty.REVIEW, Thing("roster", "1", related=(("li", relation, "款项"),))).yes
    award = "(book_id, award_no, number, scheme, law, from_month, given, fen, items, digest, content, state, assessed_by, assessed_at, "
    award += "reviewed_by, reviewed_at, note)"
    values = f"(1, 1, '{MOTHER}', 's', '2026-01-01', 202601, '[]', 1, 1, 'd', 'c', 'assessed', 'hua', '{NOW}', '', '', '')"
    with pytest.raises(DatabaseRefusal, match="SB2116"), office.unit() as work:
        entered(work.connection, "hua", Duty.HANDLE_ASSESS)
        declared.declare(work, NOW, Actor("hua", "华核定", frozenset({Duty.HANDLE_ASSESS})), "lineal", MOTHER, "甲二")
        work.connection.exec_driver_sql(f"INSERT INTO shebao_award {award} VALUES {values}")


def test_s18_relatives_in_posts(office: Small) -> None:
    """S18: the accounting head's registered relative does not become cashier."""
    with pytest.raises(KinInPost), office.unit() as work:
        declared.declare(work, NOW, someone("sun"), "self", MOTHER, "孙主管")
        declared.declare(work, NOW, someone("qian"), "spouse", MOTHER, "孙主管")
        given(work, NOW, "qian", Duty.CASHIER, date(2026, 2, 1), date(2026, 7, 1))


def test_s20_destroying_archives_together() -> None:
    """S20: 档案 and 会计 together, of electronic ones 系统管理员 too, all different people."""
    wanted = [(Duty.ARCHIVE, "a"), (Duty.BOOKKEEP, "b"), (Duty.SYSADMIN, "c")]
    together("archive.destroy", wanted, electronic=True)
    for signed in (wanted[:2], [wanted[0], (Duty.BOOKKEEP, "a"), wanted[2]], wanted[1:]):
        with pytest.raises(JointWrong):
            together("archive.destroy", signed, electronic=True)


def test_every_rule_has_its_line_and_its_test() -> None:
    """docs/duties.md lists S1–S20 in order with what refuses; what the database cannot refuse is said there, and nothing else is left to the program."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "duties.md").read_text(encoding="utf-8")
    lines = {int(number): line for line in text.splitlines() for number in re.findall(r"^\| S(\d+) \|", line)}
    assert sorted(lines) == list(range(1, 21)) and all(b - a == 1 for a, b in pairwise(lines))
    assert {number for number, line in lines.items() if line.rstrip(" |").endswith("program alone")} == set(NOT_IN_THE_DATABASE)
    assert {*BY_ROLE, 9, 15, 16, 17, 18, 20} == set(range(1, 21))
