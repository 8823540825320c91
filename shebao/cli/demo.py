"""`shebao demo`: a synthetic county, its bank, and the comparison with the truth (示范县)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.months import Month

if TYPE_CHECKING:
    from shebao.demo.bank import Paid
    from shebao.demo.generate import Made
    from shebao.demo.score import Score


@click.group(invoke_without_command=True)
@click.option("--persons", default=20_000, show_default=True, help="人数（300000 也可以）。")
@click.option("--seed", default=1, show_default=True, help="随机种子：同一种子、人数、月份，文件逐字节相同。")
@click.option("--month", default="2026-10", show_default=True, help="故事发生的月份。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True, help="输出目录。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印写出了什么。")
@click.pass_context
def demo(ctx: click.Context, persons: int, seed: int, month: str, out: Path, as_json: bool) -> None:
    """生成虚拟县的全部来源文件和真值；全部人员均为编造。

    文件写入 OUT/files，真值写入 OUT/truth（系统从不读取）。

    \b
    例：
      shebao demo --persons 20000 --seed 1 --out demo/
      shebao demo bank --out demo/ --bankfile 代发_居保.csv --bankfile 代发_企业养老.csv
      shebao demo score --truth demo/truth/truth.csv --findings demo/audit/findings.csv
    """
    if ctx.invoked_subcommand is not None:
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from shebao.demo.county import County
    from shebao.demo.generate import generate

    county = County(persons, seed, Month.parse(month))
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("造县", total=persons)
        made = generate(county, out, lambda people: bar.advance(task, people))
    _report(made, as_json)


def _report(made: Made, as_json: bool) -> None:
    facts = {
        "out": str(made.out), "files": len(made.notes), "truth": made.truths, "friends": made.friends, "roster_lines": made.roster_lines,
        "roster_fen": made.roster_fen, "held": made.held,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    from ledger.money import show

    table = Table("文件", "合同", "编码", "行数", title=f"已写入 {made.out}/files")
    for note in made.notes:
        table.add_row(note.name, note.contract, note.encoding, f"{note.rows:,}")
    Console().print(table)
    for fund, lines in sorted(made.roster_lines.items()):
        click.echo(f"花名册 {fund}：{lines:,} 行，{show(made.roster_fen[fund])} 元")
    click.echo(f"真值：{made.truths} 条疑点，{made.friends} 人貌似而非，{len(made.held)} 人本月应拦下；写入 {made.out}/truth")


@demo.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path("demo"), show_default=True, help="shebao demo 的输出目录。")
@click.option("--bankfile", "bankfiles", multiple=True, required=True, metavar="FILE", help="已放行的代发文件，可重复；认不出险种时写成 'FILE::险种=R'。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印银行做了什么。")
def bank(out: Path, bankfiles: tuple[str, ...], as_json: bool) -> None:
    """模拟银行：代发、回盘（约 0.3 % 失败）、当月支出户对账单。

    银行只看代发文件和 OUT/plan.json 中属于银行的部分。

    \b
    例：
      shebao demo bank --out demo/ --bankfile demo/out/代发_居保.csv
    """
    from shebao.demo.bank import pay

    paid = [pay(out, given) for given in bankfiles]
    if as_json:
        click.echo(json.dumps([_paid(one) for one in paid], ensure_ascii=False))
        return
    from ledger.money import show

    for one in paid:
        click.echo(
            f"{one.fund}：批量代发 {one.lines:,} 笔 {show(one.batch)} 元，失败 {one.failed} 笔 {show(one.failed_fen)} 元，日后退汇 {show(one.back_fen)} 元"
        )
        click.echo(f"  支出户期初 {show(one.opening)} 元，期末 {show(one.closing)} 元；另有 {len(one.timing)} 项单位尚未入账")
        click.echo(f"  回盘 {one.return_file}")
        click.echo(f"  对账单 {one.statement}")
        for file in one.receipts.values():
            click.echo(f"  单笔回单 {file}")


def _paid(one: Paid) -> dict[str, object]:
    return {
        "fund": one.fund, "lines": one.lines, "batch": one.batch, "failed": one.failed, "failed_fen": one.failed_fen, "back_fen": one.back_fen,
        "opening": one.opening, "closing": one.closing, "return_file": str(one.return_file), "statement": str(one.statement), "timing": one.timing,
        "receipts": {account: str(file) for account, file in one.receipts.items()},
    }  # fmt: skip


@demo.command()
@click.option("--truth", type=click.Path(path_type=Path, dir_okay=False), required=True, help="真值文件 truth.csv。")
@click.option("--findings", type=click.Path(path_type=Path, dir_okay=False), required=True, help="shebao audit check 写出的 findings.csv。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 打印，含每一条差异。")
def score(truth: Path, findings: Path, as_json: bool) -> None:
    """与真值比对：各规则的查准率和查全率。已运行的精确规则全部 100 % 时退出码为 0，否则为 1。

    \b
    例：
      shebao demo score --truth demo/truth/truth.csv --findings demo/audit/findings.csv
    """
    from shebao.demo.score import score as compare

    result = compare(truth, findings)
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        _print_score(result)
    sys.exit(0 if result.perfect else 1)


def _print_score(result: Score) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="与真值比对")
    table.add_column("规则", no_wrap=True)
    for head in ("真值", "查出", "相符", "查准率", "查全率"):
        table.add_column(head, justify="right")
    table.add_column("")
    for rule in result.rules:
        if not rule.run:
            table.add_row(rule.rule, str(rule.truth), "", "", "", "", "未运行")
            continue
        note = "关联识别，不计入" if rule.linked else "✓" if rule.perfect else "✗"
        table.add_row(rule.rule, str(rule.truth), str(rule.found), str(rule.right), f"{rule.precision:.1%}", f"{rule.recall:.1%}", note)
    console = Console()
    console.print(table)
    for label, keys in (("漏查", result.missing), ("多查或不符", result.extra)):
        for key in keys[:20]:
            console.print(f"  {label}：{' '.join(key)}", soft_wrap=True)
        if len(keys) > 20:
            console.print(f"  {label}共 {len(keys)} 条，其余用 --json 查看")
    counted = [rule for rule in result.rules if rule.run and not rule.linked]
    verdict = "全部 100 %" if result.perfect else "未达 100 %"
    rest = f"；另有 {result.not_run} 条真值的规则未运行，未比对" if result.not_run else ""
    console.print(f"已运行的精确规则 {len(counted)} 条：{verdict}{rest}。", soft_wrap=True)


@demo.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path("demo"), show_default=True, help="shebao demo 的输出目录。")
@click.option("--db", default=None, help="数据库地址，默认 OUT/office 下的 SQLite。")
def play(out: Path, db: str | None) -> None:
    """从来源文件到报表演完一个月：逐条执行 shebao 命令并显示，全部结果在 OUT 下。

    先运行 shebao demo 生成文件；重演时清空 OUT/office、papers、books、audit。

    \b
    例：
      shebao demo --persons 20000 --seed 1 --out demo/
      shebao demo play --out demo/
    """
    from shebao.cli import execute
    from shebao.demo.play import play as perform

    stage = perform(out, click.echo, execute, db)
    click.echo(f"\n完成：{stage.steps} 条命令，{stage.seconds:.0f} 秒。结果：")
    for folder, what in RESULTS:
        click.echo(f"  {out / folder!s:<26}  {what}")
    tools = Path(sys.executable).parent
    click.echo("下一步：")
    for command, what in (
        (f"{tools / 'shebao'} --home {out / 'office'} voucher list --fund R", "看凭证"),
        (f"{tools / 'shebao'} --home {out / 'office'} verify", "重新证明账的不变量和留痕链"),
        (f"{tools / 'fava'} {out / 'books' / 'yunling' / 'R' / 'main.beancount'}", "用 Fava 看账簿"),
    ):
        click.echo(f"  {command}\n      {what}")


RESULTS = (
    ("files", "各部门来源文件（README.txt 说明每个文件）"),
    ("office", "数据库和导入快照"),
    ("bank", "银行代发文件"),
    ("papers", "会社保01/02 报表和余额调节表（PDF、XLSX、CSV、JSON）"),
    ("people-papers", "代缴清册、动态清零、台账、用款申请书、预算执行、低保专账（PDF 可用 verify 核验）"),
    ("books", "Beancount 账簿，可用 bean-check、Fava 打开"),
    ("audit", "疑点：findings.csv、疑点清单.xlsx、summary.json"),
    ("sweep", "库内全面筛查的同样三份结果；疑点及其经过登记在库"),
    ("truth", "真值（系统从不读取）"),
    ("commands.txt", "刚才执行的全部命令"),
)
