"""Refusals of files whose lines fit no event: purposes of subsidies and kinds of tax that nobody mapped."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class UnknownPurpose(Refusal):
    """A subsidy whose purpose or level nobody mapped."""

    code = "SB6206"
    zh = "补助文件第 {line} 行：用途“{purpose}”、级次“{level}”没有对应的业务。"
    en = "Line {line} of the subsidies: purpose “{purpose}”, level “{level}” fits no event."
    cause_zh = "缴费补贴、基础养老金补贴等分别记 4101 的不同明细，不能猜。"
    cause_en = "Purposes go to different details of 4101 and are never guessed."
    remedy_zh = "改正用途和级次，或由会计用 shebao voucher enter 逐笔录入。"
    remedy_en = "Mend purpose and level, or enter it by shebao voucher enter."
    status = UNUSABLE


class UnknownTaxItem(Refusal):
    """A tax line of a kind nobody mapped."""

    code = "SB6207"
    zh = "税务明细第 {line} 行：征收品目“{item}”没有对应的业务。"
    en = "Line {line} of the tax file: the item “{item}” fits no event."
    cause_zh = "单位、个人缴费记 4001 的不同明细，滞纳金记 4501，其他品目不能猜。"
    cause_en = "Employers' and persons' premiums go to different details of 4001, late fees to 4501; nothing else is guessed."
    remedy_zh = "与税务核对该行；确属其他收入的，由会计用 shebao voucher enter 逐笔录入。"
    remedy_en = "Ask the tax bureau; what is other income is entered by shebao voucher enter."
    status = UNUSABLE
