"""Mappings as values: headers claimed by hand, strict files, and what differs when a file changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from controls.intake import contracts
from controls.intake.claims import bare, extended
from controls.intake.errors import IntakeRefusal
from controls.intake.errors_desk import BadColumn, BadMapping, MappingDiffers
from controls.intake.mapping import SavedMapping, checked_name, made_from, parse, read_by, split
from controls.intake.reader import read
from tests.controls.intake_files import PAYMENTS, payment, payments

OWN = [{"金额": "领取额（万元）", "姓名": "领钱的人"}.get(name, name) for name in PAYMENTS]


def saved(taken: Any, **changes: Any) -> SavedMapping:
    """The mapping of a file that was read."""
    return made_from(taken, "某社", encoding="", delimiter="", sheet="", items={}, statuses={}, answers={}).model_copy(update=changes)


def test_a_claimed_header_goes_before_every_synonym(tmp_path: Path) -> None:
    """The header said by hand is read; the column's own name beside it is unused; a synonym of another column can be claimed."""
    header = [*PAYMENTS, "核定额"]
    path = payments(tmp_path, [*payment(), "250.00"], header=header)
    shape = extended(contracts.load("payments"), {"核定额": "金额"})
    taken = read(path, shape)
    assert taken.control == (1, 25_000) and taken.header.recognised["金额"] == "核定额" and taken.header.unused == ["金额"]
    lookup = extended(contracts.load("payments"), {"领取人": "户名"}).lookup()
    assert lookup["领取人"].id == "holder" and lookup["姓名"].id == "name"


def test_the_unit_behind_a_claimed_header_still_counts(tmp_path: Path) -> None:
    """领取额（万元）is claimed as 领取额, so that 万元 is read from the file and not lost."""
    assert (bare("领取额（万元）"), bare("领取额/元"), bare("金额（中央）")) == ("领取额", "领取额", "金额（中央）")
    taken = read(payments(tmp_path, payment(金额="0.0203"), header=OWN), extended(contracts.load("payments"), {"领取额（万元）": "金额", "领钱的人": "姓名"}))
    assert taken.control == (1, 20_300) and taken.header.units == {"金额": "万元"}


@pytest.mark.parametrize("columns", [{"x": "没有这列"}, {"a": "金额", "b": "金额"}, {"姓名": "金额"}])
def test_claims_that_mean_nothing(columns: dict[str, str]) -> None:
    """A column that is none, two headers for one, a canonical header for another column."""
    with pytest.raises(BadColumn):
        extended(contracts.load("payments"), columns)


def test_a_mapping_is_written_and_read_back(tmp_path: Path) -> None:
    """Its YAML is strict and comes back equal; it reads the next file; values given with the file go first."""
    shape = extended(contracts.load("payments"), {"领取额（万元）": "金额", "领钱的人": "姓名"})
    taken = read(payments(tmp_path, payment(金额="0.0203"), header=OWN), shape, values={"险种": "R"})
    one = saved(taken, version=3, saved_by="zhao", valid_from=date(2026, 1, 5))
    path = tmp_path / "读法.yaml"
    path.write_text(one.text(), encoding="utf-8")
    assert parse(path) == one and one.columns["领取额（万元）"] == "金额" and one.values == {"险种": "R"}
    again = read_by(payments(tmp_path, payment(1, 金额="0.0218", 险种=""), header=OWN, name="2月.csv"), path, "payments", {"制度": "E"})
    assert again.control == (1, 21_800) and again.table["fund"].to_pylist() == ["E"]
    with pytest.raises(BadMapping):
        read_by(path, path, "deaths", {})
    with pytest.raises(MappingDiffers) as differs:
        read_by(payments(tmp_path, payment(金额="203"), header=[name.replace("（万元）", "") for name in OWN], name="3月.csv"), path, "payments", {})
    assert "现在是元" in str(differs.value)


WRONG: list[dict[str, Any]] = [
    {"more": 1}, {"columns": {}}, {"items": {"a": "none"}}, {"statuses": {"a": "pension"}}, {"answers": {"SB2042": "yes"}}, {"version": 0},
    {"contract": "x"}, {"units": {"金额": "千元"}},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=lambda change: str(next(iter(change))))
def test_a_mapping_is_strict(tmp_path: Path, change: dict[str, Any]) -> None:
    """Unknown keys, no columns, classes that are none, answers that must be given each time: nothing of it is passed over."""
    content = yaml.safe_load(saved(read(payments(tmp_path, payment()), "payments")).text())
    path = tmp_path / "a.yaml"
    path.write_text(yaml.safe_dump({**content, **change}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(IntakeRefusal) as refused:
        parse(path)
    assert refused.value.code == ("SB2020" if "contract" in change else "SB2055")


@pytest.mark.parametrize("name", ["", "../x", ".x", "a/b", "a b", "x" * 61, "a.v1"])
def test_names_that_no_file_can_carry(name: str) -> None:
    """A name is letters, digits, 汉字 and a few marks; nothing that is a path."""
    with pytest.raises(BadMapping):
        checked_name(name)
    assert checked_name("农商行-2026（东坪）") == "农商行-2026（东坪）"


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("a.csv", ("a.csv", {}, "")),
        ("a.csv::@农商行", ("a.csv", {}, "农商行")),
        ("a.csv::险种=R，@x.yaml；统筹区=620821", ("a.csv", {"险种": "R", "统筹区": "620821"}, "x.yaml")),
    ],
)
def test_a_file_with_values_and_a_mapping(argument: str, found: object) -> None:
    """``FILE::险种=R,@NAME`` in any order and any comma."""
    assert split(argument) == found
