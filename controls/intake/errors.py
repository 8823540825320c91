"""Refusals of intake: whole files (SB2020-SB2049). Those of single cells stand in ``errors_cells`` and can be had from here too."""

from __future__ import annotations

from typing import Any

from controls.intake.errors_cells import (
    AmountDecimals,
    AmountHuge,
    AmountText,
    BlankItem,
    CellBlank,
    CellCount,
    CellTooLong,
    CellTrouble,
    CellWarning,
    ChoiceBad,
    CreditCodeFails,
    DamagedNumber,
    DayBad,
    IntakeRefusal,
    IntegerBad,
    MonthBad,
    NetDiffers,
    NumberFails,
    OneSide,
    PartsDiffer,
    PeriodSpans,
    QuotesBroken,
    RegionBad,
    SameRow,
    SpanReversed,
    UnknownChoice,
    UnknownItem,
    UnknownStatus,
)

__all__ = [
    "AmountDecimals",
    "AmountHuge",
    "AmountText",
    "BadDelimiter",
    "BadRows",
    "BadSetting",
    "BalanceBroken",
    "BlankItem",
    "CellBlank",
    "CellCount",
    "CellTooLong",
    "CellTrouble",
    "CellWarning",
    "ChangedMeanwhile",
    "ChoiceBad",
    "CreditCodeFails",
    "DamagedNumber",
    "DayBad",
    "DoubleColumn",
    "IntakeRefusal",
    "IntegerBad",
    "MissingColumn",
    "MonthBad",
    "NetDiffers",
    "NoHeader",
    "NoRoom",
    "NumberFails",
    "OneSide",
    "PartsDiffer",
    "PeriodSpans",
    "QuotesBroken",
    "RegionBad",
    "SameRow",
    "SeveralSheets",
    "SpanReversed",
    "TotalMismatch",
    "UnitUnknown",
    "UnknownChoice",
    "UnknownContract",
    "UnknownItem",
    "UnknownNames",
    "UnknownStatus",
]


class UnknownContract(IntakeRefusal):
    """No such kind of file."""

    code = "SB2020"
    zh = "没有“{contract}”这种文件；可收：{known}。"
    en = "There is no contract “{contract}”; known are {known}."
    cause_zh = "每种文件有一份约定（templates/intake/contracts/）。"
    cause_en = "Each kind of file has its contract."
    remedy_zh = "改用所列名称之一。"
    remedy_en = "Use one of those."


class NoHeader(IntakeRefusal):
    """No row looks like a header of the contract."""

    code = "SB2021"
    zh = "文件 {file} 里找不到“{title}”的表头。"
    en = "No header of “{title}” is found in {file}."
    cause_zh = "前 60 行中没有一行含有这种文件的列名；文件种类、编码或分隔符可能不对。"
    cause_en = "None of the first 60 rows holds the column names; kind, encoding or delimiter may be wrong."
    remedy_zh = "{near}核对文件种类；表头须写列名，如：{wanted}。必要时用 --encoding 指定编码。"
    remedy_en = "Check the kind of file; the header names columns such as {wanted}. Force --encoding if need be."

    def __init__(self, *, near: str = "", **facts: Any) -> None:
        super().__init__(near=near, **facts)


class MissingColumn(IntakeRefusal):
    """A required column is missing."""

    code = "SB2022"
    zh = "文件 {file} 第 {line} 行表头缺少必需的列：{missing}。"
    en = "The header of {file} (line {line}) lacks required columns: {missing}."
    cause_zh = "{title}须有这些列；已识别：{found}；不认识：{unknown}。"
    cause_en = "{title} needs them; recognised: {found}; unknown: {unknown}."
    remedy_zh = "{near}补上该列；文件里另有叫法的，改表头，或用 shebao import 加 --column 表内列名=规范列名；整份文件同一个值的写作 '文件::列名=值'。"
    remedy_en = "Add the column; under another name: rename it, or shebao import --column HEADER=COLUMN; one value for all: 'FILE::column=value'."

    def __init__(self, *, near: str = "", **facts: Any) -> None:
        super().__init__(near=near, **facts)


