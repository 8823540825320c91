"""Refusals of special books (专账): SB3270–SB3279."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class EventNotInProgram(Refusal):
    """An event that this book's program does not have (专款专用)."""

    code = "SB3270"
    zh = "{program}不能办理业务“{event}”，可用：{known}。"
    en = "{program} cannot do the event “{event}”; it has: {known}."
    cause_zh = "专款专用：专账只办理本项目文件 events 列明的业务，险种业务与专账业务互不通用，没有业务类型的分录不收。"
    cause_en = "A special book does what its program's file lists and nothing else; funds and programs share no event."
    remedy_zh = "改用其中的业务；确属本项目的新业务，由会计主管提出、单位负责人批准后写入 special/programs/ 的项目文件。"
    remedy_en = "Use one of these; a new lawful event is added to the program's file after the head has approved it."


class LevelNotInProgram(Refusal):
    """Money of a level of government that the program does not take."""

    code = "SB3271"
    zh = "{program}没有“{level}”补助，可用：{known}。"
    en = "{program} takes no money of the level “{level}”; it takes: {known}."
    cause_zh = "每个项目的资金来源级次由项目文件列明，走错项目的钱不能入账（专款专用）。"
    cause_en = "The program's file names the levels of its money; money of another program is not booked here."
    remedy_zh = "核对指标文属于哪个项目；确属本项目的，写入项目文件的 levels。"
    remedy_en = "See which program the document belongs to; what is right is added to the file's levels."


class ForbiddenPurpose(Refusal):
    """A voucher that says the money goes to what it must not pay for."""

    code = "SB3272"
    zh = "{program}不得用于“{word}”（{where}：{text}）。"
    en = "{program} must not pay for “{word}” ({where}: {text})."
    cause_zh = "专项资金不得用于工作经费、人员经费等（{reference}）。"
    cause_en = "Earmarked money pays no office or staff costs ({reference})."
    remedy_zh = "工作经费由本级预算另行安排，不在专账列支；文字有歧义的，改写清楚再提出。"
    remedy_en = "Office costs come from the unit's own budget; where the words mislead, say it plainly and propose again."


class DocumentOverdrawn(Refusal):
    """A voucher that takes more of a document than it has left."""

    code = "SB3273"
    zh = "{document}可用 {left} 元（已计入在途凭证），本凭证要用 {wanted} 元，超出 {short} 元。"
    en = "{document} has {left} yuan free (vouchers on their way counted); this one takes {wanted}, {short} too much."
    cause_zh = "每笔支出对应已到账的指标文，不得超支，也不得用其他指标文、其他项目的钱垫付（专款专用）。"
    cause_en = "Each payment draws on a document's money that has come in, never beyond it."
    remedy_zh = "用 shebao special documents 查看各指标文可用数，改用有余额的指标文，或等资金到账。"
    remedy_en = "See shebao special documents for what each has free."


class TownOverdrawn(Refusal):
    """A township accounts for, or returns, more than it was given."""

    code = "SB3274"
    zh = "{town}的“{document}”尚未报账 {left} 元，本凭证核销 {wanted} 元，超出 {short} 元。"
    en = "{town} holds {left} yuan of “{document}”; this voucher takes {wanted}, {short} too much."
    cause_zh = "乡镇报账、退回不能超过已拨付未核销的数额。"
    cause_en = "A township accounts for and returns no more than it holds."
    remedy_zh = "核对乡镇、指标文和金额；先把拨付凭证记账。"
    remedy_en = "Check township, document and amount; post the allocation first."


class OpeningLate(Refusal):
    """Opening money brought in after the book's opening month."""

    code = "SB3275"
    zh = "期初结余只能记入建账月份 {opened}，不能记入 {period}。"
    en = "Opening money is booked in {opened}, the month the book opened, not in {period}."
    cause_zh = "建账以后的钱须按到账的性质入账，不能当作期初。"
    cause_en = "What comes later is booked as what it is."
    remedy_zh = "改用 ZX01 等到账业务；期初漏记的，在首月结账前补记到建账月份。"
    remedy_en = "Use ZX01 and the like, or book what was forgotten in the opening month while it is open."


class DocumentTwice(Refusal):
    """One document's money booked twice (L11)."""

    code = "SB3276"
    zh = "指标文“{document}”的{level}资金已经入账 {booked} 元{where}，不能再记一次。"
    en = "The {level} money of “{document}” is booked already ({booked} yuan{where})."
    cause_zh = "一个指标文同一级次只入账一次（L11）。"
    cause_en = "One document is booked once for each level (L11)."
    remedy_zh = "核对是否重复；确属分批到账的，文号后写明批次，如“财社〔2026〕1号（第2批）”；金额有误的用红字、蓝字更正。"
    remedy_en = "See whether it is a repeat; a second part bears its number, as in “… (第2批)”; a wrong amount is corrected."


class BookOpen(Refusal):
    """The program has its book already, or the month does not fit."""

    code = "SB3277"
    zh = "不能开设{program}专账：{why}。"
    en = "The special book of {program} cannot be opened: {why}."
    cause_zh = "一个单位每个项目一套专账（L2），从建账月份的次月起记账。"
    cause_en = "A unit keeps one book for each program (L2)."
    remedy_zh = "用 shebao special list 查看已开设的专账和可用的项目。"
    remedy_en = "See shebao special list."


class AllowanceNotFunds(Refusal):
    """A roster of payments made for others, booked in an insurance fund's book."""

    code = "SB3278"
    zh = "花名册 {roster} 是{fund}账套里的代发花名册，代发不是基金的支出，不能制证。"
    en = "Roster {roster} holds payments for others in the book of {fund}; they are no expense of the fund and take no voucher there."
    cause_zh = "代发项目另设花名册、银行盘和专账（DOMAIN §1.8 K13、§9 第21条）。"
    cause_en = "Payments for others have a roster, a bank file and a special book of their own."
    remedy_zh = "开设相应专账后，用 shebao roster build --fund DF --file-id {file} --period {period} 在专账编制。"
    remedy_en = "Open the program's book and build the roster there: shebao roster build --fund DF --file-id {file} --period {period}."


class MoreBackThanPaid(Refusal):
    """More comes back to a document than was ever paid from it."""

    code = "SB3280"
    zh = "{document}累计支出 {spent} 元（已计入在途凭证），本凭证退回、追回 {wanted} 元，多出 {more} 元。"
    en = "{document} has paid {spent} yuan (vouchers on their way counted); {wanted} yuan come back, {more} too much."
    cause_zh = "退票、追回的钱回到原来支付它的指标文，不能超过该文号支出的数额。"
    cause_en = "Returned and recovered money goes back to the document that paid it, never beyond what it paid."
    remedy_zh = "用 shebao special documents 核对原来由哪个指标文支付；由几个指标文支付的，分别录入；以前年度的用 ZX15。"
    remedy_en = "See shebao special documents for the document that paid; enter each part; earlier years go by ZX15."


class StatutoryOnly(Refusal):
    """A statutory paper or check asked for a special book."""

    code = "SB3279"
    zh = "{program}不适用{what}。"
    en = "{what_en} is not for {program}."
    cause_zh = "28号制度的报表、附注和科目只适用于社会保险基金；专项资金另设专账（DOMAIN §8）。"
    cause_en = "The statements of 28号 are for insurance funds; earmarked money has a special book."
    remedy_zh = "用 shebao special statement、shebao special check。"
    remedy_en = "Use shebao special statement and shebao special check."
    status = UNUSABLE
