"""Refusals about files as such: what cannot be opened, decoded or written as a sheet (SB2001-SB2019)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class FileUnreadable(Refusal):
    """The file is absent, a folder, or may not be read."""

    code = "SB2001"
    zh = "读不了文件 {file}：{why}"
    en = "The file {file} cannot be read: {why}"
    cause_zh = "文件不存在、是文件夹，或没有读取权限。"
    cause_en = "The file does not exist, is a folder, or may not be read."
    remedy_zh = "检查路径和权限后重试。"
    remedy_en = "Check the path and the permissions."
    status = UNUSABLE


class EmptyFile(Refusal):
    """No bytes, or no cell with content."""

    code = "SB2002"
    zh = "文件 {file} 是空的。"
    en = "The file {file} is empty."
    cause_zh = "文件没有任何内容。"
    cause_en = "There is no content at all."
    remedy_zh = "重新导出后再试。"
    remedy_en = "Export it again."
    status = UNUSABLE


class WrongEncoding(Refusal):
    """Bytes that are neither UTF-8 nor GB18030, or not what was forced."""

    code = "SB2003"
    zh = "文件 {file} 的编码不对：按 {encoding} 解不开（第 {line} 行，第 {offset} 字节附近）。"
    en = "The file {file} is not {encoding} (line {line}, near byte {offset})."
    cause_zh = "文本文件须为 UTF-8 或 GB18030（含 GBK）编码。"
    cause_en = "Text files are UTF-8 or GB18030."
    remedy_zh = "另存为“CSV UTF-8”后重试，或用 --encoding 指定编码。"
    remedy_en = "Save it as CSV UTF-8, or force --encoding."
    status = UNUSABLE


class UnknownEncoding(Refusal):
    """An encoding name that is not offered."""

    code = "SB2004"
    zh = "不支持的编码“{encoding}”。"
    en = "The encoding “{encoding}” is not offered."
    cause_zh = "可选：utf-8、gb18030（gbk、gb2312 按 gb18030 读）。"
    cause_en = "Offered: utf-8, gb18030 (gbk and gb2312 are read as gb18030)."
    remedy_zh = "改用上述编码之一，或不指定，由程序识别。"
    remedy_en = "Use one of these, or leave the detection to the program."
    status = UNUSABLE


class NulBytes(Refusal):
    """Zero bytes in a text file: half-written by a crash, or no text at all."""

    code = "SB2005"
    zh = "文件 {file} 第 {line} 行有空字节（NUL），不是完好的文本文件。"
    en = "The file {file} has zero bytes at line {line}; it is no sound text file."
    cause_zh = "断电、拷贝中断，或 UTF-16、二进制文件改了扩展名，都会留下空字节。"
    cause_en = "A crash while writing, UTF-16, or a binary file under a text name leaves zero bytes."
    remedy_zh = "从业务系统重新导出为 CSV 或 XLSX。"
    remedy_en = "Export it again as CSV or XLSX."
    status = UNUSABLE


class HalfWritten(Refusal):
    """The file ends in the middle."""

    code = "SB2006"
    zh = "文件 {file} 不完整：{why}。"
    en = "The file {file} is cut off: {why}."
    cause_zh = "传输或导出中断的文件只有一部分，整份不收。"
    cause_en = "A file cut off in export or transfer is not taken at all."
    remedy_zh = "重新导出或重新拷贝整份文件；若末行确为短行，补一个换行。"
    remedy_en = "Export or copy it again; if the short last line is meant, end it with a newline."
    status = UNUSABLE


class BadWorkbook(Refusal):
    """A workbook that cannot be opened: damaged, protected by a password, or of another kind."""

    code = "SB2007"
    zh = "工作簿 {file} 打不开：{why}。"
    en = "The workbook {file} cannot be opened: {why}."
    cause_zh = "文件损坏、加密，或并非 XLSX/XLS。"
    cause_en = "It is damaged, protected by a password, or no XLSX/XLS."
    remedy_zh = "用 Excel 或 WPS 打开，去掉密码，另存为 XLSX 后重试。"
    remedy_en = "Open it in Excel or WPS, remove the password, save as XLSX."
    status = UNUSABLE


class TooLarge(Refusal):
    """A limit on size, rows, columns or the length of a cell is passed."""

    code = "SB2008"
    zh = "文件 {file} 超出限度：{what} {found}，上限 {limit}。"
    en = "The file {file} passes a limit: {what} {found}, at most {limit}."
    cause_zh = "为防止压缩炸弹和误传的文件耗尽内存，大小、行数、列数和单元格长度都有上限。"
    cause_en = "Size, rows, columns and cell length are bounded, so that no file can exhaust the machine."
    remedy_zh = "拆成几份，或改用 CSV、Parquet。"
    remedy_en = "Split it, or send CSV or Parquet."
    status = UNUSABLE


class NoSuchSheet(Refusal):
    """The sheet that was asked for is not in the workbook."""

    code = "SB2009"
    zh = "工作簿 {file} 中没有工作表“{sheet}”；现有：{sheets}。"
    en = "The workbook {file} has no sheet “{sheet}”; it has {sheets}."
    cause_zh = "--sheet 须为工作表的名称。"
    cause_en = "--sheet names a sheet of the workbook."
    remedy_zh = "改用现有的工作表名称。"
    remedy_en = "Use one of the names shown."
    status = UNUSABLE


class UnknownKind(Refusal):
    """Neither CSV, XLSX, XLS nor Parquet."""

    code = "SB2010"
    zh = "认不出文件 {file} 的类型（{found}）。"
    en = "The kind of {file} is not recognised ({found})."
    cause_zh = "可收 CSV、TXT、XLSX、XLS 和 Parquet。"
    cause_en = "CSV, TXT, XLSX, XLS and Parquet are read."
    remedy_zh = "另存为上述类型之一后重试。"
    remedy_en = "Save it as one of these."
    status = UNUSABLE


class SheetTooLong(Refusal):
    """More rows to write than a worksheet holds."""

    code = "SB2011"
    zh = "工作表“{sheet}”要写的行数超过 {limit} 行，XLSX 放不下。"
    en = "The sheet “{sheet}” would have more than {limit} rows; XLSX cannot hold them."
    cause_zh = "XLSX 每张工作表最多 1,048,576 行。"
    cause_en = "A worksheet has at most 1,048,576 rows."
    remedy_zh = "改用 CSV 输出，或分表。"
    remedy_en = "Write CSV, or split it into sheets."
    status = UNUSABLE
