"""`shebao doctor` names what is wrong with an installation and changes nothing; `shebao errors` explains every refusal."""

from __future__ import annotations

import io
import json
import os
import sys
from importlib import metadata
from pathlib import Path

import pytest

import templates
from ledger.db import open_engine, sqlite_url
from shebao import doctor, migrate
from shebao.catalogue import RANGES, declaring_modules, refusals, room_of
from shebao.cli import main, run
from shebao.store import write_settings


def called(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ending:
        run(arguments)
    told = capsys.readouterr()
    return int(ending.value.code or 0), told.out, told.err


def states(check: doctor.Diagnosis | list[doctor.Diagnosis]) -> list[str]:
    return [diagnosis.state for diagnosis in (check if isinstance(check, list) else [check])]


def test_a_good_installation_is_healthy(tmp_path: Path) -> None:
    """In this environment nothing fails, an office not yet made included."""
    seen = doctor.examine(tmp_path / "none")
    assert [diagnosis for diagnosis in seen if diagnosis.state == "fail"] == []
    assert {diagnosis.check for diagnosis in seen} == {"python", "dependencies", "names", "fonts", "templates", "sqlite", "home", "database", "terminal"}
    assert not (tmp_path / "none").exists()


def test_every_complaint_names_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not ok says what to do, in Chinese and English; what is ok says nothing."""
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path / "absent"))
    monkeypatch.setattr(templates, "SHIPPED", tmp_path)
    for diagnosis in doctor.examine(tmp_path):
        assert bool(diagnosis.remedy_zh) == bool(diagnosis.remedy_en) == (diagnosis.state != "ok"), diagnosis


def test_an_old_python_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Python below 3.11 is named."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    assert states(list(doctor.python(tmp_path))) == ["fail"]


def test_a_foreign_top_level_name_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another distribution that owns `ledger` is a clash, and the doctor says whose."""
    monkeypatch.setattr(metadata, "packages_distributions", lambda: {"ledger": ["some-other-ledger", "shebao-fund-ledger"], "books": ["shebao_fund_ledger"]})
    found = [diagnosis for diagnosis in doctor.top_level_names(tmp_path) if diagnosis.state == "fail"]
    assert len(found) == 1
    assert "some-other-ledger" in found[0].zh


def test_a_name_found_elsewhere_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder on the path that hides one of the rooms is a clash too."""
    (tmp_path / "shebao").mkdir()
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "shebao" / "doctor.py"))
    assert set(states(list(doctor.top_level_names(tmp_path)))) == {"fail"}


def test_a_library_out_of_bounds_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A library older than our metadata ask for, or missing, is named; those of extras are not asked for."""
    monkeypatch.setattr(metadata, "requires", lambda name: ["click>=99", "no-such-thing>=1", 'pyspark>=3.5; extra == "spark"'])
    (found,) = doctor.dependencies(tmp_path)
    assert found.state == "fail"
    assert "click" in found.zh
    assert "no-such-thing" in found.zh
    assert "pyspark" not in found.zh


@pytest.mark.parametrize(
    ("version", "bounds", "kept"),
    [
        ("2.1.9", ">=2.1,<2.2", True),
        ("2.2", ">=2.1,<2.2", False),
        ("2.2.0", ">=2.2", True),
        ("6", ">=6.0.0", True),
        ("3.10", ">=3.9", True),
        ("3.0rc1", ">=3.1", False),
    ],
)
def test_bounds(version: str, bounds: str, kept: bool) -> None:
    """Versions compare by number, part by part."""
    assert doctor.satisfies(version, bounds) is kept


def test_a_damaged_font_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A font that is missing or is no TrueType file is named."""
    (tmp_path / "fonts").mkdir()
    for name in doctor.FONTS[1:]:
        (tmp_path / "fonts" / name).write_bytes(b"version https")
    monkeypatch.setattr(templates, "SHIPPED", tmp_path)
    (found,) = doctor.fonts(tmp_path)
    assert found.state == "fail"
    assert all(name in found.zh for name in doctor.FONTS)


def test_a_terminal_without_chinese_is_warned_about(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal that cannot show Chinese is a warning, not a failure."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert states(list(doctor.terminal(tmp_path))) == ["warn"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_an_open_home_is_warned_about(tmp_path: Path) -> None:
    """A home that others may read is a warning."""
    tmp_path.chmod(0o755)
    assert states(list(doctor.home_directory(tmp_path))) == ["warn"]
    tmp_path.chmod(0o700)
    assert states(list(doctor.home_directory(tmp_path))) == ["ok"]


def test_a_home_that_cannot_be_written_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which no file can be made fails."""

    def refuse(**where: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert states(list(doctor.home_directory(tmp_path))) == ["fail"]


def office(home: Path, url: str) -> Path:
    write_settings(home, url, code="001", name="示范县", region="990101")
    return home


@pytest.mark.usefixtures("product_tuning")
def test_a_store_that_answers_is_ok(store_url: str, tmp_path: Path) -> None:
    """A database of either kind that answers, tuned as the invariants need, is ok."""
    home = office(tmp_path / "home", store_url)
    engine = open_engine(store_url)
    with engine.connect():
        pass
    assert states(list(doctor.database(home))) == ["fail"], "an empty database is no store"
    migrate.upgrade(engine)
    engine.dispose()
    assert states(list(doctor.database(home))) == ["ok"]


def test_a_lost_database_file_fails_and_is_not_made(tmp_path: Path) -> None:
    """An SQLite file that is gone is a failure, and the doctor does not make an empty one in its place."""
    file = tmp_path / "gone.db"
    assert states(list(doctor.database(office(tmp_path / "home", sqlite_url(file))))) == ["fail"]
    assert not file.exists()


def test_a_damaged_database_fails(tmp_path: Path) -> None:
    """A file that is no database is a failure with its reason, not a crash."""
    file = tmp_path / "broken.db"
    file.write_bytes(b"this is no database at all" * 100)
    assert states(list(doctor.database(office(tmp_path / "home", sqlite_url(file))))) == ["fail"]


def test_a_server_that_is_down_fails(tmp_path: Path) -> None:
    """A PostgreSQL that does not answer is a failure with its reason."""
    pytest.importorskip("psycopg")
    assert states(list(doctor.database(office(tmp_path / "home", "postgresql+psycopg://nobody@127.0.0.1:1/none")))) == ["fail"]


def test_an_old_server_or_untuned_file_fails() -> None:
    """PostgreSQL 14, and SQLite with foreign keys off, are failures."""
    assert states(list(doctor._postgresql_store(140009))) == ["fail"]
    assert states(list(doctor._postgresql_store(150012))) == ["ok"]
    tuned: dict[str, object] = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "quick_check": "ok"}
    assert states(list(doctor._sqlite_store(tuned.get))) == ["ok"]
    assert states(list(doctor._sqlite_store((tuned | {"foreign_keys": 0}).get))) == ["fail"]


def test_the_command_speaks_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`shebao doctor` ends with 0 when nothing fails and with 1 when something does, as text and as JSON."""
    status, out, _ = called(["--home", str(tmp_path / "new"), "doctor"], capsys)
    assert status == 0
    assert "顶层名称无冲突" in out
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path / "absent"))
    status, out, _ = called(["--home", str(tmp_path / "new"), "--lang", "en", "doctor"], capsys)
    assert status == 1
    assert "no such folder" in out
    status, out, _ = called(["--home", str(tmp_path / "new"), "doctor", "--json"], capsys)
    assert status == 1
    told = json.loads(out)
    assert told["healthy"] is False
    assert {"check": "sqlite", "state": "ok"}.items() <= next(row for row in told["checks"] if row["check"] == "sqlite").items()


def test_errors_lists_every_code(capsys: pytest.CaptureFixture[str]) -> None:
    """`shebao errors` shows each code once, and `--json` gives its sentences, cause, remedy and exit status."""
    status, out, _ = called(["errors"], capsys)
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == list(refusals())
    rows = json.loads(called(["errors", "--json"], capsys)[1])
    assert [row["code"] for row in rows] == list(refusals())
    assert all(row["exit_status"] in (2, 3, 70) and row["cause_zh"] and row["remedy_en"] for row in rows)


def test_errors_explains_one_code(capsys: pytest.CaptureFixture[str]) -> None:
    """`shebao errors CODE` gives cause and remedy, whatever the case of the letters; an unknown code is a usage error."""
    status, out, _ = called(["errors", "sb6001"], capsys)
    assert status == 0
    assert "原因" in out
    assert "办法" in out
    status, out, _ = called(["--lang", "en", "errors", "SB6001"], capsys)
    assert "Remedy" in out
    assert called(["errors", "SB0000"], capsys)[0] == 2


def test_every_code_lies_in_a_known_range() -> None:
    """Each code begins with a range the house knows, in Chinese and English."""
    assert {code[:3] for code in refusals()} <= set(RANGES)
    assert room_of("SB1201") == "记账"
    assert room_of("SB1201", "en") == "ledger"


def test_looking_for_refusals_reads_before_it_imports() -> None:
    """The modules that declare refusals are found by their text, so that the list needs no heavy import."""
    assert "shebao.store" in declaring_modules()
    assert "ledger.money" in declaring_modules() or "ledger.errors" in declaring_modules()
    assert main.name == "main"


def test_people_are_held_against_the_pairs(tmp_path: Path) -> None:
    """In an office with people the doctor says that nobody conflicts, who lacks a second factor and who has not declared; a conflict fails with its remedy."""
    from tests.shebao.small_office import Small

    small = Small(tmp_path / "office")
    found = list(doctor.database(small.home))
    assert {(one.check, one.state) for one in found} >= {("duties", "ok"), ("sign-in", "warn"), ("relatives", "warn")}
    with small.unit() as work:
        work.connection.exec_driver_sql("DROP TRIGGER shebao_grant_enter")
        work.connection.exec_driver_sql("INSERT INTO shebao_grant VALUES ('zhao', 'CASHIER', '2026-01-15', '', 'init', '2026-01-15')")
        work.commit()
    (wrong, *_) = [one for one in doctor.database(small.home) if one.check == "duties"]
    assert wrong.state == "fail" and "shebao duty revoke zhao" in wrong.remedy_zh
