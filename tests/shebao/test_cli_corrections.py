"""Corrections on the command line: an accountant who booked interest wrongly mends it, and the voucher shows both ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shebao.test_cli_payment import Shell, shell

__all__ = ["shell"]
ENTER = ("voucher", "enter", "--event", "I1", "--fund", "R", "--date", "2025-12-20", "--detail", "into=1004", "--evidence", "利息单1")


def booked(shell: Shell, amount: str = "12.34") -> None:
    """Interest entered, reviewed and posted as voucher 1-1."""
    shell.login("wu")
    shell(*ENTER, "--amount", amount)
    passed(shell, "1-1")


def passed(shell: Shell, *labels: str) -> None:
    shell.login("zheng")
    shell("voucher", "review", *labels)
    shell.login("wang")
    shell("voucher", "sign", "--all")
    shell.login("wu")
    shell("voucher", "post", *labels)


def test_a_wrong_account_is_mended_with_red_and_blue(shell: Shell) -> None:
    """The red and the blue voucher come from one command, go through review, and `show` names them on both ends."""
    booked(shell)
    said = shell("voucher", "correct", "1-1", "--date", "2025-12-25", "--event", "I1", "--amount", "12.34", "--detail", "into=1003", "--reason", "户名看错")
    assert "1-2 已制单：注销12月20日收字1号凭证（户名看错）" in said
    assert "1-3 已制单：订正12月20日收字1号凭证" in said
    passed(shell, "1-2", "1-3")
    shown = shell("voucher", "show", "1-1")
    assert "已由 1-2 红字冲销（已记账）" in shown and "已由 1-3 蓝字更正（已记账）" in shown
    assert "本凭证更正 收-2025-12-0001" in shell("voucher", "show", "1-3")


def test_a_wrong_amount_is_mended_by_the_difference(shell: Shell) -> None:
    """Too much by 2.34: one red voucher of 2.34; a second one is refused with what to do."""
    booked(shell)
    assert "-2.34" in shell("voucher", "adjust", "1-1", "--date", "2025-12-25", "--amount", "10", "--reason", "金额录错")
    again = shell("voucher", "adjust", "1-1", "--date", "2025-12-25", "--amount", "9", "--reason", "金额录错", status=3)
    assert "SB1340" in again and "已有差额调整凭证 1-2" in again


def test_a_double_booking_is_struck(shell: Shell) -> None:
    """The red voucher leaves nothing of the origin; wrong use of the command is told without a trace."""
    booked(shell)
    assert "注销" in shell("voucher", "reverse", "1-1", "--date", "2025-12-25", "--reason", "重复入账")
    both = shell("voucher", "adjust", "1-1", "--date", "2025-12-25", "--amount", "1", "--line", "1=1", "--reason", "错", status=2)
    assert "一种" in both
    assert "不是行号" in shell("voucher", "adjust", "1-1", "--date", "2025-12-25", "--line", "一=1", "--reason", "错", status=2)


@pytest.mark.parametrize("command", ["reverse", "correct", "adjust"])
def test_help_has_an_example(command: str, shell: Shell) -> None:
    """Each command explains itself with an example."""
    assert "例：" in shell("voucher", command, "--help")


def test_who_may_not_correct(shell: Shell, tmp_path: Path) -> None:
    """C5: the reviewer does not lay corrections."""
    booked(shell)
    shell.login("zheng")
    assert "SB3001" in shell("voucher", "reverse", "1-1", "--date", "2025-12-25", "--reason", "错", status=3)
