"""Which bank account pays and in which layout: from the register of bank accounts (银行账户登记簿), as it stands."""

from __future__ import annotations

import json

import sqlalchemy as sa

from controls.register_tables import register_row

REGISTER, PAYING = "bank-accounts", "支出户"


def paying(connection: sa.Connection, book_id: int) -> tuple[str, str]:
    """(account, layout) of the book's 支出户 in use, the newest where there are several; ('', '') while none is on the register."""
    columns = register_row.c
    asked = sa.select(columns.payload).where(columns.book_id == book_id, columns.register == REGISTER, columns.state == "open")
    for row in connection.execute(asked.order_by(columns.row_no.desc())):
        payload = json.loads(row.payload)
        if payload.get("kind") == PAYING:
            return str(payload["account"]), str(payload.get("layout", ""))
    return "", ""
