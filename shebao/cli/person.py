"""`shebao person`: the register of persons. Everything is masked unless revealed for a stated reason, which the trail keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk, personchange, record
from shebao.cli.foreseen import NUMBER
from shebao.cli.personshow import DAY, as_facts, json_option, looking, print_history, print_person
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.persons import Masks
    from shebao.store import Office

PAGE = 20


def reveal_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--reveal`` with its ``--reason``."""
    command = click.option("--reason", default="", help="显示完整信息的事由（与 --reveal 同用）。")(command)
    return click.option("--reveal", is_flag=True, help="显示完整的号码、姓名和账号；先留痕，后显示。")(command)


def masks(office: Office, thing: str, what: str, count: int, reveal: bool, reason: str) -> Masks:
    """Masked, or in full once the look is recorded (C6); raises SB3001, SB3110."""
    from controls import persons

    if not reveal:
        return persons.MASKED
    with office.unit() as work:
        return persons.reveal(work, office.now(), office.actor, thing, what, count, reason)


@click.group()
def person() -> None:
    """参保人员登记簿：一人一条记录，号码、姓名、状态、银行账户各有起止和获知日期；变更须一人申请、另一人审核。

    \b
    例：
      shebao person load 3
      shebao person find --name 王芳 --last4 002X
      shebao person account request P12 --fund R --bank-account 6228480000000000017 --holder 王芳 --from 2026-02 --reason 存折遗失 --evidence 变更申请表12号
      shebao person review 5
    """


@person.command()
@click.argument("file_id", type=NUMBER, metavar="文件编号")
@json_option
@click.pass_obj
def load(desk: Desk, file_id: int, json_: bool) -> int:
    """把已导入的人员名单（people）登入登记簿。同一份名单再登一次不起作用；与登记矛盾的不登，列为存疑，退出码为 1。

    \b
    例：
      shebao person load 3
    """
    from dataclasses import asdict

    from controls import persons
    from ledger.person_doubts import Doubt
    from shebao.cli.roster import working
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with working("登记 …"), office.unit() as work:
        done = persons.load(work, office.home, actor, office.now(), file_id)
        work.commit()
    if json_:
        as_json(asdict(done))
        return 1 if done.doubts else 0
    if done.already:
        click.echo(f"文件 {file_id} 已登记过（第 {done.knowledge_no} 次登记），没有改动。")
        return 0
    click.echo(
        f"第 {done.knowledge_no} 次登记：名单 {done.rows} 行；新增 {done.persons} 人、参保登记 {done.registrations} 项、状态 {done.statuses} 段、"
        f"曾用名和改名 {done.names} 个；登记过而名单中没有的参保登记 {done.gone} 项（不改动）"
    )
    if done.doubts:
        rows = [(code, Doubt(code).zh, count, Doubt(code).do) for code, count in done.doubts.items()]
        table("存疑", ("代码", "内容", "行数", "办法"), rows, right=("行数",))
        click.echo("下一步：shebao person doubts 逐条核对")
    return 1 if done.doubts else 0


@person.command()
@click.argument("number", default="", metavar="[证件号码]")
@click.option("--name", default="", help="按姓名（含曾用名）查。")
@click.option("--last4", default="", help="与 --name 同用：证件号码后四位。")
@click.option("--page", type=NUMBER, default=1, help="第几页，每页 20 人。")
@reveal_options
@json_option
@click.pass_obj
def find(desk: Desk, number: str, name: str, last4: str, page: int, reveal: bool, reason: str, json_: bool) -> None:
    """按证件号码（15 位、18 位、曾用号码都可）或姓名查人。

    \b
    例：
      shebao person find 11010519491231002X
      shebao person find --name 王芳 --last4 002X
      shebao person find --name 王芳 --page 2
    """
    from ledger import persons

    if bool(number) == bool(name):
        raise click.UsageError("写证件号码，或用 --name 姓名（可加 --last4 后四位）。")
    office = looking(desk)
    today = date.fromisoformat(office.now()[:10])
    with office.reading() as connection:
        if number:
            found = [persons.brief(connection, person_id, today) for person_id in persons.find(connection, number)]
            count = len(found)
        else:
            found, count = persons.search(connection, name=name, last4=last4, day=today, page=page, size=PAGE)
    hide = masks(office, "persons:find", "查人结果", len(found), reveal and bool(found), reason)
    rows = [(persons.label(one.person_id), hide.number(one.number), hide.name(one.name), one.birth or "", "、".join(one.funds)) for one in found]
    if json_:
        keys = ("person", "number", "name", "birth", "funds")
        as_json({"count": count, "page": page, "persons": [dict(zip(keys, row, strict=True)) for row in rows]})
        return
    if not found:
        click.echo("没有找到。" if page == 1 else f"共 {count} 人，没有第 {page} 页。")
        return
    table(f"共 {count} 人" + (f"，第 {page} 页" if count > PAGE else ""), ("人员", "证件号码", "姓名", "出生日期", "险种"), rows)
    more = f"；下一页 --page {page + 1}" if page * PAGE < count else ""
    click.echo(f"下一步：shebao person show {rows[0][0]}{more}")


