"""What `shebao doctor` looks at: plain checks of one signature, each giving findings that name their remedy.

A check never changes anything, never raises for what it looks for, and opens no database that is not there yet.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import sqlalchemy as sa

    from shebao.store import Office

ROOMS = ("ledger", "controls", "books", "audit", "shebao", "templates")
DISTRIBUTION = "shebao-fund-ledger"
FONTS = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf")
TRUETYPE = (b"\x00\x01\x00\x00", b"true")
OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 37, 0)
OLDEST_POSTGRESQL = 150000
LEAST_FREE = 1 << 30
"""Bytes below which the doctor warns: a county's year of books and snapshots takes less."""

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: its state, what was seen (Chinese, English) and, unless ok, what to do."""

    check: str
    state: State
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def as_json(self) -> dict[str, str]:
        """Plain values for ``--json``."""
        return asdict(self)


def numbers(version: str) -> tuple[int, ...]:
    """``3.11.2rc1`` as (3, 11, 2): enough to compare the bounds that our own metadata use."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:4])


def satisfies(version: str, bounds: str) -> bool:
    """Whether a version keeps bounds written with ``>=`` and ``<`` (the only ones our metadata use)."""
    for sign, bound in re.findall(r"(>=|<)\s*([\d.]+)", bounds):
        have, want = numbers(version), numbers(bound)
        width = max(len(have), len(want))
        have, want = have + (0,) * (width - len(have)), want + (0,) * (width - len(want))
        if (have < want) if sign == ">=" else (have >= want):
            return False
    return True


def python(home: Path) -> Iterable[Diagnosis]:
    """Version and width of the interpreter."""
    seen = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Diagnosis("python", "fail", seen, seen, "请安装 Python 3.11 或更高版本。", "Install Python 3.11 or newer.")
    elif sys.maxsize < 2**32:
        yield Diagnosis("python", "fail", f"{seen}（32 位）", f"{seen} (32 bit)", "请安装 64 位 Python。", "Install a 64-bit Python.")
    else:
        yield Diagnosis("python", "ok", seen, seen)


def dependencies(home: Path) -> Iterable[Diagnosis]:
    """Each library that the distribution's metadata ask for: present, and within its bounds."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Diagnosis("dependencies", "warn", "未以安装包方式运行", "not installed as a distribution", "运行 make venv。", "Run make venv.")
        return
    wrong, seen = [], []
    for line in lines:
        requirement, _, marker = line.partition(";")
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        if match is None or "extra" in marker:
            continue
        name = match.group()
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name}（缺 / missing）")
            continue
        seen.append(f"{name} {version}")
        if not satisfies(version, requirement[len(name) :]):
            wrong.append(f"{name} {version}（{requirement[len(name) :].strip()}）")
    if wrong:
        told = "、".join(wrong)
        yield Diagnosis("dependencies", "fail", told, told, "运行 make venv 重新安装依赖。", "Run make venv to install the dependencies again.")
    else:
        yield Diagnosis("dependencies", "ok", "、".join(seen), ", ".join(seen))


def top_level_names(home: Path) -> Iterable[Diagnosis]:
    """The rooms' generic names belong to this application alone in this environment."""
    owners = metadata.packages_distributions()
    here = Path(__file__).resolve().parent.parent
    clash = False
    for room in ROOMS:
        others = sorted({name for name in owners.get(room, []) if re.sub(r"[-_.]+", "-", name).lower() != DISTRIBUTION})
        spec = util.find_spec(room)
        place = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if others or place != here:
            clash = True
            whose = "、".join(others) or str(place)
            yield Diagnosis(
                "names",
                "fail",
                f"顶层名称 {room} 另有所属：{whose}",
                f"the top-level name {room} belongs to {whose}",
                "本程序须装在自己的虚拟环境中：卸载该包，或运行 make venv 另建环境。",
                "Install this application into an environment of its own: remove that package or run make venv.",
            )
    if not clash:
        yield Diagnosis("names", "ok", "顶层名称无冲突：" + "、".join(ROOMS), "no clash of top-level names: " + ", ".join(ROOMS))


def fonts(home: Path) -> Iterable[Diagnosis]:
    """The four fonts that every PDF embeds are there and are TrueType."""
    import templates

    lacking = []
    for name in FONTS:
        try:
            with templates.path(f"fonts/{name}").open("rb") as handle:
                good = handle.read(4) in TRUETYPE
        except OSError:
            good = False
        if not good:
            lacking.append(name)
    if lacking:
        told = "、".join(lacking)
        remedy = ("重新安装本程序（templates/fonts/）。", "Install the application again (templates/fonts/).")
        yield Diagnosis("fonts", "fail", f"字体缺失或损坏：{told}", f"missing or damaged: {told}", *remedy)
    else:
        yield Diagnosis("fonts", "ok", f"{len(FONTS)} 种字体齐备", f"{len(FONTS)} fonts present")


