"""`shebao verify`: a good store proves itself, and no column of the ledger can be changed behind its back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controls import vouchers
from ledger import chain
from ledger.db import open_engine, reading, sqlite_url
from ledger.entries import Line, Side, contribution_digest, dimension, payout_digest
from shebao import migrate
from shebao.cli import run
from shebao.store import Office, write_settings
from shebao.verification import Result, verify_store
from tests.controls import voucher_desk
from tests.controls.voucher_desk import FEBRUARY, JANUARY, ZHAO, founded, furnished, received
from tests.ledger.tamper import opened_copy

ROWS = [("1", "基础养老金", 202601, 60, "50010101"), ("2", "基础养老金", 202601, 40, "50010101")]

CONTRIBUTED = [("1", "own", 202602, 200, "400101"), ("2", "own", 202602, 100, "400101")]


def work_a_month(desk: voucher_desk.Office) -> None:
    """January with interest, a payout and its closing; February with one voucher booked, one with contributions, one on the desk, one sent back."""
    with_axis = (Line("100301", Side.D, 400, dimension(bank_account="01"), "备注"), Line("1004", Side.D, 100), Line("4201", Side.C, 500))
    desk.booked(replace(received(500, "a"), lines=with_axis, documents=("回单:1", "回单:2")))
    lines = (Line("50010101", Side.D, 100), Line("1004", Side.C, 100))
    paid = replace(received(100, "b", event="P2"), lines=lines, payout_source=5, payout_count=2, payout_fen=100, payout_digest=payout_digest(ROWS))
    draft = desk.propose(paid)
    desk.make(draft)
    desk.review(draft)
    desk.sign(draft)
    desk.step(vouchers.post, ZHAO, 1, draft.voucher_id, lambda connection, book_id, source: ROWS)
    desk.closed(JANUARY)
    desk.booked(received(7, "c", month=FEBRUARY))
    contributed = replace(received(300, "f", account="1005", income="400101", month=FEBRUARY, event="C1"), contribution_source=8, contribution_count=2,
                          contribution_fen=300, contribution_digest=contribution_digest(CONTRIBUTED))  # fmt: skip
    draft = desk.propose(contributed)
    desk.make(draft)
    desk.review(draft)
    desk.step(vouchers.post, ZHAO, 1, draft.voucher_id, contributions=lambda connection, book_id, source: CONTRIBUTED)
    desk.propose(received(8, "d", month=FEBRUARY))
    desk.reject(desk.propose(received(9, "e", month=FEBRUARY)))


def office_at(home: Path, url: str) -> Office:
    """An office of those days in ``home``."""
    write_settings(home, url, code="U1", name="云岭县社会保险事业服务中心", region="620821")
    office = Office(home)
    migrate.upgrade(office.engine)
    founded(office.engine)
    work_a_month(furnished(office.engine))
    office.engine.dispose()
    return office


def broken(results: list[Result]) -> list[str]:
    return [f"{result.code}: {result.text}" for result in results if not result.ok]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of a good store."""
    file = tmp_path_factory.mktemp("good") / "shebao.db"
    office_at(file.parent / "office", sqlite_url(file))
    return file


@pytest.fixture
def copies(tmp_path: Path, good: Path) -> Iterator[Office]:
    """An office whose database is whatever lies at ``copy.db``."""
    write_settings(tmp_path / "office", sqlite_url(tmp_path / "copy.db"), code="U1", name="云岭县", region="620821")
    yield Office(tmp_path / "office")


def after(office: Office, good: Path, *statements: str, rearmed: bool = True) -> list[str]:
    """What verify says of a copy in which the statements were run; the guards are laid again, so that they give nothing away."""
    file = Path(office.engine.url.database or "")
    file.unlink(missing_ok=True)
    opened_copy(good, file, *statements, rearmed=rearmed).dispose()
    return broken(verify_store(office))


