"""Refusals of the office's own rules (SB3380-SB3384)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class OwnRulesFolder(Refusal):
    """A folder of rules that is none."""

    code = "SB3380"
    zh = "规则目录“{folder}”不能用：{why}。"
    en = "The folder of rules “{folder}” cannot be used: {why}."
    cause_zh = "每条本单位规则是同名的两个文件：X….yaml（名称、依据、说明）和 X….sql（一条 SELECT）。"
    cause_en = "Each rule of your own is two files of one name: X….yaml (name, law, description) and X….sql (one SELECT)."
    remedy_zh = "按 docs/own-rules.md 补齐文件，或改 --rules-folder。"
    remedy_en = "Add what is missing as docs/own-rules.md says, or name another --rules-folder."
    status = UNUSABLE


class OwnRuleName(Refusal):
    """A rule of one's own under a name it may not have, or that claims what only shipped rules do."""

    code = "SB3381"
    zh = "本单位规则 {file} 不能用：{why}。"
    en = "The rule {file} cannot be used: {why}."
    cause_zh = "本单位规则只能增加，不能替换或改变程序自带的规则；代码以 X 开头，如 X1-HIGH-AMOUNT。"
    cause_en = "Rules of your own add to the catalogue and change nothing in it; their codes begin with X, such as X1-HIGH-AMOUNT."
    remedy_zh = "改正该文件后重试。"
    remedy_en = "Mend the file and try again."
    status = UNUSABLE


class OwnRuleNotPortable(Refusal):
    """A rule's SQL that not every engine runs alike, or that reaches beyond the tables of the check."""

    code = "SB3382"
    zh = "本单位规则 {file} 第 {line} 行的“{what}”不能用：{why}。"
    en = "Line {line} of {file}: “{what}” cannot be used ({why})."
    cause_zh = "规则在单机和集群上用同一段 SQL 得出同样的疑点，只读检查的表，不读文件、不看时钟，月份是整数。"
    cause_en = "One SQL text gives the same leads on every engine: it reads the tables of the check alone, no file, no clock; months are integers."
    remedy_zh = "可用的函数、类型和表见 docs/own-rules.md；改写后重试。"
    remedy_en = "docs/own-rules.md lists the functions, types and tables; rewrite the rule and try again."
    status = UNUSABLE


class OwnRuleNotRunning(Refusal):
    """A rule of one's own that the engine cannot run."""

    code = "SB3383"
    zh = "本单位规则 {rule} 不能运行：{why}。"
    en = "The rule {rule} does not run: {why}."
    cause_zh = "引擎不认识其中的列，或数据不能这样计算（如把文字转成整数）。"
    cause_en = "The engine does not know a column, or cannot reckon so with the data (text taken for a number, say)."
    remedy_zh = "对照 docs/own-rules.md 的表和列改正 SQL 后重试；暂时不用它就去掉 --rules-folder。"
    remedy_en = "Compare with the tables and columns in docs/own-rules.md and mend the SQL; without --rules-folder it is not run."
    status = UNUSABLE


class OwnRuleColumns(Refusal):
    """A rule of one's own that does not select what a finding is made of."""

    code = "SB3384"
    zh = "本单位规则 {rule} 的结果列不对：{why}。"
    en = "The columns that {rule} selects are wrong: {why}."
    cause_zh = "规则的每一行说明是谁、哪笔钱、哪个月。可用的列：{known}。"
    cause_en = "Each row says who, which money and which month. Known columns: {known}."
    remedy_zh = "按 docs/own-rules.md 改正 SELECT 的列名和类型后重试。"
    remedy_en = "Mend the names and types of the SELECT as docs/own-rules.md says."
    status = UNUSABLE
