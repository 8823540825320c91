"""`shebao user`: accounts of people: adding, listing, ending, unlocking, a new first password, a lost phone, and the fresh proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import REASON, usable
from shebao.cli.people import secret
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.duties import Actor
    from ledger.db import UnitOfWork


@click.group()
def user() -> None:
    """账号：登记、停用、解锁、重置密码，手机丢失时停用动态口令，签字前再次验证身份。

    \b
    例：
      shebao user list
      shebao user add he --name 何新 --password-file 初始密码.txt
    """


def _act(desk: Desk, act: Callable[[UnitOfWork, str, Actor], object]) -> None:
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        act(work, office.now(), actor)
        work.commit()


@user.command("list")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """列出账号、在岗岗位、是否停用或锁定、是否启用动态口令。

    \b
    例：
      shebao user list
    """
    from controls import people
    from controls.signin import totp
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        found = [(one, totp.in_use(connection, one.user)) for one in people.listed(connection, office.now())]
    if json_:
        as_json(
            [
                {"user": one.user, "name": one.name, "duties": sorted(one.duties), "disabled": one.disabled, "locked_until": one.locked_until, "totp": second}
                for one, second in found
            ]
        )
        return
    rows = [
        (
            one.user, one.name, "、".join(duty.zh for duty in sorted(one.duties)) or "无岗位",
            "已停用" if one.disabled else f"锁定至 {one.locked_until[:16]}" if one.locked_until else "正常", "已启用" if second else "未启用",
        )
        for one, second in found
    ]  # fmt: skip
    table("账号", ("用户名", "姓名", "岗位", "状态", "动态口令"), rows)


@user.command()
@click.argument("user_id", metavar="用户名")
@click.option("--name", required=True, help="姓名。")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="从文件第一行读初始密码；默认询问。")
@click.pass_obj
def add(desk: Desk, user_id: str, name: str, password_file: Path | None) -> None:
    """系统管理员登记账号，不带岗位；岗位用 shebao duty ask 申请。

    \b
    例：
      shebao user add he --name 何新
    """
    from controls import people
    from controls.signin import passwords

    def act(work: UnitOfWork, now: str, actor: Actor) -> None:
        first = secret(password_file, False, "初始密码", "The first password")
        passwords.judge(user_id, first)
        people.add(work, now, actor, people.NewPerson(usable("用户名", "The user id", user_id), usable("姓名", "The name", name), (), first))

    _act(desk, act)
    click.echo(f"{name}（{user_id}）已登记，没有岗位。下一步：shebao duty ask {user_id} 岗位 --from … --to … --reason …")


@user.command()
@click.argument("user_id", metavar="用户名")
@click.pass_obj
def disable(desk: Desk, user_id: str) -> None:
    """系统管理员停用账号：立即不能再登录，在岗岗位到此为止。

    \b
    例：
      shebao user disable he
    """
    from controls import people

    _act(desk, lambda work, now, actor: people.disable(work, now, actor, user_id))
    click.echo(f"{user_id} 已停用。")


@user.command()
@click.argument("user_id", metavar="用户名")
@click.pass_obj
def unlock(desk: Desk, user_id: str) -> None:
    """安全管理员解除锁定。

    \b
    例：
      shebao user unlock zhang
    """
    from controls import people

    _act(desk, lambda work, now, actor: people.unlock(work, now, actor, user_id))
    click.echo(f"{user_id} 已解锁。")


@user.command("reset-password")
@click.argument("user_id", metavar="用户名")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="从文件第一行读新密码；默认询问。")
@click.pass_obj
def reset_password(desk: Desk, user_id: str, password_file: Path | None) -> None:
    """系统管理员给忘记密码的人一个新的初始密码；动态口令不受影响。

    \b
    例：
      shebao user reset-password zhang
    """
    from controls.signin import passwords

    def act(work: UnitOfWork, now: str, actor: Actor) -> None:
        from controls.duties import Duty, require

        require(actor, Duty.SYSADMIN)
        passwords.reset(work, now, actor, user_id, secret(password_file, False, "新密码", "The new password"))

    _act(desk, act)
    click.echo(f"{user_id} 的密码已重置，请本人登录后立即 shebao password。")


@user.command("end-totp")
@click.argument("user_id", metavar="用户名")
@click.option("--reason", type=REASON, required=True, help="事由，如手机和恢复码都已丢失。")
@click.pass_obj
def end_totp(desk: Desk, user_id: str, reason: str) -> None:
    """安全管理员停用别人的动态口令；本人须重新启用，期限已过的在启用前不能办理任何事项。

    \b
    例：
      shebao user end-totp zhang --reason 手机丢失
    """
    from controls.signin import totp

    _act(desk, lambda work, now, actor: totp.end(work, now, actor, user_id, reason))
    click.echo(f"{user_id} 的动态口令已停用。")


@user.command()
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="从文件读密码或动态口令；默认询问。")
@click.pass_obj
def confirm(desk: Desk, password_file: Path | None) -> None:
    """再次验证身份（密码、动态口令或恢复码）：签字、放行、记账、结账前超过规定分钟须重新验证。

    \b
    例：
      shebao user confirm
    """
    from controls import sessions

    given = {}

    def act(work: UnitOfWork, now: str, actor: Actor) -> None:
        given["how"] = sessions.prove(work, now, desk.home, actor, secret(password_file, False, "密码或动态口令", "The password or code"))

    _act(desk, act)
    click.echo("身份已验证。")
