"""Duties given in four steps by four people, deputies, emergencies and exemptions: what is refused, by the program and by the database (C1, C4, S15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from controls import people, sessions
from controls.duties import Actor, Duty, Pair, Thing, may, require, rules
from controls.errors import IncompatibleGrant, NotAllowed
from controls.errors_duties import (
    ActedBefore,
    DeputyWrong,
    NoSuchRequest,
    NotExemptible,
    SameHand,
    TermRefused,
    WrongStep,
)  # fmt: skip
from controls.errors_payment import NoReason
from controls.grants import conflicts, exceptions, register, requests
from controls.grants.requests import Request, Wanted
from controls.tables import grant
from controls.tokens.law import law as token_law
from ledger.errors import DatabaseRefusal
from ledger.schema import run_guards
from tests.controls.payment_desk import NOW, PASSWORD, Desk, desk, someone
from tests.granting import STEPS, given

GUARDS = Path(requests.__file__).parent.parent / "grant_guards"
LATER = "2026-01-15T15:00:00+08:00"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The payment desk with the guards of grants, and somebody new without a duty."""
    made = desk(store_url, tmp_path / "home")
    with made.unit() as work:
        run_guards(work.connection, GUARDS)
        people.add(work, NOW, someone("wu"), people.NewPerson("he", "何新", (), PASSWORD))
        work.commit()
    return made


def ask(office: Desk, wanted: Wanted, who: str = "zhang") -> Request:
    with office.unit() as work:
        made = requests.ask(work, NOW, someone(who), wanted)
        work.commit()
    return made


def take(office: Desk, number: int, step: str, actor: Actor, note: str = "", now: str = NOW) -> Request:
    with office.unit() as work:
        made = requests.take(work, now, actor, number, step, note)
        work.commit()
    return made


def wanted(duty: Duty = Duty.REVIEW, *, kind: str = "grant", start: str = "2026-01-15", end: str = "2027-01-15", **more: str) -> Wanted:
    return Wanted(kind, more.pop("user", "he"), duty, start, end, more.pop("reason", "接任"), **more)


def duties(office: Desk, user: str, now: str = NOW) -> frozenset[Duty]:
    with office.engine.connect() as connection:
        return people.duties_of(connection, user, now)


def test_a_duty_takes_four_people(office: Desk) -> None:
    """S15: asked, reviewed, approved, granted, each by another person in the duty of that step; nothing holds before the last, and it ends by itself."""
    made = ask(office, wanted())
    tao, jin, zheng = (actor for _, actor in STEPS)
    with pytest.raises(WrongStep):
        take(office, made.request_id, "approve", jin)
    with pytest.raises(NotAllowed):
        take(office, made.request_id, "review", jin)
    take(office, made.request_id, "review", tao)
    with pytest.raises(SameHand):
        take(office, made.request_id, "approve", replace(tao, duties=frozenset({Duty.HEAD})))
    take(office, made.request_id, "approve", jin)
    assert duties(office, "he") == frozenset()
    assert take(office, made.request_id, "grant", zheng).state == "granted"
    assert duties(office, "he") == {Duty.REVIEW} and duties(office, "he", "2027-01-15T00:00:00+08:00") == frozenset()
    with pytest.raises(WrongStep):
        take(office, made.request_id, "refuse", jin, "晚了")
    with pytest.raises(NoSuchRequest):
        take(office, 99, "review", tao)


def test_nobody_takes_a_step_for_themselves(office: Desk) -> None:
    """S15: whoever asks or receives takes no other step."""
    made = ask(office, wanted(user="tao", duty=Duty.ARCHIVE))
    with pytest.raises(SameHand, match="被授权人"):
        take(office, made.request_id, "review", STEPS[0][1])
    other = ask(office, wanted(), who="tao")
    with pytest.raises(SameHand, match="申请人"):
        take(office, other.request_id, "review", STEPS[0][1])


@pytest.mark.parametrize("end", ["", "2026-01-15", "2030-01-15", "soon"])
def test_a_grant_has_an_end(office: Desk, end: str) -> None:
    """S15: no grant is without an end, before its beginning, or longer than the term allows; nor without a reason."""
    with pytest.raises(TermRefused):
        ask(office, wanted(end=end))
    with pytest.raises(NoReason):
        ask(office, wanted(reason=" "))


def test_what_would_conflict_is_refused_at_the_last_step(office: Desk) -> None:
    """C1: a grant that excludes what the person holds is refused, and the request stays where it was; sending back ends it."""
    made = ask(office, wanted(user="zhao", duty=Duty.CASHIER))
    for step, actor in STEPS[:2]:
        take(office, made.request_id, step, actor)
    with pytest.raises(IncompatibleGrant):
        take(office, made.request_id, "grant", STEPS[2][1])
    with pytest.raises(NoReason):
        take(office, made.request_id, "refuse", STEPS[1][1])
    refused = ask(office, wanted())
    assert take(office, refused.request_id, "refuse", STEPS[1][1], "期限过长").state == "refused"
    with office.unit() as work, pytest.raises(TermRefused, match="已有岗位"):
        people.enter_grant(work, NOW, "init", "zhao", Duty.BOOKKEEP, NOW[:10], "")


