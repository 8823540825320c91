"""The sweep out of the store (全面筛查): the same rules over what the office itself paid and took in, every lead kept, compared with the truth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ledger.money import parse_fen, show

if TYPE_CHECKING:
    from shebao.demo.stage import Story

FOLDER = "sweep"


def sweep(story: Story) -> None:
    """A first sweep with everything, a second that has nothing to run again, and the leads by status."""
    stage, out = story.stage, story.out / FOLDER
    stage.title("全面筛查：本单位花名册、回盘和全部导入数据，疑点登记在库，与真值比对；数据没变的规则不再重跑")
    stage.sign_in("feng")
    stage.run("audit", "sweep", "--out", out, accept=(1,))
    stage.run("demo", "score", "--truth", story.out / "truth" / "truth.csv", "--findings", out / "findings.csv")
    again = stage.values("audit", "sweep", "--out", out, accept=(1,))
    stage.say(f"      再筛一次：{sum(how == 'stood' for how in again['rules_how'].values())} 条规则数据未变，沿用；用时 {again['seconds']} 秒")
    stage.run("audit", "leads", "--list", "5")


def figures(story: Story) -> list[tuple[str, str]]:
    """What the sweep found, and what the truth says of it."""
    out = story.out / FOLDER
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    money = show(parse_fen(told["distinct_amount"]))
    score = story.stage.values("demo", "score", "--truth", story.out / "truth" / "truth.csv", "--findings", out / "findings.csv")
    same = "精确规则与真值全部相符" if score["perfect"] else "精确规则与真值不全相符，见 demo score"
    return [("库内全面筛查", f"疑点 {told['findings']} 条，去重涉及 {money} 元，{same}，全部登记在库")]
