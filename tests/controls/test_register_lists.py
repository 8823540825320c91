"""Lists that come again: what is in use for which day, what a newer one changes, who saw it, and that checks cite what they used."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from controls import roster, screening, trail
from controls.errors import SnapshotChanged
from controls.intake import register, snapshots
from controls.intake.errors_lists import BothKinds, ListLate, ListShrank
from controls.tables import source_use
from ledger.errors import DatabaseRefusal
from tests.controls.intake_lists import death, deaths, people
from tests.controls.payment_desk import NOW, Desk, desk, someone, taken

JAN, FEB, MAR = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def _take(office: Desk, table: pa.Table, as_of: date | None, *, source: str = "公安", name: str = "死亡.csv", **how: Any) -> register.SourceFile:
    with office.unit() as work:
        made = register.take(work, office.home, taken(table, "deaths", name), someone("qian"), NOW, source=source, as_of=as_of, **how)
        work.commit()
    return made


def _preview(office: Desk, table: pa.Table, as_of: date | None, *, source: str = "公安", **how: Any) -> Any:
    with office.engine.connect() as connection:
        return register.preview(connection, office.home, taken(table, "deaths", "新.csv"), source=source, as_of=as_of, **how)


def _current(office: Desk, source: str | None = None, on: date | None = None) -> list[int]:
    with office.engine.connect() as connection:
        return [one.file_id for one in register.current(connection, "deaths", source, on)]


def _use(office: Desk, file_id: int) -> snapshots.Use:
    with office.engine.connect() as connection:
        found = snapshots.use(connection, file_id)
    assert found is not None
    return found


def test_the_newer_full_list_of_a_source_replaces_the_older(office: Desk) -> None:
    """The list with the later as-of date is in use; for an earlier day the one that stood for it then."""
    first, second = _take(office, people(range(1, 30)), JAN), _take(office, people(range(1, 32)), FEB)
    assert (first.kind, first.stated, _current(office)) == ("full", 1, [second.file_id])
    assert (_current(office, "公安局", JAN), _current(office, "公安", date(2026, 1, 9))) == ([first.file_id], [])


def test_an_older_list_that_comes_later_does_not_replace_the_newer(office: Desk) -> None:
    """As-of dates decide, not the order of import; the late one is kept, and used for its own time."""
    newer = _take(office, people(range(1, 32)), FEB)
    found = _preview(office, people(range(1, 30)), JAN)
    assert found.newer == newer.file_id and "只留存，不用于检查" in found.sentences()[-1] and not found.too_much_gone
    late = _take(office, people(range(1, 30)), JAN)
    assert _current(office) == [newer.file_id] and _current(office, on=JAN) == [late.file_id]


def test_a_late_list_with_what_the_newer_one_lacks_is_asked_about(office: Desk) -> None:
    """SB2063: rows that would be kept and never checked; --increment uses them beside the newer list, --full only keeps them."""
    _take(office, people(range(1, 32)), FEB)
    found = _preview(office, people([1, 90]), JAN)
    assert found.too_much_unused and "--increment" in found.sentences()[-1]
    with pytest.raises(ListLate, match="却有 1 行（共 2 行）"):
        _take(office, people([1, 90]), JAN)
    beside = _take(office, people([1, 90]), JAN, kind="increment")
    kept = _take(office, people([1, 91]), JAN, kind="full")
    assert _current(office) == [1, beside.file_id] and not _preview(office, people([92]), JAN, kind="full").too_much_unused
    whole = _take(office, people([*range(1, 32), 90]), MAR)
    assert _current(office) == [whole.file_id] and _use(office, whole.file_id).against == (1, beside.file_id) and kept.kind == "full"


def test_lists_of_different_sources_stand_side_by_side(office: Desk) -> None:
    """公安 and 民政 each have their list; neither replaces the other."""
    one, other = _take(office, people([1, 2]), JAN), _take(office, people([3], source="民政"), FEB, source="民政")
    assert _current(office) == [one.file_id, other.file_id] and _current(office, "民政") == [other.file_id]


def test_lists_of_different_regions_stand_side_by_side(office: Desk) -> None:
    """A list of another county is another list, be it from the same source."""
    one = _take(office, people([1, 2]), JAN)
    assert _preview(office, people([3], region="620822"), FEB) is None
    other = _take(office, people([3], region="620822"), FEB)
    assert _current(office) == [one.file_id, other.file_id]


def test_a_list_without_a_source_replaces_nothing_unless_told(office: Desk) -> None:
    """The source of all its rows stands for the list; where rows name several nobody can say whose list it is, until --full says so."""
    assert _take(office, people([1, 2]), JAN, source="").source == "公安"
    mixed = deaths(death(1), death(2, source="民政"))
    one = _take(office, mixed, JAN, source="")
    other = _take(office, deaths(death(3), death(4, source="民政")), FEB, source="", kind="increment")
    assert (one.source, one.kind, len(_current(office))) == ("", "increment", 3)
    whole = _take(office, deaths(death(5), death(6, source="民政")), MAR, source="", kind="full")
    assert _current(office) == [1, whole.file_id] and _use(office, whole.file_id).against == (one.file_id, other.file_id)


def test_a_list_that_lost_too_much_is_refused_unless_its_kind_is_said(office: Desk) -> None:
    """SB2060: an increment taken for a full list would let the dead be paid again; --increment stands beside, --full replaces."""
    _take(office, people(range(1, 30)), JAN)
    found = _preview(office, people([30, 31]), FEB)
    assert found.too_much_gone and found.gone_permille == 1000 and "--increment" in found.sentences()[-1]
    with pytest.raises(ListShrank, match=r"少了 29 行.*100\.0 %.*5\.0 %"):
        _take(office, people([30, 31]), FEB)
    assert _current(office) == [1]
    assert _take(office, people([30, 31]), FEB, kind="increment").kind == "increment" and _current(office) == [1, 2]
    assert not _preview(office, people([40]), MAR, kind="full").too_much_gone
    assert _take(office, people([40]), MAR, kind="full").kind == "full" and _current(office) == [3]
    with pytest.raises(BothKinds):
        _take(office, people([41]), MAR, kind="half")


def test_what_changed_is_shown_before_and_recorded_with_who_saw_it(office: Desk) -> None:
    """The preview counts what the import then records, in the register and in the trail, under the name of who imported."""
    _take(office, people(range(1, 41)), JAN)
    newer = pa.concat_tables([people([1], "2025-07-01"), people(range(2, 40)), people([50])])
    found = _preview(office, newer, FEB)
    assert (found.against, found.counts["new"], found.counts["gone"], found.different) == ((1,), 1, 1, 1)
    assert any("代替编号 1" in said for said in found.sentences())
    made = _take(office, newer, FEB)
    using = _use(office, made.file_id)
    assert (using.used_by, using.against, json.loads(using.differences)) == ("qian", (1,), found.counts)
    with office.engine.connect() as connection:
        (record,) = trail.lines(connection, thing=f"file:{made.file_id}")
    facts = json.loads(record.facts)
    assert (facts["against"], facts["differences"], facts["kind"]) == ([1], found.counts, "full")


def test_an_increment_is_compared_with_what_is_known(office: Desk) -> None:
    """A list said to be an increment shows how much of it is news; nobody is gone, and the next full list replaces both."""
    _take(office, people([1, 2, 3]), JAN)
    found = _preview(office, people([3, 4]), FEB, kind="increment")
    assert (found.counts["new"], found.unchanged, found.counts["unmentioned"], found.gone.num_rows) == (1, 1, 2, 0)
    assert "并用" in found.sentences()[-1]
    _take(office, people([3, 4]), FEB, kind="increment")
    whole = _preview(office, people([1, 2, 3, 4, 5]), MAR)
    assert (whole.against, whole.old_rows, whole.counts["new"], whole.gone.num_rows) == ((1, 2), 4, 1, 0)
    _take(office, people([1, 2, 3, 4, 5]), MAR)
    assert _current(office) == [3] and _current(office, on=FEB) == [1, 2]


def test_first_lists_and_other_files_go_through(office: Desk) -> None:
    """There is nothing to show for the first list of a source, nor for kinds of files that only add."""
    assert _preview(office, people([1]), JAN) is None
    assert _take(office, people([1]), None).stated == 0 and _use(office, 1).differences == ""
    roster_id = office.build()
    with office.engine.connect() as connection:
        made = roster.get(connection, roster_id)
        assert register.preview(connection, office.home, taken(pa.table({"seq": [1]}), "roster", "x"), source="业务系统", as_of=FEB) is None
        assert register.file(connection, made.file_id).kind == "increment"


def test_a_broken_snapshot_is_not_compared_with(office: Desk) -> None:
    """SB3022: a list whose snapshot was changed cannot say what is new."""
    made = _take(office, people([1]), JAN)
    path = made.path(office.home)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SnapshotChanged):
        _preview(office, people([1, 2]), FEB)


def test_coverage_is_kept_beside_the_file(office: Desk) -> None:
    """Rows by fund, region and month, the days of its events: what the register has is what the snapshot gives again."""
    made = _take(office, deaths(death(1, "2025-05-03"), death(2, "2025-05-09"), death(3, "2025-08-01")), JAN)
    with office.engine.connect() as connection:
        stored = snapshots.stored_coverage(connection, made)
        assert stored == snapshots.recomputed(made, office.home)
        assert [(cell.region, cell.period, cell.rows) for cell in snapshots.cells(connection, made.file_id)] == [("620821", 202505, 2), ("620821", 202508, 1)]
    assert stored.gaps == (("", "620821", 202506, 202507),) and snapshots.cite(made).until == "2026-01-10"


def test_a_check_cites_the_snapshots_in_use(office: Desk) -> None:
    """The run names file, source, as-of day and digests; another snapshot gives another citation, and what was replaced is not read."""
    roster_id = office.build()
    _take(office, people([90]), JAN)
    first = office.check(roster_id)
    assert [(one.file_id, one.source, one.as_of, one.until) for one in first.snapshots] == [(2, "公安", "2026-01-10", "2026-01-10")]
    second_list = _take(office, people([90, 91]), FEB)
    second = office.check(roster_id)
    assert [one.parquet_sha256 for one in second.snapshots] == [second_list.parquet_sha256] != [one.parquet_sha256 for one in first.snapshots]
    assert office.seen[-1][1] == {"deaths": [second_list.path(office.home)]}
    with office.engine.connect() as connection:
        made = roster.get(connection, roster_id)
        assert screening.cited(connection, made) == list(second.snapshots) and screening.cited(connection, made, 1) == list(first.snapshots)
        assert screening.citing(connection, 2) == [(roster_id, 1)] and screening.cited_checks(connection, made) == {1, 2}
        checks = [json.loads(record.facts)["snapshots"] for record in trail.lines(connection, thing=f"roster:{roster_id}") if record.act == "roster.check"]
    assert checks == [{"2": first.snapshots[0].parquet_sha256}, {"3": second_list.parquet_sha256}]


def test_a_check_refuses_a_snapshot_that_was_changed(office: Desk) -> None:
    """SB3022: nothing is checked against a snapshot that is not what was taken in."""
    roster_id = office.build()
    made = _take(office, people([90]), JAN)
    made.path(office.home).unlink()
    with pytest.raises(SnapshotChanged):
        office.check(roster_id)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE shebao_source_use SET used_by = 'x'", "SB3041"),
        ("DELETE FROM shebao_source_coverage", "SB3041"),
        ("UPDATE shebao_source_coverage SET rows = 9", "SB3041"),
        ("DELETE FROM shebao_roster_source", "SB3041"),
        ("INSERT INTO shebao_source_coverage VALUES (2, 'R', '', 202501, 1, 0)", "SB3041.*文件启用后不得补记覆盖范围"),
        ("INSERT INTO shebao_roster_source VALUES (1, 1, 1, 1, 'x')", "SB3033.*检查所用数据只能在检查时登记"),
        ("INSERT INTO shebao_roster_source VALUES (1, 1, 2, 1, 'x')", "SB3041.*检查只能引用在用的快照"),
    ],
)
def test_register_and_citations_are_only_added_to(office: Desk, statement: str, code: str) -> None:
    """On both databases coverage, use and citations are never changed, and none is put in afterwards or with another digest."""
    roster_id = office.build()
    _take(office, people([90]), JAN)
    office.check(roster_id)
    with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
        work.connection.exec_driver_sql(statement)


def test_a_file_is_used_only_with_its_coverage(office: Desk) -> None:
    """On both databases a file whose counted rows are not its rows cannot be put to use."""
    with pytest.raises(DatabaseRefusal, match="覆盖范围与文件的行数不符"), office.unit() as work:
        made = register.take(work, office.home, taken(people([1]), "deaths", "a.csv"), someone("qian"), NOW, source="公安", as_of=JAN)
        work.connection.exec_driver_sql(
            "INSERT INTO shebao_source_file SELECT 9, contract, name, 'other', parquet_sha256, source, as_of, stated, kind, fund, period, rows, rejected, "
            f"control_fen, coverage, taken_at, taken_by FROM shebao_source_file WHERE file_id = {made.file_id}"
        )
        work.connection.execute(source_use.insert().values(file_id=9, used_at=NOW, used_by="x", against="[]", differences=""))
