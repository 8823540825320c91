"""Generations of a book: nothing takes the old one's place unless it is clean, equal to the fen, and ours (B1, B2, B3)."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from books import checker, generation
from books.folder import BadPlace, BookInUse, Place, locked, read_files, swap, write_files
from books.generation import BeanCheckFound, BooksDiffer, CheckerBroke, ForeignText, check_books, manifest, write_books
from books.journal import MAIN, PROVED, BookData, render
from ledger.errors import Refusal
from ledger.months import Month
from tests.books.sample_books import book, entry, january, posted


def live(root: Path) -> Path:
    return root / "620821" / "R"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A root with one sound book in it."""
    write_books(tmp_path, january())
    return tmp_path


def kinds(root: Path, source: BookData | None = None) -> set[str]:
    """What ``check_books`` finds, by kind."""
    return {one.kind for one in check_books(root, source or january()).problems}


def test_a_book_is_written_proved_and_reported(tmp_path: Path) -> None:
    """B1, B2: the report counts entries, accounts, assertions and compared balances, and bean-check printed nothing."""
    report = write_books(tmp_path, january(), written_at="2026-03-01T09:00:00+08:00", trail_head=(7, "a" * 64))
    assert (report.book, report.entries, report.accounts, report.balances, report.months) == ("620821/R", 6, 7, 6, 2)
    assert (report.assertions, report.bean_check, report.problems) == (12, "", ())
    assert report.folder == live(tmp_path)
    about = manifest(tmp_path, "620821", "R")
    assert about is not None
    assert (about.last_entry, about.trail_seq, about.fingerprint) == (6, 7, report.fingerprint)
    assert set(about.files) == set(render(january()))


def test_nothing_is_left_beside_the_book(written: Path) -> None:
    """After a write and a second write there is the book and its lock, no half generation and no backup."""
    write_books(written, january())
    assert sorted(path.name for path in live(written).parent.iterdir()) == [".R.lock", "R"]
    assert not list(written.rglob("*.picklecache"))


def test_bean_check_itself_finds_nothing(written: Path) -> None:
    """B1: the command an outside auditor runs on main.beancount prints nothing and ends with 0."""
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(live(written) / MAIN)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_sound_book_checks_clean(written: Path) -> None:
    """Held against the store again, the written book shows no difference."""
    report = check_books(written, january())
    assert report.problems == ()
    assert report.balances == 6


def test_no_book_is_a_finding(tmp_path: Path) -> None:
    """Checking where nothing was written says so."""
    assert kinds(tmp_path) == {"missing"}


def test_vouchers_posted_since_make_a_book_stale_not_wrong(written: Path) -> None:
    """A book behind the store is reported as behind; what it holds is still compared as of its last entry."""
    later = entry(("1005", "D", 500), ("400101", "C", 500), source="tax-2", day=date(2026, 2, 27))
    assert kinds(written, book([*january().entries, posted(7, later, 3)])) == {"stale"}


@pytest.mark.parametrize("fen", [1, -1])
def test_a_kept_balance_one_fen_off_is_refused_and_the_old_book_stays(written: Path, fen: int) -> None:
    """B2: when kept balances are not the sums of lines by a single fen, nothing is swapped."""
    before = read_files(live(written))
    source = january()
    wrong = tuple(replace(one, debit=one.debit + fen) if one.account == "1005" else one for one in source.movements)
    with pytest.raises(BooksDiffer) as refused:
        write_books(written, replace(source, movements=wrong))
    assert "1005国库存款" in refused.value.text()
    assert read_files(live(written)) == before
    assert sorted(path.name for path in live(written).parent.iterdir()) == [".R.lock", "R"]


def test_an_entry_without_kept_balances_is_refused(tmp_path: Path) -> None:
    """B2: a line that no kept balance covers is not written away."""
    with pytest.raises(BooksDiffer):
        write_books(tmp_path, replace(january(), movements=()))
    assert not live(tmp_path).exists()


def test_a_broken_invariant_is_refused(tmp_path: Path) -> None:
    """B1: a gap in the numbers is found by the proof inside the book, and nothing is swapped."""
    source = january()
    gap = (*source.entries[:-1], replace(source.entries[-1], number=9))
    with pytest.raises(BeanCheckFound) as refused:
        write_books(tmp_path, replace(source, entries=gap))
    assert "[L4]" in refused.value.text()
    assert not live(tmp_path).exists()


