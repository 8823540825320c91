"""Personal records over a life: each figure from its rows and vouchers, gaps said, masks kept, readings recorded, papers proved again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from books.pdf.stamp import read_stamp
from books.person_record import PersonRecordPaper, RecordUntied
from controls import personchanges, trail
from controls.changecontent import Wanted
from controls.errors import NotAllowed
from controls.errors_persons import RevealNeedsReason
from controls.records.errors import NobodyThere, OtherBatch, RecordDay, StampUnreadable
from controls.registers import law as laws
from controls.registers import store
from ledger.funds import Fund
from ledger.months import Month
from ledger.person_records import lines
from shebao import record_batch, records
from shebao.record_facts import gather
from shebao.records import Asked
from shebao.store import use_templates
from shebao.verification import verify_paper
from tests.controls.payment_desk import someone
from tests.shebao.person_account_desk import number
from tests.shebao.record_desk import ASSESSOR, CLERK, DAY, DEAD, FARMER, NAMES, SECOND, WORKER, Lives, account_total, live, settled_year

KNOWN = date(2026, 11, 1)
MASKED, OWN = Asked(DAY, KNOWN), Asked(DAY, KNOWN, "own")
APRIL = Month(2026, 4)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """The three lives; for tests that only read."""
    made = Lives(tmp_path_factory.mktemp("lives") / "office")
    live(made)
    return made


@pytest.fixture
def lives(shared: Lives) -> Iterator[Lives]:
    """The shared office, with its reviewer signed in."""
    use_templates(shared.home / "templates")
    shared.office.actor = someone("li")
    yield shared
    shared.office.actor = someone("li")


def paper(lives: Lives, who: str, want: Asked = OWN) -> PersonRecordPaper:
    """A record without its reading."""
    with lives.office.reading() as connection:
        found = gather(connection, [lives.person(who)], want.as_of, want.known_on)[0]
        return records.paper(connection, found, want, "2026-11-01T09:00:00+08:00")


def section(made: PersonRecordPaper, title: str) -> list[tuple[int | str, ...]]:
    """Rows of one section."""
    return list(next(one.rows for one in made.sections if one.title.startswith(title)))


def test_a_farmer_with_premiums_paid_for_her(lives: Lives) -> None:
    """代缴 and subsidies by payer, her account by part, her pension with arrears, and the years nobody took in, each with its voucher."""
    made = paper(lives, FARMER)
    assert section(made, "缴费") == [
        ("城乡居保", "2026", "政府代缴", 10000), ("城乡居保", "2026", "县级缴费补贴", 1500), ("城乡居保", "2026", "省级缴费补贴", 3000),
    ]  # fmt: skip
    assert section(made, "计入月数") == [("城乡居保", "2026", 12, "按年缴费")]
    account = section(made, "个人账户")
    assert [row[2:5] for row in account] == [("个人缴费", 100000, 0), ("政府代缴", 50000, 10000), ("省级缴费补贴", 9000, 3000), ("县级缴费补贴", 0, 1500)]
    assert sum(int(row[-1]) for row in account) == account_total(lives, FARMER, APRIL) == 173500 + 0 - 2300 + 0
    benefits = section(made, "待遇")
    assert ("城乡居保", "2026", "基础养老金", 2, 16300, 33100, 500, 0) in benefits
    assert section(made, "缺失") == [("城乡居保", "2010—2025 年", "缴费", "未采集（建账以前逐笔未采集，只有期初余额）")]
    sources = next(one.sources for one in made.sections if one.title == "待遇")
    assert all(voucher.startswith("付-2026-0") for found in sources for voucher in found) and len(sources) == len(benefits)


def test_a_worker_whose_account_moved_between_schemes(lives: Lives) -> None:
    """Both sides of the transfer stand with key and counterpart; the account of one scheme ends nil, the other's holds it."""
    made = paper(lives, WORKER)
    moves = [(row[0], row[2], row[4], row[5]) for row in section(made, "期初、转移")]
    assert moves == [("职工养老", "转出", -64000, "E；衔接-7"), ("城乡居保", "转入", 64000, "E；衔接-7")]
    closing = {(row[0], row[2]): row[-1] for row in section(made, "个人账户")}
    assert closing == {("职工养老", "个人缴费"): 0, ("城乡居保", "个人缴费"): 40000, ("城乡居保", "转入"): 64000}
    assert [row[:3] for row in section(made, "计入月数")] == [("职工养老", "2026", 1), ("城乡居保", "2026", 1)]


