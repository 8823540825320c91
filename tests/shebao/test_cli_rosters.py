"""Around the roster on the command line: a new lead sends it back, held lines are cleared by two and supplemented, nothing disappears from the count."""

from __future__ import annotations

from tests.shebao.test_cli_payment import NUMBERS, Shell, _roster, shell

__all__ = ["shell"]


def test_a_death_between_review_and_authorisation_sends_the_roster_back(shell: Shell) -> None:
    """The leader's signature is refused naming the new lead, the roster stands with its handler again, and what is held is later cleared and paid."""
    shell.login("zhao")
    shell("import", "roster", _roster(shell))
    shell("roster", "build", "--fund", "R", "--period", "2026-01")
    shell("roster", "check", 1)
    shell("roster", "submit", 1)
    shell.login("li")
    shell("roster", "review", 1)
    shell.login("sun")
    deaths = shell.write("死亡.csv", "证件号码,姓名,死亡日期", f"{NUMBERS[2]},甲3,2025-11-02")
    shell("import", "deaths", deaths, "--source", "公安", "--as-of", "2026-01-05")
    shell.login("zhou")
    said = shell("roster", "authorise", 1, status=3)
    assert "[SB2170]" in said and "D1-POSTHUMOUS 序号 3（拦截）" in said
    shown = shell.values("roster", "show", 1)
    assert isinstance(shown, dict) and (shown["state"], shown["round"]) == ("checked", 2)
    shell.login("zhao")
    shell("roster", "check", 1, status=1)
    shell("roster", "submit", 1)
    shell.login("li")
    shell("roster", "review", 1)
    shell.login("zhou")
    shell("roster", "authorise", 1, "--release")
    shell.login("zhao")
    assert "逐行逐列与编制时相同" in shell("roster", "differences", 1)
    notice = shell.folder / "通知书.txt"
    assert "[SB2177]" in shell("roster", "notify", 1, "--seq", 3, "--delivery", "鸽子", "--out", notice, status=2)
    assert "已通知本人" in shell("roster", "notify", 1, "--seq", 3, "--delivery", "village", "--out", notice, "--pdf", notice.with_suffix(".pdf"))
    text = notice.read_text(encoding="utf-8")
    assert "暂缓发放通知书" in text and "163.00 元" in text and NUMBERS[2] not in text and "云岭县社保中心" in text
    proof = shell.folder / "户籍证明.pdf"
    proof.write_bytes(b"%PDF-1.4 synthetic\n%%EOF\n")
    assert "[SB2177]" in shell("roster", "clear-ask", 1, "--seq", 3, "--reason", "弄错了", "--evidence", proof, status=2)
    shell("roster", "clear-ask", 1, "--seq", 3, "--reason", "alive", "--evidence", proof)
    assert "[SB3001]" in shell("roster", "clear", 1, "--seq", 3, status=3)
    shell.login("li")
    assert "已解除，待补发" in shell("roster", "clear", 1, "--seq", 3)
    shell.login("zhao")
    made = shell.values("roster", "supplement", "--fund", "R", "--period", "2026-02")
    assert isinstance(made, dict) and (made["lines"], made["net_fen"]) == (1, 16300)
    assert "[SB2179]" in shell("roster", "supplement", "--fund", "R", "--period", "2026-02", status=2)
    (case,) = shell.values("roster", "cases")  # type: ignore[misc]
    assert (case["state"], case["paid_by"], case["number"][6:14]) == ("supplemented", 2, "********")
    (gone,) = shell.values("roster", "removed", "--from", "2026-01")  # type: ignore[misc]
    assert (gone["kind"], gone["why"], gone["lines"], gone["fen"]) == ("held", "D1-POSTHUMOUS", 1, 16300)
    assert "[SB2171]" in shell("roster", "expire", 2, status=3)
    assert "冻结期" in shell("roster", "freezes")
    assert "[SB3001]" in shell("roster", "freeze", "--kind", "审计冻结", "--from", "2030-01-01", "--to", "2030-01-02", "--reason", "审计", status=3)
    checked = shell("verify")
    assert "C3 花名册" in checked and "补发 1 行" in checked
