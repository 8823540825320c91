"""Refusals of benefit amounts (待遇核定): SB1440–SB1459."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class BadFormula(Refusal):
    """A formula that cannot be read, or names something unknown."""

    code = "SB1440"
    zh = "公式“{formula}”有误：{why}。"
    en = "The formula “{formula}” is wrong: {why}."
    cause_zh = "公式只能用加减乘除、比较、括号、规定的函数，以及前面已经出现的名称。"
    cause_en = "A formula takes + − × ÷, comparisons, brackets, the listed functions, and names that stand before it."
    remedy_zh = "按 docs/benefits.md 的写法改正该公式。"
    remedy_en = "Mend the formula as docs/benefits.md says."
    status = UNUSABLE


class UnknownScheme(Refusal):
    """A benefit that no file describes on that day."""

    code = "SB1441"
    zh = "没有待遇“{scheme}”{day}的计算办法。"
    en = "There is no way to reckon the benefit “{scheme}”{day}."
    cause_zh = "每种待遇的计算办法在 templates/benefits 中，带起止日期。"
    cause_en = "Each benefit stands in templates/benefits with its dates."
    remedy_zh = "用 shebao benefit list 查看待遇和起止日期；别的年代的办法由单位负责人依文件另建一份带日期的文件。"
    remedy_en = "See shebao benefit list; the law of another time is a further dated file."
    status = UNUSABLE


class BadFact(Refusal):
    """A fact about the person that is missing, unknown, or of the wrong kind."""

    code = "SB1442"
    zh = "{where}“{name}”{why}。"
    en = "{where} “{name}” {why}."
    cause_zh = "每种待遇需要哪些情况、怎样写，由它的文件规定；不认识的一概不收，不作猜测。"
    cause_en = "Which facts a benefit needs stands in its file; unknown ones are refused, missing ones are never guessed."
    remedy_zh = "用 shebao benefit list --scheme {scheme} 看所需各项和写法，改正后重试。"
    remedy_en = "See shebao benefit list --scheme {scheme} for what is needed, mend it and try again."
    status = UNUSABLE


class NotEntitled(Refusal):
    """A condition of the benefit that is not met."""

    code = "SB1443"
    zh = "不符合{scheme_zh}的条件“{name}”：{why}（{reckoned}）。"
    en = "The condition “{name}” of {scheme_zh} is not met: {why} ({reckoned})."
    cause_zh = "待遇条件由 {reference} 规定。"
    cause_en = "The conditions stand in {reference}."
    remedy_zh = "核对所填情况；条件确实具备的，改正后重算，不具备的不予核定。"
    remedy_en = "Check the facts; a benefit whose conditions are not met is not granted."


class ImpossibleFigure(Refusal):
    """A figure that cannot be reckoned: division by zero, or a kind that does not fit."""

    code = "SB1444"
    zh = "{scheme_zh}的“{name}”算不出来：{why}。"
    en = "“{name}” of {scheme_zh} cannot be reckoned: {why}."
    cause_zh = "所填情况或参数使公式除以零，或把月份、文字当作数字。"
    cause_en = "The facts or parameters make the formula divide by zero, or take a month or text for a number."
    remedy_zh = "核对该步骤用到的情况和参数。"
    remedy_en = "Check the facts and parameters of that step."
    status = UNUSABLE


class NotOneStandard(Refusal):
    """A difference that cannot be reckoned by a standard."""

    code = "SB1445"
    zh = "待遇项目“{item}”不能按新标准补发：{why}。"
    en = "The item “{item}” cannot be re-rated: {why}."
    cause_zh = "补发按待遇项目在计算办法中的公式逐月重算，公式须由规定的参数和已知情况得出。"
    cause_en = "Arrears are reckoned again month by month by the item's formula from parameters and known facts."
    remedy_zh = "核对项目名称；公式要用到本人情况的，随命令给出情况表（每人一行）。"
    remedy_en = "Check the item; where its formula needs facts of the person, give a file with a row a person."
    status = UNUSABLE


class UnknownEvent(Refusal):
    """An event that no rule of due months knows."""

    code = "SB1446"
    zh = "不认识的事件“{event}”。"
    en = "Unknown event “{event}”."
    cause_zh = "停发、暂停和恢复按规定的事件判断：{known}。"
    cause_en = "Whether a month is due is judged by the events of templates/benefits/due.yaml."
    remedy_zh = "改用上列名称；另有规定的事件，由单位负责人依文件补入本单位模板目录的 benefits/due.yaml。"
    remedy_en = "Use one of the names, or add the event with its reference to benefits/due.yaml in the office's template folder."
    status = UNUSABLE


class BadList(Refusal):
    """A list of people's facts that cannot be used."""

    code = "SB1447"
    zh = "情况表 {file} 第 {line} 行：{why}。"
    en = "The list of facts {file}, line {line}: {why}."
    cause_zh = "情况表每人一行，表头是“证件号码”和计算要用的各项；同一人只能有一行。"
    cause_en = "A list of facts has a row a person, headed 证件号码 and the inputs of the formula."
    remedy_zh = "改正该行后重试；各项写法见 shebao benefit list --scheme 待遇。"
    remedy_en = "Mend the row; see shebao benefit list --scheme."
    status = UNUSABLE


class UnknownBenefit(Refusal):
    """A benefit that the rules of concurrent benefits do not name."""

    code = "SB1448"
    zh = "并行享受规则里没有待遇“{benefit}”。"
    en = "The rules of concurrent benefits know no benefit “{benefit}”."
    cause_zh = "规则中的待遇：{known}。"
    cause_en = "The names stand in templates/benefits/concurrent.yaml."
    remedy_zh = "改用上列名称；另有规定的，由单位负责人依文件补入本单位模板目录的 benefits/concurrent.yaml。"
    remedy_en = "Use one of the names, or add the benefit with its reference to benefits/concurrent.yaml in the office's template folder."
    status = UNUSABLE