def test_a_dead_mans_settlement(lives: Lives) -> None:
    """Death, what was overpaid, set off and paid, and an account that ends nil."""
    made = paper(lives, DEAD)
    assert [row[3] for row in section(made, "参保登记")] == ["参保", "领取", "死亡"]
    assert section(made, "死亡")[0][:4] == ("城乡居保", "死亡", "2026-02-20", 16300)
    assert {row[-1] for row in section(made, "个人账户")} == {0}
    assert [row[1:] for row in section(made, "缺失")][1:] == [
        ("2018-01—2025-12", "待遇发放", "未采集（建账以前逐笔未采集，只有期初余额）"), ("2026-01—2026-02", "待遇发放", "无记录"),
    ]  # fmt: skip
    paid = next(row for row in section(made, "个人账户") if row[2] == "个人缴费")
    assert (paid[3], paid[6]) == (80000, 80000)


def test_sums_tie_to_accounts_and_sub_ledgers(lives: Lives) -> None:
    """Contributions and payments of all records are the sub-ledgers' sums, and closings are the account pages'."""
    made = [paper(lives, who) for who in NAMES]
    with lives.office.reading() as connection:
        for name, title, column in (("contribution", "缴费", 3), ("payout", "待遇", 5)):
            booked = connection.execute(sa.text(f"SELECT SUM(amount_fen) FROM shebao_{name}")).scalar_one()
            assert booked == sum(int(row[column]) for one in made for row in section(one, title))
    closing = sum(int(row[-1]) for one in made for row in section(one, "个人账户") if row[0] == "城乡居保")
    assert closing == sum(account_total(lives, who, APRIL) for who in NAMES)


def test_an_earlier_day_tells_only_what_was_then(lives: Lives) -> None:
    """As of February no pension is paid, no transfer made; as known before the register learned anything nobody is there."""
    made = paper(lives, FARMER, replace(OWN, as_of=date(2026, 2, 28)))
    assert section(made, "待遇") == [] and [row[3] for row in section(made, "参保登记")] == ["参保"]
    assert section(paper(lives, WORKER, replace(OWN, as_of=date(2026, 2, 28))), "期初、转移") == []
    early = paper(lives, FARMER, Asked(DAY, date(2026, 1, 1), "own"))
    assert section(early, "参保登记") == [] and dict(early.identity)["姓名"] == "未采集"


def test_a_masked_copy_holds_nothing_in_full(lives: Lives, tmp_path: Path) -> None:
    """Neither file nor stamp of a masked record holds number or name; its paper proves itself; the reading is in the trail with its digest."""
    made, written = records.write(lives.office, lives.person(FARMER), MASKED, tmp_path)
    told = written.files[2].read_text(encoding="utf-8") + str(read_stamp(written.files[0])) + "".join(file.name for file in written.files)
    assert FARMER not in told and NAMES[FARMER] not in told and "6****" not in made.copy
    assert all(one.ok for one in verify_paper(lives.office, written.files[0]))
    with lives.office.reading() as connection:
        last = list(trail.lines(connection, thing=f"person:{lives.person(FARMER)}"))[-1]
    assert (last.act, last.digest) == ("record.read", written.digest)
    assert json.loads(written.files[2].read_text(encoding="utf-8"))["sections"][1]["rows"][0]["来源凭证"] == ["收-2026-01-0001"]


def test_the_own_copy_needs_a_reason_and_a_duty(lives: Lives, tmp_path: Path) -> None:
    """Without a reason SB3110, by a bookkeeper SB3001; with both the number stands in full and the paper proves itself."""
    person = lives.person(FARMER)
    with pytest.raises(RevealNeedsReason):
        records.one(lives.office, person, OWN)
    lives.office.actor = someone("zhao")
    with pytest.raises(NotAllowed):
        records.one(lives.office, person, OWN, "本人申请")
    lives.office.actor = someone("li")
    made, written = records.write(lives.office, person, OWN, tmp_path, "本人申请")
    assert dict(made.identity)["证件号码"] == FARMER and all(one.ok for one in verify_paper(lives.office, written.files[0]))


def test_a_changed_paper_is_noticed(lives: Lives, tmp_path: Path) -> None:
    """One changed byte breaks the layout's proof; a stamp that names no person or day is SB3313."""
    _, written = records.write(lives.office, lives.person(FARMER), MASKED, tmp_path)
    file = written.files[0]
    file.write_bytes(file.read_bytes().replace(b"%%EOF", b"%%EOG"))
    assert [one.ok for one in verify_paper(lives.office, file)] == [True, False, True]
    stamp = paper(lives, FARMER).stamp
    for wrong in ((("person", "P1"),), (*stamp.parameters[:-1], ("person", "P999")), (*stamp.parameters[:-1], ("person", "x"))):
        with pytest.raises(StampUnreadable):
            records.reprint(lives.office, replace(stamp, parameters=wrong))


