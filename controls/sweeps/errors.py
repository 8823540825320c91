"""Refusals of sweeps and of the conclusions on leads (疑点的结论): SB3365–SB3375."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchLead(Refusal):
    """An unknown lead."""

    code = "SB3365"
    zh = "没有编号为“{wanted}”的疑点。"
    en = "There is no lead “{wanted}”."
    cause_zh = "疑点编号是 findings.csv 的第一列（20 位十六进制），由 shebao audit sweep 登记；audit check 的结果不登记。"
    cause_en = "The id of a lead is the first column of findings.csv (20 hex digits), kept by shebao audit sweep; audit check keeps nothing."
    remedy_zh = "用 shebao audit leads 查编号；写前几位也可以，但须只对应一个疑点。"
    remedy_en = "Look it up with shebao audit leads; its first digits are enough where only one lead begins with them."
    status = UNUSABLE


class LeadsKept(Refusal):
    """Append-only."""

    code = "SB3366"
    zh = "筛查、疑点、经过和结论只增不改。"
    en = "Sweeps, leads, their history and conclusions are only ever added to."
    cause_zh = "疑点从发现到办结的每一步都是稽核证据：事实消失的记为已消失，不删除。"
    cause_en = "Every step of a lead is evidence: one whose facts are gone is marked so, never deleted."
    remedy_zh = "通过 shebao audit sweep、conclude 和 conclude-review 办理。"
    remedy_en = "Use shebao audit sweep, conclude and conclude-review."


class SweepOutOfOrder(Refusal):
    """Rows of another sweep than the one at hand."""

    code = "SB3367"
    zh = "筛查逐次连续编号，疑点及其经过随当次筛查登记。"
    en = "Sweeps are numbered one after another; leads and their history come with the sweep at hand."
    cause_zh = "一次筛查的内容在一个事务里写完；另有人同时筛查，或绕过了程序。"
    cause_en = "What a sweep keeps is written in one transaction; somebody else swept meanwhile, or the program was bypassed."
    remedy_zh = "重新运行 shebao audit sweep。"
    remedy_en = "Run shebao audit sweep again."


class HistoryOutOfOrder(Refusal):
    """A version of a lead that cannot follow the last one."""

    code = "SB3368"
    zh = "疑点的经过逐版登记：先查出，再变化、消失或重现。"
    en = "The history of a lead runs version by version: found, then changed, withdrawn or returned."
    cause_zh = "经过断了或乱了，就说不清疑点当时是什么样。"
    cause_en = "With a gap in it nobody could say what the lead was at the time."
    remedy_zh = "重新运行 shebao audit sweep；仍出现时用 shebao verify 检查。"
    remedy_en = "Run shebao audit sweep again; if it stays, look with shebao verify."


class ConclusionOpen(Refusal):
    """A conclusion that awaits its review."""

    code = "SB3369"
    zh = "疑点 {lead} 的上一结论（{verdict}，{by}）尚待复核。"
    en = "The last conclusion on lead {lead} ({verdict}, by {by}) still awaits its review."
    cause_zh = "结论一次一个：一人作出，另一人复核。"
    cause_en = "One conclusion at a time: one person draws it, another reviews it."
    remedy_zh = "先由另一名稽核办理 shebao audit conclude-review；不同意的，用 --refuse 退回。"
    remedy_en = "Another auditor runs shebao audit conclude-review first, with --refuse to send it back."


class ConcludedAlready(Refusal):
    """Concluded, and its facts have not changed."""

    code = "SB3370"
    zh = "疑点 {lead} 已有结论（{verdict}），事实没有变化。"
    en = "Lead {lead} is concluded ({verdict}) and its facts have not changed."
    cause_zh = "结论附着于当时的事实；事实不变，结论不变（A3）。"
    cause_en = "A conclusion binds to the facts of its time and stands while they do (A3)."
    remedy_zh = "有新证据的，先把数据导入再筛查；事实变化后疑点自动重开。"
    remedy_en = "Take new evidence in and sweep again: the lead reopens by itself when its facts change."


class LeadGone(Refusal):
    """A lead whose facts are gone."""

    code = "SB3371"
    zh = "疑点 {lead} 的事实已消失，不必再作结论。"
    en = "The facts of lead {lead} are gone; there is nothing to conclude."
    cause_zh = "最近一次筛查没有再查出它：数据已更正、冲正或退回，或规则改了。"
    cause_en = "The last sweep did not find it again: the data were corrected, reversed or returned, or the rule changed."
    remedy_zh = "用 shebao audit lead 看它的经过；重现时再办。"
    remedy_en = "See its history with shebao audit lead; conclude when it returns."


class NothingToReview(Refusal):
    """No open conclusion, or a refusal without words."""

    code = "SB3372"
    zh = "疑点 {lead} 没有待复核的结论，或退回没有写意见。"
    en = "Lead {lead} has no conclusion that awaits a review, or it is sent back without a word."
    cause_zh = "每个结论只复核一次；退回须说明理由。"
    cause_en = "A conclusion is reviewed once; who sends it back says why."
    remedy_zh = "用 shebao audit lead 看它到了哪一步；退回时写 --note。"
    remedy_en = "See where it stands with shebao audit lead; give --note when sending back."


class SameConcluder(Refusal):
    """Reviewed by oneself."""

    code = "SB3373"
    zh = "疑点 {lead} 的结论由 {name} 作出，须由另一人复核。"
    en = "{name} drew the conclusion on lead {lead}; another person reviews it."
    cause_zh = "查实或排除一个疑点须两人：谁也不能独自把疑点勾销。"
    cause_en = "Two people confirm or dismiss a lead: nobody writes one off alone."
    remedy_zh = "请另一位稽核岗位上的人办理 shebao audit conclude-review。"
    remedy_en = "Another person with the duty AUDIT runs shebao audit conclude-review."


class ConclusionStale(Refusal):
    """The facts changed after the conclusion was drawn."""

    code = "SB3374"
    zh = "疑点 {lead} 的事实在结论作出后变了，结论不能通过。"
    en = "The facts of lead {lead} changed after the conclusion; it cannot be agreed to."
    cause_zh = "结论针对的是当时的所属期、金额和依据（facts），现在不是了。"
    cause_en = "It was drawn on periods, money and grounds (facts) that are no longer those of the lead."
    remedy_zh = "用 conclude-review --refuse 退回，再按现在的事实作结论。"
    remedy_en = "Send it back with conclude-review --refuse and conclude on the facts as they are."


class OwnTextMissing(Refusal):
    """A rule of the office's own whose text is not kept."""

    code = "SB3375"
    zh = "本单位规则没有登记文本，其筛查情况不能登记。"
    en = "A rule of the office's own comes to the register with its text; what it saw cannot be kept without."
    cause_zh = "本单位规则筛查出的疑点要能多年后查到当时问的是什么，文本随筛查登记；这条记录绕过了程序。"
    cause_en = "What such a rule asked must be seen as long as its leads are, so its text comes with the sweep; the program was bypassed."
    remedy_zh = "通过 shebao audit sweep --rules-folder 办理。"
    remedy_en = "Use shebao audit sweep --rules-folder."
