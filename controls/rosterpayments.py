"""What rosters paid or are about to pay, as canonical payment rows: for checks made before the business system reports them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls import roster
from controls.roster import Roster
from controls.tables import bank_line, bank_result, comeback, hold, roster_line
from ledger.identity import normal_name

SCHEMA = pa.schema(
    [
        ("file", pa.string()), ("line", pa.int32()), ("fund", pa.string()), ("region", pa.string()), ("id_raw", pa.string()), ("id_type", pa.string()),
        ("number", pa.string()), ("number_ok", pa.bool_()), ("damaged", pa.bool_()), ("name", pa.string()), ("name_norm", pa.string()),
        ("item", pa.string()), ("item_class", pa.string()), ("has_item", pa.bool_()), ("period", pa.int32()), ("span_from", pa.int32()),
        ("span_to", pa.int32()), ("paid_on", pa.date32()), ("paid_month", pa.int32()), ("amount", pa.int64()), ("account", pa.string()),
        ("holder", pa.string()), ("bank", pa.string()), ("status", pa.string()), ("serial", pa.string()), ("orig_serial", pa.string()),
        ("orig_period", pa.int32()), ("source", pa.string()), ("handler", pa.string()), ("reviewer", pa.string()),
    ]
)  # fmt: skip


def unreported(connection: sa.Connection, reported: Sequence[pa.Table | Path], *, without: int) -> list[pa.Table]:
    """One table a released roster other than ``without``, of the lines that no payments file shows: paid, failed and pending rows.

    Line by line: a file that shows some of a roster's payments hides those alone. What is released counts as paid
    until the bank says otherwise, so that nobody is paid twice in between.
    """
    live = [made for made in roster.listed(connection) if made.roster_id != without and made.payment != "none"]
    shown = _shown(reported, {(made.fund.value, made.period.number) for made in live})
    tables = []
    for made in live:
        table = as_payments(connection, made)
        table = table.set_column(table.column_names.index("status"), "status", pc.if_else(pc.equal(table["status"], "pending"), "paid", table["status"]))
        keys = zip(*(table.column(name).to_pylist() for name in KEY), strict=True)
        tables.append(table.filter(pa.array([key not in shown for key in keys], pa.bool_())))
    return tables


def as_payments(connection: sa.Connection, made: Roster) -> pa.Table:
    """The lines of a released roster as payments: ``paid`` or ``failed`` by the bank's return, ``pending`` before it."""
    line, sent, result = roster_line.c, bank_line.c, bank_result.c
    query = (
        sa.select(roster_line, result.ok, comeback.c.bank_seq)
        .outerjoin(bank_line, sa.and_(sent.book_id == line.book_id, sent.roster_id == line.roster_id, sent.payee == line.payee))
        .outerjoin(bank_result, sa.and_(result.book_id == line.book_id, result.roster_id == line.roster_id, result.bank_seq == sent.bank_seq))
        .outerjoin(comeback, sa.and_(comeback.c.book_id == line.book_id, comeback.c.roster_id == line.roster_id, comeback.c.bank_seq == sent.bank_seq))
        .outerjoin(hold, sa.and_(hold.c.book_id == line.book_id, hold.c.roster_id == line.roster_id, hold.c.seq == line.seq))
        .where(line.book_id == made.book_id, line.roster_id == made.roster_id, hold.c.seq.is_(None))
        .order_by(line.seq)
    )
    rows = [_row(made, row) for row in connection.execute(query)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(made: Roster, row: sa.Row[Any]) -> dict[str, Any]:
    status = "pending" if row.ok is None else "paid" if row.ok and row.bank_seq is None else "failed"
    span = row.period if row.item_class == "arrears" else None
    return {
        "file": f"花名册{made.roster_id}", "line": row.seq, "fund": made.fund.value, "region": row.region, "id_raw": row.id_raw, "id_type": row.id_type,
        "number": row.number, "number_ok": bool(row.number_ok), "damaged": False, "name": row.name, "name_norm": normal_name(row.name), "item": row.item,
        "item_class": row.item_class, "has_item": bool(row.item), "period": row.period, "span_from": span, "span_to": span, "paid_on": None,
        "paid_month": made.period.number, "amount": row.net_fen, "account": row.account, "holder": row.holder, "bank": row.bank,
        "status": status, "serial": "", "orig_serial": "", "orig_period": None, "source": "", "handler": made.built_by, "reviewer": "",
    }  # fmt: skip


KEY = ("fund", "number", "id_raw", "item", "period")


def _shown(reported: Sequence[pa.Table | Path], wanted: set[tuple[str, int]]) -> set[tuple[str, str, str, str, int]]:
    """Fund, number, number as given, item and period of the payments that files show for the wanted funds and months."""
    from pyarrow import parquet

    shown: set[tuple[str, str, str, str, int]] = set()
    funds, periods = sorted({fund for fund, _ in wanted}), sorted({period for _, period in wanted})
    for given in reported:
        table = parquet.read_table(given, columns=list(KEY)) if isinstance(given, Path) else given.select(list(KEY))
        table = table.set_column(table.column_names.index("period"), "period", pc.cast(table["period"], pa.int32()))
        near = pc.and_(pc.is_in(table["fund"], pa.array(funds, pa.string())), pc.is_in(table["period"], pa.array(periods, pa.int32())))
        rows = table.filter(near)
        shown |= set(zip(*(rows.column(name).to_pylist() for name in KEY), strict=True))
    return shown
