"""Person accounts (个人账户): opening by person and source, a month's credits and draws, one person's page, the tie to the control accounts."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from ledger.money import show

if TYPE_CHECKING:
    from shebao.demo.stage import Story


def opening(story: Story) -> None:
    """The opening list with its control totals, entered by one and reviewed by another."""
    stage, given = story.stage, story.plan["person_accounts"]
    stage.title("个人账户期初：人 × 来源，人数和金额与清册相符才收，另一人审核")
    stage.sign_in("qian")
    made = stage.values(
        "person-account", "opening", story.files / given["file"], "--fund", "R", "--period", story.earlier, "--persons", str(given["persons"]),
        "--total", show(given["fen"]), "--evidence", "个人账户移交清册1号",
    )  # fmt: skip
    stage.say(f"      {given['persons']:,} 人，{show(given['fen'])} 元")
    stage.sign_in("li")
    stage.run("person-account", "review", str(made["act"]))


def look(story: Story) -> None:
    """K15 for the month, and the pages of one who paid in and one who draws."""
    stage = story.stage
    stage.title("个人账户：本月记入和支出逐人结转；Σ 个人 = 控制科目（K15）")
    stage.sign_in("li")
    stage.run("person-account", "check", "--fund", "R", "--period", story.month)
    paying, drawing = _two(story)
    for number in (paying, drawing):
        stage.run("person-account", "show", number, "--fund", "R", "--period", story.month)


def interest(story: Story) -> None:
    """How one person's interest of the year comes about; the year itself is settled once December is closed, by one who proposes and one who reckons again."""
    stage, year = story.stage, story.month[:4]
    stage.title("年度结息：办法、利率、积数逐项说明；全年各月结账之后才能结息，审核人重算一遍")
    stage.sign_in("wei")
    stage.run("person-account", "explain", _two(story)[0], "--fund", "R", "--year", year)
    over = story.month.endswith("-12")
    evidence = f"云人社发〔{int(year) + 1}〕2号"
    stage.run("person-account", "interest", "--fund", "R", "--year", year, "--evidence", evidence, accept=(0,) if over else (3,))
    if over:
        stage.sign_in("li")
        made = stage.values("person-account", "list", "--fund", "R", "--kind", "interest")
        stage.run("person-account", "review", str(made[-1]["act"]))
    else:
        stage.say(f"      {year} 年 12 月结账之后再提出：没有结完的年度不结息")


def _two(story: Story) -> tuple[str, str]:
    """Numbers of somebody who paid in the month and of somebody whose account pays, both with an opening balance."""
    with (story.files / story.plan["person_accounts"]["file"]).open(encoding="utf-8-sig", newline="") as handle:
        opened = {row["证件号码"]: row for row in csv.DictReader(handle)}
    month = next(file["name"] for file in story.files_of("contributions") if file["name"].startswith("缴费明细_居保") and "-" not in file["name"])
    with (story.files / month).open(encoding="utf-8-sig", newline="") as handle:
        paying = next(row["证件号码"] for row in csv.DictReader(handle) if row["证件号码"] in opened)
    roster = next(file["name"] for file in story.files_of("roster") if "居保" in file["name"])
    with (story.files / roster).open(encoding="gb18030", newline="") as handle:
        text = handle.read()
    drawing = next(number for number, row in opened.items() if number in text and not row["省级缴费补贴"] and not row["政府代缴"])
    return paying, drawing
