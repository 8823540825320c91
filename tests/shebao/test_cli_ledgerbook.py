"""Account books on the command line: a page from the store in every form, proved by verify."""

from __future__ import annotations

from tests.shebao.test_cli_corrections import booked
from tests.shebao.test_cli_payment import Shell, shell

__all__ = ["shell"]


def test_pages_of_an_account(shell: Shell) -> None:
    """明细账, 总账 and 凭证汇总表 are written as four files each and prove themselves; wrong accounts and months are refused."""
    booked(shell)
    out = shell.folder / "out"
    shown = shell("books", "ledger", "R", "1004", "--from", "2025-12")
    assert "12.34" in shown and "本年累计" in shown
    said = shell.values("books", "ledger", "R", "1004", "--from", "2025-12", "--out", out)
    assert said["lines"][-1]["balance"] == "12.34" and said["title"] == "明细账"
    shell("books", "ledger", "R", "4201", "--from", "2025-12", "--general", "--out", out)
    whole = shell.values("books", "summary", "R", "--from", "2025-12", "--out", out)
    assert whole["debit"] == whole["credit"] == "12.34" and "收字第 1 号至第 1 号，共 1 张" in whole["covers"][0]
    papers = sorted(out.glob("*.pdf"))
    assert [paper.name for paper in papers] == ["R-1004-2025-12-明细账.pdf", "R-2025-12-凭证汇总表.pdf", "R-4201-2025-12-总账.pdf"]
    assert len(list(out.iterdir())) == 12
    for paper in papers:
        assert "全部成立" in shell("verify", paper)
    assert "[SB1012]" in shell("books", "ledger", "R", "9999", "--from", "2025-12", status=3)
    assert "[SB6302]" in shell("books", "ledger", "R", "1004", "--from", "2024-01", "--to", "2025-12", status=2)
    assert "[SB6321]" in shell("books", "ledger", "R", "1004", "--from", "2026-01", "--to", "2025-12", status=2)
