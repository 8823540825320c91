"""`shebao files`: what has been taken in."""

from __future__ import annotations

import click

from shebao.cli import Desk


@click.command()
@click.option("--kind", default="", help="只列一种文件，如 bank、payments。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def files(desk: Desk, kind: str, json_: bool) -> None:
    """已导入的文件：编号、种类、来源、截至日期、行数、控制合计、导入人。

    \b
    例：
      shebao files --kind bank
    """
    from controls.intake import register
    from ledger.money import show
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        found = register.files(connection, kind)
    if json_:
        as_json(
            [
                {
                    "file_id": f.file_id, "contract": f.contract, "name": f.name, "source": f.source, "as_of": f.as_of, "fund": f.fund,
                    "rows": f.rows, "rejected": f.rejected, "control_fen": f.control_fen, "sha256": f.sha256, "taken_at": f.taken_at, "taken_by": f.taken_by,
                }
                for f in found
            ]
        )  # fmt: skip
        return
    rows = [
        (f.file_id, f.contract, f.name, f.source, f.as_of, f"{f.rows:,}", show(f.control_fen) if f.control_fen else "", f.taken_by, f.taken_at[:16])
        for f in found
    ]
    table("已导入的文件", ("编号", "种类", "文件", "来源", "截至", "行数", "控制合计（元）", "导入人", "时间"), rows, right=("编号", "行数", "控制合计（元）"))
