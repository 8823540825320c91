"""Which files a command line names (导入的文件): kind first if you like, then files, folders or names with *, each with its own values."""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".et", ".parquet")
REJECTS = ".rejects.xlsx"
MARK = "::"
_SAFE = re.compile(r"[\w@%+=:,./\-]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to read: its path, the values given with it, and the mapping named with it ('' for none)."""

    path: Path
    values: Mapping[str, str]
    mapping: str = ""


def split_kind(words: Sequence[str]) -> tuple[str, list[str]]:
    """Contract named first ('' when none is) and the words that name files. Raises SB2020, SB2050."""
    if not words:
        _missing("命令里没有写文件", "要写明导入哪个文件", "no file is named")
    first, rest = words[0], list(words[1:])
    known = kind_named(first)
    if known and not rest and not Path(first).exists():
        _missing(first, "只写了文件种类，没有写文件", "the kind alone, without a file")
    if known and rest:
        return known, rest
    if rest and not _looks_like_file(first):
        _unknown_kind(first)
    return "", [first, *rest]


def kind_named(text: str) -> str:
    """The contract of that name or Chinese title, '' when there is none."""
    from controls.intake import contracts

    wanted = text.strip().replace("_", "-").lower()
    for name in contracts.names():
        if wanted == name or text.strip() == contracts.load(name).title:
            return name
    return ""


def pieces(words: Sequence[str]) -> list[Piece]:
    """The files, each once, in the order given; those of a folder or a pattern by name. Raises SB2026, SB2050."""
    found: dict[Path, Piece] = {}
    for word in words:
        for piece in _of(word):
            found.setdefault(piece.path.resolve(), piece)
    return list(found.values())


def quoted(text: str) -> str:
    """A word as it may be typed again, on this system's command line."""
    if text and _SAFE.fullmatch(text):
        return text
    if sys.platform == "win32":
        return '"' + text.replace('"', '\\"') + '"'
    return "'" + text.replace("'", "'\\''") + "'"


def _looks_like_file(word: str) -> bool:
    return any(sign in word for sign in (".", "/", "\\", MARK, "*", "?")) or Path(word).exists()


def _of(word: str) -> Iterator[Piece]:
    text, values, mapping = word, {}, ""
    if MARK in word and not Path(word).exists():
        from controls.intake.mapping import split

        text, values, mapping = split(word)
    path = Path(text)
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if _taken_from_folder(each))
        if not inside:
            _missing(word, f"文件夹里没有可读的文件（{'、'.join(SUFFIXES)}）", "the folder holds no file that can be read")
    elif path.exists() or not glob.has_magic(text):
        inside = [path]
    else:
        inside = sorted(each for each in map(Path, glob.glob(text)) if each.is_file() and not each.name.startswith(("~$", ".")))
        if not inside:
            _missing(word, "没有文件合这个写法", "no file has such a name")
    for each in inside:
        if not each.exists():
            _missing(str(each), _nearby(each) or "没有这个文件", "there is no such file")
        yield Piece(each, values, mapping)


def _taken_from_folder(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", ".")) and not path.name.endswith(REJECTS)


def _nearby(path: Path) -> str:
    """没有这个文件, and a name in the same folder that is near it."""
    from controls.intake.nearest import word_for

    if not path.parent.is_dir():
        return f"没有文件夹 {path.parent}"
    near = word_for(path.name, [each.name for each in path.parent.iterdir() if each.is_file()][:2_000])
    return f"没有这个文件，您是不是指 {near}" if near else ""


def _missing(word: str, why: str, why_en: str) -> None:
    from controls.intake.errors_desk import NothingToRead

    raise NothingToRead(word=word, why=why, why_en=why_en)


def _unknown_kind(word: str) -> None:
    from controls.intake import contracts
    from controls.intake.errors import UnknownContract

    raise UnknownContract(contract=word, known="、".join(f"{name}（{contracts.load(name).title}）" for name in contracts.names()))
