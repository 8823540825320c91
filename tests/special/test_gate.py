"""专款专用 at the gate: every way to spend a program's money wrongly is refused with its code, whichever door is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from controls import corrections, release, rosterbuild, vouchers
from controls.special.errors import (
    AllowanceNotFunds,
    BookOpen,
    DocumentOverdrawn,
    DocumentTwice,
    EventNotInProgram,
    ForbiddenPurpose,
    LevelNotInProgram,
    MoreBackThanPaid,
    OpeningLate,
    StatutoryOnly,
    TownOverdrawn,
)
from ledger.accounts import book_of
from ledger.entries import Entry, Line, Side
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.months import Month
from ledger.programs import UnknownItem
from ledger.special.errors import NotEnough
from shebao import papers, proposals, special, special_vouchers
from shebao.store import Office
from shebao.verification import verify_store
from tests.controls.payment_desk import someone
from tests.special.office import CENTRAL, COUNTY, DB, JANUARY, NOW, NUMBERS, Special, legs
from tests.special.test_story import ROSTER, roster_lines


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Special]:
    """The book of 低保 with 5,000.00 from the centre posted, on SQLite."""
    monkeypatch.setattr(Office, "now", Office.now)
    made = Special(tmp_path / "office")
    made.open()
    made.post([special.receive(made.of("zhao"), DB, date(2026, 1, 5), "中央", CENTRAL, "", "5000.00")])
    yield made
    made.office.engine.dispose()


def propose(office: Special, entry: Entry) -> vouchers.Draft:
    """An entry laid down past every helper, as the last door sees it."""
    with office.unit() as work:
        return vouchers.propose(work, NOW, someone("zhao"), office.book().book_id, entry)


def entry(event: str, *lines: Line, day: date = date(2026, 1, 8), summary: str = "试") -> Entry:
    """A bare entry."""
    return Entry(Month.of(day), day, summary, lines, "测试", f"test:{event}:{summary}", event=event)


def paid(fen: int, document: str = CENTRAL, summary: str = "支付低保金") -> Entry:
    """ZX08 of an amount from a document, past the helpers."""
    return entry("ZX08", Line("C0101", Side.D, fen, (("document", document),)), Line("Z01", Side.C, fen), summary=summary)


WRONG: list[tuple[type[Refusal], Callable[[Special], object]]] = [
    (EventNotInProgram, lambda o: propose(o, entry("ZX02", Line("F01", Side.D, 1), Line("S03", Side.C, 1)))),
    (EventNotInProgram, lambda o: propose(o, entry("", Line("F01", Side.D, 1), Line("S02", Side.C, 1)))),
    (ForbiddenPurpose, lambda o: propose(o, paid(100, summary="支付乡镇工作经费"))),
    (ForbiddenPurpose, lambda o: o.subsidies("DB,中央,财社〔2026〕7号,低保工作经费,10.00,2026-01-05")),
    (ForbiddenPurpose, lambda o: o.enter("ZX08", "2026-01-09", "1.00", "单1", "paid/低保金", document=CENTRAL, party="人员经费")),
    (DocumentOverdrawn, lambda o: propose(o, paid(500001))),
    (DocumentOverdrawn, lambda o: propose(o, paid(1, "没有的文号"))),
    (DocumentOverdrawn, lambda o: propose(o, entry("ZX11", Line("Z04", Side.D, 500001), Line("Z01", Side.C, 500001)))),
    (NotEnough, lambda o: special.pay(o.of("zhao"), DB, date(2026, 1, 9), "低保金", "5000.01", "单2", {"from": "Z01"})),
    (TownOverdrawn, lambda o: o.enter("ZX06", "2026-01-09", "1.00", "单3", "paid/低保金", document=CENTRAL, town="东河镇")),
    (MoreBackThanPaid, lambda o: o.enter("ZX14", "2026-01-09", "0.01", "单6", "recovered/低保金", document=CENTRAL)),
    (OpeningLate, lambda o: o.enter("ZX00", "2026-01-09", "1.00", "单4", document="旧文号")),
    (DocumentTwice, lambda o: special.receive(o.of("zhao"), DB, date(2026, 1, 9), "中央", CENTRAL, "", "1.00")),
    (DocumentTwice, lambda o: o.enter("ZX01", "2026-01-09", "5000.00", "另一张回单", level="中央", document=CENTRAL)),
    (UnknownItem, lambda o: o.enter("ZX08", "2026-01-09", "1.00", "单5", "paid/养老金", document=CENTRAL)),
    (BookOpen, lambda o: o.open()),
    (BookOpen, lambda o: o.open(Fund.E)),
    (StatutoryOnly, lambda o: papers.write_statements(o.of("zhao"), o.book(), JANUARY, o.folder / "papers")),
    (StatutoryOnly, lambda o: special.documents(o.of("zhao"), Fund.R)),
    (StatutoryOnly, lambda o: special.receive(o.of("zhao"), Fund.R, date(2026, 1, 5), "中央", "文", "", "1")),
    (StatutoryOnly, lambda o: special.carry_in(o.of("zhao"), Fund.R, [("文", "1")])),
]


@pytest.mark.parametrize(("refusal", "act"), WRONG, ids=lambda value: getattr(value, "code", ""))
def test_wrong_ways_are_refused(office: Special, refusal: type[Refusal], act: Callable[[Special], object]) -> None:
    """Each wrong act is refused with its code and leaves nothing behind."""
    with pytest.raises(refusal) as said:
        act(office)
    assert said.value.code == refusal.code and said.value.text("en") and said.value.remedy()
    assert [(one.document, one.free) for one in special.documents(office.of("zhao"), DB)] == [(CENTRAL, 500000)]


def test_vouchers_on_their_way_count(office: Special) -> None:
    """Two vouchers cannot spend one document's money; sending one back frees it, and money that is not posted yet cannot be spent."""
    first = propose_made(office, paid(300000))
    with pytest.raises(DocumentOverdrawn, match=r"2,000\.00"):
        propose(office, paid(200001, summary="第二笔"))
    with office.unit() as work:
        vouchers.reject(work, NOW, someone("zhao"), first.book_id, first.voucher_id, "改日再付")
        work.commit()
    propose_made(office, paid(500000, summary="第三笔"))
    special.receive(office.of("zhao"), DB, date(2026, 1, 9), "县级", COUNTY, "", "10.00")
    with pytest.raises(DocumentOverdrawn):
        propose(office, paid(1, COUNTY, "未记账的钱"))


