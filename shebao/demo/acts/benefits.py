"""Benefits (待遇): one person's pension explained line by line, awarded on record, and what may not be drawn beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebao.demo.stage import Story


def award(story: Story) -> None:
    """A made-up person's pension of the month: each step with its figures and their source, then the award with its digest."""
    stage, month = story.stage, story.month
    stage.title("待遇核定：逐行说明公式、代入的数、参数的取值日期和依据")
    stage.sign_in("wei")
    facts = {"出生年月": f"{int(month[:4]) - 60}-{int(month[5:]) - 1:02d}", "缴费月数": "204", "账户储存额": "5560.00"}
    given = [word for name, value in facts.items() for word in ("--set", f"{name}={value}")]
    stage.run("benefit", "explain", "resident-pension", "--period", month, *given)
    stage.run("benefit", "together", "居保养老金", "职工养老金", "--period", month, accept=(0, 1))
