"""Duty before state: commands that look something up first ask who is acting before anything else (``templates/command-duties.yaml``).

A person without the duty learns nothing of what the office holds, not even that a roster, a voucher or a file is not there (C5).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

import templates
from ledger.lawfile import LawFile, read

if TYPE_CHECKING:
    from pathlib import Path

FILE = "command-duties.yaml"
OPEN = frozenset(
    (
        "premium class", "premium relief", "benefit list", "benefit compute", "benefit explain", "benefit simulate", "benefit unset", "benefit cases run",
        "benefit together", "person-account cases", "voucher events",
    )
)  # fmt: skip
"""Commands of these groups that need no office at all: they reckon by the law alone."""


@lru_cache(maxsize=4)
def _table(roots: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = read(CommandDuties, FILE)
    return {command: tuple(code for word in words for code in found.groups.get(word, (word,))) for command, words in found.commands.items()}


class CommandDuties(LawFile):
    """Schema of ``templates/command-duties.yaml``: words of a command (``roster *``: the rest of a group) → duties, one of which its user holds."""

    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    commands: dict[str, Annotated[tuple[str, ...], "codes of templates/duties.yaml"]]


def table() -> dict[str, tuple[str, ...]]:
    """Every command listed, with its duties; raises SB1011."""
    return _table(tuple(str(root) for root in templates.roots()))


def ask(home: Path, command: str) -> None:
    """Passes when the command is not listed or the person signed in holds one of its duties; raises SB3001, SB3004 and what opening the office raises."""
    known = table()
    duties = known.get(command, known.get(f"{command.partition(' ')[0]} *"))
    if duties is None or command in OPEN or (command == "import" and not (home / "shebao.toml").exists()):
        return
    from controls.duties import Duty, require_any
    from shebao.store import Office

    office = Office(home)
    try:
        require_any(office.actor, tuple(Duty(code) for code in duties))
    finally:
        office.engine.dispose()
