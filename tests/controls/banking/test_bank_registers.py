"""Registers of bank accounts and receipts: opened and closed by two, the layout of the 支出户 is what a batch is made in, numbers without gaps."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from controls.banking import accounts, layouts
from controls.duties import Actor
from controls.registers import law as laws
from controls.registers import store
from controls.registers.errors import ActRefused
from controls.registers.sheet import computed
from controls.registers.store import Row
from controls.tables import grant, user
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from tests.controls.register_desk import Desk, desk
from tests.controls.voucher_desk import BOOK, HAN, NOW, SUN, ZHAO

ACCOUNT = {
    "户别": "支出户", "银行账号": "6228480000000000999", "户名": "云岭县社保中心居保支出户", "开户行": "农商行", "开户批准文件": "云财社〔2026〕1号",
    "开户日期": "2026-01-02", "银行文件版式": "pipe-gbk",
}  # fmt: skip
RECEIPTS = {
    "票据种类": "资金往来结算票据", "本号": "B1", "起号": "1001", "止号": "1025", "份数": "25", "领用日期": "2026-01-02", "领自": "县财政局",
    "保管使用人": "周出纳",
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office on SQLite, with a cashier."""
    made = desk(f"sqlite:///{tmp_path_factory.mktemp('bank') / 'store.sqlite'}")
    with UnitOfWork(made.engine) as work:
        row = {"user_id": HAN.user, "duty": "CASHIER", "valid_from": "2026-01-01", "valid_to": "", "granted_by": "init", "granted_at": NOW}
        if work.connection.execute(sa.select(user.c.user_id).where(user.c.user_id == HAN.user)).first() is None:
            person = {"password_hash": "x", "created_at": NOW, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=HAN.user, name=HAN.name, **person))
        work.connection.execute(grant.insert().values(**row))
        work.commit()
    return made


def act(office: Desk, row: Row, word: str, given: dict[str, str], actor: Actor) -> Row:
    """A named act of a register of the book or of the unit."""
    with UnitOfWork(office.engine) as work:
        settled = computed(BOOK, date.fromisoformat(NOW[:10]))
        made = store.do(work, NOW, actor, row, word, store.read_payload(row.law, given), None, settled=settled)
        work.commit()
    return made


def test_the_layout_is_that_of_the_account_in_use(office: Desk) -> None:
    """An account counts once another person confirmed it, and no more once it is closed."""
    row = office.add("bank-accounts", ACCOUNT, ZHAO)

    def paying() -> tuple[str, str]:
        with office.engine.connect() as connection:
            found = accounts.paying(connection, BOOK.book_id)
            connection.rollback()
        return found

    assert paying() == ("", "")
    row = act(office, row, "confirm", {}, SUN)
    assert paying() == ("6228480000000000999", "pipe-gbk")
    act(office, row, "close", {"销户日期": "2026-01-31", "变更或销户文件": "云财社〔2026〕9号"}, SUN)
    assert paying() == ("", "")


def test_every_layout_can_be_chosen() -> None:
    """The register offers the very layouts that there are."""
    field = laws.get("bank-accounts").field("layout")
    assert field is not None and set(field.choices) == set(layouts.layouts())


def test_a_gap_in_the_numbers_keeps_a_book_open(office: Desk) -> None:
    """Used and spoiled sheets must lead to the next number; a book is finished only when nothing is left and nothing is missing."""
    row = office.add("receipts", RECEIPTS, ZHAO)
    row = act(office, row, "use", {"已用份数": "20", "作废份数": "1", "下一号": "1026", "使用登记日期": "2026-01-05"}, HAN)
    with pytest.raises(Refusal):
        act(office, row, "finish", {}, HAN)
    row = act(office, row, "use", {"已用份数": "24", "作废份数": "1", "下一号": "1026", "使用登记日期": "2026-01-06"}, HAN)
    row = act(office, row, "finish", {}, HAN)
    with pytest.raises(ActRefused):
        act(office, row, "use", {"已用份数": "24"}, HAN)
