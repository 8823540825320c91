"""Refusals of chains of signatures (审批链): SB2180, SB2250, SB2252; SB2251 stands with the budgets."""

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


class NotApproved(Refusal):
    """A bank file without the signed payment approval form."""

    code = "SB2180"
    zh = "花名册 {roster} 的基金支付审批表还没有签完，不能制作银行盘：还差{missing}。"
    en = "The payment approval form of roster {roster} is not signed by all; no bank file is made: {missing} missing."
    cause_zh = "基金支付须先办审批：会计、会计主管、分管领导、单位负责人四人依次在审批表上签字，签的是放行的同一摘要。"
    cause_en = "Money leaves on a form that four people signed in turn over the digest of what was released."
    remedy_zh = "由所缺的人依次办理 shebao payment sign，再由出纳制单。"
    remedy_en = "Let those missing sign with shebao payment sign, in turn; then the cashier makes the file."