def test_a_slip_of_the_printer_is_refused_before_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B3: should the printer ever let a directive through, the grammar sees it and nothing is loaded."""
    files = render(january())
    monkeypatch.setattr(generation, "render", lambda source: files | {MAIN: files[MAIN] + 'plugin "antigravity"\n'})
    monkeypatch.setattr(checker, "check", lambda *a, **k: pytest.fail("it was loaded"))
    with pytest.raises(ForeignText):
        write_books(tmp_path, january())


def test_a_checker_that_does_not_answer_is_refused(written: Path) -> None:
    """A checking process that runs late leaves the old book in place (SB4005)."""
    before = read_files(live(written))
    with pytest.raises(CheckerBroke):
        write_books(written, january(), seconds=0)
    assert read_files(live(written)) == before


def test_a_checker_that_dies_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checking process that ends without its JSON is a refusal that says why, never a clean book."""
    monkeypatch.setattr(checker, "environment", lambda: {"PATH": os.environ["PATH"], "PYTHONHOME": str(tmp_path)})
    with pytest.raises(CheckerBroke):
        write_books(tmp_path, january())


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def test_a_planted_load_cache_is_found_and_never_read(written: Path) -> None:
    """A .picklecache beside the book is program code: the check refuses to load, and nothing ran."""
    mark = written / "ran"
    (live(written) / ".main.beancount.picklecache").write_bytes(pickle.dumps(Bomb(mark)))
    report = check_books(written, january())
    assert {one.kind for one in report.problems} == {"SB4004"}
    assert report.entries == 0
    assert not mark.exists()
    write_books(written, january())
    assert kinds(written) == set()
    assert not mark.exists()


