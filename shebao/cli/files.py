"""`shebao files`: what has been taken in, what each file covers, and what changed between two of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, NUMBER
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.intake.coverage import Coverage
    from controls.intake.differences import Differences
    from controls.intake.snapshots import SourceFile, Use
    from shebao.store import Office

SHOWN = 20


@click.group(invoke_without_command=True)
@click.option("--kind", default="", help="只列一种文件，如 bank、payments。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_context
def files(context: click.Context, kind: str, json_: bool) -> None:
    """已导入的文件：编号、种类、来源、截至日期、覆盖范围、是否在用、行数、控制合计、导入人。

    \b
    例：
      shebao files --kind deaths
      shebao files show 3
      shebao files diff 3 7
    """
    if context.invoked_subcommand is None:
        _list(context.obj, kind, json_)


def _list(desk: Desk, kind: str, json_: bool) -> None:
    from controls.intake import register
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        found = register.files(connection, kind)
        used = {one.file_id for contract in {one.contract for one in found} for one in register.current(connection, contract)}
    if json_:
        as_json([{**_facts(one), **_standing(one, found, used)} for one in found])
        return
    rows = [
        (
            one.file_id, one.contract, one.name, one.source, one.as_of if one.stated else "未说明", _standing_zh(one, found, used), _span(one),
            f"{one.rows:,}", show(one.control_fen) if one.control_fen else "", one.taken_by, one.taken_at[:10],
        )
        for one in found
    ]  # fmt: skip
    heads = ("编号", "种类", "文件", "来源", "截至", "使用", "覆盖", "行数", "控制合计（元）", "导入人", "导入日期")
    table("已导入的文件", heads, rows, right=("编号", "行数", "控制合计（元）"))


def _facts(one: SourceFile) -> dict[str, Any]:
    import json

    from controls.intake import snapshots

    cited = snapshots.cite(one)
    return {
        "file_id": one.file_id, "contract": one.contract, "name": one.name, "source": one.source, "as_of": one.as_of, "as_of_stated": bool(one.stated),
        "until": cited.until, "kind": one.kind, "fund": one.fund, "rows": one.rows, "rejected": one.rejected, "control_fen": one.control_fen,
        "coverage": json.loads(one.coverage), "sha256": one.sha256, "parquet_sha256": one.parquet_sha256, "taken_at": one.taken_at, "taken_by": one.taken_by,
    }  # fmt: skip


def _standing(one: SourceFile, found: list[SourceFile], used: set[int]) -> dict[str, Any]:
    from controls.intake import snapshots

    newer = snapshots.replacing(one, found)
    return {"in_use": one.file_id in used, "replaced_by": max((other.file_id for other in newer), default=None)}


def _standing_zh(one: SourceFile, found: list[SourceFile], used: set[int]) -> str:
    """``全量，在用``; files that are no list are simply in use."""
    from controls.intake.lists import KIND_ZH, rule

    told, known = _standing(one, found, used), rule(one.contract)
    standing = "在用" if told["in_use"] else f"已由 {told['replaced_by']} 代替" if told["replaced_by"] else "未启用"
    return f"{KIND_ZH[one.kind]}，{standing}" if known and known.outside else standing


def _span(one: SourceFile) -> str:
    import json

    from controls.intake.coverage import period_text

    told = json.loads(one.coverage)
    first, last = period_text(told["first"]), period_text(told["last"])
    return f"{first} 至 {last}" if first != last else first


@files.command("show")
@click.argument("file_id", type=NUMBER, metavar="编号")
@click.option("--months", is_flag=True, help="逐月列出行数和控制合计。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def show_(desk: Desk, file_id: int, months: bool, json_: bool) -> None:
    """一份文件的来源、摘要、覆盖范围，据此能判断什么，以及哪些检查用过它。

    \b
    例：
      shebao files show 3
      shebao files show 3 --months
    """
    from controls import screening
    from controls.intake import register, snapshots
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        one = register.file(connection, file_id)
        others = register.files(connection, one.contract)
        used = {other.file_id for other in register.current(connection, one.contract)}
        covered, using = snapshots.stored_coverage(connection, one), snapshots.use(connection, file_id)
        checks = screening.citing(connection, file_id)
    if json_:
        cells = [{"fund": cell.fund, "region": cell.region, "period": cell.period, "rows": cell.rows, "fen": cell.fen} for cell in covered.cells]
        says = covered.says(one.as_of, bool(one.stated))
        as_json({**_facts(one), **_standing(one, others, used), "says": says, "cells": cells, "use": _use(using), "checks": checks})
        return
    _head(one, _standing_zh(one, others, used), using)
    click.echo("据此判断：")
    for sentence in covered.says(one.as_of, bool(one.stated)):
        click.echo(f"  {sentence}")
    _cells(covered, months)
    for roster_id, check_no in checks:
        click.echo(f"花名册 {roster_id} 第 {check_no} 次检查用过此文件")


def _use(using: Use | None) -> dict[str, Any] | None:
    import json

    if using is None:
        return None
    counts = json.loads(using.differences) if using.differences else {}
    return {"at": using.used_at, "by": using.used_by, "against": list(using.against), "differences": counts}


def _head(one: SourceFile, standing: str, using: Use | None) -> None:
    click.echo(f"编号 {one.file_id}：{one.name}（{one.contract}），{standing}")
    stated = "" if one.stated else "（导入时未说明，取导入日）"
    click.echo(f"来源 {one.source or '未说明'}，截至 {one.as_of}{stated}；{one.taken_at[:16]} 由 {one.taken_by} 导入，{one.rows:,} 行，退回 {one.rejected} 行")
    click.echo(f"文件 SHA-256 {one.sha256}")
    click.echo(f"快照 SHA-256 {one.parquet_sha256}")
    told = _use(using)
    if told and told["differences"]:
        counts = told["differences"]
        against = "、".join(map(str, told["against"]))
        click.echo(
            f"启用时与编号 {against} 比较（{told['by']} 所见）：新增 {counts['new']:,}、消失 {counts['gone']:,}、"
            f"不同 {counts['different']:,}、未变 {counts['unchanged']:,}"
        )


def _cells(covered: Coverage, months: bool) -> None:
    from controls.intake.coverage import period_text
    from ledger.money import show

    places: dict[tuple[str, str], list[Any]] = {}
    for cell in covered.cells:
        places.setdefault((cell.fund, cell.region), []).append(cell)
    rows: list[tuple[object, ...]] = []
    for (fund, region), cells in places.items():
        if months:
            rows += [(fund, region, period_text(cell.period) or "（无）", f"{cell.rows:,}", show(cell.fen) if cell.fen else "") for cell in cells]
            continue
        dated = [cell.period for cell in cells if cell.period]
        span = f"{period_text(min(dated))} 至 {period_text(max(dated))}（{len(dated)} 个月有数据）" if dated else "（无）"
        fen = sum(cell.fen for cell in cells)
        rows.append((fund, region, span, f"{sum(cell.rows for cell in cells):,}", show(fen) if fen else ""))
    table("覆盖范围", ("险种", "统筹区", "月份", "行数", "控制合计（元）"), rows, right=("行数", "控制合计（元）"))


@files.command()
@click.argument("old", type=NUMBER, metavar="旧编号")
@click.argument("new", type=NUMBER, metavar="新编号")
@click.option("--csv", "csv", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE", help="把全部差异写成 CSV，仅本人可读。")
@click.option("--most", type=COUNT, default=SHOWN, show_default=True, metavar="N", help="屏幕上每类最多列出 N 行。")
@click.option("--reveal", is_flag=True, help="显示完整证件号码、姓名和账号；每次都留痕。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def diff(desk: Desk, old: int, new: int, csv: Path | None, most: int, reveal: bool, json_: bool) -> None:
    """两份同种文件逐行比较：新增、消失、不同（哪一栏、由何值变为何值）。

    \b
    例：
      shebao files diff 3 7
      shebao files diff 3 7 --csv 差异.csv
    """
    from controls.intake.differences import HEADS
    from shebao.store import Office

    office = Office(desk.home)
    found = _compared(office, old, new)
    rows = list(found.rows(reveal=_seen(office, new, found, reveal), most=None if csv else most))
    if csv:
        _write(csv, rows)
    if json_:
        as_json({"old": old, "new": new, **found.counts, "rows": [dict(zip(HEADS, row, strict=True)) for row in rows]})
        return
    for sentence in found.sentences()[:1]:
        click.echo(sentence)
    shown: list[tuple[str, ...]] = []
    for sort in ("不同", "消失", "新增"):
        shown += [row for row in rows if row[0] == sort][:most]
    table("", HEADS, shown)
    if csv:
        click.echo(f"全部 {len(rows):,} 行差异已写入 {csv}（仅本人可读）")


def _compared(office: Office, old: int, new: int) -> Differences:
    """The two files compared, whichever way they are used."""
    from dataclasses import replace

    from controls.intake import differences, register
    from controls.intake.errors_lists import NotComparable

    with office.reading() as connection:
        before, after = register.file(connection, old), register.file(connection, new)
    if before.contract != after.contract:
        raise NotComparable(old=old, new=new, why=f"一份是 {before.contract}，一份是 {after.contract}")
    return replace(differences.compare(before.contract, [before.path(office.home)], after.path(office.home)), against=(old,))


def _seen(office: Office, new: int, found: Differences, reveal: bool) -> bool:
    """Whether full numbers may be shown: the reading is recorded first (C6); raises SB3001."""
    from shebao.cli.rosterlists import masks

    count = found.new.num_rows + found.gone.num_rows + found.different
    masks(office, f"file:{new}", "名单差异", count, reveal)
    return reveal


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    from controls.intake.differences import HEADS
    from ledger.sheets import write_people_csv

    write_people_csv(path, [HEADS, *rows], encoding="utf-8-sig")
    path.chmod(0o600)
