"""The command line in the user's words: Chinese first, English by switch, every ending with its status."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from shebao import cli
from shebao.cli import clickwords, execute


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["voucher", "enter"], "缺少选项 --event"),
        (["bogus"], "没有命令 bogus"),
        (["roster", "build", "--fund"], "选项 --fund 缺少取值"),
        (["roster", "submit", "x"], "取值不对"),
        (["voucher", "list", "--statr", "made"], "没有选项 --statr"),
        (["voucher", "list", "多余的"], "多出了参数 多余的"),
        (["--lang", "fr", "voucher", "list"], "不在可选的"),
        (["init", "--people", "没有.yaml"], "文件 没有.yaml 不存在"),
    ],
)
def test_misuse_is_said_in_chinese_with_its_code(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """SB6007: a command line that cannot be understood says why, what to do, and ends with 2."""
    assert execute(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("[SB6007]") and said in told and "办法：运行 shebao" in told


def test_every_sentence_of_click_has_its_chinese() -> None:
    """What click says of a wrong command line is told in Chinese: each of its sentences, as its own source has them."""
    core = "".join(Path(click.__file__).with_name(name).read_text("utf-8") for name in ("exceptions.py", "types.py", "core.py", "parser.py"))
    found = [text for match in CALLS.finditer(core) for text in match.groups() if text]
    said = {text for text in found if text[0].isupper() or text.startswith("{") or text == "unknown error"} - NEVER_SAID
    assert len(said) > 20
    for text in said:
        filled = text.format_map(Filled()).replace("\\n\\t", " ")
        assert re.search("[一-龥]", clickwords.chinese(filled)), filled


class Filled(dict[str, str]):
    """Something fitting for every hole of a sentence."""

    def __missing__(self, key: str) -> str:
        known = {"name": "File", "number_type": "integer", "nargs": "2", "len": "3", "len_type": "2", "len_value": "3", "choices": "'a'"}
        return known.get(key, "x")

    def __getitem__(self, key: str) -> str:
        return Quoted(self.__missing__(key))


class Quoted(str):
    """A word that its sentence may ask for in quotes."""


CALLS = re.compile(r'(?<![A-Za-z])_\(\s*"([^"]+)"|ngettext\(\s*"([^"]+)",\s*"([^"]+)"')
NEVER_SAID = {
    "Error: {message}", "Try '{command} {option}' for help.", "Choice({choices})", "Choose from:\\n\\t{choices}", "Aborted!", "Options", "Positional arguments",
    "Commands", "Could not determine name for option with declarations {decls!r}", "No options defined but a name was passed ({name}).",
    "Name '{name}' defined twice", "Boolean option {decl!r} cannot use the", "Arguments take exactly one parameter declaration, got",
    "Invalid start character for option ({option})", "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.", "Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)",
    "Missing {param_type}",
}  # fmt: skip
"""Headings, words of click to programmers, and the tails of sentences that are composed elsewhere (misused)."""


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
