"""Refusals of online banking (网银): SB2235–SB2249."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class OtherBatch(Refusal):
    """What is authorised is not what the cashier made."""

    code = "SB2235"
    zh = "花名册 {roster} 的银行盘与出纳制单的不是同一份：{why}。"
    en = "The bank file of roster {roster} is not the one that the cashier made: {why}."
    cause_zh = "网银复核人核对的是出纳制单的那一份：摘要、笔数、金额都相同才授权。"
    cause_en = "The second key holder authorises the very file that was made: same digest, lines and sum."
    remedy_zh = "停止付款，查明文件来源；需要时由出纳再次输出同一份。"
    remedy_en = "Stop the payment and find out where the file comes from; the cashier may print the same one again."


class NoSuchLayout(Refusal):
    """An unknown layout."""

    code = "SB2240"
    zh = "没有银行文件版式“{layout}”，现有：{known}。"
    en = "There is no bank file layout “{layout}”; known: {known}."
    cause_zh = "版式由 templates/bank-files 下的文件规定，一份文件一种版式。"
    cause_en = "Layouts stand in templates/bank-files, one file each."
    remedy_zh = "改用现有版式，或由会计主管按开户行接口说明添加一份版式文件。"
    remedy_en = "Use a known one, or add a file by the bank's description."
    status = UNUSABLE


class CellRefused(Refusal):
    """A value that the layout cannot carry."""

    code = "SB2241"
    zh = "序号 {seq} 的“{what}”不能写入{layout}：{why}。"
    en = "Line {seq}: {what} cannot be written in the layout {layout}: {why}."
    cause_zh = "银行文件不得含分隔符、换行，字符须在该编码之内，定长列不得超宽；悄悄改写会付错人。"
    cause_en = "No separator, no line break, no character beyond the encoding, nothing wider than its column; silent changes would pay the wrong person."
    remedy_zh = "改用 UTF-8 版式，或由登记经办更正户名后重编花名册。"
    remedy_en = "Use a UTF-8 layout, or have the holder's name put right and the roster built again."


class BankSays(Refusal):
    """A bank's return that its layout cannot read, or whose totals do not add up."""

    code = "SB2242"
    zh = "银行回盘 {file} 不能按“{layout}”读取：{why}。"
    en = "The bank return {file} cannot be read as {layout}: {why}."
    cause_zh = "回盘按送盘时的同一版式读取，批次号、总笔数、总金额须与逐笔一致。"
    cause_en = "A return is read in the layout of its batch; batch number, count and sum must agree with its lines."
    remedy_zh = "核对是否取错文件；向银行要正确的回盘文件。"
    remedy_en = "See whether it is the right file; ask the bank for a correct one."
    status = UNUSABLE


class LayoutFixed(Refusal):
    """Another layout for a batch that is made."""

    code = "SB2243"
    zh = "花名册 {roster} 的银行盘已按“{layout}”制作，不能换版式再出一份。"
    en = "The bank file of roster {roster} was made in the layout {layout}; it is not made again in another."
    cause_zh = "同一批次两种文件可能被银行各付一次。"
    cause_en = "Two files of one batch might be paid twice."
    remedy_zh = "不带 --layout 再次输出同一份（记为重复导出）。"
    remedy_en = "Print the same one again without --layout; the copy is recorded."


class WeakPassword(Refusal):
    """A password too short for an archive with full accounts."""

    code = "SB2244"
    zh = "ZIP 口令至少 {least} 个字符。"
    en = "The password of the archive needs at least {least} characters."
    cause_zh = "银行盘含完整账号和姓名，短口令很快能被试出来。"
    cause_en = "The file holds full accounts and names; a short password is soon guessed."
    remedy_zh = "与银行约定更长的口令，写在文件的第一行。"
    remedy_en = "Agree on a longer one with the bank and write it on the first line of the file."
    status = UNUSABLE
