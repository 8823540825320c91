"""Races: two leaders at once, a release while the roster is sent back, a second release of one item; one wins, the other is told why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from controls import personchanges, release, roster, signoff
from controls.duties import Actor, Duty
from controls.rosters import freezes
from controls.tables import grant, user
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from tests.controls.payment_desk import NOW, Desk, desk, someone
from tests.controls.person_desk import account, register_desk, who

SECOND = Actor("yang", "杨副局", frozenset({Duty.AUTHORISE}))


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The small office with a second leader."""
    made = desk(store_url, tmp_path / "home")
    with made.unit() as work:
        work.connection.execute(user.insert().from_select(list(user.c), _copied()))
        work.connection.execute(
            grant.insert().values(user_id="yang", duty="AUTHORISE", valid_from="2026-01-01", valid_to="", granted_by="zheng", granted_at=NOW)
        )
        work.commit()
    return made


def _copied() -> object:
    import sqlalchemy as sa

    return sa.select(*(sa.literal("yang") if column.name == "user_id" else column for column in user.c)).where(user.c.user_id == "wang")


def at_once(office: Desk, *acts: Callable[[UnitOfWork], object]) -> list[str]:
    """Runs the acts in threads with a connection each, let go together; gives the code of each refusal, '' for who won."""
    gate, said = Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[UnitOfWork], object]) -> None:
        gate.wait()
        try:
            with office.unit() as work:
                act(work)
                work.commit()
        except Refusal as refused:
            said[place] = refused.code

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


def _signed(office: Desk, *steps: str) -> int:
    number = office.build()
    office.check(number)
    for step in steps:
        office.sign(number, step, {"submit": "zhang", "review": "li", "authorise": "wang"}[step])
    return number


def _state(office: Desk, number: int) -> str:
    with office.unit() as work:
        return roster.get(work.connection, number).state


def test_two_leaders_sign_at_once(office: Desk) -> None:
    """Both authorise in the same moment: one signature stands, the other leader learns that the roster is authorised already."""
    number = _signed(office, "submit", "review")
    said = at_once(office, *(lambda work, who=who: signoff.authorise(work, who, NOW, number) for who in (someone("wang"), SECOND)))
    assert sorted(said) == ["", "SB3033"]
    with office.unit() as work:
        assert len(signoff.signatures(work.connection, roster.get(work.connection, number))) == 3


def test_release_against_sending_back(office: Desk) -> None:
    """A leader releases while another sends back: the roster ends in one of both states, and whoever came second is refused."""
    number = _signed(office, "submit", "review", "authorise")
    said = at_once(
        office, lambda work: release.release(work, someone("wang"), NOW, number), lambda work: signoff.send_back(work, SECOND, NOW, number, "账户存疑")
    )
    assert (said, _state(office, number)) in ((["", "SB3033"], "released"), (["SB3033", ""], "checked"))


def test_release_twice_at_once(office: Desk) -> None:
    """Two releases of one roster: one authority, the other refused."""
    number = _signed(office, "submit", "review", "authorise")
    said = at_once(office, *(lambda work, who=who: release.release(work, who, NOW, number) for who in (someone("wang"), SECOND)))
    assert sorted(said) == ["", "SB3033"] and _state(office, number) == "released"


def test_release_against_a_freeze(office: Desk) -> None:
    """The head freezes while a leader releases: released before the window stood, or refused by it, never half."""
    from datetime import date

    number = _signed(office, "submit", "review", "authorise")
    said = at_once(
        office,
        lambda work: release.release(work, someone("wang"), NOW, number),
        lambda work: freezes.put(work, someone("jin"), NOW, "audit", date(2026, 1, 15), date(2026, 1, 16), "审计"),
    )
    assert said[1] == "" and (said[0], _state(office, number)) in (("", "released"), ("SB2172", "authorised"))


def test_release_against_an_account_change(store_url: str, tmp_path: Path) -> None:
    """A change of a payee's bank account meets the release: the month is paid as it was and the change is told so (SB3109), or the release is (SB3038)."""
    register = register_desk(store_url, tmp_path / "changing")
    register.load()
    number = _signed(register.desk, "submit", "review", "authorise")
    change = register.ask(account(1))
    said = at_once(
        register.desk,
        lambda work: release.release(work, someone("wang"), NOW, number),
        lambda work: personchanges.review(work, register.desk.home, who("feng"), NOW, change.change_id, accept=True),
    )
    assert (*said, _state(register.desk, number)) in (("", "SB3109", "released"), ("SB3038", "", "authorised"))
