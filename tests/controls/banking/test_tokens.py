"""Seals and keys: issued, handed over, lost and destroyed by two; what excludes one another never lies in one hand; the database says so alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.banking.errors import OtherBatch
from controls.duties import Actor
from controls.errors import NotAllowed, SamePerson
from controls.errors_payment import NotOut
from controls.tokens import store
from controls.tokens.errors import HolderConflict, NoKey, NoSuchToken, TokenWrong
from controls.tokens.store import Token
from ledger.db import UnitOfWork
from ledger.errors import DatabaseRefusal
from tests.controls.payment_desk import NOW, Desk, desk, someone

AUTHORISING = 2
"""The desk's key number 1 is zhou's (making), number 2 sun's (authorising)."""


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The desk of the payment chain; its two keys are issued."""
    return desk(store_url, tmp_path / "home")


def done(office: Desk, act: Callable[[UnitOfWork], Token]) -> Token:
    with office.unit() as work:
        made = act(work)
        work.commit()
    return made


def give(office: Desk, kind: str, label: str, user: str, by: str = "wang") -> Token:
    return done(office, lambda work: store.add(work, NOW, someone(by), kind, label, user))


def test_a_key_changes_hands_by_two_signatures(office: Desk) -> None:
    """The giver answers for it until the receiver signs; lost, it is nobody's from that moment, and a second person signs."""
    seal = give(office, "财务专用章", "C-1", "sun")
    assert (seal.holder, seal.state) == ("", "待签收")
    with pytest.raises(TokenWrong):
        done(office, lambda work: store.receive(work, NOW, someone("zhao"), seal.token_no))
    done(office, lambda work: store.receive(work, NOW, someone("sun"), seal.token_no))
    moved = done(office, lambda work: store.hand_over(work, NOW, someone("sun"), seal.token_no, "zhao", "轮岗"))
    assert moved.holder == "sun"
    with pytest.raises(TokenWrong):
        done(office, lambda work: store.hand_over(work, NOW, someone("sun"), seal.token_no, "zhao"))
    assert done(office, lambda work: store.receive(work, NOW, someone("zhao"), seal.token_no)).holder == "zhao"
    assert done(office, lambda work: store.end(work, NOW, someone("zhao"), seal.token_no, "lost", "遗失")).holder == ""
    with pytest.raises(NotAllowed):
        done(office, lambda work: store.witness(work, NOW, someone("zhao"), seal.token_no))
    assert done(office, lambda work: store.witness(work, NOW, someone("sun"), seal.token_no)).state == "已挂失"
    with pytest.raises(TokenWrong):
        done(office, lambda work: store.end(work, NOW, someone("wang"), seal.token_no, "lost", "又丢"))
    with pytest.raises(NoSuchToken):
        done(office, lambda work: store.receive(work, NOW, someone("sun"), 99))
    gone = done(office, lambda work: store.end(work, NOW, someone("wang"), seal.token_no, "destroyed", "换新章"))
    with pytest.raises(SamePerson):
        done(office, lambda work: store.witness(work, NOW, someone("wang"), gone.token_no))


def test_what_excludes_one_another_never_lies_in_one_hand(office: Desk) -> None:
    """SB2233: making and authorising key, finance and legal seal; only duties that may hold a kind are given it."""
    for kind, user in (("authorise_key", "zhou"), ("make_key", "sun"), ("make_key", "zhao"), ("legal_seal", "nobody")):
        with pytest.raises(HolderConflict):
            give(office, kind, "X-1", user)
    with pytest.raises(NotAllowed):
        give(office, "make_key", "X-1", "zhou", by="zhou")
    with pytest.raises(TokenWrong):
        give(office, "make_key", "make_key-zhou", "zhou")