def test_the_database_takes_a_duty_from_nowhere_else(office: Desk) -> None:
    """C1, S15: with every Python check out of the way, a grant without its steps, or a step out of turn or by the wrong hand, is refused."""
    with office.unit() as work:
        sessions.sign_in(work, NOW, "zhao", PASSWORD)
        work.commit()
    ask(office, wanted())
    row = {"user_id": "he", "duty": "REVIEW", "valid_from": "2026-01-15", "valid_to": "2027-01-15", "granted_by": "zheng", "granted_at": NOW}
    step = "INSERT INTO shebao_duty_step VALUES (1, '{}', '{}', '{}', '', '" + NOW + "')"
    for attempt in (grant.insert().values(**row), grant.insert().values(**{**row, "granted_by": "init", "valid_to": ""})):
        with pytest.raises(DatabaseRefusal, match="SB2119"), office.unit() as work:
            work.connection.execute(attempt)
    for values, code in (
        (("approve", "jin", "HEAD"), "SB2119"), (("review", "zhang", "AUDIT"), "SB3001"), (("review", "jin", "HEAD"), "SB3001"),
        (("grant", "zheng", "SECADMIN"), "SB2119"), (("end", "jin", "HEAD"), "SB2119"),
    ):  # fmt: skip
        with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
            work.connection.exec_driver_sql(step.format(*values))
    take(office, 1, "review", STEPS[0][1])
    for statement in ("DELETE FROM shebao_duty_step", "UPDATE shebao_duty_request SET user_id = 'zhang'"):
        with pytest.raises(DatabaseRefusal, match="SB2166"), office.unit() as work:
            work.connection.exec_driver_sql(statement)


def test_a_deputy_stands_in_for_a_time(office: Desk) -> None:
    """A deputy names whom, begins and ends, and takes the same four steps; the month's papers say so."""
    with pytest.raises(DeputyWrong):
        ask(office, wanted(kind="deputy", end="2026-01-31", for_user="zhao"))
    with pytest.raises(TermRefused):
        ask(office, wanted(kind="deputy", end="2026-12-31", for_user="li"))
    made = ask(office, wanted(kind="deputy", end="2026-01-31", for_user="li"))
    for step, actor in STEPS:
        take(office, made.request_id, step, actor)
    assert duties(office, "he") == {Duty.REVIEW}
    with office.engine.connect() as connection:
        assert exceptions.said(connection, "2026-01") == "代理 1" and exceptions.said(connection, "2026-02") == ""
        assert exceptions.said(connection, "2026") == "代理 1"
        assert [(one.user, one.how) for one in register.posts(connection, LATER) if one.how == "代理"] == [("he", "代理")]


def test_an_emergency_ends_by_the_hour_and_is_reported(office: Desk) -> None:
    """An emergency needs a second person, holds for hours, reports what was done under it, and is reviewed afterwards."""
    made = ask(office, wanted(Duty.CASHIER, kind="emergency", end=LATER, reason="出纳急病"))
    with pytest.raises(TermRefused):
        ask(office, wanted(Duty.CASHIER, kind="emergency", end="2026-02-15T15:00:00+08:00"))
    with pytest.raises(WrongStep):
        take(office, made.request_id, "review", STEPS[0][1])
    assert take(office, made.request_id, "approve", someone("wang")).state == "unreviewed"
    assert duties(office, "he") == {Duty.CASHIER} and duties(office, "he", LATER) == frozenset()
    with office.unit() as work:
        from controls import trail

        trail.record(work, NOW, Actor("he", "何新", frozenset({Duty.CASHIER})), Duty.CASHIER, "bankfile.make", "roster:1")
        work.commit()
    with office.engine.connect() as connection:
        assert [record.act for record in exceptions.acts(connection, requests.get(connection, made.request_id))] == ["bankfile.make"]
    assert take(office, made.request_id, "review", STEPS[0][1]).state == "in_force"


