"""A register of 100,000 rows: entered, listed with computed columns, tied, due, as of an earlier day. ``python tests/bench/registers.py [rows] [folder]``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers import store, ties
from ledger.db import UnitOfWork, reading
from shebao.evidence_registers import kept
from tests.controls.register_desk import BOOK, CLERK, NOW, desk
from tests.controls.voucher_desk import JANUARY, ZHAO


def timed(what: str, act: Callable[[], object]) -> None:
    """Prints the seconds of one step."""
    begun, spent = perf_counter(), process_time()
    act()
    print(f"{what}: {perf_counter() - begun:.2f} s, of which processor {process_time() - spent:.2f} s")


def main(rows: int, folder: Path) -> None:
    """Arrears of ``rows`` payers and months, a receipt for every second one."""
    at = desk(f"sqlite:///{folder / 'store.sqlite'}")
    arrears, receipts = laws.get("arrears"), laws.get("arrears-receipts")
    owing: list[store.Payload] = [
        {"payer": f"9162082{n:011d}", "payer_name": f"单位{n}", "month": 202511, "amount": 100_000 + n, "due_on": "2025-12-15"} for n in range(rows)
    ]
    paid: list[store.Payload] = [
        {"arrears": n + 1, "receipt": f"税{n}", "received_on": "2026-01-20", "amount": 50_000, "voucher": "1-1"} for n in range(0, rows, 2)
    ]

    def enter(actor: object, law: laws.Register, given: list[store.Payload]) -> None:
        with UnitOfWork(at.engine) as work:
            store.add(work, NOW, actor, law, BOOK, given)  # type: ignore[arg-type]
            work.commit()

    timed(f"enter {rows} rows", lambda: enter(CLERK, arrears, owing))
    timed(f"enter {len(paid)} receipts", lambda: enter(ZHAO, receipts, paid))
    day = date(2026, 1, 31)

    def listed(today: date) -> None:
        with reading(at.engine) as connection:
            made = sheets.sheet(connection, arrears, BOOK, day, today=today)
            for name in arrears.shown:
                made.column(name)
            sheets.ageing(made)

    timed("list with every computed column", lambda: listed(day))
    timed("the same as of an earlier day", lambda: listed(date.max))
    with reading(at.engine) as connection:
        timed("ties", lambda: ties.ties(connection, BOOK, JANUARY))
        timed("due", lambda: sheets.due(sheets.sheet(connection, arrears, BOOK, day, today=day)))
        row = store.get(connection, arrears, 1, rows)
        timed("one row", lambda: sheets.computed(BOOK, day)(connection, row))
        timed("prove", lambda: kept(connection))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp()))
