"""Refusals of arrears after a new standard (补发) and of awards (待遇核定): SB3230–SB3233, SB3350, SB3351."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NothingPaid(Refusal):
    """No payment of the items in those months."""

    code = "SB3230"
    zh = "{fund} {first} 至 {last} 没有已入账的“{items}”。"
    en = "{fund} {first} to {last}: nothing booked under “{items}”."
    cause_zh = "补发只对已发放并入账的月份重算；同科目下有其他名称的项目：{others}。"
    cause_en = "Arrears are reckoned for months that were paid and booked."
    remedy_zh = "核对月份和项目名称；先把花名册的发放凭证入账再算。"
    remedy_en = "Check months and items; book the payments first."


class ArrearsUnderWay(Refusal):
    """Another arrears roster of these items is built and not booked."""

    code = "SB3231"
    zh = "补发花名册 {roster} 还没有办完（{state}），其中有“{item}”{period} 的补发。"
    en = "Arrears roster {roster} ({state}) is not finished; it holds “{item}” of {period}."
    cause_zh = "已编制未入账的补发不在已付数里，再算一次就会重复补发。"
    cause_en = "Arrears on the way are not among what was paid; reckoning again would pay them twice."
    remedy_zh = "先把该花名册发放、回盘、入账，或撤回，再重新计算。"
    remedy_en = "Finish or withdraw that roster first."


class WrongSpan(Refusal):
    """Months that cannot be re-rated."""

    code = "SB3232"
    zh = "补发的月份 {first} 至 {last} 不对：{why}。"
    en = "The months {first} to {last} cannot be re-rated: {why}."
    cause_zh = "补发的起始月是新标准执行的月份，终止月是按旧标准发放的最后一个月。"
    cause_en = "Arrears run from the month of the new standard to the last month paid by the old one."
    remedy_zh = "改正 --from 和 --to 后重试。"
    remedy_en = "Mend --from and --to."
    status = UNUSABLE


class NotAssessed(Refusal):
    """A review of an award that nobody put on record."""

    code = "SB3233"
    zh = "{person} {month} 的{scheme}没有与此相同的核定可以复核。"
    en = "There is no award of {scheme} for {person} in {month} with this very reckoning to review."
    cause_zh = "复核人用同样的材料重算一遍，办法、情况、金额有一处不同，计算摘要就不同。"
    cause_en = "The reviewer reckons from the same papers; one different fact gives another digest."
    remedy_zh = "核对本人证件号码、所属期和各项情况；确有差错的，由经办人重新核定（shebao benefit award）。"
    remedy_en = "Compare number, period and facts; a wrong award is assessed anew (shebao benefit award)."


class AwardKept(Refusal):
    """An award changed or put in past the program (raised by the guards)."""

    code = "SB3350"
    zh = "待遇核定的登记和签字不得修改、删除或越序。"
    en = "Awards and their signatures cannot be changed, deleted or put in out of order."
    cause_zh = "核定的内容、金额和签字一经登记不得修改或删除，由数据库守护规则保证；更正是从同一个月起再核定一次。"
    cause_en = "What was assessed and signed is never changed or deleted (guards in the database); a correction is a new award from the same month."
    remedy_zh = "用 shebao benefit award 重新核定，由另一人复核。"
    remedy_en = "Assess anew with shebao benefit award and have another review it."


class AwardWrong(Refusal):
    """An award that cannot be signed, found or reckoned again."""

    code = "SB3351"
    zh = "待遇核定 {award} 不能办理：{why}。"
    en = "The award {award} cannot be dealt with: {why}."
    cause_zh = "核定只复核或退回一次；核定表按核定时的情况、办法和参数重算，摘要须与核定时相同。"
    cause_en = "An award is reviewed or sent back once; its paper is reckoned again from the same facts, law and parameters and must give the same digest."
    remedy_zh = "用 shebao benefit awards 查看；过去月份的办法或参数改过的，查明依据后重新核定。"
    remedy_en = "See shebao benefit awards; where the law of a past month was changed, find out why and assess anew."
