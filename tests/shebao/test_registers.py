"""Registers at the front door: worked cases with their vouchers, ties at closing, figures of the notes, set-offs by policy, rows from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controls import vouchers
from controls.registers import law as laws
from controls.registers import sheet, store, ties
from controls.registers.errors import NoVoucherDue, RegisterFile
from ledger import accounts
from ledger.db import reading
from ledger.errors import Refusal
from ledger.errors_posting import AlreadyBooked
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import ParameterUnset
from shebao.proofs import registers_tied
from shebao.proposals import from_subsidies
from shebao.registers import propose, take
from shebao.verification import verify_store
from tests.controls.payment_desk import someone
from tests.private_postgres import Cluster
from tests.shebao.register_cases import CASES, Case, actor, staffed
from tests.shebao.small_office import FOUNDED, JANUARY, Small, legs

SET_OFF = """document: 本单位的选择（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: set_off, from: 2018-01-01, value: 已取得财政部门书面意见, reference: 测试用假定}
"""


@pytest.mark.parametrize("file", CASES, ids=[file.stem for file in CASES])
def test_worked_cases(tmp_path: Path, file: Path) -> None:
    """F2, §8a: entered, acted on and booked as the case says; the register follows the posted vouchers, ties to the accounts, and the store proves itself."""
    small = staffed(tmp_path / "office")
    Case(small, file).run()
    wrong = [one for one in verify_store(small.office) if not one.ok and "C1" not in one.code]
    assert not wrong, wrong


@pytest.mark.parametrize("name", ["arrears", "confirmations", "instalments", "subsidies", "transfers"])
def test_worked_cases_on_the_other_database(tmp_path: Path, postgres: Cluster, name: str) -> None:
    """The same cases on PostgreSQL: what the ledger says of the rows is the same there."""
    database = f"registers_{name}"
    postgres.run(f"CREATE DATABASE {database} TEMPLATE template1")
    try:
        small = staffed(tmp_path / "office", postgres.url(database))
        case(small, name).run()
        small.office.engine.dispose()
    finally:
        postgres.run(f"DROP DATABASE {database} WITH (FORCE)")


def test_subsidies_from_a_file_are_received(tmp_path: Path) -> None:
    """到位 from the vouchers of a file of subsidies: by document, purpose and level; premiums paid by the government count for their own row, not for 4101."""
    small = staffed(tmp_path / "office")
    at = case(small, "subsidies")
    row = {"指标文号": "财社〔2026〕2号", "发文日期": "2026-01-05", "级次": "省级", "补助年度": 2026, "应补金额": 900}
    at.add("subsidies", {"by": "赵会计", "set": row | {"用途": "缴费补贴", "性质": "财政补贴"}}, "")
    at.add("subsidies", {"by": "赵会计", "set": row | {"用途": "困难群体代缴", "性质": "政府代缴"}}, "")
    head = "险种,级次,指标文号,用途,金额,到账日期"
    lines = ["城乡居民养老,省级,财社〔2026〕2号,缴费补贴,300.00,2026-01-20", "城乡居民养老,省级,财社〔2026〕2号,困难群体代缴,500.00,2026-01-21"]
    small.posted(from_subsidies(small.of("zhao"), small.take("subsidies", head, *lines)))
    with reading(small.office.engine) as connection:
        made = sheet.sheet(connection, laws.get("subsidies"), at.book, date.max, today=date.max)
        assert made.column("received") == [30_000, 50_000] and made.column("short") == [60_000, 40_000]
        assert [(one.mine, one.ledger) for one in ties.ties(connection, at.book, JANUARY)] == [(30_000, 30_000)]


def test_money_entered_by_hand_finds_its_document(tmp_path: Path) -> None:
    """C6 by hand names paper and level, whatever brackets were typed; what came in whole is due no more; what came before the books, in its year."""
    small = staffed(tmp_path / "office")
    at = case(small, "subsidies")
    row = {"指标文号": "财社〔2026〕3号", "发文日期": "2026-01-05", "补助年度": 2026, "应补金额": 900, "应到位日期": "2026-01-10"}
    row |= {"性质": "政府代缴", "用途": "困难群体代缴"}
    for level in ("省级", "县级"):
        at.add("subsidies", {"by": "赵会计", "set": row | {"级次": level}}, "")
    small.posted([small.enter("C6", "2026-01-22", "900.00", "财社[2026] 3号", details={"level": "省级"})])
    with reading(small.office.engine) as connection:
        made = sheet.sheet(connection, laws.get("subsidies"), at.book, date(2026, 1, 31), today=date(2026, 1, 31))
        assert made.column("received") == [90_000, 0]
        assert [(one.row_no, one.left) for one in sheet.due(made)] == [(2, -21)]
    at.add("subsidies", {"by": "赵会计", "set": row | {"级次": "市级", "建账前到位": 100}}, "")
    with reading(small.office.engine) as connection:
        for year, wanted in ((2026, [90_000, 0, 10_000]), (2027, [0, 0, 0])):
            made = sheet.sheet(connection, laws.get("subsidies"), at.book, date(year, 12, 31), today=date(year, 12, 31))
            assert made.column("received_year") == wanted and made.column("received")[2] == 10_000


def case(small: Small, name: str) -> Case:
    """One of the cases' files, to be taken apart."""
    return Case(small, next(file for file in CASES if file.stem == name))


