"""Generations of a book: written beside the old one, loaded and compared to the fen, and only then put in its place.

:func:`write_books` refuses to swap anything that is not clean (B1), equal (B2) and closed to foreign lines (B3);
:func:`check_books` holds the book on disk against the store and lists what differs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from books import checker
from books.checker import Loaded, Verdict
from books.folder import Place, locked, read_files, swap, write_files
from books.grammar import foreign_lines
from books.journal import MAIN, PROVED, BookData, proof, render
from ledger.errors import UNUSABLE, Refusal
from ledger.money import show
from ledger.months import Month

MANIFEST = "manifest.json"


class BeanCheckFound(Refusal):
    """B1."""

    code = "SB4002"
    zh = "新写的账簿 {book} 没有通过检查，原账簿未动：{found}"
    en = "The new book {book} did not pass; the old one is untouched: {found}"
    cause_zh = "bean-check 和账簿内的复验必须没有任何发现，账簿才会替换（B1）。"
    cause_en = "A book is put in place only when bean-check and the proof inside the book find nothing (B1)."
    remedy_zh = "先运行 shebao verify 查清账套本身是否完好；账套完好而仍不通过的，请报告。"
    remedy_en = "Run shebao verify first; if the store is sound and this remains, report it."


class BooksDiffer(Refusal):
    """B2."""

    code = "SB4003"
    zh = "新写的账簿 {book} 与账套不一致，原账簿未动：{found}"
    en = "The new book {book} differs from the store; the old one is untouched: {found}"
    cause_zh = "Beancount 算出的余额和读到的凭证必须与账套分毫不差（B2）。"
    cause_en = "Beancount's balances and vouchers equal ours to the fen (B2)."
    remedy_zh = "先运行 shebao verify：保留的余额可能与分录不符。"
    remedy_en = "Run shebao verify: kept balances may not be the sums of their lines."


class ForeignText(Refusal):
    """B3."""

    code = "SB4004"
    zh = "账簿 {book} 中有不属于账簿的内容，没有加载：{found}"
    en = "The book {book} holds what no book holds and was not loaded: {found}"
    cause_zh = "账簿文件只能由固定的几种行组成；其他内容加载时可能执行程序（B3）。"
    cause_en = "A book consists of a few kinds of lines; anything else may run code when loaded (B3)."
    remedy_zh = "保留该目录以备查，用 shebao books write 重新写出。"
    remedy_en = "Keep the folder as evidence and write the book again with shebao books write."


class CheckerBroke(Refusal):
    """The checking process did not answer."""

    code = "SB4005"
    zh = "检查账簿 {book} 的进程没有给出结果，原账簿未动：{found}"
    en = "The process checking {book} gave no result; the old book is untouched: {found}"
    cause_zh = "账簿在单独的进程中加载；该进程中断、超时或缺少 Beancount。"
    cause_en = "A book is loaded in a process of its own, which died, ran late or lacks Beancount."
    remedy_zh = "重试；仍然如此，运行 shebao doctor 检查安装。"
    remedy_en = "Try again; if it stays, run shebao doctor."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a book: ``kind`` is a refusal's code or ``missing``, ``stale``, ``changed``; ``text`` is one Chinese sentence."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself: book, the store's last entry and month it covers, when, the trail's head, SHA-256 by file."""

    book: str
    last_entry: int
    through: str
    written_at: str
    trail_seq: int
    trail_hash: str
    fingerprint: str
    files: Mapping[str, str]

    @property
    def month(self) -> Month | None:
        """The last month asked for, None for everything there was."""
        return Month.parse(self.through) if self.through else None


@dataclass(frozen=True, slots=True)
class GenerationReport:
    """One book written or checked. ``balances``: accounts compared to the fen; ``bean_check``: everything it printed ('' is clean)."""

    book: str
    folder: Path
    entries: int
    accounts: int
    assertions: int
    balances: int
    months: int
    bytes: int
    bean_check: str
    fingerprint: str
    seconds_write: str
    seconds_check: str
    problems: tuple[Problem, ...] = ()


