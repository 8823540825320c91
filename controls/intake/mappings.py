"""Saved mappings (读法): how a file of this office was read, kept by name and used again.

Each version is a YAML file ``<home>/mappings/<name>.v<n>.yaml``, strict and dated, never written again. Which version is in
use stands in the trail (``mapping.save``, ``mapping.load``, ``mapping.delete``) with the digest of its file: a file that is
not what was recorded is refused, so nobody changes in silence what a column means.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from controls import trail
from controls.duties import Actor
from controls.intake.errors_desk import BadMapping, NoSuchMapping
from controls.intake.mapping import NAME, SavedMapping, checked_name, parse
from ledger import chain
from ledger.db import UnitOfWork

if TYPE_CHECKING:
    import sqlalchemy as sa

FOLDER = "mappings"


def place(home: Path, name: str, version: int) -> Path:
    """Where a version lies."""
    return home / FOLDER / f"{name}.v{version}.yaml"


def current(connection: sa.Connection, home: Path, name: str) -> SavedMapping:
    """The version in use, proved against the trail; raises SB2054, SB2055."""
    version, digest = _standing(connection, checked_name(name))
    if not version:
        raise NoSuchMapping(name=name, known="、".join(names(connection, home)) or "还没有")
    path = place(home, name, version)
    todo = "从备份恢复该文件，或用 --save-mapping 重新存一版；查明是谁改动。"
    if not path.is_file():
        raise BadMapping(name=name, why=f"文件 {path.name} 不见了", why_en=f"its file {path.name} is gone", todo=todo)
    if _digest(path) != digest:
        why, why_en = f"文件 {path.name} 与留痕登记的不同，被改动过", f"its file {path.name} is not what the trail recorded"
        raise BadMapping(name=name, why=why, why_en=why_en, todo=todo)
    return parse(path)


def names(connection: sa.Connection, home: Path) -> list[str]:
    """Names in use, sorted."""
    folder = home / FOLDER
    found = {path.name.rpartition(".v")[0] for path in folder.glob("*.v*.yaml")} if folder.is_dir() else set()
    return sorted(name for name in found if NAME.fullmatch(name) and _standing(connection, name)[0])


def save(work: UnitOfWork, home: Path, wanted: SavedMapping, actor: Actor, now: str, *, act: str = "mapping.save") -> SavedMapping:
    """Writes the next version and records it; the caller commits. Nobody without the duty for this kind of file may
    (SB3001, SB3002). Raises SB2055."""
    from controls.intake import register

    duty = register.duty_for(actor, wanted.contract)
    chain.lock(work)
    version = _last_version(work.connection, checked_name(wanted.mapping)) + 1
    made = wanted.model_copy(update={"version": version, "saved_by": actor.user, "valid_from": date.fromisoformat(now[:10])})
    path = place(home, made.mapping, version)
    _write(path, made.text())
    kept = ("version", "contract", "reference", "columns", "values", "items", "statuses", "answers")
    facts = {field: getattr(made, field) for field in kept}
    trail.record(work, now, actor, duty, act, f"mapping:{made.mapping}", _digest(path), facts)
    return made


def delete(work: UnitOfWork, home: Path, name: str, actor: Actor, now: str) -> SavedMapping:
    """Takes a mapping out of use; its files stay, since imports were made by them. Raises SB2054, SB3001."""
    from controls.intake import register

    found = current(work.connection, home, name)
    duty = register.duty_for(actor, found.contract)
    trail.record(work, now, actor, duty, "mapping.delete", f"mapping:{name}", "", {"version": found.version, "contract": found.contract})
    return found


def _standing(connection: sa.Connection, name: str) -> tuple[int, str]:
    """Version in use and the digest of its file; (0, '') when there is none."""
    records = list(chain.records(connection, thing=f"mapping:{name}"))
    if not records or records[-1].act == "mapping.delete":
        return 0, ""
    return int(records[-1].told()["version"]), records[-1].digest


def _last_version(connection: sa.Connection, name: str) -> int:
    return max((int(record.told()["version"]) for record in chain.records(connection, thing=f"mapping:{name}")), default=0)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.chmod(0o600)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
