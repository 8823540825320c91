"""Tables of people and of the payment chain. Amounts are fen, months ``yyyymm``, times ISO text; '' stands for absent text.

The guards that make C1–C3 and C6 hold at every door stand in ``controls/guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls.approval_tables import APPROVAL_TABLES
from controls.award_tables import AWARD_TABLES
from controls.budget_tables import BUDGET_TABLES
from controls.grant_tables import GRANT_TABLES
from controls.handover_tables import HANDOVER_TABLES
from controls.journal_tables import JOURNAL_TABLES
from controls.person_tables import PERSON_CHANGE_TABLES
from controls.premium_tables import PREMIUM_TABLES
from controls.redaction_tables import REDACTION_TABLES
from controls.register_tables import REGISTER_TABLES
from controls.relative_tables import RELATIVE_TABLES
from controls.roster_tables import ROSTER_TABLES
from controls.signin_tables import SIGNIN_TABLES
from controls.sweep_tables import SWEEP_TABLES
from controls.token_tables import TOKEN_TABLES
from ledger.db import metadata
from ledger.tables import Fen, Integer, Text


def _table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, nullable=False)


def _fen(name: str) -> sa.Column[int]:
    return sa.Column(name, Fen, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


def _of(parent: str, *columns: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(list(columns), [f"shebao_{parent}.{column}" for column in columns])


# People
user = _table(
    "user",
    sa.Column("user_id", Text, primary_key=True),
    _text("name"),
    _text("password_hash"),
    _text("created_at"),
    _text("created_by"),
    _text("disabled_at"),
    _int("failures"),
    _text("locked_until"),
)

duty_pair = _table("duty_pair", sa.Column("a", Text, primary_key=True), sa.Column("b", Text, primary_key=True), rowid=False)

grant = _table(
    "grant",
    sa.Column("user_id", Text, sa.ForeignKey("shebao_user.user_id"), primary_key=True),
    sa.Column("duty", Text, primary_key=True),
    sa.Column("valid_from", Text, primary_key=True),
    _text("valid_to"),
    _text("granted_by"),
    _text("granted_at"),
)

session = _table(
    "session",
    sa.Column("token_hash", Text, primary_key=True),
    sa.Column("user_id", Text, sa.ForeignKey("shebao_user.user_id"), nullable=False),
    _text("opened_at"),
    _text("expires_at"),
    _text("closed_at"),
)

# Files taken in
source_file = _table(
    "source_file",
    _key("file_id"),
    _text("contract"),
    _text("name"),
    sa.Column("sha256", Text, nullable=False, unique=True),
    _text("parquet_sha256"),
    _text("source"),
    _text("as_of"),
    sa.Column("stated", Integer, sa.CheckConstraint("stated IN (0,1)"), nullable=False),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('full','increment')"), nullable=False),
    _text("fund"),
    sa.Column("period", Integer),
    _int("rows"),
    _int("rejected"),
    _fen("control_fen"),
    _text("coverage"),
    _text("taken_at"),
    _text("taken_by"),
)

source_coverage = _table(
    "source_coverage",
    sa.Column("file_id", Integer, sa.ForeignKey("shebao_source_file.file_id"), primary_key=True, autoincrement=False),
    sa.Column("fund", Text, primary_key=True),
    sa.Column("region", Text, primary_key=True),
    _key("period"),
    sa.Column("rows", Integer, sa.CheckConstraint("rows > 0"), nullable=False),
    _fen("fen"),
    rowid=False,
)

source_use = _table(
    "source_use",
    sa.Column("file_id", Integer, sa.ForeignKey("shebao_source_file.file_id"), primary_key=True, autoincrement=False),
    _text("used_at"),
    _text("used_by"),
    _text("against"),
    _text("differences"),
)

# Roster
STATES = ("building", "built", "checked", "submitted", "reviewed", "authorised", "released", "withdrawn")
PAYMENTS = ("none", "released", "made", "sent", "returned")

roster = _table(
    "roster",
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("roster_id", Integer, primary_key=True, autoincrement=False, unique=True),
    _text("fund"),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('benefit','allowance')"), nullable=False),
    _int("period"),
    sa.Column("file_id", Integer, sa.ForeignKey("shebao_source_file.file_id"), nullable=False),
    sa.Column("state", Text, sa.CheckConstraint(f"state IN {STATES}"), nullable=False),
    sa.Column("payment", Text, sa.CheckConstraint(f"payment IN {PAYMENTS}"), nullable=False),
    _int("round"),
    _int("check_no"),
    _text("checked_at"),
    _int("checked_file"),
    _int("line_count"),
    _fen("gross_fen"),
    _fen("net_fen"),
    _text("built_by"),
    _text("built_at"),
)

sa.Index(
    "shebao_roster_file_live", roster.c.file_id, roster.c.kind, roster.c.fund, unique=True,
    sqlite_where=roster.c.state != "withdrawn", postgresql_where=roster.c.state != "withdrawn",
)  # fmt: skip

roster_line = _table(
    "roster_line",
    _key("book_id"),
    _key("roster_id"),
    _key("seq"),
    _int("payee"),
    _text("number"),
    _int("number_ok"),
    _text("id_raw"),
    _text("id_type"),
    _text("name"),
    _text("item"),
    _text("item_class"),
    _int("period"),
    _fen("gross_fen"),
    _fen("offset_fen"),
    _text("offset_to"),
    _fen("withheld_fen"),
    sa.Column("net_fen", Fen, sa.CheckConstraint("net_fen >= 0"), nullable=False),
    _text("account"),
    _text("holder"),
    _text("bank"),
    _text("region"),
    _text("note"),
    _text("digest"),
    sa.CheckConstraint("net_fen = gross_fen - offset_fen - withheld_fen", name="shebao_roster_line_net"),
    rowid=False,
)

finding = _table(
    "roster_finding",
    _key("book_id"),
    _key("roster_id"),
    _key("check_no"),
    sa.Column("finding_id", Text, primary_key=True),
    _text("rule"),
    _text("severity"),
    sa.Column("blocking", Integer, sa.CheckConstraint("blocking IN (0,1)"), nullable=False),
    _text("number"),
    _text("name"),
    _text("period_from"),
    _text("period_to"),
    _fen("amount_fen"),
    _text("counterpart"),
    _int("confidence"),
    _text("reason"),
    _text("why"),
    _text("evidence"),
    _text("facts"),
    _of("roster", "book_id", "roster_id"),
)

finding_line = _table(
    "roster_finding_line",
    _key("book_id"),
    _key("roster_id"),
    _key("check_no"),
    sa.Column("finding_id", Text, primary_key=True),
    _key("seq"),
    _of("roster_finding", "book_id", "roster_id", "check_no", "finding_id"),
    _of("roster_line", "book_id", "roster_id", "seq"),
    rowid=False,
)

roster_source = _table(
    "roster_source",
    _key("book_id"),
    _key("roster_id"),
    _key("check_no"),
    sa.Column("file_id", Integer, sa.ForeignKey("shebao_source_file.file_id"), primary_key=True, autoincrement=False),
    _text("parquet_sha256"),
    _of("roster", "book_id", "roster_id"),
    rowid=False,
)

answer = _table(
    "roster_answer",
    _key("book_id"),
    _key("roster_id"),
    sa.Column("finding_id", Text, primary_key=True),
    _key("answer_no"),
    _text("facts"),
    sa.Column("action", Text, sa.CheckConstraint("action IN ('pay','hold')"), nullable=False),
    _text("reason"),
    _text("answered_by"),
    _text("answered_at"),
    _of("roster", "book_id", "roster_id"),
)

hold = _table(
    "hold",
    _key("book_id"),
    _key("roster_id"),
    _key("seq"),
    _int("check_no"),
    _text("finding_id"),
    _text("rule"),
    _text("reason"),
    _text("owner"),
    _text("due_on"),
    _text("held_at"),
    _of("roster_line", "book_id", "roster_id", "seq"),
)

signature = _table(
    "signature",
    _key("book_id"),
    _key("roster_id"),
    _key("round"),
    sa.Column("duty", Text, sa.CheckConstraint("duty IN ('HANDLE_ROSTER','REVIEW','AUTHORISE')"), primary_key=True),
    _text("user_id"),
    _text("digest"),
    _text("signed_at"),
    _of("roster", "book_id", "roster_id"),
    sa.UniqueConstraint("book_id", "roster_id", "round", "user_id", name="shebao_signature_one_each"),
)

release = _table(
    "release",
    _key("book_id"),
    _key("roster_id"),
    _text("digest"),
    _int("line_count"),
    _int("payee_count"),
    _fen("fen"),
    _text("released_by"),
    _text("released_at"),
    _of("roster", "book_id", "roster_id"),
)

# Bank file
bank_batch = _table(
    "bank_batch",
    _key("book_id"),
    _key("roster_id"),
    sa.Column("batch_no", Text, sa.CheckConstraint("batch_no <> ''"), nullable=False, unique=True),
    _text("layout"),
    _text("bank_account"),
    sa.Column("token", Integer, sa.ForeignKey("shebao_token.token_no"), nullable=False),
    _text("file_name"),
    _text("sha256"),
    _int("line_count"),
    _fen("fen"),
    _text("sent_by"),
    _text("sent_at"),
    _of("release", "book_id", "roster_id"),
)

bank_authorisation = _table(
    "bank_authorisation",
    _key("book_id"),
    _key("roster_id"),
    _text("sha256"),
    sa.Column("token", Integer, sa.ForeignKey("shebao_token.token_no"), nullable=False),
    _text("authorised_by"),
    _text("authorised_at"),
    _of("bank_batch", "book_id", "roster_id"),
)

bank_line = _table(
    "bank_line",
    _key("book_id"),
    _key("roster_id"),
    _key("bank_seq"),
    _int("payee"),
    _text("number"),
    _text("name"),
    _text("account"),
    _text("holder"),
    _text("bank"),
    sa.Column("fen", Fen, sa.CheckConstraint("fen > 0"), nullable=False),
    sa.UniqueConstraint("book_id", "roster_id", "payee", name="shebao_bank_line_payee"),
    rowid=False,
)

bank_return = _table(
    "bank_return",
    _key("book_id"),
    _key("roster_id"),
    sa.Column("file_id", Integer, sa.ForeignKey("shebao_source_file.file_id"), nullable=False),
    _int("paid_count"),
    _fen("paid_fen"),
    _int("failed_count"),
    _fen("failed_fen"),
    _text("taken_by"),
    _text("taken_at"),
    _of("bank_batch", "book_id", "roster_id"),
)

bank_result = _table(
    "bank_result",
    _key("book_id"),
    _key("roster_id"),
    _key("bank_seq"),
    sa.Column("ok", Integer, sa.CheckConstraint("ok IN (0,1)"), nullable=False),
    _text("reason"),
    _text("serial"),
    _text("booked_on"),
    rowid=False,
)

comeback = _table(
    "comeback",
    _key("book_id"),
    _key("roster_id"),
    _key("bank_seq"),
    sa.Column("comeback_id", Integer, nullable=False, unique=True),
    _text("day"),
    _fen("fen"),
    _text("reason"),
    sa.Column("evidence", Text, nullable=False, unique=True),
    _text("recorded_by"),
    _text("recorded_at"),
    _of("bank_result", "book_id", "roster_id", "bank_seq"),
)

PEOPLE_TABLES = [user, duty_pair, grant, session, *GRANT_TABLES, *RELATIVE_TABLES, *SIGNIN_TABLES]
PAYMENT_TABLES = [
    source_file, source_coverage, source_use, roster, roster_line, finding, finding_line, roster_source, answer, hold, signature, release,
    bank_batch, bank_authorisation, bank_line, bank_return, bank_result, comeback,
]  # fmt: skip
CONTROLS_TABLES = [
    *PEOPLE_TABLES, *PAYMENT_TABLES, *PERSON_CHANGE_TABLES, *JOURNAL_TABLES, *REGISTER_TABLES, *PREMIUM_TABLES, *BUDGET_TABLES, *AWARD_TABLES,
    *APPROVAL_TABLES, *HANDOVER_TABLES, *TOKEN_TABLES, *ROSTER_TABLES, *REDACTION_TABLES, *SWEEP_TABLES,
]  # fmt: skip
