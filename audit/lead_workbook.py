"""疑点清单.xlsx: the findings for people. Summary, parameters, control totals, the leads by rule, what was left out and why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from audit import parameter_words
from audit.inputs import Input
from audit.masking import masked, masked_reason
from controls.checks.catalogue import Rule, rules
from controls.checks.coverage import CONTRACT_ZH
from controls.checks.found import FEW, heaviest
from controls.checks.paid import NO_END
from controls.checks.room import Room
from controls.checks.runner import CheckResult
from controls.findings import KNOWING, MOST_ROWS, Finding, Severity, by_number
from ledger.identity import mask_name
from ledger.money import yuan
from ledger.sheets import Cell, Sheet, write_workbook

NOTICE = "疑点是核查线索，不是结论。"
_ALWAYS = (("疑点编号", 22), ("等级", 5), ("证件号码", 20), ("姓名", 9), ("险种", 6), ("统筹区", 9), ("起始所属期", 10), ("截止所属期", 10), ("月数", 5),
           ("涉及金额（元）", 13), ("对应方", 26), ("置信度", 7), ("说明", 52), ("来源行", 30), ("行数", 6))  # fmt: skip
_PARTS = (("其中基础养老金（元）", 13), ("其中个人账户（元）", 13), ("应追回（元）", 13), ("待拆分（元）", 13))
_BACK = (("已追回（元）", 13), ("涉及金额减已追回（元）", 15))
BACK_NOTE = "涉及金额减去已追回、不小于零的数，不是应追回的余额：它含个人账户部分（预支）和待拆分的金额，可大于“应追回（元）”。"
_STEPS = (("关联步骤（依据和权重）", 48),)
_PERSONS = (("涉及人员", 44),)
KNOWN = ("获知前已发（元）", "知后仍发（元）")
"""On the sheets of payments after a death: paid up to the month in which the office could know, and later."""
UNKNOWN = "无法区分"
_FOLDED = frozenset({"对应方", "说明", "来源行", "关联步骤（依据和权重）", "涉及人员"})
SELF_TEST = "规则自检：植入的疑点应全部查出，易混的情形应全部不报"
MOST = 1_000_000
"""So many leads of one rule stand on a sheet, which holds 1,048,576 rows; the heaviest, and the sheet says so."""


def write(path: Path, inputs: Sequence[Input], result: CheckResult, told: Mapping[str, Any], *, mask: bool, room: Room | None = None) -> Path:
    """Writes the workbook; ``mask`` hides numbers, names and accounts in every sheet. The rows of many leads lie in the folder of ``room`` meanwhile."""
    known = {rule.code: rule for rule in rules()}
    title = "疑点清单（已脱敏）" if mask else "疑点清单"
    sheets = {
        "汇总": Sheet(_summary(result, known, told), titles=(title, f"{NOTICE} 截至 {told['as_of'] or '（无）'}"), widths=(24, 26, 10, 8, 8, 8, 18, 44)),
        "参数与口径": Sheet(_parameters(result, known, told), titles=("参数与口径",), widths=(24, 24, 70, 60, 44), wrap=frozenset({2, 3, 4})),
        "规则自检": Sheet(_self_test(known, told), titles=(SELF_TEST,), widths=(24, 26, 14, 10, 12, 12, 12, 60), wrap=frozenset({7})),
        "控制总数": Sheet(_totals(inputs), titles=("读入数据与控制总数",), widths=(16, 34, 10, 12, 12, 12, 20, 68)),
        "数据覆盖": Sheet(_coverage(told), titles=("每份数据覆盖什么，据此能判断到哪一天",), widths=(16, 34, 12, 10, 24, 24, 12, 70, 68), wrap=frozenset({7})),
    }
    for code in result.rules_run:
        count = told["findings_by_rule"][code]["findings"]
        if count:
            cut = f"（共 {count} 条，本表为最重的 {MOST} 条，其余见 findings.csv）" if count > MOST else ""
            name = f"{code.partition('-')[0]} {known[code].name_zh}"
            title = f"{code} {known[code].name_zh}{cut}"
            columns = _columns(known[code], told)
            heads, widths = [head for head, _ in columns], tuple(width for _, width in columns)
            folded = frozenset(place for place, head in enumerate(heads) if head in _FOLDED)
            sheets[name] = Sheet(_leads(result, code, heads, mask), titles=(title,), widths=widths, wrap=folded, filter=True)
    sheets["未纳入"] = Sheet(_left_out(result, told), titles=("未纳入检查的数据、未运行的规则与导入警告",), widths=(22, 20, 60, 12, 20), wrap=frozenset({2}))
    if len(result.findings) <= FEW:
        write_workbook(path, sheets)
        return path
    aside = (room or Room()).folder()
    try:
        write_workbook(path, sheets, aside=aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return path


def _columns(rule: Rule, told: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The columns of a rule's sheet with their widths: what the rule never says has none."""
    given = {one["contract"] for one in told["inputs"]}
    more: list[tuple[tuple[tuple[str, int], ...], bool]] = [
        (_PARTS, rule.parts), (_BACK, "recoveries" in given), (tuple((head, 14) for head in KNOWN), rule.code in KNOWING), (_STEPS, rule.kind == "linked"),
        (_PERSONS, rule.grain == "account"),
    ]  # fmt: skip
    return [*_ALWAYS, *(column for columns, shown in more if shown for column in columns)]


