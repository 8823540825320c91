"""Refusals of vouchers beside their way through the desk: attachments (SB3120–SB3124), cash vouchers and vouchers from files."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class AttachedElsewhere(Refusal):
    """The same document hangs on another voucher of the book (L11)."""

    code = "SB3120"
    zh = "文件 {file} 已附在凭证 {where}，同一张原始凭证在一个账套只附一次。"
    en = "The file {file} is attached to voucher {where} already; one document is attached once in a book."
    cause_zh = "同一张原始凭证只能入账一次（L11）；附件按内容摘要比较，改文件名无用。"
    cause_en = "One document is booked once (L11); attachments are compared by the digest of their content."
    remedy_zh = "核对是否重复入账；一张原始凭证确由几张凭证共用的，用 --kept-at 写明原件附在哪张凭证。"
    remedy_en = "See whether it is a repeat; where several vouchers share one document, name the one that keeps it with --kept-at."


class AttachmentLost(Refusal):
    """A stored attachment is missing or not what was attached."""

    code = "SB3121"
    zh = "凭证 {voucher} 的附件 {place}（{file}）{why}。"
    en = "Attachment {place} of voucher {voucher} ({file}): {why_en}."
    cause_zh = "附件按内容摘要保存在 attachments 目录，审核人签的是这些摘要，文件缺失或改动即不符（C2）。"
    cause_en = "Attachments are kept by content digest, which the reviewer signed; a missing or changed file no longer fits (C2)."
    remedy_zh = "从备份恢复 attachments 目录中的该文件，或由原件重新取得同一个文件。"
    remedy_en = "Restore that file of the attachments folder from a backup."


class SheetsDiffer(Refusal):
    """What is attached is not what the voucher says is attached."""

    code = "SB3122"
    zh = "凭证 {voucher} 附单据 {said} 张，电子附件共 {found} 张。"
    en = "Voucher {voucher} says {said} sheets, {found} are attached."
    cause_zh = "附单据数以所附原始凭证的自然张数为准（会计基础工作规范第五十一条）；上传电子件的，须与附单据数相符。"
    cause_en = "The number of sheets is that of the documents attached; electronic ones must agree with it."
    remedy_zh = "补传附件，一个文件有几张的用 --sheets 写明；附单据数写错的，退回凭证重新录入。"
    remedy_en = "Attach what is missing (--sheets for a file of several sheets), or reject the voucher and enter it anew."


class BadAttachment(Refusal):
    """A file that cannot be an attachment."""

    code = "SB3123"
    zh = "文件 {file} 不能作附件：{why}。"
    en = "The file {file} cannot be attached: {why}."
    cause_zh = "附件的种类、大小和个数写在 templates/attachments.yaml。"
    cause_en = "Kinds, sizes and numbers of attachments stand in templates/attachments.yaml."
    remedy_zh = "转成 PDF、OFD 或图片后重试；文件过大的拆开或降低扫描精度。"
    remedy_en = "Convert it to PDF, OFD or a picture; split a file that is too large."
    status = UNUSABLE


class OriginalElsewhere(Refusal):
    """A shared document whose original is not where it is said to be."""

    code = "SB3124"
    zh = "凭证 {voucher} 没有附着文件 {file} 的原件。"
    en = "Voucher {voucher} does not keep the original of {file}."
    cause_zh = "一张原始凭证由几张记账凭证共用的，原件附在其中一张，其余注明该凭证编号（会计基础工作规范第五十一条）。"
    cause_en = "Where several vouchers share one document, one keeps the original and the others name that voucher."
    remedy_zh = "先把原件附在 {voucher}，或改写 --kept-at；{voucher} 已退回的，改附在重做的凭证。"
    remedy_en = "Attach the original to {voucher} first, or name another voucher with --kept-at."


class VoucherFileWrong(Refusal):
    """A file of vouchers that cannot be taken whole."""

    code = "SB3127"
    zh = "凭证文件 {file} 不能导入，未提出任何凭证：{faults}。"
    en = "The voucher file {file} cannot be taken, nothing was proposed: {faults}."
    cause_zh = "凭证导入要么全部、要么全不：科目须在本账套科目表且名称一致，逐张借贷相等，资金按业务白名单流动（L1、L6、L7）。"
    cause_en = "All of a file or nothing: accounts exist and mean the same, each voucher balances, money moves along the whitelist (L1, L6, L7)."
    remedy_zh = "按所列行号在原系统或文件中改正后重新导入；科目编号不同的，先按本账套科目表对照换码。"
    remedy_en = "Mend the lines named and import again; where codes differ, map them to this book's chart first."
    status = UNUSABLE


class NotForCashier(Refusal):
    """A voucher that neither receives nor pays."""

    code = "SB3125"
    zh = "凭证 {voucher} 不是收款、付款凭证，不需要出纳签字。"
    en = "Voucher {voucher} neither receives nor pays; the cashier does not sign it."
    cause_zh = "只有收款和付款记账凭证由出纳签字（会计基础工作规范第五十一条）；科目由参数 cash_voucher_accounts 规定。"
    cause_en = "The cashier signs receipts and payments only; the parameter cash_voucher_accounts names the accounts."
    remedy_zh = "核对凭证流水号。"
    remedy_en = "Check the voucher's label."


class CashierMissing(Refusal):
    """A receipt or payment without the cashier's signature."""

    code = "SB3126"
    zh = "凭证 {voucher} 是收款或付款凭证，出纳尚未签字，不能记账。"
    en = "Voucher {voucher} receives or pays; the cashier has not signed it, so it cannot be posted."
    cause_zh = "收款和付款记账凭证还应当由出纳人员签名或者盖章（会计基础工作规范第五十一条）。"
    cause_en = "Receipts and payments are signed by the cashier too."
    remedy_zh = "由出纳核对回单后签字：shebao voucher sign {voucher}。"
    remedy_en = "The cashier compares it with the receipt and signs: shebao voucher sign {voucher}."


