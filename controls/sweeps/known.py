"""Since when the office could know of a death (获知): the day on which the first list that names it was taken in, whether that list is in use still or not.

It stands beside 登记日期 as ``taken_on`` in the death lists a sweep lays down; :mod:`controls.checks.reference` takes 登记日期 first.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.intake import snapshots
from controls.intake.snapshots import SourceFile

CONTRACT = "deaths"


class FirstNamed:
    """Number → the day on which a list first named it as dead; read once, from every death list ever taken in. Raises SB3022."""

    def __init__(self, connection: sa.Connection, home: Path) -> None:
        told = [_named(one, home) for one in snapshots.files(connection, CONTRACT)]
        made = pa.concat_tables(told).group_by("number", use_threads=False).aggregate([("taken_on", "min")])
        self._numbers, self._days = made.column("number").combine_chunks(), made.column("taken_on_min").combine_chunks()

    def lay(self, one: SourceFile, source: Path, folder: Path) -> Path:
        """The list in ``source`` with ``taken_on``, as a file in ``folder``; a row without a number goes by the day of its own list."""
        from pyarrow import parquet

        table = parquet.read_table(source)
        table = table.drop_columns([name for name in table.column_names if name == "taken_on"])
        first = self._days.take(pc.index_in(table.column("number"), value_set=self._numbers).combine_chunks())
        path = folder / f"known{one.file_id}.parquet"
        parquet.write_table(table.append_column("taken_on", pc.min_element_wise(first, pa.scalar(_day(one), pa.date32()))), path)
        return path


def _named(one: SourceFile, home: Path) -> pa.Table:
    from pyarrow import parquet

    table = parquet.read_table(one.path(home), columns=["number", "is_death"])
    numbers = table.filter(pc.and_(table.column("is_death"), pc.not_equal(table.column("number"), ""))).select(["number"])
    return pa.table({"number": numbers.column("number").cast(pa.string()), "taken_on": pa.repeat(pa.scalar(_day(one), pa.date32()), numbers.num_rows)})


def _day(one: SourceFile) -> date:
    return date.fromisoformat(one.taken_at[:10])
