"""What a run did not look at, and why (未纳入): rules without data, rows left out, numbers that fail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controls.checks.engine import Engine
from controls.checks.schema import CONTRACTS
from ledger.money import Fen

CONTRACT_ZH = {
    "payments": "发放明细", "deaths": "死亡信息", "people": "参保与领取人员", "custody": "服刑人员", "contributions": "缴费明细",
    "entitled": "特殊群体名单", "accounts": "代领与机构账户", "recoveries": "追回与扣回",
    "balances": "个人账户余额", "absences": "失踪与出国（境）人员", "employers": "单位登记", "holdings": "财产与供养信息", "claims": "医疗费结算",
}  # fmt: skip

STATUS_ZH = {
    "failed": "发放失败", "pending": "待支付", "written_off": "已核销", "returned": "退回", "reversed": "冲正", "other": "发放状态不认识，不计为已发放",
}  # fmt: skip
"""What a status of a payment other than paid is called."""
_ORDINARY = "status = 'paid' AND amount > 0 AND NOT damaged AND item_class NOT IN ('funeral', 'lump_sum', 'allowance', 'arrears')"
_CLASS_ZH = {"funeral": "丧葬、抚恤", "lump_sum": "一次性支付", "allowance": "代发项目", "arrears": "补发未注明所属期起止"}


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule, or the part of it named by ``scope``, that was not run, and why."""

    rule: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of an input that no rule, or only some rules, looked at: count, fen and the reason in Chinese."""

    contract: str
    code: str
    reason: str
    rows: int
    amount: Fen


@dataclass(frozen=True, slots=True)
class BadNumbers:
    """Identity numbers that fail in a file other than payments: how many rows, and the first of them (``file:line``, number)."""

    contract: str
    rows: int
    first: tuple[tuple[str, str], ...]


def left_out(engine: Engine, as_of: int) -> Iterable[LeftOut]:
    """Payment rows that are no paid month of a rule, by reason; and those left out of matching by number. What was cancelled counts as cancelled alone."""
    which = (
        "status, amount <= 0, item_class, span_from IS NULL OR span_to IS NULL OR span_from > span_to, damaged,"
        f" CASE WHEN item_class = 'arrears' THEN FALSE ELSE period > {as_of} END"
    )
    where = f"WHERE NOT planned AND NOT ({_ORDINARY} AND period <= {as_of}) GROUP BY 1, 2, 3, 4, 5, 6"
    counted = engine.values(f"SELECT {which}, COUNT(*), SUM(amount) FROM payments {where}")
    rows, taken = engine.values("SELECT COUNT(*), SUM(fen) FROM cancelled")[0]
    if rows and any(status == "paid" and not negative for status, negative, *_ in counted):
        both = "SELECT p.*, c.fen AS back FROM payments p JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line"
        counted += engine.values(f"SELECT {which}, -SUM(CASE WHEN back >= amount THEN 1 ELSE 0 END), -SUM(back) FROM ({both}) b {where}")
    totals: dict[tuple[str, str], list[int]] = {}
    for status, negative, item_class, no_span, damaged, later, count, amount in counted:
        reason = _reason(status, negative, item_class, no_span, later)
        if reason is None and damaged:
            reason = ("damaged", "证件号码被电子表格损坏，不参与按号码比对")
        if reason is not None:
            total = totals.setdefault(reason, [0, 0])
            total[0] += int(count)
            total[1] += int(amount)
    for (code, text), (count, fen) in sorted(totals.items()):
        if count:
            yield LeftOut("payments", code, text, count, fen)
    beyond = _arrears_beyond(engine, as_of)
    if beyond:
        yield LeftOut("payments", "arrears_later", "补发中晚于截止日的所属期", len(beyond), sum(beyond))
    if rows:
        yield LeftOut("payments", "cancelled", "已被冲正、退回冲销（全部或部分）", rows, int(taken))


def _arrears_beyond(engine: Engine, as_of: int) -> list[Fen]:
    """What of each 补发 with a range lies after the as-of month, in the shares by which rules count its months (the first take the odd fen)."""
    sql = (
        "SELECT p.amount - COALESCE(c.fen, 0), p.span_from, p.span_to FROM payments p"
        " LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line"
        " WHERE p.status = 'paid' AND p.item_class = 'arrears' AND NOT p.planned AND p.amount > COALESCE(c.fen, 0)"
        f" AND p.span_from <= p.span_to AND p.span_to > {as_of}"
    )
    found = []
    for net, first, last in engine.values(sql):
        months = _index(last) - _index(first) + 1
        within = min(max(_index(as_of) - _index(first) + 1, 0), months)
        share, odd = divmod(int(net), months)
        found.append(share * (months - within) + max(odd - within, 0))
    return found


def _index(period: int) -> int:
    return period // 100 * 12 + period % 100


def _reason(status: str, negative: bool, item_class: str, no_span: bool, later: bool) -> tuple[str, str] | None:
    if status != "paid":
        return status, STATUS_ZH.get(status, status)
    if negative:
        return "negative", "成功行金额不大于零（作冲销）"
    if item_class in ("funeral", "lump_sum", "allowance") or (item_class == "arrears" and no_span):
        return item_class, _CLASS_ZH[item_class]
    return ("later", "所属期晚于截止日") if later else None


def bad_numbers(engine: Engine, given: Iterable[str]) -> Iterable[BadNumbers]:
    """Failing numbers of the contracts given, payments apart (there they are I1)."""
    for contract in CONTRACTS:
        if contract in given and contract not in ("payments", "accounts", "employers"):
            where = f"FROM {contract} WHERE number <> '' AND NOT number_ok"
            rows = engine.values(f"SELECT COUNT(*) {where}")[0][0]
            if rows:
                first = engine.values(f"SELECT file, line, number {where} ORDER BY file, line LIMIT 50")
                yield BadNumbers(contract, rows, tuple((f"{file}:{line}", number) for file, line, number in first))
