"""Refusals of redactions (依法删除): SB2292–SB2298."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NothingToRedact(Refusal):
    """No text to destroy."""

    code = "SB2292"
    zh = "{what}没有可删除的个人信息原文。"
    en = "There is no personal text to delete in {what_en}."
    cause_zh = "可以删除的是留痕中加盐存放、尚未删除的姓名、事由和备注；证件号码和账号本来就是遮蔽后存放的。"
    cause_en = "What can be deleted are names, reasons and remarks kept with a salt and not deleted yet; numbers and accounts are masked from the start."
    remedy_zh = "用 shebao trail show 核对序号；按姓名查找的，至少写两个字。"
    remedy_en = "Check the number with shebao trail show; a name has at least two characters."
    status = UNUSABLE


class NoGround(Refusal):
    """An unknown legal ground."""

    code = "SB2293"
    zh = "“{basis}”不是现行的删除理由；现行的有：{known}。"
    en = "“{basis}” is no ground in force; in force are: {known_en}."
    cause_zh = "删除个人信息须有法定理由（个人信息保护法第四十七条；templates/redaction-grounds.yaml）。"
    cause_en = "Personal data are deleted on a legal ground (PIPL art. 47; templates/redaction-grounds.yaml)."
    remedy_zh = "从现行理由中选一个；没有合适的，不得删除。"
    remedy_en = "Choose one in force; where none fits nothing may be deleted."
    status = UNUSABLE


class NoSuchRedaction(Refusal):
    """An unknown redaction."""

    code = "SB2294"
    zh = "没有第 {number} 号删除申请。"
    en = "There is no redaction {number}."
    cause_zh = "删除申请连续编号。"
    cause_en = "Redactions are numbered one after another."
    remedy_zh = "用 shebao trail redactions 查编号。"
    remedy_en = "Look it up with shebao trail redactions."
    status = UNUSABLE


class RedactionDecided(Refusal):
    """Decided before."""

    code = "SB2295"
    zh = "第 {number} 号删除申请已经办结（{state}）。"
    en = "Redaction {number} has been decided ({state})."
    cause_zh = "一件申请只确认或退回一次；删除不可恢复。"
    cause_en = "A redaction is confirmed or refused once; what is deleted does not come back."
    remedy_zh = "仍需删除的，另行申请。"
    remedy_en = "Ask again where something is still to be deleted."


class SameAsker(Refusal):
    """Asked for by oneself."""

    code = "SB2296"
    zh = "第 {number} 号删除申请由 {name} 提出，须由另一人确认。"
    en = "{name} asked for redaction {number}; another person confirms it."
    cause_zh = "一人申请，另一人确认：谁也不能独自从留痕中删除内容（F16）。"
    cause_en = "One asks, another confirms: nobody deletes from the trail alone (F16)."
    remedy_zh = "请另一位单位负责人岗位上的人办理 shebao trail redact-confirm。"
    remedy_en = "Another person with the duty HEAD runs shebao trail redact-confirm."


class RedactionsKept(Refusal):
    """Append-only."""

    code = "SB2297"
    zh = "删除申请及其办理只增不改，逐号登记。"
    en = "Redactions and their steps are only ever added, number by number."
    cause_zh = "删了什么、凭什么删、谁申请谁确认，本身就是留痕。"
    cause_en = "What was deleted, on what ground, and by whom, is itself part of the trail."
    remedy_zh = "通过 shebao trail redact 和 redact-confirm 办理。"
    remedy_en = "Use shebao trail redact and redact-confirm."


class NotConfirmed(Refusal):
    """Destroying without a confirmed redaction."""

    code = "SB2298"
    zh = "未经申请和确认，不得销毁留痕中的个人信息。"
    en = "Nothing of the trail is destroyed without a confirmed redaction that names it."
    cause_zh = "销毁只能凭已确认的删除申请，且只及于申请所列的内容（F16）。"
    cause_en = "Only a confirmed redaction destroys, and only what it names (F16)."
    remedy_zh = "先申请，再由单位负责人确认。"
    remedy_en = "Ask first; HEAD confirms."
