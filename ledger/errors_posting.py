"""Refusals of posting and closing; the database guards raise the same codes."""

from __future__ import annotations

from ledger.errors import Refusal


class NumberGap(Refusal):
    """L4."""

    code = "SB1301"
    zh = "凭证号不连续：账套 {book} {kind} {period} 应为 {wanted} 号。"
    en = "Voucher numbers must run without a gap: book {book} {kind} {period} expects number {wanted}."
    cause_zh = "凭证按账套、凭证字、月份连续编号，不缺号、不重号（L4）。"
    cause_en = "Voucher numbers run gapless per book, kind and month (L4)."
    remedy_zh = "由程序自动编号；不要手工写入数据库。"
    remedy_en = "Let the program number vouchers; do not write to the database by hand."


class PeriodNotOpen(Refusal):
    """L5."""

    code = "SB1302"
    zh = "会计期间 {period} 未开放（{state}），不能记账。"
    en = "The period {period} is not open ({state}); nothing can be posted."
    cause_zh = "已结账的月份不再接受任何凭证，不论从哪个入口（L5）。"
    cause_en = "A closed month takes nothing, by any door (L5)."
    remedy_zh = "记入当前开放的会计期间；月份未启用的，由会计主管用 shebao period open 启用下月；更正以前月份的差错，用红字冲销和蓝字更正。"
    remedy_en = "Book it in the open period; CHECK opens the next month by shebao period open; mend earlier months with red and blue vouchers."


class PostedIsForEver(Refusal):
    """L3."""

    code = "SB1303"
    zh = "已记账的内容不得修改或删除。"
    en = "What is posted cannot be changed or deleted."
    cause_zh = "记账不可逆：更正只能用红字凭证和蓝字凭证（L3）。"
    cause_en = "Posting is irreversible; corrections are red and blue entries (L3)."
    remedy_zh = "录入红字冲销和蓝字更正凭证。"
    remedy_en = "Enter a red reversing and a blue correcting voucher."


class HeaderDiffers(Refusal):
    """An entry's lines are not what its header announces."""

    code = "SB1304"
    zh = "分录与凭证头不符。"
    en = "The lines are not what the voucher's header announces."
    cause_zh = "封签时核对行数和借方合计。"
    cause_en = "Sealing compares line count and debit total with the header."
    remedy_zh = "重新制单。"
    remedy_en = "Make the voucher again."


class SubledgerDiffers(Refusal):
    """L10."""

    code = "SB1305"
    zh = "发放明细与凭证不符：{why}。"
    en = "The payout rows do not tie to the voucher: {why}."
    cause_zh = "发放明细按科目汇总必须等于凭证的待遇支出分录（L10）。"
    cause_en = "Sub-ledgers tie to their control accounts (L10)."
    remedy_zh = "核对银行回盘与凭证的金额、笔数后重做。"
    remedy_en = "Compare the bank return with the voucher and make it again."


class AccountNotUsable(Refusal):
    """L6."""

    code = "SB1306"
    zh = "科目 {account} 在 {fund} 账套 {day} 不可用：{why}。"
    en = "Account {account} cannot be used in the {fund} book on {day}: {why}."
    cause_zh = "每行的科目必须是当日该险种科目表中的末级科目（L6）。"
    cause_en = "Every line's account is a leaf of that fund's chart on that day (L6)."
    remedy_zh = "改用该险种科目表中的末级科目；需要新明细时在科目表文件中增设。"
    remedy_en = "Use a leaf account of the fund's chart; add details in the chart file."


class BadTransition(Refusal):
    """Periods move open -> locked -> closed, in order."""

    code = "SB1308"
    zh = "会计期间 {period} 不能从“{old}”变为“{new}”：{why}。"
    en = "The period {period} cannot move from {old} to {new}: {why}."
    cause_zh = "期间逐月 开放→锁定→结账，结账后不再打开（L5）。"
    cause_en = "Periods go open, locked, closed, month by month; closed is closed (L5)."
    remedy_zh = "先完成上一步；差错在开放的期间更正。"
    remedy_en = "Complete the step before; correct errors in the open period."


