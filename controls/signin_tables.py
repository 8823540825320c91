"""Tables of passwords, second factors, recovery codes and fresh proofs; all are only ever added to. Times ISO text.

A password is an argon2id hash; recovery codes are SHA-256 of 80 random bits. The secret of the second factor must be readable to be checked: it is
encrypted under a key outside the database (``controls.signin.sealing``).
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _of_user() -> sa.Column[str]:
    return sa.Column("user_id", Text, sa.ForeignKey("shebao_user.user_id"), primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


password = _table("password", _of_user(), _number("number"), _text("hash"), _text("set_by"), _text("set_at"))

totp = _table("totp", _of_user(), _number("number"), _text("secret"), _text("enrolled_at"))

totp_step = _table(
    "totp_step",
    _of_user(),
    _number("number"),
    sa.Column("step", Text, sa.CheckConstraint("step IN ('confirm','end')"), primary_key=True),
    _text("by"),
    _text("at"),
    sa.ForeignKeyConstraint(["user_id", "number"], ["shebao_totp.user_id", "shebao_totp.number"]),
)

totp_use = _table(
    "totp_use",
    _of_user(),
    _number("number"),
    _number("counter"),
    _text("at"),
    sa.ForeignKeyConstraint(["user_id", "number"], ["shebao_totp.user_id", "shebao_totp.number"]),
)

recovery_set = _table("recovery_set", _of_user(), _number("number"), _text("hashes"), _text("made_at"))

recovery_use = _table(
    "recovery_use",
    _of_user(),
    _number("number"),
    sa.Column("hash", Text, primary_key=True),
    _text("at"),
    sa.ForeignKeyConstraint(["user_id", "number"], ["shebao_recovery_set.user_id", "shebao_recovery_set.number"]),
)

session_proof = _table(
    "session_proof",
    sa.Column("token_hash", Text, sa.ForeignKey("shebao_session.token_hash"), primary_key=True),
    _number("number"),
    sa.Column("how", Text, sa.CheckConstraint("how IN ('password','totp','recovery')"), nullable=False),
    _text("at"),
)

SIGNIN_TABLES = [password, totp, totp_step, totp_use, recovery_set, recovery_use, session_proof]
