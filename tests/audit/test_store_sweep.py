"""`shebao audit sweep` out of the store: what it reads, what it keeps of each lead, what it does not run again."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest
import sqlalchemy as sa

from audit.errors import NothingPaid
from audit.store_sweep import Asked, sweep_store
from controls.checks.selftest import SelfTest, self_test
from controls.errors import NotAllowed
from controls.sweeps import kept
from controls.sweeps.errors import SweepOutOfOrder
from ledger.db import UnitOfWork, reading
from ledger.errors import DatabaseRefusal
from ledger.months import Month
from shebao import evidence_sweeps
from tests.audit.swept_office import HE, RULES, TAO, Swept, months, office
from tests.controls.payment_desk import NOW, five_people, someone

D1 = "D1-POSTHUMOUS"


@pytest.fixture
def dead(store_url: str, tmp_path: Path) -> Swept:
    """Half a year of three people, of whom 张建国 died in March."""
    made = office(store_url, tmp_path / "o")
    made.take("payments", months("A", 202401, 202406) + months("B", 202401, 202406) + months("C", 202401, 202406))
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05", "source": "公安"}], kind="full")
    return made


def rows(content: bytes) -> list[dict[str, str]]:
    """findings.csv as mappings."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_papers_and_register_say_the_same(dead: Swept) -> None:
    """A1, A4: the papers are those of FORMATS.md, evidence names the file and line, the register keeps the same finding, and verify proves both."""
    made = dead.sweep(tested=self_test)
    assert sorted(path.name for path in made.swept.written) == ["findings.csv", "summary.json", "疑点清单.xlsx"]
    (row,) = [row for row in rows(dead.csv()) if row["rule"] == D1]
    assert (row["months"], row["amount"]) == ("3", "300.00")
    assert json.loads(row["evidence"])["rows"] == ["payments1.csv:5", "payments1.csv:6", "payments1.csv:7"]
    told = json.loads((dead.folder / "out" / "summary.json").read_text(encoding="utf-8"))
    assert told["sweep_no"] == 1 and told["distinct_amount"] == "300.00" and told["rules_not_run"]["E3-CUSTODY"] == "未提供服刑人员"
    assert [(one["contract"], one["kind"]) for one in told["inputs"]] == [("payments", "文件1"), ("deaths", "文件2")]
    assert told["self_test"][D1]["precision"] is None and "没有办结" in told["self_test"][D1]["precision_why"]
    one = dead.lead(D1)
    assert one.last.finding.row() == row and one.last.state == "found" and one.first_sweep == 1
    assert (dead.folder / "out").stat().st_mode & 0o777 == 0o700 and (dead.folder / "out" / "findings.csv").stat().st_mode & 0o777 == 0o600
    with reading(dead.desk.engine) as connection:
        assert "1 次筛查" in evidence_sweeps.kept(connection)
        assert [record.act for record in kept.chain.records(connection, thing="sweep:1")] == ["sweep.run"]


def test_what_has_not_changed_is_not_run_again(dead: Swept) -> None:
    """A second sweep runs no rule and writes the same bytes; a new list of deaths is asked of its persons by the rules of one person, whole by linked ones."""
    first = dead.sweep()
    with patch("audit.store_sweep.Sweep", side_effect=AssertionError("nothing is to be run")):
        second = dead.sweep("again")
    assert second.plan.whole == second.plan.touched == () and set(second.plan.stood) == set(first.plan.whole)
    assert dead.csv("again") == dead.csv() and second.swept.summary["distinct_amount"] == first.swept.summary["distinct_amount"]
    for name in ("rows_read", "rows_left_out", "bad_numbers", "rules_not_run", "findings_by_rule", "unmatched_reversals"):
        assert second.swept.summary[name] == first.swept.summary[name], name
    dead.take("deaths", [{"id": "B", "death_on": "2024-05-09", "source": "民政"}])
    third = dead.sweep("third")
    assert third.plan.touched == (D1, "D3-REVIVED") and third.plan.whole == ("D2-POSTHUMOUS-LINKED",)
    full = dead.sweep("full", full=True)
    assert dead.csv("third") == dead.csv("full") and len(rows(dead.csv("full"))) == 2
    assert third.swept.summary["distinct_amount"] == full.swept.summary["distinct_amount"] == "400.00"


