"""附注, drilling and trial balances at the front door: words kept in the trail, papers proved by reprint, figures down to vouchers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from books.notes import BadNote
from controls import notes as kept
from controls.errors import NotAllowed
from ledger import accounts
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.months import Month
from shebao import notes
from shebao.cli import execute
from shebao.papers import write_notes
from shebao.proofs import MonthNotInBook
from shebao.verification import verify_paper
from tests.shebao.small_office import JANUARY, Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """January: 100.00 funded, interest of 1.00 on the payment account."""
    made = Small(tmp_path / "office")
    made.posted([made.enter("P1", "2026-01-08", "100.00", "财社拨1"), made.enter("I1", "2026-01-31", "1.00", "利息1", details={"into": "1004"})])
    return made


def book_of(small: Small) -> Book:
    with small.of("zhao").reading() as connection:
        return accounts.book_of(connection, Fund.R)


def run(small: Small, capsys: pytest.CaptureFixture[str], *words: str, user: str = "zhao") -> tuple[int, str, str]:
    """A command as somebody signed in: status, output, what was said on the side."""
    small.sign_in(user)
    capsys.readouterr()
    status = execute(["--home", str(small.home), *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_words_are_added_never_edited(small: Small) -> None:
    """A later text takes the earlier one's place on paper; both stay in the trail with author and time, account numbers masked."""
    book = book_of(small)
    notes.say(small.of("zhao"), book, JANUARY, "5", None, True)
    notes.say(small.of("zhao"), book, JANUARY, "五", "提标，款项经 6222021234567890123 拨付。", False)
    with small.of("zhao").reading() as connection:
        history = kept.history(connection, book.book_id, JANUARY, "五六")
        (newest,) = kept.current(connection, book.book_id, JANUARY, "五六")
    assert [(said.none, said.author) for said in history] == [(True, "zhao"), (False, "zhao")]
    assert newest == history[1] and "6222021234567890123" not in newest.text and "提标" in newest.text
    assert [record.actor for record in small.trail("statements.note")] == ["zhao", "zhao"]


def test_only_the_accountant_writes_notes(small: Small) -> None:
    """SB3001 for everybody else, SB6302 for a month the book does not have, SB4060 for a point that is not there; nothing is kept."""
    book = book_of(small)
    for user in ("sun", "li"):
        with pytest.raises(NotAllowed):
            notes.say(small.of(user), book, JANUARY, "五", "字", False)
    with pytest.raises(MonthNotInBook):
        notes.say(small.of("zhao"), book, Month(2031, 1), "五", "字", False)
    with pytest.raises(BadNote):
        notes.say(small.of("zhao"), book, JANUARY, "七", "字", False)
    assert small.trail("statements.note") == []


def test_notes_prove_themselves_until_their_words_change(small: Small) -> None:
    """B4: printed again from the books byte for byte; another text to a point, and the old paper is said to differ."""
    book = book_of(small)
    notes.say(small.of("zhao"), book, JANUARY, "五", None, True)
    made = write_notes(small.of("zhao"), book, JANUARY, small.folder / "papers")
    assert [file.suffix for file in made.files] == [".pdf", ".xlsx", ".csv", ".json"]
    assert [warning for warning in made.warnings if "第六点" in warning] == list(made.warnings)
    assert [result.ok for result in verify_paper(small.of("li"), made.files[0])] == [True, True, True]
    notes.say(small.of("zhao"), book, JANUARY, "五", "另有说明。", False)
    assert [result.ok for result in verify_paper(small.of("li"), made.files[0])] == [False, False, True]