@person.command()
@click.argument("who", metavar="人员")
@click.option("--on", "day", type=DAY, default=None, help="哪一天生效的内容，如 2026-01-01；默认今天。")
@click.option("--known-on", type=DAY, default=None, help="按哪一天所知道的；默认现在所知。")
@reveal_options
@json_option
@click.pass_obj
def show(desk: Desk, who: str, day: date | None, known_on: date | None, reveal: bool, reason: str, json_: bool) -> None:
    """显示一人某日生效的登记：号码、姓名、参保登记、状态、银行账户。人员写 P 编号或证件号码。

    \b
    例：
      shebao person show P12
      shebao person show P12 --on 2025-06-01 --known-on 2025-12-31
      shebao person show P12 --reveal --reason 核对发放账户
    """
    from ledger import persons

    office = looking(desk)
    with office.reading() as connection:
        told = persons.history(connection, persons.wanted(connection, who), known_on)
    hide = masks(office, f"person:{told.person.person_id}", "登记", 1, reveal, reason)
    effective = day or date.fromisoformat(office.now()[:10])
    if json_:
        as_json(as_facts(told, hide, effective))
        return
    print_person(told, hide, effective, known_on)


@person.command()
@click.argument("who", metavar="人员")
@click.option("--known-on", type=DAY, default=None, help="按哪一天所知道的；默认现在所知。")
@reveal_options
@json_option
@click.pass_obj
def history(desk: Desk, who: str, known_on: date | None, reveal: bool, reason: str, json_: bool) -> None:
    """显示一人的全部经历：历次号码、姓名、状态、账户，各有起止、获知日期和签字人，以及变更申请（退回的也在）。

    \b
    例：
      shebao person history P12
      shebao person history P12 --known-on 2025-12-31
    """
    from controls import personchanges
    from ledger import persons

    office = looking(desk)
    with office.reading() as connection:
        told = persons.history(connection, persons.wanted(connection, who), known_on)
        asked = [one for own in (told.person.person_id, *told.linked) for one in personchanges.listed(connection, person_id=own)]
    hide = masks(office, f"person:{told.person.person_id}", "全部经历", 1, reveal, reason)
    if json_:
        as_json(as_facts(told, hide, None))
        return
    print_history(told, hide, asked)


@person.command()
@click.option("--load", "number", type=NUMBER, default=None, metavar="N", help="第几次登记的存疑；默认最近一次名单的。")
@json_option
@click.pass_obj
def doubts(desk: Desk, number: int | None, json_: bool) -> None:
    """列出人员名单中没有照登的存疑：代码、行号、内容、办法。

    \b
    例：
      shebao person doubts
      shebao person doubts --load 2
    """
    from dataclasses import asdict

    from controls import personchanges
    from ledger import persons
    from ledger.person_doubts import Doubt

    office = looking(desk)
    with office.reading() as connection:
        found = persons.doubts(connection, number or 0)
        settled = {one.wanted.value for one in personchanges.listed(connection, kinds=("doubt",)) if one.decision == "accepted"}
    waiting = [one for one in found if one.key not in settled]
    if json_:
        as_json([asdict(one) for one in waiting])
        return
    rows = []
    for one in waiting:
        label = persons.label(one.person_id) if one.person_id else ""
        rows.append((one.key, one.code, one.line, label, one.number, one.name, f"{Doubt(one.code).zh} {one.told}".strip(), one.rows))
    table(f"存疑 {len(rows)} 条" + (f"（已了结 {len(found) - len(rows)} 条）" if len(found) > len(rows) else ""),
          ("编号", "代码", "行", "人员", "证件号码", "姓名", "内容", "行数"), rows, right=("行", "行数"))  # fmt: skip
    for code in sorted({one.code for one in waiting}):
        click.echo(f"{code}：{Doubt(code).do}")
    if rows:
        click.echo(f"核实无误的：shebao person settle {rows[0][0]} --reason 核实情况 --evidence 凭据，由另一人审核后了结。")


for command in personchange.COMMANDS:
    person.add_command(command)
person.add_command(record.record)
