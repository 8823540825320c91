"""Registers in the store: rows entered by those whose duty it is, acts by name, corrections with a reason, earlier days as they stood."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from controls import trail
from controls.errors import NotAllowed
from controls.errors_payment import NoReason
from controls.register_tables import register_act
from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers import store
from controls.registers.errors import (
    ActRefused,
    BadField,
    ComputedRegister,
    FieldMissing,
    NoSuchRegister,
    NoSuchRow,
    NotSettled,
    RegisterDay,
    RegisterScope,
    RowExists,
    SecondPerson,
)  # fmt: skip
from ledger.db import UnitOfWork, reading
from ledger.errors import DatabaseRefusal, Refusal
from tests.controls.register_desk import (
    AUDITOR,
    BOOK,
    CLAIM,
    CLERK,
    HEAD,
    NOW,
    NUMBER,
    OTHER_AUDITOR,
    RELIEF,
    REVIEWER,
    TODAY,
    ZHAO,
    Desk,
    desk,
)  # fmt: skip

NOTICE = {"notice": "云社退〔2026〕1号", "notified_on": "2026-01-08", "due_on": "2026-02-08"}


def test_a_row_is_entered_acted_on_and_recorded(store_url: str) -> None:
    """C6: each act is kept whole, bound to the one before, and is one record of the trail by the person and duty that did it."""
    at = desk(store_url)
    at.add("应追回待遇台账", CLAIM, AUDITOR)
    at.do("recoveries", 1, "责令退回", HEAD, **NOTICE)
    row = at.row("recoveries")
    assert (row.state, row.on_day, row.act_no) == ("notified", "2026-01-08", 2)
    assert row.payload["claim"] == 60_000 and row.payload["notice"] == "云社退〔2026〕1号"
    with reading(at.engine) as connection:
        done = store.history(connection, row)
        told = [(one.act, one.actor, one.duty, one.digest) for one in trail.lines(connection, thing=row.thing)]
    assert [(one.act, one.previous) for one in done] == [("add", ""), ("notify", done[0].digest)]
    assert told == [("register.add", "feng", "AUDIT", done[0].digest), ("register.notify", "wang", "HEAD", done[1].digest)]


def test_an_earlier_day_is_as_it_stood(store_url: str) -> None:
    """A register of an earlier day shows the rows and states of that day; a correction stands from the day of what it corrects."""
    at = desk(store_url)
    at.add("recoveries", CLAIM, AUDITOR)
    at.do("recoveries", 1, "notify", HEAD, **NOTICE)
    assert at.sheet("recoveries", "state", "claim", as_of=date(2026, 1, 4)) == []
    assert at.sheet("recoveries", "state", "claim", as_of=date(2026, 1, 7)) == [("open", 60_000)]
    assert at.sheet("recoveries", "state", "claim", as_of=date(2026, 1, 8)) == [("notified", 60_000)]
    at.correct("recoveries", 1, AUDITOR, "少算一个月", claim="800")
    assert at.sheet("recoveries", "state", "claim", as_of=date(2026, 1, 8)) == [("notified", 80_000)]


RECEIPT = {"应追回行号": "1", "方式": "退款", "收款单据号": "1", "到账日期": "2026-01-09", "金额": "1", "收款账户": "1004"}
REFUSED: dict[str, tuple[Callable[[Desk], object], type[Refusal]]] = {
    "unknown register": (lambda at: at.add("没有", CLAIM, AUDITOR), NoSuchRegister),
    "not its duty": (lambda at: at.add("recoveries", CLAIM, ZHAO), NotAllowed),
    "bad amount": (lambda at: at.add("recoveries", CLAIM | {"应稽核金额": "六百"}, AUDITOR), BadField),
    "negative amount": (lambda at: at.add("recoveries", CLAIM | {"应稽核金额": "-1"}, AUDITOR), BadField),
    "no choice": (lambda at: at.add("recoveries", CLAIM | {"多发原因": "忘了"}, AUDITOR), BadField),
    "no field": (lambda at: at.add("recoveries", CLAIM | {"颜色": "红"}, AUDITOR), FieldMissing),
    "required": (lambda at: at.add("recoveries", CLAIM | {"姓名": ""}, AUDITOR), FieldMissing),
    "out of order": (lambda at: at.add("recoveries", CLAIM | {"所属期止": "2025-01"}, AUDITOR), RegisterDay),
    "ahead": (lambda at: at.add("recoveries", CLAIM, AUDITOR, date(2026, 2, 1)), RegisterDay),
    "computed": (lambda at: at.add("unpaid", {}, AUDITOR), ComputedRegister),
    "no parent": (lambda at: at.add("recovery-receipts", RECEIPT | {"应追回行号": "7"}, ZHAO), NoSuchRow),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_entered(store_url: str, case: str) -> None:
    """C5: an unknown register or field, a cell its field does not take, a missing one, a wrong day, a computed register, another's duty."""
    at = desk(store_url)
    act, refusal = REFUSED[case]
    with pytest.raises(refusal):
        act(at)


