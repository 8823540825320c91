"""How a person's facts and a proposal are given to `shebao benefit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.benefitlaw import law

if TYPE_CHECKING:
    from ledger.benefits.award import Award
    from ledger.benefits.scheme import Scheme

FACT = "名=值"


def facts_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a person's facts and a proposal are given."""
    for option in (
        click.option("--overlay", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="拟议的参数（YAML），只在本次计算中盖在现行参数上。"),
        click.option("--input", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="情况文件（YAML 或 JSON：名称: 值）。"),
        click.option("--set", "given", multiple=True, metavar=FACT, help="一项情况，如 出生年月=1963-12；可多次，盖过文件中的同名项。"),
        click.option("--period", required=True, help="所属期，如 2025-03；按当月的规定计算。"),
        click.argument("scheme"),
    ):
        command = option(command)
    return command


def told(scheme: Scheme, file: Path | None, given: tuple[str, ...]) -> dict[str, str]:
    """The facts of the file, with those of the command line over them."""
    from ledger.benefits import facts
    from ledger.benefits.errors import BadFact
    from ledger.lawfile import load_from

    found: dict[str, str] = {}
    if file is not None:
        content = load_from(file)
        if not isinstance(content, Mapping):
            raise BadFact(where="情况文件", name=file.name, why="应是“名称: 值”的一组", scheme=scheme.scheme)
        found = facts.texts(content)
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"“{pair}”应写作 {FACT}。", param_hint="--set")
        found[name.strip()] = value.strip()
    return found


def award_of(desk: Desk, scheme: str, period: str, given: tuple[str, ...], file: Path | None, overlay: Path | None) -> Award:
    """The award that the options describe."""
    from ledger.benefits import facts
    from ledger.benefits.award import compute as reckon
    from ledger.benefits.scheme import scheme as find
    from ledger.months import Month

    parameters, month = law(desk, overlay), Month.parse(period)
    way = find(scheme, month)
    return reckon(way, month, facts.parse(way, told(way, file, given)), parameters)
