"""How registers are shown: the list of them, one with its rows and totals, one row with its acts, and what a register's file says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from typing import Any

    from controls.registers.law import Register
    from controls.registers.sheet import Sheet
    from controls.registers.store import Row
    from ledger.accounts import Book

MOST_ROWS = 200


def known(connection: Any, fund: str | None, json_: bool) -> None:
    """Every register with its rows in the book asked for (all books otherwise)."""
    from controls.registers import law as laws
    from controls.registers import store
    from ledger import accounts
    from ledger.funds import Fund

    books = [book for book in accounts.books(connection) if fund is None or book.fund is Fund.parse(fund)]
    found = []
    for law in laws.registers().values():
        owners = [store.UNIT] if law.keyed_by == "unit" else [book.book_id for book in books]
        count = "由系统算出" if law.source else sum(store.last_row(connection, owner, law.name) for owner in owners)
        found.append((law, count))
    if json_:
        as_json(
            [
                {"name": law.name, "zh": law.zh, "keyed_by": law.keyed_by, "computed": bool(law.source), "reference": law.reference, "rows": count}
                for law, count in found
            ]
        )
        return
    rows = [(law.name, law.zh, "单位" if law.keyed_by == "unit" else "账套", count, law.reference) for law, count in found]
    table("台账", ("名称", "台账", "设立", "行数", "依据"), rows, right=("行数",))


def listed(
    connection: Any, law: Register, book: Book | None, as_of: date | None, now: str, state: str | None, by: str | None, most: int, reveal: bool,
    json_: bool,
) -> int:  # fmt: skip
    """One register with its rows, totals and ageing, or grouped; gives how many rows it has."""
    from controls.registers import sheet
    from ledger.money import show
    from shebao.registers import as_rows, not_ahead
    from shebao.registers import table as texts

    day = date.fromisoformat(now[:10])
    not_ahead(law, as_of or day, day)
    made = sheet.sheet(connection, law, book, as_of or day, today=day)
    if state is not None:
        names = {one.name: one.name for one in law.states} | {one.zh: one.name for one in law.states} | {"open": "open"}
        if state not in names:
            raise click.BadParameter(f"没有状态“{state}”，可选 {'、'.join(names)}", param_hint="--state")
        made = made.filtered(made.where({"state": (names[state],)}))
    if by is not None:
        _grouped(made, by, json_)
        return len(made.rows)
    ages = sheet.ageing(made)
    totals = {name: made.total(name) for name in law.totals}
    if json_:
        ageing = [{"label": one.label, "rows": one.rows, "fen": one.fen} for one in ages]
        as_json({"register": law.name, "as_of": str(made.as_of), "rows": as_rows(made, reveal=reveal), "totals": totals, "ageing": ageing})
        return len(made.rows)
    whole = len(made.rows)
    some = made.filtered([place < most for place in range(whole)]) if most and whole > most else made
    drawn = texts(some, reveal=reveal)
    table(f"{law.zh} {made.as_of}", drawn.heads, drawn.rows, right=tuple(head for head, money in zip(drawn.heads, drawn.money, strict=True) if money))
    heads = law.shown
    cut = f"，列出前 {most} 行（--rows 0 列出全部）" if most and whole > most else ""
    click.echo(f"{whole} 行{cut}" + "".join(f"；{heads.get(name, name)} {show(fen)} 元" for name, fen in totals.items()))
    if any(one.rows for one in ages):
        click.echo("账龄：" + "；".join(f"{one.label} {one.rows} 行 {show(one.fen)} 元" for one in ages if one.rows))
    return whole


def _grouped(made: Sheet, by: str, json_: bool) -> None:
    from controls.registers import sheet
    from controls.registers.values import printed
    from ledger.money import show

    law = made.law
    heads = {**{field.name: field.zh for field in law.fields}, **{column.name: column.zh for column in law.columns}, "state": "状态"}
    back = {zh: name for name, zh in heads.items()}
    wanted = law.groups if by == "default" else tuple(back.get(word.strip(), word.strip()) for word in by.split(",") if word.strip())
    if not wanted or any(name not in heads for name in wanted):
        raise click.BadParameter(f"可用栏目：{'、'.join(heads.values())}", param_hint="--group")
    found = sheet.grouped(made, wanted)
    if json_:
        as_json([{"group": dict(zip(wanted, key, strict=True)), "rows": rows, "totals": totals} for key, rows, totals in found])
        return
    rows = [
        (*(printed(law.type_of(name), value) or "—" for name, value in zip(wanted, key, strict=True)), count, *(show(fen) for fen in totals.values()))
        for key, count, totals in found
    ]
    money = tuple(heads[name] for name in law.totals)
    table(law.zh, (*(heads[name] for name in wanted), "行数", *money), rows, right=("行数", *money))


def shown(connection: Any, row: Row, book: Book | None, day: date, reveal: bool, json_: bool) -> None:
    """One row: fields, computed columns, acts with what each changed."""
    import json

    from controls import people
    from controls.registers import sheet, store
    from controls.registers.values import PRIVATE, printed
    from ledger.parameters import ParameterUnset

    law = row.law
    made = sheet.sheet(connection, law, book, day, today=day, rows=[row.row_no])
    cells = []
    for name, zh, kind in [(f.name, f.zh, str(f.type)) for f in law.fields] + [(c.name, c.zh, str(c.type)) for c in law.columns]:
        try:
            value = made.column(name)[0]
        except ParameterUnset as unset:
            value, kind = f"未设定：{unset.facts['zh']}", "text"
        cells.append((name, zh, printed(kind, value, reveal=reveal), value if kind not in PRIVATE or reveal else printed(kind, value)))
    acts = store.history(connection, row)
    if json_:
        told = [
            {"act_no": a.act_no, "act": a.act, "state": a.state, "on": a.on_day, "duty": a.duty, "actor": a.actor, "at": a.at, "reason": a.reason}
            for a in acts
        ]
        as_json({"register": law.name, "row": row.row_no, "state": row.state, "values": {name: value for name, _, _, value in cells}, "acts": told})
        return
    table(f"{law.zh}第 {row.row_no} 行（{law.state(row.state).zh}）", ("栏目", "内容"), [(zh, text) for _, zh, text, _ in cells if text])
    names = people.names(connection)
    called = {one.name: one.zh for one in law.acts} | {"add": "登记", "correct": "更正"}
    before: dict[str, object] = {}
    rows = []
    for one in acts:
        now = json.loads(one.payload)
        changed = [field for field in law.fields if now.get(field.name) != before.get(field.name)]
        said = "；".join(f"{f.zh}：{printed(f.type, now.get(f.name), reveal=reveal) or '（清空）'}" for f in changed) if before else ""
        rows.append((one.act_no, one.on_day, called.get(one.act, one.act), names.get(one.actor, one.actor), law.state(one.state).zh, one.reason, said))
        before = now
    table("历次办理", ("次", "日期", "动作", "办理人", "状态", "说明", "改动"), rows)


def explained(law: Register, json_: bool) -> None:
    """What a register's file says, for people or as data."""
    from controls.registers.values import HELP

    if json_:
        as_json(law.model_dump(mode="json", by_alias=True))
        return
    kept = "单位一本" if law.keyed_by == "unit" else "每个账套一本"
    click.echo(f"{law.zh}（{law.name}）：{kept}\n  依据：{law.reference}" + (f"\n  说明：{law.note}" if law.note else ""))
    fields = [
        (
            f.name, f.zh, "必填" if f.required else "",
            HELP[f.type] + (f"：{'、'.join(f.choices)}" if f.choices else f"（{f.register_}）" if f.register_ else ""), f.note,
        )
        for f in law.fields
    ]  # fmt: skip
    table("栏目", ("名称", "栏目", "必填", "写法", "说明"), fields)
    if law.columns:
        told = [
            (c.name, c.zh, c.formula or (f"{c.children.register_} 的 {c.children.of} 合计" if c.children else f"由系统计算（{c.call}）"))
            for c in law.columns
        ]
        table("计算栏", ("名称", "栏目", "算法"), told)
    if law.source:
        click.echo("由系统算出，不手工登记。")
        return
    table("动作", ("名称", "动作", "从", "到", "由谁办理", "须填", "不得由办理过…的人"), _acts(law))
    called = {"add": "登记"} | {one.name: one.zh for one in law.acts}
    for rule in law.vouchers:
        click.echo(f"凭证：{called[rule.act]}后按 {rule.event}" + (f"（{'；'.join('或'.join(one) for one in rule.when.values())}）" if rule.when else ""))
    for tie in law.ties:
        click.echo(f"核对：{tie.zh}（{'、'.join(one.code + one.part for one in tie.accounts)}）")


def _acts(law: Register) -> list[tuple[str, ...]]:
    """A line for each act: from which state to which, by whom, what it needs, and who may not do it."""
    from controls.duties import Duty

    states = {one.name: one.zh for one in law.states}
    zh = {field.name: field.zh for field in law.fields} | {column.name: column.zh for column in law.columns}
    called = {"add": "登记", "correct": "更正"} | {one.name: one.zh for one in law.acts}
    lines: list[tuple[str, ...]] = [("add", "登记", "", states[law.states[0].name], "、".join(Duty(code).zh for code in law.add_duties), "", "")]
    for one in law.acts:
        needs = "、".join(zh[name] for name in one.needs) + (f"；{'、'.join(zh[name] for name in one.zero)}须为零" if one.zero else "")
        people = "、".join(Duty(code).zh for code in one.duties)
        before = "、".join(states[name] for name in one.from_)
        lines.append((one.name, one.zh, before, states.get(one.to, "不变"), people, needs, "、".join(called[name] for name in one.other_than)))
    return lines
