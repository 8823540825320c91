"""A batch that is sealed already takes no second seal, on either database (L3)."""

from __future__ import annotations

import pytest

from ledger.db import UnitOfWork
from ledger.errors import DatabaseRefusal
from ledger.posting import Signed, post_many
from tests.ledger.store import opened, simple

PEOPLE = Signed("zhang", "li", "zhang")


def test_a_batch_is_sealed_once(store_url: str) -> None:
    """SB1309: setting the seals of entries a second time is refused with the code of the rule, one by one and together."""
    engine = opened(store_url)
    with UnitOfWork(engine) as work:
        post_many(work, 1, [(simple(n, source=f"doc-{n}"), PEOPLE) for n in range(1, 4)], "2026-01-31T09:00:00+08:00")
        work.commit()
    columns = "book_id, entry_id"
    for chosen in ("entry_id = 2", "entry_id <= 3"):
        with pytest.raises(DatabaseRefusal, match="SB1309"), UnitOfWork(engine) as work:
            work.connection.exec_driver_sql(f"INSERT INTO shebao_seal ({columns}) SELECT {columns} FROM shebao_seal WHERE {chosen}")
    engine.dispose()
