"""Spoilt files of every kind give a table or a refusal with status 2, never another error, and are taken in whole or not at all.

The long run over the same corpus is ``make fuzz``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.controls.payment_desk import desk
from tests.controls.proving import Prover
from tests.controls.spoiling import Sound, Spoiler, corpus

FILES = 1_600
SHARES = 8
SEED = 20_260_115


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Sound]:
    """The corpus, made once."""
    return corpus(tmp_path_factory.mktemp("corpus"))


def test_the_corpus_is_sound(sounds: list[Sound], tmp_path: Path) -> None:
    """There are files of every kind, and most of them are read: a corpus that is refused would prove nothing."""
    prover = Prover(tmp_path)
    path = tmp_path / "sound"
    read = []
    for sound in sounds:
        path.write_bytes(sound.content)
        if prover.read(path, sound.contract, sound.values) is not None:
            read.append(sound.kind)
    assert {*read} == {"csv", "xlsx", "xls", "parquet"}
    assert len(read) * 3 > len(sounds) * 2


@pytest.mark.parametrize("share", range(SHARES))
def test_spoilt_files(sounds: list[Sound], tmp_path: Path, share: int) -> None:
    """Bytes, cells, lines, encodings, XML in archives and records of old workbooks spoilt (seeded): read or refused, nothing else."""
    spoiler, prover, path = Spoiler(sounds), Prover(tmp_path), tmp_path / "spoilt"
    for number in range(share, FILES, SHARES):
        spoilt = spoiler.spoil(SEED, number)
        path.write_bytes(spoilt.content)
        try:
            taken = prover.read(path, spoilt.source.contract, spoilt.source.values)
            if taken is not None and number % 9 == 0:
                prover.told(taken)
        except Exception as error:
            raise AssertionError(f"file {number} of seed {SEED} ({spoilt.source.name}, {spoilt.ways})") from error
    assert prover.found["taken"] > 20 and prover.found["SB2006"] > 5


def test_spoilt_files_are_taken_in_whole_or_not_at_all(sounds: list[Sound], tmp_path: Path) -> None:
    """After every attempt the register and the snapshots hold the whole file, or what they held before."""
    prover = Prover(tmp_path / "out", desk(f"sqlite:///{tmp_path / 'office.db'}", tmp_path / "home"))
    prover.folder.mkdir()
    mine = [sound for sound in sounds if sound.contract == "payments"]
    spoiler, path = Spoiler(mine), tmp_path / "spoilt"
    for number in range(160):
        path.write_bytes(spoiler.spoil(SEED, number).content)
        taken = prover.read(path, "payments", mine[number % len(mine)].values)
        if taken is not None:
            prover.kept(taken, accept_valid=number % 2 == 0)
    assert prover.found["kept"] > 10 and prover.found["register SB3021"] > 5


def test_the_same_seed_spoils_the_same(sounds: list[Sound]) -> None:
    """A file of a run can be made again from its seed and number alone."""
    assert Spoiler(sounds).spoil(1, 77) == Spoiler(sounds).spoil(1, 77)
    assert len({Spoiler(sounds).spoil(1, number).content for number in range(200)}) > 150
