"""Arrears after a new standard, from what was posted to the roster that pays it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.benefits import arrears, differences
from controls.benefits.differences import Asked, Rerated
from controls.benefits.errors import ArrearsUnderWay, NothingPaid, WrongSpan
from controls.benefits.paid import Payees
from controls.errors import AlreadyTaken, NotAllowed
from ledger.benefits.difference import LESS, PAUSED_, PAY, SAME, STOPPED_, simple
from ledger.benefits.errors import BadFact, NotOneStandard
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import Parameters, ParameterUnset
from shebao.cli import execute
from shebao.proposals import from_roster
from shebao.store import use_templates
from tests.controls.payment_desk import NOW, line, someone
from tests.ledger.person_store import number
from tests.shebao.small_office import JANUARY, Small

OWN = """document: 补发测试（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: benefit_rounding, from: 2009-01-01, value: 四舍五入到分, reference: 测试用假定}
  - {name: resident_base_pension, from: 2026-01-01, value: 16300, keys: {level: 中央}, reference: 测试用假定}
  - {name: resident_addition_ages, from: 2014-02-21, value: ["65", "70"], reference: 测试用假定}
  - {name: resident_addition_amounts, from: 2014-02-21, value: ["5", "10"], reference: 测试用假定}
"""
BASE = "基础养老金(中央)"
MONTHS = (202510, 202511, 202512, 202601)
PEOPLE = {place: number(place, born=f"19{50 + place}0315") for place in range(1, 7)}


def paid_lines() -> list[dict[str, Any]]:
    """Six people with the base pension of four months, at 123.00; the sixth already at the new standard, the fifth above it."""
    rows: list[dict[str, Any]] = []
    for place, who in PEOPLE.items():
        for period in MONTHS:
            fen = {6: 16300 if period == 202601 else 14300, 5: 20000}.get(place, 12300)
            rows.append(line(len(rows) + 1, place, BASE, fen, number=who, id_raw=who, period=period))
    return rows


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office whose roster of those months is paid, returned by the bank and posted; the dead and the imprisoned are taken in."""
    small = Small(tmp_path_factory.mktemp("arrears") / "office")
    (small.home / "templates" / "parameters" / "mine.yaml").write_text(OWN, encoding="utf-8")
    roster = small.desk.released(rows=paid_lines())
    small.desk.send(roster)
    small.desk.returned(roster, small.desk.answer_of_bank(roster))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(small.office), "now", staticmethod(lambda: "2026-01-20T09:00:00+08:00"))
        small.enter("P1", "2026-01-08", "10000.00", "财社拨1", receipt="T1")
        small.posted(small.drafts())
        drafts = from_roster(small.of("zhao"), roster, "2026-01-15")
        small.posted(drafts)
    deaths = small.folder / "死亡.csv"
    deaths.write_text(f"证件号码,姓名,死亡日期,数据来源\n{PEOPLE[2]},甲2,2025-11-20,卫健\n", encoding="utf-8")
    custody = small.folder / "服刑.csv"
    custody.write_text(
        f"证件号码,姓名,收监日期,释放日期,执行方式\n{PEOPLE[3]},甲3,2025-10-02,2025-11-20,监禁\n{PEOPLE[4]},甲4,2025-09-02,,羁押\n", encoding="utf-8"
    )
    from controls.intake import reader, register

    for contract, path in (("deaths", deaths), ("custody", custody)):
        with small.unit() as work:
            register.take(work, small.home, reader.read(path, contract), someone("qian"), NOW, source="卫健" if contract == "deaths" else "法院", as_of=None)
            work.commit()
    small.office.engine.dispose()
    return small


@pytest.fixture
def office(paid: Small) -> Iterator[Small]:
    """The office as it is, with its own templates before the shipped ones."""
    use_templates(paid.home / "templates")
    paid.of("zhang")
    yield paid


def reckoned(small: Small, *items: str, user: str = "zhang", first: str = "2025-10", last: str = "2026-01", **facts: dict[str, str]) -> Rerated:
    """The reckoning for some items."""
    asked = Asked("resident-pension", items or (BASE,), Month.parse(first), Month.parse(last), facts)
    with small.unit() as work:
        return differences.rerate(work.connection, small.home, someone(user), asked, Parameters.load())


