"""Doors of the command line: every command × every duty, as the program answers. Run as a module it writes ``duty_matrix.yaml`` to be read by people."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import yaml

from controls.duties import Actor, Duty
from controls.tables import grant, user
from shebao.cli import execute
from shebao.store import Office
from tests.shebao.small_office import FOUNDED, Small
from tests.shebao.test_default_deny import BALANCE, CLOSED, line

FILE = Path(__file__).with_name("duty_matrix.yaml")
ANYBODY, STAFF, NOBODY = "anybody signed in", "staff", "nobody by duty alone"
ADMINS = {"SYSADMIN", "SECADMIN", "LOGADMIN"}
HEAD = "# Who may call which command (every cell is asserted by test_duty_matrix.py). Read it line by line when it changes: a duty too many is a door.\n"


def founded(folder: Path) -> Small:
    """An office with one voucher and a file beside it."""
    made = Small(folder / "office")
    with made.unit() as work:
        for duty in Duty:
            given = {"password_hash": "x", "created_at": FOUNDED, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=f"x{duty.value.lower()}", name=duty.zh, **given))
            named = {"valid_from": "2025-12-01", "valid_to": "", "granted_by": "init", "granted_at": FOUNDED}
            work.connection.execute(grant.insert().values(user_id=f"x{duty.value.lower()}", duty=duty.value, **named))
        work.commit()
    made.enter("I1", "2026-01-20", "1", "利息1", fund="E", details={"into": "1003"})
    (made.folder / "given.csv").write_text(BALANCE, encoding="utf-8")
    return made


def admitted(made: Small, duty: Duty) -> set[str]:
    """The commands that somebody with this duty alone is not refused for want of it (SB3001)."""
    actor, found, here = Actor(f"x{duty.value.lower()}", duty.zh, frozenset({duty})), set(), Path.cwd()
    os.chdir(made.folder)
    try:
        with patch.object(Office, "actor", property(lambda self: actor)), patch("shebao.trails.refused.note"):
            for path in CLOSED:
                _clear(made.folder / "out")
                said = io.StringIO()
                with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
                    execute(["--home", str(made.home), *line(path, made.folder)])
                if "[SB3001]" not in said.getvalue():
                    found.add(path)
    finally:
        os.chdir(here)
    return found


def _clear(out: Path) -> None:
    """Takes away what the command before wrote."""
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink(missing_ok=True)


def expected() -> dict[str, set[str]]:
    """Command → codes of the duties that may call it, as the file says."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {path: words().get(who) or set(who.split(", ")) - {NOBODY} for path, who in told.items()}


def words() -> dict[str, set[str]]:
    """Words of the file that stand for several duties."""
    everybody = {duty.value for duty in Duty}
    return {ANYBODY: everybody, STAFF: everybody - ADMINS}


def main() -> None:
    """Writes the file."""
    with tempfile.TemporaryDirectory() as folder:
        made = founded(Path(folder))
        found = {duty: admitted(made, duty) for duty in Duty}
    rows = {path: [duty.value for duty in Duty if path in found[duty]] for path in CLOSED}
    short = {frozenset(duties): word for word, duties in words().items()} | {frozenset(): NOBODY}
    told = {path: short.get(frozenset(duties), ", ".join(duties)) for path, duties in rows.items()}
    FILE.write_text(HEAD + yaml.safe_dump(told, allow_unicode=True, width=400, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