def test_a_lead_changes_goes_and_comes_back(dead: Swept) -> None:
    """A lead whose facts change gets a version; gone it is marked so and stays; back again it is a new version with the same id."""
    dead.sweep()
    key = dead.lead(D1).last.finding.finding_id
    dead.take("payments", months("A", 202407, 202407))
    dead.sweep()
    dead.take("deaths", [{"id": "H", "death_on": "2024-03-05", "source": "公安"}], kind="full", name="更正.csv")
    made = dead.sweep()
    assert rows(dead.csv()) == [] and made.swept.summary["findings"] == 0
    dead.take("deaths", [{"id": "A", "death_on": "2024-03-05", "source": "公安"}, {"id": "G", "death_on": "2024-03-06", "source": "公安"}])
    dead.sweep()
    with reading(dead.desk.engine) as connection:
        told = [(one.version, one.state, one.sweep_no, one.finding.amount) for one in kept.history(connection, key)]
        assert evidence_sweeps.kept(connection).startswith("4 次筛查、1 条疑点")
    assert told == [(1, "found", 1, 30000), (2, "changed", 2, 40000), (3, "withdrawn", 3, 40000), (4, "returned", 4, 40000)]


def test_what_rosters_paid_counts_as_the_bank_says(store_url: str, tmp_path: Path) -> None:
    """Before the bank's return nothing is paid; then what went through counts, what failed does not, and evidence names the roster and its line."""
    made = office(store_url, tmp_path / "o")
    number = five_people()[2]["number"]
    made.take("deaths", [{"id": number, "name": "甲3", "death_on": "2025-12-05"}])
    roster_id = made.desk.released()
    assert rows_of(made, "pending") == []
    made.desk.send(roster_id)
    made.desk.returned(roster_id, made.desk.answer_of_bank(roster_id, 2))
    (row,) = rows_of(made, "paid")
    assert (row["id_number"], row["amount"], row["period_from"]) == (number, "183.03", "2026-01")
    told = json.loads(row["evidence"])
    assert told["rows"] == [f"花名册{roster_id}:3", f"花名册{roster_id}:8"] and (told["base"], told["account"]) == ("163.00", "20.03")
    told_by_bank = (("基础养老金", 16300), ("个人账户养老金", 2003))
    made.take("payments", [{"id": number, "name": "甲3", "period": 202601, "item": item, "amount": fen} for item, fen in told_by_bank])
    (row,) = rows_of(made, "reported")
    assert json.loads(row["evidence"])["rows"] == ["payments2.csv:2", "payments2.csv:3"] and row["amount"] == "183.03"


def rows_of(made: Swept, out: str) -> list[dict[str, str]]:
    """The D1 rows of a sweep."""
    made.sweep(out, rules=(D1, "P3-TWICE"))
    return rows(made.csv(out))


def test_a_rule_without_its_column_says_so_each_time(store_url: str, tmp_path: Path) -> None:
    """A rule whose column is empty throughout is told as not run by every sweep, and is not tried again while the payments are the same."""
    made = office(store_url, tmp_path / "o")
    made.take("payments", [{"id": who, "period": 202401} for who in "AB"])
    first, second = (made.sweep(rules=("A1-SHARED-ACCOUNT", D1)).swept.summary for _ in range(2))
    assert first["rules_not_run"] == second["rules_not_run"] and "银行账号" in first["rules_not_run"]["A1-SHARED-ACCOUNT"] and second["rules_run"] == []
    made.take("payments", months("A", 202401, 202402))
    assert made.sweep(rules=("A1-SHARED-ACCOUNT",)).swept.summary["rules_run"] == ["A1-SHARED-ACCOUNT"]


def test_a_sum_that_the_engine_gives_as_a_decimal_is_kept_as_fen(several: Swept) -> None:
    """Premiums paid twice are a sum of the engine's widest type: kept, stood and written again as whole fen."""
    several.take("contributions", [{"id": "K", "level": "县级", "tier": 10000, "amount": fen} for fen in (10000, 5000)])
    several.take("payments", months("B", 202401, 202401))
    first = several.sweep("s2", rules=("S2-SUBSIDY-DOUBLE",))
    again = several.sweep("s2again", rules=("S2-SUBSIDY-DOUBLE",))
    assert again.plan.stood and several.csv("s2") == several.csv("s2again") and [row["amount"] for row in rows(several.csv("s2"))] == ["50.00"]
    assert first.swept.summary["distinct_amount"] == again.swept.summary["distinct_amount"] == "50.00"


def test_looking_back_keeps_nothing(dead: Swept) -> None:
    """An as-of month before that of the last sweep gives papers, and the register stays as it is; a later one is kept."""
    dead.sweep()
    back = dead.sweep("back", as_of=Month(2024, 4))
    assert back.looked_back and rows(dead.csv("back"))[0]["months"] == "1" and dead.lead(D1).last.finding.months == 3
    assert json.loads((dead.folder / "back" / "summary.json").read_text(encoding="utf-8"))["kept"] is False
    assert dead.sweep("later", as_of=Month(2024, 9)).looked_back is False and dead.lead(D1).last.version == 1
    with reading(dead.desk.engine) as connection:
        assert evidence_sweeps.kept(connection).startswith("3 次筛查")


