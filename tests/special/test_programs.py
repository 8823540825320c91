"""Programs, their charts, events and purposes as data: an office adds one by a file; nothing of the standard mixes with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import programs
from ledger.chart import Chart
from ledger.entries import Line, Side
from ledger.event_file import load_events, special_events
from ledger.events import EventNotForFund, build, closing_lines
from ledger.flows import FlowRefused, check
from ledger.funds import Fund, UnknownFund
from ledger.lawfile import BadLawFile
from ledger.programs import UnknownItem
from ledger.special.documents import OWN, Source, draw, in_order
from ledger.special.errors import NotEnough

DAY = date(2026, 1, 8)
OWN_PROGRAM = """program: YJ
zh: 应急救助
short: 应急
document: 虚构
valid_from: 2026-01-01
valid_to: null
reference: 测试用假定
levels: [县级]
events: [ZX01, ZX08]
items:
  - {item: 应急金, account: "01"}
"""


def test_a_program_stands_where_a_fund_stands() -> None:
    """Fund("DB") is one value of its own, found by code and names, and is none of the eight."""
    found = Fund("DB")
    assert found is Fund.parse("低保") is Fund.parse("最低生活保障专账") and found.special and not Fund.R.special
    assert (found.zh, found.short, found.book_zh, Fund.R.book_zh) == ("最低生活保障", "低保", "最低生活保障专账", "城乡居民基本养老保险基金")
    assert len(list(Fund)) == 8 and found not in list(Fund)
    with pytest.raises(UnknownFund):
        Fund.parse("不存在的项目")
    with pytest.raises(UnknownFund):
        _ = Fund.R.program


def test_every_shipped_program_is_whole() -> None:
    """Each program's chart has its items, each of its events builds, and no code is one of 28号's."""
    assert set(programs.programs()) == {"DB", "TK", "LS", "CJ", "GE", "GY", "JZ", "DF"}
    for code, program in programs.programs().items():
        chart = Chart.load(fund=Fund(code))
        assert [one.name for one in chart.children("C01")] == [benefit.item for benefit in program.items]
        assert all(one.code[0] in "ZFJSC" for one in chart.accounts)
        assert set(program.events) <= set(special_events()) and program.reference
        assert bool(program.levels) == ("ZX01" in program.events)
    assert not set(special_events()) & set(load_events())


def test_an_office_adds_a_program_by_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file under special/programs/ of the office is a program; a repeated name, item or an unknown event is refused."""
    folder = tmp_path / "special" / "programs"
    folder.mkdir(parents=True)
    (folder / "yj.yaml").write_text(OWN_PROGRAM, encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert Fund.parse("应急").value == "YJ" and Chart.load(fund=Fund("YJ")).account("C0101").name == "应急金"
    assert build("ZX01", Fund("YJ"), {"amount": 5}, {"level": "县级", "document": "县财1号"}, day=DAY)
    (folder / "yk.yaml").write_text(OWN_PROGRAM.replace("YJ", "YK"), encoding="utf-8")
    programs._load.cache_clear()
    with pytest.raises(BadLawFile, match="名称"):
        programs.programs()
    (folder / "yk.yaml").write_text(OWN_PROGRAM.replace("YJ", "ME"), encoding="utf-8")
    programs._load.cache_clear()
    with pytest.raises(BadLawFile, match="险种代码"):
        programs.programs()
    programs._load.cache_clear()


def test_no_own_folder_widens_flows_or_purposes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C4: where money may go and what it may not pay for are only ever the shipped files."""
    (tmp_path / "special").mkdir()
    (tmp_path / "special" / "purposes.yaml").write_text("forbidden: []", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert programs.forbidden_word(programs.programs()["DB"], "用于乡镇工作 经费") == "工作经费"
    assert programs.forbidden_word(programs.programs()["DB"], "农村低保金") == ""


def test_events_keep_to_their_programs() -> None:
    """专款专用: a statutory event is not for a program, a gift not for 低保, an item of another program nowhere. SB1022, SB1460."""
    for event, fund in (("ZX02", "DB"), ("ZX01", "JZ"), ("P1", "DB"), ("ZX01", "R")):
        with pytest.raises(EventNotForFund):
            build(event, Fund(fund), {"amount": 1}, {"party": "x", "level": "中央", "document": "d"} if event != "P1" else {}, day=DAY)
    with pytest.raises(UnknownItem):
        build("ZX08", Fund("DB"), {"paid/特困基本生活费": 1}, {}, day=DAY)
    assert [(one.account, one.side.value, one.amount) for one in build("ZX08", Fund("DB"), {"paid/农村低保金": 7}, {}, day=DAY)] == [
        ("C0101", "D", 7), ("Z01", "C", 7),
    ]  # fmt: skip


def test_money_of_special_books_moves_by_its_own_whitelist() -> None:
    """L7: an event that the whitelist does not let pay out of Z01 is refused, and so is none at all."""
    for event, line in (("ZX01", Line("Z01", Side.C, 1)), ("ZX06", Line("Z01", Side.D, 1)), ("", Line("Z02", Side.D, 1)), ("P1", Line("Z01", Side.C, 1))):
        with pytest.raises(FlowRefused):
            check(event, [line])
    check("ZX12", [Line("Z04", Side.C, 5), Line("Z01", Side.D, 5), Line("Z0301", Side.D, 5)])


def test_the_year_closes_to_the_programs_own_balance() -> None:
    """Income and expense go to 专项结余, never to 3001."""
    made = closing_lines(Fund("DB"), {"S0101": -500, "S02": -3, "C0101": 400, "Z01": 103})
    assert sorted((one.account, one.side.value, one.amount) for one in made) == [
        ("C0101", "C", 400), ("J01", "C", 503), ("J01", "D", 400), ("S0101", "D", 500), ("S02", "D", 3),
    ]  # fmt: skip


def test_first_come_first_spent() -> None:
    """Documents are spent by day, then level, then number; money without a document last; too little is refused with what lacks. SB1461."""
    sources = [
        Source(OWN, "利息", "2025-01-01", 50),
        Source("b", "县级", "2026-01-02", 30),
        Source("a", "中央", "2026-01-02", 20),
        Source("c", "县级", "2025-12-31", 10),
    ]
    order = in_order(sources)
    assert [one.document for one in order] == ["c", "a", "b", OWN]
    free = [(one.document, one.free) for one in order]
    assert draw("低保", [("x", 25), ("y", 40)], free) == [("x", "c", 10), ("x", "a", 15), ("y", "a", 5), ("y", "b", 30), ("y", OWN, 5)]
    with pytest.raises(NotEnough, match=r"缺 0\.01"):
        draw("低保", [("x", 111)], free)


@given(st.lists(st.integers(1, 10**9), max_size=8), st.lists(st.integers(0, 10**9), max_size=8))
def test_drawing_loses_no_fen(due: list[int], free: list[int]) -> None:
    """Σ by cell = what each is due, Σ by document ≤ what it has, or nothing is drawn at all."""
    cells, sources = list(enumerate(due)), [(str(place), fen) for place, fen in enumerate(free)]
    if sum(due) > sum(free):
        with pytest.raises(NotEnough):
            draw("低保", cells, sources)
        return
    made = draw("低保", cells, sources)
    assert [sum(fen for at, _, fen in made if at == key) for key, _ in cells] == due
    assert all(sum(fen for _, document, fen in made if document == name) <= has for name, has in sources)
    assert all(fen > 0 for _, _, fen in made)