CLAIM = {
    "证件号码": "620821195001011017", "姓名": "甲一", "多发原因": "死亡后领取", "待遇类型": "基础养老金", "所属期起": "2026-01", "所属期止": "2026-01",
    "原支付年度": "2026", "应稽核金额": "600", "认定日期": "2026-01-05",
}  # fmt: skip


def _set_offs(small: Small) -> None:
    """Two claims, of this year and of the year before, each set off against the balance of the account."""
    at = case(small, "instalments")
    at.add("recoveries", {"by": "冯稽核", "set": CLAIM}, "")
    at.add("recoveries", {"by": "冯稽核", "set": CLAIM | {"原支付年度": "2025", "所属期起": "2025-12", "所属期止": "2025-12"}}, "")
    for row in (1, 2):
        given = {"应追回行号": row, "抵扣协议或通知": f"抵{row}", "抵扣日期": "2026-01-20", "抵扣的待遇类型": "个人账户养老金"}
        given |= {"该待遇应发": 2480, "抵扣金额": 600}
        at.add("set-offs", {"by": "马核定", "set": given}, "")
        if row == 1:
            with pytest.raises(NoVoucherDue, match="还没有要制证的办理"):
                propose(small.of("zhao"), laws.get("set-offs"), "R", 1)
        at.act(f"set-offs {row} 审核", {"by": "李股长"}, "")


def test_a_set_off_wants_the_finance_departments_word(tmp_path: Path) -> None:
    """SB1031: P10 has no paragraph of its own; without the office's dated choice nothing is proposed."""
    small = staffed(tmp_path / "office")
    _set_offs(small)
    with pytest.raises(ParameterUnset):
        propose(small.of("zhao"), laws.get("set-offs"), "R", 1)


def test_a_set_off_is_grossed_up(tmp_path: Path) -> None:
    """P10: the new benefit gross, the overpaid one of this year credited to its detail, of an earlier year to 4501, the rest paid; posted, it counts."""
    small = staffed(tmp_path / "office")
    (small.home / "templates" / "parameters" / "set-off.yaml").write_text(SET_OFF, encoding="utf-8")
    _set_offs(small)
    this, earlier = (propose(small.of("zhao"), laws.get("set-offs"), "R", row)[0] for row in (1, 2))
    assert [leg[1:] for leg in legs(this)] == [("D", 248_000), ("C", 60_000), ("C", 188_000)] and legs(this)[1][0].startswith("5001")
    assert legs(earlier)[1][0].startswith("4501") and legs(earlier)[1][2] == 60_000
    with small.unit() as work:
        made = [vouchers.make(work, small.office.now(), someone("zhao"), one.book_id, one.voucher_id) for one in (this, earlier)]
        work.commit()
    small.enter("P1", "2026-01-02", "9000", "拨款1")
    small.posted(made)
    with reading(small.office.engine) as connection:
        claims = sheet.sheet(connection, laws.get("recoveries"), accounts.book_of(connection, Fund.R), date.max, today=date.max)
        assert claims.column("set_off") == [60_000, 60_000] and claims.column("open") == [0, 0]


