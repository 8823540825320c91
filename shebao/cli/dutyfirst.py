"""Duty before state: commands that look something up first ask who is acting before anything else (``templates/command-duties.yaml``).

A person without the duty learns nothing of what the office holds, not even that a roster, a voucher or a file is not there (C5).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import templates
from ledger.lawfile import LawFile, read

if TYPE_CHECKING:
    from pathlib import Path

FILE = "command-duties.yaml"


@lru_cache(maxsize=4)
def _table(roots: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return dict(read(CommandDuties, FILE).commands)


class CommandDuties(LawFile):
    """Schema of ``templates/command-duties.yaml``: words of a command → duties, one of which its user holds."""

    commands: dict[str, Annotated[tuple[str, ...], "codes of templates/duties.yaml"]]


def table() -> dict[str, tuple[str, ...]]:
    """Every command listed, with its duties; raises SB1011."""
    return _table(tuple(str(root) for root in templates.roots()))


def ask(home: Path, command: str) -> None:
    """Passes when the command is not listed or the person signed in holds one of its duties; raises SB3001, SB3004 and what opening the office raises."""
    duties = table().get(command)
    if duties is None:
        return
    from controls.duties import Duty, require_any
    from shebao.store import Office

    office = Office(home)
    try:
        require_any(office.actor, tuple(Duty(code) for code in duties))
    finally:
        office.engine.dispose()
