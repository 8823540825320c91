"""PostgreSQL cuts the big tables by book and year: made by the database, guarded as their tables, and no door of their own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ledger import accounts, partitions
from ledger.db import UnitOfWork, metadata, reading
from ledger.entries import ContributionRow
from ledger.errors import DatabaseRefusal
from ledger.funds import Fund
from ledger.months import Month
from ledger.person_accounts import errors as _  # noqa: F401  # puts SB1426 among the codes that the database may raise
from ledger.posting import Signed, post
from ledger.schema import GUARDS, run_guards
from tests.ledger.store import JANUARY, opened, simple
from tests.ledger.test_subledgers import contributed

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"

OFFICE_WIDE = {
    "shebao_unit": "the agency itself, above its books",
    "shebao_chain": "one trail for the whole office, each record bound to the one before",
    **dict.fromkeys(("shebao_chain_salt", "shebao_chain_erasure", "shebao_redaction", "shebao_redaction_step"), "the trail is the office's"),
    "shebao_user": "people act in many books",
    "shebao_grant": "duties of people",
    "shebao_session": "people signed in",
    "shebao_duty_pair": "which duties exclude each other",
    "shebao_source_file": "a file may speak of several funds",
    "shebao_source_coverage": "what a file covers, by fund",
    "shebao_source_use": "who may rely on a file",
    **dict.fromkeys(("shebao_duty_request", "shebao_duty_step", "shebao_relative", "shebao_relative_step"), "people act in many books"),
    **dict.fromkeys(("shebao_password", "shebao_session_proof", "shebao_totp", "shebao_totp_step", "shebao_totp_use"), "who signs in"),
    **dict.fromkeys(("shebao_recovery_set", "shebao_recovery_use"), "who signs in"),
    **dict.fromkeys(("shebao_token", "shebao_token_act", "shebao_token_signature"), "seals and keys are the office's"),
    **dict.fromkeys(("shebao_handover", "shebao_handover_signature"), "posts are handed over with all their books"),
    **dict.fromkeys(("shebao_roster_freeze", "shebao_roster_thaw"), "a freeze may hold for every fund"),
    **dict.fromkeys(("shebao_clearing", "shebao_clearing_decision"), "numbered over all rosters"),
    **dict.fromkeys(("shebao_sweep", "shebao_sweep_rule", "shebao_sweep_rule_text", "shebao_finding", "shebao_finding_history"), "a sweep looks at every fund"),
    **dict.fromkeys(("shebao_finding_conclusion", "shebao_finding_review"), "a lead may touch several funds"),
    "shebao_approval": "signatures by kind of paper, then by book",
    "shebao_register_step": "what each register's file allows",
}
"""Tables whose key does not begin with the book, and why; the register of persons (shebao_person…) is the office's too: one person, many funds."""


@pytest.fixture
def engine(postgres_url: str, request: pytest.FixtureRequest) -> sa.Engine:
    """A store on PostgreSQL with one book opened in January 2026."""
    server, name = request.getfixturevalue("postgres"), f"cut_{abs(hash(request.node.name)) % 10**9}"
    server.run(f"CREATE DATABASE {name} TEMPLATE template1")
    request.addfinalizer(lambda: server.run(f"DROP DATABASE {name} WITH (FORCE)"))
    return opened(server.url(name))


def names(engine: sa.Engine, table: str) -> set[str]:
    """Names of a table's partitions, without the table's own."""
    with reading(engine) as connection:
        return {one.name.removeprefix(f"shebao_{table}_") for one in partitions.known(connection) if one.table == f"shebao_{table}"}


def faults(engine: sa.Engine) -> list[str]:
    """What the proof of partitions finds."""
    with reading(engine) as connection:
        return list(partitions.faults(connection))


def put(engine: sa.Engine, *statements: str) -> None:
    """Runs statements in one transaction."""
    with UnitOfWork(engine) as work:
        for statement in statements:
            work.connection.exec_driver_sql(statement)
        work.commit()


def enter(engine: sa.Engine, rows: list[ContributionRow]) -> None:
    """Posts contributions with their entry."""
    with UnitOfWork(engine) as work:
        post(work, 1, contributed(rows), PEOPLE, NOW, rows)
        work.commit()


def months(engine: sa.Engine, through: Month) -> None:
    """Opens every month through the one given."""
    with UnitOfWork(engine) as work:
        month = JANUARY
        while month < through:
            month = month + 1
            accounts.open_period(work, 1, month)
        work.commit()


def test_every_key_begins_with_the_book() -> None:
    """So books can be cut apart, and sharded: a table whose key does not begin with the book is listed with its reason."""
    import controls.account_changes.tables
    import controls.voucher_tables  # noqa: F401

    odd = {table.name for table in metadata.sorted_tables if next(iter(table.primary_key)).name != "book_id"}
    assert {name for name in odd if not name.startswith("shebao_person")} == OFFICE_WIDE.keys() & odd
    assert {name for name in odd if name.startswith("shebao_person_account")} == set()


