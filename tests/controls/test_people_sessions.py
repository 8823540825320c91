"""People, duties and signing in: what is refused, and what the database refuses by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from controls import people, sessions, trail
from controls.duties import Actor, Duty, Thing, may, require_any, rules
from controls.errors import (
    IncompatibleGrant,
    LockedOut,
    NobodySignedIn,
    NoSuchUser,
    NotAllowed,
    PeopleExist,
    SessionExpired,
    SessionFileOpen,
    UserExists,
    WeakPassword,
    WrongPassword,
)  # fmt: skip
from controls.tables import duty_pair, grant, user
from ledger.errors import DatabaseRefusal
from ledger.lawfile import BadLawFile
from tests.controls.payment_desk import NOW, PASSWORD, Desk, desk, someone
from tests.granting import given

LATER = "2026-01-15T17:00:01+08:00"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def _sign_in(office: Desk, who: str, password: str = PASSWORD, now: str = NOW) -> sessions.Session:
    with office.unit() as work:
        opened = sessions.sign_in(work, now, who, password)
        work.commit()
    sessions.write_file(office.home, opened)
    return opened


def _who(office: Desk, now: str = NOW) -> Actor:
    with office.engine.connect() as connection:
        return sessions.signed_in(connection, office.home, now)


def test_signing_in_gives_the_actor(office: Desk) -> None:
    """A right password opens a session whose file is its owner's alone and holds a token that the store keeps only hashed."""
    opened = _sign_in(office, "zhang")
    assert _who(office) == Actor("zhang", "张经办", frozenset({Duty.HANDLE_ROSTER}))
    file = office.home / "session.json"
    assert file.stat().st_mode & 0o777 == 0o600 and json.loads(file.read_text())["token"] == opened.token
    with office.engine.connect() as connection:
        stored = connection.execute(sessions.session.select()).one()
        hashed = connection.execute(user.select().where(user.c.user_id == "zhang")).one().password_hash
    assert stored.token_hash != opened.token and hashed.startswith("$argon2id$")


def test_nobody_signed_in(office: Desk) -> None:
    """Without a session file nobody acts."""
    with pytest.raises(NobodySignedIn):
        _who(office)


@pytest.mark.parametrize("who", ["zhang", "nobody"])
def test_a_wrong_password_is_refused(office: Desk, who: str) -> None:
    """A wrong password and an unknown user give the same answer, and leave a record."""
    with pytest.raises(WrongPassword):
        _sign_in(office, who, "wrong password")
    with office.engine.connect() as connection:
        assert [record.act for record in trail.records(connection)][-1] == "session.refused"


def test_five_failures_lock_the_account(office: Desk) -> None:
    """After five failures even the right password waits half an hour, unless the security administrator unlocks it."""
    for _ in range(5):
        with pytest.raises(WrongPassword):
            _sign_in(office, "zhang", "wrong password")
    with pytest.raises(LockedOut):
        _sign_in(office, "zhang")
    assert _sign_in(office, "zhang", now="2026-01-15T09:30:01+08:00")
    with office.unit() as work:
        work.connection.execute(user.update().where(user.c.user_id == "li").values(locked_until="2026-01-15T10:00:00+08:00"))
        work.commit()
    with pytest.raises(LockedOut):
        _sign_in(office, "li")
    with office.unit() as work:
        people.unlock(work, NOW, someone("zheng"), "li")
        work.commit()
    assert _sign_in(office, "li")


def test_a_session_expires(office: Desk) -> None:
    """Eight hours after signing in the session is over."""
    _sign_in(office, "zhang")
    assert _who(office, "2026-01-15T16:59:59+08:00").user == "zhang"
    with pytest.raises(SessionExpired, match="到期"):
        _who(office, LATER)


