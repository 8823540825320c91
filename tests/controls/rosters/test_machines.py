"""The three machines of a payment: every state with every transition, each taken where the table says so and refused with a code everywhere else."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from controls import roster
from controls.duties import Actor
from controls.errors import NotAllowed
from controls.rosterlaw.machines import CASE, PAYMENT, SIGNING, STATES, TRANSITIONS, Machine, Transition
from controls.rosters import cases
from ledger.db import UnitOfWork, sqlite_url
from ledger.errors import Refusal
from tests.approving import approved
from tests.controls.payment_desk import DEAD, NOW, STAFF, Desk, desk, someone, taken

LATE = "2026-04-20T09:00:00+08:00"
PROOF = "ab" * 32
NEEDS_TERM = {"expire"}


def function(one: Transition) -> Callable[..., Any]:
    """The one function that takes this transition."""
    module, _, name = one.function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def take(office: Desk, work: UnitOfWork, one: Transition, actor: Actor, number: int, returned: pa.Table | None) -> None:
    """Takes a transition of roster ``number`` (its held line 3) as ``actor``, in a unit that the caller undoes or commits."""
    act, now = function(one), LATE if one.step in NEEDS_TERM else NOW
    if one.machine is Machine.CASE:
        more = {"notify": (PROOF, "village"), "ask": ("alive", PROOF, "户籍证明.pdf"), "clear": (), "keep": ("证明不足",)}[one.step]
        act(work, actor, now, number, 3, *more)
    elif one.act == "roster.check":
        act(work, office.home, actor, now, number, screen=lambda lines, tables, *, as_of: [DEAD])
    elif one.act == "bankfile.make":
        approved(work, now, number)
        act(work, actor, now, number, office.home / "bank.csv")
    elif one.act == "bankfile.return":
        given = returned if returned is not None else pa.table({"line": pa.array([2], pa.int32()), "amount": pa.array([1])})
        act(work, office.home, taken(given, "bank-return", "回盘.csv"), actor, now, number)
    else:
        act(work, actor, now, number, *(("看不清",) if one.step in ("send_back", "withdraw") else ()))


def where(office: Desk, work: UnitOfWork, number: int) -> tuple[Any, ...]:
    """Where the machines stand: signing, payment, case, and how often it was checked."""
    made = roster.get(work.connection, number)
    held = cases.listed(work.connection, roster_id=number, seq=3)
    return made.state, made.payment, held[0].state if held else "", made.check_no


def cells(office: Desk, number: int, transitions: tuple[Transition, ...], state: str, returned: pa.Table | None = None) -> None:
    """Tries each transition from where the roster stands, undoing each."""
    for one in transitions:
        actor = next(someone(user) for user, (_, duty) in STAFF.items() if duty in one.duties)
        with office.unit() as work:
            before = where(office, work, number)
            said = ""
            try:
                take(office, work, one, actor, number, returned)
            except Refusal as refused:
                said = refused.code
            after = where(office, work, number)
        taken_here = state in one.sources
        assert (after != before) == taken_here, (one.machine, one.step, state, said)
        assert not (taken_here and said), (one.machine, one.step, state, said)
        if not taken_here and (one.act != "bankfile.make" or state not in ("made", "sent", "returned")):
            assert said.startswith("SB"), (one.machine, one.step, state)


def test_every_state_with_every_transition(tmp_path: Path) -> None:
    """A roster is led through all states of signing, payment and case; in each one exactly the named transitions are taken, the others refused."""
    office = desk(sqlite_url(tmp_path / "shebao.db"), tmp_path / "home")
    number = office.build()
    seen: set[tuple[Machine, str]] = set()

    def look() -> None:
        with office.unit() as work:
            signing, payment, case, _ = where(office, work, number)
        returned = office.answer_of_bank(number, 2) if payment in ("sent", "returned") else None
        for machine, transitions, state in ((Machine.SIGNING, SIGNING, signing), (Machine.PAYMENT, PAYMENT, payment)):
            if not (machine is Machine.PAYMENT and payment == "none" and signing != "authorised"):
                cells(office, number, transitions, state, returned)
                seen.add((machine, state))
        if case and signing == "released":
            cells(office, number, CASE, case)
            seen.add((Machine.CASE, case))

    def go(step: str, machine: tuple[Transition, ...], returned: pa.Table | None = None) -> None:
        one = next(item for item in machine if item.step == step)
        actor = next(someone(user) for user, (_, duty) in STAFF.items() if duty in one.duties)
        with office.unit() as work:
            take(office, work, one, actor, number, returned)
            work.commit()
        look()

    look()
    for step in ("check", "submit", "review", "authorise", "release"):
        go(step, SIGNING)
    for step in ("notify", "ask", "clear"):
        go(step, CASE)
    go("make", PAYMENT)
    go("authorise", PAYMENT)
    go("take", PAYMENT, office.answer_of_bank(number, 2))
    wanted = {(machine, state) for machine, states in STATES.items() for state in states} - {(Machine.SIGNING, "building"), (Machine.SIGNING, "withdrawn")}
    assert seen == wanted


def test_a_withdrawn_roster_goes_nowhere(tmp_path: Path) -> None:
    """From 已撤回 no transition of any machine leads on."""
    office = desk(sqlite_url(tmp_path / "shebao.db"), tmp_path / "home")
    number = office.build()
    withdraw = next(one for one in SIGNING if one.step == "withdraw")
    with office.unit() as work:
        take(office, work, withdraw, someone("zhang"), number, None)
        work.commit()
    cells(office, number, SIGNING, "withdrawn")
    cells(office, number, PAYMENT, "withdrawn")


def test_a_transition_is_one_function_with_one_duty_and_one_record(tmp_path: Path) -> None:
    """No two transitions of one machine share a function or an act, and whoever lacks the duty is refused with SB3001 wherever the roster stands."""
    for machine in Machine:
        mine = [one for one in TRANSITIONS if one.machine is machine]
        assert len({one.function for one in mine}) == len({one.act for one in mine}) == len(mine)
        assert {state for one in mine for state in (*one.sources, one.target)} <= set(STATES[machine])
    office = desk(sqlite_url(tmp_path / "shebao.db"), tmp_path / "home")
    number = office.build()
    for one in (*SIGNING, *CASE):
        for user, (_, duty) in STAFF.items():
            if duty not in one.duties:
                with pytest.raises(Refusal) as refused, office.unit() as work:
                    take(office, work, one, someone(user), number, None)
                assert isinstance(refused.value, NotAllowed) or refused.value.code in ("SB3033", "SB2178"), (one.step, user, refused.value.code)
