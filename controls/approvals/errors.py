"""Refusals of chains of signatures (审批链): SB2250, SB2252; SB2251 stands with the budgets."""

from __future__ import annotations

from ledger.errors import Refusal


class NotItsTurn(Refusal):
    """A signature out of turn."""

    code = "SB2250"
    zh = "{what}现在不能由{duty}签字：{why}。"
    en = "{what} cannot be signed by {duty_en} now: {why}."
    cause_zh = "会计 → 会计主管 → 分管领导 → 单位负责人依次签字，各签一次，签字人各不相同。"
    cause_en = "会计, 会计主管, 分管领导 and 单位负责人 sign in this order, once each, four different people."
    remedy_zh = "按次序办理；内容变了，先退回重新编制。"
    remedy_en = "Sign in turn; what was changed is sent back and drawn up again."


class ApprovalsKept(Refusal):
    """Append-only signatures."""

    code = "SB2252"
    zh = "审批签字只增不改，依次签署。"
    en = "Signatures of a chain are only ever added, in turn."
    cause_zh = "签字绑定签字时的内容摘要，不得事后改动（C2）。"
    cause_en = "A signature binds to the digest of what was shown (C2)."
    remedy_zh = "内容有误的，退回重新编制后再签。"
    remedy_en = "Send it back, draw it up again and sign anew."