def test_the_statements_come_with_their_notes(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """One command makes both forms and the notes, and says which points are still to be filled in."""
    status, out, _ = run(small, capsys, "statements", "--fund", "R", "--period", "2026-01", "--out", str(small.folder / "p"))
    assert len(list((small.folder / "p").iterdir())) == 12 and "附注第五点尚未填写" in out and status in (0, 1)
    assert run(small, capsys, "statements", "note", "--fund", "R", "--period", "2026-01", "--section", "5", "--none")[0] == 0
    assert run(small, capsys, "statements", "note", "--fund", "R", "--period", "2026-01", "--section", "6", "--text", "利率调整。")[0] == 0
    _, out, _ = run(small, capsys, "statements", "--fund", "R", "--period", "2026-01", "--out", str(small.folder / "p"))
    assert "尚未填写" not in out
    data = json.loads((small.folder / "p" / "R-2026-01-附注.json").read_text("utf-8"))
    assert data["sections"][5]["said"][0].startswith("利率调整。（填写：赵会计，")


@pytest.mark.parametrize("words", [["--fund", "R"], ["--fund", "R", "--period", "2026-01"], []])
def test_statements_need_fund_period_and_folder(small: Small, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """SB6007: a missing option is named."""
    status, _, said = run(small, capsys, "statements", *words)
    assert status == 2 and "缺少选项" in said


def test_a_figure_is_drilled_to_its_vouchers(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """From 支出户存款 to both vouchers, by screen and by JSON with the same figures; kept balances and vouchers agree."""
    status, out, _ = run(small, capsys, "statements", "drill", "R", "2026-01", "A.1004")
    assert status == 0 and "101.00" in out and "相等" in out
    status, out, _ = run(small, capsys, "statements", "drill", "R", "2026-01", "A.1004", "--json")
    found = json.loads(out)
    assert (status, found["figure"], found["from_vouchers"], found["agrees"]) == (0, 10100, 10100, True)
    assert [line["counted"] for account in found["accounts"] for line in account["lines"]] == [10000, 100]
    status, _, said = run(small, capsys, "statements", "drill", "R", "2026-01", "Z.1")
    assert status == 2 and "SB4061" in said


def test_a_trial_balance_comes_from_kept_balances(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """Every account that moved with its parents; even, by screen and JSON."""
    status, out, _ = run(small, capsys, "books", "trial-balance", "--fund", "R", "--period", "2026-01", "--json")
    found = json.loads(out)
    rows = {row["code"]: row for row in found["rows"]}
    assert (status, found["even"], rows["1004"]["closing"], rows["1003"]["closing"]) == (0, True, 10100, -10000)
    status, out, _ = run(small, capsys, "books", "trial-balance", "--fund", "R", "--period", "2026-01")
    assert status == 0 and "借贷平衡" in out and "支出户存款" in out


def test_a_year_has_its_own_forms(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """`--period 2025`: 本年数 and 上年数, December's words, the year on every paper, and each proves itself."""
    small.posted([small.enter("I1", "2025-12-31", "7.00", "利息0", details={"into": "1004"})])
    assert run(small, capsys, "statements", "note", "--fund", "R", "--period", "2025-12", "--section", "五", "--none")[0] == 0
    out = small.folder / "year"
    status, said, _ = run(small, capsys, "statements", "--fund", "R", "--period", "2025", "--out", str(out))
    assert status in (0, 1) and "附注第六点尚未填写" in said and "第五点" not in said
    income = json.loads((out / "R-2025-会社保02收支表.json").read_text("utf-8"))
    assert (income["annual"], income["columns"], income["period"]) == (True, ["本年数", "上年数"], "2025")
    assert next(line for line in income["lines"] if line["code"] == "1.4201")["current"] == "7.00"
    papers = sorted(out.glob("R-2025-*.pdf"))
    assert len(papers) == 3
    assert [result.ok for file in papers for result in verify_paper(small.of("li"), file)] == [True] * 9
    status, _, said = run(small, capsys, "statements", "--fund", "R", "--period", "2031", "--out", str(out))
    assert status == 2 and "SB6302" in said


@pytest.mark.parametrize("column", ["current", "cumulative"])
def test_results_are_drilled_by_month_and_by_year(small: Small, capsys: pytest.CaptureFixture[str], column: str) -> None:
    """January's interest is one voucher, in the month and in the year so far; December's is neither."""
    small.posted([small.enter("I1", "2025-12-31", "7.00", "利息0", details={"into": "1004"})])
    _, out, _ = run(small, capsys, "statements", "drill", "R", "2026-01", "1.4201", "--column", column, "--json")
    found = json.loads(out)
    assert (found["figure"], found["agrees"]) == (100, True)
    assert [line["day"] for account in found["accounts"] for line in account["lines"]] == ["2026-01-31"]
