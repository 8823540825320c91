"""Terms, freeze windows and flows of rosters; and the check run again at each signature."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pytest

from controls import release, roster, signoff
from controls.errors import NotAllowed
from controls.errors_payment import NoReason, RosterChanged, StaleCheck
from controls.rosterlaw import flow as law
from controls.rosterlaw.errors import BadFreeze, Expired, Frozen, NewFindings, NoFlow
from controls.rosters import freezes, terms
from ledger.errors import DatabaseRefusal
from ledger.lawfile import BadLawFile, parse
from tests.controls.payment_desk import DEAD, NOW, SHARED, Desk, desk, someone

LATE = "2026-03-20T09:00:00+08:00"
LEADER = {"submit": "zhang", "review": "li", "authorise": "wang"}


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


CHIEF = someone("jin")


def _signed(office: Desk, *steps: str) -> int:
    roster_id = office.build()
    office.check(roster_id)
    for step in steps:
        office.sign(roster_id, step, LEADER[step])
    return roster_id


def test_a_roster_expires_after_its_term_from_any_signed_state(office: Desk) -> None:
    """Not released by the month's end and 31 days: nobody signs or releases it any more, by the program or the database, and the handler writes it off."""
    roster_id = _signed(office, "submit", "review")
    with office.unit() as work:
        assert terms.of(work.connection, roster.get(work.connection, roster_id)) == terms.Begun("2018", date(2026, 3, 3))
        with pytest.raises(Expired, match="尚未过期"):
            terms.expire(work, someone("zhang"), NOW, roster_id)
    with pytest.raises(Expired, match="已过期"), office.unit() as work:
        signoff.authorise(work, someone("wang"), LATE, roster_id)
    with office.engine.connect() as connection:
        signed = signoff.signatures(connection, roster.get(connection, roster_id))[0].digest
    with pytest.raises(DatabaseRefusal, match="SB2171"), office.unit() as work:
        row = {"book_id": 1, "roster_id": roster_id, "round": 1, "duty": "AUTHORISE", "user_id": "wang", "digest": signed, "signed_at": LATE}
        work.connection.execute(signoff.signature.insert().values(**row))
    with pytest.raises(DatabaseRefusal, match="SB3033"), office.unit() as work:
        work.connection.exec_driver_sql("UPDATE shebao_roster SET state = 'withdrawn'")
    with pytest.raises(NotAllowed), office.unit() as work:
        terms.expire(work, someone("li"), LATE, roster_id)
    with office.unit() as work:
        assert terms.expire(work, someone("zhang"), LATE, roster_id).state == "withdrawn"
        work.commit()


def test_nobody_signs_within_a_freeze_window(office: Desk) -> None:
    """The head sets days with kind and reason; within them no signature and no release, until it is lifted; others cannot set one."""
    roster_id = _signed(office, "submit")
    days = (date(2026, 1, 15), date(2026, 1, 16))
    with office.unit() as work:
        with pytest.raises(NotAllowed):
            freezes.put(work, someone("wang"), NOW, "audit", *days, "审计进点")
        with pytest.raises(BadFreeze, match="没有"):
            freezes.put(work, CHIEF, NOW, "holiday", *days, "放假")
        with pytest.raises(BadFreeze, match="今天"):
            freezes.put(work, CHIEF, NOW, "audit", date(2026, 1, 1), days[1], "倒签")
        with pytest.raises(NoReason):
            freezes.put(work, CHIEF, NOW, "audit", *days, " ")
        made = freezes.put(work, CHIEF, NOW, "审计冻结", *days, "审计进点")
        work.commit()
    with pytest.raises(Frozen, match="审计进点"):
        office.sign(roster_id, "review", "li")
    with office.engine.connect() as connection:
        signed = signoff.signatures(connection, roster.get(connection, roster_id))[0].digest
    with pytest.raises(DatabaseRefusal, match="SB2172"), office.unit() as work:
        row = {"book_id": 1, "roster_id": roster_id, "round": 1, "duty": "REVIEW", "user_id": "li", "digest": signed, "signed_at": NOW}
        work.connection.execute(signoff.signature.insert().values(**row))
    with office.unit() as work:
        assert freezes.lift(work, CHIEF, NOW, made.freeze_no, "审计已结束").ended_by == "jin"
        work.commit()
    with pytest.raises(BadFreeze, match="解除"), office.unit() as work:
        freezes.lift(work, CHIEF, NOW, made.freeze_no, "再解除一次")
    office.sign(roster_id, "review", "li")


