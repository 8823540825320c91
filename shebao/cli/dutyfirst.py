"""Duty before state: commands that look something up first ask who is acting before anything else (``templates/command-duties.yaml``).

A person without the duty learns nothing of what the office holds, not even that a roster, a voucher or a file is not there (C5).
Signing, releasing, posting and closing (``fresh``) ask for a fresh proof of who sits there, at a terminal by asking for password or code at once.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

import templates
from ledger.lawfile import LawFile, read

if TYPE_CHECKING:
    from pathlib import Path

    from shebao.store import Office

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


@lru_cache(maxsize=4)
def _fresh(roots: tuple[str, ...]) -> frozenset[str]:
    return frozenset(read(CommandDuties, FILE).fresh)


class CommandDuties(LawFile):
    """Schema of ``templates/command-duties.yaml``: words of a command (``roster *``: the rest of a group) → duties, one of which its user holds."""

    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    commands: dict[str, Annotated[tuple[str, ...], "codes of templates/duties.yaml"]]


def table() -> dict[str, tuple[str, ...]]:
    """Every command listed, with its duties; raises SB1011."""
    return _table(tuple(str(root) for root in templates.roots()))


def fresh() -> frozenset[str]:
    """Every command that needs a fresh proof; raises SB1011."""
    return _fresh(tuple(str(root) for root in templates.roots()))


def ask(home: Path, command: str) -> None:
    """Passes when the command is not listed, or the person signed in holds one of its duties and has proved it lately where that is asked for.

    Raises SB3001, SB3004, SB2130 and what opening the office raises.
    """
    known = table()
    duties = known.get(command, known.get(f"{command.partition(' ')[0]} *"))
    needs_proof = command in fresh()
    if (duties is None and not needs_proof) or command in OPEN:
        return
    from controls.duties import Duty, require_any
    from shebao.store import Office

    office = Office(home)
    try:
        if duties is not None:
            require_any(office.actor, tuple(Duty(code) for code in duties))
        if needs_proof:
            _proved(office)
    finally:
        office.engine.dispose()


def _proved(office: Office) -> None:
    """A proof that is too old is renewed at the terminal; where nobody can be asked the refusal stands (SB2130)."""
    from controls import sessions
    from controls.errors_duties import ProofStale
    from ledger.db import reading

    actor = office.actor
    try:
        with reading(office.store) as connection:
            sessions.require_fresh(connection, office.home, office.now())
    except ProofStale:
        if not sys.stdin.isatty():
            raise
        import click

        secret = str(click.prompt("请再次输入密码或动态口令", hide_input=True, err=True))
        with office.unit() as work:
            sessions.prove(work, office.now(), office.home, actor, secret)
            work.commit()
