"""The independent verifier: one file in a bare Python proves what was exported, and finds what was planted in it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from controls.duties import Actor, Duty
from ledger import accounts, chain
from ledger.db import UnitOfWork, open_engine, reading, sqlite_url
from ledger.funds import Fund
from ledger.hashes import Algorithm, plain_sm3, sm3
from shebao.store import Office
from shebao.trails.export import VERIFIER, write_book, write_trail
from tests.controls.voucher_desk import JANUARY
from tests.ledger.store import fresh
from tests.shebao.test_verification import office_at

READER = Actor("reader", "外审", frozenset({Duty.AUDITOR}))


def loaded() -> ModuleType:
    """The verifier as a module of its own, for planted faults without a process each."""
    spec = importlib.util.spec_from_file_location("verify_shebao_alone", VERIFIER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A month's trail and book in one folder, and the head that it ends with."""
    folder = tmp_path_factory.mktemp("exported")
    office: Office = office_at(folder / "office", sqlite_url(folder / "shebao.db"))
    office.actor = READER
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.R)
    write_book(office, book, JANUARY, folder / "out")
    head = write_trail(office, folder / "out")
    office.engine.dispose()
    return folder / "out", f"{head.seq}:{head.hash}"


def test_a_bare_python_proves_the_export(exported: tuple[Path, str]) -> None:
    """F117: `python3 -I -S` without any library proves chain, entries, balances, statements and posting, and says what it looked at."""
    folder, head = exported
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / VERIFIER.name), str(folder), "--witness", head], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^OK +(\w+)", done.stdout, re.MULTILINE) == ["trail", "entries", "persons", "balances", "statements", "posting"]
    assert "5 entries" in done.stdout


