"""Files taken in: once, whole or not at all, by whom the duties file says, as snapshots that prove themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from controls import trail
from controls.errors import AlreadyTaken, NoSuchFile, NotAllowed, NothingTaken, NotImportable, RowsWithErrors, SnapshotChanged
from controls.intake import register
from ledger.funds import Fund
from ledger.months import Month
from tests.controls.payment_desk import NOW, ROSTER, Desk, desk, five_people, line, someone, taken


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def _rows(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows) or five_people(), schema=ROSTER)


def test_a_file_becomes_a_snapshot_and_a_row(office: Desk) -> None:
    """Name, source, as-of day, fund, month, rows and control total are kept; the snapshot gives the table back."""
    made = office.take(_rows(), "roster", "花名册.csv", "zhang")
    assert (made.file_id, made.fund, made.period, made.rows, made.as_of) == (1, "R", Month(2026, 1), 10, "2026-01-14")
    assert made.control_fen == sum(row["net"] for row in five_people())
    assert made.table(office.home).equals(_rows())
    assert made.path(office.home).stat().st_mode & 0o077 == 0
    with office.engine.connect() as connection:
        assert register.files(connection, "roster", fund="R") == register.every(connection) == [made]
        (record,) = trail.lines(connection, thing="file:1")
    assert record.act == "import.roster" and '"control_fen":91515' in record.facts


def test_the_same_content_is_taken_in_once(office: Desk) -> None:
    """A second import of the same content is refused and says when it was taken in."""
    office.take(_rows(), "roster", "花名册.csv", "zhang")
    with pytest.raises(AlreadyTaken, match="2026-01-15"):
        office.take(_rows(), "roster", "花名册.csv", "zhang")


def test_rows_in_error_refuse_the_file(office: Desk) -> None:
    """Without accept_valid nothing is taken in: no row, no trail record; with it the good rows are and the others are counted."""
    with pytest.raises(RowsWithErrors, match="1 行错误"):
        office.take(_rows(), "roster", "花名册.csv", "zhang", rejects=["one"])
    with office.engine.connect() as connection:
        assert register.every(connection) == [] and list(trail.lines(connection, thing="file:1")) == []
    with office.unit() as work:
        given = taken(_rows(), "roster", "花名册.csv", rejects=["one"])
        made = register.take(work, office.home, given, someone("zhang"), NOW, source="", as_of=None, accept_valid=True)
        work.commit()
    assert (made.rows, made.rejected, made.as_of) == (10, 1, "2026-01-15")


def test_a_file_without_rows_is_not_taken_in(office: Desk) -> None:
    """An empty table is refused."""
    with pytest.raises(NothingTaken):
        office.take(_rows().slice(0, 0), "roster", "空.csv", "zhang")


@pytest.mark.parametrize(("contract", "user"), [("roster", "zhao"), ("bank", "zhang"), ("bank-return", "zhou"), ("deaths", "li")])
def test_who_takes_in_what_is_data(office: Desk, contract: str, user: str) -> None:
    """C5: a duty that templates/duties.yaml does not name for the kind of file is refused."""
    with pytest.raises(NotAllowed):
        office.take(_rows(), contract, "x.csv", user)


def test_an_unknown_kind_is_refused(office: Desk) -> None:
    """A contract that the duties file does not list is taken in by nobody."""
    with pytest.raises(NotImportable):
        office.take(_rows(), "weather", "x.csv", "zhang")


def test_a_changed_snapshot_is_noticed(office: Desk) -> None:
    """A snapshot that was changed or removed is refused when it is read."""
    made = office.take(_rows(), "roster", "花名册.csv", "zhang")
    place = made.path(office.home)
    place.write_bytes(place.read_bytes() + b"x")
    with pytest.raises(SnapshotChanged, match="与导入时不同"):
        made.path(office.home)
    place.unlink()
    with pytest.raises(SnapshotChanged, match="不存在"):
        made.path(office.home)


def test_the_latest_file_of_fund_and_month_is_found(office: Desk) -> None:
    """A file of just that fund and month goes before a mixed one; none is a refusal."""
    with office.engine.connect() as connection, pytest.raises(NoSuchFile):
        register.latest(connection, "roster", Fund.R, Month(2026, 1))
    january = office.take(_rows(), "roster", "一月.csv", "zhang")
    office.take(_rows(line(1, 1, "基础养老金", 5), line(2, 1, "基础养老金", 5, period=202512)), "roster", "混合.csv", "zhang")
    office.take(_rows(line(1, 1, "基础养老金", 7, period=202602)), "roster", "二月.csv", "zhang")
    with office.engine.connect() as connection:
        assert register.latest(connection, "roster", Fund.R, Month(2026, 1)) == january
        assert register.file(connection, 2).period is None
        with pytest.raises(NoSuchFile):
            register.file(connection, 9)


def test_a_rolled_back_file_can_be_taken_in_again(office: Desk) -> None:
    """Whole or nothing: when the transaction fails the file is not registered, and a second try succeeds."""
    with office.unit() as work:
        register.take(work, office.home, taken(_rows(), "roster", "花名册.csv"), someone("zhang"), NOW, source="", as_of=date(2026, 1, 1))
    with office.engine.connect() as connection:
        assert register.every(connection) == []
    assert office.take(_rows(), "roster", "花名册.csv", "zhang").file_id == 1
