"""Awards in the store: guarded on both databases, proved from the trail, and held against the roster before it is paid."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

import controls
from controls import answers, signoff
from controls import roster as rosters
from controls.award_tables import AWARD_TABLES
from controls.benefits import awards
from controls.benefits.errors import AwardWrong
from controls.errors import SamePerson
from controls.errors_payment import NoReason, StaleCheck
from controls.screening import Outcome
from ledger import accounts
from ledger.db import reading, sqlite_url
from ledger.errors import DatabaseRefusal
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.schema import run_guards
from shebao.evidence_awards import kept
from tests.controls.benefits.award_desk import ASSESSOR, REVIEWER, granted, law, number, pension, staffed
from tests.controls.payment_desk import NOW, Desk, desk, five_people, line, someone
from tests.controls.test_replace import unique

LATER = NOW.replace("09:00", "11:00")


def guarded(url: str, home: Path) -> Desk:
    """The office with the guards of awards laid."""
    made = staffed(desk(url, home))
    with made.unit() as work:
        run_guards(work.connection, Path(controls.__file__).parent / "award_guards")
        work.commit()
    return made


def proved(made: Desk) -> str:
    with reading(made.engine) as connection:
        return kept(connection, accounts.book_of(connection, Fund.R))


GUARDED = {
    "a changed sum": ("UPDATE shebao_award SET fen = fen + 1 WHERE award_no = 2", "SB3350"),
    "a changed person": ("UPDATE shebao_award SET number = 'x', state = 'reviewed', reviewed_by = 'li', reviewed_at = 'z' WHERE award_no = 2", "SB3350"),
    "a review by the assessor": ("UPDATE shebao_award SET state = 'reviewed', reviewed_by = 'he', reviewed_at = '2026-01-16' WHERE award_no = 2", "SB3002"),
    "a review without the duty": ("UPDATE shebao_award SET state = 'reviewed', reviewed_by = 'zhao', reviewed_at = '2026-01-16' WHERE award_no = 2", "SB3001"),
    "a second signature": (
        "UPDATE shebao_award SET state = 'rejected', reviewed_by = 'li', reviewed_at = '2026-01-16', note = 'x' WHERE award_no = 1", "SB3350"
    ),
    "sent back without a reason": ("UPDATE shebao_award SET state = 'rejected', reviewed_by = 'li', reviewed_at = '2026-01-16' WHERE award_no = 2", "SB3350"),
    "an award taken out": ("DELETE FROM shebao_award WHERE award_no = 2", "SB3350"),
    "an item changed": ("UPDATE shebao_award_item SET fen = 1", "SB3350"),
    "an item taken out": ("DELETE FROM shebao_award_item", "SB3350"),
    "an item put in": ("INSERT INTO shebao_award_item SELECT book_id, 2, 'x', number, from_month, 5, 0 FROM shebao_award WHERE award_no = 2", "SB3350"),
    "a number left out": (
        "INSERT INTO shebao_award SELECT book_id, 9, number, scheme, law, from_month, given, fen, items, digest, content, 'assessed', assessed_by, assessed_at,"
        " '', '', '' FROM shebao_award WHERE award_no = 2", "SB3350",
    ),
    "an assessor without the duty": (
        "INSERT INTO shebao_award SELECT book_id, 3, number, scheme, law, from_month, given, fen, items, digest, content, 'assessed', 'zhao', assessed_at,"
        " '', '', '' FROM shebao_award WHERE award_no = 2", "SB3001",
    ),
}  # fmt: skip


def test_the_database_guards_awards_with_the_program_out_of_the_way(store_url: str, tmp_path: Path) -> None:
    """C1, C6: on both databases nothing of an award is changed, taken out or signed otherwise than by another who holds the duty (SB3350, SB3001, SB3002)."""
    made = guarded(store_url, tmp_path / "home")
    granted(made, (1, pension(2001)))
    granted(made, (2, pension(2002)), reviewed=False)
    for name, (statement, code) in GUARDED.items():
        with pytest.raises((DatabaseRefusal, sa.exc.DatabaseError), match=code), made.unit() as work:
            work.connection.exec_driver_sql(statement)
            raise AssertionError(name)
    assert proved(made) == "2 份待遇核定与留痕相符，1 份经另一人复核"


def test_awards_are_signed_by_two_and_sent_back_with_a_reason(store_url: str, tmp_path: Path) -> None:
    """C1: the reviewer is another, what is sent back says why and is signed no more, several are recorded in one step, all or none (SB3351)."""
    made = guarded(store_url, tmp_path / "home")
    first, second = granted(made, (1, pension(2001)), (2, pension(2002)), reviewed=False)
    assert (first.fen, second.label, first.state) == (18301, "1-2", "assessed")
    both = replace(ASSESSOR, duties=REVIEWER.duties)
    with made.unit() as work:
        with pytest.raises(SamePerson):
            awards.reject(work, NOW, both, Fund.R, 1, "不对")
        with pytest.raises(NoReason):
            awards.reject(work, NOW, REVIEWER, Fund.R, 1, " ")
        with pytest.raises(AwardWrong, match="没有这份核定"):
            awards.reject(work, NOW, REVIEWER, Fund.R, 7, "不对")
        with pytest.raises(AwardWrong, match="一个起始月"):
            awards.assess_many(work, NOW, ASSESSOR, [])
        with pytest.raises(AwardWrong, match="无法识别"):
            awards.assess(work, NOW, ASSESSOR, "", pension(1))
        back, _ = awards.reject(work, NOW, REVIEWER, Fund.R, 1, "账户储存额不对")
        with pytest.raises(AwardWrong, match="已退回"):
            awards.reject(work, NOW, REVIEWER, Fund.R, 1, "再退")
        assert (back.state, back.note) == ("rejected", "账户储存额不对")
        assert awards.recorded(work.connection, number(1), pension(2001)) == []
        assert [one.award_no for one in awards.listed(work.connection, 1, state="assessed")] == [2]
        assert ("基础养老金", 16300, 1) in awards.items_of(work.connection, 1, 2)
        work.commit()
    assert proved(made) == "2 份待遇核定与留痕相符，0 份经另一人复核"


def test_an_award_is_reckoned_again_from_its_own_facts(store_url: str, tmp_path: Path) -> None:
    """An award gives the same digest again under the same law; when a figure of the past was changed it is refused (SB3351)."""
    made = guarded(store_url, tmp_path / "home")
    (one,) = granted(made, (1, pension(2001)))
    assert awards.reckoned(one, law()).total == 18301
    with pytest.raises(AwardWrong, match="重算"):
        awards.reckoned(one, law(central=16400))


def check(made: Desk, roster_id: int, control: str = "核对", now: str = NOW) -> Outcome:
    """The check before payment with an office's own choice."""
    known = law(control=control)
    with patch.object(Parameters, "load", lambda: known):
        return made.check(roster_id, now=now)


