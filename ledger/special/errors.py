"""Refusals of the sums of special books (专账)."""

from __future__ import annotations

from ledger.errors import Refusal


class NotEnough(Refusal):
    """More is to be paid than the documents have left."""

    code = "SB1461"
    zh = "{program}可用资金 {left} 元，不够支付 {wanted} 元，缺 {short} 元。"
    en = "{program} has {left} yuan left, not enough for {wanted}; {short} yuan are lacking."
    cause_zh = "支出须有已到账的指标文（或利息、捐赠等自有资金）对应，专账不垫支、不借用其他项目的钱（专款专用）。"
    cause_en = "Each payment draws on money that has come in by document; no program advances or borrows another's money."
    remedy_zh = "先把到账的指标文入账并记账；资金确未到位的，向财政申请后再支付。shebao special documents 列出各指标文的余额。"
    remedy_en = "Book and post what has come in first; shebao special documents lists what each document has left."
