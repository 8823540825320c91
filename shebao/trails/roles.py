"""Rights in PostgreSQL (数据库权限): one role owns the schema, another works in it and may change only what the invariants let change.

The owner lays tables, guards and partitions (`shebao init`, `shebao upgrade`, a new book or year); the application role gets SELECT and
INSERT on every table, and UPDATE or DELETE only where a guard names a transition. It owns nothing, so that it can neither drop nor switch
off a guard, nor TRUNCATE, nor ALTER. The list is made from the code's own tables; a test tries every table as that role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from controls.errors_trail import BadRole
from shebao.migrate import HOUSE, VERSION_TABLE

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


FOR_EVER = ("REVOKE ALL ON {table} FROM PUBLIC, {app}", "GRANT SELECT, INSERT ON {table} TO {app}")


def tables() -> list[str]:
    """Every table of the store, by name; the rooms' tables are those that scripts/freeze_schema.py takes."""
    from controls.account_changes.tables import ACCOUNT_TABLES
    from controls.tables import CONTROLS_TABLES
    from controls.voucher_tables import VOUCHER_TABLES
    from ledger.tables import LEDGER_TABLES

    return sorted({table.name for table in (*LEDGER_TABLES, *CONTROLS_TABLES, *VOUCHER_TABLES, *ACCOUNT_TABLES)})


def changing(table: str) -> tuple[str, ...]:
    """``UPDATE`` and ``DELETE`` as far as the guards of PostgreSQL leave a way: a table whose guard refuses every one is for ever."""
    return tuple(act for act in ("UPDATE", "DELETE") if not _refused(table, act))


def _refused(table: str, act: str) -> bool:
    plain = rf"CREATE TRIGGER \w+ BEFORE [A-Z ]*\b{act}\b[A-Z ]* ON {table}\b\s+EXECUTE FUNCTION shebao_refuse\("
    return re.search(plain, _guards()) is not None


@cache
def _guards() -> str:
    files = [file for room in ("ledger", "controls") for file in sorted(Path(HOUSE / room).glob("*guards/postgresql.sql"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def script(owner: str, app: str) -> Iterator[str]:
    """The statements, to be run by the owner after `shebao init` or `shebao upgrade`; raises SB2291."""
    for name in (owner, app):
        if not _ROLE.fullmatch(name) or owner == app:
            raise BadRole(name=name)
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}"
    yield f"GRANT USAGE ON SCHEMA public TO {app}"
    # Partitions are read by `shebao verify` alone and written through their table.
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {app}"
    yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON TABLES TO {app}"
    for table in tables():
        yield from (text.format(table=table, app=app) for text in FOR_EVER)
        if more := changing(table):
            yield f"GRANT {', '.join(more)} ON {table} TO {app}"
    yield f"REVOKE ALL ON {VERSION_TABLE} FROM PUBLIC, {app}"
    yield f"GRANT SELECT ON {VERSION_TABLE} TO {app}"


def granted(connection: sa.Connection, app: str) -> dict[str, set[str]]:
    """Table → what the role may do there, as the database says."""
    rows = connection.execute(
        sa.text("SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = :app AND table_schema = 'public'"), {"app": app}
    )
    found: dict[str, set[str]] = {}
    for table, privilege in rows:
        found.setdefault(table, set()).add(privilege)
    return found
