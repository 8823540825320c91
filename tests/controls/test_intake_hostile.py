"""Hostile files end in a coded refusal or in correct data, in bounded memory and time; nothing is left lying about, and nothing that runs goes out."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from controls.intake import doubts
from controls.intake.reader import read, write_rejects
from ledger.errors import Refusal
from ledger.sheets import Sheet, write_contract_csv, write_people_csv, write_workbook
from ledger.sheets.errors import TooLarge
from tests.controls import hostile
from tests.controls.intake_files import PAYMENTS, payment, payments

LONGEST = 20.0
"""CPU seconds no hostile file may take."""


@pytest.mark.slow
def test_hostile_files(tmp_path: Path) -> None:
    """Bombs, entities, endless cells, false claims, odd names, pipes and cut files: a refusal or the right rows, within 3 GiB, and no litter."""
    done = subprocess.run([sys.executable, hostile.__file__, str(tmp_path)], capture_output=True, text=True, check=False, timeout=400)
    found = {case["name"]: case for case in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, f"after {list(found)[-1:]}: {done.stderr[-2000:]}"
    assert found.keys() == hostile.CASES.keys()
    wrong = {name: found[name]["found"] for name, (_, wanted) in hostile.CASES.items() if not _fits(found[name]["found"], wanted)}
    assert wrong == {}
    assert {name: case["left"] for name, case in found.items() if case["left"]} == {}
    assert {name: case["seconds"] for name, case in found.items() if case["seconds"] > LONGEST} == {}


def _fits(found: str, wanted: str) -> bool:
    """A refusal by the beginning of its code, rows exactly."""
    return found.startswith(wanted) if wanted.startswith("SB") else found == wanted


@pytest.mark.parametrize("piece", ["1", "元", "单位：", "(", "a:", "/,", "2024-01-"])
def test_endless_cells_take_no_time(tmp_path: Path, piece: str) -> None:
    """A text of 60,000 letters in any column, in the header or above it is read and doubted in a moment (linear in its length), never by trying everything."""
    text = f'"{piece * (60_000 // len(piece))}"'
    files = [payments(tmp_path, payment(), payment(1, **{header: text}), name=f"{place}.csv") for place, header in enumerate(PAYMENTS)]
    files += [payments(tmp_path, payment(), above=[[text]], name="above.csv"), payments(tmp_path, [*payment(), "x"], header=[*PAYMENTS, text], name="head.csv")]
    started = time.process_time()
    for path in files:
        try:
            taken = read(path, "payments")
            assert len(doubts.find(taken)) < 100
        except Refusal as refused:
            assert refused.status == 2
    assert time.process_time() - started < LONGEST


def test_links_and_macros_change_nothing(tmp_path: Path) -> None:
    """A workbook with external links, DDE and macros gives the stored values."""
    taken = read(hostile.linked(tmp_path), "payments")
    assert taken.table.column("name").to_pylist() == ["甲0"] and not taken.rejects


RUNS = ["=1+1", "+1-2", "-1+2", "@SUM(A1)", "\t=1", "＝1+1", '=cmd|"/c calc"!A1']


def test_what_runs_is_data_on_the_way_in(tmp_path: Path) -> None:
    """Cells like formulas come in as they stand."""
    taken = read(payments(tmp_path, *[payment(姓名=text.replace('"', "").strip()) for text in RUNS]), "payments")
    assert taken.table.column("name").to_pylist() == [text.replace('"', "").strip() for text in RUNS]


def test_what_runs_is_escaped_on_the_way_out(tmp_path: Path) -> None:
    """In CSV for people such cells are escaped and numbers are not; contract files are never escaped; in workbooks they are strings."""
    cells = [*RUNS, "-3.50", "+5", Decimal("-3.50"), -7]
    write_people_csv(tmp_path / "people.csv", [["文"], *([cell] for cell in cells)])
    shown = [row[0] for row in csv.reader((tmp_path / "people.csv").read_text(encoding="utf-8").splitlines())][1:]
    assert shown == [*("'" + text for text in RUNS), "-3.50", "+5", "-3.50", "-7"]
    write_contract_csv(tmp_path / "contract.csv", [["文"], ["=1+1"]])
    assert (tmp_path / "contract.csv").read_text(encoding="utf-8") == "文\n=1+1\n"
    write_workbook(tmp_path / "a.xlsx", {"文": Sheet([["文"], *([text] for text in RUNS)], titles=("=1+1",))})
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert page is not None
    assert [(cell.value, cell.data_type) for cell in page["A"]] == [("=1+1", "s"), ("文", "s"), *((text, "s") for text in RUNS)]


def test_what_runs_in_rejects(tmp_path: Path) -> None:
    """The rejects workbook repeats formulas of the file as strings, in cells and in the header."""
    path = payments(tmp_path, payment(姓名="=1+1", 金额="@x"), header=[*PAYMENTS, "=HYPERLINK(1)"], name="坏.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("000\n", "000,+9\n"), encoding="utf-8")
    taken = read(path, "payments")
    write_rejects(taken, tmp_path / "坏.rejects.xlsx")
    page = openpyxl.load_workbook(tmp_path / "坏.rejects.xlsx").worksheets[0]
    found = {cell.value: cell.data_type for row in page.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {text: found[text] for text in ("=1+1", "@x", "=HYPERLINK(1)", "+9")} == dict.fromkeys(("=1+1", "@x", "=HYPERLINK(1)", "+9"), "s")


def test_memory_that_does_not_suffice_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine's memory ends, the file is refused in words, text or workbook."""
    from controls.intake.taking import Taking
    from ledger.sheets import xlsx

    def nothing_left(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Taking, "take", nothing_left)
    monkeypatch.setattr(xlsx, "_shared", nothing_left)
    for path in (payments(tmp_path, payment()), hostile.book(tmp_path)):
        with pytest.raises(TooLarge):
            read(path, "payments")
