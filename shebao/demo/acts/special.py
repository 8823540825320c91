"""A special book (专账): 低保 for a month, received by document, allotted to a township, settled, the rest returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebao.demo.stage import Story

TOWN = "东河镇"
CENTRAL, COUNTY = "甘民财〔2026〕3号", "云民财〔2026〕7号"


def open_book(story: Story) -> None:
    """The book is opened by the 会计主管."""
    story.stage.title("专账：低保资金单独建账，专款专用")
    story.stage.sign_in("zheng")
    story.stage.run("special", "open", "低保", "--period", story.month)


def month(story: Story) -> None:
    """Money in by document and level, out to a township, its list settled, what is left sent back."""
    stage, on = story.stage, story.month
    stage.title("专账：补助到账（指标文、级次）、拨付乡镇；先审核记账，再报账、退回")
    stage.sign_in("wu")
    stage.run("special", "receive", "低保", "--date", f"{on}-09", "--level", "中央", "--document", CENTRAL, "--amount", "186000")
    stage.run("special", "receive", "低保", "--date", f"{on}-10", "--level", "县级", "--document", COUNTY, "--amount", "42000")
    story.through_review()
    stage.sign_in("wu")
    stage.run("special", "allocate", "低保", "--date", f"{on}-12", "--town", TOWN, "--document", CENTRAL, "--amount", "38000", "--evidence", "拨款单01")
    story.through_review()
    stage.sign_in("wu")
    stage.run("special", "settle", "低保", "--date", f"{on}-26", "--town", TOWN, "--document", CENTRAL, "--item", "低保金", "--amount", "36450",
              "--evidence", "发放花名册01")  # fmt: skip
    stage.run("special", "town-return", "低保", "--date", f"{on}-28", "--town", TOWN, "--document", CENTRAL, "--amount", "1550", "--evidence", "回单88")
    story.through_review()
    stage.sign_in("wu")
    stage.run("special", "documents", "低保", "--period", on)
    stage.run("special", "check", "低保", "--period", on, accept=(0, 1))
    stage.run("special", "statement", "低保", "--period", on, "--out", story.papers, quiet=True)
