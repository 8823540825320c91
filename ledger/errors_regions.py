"""Refusals of region codes (SB2070, SB2071)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class BadRegionTable(Refusal):
    """A line of the table of regions that cannot be read."""

    code = "SB2070"
    zh = "区划代码表 {file} 第 {line} 行读不懂：“{text}”。"
    en = "Line {line} of the table of regions {file} cannot be read: “{text}”."
    cause_zh = "每行七列：代码、名称、起始年、终止年、去向、时间、新代码。"
    cause_en = "Each line has seven columns: code, name, first year, last year, how it went on, when, into which codes."
    remedy_zh = "恢复程序自带的 templates/regions/regions.csv；本单位另有区划表的，改正该行。"
    remedy_en = "Restore the table that came with the program, or mend the line in your own."
    status = UNUSABLE


class UnknownRegion(Refusal):
    """A region code that no list ever had."""

    code = "SB2071"
    zh = "区划代码“{code}”从未存在。"
    en = "The region code “{code}” never existed."
    cause_zh = "1980 年以来历年的行政区划代码表中都没有这个代码。"
    cause_en = "No list of region codes since 1980 has it."
    remedy_zh = "核对代码是否抄错，用六位的县级以上行政区划代码。"
    remedy_en = "Check the code; it has six digits, as in GB/T 2260."
    status = UNUSABLE
