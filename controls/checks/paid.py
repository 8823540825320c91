"""Paid rows (实付): the rows of the candidates are taken once and netted, the last period is found.

What it leaves behind are ``gross_rows`` and the view ``net_rows`` that the rules' views read; ``cancelled`` is :mod:`controls.checks.reversals`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from controls.checks.engine import Engine

NO_END = 299912
"""Stands for “no last period”: nothing was paid."""

_KEPT = (
    "part, file, line, planned, seq, fund, region, number, number_ok, damaged, person, name, name_norm, item, item_class, has_item, period,"
    " span_from, span_to, paid_month, amount, source"
)


def take(engine: Engine, *, few: bool, accounts: bool, again: bool) -> str:
    """Fills ``net_rows`` with what is left of the paid rows, of the candidates when ``few``; accounts only where a rule asks for them.

    ``again``: rules read the rows themselves, not only the months made of them, so that they are kept. Returns the query of the rows.
    """
    columns = _KEPT + (", account, holder" if accounts else ", '' AS account, '' AS holder")
    whose, asked = (" JOIN candidates USING (number)", "asked") if few else ("", "CAST(0 AS BIGINT) AS asked")
    rows = f"SELECT {columns}, {asked} FROM payments{whose} WHERE status = 'paid' AND amount > 0"
    if few:
        engine.sifted("gross_rows", rows, again=again)
    else:
        engine.view("gross_rows", rows)
    engine.view(
        "net_rows",
        "SELECT g.*, g.amount - COALESCE(c.fen, 0) AS net FROM gross_rows g"
        " LEFT JOIN cancelled c ON c.part = g.part AND c.file = g.file AND c.line = g.line WHERE g.amount > COALESCE(c.fen, 0)",
    )
    return rows


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
