"""The payment chain from the roster file to the release: state by state, and each refusal on the way."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from controls import answers, holds, release, roster, rosterbuild, signoff, trail
from controls.errors import NotAllowed, SamePerson
from controls.errors_payment import (
    BadRosterLine,
    BlockingFinding,
    NoReason,
    NothingToPay,
    OpenFindings,
    RosterChanged,
    RosterExists,
    StaleCheck,
    TwinRoster,
    WrongState,
)  # fmt: skip
from ledger.errors import DatabaseRefusal
from ledger.funds import Fund
from tests.controls.payment_desk import BAD_NUMBER, DEAD, JANUARY, NOW, ROSTER, SHARED, Desk, desk, five_people, lead, line, someone


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def test_a_roster_goes_from_file_to_release(office: Desk) -> None:
    """Built, checked, answered, signed three times over one digest and released: the authority covers all but the held lines."""
    roster_id = office.build()
    outcome = office.check(roster_id, DEAD, SHARED, BAD_NUMBER)
    assert (outcome.blocking, outcome.warnings, outcome.newly_held) == (1, 2, 2)
    assert office.answer(roster_id, rule="A1-SHARED-ACCOUNT") == 1
    assert office.answer(roster_id, finding_id=BAD_NUMBER.finding.finding_id[:8]) == 1
    digests = {office.sign(roster_id, step, user).digest for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang"))}
    assert len(digests) == 1
    given = office.release(roster_id)
    total = sum(row["net"] for row in five_people())
    assert (given.count, given.payees, given.fen) == (8, 4, total - 16300 - 2003)
    assert {given.digest} == digests
    with office.engine.connect() as connection:
        made = roster.get(connection, roster_id)
        assert (made.state, made.payment) == ("released", "released")
        acts = [record.act for record in trail.lines(connection, thing=f"roster:{roster_id}")]
    assert acts == ["roster.build", "roster.check", "roster.answer", "roster.answer", "roster.submit", "roster.review", "roster.authorise", "roster.release"]


def test_blocked_lines_go_to_the_register_of_held_payments(office: Desk) -> None:
    """A blocked line is held with reason, finding, owner and a due date from the parameter file; the rest stays payable (C3)."""
    roster_id = office.build()
    office.check(roster_id, DEAD)
    with office.engine.connect() as connection:
        found = holds.listed(connection)
    assert [(item.seq, item.rule, item.owner, item.due_on.isoformat()) for item in found] == [
        (3, "D1-POSTHUMOUS", "zhang", "2026-02-12"),
        (8, "D1-POSTHUMOUS", "zhang", "2026-02-12"),
    ]
    assert found[0].finding_id == DEAD.finding.finding_id and found[0].reason == "甲3 D1-POSTHUMOUS（依据：D1-POSTHUMOUS）"


def test_the_handler_cannot_answer_a_blocking_finding(office: Desk) -> None:
    """C3: answering a blocking finding is refused, by id and in the database; answering its rule finds nothing to answer."""
    roster_id = office.build()
    office.check(roster_id, DEAD)
    with pytest.raises(BlockingFinding):
        office.answer(roster_id, finding_id=DEAD.finding.finding_id)
    values = {"book_id": 1, "roster_id": roster_id, "finding_id": DEAD.finding.finding_id, "answer_no": 1, "facts": DEAD.finding.facts}
    with pytest.raises(DatabaseRefusal, match="SB3036"), office.unit() as work:
        work.connection.execute(answers.answer.insert().values(**values, action="pay", reason="x", answered_by="zhang", answered_at=NOW))


def test_a_warning_needs_an_answer_with_a_reason(office: Desk) -> None:
    """An unanswered warning stops submission; an empty reason is no answer."""
    roster_id = office.build()
    office.check(roster_id, SHARED)
    with pytest.raises(OpenFindings):
        office.sign(roster_id, "submit", "zhang")
    with pytest.raises(NoReason):
        office.answer(roster_id, "  ", rule="A1-SHARED-ACCOUNT")
    office.answer(roster_id, rule="A1-SHARED-ACCOUNT")
    office.sign(roster_id, "submit", "zhang")


def test_a_warning_may_be_answered_by_holding_its_lines(office: Desk) -> None:
    """The handler may hold what a warning concerns instead of paying it."""
    roster_id = office.build()
    office.check(roster_id, SHARED)
    office.answer(roster_id, "账户归属待核", rule="A1-SHARED-ACCOUNT", hold=True)
    assert office.sign(roster_id, "submit", "zhang").held_lines == 1


def test_an_answer_counts_as_long_as_the_facts_stand(office: Desk) -> None:
    """Checking again keeps an answer whose facts are the same, and asks anew when they changed."""
    roster_id = office.build()
    office.check(roster_id, SHARED)
    office.answer(roster_id, rule="A1-SHARED-ACCOUNT")
    office.check(roster_id, SHARED)
    with office.engine.connect() as connection:
        assert answers.unanswered(connection, roster.get(connection, roster_id)) == []
    office.check(roster_id, lead(2, "A1-SHARED-ACCOUNT", (2,), fen=99))
    with office.engine.connect() as connection:
        assert len(answers.unanswered(connection, roster.get(connection, roster_id))) == 1


def test_nobody_signs_twice(office: Desk) -> None:
    """C1: whoever built or reviewed a roster cannot sign it in another duty, even holding that duty by now."""
    roster_id = office.build()
    office.check(roster_id)
    office.sign(roster_id, "submit", "zhang")
    builder = someone("zhang")
    also = type(builder)("zhang", builder.name, someone("li").duties)
    with pytest.raises(SamePerson), office.unit() as work:
        signoff.review(work, also, NOW, roster_id)
    office.sign(roster_id, "review", "li")
    leader = type(builder)("li", "李股长", someone("wang").duties)
    with pytest.raises(SamePerson), office.unit() as work:
        signoff.authorise(work, leader, NOW, roster_id)


@pytest.mark.parametrize(("step", "user"), [("submit", "li"), ("review", "zhao"), ("authorise", "li")])
def test_each_signature_needs_its_duty(office: Desk, step: str, user: str) -> None:
    """C5: a signature by somebody without the duty is refused."""
    roster_id = office.build()
    office.check(roster_id)
    for earlier, by in (("submit", "zhang"), ("review", "li")):
        if earlier == step:
            break
        office.sign(roster_id, earlier, by)
    with pytest.raises(NotAllowed):
        office.sign(roster_id, step, user)


def test_steps_keep_their_order(office: Desk) -> None:
    """A roster that is not submitted cannot be reviewed, one not authorised cannot be released."""
    roster_id = office.build()
    with pytest.raises(WrongState):
        office.sign(roster_id, "submit", "zhang")
    office.check(roster_id)
    with pytest.raises(WrongState):
        office.sign(roster_id, "review", "li")
    with pytest.raises(WrongState):
        office.release(roster_id)


def _tamper(office: Desk, statement: str) -> None:
    """Changes stored lines with the guard switched off, as somebody with the database password could."""
    with office.engine.connect() as connection:
        if office.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER shebao_roster_line_keep")
        else:
            connection.exec_driver_sql("ALTER TABLE shebao_roster_line DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)
        connection.commit()


def test_a_changed_line_voids_the_signatures(office: Desk) -> None:
    """C2: one changed fen after the handler's signature stops the review, and the refusal names the line."""
    roster_id = office.build()
    office.check(roster_id)
    office.sign(roster_id, "submit", "zhang")
    _tamper(office, "UPDATE shebao_roster_line SET net_fen = net_fen + 1, gross_fen = gross_fen + 1 WHERE seq = 7")
    with pytest.raises(RosterChanged, match="序号 7"):
        office.sign(roster_id, "review", "li")