def write_books(
    root: Path, book: BookData, *, through: Month | None = None, written_at: str = "", trail_head: tuple[int, str] = (0, ""), seconds: int = checker.SECONDS
) -> GenerationReport:
    """Writes ``<root>/<unit>/<fund>`` anew; the old book stays until the new one is proved. Raises SB4001–SB4007."""
    place = Place(root, book.book.unit_code, book.book.fund.value)
    began = time.perf_counter()
    files = {name: text.encode("utf-8") for name, text in render(book).items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    about = Manifest(book.key, book.last_entry, str(through or ""), written_at, trail_head[0], trail_head[1], proof(book), digests)
    with locked(place):
        write_files(place.new, files | {MANIFEST: _manifest_bytes(about)})
        wrote = time.perf_counter()
        problems, verdict, compared = _examine(place.new, book, files, seconds)
        if problems:
            shutil.rmtree(place.new)
            raise _refusal(book.key, problems)
        swap(place)
    size = sum(map(len, files.values()))
    return _report(book, place, verdict, compared, size, (began, wrote, time.perf_counter()))


def check_books(root: Path, book: BookData, *, seconds: int = checker.SECONDS) -> GenerationReport:
    """Holds the book on disk against ``book`` (read up to the manifest's month) and lists what differs; loads nothing foreign."""
    place = Place(root, book.book.unit_code, book.book.fund.value)
    if place.old.exists() and not place.live.exists():
        with locked(place):
            pass
    began = time.perf_counter()
    about = manifest(root, book.book.unit_code, book.book.fund.value)
    if about is None:
        nothing = (Problem("missing", f"{place.live} 没有账簿，先运行 shebao books write"),)
        return _report(book, place, None, 0, 0, (began, began, time.perf_counter()), nothing)
    then = book.as_of(about.last_entry)
    late = len(book.entries) - len(then.entries)
    stale = (Problem("stale", f"账簿写出后又记了 {late} 张凭证，请重新运行 shebao books write"),) if late else ()
    files = {name: text.encode("utf-8") for name, text in render(then).items()}
    ready = time.perf_counter()
    problems, verdict, compared = _examine(place.live, then, files, seconds)
    return _report(then, place, verdict, compared, sum(map(len, files.values())), (began, ready, time.perf_counter()), stale + problems)


def manifest(root: Path, unit: str, fund: str) -> Manifest | None:
    """What the generation on disk says of itself; None when there is no book or its manifest cannot be read."""
    try:
        found = Manifest(**json.loads((Place(root, unit, fund).live / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if isinstance(found.last_entry, int) and isinstance(found.through, str) else None


def _manifest_bytes(about: Manifest) -> bytes:
    values = {name: getattr(about, name) for name in Manifest.__slots__}
    return (json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _examine(folder: Path, book: BookData, expected: Mapping[str, bytes], seconds: int) -> tuple[tuple[Problem, ...], Verdict | None, int]:
    """Problems, what the processes said (None when nothing was loaded), and how many balances were compared."""
    unsafe, changed = _files(folder, expected)
    if unsafe:
        return (*unsafe, *changed), None, 0
    verdict = checker.check(folder / MAIN, folder / PROVED, seconds=seconds)
    problems = list(changed)
    if verdict.output or verdict.status:
        problems.append(Problem("SB4002", f"bean-check（退出状态 {verdict.status}）：{_short(verdict.output)}"))
    if verdict.loaded is None:
        return (*problems, Problem("SB4005", _short(verdict.breakdown))), verdict, 0
    problems += [Problem("SB4002", _short(error)) for error in verdict.loaded.errors]
    problems += _differences(book, verdict.loaded)
    return tuple(problems), verdict, len(book.closing)


def _files(folder: Path, expected: Mapping[str, bytes]) -> tuple[list[Problem], list[Problem]]:
    """What must not be loaded, and what merely differs from the store."""
    unsafe: list[Problem] = []
    changed: list[Problem] = []
    found = read_files(folder)
    for name, content in found.items():
        if name == MANIFEST:
            continue
        if content is None or name not in expected:
            what = "加载缓存，其中可能有程序" if name.endswith(".picklecache") else "不属于账簿的文件"
            unsafe.append(Problem("SB4004", f"{name}：{what}"))
        elif content != expected[name]:
            lines = list(foreign_lines(name, content.decode("utf-8", errors="replace")))
            unsafe += [Problem("SB4004", f"{name} 第 {one.line} 行：{one.text[:80]}") for one in lines[:5]]
            changed.append(Problem("changed", f"{name} 与账套不一致"))
    for name in expected.keys() - found.keys():
        unsafe.append(Problem("SB4004", f"缺文件 {name}"))
    for name, content in expected.items():
        for one in foreign_lines(name, content.decode("utf-8")):
            unsafe.append(Problem("SB4004", f"{name} 第 {one.line} 行：{one.text[:80]}"))
    return unsafe, changed


def _differences(book: BookData, loaded: Loaded) -> list[Problem]:
    """Where Beancount's balances or vouchers are not ours."""
    ours = {book.names[code]: fen for code, fen in book.closing.items()}
    problems = [
        Problem("SB4003", f"{name}：账簿 {show(loaded.balances.get(name, 0))} 元，账套 {show(ours.get(name, 0))} 元")
        for name in sorted(ours.keys() | loaded.balances.keys())
        if ours.get(name, 0) != loaded.balances.get(name, 0)
    ]
    if loaded.entries != len(book.entries):
        problems.append(Problem("SB4003", f"账簿有 {loaded.entries} 张凭证，账套有 {len(book.entries)} 张"))
    elif loaded.fingerprint != proof(book):
        problems.append(Problem("SB4003", "账簿中有凭证的日期、摘要、科目或金额与账套不同"))
    return problems


def _refusal(key: str, problems: tuple[Problem, ...]) -> Refusal:
    kinds: dict[str, type[Refusal]] = {known.code: known for known in (ForeignText, CheckerBroke, BooksDiffer, BeanCheckFound)}
    worst = next((code for code in kinds if any(one.kind == code for one in problems)), BooksDiffer.code)
    told = [one.text for one in problems if one.kind == worst] or [one.text for one in problems]
    return kinds[worst](book=key, found="；".join(told[:5]) + (f" …（共 {len(told)} 处）" if len(told) > 5 else ""))


def _short(text: str) -> str:
    return text if len(text) <= 500 else text[:500] + " …"


def _report(
    book: BookData,
    place: Place,
    verdict: Verdict | None,
    compared: int,
    size: int,
    times: tuple[float, float, float],
    problems: tuple[Problem, ...] = (),
) -> GenerationReport:
    loaded = verdict.loaded if verdict else None
    began, between, ended = times
    return GenerationReport(
        book=book.key,
        folder=place.live,
        entries=loaded.entries if loaded else 0,
        accounts=loaded.accounts if loaded else 0,
        assertions=loaded.assertions if loaded else 0,
        balances=compared,
        months=len({one.entry.period for one in book.entries}),
        bytes=size,
        bean_check=verdict.output if verdict else "",
        fingerprint=loaded.fingerprint if loaded else "",
        seconds_write=f"{between - began:.2f}",
        seconds_check=f"{ended - between:.2f}",
        problems=problems,
    )
