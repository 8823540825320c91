"""A refused act of somebody signed in leaves a record too, in a transaction of its own (C6).

The office records what ends its units of work and what its people may not do (:func:`by_program`): importers, pages and scripts alike. A command is recorded
once, by the command line, which knows what was asked for (:func:`note`); while one runs the office leaves the record to it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
import sqlalchemy as sa

from controls import trail
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from shebao.store import Office
from shebao.trails import door

REFUSED_STATUS = 3
STORE = "SB12"
"""Refusals of the store itself: what could not be opened cannot be written to either."""
ACT = "refused"
WATCHED = ("contextlib", "controls.duties", "ledger.db", "shebao.store", __name__)
"""Modules between whoever asked and the record."""
_LABEL = re.compile(r"(?=\S*\d)[\w:.\-]{1,40}")


def thing_of(command: str, arguments: list[object]) -> str:
    """What was asked for: the command and the numbers and labels that its arguments name; no free text, no file, no option's value."""
    labels = [str(value) for value in arguments if isinstance(value, int | str) and _LABEL.fullmatch(str(value))]
    return "command:" + " ".join([command, *labels[:3]])


def by_program(office: Office, refusal: Refusal) -> None:
    """Records a refusal of status 3 that the office met outside a command: once each, as asked for by the function that called it."""
    if door.within_command() or refusal.status != REFUSED_STATUS or refusal.code.startswith(STORE) or getattr(refusal, "recorded", False):
        return
    try:
        _record(office, refusal, f"api:{_caller()}", None)
    except (Refusal, sa.exc.SQLAlchemyError, OSError):
        return
    refusal.recorded = True  # type: ignore[attr-defined]


def _caller() -> str:
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "") in WATCHED:
        frame = frame.f_back
    return f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}"


def _record(office: Office, refusal: Refusal, thing: str, facts: object) -> None:
    actor = office.actor
    with UnitOfWork(office.store) as work:
        trail.refused(work, office.now(), actor, ACT, thing, refusal, facts)
        work.commit()


def note(home: Path, refusal: Refusal, command: str, arguments: list[object]) -> None:
    """Records a refusal of status 3 when the office is there and somebody is signed in; says so on standard error when it cannot be recorded."""
    if refusal.status != REFUSED_STATUS or refusal.code.startswith(STORE) or not (home / "shebao.toml").exists():
        return
    try:
        office = Office(home)
        try:
            _record(office, refusal, str(trail.redact(thing_of(command, arguments))), {"command": command})
        finally:
            office.engine.dispose()
    except Refusal as nobody:
        if nobody.code.startswith(STORE):
            click.echo(f"  本次拒绝没有记入留痕：[{nobody.code}] {nobody.text()}", err=True)
    except (sa.exc.SQLAlchemyError, OSError) as lost:
        click.echo(f"  本次拒绝没有记入留痕：{type(lost).__name__}", err=True)
