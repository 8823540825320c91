"""Budgets on the command line: a county's year drafted, approved, funded by plan, adjusted, and held against what was really spent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from books.statement_lines import load_statements
from controls.budgets.errors import BadBudget
from controls.budgets.standing import standing
from ledger import accounts, balances
from ledger.db import open_engine, reading
from ledger.funds import Fund
from ledger.months import Month
from shebao import budgets
from tests.shebao.test_cli_corrections import passed
from tests.shebao.test_cli_payment import PASSWORD, STAFF, Shell

PEOPLE = STAFF | {"han": ("韩局长", "HEAD")}


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """An office with a head."""
    made = Shell(tmp_path, capsys)
    rows = [f"  - {{user: {user}, name: {name}, duties: [{duty}], password: {PASSWORD}}}" for user, (name, duty) in PEOPLE.items()]
    people = made.write("people.yaml", "people:", *rows)
    made("init", "--unit", "云岭县社保中心", "--unit-code", "yunling", "--region", "620828", "--funds", "R", "--opened", "2025-12", "--people", people)
    return made


def endorsed(shell: Shell, number: int) -> None:
    """The leader signs a reviewed plan, once."""
    shell.login("zhou")
    assert "分管领导已签字" in shell("budget", "endorse", number, "--fund", "R")
    assert "[SB2250]" in shell("budget", "endorse", number, "--fund", "R", status=3)


def approved(shell: Shell, number: int, paper: str = "县财社〔2025〕5号") -> None:
    """Reviewed by the 会计主管, a plan signed by the leader, and approved by the head; the 会计 is signed in afterwards."""
    shell.login("zheng")
    shell("budget", "review", number, "--fund", "R")
    if not paper:
        shell.login("han")
        assert "[SB2251]" in shell("budget", "approve", number, "--fund", "R", status=3)
        endorsed(shell, number)
    shell.login("han")
    shell("budget", "approve", number, "--fund", "R", "--document", paper)
    shell.login("wu")


def enter(shell: Shell, event: str, amount: str, evidence: str, *details: str, status: int = 0, day: str = "2025-12-08") -> str:
    """A voucher entered by the 会计."""
    more = [word for detail in details for word in ("--detail", detail)]
    return shell("voucher", "enter", "--event", event, "--fund", "R", "--date", day, "--amount", amount, "--evidence", evidence, *more, status=status)


@pytest.fixture
def budgeted(shell: Shell) -> Shell:
    """The year 2025 budgeted from the form the program writes: subsidies 2,000, benefits 1,000."""
    shell.login("wu")
    form = shell.folder / "预算表.csv"
    shell("budget", "lines", "--fund", "R", "--form", form, "--year", "2025")
    text = form.read_text(encoding="utf-8-sig")
    wanted = {"1.4101": "2000", "2.5001": "1000"}
    lines = [line + wanted.get(line.split(",")[0], "") for line in text.splitlines()]
    form.write_text("\n".join(lines) + "\n", encoding="utf-8")
    drafted = shell("budget", "draft", "--fund", "R", "--year", "2025", "--file", form)
    assert "第 1 号预算（2025年，2 行，收入 2,000.00 元，支出 1,000.00 元）：待审核" in drafted
    listed = shell("budget", "list", "--fund", "R").replace(" ", "")
    assert "收入（元）" in listed and "2,000.00" in listed and "3,000.00" not in listed
    approved(shell, 1)
    return shell


def test_the_year_is_funded_by_plan(budgeted: Shell) -> None:
    """Funding is held to the month's approved plans (SB3295), plans to the budget (SB3294) until an adjustment or a decision makes room; verify proves it."""
    shell = budgeted
    said = shell("budget", "plan", "--fund", "R", "--month", "2025-12", "--line", "2.5001=600", "--request", "500")
    assert "申请拨款 500.00 元" in said
    approved(shell, 2, "")
    enter(shell, "P1", "400", "拨款1")
    told = enter(shell, "P1", "100.01", "拨款2", status=3)
    assert "[SB3295]" in told and "还可拨 100.00 元" in told
    enter(shell, "P1", "100", "拨款3")
    assert "[SB3297]" in shell("budget", "plan", "--fund", "R", "--month", "2025-12", "--line", "2.5001=500", status=3)
    shell("budget", "plan", "--fund", "R", "--month", "2025-12", "--line", "2.5001=500", "--reason", "补发")
    shell.login("zheng")
    shell("budget", "review", "3", "--fund", "R")
    endorsed(shell, 3)
    shell.login("han")
    told = shell("budget", "approve", "3", "--fund", "R", status=3)
    assert "[SB3294]" in told and "超 100.00 元" in told
    shell.login("wu")
    shell("budget", "exceed", "--fund", "R", "--year", "2025", "--line", "2.5001=100", "--reason", "待遇须按时足额发放")
    approved(shell, 4, "云社〔2025〕3号")
    shell.login("han")
    assert "已批准" in shell("budget", "approve", "3", "--fund", "R")
    shell.login("wu")
    files = shell("budget", "print", "3", "--fund", "R", "--out", shell.folder / "papers")
    pdf = next(Path(line.removeprefix("已写 ")) for line in files.splitlines() if line.endswith(".pdf"))
    assert "全部成立" in shell("verify", pdf)
    assert "4 份预算文件与留痕相符" in shell("verify")
    listed = shell.values("budget", "list", "--fund", "R")
    assert [(one["kind"], one["state"]) for one in listed] == [("budget", "approved"), ("plan", "approved"), ("plan", "approved"), ("exception", "approved")]


