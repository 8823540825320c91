"""Saved mappings (读法): how a file of this office was read, kept by name and used again.

Each version is a YAML file ``<home>/mappings/<name>.v<n>.yaml``, strict and dated, never written again. Which version is in
use stands in the trail (``mapping.save``, ``mapping.load``, ``mapping.delete``) with the digest of its file: a file that is
not what was recorded is refused, so nobody changes in silence what a column means.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from controls import trail
from controls.duties import Actor
from controls.intake import contracts
from controls.intake.claims import bare, extended
from controls.intake.contracts import Contract, fold
from controls.intake.errors_desk import BadMapping, NoSuchMapping
from ledger import chain, lawfile
from ledger.db import UnitOfWork

if TYPE_CHECKING:
    import sqlalchemy as sa

    from controls.intake.taken import Taken

FOLDER = "mappings"
MOST_BYTES = 1_000_000
ITEM_CLASSES = ("pension", "arrears", "funeral", "lump_sum", "allowance", "unemployment", "disability", "survivor", "other")
LAYOUT = ("SB2148", "SB2154")
"""Doubts about the layout alone (unit of money, headers left unread): their answers may be kept; all others are asked each time."""
STATUS_CLASSES = ("paid", "failed", "pending", "written_off", "returned", "reversed", "other")
_NAME = re.compile(r"[^\W_][\w\-·()（）]{0,59}")


class SavedMapping(BaseModel):
    """How one kind of file of one office is read.

    ``columns``: header in the file → canonical header, for every column that was read; ``left``: headers that were not.
    ``units``: canonical header → 万元. ``values``: canonical header → value for the whole file. ``items``, ``statuses``: local name →
    class. ``answers``: code of a doubt about the layout → ``yes``. ``encoding``, ``delimiter``, ``sheet``: '' unless forced.
    ``reference``: the file it was made from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mapping: str
    version: int = Field(ge=1)
    contract: str
    valid_from: date
    valid_to: date | None
    reference: str = Field(min_length=1)
    saved_by: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    columns: dict[str, str] = Field(min_length=1)
    left: tuple[str, ...] = ()
    units: dict[str, str] = {}
    values: dict[str, str] = {}
    items: dict[str, str] = {}
    statuses: dict[str, str] = {}
    answers: dict[str, str] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        for words, classes in ((self.items, ITEM_CLASSES), (self.statuses, STATUS_CLASSES), (self.answers, ("yes",)), (self.units, ("万元",))):
            if odd := sorted(set(words.values()) - set(classes)):
                raise ValueError(f"“{'、'.join(odd)}”不是可用的取值（{'、'.join(classes)}）")
        if odd := sorted(set(self.answers) - set(LAYOUT)):
            raise ValueError(f"{'、'.join(odd)} 每次都要回答，不能存在读法里（可存 {'、'.join(LAYOUT)}）")
        return self

    def names(self) -> dict[str, dict[str, str]]:
        """Local names as the reader takes them."""
        return {"items": dict(self.items), "status": dict(self.statuses)}

    def reading(self) -> Contract:
        """The contract in which the headers of this mapping mean what it says; raises SB2020, SB2057."""
        return extended(contracts.load(self.contract), self.columns)

    def answered(self, taken: Taken) -> dict[str, str]:
        """The kept answers that hold for this file: about headers only where none is left unread that was not then."""
        fresh = {fold(label) for label in taken.header.unknown} - {fold(label) for label in self.left}
        return {code: word for code, word in self.answers.items() if code != "SB2154" or not fresh}

    def text(self) -> str:
        """The mapping as YAML, with a line that says what it is."""
        import yaml

        body: dict[str, Any] = self.model_dump()
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in body.items() if value not in ("", {}, ())}
        return "# 读法：shebao mapping show|export|load。手工改动过的文件须用 shebao mapping load 重新登记。\n" + yaml.safe_dump(
            kept, allow_unicode=True, sort_keys=False, width=150
        )

    def differences(self, taken: Taken) -> list[str]:
        """What is not as it was: columns gone or read from another header, another unit. One Chinese phrase each."""
        now = taken.header.recognised
        said = []
        for header, name in self.columns.items():
            before, after = self.units.get(name, "元"), taken.header.units.get(name, "元")
            if name not in now:
                said.append(f"表头“{header}”（读作{name}）没有了")
            elif fold(bare(now[name])) != fold(bare(header)):
                said.append(f"“{name}”原来读自“{header}”，现在是“{now[name]}”")
            elif before != after:
                said.append(f"“{name}”原来按{before}（“{header}”），现在是{after}（“{now[name]}”）")
        return said

    def news(self, taken: Taken) -> list[str]:
        """Columns that are read now and were not there: canonical ← found. No reason to refuse, but to be shown."""
        return [f"{name}←{found}" for name, found in taken.header.recognised.items() if name not in self.columns.values()]


