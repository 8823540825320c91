"""Refusals of personal records: SB4100."""

from __future__ import annotations

from ledger.errors import Refusal


class RecordUntied(Refusal):
    """The rows of a person do not make up the person's account."""

    code = "SB4100"
    zh = "{fund}个人账户 {span} 与逐笔明细不符：{what}逐笔合计 {rows} 元，账户 {account} 元。"
    en = "The {fund} person account of {span} does not tie to its rows: {what} {rows} by row, {account} in the account."
    cause_zh = "权益记录只印能由逐笔明细证明的数字；结息以后又有补记以前月份的凭证，或账户数据被改动时会不符。"
    cause_en = "A personal record prints only figures that its rows prove; a voucher booked into a settled year, or tampering, breaks the tie."
    remedy_zh = "运行 shebao person-account check 和 shebao verify 找出原因，更正账户后再出具。"
    remedy_en = "Run shebao person-account check and shebao verify, correct the account, then print again."
