"""Fresh proof (近时验证): signing, releasing, posting and closing ask who sits there, at a terminal by asking for password or code at once.

The commands stand in ``templates/fresh-proof.yaml``; no office's folder replaces the file.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.lawfile import LawFile, read

if TYPE_CHECKING:
    from pathlib import Path

FILE = "fresh-proof.yaml"


class FreshProof(LawFile):
    """Schema of ``templates/fresh-proof.yaml``."""

    commands: tuple[str, ...]


@lru_cache(maxsize=1)
def commands() -> frozenset[str]:
    """Every command that needs a fresh proof; raises SB1011."""
    return frozenset(read(FreshProof, FILE).commands)


def ask(home: Path, command: str) -> None:
    """Passes when the command is not listed or who signed in proved it lately; at a terminal an older proof is renewed. Raises SB3004, SB2130."""
    if command not in commands():
        return
    from controls import sessions
    from controls.errors_duties import ProofStale
    from ledger.db import reading
    from shebao.store import Office

    office = Office(home)
    try:
        actor = office.actor
        try:
            with reading(office.store) as connection:
                sessions.require_fresh(connection, home, office.now())
        except ProofStale:
            if not sys.stdin.isatty():
                raise
            import click

            secret = str(click.prompt("请再次输入密码或动态口令", hide_input=True, err=True))
            with office.unit() as work:
                sessions.prove(work, office.now(), home, actor, secret)
                work.commit()
    finally:
        office.engine.dispose()
