"""The plugin re-proves the invariants from the book alone: each one broken in the text is named (L1–L11, B2, B5)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from beancount import loader

from books import checker, plugin
from books.journal import ACCOUNTS, PROVED, render
from tests.books.sample_books import january

JANUARY = "2026/2026-01.beancount"
FEBRUARY = "2026/2026-02.beancount"


def messages(files: dict[str, str], folder: Path) -> list[str]:
    """What loading the proved book complains about."""
    loader.initialize(use_cache=False)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8"))
    return [error.message for error in loader.load_file(str(folder / PROVED))[1]]


def test_a_sound_book_is_proved(tmp_path: Path) -> None:
    """No check complains about a sound book."""
    assert messages(render(january()), tmp_path) == []


BROKEN = [
    ("L1", FEBRUARY, "    red: TRUE\n", "", "red left out"),
    ("L1", JANUARY, '    side: "D"\n', '    side: "C"\n', "side turned round"),
    ("L1", JANUARY, "  1234.56 CNY\n", "  1234.560 CNY @ 1.00 CNY\n", "a price"),
    ("L2", JANUARY, 'book: "620821/R"', 'book: "620821/E"', "a voucher of another fund"),
    ("L2", ACCOUNTS, 'book: "620821/R"', 'book: "620822/R"', "an account of another unit"),
    ("L4", JANUARY, "  number: 2\n", "  number: 5\n", "a gap"),
    ("L4", JANUARY, '"记-2026-01-0002"', '"记-2026-01-0007"', "a label that lies"),
    ("L4", JANUARY, "2026-01-20 *", "2026-02-20 *", "a date outside its month"),
    ("L4", JANUARY, "  entry_id: 1\n", "", "no entry id"),
    ("L6", ACCOUNTS, 'code: "1004"', 'code: "1009"', "a code that is not the account's"),
    ("L6", ACCOUNTS, '  code: "1004"\n', '  code: "1004"\n  valid_to: "2026-01-10"\n', "an account that had ended"),
    ("L9", JANUARY, 'reviewer: "u-zhuguan"', 'reviewer: "u-kuaiji"', "one person"),
    ("L9", JANUARY, '  authority: "voucher:1"\n', "", "no authority"),
    ("L9", JANUARY, '  digest: "', '  digest: "x', "a digest that is none"),
    ("L11", JANUARY, 'source_key: "tax-1"', 'source_key: "opening"', "one document twice"),
    ("L11", FEBRUARY, "  entry_id: 5\n", "  entry_id: 4\n", "one entry twice"),
    ("L3", FEBRUARY, "  corrects: 2\n", "  corrects: 99\n", "a correction of nothing"),
    ("closing", FEBRUARY, " #closing", "", "closing without its tag"),
    ("closing", FEBRUARY, "  closing: TRUE\n", "", "closing without its key"),
    ("closing", FEBRUARY, " #correction #red", " #correction", "red without its tag"),
    ("B2", JANUARY, "2026-02-01 balance Assets:1005国库存款  1234.56 CNY\n", "", "a balance not asserted"),
    ("B2", PROVED, 'option "tolerance_multiplier" "0"\n', "", "tolerance left on"),
    ("B2", JANUARY, "balance Assets:1005国库存款  1234.56 CNY", "balance Assets:1005国库存款  1234.56 ~ 0.02 CNY", "a tolerance of its own"),
    ("B5", JANUARY, '"收到保费"', '"收到110101199003071233保费"', "a resident's number"),
]


@pytest.mark.parametrize(("rule", "file", "old", "new", "what"), BROKEN, ids=[row[4] for row in BROKEN])
def test_a_broken_invariant_is_named(tmp_path: Path, rule: str, file: str, old: str, new: str, what: str) -> None:
    """A book changed by hand to break one invariant is not proved, and the message names the invariant."""
    files = render(january())
    assert old in files[file]
    found = messages(files | {file: files[file].replace(old, new, 1)}, tmp_path)
    assert any(text.startswith(f"[{rule}]") for text in found), found


def test_an_unmarked_closing_entry_is_seen(tmp_path: Path) -> None:
    """An entry that moves income and expense straight into net assets without any mark is named."""
    files = render(january())
    text = files[FEBRUARY].replace(" #closing", "").replace("  closing: TRUE\n", "")
    assert any(found.startswith("[closing] 像结转") for found in messages(files | {FEBRUARY: text}, tmp_path))


def test_a_closing_entry_moves_no_money(tmp_path: Path) -> None:
    """A closing mark on an entry that moves a bank account is named."""
    files = render(january())
    text = files[JANUARY].replace('"收到保费"', '"收到保费" #closing').replace('event: "C1"\n', 'event: "C1"\n  closing: TRUE\n', 1)
    assert any(found.startswith("[closing] 结转凭证动了") for found in messages(files | {JANUARY: text}, tmp_path))


def test_every_check_is_listed() -> None:
    """Every public check of the plugin runs: the list names all of them."""
    functions = {f for name, f in vars(plugin).items() if callable(f) and getattr(f, "__module__", "") == plugin.__name__ and not name.startswith("_")}
    assert functions - {plugin.prove, plugin.Broken} == set(plugin.CHECKS)


def test_the_plugin_needs_nothing_of_ours() -> None:
    """An auditor runs the plugin with Beancount alone: it imports no other module of this house."""
    program = "import sys, books.plugin; print(*(m for m in sys.modules if m.split('.')[0] in {'books', 'ledger', 'controls', 'shebao', 'audit'}))"
    done = subprocess.run([sys.executable, "-P", "-c", program], env=checker.environment(), capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["books", "books.plugin"]