def test_a_changed_line_with_a_forged_digest_voids_the_signatures(office: Desk) -> None:
    """C2: forging the line's own digest too does not help; the signed digest still differs."""
    roster_id = office.build()
    office.check(roster_id)
    office.sign(roster_id, "submit", "zhang")
    with office.engine.connect() as connection:
        first, *_ = roster.lines(connection, roster.get(connection, roster_id))
    forged = roster.line_digest(first._replace(account="6228480000000099999"))
    _tamper(office, f"UPDATE shebao_roster_line SET account = '6228480000000099999', digest = '{forged}' WHERE seq = 1")
    with pytest.raises(RosterChanged, match="签字时不同"):
        office.sign(roster_id, "review", "li")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shebao_roster_line SET account = 'x'",
        "DELETE FROM shebao_roster_line",
        "DELETE FROM shebao_signature",
        "UPDATE shebao_signature SET digest = 'x'",
        "DELETE FROM shebao_hold",
        "UPDATE shebao_roster_finding SET blocking = 0",
        "DELETE FROM shebao_roster_finding_line",
        "UPDATE shebao_roster SET net_fen = 1",
        "UPDATE shebao_roster SET state = 'authorised'",
        "UPDATE shebao_roster SET state = 'released', payment = 'released'",
        "DELETE FROM shebao_source_file",
    ],
)
def test_the_database_keeps_the_roster_as_signed(office: Desk, statement: str) -> None:
    """Lines, signatures, findings and holds cannot be changed or deleted, and no state can be skipped, with raw SQL either."""
    roster_id = office.build()
    office.check(roster_id, DEAD)
    office.sign(roster_id, "submit", "zhang")
    with pytest.raises(DatabaseRefusal, match="SB30"), office.unit() as work:
        work.connection.exec_driver_sql(statement)