def leads(made: Desk, roster_id: int) -> dict[tuple[str, str, str], tuple[int, bool]]:
    with reading(made.engine) as connection:
        found = answers.findings(connection, rosters.get(connection, roster_id))
        return {(one.rule, one.number[-4:-1], one.reason.split()[1]): (one.fen, one.blocking) for one in found}


def test_a_roster_is_held_against_the_awards_before_it_is_paid(store_url: str, tmp_path: Path) -> None:
    """A line that differs from its reviewed award and an item left out are leads; who has no award is counted; with 要求 both are blocked."""
    made = guarded(store_url, tmp_path / "home")
    granted(made, (1, pension(2001)), (2, pension(2003)), (3, pension(2003)))
    granted(made, (3, pension(9999)), reviewed=False)
    granted(made, (5, pension(2005, Month(2025, 12))))
    granted(made, (5, pension(2006, Month(2026, 2))))
    rows = [row for row in five_people() if row["seq"] != 8] + [line(11, 4, "补发基础养老金", 500, period=202512, item_class="arrears")]
    roster_id = made.build(rows)
    found = check(made, roster_id)
    assert found.awards == {"granted": 6, "differs": 1, "without": 2, "lacking": 1}
    assert leads(made, roster_id) == {
        ("B1-AWARD-DIFFERS", "002", "个人账户养老金"): (1, False), ("B3-AWARD-NOT-PAID", "003", "个人账户养老金"): (2003, False),
    }  # fmt: skip
    held = check(made, roster_id, "要求")
    assert (held.blocking, held.warnings) == (3, 1)
    assert leads(made, roster_id)[("B2-NO-AWARD", "004", "基础养老金")] == (16300, True)


def test_without_awards_a_roster_passes_until_the_office_demands_them(store_url: str, tmp_path: Path) -> None:
    """Before the first reviewed award nothing is compared; 要求 holds every monthly line without one."""
    made = guarded(store_url, tmp_path / "home")
    granted(made, (1, pension(2001)), reviewed=False)
    roster_id = made.build()
    assert check(made, roster_id).awards == {}
    found = check(made, roster_id, "要求")
    assert (found.awards["without"], found.blocking) == (10, 10)


def test_an_award_reviewed_after_the_check_makes_it_stale(store_url: str, tmp_path: Path) -> None:
    """SB3038: a roster is checked again when somebody on it was awarded anew."""
    made = guarded(store_url, tmp_path / "home")
    roster_id = made.build()
    check(made, roster_id)
    granted(made, (2, pension(2003)), now=LATER)
    with pytest.raises(StaleCheck, match="待遇核定 1"), made.unit() as work:
        signoff.submit(work, someone("zhang"), LATER, roster_id)
    assert check(made, roster_id, now=LATER).awards["differs"] == 1


def worked(url: str, home: Path) -> Desk:
    """Awards reviewed in one step, one sent back, one that waits."""
    made = guarded(url, home)
    granted(made, (1, pension(2001)), (2, pension(2002)))
    granted(made, (3, pension(2003)), reviewed=False)
    with made.unit() as work:
        awards.reject(work, NOW, REVIEWER, Fund.R, 3, "不对")
        work.commit()
    granted(made, (4, pension(2004)), reviewed=False)
    assert proved(made) == "4 份待遇核定与留痕相符，2 份经另一人复核"
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of those awards."""
    file = tmp_path_factory.mktemp("awards") / "store.sqlite"
    worked(sqlite_url(file), file.parent / "home").engine.dispose()
    return file


def test_no_award_is_replaced_through_any_of_its_keys(store: Path) -> None:
    """C6: INSERT OR REPLACE with one key of a row, or with the very same row, is refused by a guard."""
    database = sqlite3.connect(store, isolation_level=None)
    for table in AWARD_TABLES:
        row = database.execute(f"SELECT * FROM {table.name} LIMIT 1").fetchone()
        for key in unique(table):
            other = tuple(
                value if column.name in key else value + 1 if isinstance(value, int) else f"{value}x" for column, value in zip(table.c, row, strict=True)
            )
            for values in (other, tuple(row)):
                database.execute("BEGIN")
                with pytest.raises(sqlite3.IntegrityError, match="SB3"):
                    database.execute(f"INSERT OR REPLACE INTO {table.name} VALUES ({', '.join('?' * len(row))})", values)
                database.execute("ROLLBACK")
    database.close()