def states(made: Rerated, place: int) -> list[tuple[int, int]]:
    """State and difference of one person's months."""
    return [(state, due - before) for _, _, due, before, state, _ in made.made.rows_of(PEOPLE[place])]


def test_each_month_is_reckoned_under_its_own_law(office: Small) -> None:
    """Months of 2025 rise to 143.00 and January 2026 to 163.00; who has the new standard gets nothing, who has more loses nothing."""
    made = reckoned(office)
    assert states(made, 1) == [(PAY, 2000), (PAY, 2000), (PAY, 2000), (PAY, 4000)]
    assert states(made, 6) == [(SAME, 0)] * 4
    assert [state for state, _ in states(made, 5)] == [LESS] * 4


def test_months_that_are_not_due_are_left_out_with_the_reason(office: Small) -> None:
    """The month of death is due and later ones are not; prison bars from the month after it began to the month of release; custody pauses."""
    made = reckoned(office)
    assert [state for state, _ in states(made, 2)] == [PAY, PAY, STOPPED_, STOPPED_]
    assert [state for state, _ in states(made, 3)] == [PAY, STOPPED_, PAY, PAY]
    assert [state for state, _ in states(made, 4)] == [PAUSED_] * 4
    assert [row[-1] for row in made.made.rows_of(PEOPLE[2])][-1] == "死亡 2025-11"
    assert made.happened.sources.keys() == {"deaths", "custody"}
    assert made.made.total == 10000 + 4000 + 2000 + 2000 + 4000


def test_the_simple_reckoning_is_explained(office: Small) -> None:
    """人数 × 差额 is the exact sum and what was not paid, left out or otherwise, month by month."""
    for one in simple(reckoned(office).made):
        assert one.simple == one.persons * one.usual == one.exact + one.not_paid + one.left_out + one.otherwise


def test_the_standard_of_one_person_is_explained(office: Small) -> None:
    """Each distinct standard shows once, with the parameter, its dates and its reference."""
    text = "\n".join(reckoned(office).explained(PEOPLE[1], Parameters.load()))
    assert "2025-10 起的标准" in text and "2026-01 起的标准" in text and "143.00 元，2025-01-01 至 2026-01-01 前有效" in text


def test_facts_come_from_the_number_and_from_the_list(office: Small) -> None:
    """An item by age takes the month of birth from the number (nothing was paid under it here); a listed fact goes before, an unreadable one is refused."""
    with pytest.raises(NothingPaid):
        reckoned(office, "加发基础养老金")
    with pytest.raises(BadFact):
        reckoned(office, **{PEOPLE[1]: {"出生年月": "五零年"}})


def test_what_cannot_be_rerated_is_refused(office: Small) -> None:
    """SB1445 for an item the scheme does not pay or whose facts are unknown, SB3232 for months in the wrong order, SB1031 for a standard nobody set."""
    with pytest.raises(NotOneStandard):
        reckoned(office, "丧葬补助金")
    with pytest.raises(WrongSpan):
        reckoned(office, first="2026-02")
    use_templates(office.home / "none")
    with pytest.raises(ParameterUnset, match="benefit_rounding"):
        reckoned(office)


def test_only_the_roster_desk_rerates(office: Small) -> None:
    """C5: the reckoning needs the duty of rosters."""
    with pytest.raises(NotAllowed):
        reckoned(office, user="zhao")


