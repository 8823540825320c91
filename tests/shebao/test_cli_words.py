"""The command line in the user's words: Chinese first, English by switch, every ending with its status."""

from __future__ import annotations

import pytest

from shebao import cli
from shebao.cli import execute


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["voucher", "enter"], "缺少选项 --event"),
        (["bogus"], "没有命令 bogus"),
        (["roster", "build", "--fund"], "选项 --fund 缺少取值"),
        (["roster", "submit", "x"], "取值不对"),
        (["voucher", "list", "--statr", "made"], "没有选项 --statr"),
    ],
)
def test_misuse_is_said_in_chinese_with_its_code(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """SB6007: a command line that cannot be understood says why, what to do, and ends with 2."""
    assert execute(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("[SB6007]") and said in told and "办法：运行 shebao" in told


def test_misuse_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    """--lang en gives the same refusal in English."""
    assert execute(["--lang", "en", "bogus"]) == 2
    assert "No such command 'bogus'" in capsys.readouterr().err


def test_help_speaks_chinese_or_english(capsys: pytest.CaptureFixture[str]) -> None:
    """click's own words of a help text are Chinese, and English by switch."""
    assert execute(["voucher", "list", "--help"]) == 0
    told = capsys.readouterr().out
    assert "用法：shebao voucher list [选项]" in told and "Show this message" not in told and "例：" in told
    assert execute(["--lang", "en", "voucher", "list", "--help"]) == 0
    assert "Usage: shebao voucher list [OPTIONS]" in capsys.readouterr().out


def test_a_crash_has_a_code_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """SB6999: what no rule foresaw ends with 70, its traceback and a remedy."""

    def crash(**_: object) -> None:
        raise RuntimeError("火")

    monkeypatch.setattr(cli.main, "main", crash)
    assert execute(["errors"]) == 70
    told = capsys.readouterr().err
    assert "[SB6999] 程序内部错误：火" in told and "RuntimeError" in told


def test_every_command_on_the_table_loads() -> None:
    """No command is listed that cannot be loaded."""
    context = cli.main.make_context("shebao", ["--help"], resilient_parsing=True)
    for name in cli.COMMANDS:
        assert cli.main.get_command(context, name) is not None
