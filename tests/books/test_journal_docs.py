"""docs/books.md cannot rot: its queries run on a book, and its names are those of the code."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from books import checker, escape
from books.generation import write_books
from ledger.errors import REGISTRY
from tests.books.sample_books import january

PAGE = (Path(__file__).parents[2] / "docs" / "books.md").read_text(encoding="utf-8")
QUERIES = [line for block in re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines() if line.startswith("bean-query")]


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_books(tmp_path_factory.mktemp("books"), january()).folder / "main.beancount"


@pytest.mark.parametrize("line", QUERIES)
def test_queries_of_the_manual_run(main: Path, line: str) -> None:
    """Each bean-query example runs on a book and gives figures, or no row where the manual says none."""
    words = [str(main) if word == "main.beancount" else word for word in shlex.split(line)[1:]]
    done = subprocess.run([sys.executable, "-P", "-m", "beanquery", *words], env=checker.environment(), capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [row for row in done.stdout.splitlines() if re.search(r"[0-9]", row)]
    assert bool(rows) is ("str(entry_meta('reviewer')) =" not in line), done.stdout


def test_a_query_on_a_broken_book_ends_with_zero(main: Path, tmp_path: Path) -> None:
    """The manual's warning is true: bean-query exits 0 on a book that bean-check rejects."""
    broken = tmp_path / "broken.beancount"
    broken.write_text('2026-01-01 open Assets:1004 CNY\n2026-01-02 * "付" "缺科目"\n  Assets:1004  1.00 CNY\n  Assets:1005  -1.00 CNY\n', encoding="utf-8")

    def status(*words: str) -> int:
        return subprocess.run([sys.executable, "-P", "-m", *words], env=checker.environment(), capture_output=True, check=False).returncode

    assert status("beanquery", str(broken), "SELECT account, sum(position) GROUP BY account") == 0
    assert status("beancount.scripts.check", str(broken)) == 1


def test_the_manual_names_every_tag_and_refusal() -> None:
    """Each tag, each key of a voucher and each refusal of the books stands on the page."""
    keys = {key for key in escape.ENTRY_KEYS | escape.LINE_KEYS if not key.endswith("_raw") and not key.startswith("axis_")} - {
        "book",
        "entry_id",
        "payout_source",
    }
    assert [tag for tag in escape.TAGS if f"#{tag}" not in PAGE] == []
    assert [key for key in sorted(keys) if key not in PAGE] == []
    assert [code for code in REGISTRY if re.fullmatch(r"SB400[1-7]", code) and code not in PAGE] == []
