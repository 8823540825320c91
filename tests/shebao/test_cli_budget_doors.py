"""What no budget takes: requests below nil, years that are none, doubled columns; words are kept on one line."""

from __future__ import annotations

from tests.shebao.test_cli_budget import approved, budgeted, shell
from tests.shebao.test_cli_payment import Shell

__all__ = ["budgeted", "shell"]


def test_what_no_budget_takes(budgeted: Shell) -> None:
    """SB3291: a negative request, two columns of amounts; a year that is none and a month outside the book are refused; a document is one line."""
    shell = budgeted
    plan = ("budget", "plan", "--fund", "R", "--month", "2025-12", "--line", "2.5001=10")
    assert "申请拨款为负数" in shell(*plan, "--request", "-5", status=2)
    two = shell.write("两列.csv", "项目编号,金额,预算数", "2.5001,5,7")
    assert "有两列" in shell("budget", "adjust", "--fund", "R", "--year", "2025", "--reason", "改", "--file", two, status=2)
    assert "[SB6007]" in shell("budget", "draft", "--fund", "R", "--year", "0000", "--line", "2.5001=1", status=2)
    assert "[SB6302]" in shell("budget", "execution", "--fund", "R", "--month", "2019-12", status=2)
    shell("budget", "adjust", "--fund", "R", "--year", "2025", "--reason", "提\n标", "--line", "2.5001=1")
    approved(shell, 2, "县财社\n〔2025〕9号")
    (found,) = [one for one in shell.values("budget", "list", "--fund", "R") if one["kind"] == "adjustment"]
    assert (found["reason"], found["document"]) == ("提 标", "县财社 〔2025〕9号")
