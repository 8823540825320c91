"""How an import and its explanation look on the screen (导入的显示): sheets, columns, rows, samples, doubts, and what to run next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from shebao.cli.show import table

if TYPE_CHECKING:
    from controls.intake.explain import DoubtsOfAKind, Explanation
    from controls.intake.register import SourceFile
    from controls.intake.taken import Taken

LEVELS = {"error": "错误", "ask": "要回答", "warn": "提醒", "tell": "说明"}
KINDS = {"csv": "文本", "xlsx": "工作簿 XLSX", "xls": "工作簿 XLS", "parquet": "Parquet"}
DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
MOST_SAMPLE_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Ending:
    """How one of several files ended: ``status`` is its exit status, ``number`` that of the file taken in (0 when none was)."""

    file: str
    contract: str
    rows: int = 0
    fen: int = 0
    rejected: int = 0
    warnings: int = 0
    number: int = 0
    status: int = 0
    said: str = ""


def explained(told: Explanation) -> None:
    """The whole explanation of one file."""
    _head(told)
    if told.columns:
        rows = [(seen.place, seen.found, seen.canonical, seen.read_as, seen.unit) for seen in told.columns]
        rows += [("", f"（随文件给出）{value}", name, "", "") for name, value in told.given.items()]
        rows += [("", f"（表头上方）{value}", name, "", "") for name, value in told.above.items()]
        table("认出的列", ("列", "文件中的表头", "规范列名", "读作", "单位"), rows)
    if told.left:
        left = [(seen.place, seen.found, seen.why, f"您是不是指“{seen.perhaps}”？" if seen.perhaps else "") for seen in told.left]
        table("没有用的列（不导入）", ("列", "文件中的表头", "原因", "提示"), left)
    if told.trouble is not None:
        _trouble(told)
    else:
        _rows(told)
    _doubts(told.doubts)
    if told.outcome:
        click.echo("若现在导入：")
        for sentence in told.outcome:
            click.echo(f"  {sentence}")
    if told.commands:
        click.echo("下一步：" if len(told.commands) == 1 else "下一步（任选其一）：")
        for command in told.commands:
            click.echo(f"  {command}")


def recognised(told: Explanation) -> None:
    """What is shown before a file is taken in: columns, rows passed over, totals, doubts."""
    _head(told)
    rows = [(seen.place, seen.found, seen.canonical, seen.unit) for seen in told.columns]
    rows += [("", f"（随文件给出）{value}", name, "") for name, value in told.given.items()]
    rows += [("", f"（表头上方）{value}", name, "") for name, value in told.above.items()]
    table("", ("列", "文件中的表头", "规范列名", "单位"), rows)
    if told.left:
        click.echo("不导入的列：" + "、".join(f"{seen.found}（{seen.why}）" for seen in told.left))
    for passed in told.passed_over:
        click.echo(f"略过 {passed}")
    for total in told.totals:
        click.echo(total)
    pressing = [doubt for doubt in told.doubts if doubt.level != "tell"]
    _doubts(pressing)
    if len(pressing) < len(told.doubts):
        click.echo(f"另有 {len(told.doubts) - len(pressing)} 条说明，加 --explain 可看。")


def taken(read: Taken, made: SourceFile, rejects: str, again: str) -> None:
    """One file taken in, with its control totals; ``again``: the command that takes its rejects in once they are mended."""
    from ledger.money import show

    rows, fen = read.control
    click.echo(f"已导入，编号 {made.file_id}：{rows} 行，控制合计 {show(fen)} 元；SHA-256 {read.sha256[:16]}…")
    if rejects:
        click.echo(f"退回 {made.rejected} 行：{rejects}")
        click.echo("  红色的格子有错，格上的批注写着原因；改好后导入：")
        click.echo(f"  {again}")


def closing(endings: Sequence[Ending]) -> None:
    """The table behind several files."""
    from ledger.money import show

    rows: list[Sequence[object]] = [
        (
            one.file, one.contract, f"{one.rows:,}" if one.rows else "", show(one.fen) if one.fen else "", one.rejected or "", one.warnings or "",
            one.number or "—", one.said or ("已导入" if one.number else ""),
        )
        for one in endings
    ]  # fmt: skip
    table("导入结果", ("文件", "种类", "行数", "金额（元）", "退回", "提醒", "编号", "结果"), rows, right=("行数", "金额（元）", "退回", "提醒", "编号"))
    done = sum(bool(one.number) for one in endings)
    click.echo(f"{len(endings)} 份文件，导入 {done} 份，未导入 {len(endings) - done} 份。")


def _head(told: Explanation) -> None:
    how = [KINDS.get(told.kind, told.kind), told.encoding, DELIMITERS.get(told.delimiter, "") and f"{DELIMITERS[told.delimiter]}分隔"]
    click.echo(f"{told.file}：{told.contract}（{told.title}）" if told.contract else told.file)
    click.echo("  " + "，".join(part for part in how if part) + (f"；表头在第 {told.header_line} 行" if told.header_line else ""))
    if told.sheets:
        click.echo("  工作表：" + "、".join(f"{sheet.name}（{sheet.state}）" for sheet in told.sheets))
    if told.mapping:
        click.echo(f"  读法：{told.mapping}")


def _trouble(told: Explanation) -> None:
    trouble: Any = told.trouble
    click.echo(f"[{trouble['code']}] {trouble['message']}")
    click.echo(f"  原因：{trouble['cause']}")
    click.echo(f"  办法：{trouble['remedy']}")
    if told.candidates:
        click.echo("  表头最接近：" + "、".join(told.candidates))


def _rows(told: Explanation) -> None:
    from ledger.money import show

    money = f"；可用行金额合计 {show(told.fen)} 元" if any(seen.unit for seen in told.columns) else ""
    parts = f"（拆成 {told.rows_made:,} 笔）" if told.rows_made != told.rows_good else ""
    click.echo(f"数据行 {told.rows_read:,}：可用 {told.rows_good:,}{parts}，错误 {told.rows_bad:,}{money}")
    for total in told.totals:
        click.echo(f"  {total}")
    if told.passed_count:
        more = f"……共 {told.passed_count} 行" if told.passed_count > len(told.passed_over) else ""
        click.echo("  略过（不是数据）：" + "；".join(told.passed_over) + more)
    head, rows = told.sample_head, told.samples
    if rows:
        title = f"前 {len(rows)} 行会这样导入" + ("（已脱敏）" if told.masked else "（完整内容，已留痕）")
        for start in range(1, len(head), MOST_SAMPLE_COLUMNS):
            part = slice(start, start + MOST_SAMPLE_COLUMNS)
            table(title if start == 1 else "（续）", (head[0], *head[part]), [(row[0], *row[part]) for row in rows], right=("行",))


def _doubts(doubts: Sequence[DoubtsOfAKind]) -> None:
    if not doubts:
        return
    click.echo(f"疑问 {len(doubts)} 类：")
    for doubt in doubts:
        click.echo(f"  {LEVELS[doubt.level]} [{doubt.code}] {doubt.said}")
        if doubt.places and doubt.places[0] not in doubt.said:
            more = "……" if doubt.count > len(doubt.places) else ""
            click.echo(f"      共 {doubt.count} 处：{'；'.join(doubt.places)}{more}")
        if doubt.todo:
            click.echo(f"      怎么办：{doubt.todo}" + (f"（确认无误：加 {doubt.answer}）" if doubt.answer else ""))