def own_templates(home: Path) -> Iterable[Diagnosis]:
    """Folders that a county lays over the shipped templates exist, and nothing in them lies over what is guarded, where it is not used."""
    import templates

    given = [part for part in os.environ.get("SHEBAO_TEMPLATES", "").split(os.pathsep) if part]
    absent = [part for part in given if not Path(part).is_dir()]
    if absent:
        told = "、".join(absent)
        yield Diagnosis("templates", "fail", f"目录不存在：{told}", f"no such folder: {told}", "改正 SHEBAO_TEMPLATES。", "Mend SHEBAO_TEMPLATES.")
    else:
        told = "、".join(given)
        yield Diagnosis("templates", "ok", f"本地模板：{told}" if given else "使用随附模板", f"own templates: {told}" if given else "shipped templates")
    if idle := templates.unused(home / "templates"):
        told = "、".join(idle[:5]) + (f" 等 {len(idle)} 个" if len(idle) > 5 else "")
        yield Diagnosis(
            "templates", "warn", f"不起作用的本地文件：{told}", f"not used, the shipped file counts: {told}",
            "规则、岗位等把关的文件只用程序自带的。自己的规则另写（docs/own-rules.md，--rules-folder），这些文件请移走。",
            "What guards payments is only ever shipped. Write rules of your own (docs/own-rules.md, --rules-folder) and move these files away.",
        )  # fmt: skip


def terminal(home: Path) -> Iterable[Diagnosis]:
    """The terminal can show Chinese, rare name characters included."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        "社保基金 喆堃 𬭎".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        yield Diagnosis(
            "terminal",
            "warn",
            f"终端编码 {encoding} 显示不了全部汉字",
            f"the terminal's encoding {encoding} lacks some characters",
            "Windows：chcp 65001 并设 PYTHONUTF8=1；Linux：LANG=C.UTF-8。",
            "Windows: chcp 65001 and PYTHONUTF8=1; Linux: LANG=C.UTF-8.",
        )
    else:
        yield Diagnosis("terminal", "ok", f"终端编码 {encoding}", f"terminal encoding {encoding}")


def sqlite(home: Path) -> Iterable[Diagnosis]:
    """SQLite knows STRICT tables."""
    seen = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Diagnosis("sqlite", "fail", seen, seen, "需要 SQLite 3.37 或更高版本：换用较新的 Python。", "SQLite 3.37 or newer is needed: use a newer Python.")
    else:
        yield Diagnosis("sqlite", "ok", seen, seen)


def home_directory(home: Path) -> Iterable[Diagnosis]:
    """The office's directory can be written, by its owner alone, and has room."""
    place = home if home.exists() else next(parent for parent in home.absolute().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        from ledger.system_words import said

        remedy = ("换一个 --home，或改正目录权限。", "Choose another --home or mend its permissions.")
        yield Diagnosis("home", "fail", f"{place} 不可写：{said(error)}", f"{place} cannot be written: {error.strerror}", *remedy)
        return
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE:
        left = free >> 20
        yield Diagnosis("home", "warn", f"{place} 只剩 {left} MiB", f"{place} has {left} MiB left", "清理磁盘，至少留 1 GiB。", "Free at least 1 GiB.")
    if os.name != "nt" and home.exists() and stat.S_IMODE(home.stat().st_mode) & 0o077:
        yield Diagnosis("home", "warn", f"{home} 他人可读", f"others can read {home}", f"chmod 700 {home}", f"chmod 700 {home}")
        return
    yield Diagnosis("home", "ok", f"{place} 可写，余 {free >> 30} GiB", f"{place} is writable, {free >> 30} GiB free")


def database(home: Path) -> Iterable[Diagnosis]:
    """The store answers and is tuned as the invariants need; nothing to see before `shebao init`."""
    if not (home / "shebao.toml").exists():
        yield Diagnosis("database", "ok", f"{home} 尚未建账（shebao init）", f"{home} holds no office yet (shebao init)")
        return
    from ledger.errors import Refusal
    from shebao.store import Office

    try:
        office = Office(home)
        if office.engine.dialect.name == "sqlite" and not Path(office.engine.url.database or "").exists():
            file = office.engine.url.database
            yield Diagnosis("database", "fail", f"数据库文件不存在：{file}", f"no such file: {file}", "从备份恢复该文件。", "Restore the file from a backup.")
            return
        try:
            yield from _store(office)
        finally:
            office.engine.dispose()
    except Refusal as refusal:
        yield Diagnosis("database", "fail", refusal.text("zh"), refusal.text("en"), refusal.remedy("zh"), refusal.remedy("en"))
    except Exception as error:  # noqa: BLE001 - whatever a driver raises is what the doctor is asked to tell
        why = str(error).splitlines()[0]
        remedy = ("检查 shebao.toml 中的地址和数据库服务。", "Check the URL in shebao.toml and the server.")
        yield Diagnosis("database", "fail", f"打不开：{why}", f"cannot be opened: {why}", *remedy)


def _store(office: Office) -> Iterable[Diagnosis]:
    from ledger.db import reading

    with reading(office.store) as connection:
        if connection.dialect.name == "sqlite":
            yield from _sqlite_store(lambda pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
        else:
            yield from _postgresql_store(int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()))
            yield from _partitions(connection)
        yield from _people(connection, office.now())


def _sqlite_store(pragma: Callable[[str], object]) -> Iterable[Diagnosis]:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "quick_check": "ok"}
    seen = {name: pragma(name) for name in wanted}
    told = "，".join(f"{name}={value}" for name, value in seen.items())
    if seen == wanted:
        yield Diagnosis("database", "ok", f"SQLite，{told}", f"SQLite, {told}")
    else:
        remedy = ("文件可能损坏或在网络盘上：从备份恢复到本机磁盘。", "Damaged, or on a network drive: restore a backup to a local disk.")
        yield Diagnosis("database", "fail", told, told, *remedy)


