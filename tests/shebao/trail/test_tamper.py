"""Every table under the chain: every column changed, rows removed, put in and swapped; verify finds each one and names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.db import metadata
from tests.private_postgres import Cluster
from tests.shebao.trail.tamper_bench import Bench, opened, opened_by_owner
from tests.shebao.trail.tamper_spec import EMPTY, SPECS
from tests.shebao.trail.tampering import Tamper, tampers

SAMPLES = sorted({spec.sample for spec in SPECS.values()})


@pytest.fixture(scope="module", params=SAMPLES)
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Bench]]:
    """Each sample in turn, laid open."""
    with opened(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield request.param, found


def _missed(bench: Bench, name: str) -> Iterator[str]:
    """What of a table's forgeries is not found, or not named."""
    spec, table = SPECS[name], metadata.tables[f"shebao_{name}"]
    assert (wrong := list(bench.broken(spec))) == [], (name, wrong)
    tried = list(tampers(bench.connection, table))
    assert {one.what for one in tried} >= {*(f"column {column.name}" for column in table.c), "row removed", "row put in"}, name
    for forgery in tried:
        words, said = spec.words(table, forgery.rows), []
        try:
            with bench.tampered(forgery):
                for one in bench.broken(spec):
                    said.append(one.text)
                    if any(word in one.text for word in words):
                        break
                else:
                    yield f"{name}: {forgery.what}: {said or 'nothing found'}"
        except sa.exc.IntegrityError:
            assert bench.connection.dialect.name == "postgresql", forgery


def test_every_forgery_is_found_and_named(bench: tuple[str, Bench]) -> None:
    """C6: with the guards out of the way, each value changed, each row removed, put in or swapped in any table is found, and the row or its owner is named."""
    sample, found = bench
    missed = [line for name, spec in SPECS.items() if spec.sample == sample and name not in EMPTY for line in _missed(found, name)]
    assert missed == []


@pytest.mark.parametrize("sample", ["books", "people", "rosters"])
def test_postgresql_s_own_master_is_found_too(postgres: Cluster, tmp_path: Path, sample: str) -> None:
    """C6: on PostgreSQL, with triggers and references switched off by who owns the server, the same forgeries are found and named, or the database refuses."""
    postgres.run(f"CREATE DATABASE tampered_{sample} TEMPLATE template1")
    with opened_by_owner(sample, postgres.url(f"tampered_{sample}"), tmp_path) as found:
        missed = [line for name, spec in SPECS.items() if spec.sample == sample and name not in EMPTY for line in _missed(found, name)]
    postgres.run(f"DROP DATABASE tampered_{sample} WITH (FORCE)")
    assert missed == []


def test_what_must_be_empty_is_found(tmp_path: Path) -> None:
    """L1: a row left in a table that is empty after every act is found."""
    sealing = dict.fromkeys(("first_id", "last_id", "first_seq", "last_seq"), 4)
    rows = {"open_posting": {"book_id": 1, "subledger": "payout", "source_id": 5}, "sealing": {"book_id": 1, **sealing}}
    with opened("books", tmp_path) as found:
        for name in EMPTY:
            planted = Tamper("row put in", [sa.insert(metadata.tables[f"shebao_{name}"]).values(rows[name])], [rows[name]])
            with found.tampered(planted):
                assert SPECS[name].named in next(found.broken(SPECS[name])).text
