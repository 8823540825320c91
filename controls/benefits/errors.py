"""Refusals of arrears after a new standard (补发): SB3230–SB3232."""

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
