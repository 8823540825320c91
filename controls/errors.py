"""Refusals of the payment chain (发放链): duties, people, files taken in, roster, sign-off, release, bank file.

SB3001–SB3019 duties and people · SB3020–SB3039 files taken in · SB3040–SB3079 roster to release · SB3080–SB3119 bank file.
"""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NotAllowed(Refusal):
    """C5: the duty is not held."""

    code = "SB3001"
    zh = "{name} 不能履行“{duty}”：{why}。"
    en = "{name} may not act as {duty}: {why}."
    cause_zh = "默认不许可；每个操作须由持有相应岗位的人办理（C5）。"
    cause_en = "Default is deny; every act needs its duty (C5)."
    remedy_zh = "请由持有该岗位的人登录办理；岗位由安全管理员授予。"
    remedy_en = "Let a person who holds the duty sign in; duties are granted by the security administrator."


class SamePerson(Refusal):
    """C1: the same person in two incompatible duties on one thing."""

    code = "SB3002"
    zh = "{name} 已在 {thing} 上履行“{earlier}”，不能再履行“{duty}”：{why}。"
    en = "{name} already acted as {earlier} on {thing} and may not act as {duty}: {why}."
    cause_zh = "同一件事上，不相容岗位不能由同一人履行（C1）。"
    cause_en = "Nobody acts in two incompatible duties on one thing (C1)."
    remedy_zh = "由另一人登录办理。"
    remedy_en = "Another person has to do it."


class IncompatibleGrant(Refusal):
    """C1, static half."""

    code = "SB3003"
    zh = "不能把“{a}”和“{b}”授予同一人 {name}：{why}（{reference}）。"
    en = "“{a}” and “{b}” cannot both be granted to {name}: {why} ({reference})."
    cause_zh = "不相容岗位不得由一人兼任（C1）。"
    cause_en = "Incompatible duties are never held by one person (C1)."
    remedy_zh = "把其中一个岗位授予另一人。"
    remedy_en = "Grant one of the duties to another person."