class DoubleColumn(IntakeRefusal):
    """Two headers mean the same column."""

    code = "SB2023"
    zh = "文件 {file} 第 {line} 行表头中，{found} 都是“{column}”，无法取舍。"
    en = "In the header of {file} (line {line}) {found} all mean “{column}”."
    cause_zh = "除所属期按确切程度取舍外，同一列只能出现一次。"
    cause_en = "Apart from the period, where the more specific wins, a column stands once."
    remedy_zh = "删去或改名多余的列后重试。"
    remedy_en = "Remove or rename all but one."


class UnitUnknown(IntakeRefusal):
    """A unit of money other than 元 and 万元."""

    code = "SB2024"
    zh = "文件 {file} 第 {line} 行写的金额单位是“{unit}”，只收元和万元。"
    en = "The unit of money in line {line} of {file} is {unit}; only 元 and 万元 are read."
    cause_zh = "单位不明会使金额差若干倍。"
    cause_en = "A wrong unit makes amounts wrong by a factor."
    remedy_zh = "换算成元后重新导出。"
    remedy_en = "Export it in yuan."


class TotalMismatch(IntakeRefusal):
    """A total row differs from the sum of its rows."""

    code = "SB2025"
    zh = "文件 {file} 第 {line} 行“{label}”的{column}{cell}为 {stated} 元，而各行之和为 {summed} 元，相差 {difference} 元。{hint}"
    en = "Line {line} of {file}, “{label}”: {column}{cell_en} says {stated} yuan, the rows sum to {summed}, a difference of {difference}. {hint_en}"
    cause_zh = "小计、合计、总计行须与各行之和相等，否则文件可能缺行或被改过。"
    cause_en = "Total rows must equal the sum of their rows, or the file lacks rows or was changed."
    remedy_zh = "核对缺行或改动后重新导出；确属合计行有误的，删去该行再导入。"
    remedy_en = "Find what is missing or changed and export again; if the total row itself is wrong, delete it."

    def __init__(self, **facts: Any) -> None:
        """``cell``: address of the stated figure, or none; ``hint``: Chinese and English, or none, see ``controls.intake.hints``."""
        cell, hint = facts.pop("cell", ""), facts.pop("hint", ("", ""))
        in_cell = (f"（{cell}）", f" ({cell})") if cell else ("", "")
        super().__init__(cell=in_cell[0], cell_en=in_cell[1], hint=hint[0], hint_en=hint[1], **facts)


class BadSetting(IntakeRefusal):
    """``FILE::column=value`` that cannot be understood."""

    code = "SB2026"
    zh = "随文件给出的“{given}”无法理解：{why}。"
    en = "“{given}”, given with the file, cannot be understood: {why}."
    cause_zh = "写法为 '文件::列名=值,列名=值'，列名须属于该种文件，每列一次。"
    cause_en = "It is written 'FILE::column=value,column=value', with columns of the contract, each once."
    remedy_zh = "改正后重试，例如 '发放.csv::险种=R,统筹区=620821'。"
    remedy_en = "Mend it, for example 'FILE::险种=R,统筹区=620821'."


class BalanceBroken(IntakeRefusal):
    """A statement whose running balance does not follow from its movements."""

    code = "SB2027"
    zh = "对账单 {file} 第 {line} 行余额为 {stated} 元，而上一笔余额加减发生额应为 {computed} 元，相差 {difference} 元。"
    en = "Line {line} of the statement {file} shows the balance {stated}, the movements give {computed}, a difference of {difference} yuan."
    cause_zh = "期初余额 + 贷方 − 借方 = 期末余额，逐行成立。"
    cause_en = "Opening plus credits less debits is closing, line by line."
    remedy_zh = "{contrary}向银行或财政重新索取完整的对账单。"
    remedy_en = "{contrary_en}Ask the bank or the treasury for the whole statement again."

    def __init__(self, *, contrary: bool = False, **facts: Any) -> None:
        """``contrary``: every line would follow if 借方 and 贷方 changed places."""
        said = "把借方和贷方对调，每一行都对得上：这份对账单是单位记账的口径（借方增加），请把表头改成“收入”“支出”。不是这样的，" if contrary else ""
        said_en = "With debit and credit exchanged all lines follow: it is in the unit's view; call the columns 收入 and 支出. Otherwise: " if contrary else ""
        super().__init__(contrary=said, contrary_en=said_en, **facts)


