"""`shebao verify` of the register of persons: every act, change and span is what the trail says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controls.changecontent import Wanted
from ledger.db import reading
from shebao import evidence_persons
from shebao.evidence import Broken
from tests.controls.person_desk import Register, account, register_desk, roster_account, status
from tests.ledger.person_store import number, row
from tests.ledger.tamper import opened_copy


def work(url: str, home: Path) -> Register:
    """A register with a load, changes of every kind, one refused and one waiting, and a roster that lists the accounts."""
    office = register_desk(url, home)
    office.load(row(11, "同名", former_name="旧名"), row(12, "同名"))
    office.changed(account(1, roster_account(1)))
    office.changed(account(2))
    office.changed(status(3, "suspended", "2026-02-01"), user="qian")
    office.changed(Wanted("number", 4, value=number(44), id_type="居民身份证"))
    office.changed(Wanted("name", 4, value="甲肆", from_on=date(2026, 1, 1)))
    office.changed(Wanted("link", 7, other_person=6))
    office.decide(office.ask(account(5)).change_id, accept=False, reason="户名不符")
    office.ask(account(5))
    office.desk.check(office.desk.build())
    return office


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of that office."""
    folder = tmp_path_factory.mktemp("register")
    office = work(f"sqlite:///{(folder / 'store.db').as_posix()}", folder / "home")
    office.desk.engine.dispose()
    return folder / "store.db"


def said(good: Path, target: Path, *statements: str) -> str:
    """What the proof says of a copy in which the statements were run; '' when it holds."""
    engine = opened_copy(good, target / "copy.db", *statements, rearmed=True)
    try:
        with reading(engine) as connection:
            evidence_persons.register(connection)
    except (Broken, ValueError) as broken:
        return str(broken)
    finally:
        engine.dispose()
    return ""


def test_a_register_proves_itself(store_url: str, tmp_path: Path) -> None:
    """C1, C6: an honest register proves itself on both databases."""
    office = work(store_url, tmp_path / "home")
    with reading(office.desk.engine) as connection:
        assert evidence_persons.register(connection) == "7 次登记的内容与留痕相符，8 份变更申请中 6 份由两人签字生效"


FORGED = {
    "UPDATE shebao_person_bank_account SET bank_account = '6228480000000000123' WHERE person_id = 2": "第 3 次登记（变更 2）的内容与留痕不符",
    "INSERT INTO shebao_person_bank_account SELECT 'R', 3, 1, bank_account, holder, relation, bank, from_on, to_on, 1 FROM shebao_person_bank_account "
    "WHERE person_id = 2": "第 1 次登记（文件 1）的内容与留痕不符",
    "INSERT INTO shebao_person_bank_account SELECT 'R', 3, 99, bank_account, holder, relation, bank, from_on, to_on, 1 FROM shebao_person_bank_account "
    "WHERE person_id = 2": "不属于任何一次登记",
    "UPDATE shebao_person_decision SET decided_by = 'chen' WHERE change_id = 2": "变更申请 2 的审核与留痕不符",
    "UPDATE shebao_person_decision SET decision = 'accepted' WHERE change_id = 7": "变更申请 7 的审核与留痕不符",
    "DELETE FROM shebao_person_decision WHERE change_id = 7": "变更申请 7 的审核与留痕不符",
    "DELETE FROM shebao_person_change WHERE change_id = 8": "登记簿与留痕对不上：person_change:8",
    "UPDATE shebao_person_change SET value = '6228480000000000123' WHERE change_id = 8": "变更申请 8 与留痕不符",
    "UPDATE shebao_person_knowledge SET reviewed_by = 'feng2' WHERE knowledge_no = 3": "第 3 次登记没有两人签字的变更申请",
    "UPDATE shebao_person_knowledge SET known_on = '2025-01-01' WHERE knowledge_no = 3": "次序不对",
    "UPDATE shebao_person_knowledge SET state = 'open' WHERE knowledge_no = 7": "没有完成",
    "DELETE FROM shebao_person_knowledge WHERE knowledge_no = 7": "不属于任何一次登记的内容（7）",
    "DELETE FROM shebao_person_status WHERE person_id = 5": "第 1 次登记（文件 1）的内容与留痕不符",
    "INSERT INTO shebao_person_name VALUES (5, 1, '乙', '乙', '2026-01-01', '9999-12-31', 0)": "第 1 次登记（文件 1）的内容与留痕不符",
    "UPDATE shebao_person_status SET from_on = '2009-06-01' WHERE person_id = 5 AND status = 'drawing'": "第 1 次登记（文件 1）的内容与留痕不符",
    "UPDATE shebao_person SET number = 'X1' WHERE person_id = 5": "第 1 次登记（文件 1）的内容与留痕不符",
    "UPDATE shebao_person_name SET name = '乙', name_norm = '乙' WHERE person_id = 4": "第 6 次登记（变更 5）的内容与留痕不符",
    "UPDATE shebao_person_link SET same_as = 1": "第 7 次登记（变更 6）的内容与留痕不符",
    "UPDATE shebao_roster_person_change SET change_id = 3 WHERE change_id = 1": "花名册 1 列出的账户变更与留痕不符",
}  # fmt: skip


@pytest.mark.parametrize("statement", FORGED)
def test_a_forged_register_is_named(good: Path, tmp_path: Path, statement: str) -> None:
    """C1, C6: with the guards out of the way and laid again, what was forged is named."""
    assert FORGED[statement] in said(good, tmp_path, statement)
