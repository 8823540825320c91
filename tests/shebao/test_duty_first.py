"""Duty before state (C5): a person without the duty is told so, and nothing of what the office holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.duties import Duty
from shebao.cli import dutyfirst, execute
from tests.shebao.small_office import Small
from tests.shebao.test_default_deny import BALANCE, CLOSED, TREE, line

LOOKING = {
    "duty ask", "duty deputy", "duty emergency", "duty exempt", "duty exceptions", "duty list", "duty matrix", "duty may", "duty register", "password",
    "relative ask-end", "relative declare", "relative list", "totp confirm", "totp enrol", "totp recover", "user confirm", "user list",
    "accounts list", "bankfile authorise", "bankfile failures", "bankfile show", "beneficiary changes", "beneficiary coming", "beneficiary due",
    "books rebuild-balances", "budget execution", "budget lines", "budget list", "budget print", "files", "files diff", "files show", "import",
    "journal compare", "journal list", "journal print", "journal show", "logout", "mapping delete", "mapping export", "mapping list", "mapping load",
    "mapping show", "period check", "period list", "period year-end", "person-account check", "person-account list", "premium claims", "premium due",
    "premium plan", "premium print", "premium show", "register act", "register add", "register check", "register correct", "register due",
    "register help", "register import", "register list", "register print", "register show", "roster cases", "roster differences", "roster findings",
    "roster freezes", "roster holds", "roster list", "roster removed", "roster show",
    "special check", "special documents", "special list", "voucher attachments", "voucher lines", "voucher list", "voucher show", "whoami",
}  # fmt: skip
"""Commands whose lists everybody signed in may read, or whose duty depends on what they are given (a register, a kind of file, a roster's flow)."""

USAGE = {"SB6007", "SB6202", "SB2050", "SB1001", "SB1002", "SB1003"}
"""A command line that cannot be read at all: nothing of the office is told."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office where the 系统管理员 has signed in, who holds no business duty."""
    made = Small(tmp_path_factory.mktemp("duty") / "office")
    made.enter("I1", "2026-01-20", "1", "利息1", fund="E", details={"into": "1003"})
    (made.folder / "given.csv").write_text(BALANCE, encoding="utf-8")
    made.sign_in("wu")
    return made


def test_no_command_tells_a_state_before_it_asks_for_the_duty(small: Small, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """C5: every writing command, called for something that is not there by somebody without its duty, says SB3001 and not what is or is not there."""
    monkeypatch.chdir(small.folder)
    told = {}
    for path in sorted(set(CLOSED) - LOOKING):
        status = execute(["--home", str(small.home), *line(path, small.folder)])
        said = capsys.readouterr().err
        code = said[said.find("[SB") + 1 :][:6] if "[SB" in said else ""
        if code != "SB3001" and code not in USAGE and not path.startswith(("token ", "accounts reject", "user ")):
            told[path] = (status, code)
    assert not told


def test_the_table_names_commands_and_duties_that_exist() -> None:
    """Every line of templates/command-duties.yaml is a command of the program and duties of templates/duties.yaml."""
    table = dutyfirst.table()
    assert {command for command in table if not command.endswith(" *")} <= set(TREE)
    assert {command.removesuffix(" *") for command in table if command.endswith(" *")} <= {path.split()[0] for path in TREE}
    assert {code for duties in table.values() for code in duties} <= {duty.value for duty in Duty}
    assert len(table) > 40


def test_the_right_duty_is_told_the_state(small: Small, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The gate asks nothing more of those who hold the duty: they learn that the roster is not there."""
    other = Small(tmp_path / "office")
    other.sign_in("li")
    assert execute(["--home", str(other.home), "roster", "review", "7"]) == 2
    assert "[SB3030]" in capsys.readouterr().err
