"""Proving who sits there: rules of passwords, the second factor with recovery codes, one session a person, the fresh proof."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from controls import people, sessions
from controls.duties import Duty
from controls.errors import NotAllowed, SessionExpired, WrongPassword
from controls.errors_duties import JointWrong, PasswordRefused, ProofStale, TotpRequired, TotpState, WrongCode
from controls.joint import together
from controls.signin import passwords, totp
from controls.signin.terms import terms
from ledger.errors import DatabaseRefusal
from ledger.schema import run_guards
from tests.controls.payment_desk import NOW, PASSWORD, Desk, desk, someone

GUARDS = Path(passwords.__file__).parent.parent / "grant_guards"
NEW = "another horse entirely"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The payment desk with the guards of passwords and codes."""
    made = desk(store_url, tmp_path / "home")
    with made.unit() as work:
        run_guards(work.connection, GUARDS)
        work.commit()
    return made


def at(seconds: int) -> str:
    """A time after NOW."""
    return (datetime.fromisoformat(NOW) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def sign_in(office: Desk, user: str, password: str = PASSWORD, code: str = "", now: str = NOW) -> sessions.Session:
    with office.unit() as work:
        opened = sessions.sign_in(work, now, user, password, code)
        work.commit()
    sessions.write_file(office.home, opened)
    return opened


def enrolled(office: Desk, user: str) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """A person with a second factor, and the recovery codes."""
    with office.unit() as work:
        clock = pyotp.parse_uri(totp.enrol(work, NOW, someone(user)))
        assert isinstance(clock, pyotp.TOTP)
        codes = totp.confirm(work, NOW, someone(user), clock.at(datetime.fromisoformat(NOW)))
        work.commit()
    return clock, codes


def test_a_second_sign_in_ends_the_first(office: Desk) -> None:
    """One session a person: signing in elsewhere ends what was open."""
    first = sign_in(office, "zhang")
    kept = (office.home / "session.json").read_bytes()
    sign_in(office, "zhang", now=at(60))
    (office.home / "session.json").write_bytes(kept)
    with office.engine.connect() as connection, pytest.raises(SessionExpired):
        sessions.signed_in(connection, office.home, at(61))
    assert first.actor.user == "zhang"


@pytest.mark.parametrize("new", ["1234567890", "Password123", "zhang-is-my-name", "aaaaaaaaaaaa", PASSWORD])
def test_bad_passwords_are_refused(office: Desk, new: str) -> None:
    """A common password, one with the user id in it, one of few characters, and the last ones used are refused."""
    with pytest.raises(PasswordRefused), office.unit() as work:
        passwords.change(work, NOW, someone("zhang"), PASSWORD, new)


def test_a_password_changes_by_its_owner(office: Desk) -> None:
    """The owner changes it with the old one; the system administrator gives a new first one; nothing is overwritten, not with SQL either."""
    with pytest.raises(WrongPassword), office.unit() as work:
        passwords.change(work, NOW, someone("zhang"), "wrong password", NEW)
    with office.unit() as work:
        passwords.change(work, NOW, someone("zhang"), PASSWORD, NEW)
        work.commit()
    with pytest.raises(WrongPassword):
        sign_in(office, "zhang")
    assert sign_in(office, "zhang", NEW)
    with pytest.raises(NotAllowed), office.unit() as work:
        passwords.reset(work, NOW, someone("zheng"), "zhang", "a third horse now")
    with office.unit() as work:
        passwords.reset(work, NOW, someone("wu"), "zhang", "a third horse now")
        work.commit()
    assert sign_in(office, "zhang", "a third horse now", now=at(1))
    with pytest.raises(DatabaseRefusal, match="SB2166"), office.unit() as work:
        work.connection.exec_driver_sql("UPDATE shebao_password SET hash = ''")


def test_a_code_is_asked_for_and_works_once(office: Desk) -> None:
    """Whoever enrolled signs in with a code; a wrong one, none, and one used before are refused; every recovery code works once; failures lock."""
    clock, codes = enrolled(office, "wang")
    with pytest.raises(WrongCode):
        sign_in(office, "wang")
    with pytest.raises(WrongCode):
        sign_in(office, "wang", code=clock.at(datetime.fromisoformat(NOW)))
    later = at(90)
    code = clock.at(datetime.fromisoformat(later))
    assert sign_in(office, "wang", code=code, now=later)
    with pytest.raises(WrongCode):
        sign_in(office, "wang", code=code, now=later)
    assert sign_in(office, "wang", code=codes[0], now=at(91))
    with pytest.raises(WrongCode):
        sign_in(office, "wang", code=codes[0], now=at(92))
    assert len(codes) == terms().recovery_codes
    with office.unit() as work:
        fresh = totp.fresh_codes(work, at(93), someone("wang"))
        work.commit()
    with pytest.raises(WrongCode):
        sign_in(office, "wang", code=codes[1], now=at(94))
    assert sign_in(office, "wang", code=fresh[0], now=at(95))


def test_enrolling_goes_step_by_step(office: Desk) -> None:
    """Nothing to confirm, nothing to renew, enrolling twice: refused; the security administrator ends another's, and it begins anew."""
    for act in (lambda work: totp.confirm(work, NOW, someone("wang"), "1"), lambda work: totp.fresh_codes(work, NOW, someone("wang"))):
        with pytest.raises(TotpState), office.unit() as work:
            act(work)
    enrolled(office, "wang")
    with pytest.raises(TotpState), office.unit() as work:
        totp.enrol(work, NOW, someone("wang"))
    with pytest.raises(TotpState), office.unit() as work:
        totp.end(work, NOW, someone("zheng"), "zheng")
    with office.unit() as work:
        totp.end(work, NOW, someone("zheng"), "wang", "手机丢失")
        work.commit()
    assert sign_in(office, "wang")
    enrolled(office, "wang")


def test_some_duties_need_a_second_factor(office: Desk) -> None:
    """授权、复核、出纳、安全管理: after the days of grace nothing is done without it, but enrolling; others need none."""
    sign_in(office, "wang")
    with office.engine.connect() as connection:
        assert {one[0] for one in totp.lacking(connection, NOW)} >= {"wang", "sun", "zhou", "zheng"}
        assert sessions.signed_in(connection, office.home, NOW).user == "wang"
    late = at(86400 * (terms().totp_grace_days + 1))
    sign_in(office, "wang", now=late)
    with office.engine.connect() as connection:
        with pytest.raises(TotpRequired):
            sessions.signed_in(connection, office.home, late)
        assert sessions.signed_in(connection, office.home, late, enrolling=True).user == "wang"
    sign_in(office, "zhang", now=late)
    with office.engine.connect() as connection:
        assert sessions.signed_in(connection, office.home, late).user == "zhang"


def test_signing_needs_a_fresh_proof(office: Desk) -> None:
    """After some minutes the proof is stale; password or code renews it, and a wrong one counts as a failure at the door."""
    sign_in(office, "zhang")
    stale = at(60 * terms().proof_minutes + 1)
    with office.engine.connect() as connection:
        sessions.require_fresh(connection, office.home, at(60))
        with pytest.raises(ProofStale):
            sessions.require_fresh(connection, office.home, stale)
    with pytest.raises(WrongPassword), office.unit() as work:
        sessions.prove(work, stale, office.home, someone("zhang"), "wrong")
    with office.unit() as work:
        assert sessions.prove(work, stale, office.home, someone("zhang"), PASSWORD) == "password"
        work.commit()
    with office.engine.connect() as connection:
        sessions.require_fresh(connection, office.home, stale)


def test_an_account_ends(office: Desk) -> None:
    """A disabled account signs in no more."""
    with office.unit() as work:
        people.disable(work, NOW, someone("wu"), "zhang")
        work.commit()
    with pytest.raises(WrongPassword):
        sign_in(office, "zhang")


def test_destroying_archives_takes_several_people() -> None:
    """S20: archives are destroyed by 档案 and 会计 together, for electronic ones with the system administrator; one person does not stand for two."""
    both = ((Duty.ARCHIVE, "a"), (Duty.BOOKKEEP, "b"))
    together("archive.destroy", both)
    for signed, electronic in ((both[:1], False), (((Duty.ARCHIVE, "a"), (Duty.BOOKKEEP, "a")), False), (both, True)):
        with pytest.raises(JointWrong):
            together("archive.destroy", signed, electronic=electronic)
    together("archive.destroy", (*both, (Duty.SYSADMIN, "c")), electronic=True)
