"""Bringing a store's schema up to date, and refusing to work on one that is not.

Each room keeps its revisions in ``<room>/migrations``; here they are collected and run by Alembic on one
connection in one transaction, so that an upgrade happens whole or not at all. The table
``shebao_alembic_version`` says how far a store is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger import chain
from ledger.db import UnitOfWork, reading
from ledger.errors import Refusal

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

VERSION_TABLE = "shebao_alembic_version"
HEADS = frozenset({"controls_0001"})
"""What the version table holds when a store is up to date. A test compares it with the revisions, so that opening a store needs no Alembic."""

HOUSE = Path(__file__).resolve().parent.parent
LOCATIONS = (HOUSE / "ledger" / "migrations", HOUSE / "controls" / "migrations")
"""The rooms' folders of revisions."""


class SchemaBehind(Refusal):
    """The store lacks revisions that the program brings."""

    code = "SB6003"
    zh = "数据库结构比程序旧，缺少：{missing}。"
    en = "The store's schema is older than the program and lacks: {missing}."
    cause_zh = "程序升级后，数据库结构须先升级才能使用，以免写入不完整的数据。"
    cause_en = "After the program is upgraded its store is upgraded first, so that nothing incomplete is written."
    remedy_zh = "先备份，再运行 shebao upgrade。"
    remedy_en = "Make a backup, then run shebao upgrade."


class SchemaAhead(Refusal):
    """The store was upgraded by a newer program."""

    code = "SB6004"
    zh = "数据库结构比程序新，本程序不认识：{unknown}。"
    en = "The store's schema is newer than the program, which does not know: {unknown}."
    cause_zh = "这个数据库已被更新版本的程序升级；旧程序不知道新规则，不得使用。"
    cause_en = "A newer program has upgraded this store; an older one does not know its rules and must not use it."
    remedy_zh = "安装最新版本的程序后再打开。"
    remedy_en = "Install the newest program and open the store with it."


class NoSchema(Refusal):
    """The database does not say which revisions it holds."""

    code = "SB6005"
    zh = "数据库里没有本程序的结构记录（{table}）。"
    en = "The database holds no record of this program's schema ({table})."
    cause_zh = "数据库由 shebao init 建立并登记结构版本；这里没有登记，可能是空库、别的库或损坏的库。"
    cause_en = "shebao init lays the schema and records its revision; without the record this is an empty, another or a damaged database."
    remedy_zh = "核对 shebao.toml 中的数据库地址，或从备份恢复；新单位运行 shebao init。"
    remedy_en = "Check the database URL in shebao.toml or restore a backup; a new office runs shebao init."


def current(engine: sa.Engine) -> frozenset[str]:
    """The revisions in the store's version table; empty for a database without one."""
    with reading(engine) as connection:
        return _recorded(connection)


def _recorded(connection: sa.Connection) -> frozenset[str]:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return frozenset()
    return frozenset(connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE))).scalars())


def check(engine: sa.Engine) -> None:
    """Refuses a store that this program must not work on; raises SB6003, SB6004, SB6005."""
    found = current(engine)
    if found == HEADS:
        return
    if not found:
        raise NoSchema(table=VERSION_TABLE)
    script = _script()
    _refuse_unknown(script, found)
    raise SchemaBehind(missing="、".join(_missing(script, found)))


def pending(engine: sa.Engine) -> list[str]:
    """Revisions the store lacks, in the order they will run; raises SB6004 for one this program does not know."""
    script, found = _script(), current(engine)
    _refuse_unknown(script, found)
    return _missing(script, found)


def upgrade(engine: sa.Engine) -> list[str]:
    """Runs what is pending in one transaction and returns it; on an empty database that is everything. Raises SB6004.

    SQLite's foreign keys stay enforced: a revision that copies a table leaves no row behind without its parent.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    script = _script()
    with UnitOfWork(engine) as work:
        chain.lock(work)
        found = _recorded(work.connection)
        _refuse_unknown(script, found)
        wanted = _missing(script, found)
        if wanted:
            config = Config(attributes={"connection": work.connection})

            def steps(applied: Any, _: Any) -> Any:
                return script._upgrade_revs("heads", applied)

            with EnvironmentContext(config, script, fn=steps, destination_rev="heads"):
                script.run_env()
            _prove_references(work)
            work.commit()
    return wanted


def _prove_references(work: UnitOfWork) -> None:
    if work.is_sqlite and (orphans := work.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
        raise sa.exc.IntegrityError("PRAGMA foreign_key_check", None, ValueError(f"{len(orphans)} rows without their parent, first in {orphans[0][0]}"))


def _script() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(HOUSE / "shebao" / "migrations"), version_locations=[str(folder) for folder in LOCATIONS])


def _applied(script: ScriptDirectory, found: frozenset[str]) -> set[str]:
    """The recorded revisions with everything below them."""
    return {step.revision for step in script.revision_map.iterate_revisions(tuple(found), "base", implicit_base=True)} if found else set()


def _missing(script: ScriptDirectory, found: frozenset[str]) -> list[str]:
    have = _applied(script, found)
    everything = [step.revision for step in script.revision_map.iterate_revisions("heads", "base")]
    return [revision for revision in reversed(everything) if revision not in have]


def _refuse_unknown(script: ScriptDirectory, found: frozenset[str]) -> None:
    known = {step.revision for step in script.walk_revisions()}
    if found - known:
        raise SchemaAhead(unknown="、".join(sorted(found - known)))
