"""Refusals of changes of accounts (SB3184 to SB3186)."""

from __future__ import annotations

from ledger.errors import Refusal


class ChangeWrong(Refusal):
    """A change that cannot be signed, or made twice."""

    code = "SB3184"
    zh = "科目变动 {change} 不能办理：{why}。"
    en = "The change of accounts {change} cannot be carried out: {why}."
    cause_zh = "增设、停用科目由会计提出、会计主管确认，每项只签一次，内容不改。"
    cause_en = "Accounts are opened and ended by a 会计 and confirmed by a 会计主管, each change once."
    remedy_zh = "用 shebao accounts list --changes 查看；要改内容的退回后重新提出。"
    remedy_en = "See shebao accounts list --changes; send it back and propose it anew to change it."


class CannotOpen(Refusal):
    """A detail account that cannot be opened."""

    code = "SB3185"
    zh = "不能增设科目 {code}：{why}。"
    en = "The account {code} cannot be opened: {why}."
    cause_zh = "一级科目和制度规定的明细由国家统一规定；单位只能在允许的科目下增设明细（28号总说明十(四)），已记账的科目永不改变。"
    cause_en = "Statutory accounts are the state's; a unit adds details where it is allowed, and an account that took a line never changes."
    remedy_zh = "核对编号、名称和日期；允许增设的上级科目见 shebao accounts list --parents。"
    remedy_en = "Check code, name and date; shebao accounts list --parents shows where details may be added."


class CannotEnd(Refusal):
    """A detail account that cannot be ended."""

    code = "SB3186"
    zh = "不能停用科目 {code}：{why}。"
    en = "The account {code} cannot be ended: {why}."
    cause_zh = "停用的科目须是本单位增设的末级科目，余额为零，停用日起没有分录；制度规定的科目由补充规定文件停用。"
    cause_en = "Only a leaf of the unit's own, without balance and without later lines, is ended; statutory accounts end by a supplement."
    remedy_zh = "先用凭证转出余额，或改停用日期。"
    remedy_en = "Move the balance by a voucher first, or choose another day."
