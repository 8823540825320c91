"""A head kept in a file outside: the past before it is proved, and a file that says nothing usable is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from controls.duties import Actor, Duty
from controls.errors import NotAllowed
from controls.errors_trail import WitnessUnusable
from ledger import chain
from ledger.db import UnitOfWork, open_engine, reading, sqlite_url
from ledger.hashes import Algorithm
from shebao.store import Office, write_settings
from shebao.trails import witness
from shebao.trails.reading import found
from shebao.verification import verify_store
from tests.ledger.store import fresh
from tests.ledger.tamper import opened_copy
from tests.shebao.test_verification import office_at
from tests.shebao.trail.forging import rebuilt

KEEPER = Actor("keeper", "审计管理员", frozenset({Duty.LOGADMIN}))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's folder with two heads in ``heads.jsonl``."""
    folder = tmp_path_factory.mktemp("kept")
    office = office_at(folder / "office", sqlite_url(folder / "shebao.db"))
    office.actor = KEEPER
    for _ in range(2):
        witness.write(office, folder / "heads.jsonl")
    office.engine.dispose()
    return folder


def said(kept: Path, tmp_path: Path, *statements: str, rebuild: bool = False) -> list[str]:
    """What verify says against the file of heads after the statements."""
    opened_copy(kept / "shebao.db", tmp_path / "copy.db", *statements, rearmed=not rebuild).dispose()
    if rebuild:
        rebuilt(tmp_path / "copy.db")
    write_settings(tmp_path / "office", sqlite_url(tmp_path / "copy.db"), code="U1", name="云岭县", region="620821")
    return [result.text for result in verify_store(Office(tmp_path / "office"), str(kept / "heads.jsonl")) if result.code == "C6 留痕链"]


def test_the_past_before_each_head_is_proved(kept: Path, tmp_path: Path) -> None:
    """F14, F116: both heads of the file are met, and verify says which."""
    numbers = [json.loads(line)["seq"] for line in (kept / "heads.jsonl").read_text(encoding="utf-8").splitlines()]
    (text,) = said(kept, tmp_path)
    assert f"第 {numbers[0]}、{numbers[1]} 条与外部留存一致" in text


def test_a_tail_cut_and_a_chain_built_anew_are_found(kept: Path, tmp_path: Path) -> None:
    """C6: what the chain alone cannot show, the file shows, and names the record."""
    (cut,) = said(kept, tmp_path, "DELETE FROM shebao_chain WHERE seq > 5")
    assert "尾部缺失" in cut
    shutil.rmtree(tmp_path / "office")
    (anew,) = said(kept, tmp_path, rebuild=True)
    assert "与外部留存的链头不符" in anew


@pytest.mark.parametrize(
    "text", ["", "{}", "no json", '{"unit":"U1","seq":"x","hash":"y"}', '{"unit":"U2","seq":1,"hash":"y"}',
             '{"unit":"U1","seq":1,"hash":"y"}\n{"unit":"U1","seq":1,"hash":"z"}'],
)  # fmt: skip
def test_an_unusable_witness_is_refused(tmp_path: Path, text: str) -> None:
    """SB2290: an empty file, one of another unit, one that contradicts itself, one that is something else."""
    (tmp_path / "heads.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(WitnessUnusable) as refused:
        witness.read(str(tmp_path / "heads.jsonl"), "U1")
    assert refused.value.code == "SB2290"


def test_looking_is_recorded_and_is_not_everybody_s(kept: Path) -> None:
    """C5, C6: the keeper of the log reads by thing and person, and the reading is a record; the cashier reads nothing."""
    office = Office(kept / "office")
    office.actor = KEEPER
    rows = found(office, who="keeper")
    assert {row.act for row in rows} >= {"trail.witness"}
    with office.reading() as connection:
        assert list(chain.records(connection))[-1].act == "read.trail"
    office.actor = Actor("zhou", "周", frozenset({Duty.CASHIER}))
    with pytest.raises(NotAllowed):
        found(office)
    office.engine.dispose()


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_cut_tail_and_a_new_chain_are_found_with_either_hash(tmp_path: Path, algorithm: Algorithm) -> None:
    """C6: without a head kept elsewhere both hold; with one, a tail cut and a whole chain built anew are found, in SHA-256 and in SM3."""
    file = tmp_path / "store.db"
    engine = fresh(sqlite_url(file))
    with UnitOfWork(engine) as work:
        chain.append_many(work, "2026-01-01T09:00:00+08:00", [chain.Act("a", "", "act", f"thing:{place}", "d") for place in range(5)], algorithm)
        work.commit()
    with reading(engine) as connection:
        head = chain.head(connection)
    assert head[1].startswith("sm3:") is (algorithm is Algorithm.SM3)
    engine.dispose()
    cut = opened_copy(file, tmp_path / "cut.db", "DELETE FROM shebao_chain WHERE seq > 3")
    opened_copy(file, tmp_path / "anew.db").dispose()
    rebuilt(tmp_path / "anew.db")
    anew = open_engine(sqlite_url(tmp_path / "anew.db"))
    for store, length, why in ((cut, 3, "尾部缺失"), (anew, 5, "与外部留存的链头不符")):
        with reading(store) as connection:
            assert chain.verify(connection) == length
            with pytest.raises(chain.ChainBroken, match=why):
                chain.verify(connection, witness=head)
        store.dispose()


def test_verify_says_when_no_witness_was_given(kept: Path, tmp_path: Path) -> None:
    """C6: without a head kept elsewhere, verify says what it cannot show."""
    opened_copy(kept / "shebao.db", tmp_path / "copy.db").dispose()
    write_settings(tmp_path / "office", sqlite_url(tmp_path / "copy.db"), code="U1", name="云岭县", region="620821")
    (text,) = [result.text for result in verify_store(Office(tmp_path / "office")) if result.code == "C6 留痕链"]
    assert "没有给出外部留存的链头" in text and "--witness" in text