def _leads(result: CheckResult, code: str, heads: Sequence[str], mask: bool) -> Iterator[Sequence[Cell]]:
    """Head and leads of one rule, the heaviest first."""
    yield heads
    for finding in islice(heaviest(result.findings, code), MOST):
        cells = _lead(finding, mask)
        yield [cells[head] for head in heads]


def _summary(result: CheckResult, known: Mapping[str, Rule], told: Mapping[str, Any]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("规则", "名称", "疑点数", "高", "中", "低", "涉及金额（元）", "状态")]
    nothing = {"findings": 0, "amount": "0.00", **{level.value: 0 for level in Severity}}
    levels = {level: 0 for level in Severity}
    for code in sorted({*result.rules_run, *told["rules_not_run"]}, key=by_number):
        found = told["findings_by_rule"].get(code, nothing)
        counts = [found[level.value] for level in Severity]
        levels = {level: levels[level] + count for level, count in zip(Severity, counts, strict=True)}
        reason = told["rules_not_run"].get(code, "")
        state = f"已运行{'；部分未运行：' + reason if reason else ''}" if code in result.rules_run else f"未运行：{reason}"
        rows.append((code, known[code].name_zh, found["findings"], *counts, Decimal(found["amount"]), state))
    rows.append(("合计", "", len(result.findings), *levels.values(), None, ""))
    rows.append(("涉及金额去重合计", "每笔发放只计一次，各规则有重叠", None, None, None, None, yuan(result.distinct_amount), ""))
    return rows


def _parameters(result: CheckResult, known: Mapping[str, Rule], told: Mapping[str, Any]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("规则", "名称", "口径", "不算疑点", "依据")]
    for code in result.rules_run:
        rule = known[code]
        set_by = parameter_words.told(code, rule.given(result.as_of.number if result.as_of else NO_END))
        rows.append(
            (code, rule.name_zh, rule.description_zh + (f"（参数：{set_by}）" if set_by else ""), "；".join(rule.false_friends_zh), "；".join(rule.legal_basis))
        )
    if "recoveries" in {one["contract"] for one in told["inputs"]}:
        rows.append(("各规则", _BACK[1][0], BACK_NOTE, "", ""))
    return rows


def _self_test(known: Mapping[str, Rule], told: Mapping[str, Any]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("规则", "名称", "查看行数", "疑点数", "植入查出", "易混不报", "准确率", "说明")]
    for code, one in told["self_test"].items():
        planted, friends = f"{one['planted_found']}/{one['planted']}", f"{one['false_friends_clean']}/{one['false_friends']}"
        note = "通过" if one["trusted"] else f"未通过，该规则未纳入检查：{'、'.join(one['wrong'][:5])}"
        note = note if one["planted"] else "没有自检案例"
        rows.append((code, known[code].name_zh, one["rows_scanned"], one["hits"], planted, friends, one["precision"], f"{note}；{one['precision_why']}"))
    return rows