def propose_made(office: Special, made: Entry) -> vouchers.Draft:
    """An entry proposed and committed."""
    with office.unit() as work:
        draft = vouchers.propose(work, NOW, someone("zhao"), office.book().book_id, made)
        work.commit()
    return draft


def test_a_struck_receipt_may_come_again(office: Special) -> None:
    """L11: a document is booked once; after a red voucher it may be booked rightly, and a receipt that is spent cannot be struck."""
    number = office.book().book_id
    with office.unit() as work:
        red = corrections.reverse(work, NOW, someone("zhao"), number, 1, date(2026, 1, 9), "金额有误")
        work.commit()
    with pytest.raises(DocumentOverdrawn):
        propose(office, paid(1))
    office.post([red])
    again = special_vouchers.receipt(DB, date(2026, 1, 9), "中央", CENTRAL, "", 480000)
    draft = special.make(office.of("zhao"), DB, replace(again, source_key="ZX01:again", documents=("paper:更正后的通知",)))
    office.post([draft])
    office.post([special.pay(office.of("zhao"), DB, date(2026, 1, 9), "低保金", "1.00", "单9", {"from": "Z01"})])
    with office.unit() as work, pytest.raises(DocumentOverdrawn):
        corrections.reverse(work, NOW, someone("zhao"), number, draft.voucher_id, date(2026, 1, 9), "想冲掉已经用了的钱")
    with pytest.raises(DocumentTwice):
        special.make(office.of("zhao"), DB, replace(again, source_key="ZX01:third"))


