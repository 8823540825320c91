"""The closed grammar of a book: what the printer writes passes, everything else is a foreign line (B3)."""

from __future__ import annotations

import pytest

from books.grammar import foreign_lines
from books.journal import ACCOUNTS, MAIN, PROVED, render
from tests.books.sample_books import january

MONTH = "2026/2026-01.beancount"


def test_every_printed_file_passes() -> None:
    """No line of a written book is foreign."""
    files = render(january())
    assert [one for name, text in files.items() for one in foreign_lines(name, text)] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (MAIN, 'plugin "books.plugin"'),
        (PROVED, 'plugin "os"'),
        (PROVED, 'plugin "books.plugin" "config"'),
        (MAIN, 'option "insert_pythonpath" "TRUE"'),
        (MAIN, 'option "plugin_processing_mode" "raw"'),
        (MAIN, 'option "documents" "."'),
        (MAIN, 'include "../other.beancount"'),
        (MAIN, 'include "*.beancount"'),
        (MAIN, '2026-01-01 custom "fava-option" "import-config" "x.py"'),
        (MAIN, '2026-01-01 custom "fava-extension" "x"'),
        (MONTH, 'option "title" "x"'),
        (MONTH, 'include "accounts.beancount"'),
        (MONTH, '2026-01-05 query "x" "SELECT 1"'),
        (MONTH, '2026-01-05 document Assets:1004支出户存款 "x.pdf"'),
        (MONTH, "2026-01-05 pad Assets:1004支出户存款 Equity:3001一般基金结余"),
        (MONTH, "2026-02-01 balance Assets:1004支出户存款  1.00 ~ 0.01 CNY"),
        (MONTH, "2026-02-01 balance Assets:1004支出户存款  1.00 USD"),
        (MONTH, '2026-01-05 * "记" "摘要" #other'),
        (MONTH, '2026-01-05 ! "记" "摘要"'),
        (MONTH, '2026-01-05 * "记" "摘要'),
        (MONTH, '2026-01-05 * "记" "摘\u2028要"'),
        (MONTH, '2026-01-05 * "记" "摘要" ; \x1b[2J'),
        (MONTH, '  other: "x"'),
        (MONTH, "  maker: Assets:1004"),
        (MONTH, "  Assets:1004支出户存款"),
        (MONTH, "  Assets:1004支出户存款  1.00 CNY @ 2.00 CNY"),
        (MONTH, "pushtag #closing"),
        (ACCOUNTS, "2018-01-01 open Assets:1004支出户存款 CNY,USD"),
        (ACCOUNTS, "2018-01-01 open Assets:Cash CNY"),
        (MONTH, "\r"),
        ("2026/other.beancount", ""),
        (".main.beancount.picklecache", "x"),
    ],
)
def test_anything_else_is_foreign(name: str, line: str) -> None:
    """Each line that the printer cannot have written is named with its number."""
    before = {MAIN: '; x\noption "title" "x"\n', MONTH: "; x\n\n"}.get(name, "")
    found = list(foreign_lines(name, before + line))
    assert len(found) == 1
    assert found[0].line in (0, before.count("\n") + 1)
