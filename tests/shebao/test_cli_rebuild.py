"""`shebao books rebuild-balances`: compares, tells, and writes only when asked, with a reason and by the chief accountant."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from shebao.cli import run
from shebao.verification import verify_store
from tests.ledger.tamper import disarm
from tests.shebao.small_office import Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """The office with one voucher posted, the 会计主管 signed in."""
    made = Small(tmp_path / "office")
    made.posted([made.enter("C2", "2026-01-20", "100.00", "缴拨凭证1")])
    made.sign_in("sun")
    return made


def called(small: Small, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ending:
        run(["--home", str(small.home), "books", "rebuild-balances", *words])
    said = capsys.readouterr()
    return int(ending.value.code or 0), said.out + said.err


def forge(small: Small) -> None:
    """One balance of the book changed with the guards out of the way."""
    small.office.engine.dispose()
    database = sqlite3.connect(str(small.office.engine.url.database), isolation_level=None)
    guards = [text for (text,) in database.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    disarm(database)
    assert database.execute("UPDATE shebao_balance SET debit_fen = debit_fen + 1 WHERE debit_fen > 0").rowcount == 1
    for guard in guards:
        database.execute(guard)
    database.close()


def test_the_command_compares_tells_and_writes(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """0 when all agree; 1 and the differences when not, nothing written; with --write and a reason the sums, a record, and verify holds again."""
    assert called(small, capsys, "R") == (0, "余额与分录合计全部相符，无需重算。\n")
    forge(small)
    status, out = called(small, capsys, "R")
    assert status == 1 and "100.01" in out and "100.00" in out and "未改动" in out
    status, out = called(small, capsys, "R", "--json")
    assert status == 1 and [one["kept"][0] - one["summed"][0] for one in json.loads(out)["differences"]] == [1]
    assert [result.code for result in verify_store(small.office) if not result.ok and result.code.startswith("L8")] == ["L8 余额 R"]
    status, out = called(small, capsys, "R", "--write")
    assert status == 2 and "--reason" in out
    status, out = called(small, capsys, "R", "--write", "--reason", "恢复备份后核对余额")
    assert status == 0 and "已按分录重算写回" in out
    assert called(small, capsys, "R")[0] == 0
    assert [result.code for result in verify_store(small.office) if not result.ok] == []
    assert len(small.trail("rebuild-balances")) == 1


def test_others_are_refused(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """C1: the 会计 may compare but not write."""
    forge(small)
    small.sign_in("zhao")
    assert called(small, capsys, "R")[0] == 1
    status, out = called(small, capsys, "R", "--write", "--reason", "恢复备份后核对余额")
    assert status == 3 and "SB3001" in out
