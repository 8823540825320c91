"""The dated table of regions: what a code was, when, and as what it went on."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from ledger import regions
from ledger.errors_regions import BadRegionTable, UnknownRegion
from ledger.regions import How

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "regions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["stood"], ids=lambda case: f"{case['code']}@{case['day']}")
def test_a_code_is_what_it_was_on_the_day(case: dict[str, str]) -> None:
    """A code has the name of its day, a code abolished or not yet given stands for nothing."""
    found = regions.on(case["code"], date.fromisoformat(str(case["day"])))
    assert (found.name if found else None) == case["name"]
    assert regions.exists(case["code"], date.fromisoformat(str(case["day"]))) is (case["name"] is not None)


@pytest.mark.parametrize("case", CASES["current"], ids=lambda case: case["code"])
def test_renames_are_followed_and_nothing_else(case: dict[str, str]) -> None:
    """A renamed county has a code of today; one merged, split, unknown or told differently by the sources has none."""
    assert regions.current(case["code"]) == case["now"]


@pytest.mark.parametrize("case", CASES["full"], ids=lambda case: case["code"])
def test_full_names_are_those_of_their_time(case: dict[str, str]) -> None:
    """Province, city and county are named as they stood together."""
    assert regions.full_name(case["code"], date.fromisoformat(str(case["day"])) if case["day"] else None) == case["name"]


@pytest.mark.parametrize("case", CASES["find"], ids=lambda case: case["text"])
def test_a_written_name_finds_its_candidates(case: dict[str, object]) -> None:
    """Names are found with or without province, city and kind, on their day; several candidates stay several."""
    day = date.fromisoformat(str(case["day"])) if case["day"] else None
    assert [region.code for region in regions.find(str(case["text"]), day)] == case["codes"]


def test_a_county_abolished_in_1996_is_right_for_those_born_before() -> None:
    """A code that ended in 1996 still exists for a card of 1990, and ever."""
    (old,) = regions.lives("133001")
    assert old.last == 1995 and regions.exists("133001", date(1990, 5, 1)) and not regions.exists("133001", date(1998, 1, 1))
    assert regions.ever("133001") and not regions.ever("999999") and not regions.ever("13300") and not regions.ever("13300X")


def test_in_the_year_of_a_change_both_codes_are_right() -> None:
    """The lists are of 31 December, so a year of change knows old and new."""
    assert regions.exists("620824", date(2018, 3, 1)) and regions.exists("620881", date(2018, 12, 1))
    assert not regions.exists("620824", date(2019, 1, 1)) and not regions.exists("620881", date(2017, 12, 31))


def test_huating_is_one_county() -> None:
    """华亭县 became 华亭市 in August 2018 and is the same county; the six digits of longer codes count."""
    (rename,) = (one for one in regions.renames() if one.old == "620824")
    assert (rename.new, rename.when) == ("620881", "2018-08")
    assert regions.same_county("620824", "620881") and regions.same_county("620824101", "620881") and not regions.same_county("620824", "620825")
    assert not regions.same_county("110103", "110101")


def test_mergers_and_splits_are_told_and_are_no_renames() -> None:
    """What became one of several, or several, says so and stands in no list of renames."""
    assert regions.latest("110103").how is How.MERGED and regions.successors("110103") == ("110101",)
    assert regions.latest("320283").how is How.SPLIT and regions.successors("320283") == ("320205", "320206")
    assert regions.successors("620881") == () and regions.successors("999999") == ()
    assert not {"110103", "320283"} & {one.old for one in regions.renames()}


def test_every_rename_leads_to_a_county_of_its_province_and_into_no_circle() -> None:
    """Old and new stand one after the other, two counties never become one, and following ends."""
    provinces = {("51", "50"), ("44", "46")}
    seen = set()
    for one in regions.renames():
        old, new = regions.latest(one.old), regions.lives(one.new)
        assert old.last is not None and old.last + 1 == int(one.when[:4]) and any(life.first == old.last + 1 for life in new)
        assert one.old[:2] == one.new[:2] or (one.old[:2], one.new[:2]) in provinces
        assert (one.new, one.when[:4]) not in seen
        seen.add((one.new, one.when[:4]))
        regions.current(one.old)
    assert len(seen) > 2000


def test_lives_of_a_code_never_overlap() -> None:
    """In one year a code is one region."""
    for several in regions.table().values():
        for one, two in pairwise(several):
            assert one.last is not None and one.last < two.first
    assert len(regions.table()) > 6000


def test_an_unknown_code_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SB2071: the name of a code that never existed; SB2070: a table that cannot be read names its line."""
    with pytest.raises(UnknownRegion, match="999999"):
        regions.name("999999")
    (tmp_path / "regions").mkdir()
    (tmp_path / "regions" / "regions.csv").write_text("# x\n110000,北京市,早,,,,\n", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    regions.clear()
    try:
        with pytest.raises(BadRegionTable, match="2"):
            regions.table()
    finally:
        monkeypatch.undo()
        regions.clear()
