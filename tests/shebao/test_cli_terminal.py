"""Text of files cannot command the terminal it is shown on."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from shebao.cli.terminal import guard, tame


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
        ("\x1bc", "\\x1bc"),
        ("\x9b2J", "\\x9b2J"),
        ("甲\u202e乙", "甲\\u202e乙"),
        ("a\bb\vc\x00", "a\\x08b\\x0bc\\x00"),
        ("甲\u3000乙\t丙\n\r", "甲\u3000乙\t丙\n\r"),
        ("\x1b[1;31m红\x1b[0m\x1b[2K\x1b[1A\x1b[?25l", "\x1b[1;31m红\x1b[0m\x1b[2K\x1b[1A\x1b[?25l"),
        ("正常文字 ordinary 𠮷", "正常文字 ordinary 𠮷"),
    ],
)
def test_what_commands_is_shown(text: str, shown: str) -> None:
    """Sequences that clear, rename or type, and marks that turn the writing round, are shown; colours and the progress bar go through."""
    assert tame(text) == shown


class Stream:
    """A stream that remembers."""

    def __init__(self, terminal: bool) -> None:
        self.terminal, self.said = terminal, ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.said += text
        return len(text)


def test_only_terminals_are_guarded() -> None:
    """A file or a pipe gets every character as it is: what a program reads is never changed."""
    for terminal, said in ((True, "\\x07"), (False, "\x07")):
        stream = Stream(terminal)
        guard(stream)
        stream.write("\x07")
        assert stream.said == said


def test_a_hostile_header_is_explained_on_a_terminal(tmp_path: Path) -> None:
    """A header and a file name that would clear the screen are shown by ``import --explain``, and nothing else happens."""
    path = tmp_path / "a\x1b[2J.csv"
    path.write_text("险种,统筹区,证件号码,姓名,所属期,金额,\x1b]0;x\x07坏\nR,620821,,甲,2024-03,1.00,x\n", encoding="utf-8")
    outside, inside = pty.openpty()
    command = [sys.executable, "-m", "shebao", "--home", str(tmp_path / "home"), "import", "--explain", "payments", str(path)]
    subprocess.run(command, stdout=inside, stderr=inside, stdin=subprocess.DEVNULL, check=False, timeout=120)
    os.close(inside)
    said = b""
    while True:
        try:
            piece = os.read(outside, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(outside)
    assert "坏".encode() in said and b"\x1b]" not in said and b"\x1b[2J" not in said and b"\x07" not in said
