"""A small register for tests: people files as rows, loaded into a store with the register's guards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from ledger import person_load
from ledger.db import UnitOfWork
from ledger.identity import check_digit, judge, normal_name
from ledger.person_load import Loaded
from ledger.schema import GUARDS, run_guards
from tests.ledger.store import fresh

NOW = "2026-01-15T09:00:00+08:00"
MONTHS = ("first_month", "start_month", "end_month")
TYPES = {"line": pa.int32(), "number_ok": pa.bool_(), "damaged": pa.bool_(), "birth": pa.date32(), **dict.fromkeys(MONTHS, pa.int32())}


def register(url: str) -> sa.Engine:
    """An empty store with the ledger's tables, its guards and those of the register."""
    engine = fresh(url)
    with UnitOfWork(engine) as work:
        run_guards(work.connection, GUARDS.parent / "person_guards")
        work.commit()
    return engine


def number(person: int, *, born: str = "19500101") -> str:
    """A valid resident number of synthetic person ``person``."""
    body = f"620821{born}{person:03d}"
    return body + check_digit(body)


def row(person: int, name: str = "", **more: Any) -> dict[str, Any]:
    """A row of a people file: person ``person`` of fund R in 620821, drawing since 2010-01."""
    given = more.pop("number", number(person))
    made = {
        "number": judge(given).normal, "number_ok": judge(given).ok, "damaged": False, "id_type": "", "name": name or f"甲{person}", "sex": "男", "birth": None,
        "fund": "R", "region": "620821", "town": "东镇", "village": "一村", "enrol_status": "正常参保", "benefit_status": "正常领取",
        "first_month": 200901, "start_month": 201001, "end_month": None, "former_name": "", **more,
    }  # fmt: skip
    return {**made, "name_norm": normal_name(made["name"])}


def table(*rows: dict[str, Any]) -> pa.Table:
    """A canonical people table."""
    numbered = [{"line": place, **one} for place, one in enumerate(rows, 2)]
    return pa.table({name: pa.array([one[name] for one in numbered], TYPES.get(name, pa.string())) for name in person_load.COLUMNS})


def load(engine: sa.Engine, file_id: int, *rows: dict[str, Any], known: str = "2026-01-15", as_of: str = "") -> Loaded:
    """Loads rows as file ``file_id``, known on a day and standing for ``as_of`` (that day unless given)."""
    with UnitOfWork(engine) as work:
        done = person_load.load(
            work, table(*rows), file_id=file_id, loaded_by="chen", known_on=date.fromisoformat(known), recorded_at=NOW, as_of=date.fromisoformat(as_of or known)
        )
        work.commit()
    return done
