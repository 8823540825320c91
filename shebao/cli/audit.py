"""`shebao audit`: the second pair of eyes on the command line (稽核)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.months import Month
from shebao.cli import Desk, auditrules, auditsweep
from shebao.cli.checkwords import as_of as as_of_day
from shebao.cli.checkwords import grouped, idle_templates
from shebao.cli.rosterlists import reveal_option

if TYPE_CHECKING:
    from audit.sweep import Swept
    from controls.checks.why_not import WhyNot

CONTRACTS: dict[str, str] = {
    "payments": "待遇发放明细", "deaths": "死亡信息", "people": "参保与领取人员", "custody": "服刑人员", "contributions": "缴费明细",
    "entitled": "特殊群体名单", "accounts": "代领与机构账户", "recoveries": "追回与扣回", "balances": "个人账户余额", "absences": "失踪与出国（境）人员",
    "employers": "单位登记", "holdings": "财产与供养信息", "claims": "医疗费结算",
}  # fmt: skip
SEVERITY = {"high": "高", "medium": "中", "low": "低"}


@click.group()
def audit() -> None:
    """稽核：在数据文件上查重复领取、死亡后领取等疑点。

    \b
    例：
      shebao audit check --payments 发放.csv --deaths 死亡.xlsx --out 结果/
    """


def _files(command: Any, *, needed: bool = True) -> Any:
    for contract, name in reversed(CONTRACTS.items()):
        help_ = f"{name}文件（CSV、XLSX、XLS、Parquet；可写成 'FILE::险种=R,统筹区=620821'）。"
        command = click.option(f"--{contract}", multiple=True, metavar="FILE", required=needed and contract == "payments", help=help_)(command)
    return command


_OWN = click.option(
    "--rules-folder", type=click.Path(path_type=Path), metavar="DIR", help="本单位自己的规则（X….sql 和 X….yaml）所在目录；写法见 docs/own-rules.md。"
)

for _command in (*auditsweep.COMMANDS, auditrules.rules):
    audit.add_command(_command)


@audit.command()
@_files
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="只运行这条规则，如 D1-POSTHUMOUS 或 D1；all 为全部规则，不给则运行第一批（20条）。")
@_OWN
@click.option("--as-of", callback=as_of_day, metavar="YYYY-MM-DD", help="截止日；默认最后一个已发放所属期的末日，其后的所属期不查。")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help="运行规则的引擎，结果相同。")
@click.option("--master", metavar="地址", help="Spark 的主节点（local[2]、spark://主机:7077、yarn）；只用于 --engine spark，不给时用本机全部核。")
@click.option(
    "--memory", metavar="上限",
    help="检查最多用多少内存（整个进程，至少 512MB），如 800MB、4GB；不给时用本机内存的八成。放不下的暂存磁盘，结果相同。读入 CSV、XLSX 所用另计。",
)  # fmt: skip
@click.option(
    "--temp", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="放不下内存的数据暂存在哪里，用完即删；默认系统临时目录。在集群上须为各节点共享的目录。",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="有一行不能用就停下（退出码 2），不写结果。")
@click.option("--mask", is_flag=True, help="疑点清单.xlsx 中的证件号码、姓名、账号脱敏。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="结果目录，设为仅本人可读。")
@click.option("--json", "as_json", is_flag=True, help="把 summary.json 的内容打印到标准输出（证件号码和账号脱敏）。")
@click.pass_context
def check(
    ctx: click.Context, rules: Sequence[str], rules_folder: Path | None, as_of: Month | None, engine: str, master: str | None, memory: str | None,
    temp: Path | None, strict: bool, mask: bool, out: Path, as_json: bool, **files: Sequence[str],
) -> int:  # fmt: skip
    """在数据文件上运行稽核规则，不用数据库。退出码：0 没有疑点，1 有疑点，2 输入不可用，3 有规则没有通过自检。

    结果写入 DIR：findings.csv、疑点清单.xlsx、summary.json；有坏行时另有 rejects.xlsx。缺少数据的规则列为未运行，绝不当作通过。

    \b
    例：
      shebao audit check --payments 2025年发放.csv --deaths 公安死亡.xlsx --deaths 民政火化.csv --out 结果/
      shebao audit check --payments '发放.xlsx::险种=R,统筹区=620821' --rule P1 --rule P3 --as-of 2025-12-31 --out 结果/
      shebao audit check --payments 发放.csv --rules-folder 本单位规则/ --out 结果/
    """
    from controls.checks import own_rules

    with own_rules.in_use(rules_folder):
        return _check(rules, as_of, engine, master, memory, temp, strict, mask, out, as_json, files)


def _check(
    rules: Sequence[str], as_of: Month | None, engine: str, master: str | None, memory: str | None, temp: Path | None, strict: bool, mask: bool, out: Path,
    as_json: bool, files: Mapping[str, Sequence[str]],
) -> int:  # fmt: skip
    from audit.inputs import Given
    from audit.sweep import sweep
    from controls.checks.room import Room

    room = Room.parse(memory, temp)
    given = [Given.parse(contract, text) for contract in CONTRACTS for text in files[contract]]
    with _status() as status:
        step = status.update if status is not None else _quiet
        swept = sweep(given, out, rules=rules or None, as_of=as_of, engine=engine, master=master, strict=strict, mask=mask, room=room, step=step)
    if as_json:
        from shebao.cli import show

        show.as_json(_masked(swept.summary))
    else:
        _tell(swept, out, mask)
    if swept.distrusted:
        from audit.errors import RuleNotTrusted

        raise RuleNotTrusted(rules="、".join(test.rule for test in swept.distrusted), why="；".join(f"{test.rule}：{test.says}" for test in swept.distrusted))
    return 1 if swept.result.findings else 0


@audit.command("why-not")
@click.argument("person", metavar="证件号码")
@click.argument("rule", metavar="规则")
@partial(_files, needed=False)
@_OWN
@click.option("--as-of", callback=as_of_day, metavar="YYYY-MM-DD", help="截止日；默认最后一个已发放所属期的末日。")
@reveal_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印。")
@click.pass_obj
def why_not(
    desk: Desk, person: str, rule: str, rules_folder: Path | None, as_of: Month | None, reveal: bool, as_json: bool, **files: Sequence[str]
) -> int:  # fmt: skip
    """说明某人为什么没有被某条规则报为疑点：看了哪些行、各步还剩几行、哪一步不再计入（文件:行号）。

    给出数据文件时看文件；不给时看本单位的库（与 audit sweep 所看的相同，由稽核办理，每次都留痕）。号码和姓名脱敏，--reveal 显示完整的。
    先说没有运行的和列在另一号码名下的，再说各行为什么不计、每个条件还剩几行，最后一行是结论。
    规则本身在同样的数据上重新运行，所以说明与检查结果不会不一致；如果其实有疑点，列出疑点。

    \b
    例：
      shebao audit why-not 620821195003150017 D1 --payments 发放.csv --deaths 死亡.csv
      shebao audit why-not 620821195003150017 D1
    """
    from audit.why_not import lines
    from controls.checks import own_rules
    from ledger.identity import mask_number

    with own_rules.in_use(rules_folder):
        answer = _explained(desk, person, rule, as_of, reveal, files)
    said = lines(answer, reveal=reveal)
    if as_json:
        from shebao.cli import show

        number = answer.number if reveal else mask_number(answer.number)
        show.as_json({"rule": answer.rule, "number": number, "findings": len(answer.findings), "decided": answer.concluded, "steps": said})
    else:
        click.echo("\n".join(said))
    return 1 if answer.findings else 0


def _explained(desk: Desk, person: str, rule: str, as_of: Month | None, reveal: bool, files: Mapping[str, Sequence[str]]) -> WhyNot:
    """The answer out of the files given, or out of the office's store where none is; the latter is recorded each time (C6)."""
    from audit.why_not import Asked
    from audit.why_not import why_not as from_store
    from controls.checks.why_not import why_not as explain

    if any(files.values()):
        from audit.inputs import Given, by_contract, read_all

        inputs = read_all([Given.parse(contract, text) for contract in CONTRACTS for text in files[contract]], strict=False, step=_quiet)
        return explain(person, rule, by_contract(inputs), as_of=as_of)
    from shebao.store import Office

    office = Office(desk.home)
    return from_store(office.reading, office.unit, office.home, office.actor, office.now(), Asked(person, rule, as_of, reveal))


