"""Attachments on the command line: hung on a voucher, listed, exported with a record, proved by `verify`."""

from __future__ import annotations

import stat

from tests.shebao.test_cli_corrections import ENTER
from tests.shebao.test_cli_payment import Shell, shell

__all__ = ["shell"]


def test_an_accountant_attaches_and_a_reviewer_signs(shell: Shell) -> None:
    """The way of a voucher with two files: counted, reviewed, posted, shown, exported, proved; a spoiled file stops posting and verify."""
    first, second = shell.write("利息单.pdf", "%PDF-1.7 a"), shell.write("回单.pdf", "%PDF-1.7 b")
    shell.login("wu")
    shell(*ENTER, "--amount", "12.34", "--attachments", "2")
    assert "尚不相符，不能审核" in shell("voucher", "attach", "1-1", first)
    shell.login("zheng")
    assert "SB3122" in shell("voucher", "review", "1-1", status=3)
    assert "SB3001" in shell("voucher", "attach", "1-1", second, status=3)
    shell.login("wu")
    assert "已附 2 张，附单据数 2 张，相符" in shell("voucher", "attach", "1-1", second)
    assert "SB3120" in shell("voucher", "attach", "1-1", second, status=3)
    shell.login("zheng")
    shell("voucher", "review", "1-1")
    shell.login("wang")
    assert "出纳已签字" in shell("voucher", "sign", "1-1")
    shell.login("wu")
    listed = shell.values("voucher", "attachments", "1-1")
    assert [(one["name"], one["sheets"]) for one in listed] == [("利息单.pdf", 1), ("回单.pdf", 1)]
    kept = shell.home / "attachments" / listed[0]["sha256"][:2] / listed[0]["sha256"]
    whole = kept.read_bytes()
    kept.write_bytes(b"spoiled")
    assert "SB3121" in shell("voucher", "post", "1-1", status=3)
    assert "SB3121" in shell("verify", status=1)
    kept.write_bytes(whole)
    shell("voucher", "post", "1-1")
    assert "附件 2：回单.pdf" in shell("voucher", "show", "1-1")
    out = shell.folder / "out"
    shell("voucher", "attachments", "1-1", "--out", out)
    files = sorted(out.iterdir())
    assert [file.name for file in files] == ["1-1-001.pdf", "1-1-002.pdf"]
    assert files[0].read_bytes() == whole and stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert "SB6401" in shell("voucher", "attachments", "1-1", "--out", out, status=2)
    assert "2 个附件与审核时相符" in shell("verify")


def test_a_document_shared_by_two_vouchers(shell: Shell) -> None:
    """The second voucher names the one that keeps the original; a keeper of another book is told apart."""
    file = shell.write("通知.pdf", "%PDF-1.7 a")
    shell.login("wu")
    shell(*ENTER, "--amount", "12.34")
    shell(*ENTER[:-1], "利息单2", "--amount", "1")
    shell("voucher", "attach", "1-1", file)
    assert "[SB3120]" in shell("voucher", "attach", "1-2", file, status=3)
    assert "同一账套" in shell("voucher", "attach", "1-2", file, "--kept-at", "2-1", status=2)
    shell("voucher", "attach", "1-2", file, "--kept-at", "1-1")
    assert "原件附于凭证 1-1" in shell("voucher", "show", "1-2")
