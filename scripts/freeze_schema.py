"""Writes the SQL of the first revision from tables and guards: ``<room>/migrations/0001_<room>.<database>.sql``.

``.venv/bin/python scripts/freeze_schema.py`` writes the files; with ``--check`` it only compares and ends with 1 when one
is stale. To be used while 0.1.0 is not released; afterwards a change of tables is a revision of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.schema import CreateIndex, CreateTable

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from controls.account_changes.tables import ACCOUNT_TABLES  # noqa: E402
from controls.tables import CONTROLS_TABLES  # noqa: E402
from controls.voucher_tables import VOUCHER_TABLES  # noqa: E402
from ledger.db import metadata  # noqa: E402
from ledger.tables import LEDGER_TABLES  # noqa: E402

NOTE = "-- Tables and guards of the first revision on {database}. Written by scripts/freeze_schema.py: change tables and guards, then freeze again."
BREAK = "\n-- ;;\n"
DIALECTS: dict[str, sa.Dialect] = {"sqlite": SQLiteDialect(paramstyle="named"), "postgresql": PGDialect(paramstyle="named")}
ROOMS: dict[str, tuple[list[sa.Table], tuple[str, ...]]] = {
    "ledger": (LEDGER_TABLES, ("ledger/guards", "ledger/person_guards", "ledger/person_account_guards")),
    "controls": (
        [*CONTROLS_TABLES, *VOUCHER_TABLES, *ACCOUNT_TABLES],
        (
            "controls/guards", "controls/voucher_guards", "controls/person_guards", "controls/journal_guards", "controls/register_guards",
            "controls/premium_guards", "controls/account_guards", "controls/budget_guards", "controls/award_guards", "controls/special_guards",
            "controls/token_guards", "controls/approval_guards", "controls/handover_guards", "controls/roster_guards", "controls/grant_guards",
            "controls/redaction_guards", "controls/sweep_guards",
        ),
    ),
}
"""Room → its tables and its folders of guards."""


def frozen(room: str, database: str) -> str:
    """The file's text: tables in the order of their references, each with its indexes, then the guards as they stand."""
    tables, folders = ROOMS[room]
    dialect = DIALECTS[database]
    parts = [NOTE.format(database=database)]
    for table in metadata.sorted_tables:
        if table in tables:
            parts.append(_tidy(str(CreateTable(table).compile(dialect=dialect))))
            parts += [_tidy(str(CreateIndex(index).compile(dialect=dialect))) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    parts += [(ROOT / folder / f"{database}.sql").read_text(encoding="utf-8").strip() for folder in folders]
    return parts[0] + "\n" + BREAK.join(parts[1:]) + "\n"


def _tidy(statement: str) -> str:
    return "\n".join(line.rstrip() for line in statement.strip().splitlines() if line.strip()).replace("\t", "  ")


def files() -> dict[Path, str]:
    """Every frozen file and the text it must have."""
    return {ROOT / room / "migrations" / f"0001_{room}.{database}.sql": frozen(room, database) for room in ROOMS for database in DIALECTS}


def main() -> int:
    """Writes, or with ``--check`` compares; returns the exit status."""
    stale = [path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" not in sys.argv[1:]:
            path.write_text(files()[path], encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT).as_posix())
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