def test_a_fund_is_a_view_and_a_rule_is_a_part(dead: Swept) -> None:
    """`--fund` shows that fund's leads and keeps all; `--rule` leaves other rules' leads as they stand."""
    dead.sweep("e", funds=("E",))
    assert rows(dead.csv("e")) == [] and dead.lead(D1).last.state == "found"
    dead.sweep("i2", rules=("I2-NAME-DIFFERS",))
    assert rows(dead.csv("i2")) == [] and dead.lead(D1).last.state == "found"
    with reading(dead.desk.engine) as connection:
        assert evidence_sweeps.kept(connection).endswith("重算相符")


def test_two_files_of_one_name_are_told_apart(dead: Swept) -> None:
    """Where two files in use bear one name the evidence rows say which file is meant."""
    dead.take("payments", months("A", 202407, 202407), name="payments1.csv")
    dead.sweep()
    (row,) = [row for row in rows(dead.csv()) if row["rule"] == D1]
    assert json.loads(row["evidence"])["rows"] == [f"payments1.csv（文件1）:{line}" for line in (5, 6, 7)] + ["payments1.csv（文件3）:2"]


def test_precision_is_measured_from_closed_conclusions(dead: Swept) -> None:
    """A6: confirmed over confirmed and dismissed, in summary.json and in the workbook; other rules say why they have none."""
    dead.take("deaths", [{"id": "B", "death_on": "2024-03-05", "source": "民政"}])
    dead.sweep()
    for one, verdict in zip(dead.standing(), ("confirmed", "dismissed"), strict=True):
        dead.conclude(one.finding.finding_id, verdict)
        dead.review(one.finding.finding_id)
    told = dead.sweep().swept.summary
    assert (told["self_test"][D1]["precision"], told["self_test"][D1]["precision_why"]) == ("0.500", "已办结 2 条：查实 1，排除 1")
    assert told["self_test"]["I2-NAME-DIFFERS"]["precision"] is None
    sheet = openpyxl.load_workbook(dead.folder / "out" / "疑点清单.xlsx")["规则自检"]
    assert next(str(row[6].value) for row in sheet.iter_rows() if row[0].value == D1) == "0.500"


def test_only_the_audit_office_sweeps_and_only_what_is_there(store_url: str, tmp_path: Path) -> None:
    """C5: other duties are refused (SB3001); a store without payments is no clean store (SB5005); nothing is kept either way."""
    made = office(store_url, tmp_path / "o")
    with pytest.raises(NothingPaid):
        made.sweep()
    made.take("payments", months("A", 202401, 202401))
    with pytest.raises(NotAllowed):
        made.sweep(actor=someone("li"))
    with reading(made.desk.engine) as connection:
        assert kept.last(connection) == 0


def test_two_sweeps_at_once(dead: Swept) -> None:
    """The sweep that comes second to the register is refused (SB3367): what it would keep was reckoned on what stood before."""

    def meanwhile() -> UnitOfWork:
        dead.sweep("other", actor=HE)
        return UnitOfWork(dead.desk.engine)

    engine = dead.desk.engine
    with pytest.raises(SweepOutOfOrder):
        sweep_store(lambda: reading(engine), meanwhile, dead.desk.home, TAO, NOW, dead.folder / "out", Asked(RULES), threads=1)