def test_days_that_cannot_be(lives: Lives) -> None:
    """A day to come and a day before all books are SB3311."""
    for day in (date(2999, 1, 1), date(2020, 1, 1)):
        with pytest.raises(RecordDay):
            records.asked(lives.office, day, None, own=False)
    assert records.asked(lives.office, DAY, None, own=True).copy == "own"


def test_rows_that_do_not_make_the_account(lives: Lives) -> None:
    """A row too many, and the record is refused: SB4100."""
    with lives.office.reading() as connection:
        found = gather(connection, [lives.person(FARMER)], DAY, KNOWN)[0]
        twice = replace(found, contributions=(*found.contributions, found.contributions[0]))
        with pytest.raises(RecordUntied, match="记入"):
            records.paper(connection, twice, OWN, "x")


def test_two_numbers_only_by_decision(tmp_path: Path) -> None:
    """Records of two numbers are two until two people decide that they are one; then one paper holds both accounts, named by both records."""
    lives = Lives(tmp_path / "office")
    live(lives)
    lives.contribute("2026-04-20", {(SECOND, "own"): 30000})
    assert len(section(paper(lives, FARMER), "缴费")) == 3
    first, second = lives.person(FARMER), lives.person(SECOND)
    lives.hire(CLERK)
    with lives.unit() as work:
        now = "2026-04-21T09:00:00+08:00"
        asked = personchanges.request(
            work, lives.home, CLERK, now, Wanted("link", second, other_person=first), reason="同一人两条记录", evidence="户籍证明",
        )  # fmt: skip
        personchanges.review(work, lives.home, someone("li"), now, asked.change_id, accept=True)
        work.commit()
    assert len(section(paper(lives, FARMER, replace(OWN, known_on=date(2026, 4, 20))), "缴费")) == 3
    made = paper(lives, FARMER)
    assert ("城乡居保", "2026", "个人缴费", 30000) in section(made, "缴费") and dict(made.identity)["曾用号码、姓名"] == SECOND
    assert dict(made.identity)["人员编号"] == f"P{first}、P{second}（已登记为同一人）"


def test_registers_tell_transfers_and_recoveries(tmp_path: Path) -> None:
    """Rows of 应追回 and 转移接续 that name the person stand in the record from their day; others' do not."""
    lives = Lives(tmp_path / "office")
    live(lives)
    lives.hire(CLERK, ASSESSOR)
    claim = {
        "证件号码": DEAD, "姓名": NAMES[DEAD], "多发原因": "死亡后领取", "待遇类型": "基础养老金", "所属期起": "2026-03", "所属期止": "2026-03",
        "原支付年度": "2026", "应稽核金额": "163.00", "认定日期": "2026-04-20",
    }  # fmt: skip
    letter = {
        "方向": "转入", "转移种类": "跨统筹地区", "证件号码": WORKER, "姓名": NAMES[WORKER], "对方经办机构": "外县社保中心",
        "联系函号": "函1号", "联系函日期": "2026-04-02",
    }  # fmt: skip
    with lives.unit() as work:
        now = "2026-04-28T09:00:00+08:00"
        for name, given, actor in (("recoveries", claim, ASSESSOR), ("transfers", letter, CLERK)):
            law = laws.get(name)
            book = lives.book(Fund.E) if name == "transfers" else lives.book()
            store.add(work, now, actor, law, book, [store.read_payload(law, given)])
        work.commit()
    assert section(paper(lives, DEAD), "应追回")[0][5:] == (16300, 0, 0, 16300, "待通知")
    assert section(paper(lives, WORKER), "转移接续")[0][3:5] == ("外县社保中心", "函1号")
    assert section(paper(lives, WORKER), "应追回") == [] and section(paper(lives, FARMER), "转移接续") == []
    assert section(paper(lives, DEAD, replace(OWN, as_of=date(2026, 4, 10))), "应追回") == []


def test_a_settled_year_stands_by_part(tmp_path: Path) -> None:
    """A year with its interest shows opening, entered, interest and closing with the act; the months since follow on it."""
    lives = Lives(tmp_path / "office")
    settled_year(lives)
    made = paper(lives, FARMER, Asked(date(2027, 1, 31), KNOWN, "own"))
    rows = [row[1:] for row in section(made, "个人账户")]
    assert rows == [("2026 年", "个人缴费", 0, 20000, 0, 0, 600, 20600), ("2027-01—2027-01", "个人缴费", 20600, 0, 0, 0, 0, 20600)]
    assert paper(lives, FARMER, Asked(date(2026, 6, 30), KNOWN, "own")).sections[3].rows[0][-1] == 20000


