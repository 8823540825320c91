"""`shebao audit sweep` and what is concluded of its leads: out of the store, with every finding kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.months import Month
from shebao.cli import Desk
from shebao.cli.auditruletext import rule_text
from shebao.cli.checkwords import as_of as as_of_day
from shebao.cli.checkwords import grouped, idle_templates
from shebao.cli.foreseen import COUNT, REASON
from shebao.cli.rosterlists import masks, reveal_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from audit.store_sweep import Kept
    from controls.findings import Finding
    from controls.sweeps.conclusions import Lead
    from shebao.store import Office

HOW_ZH = {"run": "全量", "touched": "只查涉及的人", "stood": "数据未变，沿用"}
SEVERITY_ZH = {"high": "高", "medium": "中", "low": "低"}
STATUSES = ("open", "pending", "confirmed", "dismissed", "gone")
_JSON = click.option("--json", "json_", is_flag=True, help="输出 JSON。")
_LEAD = click.argument("lead_id", metavar="疑点编号")


def _status() -> Any:
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status("准备")


def _quiet(_: str) -> None:
    """No terminal, no progress."""


@click.command()
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="只运行这条规则，如 D1；all 为全部规则，不给则运行第一批（20条）。")
@click.option("--rules-folder", type=click.Path(path_type=Path), metavar="DIR", help="本单位自己的规则所在目录，一并筛查、文本登记在库；不给时其疑点保持原状。")
@click.option("--fund", "funds", multiple=True, metavar="险种", help="结果只列涉及这一险种的疑点；检查仍看全部险种，登记不受影响。")
@click.option("--full", is_flag=True, help="全部重新检查，不沿用上次结果；结果应当相同。")
@click.option("--as-of", callback=as_of_day, metavar="YYYY-MM-DD", help="截止日；默认最后一个已发放所属期的末日。早于上次的只出结果、不登记。")
@click.option("--mask", is_flag=True, help="疑点清单.xlsx 中的证件号码、姓名、账号脱敏。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="结果目录，设为仅本人可读。")
@click.option("--json", "json_", is_flag=True, help="把 summary.json 的内容打印到标准输出（证件号码和账号脱敏）。")
@click.pass_obj
def sweep(
    desk: Desk, rules: Sequence[str], rules_folder: Path | None, funds: Sequence[str], full: bool, as_of: Month | None, mask: bool, out: Path, json_: bool
) -> int:  # fmt: skip
    """在本单位的库上全面筛查：放行的花名册、银行回盘和退票、导入的全部数据。退出码同 audit check。

    结果文件与 audit check 相同；每条疑点登记在库中，变化、消失、重现都有经过。数据没有变化的规则不再重跑。由稽核办理。

    \b
    例：
      shebao audit sweep --out 结果/
      shebao audit sweep --rule D1 --rule P1 --fund R --out 结果/
      shebao audit sweep --full --out 结果/
      shebao audit sweep --rules-folder 本单位规则/ --out 结果/
    """
    from controls.checks import own_rules
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with own_rules.in_use(rules_folder):
        return _sweep(office, tuple(rules) or None, tuple(sorted({Fund.parse(fund).value for fund in funds})), as_of, full, mask, out, json_)


def _sweep(
    office: Office, rules: tuple[str, ...] | None, funds: tuple[str, ...], as_of: Month | None, full: bool, mask: bool, out: Path, json_: bool
) -> int:  # fmt: skip
    from audit.errors import RuleNotTrusted
    from audit.store_sweep import Asked, sweep_store

    with _status() as status:
        step = status.update if status is not None else _quiet
        asked = Asked(rules, funds, as_of, full)
        made = sweep_store(office.reading, office.unit, office.home, office.actor, office.now(), out, asked, mask=mask, step=step)
    if json_:
        as_json(_masked(made.swept.summary))
    else:
        _tell(made, out, mask)
    if made.swept.distrusted:
        failed = made.swept.distrusted
        raise RuleNotTrusted(rules="、".join(test.rule for test in failed), why="；".join(f"{test.rule}：{test.says}" for test in failed))
    return 1 if made.swept.result.findings else 0


def _masked(told: dict[str, Any]) -> dict[str, Any]:
    from controls.trail import redact
    from ledger.identity import mask_number

    shown: dict[str, Any] = redact(told)
    for contract, bad in told["bad_numbers"].items():
        shown["bad_numbers"][contract]["first"] = [one | {"number": mask_number(one["number"])} for one in bad["first"]]
    return shown


def _tell(made: Kept, out: Path, mask: bool) -> None:
    from controls.checks.catalogue import rules as catalogue
    from controls.findings import by_number

    told: dict[str, Any] = made.swept.summary
    names = {rule.code: rule.name_zh for rule in catalogue()}
    rows: list[Sequence[object]] = []
    for code in sorted({*told["rules_run"], *told["rules_not_run"]}, key=by_number):
        found, note = told["findings_by_rule"].get(code), told["rules_not_run"].get(code, "")
        if found is None:
            rows.append((code, names[code], "", "—", "", "", "", "", "", f"未运行：{note}"))
            continue
        levels = [found[level] or "" for level in SEVERITY_ZH]
        precise = told["self_test"][code]["precision"] or ""
        how = HOW_ZH[told["rules_how"][code]]
        amount = grouped(found["amount"]) if found["findings"] else ""
        rows.append((code, names[code], how, found["findings"], *levels, amount, precise, note and f"部分未运行：{note}"))
    heads = ["规则", "名称", "本次", "疑点", "高", "中", "低", "涉及金额（元）", "准确率", "说明"]
    table(f"第 {made.sweep_no} 次筛查（截至 {told['as_of'] or '无'}）", heads, rows, right=["疑点", "高", "中", "低", "涉及金额（元）", "准确率"])
    idle_templates(told)
    click.echo(f"疑点 {told['findings']:,} 条，去重涉及金额 {grouped(told['distinct_amount'])} 元，用时 {told['seconds']} 秒。疑点是核查线索，不是结论。")
    for code, sha256 in told["own_rules"].items():
        click.echo(f"本单位规则 {code}：文本 {sha256[:12]}，已登记（shebao audit rule-text {code.partition('-')[0]}）。")
    for code, count in told["own_rules_left"].items():
        click.echo(f"本单位规则 {code} 本次没有运行（未给 --rules-folder 或未要求），其疑点 {count} 条保持原状。")
    if made.looked_back:
        click.echo("截止日早于上次筛查：只出结果，疑点的登记没有改动。")
    for path in made.swept.written:
        click.echo(f"  {path}")
    masked = "疑点清单.xlsx 已脱敏，其余" if mask else "其中"
    click.echo(f"{out} 已设为仅本人可读（目录 700，文件 600）：{masked}文件含完整证件号码，请勿外传。")


@click.command()
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="只列这条规则的。")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="只列这一状态的；不给则列事实还在的。")
@click.option("--fund", default=None, help="只列涉及这一险种的。")
@click.option("--list", "most", type=COUNT, default=50, show_default=True, help="最多列出多少条，金额大的在前。")
@reveal_option
@_JSON
@click.pass_obj
def leads(desk: Desk, rules: Sequence[str], statuses: Sequence[str], fund: str | None, most: int, reveal: bool, json_: bool) -> None:
    """列出登记的疑点及其状态：待核查、结论待复核、已查实、已排除、事实已消失。

    \b
    例：
      shebao audit leads
      shebao audit leads --rule D1 --status open --list 200
    """
    from controls.sweeps import conclusions, own_texts
    from ledger.funds import Fund
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with office.reading() as connection:
        found = conclusions.leads(connection, own_texts.codes(connection, rules) if rules else None)
    wanted = set(statuses) or set(STATUSES) - {"gone"}
    of_fund = Fund.parse(fund).value if fund else None
    shown = [one for one in found.values() if one.status in wanted and (of_fund is None or of_fund in one.last.finding.fund.split(";"))]
    shown.sort(key=lambda one: (one.last.finding.severity.rank, -one.last.finding.amount, one.last.finding.finding_id))
    number, _ = masks(office, "lead", "疑点清单", len(shown[:most]), reveal)
    told = [_row(one, number, reveal) for one in shown[:most]]
    counts = conclusions.tally(found)
    if json_:
        as_json({"counts": counts, "leads": told})
        return
    heads = ("编号", "规则", "等级", "证件号码", "姓名", "险种", "起", "止", "金额（元）", "状态")
    rows = [
        (
            one["finding_id"], one["rule"], SEVERITY_ZH[one["severity"]], one["id_number"], one["name"], one["fund"], one["period_from"], one["period_to"],
            show(one["amount_fen"]), conclusions.STATUS_ZH[one["status"]] + ("（事实有变）" if one["changed"] and one["status"] != "gone" else ""),
        )
        for one in told
    ]  # fmt: skip
    table(f"疑点 {len(shown)} 条" + (f"，列出前 {most} 条" if len(shown) > most else ""), heads, rows, right=["金额（元）"])
    click.echo("，".join(f"{zh} {counts[status]}" for status, zh in conclusions.STATUS_ZH.items()))


def _row(one: Lead, number: Callable[[str], str], reveal: bool) -> dict[str, Any]:
    from ledger.identity import mask_name

    found = one.last.finding
    return {
        "finding_id": found.finding_id, "rule": found.rule, "severity": found.severity.value, "id_number": number(found.id_number),
        "name": found.name if reveal else mask_name(found.name), "fund": found.fund, "region": found.region, "period_from": found.period_from,
        "period_to": found.period_to, "amount_fen": found.amount, "facts": found.facts, "status": one.status, "changed": one.changed,
        "first_sweep": one.first_sweep,
    }  # fmt: skip


def _known(found: Finding) -> dict[str, Any]:
    """Of money paid after a death: what was paid before the office could know, and after; None where nothing tells."""
    from controls.findings import KNOWING

    told = {"known_before_fen": found.evidence.known_before, "known_after_fen": found.evidence.known_after}
    return told if found.rule in KNOWING else {}


def _known_zh(found: Finding) -> str:
    """The same as a line; blank for a rule that has nothing to do with a death."""
    from ledger.money import show

    told = _known(found)
    if not told:
        return ""
    before, after = told.values()
    if before is None or after is None:
        return "获知前已发与知后仍发：无法区分（死亡信息没有登记日期，也不是从库中导入的名单）。"
    return f"获知前已发 {show(before)} 元（死讯迟到），知后仍发 {show(after)} 元。"


@click.command()
@_LEAD
@reveal_option
@_JSON
@click.pass_obj
def lead(desk: Desk, lead_id: str, reveal: bool, json_: bool) -> None:
    """一条疑点的全部经过：哪次筛查查出、怎样变化、来源行、结论和复核。编号可以只写前几位。

    \b
    例：
      shebao audit lead 3f2a9c
    """
    from audit.masking import masked, masked_reason
    from controls.sweeps import conclusions, kept
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with office.reading() as connection:
        one = conclusions.get(connection, lead_id)
        versions = kept.history(connection, one.last.finding.finding_id)
    found = one.last.finding
    number, _ = masks(office, f"lead:{found.finding_id}", "疑点", 1, reveal)
    said = (lambda finding: finding.reason) if reveal else masked_reason
    weighed = [step if reveal else masked(step) for step in found.evidence.steps]
    told = [
        {"version": v.version, "sweep_no": v.sweep_no, "state": v.state, "cause": v.cause, "severity": v.finding.severity.value,
         "period_from": v.finding.period_from, "period_to": v.finding.period_to, "months": v.finding.months, "amount_fen": v.finding.amount,
         "facts": v.finding.facts,
         "reason": said(v.finding)}
        for v in versions
    ]  # fmt: skip
    drawn = [{name: getattr(c, name) for name in conclusions.Conclusion.__slots__} for c in one.conclusions]
    if json_:
        shown = {**_row(one, number, reveal), **_known(found), "steps": weighed, "rows": [str(row) for row in found.evidence.rows]}
        as_json({**shown, "row_count": found.evidence.row_count, "history": told, "conclusions": drawn})
        return
    click.echo(f"疑点 {found.finding_id}  {found.rule}  {number(found.id_number)}  {conclusions.STATUS_ZH[one.status]}")
    click.echo(said(found))
    click.echo("来源行：" + "、".join(map(str, found.evidence.rows[:10])) + (f" 等 {found.evidence.row_count} 行" if found.evidence.row_count > 10 else ""))
    if _known_zh(found):
        click.echo(_known_zh(found))
    if weighed:
        click.echo(f"关联步骤（每项比对及其权重，千分点；置信度 {found.confidence}）：" + "；".join(weighed))
    rows = [(v.version, v.sweep_no, v.says, v.finding.period_from, v.finding.period_to, v.finding.months, show(v.finding.amount),
             said(v.finding)) for v in versions]  # fmt: skip
    table("经过", ("版", "筛查", "状态", "起", "止", "月数", "金额（元）", "说明"), rows, right=["金额（元）", "月数"])
    if drawn:
        steps = {"": "待复核", "agree": "同意", "refuse": "退回"}
        closed = [(c.conclusion_no, conclusions.VERDICT_ZH[c.verdict], c.reason, c.concluded_by, c.concluded_at[:16], steps[c.step], c.reviewed_by, c.note)
                  for c in one.conclusions]  # fmt: skip
        table("结论", ("次", "结论", "理由", "作出人", "时间", "复核", "复核人", "意见"), closed)


@click.command()
@_LEAD
@click.argument("verdict", type=click.Choice(["confirmed", "dismissed"]), metavar="confirmed|dismissed")
@click.option("--reason", type=REASON, required=True, help="凭什么这样认定：看了什么、问了谁。")
@click.pass_obj
def conclude(desk: Desk, lead_id: str, verdict: str, reason: str) -> None:
    """对一条疑点作出结论：confirmed 查实，dismissed 排除；由另一名稽核复核后生效。

    \b
    例：
      shebao audit conclude 3f2a9c dismissed --reason 死亡登记有误，公安已更正，见第12号函
    """
    from controls.sweeps import conclusions
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = conclusions.conclude(work, office.now(), actor, lead_id, verdict, reason)
        work.commit()
    click.echo(f"疑点 {made.last.finding.finding_id}：{conclusions.VERDICT_ZH[verdict]}，待另一名稽核复核（shebao audit conclude-review）。")


@click.command("conclude-review")
@_LEAD
@click.option("--refuse", is_flag=True, help="不同意，退回；须写 --note。")
@click.option("--note", default="", help="意见；退回时必填。")
@click.pass_obj
def conclude_review(desk: Desk, lead_id: str, refuse: bool, note: str) -> None:
    """复核另一名稽核的结论：同意后生效，事实不变就不再重提；或退回。

    \b
    例：
      shebao audit conclude-review 3f2a9c
      shebao audit conclude-review 3f2a9c --refuse --note 缺公安更正函
    """
    from controls.sweeps import conclusions
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = conclusions.review(work, office.now(), actor, lead_id, agreed=not refuse, note=note)
        work.commit()
    said = "结论已退回，疑点待核查" if refuse else f"结论生效：{conclusions.STATUS_ZH[made.status]}"
    click.echo(f"疑点 {made.last.finding.finding_id}：{said}。")


COMMANDS = (sweep, leads, lead, conclude, conclude_review, rule_text)
