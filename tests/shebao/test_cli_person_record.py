"""`shebao person record`: what it says, exit statuses, JSON, a township, and that nothing masked shows a whole number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shebao.cli import execute
from shebao.store import Office
from tests.controls.payment_desk import someone
from tests.shebao.record_desk import FARMER, NAMES, Lives, live


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """The three lives."""
    made = Lives(tmp_path_factory.mktemp("lives") / "office")
    live(made)
    return made


class Desk:
    """Commands as somebody."""

    def __init__(self, lives: Lives, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.lives, self.patch, self.capsys = lives, monkeypatch, capsys

    def __call__(self, *words: str, status: int = 0, user: str = "li") -> str:
        """Runs a command and gives what it said."""
        with self.patch.context() as patched:
            patched.setattr(Office, "actor", property(lambda self: someone(user)))
            ended = execute(["--home", str(self.lives.home), *words])
        told = self.capsys.readouterr()
        assert ended == status, told
        return told.out + told.err


@pytest.fixture
def desk(lives: Lives, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """The office's command line."""
    return Desk(lives, monkeypatch, capsys)


def test_a_record_on_the_screen_is_masked(desk: Desk) -> None:
    """Every section stands, numbers and names are masked, and JSON gives fen with sources."""
    said = desk("person", "record", FARMER, "--as-of", "2026-04-30")
    assert "政府代缴" in said and "未采集" in said and "资格认证" in said and FARMER not in said and NAMES[FARMER] not in said
    told = json.loads(desk("person", "record", "P1", "--as-of", "2026-04-30", "--json"))
    assert told["copy"] == "masked" and told["sections"][1]["totals"]["金额"] == 14500 and FARMER not in json.dumps(told)


def test_the_own_copy_as_files_that_prove_themselves(desk: Desk, tmp_path: Path) -> None:
    """PDF, XLSX and JSON are written, verify passes; without a reason or a duty nothing is."""
    words = ("person", "record", "P1", "--as-of", "2026-04-30", "--own", "--out", str(tmp_path / "out"))
    assert "SB3110" in desk(*words, status=3) and "SB3001" in desk(*words, "--reason", "本人申请", status=3, user="zhao")
    assert not (tmp_path / "out").exists()
    said = desk(*words, "--reason", "本人申请")
    assert {file.suffix for file in (tmp_path / "out").iterdir()} == {".pdf", ".xlsx", ".json"} and "摘要" in said
    desk("verify", str(next((tmp_path / "out").glob("*.pdf"))))


def test_a_township_and_what_cannot_be(desk: Desk, tmp_path: Path) -> None:
    """A township is made once and kept the second time; wrong words, days and places say what to do."""
    words = ("person", "record", "--township", "东镇", "--fund", "R", "--as-of", "2026-04-30", "--out", str(tmp_path / "东镇"))
    assert json.loads(desk(*words, "--json"))["made"] == 3
    assert "原有 3 份" in desk(*words)
    assert "SB3310" in desk("person", "record", "--township", "无", "--fund", "R", "--out", str(tmp_path / "x"), status=2)
    assert "SB3312" in desk(*words, "--own", "--reason", "年度寄送", status=3)
    assert "SB3311" in desk("person", "record", "P1", "--as-of", "2999-01-01", status=2)
    assert "SB6007" in desk("person", "record", status=2) and "--out" in desk("person", "record", "--township", "东镇", status=2)
    assert "SB1400" in desk("person", "record", "P999", status=2)
