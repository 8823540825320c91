"""Running a room's guard file: statements separated by a line ``-- ;;``, one file a database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

GUARDS = Path(__file__).parent / "guards"


def statements(text: str) -> list[str]:
    """The statements of a guard or migration file."""
    return [part.strip() for part in text.split("\n-- ;;") if part.strip()]


def run_file(connection: sa.Connection, file: Path) -> None:
    """Executes every statement of ``file`` as it stands."""
    for statement in statements(file.read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.paramstyle in {"format", "pyformat"} else statement)


def run_guards(connection: sa.Connection, folder: Path = GUARDS) -> None:
    """Installs a room's guards for the connection's database."""
    run_file(connection, folder / f"{connection.dialect.name}.sql")
