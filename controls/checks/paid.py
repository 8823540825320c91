"""Paid rows (实付): the rows of the candidates are taken once, reversals are netted on them, the last period is found.

What it leaves behind are the plain tables ``gross_rows`` and ``cancelled`` and the
view ``net_rows`` that the rules' views read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from controls.checks.engine import Engine
from controls.checks.netting import Netting, Payment, Reversal, net

NO_END = 299912
"""Stands for “no last period”: nothing was paid."""

_KEY = "part, file, line, fund, region, person, item"
_PLACE = pa.schema([("part", pa.int32()), ("file", pa.string()), ("line", pa.int32()), ("fen", pa.int64()), ("person", pa.string())])
_KEPT = (
    "part, file, line, planned, seq, fund, region, number, number_ok, damaged, person, name, name_norm, item, item_class, has_item, period,"
    " span_from, span_to, paid_month, amount, source"
)


def reversals(engine: Engine) -> list[Reversal]:
    """Every row that takes money back: 冲正, 退回, and paid rows below zero."""
    columns = f"{_KEY}, COALESCE(orig_period, period), orig_serial, ABS(amount), status"
    found = engine.values(
        f"SELECT {columns} FROM payments WHERE status IN ('reversed', 'returned') AND amount <> 0"
        f" UNION ALL SELECT {columns} FROM payments WHERE amount < 0 AND status = 'paid'"
    )
    return [
        Reversal(row[:3], (row[3], row[4], row[5], row[6], row[7]) if row[5] else None, row[8], row[9], "cancelled" if row[10] == "paid" else row[10])
        for row in found
    ]


def settle(engine: Engine, back: Sequence[Reversal]) -> Netting:
    """Nets the reversals and fills ``cancelled``; reads only the numbers and months they speak of, then serials still missing everywhere."""
    payments: dict[tuple[int, str, int], Payment] = {}
    if back:
        columns = f"SELECT {_KEY}, period, serial, amount FROM payments WHERE status = 'paid' AND amount > 0"
        listed(engine, "reversal_number", {reversal.key[2].partition("|")[0] for reversal in back if reversal.key is not None})
        periods = ", ".join(str(period) for period in sorted({reversal.key[4] for reversal in back if reversal.key is not None} | {0}))
        _add(payments, engine.values(f"{columns} AND period IN ({periods}) AND number IN (SELECT number FROM reversal_number)"))
        elsewhere = {reversal.orig_serial for reversal in back} - {payment.serial for payment in payments.values()} - {""}
        if elsewhere:
            listed(engine, "reversal_serial", elsewhere)
            _add(payments, engine.values(f"{columns} AND serial IN (SELECT number FROM reversal_serial)"))
    netting = net(payments.values(), back)
    places = [(*place, fen, payments[place].key[2]) for place, fen in sorted(netting.cancelled.items())]
    fill(engine, "cancelled", places, _PLACE)
    return netting


def take(engine: Engine, *, few: bool, accounts: bool, again: bool) -> None:
    """Fills ``net_rows`` with what is left of the paid rows, of the candidates when ``few``; accounts only where a rule asks for them.

    ``again``: rules read the rows themselves, not only the months made of them, so that they are kept.
    """
    columns = _KEPT + (", account, holder" if accounts else ", '' AS account, '' AS holder")
    only = " AND number IN (SELECT number FROM candidates)" if few else ""
    (engine.table if few and again else engine.view)("gross_rows", f"SELECT {columns} FROM payments WHERE status = 'paid' AND amount > 0{only}")
    engine.view(
        "net_rows",
        "SELECT g.*, g.amount - COALESCE(c.fen, 0) AS net FROM gross_rows g"
        " LEFT JOIN cancelled c ON c.part = g.part AND c.file = g.file AND c.line = g.line WHERE g.amount > COALESCE(c.fen, 0)",
    )


def _add(payments: dict[tuple[int, str, int], Payment], rows: Iterable[tuple[object, ...]]) -> None:
    for part, file, line, fund, region, person, item, period, serial, amount in rows:
        payments[part, file, line] = Payment((part, file, line), (fund, region, person, item, period), serial, amount)  # type: ignore[index, arg-type]


def listed(engine: Engine, name: str, numbers: Iterable[str]) -> None:
    """Registers the texts that are not blank as the column ``number`` of ``name``."""
    engine.register(name, pa.table({"number": pa.array(sorted(set(numbers) - {""}), pa.string())}))


def fill(engine: Engine, name: str, rows: Sequence[Sequence[object]], schema: pa.Schema) -> None:
    """Registers rows under ``name`` with the given columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    engine.register(name, pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema))


def last_period(engine: Engine) -> int:
    """The last period net paid as ``yyyymm``; :data:`NO_END` when nothing was paid."""
    bound = NO_END + 1
    while True:
        last = engine.values(f"SELECT MAX(period) FROM payments WHERE status = 'paid' AND amount > 0 AND NOT planned AND period < {bound}")[0][0]
        if last is None:
            return NO_END
        left = engine.values(
            "SELECT 1 FROM payments p LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line"
            f" WHERE p.status = 'paid' AND p.period = {last} AND p.amount > COALESCE(c.fen, 0) LIMIT 1"
        )
        if left:
            return int(last)
        bound = last