class Sealed(Refusal):
    """A sealed entry takes nothing more, and sub-ledger rows enter only with their entry."""

    code = "SB1309"
    zh = "凭证已封签或不在记账中，不能再加内容。"
    en = "The entry is sealed, or not being posted; nothing can be added."
    cause_zh = "一张凭证连同明细在一个事务中一次记完（L3）。"
    cause_en = "An entry and its sub-ledger rows are posted once, in one transaction (L3)."
    remedy_zh = "另做凭证。"
    remedy_en = "Make another voucher."


class CorrectionDiffers(Refusal):
    """A correcting entry that names no earlier ordinary entry, or another source than its own."""

    code = "SB1341"
    zh = "更正凭证与原凭证不符。"
    en = "The correcting entry does not fit the entry it names."
    cause_zh = "更正凭证须指明本账套一张更早的普通凭证，每张凭证至多红字、蓝字、差额各一张（L3、L11）。"
    cause_en = "A correction names an earlier ordinary entry of its book; an entry has at most one red, one blue and one difference voucher."
    remedy_zh = "用 shebao voucher reverse、correct 或 adjust 更正。"
    remedy_en = "Use shebao voucher reverse, correct or adjust."


class AlreadyBooked(Refusal):
    """L11."""

    code = "SB1104"
    zh = "原始凭据“{source}”已入账（{where}）。"
    en = "The source document “{source}” is already booked ({where})."
    cause_zh = "同一张原始凭据在一个账套只能入账一次（L11）。"
    cause_en = "One source document is booked once (L11)."
    remedy_zh = "核对是否重复；若是另一张凭据，写明不同的凭据号。"
    remedy_en = "See whether it is a repeat; another document needs its own number."


class NoAuthority(Refusal):
    """L9."""

    code = "SB1105"
    zh = "凭证没有授权依据或两人签字：{why}。"
    en = "The voucher lacks its authority or its two people: {why}."
    cause_zh = "每张记账凭证写明依据，制单与审核不是同一人，记账与审核不是同一人（L9）。"
    cause_en = "Every posted entry names its authority; maker and reviewer differ, poster and reviewer differ (L9)."
    remedy_zh = "补齐依据，由另一人审核。"
    remedy_en = "Name the authority and let another person review it."


class GuardMissing(Refusal):
    """A guard of the database is gone."""

    code = "SB1312"
    zh = "数据库缺少守护规则 {guard}，拒绝记账。"
    en = "The database lacks its guard {guard}; nothing is posted."
    cause_zh = "不可更改、连号、平衡等规则同时由数据库守护；缺一条就不记账。"
    cause_en = "The database guards the rules too; without one of its guards nothing is posted."
    remedy_zh = "数据库结构被改动过：停止使用，运行 shebao verify，与备份核对。"
    remedy_en = "The schema was changed: stop, run shebao verify and compare with a backup."


class SaltKept(Refusal):
    """F16: texts and salts of the trail."""

    code = "SB1490"
    zh = "留痕中的个人信息原文和盐值不得修改、补入或擅自删除。"
    en = "Personal texts of the trail and their salts are never altered or put in afterwards, nor removed without a redaction."
    cause_zh = "留痕只存加盐摘要，原文和盐值另存；只有经申请和确认的依法删除才能销毁（F16）。"
    cause_en = "The trail holds salted digests; text and salt stand apart and go only by a redaction asked for and confirmed (F16)."
    remedy_zh = "由审计管理员或稽核用 shebao trail redact 申请，单位负责人用 shebao trail redact-confirm 确认。"
    remedy_en = "LOGADMIN or AUDIT asks by shebao trail redact, HEAD confirms by shebao trail redact-confirm."
