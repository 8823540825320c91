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


class ClusterLost(Refusal):
    """The cluster, or a part of it that held rows, went away in the middle of a run."""

    code = "SB5020"
    zh = "Spark 在运行中断开：{why}。本次检查没有结果。"
    en = "Spark went away in the middle: {why}. This check has no result."
    cause_zh = "主节点、执行进程或其 Java 进程退出，或网络断开；保留在执行进程里的中间数据随之丢失。"
    cause_en = "The master, an executor or its Java process ended, or the network broke; rows kept in an executor were lost with it."
    remedy_zh = "查看集群日志，恢复后重新运行；执行进程常被收回时，用 --temp 指定各节点共享的目录，中间数据存在那里，不随执行进程丢失。"
    remedy_en = "Look at the cluster's log and run again; where executors are often taken away, give --temp a folder all nodes share: kept rows lie there."
    status = UNUSABLE


class ClusterOutOfRoom(Refusal):
    """Memory or disk of the driver or of an executor did not suffice."""

    code = "SB5021"
    zh = "Spark 的内存或磁盘不够：{why}（主程序内存上限 {memory}）。本次检查没有结果。"
    en = "Spark's memory or disk did not suffice: {why} (limit of the driver: {memory}). This check has no result."
    cause_zh = "驱动程序或执行进程的堆内存、临时磁盘用尽，或被操作系统终止。"
    cause_en = "The heap or the temporary disk of the driver or an executor ran out, or the operating system ended it."
    remedy_zh = "加大 --memory（主程序）或 spark.executor.memory（执行进程），用 --temp 换到更大的磁盘，或增加执行进程。"
    remedy_en = "Raise --memory (the driver) or spark.executor.memory (executors), put --temp on a larger disk, or add executors."
    status = UNUSABLE


class ClusterLacksFile(Refusal):
    """A file that the driver sees and a worker does not, or that cannot be read there."""

    code = "SB5022"
    zh = "Spark 读不到文件：{why}。本次检查没有结果。"
    en = "Spark cannot read a file: {why}. This check has no result."
    cause_zh = "快照文件须在每个节点上以同一路径可读；运行中文件被移走、改写或损坏也会如此。"
    cause_en = "A snapshot must be readable on every node under the same path; the same happens when it is moved, rewritten or damaged during the run."
    remedy_zh = "把快照放在各节点都挂载的共享目录，核对权限后重试。"
    remedy_en = "Put the snapshots into a folder that every node mounts, look at the permissions and run again."
    status = UNUSABLE


class ClusterFailed(Refusal):
    """A failure of Spark of another kind."""

    code = "SB5023"
    zh = "Spark 没有完成检查：{why}。本次检查没有结果。"
    en = "Spark did not complete the check: {why}. This check has no result."
    cause_zh = "集群报告了错误；另一引擎的结果不会悄悄顶替。"
    cause_en = "The cluster reported an error; another engine's result is not used in its place."
    remedy_zh = "去掉 --engine 在内嵌引擎上运行（结果相同），或把这句话连同集群日志交给集群管理员。"
    remedy_en = "Leave --engine out to run embedded (same findings), or give this sentence and the cluster's log to whoever runs the cluster."
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


class NoSuchDay(Refusal):
    """An as-of day that the calendar does not have."""

    code = "SB5024"
    zh = "截止日“{text}”不是日期。"
    en = "The as-of day “{text}” is no date."
    cause_zh = "截止日写年月日，或只写年月；年月日须是日历上有的一天。"
    cause_en = "It is a year, month and day of the calendar, or a year and month."
    remedy_zh = "写作 2025-12-31（某月末日）或 2025-12。"
    remedy_en = "Write 2025-12-31 (the last day of a month) or 2025-12."
    status = UNUSABLE
