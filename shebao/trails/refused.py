"""A refused command of somebody signed in leaves a record too, which names the command and its labels (C6)."""

from __future__ import annotations

import re
from pathlib import Path

import click
import sqlalchemy as sa

from controls import trail
from ledger.errors import Refusal
from shebao import refusals
from shebao.store import Office

_LABEL = re.compile(r"(?=\S*\d)[\w:.\-]{1,40}")


def thing_of(command: str, arguments: list[object]) -> str:
    """What was asked for: the command and the numbers and labels that its arguments name; no free text, no file, no option's value."""
    labels = [str(value) for value in arguments if isinstance(value, int | str) and _LABEL.fullmatch(str(value))]
    return "command:" + " ".join([command, *labels[:3]])


def note(home: Path, refusal: Refusal, command: str, arguments: list[object]) -> None:
    """Records a refusal of status 3 when the office is there and somebody is signed in; says so on standard error when it cannot be recorded."""
    if not refusals.recordable(refusal) or not (home / "shebao.toml").exists():
        return
    try:
        office = Office(home)
        try:
            refusals.record(office, refusal, str(trail.redact(thing_of(command, arguments))), {"command": command})
        finally:
            office.engine.dispose()
    except Refusal as nobody:
        if nobody.code.startswith(refusals.STORE):
            click.echo(f"  本次拒绝没有记入留痕：[{nobody.code}] {nobody.text()}", err=True)
    except (sa.exc.SQLAlchemyError, OSError) as lost:
        click.echo(f"  本次拒绝没有记入留痕：{type(lost).__name__}", err=True)