def test_a_set_off_in_medical_insurance_keeps_to_its_pool(tmp_path: Path) -> None:
    """P10 of 职工医保: this year's claim goes back to its own detail of 5001, an earlier one to 4501 of its pool; without a pool it is refused (SB1024)."""
    small = staffed(tmp_path / "office", funds=(Fund.ME,))
    (small.home / "templates" / "parameters" / "set-off.yaml").write_text(SET_OFF, encoding="utf-8")
    with reading(small.office.engine) as connection:
        book = accounts.book_of(connection, Fund.ME)
    medical = CLAIM | {"多发原因": "资格不符", "待遇类型": "统筹住院费用"}
    last_year = {"原支付年度": "2025", "所属期起": "2025-12", "所属期止": "2025-12"}
    pooled, later = {"统筹或个人账户": "统筹基金"}, {"所属期起": "2026-02", "所属期止": "2026-02"}
    claims = (medical | pooled, medical | last_year | pooled, medical | later)
    set_offs = laws.get("set-offs")
    for row, claim in enumerate(claims, start=1):
        given = {"应追回行号": str(row), "抵扣协议或通知": f"抵{row}", "抵扣日期": "2026-01-20", "抵扣的待遇类型": "统筹住院费用"}
        given |= {"该待遇应发": "2480", "抵扣金额": "600"}
        with small.unit() as work:
            store.add(work, FOUNDED, actor("冯稽核"), laws.get("recoveries"), book, [store.read_payload(laws.get("recoveries"), claim)], date(2026, 1, 2))
            added = store.add(work, FOUNDED, actor("马核定"), set_offs, book, [store.read_payload(set_offs, given)], date(2026, 1, 2))[0]
            store.do(work, FOUNDED, actor("李股长"), added, "approve", {})
            work.commit()
    this, earlier = (propose(small.of("zhao"), set_offs, "ME", row)[0] for row in (1, 2))
    assert [leg[1:] for leg in legs(this)] == [("D", 248_000), ("C", 60_000), ("C", 188_000)]
    assert {leg[0] for leg in legs(this)[:2]} == {"50010101"} and legs(earlier)[1][0].startswith("4501")
    with pytest.raises(Refusal, match="pool"):
        propose(small.of("zhao"), set_offs, "ME", 3)


def test_one_act_gives_one_voucher(tmp_path: Path) -> None:
    """SB3250, L11: what is proposed is not proposed again; a memo register and a receipt booked elsewhere call for none; a receipt is one paper."""
    small = staffed(tmp_path / "office")
    at = case(small, "instalments")
    at.add("recoveries", {"by": "冯稽核", "set": CLAIM}, "")
    given = {"应追回行号": 1, "方式": "扣回", "收款单据号": "回单1", "到账日期": "2026-01-18", "金额": 200, "收款账户": "1004"}
    at.add("recovery-receipts", {"by": "赵会计", "set": given}, "")
    at.add("recovery-receipts", {"by": "赵会计", "set": given | {"收款单据号": "回单2", "已有凭证": "3-9"}}, "")
    law = laws.get("recovery-receipts")
    assert [draft.state for draft in propose(small.of("zhao"), law, "R", 1)] == ["proposed"]
    for name, row, why in (("recovery-receipts", 1, "已经提出"), ("recovery-receipts", 2, "已写明凭证"), ("recoveries", 1, "不制证")):
        with pytest.raises(NoVoucherDue, match=why):
            propose(small.of("zhao"), laws.get(name), "R", row)
    with pytest.raises(AlreadyBooked):
        small.enter("P6", "2026-01-19", "1", "回单1", details={"item": "基础养老金"})


