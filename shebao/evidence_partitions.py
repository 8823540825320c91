"""What PostgreSQL's partitions prove: nothing in a default partition, one for every book and year, and each under the guards of its table."""

from __future__ import annotations

import sqlalchemy as sa

from ledger import partitions
from shebao.evidence import Broken


def whole(connection: sa.Connection) -> str:
    """Every partition is where it should be and guarded; on SQLite there is none to look at."""
    found = list(partitions.faults(connection))
    if found:
        raise Broken("；".join(found[:5]))
    there = partitions.known(connection)
    return f"{len(there)} 个分区各在其位，守护规则齐备" if there else "本库不分区"
