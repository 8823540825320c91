"""A store whose book bears codes of the real chart of fund R, so that months can be closed in it."""

from __future__ import annotations

import sqlalchemy as sa

from ledger import accounts
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.tables import period
from tests.ledger.store import JANUARY, fresh

CHART = [
    ("100301", "D", "asset"), ("3001", "C", "net_asset"), ("400101", "C", "income"), ("4201", "C", "income"), ("4601", "C", "income"),
    ("4602", "C", "income"), ("50010101", "D", "expense"), ("500102", "D", "expense"),
]  # fmt: skip


def opened(url: str, months: int = 2) -> sa.Engine:
    """Book 1 of fund R with the chart's own codes, ``months`` months from January 2026 open."""
    engine = fresh(url)
    with UnitOfWork(engine) as work:
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        rows = [accounts.BookAccount(code, code, code, side, element, "", True, "toy", "2018-01-01", "") for code, side, element in CHART]
        accounts.open_book(work, 1, "U1", Fund.R, "toy", JANUARY, rows)
        for later in range(1, months):
            work.connection.execute(period.insert().values(book_id=1, period=JANUARY + later, state="open"))
        work.commit()
    return engine
