"""What a doubt means (疑问): one class a code, SB2040-SB2048 for whole files, SB2141-SB2159 for cells. Only SB2040 is ever raised.

The sentence of a doubt is composed where it is found; here stand its general meaning, its cause and what to do.
"""

from __future__ import annotations

from controls.intake.errors import IntakeRefusal


class DoubtKind(IntakeRefusal):
    """Something about a file that a person should look at; the meaning of a code, not raised."""

    zh = "{said}"
    en = "{said_en}"
    cause_zh = "程序不猜、不改，只说明看到了什么。"
    cause_en = "Nothing is guessed or changed; what was seen is said."


class MonthNotAsked(DoubtKind):
    """Rows of another month than the one asked for. Raised where a month is demanded."""

    code = "SB2040"
    zh = "文件 {file} 要的是 {month}，却有 {count} 行属于其他月份：{found}；如第 {lines} 行。"
    en = "{file} should be of {month}, but {count} rows are of other months: {found}; for example lines {lines}."
    cause_zh = "拿错月份的文件会把一个月发两遍，或漏发一个月。"
    cause_en = "The file of a wrong month pays one month twice, or not at all."
    remedy_zh = "核对是否拿错文件；确属补发的，待遇类型写“补发”；否则请来源单位重新导出 {month} 的数据。"
    remedy_en = "Check that it is the right file; arrears carry the item 补发; else have {month} exported again."


class EncodingGuessed(DoubtKind):
    """Encoding or delimiter found by trial."""

    code = "SB2041"
    remedy_zh = "看样例行中的姓名、地名是否正常；不正常时用 --encoding、--delimiter 指定后重读。"
    remedy_en = "Look at names and places in the sample rows; if they are wrong, force --encoding or --delimiter."


class HiddenCells(DoubtKind):
    """Rows or columns with content that the workbook does not show."""

    code = "SB2042"
    remedy_zh = "在表格软件里取消隐藏和筛选，逐行核对：要的照收，不要的删去后另存再导入。"
    remedy_en = "Unhide them in the spreadsheet and look: keep them, or delete them and take the file in again."


class OtherSheets(DoubtKind):
    """Sheets that are hidden or were not read."""

    code = "SB2043"
    remedy_zh = "核对其中有没有应当导入的数据；要读某一张，用 --sheet 指定。"
    remedy_en = "See whether they hold data that belong in; --sheet names the one to read."


class FormulaCells(DoubtKind):
    """Cells computed by formulas, without a stored value, or in error."""

    code = "SB2044"
    remedy_zh = "在表格软件里打开、重新计算、保存；错误值（#N/A、#REF! 等）改正后再导入。"
    remedy_en = "Open the workbook, let it calculate, save it, mend what shows #N/A or #REF!, and take it in again."


class ActiveContent(DoubtKind):
    """Macros, external links or embedded files."""

    code = "SB2045"
    remedy_zh = "程序不运行宏、不取外部数据；对来源不放心的，请对方另存为不带宏的 .xlsx 或 CSV。"
    remedy_en = "Nothing is run and nothing fetched; if in doubt, ask for a workbook without macros, or CSV."


class ColumnTwice(DoubtKind):
    """Several headers of one column: the more specific was read."""

    code = "SB2046"
    remedy_zh = "核对所读的是不是要的那一列；不是的，删去或改名多余的列。"
    remedy_en = "Check that the right one was read; else remove or rename the others."


class TotalsUnproved(DoubtKind):
    """A file of amounts without a total that could be proved."""

    code = "SB2047"
    remedy_zh = "把下面的行数和金额与来源单位的汇总数核对一致后再导入。"
    remedy_en = "Compare the count and the sum with what the sender says."


class NameGiven(DoubtKind):
    """A value taken from above the header, or given with the file."""

    code = "SB2048"
    remedy_zh = "核对该值对整个文件都成立；不对的，随文件另给：'文件::列名=值'。"
    remedy_en = "Check that it holds for every row; else give another one: 'FILE::column=value'."


class ZerosLost(DoubtKind):
    """Codes, accounts or numbers one digit short: a spreadsheet dropped the zero in front."""

    code = "SB2141"
    remedy_zh = "在原系统里把该列按“文本”格式重新导出；不要在表格软件里补零。"
    remedy_en = "Export the column as text from its source; do not put zeros back by hand."


class NameOdd(DoubtKind):
    """Names with characters that no name has, or cut off."""

    code = "SB2142"
    remedy_zh = "与户籍或业务系统核对姓名，请来源单位改正后重发；生僻字乱码的，让对方按 UTF-8 导出。"
    remedy_en = "Check the names against the register and have the file corrected; for broken rare characters ask for UTF-8."


class PersonDiffers(DoubtKind):
    """Sex or birth date that the identity number contradicts."""

    code = "SB2143"
    remedy_zh = "核对是证件号码错，还是性别、出生日期错；可能是串行（上下行错位）。"
    remedy_en = "Find out which is wrong; rows may have shifted against one another."