def _totals(inputs: Sequence[Input]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("数据", "文件", "类型编码", "读入行数", "可用行数", "坏行", "金额合计（元）", "SHA-256")]
    for one in inputs:
        total = None if one.amount is None else yuan(one.amount)
        rows.append((CONTRACT_ZH[one.contract], one.file, one.kind, one.rows_read, one.rows_good, one.rows_rejected, total, one.sha256))
    return rows


def _coverage(told: Mapping[str, Any]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("数据", "文件", "来源", "险种", "统筹区", "月份", "可判断到", "据此能判断什么", "SHA-256")]
    for one in told["inputs"]:
        covers = one["snapshot"]
        span = covers["first"] if covers["first"] == covers["last"] else f"{covers['first']} 至 {covers['last']}"
        places = "、".join(covers["funds"]), "、".join(covers["regions"][:20]) + ("……" if len(covers["regions"]) > 20 else "")
        rows.append((CONTRACT_ZH[one["contract"]], one["file"], covers["source"], *places, span, covers["until"], "；".join(covers["says"]), one["sha256"]))
    return rows


def _left_out(result: CheckResult, told: Mapping[str, Any]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("类别", "数据或规则", "原因", "行数", "金额（元）")]
    for entry in told["rows_left_out"]:
        amount = Decimal(entry["amount"]) if entry["amount"] else None
        rows.append(("未纳入的行", CONTRACT_ZH[entry["contract"]], entry["reason"], entry["rows"], amount))
    for one in result.unmatched:
        rows.append(("未匹配的冲正退回", str(one.row), "找不到可冲销的发放", 1, yuan(one.left)))
    for rule, reason in told["rules_not_run"].items():
        rows.append(("未运行的规则", rule, reason, None, None))
    if others := told["rules_available"]:
        named = "、".join(f"{rule.partition('-')[0]} {others[rule]}" for rule in sorted(others, key=by_number))
        rows.append(("未要求运行的规则", f"{len(others)} 条", f"全部规则用 --rule all 运行：{named}", None, None))
    for warning in told["warnings"]:
        rows.append(("导入警告", warning["file"], f"[{warning['code']}] {warning['reason']}", warning["count"], None))
    for contract, bad in told["bad_numbers"].items():
        rows.append(("证件号码有误", CONTRACT_ZH[contract], "姓名也相同的才按号码比对", bad["rows"], None))
    return rows


def _lead(finding: Finding, mask: bool) -> Mapping[str, Cell]:
    """Every cell that could be told of a lead, by the head of its column."""
    evidence = finding.evidence
    told = (evidence.base, evidence.account, evidence.recoverable, evidence.unsplit, evidence.recovered, evidence.open)
    number, name, counterpart, reason = finding.id_number, finding.name, finding.counterpart, finding.reason
    if mask:
        reason = masked_reason(finding)
        number, name, counterpart = masked(number), mask_name(name), masked(counterpart)
    persons = "、".join(masked(person) if mask else person for person in evidence.persons[:MOST_ROWS])
    persons += f"……共 {len(evidence.persons)} 人" if len(evidence.persons) > MOST_ROWS else ""
    always: tuple[Cell, ...] = (
        finding.finding_id, finding.severity.zh, number, name, finding.fund, finding.region, finding.period_from, finding.period_to, finding.months,
        yuan(finding.amount), counterpart, f"{finding.confidence // 1000}.{finding.confidence % 1000:03d}", reason,
        "、".join(map(str, evidence.rows[:5])) + ("……" if evidence.row_count > 5 else ""), evidence.row_count,
    )  # fmt: skip
    cells = {head: cell for (head, _), cell in zip(_ALWAYS, always, strict=True)}
    cells |= {head: None if fen is None else yuan(fen) for (head, _), fen in zip((*_PARTS, *_BACK), told, strict=True)}
    cells[_STEPS[0][0]] = "\n".join(masked(step) if mask else step for step in evidence.steps)
    cells[_PERSONS[0][0]] = persons
    before, after = evidence.known_before, evidence.known_after
    cells |= dict.fromkeys(KNOWN, UNKNOWN) if before is None or after is None else dict(zip(KNOWN, (yuan(before), yuan(after)), strict=True))
    return cells
