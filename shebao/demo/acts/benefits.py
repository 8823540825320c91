"""Benefits (待遇): one person's pension explained line by line, what may not be drawn beside it, and a new standard with the difference for the month paid."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ledger.money import show

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


RAISE = """document: 云岭县提高城乡居民基础养老金（虚构）
valid_from: {month}-01
valid_to: null
reference: 示范用假定
values:
  - {{name: resident_base_pension, from: {month}-01, value: 1200, keys: {{level: 县}}, reference: 虚构：云政发〔{year}〕9号，县级基础养老金由 7 元提高到 12 元}}
"""


def _ended(line: str, month: str) -> str:
    """The county's former level with its end where the new one begins: two values at once would be refused (SB1011)."""
    former = "name: resident_base_pension," in line and "level: 县" in line and month > "2026-01"
    return line.replace("from: 2026-01-01,", f"from: 2026-01-01, to: {month}-01,") if former else line


def raised(story: Story) -> None:
    """The county raises its base from a month that is paid: tried as a proposal first, then in force; the difference becomes a roster with its workbook."""
    stage, month = story.stage, story.month
    stage.title("提标补发：先按拟议的标准试算，发文后按新标准重算已发月份，差额成花名册，停发、暂停的不补")
    stage.sign_in("zhao")
    asked = ("benefit", "difference", "resident-pension", "--from", month, "--to", month, "--item", "基础养老金")
    proposal = story.out / "office-setup" / "提标.yaml"
    proposal.write_text(RAISE.format(month=month, year=month[:4]), encoding="utf-8")
    stage.run(*asked, "--overlay", proposal)
    own = stage.home / "templates" / "parameters"
    ended = [_ended(line, month) for line in (own / "county.yaml").read_text(encoding="utf-8").splitlines()]
    (own / "county.yaml").write_text("\n".join(ended) + "\n", encoding="utf-8")
    shutil.copy(proposal, own / "raise.yaml")
    made = stage.values(*asked, "--out", story.out / "arrears")
    written = made["written"]
    stage.say(f"      补发花名册 {written['lines']:,} 行，{written['persons']:,} 人，{show(written['fen'])} 元；下月导入、检查、签字、发放")
