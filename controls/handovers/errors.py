"""Refusals of hand-overs (会计工作交接): SB2260, SB2262, SB2263; SB2261 stands with what raises it."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchHandover(Refusal):
    """An unknown hand-over."""

    code = "SB2260"
    zh = "没有第 {number} 号交接书。"
    en = "There is no hand-over {number}."
    cause_zh = "交接书由移交人编制并连续编号。"
    cause_en = "Hand-overs are drawn up by the giver and numbered."
    remedy_zh = "用 shebao handover list 查编号。"
    remedy_en = "Look it up with shebao handover list."
    status = UNUSABLE


class HandoverWrong(Refusal):
    """A signature that does not fit."""

    code = "SB2262"
    zh = "第 {number} 号交接书不能签字：{why}。"
    en = "Hand-over {number} cannot be signed: {why}."
    cause_zh = "移交人、接收人、监交人三人各签一次；一般会计由会计主管监交，会计主管由单位负责人监交。"
    cause_en = "Giver, receiver and supervisor sign once each; a 会计主管 supervises accountants, the head supervises a 会计主管."
    remedy_zh = "由接收人办理 handover receive，监交人办理 handover supervise。"
    remedy_en = "The receiver signs with handover receive, the supervisor with handover supervise."


class HandoversKept(Refusal):
    """Append-only."""

    code = "SB2263"
    zh = "交接书只增不改。"
    en = "Hand-overs are only ever added."
    cause_zh = "交接书是会计档案，签字绑定当时的余额和号码（C2）。"
    cause_en = "A hand-over is an accounting record; its signatures bind to the balances of that moment (C2)."
    remedy_zh = "内容有误的，另编一份。"
    remedy_en = "Draw up another one."
