"""Two-person changes of the register: who may ask and review, what a review binds to, and that there is no third door."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from controls import personchanges, persons, trail
from controls.changecontent import Wanted
from controls.errors import NotAllowed, SamePerson
from controls.errors_payment import NoReason
from controls.errors_persons import (
    BadBankAccount,
    ChangeDecided,
    ChangeStale,
    MonthPaid,
    NoEvidence,
    NoSuchChange,
    NothingChanges,
    NotPeopleFile,
    RevealNeedsReason,
)
from controls.person_tables import PERSON_CHANGE_TABLES
from ledger import persons as register
from ledger.db import reading
from ledger.errors import DatabaseRefusal
from ledger.errors_persons import NoSuchPerson, SpanReversed
from ledger.months import Month
from tests.controls.payment_desk import NOW, ROSTER, five_people, line
from tests.controls.person_desk import Register, account, register_desk, roster_account, roster_number, status, who
from tests.ledger.person_store import number, row

FEBRUARY = Month(2026, 2)
LATER = "2026-01-16T09:00:00+08:00"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Register:
    """An office whose register knows the five people of the roster."""
    made = register_desk(store_url, tmp_path / "home")
    made.load()
    return made


def acts(office: Register, act: str) -> list[trail.Record]:
    with reading(office.desk.engine) as connection:
        return [record for record in trail.records(connection) if record.act == act]


def held(office: Register, person_id: int, day: str = "2026-02-01") -> str:
    with reading(office.desk.engine) as connection:
        span = register.account_on(connection, person_id, "R", on_day=date.fromisoformat(day))
    return span.bank_account if span else ""


def test_loading_is_the_registrars_and_leaves_its_record(office: Register) -> None:
    """Only 登记经办 loads, only a people file, and the trail has the file, its digest and what was learned; a repeat leaves none."""
    with pytest.raises(NotAllowed):
        office.load(row(9), name="b.csv", user="zhang")
    roster = office.desk.take(pa.Table.from_pylist(five_people(), schema=ROSTER), "roster", "花名册.csv", "zhang")
    with office.desk.unit() as work, pytest.raises(NotPeopleFile, match="roster"):
        persons.load(work, office.desk.home, who("chen"), NOW, roster.file_id)
    with office.desk.unit() as work:
        assert persons.load(work, office.desk.home, who("chen"), NOW, 1).already
        work.commit()
    (record,) = acts(office, "person.load")
    told = json.loads(record.facts)
    assert (record.thing, record.actor, told["persons"], told["knowledge_no"]) == ("persons:1", "chen", 5, 1)


def test_a_change_holds_only_after_another_reviewed_it(office: Register) -> None:
    """An account asked for holds nowhere; reviewed by another it holds from its month, with both names, and the trail never shows it in full."""
    asked = office.ask(account(1, month=FEBRUARY))
    assert (held(office, 1), asked.decision, asked.old_value) == ("", "", "")
    done = office.decide(asked.change_id)
    assert (held(office, 1), held(office, 1, "2026-01-31"), done.decision, done.decided_by) == ("6228480000000099999", "", "accepted", "li")
    with reading(office.desk.engine) as connection:
        assert register.history(connection, 1).bank_accounts[0].signed_by == ("chen", "li")
    requested, reviewed = acts(office, "person.request")[0], acts(office, "person.review")[0]
    assert requested.digest == reviewed.digest == done.digest == personchanges.expected_digest(done)
    assert json.loads(requested.facts)["new"] == "***************9999"
    assert "6228480000000099999" not in requested.facts + reviewed.facts


def test_nobody_reviews_their_own_request(office: Register) -> None:
    """Who lacks the duty may neither ask nor review, and who asked does not review, in Python and in the database."""
    for user in ("zhang", "li", "wang", "qian"):
        with pytest.raises(NotAllowed):
            office.ask(account(1), user)
    asked = office.ask(account(1))
    for user in ("chen", "zhang", "wang", "zhao"):
        with pytest.raises(NotAllowed):
            office.decide(asked.change_id, user)
    both = replace(who("chen"), duties=who("li").duties)
    with office.desk.unit() as work, pytest.raises(SamePerson, match="陈登记"):
        personchanges.review(work, office.desk.home, both, NOW, asked.change_id, accept=True)


def test_who_handled_the_months_roster_does_not_review_its_accounts(office: Register) -> None:
    """The 经办 of the roster of a month, turned reviewer, decides no account that takes effect in it, but may for the next month."""
    office.desk.build()
    asked, next_month = office.ask(account(1)), office.ask(account(1, month=FEBRUARY))
    turned = replace(who("zhang"), duties=who("li").duties)
    with office.desk.unit() as work, pytest.raises(SamePerson, match="待遇发放经办"):
        personchanges.review(work, office.desk.home, turned, NOW, asked.change_id, accept=True)
    _grant(office, "zhang", "REVIEW")
    with pytest.raises(DatabaseRefusal, match="SB3002"):
        _decide_raw(office, asked.change_id, "zhang")
    with office.desk.unit() as work:
        assert personchanges.review(work, office.desk.home, turned, NOW, next_month.change_id, accept=True).decision == "accepted"


def test_who_acted_on_an_account_does_not_act_on_its_roster(office: Register) -> None:
    """Who asked for an account of the month does not review its roster, and who reviewed it does not handle it, in Python and in the database."""
    office.changed(account(1, roster_account(1)))
    roster_id = office.desk.build()
    office.desk.check(roster_id)
    turned = replace(who("feng"), duties=who("zhang").duties)
    from controls import signoff

    with office.desk.unit() as work, pytest.raises(SamePerson):
        signoff.submit(work, turned, NOW, roster_id)
    _grant(office, "feng", "HANDLE_ROSTER")
    with pytest.raises(DatabaseRefusal, match="SB3002"), office.desk.unit() as work:
        work.connection.exec_driver_sql(f"INSERT INTO shebao_signature VALUES (1, {roster_id}, 1, 'HANDLE_ROSTER', 'feng', 'd', '{NOW}')")
    office.desk.sign(roster_id, "submit", "zhang")
    both = replace(who("chen"), duties=who("li").duties)
    with office.desk.unit() as work, pytest.raises(SamePerson, match="参保登记经办"):
        signoff.review(work, both, NOW, roster_id)


def test_a_refused_request_stays_visible(office: Register) -> None:
    """A refusal needs its reason, enters nothing, and stands in the list; a decided change is not decided again."""
    asked = office.ask(account(1))
    with pytest.raises(NoReason):
        office.decide(asked.change_id, accept=False, reason=" …")
    office.decide(asked.change_id, accept=False, reason="存折户名不符")
    assert held(office, 1) == ""
    with reading(office.desk.engine) as connection:
        (listed,) = personchanges.listed(connection, person_id=1)
        assert (listed.decision, listed.decided_reason, personchanges.listed(connection, waiting=True)) == ("refused", "存折户名不符", [])
    with pytest.raises(ChangeDecided, match="退回"):
        office.decide(asked.change_id)
    with pytest.raises(NoSuchChange):
        office.decide(99)


def test_a_change_needs_reason_evidence_and_sense(office: Register) -> None:
    """Reason and evidence say something; the account has a form, its holder is the person or a named relation; months begin on their first day."""
    for reason, evidence in (("", "表"), ("遗失", " ")):
        with pytest.raises(NoEvidence):
            office.ask(account(1), reason=reason, evidence=evidence)
    wrong = (
        account(1, "62"), account(1, "6228-4800"), account(1, holder="乙"), account(1, relation="guardian"), replace(account(1), holder=" "),
        replace(account(1), from_on=date(2026, 2, 2)),
    )  # fmt: skip
    for wanted in wrong:
        with pytest.raises(BadBankAccount):
            office.ask(wanted)
    with pytest.raises(SpanReversed):
        office.ask(replace(account(1), to_on=date(2026, 1, 1)))
    with pytest.raises(NoSuchPerson):
        office.ask(account(77))
    assert office.changed(account(1, holder="乙", relation="guardian")).decision == "accepted"


def test_a_change_to_what_holds_is_none(office: Register) -> None:
    """What holds already, or waits for review, is not asked for again; ending an account that is there is a change."""
    office.ask(account(1))
    with pytest.raises(NothingChanges, match="等待审核"):
        office.ask(account(1))
    office.decide(1)
    with pytest.raises(NothingChanges, match="9999"):
        office.ask(account(1))
    with pytest.raises(NothingChanges):
        office.ask(Wanted("bank_account", 2, fund="R", relation="self", from_on=FEBRUARY.first_day))
    office.changed(Wanted("bank_account", 1, fund="R", relation="self", from_on=FEBRUARY.first_day))
    assert (held(office, 1, "2026-01-31")[-4:], held(office, 1)) == ("9999", "")


def test_a_review_binds_to_what_was_asked(office: Register) -> None:
    """A request is void when the register moved on meanwhile, and when its stored content is not what was asked for."""
    first, second = office.ask(account(1)), office.ask(account(1, "6228480000000088888"))
    office.decide(first.change_id)
    with pytest.raises(ChangeStale, match="现登记已变"):
        office.decide(second.change_id)
    office.decide(second.change_id, accept=False, reason="已由前一申请变更")
    third = office.ask(account(2))
    _unguarded(office, "shebao_person_change", f"UPDATE shebao_person_change SET value = '6228480000000077777' WHERE change_id = {third.change_id}")
    with pytest.raises(ChangeStale, match="被改动"):
        office.decide(third.change_id)


def test_a_released_month_keeps_its_accounts(office: Register) -> None:
    """An account does not change from a month whose roster is released; from the next one it does."""
    office.desk.released()
    with pytest.raises(MonthPaid, match="2026-01"):
        office.ask(account(1))
    assert office.changed(account(1, month=FEBRUARY)).decision == "accepted"


def test_status_number_name_link_and_doubt_go_the_same_way(office: Register) -> None:
    """Each kind of change is asked for by its duty, reviewed by another, and then answers; a link is undone by a later change."""
    with pytest.raises(NotAllowed):
        office.ask(status(1, "suspended", "2026-02-01"), "zhang")
    office.changed(status(1, "suspended", "2026-02-01"), user="qian")
    with pytest.raises(NothingChanges):
        office.ask(status(1, "suspended", "2026-02-01"), "qian")
    with pytest.raises(NotAllowed, match="资格认证经办"):
        office.ask(status(1, "drawing", "2026-03-01"), "chen")
    with pytest.raises(NotAllowed, match="待遇核定经办"):
        office.ask(status(2, "drawing", "2026-03-01"), "qian")
    office.changed(Wanted("number", 2, value=number(22), id_type="居民身份证"))
    office.changed(Wanted("name", 2, value="甲贰", from_on=date(2026, 1, 1)))
    for kind, value in (("number", number(22)), ("name", "甲贰")):
        with pytest.raises(NothingChanges):
            office.ask(Wanted(kind, 2, value=value, from_on=date(2026, 1, 2)))
    office.changed(Wanted("link", 4, other_person=3))
    with reading(office.desk.engine) as connection:
        found = register.status(connection, 1, "R", on_day=date(2026, 2, 1))["620821"]
        assert (found.status, found.signed_by) == ("suspended", ("qian", "feng"))
        assert register.find(connection, number(22)) == [2]
        assert register.find(connection, roster_number(4)) == [3]
    office.changed(Wanted("part", 4, other_person=3))
    office.load(*(row(n, "同名", number=number(n)) for n in (31, 32)), name="b.csv", now=LATER)
    with reading(office.desk.engine) as connection:
        doubt = next(one for one in register.doubts(connection) if one.code == "TWO-NUMBERS")
    assert office.changed(Wanted("doubt", 0, value=doubt.key), now=LATER).decision == "accepted"
    with reading(office.desk.engine) as connection:
        assert register.find(connection, roster_number(4)) == [4]


def test_first_accounts_come_from_a_roster_file(office: Register) -> None:
    """A whole file teaches first accounts of registered people in their own name, by two signatures; the rest is counted and left."""
    office.changed(account(1))
    rows = [*five_people(), line(11, 6, "基础养老金", 100), line(12, 5, "补贴", 100, account="6228480000000000000"), line(13, 4, "补贴", 1, holder="乙")]
    file = office.desk.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", "花名册.csv", "zhang")
    done = office.changed(Wanted("bank_accounts", 0, fund="R", file_id=file.file_id, relation="self", from_on=FEBRUARY.first_day))
    told = json.loads(acts(office, "person.review")[-1].facts)
    assert {key: told[key] for key in ("accounts", "known", "unknown", "others", "several")} == {
        "accounts": 3,
        "known": 1,
        "unknown": 1,
        "others": 1,
        "several": 1,
    }
    assert (held(office, 2), held(office, 1)[-4:], held(office, 5), done.wanted.file_id) == (roster_account(2), "9999", "", file.file_id)
    with pytest.raises(NothingChanges):
        office.ask(Wanted("bank_accounts", 0, fund="R", file_id=file.file_id, relation="self", from_on=Month(2026, 3).first_day))
    with pytest.raises(NotPeopleFile, match="people"):
        office.ask(Wanted("bank_accounts", 0, fund="R", file_id=1, relation="self", from_on=FEBRUARY.first_day))


OPEN = "INSERT INTO shebao_person_knowledge VALUES (2, '2026-01-15', 'now', 'change', 1, {source}, '', '{asked}', '{reviewed}', 'open', '')"
SPAN = "INSERT INTO shebao_person_bank_account VALUES ('R', {person}, 2, '{account}', '甲1', 'self', '农商行', '2026-01-01', '9999-12-31', 1)"


def test_there_is_no_third_door(office: Register) -> None:
    """With Python out of the way, no account enters without an accepted request of its very content, and nobody signs without the duty."""
    asked = office.ask(account(1))
    decided = _decision(asked.change_id, "li", asked.digest)
    begun = OPEN.format(source=1, asked="chen", reviewed="li")
    raw = [
        ("SB1404", (OPEN.format(source=asked.change_id, asked="chen", reviewed="li"),)),
        ("SB3113", ("INSERT INTO shebao_person_knowledge VALUES (2, '2026-01-15', 'now', 'load', 0, 99, '', 'chen', '', 'open', '')",)),
        ("SB3113", ("UPDATE shebao_person_change SET value = '1'",)),
        ("SB3113", ("DELETE FROM shebao_person_change",)),
        ("SB3001", (_decision(asked.change_id, "wang", asked.digest),)),
        ("SB3106", (_decision(asked.change_id, "li", "x"),)),
        ("SB3113", (decided, begun, SPAN.format(person=1, account="1" * 19))),
        ("SB3113", (decided, begun, SPAN.format(person=2, account="6228480000000099999"))),
        ("SB1404", (decided, OPEN.format(source=1, asked="chen", reviewed="feng"))),
        ("SB3105", (decided, _decision(asked.change_id, "feng", asked.digest))),
        ("SB3001", (_request("zhang", "HANDLE_REGISTER"),)),
        ("SB3001", (_request("qian", "HANDLE_CERTIFY"),)),
    ]  # fmt: skip
    for code, statements in raw:
        with pytest.raises(DatabaseRefusal, match=code), office.desk.unit() as work:
            for statement in statements:
                work.connection.exec_driver_sql(statement)
    _grant(office, "chen", "REVIEW", force=True)
    with pytest.raises(DatabaseRefusal, match="SB3002"):
        _decide_raw(office, asked.change_id, "chen")


def test_replace_opens_no_back_door(tmp_path: Path) -> None:
    """SQLite's INSERT OR REPLACE overwrites no request, no decision and no listed change, with the same content or another."""
    office = register_desk(f"sqlite:///{(tmp_path / 'store.db').as_posix()}", tmp_path / "home")
    office.load()
    office.changed(account(1, roster_account(1)))
    office.desk.check(office.desk.build())
    for name, column in (("person_change", "reason"), ("person_decision", "reason"), ("roster_person_change", "")):
        columns = [one.name for one in PERSON_CHANGE_TABLES[("person_change", "person_decision", "roster_person_change").index(name)].c]
        for other in ("", "x"):
            cells = ", ".join(f"{one} || '{other}'" if one == column else one for one in columns)
            with pytest.raises(DatabaseRefusal, match=r"SB3113|SB3105|SB3033"), office.desk.unit() as work:
                work.connection.exec_driver_sql(f"INSERT OR REPLACE INTO shebao_{name} SELECT {cells} FROM shebao_{name}")


