"""Guards twice: the register's rules with Python out of the way and with the database's guards gone; and spans that keep their promise."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import person_acts, persons
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.errors import DatabaseRefusal
from ledger.errors_persons import NotTwoPeople, NumberTaken
from ledger.person_acts import BankAccount, Signed
from ledger.person_tables import PERSON_TABLES, STATUSES
from ledger.spans import FIRST, LAST, Piece, on, overlay
from tests.ledger.person_store import NOW, load, number, register, row

OPEN = "INSERT INTO shebao_person_knowledge VALUES ({no}, '{known}', 'now', '{kind}', {signed}, {source}, '', '{asked}', '{reviewed}', 'open', '')"
ACCOUNT = "INSERT INTO shebao_person_bank_account VALUES ('R', 1, {no}, '6228480000000000017', '甲1', 'self', '', '2026-02-01', '9999-12-31', {signed})"
DAYS = [date(2026, 1, 1) + timedelta(days) for days in range(12)]


def raw(engine: sa.Engine, *statements: str) -> None:
    with UnitOfWork(engine) as work:
        for statement in statements:
            work.connection.exec_driver_sql(statement)
        work.commit()


def opened(no: int = 3, known: str = "2026-02-01", kind: str = "change", signed: int = 1, source: int = 9, asked: str = "chen", reviewed: str = "li") -> str:
    return OPEN.format(no=no, known=known, kind=kind, signed=signed, source=source, asked=asked, reviewed=reviewed)


def without_guards(engine: sa.Engine) -> None:
    """Takes every trigger of the register away."""
    if engine.dialect.name == "postgresql":
        raw(engine, *(f"ALTER TABLE {table.name} DISABLE TRIGGER USER" for table in PERSON_TABLES))
        return
    with reading(engine) as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'shebao_person%'").scalars().all()
    raw(engine, *(f"DROP TRIGGER {name}" for name in names))


def full(url: str) -> sa.Engine:
    """A register with two persons, a former name and an earlier number: knowledge 1 and 2."""
    engine = register(url)
    load(engine, 1, row(1, former_name="甲壹"), row(2))
    with UnitOfWork(engine) as work:
        person_acts.add_number(work, Signed("chen", "li", 1, date(2026, 1, 15), NOW), 2, "N-OLD", "", True)
        work.commit()
    return engine


LOADING = opened(kind="load", signed=0, source=2, reviewed="")
COPY = "INSERT {how}INTO shebao_person SELECT {id}, birth, sex, {number}, '', 1, '乙', '乙', 3 FROM shebao_person WHERE person_id = 1"
REFUSED: list[tuple[str, tuple[str, ...]]] = [
    ("SB1404", (opened(reviewed="chen"),)),
    ("SB1404", (opened(reviewed=""),)),
    ("SB1404", (opened(signed=0),)),
    ("SB1404", (opened(kind="load"),)),
    ("SB1402", (opened(known="2026-01-14"),)),
    ("SB1402", (opened(no=4),)),
    ("SB1402", (opened(), opened(no=4, source=10))),
    ("SB1402", (opened().replace("'open'", "'closed'"),)),
    ("SB1409", (opened(kind="load", signed=0, source=1, reviewed=""),)),
    ("SB1409", (ACCOUNT.format(no=2, signed=1),)),
    ("SB1409", (LOADING, ACCOUNT.format(no=3, signed=1))),
    ("SB1409", ("UPDATE shebao_person_name SET name = '乙'",)),
    ("SB1409", ("UPDATE shebao_person SET number = 'x'",)),
    ("SB1409", ("DELETE FROM shebao_person_status",)),
    ("SB1409", ("DELETE FROM shebao_person_knowledge",)),
    ("SB1409", ("UPDATE shebao_person_knowledge SET known_on = '2020-01-01'",)),
    ("SB1409", ("UPDATE shebao_person_knowledge SET state = 'open'",)),
    ("SB1405", (LOADING, COPY.format(how="", id=7, number="'N-OLD'"))),
    ("SB1405", (opened(), f"INSERT INTO shebao_person_number VALUES (1, 3, '{number(2)}', '', 1, '0001-01-01', '9999-12-31', 1)")),
    ("SB1405", (opened(), "INSERT INTO shebao_person_number VALUES (1, 3, 'N-OLD', '', 1, '0001-01-01', '9999-12-31', 1)")),
    ("SB1407", (opened(), "INSERT INTO shebao_person_status VALUES ('E', '620821', 1, 3, '2026-01-01', '9999-12-31', 'dead', 1)")),
]


@pytest.mark.parametrize(("code", "statements"), REFUSED)
def test_the_database_alone_keeps_the_register(store_url: str, code: str, statements: tuple[str, ...]) -> None:
    """With Python out of the way: two signers, the order of knowing, closed acts, one person a number, registrations that exist, nothing changed or deleted."""
    engine = full(store_url)
    with pytest.raises(DatabaseRefusal, match=code):
        raw(engine, *statements)


def test_a_span_that_ends_before_it_begins_is_no_span(store_url: str) -> None:
    """The database takes no empty or reversed span and no account without its two signers, whatever the triggers say."""
    engine = register(store_url)
    load(engine, 1, row(1))
    without_guards(engine)
    for statement in (
        "INSERT INTO shebao_person_name VALUES (1, 1, '乙', '乙', '2026-02-01', '2026-02-01', 0)",
        ACCOUNT.format(no=1, signed=0),
        opened(asked="li"),
    ):
        with pytest.raises(sa.exc.IntegrityError):
            raw(engine, statement)


def test_python_alone_keeps_the_register(store_url: str) -> None:
    """With the database's guards gone, two signers and one person a number are still asked for."""
    engine = register(store_url)
    load(engine, 1, row(1), row(2))
    without_guards(engine)
    account = BankAccount("6228480000000000017", "甲1", "self", "")
    with UnitOfWork(engine) as work, pytest.raises(NotTwoPeople):
        person_acts.set_bank_account(work, Signed("li", "li", 1, date(2026, 2, 1), NOW), 1, "R", account, date(2026, 2, 1))
    with UnitOfWork(engine) as work, pytest.raises(NumberTaken):
        person_acts.add_number(work, Signed("chen", "li", 1, date(2026, 2, 1), NOW), 1, number(2), "", True)


