"""Refusals and warnings of single cells (SB2101-SB2139): the meaning of a code, kept as data, never raised.

A cell's trouble is no exception: it becomes a row of the rejects with the code and sentence that stand here.
"""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class IntakeRefusal(Refusal):
    """A file that cannot be used."""

    status = UNUSABLE


class CellTrouble(IntakeRefusal):
    """One cell or row in error; used as the meaning of a code, not raised."""

    cause_zh = "该行不收，其余照常；不作猜测，不自动修补。"
    cause_en = "The row is left out; nothing is guessed or repaired."
    remedy_zh = "在退回表中改正后重新导入。"
    remedy_en = "Mend it in the rejects workbook and take it in again."


class CellBlank(CellTrouble):
    """A required cell is blank."""

    code = "SB2101"
    zh = "“{column}”是空的。"
    en = "{column} is blank."
    remedy_zh = "补上这一格；确实没有的，请来源单位说明。"
    remedy_en = "Fill the cell, or have the sender say why there is nothing."


class AmountText(CellTrouble):
    """An amount that is no number."""

    code = "SB2102"
    zh = "“{value}”不是金额。"
    en = "“{value}” is no amount."
    remedy_zh = "改成数字，如 203.00；不要写大写金额、文字或 #REF! 之类的错误值。"
    remedy_en = "Write a number such as 203.00; no words and no error values."


class AmountDecimals(CellTrouble):
    """An amount with parts of a fen."""

    code = "SB2103"
    zh = "金额“{value}”不是整分，小数超过两位。"
    en = "The amount “{value}” has parts of a fen."
    remedy_zh = "核对原始金额，改成两位小数；程序不替人四舍五入。"
    remedy_en = "Check the amount and write two decimals; nothing is rounded for you."


class AmountHuge(CellTrouble):
    """An amount beyond any fund."""

    code = "SB2104"
    zh = "金额“{value}”大得不可能。"
    en = "The amount “{value}” is impossibly large."
    remedy_zh = "核对是否串列（如把账号填进了金额），改正后重新导入。"
    remedy_en = "See whether columns have shifted, such as an account among the amounts."


class DayBad(CellTrouble):
    """Text that is no date."""

    code = "SB2105"
    zh = "“{value}”不是日期。"
    en = "“{value}” is no date."
    remedy_zh = "改成实际存在的日期，写作 2024-03-05。"
    remedy_en = "Write a day that exists, as 2024-03-05."


class MonthBad(CellTrouble):
    """Text that is no month."""

    code = "SB2106"
    zh = "“{value}”不是年月。"
    en = "“{value}” is no month."
    remedy_zh = "写作 2024-03 或 202403；1 月写 01。"
    remedy_en = "Write it as 2024-03 or 202403, January as 01."


class RegionBad(CellTrouble):
    """A region code that has neither 6 nor 12 digits."""

    code = "SB2107"
    zh = "统筹区“{value}”不是 6 位或 12 位区划代码，也不是唯一的地名。"
    en = "The region “{value}” has neither 6 nor 12 digits and is no name of one region."
    remedy_zh = "写 6 位行政区划代码，如 620821；前面的 0 不能丢。"
    remedy_en = "Write the code of 6 digits, such as 620821, with its zeros."


class CellCount(CellTrouble):
    """A row with more or fewer cells than the header."""

    code = "SB2108"
    zh = "这一行有 {value} 格，与表头不同，列可能错位。"
    en = "The row has {value} cells, unlike the header; columns may have shifted."
    remedy_zh = "看这一行是否多了或少了分隔符（如姓名、地址里的逗号），改正后重新导入。"
    remedy_en = "Look for a delimiter too many or too few, such as a comma in an address."


class ChoiceBad(CellTrouble):
    """A word that is in no list."""

    code = "SB2109"
    zh = "“{column}”的“{value}”不在约定的取值中。"
    en = "“{value}” is no agreed value of {column}."
    remedy_zh = "改成约定的写法，见 docs/intake.md 该列的取值。"
    remedy_en = "Write one of the agreed words, see docs/intake.md."


class CellTooLong(CellTrouble):
    """A cell beyond the length limit."""

    code = "SB2110"
    zh = "“{column}”超过 2000 字。"
    en = "{column} is longer than 2,000 characters."
    remedy_zh = "多半是串列或漏了引号，核对这一行。"
    remedy_en = "Columns have shifted or a quote is missing; look at the row."


class NetDiffers(CellTrouble):
    """应发 − 抵扣 − 代扣 is not 实发."""

    code = "SB2111"
    zh = "实发金额“{value}”不等于应发 − 抵扣 − 代扣。"
    en = "The net amount “{value}” is not gross less offset less withheld."
    remedy_zh = "核对应发、抵扣、代扣、实发四个数，改正后重新导入。"
    remedy_en = "Check gross, offset, withheld and net."