def test_the_refusal_names_the_field_and_hides_the_person(store_url: str) -> None:
    """SB3241: the message names register and field, says what to write, and masks an identity number."""
    at = desk(store_url)
    with pytest.raises(BadField, match="应追回待遇台账的“原支付年度”不能填“去年”：年度写作四位数字"):
        at.add("recoveries", CLAIM | {"原支付年度": "去年"}, AUDITOR)
    with pytest.raises(BadField) as wrong:
        at.add("recoveries", CLAIM | {"证件号码": NUMBER * 3}, AUDITOR)
    assert NUMBER not in str(wrong.value)


def test_one_matter_has_one_row(store_url: str) -> None:
    """SB3243: the same person, item, year and first month is one row, and the refusal says which."""
    at = desk(store_url)
    at.add("recoveries", CLAIM, AUDITOR)
    with pytest.raises(RowExists, match="第 1 行"):
        at.add("recoveries", CLAIM | {"应稽核金额": "1"}, OTHER_AUDITOR)


def test_acts_go_by_name_state_and_person(store_url: str) -> None:
    """SB3244, SB3253, SB3042: an act out of its state, fields it may not set, the same person twice where two are asked for, no reason."""
    at = desk(store_url)
    at.add("recoveries", CLAIM, AUDITOR)
    with pytest.raises(ActRefused, match="notify（责令退回）"):
        at.do("recoveries", 1, "agree", AUDITOR, agreement="协1")
    with pytest.raises(ActRefused, match="应稽核金额"):
        at.do("recoveries", 1, "notify", HEAD, **NOTICE, claim="1")
    with pytest.raises(FieldMissing, match="退回期限"):
        at.do("recoveries", 1, "notify", HEAD, notice="1", notified_on="2026-01-08")
    with pytest.raises(NotAllowed):
        at.do("recoveries", 1, "notify", AUDITOR, **NOTICE)
    with pytest.raises(SecondPerson, match="登记"):
        at.do("recoveries", 1, "close", AUDITOR)
    with pytest.raises(NoReason):
        at.correct("recoveries", 1, AUDITOR, " ", claim="1")
    with pytest.raises(NoSuchRow):
        at.do("recoveries", 9, "notify", HEAD, **NOTICE)


def test_a_claim_is_closed_when_nothing_is_left(store_url: str) -> None:
    """SB3245: 销号 needs posted recoveries or an approved write-off for the whole claim; a promise does not count."""
    at = desk(store_url)
    at.add("recoveries", CLAIM, AUDITOR)
    at.do("recoveries", 1, "notify", HEAD, **NOTICE)
    with pytest.raises(NotSettled, match=r"未追回还有 600\.00 元"):
        at.do("recoveries", 1, "close", OTHER_AUDITOR)
    at.do("recoveries", 1, "write_off", HEAD, written_off="600", write_off_document="云政批1号")
    assert at.do("recoveries", 1, "销号", OTHER_AUDITOR).state == "closed"
    with pytest.raises(ActRefused, match="reopen（重新立账）"):
        at.correct("recoveries", 1, AUDITOR, "还有", claim="700")
    at.do("recoveries", 1, "reopen", HEAD)
    assert at.correct("recoveries", 1, AUDITOR, "还有", claim="700").state == "notified"
    with reading(at.engine) as connection:
        law = laws.get("recoveries")
        key = store.read_payload(law, CLAIM)
        found = store.find(connection, law, 1, key)
        assert found is not None and found.row_no == 1 and store.find(connection, law, 1, key | {"paid_year": 2024}) is None


def test_relief_is_grouped_aged_and_due(store_url: str) -> None:
    """C14, C15: relief by class and month, what is deferred by its term; a term that nears is warned of, one that passed is late."""
    at = desk(store_url)
    at.add("relief", RELIEF, CLERK)
    at.add("relief", RELIEF | {"方式": "减半", "政策文件": "云人社发〔2025〕2号", "减免金额": "400", "缓缴金额": "", "缓缴期限": ""}, CLERK)
    at.do("relief", 1, "审核", REVIEWER)
    assert at.sheet("relief", "to_collect", "deferred_open") == [(0, 100_000), (60_000, 0)]
    with reading(at.engine) as connection:
        made = sheets.sheet(connection, laws.get("relief"), BOOK, TODAY, today=TODAY)
        assert sheets.grouped(made, ("size", "month")) == [
            (("小型企业", 202512), 2, {"payable": 200_000, "relieved": 40_000, "deferred": 100_000, "to_collect": 60_000, "deferred_open": 100_000})
        ]
        assert next((one.label, one.rows, one.fen) for one in sheets.ageing(made)) == ("30天以内", 1, 100_000)
        assert [(one.row_no, one.left) for one in sheets.due(made)] == [(1, -11)]
    at.do("relief", 1, "pay", ZHAO, deferred_paid="1000", paid_on="2026-01-31")
    assert at.do("relief", 1, "settle", REVIEWER).state == "settled"


