"""Two issues of a list compared: new, gone, different and unchanged rows, people who stand in it twice, and what is shown of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from controls.intake import differences, lists
from controls.intake.errors_lists import BothKinds, NotComparable
from ledger.lawfile import BadLawFile
from tests.controls.intake_lists import death, deaths, number, people


def _compare(old: pa.Table, new: pa.Table, **how: Any) -> differences.Differences:
    return differences.compare("deaths", [old], new, **how)


def test_new_gone_different_and_unchanged_rows_are_told_apart() -> None:
    """One row each; the changed cell names its column, both values and both lines."""
    found = _compare(deaths(death(1), death(2), death(3)), deaths(death(2, "2025-06-09"), death(3), death(4)))
    assert (found.counts["new"], found.counts["gone"], found.different, found.unchanged) == (1, 1, 1, 1)
    assert found.new.column("number").to_pylist() == [number(4)] and found.gone.column("number").to_pylist() == [number(1)]
    (cell,) = found.changed.to_pylist()
    assert (cell["column"], cell["old"], cell["new"], cell["old_line"], cell["new_line"]) == ("死亡日期", "2025-06-01", "2025-06-09", 3, 2)


def test_files_and_tables_are_compared_alike(tmp_path: Path) -> None:
    """A snapshot on disk gives what its table gives."""
    old, new = people([1, 2, 3]), people([2, 3, 4])
    parquet.write_table(old, tmp_path / "old.parquet")
    parquet.write_table(new, tmp_path / "new.parquet")
    found = differences.compare("deaths", [tmp_path / "old.parquet"], tmp_path / "new.parquet")
    assert found.counts == _compare(old, new).counts and found.changed.num_rows == 0


def test_order_and_line_do_not_matter() -> None:
    """The same rows in another order are unchanged."""
    found = _compare(people([1, 2, 3]), people([3, 1, 2]))
    assert found.unchanged == 3 and not any((found.new.num_rows, found.gone.num_rows, found.different))


def test_without_a_number_name_and_birth_date_say_who_it_is() -> None:
    """A blank or damaged number goes by name and birth date; a failing number goes by number and name, for strangers share placeholders."""
    blank = {"number": "", "id_raw": "", "number_ok": False}
    found = _compare(deaths(death(1, **blank)), deaths(death(1, "2025-07-01", **blank), death(2, **blank)))
    assert (found.different, found.new.num_rows, found.gone.num_rows) == (1, 1, 0)
    damaged = {"number": "620821195001010000", "number_ok": True, "damaged": True}
    assert _compare(deaths(death(1, **damaged)), deaths(death(2, **damaged))).counts["gone"] == 1
    shared = {"number": "000000", "number_ok": False}
    found = _compare(deaths(death(1, **shared), death(2, **shared)), deaths(death(2, **shared), death(1, "2025-07-01", **shared)))
    assert (found.unchanged, found.different, found.repeated) == (1, 1, (0, 0))


def test_a_person_twice_in_one_list_is_matched_row_for_row() -> None:
    """Equal rows cancel one for one; a second equal row is one more row, not the same one."""
    found = _compare(deaths(death(1), death(1), death(2)), deaths(death(1), death(2), death(2)))
    assert (found.unchanged, found.new.num_rows, found.gone.num_rows, found.different) == (2, 1, 1, 0)
    assert found.repeated == (1, 1) and any("同一主键有多行" in said for said in found.sentences())


def test_one_row_that_changed_beside_an_equal_one_is_sure() -> None:
    """Of two rows of a person one is equal and cancels; the other is a change that leaves no doubt."""
    found = _compare(deaths(death(1, "2025-01-01"), death(1, "2025-02-01")), deaths(death(1, "2025-02-01"), death(1, "2025-03-01")))
    assert (found.unchanged, found.different) == (1, 1) and found.changed.column("several").to_pylist() == [False]


def test_several_changed_rows_of_a_person_are_marked() -> None:
    """Nobody can say which row became which: they are paired in order and marked, and a surplus row is new or gone."""
    found = _compare(deaths(death(1, "2025-01-01"), death(1, "2025-02-01")), deaths(*(death(1, f"2025-0{month}-01") for month in (5, 6, 7))))
    assert (found.different, found.new.num_rows, found.gone.num_rows) == (2, 1, 0)
    assert found.changed.column("several").to_pylist() == [True, True] and differences.SEVERAL in [row[-1] for row in found.rows()]


def test_several_older_lists_count_as_one() -> None:
    """A full list beside its increments is one list, in which an equal row counts once."""
    found = differences.compare("deaths", [people([1, 2]), people([2, 3])], people([1, 2, 3]))
    assert (found.old_rows, found.unchanged, found.new.num_rows, found.gone.num_rows) == (3, 3, 0, 0)


def test_in_an_increment_nobody_is_gone() -> None:
    """Rows that an increment does not mention are counted as such."""
    found = _compare(people([1, 2, 3]), people([3, 4]), kind="increment")
    assert (found.gone.num_rows, found.counts["unmentioned"], found.unchanged, found.new.num_rows) == (0, 2, 1, 1)
    assert "消失" not in found.sentences()[0] and not found.too_much_gone


def test_numbers_and_names_are_masked_unless_revealed() -> None:
    """Rows and sentences show region and last four of a number and the first character of a name; revealed they show all."""
    found = _compare(deaths(death(1), death(2)), deaths(death(2, name="某某", name_norm="某某"), death(3)))
    masked, plain = list(found.rows()), list(found.rows(reveal=True))
    assert number(1) not in str(masked) + str(found.sentences()) and "甲1乙" not in str(masked)
    assert ("消失", number(1), "甲1乙", "", "", "", "2", "", "") in plain and ("消失", "620821********001X", "甲**", "", "", "", "2", "", "") in masked
    assert ("不同", number(2), "某某", "姓名", "甲2乙", "某某", "3", "2", "") in plain and ("甲**", "某*") in [row[4:6] for row in masked]


def test_amounts_are_shown_in_yuan_and_accounts_masked() -> None:
    """A roster of the next month: fen become yuan, bank accounts keep their last four digits."""
    row = {"line": 2, "number": number(1), "number_ok": True, "damaged": False, "name": "甲乙", "name_norm": "甲乙", "fund": "R", "item": "基础养老金"}
    old = pa.Table.from_pylist([{**row, "net": 16300, "account": "6228480000000000001"}])
    new = pa.Table.from_pylist([{**row, "net": 17300, "account": "6228480000000000002"}])
    shown = {line[3]: line[4:6] for line in differences.compare("roster", [old], new).rows()}
    assert shown == {"实发金额": ("163.00", "173.00"), "银行账号": ("*" * 15 + "0001", "*" * 15 + "0002")}


def test_accounts_go_by_their_number() -> None:
    """The key of the accounts list is the bank account; what is shown is masked like one."""
    table = pa.table({"line": [2, 3], "account": ["62170001", "62170002"], "holder": ["甲养老院", "乙养老院"], "kind": ["集中供养机构"] * 2})
    found = differences.compare("accounts", [table], table.slice(1))
    assert [row[:3] for row in found.rows()] == [("消失", "****0001", "甲***")]


def test_a_file_without_a_key_is_not_compared() -> None:
    """SB2061: bank statements have no key in lists.yaml."""
    with pytest.raises(NotComparable, match="没有写明主键"):
        differences.compare("bank", [pa.table({"line": [2]})], pa.table({"line": [2]}))


def test_empty_lists_are_compared() -> None:
    """A list without rows is a list."""
    empty = people([1]).slice(0, 0)
    assert _compare(empty, people([1])).counts["new"] == 1 and _compare(people([1]), empty).counts["gone"] == 1
    assert _compare(empty, empty).gone_permille == 0


def test_a_kind_is_full_or_increment() -> None:
    """SB2062: anything else is refused."""
    assert (differences.stated_kind(""), differences.stated_kind("full"), differences.stated_kind("increment")) == (None, "full", "increment")
    with pytest.raises(BothKinds):
        differences.stated_kind("half")


PERSONS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), max_size=12)


@given(PERSONS, PERSONS)
def test_the_counts_add_up(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> None:
    """Every row is counted once on its side, equal rows cancel as often as they can, and no key is both new and gone."""

    def table(rows: list[tuple[int, int]]) -> pa.Table:
        return deaths(*(death(person, f"2025-01-0{day}") for person, day in rows))

    found = _compare(table(before), table(after))
    assert found.unchanged + found.different + found.gone.num_rows == found.old_rows == len(before)
    assert found.unchanged + found.different + found.new.num_rows == found.new_rows == len(after)
    assert found.unchanged == (Counter(before) & Counter(after)).total()
    assert not set(found.new.column("number").to_pylist()) & set(found.gone.column("number").to_pylist())


def test_an_office_says_what_its_sources_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source's own entry goes before the one for any source, in any spelling, and while it is in force."""
    assert (lists.rule("bank"), lists.habit("bank", "银行", lists.lists().valid_from).kind) == (None, "increment")
    text = (Path(lists.__file__).parents[2] / "templates" / lists.FILE).read_text(encoding="utf-8")
    own = '- {source: 民政局, kind: increment, most_gone_permille: 0, valid_from: 2025-01-01, valid_to: 2026-01-01, reference: "函〔2025〕1号"}\n      '
    place = text.index('- {source: "", kind: full')
    (tmp_path / "intake").mkdir()
    (tmp_path / lists.FILE).write_text(text[:place] + own + text[place:], encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    day = lists.lists().valid_from.replace(year=2025)
    assert [lists.habit("deaths", source, day).kind for source in ("民政", "民政部门", "公安")] == ["increment", "increment", "full"]
    assert lists.habit("deaths", "民政", day.replace(year=2026)).kind == "full"


HABIT = '{source: "", kind: full, most_gone_permille: 0, valid_from: 2011-07-01, valid_to: null, reference: x}'
TWICE = f"  - {{contract: subsidies, outside: false, key: [document], compared: [amount], kinds: [{HABIT}]}}\n"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("key: [person]", "key: [weather]", "weather"),
        ("lists:\n", f"lists:\n{TWICE}{TWICE}", "twice"),
        ("contract: custody", "contract: weather", "weather"),
        ("scope_permille: 50", "scope_permille: 5000", "scope_permille"),
        ("kind: full", "kind: half", "kind"),
        ("lists:\n", f"lists:\n{TWICE.replace(HABIT, f'{HABIT}, {HABIT}')}", "日期重叠"),
    ],
)
def test_a_wrong_file_of_lists_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, why: str) -> None:
    """SB1011: unknown columns and contracts, a contract twice, shares above a thousand and unknown kinds are named."""
    text = (Path(lists.__file__).parents[2] / "templates" / lists.FILE).read_text(encoding="utf-8")
    (tmp_path / "intake").mkdir()
    (tmp_path / lists.FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    with pytest.raises(BadLawFile, match=why):
        lists.lists()