def test_a_book_is_opened_with_its_partitions(engine: sa.Engine) -> None:
    """Entries and lines get a partition a book; payouts and contributions this year, the next, all before, and one for what fits nowhere."""
    assert names(engine, "line") == names(engine, "entry") == names(engine, "person_account_act") == {"b1", "other"}
    assert names(engine, "payout") == names(engine, "contribution") == {"b1", "b1_before", "b1_y2026", "b1_y2027", "b1_other", "other"}
    assert faults(engine) == []


def test_a_year_is_opened_with_its_month(engine: sa.Engine) -> None:
    """Opening January makes the partition of the year after, so that it stands before anything can need it."""
    months(engine, Month(2026, 12))
    assert "b1_y2028" not in names(engine, "payout")
    with UnitOfWork(engine) as work:
        accounts.open_period(work, 1, Month(2027, 1))
        work.commit()
    assert {"b1_y2027", "b1_y2028"} <= names(engine, "payout") and faults(engine) == []


def test_rows_fall_into_book_and_year(engine: sa.Engine) -> None:
    """A posted row lies in its book's partition of its year of entitlement, an old one in the partition before; the table still reads as one."""
    enter(engine, [("1", "own", 202600, 100, "4001"), ("2", "own", 201900, 50, "4001"), ("2", "own", 202700, 7, "4001")])
    with reading(engine) as connection:
        lying = dict(connection.exec_driver_sql("SELECT tableoid::regclass::text, SUM(amount_fen) FROM shebao_contribution GROUP BY 1").all())  # type: ignore[arg-type]
    assert lying == {"shebao_contribution_b1_y2026": 100, "shebao_contribution_b1_before": 50, "shebao_contribution_b1_y2027": 7}
    assert faults(engine) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO shebao_payout_b1_y2026 VALUES (1, 7, '1', 'x', 202601, 5, '500101')", "SB1309"),
        ("INSERT INTO shebao_payout_b1 VALUES (1, 7, '1', 'x', 202601, 5, '500101')", "SB1309"),
        ("INSERT INTO shebao_payout_other VALUES (9, 7, '1', 'x', 202601, 5, '500101')", "SB1309"),
        ("INSERT INTO shebao_contribution_b1_other VALUES (1, 7, '1', 'x', 209901, 5, '4001')", "SB1309"),
        ("UPDATE shebao_contribution_b1_y2026 SET amount_fen = 1", "SB1303"),
        ("DELETE FROM shebao_contribution_b1_y2026", "SB1303"),
        ("TRUNCATE shebao_contribution_b1_y2026", "SB1303"),
        ("TRUNCATE shebao_contribution_b1", "SB1303"),
        ("UPDATE shebao_line_b1 SET amount_fen = 1", "SB1303"),
        ("DELETE FROM shebao_line_b1", "SB1303"),
        ("TRUNCATE shebao_line_b1", "SB1303"),
        ("UPDATE shebao_entry_b1 SET summary = 'x'", "SB1303"),
        ("DELETE FROM shebao_entry_b1", "SB1303"),
        ("INSERT INTO shebao_line_b1 VALUES (1, 1, 3, '1003', 'D', 5, '', '')", "SB1309"),
        ("DELETE FROM shebao_person_account_act_b1", "SB1426"),
        ("TRUNCATE shebao_person_account_year_b1", "SB1426"),
    ],
)
def test_a_partition_is_no_door(engine: sa.Engine, statement: str, code: str) -> None:
    """L3, L5: writing straight into a partition meets the guard of its table."""
    enter(engine, [("1", "own", 202600, 100, "4001")])
    if "person_account" in statement:
        with UnitOfWork(engine) as work:
            run_guards(work.connection, GUARDS.parent / "person_account_guards")
            for table in ("shebao_person_account_act", "shebao_person_account_year"):
                work.connection.exec_driver_sql(f"SELECT shebao_partition_guards('{table}', '{table}_b1')")
            work.commit()
    with pytest.raises(DatabaseRefusal, match=code):
        put(engine, statement)


