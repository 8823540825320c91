"""Whose hand-over is open: who may not be ended yet (会计法 §39)."""

from __future__ import annotations

import sqlalchemy as sa

from controls.handover_tables import handover, handover_signature
from controls.token_tables import token, token_act, token_signature
from ledger.errors import Refusal

SIGNATURES = 2


class HandoverOpen(Refusal):
    """A person who has not handed over."""

    code = "SB2261"
    zh = "{user} 的工作没有交接清楚，不能停用：{why}。"
    en = "{user} has not handed over yet and cannot be ended: {why}."
    cause_zh = "会计人员离职或调动，须与接管人员办清交接手续（会计法第39条）。"
    cause_en = "Accountants who leave hand over first (Accounting Law §39)."
    remedy_zh = "先由接收人、监交人在交接书上签字，把印鉴、U盾交接完。"
    remedy_en = "Have receiver and supervisor sign the hand-over, and hand over seals and keys."


def waiting(connection: sa.Connection, user: str) -> list[int]:
    """Numbers of the person's hand-overs, given or taken, that lack a signature."""
    columns, signed = handover.c, handover_signature.c
    count = sa.select(sa.func.count()).where(signed.handover_no == columns.handover_no).scalar_subquery()
    mine = sa.or_(columns.giver == user, columns.receiver == user)
    return list(connection.execute(sa.select(columns.handover_no).where(mine, count < SIGNATURES).order_by(columns.handover_no)).scalars())


def refuse_open(connection: sa.Connection, user: str) -> None:
    """Passes when the person has handed everything over. Raises SB2261."""
    if found := waiting(connection, user):
        raise HandoverOpen(user=user, why=f"第 {found[0]} 号交接书未签完")
    if held := holding(connection, user):
        raise HandoverOpen(user=user, why=f"还持有 {held[0]} 号印鉴或U盾")


def holding(connection: sa.Connection, user: str) -> list[int]:
    """Numbers of the seals and keys that the person signed for last and that are neither lost nor destroyed."""
    acts, signed, later, ended = token_act, token_signature, token_signature.alias(), token_act.alias()
    asked = (
        sa.select(token.c.token_no)
        .join(acts, acts.c.token_no == token.c.token_no)
        .join(signed, sa.and_(signed.c.token_no == acts.c.token_no, signed.c.act_no == acts.c.act_no))
        .where(
            acts.c.receiver == user,
            ~sa.exists().where(later.c.token_no == acts.c.token_no, later.c.act_no > acts.c.act_no),
            ~sa.exists().where(ended.c.token_no == acts.c.token_no, ended.c.act.in_(("lost", "destroyed"))),
        )
    )
    return sorted(connection.execute(asked).scalars())