def test_nothing_is_sent_before_the_second_key(office: Desk) -> None:
    """Made is not sent: no return, no debit; who made it, who holds no key, or another sum does not authorise."""
    from controls import bankfile

    number = office.released()
    office.make(number)
    with office.engine.connect() as connection:
        assert bankfile.totals(connection, number).sent == (0, 0)
        connection.rollback()
    with pytest.raises(NotOut):
        office.returned(number, office.answer_of_bank(number))
    with pytest.raises(NotAllowed):
        office.authorise(number, "zhou")
    with pytest.raises(OtherBatch):
        office.authorise(number, fen=1)
    done(office, lambda work: store.end(work, NOW, someone("sun"), AUTHORISING, "lost", "遗失"))
    with pytest.raises(NoKey):
        office.authorise(number)
    given = give(office, "authorise_key", "B-2", "sun")
    done(office, lambda work: store.receive(work, NOW, someone("sun"), given.token_no))
    assert office.authorise(number).token == given.token_no
    with pytest.raises(SamePerson):
        office.returned(number, office.answer_of_bank(number), user="sun")
    with pytest.raises(NotOut):
        office.authorise(number)


FORGED = {
    "INSERT INTO shebao_token VALUES (9, 'make_key', 'Z', '', 'wang', '{now}')": "SB2234",
    "INSERT INTO shebao_token VALUES (3, 'make_key', 'Z', '', 'zhou', '{now}')": "SB3001",
    "INSERT INTO shebao_token_act VALUES (1, 2, 'hand_over', 'zhou', 'zhou', '', 'zhou', '{now}')": "SB2232",
    "INSERT INTO shebao_token_act VALUES (1, 2, 'hand_over', 'sun', 'zhou', '', 'sun', '{now}')": "SB2232",
    "INSERT INTO shebao_token_act VALUES (1, 2, 'destroyed', 'zhou', '', 'x', 'zhou', '{now}')": "SB3001",
    "INSERT INTO shebao_token_act VALUES (1, 3, 'lost', 'zhou', '', 'x', 'zhou', '{now}')": "SB2234",
    "INSERT INTO shebao_token_signature VALUES (1, 1, 'zhou', '{now}')": "SB2234",
    "UPDATE shebao_token_act SET receiver = 'sun'": "SB2234",
    "DELETE FROM shebao_token_signature": "SB2234",
    "INSERT INTO shebao_bank_authorisation VALUES (1, {n}, 'x', 2, 'sun', '{now}')": "SB2235",
    "INSERT INTO shebao_bank_authorisation SELECT 1, {n}, sha256, 2, 'zhou', '{now}' FROM shebao_bank_batch": "SB3002",
    "INSERT INTO shebao_bank_authorisation SELECT 1, {n}, sha256, 2, 'zhao', '{now}' FROM shebao_bank_batch": "SB3001",
    "INSERT INTO shebao_bank_authorisation SELECT 1, {n}, sha256, 1, 'sun', '{now}' FROM shebao_bank_batch": "SB2231",
    "UPDATE shebao_roster SET payment = 'sent'": "SB3075",
}


def test_the_database_refuses_by_itself(office: Desk) -> None:
    """With Python out of the way each forged act on keys and batches is refused by its code."""
    number = office.released()
    office.make(number)
    for statement, code in FORGED.items():
        with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
            work.connection.execute(sa.text(statement.format(now=NOW, n=number)))
    with pytest.raises(DatabaseRefusal, match="SB2233"), office.unit() as work:
        work.connection.execute(sa.text(f"INSERT INTO shebao_token VALUES (3, 'authorise_key', 'Z', '', 'wang', '{NOW}')"))
        work.connection.execute(sa.text(f"INSERT INTO shebao_token_act VALUES (3, 1, 'issue', '', 'zhou', '', 'wang', '{NOW}')"))
        work.connection.execute(sa.text(f"INSERT INTO shebao_token_signature VALUES (3, 1, 'zhou', '{NOW}')"))


def test_who_made_does_not_authorise_though_both_duties_came_to_them(office: Desk) -> None:
    """S11: one person with both duties is still refused, by the role pair on the thing."""
    from controls import bank_authorising as authorising
    from controls.duties import Duty

    number = office.released()
    office.make(number)
    both = Actor("zhou", "周出纳", frozenset({Duty.CHECK}))
    with pytest.raises(SamePerson), office.unit() as work:
        authorising.authorise(work, both, NOW, number)
