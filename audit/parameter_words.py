"""What the parameters of rules and their values are called on papers for people; the YAML of a rule names them in English, as its SQL does."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "persons_low": "列为低的最少人数", "persons_medium": "列为中的最少人数", "persons_high": "列为高的最少人数", "persons_least": "最少人数",
    "campaign": "集中换卡的最少人数",
    "months_most": "最多月数", "months_least": "最少月数", "arrears_months": "补发最少月数", "certificate_months": "认证有效月数", "grace_months": "宽限月数",
    "years_least": "最少缴费年数", "age_least": "最低年龄", "pension_age": "领取待遇年龄", "adult_age": "成年年龄", "man_age": "男性年龄",
    "woman_age": "女性年龄",
    "monthly": "按月待遇", "paused": "暂停状态", "kinds": "退休类别", "no_age": "不受年龄限制的退休类别", "missing": "失踪情形", "settled": "出国定居情形",
    "payers": "缴费主体", "states": "单位状态", "destitute": "特困", "low_income": "低保", "orphan": "孤儿", "motorcycle": "摩托车", "electric": "电动车",
    "cooperative": "合作社", "public_post": "公益性岗位", "living": "生活补贴", "nursing": "护理补贴", "work_injury": "工伤护理费", "allowance": "失业补助金",
    "topped": "补差", "difference": "差额", "aid": "丧葬补助",
}  # fmt: skip
"""Parameter → Chinese name."""
_OF_RULE: Mapping[tuple[str, str], str] = {
    ("S4-ENTITLED-NOT-PAID", "adult_age"): "可参保年龄", ("S5-SUBSIDY-WRONG-AGE", "adult_age"): "可参保年龄",
    ("D7-BALANCE-LEFT", "months_most"): "死亡后最多月数",
    ("A3-ACCOUNT-CHANGED", "months_most"): "换账户至补发的最多月数", ("P7-ALLOWANCE-LONG", "months_most"): "最多领取月数",
    ("E7-UNSEEN-OLD", "months_most"): "距最近认证的最多月数",
}  # fmt: skip
"""Where one name says something narrower in a rule."""
_CODES: Mapping[str, str] = {"pension": "养老待遇", "disability": "伤残待遇", "survivor": "供养亲属待遇", "unemployment": "失业待遇"}


def name(rule: str, parameter: str) -> str:
    """The Chinese name; a parameter of an office's own rule stays as the office wrote it."""
    return _OF_RULE.get((rule, parameter)) or NAMES.get(parameter, parameter)


def value(given: object) -> str:
    """A value for people: numbers as they are, texts in a list joined, ``%丧葬%`` (a pattern of SQL) as 含“丧葬”."""
    if isinstance(given, tuple):
        return "、".join(value(one) for one in given)
    text = _CODES.get(str(given), str(given))
    return f"含“{text.strip('%').replace('%', '…')}”" if "%" in text else text


def told(rule: str, values: Mapping[str, object]) -> str:
    """``最多月数=12；暂停状态=含“暂停”``; '' without parameters."""
    return "；".join(f"{name(rule, parameter)}={value(given)}" for parameter, given in values.items())
