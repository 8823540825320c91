"""What the trail says of requests for duties, relatives, passwords, second factors and fresh proofs: row by row the same; and who conflicts with the rules.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from controls.grant_tables import GRANT_TABLES, duty_request, duty_step
from controls.grants.conflicts import conflicts
from controls.relative_tables import RELATIVE_TABLES, relative, relative_step
from controls.signin_tables import SIGNIN_TABLES, password, recovery_set, recovery_use, session_proof, totp, totp_step, totp_use
from ledger import chain
from ledger.chain import Record
from ledger.entries import digest
from shebao.evidence import Broken

ACTS: dict[str, tuple[str, ...]] = {
    duty_request.name: ("duty.ask",), duty_step.name: ("duty.review", "duty.approve", "duty.grant", "duty.refuse", "duty.end"),
    relative.name: ("relative.declare",), relative_step.name: ("relative.confirm", "relative.ask_end", "relative.end"),
    password.name: ("signin.password",), totp.name: ("signin.enrol",), totp_step.name: ("signin.confirm", "signin.end"), totp_use.name: ("signin.code",),
    recovery_set.name: ("signin.recovery",), recovery_use.name: ("signin.recover",), session_proof.name: ("session.proof",),
}  # fmt: skip
"""Table → the acts that add its rows; each record bears the digest of its whole row."""

WHAT = {
    duty_request.name: "授权申请", duty_step.name: "授权步骤", relative.name: "回避登记", relative_step.name: "回避登记的步骤", password.name: "密码记录",
    totp.name: "动态口令", totp_step.name: "动态口令的启用停用", totp_use.name: "动态口令的使用",
    recovery_set.name: "恢复码", recovery_use.name: "恢复码的使用", session_proof.name: "身份验证",
}  # fmt: skip


def kept(connection: sa.Connection) -> str:
    """C6: every row was added by an act in the trail over exactly this content, and no row that an act added is gone."""
    tables = {act: name for name, acts in ACTS.items() for act in acts}
    told: dict[str, Counter[str]] = {name: Counter() for name in ACTS}
    where: dict[str, Record] = {}
    for record in chain.records(connection):
        if record.act in tables:
            told[tables[record.act]][record.digest] += 1
            where[record.digest] = record
    count = 0
    for table in (*GRANT_TABLES, *RELATIVE_TABLES, *SIGNIN_TABLES):
        rows = [(digest(dict(row._mapping)), row) for row in connection.execute(sa.select(table))]
        stored, what = Counter(one for one, _ in rows), WHAT[table.name]
        count += len(rows)
        for one, row in rows:
            if stored[one] > told[table.name][one]:
                key = "、".join(str(row._mapping[column.name]) for column in table.primary_key)
                raise Broken(f"{what} {key} 没有留痕，或内容与留痕不符")
        for one in told[table.name] - stored:
            raise Broken(f"{what} 缺一行：第 {where[one].seq} 条留痕（{where[one].thing}）所记的已被改或被删")
    return f"授权申请、回避登记和身份鉴别 {count} 行与留痕相符"


def apart(connection: sa.Connection, now: str) -> str:
    """C1, S18: nobody holds what excludes itself, by the rules as they stand today; each person concerned is named with what to do."""
    found = conflicts(connection, now)
    if found:
        raise Broken("；".join(f"{one.name}：{one.zh}，{one.remedy_zh}" for one in found[:5]) + (f" 等 {len(found)} 项" if len(found) > 5 else ""))
    return "没有人持有不相容的岗位"
