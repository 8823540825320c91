"""Vouchers on paper (记账凭证): a month's vouchers in the statutory form, two on a page, each proved from the books like every paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebao.demo.stage import Story


def printed(story: Story) -> None:
    """The month of the residents' fund, printed by the 会计."""
    story.stage.title("打印记账凭证：一月一册，制单、复核、记账、出纳的名字来自留痕")
    story.stage.sign_in("wu")
    story.stage.run("voucher", "print", "R", "--from", story.month, "--layout", "a4", "--out", story.papers)
