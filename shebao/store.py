"""The office's store: where its data lie, its engine, its schema, and who is signed in.

``<home>/shebao.toml`` says which unit and database; SQLite lies beside it as ``shebao.db`` by default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.db import StoreUnreachable, UnitOfWork, open_engine, reading, sqlite_url
from ledger.errors import UNUSABLE, Refusal
from shebao import refusals

if TYPE_CHECKING:
    from controls.duties import Actor

CHINA = timezone(timedelta(hours=8))


class NoOffice(Refusal):
    """The home directory holds no office."""

    code = "SB6001"
    zh = "目录 {home} 里没有本单位的数据。"
    en = "The directory {home} holds no office."
    cause_zh = "每个单位的数据放在一个目录（--home 或 SHEBAO_HOME），由 shebao init 建立。"
    cause_en = "An office's data lie in one directory (--home or SHEBAO_HOME), made by shebao init."
    remedy_zh = "用 --home 指定正确的目录，或先运行 shebao init。"
    remedy_en = "Point --home at the right directory, or run shebao init first."
    status = UNUSABLE


class OfficeExists(Refusal):
    """init on an existing office."""

    code = "SB6002"
    zh = "目录 {home} 里已有本单位的数据，未作任何改动。"
    en = "The directory {home} already holds an office; nothing was changed."
    cause_zh = "shebao init 只建新账，从不覆盖。"
    cause_en = "shebao init makes new books and never overwrites."
    remedy_zh = "换一个空目录；确要重来，先自行移走原目录。"
    remedy_en = "Choose an empty directory, or move the old one away yourself."


class BadSettings(Refusal):
    """shebao.toml cannot be used."""

    code = "SB6006"
    zh = "设置文件 {file} 不能用：{why}"
    en = "The settings file {file} cannot be used: {why_en}"
    cause_zh = "shebao.toml 由 shebao init 写成：UTF-8 文本，[unit] 有 code、name、region，[database] 有 url。"
    cause_en = "shebao init writes shebao.toml: UTF-8 text, [unit] with code, name, region, and [database] with url."
    remedy_zh = "照上述格式改正该文件，或从备份恢复；账在数据库里，不受影响。"
    remedy_en = "Mend the file as said, or restore a backup; the books lie in the database and are untouched."
    status = UNUSABLE


def read_settings(file: Path) -> dict[str, dict[str, str]]:
    """``shebao.toml`` as tables of texts; raises SB6006 for anything else."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as wrong:
        raise BadSettings(file=file, why="不是 UTF-8 文本", why_en="it is no UTF-8 text") from wrong
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as wrong:
        raise BadSettings(file=file, why=f"不是 TOML（{wrong}）", why_en=f"it is no TOML ({wrong})") from wrong
    for table, keys in (("unit", ("code", "name", "region")), ("database", ("url",))):
        given = found.get(table)
        for key in keys:
            value = given.get(key) if isinstance(given, dict) else None
            if not isinstance(value, str) or not value.strip():
                raise BadSettings(file=file, why=f"缺 [{table}] 的 {key}，或不是文字", why_en=f"[{table}] lacks {key}, or it is no text")
    return found


def use_templates(own: Path) -> None:
    """Lets a folder of the office's own templates go before the shipped ones, and nothing else.

    What the environment brought along is dropped: no variable changes what an office's commands do (C4).
    """
    if own.is_dir():
        os.environ["SHEBAO_TEMPLATES"] = str(own)
    else:
        os.environ.pop("SHEBAO_TEMPLATES", None)


class Office:
    """One office at work: engine, home directory, clock and the person signed in.

    ``<home>/templates`` holds the office's own charts, parameters and rules; they go before the shipped ones.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        settings = home / "shebao.toml"
        if not settings.exists():
            raise NoOffice(home=home)
        self.settings = read_settings(settings)
        use_templates(home / "templates")
        self._units = 0

    @cached_property
    def engine(self) -> sa.Engine:
        """The engine of the configured database (``{home}`` in an SQLite URL is the home directory)."""
        from controls.signin import sealing

        made = open_engine(self.settings["database"]["url"].replace("{home}", self.home.resolve().as_posix()))
        made.update_execution_options(**{sealing.OPTION: str(self.home / sealing.FILE)})
        return made

    @property
    def reachable(self) -> sa.Engine:
        """The engine, where its database is there to be opened; a lost SQLite file is not made anew. Raises SB1201."""
        file = self.engine.url.database or ""
        if self.engine.dialect.name == "sqlite" and not Path(file).exists():
            raise StoreUnreachable(url=self.engine.url.render_as_string(hide_password=True), why="文件不存在")
        return self.engine

    @cached_property
    def store(self) -> sa.Engine:
        """The engine, once its schema has been seen to be the program's; raises SB1201, SB6003, SB6004, SB6005."""
        from shebao import migrate

        migrate.check(self.reachable)
        return self.engine

    def unit(self) -> UnitOfWork:
        """A unit of work: rolls back unless committed; a refusal that ends it is recorded in a transaction of its own (C6)."""
        return Watched(self)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A consistent snapshot for reading, for somebody signed in who holds a duty (C5: default is deny). Raises SB30xx."""
        actor = self.actor
        if not actor.duties:
            from controls.errors import NotAllowed

            refusal = NotAllowed(name=actor.name, duty="查阅", why="没有在岗的岗位")
            self.refused(refusal)
            raise refusal
        try:
            with reading(self.store) as connection:
                yield connection
        except Refusal as refusal:
            self.refused(refusal)
            raise

    def papers_may_be_read(self) -> None:
        """Passes for those who may have statements and books printed; raises SB3001 for everybody else (C5)."""
        from controls.duties import Duty, require_any

        require_any(self.actor, (Duty.BOOKKEEP, Duty.CHECK, Duty.HEAD, Duty.REVIEW, Duty.AUTHORISE, Duty.AUDIT, Duty.AUDITOR))

    @staticmethod
    def now() -> str:
        """The time, ISO with seconds, China standard time."""
        return datetime.now(CHINA).isoformat(timespec="seconds")

    @cached_property
    def actor(self) -> Actor:
        """Who is signed in (session file of ``shebao login``); raises SB30xx when nobody is."""
        from controls.sessions import signed_in

        with reading(self.store) as connection:
            return replace(signed_in(connection, self.home, self.now()), told=self.refused)

    def refused(self, refusal: Refusal) -> None:
        """Records that the person signed in was refused, once; inside a unit of work its end does, for the writers' lock is held there."""
        if not self._units:
            refusals.by_program(self, refusal)


class Watched(UnitOfWork):
    """An office's unit of work."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.store)
        self.office = office

    def __enter__(self) -> Watched:
        super().__enter__()
        self.office._units += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.office._units -= 1
        try:
            super().__exit__(kind, error, trace)
        except Refusal as meant:
            self.office.refused(meant)
            raise
        if isinstance(error, Refusal):
            self.office.refused(error)


def write_settings(home: Path, url: str, *, code: str, name: str, region: str) -> None:
    """Writes ``shebao.toml`` and makes the key of the second factors beside it; the home directory is for its owner alone."""
    from controls.signin import sealing

    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    text = f"[unit]\ncode = {quoted(code)}\nname = {quoted(name)}\nregion = {quoted(region)}\n\n[database]\nurl = {quoted(url)}\n"
    (home / "shebao.toml").write_text(text, encoding="utf-8")
    sealing.make_key(home)


def default_url(home: Path) -> str:
    """SQLite beside the settings."""
    return sqlite_url(Path("{home}") / "shebao.db")