class BusinessIncomplete(Refusal):
    """Vouchers that are not the whole of one business, or cannot be."""

    code = "SB3180"
    zh = "凭证 {voucher} 的同笔业务不成立：{why}。"
    en = "The vouchers of one business do not stand ({voucher}): {why}."
    cause_zh = "一笔业务需要几张凭证的，按分数编号法一次列明全部凭证，全部审核后才能记账（会计基础工作规范第五十一条）。"
    cause_en = "A business of several vouchers is declared with all its parts at once, before review, and posted when all are reviewed."
    remedy_zh = "用 shebao voucher business 按顺序写出全部凭证；其中一张退回的，其余也退回，重新录入后再列明。"
    remedy_en = "Name all its vouchers with shebao voucher business; when one is sent back, send the others back and enter them anew."


class CannotDetach(Refusal):
    """An attachment that cannot be taken off."""

    code = "SB3181"
    zh = "凭证 {voucher} 的附件 {place} 不能取下：{why}。"
    en = "Attachment {place} of voucher {voucher} cannot be taken off: {why}."
    cause_zh = "附错的原始凭证在审核以前可以取下，取下的记录和文件都保留；别的凭证以它为原件的，先取下那一张的附件。"
    cause_en = "A wrong document may be taken off before review; record and file stay. Where another voucher refers to it as the original, that one goes first."
    remedy_zh = "用 shebao voucher attachments 核对附件号；已审核的凭证退回后重做。"
    remedy_en = "See shebao voucher attachments for the number; a reviewed voucher is sent back instead."


class NoSuchVoucher(Refusal):
    """No voucher of that number in the book."""

    code = "SB3101"
    zh = "账套里没有凭证 {voucher}。"
    en = "The book has no voucher {voucher}."
    cause_zh = "凭证按账套编流水号。"
    cause_en = "Vouchers are numbered per book."
    remedy_zh = "用 shebao voucher list 查看凭证号。"
    remedy_en = "See shebao voucher list."


class WrongState(Refusal):
    """The voucher is not in the state the step needs."""

    code = "SB3102"
    zh = "凭证 {voucher} 现为“{state}”，不能{step}。"
    en = "Voucher {voucher} is {state}; it cannot be {step} now."
    cause_zh = "凭证依次：提出 → 制单 → 审核 → 记账；退回后重做。"
    cause_en = "Vouchers go proposed, made, reviewed, posted; a rejected one is made anew."
    remedy_zh = "先完成上一步，或用 shebao voucher list 查看状态。"
    remedy_en = "Complete the step before, or look at shebao voucher list."


class ContentChanged(Refusal):
    """The voucher's content is not what was signed (C2)."""

    code = "SB3103"
    zh = "凭证 {voucher} 的内容与签字时不同，签字作废。"
    en = "Voucher {voucher} differs from what was signed; the signature is void."
    cause_zh = "签字绑定内容摘要，改动一分钱即失效（C2）。"
    cause_en = "A signature binds to the digest of what was signed (C2)."
    remedy_zh = "退回此凭证，重新提出、制单、审核。"
    remedy_en = "Reject it, then propose, make and review it again."
