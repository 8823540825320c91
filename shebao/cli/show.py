"""How the command line shows things: tables whose Chinese columns line up, and JSON on demand."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Prints a table; columns named in ``right`` (amounts, counts) are right-aligned."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for name in columns:
        drawn.add_column(name, justify="right" if name in right else "left", no_wrap=name in right, overflow="fold")
    for row in rows:
        drawn.add_row(*[Text(str(cell)) for cell in row])
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else 140
    Console(file=sys.stdout, width=width, highlight=False).print(drawn)


def as_json(value: Any) -> None:
    """Prints a value as indented JSON, Chinese unescaped."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
