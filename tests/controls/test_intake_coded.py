"""Columns looked over by their distinct texts: the same from memory and from disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.intake import doubts, spool
from controls.intake.coded import HELD, HELD_CODES, Columns
from controls.intake.reader import read
from tests.controls.intake_files import payment, payments


def rows(folder: Path) -> Path:
    """Payments with something to doubt in most columns."""
    changes = ({}, {"姓名": "王?"}, {"证件号码": "4.1E+17"}, {"所属期": "2024-02"}, {"银行账号": "6217****0001"}, {"统筹区": "620822"}, {"金额": "-5.00"}, {})
    return payments(folder, *(payment(at % 4, **{"流水号": f"{at:06d}", **changes[at % 8]}) for at in range(64)))


def test_doubts_of_a_file_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rows lie on disk the same doubts are found, in the same words, and few columns are held."""
    path = rows(tmp_path)
    small = doubts.find(read(path, "payments"))
    monkeypatch.setattr(spool, "HELD_ROWS", 10)
    monkeypatch.setattr(spool, "GROUP", 7)
    big = read(path, "payments", block=600)
    assert big.rows.path is not None and doubts.find(big) == small and len(small) > 5
    columns = Columns(big.rows)
    for name in columns.column_names:
        if str(columns.column(name).type) == "string":
            columns.codes(name)
    assert (len(columns._columns), len(columns._codes)) == (HELD, HELD_CODES)


def test_masks_counts_and_groups(tmp_path: Path) -> None:
    """Equal, matching, counted and grouped texts; the first row of each line."""
    columns = Columns(read(rows(tmp_path), "payments").rows)
    assert columns.equal("region", "620822").sum() == 8 and columns.matching("region", "^62082").sum() == 64
    assert columns.counts("region") == {"620821": 56, "620822": 8} and columns.counts("period") == {202403: 56, 202402: 8}
    assert columns.counts("region", columns.equal("region", "620822")) == {"620822": 8}
    groups = columns.groups(["fund", "region"])
    assert [(texts, int(mask.sum())) for texts, mask in groups] == [(("R", "620821"), 56), (("R", "620822"), 8)] and columns.groups([])[0][1].all()
    lines, at = columns.hits(columns.equal("region", "620822"))
    assert lines.tolist()[:2] == [7, 15] and columns.texts("region", at) == ["620822"] * 8
    assert columns.hits(columns.equal("region", "x"))[0].tolist() == []


def test_a_file_without_rows(tmp_path: Path) -> None:
    """An empty table has no doubts about its rows."""
    taken = read(payments(tmp_path), "payments")
    assert {doubt.level for doubt in doubts.find(taken)} <= {"tell"} and Columns(taken.rows).counts("fund") == {}