class OneSide(CellTrouble):
    """Debit and credit both given, or neither."""

    code = "SB2112"
    zh = "借方、贷方须恰有一方有金额。"
    en = "Exactly one of debit and credit must be given."
    remedy_zh = "一笔只记一方：借方或贷方留空一个。"
    remedy_en = "Give one side and leave the other blank."


class SpanReversed(CellTrouble):
    """A span that ends before it begins."""

    code = "SB2113"
    zh = "所属期止“{value}”早于所属期起。"
    en = "The span ends at “{value}”, before it begins."
    remedy_zh = "核对起止年月，多半写反了。"
    remedy_en = "The two months are probably swapped."


class PartsDiffer(CellTrouble):
    """A wide row whose components do not sum to its total. ``value`` holds both figures."""

    code = "SB2140"
    zh = "“{column}”与各组成项之和不等（总额，各项之和：{value} 元）。"
    en = "{column} is not the sum of its components (total, sum: {value} yuan)."
    remedy_zh = "核对这一行的总额和各组成项（基础养老金、个账、丧葬费各列），改正后重新导入。"
    remedy_en = "Compare the total and the components of this row, mend it and take it in again."


class PeriodSpans(CellTrouble):
    """A period that is half a year, a quarter or several months."""

    code = "SB2139"
    zh = "所属期“{value}”是一段时间（半年、季度或几个月），不是一个月或一年。"
    en = "The period “{value}” spans several months; it must be one month, or one year."
    remedy_zh = "请来源单位按月拆开，一月一行；城乡居民缴费写年度，如 2024。"
    remedy_en = "Have it split by month, one row each; residents' premiums are written by year, as 2024."


class QuotesBroken(CellTrouble):
    """A line whose quotes are wrong."""

    code = "SB2114"
    zh = "这一行的引号用法有误，读不出各列。"
    en = "The quotes of this line are wrong; it cannot be split."
    remedy_zh = "用表格软件打开另存，或把单独出现的英文引号删去。"
    remedy_en = "Save it from a spreadsheet, or remove the stray quote."


class IntegerBad(CellTrouble):
    """Text that is no whole number."""

    code = "SB2115"
    zh = "“{value}”不是整数。"
    en = "“{value}” is no whole number."
    remedy_zh = "改成整数，不带小数和文字。"
    remedy_en = "Write a whole number."


class CellWarning(IntakeRefusal):
    """A cell that is taken with a warning; used as the meaning of a code, not raised."""

    cause_zh = "该行照收，但提示核对；不自动修补。"
    cause_en = "The row is taken; the value is shown and never repaired in silence."
    remedy_zh = "向提供单位核对。"
    remedy_en = "Ask the office the file came from."


class DamagedNumber(CellWarning):
    """A number spoilt by a spreadsheet."""

    code = "SB2131"
    zh = "“{column}”的“{value}”已被表格软件损坏（科学计数或超过 15 位的数字），不用于按号比对。"
    en = "{column} “{value}” was spoilt by a spreadsheet and is left out of matching by number."


class NumberFails(CellWarning):
    """A number that fails its form, date or check digit."""

    code = "SB2132"
    zh = "证件号码“{value}”位数、日期或校验码不符。"
    en = "The number “{value}” fails its form, date or check digit."


class UnknownItem(CellWarning):
    """An item that no list maps, taken as ``other``."""

    code = "SB2133"
    zh = "待遇类型“{value}”不认识，按“其他”处理。"
    en = "The item “{value}” is unknown and taken as class other."


class UnknownStatus(CellWarning):
    """A status that no list maps: not counted as paid."""

    code = "SB2134"
    zh = "发放状态“{value}”不认识，不作为已支付。"
    en = "The status “{value}” is unknown and not taken as paid."


class UnknownChoice(CellWarning):
    """A word in no list where the list is open."""

    code = "SB2135"
    zh = "“{column}”的“{value}”不在已知的取值中。"
    en = "“{value}” is no known value of {column}."


class BlankItem(CellWarning):
    """A blank item where the column is there: taken as pension."""

    code = "SB2136"
    zh = "待遇类型是空的，按养老金处理。"
    en = "The item is blank and taken as pension."


class CreditCodeFails(CellWarning):
    """A credit code that fails its check."""

    code = "SB2137"
    zh = "单位信用代码“{value}”校验不符。"
    en = "The credit code “{value}” fails its check."


class SameRow(CellWarning):
    """A row that equals an earlier one in every recognised column; ``value`` is the line of that one."""

    code = "SB2138"
    zh = "这一行与第 {value} 行每一列都相同。"
    en = "The row equals line {value} in every column."
    cause_zh = "同一行出现两次，可能是重复导出、重复粘贴，也可能确有两笔；不作猜测，照收。"
    cause_en = "The row stands twice: exported or pasted twice, or two payments indeed; nothing is guessed, it is taken."
    remedy_zh = "核对这两行；重复的删去一行后重新导入。"
    remedy_en = "Compare the two rows; delete one if it is a repeat, and take the file in again."
