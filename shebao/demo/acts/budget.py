"""Budget (预算): the year's budget and the month's funding plan, signed by three in turn; funding is held to the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebao.demo.stage import Story

PAPERS = {"R": "云财社〔{year}〕5号", "E": "云财社〔{year}〕6号"}


def plan(story: Story) -> None:
    """Both funds' budget of the year and plan of the month: drafted by the 会计, reviewed by the 会计主管, approved by the head."""
    stage, year = story.stage, story.month[:4]
    stage.title("预算与用款计划：会计编制，会计主管审核，单位负责人批准；批准之后财政拨款受计划约束")
    stage.sign_in("wu")
    for fund, lines in story.plan["budget"].items():
        told = [word for code, fen in lines.items() for word in ("--line", f"{code}={yuan(fen)}")]
        stage.run("budget", "draft", "--fund", fund, "--year", year, *told)
    _sign(story, 1)
    stage.sign_in("wu")
    for event in story.plan["events"]:
        if event["event"] == "P1":
            stage.run("budget", "plan", "--fund", event["fund"], "--month", story.month, "--line", f"2.5001={yuan(event['amount'])}")
    _sign(story, 2)
    stage.sign_in("wu")
    for fund in PAPERS:
        stage.run("budget", "print", "2", "--fund", fund, "--out", story.papers)


def execution(story: Story) -> None:
    """What was budgeted beside what was spent, with status 1 where a line stands beyond its budget."""
    story.stage.title("预算执行情况")
    for fund in PAPERS:
        story.stage.run("budget", "execution", "--fund", fund, "--month", story.month, "--out", story.papers, accept=(0, 1))


def _sign(story: Story, number: int) -> None:
    stage, year = story.stage, story.month[:4]
    stage.sign_in("zheng")
    for fund in PAPERS:
        stage.run("budget", "review", str(number), "--fund", fund)
    if number > 1:
        stage.sign_in("zhou")
        for fund in PAPERS:
            stage.run("budget", "endorse", str(number), "--fund", fund)
    stage.sign_in("jiang")
    for fund, paper in PAPERS.items():
        stage.run("budget", "approve", str(number), "--fund", fund, *(["--document", paper.format(year=year)] if number == 1 else []))


def yuan(fen: int) -> str:
    """Fen as an option takes them."""
    return f"{fen // 100}.{fen % 100:02d}"