def _masked(told: dict[str, Any]) -> dict[str, Any]:
    """The summary for a screen: identity numbers and accounts masked; summary.json itself holds them in full."""
    from controls.trail import redact
    from ledger.identity import mask_number

    shown: dict[str, Any] = redact(told)
    for contract, bad in told["bad_numbers"].items():
        shown["bad_numbers"][contract]["first"] = [one | {"number": mask_number(one["number"])} for one in bad["first"]]
    return shown


def _quiet(_: str) -> None:
    """No terminal, no progress."""


def _status() -> Any:
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status("准备")


def _tell(swept: Swept, out: Path, mask: bool) -> None:
    """What an accountant wants to read: what was taken in, what was found, what was not looked at, where the papers lie."""
    from controls.findings import by_number
    from shebao.cli import show

    told: dict[str, Any] = swept.summary
    rows: list[Sequence[object]] = [
        (
            CONTRACTS[one.contract], one.file, one.kind, f"{one.rows_good:,}", f"{one.rows_rejected:,}", _yuan(one.amount),
            one.coverage.until("", False), _heads(one),
        )
        for one in swept.inputs
    ]  # fmt: skip
    heads = ["数据", "文件", "类型编码", "可用行", "坏行", "金额合计", "可判断到", "列名识别"]
    show.table("读入的数据", heads, rows, right=["可用行", "坏行", "金额合计"])
    rows = []
    for code in sorted({*told["rules_run"], *told["rules_not_run"]}, key=by_number):
        found = told["findings_by_rule"].get(code)
        note = told["rules_not_run"].get(code, "")
        if found is None:
            rows.append((code, _name(code), "—", "", "", "", "", f"未运行：{note}"))
        else:
            levels = [found[level] or "" for level in SEVERITY]
            amount = grouped(found["amount"]) if found["findings"] else ""
            rows.append((code, _name(code), found["findings"], *levels, amount, note and f"部分未运行：{note}"))
    heads = ["规则", "名称", "疑点", "高", "中", "低", "涉及金额（元）", "说明"]
    show.table(f"检查结果（截至 {told['as_of'] or '无'}）", heads, rows, right=["疑点", "高", "中", "低", "涉及金额（元）"])
    _left_out(told)
    idle_templates(told)
    click.echo(f"疑点 {told['findings']:,} 条，去重涉及金额 {grouped(told['distinct_amount'])} 元，用时 {told['seconds']} 秒。疑点是核查线索，不是结论。")
    tests = told["self_test"].values()
    done = (("planted_found", "planted"), ("false_friends_clean", "false_friends"))
    planted, friends = (f"{sum(one[good] for one in tests)}/{sum(one[every] for one in tests)}" for good, every in done)
    click.echo(f"规则自检：植入的疑点查出 {planted}，易混的情形未误报 {friends}。")
    for path in swept.written:
        click.echo(f"  {path}")
    masked = "疑点清单.xlsx 已脱敏，其余" if mask else "其中"
    click.echo(f"{out} 已设为仅本人可读（目录 700，文件 600）：{masked}文件含完整证件号码，请勿外传。")