def checked_name(name: str) -> str:
    """A name a file can carry on any system: letters, digits, 汉字, ``-·()``, at most 60. Raises SB2055."""
    if _NAME.fullmatch(name) is None:
        why, why_en = "名称只用汉字、字母、数字和 - ·（），不超过 60 字", "a name has letters, digits and - · () only, at most 60"
        raise BadMapping(name=name[:80], why=why, why_en=why_en, todo="换一个名称，例如：--save-mapping 农商行发放表")
    return name


def parse(path: Path) -> SavedMapping:
    """A mapping from a file anywhere; raises SB2055."""
    todo = "按 shebao mapping export 写出的样子改正文件，再 shebao mapping load 一次。"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadMapping(name=path.name, why="文件太大，不是读法", why_en="it is too large", todo=todo)
        found = lawfile.parse(SavedMapping, lawfile.load_from(path), path.name)
    except lawfile.BadLawFile as wrong:
        why = f"{wrong.facts['where']}：{wrong.facts['why']}"
        raise BadMapping(name=path.name, why=why, why_en=why, todo=todo) from wrong
    except OSError as wrong:
        raise BadMapping(name=path.name, why="文件读不了", why_en="the file cannot be read", todo="核对文件名和权限。") from wrong
    checked_name(found.mapping)
    found.reading()
    return found


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
    return sorted(name for name in found if _NAME.fullmatch(name) and _standing(connection, name)[0])


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


def made_from(
    taken: Taken, name: str, *, encoding: str, delimiter: str, sheet: str, items: Mapping[str, str], statuses: Mapping[str, str], answers: Mapping[str, str]
) -> SavedMapping:
    """The mapping by which a file was just read; version, day and person are set when it is saved."""
    head = taken.header
    return SavedMapping(
        mapping=checked_name(name), version=1, contract=taken.contract, valid_from=date(2000, 1, 1), valid_to=None, saved_by="",
        reference=f"由 {taken.path.name} 存成（SHA-256 {taken.sha256[:16]}）", encoding=encoding, delimiter=delimiter, sheet=sheet, left=tuple(head.unknown),
        columns={found: canonical for canonical, found in head.recognised.items()}, units=dict(head.units), values=dict(head.given),
        items=dict(items), statuses=dict(statuses), answers={code: word for code, word in answers.items() if word == "yes" and code in LAYOUT},
    )  # fmt: skip


def _standing(connection: sa.Connection, name: str) -> tuple[int, str]:
    """Version in use and the digest of its file; (0, '') when there is none."""
    records = list(chain.records(connection, thing=f"mapping:{name}"))
    if not records or records[-1].act == "mapping.delete":
        return 0, ""
    return int(json.loads(records[-1].facts)["version"]), records[-1].digest


def _last_version(connection: sa.Connection, name: str) -> int:
    return max((int(json.loads(record.facts)["version"]) for record in chain.records(connection, thing=f"mapping:{name}")), default=0)


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
