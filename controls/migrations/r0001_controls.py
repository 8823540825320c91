"""0001: people, files taken in, the payment chain and vouchers, as `scripts/freeze_schema.py` froze them."""

from pathlib import Path

from alembic import op

from ledger.schema import run_file

revision = "controls_0001"
down_revision = None
branch_labels = None
depends_on = "ledger_0001"


def upgrade() -> None:
    """Lays the tables that refer to books and entries, with their guards."""
    connection = op.get_bind()
    run_file(connection, Path(__file__).with_name(f"0001_controls.{connection.dialect.name}.sql"))
