"""Refusals of the audit room (SB5001-SB5004: checks over plain files; SB5005: sweeps of the store)."""

from __future__ import annotations

from ledger.errors import REFUSED, UNUSABLE, Refusal


class SameFileTwice(Refusal):
    """Two inputs of one contract with the same content."""

    code = "SB5001"
    zh = "{contract}中 {file} 与 {other} 内容相同，同一份文件给了两次。"
    en = "{file} and {other} have the same content: one file of {contract} was given twice."
    cause_zh = "同样的内容读两次，每笔发放都会成为重复发放。"
    cause_en = "Read twice, every payment would look paid twice."
    remedy_zh = "去掉其中一份后重试。"
    remedy_en = "Leave one of them out."
    status = UNUSABLE


class FolderNotOurs(Refusal):
    """The output folder cannot be made readable by its owner alone."""

    code = "SB5002"
    zh = "结果目录 {folder} 不能用：{why}。"
    en = "The output folder {folder} cannot be used: {why}."
    cause_zh = "结果含完整证件号码，目录须由本人拥有，并设为仅本人可读。"
    cause_en = "The results hold full identity numbers, so the folder must be the user's own and is made readable by its owner alone."
    remedy_zh = "换一个本人可写的新目录。"
    remedy_en = "Use a new folder of your own."
    status = UNUSABLE


class NothingToCheck(Refusal):
    """A payments file without a single usable row."""

    code = "SB5003"
    zh = "{contract}没有一行可用的数据。"
    en = "There is no usable row of {contract}."
    cause_zh = "检查至少需要一行发放明细；没有数据不能算“没有疑点”。"
    cause_en = "A check needs at least one row of payments; no data is not the same as no finding."
    remedy_zh = "核对文件与列名。"
    remedy_en = "Look at the file and its columns."
    status = UNUSABLE


class RuleNotTrusted(Refusal):
    """A rule that fails its own cases; its leads are not reported."""

    code = "SB5004"
    zh = "规则 {rules} 没有通过自检，未纳入本次检查。"
    en = "The rules {rules} failed their self-test and were left out of this run."
    cause_zh = "每次检查先用规则自带的案例验证规则：植入的疑点必须查出，易混的情形不得误报。{why}"
    cause_en = "Every run first tries each rule on its own cases: planted leads must be found and false friends left alone. {why}"
    remedy_zh = "其他规则的结果已写入结果目录，可以使用；规则文件可能被改动，重新安装程序后再查。"
    remedy_en = "The results of the other rules are in the output folder and stand; the rule files may have been changed: install the program again and repeat."
    status = REFUSED


class EngineNotReady(Refusal):
    """An engine that cannot start on this machine."""

    code = "SB5016"
    zh = "引擎“{engine}”不能使用：{why}。"
    en = "The engine “{engine}” cannot be used: {why}."
    cause_zh = "Spark 引擎需要 pyspark（附加包 shebao[spark]）和 Java 17；不会悄悄改用别的引擎。"
    cause_en = "The Spark engine needs pyspark (the extra shebao[spark]) and Java 17; nothing else is used in its place."
    remedy_zh = "安装所缺的部分，或去掉 --engine，在内嵌引擎上运行，结果相同。"
    remedy_en = "Install what is missing, or leave --engine out: the embedded engine gives the same findings."
    status = UNUSABLE


class NothingPaid(Refusal):
    """A sweep of a store that has neither payments nor released rosters."""

    code = "SB5005"
    zh = "库里没有发放：既没有放行的花名册，也没有启用的发放明细。"
    en = "The store holds no payments: no released roster and no payments file in use."
    cause_zh = "筛查至少需要一份发放；没有数据不能算“没有疑点”。"
    cause_en = "A sweep needs payments; no data is not the same as no finding."
    remedy_zh = "先导入发放明细（shebao import payments），或放行花名册。"
    remedy_en = "Take a payments file in (shebao import payments) or release a roster first."
    status = UNUSABLE