def test_signing_out_ends_the_session(office: Desk) -> None:
    """After logout the file is gone and its token is worth nothing, even when put back."""
    _sign_in(office, "zhang")
    kept = (office.home / "session.json").read_bytes()
    with office.unit() as work:
        assert sessions.sign_out(work, NOW, office.home) == "zhang"
        work.commit()
    with pytest.raises(NobodySignedIn):
        _who(office)
    (office.home / "session.json").write_bytes(kept)
    (office.home / "session.json").chmod(0o600)
    with pytest.raises(SessionExpired, match="退出"):
        _who(office)


def test_an_open_session_file_is_not_believed(office: Desk) -> None:
    """A session file that others may read, or that is damaged or unknown, signs nobody in."""
    _sign_in(office, "zhang")
    file = office.home / "session.json"
    file.chmod(0o644)
    with pytest.raises(SessionFileOpen):
        _who(office)
    file.chmod(0o600)
    file.write_text("{")
    with pytest.raises(SessionExpired, match="损坏"):
        _who(office)
    file.write_text('{"token": "made up"}')
    with pytest.raises(SessionExpired, match="不存在"):
        _who(office)


def test_a_disabled_account_is_out(office: Desk) -> None:
    """Disabling an account ends its session and refuses its password."""
    _sign_in(office, "zhang")
    with office.unit() as work:
        work.connection.execute(user.update().where(user.c.user_id == "zhang").values(disabled_at=NOW))
        work.commit()
    with pytest.raises(SessionExpired, match="停用"):
        _who(office)
    with pytest.raises(WrongPassword):
        _sign_in(office, "zhang")


def test_incompatible_duties_are_not_granted(office: Desk) -> None:
    """C1: the accountant cannot become cashier while being accountant; the database refuses it too."""
    with pytest.raises(IncompatibleGrant, match="会计与出纳分离"), office.unit() as work:
        given(work, NOW, "zhao", Duty.CASHIER, date(2026, 2, 1))
    row = {"user_id": "zhao", "duty": "CASHIER", "valid_from": "2026-02-01", "valid_to": "", "granted_by": "x", "granted_at": NOW}
    with pytest.raises(DatabaseRefusal, match="SB3003"), office.unit() as work:
        work.connection.execute(grant.insert().values(**row))
    with office.unit() as work:
        people.take_away(work, NOW, someone("zheng"), "zhao", Duty.BOOKKEEP)
        given(work, NOW, "zhao", Duty.CASHIER, date(2026, 1, 15))
        work.commit()
    with office.engine.connect() as connection:
        assert people.duties_of(connection, "zhao", "2026-01-15") == {Duty.CASHIER}
        assert {item.user: item.duties for item in people.listed(connection, "2026-01-15")}["zhao"] == {Duty.CASHIER}


@pytest.mark.parametrize(
    "statement", ["DELETE FROM shebao_user", "DELETE FROM shebao_grant", "UPDATE shebao_grant SET duty = 'HEAD'", "DELETE FROM shebao_duty_pair"]
)
def test_people_and_grants_stay_on_record(office: Desk, statement: str) -> None:
    """Users and grants are ended, never deleted or rewritten, with raw SQL either."""
    with pytest.raises(DatabaseRefusal, match="SB3041"), office.unit() as work:
        work.connection.exec_driver_sql(statement)


def test_administrators_keep_to_their_own_work(office: Desk) -> None:
    """Only the system administrator adds accounts; nobody unlocks, or gives a duty to, somebody who has none."""
    new = people.NewPerson("he", "何新", (), PASSWORD)
    with pytest.raises(NotAllowed), office.unit() as work:
        people.add(work, NOW, someone("zheng"), new)
    with office.unit() as work:
        people.add(work, NOW, someone("wu"), new)
        work.commit()
    with pytest.raises(UserExists), office.unit() as work:
        people.add(work, NOW, someone("wu"), new)
    with pytest.raises(NoSuchUser), office.unit() as work:
        people.unlock(work, NOW, someone("zheng"), "nobody")
    with pytest.raises(NoSuchUser), office.unit() as work:
        given(work, NOW, "nobody", Duty.AUDIT, date(2026, 1, 1))
    assert "PASSWORD" not in repr(new) and PASSWORD not in repr(new)


