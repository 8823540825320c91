"""`shebao audit why-not` tells step by step what became of a person's rows, with the number masked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shebao.cli import run
from tests.audit.test_audit_check import LI, ZHANG, files

__all__ = ["files"]


ENDED = "因没有对得上的数据而不再计入：死亡信息中有此人"


@pytest.mark.parametrize(("person", "status", "words"), [(LI, 0, ENDED), (ZHANG, 1, "报了疑点")], ids=["clean", "found"])
def test_the_steps_are_printed(files: dict[str, Path], person: str, status: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 and the steps for whom the rule leaves alone; exit 1 and the finding for whom it reports."""
    with pytest.raises(SystemExit) as ended:
        run(["audit", "why-not", person, "D1", "--payments", str(files["payments"]), "--deaths", str(files["deaths"])])
    said = capsys.readouterr().out
    assert int(ended.value.code or 0) == status and words in said and person not in said
    assert status == 1 or said.splitlines()[-1].startswith("结论：不满足的条件：死亡信息中有此人")


def test_what_is_no_number_ends_with_two(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """“abc” is no number: SB3395 and exit 2, not an answer about nobody; with --reveal an answer shows the number."""
    given = ["--payments", str(files["payments"]), "--deaths", str(files["deaths"])]
    with pytest.raises(SystemExit) as ended:
        run(["audit", "why-not", "abc", "D1", *given])
    assert ended.value.code == 2 and "SB3395" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(["audit", "why-not", ZHANG, "D1", "--json", "--reveal", *given])
    told = json.loads(capsys.readouterr().out)
    assert told["number"] == ZHANG and told["decided"] == "报了疑点"
