"""Refusals of the demo (SB65xx)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class DemoTooSmall(Refusal):
    """Fewer persons than the planted cases need."""

    code = "SB6501"
    zh = "人数 {persons} 太少或太多。"
    en = "{persons} persons are too few or too many."
    cause_zh = "虚拟县至少要 {least} 人才放得下全部预置案例，至多 {most} 人。"
    cause_en = "The planted cases need at least {least} persons; at most {most} are made."
    remedy_zh = "用 --persons 给一个范围内的人数，例如 20000。"
    remedy_en = "Give a number in that range, for example --persons 20000."
    status = UNUSABLE


class DemoMonth(Refusal):
    """A month the story cannot be told in."""

    code = "SB6502"
    zh = "示范月份 {month} 不能用。"
    en = "The month {month} cannot be used."
    cause_zh = "故事需要当年更早的缴费记录，且退休政策按 2025 年起的口径编造：月份须在 2026 至 2035 年的 3—12 月。"
    cause_en = "The story needs earlier contributions of the same year: months March to December of 2026 to 2035."
    remedy_zh = "例如 --month 2026-10。"
    remedy_en = "For example --month 2026-10."
    status = UNUSABLE


class DemoFolder(Refusal):
    """The folder lacks what an earlier step writes."""

    code = "SB6503"
    zh = "{file} 不存在。"
    en = "{file} is missing."
    cause_zh = "这一步要用 shebao demo 先前写出的文件。"
    cause_en = "This step needs what `shebao demo` wrote before."
    remedy_zh = "先运行 shebao demo --out 目录，再用同一目录。"
    remedy_en = "Run `shebao demo --out DIR` first and give the same folder."
    status = UNUSABLE


class BankFileUnusable(Refusal):
    """A bank file the simulated bank cannot read."""

    code = "SB6504"
    zh = "模拟银行读不懂代发文件 {file}：{why}。"
    en = "The simulated bank cannot read {file}: {why}."
    cause_zh = "代发文件须为 CSV 或 XLSX，有表头，含账号、户名、金额三列，并能认出险种。"
    cause_en = "A bank file is CSV or XLSX with a head naming account, holder and amount, and its fund must be recognisable."
    remedy_zh = "用 shebao bankfile 重新生成，或写成 --bankfile '文件::险种=R'。"
    remedy_en = "Write it again with `shebao bankfile`, or give --bankfile 'FILE::险种=R'."
    status = UNUSABLE


class ScoreFileUnusable(Refusal):
    """A truth or findings file without the columns that are compared."""

    code = "SB6505"
    zh = "{file} 缺少列：{columns}。"
    en = "{file} lacks the columns {columns}."
    cause_zh = "比对需要 rule、id_number、fund、region、months、amount 各列。"
    cause_en = "The comparison needs the columns rule, id_number, fund, region, months and amount."
    remedy_zh = "--truth 用 demo/truth/truth.csv，--findings 用 shebao audit check 写出的 findings.csv。"
    remedy_en = "Give demo/truth/truth.csv and the findings.csv of `shebao audit check`."
    status = UNUSABLE


class FolderTaken(Refusal):
    """The output folder holds files the demo did not write."""

    code = "SB6506"
    zh = "{folder} 里有不是示范程序写的文件，不覆盖。"
    en = "{folder} holds files the demo did not write; nothing is overwritten."
    cause_zh = "重新生成会清空 files 和 truth 两个目录，只清空示范程序自己写过的。"
    cause_en = "Generating again empties the folders files and truth, and only those a demo wrote."
    remedy_zh = "换一个空目录：--out 新目录。"
    remedy_en = "Give another folder: --out NEW."
    status = UNUSABLE