def edited(name: str, change: Callable[[list[Any]], None]) -> Callable[[Path], None]:
    """A fault planted in a file of JSON lines."""

    def plant(folder: Path) -> None:
        rows = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        change(rows)
        (folder / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")

    return plant


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A fault planted in a text."""

    def plant(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        found = re.sub(old, new, text, count=1)
        assert found != text, name
        (folder / name).write_text(found, encoding="utf-8")

    return plant


def forged(module: ModuleType, rows: list[Any]) -> None:
    """One record changed and everything after it hashed anew."""
    rows[2]["actor"], previous = "forger", ""
    for row in rows:
        row["previous"] = previous
        row["hash"] = previous = module.hashlib.sha256(module.canonical([row[name] for name in module.FIELDS]).encode()).hexdigest()


def moved(rows: list[Any]) -> None:
    """A fen moved from one line to another of the same side, with the digest made anew."""
    lines = next(row for row in rows if len(row["facts"]["lines"]) == 3)["facts"]["lines"]
    lines[0][2], lines[1][2] = lines[0][2] + 1, lines[1][2] - 1


def paid(rows: list[Any]) -> None:
    """A fen moved from one person to another."""
    rows[0][3], rows[1][3] = rows[0][3] + 1, rows[1][3] - 1


PLANTED: dict[str, tuple[Callable[[Path], None], str]] = {
    **{
        f"a record's {name}": (edited("trail.jsonl", lambda rows, name=name: rows[4].update({name: rows[4][name] + (1 if name == "seq" else "x")})), "trail")  # type: ignore[misc]
        for name in ("seq", "at", "actor", "duty", "act", "thing", "before", "digest", "facts", "result", "reason", "previous", "hash")
    },
    "a record removed": (edited("trail.jsonl", lambda rows: rows.pop(3)), "trail"),
    "a record twice": (edited("trail.jsonl", lambda rows: rows.insert(3, rows[3])), "trail"),
    "two records swapped": (edited("trail.jsonl", lambda rows: rows.insert(2, rows.pop(5))), "trail"),
    "the tail cut": (edited("trail.jsonl", lambda rows: rows.__delitem__(slice(-2, None))), "trail"),
    "the chain built anew": (lambda folder: edited("trail.jsonl", lambda rows: forged(loaded(), rows))(folder), "trail"),
    "a voucher removed": (edited("entries.jsonl", lambda rows: rows.pop(1)), "entries"),
    "a number skipped": (edited("entries.jsonl", lambda rows: rows[-1].update(number=rows[-1]["number"] + 1)), "entries"),
    "a fen on one line": (edited("entries.jsonl", lambda rows: rows[0]["facts"]["lines"][0].__setitem__(2, 1)), "entries"),
    "a fen between lines": (edited("entries.jsonl", moved), "entries"),
    "one person twice": (edited("entries.jsonl", lambda rows: rows[0].update(reviewer=rows[0]["maker"])), "entries"),
    "a person's fen": (edited("persons.jsonl", lambda rows: rows[0]["rows"][0].__setitem__(3, 1)), "persons"),
    "a fen between persons": (edited("persons.jsonl", lambda rows: paid(rows[0]["rows"])), "persons"),
    "a person's item": (edited("persons.jsonl", lambda rows: rows[0]["rows"][0].__setitem__(1, "x")), "persons"),
    "a person's month": (edited("persons.jsonl", lambda rows: rows[0]["rows"][0].__setitem__(2, 202602)), "persons"),
    "a person's account": (edited("persons.jsonl", lambda rows: rows[0]["rows"][0].__setitem__(4, "1002")), "persons"),
    "a person left out": (edited("persons.jsonl", lambda rows: rows[0]["rows"].pop()), "persons"),
    "all persons of an entry": (edited("persons.jsonl", lambda rows: rows.__delitem__(slice(0, 2))), "persons"),
    "another column of numbers": (edited("persons.jsonl", lambda rows: rows[1].update(numbers="0" * 64)), "persons"),
    "another poster": (edited("entries.jsonl", lambda rows: rows[0].update(poster="somebody")), "posting"),
    "a balance": (replaced("balances.csv", r",(\d*[1-9]),", r",7\1,"), "balances"),
    "a statement's figure": (replaced("statements.json", r'"cumulative":([1-9]\d*)', r'"cumulative":7\1'), "statements"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(exported: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str) -> None:
    """F117: whatever was changed in the export, the verifier ends with 1 and names the proof that fails."""
    folder, head = exported
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    plant, proof = PLANTED[fault]
    plant(copy)
    assert loaded().main([str(copy), "--witness", head]) == 1
    assert f"WRONG {proof}" in capsys.readouterr().out


def test_numbers_are_masked_unless_they_are_asked_for(exported: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """C6: rows of persons go out with masked numbers; revealed they are in full, the reading is a record, and a number exchanged is found."""
    folder, _ = exported
    assert all("*" in row[0] for line in (folder / "persons.jsonl").read_text(encoding="utf-8").splitlines() for row in json.loads(line).get("rows", ()))
    office = Office(folder.parent / "office")
    office.actor = READER
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.R)
    write_book(office, book, JANUARY, tmp_path / "out", reveal=True)
    with office.reading() as connection:
        assert [record.told()["count"] for record in chain.records(connection) if record.act == "read.reveal"] == [4]
    office.engine.dispose()
    assert loaded().main([str(tmp_path / "out")]) == 0
    edited("persons.jsonl", lambda rows: rows[0]["rows"][0].__setitem__(0, "9"))(tmp_path / "out")
    assert loaded().main([str(tmp_path / "out")]) == 1
    assert "WRONG persons" in capsys.readouterr().out


def test_a_chain_of_sm3_proves_itself_inside_and_outside(tmp_path: Path) -> None:
    """F15: a chain begun with SM3 goes on with it; the product, its own reckoning and the verifier agree, and a change is found by each."""
    module = loaded()
    assert sm3(b"abc") == plain_sm3(b"abc") == module.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    text = b"abcd" * 16
    assert plain_sm3(text) == module.sm3(text) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    engine = fresh(sqlite_url(tmp_path / "store.db"))
    with UnitOfWork(engine) as work:
        chain.append_many(work, "2026-01-01T09:00:00+08:00", [chain.Act("a", "", "trail.begin", "trail")], Algorithm.SM3)
        chain.append(work, "2026-01-01T08:00:00+08:00", chain.Act("a", "", "act", "thing", "d"))
        chain.append_texts(work, "2026-01-01T08:00:00+08:00", "a", "", "act", [("other", "e", "{}")])
        work.commit()
    with reading(engine) as connection:
        assert chain.verify(connection) == 3 and chain.backward(connection) == [2]
        rows = [{name: getattr(record, name) for name in (*module.FIELDS, "hash")} for record in chain.records(connection)]
    assert all(row["hash"].startswith("sm3:") for row in rows)
    assert "put back" in module.chain(rows, {})
    rows[1]["reason"] = "x"
    with pytest.raises(module.Wrong):
        module.chain(rows, {})
    engine.dispose()
    with sqlite3.connect(tmp_path / "store.db") as database:
        assert database.execute("SELECT COUNT(*) FROM shebao_chain").fetchone() == (3,)
    database.close()
    assert isinstance(open_engine(sqlite_url(tmp_path / "store.db")), sa.Engine)
