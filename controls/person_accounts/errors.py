"""Refusals of acts on person accounts (SB3204–SB3209, SB3260–SB3269)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchBatch(Refusal):
    """An act nobody proposed."""

    code = "SB3204"
    zh = "没有个人账户事项 {batch}。"
    en = "There is no act on person accounts {batch}."
    cause_zh = "期初、转移、一次性支付、结息、更正按账套编号。"
    cause_en = "Acts are numbered per book."
    remedy_zh = "用 shebao person-account list 查看编号。"
    remedy_en = "See shebao person-account list."
    status = UNUSABLE


class BatchState(Refusal):
    """The act is not in the state the step needs, or was proposed by the same person."""

    code = "SB3205"
    zh = "{batch} 不能{step}：{why}。"
    en = "{batch} cannot be taken further ({step}): {why}."
    cause_zh = "事项由一人提出、另一人审核；审核后生效或退回，不能再动（C1）。"
    cause_en = "One person proposes, another reviews; afterwards it stands or is sent back (C1)."
    remedy_zh = "由另一人审核；退回的重新提出。"
    remedy_en = "Let another person review it; propose a rejected one anew."


class YearNotReady(Refusal):
    """A year whose interest cannot be settled."""

    code = "SB3206"
    zh = "{fund} {year} 年不能结息：{why}。"
    en = "Interest of {fund} for {year} cannot be settled: {why}."
    cause_zh = "结息逐年进行，一年一次；结息年度各月须已结账，此后该年度不再变动。"
    cause_en = "Interest is settled year after year, once, when every month of the year is closed and nothing in it can move."
    remedy_zh = "先结账到 12 月；漏了以前年度的，从最早有账户变动的年度结起。"
    remedy_en = "Close the year's months first, and begin with the earliest year in which an account moved."


class ContentMoved(Refusal):
    """What was proposed is no longer what the store gives."""

    code = "SB3207"
    zh = "{batch} 提出后账户有变动，内容与提出时不同，不能审核通过。"
    en = "Since {batch} was proposed the accounts moved; it cannot be accepted."
    cause_zh = "审核签的是提出时的内容（C2）；其后又有缴费、支付或转移入账。"
    cause_en = "The reviewer signs what was proposed (C2), and something was posted since."
    remedy_zh = "退回，重新提出。"
    remedy_en = "Reject it and propose it anew."


class OpeningRefused(Refusal):
    """Opening balances that cannot be taken."""

    code = "SB3208"
    zh = "个人账户期初余额不能导入：{why}。"
    en = "The opening balances cannot be taken: {why}."
    cause_zh = "每个账套导入一次，在任何缴费、支付入账之前的月份；一行不对，整份不收。"
    cause_en = "A book takes opening balances once, for a month before anything was posted; one bad row refuses the file."
    remedy_zh = "按提示改正文件，核对人数和金额合计后重新导入。"
    remedy_en = "Mend the file, check persons and total, and try again."
    status = UNUSABLE


class OpeningRows(Refusal):
    """Rows of an opening file that are in doubt."""

    code = "SB3209"
    zh = "期初余额文件有 {count} 处问题：{rows}。"
    en = "The opening file has {count} troubles: {rows}."
    cause_zh = "证件号码不合规则或重复、来源不认识、金额为负或无法识别。"
    cause_en = "Numbers that are none or doubled, unknown sources, amounts that are negative or unreadable."
    remedy_zh = "逐行改正后重新导入；全部问题用 --json 列出。"
    remedy_en = "Mend them row by row; --json lists all."
    status = UNUSABLE


class NothingLeft(Refusal):
    """An account without anything to move or pay."""

    code = "SB3260"
    zh = "{person} 的{fund}个人账户没有可{what}的余额。"
    en = "The {fund} account of {person} holds nothing to {what}."
    cause_zh = "余额由缴费、补贴、转移、利息减去支付得出，见 shebao person-account show。"
    cause_en = "The balance is what entered less what was paid; see shebao person-account show."
    remedy_zh = "核对证件号码和险种；缴费未入账的先入账。"
    remedy_en = "Check number and fund; book contributions that are missing."


class AccountBusy(Refusal):
    """Another act on the same account is on its way."""

    code = "SB3261"
    zh = "{person} 的个人账户另有 {other} 尚未办结。"
    en = "Another act, {other}, is still open on the account of {person}."
    cause_zh = "一个账户一次只办一件：前一件未审核或凭证未记账时，余额还会变。"
    cause_en = "One act at a time: until the other is reviewed and posted, the balance may still change."
    remedy_zh = "先审核（或退回）那一件，并把它的凭证记账。"
    remedy_en = "Review or reject the other one and post its voucher first."


class AlreadyDrawing(Refusal):
    """A move between schemes of somebody who draws already."""

    code = "SB3262"
    zh = "{person} 已在{fund}领取个人账户养老金，不能办理制度衔接。"
    en = "{person} already draws on the {fund} account and cannot move between schemes."
    cause_zh = "已经按月领取待遇的人员不再办理衔接（人社部发〔2014〕17号第六条）。"
    cause_en = "People already drawing do not move between schemes (人社部发〔2014〕17号 §6)."
    remedy_zh = "重复领取的，按清退办理：shebao person-account one-off --reason 重复领取清退。"
    remedy_en = "A duplicate is cleared with one-off --reason 重复领取清退."


class YearSettled(Refusal):
    """An act dated into a year whose interest is settled."""

    code = "SB3263"
    zh = "{period} 所在年度已经结息，不能再记入。"
    en = "The year of {period} is settled; nothing more enters it."
    cause_zh = "结息后该年度各账户余额不再变动，更正记在当前年度。"
    cause_en = "Once settled, a year's balances stand; corrections go into the current year."
    remedy_zh = "改用结息年度之后的月份。"
    remedy_en = "Use a month after the settled year."
    status = UNUSABLE


class BadMove(Refusal):
    """An act whose figures cannot stand."""

    code = "SB3264"
    zh = "个人账户{what}不能提出：{why}。"
    en = "The act on a person account ({what}) cannot be proposed: {why}."
    cause_zh = "金额不为零；更正和转出后各来源余额不得为负；退回不超过原转移；须有原因和依据。"
    cause_en = "Amounts are not nil, no source goes below nil, a return never exceeds its transfer, and reason and evidence are given."
    remedy_zh = "核对金额、来源和依据后重新提出。"
    remedy_en = "Check amounts, sources and evidence."
    status = UNUSABLE


class UnknownHolder(Refusal):
    """A number that is none."""

    code = "SB3265"
    zh = "“{number}”不是有效的证件号码。"
    en = "“{number}” is no identity number."
    cause_zh = "个人账户按 18 位证件号码登记；15 位自动换为 18 位。"
    cause_en = "Accounts are kept by 18-digit numbers; 15 digits are converted."
    remedy_zh = "核对号码。"
    remedy_en = "Check the number."
    status = UNUSABLE
