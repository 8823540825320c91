"""`shebao standard`: the standard's paragraphs beside the templates and cases that carry them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from ledger.event_file import EventTemplate
    from ledger.standard import Covered

MOST_NAMES = 3


@click.group()
def standard() -> None:
    """会计制度（财会〔2017〕28号）条文与分录模板的对照。

    \b
    例：
      shebao standard coverage
      shebao standard show 1101三(一)
    """


@standard.command()
@click.option("--missing", is_flag=True, help="只列没有模板、没有用例或用例不成立的条文。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
def coverage(missing: bool, json_: bool) -> int:
    """逐条列出第三部分的账务处理：条文 → 分录模板 → 用例。用例当场运行，不成立的列出；全部成立退出码 0，否则 1。

    \b
    例：
      shebao standard coverage
      shebao standard coverage --missing
      shebao standard coverage --json
    """
    from ledger.standard import coverage as reckon

    found = reckon()
    done = sum(one.complete for one in found)
    shown = [one for one in found if not (missing and one.complete)]
    if json_:
        items = [{"paragraph": one.treatment.paragraph, "templates": list(one.templates), "cases": list(one.cases)} | _gaps(one) for one in shown]
        as_json({"treatments": len(found), "covered": done, "entries": sum(len(one.by_entry) for one in found), "items": items})
        return 0 if done == len(found) else 1
    rows = [(one.treatment.paragraph, one.treatment.account_name, len(one.by_entry), "、".join(one.templates), _few(one.cases), _state(one)) for one in shown]
    table("财会〔2017〕28号 第三部分 账务处理", ("条文", "科目", "分录", "模板", "用例", "结果"), rows, right=("分录",))
    click.echo(f"账务处理 {len(found)} 条（分录 {sum(len(one.by_entry) for one in found)} 笔），有模板且用例成立的 {done} 条。")
    click.echo("对照某一条的原文、分录和用例：shebao standard show 1101三(一)")
    return 0 if done == len(found) else 1


def _gaps(one: Covered) -> dict[str, list[str]]:
    return {"missing": list(one.missing), "failing": list(one.failing)}


def _few(names: tuple[str, ...]) -> str:
    return "、".join(names[:MOST_NAMES]) + (f" 等 {len(names)} 个" if len(names) > MOST_NAMES else "")


def _state(one: Covered) -> str:
    if one.failing:
        return "用例不成立：" + "、".join(one.failing)
    return "缺：" + "、".join(one.missing) if one.missing else "成立"


@standard.command()
@click.argument("paragraph")
def show(paragraph: str) -> None:
    """一条账务处理的原文，逐笔列出做它的分录模板和用例，供对照核对。PARAGRAPH 写作 1101三(一)，或只写科目编号 1101。

    \b
    例：
      shebao standard show 1101三(一)
      shebao standard show 4501
    """
    from ledger.standard import UnknownParagraph, treatment
    from ledger.standard import coverage as reckon

    wanted = paragraph.replace("（", "(").replace("）", ")").strip()
    name = treatment(wanted).paragraph if not wanted.isdigit() else wanted
    found = [one for one in reckon() if one.treatment.account == name or one.treatment.paragraph == name]
    if not found:
        raise UnknownParagraph(paragraph=paragraph)
    for one in found:
        _whole(one)


def _whole(one: Covered) -> None:
    from ledger.event_file import load_events
    from ledger.standard_cases import load_cases

    laws, cases = load_events(), load_cases()
    click.echo(f"\n{one.treatment.paragraph} {one.treatment.account_name}")
    for line in one.treatment.text:
        click.echo(f"  {line}")
    for key, sentence in zip(one.treatment.keys, one.treatment.entries, strict=True):
        if len(one.treatment.keys) > 1:
            click.echo(f"\n  {key[-1]} {sentence}")
        for code in one.by_entry[key]:
            _template(laws[code])
        for case in cases:
            if case.name in one.worked[key] and case.event in one.by_entry[key]:
                click.echo(f"    用例 {case.name}（{case.fund}）：{'，'.join(case.legs)}" + (f"　不成立：{case.trouble()}" if case.name in one.failing else ""))


def _template(law: EventTemplate) -> None:
    funds = "全部险种" if len(law.funds) == 8 else "、".join(law.funds)
    click.echo(f"    模板 {law.code} {law.name_zh}（{funds}；{law.reference}）附：{'、'.join(law.evidence) or '计算得出'}")
    for leg in law.legs:
        side = "借" if leg.side.value == "D" else "贷"
        spread = "".join(f"；{fund} 用 {_named(law, text)}" for fund, text in leg.by_fund.items())
        amount = "".join((" － " if sign < 0 else " ＋ " if place else "") + law.amounts[name].zh for place, (sign, name) in enumerate(leg.terms))
        note = "（恒为红字）" if leg.sign < 0 else "（负数记另一方）" if leg.flip else "（可红字）" if leg.red else ""
        click.echo(f"      {side} {_named(law, leg.account)}：{amount}{note}{spread}")
    for rule in law.closing:
        click.echo(f"      {'、'.join(rule.accounts)} 开头的科目转入 {rule.to}（{'、'.join(rule.funds)}）")


def _named(law: EventTemplate, account: str) -> str:
    """The account expression with its details by their Chinese names."""
    text = account.replace("benefit:", "5001-").removeprefix("/")
    for name, spec in law.details.items():
        text = text.replace(f"{{{name}?}}", f"〔{spec.zh}〕").replace(f"{{{name}}}", f"〔{spec.zh}〕")
    return text.replace("/", "-")
