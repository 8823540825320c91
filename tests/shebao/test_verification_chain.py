"""`shebao verify` of the payment chain: rosters, signatures, bank files, files taken in and grants are what the trail says."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from controls import comebacks, people, roster, signoff
from controls.duties import Duty
from ledger import accounts
from ledger.db import open_engine, sqlite_url
from shebao import evidence, evidence_payment
from shebao.proposals import from_roster
from shebao.store import Office
from shebao.verification import Result, verify_store
from tests.controls.payment_desk import DEAD, NOW, SHARED, desk, someone
from tests.granting import given
from tests.ledger.tamper import opened_copy
from tests.shebao.small_office import Small

BANK = "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号"


def work_a_payment(small: Small) -> None:
    """A roster paid, returned and booked with one failure and one payment that came back; a second one signed and sent back; grants changed."""
    paying = small.desk
    paying.take(pa.table({"line": pa.array([2], pa.int32()), "number": ["620821195001010090"]}), "deaths", "死亡.csv", "qian")
    number = paying.released(DEAD, SHARED)
    paying.send(number)
    drafts = from_roster(small.of("zhao"), number, "2026-01-16")
    paying.returned(number, paying.answer_of_bank(number, 2))
    drafts += from_roster(small.of("zhao"), number, None)
    small.take("bank", BANK, "6200002,2026-01-20,退汇,,183.01,183.01,B1")
    with small.unit() as work:
        comebacks.record(work, small.home, someone("zhao"), NOW, number, 1, date(2026, 1, 20), "账户注销")
        work.commit()
    small.posted(drafts + from_roster(small.of("zhao"), number, None))
    with small.unit() as work:
        people.add(work, NOW, someone("wu"), people.NewPerson("he", "何新", (), "correct horse battery"))
        given(work, NOW, "he", Duty.REVIEW, date(2026, 2, 1), date(2026, 6, 1))
        given(work, NOW, "li", Duty.HEAD, date(2026, 1, 15))
        people.take_away(work, NOW, someone("zheng"), "li", Duty.HEAD)
        work.commit()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The office after that work."""
    small = Small(tmp_path_factory.mktemp("good") / "office")
    work_a_payment(small)
    small.office.engine.dispose()
    return small


def broken(results: list[Result]) -> list[str]:
    return [f"{result.code}: {result.text}" for result in results if not result.ok]


def after(good: Small, target: Path, *statements: str) -> list[str]:
    """What verify says of a copy in which the statements were run, with the guards laid again."""
    if not target.exists():
        shutil.copytree(good.home, target)
    (target / "shebao.db").unlink()
    opened_copy(good.home / "shebao.db", target / "shebao.db", *statements, rearmed=True).dispose()
    office = Office(target)
    try:
        return broken(verify_store(office))
    finally:
        office.engine.dispose()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the copies are laid."""
    return tmp_path_factory.mktemp("copies") / "office"


def test_a_payment_proves_itself(good: Small) -> None:
    """C1-C3, C6: an honest month of paying proves itself, and each proof says what it looked at."""
    results = verify_store(good.office)
    assert broken(results) == []
    said = {result.code: result.text for result in results}
    assert said["C2 签字 R"] == "1 份花名册的内容与签字留痕相符，其中已放行 1 份均由三人签字"
    assert said["C3 发放 R"] == "送盘 732.12 元等于放行，其中付成 549.10 元与回盘文件相符；2 张发放凭证的明细与回盘相符"
    assert said["C2 签字 E"].startswith("0 份") and said["C3 发放 E"].startswith("送盘 0.00 元")
    assert said["C1 授权"] == "12 名用户、13 项授权与留痕相符"
    assert said["C6 导入登记"].endswith("个文件的登记与导入留痕相符")


def test_a_payment_proves_itself_on_both_databases(store_url: str, tmp_path: Path) -> None:
    """C2, C3: the proofs hold on PostgreSQL as on SQLite."""
    office = desk(store_url, tmp_path / "home")
    number = office.released(DEAD, SHARED)
    office.send(number)
    office.returned(number, office.answer_of_bank(number, 2))
    with office.engine.connect() as connection:
        (book,) = accounts.books(connection)
        assert evidence_payment.signing(connection, book).startswith("1 份花名册")
        assert evidence_payment.paying(connection, book, office.home).startswith("送盘 732.12 元等于放行，其中付成 549.10 元")
        assert evidence.grants(connection).startswith("11 名用户、11 项授权")
        assert evidence.source_files(connection).startswith("2 个文件")


def forged(good: Small) -> list[str]:
    """One account changed, its line's digest and the content digest made anew everywhere but in the trail."""
    work = good.home.parent / "forging.db"
    with open_engine(sqlite_url(good.home / "shebao.db")).connect() as connection:
        first, *_ = roster.lines(connection, roster.get(connection, 1))
    digest = roster.line_digest(first._replace(account="6228480000000099999"))
    line = f"UPDATE shebao_roster_line SET account = '6228480000000099999', digest = '{digest}' WHERE seq = 1"
    with opened_copy(good.home / "shebao.db", work, line).connect() as connection:
        now = signoff.content(connection, roster.get(connection, 1)).digest
    return [line, f"UPDATE shebao_signature SET digest = '{now}'", f"UPDATE shebao_release SET digest = '{now}'"]


