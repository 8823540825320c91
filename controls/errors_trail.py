"""Refusals around the trail: heads kept elsewhere, roles of the database."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class WitnessUnusable(Refusal):
    """A witness that cannot be read or is of another unit."""

    code = "SB2290"
    zh = "外部留存的链头不能用：{why}。"
    en = "The witness cannot be used: {why_en}."
    cause_zh = "链头写作 序号:哈希（PDF 页脚），或是 shebao trail witness 写成的文件，每行一个。"
    cause_en = "A witness is seq:hash as printed at the foot of a PDF, or a file written by shebao trail witness, one a line."
    remedy_zh = "核对链头或文件；文件损坏时用任一份打印的 PDF 页脚上的链头。"
    remedy_en = "Check it; where the file is damaged, take the head at the foot of any printed PDF."
    status = UNUSABLE


class BadRole(Refusal):
    """A name that no role of ours can have."""

    code = "SB2291"
    zh = "“{name}”不能作角色名。"
    en = "“{name}” cannot be the name of a role."
    cause_zh = "角色名写进 SQL 脚本，只用小写字母、数字和下划线，以字母开头，不超过 63 个字。"
    cause_en = "The name is written into an SQL script: lower-case letters, digits and underscores, at most 63."
    remedy_zh = "换一个名字，例：shebao_app。"
    remedy_en = "Take another name, for example shebao_app."
    status = UNUSABLE
