"""Refusals of the front door that no other test brings about: a voucher label that is none, a step of the demo that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shebao.cli import execute
from shebao.demo.play import Stage, StepFailed
from tests.shebao.small_office import Small


@pytest.mark.parametrize("label", ["1", "1-", "-", "1-x", "一-二", "1-2-3", "1.5-2"])
def test_a_label_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], label: str) -> None:
    """SB6201: a voucher label is book-number; anything else ends with 2 and says where labels are listed."""
    small = Small(tmp_path / "office")
    small.sign_in("sun")
    for words in (["show"], ["review"], ["reject", "--reason", "x"]):
        assert execute(["--home", str(small.home), "voucher", *words, "--", label]) == 2
        said = capsys.readouterr().err
        assert "[SB6201]" in said and label in said and "shebao voucher list" in said


def test_a_step_of_the_demo_that_fails(tmp_path: Path) -> None:
    """SB6511: the story stops at the first command that ends otherwise than it should, naming step, command, status and what was said."""

    def refuse(arguments: list[str]) -> int:
        sys.stderr.write("原因在此\n")
        return 3

    said: list[str] = []
    stage = Stage(tmp_path, said.append, refuse)
    stage.who = "wu"
    assert stage.run("whoami", accept=(0, 3)) == ""
    with pytest.raises(StepFailed, match=r"第 2 步.*shebao --home office voucher list.*3.*原因在此") as failed:
        stage.run("voucher", "list")
    assert failed.value.facts["status"] == 3
    assert stage.steps == len(said) == len(stage.commands) == 2
