"""Refusals of changes in the register of persons: SB3100, SB3104–SB3110, SB3112–SB3113."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NotPeopleFile(Refusal):
    """Only people files are loaded."""

    code = "SB3100"
    zh = "文件 {file_id} 是 {contract}，这里要 {wanted}。"
    en = "File {file_id} is {contract}; {wanted} is wanted here."
    cause_zh = "登记簿由人员名单（people）登记；账户首次登记用花名册文件（roster）。"
    cause_en = "The register learns persons from people files, and first accounts from roster files."
    remedy_zh = "用 shebao files 查文件编号和种类；人员名单用 shebao import people 文件名 导入。"
    remedy_en = "Look up files with shebao files; take people files in with shebao import."
    status = UNUSABLE


class NoSuchChange(Refusal):
    """An unknown change."""

    code = "SB3104"
    zh = "没有变更申请 {change}。"
    en = "There is no change {change}."
    cause_zh = "变更申请由 shebao person 的申请命令提出并编号。"
    cause_en = "Changes are asked for with shebao person and numbered."
    remedy_zh = "用 shebao person changes 查编号。"
    remedy_en = "Look it up with shebao person changes."
    status = UNUSABLE


class ChangeDecided(Refusal):
    """A change is decided once."""

    code = "SB3105"
    zh = "变更申请 {change} 已由 {by} {decision}。"
    en = "Change {change} was already {decision} by {by}."
    cause_zh = "一份申请只审核一次；退回的申请留在台账中。"
    cause_en = "A change is decided once; a refused one stays on the register."
    remedy_zh = "要再变更，重新申请。"
    remedy_en = "Ask for another change."


class ChangeStale(Refusal):
    """The register is not what it was when the change was asked for."""

    code = "SB3106"
    zh = "变更申请 {change} 不能照办：{why}。"
    en = "Change {change} cannot be carried out as asked: {why}."
    cause_zh = "审核的是申请时的内容；申请后登记已变，或申请内容被改动，签字不作数（C2）。"
    cause_en = "A review binds to what was asked for; the register or the request changed since (C2)."
    remedy_zh = "退回这份申请（--refuse），核对后重新申请。"
    remedy_en = "Refuse this one (--refuse), check, and ask again."


class NoEvidence(Refusal):
    """A change without reason or evidence."""

    code = "SB3107"
    zh = "变更要写明事由和凭据：缺{missing}。"
    en = "A change needs its reason and evidence: {missing} is missing."
    cause_zh = "账户、状态等变更须有申请表、证件或文书为凭，便于核查。"
    cause_en = "Every change rests on an application, a document or a ruling that can be looked up."
    remedy_zh = "补写 --reason 事由 和 --evidence 凭据编号；有扫描件的加 --evidence-file。"
    remedy_en = "Give --reason and --evidence, and --evidence-file where there is a scan."
    status = UNUSABLE


class BadBankAccount(Refusal):
    """A bank account that cannot be registered."""

    code = "SB3108"
    zh = "银行账户不能登记：{why}。"
    en = "The bank account cannot be registered: {why}."
    cause_zh = "账号为 6 至 34 位数字字母，户名与“本人”关系须与登记姓名一致；代领须写明监护人或集中供养机构。"
    cause_en = "6 to 34 digits or letters; the holder of one's own account bears the person's name, others are guardian or institution."
    remedy_zh = "核对存折或社保卡；户名不是本人的，--relation 写 监护人 或 集中供养机构。"
    remedy_en = "Check the passbook; where the holder is another, say --relation 监护人 or 集中供养机构."
    status = UNUSABLE


class MonthPaid(Refusal):
    """A change effective in a month that is released."""

    code = "SB3109"
    zh = "账户变更不能从 {month} 生效：{fund} {paid} 的花名册 {roster} 已放行。"
    en = "An account cannot change from {month} on: roster {roster} of {fund} {paid} is released."
    cause_zh = "已放行的月份按当时的账户付款，事后变更会使登记与付款不符。"
    cause_en = "A released month was paid to the account of that time; changing it afterwards would deny that."
    remedy_zh = "从下一个未放行的月份生效。"
    remedy_en = "Let it take effect from the next month that is not released."


class RevealNeedsReason(Refusal):
    """Full numbers without a reason."""

    code = "SB3110"
    zh = "显示完整号码和账号须写明事由。"
    en = "Full numbers and accounts are shown only for a stated reason."
    cause_zh = "查看个人完整信息须与办理的事项有关，每次留痕（C6）。"
    cause_en = "Personal data are read in full only for the business at hand, and each reading is recorded (C6)."
    remedy_zh = "加 --reason 事由；一般核对用遮盖的号码即可。"
    remedy_en = "Add --reason; masked numbers are enough for most checks."


class NothingChanges(Refusal):
    """A change to what holds already."""

    code = "SB3112"
    zh = "登记已是如此：{what}。"
    en = "The register says so already: {what}."
    cause_zh = "申请的内容与现登记相同，或同样的申请正等待审核。"
    cause_en = "The change asked for is what holds already, or the same one waits for review."
    remedy_zh = "用 shebao person show 看现登记，用 shebao person changes --open 看待审核的申请。"
    remedy_en = "See shebao person show, and shebao person changes --open for what waits."


class ChangeKept(Refusal):
    """Requests and decisions are only added."""

    code = "SB3113"
    zh = "变更申请和审核只增不改：{what}。"
    en = "Requests and decisions are only added: {what}."
    cause_zh = "谁申请、谁审核、改成什么，都要能查；登记的内容须与审核过的申请一致。"
    cause_en = "Who asked, who reviewed and what for must stay; the register takes what was reviewed and nothing else."
    remedy_zh = "重新申请；这条记录保留。"
    remedy_en = "Ask for another change; this record stays."
