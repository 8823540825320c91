"""Months that a new file shares with files in use (重复报送): the same batch sent twice under another name is told, never refused.

A file of payments or contributions holds its own months (``lists.yaml``: increment), so nothing is compared row by row
at import. But where a fund, region and month of the new file already stands in use with about as many rows, it may be the
same batch once more; a supplement of a few rows is none.
"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from controls.intake import coverage, snapshots
from controls.intake.taken import Taken
from ledger.funds import Fund

ASKED = ("payments", "contributions")
"""Contracts whose files stand side by side, each with its own months."""
SUPPLEMENT = 2
"""A share of the rows below one in this many is a supplement."""
SHOWN = 3


def sentences(connection: sa.Connection, taken: Taken) -> list[str]:
    """One sentence for each file in use that holds months of the new one with about as many rows."""
    if taken.contract not in ASKED or not taken.rows.num_rows:
        return []
    fresh = {(cell.fund, cell.region, cell.period): cell.rows for cell in coverage.of(taken.contract, taken.rows.source).cells if cell.period}
    shared: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    named = {one.file_id: one for one in snapshots.current(connection, taken.contract)}
    for file_id in named:
        for cell in snapshots.cells(connection, file_id):
            key = (cell.fund, cell.region, cell.period)
            if key in fresh and fresh[key] * SUPPLEMENT >= cell.rows:
                shared[file_id].append(key)
    return [
        f"提醒：{_said(keys)}已有在用的文件，编号 {file_id}（{named[file_id].name}）；若是同一批数据，请勿再导入，以免重复计算。"
        f"导入后可比较：shebao files diff {file_id} 新编号"
        for file_id, keys in sorted(shared.items())
    ]


def _said(keys: list[tuple[str, str, int]]) -> str:
    shown = "、".join(f"{Fund(fund).short if fund else ''} {region} {_month(period)}" for fund, region, period in sorted(keys)[:SHOWN])
    return f"{shown} 等 {len(keys)} 个月" if len(keys) > SHOWN else f"{shown} "


def _month(period: int) -> str:
    return f"{period // 100} 年" if not period % 100 else f"{period // 100}-{period % 100:02d}"
