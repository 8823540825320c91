"""The delimiter of a text file, forced (--delimiter)."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.intake.errors import BadDelimiter, NoHeader
from controls.intake.reader import read
from controls.intake.settings import delimiter_of
from tests.controls.intake_files import payment, payments


def test_a_pipe_is_read_when_it_is_named(tmp_path: Path) -> None:
    """A file parted by | has no header until --delimiter says so; the refusal names the option."""
    path = payments(tmp_path, payment(), payment(1), delimiter="|")
    with pytest.raises(NoHeader) as refused:
        read(path, "payments")
    assert "--delimiter pipe" in refused.value.remedy()
    taken = read(path, "payments", delimiter="pipe")
    assert taken.table.num_rows == 2 and taken.delimiter == "|"


def test_what_is_forced_goes_before_what_is_guessed(tmp_path: Path) -> None:
    """A tab file read as commas finds no header: the forced delimiter is used, not the better one."""
    path = payments(tmp_path, payment(), delimiter="\t")
    assert read(path, "payments").delimiter == read(path, "payments", delimiter="tab").delimiter == "\t"
    with pytest.raises(NoHeader):
        read(path, "payments", delimiter=",")


def test_what_is_no_delimiter() -> None:
    """Names and marks are known; other text is refused."""
    assert [delimiter_of(given) for given in (None, "制表符", "\t", "\\t", "分号", "Comma")] == [None, "\t", "\t", "\t", ";", ","]
    for given in ("", "ab", "x"):
        with pytest.raises(BadDelimiter):
            delimiter_of(given)
