"""`shebao verify`: proves the books again, or one PDF against them."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--witness", default=None, help="外部留存的链头：序号:哈希（印在 PDF 页脚），或 shebao trail witness 写成的文件。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def verify(desk: Desk, file: Path | None, witness: str | None, json_: bool) -> int:
    """重新证明账：借贷平衡、凭证连号、余额=分录、内容与摘要、留痕链、快照文件；或证明一份 PDF。

    \b
    例：
      shebao verify
      shebao verify 报表/R-2026-01-会社保01资产负债表.pdf
      shebao verify --witness 153:9f2c…
      shebao verify --witness 链头.jsonl
    """
    from shebao.cli.show import as_json, table
    from shebao.store import Office
    from shebao.verification import verify_paper, verify_store

    office = Office(desk.home)
    results = verify_paper(office, file) if file else verify_store(office, witness)
    if json_:
        as_json([{"invariant": r.code, "ok": r.ok, "text": r.text} for r in results])
    else:
        table("核验" + (f" {file.name}" if file else ""), ("不变量", "结果", "说明"), [(r.code, "成立" if r.ok else "不成立", r.text) for r in results])
        click.echo("全部成立。" if all(r.ok for r in results) else "有不成立的项目：停止记账，保留现场，按说明处理。")
    return 0 if all(r.ok for r in results) else 1