def test_a_whole_entry_through_partitions_is_guarded_too(engine: sa.Engine) -> None:
    """L4, L8: a header written into a partition is numbered without a gap, and a line there moves the kept balance."""
    people, rest = "'a', 'b', 'a', 'x'", "0, NULL, 2, 100, NULL, 0, 0, '', NULL, 0, 0, '', 'd')"
    head = f"INSERT INTO shebao_entry_b1 VALUES (1, {{n}}, 202601, '记', {{n}}, '2026-01-05', 'now', '', 's', 0, {people}, 't{{n}}', {rest}"
    with pytest.raises(DatabaseRefusal, match="SB1301"):
        put(engine, head.format(n=2))
    lines = [f"INSERT INTO shebao_line_b1 VALUES (1, 1, {leg}, 100, '', '')" for leg in ("1, '1003', 'D'", "2, '4001', 'C'")]
    put(engine, head.format(n=1), *lines, "INSERT INTO shebao_seal VALUES (1, 1)")
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT SUM(debit_fen), SUM(credit_fen) FROM shebao_balance").one() == (100, 100)
    with pytest.raises(DatabaseRefusal, match="SB1301"):
        put(engine, head.format(n=1))


def test_a_line_lies_under_an_entry_of_its_book(engine: sa.Engine) -> None:
    """L2, L3: with every guard of lines switched off, a line without its entry is still refused, in whichever partition it would lie."""
    parts = ("shebao_line", "shebao_line_b1", "shebao_line_other", "shebao_document", "shebao_document_b1")
    off = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in parts]
    for row in ("shebao_line VALUES (1, 9, 1, '1003', 'D', 5, '', '')", "shebao_document VALUES (1, 'x', 9)", "shebao_document VALUES (9, 'x', 9)"):
        with pytest.raises(sa.exc.IntegrityError, match="shebao_of_entry"):
            put(engine, *off, f"INSERT INTO {row}")


def test_a_second_book_gets_its_own(engine: sa.Engine) -> None:
    """Books are apart: the second has partitions of its own, and one entry each lies in its book's."""
    with UnitOfWork(engine) as work:
        chart = [accounts.BookAccount(c, c, c, "D", "asset", "", True, "toy", "2018-01-01", "") for c in ("1003", "4001")]
        accounts.open_book(work, 2, "U1", Fund.U, "toy", JANUARY, chart)
        for book_id in (1, 2):
            post(work, book_id, simple(), PEOPLE, NOW)
        work.commit()
    with reading(engine) as connection:
        counted = connection.exec_driver_sql("SELECT tableoid::regclass::text, COUNT(*) FROM shebao_line GROUP BY 1 ORDER BY 1").all()
    assert [tuple(row) for row in counted] == [("shebao_line_b1", 2), ("shebao_line_b2", 2)] and faults(engine) == []


def test_what_came_before_its_year_is_named_and_kept(engine: sa.Engine) -> None:
    """A row of a year not yet made waits in the default partition, where the proof names it; opening years makes that partition theirs, and nothing is lost."""
    enter(engine, [("1", "own", 203100, 100, "4001")])
    assert faults(engine) == ["shebao_contribution_b1_other 应为空，有内容"]
    months(engine, Month(2027, 1))
    assert faults(engine) == []
    assert "b1_y2028_y2031" in names(engine, "contribution")
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT SUM(amount_fen) FROM shebao_contribution_b1_y2028_y2031").scalar() == 100
    with pytest.raises(DatabaseRefusal, match="SB1309"):
        put(engine, "INSERT INTO shebao_contribution_b1_other VALUES (1, 7, '1', 'x', 209901, 5, '4001')")


def test_what_is_amiss_with_partitions_is_named(engine: sa.Engine) -> None:
    """A guard switched off on a partition, one dropped, and a partition taken away are each named."""
    put(engine, "ALTER TABLE shebao_line_b1 DISABLE TRIGGER shebao_line_keep", "DROP TRIGGER shebao_payout_keep ON shebao_payout_b1_before")
    put(engine, "ALTER TABLE shebao_contribution_b1 DETACH PARTITION shebao_contribution_b1_y2027", "DROP TABLE shebao_contribution_b1_y2026")
    put(engine, "ALTER TABLE shebao_entry DETACH PARTITION shebao_entry_other", "DROP TABLE shebao_payout_other")
    put(engine, "ALTER TABLE shebao_document_b1 DROP CONSTRAINT shebao_of_entry")
    found = faults(engine)
    assert "shebao_document_b1 缺对本账套凭证的引用" in found and "shebao_line_b1 缺对本账套凭证的引用" not in found
    assert "shebao_line_b1 缺守护规则 shebao_line_keep" in found and "shebao_payout_b1_before 缺守护规则 shebao_payout_keep" in found
    assert "shebao_contribution_b1 缺 2026 年的分区" in found


def test_a_row_is_sought_in_its_own_partition(engine: sa.Engine) -> None:
    """A lookup by book and number reads the partitions of that book alone."""
    with reading(engine) as connection:
        plan = connection.exec_driver_sql("EXPLAIN SELECT * FROM shebao_payout WHERE book_id = 1 AND source_id = 3 AND number = '1' AND period = 202601").all()
    told = " ".join(str(row[0]) for row in plan)
    assert "shebao_payout_b1_y2026" in told and "y2027" not in told and "other" not in told
