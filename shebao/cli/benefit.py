"""`shebao benefit`: amounts reckoned and explained, cases run, changes tried, arrears after a new standard."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk, benefitawards
from shebao.cli.benefitarrears import difference
from shebao.cli.benefitaward import award, review
from shebao.cli.benefitfacts import award_of, facts_options
from shebao.cli.benefitlaw import law
from shebao.cli.roster import json_option, working
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from ledger.benefits.scheme import Scheme
    from ledger.parameters import Parameters


@click.group()
def benefit() -> None:
    """待遇：按所属期当时的规定计算并逐行说明；算例；方案模拟；新标准的补发。

    \b
    例：
      shebao benefit list
      shebao benefit compute resident-pension --period 2025-03 --set 出生年月=1963-12 --set 缴费月数=180 --set 账户储存额=2780
      shebao benefit cases run
    """


@benefit.command("list")
@click.option("--scheme", default="", help="只看这一种：所需情况、要查的参数、条件和步骤。")
@json_option
@click.pass_obj
def list_(desk: Desk, scheme: str, json_: bool) -> None:
    """各种待遇的计算办法；--scheme 看一种需要哪些情况、参数由谁设定、现在有没有取值。

    \b
    例：
      shebao benefit list
      shebao benefit list --scheme employee-pension
    """
    from ledger.benefits.errors import UnknownScheme
    from ledger.benefits.scheme import schemes

    parameters = law(desk)
    found = [one for one in schemes() if scheme in ("", one.scheme, one.zh)]
    if not found:
        raise UnknownScheme(scheme=scheme, day="")
    if json_:
        as_json([_as_values(one, parameters) for one in found])
    elif scheme:
        for one in found:
            _whole(one, parameters)
    else:
        rows = [(one.scheme, one.zh, one.fund.value, str(one.valid_from), str(one.valid_to or ""), len(_unset(one, parameters))) for one in found]
        table("待遇计算办法", ("代码", "待遇", "险种", "起", "止", "待设定参数"), rows, right=("待设定参数",))
        click.echo("看一种所需的情况和参数：shebao benefit list --scheme 代码")


def _unset(one: Scheme, parameters: Parameters) -> list[str]:
    """Parameters of a scheme that nobody has set."""
    from ledger.benefits.unset import unset as lacking

    return [found.name for found in lacking([one], parameters)]


def _as_values(one: Scheme, parameters: Parameters) -> dict[str, Any]:
    return {
        "scheme": one.scheme, "zh": one.zh, "fund": one.fund.value, "valid_from": str(one.valid_from), "valid_to": str(one.valid_to or ""),
        "reference": one.reference, "inputs": [item.model_dump() for item in one.inputs], "conditions": [item.model_dump() for item in one.conditions],
        "steps": [item.model_dump() for item in one.steps], "parameters": [item.model_dump() for item in one.parameters], "unset": _unset(one, parameters),
    }  # fmt: skip


def _whole(one: Scheme, parameters: Parameters) -> None:
    from ledger.benefits.unset import fixed_keys, has_value

    click.echo(f"{one.zh}（{one.scheme}，{one.fund.short}）{one.valid_from} 起{f'至 {one.valid_to}' if one.valid_to else ''}　{one.reference}")
    inputs = [
        (item.name, "、".join(item.choices) or item.kind, "必填" if item.default is None else f"默认 {item.default or '空'}", item.zh) for item in one.inputs
    ]
    table("所需情况", ("名称", "写法", "", "说明"), inputs)
    rows = []
    for item in one.parameters:
        found = parameters.parameter(item.parameter)
        set_ = has_value(parameters, item.parameter, fixed_keys(item))
        rows.append((item.name, item.parameter, found.zh, "已有取值" if set_ else f"未设定，由{found.set_by}设定"))
    table("参数", ("名称", "参数", "说明", "取值"), rows)
    table("条件", ("名称", "公式"), [(item.name, item.formula) for item in one.conditions])
    table("步骤", ("名称", "公式", "单位", "发放项目"), [(item.name, item.formula, item.unit, item.item) for item in one.steps])


@benefit.command()
@facts_options
@json_option
@click.pass_obj
def compute(desk: Desk, scheme: str, period: str, given: tuple[str, ...], file: Path | None, overlay: Path | None, json_: bool) -> None:
    """计算一人的待遇，列出各项和合计。SCHEME 是待遇代码或名称；过去的月份按当时的规定算。

    \b
    例：
      shebao benefit compute unemployment-benefit --period 2025-03 --input 情况.yaml
      shebao benefit compute 一次性伤残补助金 --period 2025-03 --set 伤残等级=4 --set 本人工资=6000 --overlay 拟议.yaml
    """
    from ledger.benefits import explain
    from ledger.money import show

    award = award_of(desk, scheme, period, given, file, overlay)
    if json_:
        as_json(explain.as_values(award))
        return
    click.echo(f"{award.scheme.zh} {award.month}")
    if not award.items:
        table("", ("项目", "结果"), [(line.zh, line.shown) for line in award.lines], right=("结果",))
        return
    table("", ("项目", "金额（元）"), [*((item, show(fen)) for item, fen in award.items), ("合计", show(award.total))], right=("金额（元）",))
    click.echo("逐行说明：shebao benefit explain（同样的选项）")


@benefit.command("explain")
@facts_options
@json_option
@click.pass_obj
def explain_(desk: Desk, scheme: str, period: str, given: tuple[str, ...], file: Path | None, overlay: Path | None, json_: bool) -> None:
    """逐行说明一人的待遇是怎样算出来的：公式、代入的数、取整、参数的取值日期和依据。

    \b
    例：
      shebao benefit explain resident-pension --period 2025-03 --input 情况.yaml
    """
    from ledger.benefits import explain

    award = award_of(desk, scheme, period, given, file, overlay)
    if json_:
        as_json(explain.as_values(award))
        return
    for line in explain.lines(award):
        click.echo(line)


@benefit.command()
@click.argument("scheme")
@click.option("--period", required=True, help="所属期，如 2026-01。")
@click.option(
    "--people", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="情况表（CSV、XLSX）：证件号码（或编号）和各项情况。"
)
@click.option("--overlay", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="拟议的参数（YAML）。")
@json_option
@click.pass_obj
def simulate(desk: Desk, scheme: str, period: str, people: Path, overlay: Path, json_: bool) -> None:
    """方案批准之前先试算：同一批人按现行规定和按拟议规定各算一遍，比较合计。什么也不保存。

    \b
    例：
      shebao benefit simulate resident-pension --period 2026-01 --people 领取人员.xlsx --overlay 拟提标.yaml
    """
    from ledger.benefits import peoplefile
    from ledger.benefits.simulation import simulate as run
    from ledger.money import show
    from ledger.months import Month

    before, after = law(desk), law(desk, overlay)
    with working("试算 …"):
        found = run(scheme, Month.parse(period), [(one.key, one.facts) for one in peoplefile.read(people)], before, after)
    more, same, less = found.moved()
    sums, refused = found.sums(), found.refused()
    total = sum(row.before.total for row in found.rows), sum(row.after.total for row in found.rows)
    if json_:
        items = [{"item": item, "before_fen": was, "after_fen": now} for item, was, now in sums]
        counts = {"persons": len(found.rows), "more": more, "same": same, "less": less}
        as_json({**counts, "before_fen": total[0], "after_fen": total[1], "items": items, "refused": {code: list(both) for code, both in refused.items()}})
        return
    rows = [(item, show(was), show(now), show(now - was)) for item, was, now in sums]
    rows.append(("合计", show(total[0]), show(total[1]), show(total[1] - total[0])))
    table(f"{found.scheme.zh} {found.month} {len(found.rows)} 人", ("项目", "现行", "拟议", "增减"), rows, right=("现行", "拟议", "增减"))
    click.echo(f"增加 {more} 人，不变 {same} 人，减少 {less} 人。")
    for code, (was, now) in refused.items():
        said = next(side.said for row in found.rows for side in (row.before, row.after) if side.code == code)
        click.echo(f"未能计算：现行 {was} 人，拟议 {now} 人，如 [{code}] {said}")


@benefit.command()
@json_option
@click.pass_obj
def unset(desk: Desk, json_: bool) -> None:
    """计算待遇要用、还没有取值的参数，各由谁设定。

    \b
    例：
      shebao benefit unset
    """
    from ledger.benefits.scheme import schemes
    from ledger.benefits.unset import unset as lacking

    parameters = law(desk)
    found = lacking(schemes(), parameters)
    if json_:
        as_json(
            [
                {"parameter": one.parameter, "keys": dict(one.keys), "zh": one.zh, "set_by": one.set_by, "used_by": [scheme.zh for scheme in used]}
                for one, used in found.items()
            ]
        )
        return
    rows = [(one.name, one.zh, one.set_by, "、".join(scheme.zh for scheme in used)) for one, used in sorted(found.items(), key=lambda pair: pair[0].name)]
    table("未设定的参数", ("参数", "说明", "由谁设定", "用于"), rows)
    click.echo("在本单位模板目录 parameters/ 下建文件，用 values 写入取值、日期和依据；写法见 docs/benefits.md。")


@benefit.command()
@click.argument("benefits", nargs=-1, required=True)
@click.option("--period", required=True, help="所属期，如 2025-03；按当月的规定判断。")
@json_option
@click.pass_obj
def together(desk: Desk, benefits: tuple[str, ...], period: str, json_: bool) -> int:
    """几种待遇能不能同时享受：保留哪个、钱怎么办、依据。有不能同领的，退出码为 1；没有规定的一对不作判断。

    \b
    例：
      shebao benefit together 居保养老金 职工养老金 --period 2025-03
    """
    from ledger.benefits.concurrent import LAWFUL, SILENT, judge
    from ledger.months import Month

    law(desk)
    if len(set(benefits)) < 2:
        raise click.BadParameter("至少写两种待遇。", param_hint="BENEFITS")
    found = judge(benefits, Month.parse(period))
    if json_:
        told = [{"one": one.one, "other": one.other, "verdict": one.verdict, "rule": one.rule.model_dump(mode="json") if one.rule else None} for one in found]
        as_json(told)
    else:
        rows = [
            (one.one, one.other, one.verdict, *((one.rule.keep, one.rule.money, one.rule.reference) if one.rule else ("", "不作判断，依省级规定", "")))
            for one in found
        ]
        table(f"{period} 并行享受", ("待遇", "待遇", "结论", "保留", "钱怎么办", "依据"), rows)
    return 1 if any(one.verdict not in (LAWFUL, SILENT) for one in found) else 0


@benefit.group()
def cases() -> None:
    """算例：会计人员可以读、可以写的 YAML 例子。

    \b
    例：
      shebao benefit cases run
    """


@cases.command("run")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--failed", is_flag=True, help="只列不成立的。")
@json_option
@click.pass_obj
def run_cases(desk: Desk, files: tuple[Path, ...], failed: bool, json_: bool) -> int:
    """运行全部算例（程序自带的和本单位 cases/benefits 下的），或只运行所给的文件。有不成立的，退出码为 1。

    \b
    例：
      shebao benefit cases run
      shebao benefit cases run 本县算例.yaml --failed
    """
    from ledger.benefits.cases import read_cases, run, run_all
    from ledger.lawfile import load_from

    parameters = law(desk)
    if files:
        read = [(path.name, read_cases(load_from(path), path.name)) for path in files]
        found = [run(name, content, case, parameters) for name, content in read for case in content.cases]
    else:
        found = run_all(parameters)
    wrong = [one for one in found if one.trouble]
    if json_:
        items = [{"file": one.file, "case": one.case.name, "scheme": one.case.scheme, "trouble": one.trouble} for one in found if one.trouble or not failed]
        as_json({"cases": len(found), "failed": len(wrong), "items": items})
    else:
        rows = [(one.file, one.case.name, one.case.scheme, one.trouble or "成立") for one in (wrong if failed else found)]
        table("待遇算例", ("文件", "算例", "待遇", "结果"), rows)
        click.echo(f"算例 {len(found)} 个，成立 {len(found) - len(wrong)} 个，不成立 {len(wrong)} 个。")
    sys.stdout.flush()
    return 1 if wrong else 0


for _command in (award, review, difference, benefitawards.listed, benefitawards.paper, benefitawards.reject, benefitawards.many, benefitawards.review_many):
    benefit.add_command(_command)
