"""A refused act of somebody signed in is in the trail, with its code; nothing else of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import chain
from shebao.cli import run
from tests.shebao.small_office import Small


def asked(small: Small, *words: str) -> int:
    with pytest.raises(SystemExit) as ending:
        run(["--home", str(small.home), *words])
    return int(ending.value.code or 0)


def test_a_refusal_is_recorded_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """C6: the cashier who asks for a roster's review is refused; who, when, which duty, what and why stand in the trail, once, and the chain holds."""
    small = Small(tmp_path / "office")
    small.sign_in("zhou")
    before = len(list(small.trail("refused")))
    assert asked(small, "roster", "review", "7") == 3
    (said,) = small.trail("refused")[before:]
    assert (said.actor, said.duty, said.thing, said.result) == ("zhou", "CASHIER", "command:roster review 7", "refused")
    assert said.reason.startswith("SB3") and said.reason[:6] in capsys.readouterr().err
    with small.of("zhou").reading() as connection:
        assert chain.verify(connection) == said.seq


def test_nobody_leaves_no_record(tmp_path: Path) -> None:
    """C6: a refusal of nobody signed in has no person to be recorded for, and adds nothing."""
    small = Small(tmp_path / "office")
    with small.of("zhou").reading() as connection:
        before = chain.head(connection)
    assert asked(small, "roster", "review", "7") == 3
    with small.of("zhou").reading() as connection:
        assert chain.head(connection) == before