@pytest.mark.parametrize("password", ["short", "HE-HE-HE-HE"])
def test_a_weak_password_is_refused(office: Desk, password: str) -> None:
    """A short password, or one that is the user id, is refused."""
    with pytest.raises(WeakPassword), office.unit() as work:
        people.add(work, NOW, someone("wu"), people.NewPerson("he-he-he-he", "何新", (), password))


def test_the_first_people_come_once(office: Desk) -> None:
    """bootstrap works on an empty store only."""
    with pytest.raises(PeopleExist), office.unit() as work:
        people.bootstrap(work, NOW, [])
    with office.engine.connect() as connection:
        assert len(connection.execute(duty_pair.select()).all()) == len({pair.both for pair in rules().role_pairs})


def test_the_people_file_is_read_strictly() -> None:
    """A good file gives people; unknown keys and duties are refused with their place."""
    row = {"user": "zhang", "name": "张", "duties": ["HANDLE_ROSTER"], "password": PASSWORD}
    (found,) = people.read_people({"people": [row]})
    assert found == people.NewPerson("zhang", "张", (Duty.HANDLE_ROSTER,), PASSWORD)
    for bad in ({"people": [{**row, "role": "x"}]}, {"people": [{**row, "duties": ["BOSS"]}]}, {"persons": []}, []):
        with pytest.raises(BadLawFile):
            people.read_people(bad)


def test_every_answer_gives_its_reasons() -> None:
    """C5: deny by default, deny wins, and both yes and no say why."""
    zhang = someone("zhang")
    assert may(zhang, Duty.HANDLE_ROSTER).reasons == ("持有岗位“待遇发放经办”",)
    no = may(zhang, Duty.CASHIER)
    assert not no.yes and len(no.reasons) == 2
    both = replace(zhang, duties=frozenset({Duty.BOOKKEEP, Duty.CASHIER}))
    assert not may(both, Duty.CASHIER).yes
    reviewer = someone("li")
    assert may(reviewer, Duty.REVIEW, Thing("roster", "1", ((Duty.HANDLE_ROSTER, "zhang"),))).yes
    assert not may(reviewer, Duty.REVIEW, Thing("roster", "1", ((Duty.HANDLE_ROSTER, "li"),))).yes
    with pytest.raises(NotAllowed):
        require_any(zhang, (Duty.REVIEW, Duty.AUTHORISE))


def test_the_pairs_of_the_domain_are_kept_apart() -> None:
    """DOMAIN §9 (15): 业务/稽核, 会计/出纳, 出纳/稽核/档案, 业务/财务, 授权/经办/审核/会计, 三员."""
    law = rules()
    apart = [
        (Duty.HANDLE_ROSTER, Duty.AUDIT), (Duty.BOOKKEEP, Duty.CASHIER), (Duty.CASHIER, Duty.AUDIT), (Duty.CASHIER, Duty.ARCHIVE), (Duty.REVIEW, Duty.BOOKKEEP),
        (Duty.AUTHORISE, Duty.HANDLE_ROSTER), (Duty.AUTHORISE, Duty.REVIEW), (Duty.AUTHORISE, Duty.BOOKKEEP), (Duty.SYSADMIN, Duty.SECADMIN),
        (Duty.SECADMIN, Duty.LOGADMIN), (Duty.DATA, Duty.AUDIT), (Duty.HANDLE_REGISTER, Duty.HANDLE_ASSESS), (Duty.HANDLE_ASSESS, Duty.HANDLE_CERTIFY),
    ]  # fmt: skip
    assert all(law.between(a, b, role_only=True) for a, b in apart)
    for a, b in ((Duty.HANDLE_ROSTER, Duty.REVIEW), (Duty.BOOKKEEP, Duty.CHECK)):
        pair = law.between(a, b)
        assert pair is not None and pair.scope == "thing"
