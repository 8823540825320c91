"""Bringing a store's schema up to date."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import UnitOfWork, metadata
from ledger.schema import run_guards


def upgrade(engine: sa.Engine) -> None:
    """Lays every room's tables and guards on an empty database, in one transaction."""
    from pathlib import Path

    import controls.tables
    import controls.voucher_tables
    import ledger.tables

    rooms = (ledger.tables, controls.tables, controls.voucher_tables)
    folders = [Path(room.__file__ or "").parent for room in rooms]
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection)
        for folder in (folders[0] / "guards", folders[1] / "guards", folders[1] / "voucher_guards"):
            run_guards(work.connection, folder)
        work.commit()