def test_an_exemption_lifts_holding_and_nothing_else(office: Desk) -> None:
    """C4: only pairs that no statute keeps apart, with an owner, a compensating control and an end; on one thing two people stay two."""
    with pytest.raises(NotExemptible, match="会计法"):
        ask(office, wanted(Duty.BOOKKEEP, kind="exemption", for_user="tao", other="CASHIER", control="逐笔复查"))
    with pytest.raises(SameHand):
        ask(office, wanted(Duty.HANDLE_REGISTER, kind="exemption", for_user="he", other="HANDLE_ASSESS", control="逐笔复查"))
    made = ask(office, wanted(Duty.HANDLE_REGISTER, kind="exemption", end="2026-07-15", for_user="tao", other="HANDLE_ASSESS", control="每月逐笔复查"))
    with office.unit() as work:
        given(work, NOW, "he", Duty.HANDLE_REGISTER, date(2026, 1, 15), date(2026, 7, 1))
        with pytest.raises(IncompatibleGrant):
            given(work, NOW, "he", Duty.HANDLE_ASSESS, date(2026, 1, 15), date(2026, 7, 1))
    take(office, made.request_id, "approve", STEPS[1][1])
    with office.unit() as work:
        given(work, NOW, "he", Duty.HANDLE_REGISTER, date(2026, 1, 15), date(2026, 7, 1))
        given(work, NOW, "he", Duty.HANDLE_ASSESS, date(2026, 1, 15), date(2026, 7, 1))
        work.commit()
    with office.engine.connect() as connection:
        actor = Actor("he", "何新", people.duties_of(connection, "he", NOW), requests.exempt(connection, "he", NOW))
        assert conflicts.conflicts(connection, NOW) == []
        assert [one.name for one in conflicts.conflicts(connection, "2026-07-16T09:00:00+08:00")] == []
    assert may(actor, Duty.HANDLE_ASSESS).yes
    assert not may(actor, Duty.HANDLE_ASSESS, Thing("benefit", "1", ((Duty.HANDLE_REGISTER, "he"),))).yes
    take(office, made.request_id, "end", STEPS[1][1], "已配备人员")
    with office.engine.connect() as connection:
        assert [one.user for one in conflicts.conflicts(connection, NOW)] == ["he"]


def test_a_new_pair_is_tested_against_everybody(office: Desk) -> None:
    """A pair that is new in duties.yaml names each person it catches and what to do, is guarded after the upgrade, and bars them from acting at once."""
    with office.unit() as work:
        given(work, NOW, "li", Duty.HEAD, date(2026, 1, 15), date(2026, 7, 1))
        work.commit()
    law = rules()
    more = replace(law, pairs=(*law.pairs, Pair(Duty.REVIEW, Duty.HEAD, "role", "T1", "试", "试")))
    with patch("controls.duties.rules", return_value=more), patch("controls.grants.conflicts.rules", return_value=more):
        with office.unit() as work:
            assert conflicts.unguarded(work.connection) == 1
            assert conflicts.lay_new_pairs(work, NOW) == 1
            (found,) = conflicts.conflicts(work.connection, NOW)
            actor = Actor("li", "李股长", people.duties_of(work.connection, "li", NOW))
        assert found.name == "李股长" and "shebao duty revoke li" in found.remedy_zh
        assert not may(actor, Duty.REVIEW).yes


def test_who_paid_does_not_check_its_lead() -> None:
    """S16: whoever handled, reviewed, authorised or paid before is kept from auditing what followed; somebody else is not."""
    auditor = Actor("zhang", "张经办", frozenset({Duty.AUDIT}))
    lead = Thing("case", "1", history=((Duty.HANDLE_ROSTER, "zhang"),))
    with pytest.raises(ActedBefore):
        require(auditor, Duty.AUDIT, lead)
    assert may(STEPS[0][1], Duty.AUDIT, lead).yes


def test_every_rule_of_the_domain_stands_as_data() -> None:
    """DOMAIN §3.2: S1 to S20 each have at least one rule with its reference; the pairs of seals and keys agree with tokens.yaml."""
    law = rules()
    listed = [*law.pairs, *law.tokens, *(row for row, _ in law.relations), *law.kin_posts, *law.steps.values(), *law.joint.values()]
    found = {one.id.rstrip("abcdefghijklmnopqrstuvwxyz") for one in listed}
    assert {f"S{number}" for number in range(1, 21)} <= found
    assert all(one.reference for one in listed)
    assert {frozenset((pair.a, pair.b)) for pair in token_law().pairs} == {frozenset((pair.a, pair.b)) for pair in law.tokens}
    assert law.token_conflict(frozenset({"finance_seal", "legal_seal"})) is not None
    assert law.token_conflict(frozenset({"finance_seal"})) is None


def test_requests_stay_on_record(office: Desk) -> None:
    """Nobody asks in the name of an unknown person, with the database alone either."""
    row = "INSERT INTO shebao_duty_request VALUES (1, 'grant', 'he', 'REVIEW', '', '', '', '2026-01-15', '2027-01-15', 'x', 'nobody', '" + NOW + "')"
    with pytest.raises((DatabaseRefusal, sa.exc.IntegrityError)), office.unit() as work:
        work.connection.exec_driver_sql(row)