def _postgresql_store(number: int) -> Iterable[Diagnosis]:
    seen = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < OLDEST_POSTGRESQL:
        yield Diagnosis("database", "fail", seen, seen, "需要 PostgreSQL 15 或更高版本。", "PostgreSQL 15 or newer is needed.")
    else:
        yield Diagnosis("database", "ok", seen, seen)


def _partitions(connection: sa.Connection) -> Iterable[Diagnosis]:
    from ledger import partitions

    told = "、".join(partitions.faults(connection))
    if told:
        remedy_zh = "分区由数据库随账套和年度自动建立：请数据库管理员恢复，再运行 shebao verify。"
        remedy_en = "The database makes partitions with books and years: restore them, then run shebao verify."
        yield Diagnosis("partitions", "fail", told, told, remedy_zh, remedy_en)
        return
    there = [one for one in partitions.known(connection) if one.leaf]
    largest = max(there, key=lambda one: one.rows, default=None)
    if largest is not None:
        seen = f"{len(there)} 个分区，最大 {largest.name}（约 {max(largest.rows, 0)} 行）"
        yield Diagnosis("partitions", "ok", seen, f"{len(there)} partitions, the largest {largest.name} (about {max(largest.rows, 0)} rows)")


def _people(connection: sa.Connection, now: str) -> Iterable[Diagnosis]:
    """Nobody holds what excludes itself; every pair is guarded; everybody declared; second factors are in use where they must be."""
    from controls import people
    from controls.grants import conflicts, exceptions
    from controls.relatives import declared

    if not people.names(connection):
        return
    found = conflicts.conflicts(connection, now)
    for one in found:
        yield Diagnosis("duties", "fail", f"{one.name} {one.zh}", f"{one.user or one.name} {one.en}", one.remedy_zh, one.remedy_en)
    if new := conflicts.unguarded(connection):
        zh, en = f"{new} 对不相容岗位尚未由数据库守护", f"{new} pairs are not guarded yet"
        yield Diagnosis("duties", "fail", zh, en, "运行 shebao upgrade。", "Run shebao upgrade.")
    elif not found:
        yield Diagnosis("duties", "ok", "没有人持有不相容的岗位", "nobody holds incompatible duties")
    for someone in exceptions.lacking(connection, now):
        until = someone.last or "首次登录后起算"
        zh = f"{someone.name}（{someone.duty.zh}）未启用动态口令，最后期限 {until}"
        en = f"{someone.user} has no second factor, due {someone.last}"
        yield Diagnosis("sign-in", "warn", zh, en, "本人运行 shebao totp enrol。", "Run shebao totp enrol.")
    yield from _emergencies(connection, now)
    if missing := declared.undeclared(connection):
        told = "、".join(name for _, name in missing[:8]) + (f" 等 {len(missing)} 人" if len(missing) > 8 else "")
        remedy = ("本人运行 shebao relative declare --relation self。", "Let each run shebao relative declare --relation self.")
        yield Diagnosis("relatives", "warn", f"未填报回避登记：{told}", f"{len(missing)} people have declared no number of their own", *remedy)


def _emergencies(connection: sa.Connection, now: str) -> Iterable[Diagnosis]:
    """Emergencies that are over and that nobody has reviewed, each with how much was done under it."""
    from controls.grants import exceptions, requests

    for one in requests.listed(connection, kind="emergency"):
        if one.state == "unreviewed" and one.wanted.valid_to <= now:
            done = len(exceptions.acts(connection, one))
            who = f"{one.wanted.user}，{one.wanted.duty.zh}"
            zh = f"第 {one.request_id} 号应急授权（{who}）已于 {one.wanted.valid_to[:16]} 结束，其间办理 {done} 件，未事后审核"
            en = f"emergency {one.request_id} of {one.wanted.user} ended with {done} acts and has not been reviewed"
            remedy = f"稽核查阅报告（shebao duty exceptions --month {now[:7]}）后运行 shebao duty review {one.request_id}。"
            yield Diagnosis("emergencies", "warn", zh, en, remedy, "AUDIT reads the report (shebao duty exceptions) and reviews it.")


CHECKS: tuple[Callable[[Path], Iterable[Diagnosis]], ...] = (
    python,
    dependencies,
    top_level_names,
    fonts,
    own_templates,
    sqlite,
    home_directory,
    database,
    terminal,
)
"""The one visible list of what the doctor looks at, in the order shown."""


def examine(home: Path) -> list[Diagnosis]:
    """All diagnoses for the office in ``home`` (which need not exist)."""
    return [diagnosis for check in CHECKS for diagnosis in check(home)]
