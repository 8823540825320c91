"""How the command line shows things: tables whose Chinese columns line up, and JSON on demand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

PIPE_WIDTH = 160
"""Columns of a table that goes to a file or another program."""
ROOMY = 120
"""On narrower terminals numbers may wrap too, rather than be cut."""


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Prints a table; columns in ``right`` (amounts, counts) are right-aligned. Numbers and codes stay on one line, long texts wrap."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)
    roomy = console.width >= ROOMY
    drawn_rows = [tuple(str(cell) for cell in row) for row in rows]
    for index, name in enumerate(columns):
        whole = name in right or (roomy and all(len(row[index]) <= 24 and row[index].isascii() for row in drawn_rows))
        drawn.add_column(name, justify="right" if name in right else "left", no_wrap=whole, overflow="fold")
    for row in drawn_rows:
        drawn.add_row(*[Text(cell) for cell in row])
    console.print(drawn)


def as_json(value: Any) -> None:
    """Prints a value as indented JSON, Chinese unescaped."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