def test_the_database_refuses_a_forged_signature(office: Desk) -> None:
    """A signature of another digest, by the builder, or by somebody without the duty is refused by the database itself."""
    roster_id = office.build()
    office.check(roster_id)
    digest = office.sign(roster_id, "submit", "zhang").digest
    row = {"book_id": 1, "roster_id": roster_id, "round": 1, "duty": "REVIEW", "signed_at": NOW}
    for user, signed, code in (("li", "x" * 64, "SB3034"), ("zhao", digest, "SB3001")):
        with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
            work.connection.execute(signoff.signature.insert().values(**row, user_id=user, digest=signed))


def test_the_database_releases_nothing_unsigned_or_open(office: Desk) -> None:
    """C3: without three signatures, or with a blocked line that is not held, the release row itself is refused."""
    roster_id = office.build()
    office.check(roster_id, DEAD)
    row = {"book_id": 1, "roster_id": roster_id, "digest": "x", "line_count": 8, "payee_count": 4, "fen": 1, "released_by": "wang", "released_at": NOW}
    with pytest.raises(DatabaseRefusal, match="SB3033"), office.unit() as work:
        work.connection.execute(release.release_table.insert().values(**row))
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(roster_id, step, user)
    with pytest.raises(DatabaseRefusal, match="SB3037"), office.unit() as work:
        work.connection.execute(release.release_table.insert().values(**row))


def test_an_open_blocking_finding_stops_the_release(office: Desk) -> None:
    """C3: a blocked line whose hold was removed behind the program's back is refused, by the program and by the database."""
    roster_id = office.build()
    office.check(roster_id, DEAD)
    with office.engine.connect() as connection:
        drop = "DROP TRIGGER shebao_hold_stay" if office.engine.dialect.name == "sqlite" else "ALTER TABLE shebao_hold DISABLE TRIGGER USER"
        connection.exec_driver_sql(drop)
        connection.exec_driver_sql("DELETE FROM shebao_hold")
        connection.commit()
    for step, user in (("submit", "zhang"), ("review", "li")):
        office.sign(roster_id, step, user)
    digest = office.sign(roster_id, "authorise", "wang").digest
    with pytest.raises(BlockingFinding):
        office.release(roster_id)
    total = sum(row["net"] for row in five_people())
    with pytest.raises(DatabaseRefusal, match="SB3036"), office.unit() as work:
        work.connection.execute(
            release.release_table.insert().values(
                book_id=1, roster_id=roster_id, digest=digest, line_count=10, payee_count=5, fen=total, released_by="wang", released_at=NOW
            )
        )


def test_newer_data_make_the_check_stale(office: Desk) -> None:
    """A death list that comes in after the check stops submission and release until the roster is checked again."""
    roster_id = office.build()
    office.check(roster_id)
    deaths = pa.table({"file": ["死亡.csv"], "line": pa.array([2], pa.int32()), "number": ["620821195001010030"]})
    office.take(deaths, "deaths", "死亡.csv", "qian")
    with pytest.raises(StaleCheck, match="死亡"):
        office.sign(roster_id, "submit", "zhang")
    office.check(roster_id)
    assert list(office.seen[-1][1]) == ["deaths"]
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(roster_id, step, user)
    office.take(pa.concat_tables([deaths, deaths.set_column(2, "number", [["620821195001010040"]])]), "deaths", "死亡2.csv", "qian")
    with pytest.raises(StaleCheck):
        office.release(roster_id)


def test_sending_back_begins_a_new_round(office: Desk) -> None:
    """A roster sent back loses its signatures, can be checked again, and needs all three anew."""
    roster_id = office.build()
    office.check(roster_id)
    office.sign(roster_id, "submit", "zhang")
    with pytest.raises(NoReason), office.unit() as work:
        signoff.send_back(work, someone("li"), NOW, roster_id, "")
    with office.unit() as work:
        moved = signoff.send_back(work, someone("li"), NOW, roster_id, "甲2 账户存疑")
        work.commit()
    assert (moved.state, moved.round) == ("checked", 2)
    office.check(roster_id, SHARED)
    office.answer(roster_id, rule="A1-SHARED-ACCOUNT")
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(roster_id, step, user)
    office.release(roster_id)
    with office.engine.connect() as connection:
        assert len(signoff.signatures(connection, roster.get(connection, roster_id), every_round=True)) == 4


