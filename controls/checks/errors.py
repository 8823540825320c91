"""Refusals of the checks (SB3201-SB3209)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class UnknownRule(Refusal):
    """A rule code that is not in the catalogue."""

    code = "SB3201"
    zh = "没有规则“{rule}”。"
    en = "There is no rule “{rule}”."
    cause_zh = "规则目录：{known}。"
    cause_en = "The catalogue has {known}."
    remedy_zh = "改用目录中的规则代码，或不加 --rule 运行全部规则。"
    remedy_en = "Use a code of the catalogue, or leave --rule out to run them all."
    status = UNUSABLE


class NoSuchEngine(Refusal):
    """An engine that this release does not have."""

    code = "SB3202"
    zh = "没有引擎“{engine}”。"
    en = "There is no engine “{engine}”."
    cause_zh = "同一套规则可在内嵌的 DuckDB（duckdb）或 Apache Spark（spark）上运行，不会悄悄改用别的引擎。"
    cause_en = "The same rules run on the embedded DuckDB (duckdb) or on Apache Spark (spark); nothing else is used in their place."
    remedy_zh = "去掉 --engine，或用 --engine duckdb、--engine spark。"
    remedy_en = "Leave --engine out, or use --engine duckdb or --engine spark."
    status = UNUSABLE


class NotCanonical(Refusal):
    """A Parquet snapshot or table without the columns the checks read."""

    code = "SB3203"
    zh = "“{contract}”的数据缺少列：{missing}。"
    en = "The {contract} data lack the columns {missing}."
    cause_zh = "检查只读经过导入识别的标准表或其 Parquet 快照。"
    cause_en = "The checks read canonical tables, or Parquet snapshots of them, as the intake makes them."
    remedy_zh = "用 shebao 重新读入原始文件，生成标准表。"
    remedy_en = "Take the original file in again."
    status = UNUSABLE
