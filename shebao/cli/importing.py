"""`shebao import`: a file of any kind taken in, whole or not at all, with what was recognised and the control totals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.intake.reader import Taken
    from controls.intake.register import SourceFile
    from shebao.store import Office

MOST_WARNINGS = 10


def kind_of(text: str) -> str:
    """A contract by its name or Chinese title; raises SB2020 for neither."""
    from controls.intake import contracts

    for name in contracts.names():
        if text == contracts.load(name).title:
            return name
    return contracts.load(text).contract


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for text in given:
        name, sign, meaning = text.partition("=")
        if not (name and sign and meaning):
            raise click.BadParameter(f"写作 {option} 名称=归类", param_hint=option)
        pairs[name] = meaning
    return pairs


@click.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--values", default="", help="对整个文件成立的值，如 险种=R,统筹区=620821。")
@click.option("--source", default="", help="数据来源，如 公安、民政、银行。")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="数据截至日期；默认今天。")
@click.option("--item", "items", multiple=True, help="说明一个不认识的待遇类型属于哪一类，如 村医补助=allowance；可多次。")
@click.option("--status", "statuses", multiple=True, help="说明一个不认识的发放状态，如 已入账=paid；可多次。")
@click.option("--encoding", default=None, help="指定编码（默认自动识别），如 gb18030。")
@click.option("--sheet", default=None, help="指定工作表。")
@click.option("--explain", is_flag=True, help="只显示识别结果，不导入。")
@click.option("--accept-valid", is_flag=True, help="有错误行时只收正确的行，错误行退回改正。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def import_(
    desk: Desk, kind: str, file: Path, values: str, source: str, as_of: datetime | None, items: tuple[str, ...], statuses: tuple[str, ...],
    encoding: str | None, sheet: str | None, explain: bool, accept_valid: bool, json_: bool,
) -> None:  # fmt: skip
    """导入文件：KIND 为文件种类（roster、deaths、bank …，或其中文名），FILE 为 CSV、XLSX 或 XLS。

    先显示识别出的表头和合计，再整体导入；有错误行则不导入任何数据，错误清单写到数据目录的 rejects 下（退出码 2）。

    \b
    例：
      shebao import roster 居民养老花名册.csv --values 险种=R,统筹区=620821
      shebao import deaths 死亡名单.xlsx --source 公安 --as-of 2026-01-10
      shebao import payments 发放明细.csv --explain
    """
    from controls.intake import reader, register
    from shebao.store import Office

    contract = kind_of(kind)
    if contract == "bank-return":
        raise click.UsageError("回盘要与送盘逐行核对，请用：shebao bankfile return 花名册编号 文件")
    office = Office(desk.home)
    actor = office.actor
    register.duty_for(actor, contract)
    given: dict[str, str] = reader.split_values(f"{file.name}::{values}")[1] if values else {}
    if source and contract in {"deaths", "custody", "entitled"}:
        given.setdefault("数据来源", source)
    names: Mapping[str, Mapping[str, str]] = {"items": _pairs(items, "--item"), "status": _pairs(statuses, "--status")}
    taken = reader.read(file, contract, values=given, encoding=encoding, sheet=sheet, unknown="other" if explain else "refuse", names=names)
    if explain:
        _say(taken, None, "", json_)
        return
    made, rejects = _take(office, taken, source, as_of.date() if as_of else None, accept_valid, quiet=json_)
    _say(taken, made, rejects, json_)


def _take(office: Office, taken: Taken, source: str, as_of: date | None, accept_valid: bool, *, quiet: bool) -> tuple[SourceFile, str]:
    from controls.errors import RowsWithErrors
    from controls.intake import register

    rejects = ""
    try:
        with office.unit() as work:
            made = register.take(work, office.home, taken, office.actor, office.now(), source=source, as_of=as_of, accept_valid=accept_valid)
            work.commit()
    except RowsWithErrors as refusal:
        path = register.write_rejects(office.home, taken)
        if not quiet:
            _recognised(taken)
            _troubles(taken)
        raise RowsWithErrors(**{**refusal.facts, "rejects": path}) from refusal
    if taken.rejects:
        rejects = str(register.write_rejects(office.home, taken))
    return made, rejects


def _say(taken: Taken, made: SourceFile | None, rejects: str, json_: bool) -> None:
    from ledger.money import show

    rows, fen = taken.control
    if json_:
        as_json(_facts(taken, made, rejects))
        return
    _recognised(taken)
    _troubles(taken)
    for total in taken.totals:
        click.echo(f"第 {total.line} 行“{total.label}”{total.column} {show(total.fen)} 元，与明细相符")
    if made is None:
        click.echo(f"可导入 {rows} 行，合计 {show(fen)} 元；错误 {taken.rows_read - rows} 行。未导入（--explain）。")
        return
    click.echo(f"已导入，编号 {made.file_id}：{rows} 行，控制合计 {show(fen)} 元；SHA-256 {taken.sha256[:16]}…")
    if rejects:
        click.echo(f"退回 {made.rejected} 行：{rejects}")


def _recognised(taken: Taken) -> None:
    head = taken.header
    title = f"{taken.path.name}：{taken.contract}，{taken.encoding}" + (f"，工作表 {taken.sheet}" if taken.sheet else "") + f"，表头在第 {head.header_line} 行"
    rows = [(name, found, head.units.get(name, "")) for name, found in head.recognised.items()]
    rows += [(name, f"（全文件）{value}", "") for name, value in head.given.items()]
    click.echo(title)
    table("", ("栏目", "文件中的表头", "单位"), rows)
    if head.unused:
        click.echo(f"未采用（有更具体的列）：{'、'.join(head.unused)}")
    if head.unknown:
        click.echo(f"不认识的表头，不导入：{'、'.join(head.unknown)}")
    for line, why in taken.passed_over[:MOST_WARNINGS]:
        click.echo(f"第 {line} 行略过：{why}")


def _troubles(taken: Taken) -> None:
    from controls.trail import redact

    for title, found in (("错误", taken.rejects), ("提醒", taken.warnings)):
        if found:
            shown = [(item.line, item.column, redact(item.value), item.code, redact(item.reason_zh)) for item in found[:MOST_WARNINGS]]
            table(
                f"{title} {len(found)} 处" + (f"（列出前 {MOST_WARNINGS} 处）" if len(found) > MOST_WARNINGS else ""),
                ("行", "栏目", "值", "代码", "原因"),
                shown,
            )


def _facts(taken: Taken, made: SourceFile | None, rejects: str) -> dict[str, Any]:
    rows, fen = taken.control
    return {
        "file_id": made.file_id if made else None, "contract": taken.contract, "name": taken.path.name, "sha256": taken.sha256, "encoding": taken.encoding,
        "sheet": taken.sheet, "header_line": taken.header.header_line, "recognised": taken.header.recognised, "unknown": taken.header.unknown,
        "rows": rows, "control_fen": fen, "rejected": taken.rows_read - rows, "rejects": rejects, "warnings": len(taken.warnings),
        "totals": [{"line": total.line, "column": total.column, "fen": total.fen} for total in taken.totals],
    }  # fmt: skip