def test_a_file_makes_one_roster(office: Desk) -> None:
    """The same file cannot be built twice; after withdrawing it can."""
    roster_id = office.build()
    with pytest.raises(RosterExists), office.unit() as work:
        rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY)
    with office.unit() as work:
        signoff.withdraw(work, someone("zhang"), NOW, roster_id, "文件有误")
        again = rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY)
        work.commit()
    assert again.roster.roster_id == roster_id + 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"net": -1, "gross": -1}, "负数"),
        ({"net": 16000}, "实发不等于"),
        ({"account": ""}, "缺银行账号"),
        ({"seq": 2}, "序号缺失或重复"),
        ({"period": 202602}, "晚于发放月份"),
        ({"note": "a\x1fb"}, "控制字符"),
    ],
)
def test_a_line_that_cannot_be_paid_refuses_the_file(office: Desk, change: dict[str, object], why: str) -> None:
    """Negative or wrong net, missing account, repeated number and future months are refused; nothing is stored."""
    with pytest.raises(BadRosterLine, match=why):
        office.build([{**row, **change} if row["seq"] == 1 else row for row in five_people()])
    with office.engine.connect() as connection:
        assert roster.listed(connection) == []


def test_items_paid_for_others_make_a_roster_of_their_own(office: Desk) -> None:
    """allowance rows are left out of the pension roster and built by their own."""
    rows = [*five_people(), line(11, 1, "村医补助", 30000, item_class="allowance")]
    roster_id = office.build(rows)
    with office.unit() as work:
        other = rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY, kind=rosterbuild.ALLOWANCE)
        work.commit()
    with office.engine.connect() as connection:
        assert roster.get(connection, roster_id).line_count == 10
    assert (other.roster.line_count, other.roster.net_fen, other.left_out) == (1, 30000, 10)


def test_another_month_is_nothing_to_pay(office: Desk) -> None:
    """A file without a line of the month asked for is refused."""
    rows = [line(1, 1, "基础养老金", 100, period=202512), line(2, 1, "基础养老金", 100, period=202511)]
    office.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", "旧.csv", "zhang")
    with pytest.raises(NothingToPay), office.unit() as work:
        rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY)


def test_the_check_sees_what_other_rosters_paid(office: Desk) -> None:
    """Payments of another roster that no payments file shows reach the check as canonical rows, held lines left out."""
    first = office.released(DEAD)
    second = office.build([{**line(1, 9, "基础养老金", 100), "note": "补发"}])
    office.check(second)
    (table,) = office.seen[-1][1]["payments"]
    assert first != second and table.num_rows == 8 and set(table.column("status").to_pylist()) == {"paid"}


def test_nobody_is_in_two_live_rosters(office: Desk) -> None:
    """C3: the same people from another file are refused, released or not; a withdrawn roster no longer counts."""
    first = office.build([line(1, 9, "基础养老金", 100)])
    with pytest.raises(TwinRoster):
        office.build([{**line(1, 9, "基础养老金", 100), "note": "又一份"}])
    with office.unit() as work:
        signoff.withdraw(work, someone("zhang"), NOW, first, "换文件")
        work.commit()
    assert office.build([{**line(1, 9, "基础养老金", 100), "note": "更正后"}]) != first


def test_the_trail_never_holds_a_full_number(office: Desk) -> None:
    """C6: identity numbers in reasons are masked before they reach the trail."""
    roster_id = office.build()
    office.check(roster_id, SHARED)
    office.answer(roster_id, "与 62082119500101002X 共用账户，已核实", rule="A1-SHARED-ACCOUNT")
    with office.engine.connect() as connection:
        text = "".join(record.facts for record in trail.records(connection))
        assert trail.verify(connection) > 0
    assert "62082119500101002X" not in text and "620821********002X" in text


def test_who_acted_is_known_to_the_thing(office: Desk) -> None:
    """The roster as a thing names everybody who acted on it, so that dynamic pairs can be judged."""
    roster_id = office.released()
    with office.engine.connect() as connection:
        acted = roster.thing(connection, roster.get(connection, roster_id)).acted
    assert {user for _, user in acted} == {"zhang", "li", "wang"}