REPLACED = (
    (LOADING, COPY.format(how="OR REPLACE ", id=1, number="'X1'")),
    (LOADING, COPY.format(how="OR REPLACE ", id=9, number="number")),
    (LOADING, "INSERT OR REPLACE INTO shebao_person_registration SELECT fund, region, person_id, '', '', 3 FROM shebao_person_registration"),
    ("INSERT OR REPLACE INTO shebao_person_knowledge SELECT * FROM shebao_person_knowledge",),
)


@pytest.mark.parametrize("statements", REPLACED)
def test_replace_opens_no_back_door(tmp_path: Path, statements: tuple[str, ...]) -> None:
    """SQLite's INSERT OR REPLACE overwrites neither a person nor a span nor an act."""
    engine = full(sqlite_url(tmp_path / "store.sqlite"))
    with pytest.raises(DatabaseRefusal, match=r"SB1409|SB1405"):
        raw(engine, *statements)


SAID = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12), st.sampled_from(STATUSES)), max_size=12)


@given(SAID)
def test_spans_laid_over_one_another_are_the_days_last_said(said: list[tuple[int, int, str]]) -> None:
    """Spans stay half-open, in order and without overlap, and every day has the value that was said of it last."""
    pieces = [Piece(DAYS[0] + timedelta(start), DAYS[0] + timedelta(start + length), value) for start, length, value in said]
    found = overlay(pieces)
    assert all(one.from_on < one.to_on for one in found)
    assert all(one.to_on <= later.from_on for one, later in pairwise(found))
    for offset in range(26):
        day = DAYS[0] + timedelta(offset)
        assert on(found, day) == next((piece.value for piece in reversed(pieces) if day in piece), None)


CHANGES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 11), st.one_of(st.none(), st.integers(1, 8)), st.sampled_from(STATUSES), st.booleans()), max_size=7
)


@settings(max_examples=12, deadline=None)
@given(CHANGES)
def test_answers_are_those_of_a_simple_model_on_sqlite(changes: list[tuple[int, int, int | None, str, bool]]) -> None:
    """On SQLite: whatever is said in whatever order, "as known on D, on E" is what a list of all that was said answers."""
    with TemporaryDirectory() as folder:
        _like_the_model(sqlite_url(Path(folder) / "model.sqlite"), changes)


def test_answers_are_those_of_a_simple_model(store_url: str) -> None:
    """On both databases: corrections of the past, gaps and ends, and the same day known twice, answer as the model does."""
    _like_the_model(
        store_url,
        [(0, 3, None, "drawing", True), (0, 5, 4, "suspended", False), (2, 4, 2, "ended", True), (1, 0, 12, "enrolled", True), (0, 6, None, "dead", False)],
    )


def _like_the_model(url: str, changes: list[tuple[int, int, int | None, str, bool]]) -> None:
    """Each change: days until it becomes known, its first day, its length (None: for good), its status, and whether an account changes with it."""
    engine = register(url)
    load(engine, 1, row(1, first_month=None, start_month=None, benefit_status=""), known="2026-01-01")
    known, said, paid = DAYS[0], [(DAYS[0], Piece(DAYS[0], LAST, "enrolled"))], []
    for place, (later, start, length, status, account) in enumerate(changes, 1):
        known += timedelta(later)
        from_on, to_on = DAYS[start], LAST if length is None else DAYS[start] + timedelta(length)
        with UnitOfWork(engine) as work:
            person_acts.set_status(work, Signed("chen", "li", 2 * place, known, NOW), 1, "R", "620821", status, from_on, to_on)
            if account:
                new = BankAccount(f"62284800000{place:04d}", "甲1", "self", "")
                person_acts.set_bank_account(work, Signed("li", "chen", 2 * place + 1, known, NOW), 1, "R", new, from_on, to_on)
                paid.append((known, Piece(from_on, to_on, new.bank_account)))
            work.commit()
        said.append((known, Piece(from_on, to_on, status)))
    _compare(engine, said, paid, known)
    engine.dispose()


def _compare(engine: sa.Engine, said: list[tuple[date, Piece[str]]], paid: list[tuple[date, Piece[str]]], last: date) -> None:
    with reading(engine) as connection:
        for offset in range((last - DAYS[0]).days + 1):
            asked = DAYS[0] + timedelta(offset)
            history = persons.history(connection, 1, asked)
            for spans in (history.statuses, history.bank_accounts):
                assert all(one.to_on <= later.from_on for one, later in pairwise(spans))
                assert all(FIRST <= one.from_on < one.to_on <= LAST and one.known_on <= asked for one in spans)
            for day in (*DAYS, DAYS[-1] + timedelta(20)):
                told = next((piece.value for since, piece in reversed(said) if since <= asked and day in piece), None)
                account = next((piece.value for since, piece in reversed(paid) if since <= asked and day in piece), None)
                assert next((span.status for span in history.statuses if span.from_on <= day < span.to_on), None) == told
                assert next((span.bank_account for span in history.bank_accounts if span.from_on <= day < span.to_on), None) == account
