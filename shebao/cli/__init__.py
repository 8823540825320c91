"""Command line root (`shebao`): options every command shares, lazy groups, and exit statuses.

Exit statuses (FORMATS.md): 0 clean, 1 findings, 2 usage or unusable input, 3 refused by a rule of the
house, 70 internal error, 130 interrupted. No option anywhere names the actor: who acts is who signed in.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ledger.errors import UNUSABLE, Refusal
from shebao import __version__
from shebao.cli.foreseen import foreseen, outspoken, usable_arguments

COMMANDS: dict[str, str] = {
    "accounts": "shebao.cli.accounts:accounts",
    "audit": "shebao.cli.audit:audit",
    "demo": "shebao.cli.demo:demo",
    "import": "shebao.cli.importing:import_",
    "init": "shebao.cli.setup:init",
    "opening": "shebao.cli.setup:opening",
    "login": "shebao.cli.people:login",
    "logout": "shebao.cli.people:logout",
    "whoami": "shebao.cli.people:whoami",
    "password": "shebao.cli.people:password",
    "totp": "shebao.cli.people:totp_group",
    "user": "shebao.cli.user:user",
    "duty": "shebao.cli.duty:duty",
    "relative": "shebao.cli.relative:relative",
    "roster": "shebao.cli.roster:roster",
    "person": "shebao.cli.person:person",
    "bankfile": "shebao.cli.bankfile:bankfile",
    "benefit": "shebao.cli.benefit:benefit",
    "beneficiary": "shebao.cli.beneficiary:beneficiary",
    "journal": "shebao.cli.journal:journal",
    "person-account": "shebao.cli.personaccount:person_account",
    "premium": "shebao.cli.premium:premium",
    "register": "shebao.cli.register:register",
    "voucher": "shebao.cli.voucher:voucher",
    "period": "shebao.cli.period:period",
    "books": "shebao.cli.books:books",
    "statements": "shebao.cli.statements:statements",
    "reconcile": "shebao.cli.statements:reconcile",
    "budget": "shebao.cli.budget:budget",
    "special": "shebao.cli.special:special",
    "standard": "shebao.cli.standard:standard",
    "handover": "shebao.cli.handover:handover",
    "payment": "shebao.cli.handover:payment",
    "token": "shebao.cli.token:token",
    "trail": "shebao.cli.trail:trail",
    "verify": "shebao.cli.verify:verify",
    "upgrade": "shebao.cli.upgrade:upgrade",
    "doctor": "shebao.cli.doctor:doctor",
    "export": "shebao.cli.export:export",
    "files": "shebao.cli.files:files",
    "mapping": "shebao.cli.mapping:mapping",
    "errors": "shebao.cli.doctor:errors",
}


@dataclass(slots=True)
class Desk:
    """What every command needs from the root: where the office's data lie and which language to speak."""

    home: Path
    lang: str


class Internal(Refusal):
    """A crash: no rule of the house, but it has a code too."""

    code = "SB6999"
    zh = "程序内部错误：{why}。"
    en = "Internal error: {why}."
    cause_zh = "程序遇到没有预料的情况；每一步都是一个事务，数据没有改动一半。"
    cause_en = "The program met something it did not expect; every step is one transaction, so nothing is half done."
    remedy_zh = "把以上全部内容交给维护人员；可先运行 shebao doctor。"
    remedy_en = "Give everything above to the maintainers; shebao doctor may tell more."
    status = 70


class Usage(Refusal):
    """A command line that cannot be understood."""

    code = "SB6007"
    zh = "命令写法有误：{why}"
    en = "The command line cannot be understood: {why_en}"
    cause_zh = "命令、选项或参数不完整，或取值不对。"
    cause_en = "A command, option or argument is missing or has a value it cannot take."
    remedy_zh = "运行 {command} --help 看写法和例子。"
    remedy_en = "See {command} --help for the form and an example."
    status = UNUSABLE


WORDS = (
    ("Show this message and exit.", "显示本帮助。"),
    ("Show the version and exit.", "显示版本。"),
    ("Usage: ", "用法："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]..."),
)


