"""Trouble from outside that any command may meet (files, disk, database, texts that are none), as refusals with codes.

What is not listed here stays an internal error: a mistake of the program is never dressed up as the user's.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

import click

from ledger.errors import UNUSABLE, Refusal
from ledger.system_words import WHY

MOST = 2**31 - 1
"""The largest number that is stored in every database."""


class BadText(Refusal):
    """A text with characters that no file and no database takes."""

    code = "SB6008"
    zh = "{what}含有不能用的字符（{sign}）。"
    en = "{what_en} holds a character that cannot be used ({sign})."
    cause_zh = "空字符（U+0000）和读不懂的字节（孤立的代理码位）不能存入账中；多半是文件名或终端的编码不是 UTF-8，或文件不是文本。"
    cause_en = "NUL and undecodable bytes (lone surrogates) cannot be stored; a file name or the terminal is not UTF-8, or a file is no text."
    remedy_zh = "改正后重试；文件名乱码的先改名，终端设 LANG=C.UTF-8 或 PYTHONUTF8=1。"
    remedy_en = "Mend it and try again; rename the file, or set LANG=C.UTF-8 or PYTHONUTF8=1."
    status = UNUSABLE


class FileTrouble(Refusal):
    """A file or folder that cannot be read or written."""

    code = "SB6009"
    zh = "文件 {file} 无法读写：{why}。"
    en = "The file {file} cannot be read or written: {why_en}."
    cause_zh = "操作系统拒绝了这次读写；账中的步骤是一个事务，没有完成就全部撤回。"
    cause_en = "The operating system refused; a step in the books is one transaction and is undone unless complete."
    remedy_zh = "检查路径、权限和磁盘空间后重做这一步。"
    remedy_en = "Check the path, its permissions and the space on the disk, then repeat the step."
    status = UNUSABLE


_PART = re.compile(r"(?<![^\\/])\.([^\\/]+)\.[0-9a-f]{8}$")


class Whole(click.ParamType):
    """A whole number from ``least`` to 2**31 - 1, refused in Chinese otherwise."""

    name = "integer"

    def __init__(self, least: int) -> None:
        self.least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        if len(text) <= 12 and text.isascii() and text.removeprefix("-").isdigit() and self.least <= int(text) <= MOST:
            return int(text)
        shown = text if len(text) <= 30 else f"{text[:30]}…"
        self.fail(f"“{shown}”不是 {self.least} 到 {MOST} 的整数。", param, ctx)


NUMBER = Whole(1)
"""A number of a roster, file, line: 1 or more."""
COUNT = Whole(0)
"""A count: 0 or more."""


def says(text: str) -> bool:
    """Whether a text says something: at least one letter, digit or 汉字."""
    return any(sign.isalnum() for sign in text)


class Reason(click.ParamType):
    """A reason that says something."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not says(text):
            self.fail("原因不能为空，要写明事由。", param, ctx)
        return text


REASON = Reason()
"""Every option that asks why."""


def usable(what: str, what_en: str, text: str) -> str:
    """The text as it is; raises SB6008 for NUL and lone surrogates."""
    for sign in text:
        if sign == "\0" or "\ud800" <= sign <= "\udfff":
            raise BadText(what=what, what_en=what_en, sign=f"U+{ord(sign):04X}")
    return text


def usable_arguments(arguments: Sequence[str]) -> None:
    """Refuses a command line whose words cannot be stored or printed; raises SB6008."""
    for number, word in enumerate(arguments, start=1):
        shown = word.encode("ascii", "backslashreplace").decode() if len(word) <= 60 else ""
        usable(f"命令行第 {number} 个词 {shown}".strip(), f"Word {number} of the command line {shown}".strip(), word)


def foreseen(error: BaseException, arguments: Sequence[str]) -> Refusal | None:
    """The refusal for trouble from outside; None for a mistake of the program."""
    if isinstance(error, OSError):
        if error.errno not in WHY:
            return None
        named = error.filename2 if error.filename2 is not None else error.filename
        file = named if isinstance(named, str | bytes | os.PathLike) else None
        place = _PART.sub(r"\1", os.fsdecode(file)) if file is not None else _written_to(arguments)
        return FileTrouble(file=place, why=WHY[error.errno], why_en=os.strerror(error.errno))
    if "sqlalchemy" in sys.modules or "sqlite3" in sys.modules:
        from ledger.db import store_trouble

        return store_trouble(error)
    return None


def _written_to(arguments: Sequence[str]) -> str:
    """Where the command was writing when the system does not say: its ``--out``, else the office's directory."""
    for option in ("--out", "--home"):
        for number, word in enumerate(arguments):
            if word == option and number + 1 < len(arguments):
                return arguments[number + 1]
            if word.startswith(f"{option}="):
                return word.partition("=")[2]
    return os.environ.get("SHEBAO_HOME", "shebao-data")


def outspoken() -> None:
    """Lets both streams print or escape any character: no terminal's encoding makes a command crash. ASCII ones become UTF-8, as click prints."""
    import codecs

    from shebao.cli.terminal import guard

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        ascii_ = codecs.lookup(stream.encoding or "ascii").name == "ascii"
        reconfigure(encoding="utf-8" if ascii_ else None, errors="backslashreplace")
        guard(stream)
