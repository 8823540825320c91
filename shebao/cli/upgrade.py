"""`shebao upgrade`: brings the store's schema up to the program's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shebao.cli import Desk

if TYPE_CHECKING:
    from shebao.store import Office


@click.command()
@click.option("--dry-run", "dry", is_flag=True, help="只列出待升级的版本，不作改动。")
@click.pass_obj
def upgrade(desk: Desk, dry: bool) -> int:
    """程序升级后，把数据库结构升级到本程序的版本：要么全部完成，要么不动。先备份。

    \b
    例：
      shebao upgrade --dry-run
      shebao upgrade
    """
    from shebao import migrate
    from shebao.store import Office

    office = Office(desk.home)
    engine = office.reachable
    if not migrate.current(engine):
        raise migrate.NoSchema(table=migrate.VERSION_TABLE)
    if dry:
        waiting = migrate.pending(engine)
        click.echo("待升级：" + "、".join(waiting) if waiting else "数据库结构已是最新。")
        return 1 if waiting else 0
    done = migrate.upgrade(engine)
    click.echo("已升级：" + "、".join(done) if done else "数据库结构已是最新，未作改动。")
    return _pairs(office)


def _pairs(office: Office) -> int:
    """New pairs of incompatible duties are guarded from now on and tested against everybody who exists; 1 when somebody conflicts."""
    from controls.grants.conflicts import conflicts, lay_new_pairs
    from ledger.db import UnitOfWork

    with UnitOfWork(office.engine) as work:
        new = lay_new_pairs(work, office.now())
        found = conflicts(work.connection, office.now())
        work.commit()
    if new:
        click.echo(f"新增不相容岗位 {new} 对，已由数据库守护。")
    for one in found:
        click.echo(f"不相容：{one.name} {one.zh}。办法：{one.remedy_zh}")
    return 1 if found else 0