def test_children_never_use_a_load_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even loaded directly, a child neither reads a planted cache nor follows a setting that points to one."""
    mark = tmp_path / "ran"
    for name, text in render(january()).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    planted = tmp_path / "planted.picklecache"
    for path in (planted, tmp_path / ".main.beancount.picklecache", tmp_path / ".proved.beancount.picklecache"):
        path.write_bytes(pickle.dumps(Bomb(mark)))
    monkeypatch.setenv("BEANCOUNT_LOAD_CACHE_FILENAME", str(planted))
    monkeypatch.setenv("PYTHONSTARTUP", str(planted))
    monkeypatch.delenv("BEANCOUNT_DISABLE_LOAD_CACHE", raising=False)
    assert not {"BEANCOUNT_LOAD_CACHE_FILENAME", "PYTHONSTARTUP"} & checker.environment().keys()
    verdict = checker.check(tmp_path / MAIN, tmp_path / PROVED)
    assert verdict.clean
    assert not mark.exists()
    subprocess.run([sys.executable, "-m", "beancount.scripts.check", str(tmp_path / MAIN)], capture_output=True, check=False)
    assert mark.exists(), "the planted cache would have run, so the test could have failed"


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("2026/2026-01.beancount", "收到保费", "收到保险费", {"changed", "SB4003"}),
        ("2026/2026-01.beancount", "1234.56 CNY", "1234.57 CNY", {"changed", "SB4002", "SB4003"}),
        ("main.beancount", 'include "2026/2026-02.beancount"\n', "", {"changed"}),
        ("proved.beancount", 'include "2026/2026-02.beancount"\n', "", {"changed", "SB4003"}),
        ("main.beancount", 'option "render_commas" "TRUE"', 'plugin "antigravity"', {"SB4004", "changed"}),
        ("2026/2026-02.beancount", "; Written", 'plugin "antigravity"\n; Written', {"SB4004", "changed"}),
    ],
)
def test_an_edited_book_is_found(written: Path, file: str, old: str, new: str, found: set[str]) -> None:
    """One word, one fen, one include or one directive changed by hand is found; foreign directives are never loaded."""
    path = live(written) / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert kinds(written) == found


def test_extra_and_missing_files_are_found(written: Path) -> None:
    """A file that is not of the book, a link, and a file gone are found, and the book is not loaded."""
    (live(written) / "2026" / "2026-03.beancount").write_text("; leer\n", encoding="utf-8")
    assert kinds(written) == {"SB4004"}
    (live(written) / "2026" / "2026-03.beancount").unlink()
    (live(written) / "accounts.beancount").rename(written / "elsewhere.beancount")
    assert kinds(written) == {"SB4004"}
    if hasattr(os, "symlink") and sys.platform != "win32":
        (live(written) / "accounts.beancount").symlink_to(written / "elsewhere.beancount")
        assert kinds(written) == {"SB4004"}


@pytest.mark.parametrize("stopped", ["after the first rename", "after both renames"])
def test_an_interrupted_swap_is_mended(written: Path, stopped: str) -> None:
    """Killed between the renames, the old book comes back; killed after them, the new one stands; both check clean."""
    place = Place(written, "620821", "R")
    if stopped == "after the first rename":
        place.live.rename(place.old)
        assert check_books(written, january()).problems == ()
    else:
        write_files(place.old, {"x": b"x"})
    write_books(written, january())
    assert sorted(path.name for path in place.live.parent.iterdir()) == [".R.lock", "R"]
    assert kinds(written) == set()


def test_a_swap_that_fails_puts_the_old_book_back(written: Path) -> None:
    """When the new generation cannot be put in place, the old one is where it was (SB4007)."""
    place = Place(written, "620821", "R")
    before = read_files(place.live)
    with pytest.raises(BookInUse):
        swap(place)
    assert read_files(place.live) == before


def test_two_writers_do_not_meet(written: Path) -> None:
    """While one program writes a book, another is refused (SB4007)."""
    with locked(Place(written, "620821", "R")), pytest.raises(BookInUse):
        write_books(written, january())


@pytest.mark.parametrize("unit", ["../x", "", "a b", ".hidden", "单位"])
def test_a_unit_code_that_is_no_folder_name_is_refused(tmp_path: Path, unit: str) -> None:
    """A unit code cannot lead out of the folder (SB4006)."""
    source = january()
    with pytest.raises(BadPlace):
        write_books(tmp_path, replace(source, book=replace(source.book, unit_code=unit)))


def test_a_path_that_beancount_would_expand_is_refused(tmp_path: Path) -> None:
    """Beancount takes wildcards in includes and variables in paths; such a folder is refused in time (SB4006)."""
    with pytest.raises(BadPlace):
        write_books(tmp_path / "账[1]", january())


def test_a_folder_with_a_chinese_name_and_spaces_works(tmp_path: Path) -> None:
    """Offices name folders in Chinese; the book loads from there."""
    assert write_books(tmp_path / "云岭县 账簿", january()).problems == ()


def test_an_empty_book_is_written(tmp_path: Path) -> None:
    """A book opened today without a voucher can be written and checked."""
    assert write_books(tmp_path, book([])).entries == 0
    assert kinds(tmp_path, book([])) == set()


def test_a_book_through_a_month_says_so(tmp_path: Path) -> None:
    """A book written through a month names it, so that the check reads the same months."""
    source = january().as_of(4)
    write_books(tmp_path, source, through=Month(2026, 1))
    about = manifest(tmp_path, "620821", "R")
    assert about is not None
    assert about.month == Month(2026, 1)


def test_a_damaged_manifest_is_a_missing_book(written: Path) -> None:
    """A manifest that cannot be read is no manifest; the check asks for a new write."""
    file = live(written) / "manifest.json"
    for text in ("{", "[]", '{"book": 1}', file.read_text(encoding="utf-8").replace('"last_entry": 6', '"last_entry": "6"')):
        file.write_text(text, encoding="utf-8")
        assert kinds(written) == {"missing"}


def test_every_refusal_has_its_own_code() -> None:
    """The refusals of this piece are SB4002–SB4007, each with its exit status."""
    refusals: list[type[Refusal]] = [BeanCheckFound, BooksDiffer, ForeignText, CheckerBroke, BadPlace, BookInUse]
    assert [one.code for one in refusals] == ["SB4002", "SB4003", "SB4004", "SB4005", "SB4006", "SB4007"]
    assert [one.status for one in refusals] == [3, 3, 3, 2, 2, 3]


def test_the_checker_speaks_json(written: Path) -> None:
    """``python -m books.checker`` prints balances in fen by account; 1 for a book with errors, 2 without a file."""

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "books.checker", *arguments], env=checker.environment(), capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    status, text = run(str(live(written) / PROVED))
    assert status == 0
    assert json.loads(text)["balances"]["Assets:1005国库存款"] == 123_000
    path = live(written) / "2026" / "2026-01.beancount"
    path.write_text(path.read_text(encoding="utf-8").replace("1234.56", "1234.55", 1), encoding="utf-8")
    assert run(str(live(written) / PROVED))[0] == 1
    assert run("nowhere.beancount")[0] == 2


def many(count: int) -> BookData:
    """A book of ``count`` vouchers over 24 months."""
    numbers: dict[Month, int] = {}
    posteds = []
    for index in range(count):
        month = Month(2024, 1) + index * 24 // count
        legs = (("1005", "D", 1000 + index), ("1004", "D", 5), ("400101", "C", 1005 + index))
        numbers[month] = numbers.get(month, 0) + 1
        posteds.append(posted(index + 1, entry(*legs, day=month.first_day, source=f"s-{index}", summary=f"第{index}笔“保费”"), numbers[month]))
    return book(posteds)


@pytest.mark.slow
def test_five_thousand_vouchers_are_quick(tmp_path: Path) -> None:
    """5,000 vouchers: printed, hashed and written in under 2 s of our time, bean-check and load under 3 s each of theirs."""
    resource = pytest.importorskip("resource")
    source = many(5000)
    began, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    report = write_books(tmp_path, source)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert report.entries == 5000
    assert time.process_time() - began < 2
    assert after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime < 6
