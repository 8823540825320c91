"""`shebao doctor` looks the installation over; `shebao errors` explains every refusal."""

from __future__ import annotations

import json

import click

from shebao.catalogue import refusals, room_of
from shebao.cli import Desk

MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.pass_obj
def doctor(desk: Desk, as_json: bool) -> int:
    """检查本机安装：Python、依赖、名称冲突、字体、数据目录、数据库、终端编码。只看不改。

    有不合格项时退出码为 1；只有提醒时为 0。

    \b
    例：
      shebao doctor
      shebao --home 县局 doctor --json
    """
    from shebao.doctor import examine

    seen = examine(desk.home)
    failed = any(diagnosis.state == "fail" for diagnosis in seen)
    if as_json:
        click.echo(json.dumps({"healthy": not failed, "checks": [diagnosis.as_json() for diagnosis in seen]}, ensure_ascii=False, indent=2))
        return int(failed)
    english = desk.lang == "en"
    for diagnosis in seen:
        mark = click.style(MARKS[diagnosis.state], fg=COLOURS[diagnosis.state], bold=True)
        click.echo(f"{mark} {diagnosis.check:<12} {diagnosis.en if english else diagnosis.zh}")
        remedy = diagnosis.remedy_en if english else diagnosis.remedy_zh
        if remedy:
            click.echo(f"               → {remedy}")
    return int(failed)


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.pass_obj
def errors(desk: Desk, code: str | None, as_json: bool) -> None:
    """列出全部拒绝代码；给出 CODE 时说明该代码的原因和办法。

    句子中花括号内的词在出现时换成具体内容。

    \b
    例：
      shebao errors
      shebao errors SB1201
    """
    known = refusals()
    if code is not None and code.upper() not in known:
        raise click.BadParameter(f"没有代码 {code}。运行 shebao errors 查看全部。", param_hint="CODE")
    chosen = known if code is None else {code.upper(): known[code.upper()]}
    if as_json:
        rows = [
            {
                "code": name,
                "zh": refusal.zh,
                "en": refusal.en,
                "cause_zh": refusal.cause_zh,
                "cause_en": refusal.cause_en,
                "remedy_zh": refusal.remedy_zh,
                "remedy_en": refusal.remedy_en,
                "exit_status": refusal.status,
            }
            for name, refusal in chosen.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    english = desk.lang == "en"
    for name, refusal in chosen.items():
        click.echo(f"{click.style(name, bold=True)}  {refusal.en if english else refusal.zh}")
        if code is not None:
            cause, remedy, part, ends = ("Cause", "Remedy", "Part", "Exit status") if english else ("原因", "办法", "部分", "退出码")
            click.echo(f"  {cause}：{refusal.cause_en if english else refusal.cause_zh}")
            click.echo(f"  {remedy}：{refusal.remedy_en if english else refusal.remedy_zh}")
            click.echo(f"  {part}：{room_of(name, desk.lang)}    {ends}：{refusal.status}")
