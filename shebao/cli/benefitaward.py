"""`shebao benefit award` and `review`: an award put on record by one, reckoned again from the same papers by another."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.benefitfacts import award_of, facts_options
from shebao.cli.roster import json_option
from shebao.cli.show import as_json


@click.command()
@facts_options
@click.option("--number", required=True, help="本人证件号码；留痕中只留掩码。")
@json_option
@click.pass_obj
def award(desk: Desk, scheme: str, period: str, given: tuple[str, ...], file: Path | None, overlay: Path | None, number: str, json_: bool) -> None:
    """待遇核定经办核定一人的待遇：计算、逐行说明，并把办法、金额和计算摘要留痕；同样的情况重算，摘要相同。

    \b
    例：
      shebao benefit award resident-pension --period 2025-03 --number 620821196312010017 --input 情况.yaml
    """
    from controls.benefits import awards
    from controls.duties import Duty, require
    from ledger.benefits import explain
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    require(actor, Duty.HANDLE_ASSESS)
    if overlay is not None:
        raise click.UsageError("核定按现行规定，不用 --overlay；试算用 compute。")
    made = award_of(desk, scheme, period, given, file, None)
    with office.unit() as work:
        before = awards.recorded(work.connection, number, made)
        granted, record = awards.assess(work, office.now(), actor, number, made)
        work.commit()
    if json_:
        as_json(explain.as_values(made) | {"award": granted.award_no, "trail": record.seq, "recorded_before": [one.award_no for one in before]})
        return
    for line in explain.lines(made):
        click.echo(line)
    click.echo(f"已核定，第 {granted.label} 号，已留痕（第 {record.seq} 条），计算摘要 {made.digest[:12]}。")
    if before:
        click.echo(f"同样的计算此前已核定：第 {'、'.join(one.label for one in before)} 号。")
    click.echo("由另一人用同样的材料复核：shebao benefit review（同样的选项）")


@click.command()
@facts_options
@click.option("--number", required=True, help="本人证件号码；留痕中只留掩码。")
@json_option
@click.pass_obj
def review(desk: Desk, scheme: str, period: str, given: tuple[str, ...], file: Path | None, overlay: Path | None, number: str, json_: bool) -> None:
    """股室负责人复核一人的核定：用同样的材料重算，摘要与核定的相同才能复核；核定人自己不能复核。

    \b
    例：
      shebao benefit review resident-pension --period 2025-03 --number 620821196312010017 --input 情况.yaml
    """
    from controls.benefits import awards
    from controls.duties import Duty, require
    from ledger.benefits import explain
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    require(actor, Duty.REVIEW)
    if overlay is not None:
        raise click.UsageError("复核按现行规定，不用 --overlay；试算用 compute。")
    made = award_of(desk, scheme, period, given, file, None)
    with office.unit() as work:
        granted, record = awards.review(work, office.now(), actor, number, made)
        work.commit()
    if json_:
        as_json(explain.as_values(made) | {"award": granted.award_no, "trail": record.seq})
        return
    for line in explain.lines(made):
        click.echo(line)
    click.echo(f"重算相同，第 {granted.label} 号核定已复核并留痕（第 {record.seq} 条），计算摘要 {made.digest[:12]}。")
