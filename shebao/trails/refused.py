"""A refused act of somebody signed in leaves a record too, in a transaction of its own (C6)."""

from __future__ import annotations

import re
from pathlib import Path

import click
import sqlalchemy as sa

from controls import trail
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from shebao.store import Office

REFUSED_STATUS = 3
STORE = "SB12"
"""Refusals of the store itself: what could not be opened cannot be written to either."""
ACT = "refused"
_LABEL = re.compile(r"(?=\S*\d)[\w:.\-]{1,40}")


def thing_of(command: str, arguments: list[object]) -> str:
    """What was asked for: the command and the numbers and labels that its arguments name; no free text, no file, no option's value."""
    labels = [str(value) for value in arguments if isinstance(value, int | str) and _LABEL.fullmatch(str(value))]
    return "command:" + " ".join([command, *labels[:3]])


def note(home: Path, refusal: Refusal, command: str, arguments: list[object]) -> None:
    """Records a refusal of status 3 when the office is there and somebody is signed in; says so on standard error when it cannot be recorded."""
    if refusal.status != REFUSED_STATUS or refusal.code.startswith(STORE) or not (home / "shebao.toml").exists():
        return
    try:
        office = Office(home)
        try:
            actor = office.actor
            with UnitOfWork(office.store) as work:
                trail.refused(work, office.now(), actor, ACT, str(trail.redact(thing_of(command, arguments))), refusal, {"command": command})
                work.commit()
        finally:
            office.engine.dispose()
    except Refusal as nobody:
        if nobody.code.startswith(STORE):
            click.echo(f"  本次拒绝没有记入留痕：[{nobody.code}] {nobody.text()}", err=True)
    except (sa.exc.SQLAlchemyError, OSError) as lost:
        click.echo(f"  本次拒绝没有记入留痕：{type(lost).__name__}", err=True)