def test_python_alone_keeps_the_two_people(office: Register) -> None:
    """With the database's guards gone, own requests, decided changes and paid months are refused all the same."""
    for table in (*PERSON_CHANGE_TABLES, sa.table("shebao_person_knowledge"), sa.table("shebao_person_bank_account")):
        _unguarded(office, table.name)
    office.desk.build()
    asked = office.ask(account(1))
    both = replace(who("chen"), duties=who("li").duties)
    turned = replace(who("zhang"), duties=who("li").duties)
    for actor in (both, turned):
        with office.desk.unit() as work, pytest.raises(SamePerson):
            personchanges.review(work, office.desk.home, actor, NOW, asked.change_id, accept=True)
    office.decide(asked.change_id)
    with pytest.raises(ChangeDecided):
        office.decide(asked.change_id, "feng")


def test_full_numbers_are_recorded_before_they_are_shown(office: Register) -> None:
    """A look in full needs a duty and a reason, and is in the trail before it is given; a refused look is there too."""

    def look(user: str, reason: str) -> persons.Masks:
        with office.desk.unit() as work:
            return persons.reveal(work, NOW, who(user), "person:1", "登记", 1, reason)

    assert look("jiang", "稽核核对").number("123456") == "123456"
    with pytest.raises(RevealNeedsReason):
        look("chen", " ")
    with pytest.raises(NotAllowed):
        look("zhou", "好奇")
    with pytest.raises(NotAllowed):
        persons.may_look(who("zhou"))
    persons.may_look(who("jiang"))
    assert [(record.actor, json.loads(record.facts)["reason"]) for record in acts(office, "read.reveal")] == [("jiang", "稽核核对")]
    assert [(record.actor, json.loads(record.facts)["why"]) for record in acts(office, "read.refused")] == [
        ("chen", "没有写明事由"), ("zhou", "没有需要查看完整信息的岗位"),
    ]  # fmt: skip