def _left_out(told: dict[str, Any]) -> None:
    from shebao.cli import show

    rows: list[Sequence[object]] = [(CONTRACTS[one["contract"]], one["reason"], f"{one['rows']:,}", grouped(one["amount"])) for one in told["rows_left_out"]]
    rows += [(CONTRACTS[one["contract"]], f"警告 {one['code']}：{one['reason']}", one["count"], "") for one in told["warnings"]]
    if told["unmatched_reversals"]:
        rows.append((CONTRACTS["payments"], "冲正、退回找不到可冲销的发放（见 summary.json）", len(told["unmatched_reversals"]), ""))
    rows += [(CONTRACTS[contract], "证件号码有误，姓名也相同的才按号码比对", bad["rows"], "") for contract, bad in told["bad_numbers"].items()]
    if rows:
        show.table("未纳入与警告", ["数据", "原因", "行数", "金额（元）"], rows, right=["行数", "金额（元）"])


def _heads(one: Any) -> str:
    if one.taken is None:
        return ""
    head = one.taken.header
    renamed = "、".join(f"{found}→{name}" for name, found in head.recognised.items() if found != name)
    left = "、".join([*head.unused, *head.unknown])
    return "；".join(part for part in (renamed, f"未用：{left}" if left else "") if part)


def _name(code: str) -> str:
    from controls.checks.catalogue import rules

    return next(rule.name_zh for rule in rules() if rule.code == code)


def _yuan(fen: int | None) -> str:
    from ledger.money import show as yuan

    return "" if fen is None else yuan(fen)
