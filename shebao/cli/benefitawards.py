"""`shebao benefit` on awards already on record: listed, printed, sent back, and taken in from a list of people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.benefitlaw import law
from shebao.cli.foreseen import COUNT, NUMBER, REASON
from shebao.cli.roster import json_option, working
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.benefits.awards import Given
    from shebao.store import Office

FUND = click.option("--fund", required=True, help="险种。")
PEOPLE = click.option(
    "--people", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="情况表（CSV、XLSX）：证件号码和各项情况，每人一行。"
)
PERIOD = click.option("--period", required=True, help="起始月，如 2026-01；按当月的规定计算。")


def _office(desk: Desk) -> Office:
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    return office


@click.command("awards")
@FUND
@click.option("--state", type=click.Choice(["assessed", "reviewed", "rejected"]), default=None, help="只看待复核、已复核或已退回的。")
@click.option("--number", default="", help="只看一人，写证件号码。")
@click.option("--most", type=COUNT, default=100, show_default=True, help="最多列多少份，新的在前。")
@json_option
@click.pass_obj
def listed(desk: Desk, fund: str, state: str | None, number: str, most: int, json_: bool) -> None:
    """列出待遇核定：号、本人（掩码）、待遇、起始月、月标准或金额、状态、核定人和复核人。

    \b
    例：
      shebao benefit awards --fund R --state assessed
    """
    from controls.benefits import awards
    from controls.duties import require_any
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.identity import mask_number
    from ledger.money import show
    from shebao.award_papers import READERS

    office = _office(desk)
    require_any(office.actor, READERS)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        found = awards.listed(connection, book.book_id, state=state or "", number=number, most=most)
    if json_:
        names = ("award_no", "scheme", "law", "fen", "state", "digest", "assessed_by", "assessed_at", "reviewed_by", "reviewed_at", "note")
        as_json([{name: getattr(one, name) for name in names} | {"person": mask_number(one.number), "from": str(one.month)} for one in found])
        return
    rows = [
        (one.label, mask_number(one.number), one.scheme, str(one.month), show(one.fen), awards.STATES[one.state], one.assessed_by, one.reviewed_by, one.note)
        for one in found
    ]
    table(f"{book.fund.zh}待遇核定", ("号", "本人", "待遇", "起始月", "金额（元）", "状态", "核定", "复核", "退回原因"), rows, right=("金额（元）",))


@click.command("award-paper")
@click.argument("award_no", type=NUMBER, metavar="号")
@FUND
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录：PDF 和 XLSX，只有自己可读。")
@click.pass_obj
def paper(desk: Desk, award_no: int, fund: str, out: Path) -> None:
    """印一份待遇核定表（计算明细）：结果、情况、每一步、参数和依据；按核定时的情况和规定重算，与核定不同的不印。

    \b
    例：
      shebao benefit award-paper 1 --fund R --out 核定表/
      shebao verify 核定表/R-2026-01-待遇核定表-1-1.pdf
    """
    from ledger.funds import Fund
    from shebao.award_papers import write

    files, digest = write(_office(desk), Fund.parse(fund), award_no, out)
    for file in files:
        click.echo(f"已写 {file}")
    click.echo(f"摘要 {digest[:16]}；核对：shebao verify {files[0]}")


@click.command("award-reject")
@click.argument("award_no", type=NUMBER, metavar="号")
@FUND
@click.option("--reason", type=REASON, required=True, help="退回的原因，留在核定和留痕中。")
@click.pass_obj
def reject(desk: Desk, award_no: int, fund: str, reason: str) -> None:
    """股室负责人把待复核的核定退回，写明原因；经办人重新核定。

    \b
    例：
      shebao benefit award-reject 3 --fund R --reason 缴费月数与账上不符
    """
    from controls.benefits import awards
    from ledger.funds import Fund

    office = _office(desk)
    with office.unit() as work:
        made, record = awards.reject(work, office.now(), office.actor, Fund.parse(fund), award_no, reason)
        work.commit()
    click.echo(f"第 {made.label} 号核定已退回并留痕（第 {record.seq} 条）。")


def _given(desk: Desk, scheme: str, period: str, people: Path) -> list[Given]:
    """Everybody on the list reckoned under the law of the month; equal facts once."""
    from ledger.benefits import facts, peoplefile
    from ledger.benefits.award import Award, compute
    from ledger.benefits.scheme import scheme as find
    from ledger.months import Month

    parameters, month = law(desk), Month.parse(period)
    way = find(scheme, month)
    known: dict[tuple[tuple[str, str], ...], Award] = {}
    found = []
    for one in peoplefile.read(people):
        same = tuple(sorted(one.facts.items()))
        if same not in known:
            known[same] = compute(way, month, facts.parse(way, one.facts, where=f"第 {one.line} 行"), parameters)
        found.append((one.key, known[same]))
    return found


@click.command("award-many")
@click.argument("scheme")
@PERIOD
@PEOPLE
@click.pass_obj
def many(desk: Desk, scheme: str, period: str, people: Path) -> None:
    """待遇核定经办按情况表成批核定一种待遇：全部登记或全部不登记，一次留痕。

    \b
    例：
      shebao benefit award-many resident-pension --period 2026-01 --people 存量人员.xlsx
    """
    from controls.benefits import awards
    from controls.duties import Duty, require
    from ledger.money import show

    office = _office(desk)
    require(office.actor, Duty.HANDLE_ASSESS)
    with working("核定 …"), office.unit() as work:
        made, record = awards.assess_many(work, office.now(), office.actor, _given(desk, scheme, period, people))
        work.commit()
    total = show(sum(one.fen for one in made))
    click.echo(f"已核定 {len(made)} 人，第 {made[0].label} 至 {made[-1].label} 号，合计 {total} 元，已留痕（第 {record.seq} 条）。")
    click.echo("由另一人用自己的情况表复核：shebao benefit review-many（同样的选项）")


@click.command("review-many")
@click.argument("scheme")
@PERIOD
@PEOPLE
@click.pass_obj
def review_many(desk: Desk, scheme: str, period: str, people: Path) -> None:
    """股室负责人按情况表重算，成批复核：每人的结果都与核定相同才复核，有一人不同的一个也不复核。

    \b
    例：
      shebao benefit review-many resident-pension --period 2026-01 --people 存量人员.xlsx
    """
    from controls.benefits import awards
    from controls.duties import Duty, require

    office = _office(desk)
    require(office.actor, Duty.REVIEW)
    with working("复核 …"), office.unit() as work:
        made, record = awards.review_many(work, office.now(), office.actor, _given(desk, scheme, period, people))
        work.commit()
    click.echo(f"重算相同，已复核 {len(made)} 人的核定并留痕（第 {record.seq} 条）。")
