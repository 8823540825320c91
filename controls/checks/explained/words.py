"""Columns and their values in Chinese (栏目与值): money in yuan, months as ``2025-03``, codes by their names; numbers, names and accounts never."""

from __future__ import annotations

import re

from ledger.funds import Fund
from ledger.money import show

PRIVATE = frozenset({
    "number", "id_number", "person", "name", "name_norm", "account", "holder", "holder_norm", "counterpart", "one", "two", "second", "birthday",
    "file", "line", "part",
})  # fmt: skip
"""Columns whose values are not told."""

_NAMES = {
    "period": "所属期", "month": "发放月", "paid_month": "发放月", "received_month": "到账月", "death_month": "死亡年月", "first_due": "应领取月份",
    "start_month": "待遇起始年月", "end_month": "待遇终止年月", "first_month": "首次参保年月", "held_month": "余额所在月份", "since": "开始日期或月份",
    "first": "起始", "last": "终止", "back": "返回月", "settled": "结算月", "worked": "参加工作年月", "born": "出生年月", "began": "开始领取月份",
    "resumed": "恢复发放月份", "first_paid": "首个实付所属期", "first_period": "首次领取月份", "closed_month": "注销月份",
    "idx": "月份", "death_idx": "死亡年月",
    "idx_before": "前一实付月", "amount": "金额", "fen": "金额", "net": "实付净额", "total": "合计", "largest": "最大一笔", "so_far": "累计代缴",
    "tier_due": "缴费档次", "tier": "缴费档次", "saved": "余额", "given_up_fen": "本份重叠金额", "kept_fen": "另一份重叠金额", "year": "年度",
    "first_year": "列入年度",
    "last_year": "退出年度", "fund": "险种", "kept": "另一份", "kept_fund": "另一份险种", "kept_region": "另一份统筹区", "region": "统筹区", "here": "统筹区",
    "benefit": "待遇类别", "item_class": "项目类别", "item": "待遇项目", "item_key": "待遇项目", "source": "资金来源", "payer": "缴费主体", "level": "代缴级次",
    "kind": "类别", "category": "名单类别", "detail": "说明", "sex": "性别", "birth": "出生日期", "file_birth": "档案认定出生日期", "worked_on": "参加工作日期",
    "retire_kind": "退休类别", "enrol_status": "参保状态", "benefit_status": "待遇状态", "certified_on": "最近认证日期", "certified": "最近认证日期",
    "number_ok": "号码校验正确", "damaged": "号码被表格损坏", "is_death": "是死亡", "nth": "序次", "month_no": "领取月数", "months": "月数", "persons": "人数",
    "often": "行数", "age": "年龄", "invoice": "票据号", "state": "单位状态", "employer_code": "单位编号", "severity": "等级", "mode": "执行方式",
    "start_year": "领取年度", "closed_on": "注销日期", "came": "入院日期", "left_day": "出院日期", "hospital": "医院",
    "first_day": "列入日期", "last_day": "退出日期",
}  # fmt: skip
_MONEY = frozenset({"amount", "fen", "net", "total", "largest", "so_far", "tier_due", "tier", "saved", "given_up_fen", "kept_fen", "amount_key"})
_INDEX = frozenset({"idx", "death_idx", "idx_before"})
_NO_LIMIT = {"299912": "没有止期", "9999": "没有止期", "9999-12-31": "没有止期", "1900-01-01": "没有起期"}
_CODES = {
    "pension": "养老待遇", "unemployment": "失业待遇", "disability": "伤残待遇", "survivor": "供养亲属待遇", "arrears": "补发", "funeral": "丧葬抚恤",
    "lump_sum": "一次性支付", "allowance": "代发项目", "other": "其他", "high": "高", "medium": "中", "low": "低",
}  # fmt: skip
_MONTH = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])")

TABLES = {
    "payments": "发放明细", "net_rows": "实付的发放行", "paid_months": "计入的发放月份", "account_months": "发到个人账户的发放月份", "premiums": "缴费明细",
    "government_paid": "未退回的政府代缴", "listed": "特殊群体名单", "people": "参保与领取人员", "death": "可用的死亡信息", "term": "停发的服刑期间",
    "last_paid": "最后一次实发", "age_due": "应领取月份", "death_link": "号码不同但疑似同一人的死亡信息", "number_pair": "疑似同一人的另一号码",
    "deaths": "死亡信息",
    "entitled": "特殊群体名单", "balances": "个人账户余额", "absences": "失踪与出国（境）人员", "employers": "单位登记", "holdings": "财产与供养信息",
    "claims": "医疗费结算", "custody": "服刑人员", "contributions": "缴费明细", "holder_name": "账户户名",
}  # fmt: skip
"""What the tables that rules read are called."""


def column(name: str) -> str:
    """The Chinese name of a column; one of an office's own rule that is not known stays as it is."""
    return _NAMES.get(name, name)


def value(name: str, given: object) -> str:
    """What a column held: ``空`` for nothing, yuan for fen, ``2025-03`` for a month."""
    text = "" if given is None else str(given)
    if not text:
        return "空"
    if isinstance(given, bool):
        return "是" if given else "否"
    if name in _MONEY and isinstance(given, int):
        return f"{show(given)}元"
    if name in _INDEX and isinstance(given, int):
        return f"{given // 12}-{given % 12 + 1:02d}"
    if text in _NO_LIMIT:
        return _NO_LIMIT[text]
    if isinstance(given, int) and _MONTH.fullmatch(text):
        return month(given)
    if name in ("fund", "kept", "kept_fund") and text in set(Fund):
        return Fund(text).short
    return _CODES.get(text, text)


def month(number: int) -> str:
    """``202503`` as ``2025-03``."""
    return f"{number // 100}-{number % 100:02d}"
