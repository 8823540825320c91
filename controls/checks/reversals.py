"""Reversals (冲销) over the engine: what each takes back, ``cancelled`` (part, file, line, fen, number).

Nearly every reversal stands alone with one payment of its person, item and period: those are placed by one query and never leave the engine. The others
(several of one key, more than was paid, a serial of somebody else) are placed one by one by :mod:`controls.checks.netting`, which both ways agree with.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from controls.checks.engine import Engine
from controls.checks.netting import Payment, Reversal, Unmatched, net
from controls.checks.paid import fill

_PLACE = pa.schema([("part", pa.int32()), ("file", pa.string()), ("line", pa.int32()), ("fen", pa.int64()), ("number", pa.string())])
_KEY = ("fund", "region", "person", "item", "period")
_PAID = "SELECT part, file, line, fund, region, person, item, period, serial, amount, number FROM payments WHERE status = 'paid' AND amount > 0"


def settle(engine: Engine) -> tuple[Unmatched, ...]:
    """Fills ``cancelled``; returns what found nothing to cancel. Reads the numbers and months the reversals speak of, then serials still missing everywhere."""
    _gather(engine)
    if not engine.values("SELECT 1 FROM reversal LIMIT 1"):
        fill(engine, "cancelled", [], _PLACE)
        return ()
    periods = engine.values("SELECT DISTINCT period FROM reversal WHERE person <> '' AND period IS NOT NULL ORDER BY period")
    near = f"{_PAID} AND period IN ({', '.join(str(period) for (period,) in [(0,), *periods])}) AND number IN (SELECT number FROM reversal WHERE person <> '')"
    engine.table("reversible_near", near)
    missing = "SELECT r.orig_serial FROM reversal r WHERE r.orig_serial <> '' AND NOT EXISTS (SELECT 1 FROM reversible_near p WHERE p.serial = r.orig_serial)"
    elsewhere = engine.values(f"SELECT COUNT(*) FROM ({missing}) m")[0][0]
    far = f" UNION ALL {_PAID} AND serial IN ({missing})" if elsewhere else ""
    (engine.table if far else engine.view)("reversible", f"SELECT * FROM reversible_near{far}")
    engine.table("reversed_alone", _alone())
    hard = f"SELECT r.* FROM reversal r WHERE NOT EXISTS (SELECT 1 FROM reversed_alone a WHERE {_same('a.back_', 'r.')})"
    back = [_reversal(row) for row in engine.values(f"SELECT part, file, line, {', '.join(_KEY)}, orig_serial, amount, status FROM ({hard}) h")]
    of_key = f"EXISTS (SELECT 1 FROM ({hard}) h WHERE {_keyed('h', 'p')})"
    of_serial = f"(p.serial <> '' AND p.serial IN (SELECT orig_serial FROM ({hard}) h))"
    paid = engine.values(f"SELECT p.* FROM reversible p WHERE {of_key} OR {of_serial}") if back else []
    payments = {row[:3]: Payment(row[:3], row[3:8], row[8], row[9]) for row in paid}
    numbers = {row[:3]: row[10] for row in paid}
    netting = net(payments.values(), back)
    fill(engine, "cancelled_singly", [(*place, fen, numbers[place]) for place, fen in sorted(netting.cancelled.items())], _PLACE)
    engine.table("cancelled", "SELECT part, file, line, fen, number FROM reversed_alone UNION ALL SELECT * FROM cancelled_singly")
    return netting.unmatched


def _gather(engine: Engine) -> None:
    """``reversal``: every row that takes money back: 冲正, 退回, and paid rows below zero."""
    columns = "part, file, line, number, fund, region, person, item, COALESCE(orig_period, period) AS period, orig_serial, ABS(amount) AS amount, status"
    engine.table(
        "reversal",
        f"SELECT {columns} FROM payments WHERE status IN ('reversed', 'returned') AND amount <> 0"
        f" UNION ALL SELECT {columns} FROM payments WHERE amount < 0 AND status = 'paid'",
    )


def _same(one: str, two: str) -> str:
    return " AND ".join(f"{one}{name} = {two}{name}" for name in ("part", "file", "line"))


def _keyed(one: str, two: str) -> str:
    return f"{two}.person <> '' AND " + " AND ".join(f"{one}.{name} = {two}.{name}" for name in _KEY)


def _alone() -> str:
    """Reversals that are the only one of their key, of the only payment of it, of no more than was paid, whose serial, if any, is the payment's.

    Left to be placed singly is, too, what bears a serial that such another one names: the order would decide.
    """
    keys = ", ".join(_KEY)
    single = f"SELECT {keys} FROM {{0}} WHERE person <> '' GROUP BY {keys} HAVING COUNT(*) = 1"
    pair = (
        "SELECT p.part, p.file, p.line, r.amount AS fen, p.number, p.serial, r.part AS back_part, r.file AS back_file, r.line AS back_line"
        f" FROM reversal r JOIN reversible p ON {_keyed('r', 'p')}"
        f" JOIN ({single.format('reversal')}) a ON {_keyed('a', 'r')} JOIN ({single.format('reversible')}) b ON {_keyed('b', 'p')}"
        " WHERE r.amount <= p.amount AND (r.orig_serial = '' OR r.orig_serial = p.serial)"
    )
    singly = f"SELECT r.orig_serial FROM reversal r WHERE r.orig_serial <> '' AND NOT EXISTS (SELECT 1 FROM ({pair}) k WHERE {_same('k.back_', 'r.')})"
    return f"SELECT q.* FROM ({pair}) q WHERE q.serial = '' OR NOT EXISTS (SELECT 1 FROM ({singly}) s WHERE s.orig_serial = q.serial)"


def _reversal(row: tuple[Any, ...]) -> Reversal:
    part, file, line, fund, region, person, item, period, serial, amount, status = row
    key = (fund, region, person, item, period) if person else None
    return Reversal((part, file, line), key, serial, amount, "cancelled" if status == "paid" else status)