class Spoken(click.Context):
    """A context that asks for the duty before a command runs, and whose help has click's own words in Chinese unless English is asked for."""

    def invoke(self, callback: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Runs the command's callback, after the duties of ``templates/command-duties.yaml`` were asked for; raises SB3001."""
        from shebao import refusals
        from shebao.cli import dutyfirst, freshproof

        desk = self.find_root().obj
        if callback is not self.command.callback or not isinstance(desk, Desk) or self.parent is None or self.invoked_subcommand is not None:
            return super().invoke(callback, *args, **kwargs)
        command = self.command_path.partition(" ")[2]
        try:
            with refusals.command():
                dutyfirst.ask(desk.home, command)
                freshproof.ask(desk.home, command)
                return super().invoke(callback, *args, **kwargs)
        except Refusal as refusal:
            from shebao.trails import refused

            refused.note(desk.home, refusal, command, [self.params.get(one.name or "") for one in self.command.params if isinstance(one, click.Argument)])
            raise

    def get_help(self) -> str:
        text = super().get_help()
        desk = self.find_root().obj
        if (desk.lang if isinstance(desk, Desk) else _language(sys.argv)) != "en":
            for english, chinese in WORDS:
                text = text.replace(english, chinese)
        return text


click.Command.context_class = Spoken


def misused(wrong: click.ClickException) -> Usage:
    """click's complaint as a refusal with its Chinese sentence."""
    from shebao.cli import clickwords

    english = wrong.format_message()
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    command = context.command_path if context is not None else "shebao"
    if isinstance(wrong, click.MissingParameter):
        name = "/".join(wrong.param.opts) if wrong.param is not None else ""
        chinese = f"缺少{'选项' if name.startswith('-') else '参数'} {name or english}。"
    elif isinstance(wrong, click.NoSuchOption):
        near = f"，是否要用 {'、'.join(wrong.possibilities)}？" if wrong.possibilities else "。"
        chinese = f"没有选项 {wrong.option_name}{near}"
    elif isinstance(wrong, click.BadOptionUsage):
        chinese = f"选项 {wrong.option_name} 缺少取值，或不带取值。"
    elif english.startswith("No such command"):
        chinese = f"没有命令 {english.partition(chr(39))[2].partition(chr(39))[0]}。"
    elif isinstance(wrong, click.BadParameter) and wrong.param is not None:
        chinese = f"{'/'.join(wrong.param.opts)} 的取值不对：{clickwords.chinese(wrong.message)}"
    else:
        chinese = clickwords.chinese(english)
    return Usage(why=chinese, why_en=english, command=command)


class LazyGroup(click.Group):
    """Loads a command's module only when that command runs, so that `shebao --help` stays light."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--home", type=click.Path(path_type=Path), default=None, help="本单位数据所在目录（默认 $SHEBAO_HOME，否则 ./shebao-data）。")
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="提示语言（默认 $SHEBAO_LANG，否则 zh）。")
@click.version_option(__version__, prog_name="shebao")
@click.pass_context
def main(ctx: click.Context, home: Path | None, lang: str | None) -> None:
    """社保基金账务与稽核：记账、发放、对账、稽核一体。

    \b
    例：
      shebao audit check --payments 发放.csv --deaths 死亡.xlsx --out 结果/
      shebao --home 县局 voucher list --fund R
    """
    ctx.obj = Desk(
        home=home or Path(os.environ.get("SHEBAO_HOME", "shebao-data")),
        lang=lang or ("en" if os.environ.get("SHEBAO_LANG", "zh").lower().startswith("en") else "zh"),
    )


def explain(refusal: Refusal, lang: str) -> str:
    """A refusal as three lines: what, why, what to do."""
    cause, remedy = ("Cause", "Remedy") if lang == "en" else ("原因", "办法")
    return f"[{refusal.code}] {refusal.text(lang)}\n  {cause}：{refusal.cause(lang)}\n  {remedy}：{refusal.remedy(lang)}"


def _language(arguments: list[str]) -> str:
    if "--lang" in arguments[:-1]:
        return arguments[arguments.index("--lang") + 1]
    return "en" if "--lang=en" in arguments or os.environ.get("SHEBAO_LANG", "zh").lower().startswith("en") else "zh"


def execute(arguments: list[str]) -> int:
    """Runs one command line and returns its exit status; refusals and crashes are printed to standard error."""
    lang = _language(arguments)
    try:
        usable_arguments(arguments)
        result = main.main(args=arguments, prog_name="shebao", standalone_mode=False)
    except Refusal as refusal:
        click.echo(explain(refusal, lang), err=True)
        return refusal.status
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message(), err=True)
        return UNUSABLE
    except click.ClickException as wrong:
        click.echo(explain(misused(wrong), lang), err=True)
        return UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断，未保存的步骤已撤回。" if lang == "zh" else "Interrupted; the unfinished step was rolled back.", err=True)
        return 130
    except BrokenPipeError:
        return 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except Exception as crash:
        if (known := foreseen(crash, arguments)) is not None:
            click.echo(explain(known, lang), err=True)
            return known.status
        traceback.print_exc()
        click.echo(explain(Internal(why=crash), lang), err=True)
        return 70
    return result if isinstance(result, int) else 0


def run(arguments: list[str] | None = None) -> None:
    """Entry point of the command ``shebao``."""
    outspoken()
    given = sys.argv[1:] if arguments is None else arguments
    status = execute(given)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as full:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        known = foreseen(OSError(full.errno, full.strerror, "stdout"), given)
        click.echo(explain(known or Internal(why=full), _language(given)), err=True)
        status = known.status if known else Internal.status
    sys.exit(status)
