"""`shebao login`, `logout`, `whoami`, `password`, `totp`: who acts is who signed in; no option anywhere names the actor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from getpass import GetPassWarning
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from shebao.cli import Desk
from shebao.cli.foreseen import BadText, usable
from shebao.cli.show import as_json

Done = TypeVar("Done")

if TYPE_CHECKING:
    from controls.duties import Actor
    from ledger.db import UnitOfWork


def secret(file: Path | None, from_stdin: bool, what: str = "密码", what_en: str = "The password") -> str:
    """A secret from a file, from standard input or asked for; never from the command line, where others could read it."""
    if file is not None and from_stdin:
        raise click.UsageError("--password-file 与 --password-stdin 只能用一个。")
    if file is not None:
        return _said(f"{what}文件", f"{what_en} file", lambda: file.read_text(encoding="utf-8")).rstrip("\r\n")
    if from_stdin:
        return _said(f"标准输入的{what}", f"{what_en} on standard input", sys.stdin.readline).rstrip("\r\n")
    try:
        return _said(what, what_en, lambda: str(click.prompt(what, hide_input=True, err=True)))
    except (OSError, EOFError, GetPassWarning) as wrong:
        raise click.UsageError(f"这里没有终端可以询问{what}，请用 --password-file 或 --password-stdin。") from wrong


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
@click.option("--code-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="从文件读动态口令或恢复码；默认询问。")
@click.pass_obj
def login(desk: Desk, user: str, password_file: Path | None, password_stdin: bool, code_file: Path | None) -> None:
    """登录。以后的操作都记在登录人名下，直到退出、过期或另一人登录；同一人在别处的登录随之失效。

    启用了动态口令的，再问一次口令；手机不在时输入恢复码，每个只用一次。

    \b
    例：
      shebao login zhang
      shebao login zhang --password-file 密码.txt
    """
    from controls import sessions
    from controls.signin import totp
    from shebao.store import Office

    office = Office(desk.home)
    password = secret(password_file, password_stdin)
    with office.unit() as work:
        asks = totp.in_use(work.connection, user)
    code = secret(code_file, False, "动态口令", "The code") if asks else ""
    with office.unit() as work:
        opened = sessions.sign_in(work, office.now(), user, password, code)
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


@click.command()
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="文件两行：旧密码、新密码；默认询问。")
@click.pass_obj
def password(desk: Desk, password_file: Path | None) -> None:
    """修改自己的密码：长度够、不在常见密码名单、不含用户名、不与最近几次相同。

    \b
    例：
      shebao password
    """
    from controls.signin import passwords

    def act(work: UnitOfWork, now: str, actor: Actor) -> None:
        if password_file is not None:
            lines = [*secret(password_file, False).split("\n"), "", ""]
            old, new = lines[0].rstrip("\r"), lines[1].rstrip("\r")
        else:
            old = secret(None, False, "旧密码", "The old password")
            new = str(click.prompt("新密码", hide_input=True, confirmation_prompt="再输入一次", err=True))
        passwords.change(work, now, actor, old, usable("新密码", "The new password", new))

    _as_oneself(desk, act)
    click.echo("密码已修改。")


@click.group("totp")
def totp_group() -> None:
    """动态口令（第二重身份鉴别）：授权、复核、出纳和安全管理岗必须启用。

    \b
    例：
      shebao totp enrol
      shebao totp confirm
    """


@totp_group.command()
@click.pass_obj
def enrol(desk: Desk) -> None:
    """取得密钥，录入手机的身份验证程序；再用 shebao totp confirm 启用。

    \b
    例：
      shebao totp enrol
    """
    from controls.signin import totp

    address = _as_oneself(desk, totp.enrol)
    click.echo(f"把下面的地址（或其中 secret= 后面的密钥）录入手机，只显示这一次：\n{address}\n下一步：shebao totp confirm")


@totp_group.command()
@click.option("--code-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="从文件读口令；默认询问。")
@click.pass_obj
def confirm(desk: Desk, code_file: Path | None) -> None:
    """用第一个口令启用动态口令，并给出恢复码：抄下来，手机丢失时每个可登录一次。

    \b
    例：
      shebao totp confirm
    """
    from controls.signin import totp

    code = secret(code_file, False, "动态口令", "The code")
    _codes(_as_oneself(desk, lambda work, now, actor: totp.confirm(work, now, actor, code.strip())))


@totp_group.command()
@click.pass_obj
def recover(desk: Desk) -> None:
    """换一套恢复码，旧的一套全部作废；须在规定分钟内验证过身份。

    \b
    例：
      shebao totp recover
    """
    from controls.signin import totp

    _codes(_as_oneself(desk, totp.fresh_codes))


def _codes(codes: tuple[str, ...]) -> None:
    click.echo("动态口令已启用。恢复码（每个只用一次，只显示这一次）：")
    for code in codes:
        click.echo(f"  {code}")


def _as_oneself(desk: Desk, act: Callable[[UnitOfWork, str, Actor], Done]) -> Done:
    """An act on one's own way of signing in, open to those who must still enrol; it needs a fresh proof (SB2130)."""
    from controls import sessions
    from shebao.store import Office

    office = Office(desk.home)
    with office.unit() as work:
        actor = sessions.signed_in(work.connection, office.home, office.now(), enrolling=True)
        sessions.require_fresh(work.connection, office.home, office.now())
        done = act(work, office.now(), actor)
        work.commit()
    return done
