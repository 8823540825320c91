"""How a bank wants its file (银行文件版式), as data: ``templates/bank-files``, columns, encoding, line end, amounts, codes, and its return.

Positions of a return count from 1. ``value`` of a column: seq, account, holder, amount, bank, code, batch, or mark (the constant ``text``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import model_validator

import templates
from controls.banking.errors import NoSuchLayout
from ledger.lawfile import BadLawFile, LawFile, Strict, read

FOLDER = "bank-files"
VALUES = ("seq", "account", "holder", "amount", "bank", "code", "batch", "mark")


class ColumnLayout(Strict):
    """One column; ``width`` counts bytes in fixed files, ``fill`` pads on the left where it is not a space on the right."""

    value: str
    width: int = 0
    fill: str = " "
    text: str = ""


class ReturnLayout(Strict):
    """The bank's answer: lines to skip, position of each cell, which words mean paid and not paid, and where the control totals stand."""

    skip: int = 0
    foot: int = 0
    widths: tuple[int, ...] = ()
    head_widths: tuple[int, ...] = ()
    seq: int
    account: int
    holder: int
    amount: int
    result: int
    reason: int
    serial: int
    booked_on: int
    ok: tuple[str, ...]
    failed: tuple[str, ...]
    lines: int = 0
    sum: int = 0
    paid: int = 0
    batch: int = 0


class Layout(LawFile):
    """One layout."""

    name: str
    zh: str
    suffix: str
    form: Literal["separated", "fixed", "pain001"]
    encoding: Literal["gbk", "gb18030", "utf-8", "utf-8-sig"]
    line_end: Literal["crlf", "lf"]
    separator: str = ","
    quoted: bool = False
    amount: Literal["yuan", "fen"]
    codes: dict[str, str]
    head: tuple[tuple[str, ...], ...] = ()
    head_widths: tuple[int, ...] = ()
    columns: tuple[ColumnLayout, ...]
    foot: tuple[tuple[str, ...], ...] = ()
    returns: ReturnLayout | None = None

    @model_validator(mode="after")
    def _whole(self) -> Layout:
        odd = {column.value for column in self.columns} - set(VALUES)
        if odd:
            raise ValueError(f"unknown values {sorted(odd)}")
        named = [column.value for column in self.columns]
        named += ["batch" for line in self.head for cell in line if "{batch}" in cell]
        if self.form != "pain001" and not {"seq", "account", "holder", "amount", "batch"} <= set(named):
            raise ValueError("seq, account, holder, amount and batch must be in the file")
        if self.form == "fixed" and any(column.width < 1 for column in self.columns):
            raise ValueError("a fixed file gives every width")
        return self

    @property
    def end(self) -> str:
        """The line end itself."""
        return "\r\n" if self.line_end == "crlf" else "\n"


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> dict[str, Layout]:
    found: dict[str, Layout] = {}
    for file in templates.names(FOLDER, ".yaml"):
        made = read(Layout, file)
        if made.name in found:
            raise BadLawFile(file=file, where=made.name, why="版式重复")
        found[made.name] = made
    return found


def layouts() -> dict[str, Layout]:
    """Every layout by its name; raises SB1011."""
    return _load(tuple(str(root) for root in templates.roots()))


def layout(word: str) -> Layout:
    """A layout by its name or its Chinese name; raises SB2240."""
    known = layouts()
    for one in known.values():
        if word in (one.name, one.zh):
            return one
    raise NoSuchLayout(layout=word, known="、".join(sorted(known)))