def test_a_township_goes_on_where_it_stopped(lives: Lives, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the township has a paper; an interrupted run goes on; the whole is one record with count and digest; another batch is refused."""
    out = tmp_path / "东镇"
    real = records.paper

    def stops(*given: object, **more: object) -> PersonRecordPaper:
        if len(list(out.glob("*.pdf"))) == 1:
            raise KeyboardInterrupt
        return real(*given, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(records, "paper", stops)
        with pytest.raises(KeyboardInterrupt):
            record_batch.write(lives.office, Fund.R, "东镇", OWN, out, "年度寄送")
    with (out / record_batch.LIST).open("a", encoding="utf-8") as cut:
        cut.write('[2, "权')
    done = record_batch.write(lives.office, Fund.R, "东镇", OWN, out, "年度寄送")
    assert (done.persons, done.made, done.kept) == (3, 2, 1)
    again = record_batch.write(lives.office, Fund.R, "东镇", OWN, out, "年度寄送")
    assert (again.made, again.kept, again.digest) == (0, 3, done.digest)
    assert all(one.ok for file in out.glob("*.pdf") for one in verify_paper(lives.office, file))
    with lives.office.reading() as connection:
        acts = [one.act for one in trail.lines(connection, thing="persons:R:东镇")]
    assert acts == ["read.reveal", "read.reveal", "record.batch", "read.reveal", "record.batch"]
    with pytest.raises(OtherBatch):
        record_batch.write(lives.office, Fund.R, "东镇", MASKED, out)
    with pytest.raises(NobodyThere, match="无此镇"):
        record_batch.write(lives.office, Fund.R, "无此镇", MASKED, tmp_path / "x")
    (out / record_batch.LIST).write_text("不是清单\n", encoding="utf-8")
    with pytest.raises(OtherBatch):
        record_batch.write(lives.office, Fund.R, "东镇", OWN, out, "年度寄送")


def test_the_same_lookups_however_many_lines(tmp_path: Path) -> None:
    """A record asks the store as often with many rows of others as with few, and finds them by key."""
    lives = Lives(tmp_path / "office")
    live(lives)
    person = lives.person(FARMER)
    asked: list[str] = []
    sa.event.listen(lives.office.store, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def count() -> int:
        asked.clear()
        with lives.office.reading() as connection:
            records.paper(connection, gather(connection, [person], DAY, KNOWN)[0], MASKED, "x")
        return len(asked)

    few = count()
    lives.contribute("2026-04-21", {(number(place), "own"): 20000 for place in range(100, 600)})
    assert count() == few < 25
    with lives.office.reading() as connection:
        plan = sa.text("EXPLAIN QUERY PLAN " + lines._BOTH.replace(":books", "(1)").replace(":numbers", "('x')"))
        told = "\n".join(str(row) for row in connection.execute(plan, {"through": 202612}))
    assert "SCAN" not in told and "number=?" in told


def test_both_databases_tell_the_same(store_url: str, shared: Lives, tmp_path: Path) -> None:
    """The same life has the same record, figure by figure and source by source, on SQLite and on PostgreSQL; registers are found by key on both."""
    lives = Lives(tmp_path / "office", store_url)
    live(lives)
    lives.hire(ASSESSOR)
    use_templates(lives.home / "templates")
    for who in (FARMER, WORKER, DEAD):
        mine, theirs = paper(lives, who), paper(shared, who)
        assert (mine.identity, mine.sections, mine.said) == (theirs.identity, theirs.sections, theirs.said)
    claim = {
        "证件号码": DEAD, "姓名": NAMES[DEAD], "多发原因": "死亡后领取", "待遇类型": "基础养老金", "所属期起": "2026-03", "所属期止": "2026-03",
        "原支付年度": "2026", "应稽核金额": "163.00", "认定日期": "2026-04-20",
    }  # fmt: skip
    with lives.unit() as work:
        law = laws.get("recoveries")
        store.add(work, "2026-04-28T09:00:00+08:00", ASSESSOR, law, lives.book(), [store.read_payload(law, claim)])
        work.commit()
    assert section(paper(lives, DEAD), "应追回")[0][5:] == (16300, 0, 0, 16300, "待通知") and section(paper(lives, FARMER), "应追回") == []
