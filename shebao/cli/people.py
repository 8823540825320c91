"""`shebao login`, `logout`, `whoami`: who acts is who signed in; no option anywhere names the actor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import BadText, usable
from shebao.cli.show import as_json


def _password(file: Path | None, from_stdin: bool) -> str:
    """The password from a file, from standard input or asked for; never from the command line, where others could read it."""
    if file is not None and from_stdin:
        raise click.UsageError("--password-file 与 --password-stdin 只能用一个。")
    if file is not None:
        return _said("密码文件", "The password file", lambda: file.read_text(encoding="utf-8")).rstrip("\r\n")
    if from_stdin:
        return _said("标准输入的密码", "The password on standard input", sys.stdin.readline).rstrip("\r\n")
    return _said("密码", "The password", lambda: str(click.prompt("密码", hide_input=True, err=True)))


def _said(what: str, what_en: str, read: Callable[[], str]) -> str:
    """What was read, when it is text; raises SB6008 for bytes that are none."""
    try:
        return usable(what, what_en, read())
    except UnicodeDecodeError as wrong:
        raise BadText(what=what, what_en=what_en, sign=f"0x{wrong.object[wrong.start]:02X}") from wrong


@click.command()
@click.argument("user")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="从文件第一行读密码。")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码。")
@click.pass_obj
def login(desk: Desk, user: str, password_file: Path | None, password_stdin: bool) -> None:
    """登录。以后的操作都记在登录人名下，直到退出、过期或另一人登录。

    \b
    例：
      shebao login zhang
      shebao login zhang --password-file 密码.txt
    """
    from controls import sessions
    from shebao.store import Office

    office = Office(desk.home)
    password = _password(password_file, password_stdin)
    with office.unit() as work:
        opened = sessions.sign_in(work, office.now(), user, password)
        sessions.sign_out(work, office.now(), office.home)
        sessions.write_file(office.home, opened)
        work.commit()
    duties = "、".join(duty.zh for duty in sorted(opened.actor.duties)) or "无岗位"
    click.echo(f"{opened.actor.name}（{opened.actor.user}）已登录，岗位：{duties}；有效至 {opened.expires_at[:16].replace('T', ' ')}")


@click.command()
@click.pass_obj
def logout(desk: Desk) -> None:
    """退出登录。

    \b
    例：
      shebao logout
    """
    from controls import sessions
    from shebao.store import Office

    office = Office(desk.home)
    with office.unit() as work:
        user = sessions.sign_out(work, office.now(), office.home)
        work.commit()
    click.echo(f"{user} 已退出。" if user else "没有人登录。")


@click.command()
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def whoami(desk: Desk, json_: bool) -> None:
    """显示登录人和岗位。

    \b
    例：
      shebao whoami
    """
    from shebao.store import Office

    actor = Office(desk.home).actor
    if json_:
        as_json({"user": actor.user, "name": actor.name, "duties": sorted(actor.duties)})
        return
    click.echo(f"{actor.name}（{actor.user}）：{'、'.join(duty.zh for duty in sorted(actor.duties)) or '无岗位'}")
