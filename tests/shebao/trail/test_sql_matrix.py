"""C5, C6 at the door of direct SQL: every table × INSERT, UPDATE and DELETE ends as ``sql_matrix.yaml`` says, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.private_postgres import Cluster
from tests.shebao.trail.sql_matrix import BY_URL, expected, on_postgresql, on_sqlite
from tests.shebao.trail.tamper_spec import EMPTY, SPECS

AGAIN = "python -m tests.shebao.trail.sql_matrix writes the file anew; read what changed"
MONEY = {
    "SQLite": (
        "release",
        "release_item",
        "signature",
        "bank_batch",
        "bank_line",
        "bank_authorisation",
        "bank_result",
        "bank_return",
        "approval",
        "roster_line",
    ),
    "PostgreSQL": ("release", "release_item", "signature", "bank_batch", "bank_line", "bank_authorisation", "bank_result", "bank_return", "roster_line"),
}
"""Tables through which money goes out: nothing is put into them past the chain."""


@pytest.mark.parametrize("sample", sorted({spec.sample for spec in SPECS.values()}))
def test_every_cell_of_a_file(sample: str, tmp_path: Path) -> None:
    """Whoever has the SQLite file changes and removes nothing that a guard names, and puts in only what `shebao verify` finds."""
    assert on_sqlite(sample, tmp_path) == expected()[f"sqlite {sample}"], AGAIN


@pytest.mark.parametrize("sample", ["books", "rosters"])
def test_every_cell_of_the_application_role(sample: str, postgres: Cluster, tmp_path: Path) -> None:
    """The role in which the program works on PostgreSQL has no right to it, or a guard names it, or it is found; the other samples are played by main()."""
    assert on_postgresql(sample, postgres, tmp_path) == expected()[f"postgresql {sample}"], AGAIN


def test_every_table_has_its_cells() -> None:
    """A new table has its row before it has users: three cells on SQLite, and on PostgreSQL wherever a sample can be made there."""
    told = expected()
    wanted = {name for name in SPECS if name not in EMPTY}
    assert {name for where, cells in told.items() if where.startswith("sqlite") for name in cells} == wanted
    there = {name for where, cells in told.items() if where.startswith("postgresql") for name in cells}
    assert there >= {name for name, spec in SPECS.items() if spec.sample in BY_URL and name not in EMPTY}
    assert all(cells.keys() == {"INSERT", "UPDATE", "DELETE"} and all(cells.values()) for tables in told.values() for cells in tables.values())


@pytest.mark.parametrize("database", list(MONEY))
def test_no_money_goes_past_the_chain(database: str) -> None:
    """C3: a forged release, signature, bank file or return is refused by name at the database, never only found afterwards."""
    told = {name: cells for where, tables in expected().items() if where.startswith(database.lower()) for name, cells in tables.items()}
    assert {(name, act) for name in MONEY[database] for act, said in told[name].items() if "verify" in said} == set()


def test_no_row_is_ever_removed() -> None:
    """Nothing at all is deleted past the program."""
    lost = {(where.split()[0], name) for where, tables in expected().items() for name, cells in tables.items() if "verify" in cells["DELETE"]}
    assert lost == set()
