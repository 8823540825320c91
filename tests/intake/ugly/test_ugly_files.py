"""The ugly files: each goes through `shebao import --explain` and `shebao import`, and must yield what its YAML says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from shebao.cli import execute
from tests.intake.ugly import make
from tests.shebao.small_office import Small

FOLDER = Path(__file__).resolve().parent
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
KEYS = {
    "says", "file", "values", "options", "kind", "guessed", "user", "encoding", "sheet", "header_line", "columns", "unknown", "unit", "rows", "fen",
    "rejected", "totals", "doubts", "trouble", "import", "again",
}  # fmt: skip


class Desk:
    """Runs `shebao import` and keeps what was said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, home: Path, *words: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        status = execute(["--home", str(home), "import", *words])
        said = self.capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(capsys)


def words(case: dict[str, Any]) -> list[str]:
    """The command line of a case: its kind unless the header tells it, its file with values, its options."""
    file = str(FOLDER / case["file"]) + (f"::{case['values']}" if "values" in case else "")
    return [*([] if case.get("guessed") else [case["kind"]]), file, *case.get("options", [])]


def test_every_file_has_its_yaml_and_every_yaml_its_file() -> None:
    """At least twelve ugly files, each with what it must yield, in known words."""
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in {".py", ".yaml"} and path.is_file()}
    assert {case["file"] for case in CASES.values()} == files and len(files) >= 12
    assert all(set(case) <= KEYS and case["says"] for case in CASES.values())


def test_the_files_are_what_the_script_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The committed files are those the script beside them writes, byte for byte."""
    monkeypatch.setattr(make, "FOLDER", FOLDER)
    make.build(tmp_path)
    assert {path.name: path.read_bytes() == (FOLDER / path.name).read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(
        (case["file"] for case in CASES.values()), True
    )


@pytest.mark.parametrize("name", CASES)
def test_explained(name: str, tmp_path: Path, desk: Desk) -> None:
    """Without an office, the explanation says kind, header, columns, rows, amount, errors and doubts as the YAML has them, and masks people."""
    case = CASES[name]
    status, out, err = desk(tmp_path / "no-office", *words(case), "--explain", "--json")
    told = json.loads(out)
    assert (told["contract"], err) == (case["kind"], "")
    if "trouble" in case:
        assert (told["trouble"]["code"], status, told["status"]) == (case["trouble"], 2, 2)
        return
    assert status == 0, told["trouble"]
    assert (told["header_line"], told["rows_made"], told["fen"]) == (case["header_line"], case["rows"], case["fen"])
    assert told["rows_bad"] == case.get("rejected", 0) and len(told["totals"]) == case.get("totals", 0)
    assert told["encoding"] == case.get("encoding", told["encoding"])
    sheets = {sheet["name"]: sheet["state"] for sheet in told["sheets"]}
    assert [name for name, state in sheets.items() if state == "读取"] == ([case["sheet"]] if "sheet" in case else list(sheets))
    if "columns" in case:
        line = case["header_line"]
        assert {seen["canonical"]: f"{seen['place']}{line} {seen['found']}" for seen in told["columns"]} == case["columns"]
    assert [left["found"] for left in told["left"]] == case.get("unknown", [])
    assert {seen["unit"] for seen in told["columns"] if seen["unit"]} <= {case.get("unit", "元")}
    shown: dict[str, list[str]] = {}
    for doubt in told["doubts"]:
        shown.setdefault(doubt["code"], []).extend(doubt["places"])
    for code, places in case.get("doubts", {}).items():
        assert code in shown and set(places) <= set(shown[code]), (code, shown)
    assert not any(make.number(person) in out for person in range(12))


@pytest.mark.parametrize("name", CASES)
def test_taken(name: str, tmp_path: Path, desk: Desk) -> None:
    """With nobody at the terminal, import ends as the YAML says, then as it says with the options that answer; nothing is ever half taken."""
    case = CASES[name]
    small = Small(tmp_path / "office")
    small.sign_in(case.get("user", "zhang"))
    for wanted in (case["import"], case.get("again")):
        if wanted is None:
            continue
        status, out, err = desk(small.home, *words(case), *wanted.get("options", []), "--json")
        assert status == wanted["status"], err
        if "code" in wanted:
            assert err.startswith(f"[{wanted['code']}]") and "办法：" in err and not (small.home / "snapshots").exists()
        else:
            told = json.loads(out)
            assert (told["rows"], told["control_fen"], told["contract"]) == (wanted["rows"], wanted["fen"], case["kind"])
            assert told["rejected"] == case.get("rejected", 0) and bool(told["rejects"]) == bool(told["rejected"])
