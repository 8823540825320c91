"""C5 at the door of the command line: every command × every duty answers as ``duty_matrix.yaml`` says, cell by cell."""

from __future__ import annotations

import pytest

from controls.duties import Duty
from tests.shebao.duty_matrix import ADMINS, admitted, expected, founded
from tests.shebao.small_office import Small
from tests.shebao.test_default_deny import CLOSED

OFFICE_WIDE = ("duty", "user", "relative", "token", "login", "logout", "whoami", "password", "totp", "trail", "verify", "upgrade", "doctor")
"""Groups that are about people and the installation, where the three administrators have their work."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """One office for every duty."""
    return founded(tmp_path_factory.mktemp("matrix"))


@pytest.mark.parametrize("duty", list(Duty))
def test_every_cell(office: Small, duty: Duty) -> None:
    """Somebody with this duty alone is refused for want of a duty (SB3001) by exactly the commands that the file closes to it."""
    should = {path for path, duties in expected().items() if duty.value in duties}
    found = admitted(office, duty)
    assert (sorted(found - should), sorted(should - found)) == ([], []), "python -m tests.shebao.duty_matrix writes the file anew; read what changed"


def test_the_file_names_every_command() -> None:
    """A new command has a line before it has users."""
    assert sorted(expected()) == CLOSED


def test_the_three_administrators_see_no_business() -> None:
    """S14: no command of rosters, vouchers, persons, books or banks is open to 系统, 安全 or 审计管理员."""
    open_to = {path: sorted(duties & ADMINS) for path, duties in expected().items() if duties & ADMINS and path.split()[0] not in OFFICE_WIDE}
    assert open_to == {}


def test_nobody_both_signs_and_pays() -> None:
    """What one duty alone may do on a roster: build, review, authorise and the bank file are four duties' work, and none of them audits."""
    who = expected()
    steps = [who[path] for path in ("roster submit", "roster review", "roster authorise", "bankfile make")]
    assert all(steps[a].isdisjoint(steps[b]) for a in range(4) for b in range(a))
    assert all("AUDIT" not in one and "AUDITOR" not in one for one in steps)
