"""Refusals of person accounts in the ledger (SB1420–SB1439)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoAccountFund(Refusal):
    """A fund that keeps no accounts of persons."""

    code = "SB1420"
    zh = "{fund}没有个人账户。"
    en = "The fund {fund} keeps no person accounts."
    cause_zh = "有个人账户的险种由 person-accounts.yaml 规定（居保、职工养老、机关事业养老、职工医保）。"
    cause_en = "person-accounts.yaml names the funds with person accounts (R, E, G, ME)."
    remedy_zh = "核对险种。"
    remedy_en = "Check the fund."
    status = UNUSABLE


class UnknownPart(Refusal):
    """A source that the file does not know."""

    code = "SB1421"
    zh = "不认识的个人账户来源“{part}”。"
    en = "“{part}” is no source of a person account."
    cause_zh = "来源须为：{known}。"
    cause_en = "Sources (parts) stand in person-accounts.yaml."
    remedy_zh = "改用上列来源；本地另有名称的，作为别名加入本单位的 person-accounts.yaml。"
    remedy_en = "Use one of them, or add the local name as an alias in the office's person-accounts.yaml."
    status = UNUSABLE


class NoReasonKnown(Refusal):
    """An account is to be paid out for a reason the file does not allow."""

    code = "SB1422"
    zh = "{fund}个人账户在 {day} 不能因“{reason}”一次性支付。"
    en = "An account of {fund} cannot be paid out once for “{reason}” arising on {day}."
    cause_zh = "一次性支付的事由由 person-accounts.yaml 规定，该险种当日可用的事由：{known}。"
    cause_en = "Reasons stand in person-accounts.yaml with their dates."
    remedy_zh = "核对事由和发生日期。"
    remedy_en = "Check the reason and the day it arose."
    status = UNUSABLE


class NoMove(Refusal):
    """Two schemes between which no account moves."""

    code = "SB1423"
    zh = "没有从{give}转到{take}的个人账户转移办法。"
    en = "No rule moves an account from {give} to {take}."
    cause_zh = "制度之间的转移由 person-accounts.yaml 规定（居保与职工养老互转）。"
    cause_en = "Moves between schemes stand in person-accounts.yaml (R and E)."
    remedy_zh = "核对险种；同一险种跨统筹地区的，用 shebao person-account transfer-out 和 transfer-in。"
    remedy_en = "Check the funds; moves between regions of one scheme are transfer-out and transfer-in."
    status = UNUSABLE


class TooLarge(Refusal):
    """Amounts beyond what the columns can reckon exactly."""

    code = "SB1424"
    zh = "个人账户金额过大（{what}），不能计算。"
    en = "An amount of a person account is too large to reckon ({what})."
    cause_zh = "单个账户超过 1000 万元，多半是数据有误。"
    cause_en = "One account above ten million yuan is almost surely a mistake in the data."
    remedy_zh = "先查清该账户的缴费、转移和期初余额。"
    remedy_en = "Find the wrong contribution, transfer or opening balance first."


class OverSettled(Refusal):
    """A settlement whose figures contradict each other."""

    code = "SB1425"
    zh = "多发抵扣计算的数据不一致：{why}。"
    en = "The figures of the settlement do not fit: {why}."
    cause_zh = "多发月份须在终止之后，金额为正；账户应退余额不小于多发的个人账户部分。"
    cause_en = "Overpaid months lie after the end, amounts are positive, and the balance due covers the advanced months."
    remedy_zh = "核对死亡（终止）年月、已发明细和账户余额。"
    remedy_en = "Check the month of the end, what was paid and the balance."
    status = UNUSABLE


class AccountGuarded(Refusal):
    """A direct change of person accounts, stopped by the database's guard."""

    code = "SB1426"
    zh = "个人账户只增不改：{why}。"
    en = "Person accounts only grow: {why}."
    cause_zh = "期初、转移、一次性支付、结息由一人提出、另一人审核后生效；生效的行不得修改、删除或补插（数据库守护规则）。"
    cause_en = "Acts are proposed by one and reviewed by another; rows never change, by any door (guards in the database)."
    remedy_zh = "错了的，用 shebao person-account correct 提出更正，写明原因。"
    remedy_en = "Mend a mistake by shebao person-account correct, with its reason."