def test_ties_stand_in_the_checklist_and_figures_in_the_notes(tmp_path: Path) -> None:
    """K19, K14, 附注: registers in use are compared at closing; the notes take relief, deferral and open claims; what is not kept says nothing."""
    small = staffed(tmp_path / "office")
    at = case(small, "deposits")
    with reading(small.office.engine) as connection:
        assert registers_tied(connection, at.book, JANUARY) == [] and ties.figures(connection, at.book, JANUARY) == {}
    at.run()
    at.add("recoveries", {"by": "冯稽核", "set": CLAIM}, "")
    with reading(small.office.engine) as connection:
        found = registers_tied(connection, at.book, Month(2026, 2))
        assert [(one.code, one.ok) for one in found] == [("K19", True), ("K19", True)]
        assert ties.figures(connection, at.book, Month(2026, 2)) == {"recovery": 60_000}


def test_transfers_clocks_refuse_to_run_unset(tmp_path: Path) -> None:
    """SB1031: the terms of a transfer are the office's to set; until then its clock is refused and not guessed."""
    small = staffed(tmp_path / "office")
    at = case(small, "transfers")
    at.run()
    with reading(small.office.engine) as connection, pytest.raises(ParameterUnset):
        sheet.due(sheet.sheet(connection, laws.get("transfers"), at.book, date(2026, 1, 31), today=date.max))


def test_a_file_is_entered_whole_or_not_at_all(tmp_path: Path) -> None:
    """SB3249: every faulty line is named with its field; a sound file is entered in one step, and not a second time."""
    small = staffed(tmp_path / "office")
    file = small.folder / "欠费.csv"
    head = "单位代码,单位名称,所属期,欠费金额,缴费期限"
    file.write_text(f"{head}\n91620821MA7123456X,砖厂,2025-11,一千,2025-12-15\n91620821MA7123456X,砖厂,,10,2025-12-15\n", encoding="utf-8")
    law = laws.get("arrears")
    small.office.actor = actor("许登记")
    with pytest.raises(RegisterFile, match=r"第 2 行“欠费金额”.*第 3 行缺“所属期”"):
        take(small.office, law, "E", file, None, {})
    file.write_text(f"{head},颜色\n", encoding="utf-8")
    with pytest.raises(RegisterFile, match="没有栏目“颜色”"):
        take(small.office, law, "E", file, None, {})
    file.write_text(f"{head}\n91620821MA7123456X,砖厂,2025-11,1000,2025-12-15\n91620821MA7123456X,砖厂,2025-12,500.5,2026-01-15\n", encoding="utf-8")
    assert [row.row_no for row in take(small.office, law, "E", file, None, {})] == [1, 2]
    with reading(small.office.engine) as connection:
        book = accounts.book_of(connection, Fund.E)
        assert sheet.sheet(connection, law, book, date.max, today=date.max).total("amount") == 150_050


def test_a_recoveries_file_becomes_receipts(tmp_path: Path) -> None:
    """Rows of 追回与扣回 taken in are receipts of the claim of the same person and months; one that fits no claim keeps the file out."""
    small = staffed(tmp_path / "office")
    at = case(small, "instalments")
    at.add("recoveries", {"by": "冯稽核", "set": CLAIM}, "")
    head = "证件号码,险种,所属期起,所属期止,金额,方式,到账日期,凭证号"
    good = small.take("recoveries", head, "620821195001011017,城乡居民养老,2026-01,2026-01,200.00,退款,2026-01-18,回单1")
    bad = small.take("recoveries", head, "620821195001011017,城乡居民养老,2024-01,2024-02,200.00,退款,2026-01-18,回单2", name="错.csv")
    law = laws.get("recovery-receipts")
    small.of("zhao")
    with pytest.raises(RegisterFile, match="没有对应的应追回待遇"):
        take(small.office, law, "R", None, bad, {"收款账户": "1004"})
    made = take(small.office, law, "R", None, good, {"收款账户": "1004"})
    assert [(row.payload["claim"], row.payload["amount"], row.payload["receipt"]) for row in made] == [(1, 20_000, "回单1")]