class DayOdd(DoubtKind):
    """Dates in the future, out of order, or of impossible age."""

    code = "SB2144"
    remedy_zh = "与来源单位核对这些日期，改正后重新导入。"
    remedy_en = "Check these dates with the sender."


class AccountOdd(DoubtKind):
    """Bank accounts of odd length or form, or failing the card check."""

    code = "SB2145"
    remedy_zh = "与存折、银行卡或银行核对账号；存折账号不一定合银行卡校验。"
    remedy_en = "Check the accounts with the bank; passbook accounts need not pass the card check."


class MonthDoubtful(DoubtKind):
    """Months of the rows against the title."""

    code = "SB2146"
    remedy_zh = "核对是标题没有改，还是数据拿错了月份。"
    remedy_en = "Either the title is an old one or the rows are of a wrong month."


class SeveralOf(DoubtKind):
    """More than one month, fund or region where one is usual."""

    code = "SB2147"
    remedy_zh = "一份花名册一般只有一个险种、一个统筹区、一个月；确需合在一起的可以照收，否则请分开。"
    remedy_en = "A roster usually has one fund, one region and one month; part it unless they belong together."


class UnitDoubtful(DoubtKind):
    """元 against 万元."""

    code = "SB2148"
    remedy_zh = "与来源单位确认金额单位；要按万元读，表头写“金额（万元）”，要按元读，表头写“金额（元）”。"
    remedy_en = "Ask for the unit; write 金额（万元） or 金额（元） in the header."


class WrittenMixed(DoubtKind):
    """Dates of several styles in one column, where day and month may be swapped."""

    code = "SB2149"
    remedy_zh = "核对几行日期；最好请来源单位统一成 2024-03-05 的写法。"
    remedy_en = "Check a few dates; best have them all written as 2024-03-05."


class StoredMixed(DoubtKind):
    """Numbers stored as text, or text stored as numbers, within one column."""

    code = "SB2150"
    remedy_zh = "金额以文本存放不影响读取；号码以数字存放的，请按“文本”格式重新导出。"
    remedy_en = "Amounts as text read the same; numbers of people and accounts should be exported as text."


class BlanksAmid(DoubtKind):
    """A few blank cells in a column that is filled otherwise, or blank rows amid the data."""

    code = "SB2151"
    remedy_zh = "核对是否漏填；漏填的请补上，本来就没有的可以照收。"
    remedy_en = "See whether they were forgotten."


class GivenOverruled(DoubtKind):
    """A value given with the file that cells contradict."""

    code = "SB2152"
    remedy_zh = "随文件给出的值只填空白格，已有内容的格以文件为准；要全部改成给出的值，请改文件。"
    remedy_en = "A given value fills blank cells only; what the file says goes first. Change the file if it is wrong."


class NotesPassed(DoubtKind):
    """Rows passed over as notes, repeated headers or column numbers."""

    code = "SB2153"
    remedy_zh = "核对这些行确实不是数据。"
    remedy_en = "Check that none of them is data."


class HeaderLike(DoubtKind):
    """Headers that no synonym knows."""

    code = "SB2154"
    remedy_zh = "是同一列的，把表头改成所说的名称，或存入读法；不是的不必理会，该列不读。"
    remedy_en = "If it is that column, rename the header or save a mapping; else it is not read."


class YearFromTitle(DoubtKind):
    """Months without a year, taken with the title's year."""

    code = "SB2155"
    remedy_zh = "核对标题的年份就是数据的年份；最好写成 2024-03。"
    remedy_en = "Check that the title's year is that of the rows; best write 2024-03."


class BracketsNegative(DoubtKind):
    """Amounts in brackets or below zero."""

    code = "SB2156"
    remedy_zh = "括号按会计习惯读作负数；核对这些行确为冲减。"
    remedy_en = "Brackets mean minus, as accountants write; check that these rows take money back."


class RegionDoubtful(DoubtKind):
    """Regions given by name, or codes with a digit missing or too many."""

    code = "SB2157"
    remedy_zh = "统筹区写 6 位行政区划代码，如 620821；名称有重名的必须写代码。"
    remedy_en = "Write the region as a code of 6 digits; a name that several regions bear is never guessed."


class AgeOdd(DoubtKind):
    """Ages, by the identity number, that the benefit or premium hardly fits."""

    code = "SB2158"
    remedy_zh = "核对证件号码和待遇类型；号码有误的按更正程序办理。"
    remedy_en = "Check the number and the kind of benefit."


class StatementDiffers(DoubtKind):
    """A statement whose rows do not fit its title: account, period, opening or closing balance."""

    code = "SB2159"
    remedy_zh = "可能缺页或拿错了账户、月份；向银行或财政重新索取完整的对账单。"
    remedy_en = "Pages may be missing, or it is another account or month; ask for the whole statement again."