def test_what_began_keeps_its_flow(office: Desk) -> None:
    """A roster built under one version keeps its term when the next version begins meanwhile; a version that vanished is refused."""
    roster_id = _signed(office, "submit")
    shipped = law.flows()
    first, second = (
        shipped.flows[0].model_copy(update={"valid_to": date(2026, 1, 16)}),
        shipped.flows[0].model_copy(update={"flow": "2026", "valid_from": date(2026, 1, 16), "term_days": 1}),
    )
    with patch("controls.rosterlaw.flow.flows", return_value=shipped.model_copy(update={"flows": (first, second)})):
        assert law.on(date(2026, 1, 20)).term_days == 1
        with office.unit() as work:
            assert terms.of(work.connection, roster.get(work.connection, roster_id)).law.term_days == 31
            signoff.review(work, someone("li"), "2026-02-20T09:00:00+08:00", roster_id)
    with patch("controls.rosterlaw.flow.flows", return_value=shipped.model_copy(update={"flows": (second,)})), pytest.raises(NoFlow):
        office.sign(roster_id, "review", "li")


@pytest.mark.parametrize(
    "change",
    [{"steps": []}, {"recheck": ["submit"]}, {"recheck": ["submit", "release", "other"]}, {"term_days": 0}, {"valid_from": date(2019, 1, 1), "flow": "x"}],
)
def test_a_flow_without_the_three_signatures_is_refused(change: dict[str, object]) -> None:
    """A file of flows that leaves out a signature, the recheck at submission or release, or leaves a gap, is refused (SB1011)."""
    one = {
        "flow": "2018", "valid_from": date(2018, 1, 1), "valid_to": None, "reference": "r", "term_days": 31, "recheck": ["submit", "release"],
        "steps": [{"step": step, "duty": duty.value} for step, duty in law.SIGNATURES],
    }  # fmt: skip
    flows = [one, {**one, **change}] if "flow" in change else [{**one, **change}]
    data = {"document": "d", "valid_from": date(2018, 1, 1), "valid_to": None, "reference": "r", "flows": flows, "freezes": []}
    with pytest.raises(BadLawFile):
        parse(law.FlowsFile, data, law.FILE)


def test_newer_snapshots_are_looked_at_again_at_each_signature(office: Desk) -> None:
    """A death list between review and authorisation: a new lead refuses the leader's signature; nothing new lets it pass; without looking it is stale."""
    roster_id = office.build()
    office.check(roster_id, SHARED)
    office.answer(roster_id, rule="A1-SHARED-ACCOUNT")
    office.sign(roster_id, "submit", "zhang")
    office.sign(roster_id, "review", "li")
    seen: list[object] = []

    def screen(*found: object) -> object:
        return lambda lines, tables, *, as_of: seen.append(tables) or found

    with office.unit() as work:
        signoff.authorise(work, someone("wang"), NOW, roster_id, home=office.home, screen=screen(DEAD))  # type: ignore[arg-type]
    assert not seen, "no snapshot changed: the check stands as it is"
    office.take(pa.table({"file": ["死亡.csv"], "line": pa.array([2], pa.int32()), "number": ["620821195001010030"]}), "deaths", "死亡.csv", "qian")
    with pytest.raises(StaleCheck):
        office.sign(roster_id, "authorise", "wang")
    with pytest.raises(NewFindings, match="D1-POSTHUMOUS 序号 3、8"), office.unit() as work:
        signoff.authorise(work, someone("wang"), NOW, roster_id, home=office.home, screen=screen(SHARED, DEAD))  # type: ignore[arg-type]
    with office.unit() as work:
        signoff.authorise(work, someone("wang"), NOW, roster_id, home=office.home, screen=screen(SHARED))  # type: ignore[arg-type]
        with pytest.raises(NewFindings):
            release.release(work, someone("wang"), NOW, roster_id, home=office.home, screen=screen(SHARED, DEAD))  # type: ignore[arg-type]
    assert len(seen) == 3


def test_the_refusal_names_line_and_column(office: Desk) -> None:
    """One changed fen or account after the signature, the line's digest forged with it: the refusal says which line, which column, then and now."""
    roster_id = _signed(office, "submit")
    with office.engine.connect() as connection:
        line = next(item for item in roster.lines(connection, roster.get(connection, roster_id)) if item.seq == 7)
    forged = roster.line_digest(line._replace(net_fen=line.net_fen + 1, gross_fen=line.gross_fen + 1))
    with office.engine.connect() as connection:
        out = "DROP TRIGGER shebao_roster_line_keep" if office.engine.dialect.name == "sqlite" else "ALTER TABLE shebao_roster_line DISABLE TRIGGER USER"
        connection.exec_driver_sql(out)
        connection.exec_driver_sql(f"UPDATE shebao_roster_line SET net_fen = net_fen + 1, gross_fen = gross_fen + 1, digest = '{forged}' WHERE seq = 7")
        connection.commit()
    with pytest.raises(RosterChanged, match=r"序号 7 应发：20.02 → 20.03；序号 7 实发：20.02 → 20.03"), office.unit() as work:
        signoff.review(work, someone("li"), NOW, roster_id, home=office.home)
