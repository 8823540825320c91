"""Refusals of the cashier's journals (日记账): SB3160–SB3172."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchJournal(Refusal):
    """An unknown journal."""

    code = "SB3160"
    zh = "没有日记账 {journal}。"
    en = "There is no journal {journal}."
    cause_zh = "库存现金、收入户、财政专户、支出户日记账由出纳逐一设立并编号。"
    cause_en = "The cashier opens the journals of cash, income, fiscal and payment accounts; each has a number."
    remedy_zh = "用 shebao journal list 查编号；没有的由出纳用 shebao journal open 设立。"
    remedy_en = "Look it up with shebao journal list, or let the cashier open it with shebao journal open."
    status = UNUSABLE


class BadJournal(Refusal):
    """A journal that cannot be opened."""

    code = "SB3161"
    zh = "不能设立{kind}日记账：{why}。"
    en = "The journal of {kind} cannot be opened: {why}."
    cause_zh = "每个账套一本现金日记账，收入户、财政专户、支出户按开户银行和账号各一本（1001四、1002四、1003五、1004四）。"
    cause_en = "A book has one cash journal, and one for each bank account of 1002, 1003 and 1004."
    remedy_zh = "银行账户写明 --bank-account，现金不写；已设立的用 shebao journal list 查看。"
    remedy_en = "Give --bank-account for a bank account, none for cash; see shebao journal list."
    status = UNUSABLE


class JournalDay(Refusal):
    """A day on which nothing can be entered or closed."""

    code = "SB3162"
    zh = "日记账 {journal} 不能使用日期 {day}：{why}。"
    en = "The journal {journal} cannot take the day {day}: {why}."
    cause_zh = "日记账逐笔顺序登记，每日终了结出余额；已日结的日期不再登记，也不登记将来的日期。"
    cause_en = "Lines stand in the order of their days; a closed day takes nothing, and nothing is entered ahead of time."
    remedy_zh = "漏记的单据登记在今天，用 --receipt-date 写明单据日期；日结按日期顺序做。"
    remedy_en = "Enter a late receipt today and give its own date with --receipt-date; close days in their order."


class JournalAmount(Refusal):
    """An amount that does not fit."""

    code = "SB3163"
    zh = "日记账 {journal} 单据 {receipt} 不能登记：{why}。"
    en = "The journal {journal} cannot take receipt {receipt}: {why}."
    cause_zh = "一笔只有收入或只有支出，不为零；余额逐笔滚算，支出不得超过余额。"
    cause_en = "A line has money in or money out, never nil; the balance runs on and cannot be overdrawn."
    remedy_zh = "核对单据金额和收付方向；余额不足的，先登记漏记的收款。"
    remedy_en = "Check amount and side; if the balance is short, enter the missing receipt first."


class ReceiptEntered(Refusal):
    """One receipt is entered once."""

    code = "SB3164"
    zh = "日记账 {journal} 已在第 {line} 行登记单据 {receipt}。"
    en = "The journal {journal} has receipt {receipt} on line {line} already."
    cause_zh = "一张单据在一本日记账中只登记一次；被红字冲销的除外。"
    cause_en = "A receipt is entered once in a journal, unless its line was struck."
    remedy_zh = "确是另一张单据的，写全号码；原登记有误的先用 shebao journal strike 冲销。"
    remedy_en = "Give the full number of another receipt; strike a wrong line first with shebao journal strike."


class CannotStrike(Refusal):
    """A line that cannot be struck."""

    code = "SB3165"
    zh = "日记账 {journal} 第 {line} 行不能冲销：{why}。"
    en = "Line {line} of journal {journal} cannot be struck: {why}."
    cause_zh = "红字冲销一笔登记，只冲一次；红字行本身不再冲销。"
    cause_en = "A red line takes back one line, once; a red line is not struck itself."
    remedy_zh = "用 shebao journal show 核对行号；冲错了的，按单据重新登记。"
    remedy_en = "See shebao journal show; if the wrong line was struck, enter its receipt again."


class JournalKept(Refusal):
    """Append-only."""

    code = "SB3166"
    zh = "日记账的登记、日结和盘点不得修改或删除。"
    en = "Lines, days and counts of a journal cannot be changed or deleted."
    cause_zh = "日记账只增不改，不得刮擦、挖补、涂改（会计基础工作规范）；错账用红字冲销。"
    cause_en = "A journal is only ever added to; a wrong line is struck by a red one."
    remedy_zh = "登记有误的，用 shebao journal strike 红字冲销后重新登记。"
    remedy_en = "Strike a wrong line with shebao journal strike and enter it again."


class NotCounted(Refusal):
    """Cash is counted every day it moves."""

    code = "SB3167"
    zh = "现金日记账 {journal} {day} 不能日结：{why}。"
    en = "The cash journal {journal} cannot be closed for {day}: {why}."
    cause_zh = "每日终了，结余数须与实际库存数核对，账款相符（1001四）；盘点由出纳和监盘人两人签字。"
    cause_en = "At the end of a day the balance is compared with the cash counted; two people sign the count."
    remedy_zh = "shebao journal count 盘点，另一人 shebao journal witness 监盘；长短款按盘点报告单登记一笔后重新盘点。"
    remedy_en = "Count with shebao journal count and have it witnessed; enter a surplus or shortage by its report and count again."


class BadCount(Refusal):
    """A count that cannot be."""

    code = "SB3168"
    zh = "盘点不能登记：{why}。"
    en = "The count cannot be recorded: {why}."
    cause_zh = "盘点只针对库存现金，按券别和张数登记，如 100=3、0.5=2。"
    cause_en = "Only cash is counted, by denomination and number of pieces, such as 100=3."
    remedy_zh = "写作 --of 券别=张数，券别为人民币面额（100、50、20、10、5、1、0.5、0.1）。"
    remedy_en = "Write --of DENOMINATION=PIECES with the denominations of the renminbi."
    status = UNUSABLE


class CannotWitness(Refusal):
    """The second signature of a count."""

    code = "SB3169"
    zh = "盘点 {journal}-{count} 不能监盘：{why}。"
    en = "The count {journal}-{count} cannot be witnessed: {why}."
    cause_zh = "盘点两人签字：出纳盘点，会计或会计主管监盘，一次盘点监盘一次。"
    cause_en = "Two people sign a count: the cashier and somebody who keeps or checks the ledger, once."
    remedy_zh = "由另一人监盘；内容有变的重新盘点。"
    remedy_en = "Let another person witness it, or count again."


class BookkeepersFile(Refusal):
    """A file that the bookkeepers took in."""

    code = "SB3170"
    zh = "文件“{name}”已由 {by} 作为 {contract} 导入（文件 {file_id}），不能再抄入日记账。"
    en = "The file “{name}” was taken in by {by} as {contract} (file {file_id}) and cannot be copied into a journal."
    cause_zh = "日记账由出纳根据自己手中的单据登记；抄会计用过的文件，账账核对就什么也证明不了（K12）。"
    cause_en = "A journal is written from the cashier's own receipts; a copy of the bookkeepers' file would prove nothing."
    remedy_zh = "用出纳从银行取得的单笔回单文件，或用 shebao journal add 逐笔登记。"
    remedy_en = "Use the bank's receipts that the cashier fetched, or enter them one by one with shebao journal add."


class ReceiptsUnfit(Refusal):
    """A receipts file that does not fit the journal."""

    code = "SB3171"
    zh = "回单文件“{name}”不能登入日记账 {journal}：{why}。"
    en = "The receipts file “{name}” does not fit journal {journal}: {why}."
    cause_zh = "整份登记或一笔不登：账号须是本日记账的账号，每笔有流水号，逐笔余额与日记账滚算的余额一致。"
    cause_en = "All or nothing: the account is the journal's, each row has its serial, and each balance is the journal's own."
    remedy_zh = "按提示的行核对回单和已登记的内容。"
    remedy_en = "Check the row named against the receipts and what is entered already."
    status = UNUSABLE


class NoSuchDifference(Refusal):
    """An explanation of what does not differ."""

    code = "SB3172"
    zh = "{fund} {period} 的账账核对没有差异 {key}。"
    en = "The comparison of {fund} {period} shows no difference {key}."
    cause_zh = "说明只针对核对出的差异，按差异的内容编号；差异变了，说明不再适用。"
    cause_en = "An explanation belongs to one difference, numbered by its content."
    remedy_zh = "用 shebao journal compare 查差异编号。"
    remedy_en = "Look up the number with shebao journal compare."
    status = UNUSABLE
