"""Registers (台账): subsidies by document against what came in; a person's overpayment to be recovered, paid back by instalments."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from shebao.demo.acts.budget import yuan

if TYPE_CHECKING:
    from shebao.demo.stage import Story

LEVELS = {"中央": "中央", "省": "省级", "县": "县级"}
BY = {"中央": "甘财社", "省": "甘财社", "县": "云财社"}
OWED = 5_000_000
"""Fen that the province's document grants beyond what came in."""


def subsidies(story: Story) -> None:
    """Each document on the base pension with what is due by it; what came in is read from the books, the rest is 欠拨."""
    stage = story.stage
    stage.title("财政补助台账：按指标文登记应补，到位取自账上，差额为欠拨")
    stage.sign_in("wu")
    for event in story.plan["events"]:
        if event["event"] == "C8" and event["fund"] == "R":
            ((level, fen),) = event["parts"].items()
            due = fen + (OWED if level == "省" else 0)
            stage.run(
                "register", "add", "subsidies", "--fund", "R", *_given(
                    指标文号=event["evidence"].split(" ")[0], 发文日期=f"{story.month}-01", 用途="基础养老金补贴", 级次=LEVELS[level], 补助年度=story.month[:4],
                    性质="财政补贴", 应补金额=yuan(due), 应到位日期=f"{story.month}-28",
                ),
            )  # fmt: skip
    year, granted = story.month[:4], {"性质": "财政补贴", "补助年度": story.month[:4], "发文日期": f"{story.month}-01"}
    for number, (level, fen) in enumerate(story.plan["subsidised"].items(), start=1):
        stage.run("register", "add", "subsidies", "--fund", "R", *_given(
            指标文号=f"{BY[level]}〔{year}〕{number}号（建账前各月）", 用途="基础养老金补贴", 级次=LEVELS[level], 应补金额=yuan(fen), 建账前到位=yuan(fen),
            **granted))  # fmt: skip
    by_person = next(one["label"] for one in stage.values("voucher", "list", "--fund", "R") if one["event"] == "C7")
    parts = next(event["parts"] for event in story.plan["events"] if event["event"] == "C7")
    for number, (level, fen) in enumerate(parts.items(), start=190):
        stage.run("register", "add", "subsidies", "--fund", "R", *_given(
            指标文号=f"{BY[level]}〔{year}〕{number}号", 用途="缴费补贴", 级次=LEVELS[level], 应补金额=yuan(fen), 到账凭证=by_person, **granted))  # fmt: skip


def recovery(story: Story) -> None:
    """One who was paid after death, of the truth's list: claimed, notified by the head, an agreement, three instalments, the first paid back."""
    stage, month = story.stage, story.month
    stage.title("应追回待遇台账：立账、责令退回、分期协议、第一期到账，凭证走审核")
    paid = next(event for event in story.plan["events"] if event["event"] == "P6")
    with (story.out / "truth" / "truth-earlier.csv").open(encoding="utf-8", newline="") as handle:
        case = next(row for row in csv.DictReader(handle) if row["rule"] == "D1-POSTHUMOUS" and row["fund"] == "R" and row["period_to"] >= month[:4])
    stage.sign_in("feng")
    stage.run(
        "register", "add", "recoveries", "--fund", "R", *_given(
            证件号码=case["id_number"], 姓名=case["name"], 多发原因="死亡后领取", 待遇类型="基础养老金", 所属期起=f"{month[:4]}-01", 所属期止=f"{month[:4]}-09",
            原支付年度=month[:4], 应稽核金额=yuan(3 * paid["amount"]), 认定日期=f"{month}-08",
        ),
    )  # fmt: skip
    stage.sign_in("jiang")
    stage.run("register", "act", "recoveries", "1", "责令退回", "--fund", "R",
              *_given(决定书文号=f"云社退〔{month[:4]}〕1号", 通知日期=f"{month}-09", 退回期限=f"{month}-31"))  # fmt: skip
    stage.sign_in("feng")
    agreement = f"云社协〔{month[:4]}〕1号"
    stage.run("register", "act", "recoveries", "1", "签订分期协议", "--fund", "R", "--date", f"{month}-12", *_given(分期协议号=agreement))
    for number, due in enumerate((f"{month}-28", f"{month[:4]}-12-28", f"{int(month[:4]) + 1}-02-28"), start=1):
        stage.run("register", "add", "instalments", "--fund", "R", *_given(
            应追回行号="1", 协议号=agreement, 签订日期=f"{month}-12", 期次=str(number), 还款期限=due, 应还金额=yuan(paid["amount"])))  # fmt: skip
    stage.sign_in("wu")
    stage.run("register", "add", "recovery-receipts", "--fund", "R", *_given(
        应追回行号="1", 方式="退款", 收款单据号=paid["receipt"], 到账日期=paid["day"], 金额=yuan(paid["amount"]), 收款账户="1003", 分期行号="1"))  # fmt: skip
    stage.run("register", "voucher", "recovery-receipts", "1", "--fund", "R")
    stage.run("voucher", "make", "--all")


def look(story: Story) -> None:
    """The registers with their computed columns once the month is posted, what is due, and the papers."""
    stage = story.stage
    stage.title("台账：到位与欠拨、追回与分期、到期事项；到齐的指标文由会计主管结清")
    stage.sign_in("zheng")
    for row in ("1", "3"):
        stage.run("register", "act", "subsidies", row, "结清", "--fund", "R")
    stage.sign_in("wu")
    for name in ("subsidies", "recoveries", "instalments"):
        stage.run("register", "list", name, "--fund", "R")
        stage.run("register", "print", name, "--fund", "R", "--out", story.papers, quiet=True)
    stage.run("register", "check", "--fund", "R", "--period", story.month, accept=(0, 1))
    stage.say("      相差的原因：台账从本月登起，年初以来的指标文没有补登；逐人到账的缴费补贴没有指标文")
    stage.run("register", "due", "--fund", "R", accept=(0, 1))


def _given(**fields: str) -> list[str]:
    return [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
