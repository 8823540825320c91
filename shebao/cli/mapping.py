"""`shebao mapping`: saved ways of reading files (读法), by name."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk


@click.group()
def mapping() -> None:
    """读法（表头映射）：某个单位的文件怎样读，存下来按名称再用。

    \b
    例：
      shebao import payments 农商行.xls --column 领取额=金额 --save-mapping 农商行
      shebao import 农商行2月.xls --mapping 农商行
    """


@mapping.command("list")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """在用的读法：名称、版本、文件种类、谁在哪天存的。

    \b
    例：
      shebao mapping list
    """
    from controls.intake import mappings
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        found = [mappings.current(connection, office.home, name) for name in mappings.names(connection, office.home)]
    if json_:
        as_json([one.model_dump(mode="json") for one in found])
        return
    if not found:
        click.echo("还没有存下的读法。导入时加 --save-mapping 名称 即可存一个。")
        return
    rows = [(one.mapping, one.version, one.contract, len(one.columns), one.valid_from, one.saved_by, one.reference) for one in found]
    table("读法", ("名称", "版本", "种类", "列数", "自", "存者", "来自"), rows, right=("版本", "列数"))


@mapping.command()
@click.argument("name")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def show(desk: Desk, name: str, json_: bool) -> None:
    """一个读法的全部内容：哪个表头读作哪一列，单位，给出的值，本地名称的归类。

    \b
    例：
      shebao mapping show 农商行
    """
    from controls.intake import contracts, mappings
    from controls.intake.samples import CLASSES, STATUSES
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        one = mappings.current(connection, office.home, name)
    if json_:
        as_json(one.model_dump(mode="json"))
        return
    click.echo(f"{one.mapping}（第 {one.version} 版）：{one.contract}（{contracts.load(one.contract).title}）")
    click.echo(f"  {one.valid_from} 由 {one.saved_by} 存，{one.reference}")
    table("", ("文件中的表头", "规范列名", "单位"), [(found, canonical, one.units.get(canonical, "")) for found, canonical in one.columns.items()])
    for title, pairs in (
        ("随文件给出", one.values),
        ("待遇类型", {name: CLASSES[word] for name, word in one.items.items()}),
        ("发放状态", {name: STATUSES[word] for name, word in one.statuses.items()}),
        ("已回答", one.answers),
    ):
        if pairs:
            click.echo(f"{title}：" + "、".join(f"{key}={value}" for key, value in pairs.items()))
    if one.left:
        click.echo(f"不读的列：{'、'.join(one.left)}")
    forced = [f"{word} {value}" for word, value in (("编码", one.encoding), ("分隔符", one.delimiter), ("工作表", one.sheet)) if value]
    if forced:
        click.echo(f"指定：{'，'.join(forced)}")


@mapping.command()
@click.argument("name")
@click.pass_obj
def delete(desk: Desk, name: str) -> None:
    """停用一个读法；它的文件留着备查，留痕里有记录。

    \b
    例：
      shebao mapping delete 农商行
    """
    from controls.intake import mappings
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        gone = mappings.delete(work, office.home, name, actor, office.now())
        work.commit()
    click.echo(f"读法“{name}”（第 {gone.version} 版）已停用。")


@mapping.command()
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个 YAML 文件。")
@click.pass_obj
def export(desk: Desk, name: str, out: Path) -> None:
    """把一个读法写成 YAML 文件，可交给别的单位使用（shebao mapping load）。

    \b
    例：
      shebao mapping export 农商行 --out 农商行读法.yaml
    """
    from controls.intake import mappings
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        one = mappings.current(connection, office.home, name)
    if out.exists():
        raise click.BadParameter(f"文件 {out} 已存在，没有覆盖；换一个文件名。", param_hint="--out")
    out.write_text(one.text(), encoding="utf-8", newline="\n")
    click.echo(f"已写到 {out}")


@mapping.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", default="", help="换一个名称存；默认用文件里的名称。")
@click.pass_obj
def load(desk: Desk, file: Path, name: str) -> None:
    """收下一个读法的 YAML 文件（别的单位交来的，或手工改过的）；同名的成为新的一版。

    \b
    例：
      shebao mapping load 农商行读法.yaml
    """
    from controls.intake import mappings
    from controls.intake.mapping import checked_name, parse
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    found = parse(file)
    if name:
        found = found.model_copy(update={"mapping": checked_name(name)})
    with office.unit() as work:
        made = mappings.save(work, office.home, found, actor, office.now(), act="mapping.load")
        work.commit()
    click.echo(f"读法“{made.mapping}”已存为第 {made.version} 版（{made.contract}，{len(made.columns)} 列）。")