def test_a_good_store_proves_itself(store_url: str, tmp_path: Path) -> None:
    """L1-L11 and C6 hold after a month of work, on both databases, each with what was looked at."""
    results = verify_store(office_at(tmp_path / "office", store_url))
    assert broken(results) == []
    said = {result.code: result.text for result in results}
    assert said["L1 平衡 R"] == "5 张凭证逐张借贷相等"
    assert said["L3 内容 R"] == "5 张凭证内容与摘要相符，逐人明细 4 笔相符"
    assert said["L5 期间 R"] == "2 个会计期间的状态与留痕相符"
    assert {code.split()[0] for code in said} >= {"L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "C6", "守护规则", "快照文件"}


SLIPPED_IN = {
    "a unit's book": "INSERT INTO shebao_book VALUES (2, 'U1', 'E', 'toy', 'x', 202601)",
    "an account": "INSERT INTO shebao_account VALUES (1, '9999', 'x', 'x', 'D', 'asset', '', 1, 'toy', '2018-01-01', '')",
    "a month": "INSERT INTO shebao_period VALUES (1, 202603, 'open')",
    "a seal": "INSERT INTO shebao_seal VALUES (1, 99)",
    "a header": "INSERT INTO shebao_entry SELECT book_id, 99, period, kind, number + 2, day, recorded_at, event, summary, attachments, maker, reviewer, "
    "poster, authority, 'zz', closing, corrects, line_count, debit_fen, NULL, 0, 0, '', NULL, 0, 0, '', digest FROM shebao_entry WHERE entry_id = 4",
    "two lines": "INSERT INTO shebao_line VALUES (1, 4, 3, '100301', 'D', 5, '', ''), (1, 4, 4, '4201', 'C', 5, '', '')",
    "a payout": "INSERT INTO shebao_payout VALUES (1, 5, '3', 'x', 202601, 0, '50010101')",
    "a stray payout": "INSERT INTO shebao_payout VALUES (1, 6, '3', 'x', 202601, 9, '50010101')",
    "a payout in no book": "INSERT INTO shebao_payout VALUES (7, 6, '3', 'x', 202601, 9, '50010101')",
    "a contribution": "INSERT INTO shebao_contribution VALUES (1, 8, '3', 'x', 202602, 0, '400101')",
    "a stray contribution": "INSERT INTO shebao_contribution VALUES (1, 9, '3', 'x', 202602, 9, '400101')",
    "a paper": "INSERT INTO shebao_document VALUES (1, '回单:3', 1)",
    "a posting left open": "INSERT INTO shebao_open_posting VALUES (1, 'payout', 5)",
    "a sealing left open": "INSERT INTO shebao_sealing VALUES (1, 4, 4, 4, 4)",
    "a balance": "INSERT INTO shebao_balance VALUES (1, '1002', 202601, '', 0, 0, 0, 0, 0)",
    "a record": "INSERT INTO shebao_chain SELECT seq + 1, at, actor, duty, act, thing, digest, facts, hash, 'x', digest, result, reason"
    " FROM shebao_chain ORDER BY seq DESC LIMIT 1",
    "an account taken out of use": "UPDATE shebao_account SET valid_to = '2026-01-01' WHERE code = '1002'",
    "another reviewer throughout": "UPDATE shebao_entry SET reviewer = 'qian' WHERE entry_id = 4",
    "a posted voucher's maker": "UPDATE shebao_voucher SET maker = 'qian' WHERE voucher_id = 1",
    "a voucher said to be posted": "UPDATE shebao_voucher SET state = 'posted', entry_id = 9 WHERE state = 'proposed'",
    "a voucher said not to be": "UPDATE shebao_voucher SET state = 'reviewed', entry_id = NULL WHERE voucher_id = 1",
}


@pytest.mark.parametrize("thing", SLIPPED_IN)
def test_what_is_slipped_in_is_noticed(copies: Office, good: Path, thing: str) -> None:
    """L1-L11: a row put into any table of the ledger, or a voucher turned into something else, is reported."""
    assert after(copies, good, SLIPPED_IN[thing]) != []


def test_missing_guards_are_noticed(copies: Office, good: Path) -> None:
    """L3: a guard that is gone, or rewritten, is reported by name, though nothing was changed yet."""
    gone = after(copies, good, rearmed=False)
    assert len(gone) == 1 and "shebao_account_enter" in gone[0]
    rewritten = after(copies, good)
    assert rewritten == []
    with sqlite3.connect(str(copies.engine.url.database)) as database:
        database.execute("DROP TRIGGER shebao_entry_keep")
        database.execute("CREATE TRIGGER shebao_entry_keep BEFORE UPDATE ON shebao_entry BEGIN SELECT 1; END")
    database.close()
    assert [line for line in broken(verify_store(copies)) if "shebao_entry_keep" in line]


def test_a_guard_switched_off_is_noticed(store_url: str, tmp_path: Path) -> None:
    """L3: a trigger that is dropped, or on PostgreSQL disabled, counts as gone."""
    office = office_at(tmp_path / "office", store_url)
    postgresql = office.engine.dialect.name == "postgresql"
    off = "ALTER TABLE shebao_line DISABLE TRIGGER shebao_line_keep" if postgresql else "DROP TRIGGER shebao_line_keep"
    voucher_desk.Office(office.engine).sql(off)
    assert [line for line in broken(verify_store(office)) if "shebao_line_keep" in line]


def test_the_witness_is_compared(copies: Office, good: Path) -> None:
    """C6: a head kept elsewhere proves the chain up to there; another hash, a head that is not there, or a misspelt one is reported."""
    assert after(copies, good) == []
    with reading(open_engine(sqlite_url(good))) as connection:
        seq, head = chain.head(connection)
    assert broken(verify_store(copies, f"{seq}:{head}")) == []
    for witness, said in ((f"{seq}:{'0' * 64}", "与外部留存的链头不符"), (f"{seq + 1}:{head}", "尾部缺失"), ("nonsense", "应写作")):
        (line,) = broken(verify_store(copies, witness))
        assert said in line


def test_the_command_tells_and_counts(copies: Office, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`shebao verify` ends with 0 when all holds and with 1 when something does not, as a table and as JSON; `--witness` names a cut chain."""

    def called(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ending:
            run(["--home", str(copies.home), "verify", *words])
        return int(ending.value.code or 0), capsys.readouterr().out

    after(copies, good)
    status, out = called()
    assert status == 0 and "全部成立" in out
    with reading(open_engine(sqlite_url(good))) as connection:
        seq, head = chain.head(connection)
    after(copies, good, f"DELETE FROM shebao_chain WHERE seq = {seq}")
    status, out = called("--witness", f"{seq}:{head}", "--json")
    assert status == 1
    assert "C6 留痕链" in [row["invariant"] for row in json.loads(out) if not row["ok"]]