def test_a_file_of_rows_is_one_step(store_url: str) -> None:
    """Many rows are entered together: one record of the trail over all their acts."""
    at = desk(store_url)
    law = laws.get("recoveries")
    many = [store.read_payload(law, CLAIM | {"所属期起": f"2025-0{month}"}) for month in range(1, 6)]
    with UnitOfWork(at.engine) as work:
        rows = store.add(work, NOW, AUDITOR, law, BOOK, many)
        work.commit()
    assert [row.row_no for row in rows] == [1, 2, 3, 4, 5]
    with reading(at.engine) as connection:
        told = list(trail.lines(connection, thing="register:1:recoveries:1-5"))
        acts = [act for row in rows for act in store.history(connection, row)]
    assert [json.loads(one.facts)["rows"] for one in told] == [5] and told[0].digest == store.acts_digest(acts)


def test_the_scope_is_the_files(store_url: str) -> None:
    """SB3252: a register of a book needs its book, and one of the unit takes none."""
    desk(store_url)
    with pytest.raises(RegisterScope):
        store.scope(laws.get("recoveries"), None)
    assert store.scope(laws.get("recoveries").model_copy(update={"keyed_by": "unit"}), BOOK) == store.UNIT


BACK_DOORS = {
    "UPDATE shebao_register_act SET reason = 'x'": "SB3246",
    "DELETE FROM shebao_register_act": "SB3246",
    "DELETE FROM shebao_register_row": "SB3246",
    "UPDATE shebao_register_row SET state = 'closed'": "SB3246",
    "UPDATE shebao_register_row SET row_no = 9, act_no = 2": "SB3246",
    "UPDATE shebao_register_row SET act_no = 2, state = 'closed'": "SB3246",
}


@pytest.mark.parametrize("statement", BACK_DOORS)
def test_the_database_keeps_what_was_done(store_url: str, statement: str) -> None:
    """SB3246: with Python out of the way no act is changed or taken away, and no row says other than its last act."""
    at = desk(store_url)
    at.add("recoveries", CLAIM, AUDITOR)
    with pytest.raises(DatabaseRefusal, match=BACK_DOORS[statement]), UnitOfWork(at.engine) as work:
        work.connection.exec_driver_sql(statement)


WRONG_ACTS = {
    "a gap": ({"act_no": 3}, "SB3246"),
    "not bound": ({"previous": "x"}, "SB3246"),
    "a row ahead": ({"row_no": 3, "act_no": 1, "act": "add", "previous": ""}, "SB3246"),
    "the future": ({"on_day": "2026-03-01"}, "SB3251"),
    "before the last": ({"on_day": "2025-01-01"}, "SB3251"),
    "no duty": ({"duty": "HEAD"}, "SB3001"),
    "the same person": ({"apart": ",add,"}, "SB3253"),
    "a state that does not follow": ({"state": "closed"}, "SB3244"),
    "an act of no file": ({"act": "vanish"}, "SB3244"),
    "a duty of another act": ({"duty": "HEAD", "actor": "wang"}, "SB3244"),
    "no book": ({"book_id": 9, "row_no": 1, "act_no": 1, "act": "add", "previous": ""}, "SB3252"),
}


@pytest.mark.parametrize("case", WRONG_ACTS)
def test_the_database_takes_only_the_next_act(store_url: str, case: str) -> None:
    """Guards of the store: acts in order and bound, by a duty in force, on a day that has come, by another where two are asked for."""
    at = desk(store_url)
    row = at.add("recoveries", CLAIM, AUDITOR)
    changed, code = WRONG_ACTS[case]
    values = {
        "book_id": 1, "register": "recoveries", "row_no": 1, "act_no": 2, "batch": 2, "act": "correct", "state": "open", "on_day": "2026-01-05",
        "payload": "{}", "reason": "x", "apart": "", "duty": "AUDIT", "actor": "feng", "at": NOW, "previous": row.digest, "digest": "d",
    } | changed  # fmt: skip
    with pytest.raises(DatabaseRefusal, match=code), UnitOfWork(at.engine) as work:
        work.connection.execute(register_act.insert().values(**values))


def test_two_rows_never_share_a_key(store_url: str) -> None:
    """SB3243: the guards refuse a key that another row has, however it is put in."""
    at = desk(store_url)
    first, second = at.add("recoveries", CLAIM, AUDITOR), at.add("recoveries", CLAIM | {"待遇类型": "个人账户养老金"}, AUDITOR)
    with pytest.raises(RowExists):
        at.correct("recoveries", 2, AUDITOR, "写错了", item="基础养老金")
    statement = sa.text("UPDATE shebao_register_row SET act_no = 2, row_key = (SELECT row_key FROM shebao_register_row WHERE row_no = 1) WHERE row_no = 2")
    with pytest.raises(DatabaseRefusal, match="SB3243"), UnitOfWork(at.engine) as work:
        work.connection.execute(statement)
    assert first.digest != second.digest
