"""What the commands of the checks have in common: the as-of day, amounts, and files of the county's own that were not used."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import click

from ledger.months import Month


def as_of(_: click.Context, __: click.Parameter, text: str | None) -> Month | None:
    """The month of ``--as-of``; a day within a month is taken as the month's end, which is said. Raises SB5024 for what is no day."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            return Month.parse(text)
        from audit.errors import NoSuchDay

        raise NoSuchDay(text=text) from None
    month = Month.of(day)
    last = date(day.year, day.month, monthrange(day.year, day.month)[1])
    if day != last:
        click.echo(f"提示：所属期按月计，截止日 {text} 按 {month} 末（{last.isoformat()}）判断。", err=True)
    return month


def grouped(text: str | None) -> str:
    """Yuan of ``summary.json`` as people read them: ``1234.50`` → ``1,234.50``; '' for none."""
    return f"{Decimal(text):,.2f}" if text else ""


def idle_templates(told: Mapping[str, Any]) -> None:
    """Says on stderr which files of the county's own lie over what is guarded and were not used (``templates_unused`` of the summary)."""
    idle = told["templates_unused"]
    if idle:
        more = f" 等 {len(idle)} 个" if len(idle) > 3 else ""
        click.echo(f"未使用的本地文件：{'、'.join(idle[:3])}{more}。把关的文件只用程序自带的；自己的规则另写，用 --rules-folder 给出。", err=True)
