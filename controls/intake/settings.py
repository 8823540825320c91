"""Values given with a file (随文件给出的值): ``FILE::险种=R,统筹区=620821``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from controls.intake.contracts import Contract, fold
from controls.intake.errors import BadDelimiter, BadSetting

MARK = "::"
DELIMITERS = {"逗号": ",", "comma": ",", "制表符": "\t", "tab": "\t", "\\t": "\t", "分号": ";", "semicolon": ";", "竖线": "|", "pipe": "|"}


def split_values(argument: str) -> tuple[Path, dict[str, str]]:
    """Path and header → value. A comma, full-width or not, or a semicolon parts the pairs. Raises SB2026.

    >>> split_values("发放.csv::险种=R,统筹区=620821")[1]
    {'险种': 'R', '统筹区': '620821'}
    """
    path, mark, rest = argument.rpartition(MARK)
    if not mark:
        return Path(argument), {}
    values: dict[str, str] = {}
    for pair in rest.replace("，", ",").replace("；", ",").replace(";", ",").split(","):
        if not pair.strip():
            continue
        name, equals, value = pair.replace("＝", "=").partition("=")
        if not equals or not name.strip() or not value.strip():
            raise BadSetting(given=pair, why="应写成 列名=值")
        if name.strip() in values:
            raise BadSetting(given=pair, why="同一列给了两次")
        values[name.strip()] = value.strip()
    if not path:
        raise BadSetting(given=argument, why="没有文件名")
    return Path(path), values


def by_column(contract: Contract, values: Mapping[str, str]) -> dict[str, str]:
    """Column id → value; the names may be synonyms. Raises SB2026 for a name of no column, or two names of one."""
    lookup = contract.lookup()
    found: dict[str, str] = {}
    for name, value in values.items():
        column = lookup.get(fold(name))
        if column is None:
            raise BadSetting(given=f"{name}={value}", why=f"“{contract.title}”没有这一列")
        if column.id in found:
            raise BadSetting(given=f"{name}={value}", why="同一列给了两次")
        found[column.id] = value
    return found


def delimiter_of(given: str | None) -> str | None:
    """The character that ``--delimiter`` means: itself, or ``tab``, ``comma``, ``semicolon``, ``pipe``; None for none. Raises SB2049.

    >>> delimiter_of("tab"), delimiter_of(";")
    ('\\t', ';')
    """
    if given is None:
        return None
    found = DELIMITERS.get(given.strip().casefold(), given)
    if found not in DELIMITERS.values():
        raise BadDelimiter(given=given)
    return found