def test_a_forged_account_is_noticed(good: Small, target: Path) -> None:
    """C2: lines, signatures and release rewritten together are reported, for the trail has the digest that was signed."""
    said = after(good, target, *forged(good))
    assert [line for line in said if line.startswith("C2 签字 R") and "SB3034" in line and "与留痕不符" in line]
    assert [line for line in said if line.startswith("C3 发放 R")]


PASSED_OFF = {
    "UPDATE shebao_source_file SET parquet_sha256 = 'x' WHERE contract = 'bank'": "C6 导入登记: 文件 4与留痕不符：快照摘要",
    "UPDATE shebao_source_file SET control_fen = control_fen + 1 WHERE file_id = 4": "C6 导入登记: 文件 4与留痕不符：控制合计",
    "DELETE FROM shebao_source_file WHERE file_id = 4": "C6 导入登记: 文件 4在登记中没有",
    "UPDATE shebao_grant SET duty = 'CASHIER' WHERE user_id = 'zhao'": "C1 授权: 用户 zhao 的岗位与留痕不符：BOOKKEEP 自 2026-01-02、CASHIER 自 2026-01-02",
    "UPDATE shebao_grant SET valid_to = '' WHERE user_id = 'li' AND duty = 'HEAD'": "C1 授权: 用户 li 的岗位与留痕不符：HEAD 自 2026-01-15",
    "INSERT INTO shebao_grant SELECT 'he', duty, valid_from, '', granted_by, granted_at FROM shebao_grant WHERE user_id = 'wang'": "用户 he 的岗位与留痕不符",
    "UPDATE shebao_user SET password_hash = (SELECT password_hash FROM shebao_user WHERE user_id = 'he') WHERE user_id = 'wang'": "wang与留痕不符：口令摘要",
    "INSERT INTO shebao_user SELECT 'thief', name, password_hash, created_at, created_by, '', 0, '' FROM shebao_user LIMIT 1": "用户 thief在留痕中没有",
    "DELETE FROM shebao_roster": "花名册与编制留痕对不上：roster:1",
    "UPDATE shebao_bank_line SET account = 'x' WHERE bank_seq = 3": "C3 发放 R: 花名册 1 的付款行与签字的花名册不符（序号 3）",
    "DELETE FROM shebao_bank_line WHERE bank_seq = 4": "C3 发放 R: 花名册 1 的付款行与签字的花名册不符（序号 4）",
    "UPDATE shebao_bank_result SET ok = 1 - ok WHERE bank_seq IN (2, 3)": "C3 发放 R: 花名册 1 的回盘结果与回盘文件不符（序号 2）",
    "UPDATE shebao_hold SET seq = 4 WHERE seq = 3": "SB3034",
    "DELETE FROM shebao_comeback": "花名册 1 的退票与留痕不符",
    "UPDATE shebao_payout SET number = number || 'x' WHERE source_id = 1000": "C3 发放 R",
    "UPDATE shebao_entry SET authority = '花名册 2 放行' WHERE event = 'P2b'": "C3 发放 R: 凭证序号 2 不是依据已回盘的花名册",
}


@pytest.mark.parametrize("statement", PASSED_OFF)
def test_what_differs_is_named(good: Small, target: Path, statement: str) -> None:
    """C1-C3, C6: verify names the file, the person or the roster, and what of it differs from the trail."""
    said = after(good, target, statement)
    assert [line for line in said if PASSED_OFF[statement] in line], said
