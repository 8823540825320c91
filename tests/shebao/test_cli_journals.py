"""A cashier keeps the journals on the command line; the 会计 compares, explains, prints; K12 stands in the closing checklist; the paper proves itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shebao.cli import run
from shebao.verification import verify_paper
from tests.shebao.small_office import Small

OPEN = ("journal", "open", "--fund", "R", "--kind", "payment", "--bank-account", "6200 002", "--bank", "农商行", "--date", "2026-01-01", "--opening", "0")
ADD = ("journal", "add", "1", "--date", "2026-01-08", "--receipt", "T1", "--summary", "财政拨款", "--in", "100", "--counterpart", "县财政局")


class Counter:
    """Commands as one of the staff: 出纳 zhou, 会计 zhao, 会计主管 sun."""

    def __init__(self, small: Small, capsys: pytest.CaptureFixture[str]) -> None:
        self.small, self.capsys = small, capsys

    def __call__(self, user: str, *words: object, status: int = 0) -> str:
        self.small.sign_in(user)
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(["--home", str(self.small.home), *map(str, words)])
        said = self.capsys.readouterr()
        assert ended.value.code == status, said.err + said.out
        return said.out + said.err


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    """January in the book: 100.00 funded on the receipt T1 and interest of 1.00; the journal of the payment account is open."""
    small = Small(tmp_path / "office")
    funded = small.enter("P1", "2026-01-08", "100.00", "财社拨1", receipt="T1")
    small.posted([funded, small.enter("I1", "2026-01-31", "1.00", "利息1", receipt="T3", details={"into": "1004"})])
    made = Counter(small, capsys)
    assert "日记账 1：城乡居民基本养老保险基金 1004 支出户存款" in made("zhou", *OPEN)
    return made


def k12(counter: Counter) -> list[tuple[bool, bool, str]]:
    found = json.loads(counter("sun", "period", "check", "--fund", "R", "--period", "2026-01", "--json", status=1))
    return [(one["ok"], one["ran"], one["text"]) for one in found if one["code"] == "K12"]


def test_a_month_of_the_cashier(counter: Counter) -> None:
    """Entered from receipts, closed, compared, explained, signed: K12 names both books' figures and passes once the difference is explained."""
    assert "第 1 行：2026-01-08 银行回单 T1 收入 100.00 元，余额 100.00 元" in counter("zhou", *ADD)
    assert "[SB3164]" in counter("zhou", *ADD, status=3)
    assert "[SB3001]" in counter("zhao", *ADD, status=3)
    assert "已日结：收入 0.00 元，支出 0.00 元，余额 100.00 元" in counter("zhou", "journal", "close-day", "1", "--date", "2026-01-31")
    said = counter("zhao", "journal", "compare", "--fund", "R", "--period", "2026-01", "--days", status=1)
    assert "总账有、日记账无" in said and "未说明" in said and "逐日合计" in said
    assert [one[:2] for one in k12(counter) if "1004" in one[2]] == [(False, True)]
    (difference,) = [
        one
        for one in json.loads(counter("zhao", "journal", "compare", "--fund", "R", "--period", "2026-01", "--json", status=1))["differences"]
        if one["ledger"]
    ]
    explain = ("journal", "explain", "--fund", "R", "--period", "2026-01", "--key", difference["key"], "--reason", "2月2日到账")
    assert "[SB3001]" in counter("zhou", *explain, status=3)
    assert "已说明" in counter("zhao", *explain)
    assert [one[:2] for one in k12(counter) if "1004" in one[2]] == [(True, True)]
    assert "已签认" in counter("sun", "journal", "compare", "--fund", "R", "--period", "2026-01", "--sign", status=1)


def test_lists_and_red_lines(counter: Counter) -> None:
    """list and show say what stands where, with the bank account masked; a red line takes back a wrong one."""
    counter("zhou", *ADD)
    assert "第 2 行" in counter("zhou", "journal", "strike", "1", "--line", "1", "--date", "2026-01-09", "--reason", "单据属于另一账户")
    shown = counter("sun", "journal", "show", "1", "--period", "2026-01")
    assert "注销1月8日第1行：财政拨款" in shown and "-100.00" in shown and "62***02" in shown
    (one,) = json.loads(counter("sun", "journal", "list", "--json"))
    assert (one["lines"], one["balance"], one["bank_account"]) == (2, 0, "62***02")
    assert "支出户存款" in counter("sun", "journal", "list")
    lines = json.loads(counter("sun", "journal", "show", "1", "--json"))["lines"]
    assert [(line["in"], line["strikes"]) for line in lines] == [(10_000, None), (-10_000, 1)]


def test_cash_is_counted_and_witnessed(counter: Counter) -> None:
    """A shortage ends with 1; the count that agrees is witnessed by another, and only then the day closes."""
    counter("zhou", "journal", "open", "--fund", "R", "--kind", "cash", "--date", "2026-01-05", "--opening", "300.5")
    assert "短款 0.50 元" in counter("zhou", "journal", "count", "2", "--date", "2026-01-05", "--of", "100=3", status=1)
    assert "[SB3168]" in counter("zhou", "journal", "count", "2", "--date", "2026-01-05", "--of", "100", status=2)
    assert "账款相符" in counter("zhou", "journal", "count", "2", "--date", "2026-01-05", "--of", "100=3", "--of", "0.5=1")
    assert "[SB3167]" in counter("zhou", "journal", "close-day", "2", "--date", "2026-01-05", status=3)
    assert "监盘 孙主管" in counter("sun", "journal", "witness", "2", "--count", "2")
    assert "已日结" in counter("zhou", "journal", "close-day", "2", "--date", "2026-01-05")


def test_the_cashiers_receipts_file(counter: Counter) -> None:
    """The cashier's file goes in whole; the statement that the 会计 took in does not."""
    rows = ("账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号", "6200002,2026-01-08,拨款,,100.00,100.00,T1", "6200002,2026-01-31,利息,,1.00,101.00,T3")
    counter.small.take("bank", *rows, name="对账单.csv")
    assert "[SB3170]" in counter("zhou", "journal", "import", "1", counter.small.folder / "对账单.csv", status=3)
    own = counter.small.folder / "回单.csv"
    own.write_text("\n".join(rows).replace("拨款", "财政拨款") + "\n", encoding="utf-8")
    assert "登记 2 笔，收入 101.00 元" in counter("zhou", "journal", "import", "1", own)
    assert "[SB3001]" in counter("zhao", "journal", "import", "1", own, status=3)


def test_the_paper_proves_itself(counter: Counter) -> None:
    """The printed journal is printed again byte for byte; once a line is struck, the old paper is no longer what the journal says."""
    counter("zhou", *ADD)
    out = counter.small.folder / "账页"
    assert "支出户存款日记账" in counter("sun", "journal", "print", "1", "--period", "2026-01", "--out", out)
    (file,) = out.glob("*.pdf")
    assert all(one.ok for one in verify_paper(counter.small.office, file))
    counter("zhou", "journal", "strike", "1", "--line", "1", "--date", "2026-01-09", "--reason", "重复")
    assert [one.ok for one in verify_paper(counter.small.office, file)] == [False, False, True]


@pytest.mark.parametrize("command", ["open", "list", "add", "import", "strike", "show", "count", "witness", "close-day", "compare", "explain", "print"])
def test_help_has_an_example(counter: Counter, command: str) -> None:
    """Each command explains itself with an example."""
    assert "例：" in counter("sun", "journal", command, "--help")
