"""The folder of a book on disk: written whole and fsynced beside the old one, then put in its place.

No symbolic links, so it works on Windows too. Two renames make the swap; whoever is killed between them leaves
the old book under ``.<fund>.old``, and the next writer or reader puts it back. One writer at a time (a lock that
the system drops with the process).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import UNUSABLE, Refusal

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")
_MEANS_SOMETHING = re.compile(r"[*?\[\]$%]")


class BadPlace(Refusal):
    """A folder name that Beancount would not take as it stands."""

    code = "SB4006"
    zh = "账簿目录“{place}”不能用：{why}。"
    en = "The folder “{place}” cannot hold a book: {why}."
    cause_zh = "Beancount 会把路径中的 * ? [ ] $ % 当作通配符或变量；单位代码用作目录名，只能是字母、数字、_ 和 -。"
    cause_en = "Beancount reads * ? [ ] $ % in a path as wildcards and variables; a unit code is a folder name of letters, digits, _ and -."
    remedy_zh = "用 --out 换一个目录；改正单位代码。"
    remedy_en = "Choose another folder with --out, or mend the unit code."
    status = UNUSABLE


class BookInUse(Refusal):
    """Another writer, or a program that holds the folder's files open."""

    code = "SB4007"
    zh = "账簿 {place} 正被占用，未作改动：{why}。"
    en = "The book {place} is in use and was left as it was: {why}."
    cause_zh = "同一账簿一次只能由一个程序写；Windows 上打开着的文件使目录不能更名。"
    cause_en = "One program writes a book at a time; on Windows an open file keeps its folder from being renamed."
    remedy_zh = "关闭正在查看账簿的程序（Fava、编辑器、资源管理器窗口），稍后重试。"
    remedy_en = "Close what shows the book (Fava, an editor, a file window) and try again."


@dataclass(frozen=True, slots=True)
class Place:
    """Where one book lies and where its generations are put together."""

    root: Path
    unit: str
    fund: str

    def __post_init__(self) -> None:
        for name in (self.unit, self.fund):
            if _NAME.fullmatch(name) is None:
                raise BadPlace(place=name, why="含有不能用作目录名的字符")
        if _MEANS_SOMETHING.search(str(self.root.absolute())):
            raise BadPlace(place=self.root, why="路径中有 * ? [ ] $ % 之一")

    @property
    def live(self) -> Path:
        """The book: ``<root>/<unit>/<fund>``."""
        return self.root.absolute() / self.unit / self.fund

    @property
    def new(self) -> Path:
        return self.live.with_name(f".{self.fund}.new")

    @property
    def old(self) -> Path:
        return self.live.with_name(f".{self.fund}.old")

    def recover(self) -> None:
        """Puts the old book back when a swap was cut short; raises SB4007."""
        if self.old.exists() and not self.live.exists():
            _rename(self.old, self.live, self)


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Holds the book's writing lock and mends what an interrupted writer left; raises SB4007."""
    place.live.parent.mkdir(parents=True, exist_ok=True)
    with (place.live.with_name(f".{place.fund}.lock")).open("a+b") as handle:
        try:
            _lock(handle.fileno())
        except OSError as busy:
            raise BookInUse(place=place.live, why="另一个程序正在写") from busy
        place.recover()
        for rest in (place.new, place.old):
            if rest.exists():
                shutil.rmtree(rest)
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes every file of a new generation and sees it onto the disk; ``folder`` must not exist."""
    folder.mkdir()
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
    for inner in (*sorted({(folder / name).parent for name in files}), folder.parent):
        _sync_folder(inner)


def _sync_folder(folder: Path) -> None:
    """Makes renames in ``folder`` durable; Windows keeps no handle on folders and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(source: Path, target: Path, place: Place) -> None:
    try:
        source.rename(target)
    except OSError as held:
        raise BookInUse(place=place.live, why=held.strerror or str(held)) from held


def swap(place: Place) -> None:
    """Puts the new generation in the place of the live one and drops the old; on failure the old one is back. Raises SB4007."""
    had_one = place.live.exists()
    if had_one:
        _rename(place.live, place.old, place)
    try:
        _rename(place.new, place.live, place)
    except BookInUse:
        place.recover()
        raise
    _sync_folder(place.live.parent)
    if had_one:
        shutil.rmtree(place.old, ignore_errors=True)


def read_files(folder: Path) -> dict[str, bytes | None]:
    """Name (with ``/``) → content of everything in ``folder``; None for a link or anything that is no plain file."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = None
        elif path.is_file():
            found[name] = path.read_bytes()
    return found