def test_killed_while_writing_nothing_is_half_kept(store_url: str, tmp_path: Path) -> None:
    """Killed between the leads and the trail's record the store is as before, on both databases, and the next sweep keeps everything."""
    made = office(store_url, tmp_path / "o")
    made.take("payments", months("A", 202401, 202406))
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05"}])
    made.desk.engine.dispose()
    child = os.fork()
    if child == 0:
        with patch("controls.sweeps.kept.trail.record", side_effect=lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
            made.sweep(rules=(D1,))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with reading(made.desk.engine) as connection:
        assert kept.last(connection) == 0 and kept.standing(connection) == {}
    made.sweep(rules=(D1,))
    assert made.lead(D1).last.version == 1


def test_after_a_restored_backup_the_sweep_goes_on_from_there(tmp_path: Path) -> None:
    """With the backup of before put back, what was swept since is not claimed: the next sweep takes the next number there and finds what a full one finds."""
    made = office(f"sqlite:///{tmp_path / 's.db'}", tmp_path / "o")
    made.take("payments", months("A", 202401, 202406) + months("B", 202401, 202406))
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05"}])
    made.sweep(rules=(D1,))
    with contextlib.closing(sqlite3.connect(tmp_path / "s.db")) as live, contextlib.closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
        live.backup(backup)
    made.take("deaths", [{"id": "B", "death_on": "2024-05-05"}])
    made.sweep("lost", rules=(D1,))
    made.desk.engine.dispose()
    with contextlib.closing(sqlite3.connect(tmp_path / "backup.db")) as backup, contextlib.closing(sqlite3.connect(tmp_path / "s.db")) as live:
        backup.backup(live)
    again = made.sweep("again", rules=(D1,))
    assert (again.sweep_no, again.plan.stood, len(rows(made.csv("lost"))), len(rows(made.csv("again")))) == (2, (D1,), 2, 1)
    made.sweep("full", rules=(D1,), full=True)
    assert made.csv("full") == made.csv("again")
    with reading(made.desk.engine) as connection:
        assert evidence_sweeps.kept(connection).startswith("3 次筛查")


INTO = {
    "shebao_sweep": "INSERT INTO shebao_sweep SELECT 9, asked, period, kept, findings, csv_sha256, population, swept_by, swept_at FROM shebao_sweep",
    "again": "INSERT INTO shebao_finding_history SELECT finding_id, 2, sweep_no, state, cause, severity, period_from, period_to, months, amount_fen, reason,"
    " facts, content, places FROM shebao_finding_history",
    "gap": "INSERT INTO shebao_finding_history SELECT finding_id, 5, sweep_no, state, cause, severity, period_from, period_to, months, amount_fen, reason,"
    " facts, content, places FROM shebao_finding_history",
    "cause": "INSERT INTO shebao_finding_history SELECT finding_id, 2, 2, 'withdrawn', '', severity, period_from, period_to, months, amount_fen,"
    " reason, facts, content, places FROM shebao_finding_history",
    "rule": "INSERT INTO shebao_sweep_rule SELECT 7, rule, how, law, seen, asked, findings, told FROM shebao_sweep_rule",
    "lead": "INSERT INTO shebao_finding SELECT 'x', rule, number, fund, region, other, 7 FROM shebao_finding",
}
"""Statements past the program."""


def test_the_database_keeps_the_order_by_itself(dead: Swept) -> None:
    """C6 at the door of SQL on both databases: nothing changes or goes, numbers run, a version follows the last one, comes with its sweep and says why."""
    dead.sweep(rules=(D1,))
    dead.sweep(rules=(D1,))
    said = {name: refused(dead, text) for name, text in INTO.items()}
    assert said == {"shebao_sweep": "SB3367", "again": "SB3367", "gap": "SB3368", "cause": "SB3368", "rule": "SB3367", "lead": "SB3367"}
    for table in ("sweep", "sweep_rule", "finding", "finding_history"):
        assert {refused(dead, f"DELETE FROM shebao_{table}"), refused(dead, f"UPDATE shebao_{table} SET {FIRST[table]} = {FIRST[table]}")} == {"SB3366"}


FIRST = {"sweep": "asked", "sweep_rule": "law", "finding": "rule", "finding_history": "facts"}


def refused(made: Swept, statement: str) -> str:
    """The code with which the database refuses a statement; '' when it does not."""
    try:
        with made.desk.unit() as work:
            work.connection.execute(sa.text(statement))
    except DatabaseRefusal as refusal:
        return str(refusal.facts["code"])
    return ""


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swept]:
    """An office whose mistakes are tried one by one; nothing of them stays."""
    folder = tmp_path_factory.mktemp("several")
    made = office(f"sqlite:///{folder / 's.db'}", folder / "o")
    yield made
    made.desk.engine.dispose()


def test_a_rule_that_fails_its_own_cases_keeps_its_leads_as_they_were(several: Swept) -> None:
    """F18: its leads are neither reported nor withdrawn, and the paper says why it was left out."""
    several.take("payments", months("A", 202401, 202406))
    several.take("deaths", [{"id": "A", "death_on": "2024-03-05"}])
    several.sweep(rules=(D1,))
    several.take("payments", months("A", 202407, 202407))

    made = several.sweep(rules=(D1,), tested=lambda wanted: {code: SelfTest(code, 1, 0, 0, 0, ("少1条",)) for code in wanted})
    assert [test.rule for test in made.swept.distrusted] == [D1] and "自检未通过" in made.swept.summary["rules_not_run"][D1]
    assert made.swept.result.findings == () and several.lead(D1).last.state == "found"
    several.sweep(rules=(D1,))
    assert several.lead(D1).last.state == "changed"