def test_the_command_reckons_explains_and_writes(office: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`shebao benefit difference` shows what is due and why not, explains one person (recorded), and refuses what does not fit together."""
    office.sign_in("zhang")
    call = ["--home", str(office.home), "benefit", "difference", "resident-pension", "--from", "2025-10", "--to", "2026-01"]
    assert execute([*call, "--item", BASE]) == 0
    said = capsys.readouterr().out
    assert "应补发 3 人，合计 220.00 元" in said and "停发月份" in said and "没有导入 people" in said
    assert execute([*call, "--item", BASE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fen"] == 22000
    before = len(office.trail("read.reveal"))
    office.sign_in("zhang")
    assert execute([*call, "--item", BASE, "--person", PEOPLE[2]]) == 0
    said = capsys.readouterr().out
    assert "死亡 2025-11" in said and PEOPLE[2] not in said and "2025-10 起的标准" in said
    assert len(office.trail("read.reveal")) == before + 1
    office.sign_in("zhang")
    assert execute([*call, "--item", BASE, "--person", PEOPLE[2], "--json"]) == 0
    assert [row["state"] for row in json.loads(capsys.readouterr().out)] == ["补发", "补发", "停发月份", "停发月份"]
    assert execute(call) == 2 and execute([*call, "--item", BASE, "--out", str(tmp_path), "--person", "1"]) == 2
    assert execute([*call, "--item", "没有的"]) == 2
    assert "[SB1445]" in capsys.readouterr().err
    assert execute([*call, "--item", BASE, "--out", str(tmp_path / "out"), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert (written["lines"], written["persons"], written["fen"], written["without_account"]) == (9, 3, 22000, 0)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["补发花名册.csv", "补发说明.xlsx"]
    office.of("zhang")


def test_who_has_no_bank_account_waits(office: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person whom no released roster knows is not on the file and is counted with the sum that waits; a file without anybody still has its head."""
    made = reckoned(office)
    monkeypatch.setattr(arrears.paid, "payees", lambda connection, book_id, numbers: Payees([False] * len(numbers), [("",) * 6] * len(numbers)))
    with office.unit() as work:
        written = arrears.write(work, NOW, someone("zhang"), made, tmp_path / "none")
    assert (written.lines, written.persons, written.fen) == (0, 0, 0)
    assert sum(fen for _, fen in written.without_account) == made.made.total
    assert written.roster.read_text(encoding="utf-8").replace('"', "").strip() == ",".join(arrears.HEAD)


def test_the_roster_pays_once(tmp_path: Path, office: Small) -> None:
    """The file goes the way of every roster, in a later month; while it is under way nothing is reckoned again (SB3231), once posted nothing is left to pay."""
    made, repeated = reckoned(office), reckoned(office)
    with office.unit() as work:
        written = arrears.write(work, NOW, someone("zhang"), made, tmp_path / "out")
        again = arrears.write(work, NOW, someone("zhang"), repeated, tmp_path / "again")
        work.commit()
    assert (written.lines, written.persons, written.fen, written.sha256) == (9, 3, 22000, again.sha256)
    assert written.roster.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(written.roster.read_text(encoding="utf-8").splitlines()))
    assert {(row["待遇类型"], row["所属期"], row["应发金额"]) for row in rows if row["证件号码"] == PEOPLE[2]} == {
        ("补发基础养老金(中央)", "2025-10", "20.00"), ("补发基础养老金(中央)", "2025-11", "20.00"),
    }  # fmt: skip
    record = office.trail("benefit.difference")[-1]
    assert record.digest == written.sha256

    roster = pay(office, written.roster)
    with pytest.raises(AlreadyTaken):
        take(office, tmp_path / "again" / arrears.ROSTER)
    with pytest.raises(ArrearsUnderWay):
        reckoned(office)
    office.posted(from_roster(office.of("zhao"), roster, "2026-01-19"))
    after = reckoned(office)
    assert after.made.total == 0 and states(after, 1) == [(SAME, 0)] * 4


def take(office: Small, path: Path) -> int:
    """The roster file taken in by the roster desk."""
    from controls.intake import reader, register

    with office.unit() as work:
        made = register.take(work, office.home, reader.read(path, "roster"), someone("zhang"), NOW, source="", as_of=None)
        work.commit()
    return made.file_id


def pay(office: Small, path: Path) -> int:
    """The arrears roster carried to the bank's return."""
    from controls import rosterbuild

    file_id = take(office, path)
    with office.unit() as work:
        roster = rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY + 1, file_id=file_id).roster.roster_id
        work.commit()
    desk = office.desk
    desk.check(roster)
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        desk.sign(roster, step, user)
    desk.release(roster)
    (office.home / "bank.csv").unlink()
    desk.send(roster)
    table = desk.answer_of_bank(roster)
    desk.returned(roster, table)
    return roster
