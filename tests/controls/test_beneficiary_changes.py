"""待遇增减变动表: last month's people and money, who came and left and why, and this month's, tied on both databases."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from controls import roster as rosters
from controls import rosterbuild
from controls.beneficiaries import changes
from controls.beneficiaries.changes import Changes
from ledger.db import reading
from ledger.funds import Fund
from ledger.months import Month
from tests.controls.payment_desk import NOW, ROSTER, lead, line, someone
from tests.controls.person_desk import Register, register_desk, status

FEBRUARY = Month(2026, 2)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Register:
    """An office that released January's roster of five people."""
    made = register_desk(store_url, tmp_path / "home")
    made.load()
    made.desk.released()
    return made


def february(office: Register) -> int:
    """A roster of February: 1 is gone by death, 2 is held, 3 has more, 4 is paid back January too, 5 is gone without a word, 6 is new and 7 is buried."""
    rows = [line(n, n, "基础养老金", 16300, period=202602) for n in (2, 3, 4)]
    rows[1].update(gross=17000, net=17000)
    rows += [line(n + 4, n, "个人账户养老金", 2000 + n, period=202602) for n in (2, 3, 4)]
    rows.append(line(9, 4, "补发养老金", 500, item_class="arrears"))
    rows.append(line(10, 6, "基础养老金", 16300, period=202602))
    rows.append(line(11, 7, "丧葬补助金", 120000, period=202602, item_class="funeral"))
    for seq, row in enumerate(rows, start=1):
        row.update(seq=seq, line=seq + 1)
    desk = office.desk
    desk.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", "二月.csv", "zhang")
    with desk.unit() as work:
        built = rosterbuild.build(work, desk.home, someone("zhang"), NOW, Fund.R, FEBRUARY)
        work.commit()
    desk.check(built.roster.roster_id, lead(2, "D1-POSTHUMOUS", (1, 4), blocking=True))
    return built.roster.roster_id


def made(office: Register, roster_id: int, rests: changes.Basis | None = None) -> Changes:
    with reading(office.desk.engine) as connection:
        return changes.of(connection, rosters.get(connection, roster_id), rests)


def test_every_change_is_told_and_ties(office: Register) -> None:
    """Persons and fen of last month with every change give this month's; what is paid beside is told apart; held lines are not paid."""
    office.changed(status(1, "dead", "2026-01-20"), user="chen")
    found = made(office, february(office))
    told = {kind: (persons, fen) for kind, persons, fen in found.sums() if persons}
    assert told == {
        "新增": (1, 16300), "暂缓发放": (1, -18302), "死亡": (1, -18301), "原因待查": (1, -18305), "调增": (1, 700), "补发": (1, 500),
        "一次性支付": (1, 120000),
    }  # fmt: skip
    assert (found.persons_before, found.before) == (5, 91515)
    assert (found.persons_now, found.now, found.paid, found.held) == (3, 16300 * 2 + 17000 + 2003 + 2004, 174107, 18302)
    assert found.ties


def test_a_first_month_has_only_new_people(office: Register) -> None:
    """Without a roster of the month before everybody is new, and the table says that nothing came before."""
    with reading(office.desk.engine) as connection:
        first = rosters.listed(connection)[0].roster_id
    found = made(office, first)
    assert (found.basis.earlier, len(found.of("新增")), found.before, found.ties) == ((), 5, 0, True)


def test_made_again_on_the_same_basis(office: Register) -> None:
    """What is learned later changes a table made today, and not one made again on its own basis."""
    roster_id = february(office)
    before = made(office, roster_id)
    office.changed(status(5, "dead", "2026-01-25"), user="chen")
    assert made(office, roster_id, before.basis) == before
    assert [one.kind for one in made(office, roster_id).moves if one.number.endswith("005X")] == ["死亡"]
