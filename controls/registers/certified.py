"""Certifications of the register (资格认证登记) in the form of people rows, so that rule E2 counts them beside the people files (C10)."""

from __future__ import annotations

import json
from datetime import date

import pyarrow as pa
import sqlalchemy as sa

from controls.register_tables import register_row
from ledger.funds import Fund
from ledger.identity import normal_name

REGISTER, STANDS = "certifications", "certified"
FILE = "资格认证登记"


def as_people(connection: sa.Connection, book_id: int, fund: Fund, lines: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows of the contract ``people`` in ``schema`` (the checks' own): for each person on the roster's ``lines`` the last certification that stands.

    They carry number and name as the roster has them; a number that fails its check counts only under the name certified. All else is blank.
    """
    held = lines.select(("number", "number_ok", "name", "name_norm")).group_by(["number", "number_ok", "name", "name_norm"]).aggregate([]).to_pylist()
    last = _last(connection, book_id, {one["number"] for one in held})
    rows = [
        one | {"file": FILE, "line": row_no, "id_raw": one["number"], "damaged": False, "fund": fund.value, "certified_on": day}
        for one in sorted(held, key=lambda one: (one["number"], one["name"]))
        for day, row_no, certified in last.get(one["number"], ())
        if one["number_ok"] or certified == one["name_norm"]
    ]
    blank = {field.name: "" for field in schema if pa.types.is_string(field.type)}
    return pa.Table.from_pylist([blank | row for row in rows], schema=schema)


def _last(connection: sa.Connection, book_id: int, numbers: set[str]) -> dict[str, list[tuple[date, int, str]]]:
    """Number → day of the last certification that stands, its row, and the name certified (a list of one)."""
    here = register_row.c
    asked = sa.select(here.row_no, here.payload).where(here.book_id == book_id, here.register == REGISTER, here.state == STANDS).order_by(here.row_no)
    found: dict[str, tuple[date, int, str]] = {}
    for row_no, text in connection.execute(asked):
        told = json.loads(text)
        if told["number"] in numbers:
            given = (date.fromisoformat(told["certified_on"]), row_no, normal_name(told["name"]))
            found[told["number"]] = max(found.get(told["number"], given), given)
    return {number: [one] for number, one in found.items()}