def test_a_program_takes_only_its_levels(office: Special) -> None:
    """Money of a level the program's file does not list is refused."""
    from controls.special import gate

    program = DB.program.model_copy(update={"levels": ("中央",)})
    with pytest.raises(LevelNotInProgram, match="县级"):
        gate.check_values(program, special_vouchers.receipt(DB, date(2026, 1, 9), "县级", COUNTY, "", 1))


def test_no_release_beyond_the_money(office: Special) -> None:
    """A roster above what the documents have is not released; what is released and not sent yet counts."""
    rows = roster_lines()
    office.release(office.take("roster", *rows[:2], user="zhang"))
    with pytest.raises(DocumentOverdrawn, match=r"可用 3,500\.00 元.*4,500\.00 元"):
        office.release(office.take("roster", rows[0], *rows[2:5], user="zhang"))
    office.post([special.receive(office.of("zhao"), DB, date(2026, 1, 9), "县级", COUNTY, "", "1000.00")])
    with office.unit() as work:
        given = release.release(work, someone("wang"), NOW, 2)
        work.commit()
    assert given.fen == 450000


def test_allowances_have_their_own_book(office: Special) -> None:
    """代发 rows of a fund's file are paid from the program's special book and never booked in the fund's; other programs' items are refused."""
    df = Fund("DF")
    office.open(df)
    office.post([special.receive(office.of("zhao"), df, date(2026, 1, 5), "县级", "县财〔2026〕5号", "", "900.00")])
    rows = [ROSTER, f"1,R,{NUMBERS[0]},甲1,基础养老金,2026-01,163.00,163.00,6228480000000000001,甲1"]
    rows += [f"{n},R,{NUMBERS[n - 1]},甲{n},村医补助,2026-01,300.00,300.00,622848000000000000{n},甲{n}" for n in (2, 3)]
    file = office.take("roster", *rows, user="zhang")
    roster = office.release(file, df)
    office.send(roster)
    office.bank_answers(roster)
    sent, returned = office.booked(roster)
    assert sent.entry.event == "ZX11" and sorted(legs(returned)) == [("C0101", "D", 60000, "县财〔2026〕5号", ""), ("Z04", "C", 60000, "", "")]
    with office.unit() as work:
        old = rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY, file_id=file, kind=rosterbuild.ALLOWANCE).roster
        with pytest.raises(AllowanceNotFunds):
            list(proposals._roster_entries(work.connection, old, SimpleNamespace(), None, set()))  # type: ignore[arg-type]
    with pytest.raises(UnknownItem):
        office.release(office.take("roster", ROSTER, f"1,低保,{NUMBERS[0]},甲1,基础养老金,2026-01,1.00,1.00,6228480000000000001,甲1", user="zhang"))
    assert [one.text for one in verify_store(office.office) if not one.ok and "专账" in one.code] == []


def test_a_tampered_special_book_is_found(office: Special) -> None:
    """Past every guard, a document's money moved to another document, or an event of another program, is found by verify."""
    engine = office.office.engine
    with engine.begin() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        number = book_of(connection, DB).book_id
        connection.exec_driver_sql(f"UPDATE shebao_entry SET event = 'ZX02' WHERE book_id = {number}")
    found = {one.code: one.text for one in verify_store(office.office) if not one.ok}
    assert "ZB6" in found["ZB 专账 DB"] and f"L3 内容 {DB.value}" in found


def test_both_doors_to_the_fiscal_flows(office: Special) -> None:
    """The quota is cancelled at the year's end and restored; money of unknown origin is parked and given back; a town's surplus is handed back."""
    made = [
        office.enter("ZX19", "2026-01-09", "9.00", "回单1", party="不明单位"), office.enter("ZX20", "2026-01-10", "9.00", "回单2", party="不明单位"),
        office.enter("ZX16", "2026-01-11", "100.00", "缴款书1", document=CENTRAL),
    ]  # fmt: skip
    office.post(made)
    assert [one.given_back for one in special.documents(office.of("zhao"), DB)] == [10000]
    checks = special.checks(office.of("zhao"), DB, JANUARY)
    assert not any(one.stops for one in checks)
