"""The sweep out of the store (全面筛查): the same rules over what the office itself paid and took in, every lead kept, compared with the truth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.money import parse_fen, show

if TYPE_CHECKING:
    from shebao.demo.stage import Story

FOLDER = "sweep"
CONCLUDED = (
    ("D1-POSTHUMOUS", "high", "confirmed", "户籍已注销，遗属承认死亡后仍在领取，转追回"),
    ("D2-POSTHUMOUS-LINKED", "high", "confirmed", "与公安、民政核对，死亡名单所列确系本人，转追回"),
    ("D2-POSTHUMOUS-LINKED", "low", "dismissed", "到户核实本人健在，死亡名单所列是同名的另一人"),
)
"""Rule, severity, verdict, reason: the heaviest such lead is concluded by one auditor and agreed to by the other."""


def sweep(story: Story) -> None:
    """A first sweep with everything, leads concluded by two auditors, and a second sweep that runs nothing again and tells the precision by rule."""
    stage, out = story.stage, story.out / FOLDER
    stage.title("全面筛查：本单位花名册、回盘和全部导入数据，疑点登记在库，与真值比对；数据没变的规则不再重跑")
    stage.sign_in("feng")
    stage.run("audit", "sweep", "--out", out, accept=(1,))
    stage.run("demo", "score", "--truth", story.out / "truth" / "truth.csv", "--findings", out / "findings.csv")
    _conclude(story)
    stage.sign_in("feng")
    again = stage.values("audit", "sweep", "--out", out, accept=(1,))
    stage.say(f"      再筛一次：{sum(how == 'stood' for how in again['rules_how'].values())} 条规则数据未变，沿用；用时 {again['seconds']} 秒")
    for rule, one in _precise(again):
        stage.say(f"      准确率 {rule}：{one['precision']}（{one['precision_why']}）")
    stage.run("audit", "leads", "--list", "5")


def _conclude(story: Story) -> None:
    """One auditor concludes, the other agrees (A6)."""
    stage = story.stage
    stage.title("疑点的结论：一名稽核核查后作出，另一名稽核复核后生效，准确率由此算出")
    for rule, severity, verdict, reason in CONCLUDED:
        stage.sign_in("feng")
        listed = stage.values("audit", "leads", "--rule", rule, "--status", "open", "--list", "1000")["leads"]
        for one in [one["finding_id"] for one in listed if one["severity"] == severity][:1]:
            stage.run("audit", "lead", one)
            stage.run("audit", "conclude", one, verdict, "--reason", reason)
            stage.sign_in("han")
            stage.run("audit", "conclude-review", one)


def _precise(told: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The rules with closed conclusions, as the summary tells them."""
    return [(rule, one) for rule, one in sorted(told["self_test"].items()) if one["precision"] is not None]


def figures(story: Story) -> list[tuple[str, str]]:
    """What the sweep found, and what the truth says of it."""
    out = story.out / FOLDER
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    money = show(parse_fen(told["distinct_amount"]))
    score = story.stage.values("demo", "score", "--truth", story.out / "truth" / "truth.csv", "--findings", out / "findings.csv")
    same = "精确规则与真值全部相符" if score["perfect"] else "精确规则与真值不全相符，见 demo score"
    precise = "；".join(f"{rule} {one['precision']}（{one['precision_why']}）" for rule, one in _precise(told))
    return [("疑点的结论", precise or "没有办结的疑点"), ("库内全面筛查", f"疑点 {told['findings']} 条，去重涉及 {money} 元，{same}，全部登记在库")]
