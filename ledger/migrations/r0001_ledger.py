"""0001: the ledger's tables and guards, as `scripts/freeze_schema.py` froze them."""

from pathlib import Path

from alembic import op

from ledger.schema import run_file

revision = "ledger_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lays books, accounts, entries, lines, payouts, balances and the chain."""
    connection = op.get_bind()
    run_file(connection, Path(__file__).with_name(f"0001_ledger.{connection.dialect.name}.sql"))