def _decision(change_id: int, user: str, digest: str) -> str:
    return f"INSERT INTO shebao_person_decision VALUES ({change_id}, 'accepted', '{user}', '{NOW}', '', '{digest}')"


def _request(user: str, duty: str) -> str:
    return (
        "INSERT INTO shebao_person_change VALUES (7, 'bank_account', 1, 0, 0, 'R', '', '6228480000000099999', '甲1', 'self', '', '', '', "
        f"'2026-02-01', '9999-12-31', '因', '据', '', '{user}', '{duty}', '{NOW}', 'd')"
    )


def _decide_raw(office: Register, change_id: int, user: str) -> None:
    with reading(office.desk.engine) as connection:
        digest = personchanges.get(connection, change_id).digest
    with office.desk.unit() as work:
        work.connection.exec_driver_sql(_decision(change_id, user, digest))


def _grant(office: Register, user: str, duty: str, *, force: bool = False) -> None:
    """A duty given by hand, as if it had changed hands; the earlier one ends the day before."""
    if force:
        _unguarded(office, "shebao_grant")
    else:
        _unguarded(office, "shebao_grant", f"UPDATE shebao_grant SET valid_from = '2025-12-01', valid_to = '2025-12-31' WHERE user_id = '{user}'")
    with office.desk.unit() as work:
        work.connection.exec_driver_sql(f"INSERT INTO shebao_grant VALUES ('{user}', '{duty}', '2026-01-02', '', 'zheng', '{NOW}')")
        work.commit()


def _unguarded(office: Register, table: str, *statements: str) -> None:
    """Takes a table's triggers away, then runs statements."""
    with office.desk.unit() as work:
        if not work.is_sqlite:
            work.connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for name in work.connection.exec_driver_sql(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'").scalars().all():
                work.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            work.connection.exec_driver_sql(statement)
        work.commit()
