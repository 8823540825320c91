"""The changing half of `shebao person`: one asks with reason and evidence, another reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.personshow import DAY, change_facts, json_option, looking, print_changes
from shebao.cli.show import as_json


def why_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--reason``, ``--evidence`` and ``--evidence-file``."""
    command = click.option(
        "--evidence-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="凭据的扫描件；只留其 SHA-256。"
    )(command)
    command = click.option("--evidence", required=True, help="凭据：申请表、证件、文书的编号或名称。")(command)
    return click.option("--reason", type=REASON, required=True, help="变更事由，留在台账和留痕中。")(command)


def _ask(desk: Desk, who: str, kind: str, why: dict[str, Any], other: str = "", **wanted: Any) -> None:
    """Asks for a change of a person (``who``: P12 or a number) and says who goes on."""
    from hashlib import file_digest

    from controls import personchanges
    from controls.changecontent import KIND_ZH, Wanted
    from ledger import persons
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    sha256 = ""
    if why["evidence_file"] is not None:
        with why["evidence_file"].open("rb") as scan:
            sha256 = file_digest(scan, "sha256").hexdigest()
    with office.unit() as work:
        person_id = persons.wanted(work.connection, who) if who else 0
        if other:
            wanted["other_person"] = persons.wanted(work.connection, other)
        asked = Wanted(kind, person_id, **{name: value for name, value in wanted.items() if value is not None})
        made = personchanges.request(work, office.home, actor, office.now(), asked, reason=why["reason"], evidence=why["evidence"], evidence_sha256=sha256)
        work.commit()
    click.echo(f"变更申请 {made.change_id} 已提出：{KIND_ZH[kind]}" + (f"，P{person_id}" if person_id else "") + "。审核通过前不生效。")
    click.echo(f"下一步：股室负责人 shebao person review {made.change_id}（不得是申请人，也不得经办过生效月份的花名册）")


def _decide(desk: Desk, change_id: int, refuse: bool, reason: str) -> None:
    from controls import personchanges
    from controls.changecontent import KIND_ZH
    from shebao.cli.personshow import day_text
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = personchanges.review(work, office.home, actor, office.now(), change_id, accept=not refuse, reason=reason)
        work.commit()
    if refuse:
        click.echo(f"变更申请 {change_id}（{KIND_ZH[made.wanted.kind]}）已退回，申请和退回理由留在台账中。")
        return
    since = f"，自 {day_text(made.wanted.from_on)} 生效" if day_text(made.wanted.from_on) else ""
    click.echo(f"变更申请 {change_id}（{KIND_ZH[made.wanted.kind]}）已审核通过{since}。")
    if made.wanted.kind in ("bank_account", "bank_accounts"):
        click.echo("下一步：下一份花名册检查时会列出这次变更，供审核人签字前查看。")


def review_command(name: str) -> click.Command:
    """The review of a change, as ``person review``, ``account review`` and ``status review``."""

    @click.command(name)
    @click.argument("change_id", type=NUMBER, metavar="申请编号")
    @click.option("--refuse", is_flag=True, help="退回，须写理由。")
    @click.option("--reason", default="", help="退回理由，或审核意见。")
    @click.pass_obj
    def review(desk: Desk, change_id: int, refuse: bool, reason: str) -> None:
        """股室负责人审核一份变更申请：通过即登记，或退回。申请人本人、经办过生效月份花名册的人不得审核。

        \b
        例：
          shebao person review 5
          shebao person review 5 --refuse --reason 存折户名与姓名不符
        """
        _decide(desk, change_id, refuse, reason)

    return review


def _listing(desk: Desk, who: str, kinds: tuple[str, ...], fund: str | None, waiting: bool, json_: bool) -> None:
    from controls import personchanges
    from ledger import persons
    from ledger.funds import Fund

    office = looking(desk)
    with office.reading() as connection:
        person_id = persons.wanted(connection, who) if who else None
        found = personchanges.listed(connection, person_id=person_id, kinds=kinds, fund=Fund.parse(fund).value if fund else "", waiting=waiting)
    if json_:
        as_json([change_facts(one) for one in found])
        return
    print_changes(f"变更申请 {len(found)} 份", found)


