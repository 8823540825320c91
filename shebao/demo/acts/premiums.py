"""Premiums (保费): the month's contributions person by person, a claim for those whose premium others pay, and 动态清零."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.months import Month
from shebao.demo.register_files import CLAIMED

if TYPE_CHECKING:
    from shebao.demo.stage import Story


def book(story: Story) -> None:
    """The month's contributions file into vouchers with a row a person; the claim prepared, reviewed, printed and received payer by payer."""
    stage, month = story.stage, Month.parse(story.month)
    stage.title("保费：缴费明细逐人入账；代缴名单编清册，两人签，资金到账与清册逐人核对")
    file = story.taken[f"缴费明细_居保_{month.zh()}.csv"]
    stage.run("premium", "plan", str(file), "--fund", "R")
    stage.run("premium", "book", str(file), "--fund", "R", "--into", "1005", "--paid-into", "1003")
    stage.sign_in("qian")
    stage.run("premium", "due", "--fund", "R", "--year", str(month.year))
    stage.run("premium", "claim", "--fund", "R", "--year", str(month.year))
    claim = max(one["claim_id"] for one in stage.values("premium", "claims", "--fund", "R"))
    stage.sign_in("li")
    stage.run("premium", "review", str(claim), "--fund", "R")
    stage.sign_in("wu")
    stage.run("premium", "print", str(claim), "--fund", "R", "--out", story.papers)
    for event in story.plan["events"]:
        if event["event"] == "C6" and event["receipt"] and next(iter(event["parts"])):
            ((payer, fen),) = event["parts"].items()
            stage.run(
                "premium", "receive", str(claim), "--fund", "R", "--payer", payer, "--date", event["day"], "--amount", f"{fen // 100}.{fen % 100:02d}",
                "--document", event["evidence"].split(" ")[0],
            )  # fmt: skip


def zeroing(story: Story) -> None:
    """The report of the month in which the lists were taken in: what is not at nil is shown, with exit status 1."""
    story.stage.title("动态清零月报（名单导入的当月）：先导入财政部门的代缴到账明细，再比对在名单未参保、已参保未代缴、已代缴不符合条件")
    story.stage.sign_in("qian")
    name = next(file["name"] for file in story.files_of("contributions") if file["name"].startswith(CLAIMED))
    story.import_file("contributions", name, {})
    story.stage.run("premium", "zeroing", "--fund", "R", "--month", str(Month.of(date.today())), "--out", story.papers, accept=(0, 1))
