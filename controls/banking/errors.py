"""Refusals of online banking (网银): SB2235–SB2249."""

from __future__ import annotations

from ledger.errors import Refusal


class OtherBatch(Refusal):
    """What is authorised is not what the cashier made."""

    code = "SB2235"
    zh = "花名册 {roster} 的银行盘与出纳制单的不是同一份：{why}。"
    en = "The bank file of roster {roster} is not the one that the cashier made: {why}."
    cause_zh = "网银复核人核对的是出纳制单的那一份：摘要、笔数、金额都相同才授权。"
    cause_en = "The second key holder authorises the very file that was made: same digest, lines and sum."
    remedy_zh = "停止付款，查明文件来源；需要时由出纳再次输出同一份。"
    remedy_en = "Stop the payment and find out where the file comes from; the cashier may print the same one again."