def listing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which changes are listed."""
    command = click.option("--open", "waiting", is_flag=True, help="只列待审核的。")(command)
    command = click.option("--fund", default=None, help="只列一个险种。")(command)
    return click.argument("who", default="", metavar="[人员]")(command)


@click.command()
@listing_options
@json_option
@click.pass_obj
def changes(desk: Desk, who: str, fund: str | None, waiting: bool, json_: bool) -> None:
    """变更申请台账：谁申请、谁审核、原 → 新（遮盖）、事由和凭据；退回的也在。

    \b
    例：
      shebao person changes --open
      shebao person changes P12
    """
    _listing(desk, who, (), fund, waiting, json_)


@click.group()
def account() -> None:
    """银行账户变更：登记经办申请，股室负责人审核，自某月起生效。

    \b
    例：
      shebao person account request P12 --fund R --bank-account 6228480000000000017 --holder 王芳 --from 2026-02 --reason 存折遗失 --evidence 变更申请表12号
      shebao person account review 5
      shebao person account list --open
    """


@account.command("request")
@click.argument("who", metavar="人员")
@click.option("--fund", required=True, help="险种代码或名称。")
@click.option("--bank-account", default="", help="新账号；停用现账户而没有新账户的，不写账号，写 --end。")
@click.option("--end", is_flag=True, help="停用现账户，不登记新账户。")
@click.option("--holder", default="", help="户名。")
@click.option("--relation", default="本人", help="户主与本人的关系：本人、监护人、集中供养机构。默认：本人。")
@click.option("--bank", default="", help="开户行。")
@click.option("--from", "month", required=True, help="自哪个月起生效，如 2026-02；该月花名册须未放行。")
@why_options
@click.pass_obj
def account_request(desk: Desk, /, who: str, fund: str, bank_account: str, end: bool, holder: str, relation: str, bank: str, month: str, **why: Any) -> None:
    """登记经办申请变更一人的银行账户。

    \b
    例：
      shebao person account request P12 --fund R --bank-account 6228480000000000017 --holder 王芳 --from 2026-02 --reason 存折遗失 --evidence 变更申请表12号
    """
    from ledger.funds import Fund
    from ledger.identity import clean
    from ledger.months import Month
    from ledger.person_words import words

    if bool(bank_account.strip()) == end:
        raise click.UsageError("写 --bank-account 新账号，或写 --end 停用现账户。")
    wanted = {"value": clean(bank_account), "holder": holder.strip(), "relation": "self" if end else words().relation(relation), "bank": bank.strip()}
    _ask(desk, who, "bank_account", why, fund=Fund.parse(fund).value, from_on=Month.parse(month).first_day, **wanted)


@account.command()
@click.argument("file_id", type=NUMBER, metavar="文件编号")
@click.option("--fund", required=True, help="险种代码或名称。")
@click.option("--from", "month", required=True, help="自哪个月起生效，如 2026-02。")
@why_options
@click.pass_obj
def opening(desk: Desk, /, file_id: int, fund: str, month: str, **why: Any) -> None:
    """建账时，登记经办申请按一份已导入的花名册文件首次登记账户。

    只登记还没有账户的在册人员、户名与姓名一致的账户；其余逐个申请。审核通过后生效。

    \b
    例：
      shebao person account opening 7 --fund R --from 2026-02 --reason 启用登记簿 --evidence 局务会纪要3号
    """
    from ledger.funds import Fund
    from ledger.months import Month

    _ask(desk, "", "bank_accounts", why, fund=Fund.parse(fund).value, file_id=file_id, relation="self", from_on=Month.parse(month).first_day)


@account.command("list")
@listing_options
@json_option
@click.pass_obj
def account_list(desk: Desk, who: str, fund: str | None, waiting: bool, json_: bool) -> None:
    """银行账户变更台账。

    \b
    例：
      shebao person account list --fund R --open
    """
    _listing(desk, who, ("bank_account", "bank_accounts"), fund, waiting, json_)


@click.group()
def status() -> None:
    """状态变更：参保、领取、暂停、终止、死亡，一人申请、另一人审核。

    \b
    例：
      shebao person status set P12 --fund R --status 暂停 --from 2026-02-01 --reason 未认证 --evidence 认证台账8号
      shebao person status review 6
    """


@status.command("set")
@click.argument("who", metavar="人员")
@click.option("--fund", required=True, help="险种代码或名称。")
@click.option("--region", default="", help="统筹区；该险种只有一项参保登记时可不写。")
@click.option("--status", "code", required=True, help="参保、领取、暂停、终止、死亡。")
@click.option("--from", "start", type=DAY, required=True, help="生效日，如 2026-02-01；死亡从死亡次日起。")
@click.option("--to", "end", type=DAY, default=None, help="到哪天为止（不含）；默认一直。")
@why_options
@click.pass_obj
def status_set(desk: Desk, /, who: str, fund: str, region: str, code: str, start: date, end: date | None, **why: Any) -> None:
    """认证、核定或登记经办申请变更一项参保登记的状态。

    \b
    例：
      shebao person status set P12 --fund R --status 暂停 --from 2026-02-01 --reason 未认证 --evidence 认证台账8号
    """
    from ledger import persons
    from ledger.funds import Fund
    from ledger.person_words import words

    letter = Fund.parse(fund).value
    if not region:
        with looking(desk).reading() as connection:
            told = persons.history(connection, persons.wanted(connection, who))
        regions = [one.region for one in told.registrations if one.fund == letter and one.person_id == told.person.person_id]
        if len(regions) != 1:
            raise click.UsageError(f"该险种有 {len(regions)} 项参保登记，用 --region 写明统筹区。")
        region = regions[0]
    _ask(desk, who, "status", why, fund=letter, region=region, value=words().status(code), from_on=start, to_on=end)


@click.command()
@click.argument("who", metavar="人员")
@click.argument("name", metavar="新姓名")
@click.option("--from", "start", type=DAY, required=True, help="自哪天起用新姓名，如 2026-02-01。")
@why_options
@click.pass_obj
def name(desk: Desk, /, who: str, name: str, start: date, **why: Any) -> None:
    """登记经办申请改名；原姓名留作曾用名。

    \b
    例：
      shebao person name P12 王小芳 --from 2026-02-01 --reason 户籍改名 --evidence 户口簿变更页
    """
    _ask(desk, who, "name", why, value=name.strip(), from_on=start)


@click.command()
@click.argument("who", metavar="人员")
@click.argument("number", metavar="另一号码或人员")
@click.option("--id-type", default="", help="新号码的证件类型（默认居民身份证），如 护照。")
@click.option("--from", "start", type=DAY, default=None, help="自哪天起用新号码；更正写错的号码不写。")
@click.option("--undo", is_flag=True, help="拆分：两条记录原来不是一人。")
@why_options
@click.pass_obj
def link(desk: Desk, /, who: str, number: str, id_type: str, start: date | None, undo: bool, **why: Any) -> None:
    """一人两个号码：另一号码还没有登记的，登在此人名下；已有记录的，把那条记录并入此人。

    \b
    例：
      shebao person link P12 11010519491231002X --reason 号码更正 --evidence 身份证复印件
      shebao person link P12 P98 --reason 同一人两条记录 --evidence 户籍证明
      shebao person link P12 P98 --undo --reason 经核实不是一人 --evidence 公安复函
    """
    from ledger import persons
    from ledger.identity import Document, judge

    kinds = {document.zh: document for document in Document}
    if id_type and id_type not in kinds:
        raise click.UsageError(f"不认识的证件类型“{id_type}”，应为：{'、'.join(kinds)}。")
    office = looking(desk)
    with office.reading() as connection:
        known = number.strip().upper().startswith("P") and number.strip()[1:].isdigit() and len(number.strip()) < 8
        known = known or bool(persons.find(connection, number))
        head = persons.wanted(connection, who)
        other = persons.wanted(connection, number) if known else 0
    if undo:
        _ask(desk, persons.label(other), "part", why, other=persons.label(head))
    elif other:
        _ask(desk, persons.label(other), "link", why, other=persons.label(head))
    else:
        document = kinds.get(id_type, Document.RESIDENT)
        _ask(desk, persons.label(head), "number", why, value=judge(number, document).normal, id_type=document.zh, from_on=start)


@click.command()
@click.argument("doubt", metavar="存疑编号")
@why_options
@click.pass_obj
def settle(desk: Desk, /, doubt: str, **why: Any) -> None:
    """登记经办申请了结一条存疑（已核实，登记不变），由另一人审核。

    \b
    例：
      shebao person settle 1:3 --reason 同名不同人，已核对户籍 --evidence 户籍证明
    """
    _ask(desk, "", "doubt", why, value=doubt.strip())


account.add_command(review_command("review"))
status.add_command(review_command("review"))
COMMANDS = (review_command("review"), changes, account, status, name, link, settle)