def test_execution_is_what_the_statement_says(budgeted: Shell) -> None:
    """Actuals are 会社保02's to the fen, sums add up, a line above its budget ends with status 1 and fails K20; the paper proves itself."""
    shell = budgeted
    enter(shell, "C11", "30", "滞纳金", "into=1003")
    passed(shell, "1-1")
    rows = {row["code"]: row for row in shell.values("budget", "execution", "--fund", "R", "--month", "2025-12")}
    assert rows["1.4501"]["cumulative"] == 3000 and rows["1"]["budget"] == 200_000 and rows["1"]["cumulative"] == 3000
    assert rows["2.5001"]["budget"] == 100_000 and rows["3"]["budget"] == 100_000 and rows["3"]["cumulative"] == 3000
    said = shell("budget", "execution", "--fund", "R", "--month", "2025-12", "--out", shell.folder / "papers")
    files = [Path(line.removeprefix("已写 ")) for line in said.splitlines() if line.startswith("已写")]
    assert [file.suffix for file in files] == [".pdf", ".xlsx", ".csv", ".json"]
    assert "全部成立" in shell("verify", files[0])
    content = json.loads(files[3].read_text(encoding="utf-8"))
    assert next(row for row in content["rows"] if row["code"] == "1.4501")["cumulative"] == 3000
    assert "预警线未设定" in content["notes"][0]
    checks = shell("period", "check", "--fund", "R", "--period", "2025-12", status=1)
    assert "K20" in checks and "均未超预算" in checks


def test_what_the_front_door_refuses(budgeted: Shell) -> None:
    """SB3291 for a line with the one above it, a line that is a sum, a plan of a line without budget, files and options that say nothing."""
    shell = budgeted
    for lines in (("2.5001=1", "2.500101=1"), ("2=1",), ("2.5001",)):
        words = [word for line in lines for word in ("--line", line)]
        assert "[SB3291]" in shell("budget", "adjust", "--fund", "R", "--year", "2025", "--reason", "改", *words, status=2)
    assert "[SB3291]" in shell("budget", "plan", "--fund", "R", "--month", "2025-12", "--line", "2.5401=1", status=2)
    assert "[SB3291]" in shell("budget", "adjust", "--fund", "R", "--year", "2025", "--reason", "改", "--file", shell.write("空.csv", "甲,乙", "1,2"), status=2)
    wrong = shell.write("错.csv", "项目编号,金额", "2.5001,一千")
    assert "第 2 行" in shell("budget", "adjust", "--fund", "R", "--year", "2025", "--reason", "改", "--file", wrong, status=2)
    assert "[SB6007]" in shell("budget", "draft", "--fund", "R", "--year", "二六", "--line", "2.5001=1", status=2)
    assert "[SB6007]" in shell("budget", "draft", "--fund", "R", "--year", "2025", status=2)
    shell.login("zheng")
    assert "[SB3001]" in shell("budget", "plan", "--fund", "R", "--month", "2026-02", "--line", "2.5001=1", status=3)


def test_every_form_can_be_budgeted() -> None:
    """For each of the eight funds every line of the form has one side, no line lies above itself, and a budget of all lowest lines rolls up to the sums."""
    for fund in Fund:
        book = accounts.Book(1, "u", "单位", fund, "28-2018", Month(2026, 1))
        own = budgets.lines(book)
        assert own and all(code[0] in "45" for line in own for code in line.accounts)
        lowest = [line for line in own if not any(line in budgets.above(own, other) for other in own)]
        told = {line.code: 100 for line in lowest}
        budgets.no_overlap(book, told.items())
        rolled = budgets._rolled(book, told)
        sides = {True: 0, False: 0}
        for line in lowest:
            sides[budgets.is_income(line)] += 100
        form = load_statements().income_lines(fund)
        sums = [[line for line in form if name in line.label and not line.level] for name in ("基金收入", "基金支出")]
        income, spent = (sum(rolled[line.code] for line in found) for found in sums)
        assert [len(found) for found in sums] == ([2, 2] if fund is Fund.ME else [1, 1])
        assert (income, spent) == (sides[True], sides[False]), fund


def test_standing_budget_and_balances_agree(budgeted: Shell) -> None:
    """The approved budget is read back as it was filled in; a book without entries has no actuals."""
    engine = open_engine(f"sqlite:///{budgeted.home / 'shebao.db'}")
    with reading(engine) as connection:
        book = accounts.book_of(connection, Fund.R)
        year = budgets.standing_of(connection, book, 2025)
        assert (dict(year.first), year.line("2.5001")) == ({"1.4101": 200_000, "2.5001": 100_000}, 100_000)
        assert budgets.standing_of(connection, book, 2026) == standing([], 2026)
        assert balances.movements(connection, book.book_id) == [] and set(budgets.actuals(connection, book, Month(2025, 12))[1].values()) == {0}
    engine.dispose()
    with pytest.raises(BadBudget):
        budgets.from_options(["2.5001"])