class BadRows(IntakeRefusal):
    """Rows in error where none is allowed (``--strict``)."""

    code = "SB2028"
    zh = "文件 {file} 有 {count} 行不合要求，如第 {line} 行“{column}”：{reason}"
    en = "{count} rows of {file} are in error, for example line {line}, {column} ({code})."
    cause_zh = "要求整份文件全部正确（--strict），整份不收。"
    cause_en = "Every row was required to be right (--strict)."
    remedy_zh = "按清单改正后重试，或去掉 --strict，只收正确的行。"
    remedy_en = "Mend them, or take the good rows without --strict."


class UnknownNames(IntakeRefusal):
    """Local names that no list maps."""

    code = "SB2029"
    zh = "文件 {file} 的“{column}”有不认识的名称：{names}。"
    en = "{file} has names in {column} that no list maps: {names}."
    cause_zh = "不认识的名称要由人说明归哪一类，不作猜测；归错了，检查会漏人或错怪人。"
    cause_en = "Unknown names are asked for, never guessed."
    remedy_zh = "逐个说明归类，加 {option} '名称=归类'，可归入：{classes}；常用的写入本单位的 templates/intake/{list}，或用 --save-mapping 存下。"
    remedy_en = "Say what each stands for: {option} 'NAME=CLASS'; lasting ones go into your own templates/intake/{list}, or keep them by --save-mapping."

    def __init__(self, *, list: str, **facts: Any) -> None:
        items = list == "items.yaml"
        words = "养老金、补发、丧葬抚恤、一次性、代发、失业、伤残津贴、供养亲属、其他" if items else "成功、失败、待支付、已核销、退回、冲正、不认识"
        super().__init__(list=list, option="--item" if items else "--status", classes=words, **facts)


class SeveralSheets(IntakeRefusal):
    """Several visible sheets carry the table."""

    code = "SB2030"
    zh = "工作簿 {file} 有 {count} 张工作表都是“{title}”：{sheets}。"
    en = "{count} sheets of {file} carry “{title}”: {sheets}."
    cause_zh = "只取一张会漏数据，全取可能重复，不作猜测。"
    cause_en = "Taking one might lose rows, taking all might double them."
    remedy_zh = "用 --sheet 指定其中一张，或合成一张。"
    remedy_en = "Name one by --sheet, or join them."


class NoRoom(IntakeRefusal):
    """What is read of a big file cannot be laid down on disk."""

    code = "SB2031"
    zh = "文件 {file} 读到一半，暂存写不下去：{why}。没有收下任何数据。"
    en = "What was read of {file} cannot be laid down: {why}. Nothing was taken."
    cause_zh = "大文件边读边写到临时文件夹，要有约为原文件五分之一的空间，并可写。"
    cause_en = "Big files are laid down in the folder for temporary files while they are read; about a fifth of their size is needed there."
    remedy_zh = "清出磁盘空间，或用环境变量 TMPDIR 指定另一个可写的文件夹，再试。"
    remedy_en = "Make room on the disk, or name another folder by the environment variable TMPDIR, and try again."


class ChangedMeanwhile(IntakeRefusal):
    """A file that changed while it was read."""

    code = "SB2032"
    zh = "文件 {file} 在读的过程中被改动，没有收下任何数据。"
    en = "{file} changed while it was read. Nothing was taken."
    cause_zh = "文件还在传输、导出，或正被别人改写；读到的可能前后不一。"
    cause_en = "It is still being sent or written; its beginning and end may not belong together."
    remedy_zh = "等文件写完，或另存一份，再试。"
    remedy_en = "Wait until it is written, or take a copy, and try again."


class BadDelimiter(IntakeRefusal):
    """``--delimiter`` that is no delimiter."""

    code = "SB2049"
    zh = "“{given}”不能作分隔符；可用：逗号、制表符（tab）、分号、竖线。"
    en = "“{given}” is no delimiter; use comma, tab, semicolon or pipe."
    cause_zh = "文本文件以一个字符分列；工作簿没有分隔符。"
    cause_en = "A text file parts its columns by one character; a workbook has none."
    remedy_zh = "改用 --delimiter tab、comma、semicolon 或 pipe，或不写，由程序识别。"
    remedy_en = "Use --delimiter tab, comma, semicolon or pipe, or leave it out."
