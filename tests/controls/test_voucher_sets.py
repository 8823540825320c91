"""Many reviewed vouchers carried over inside the database leave what the same vouchers leave one by one, and whatever is not plain is refused alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from controls import attachments, businesses, cashier, voucher_sets, vouchers
from controls.duties import Actor
from controls.voucher_tables import voucher, voucher_line
from controls.vouchers import Standing
from ledger import accounts, balances, chain
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import Entry, Line, Side, dimension
from ledger.errors import Refusal
from ledger.posting import Signed, post
from ledger.tables import balance, document, entry, line, seal
from ledger.tables import chain as chain_table
from tests.controls.voucher_desk import BOTH, FEBRUARY, HAN, JANUARY, NOW, QIAN, SUN, ZHAO, Office, office, received

COUNT = 24
SUN_TOO = Actor("sun", "孙主管", BOTH.duties)


def kinds(number: int) -> Entry:
    """The voucher ``number`` of a mixed month: two kinds, two months, odd words, axes, papers, receipts of the cashier's."""
    made = received(100 + number, f"doc-{number}", month=FEBRUARY if number % 7 == 3 else JANUARY)
    if number % 2:
        made = replace(made, kind="收", summary=f"𬭎“利息”\\第{number}笔：%s :x", attachments=0)
    if number % 3 == 0:
        legs = (Line("100301", Side.D, 60 + number, dimension(bank_account="01"), "备注\"'"), Line("100301", Side.D, 40), Line("4201", Side.C, 100 + number))
        made = replace(made, lines=legs, documents=(f"回单:{number}", "票:a'b\"c" + str(number)))
    if number % 5 == 1:
        made = replace(made, lines=(Line("1005", Side.D, number), Line("400101", Side.C, number)), event="C1")
    if number % 5 == 2:
        made = replace(made, lines=(Line("1004", Side.D, number), Line("4201", Side.C, number)))
    return made


def lain(desk: Office, folder: Path, entries: list[Entry]) -> list[int]:
    """The entries proposed, made, with some attachments, signed by the cashier where they are cash, and reviewed."""
    kept = attachments.store(folder, _paper(folder, entries[0].source_key))
    with UnitOfWork(desk.engine) as work:
        drafts = [vouchers.propose(work, NOW, ZHAO, 1, made) for made in entries]
        for draft in drafts:
            vouchers.make(work, NOW, ZHAO, 1, draft.voucher_id)
        hung = next(draft for draft in drafts if draft.entry.attachments == 1)
        vouchers.attach(work, NOW, ZHAO, 1, hung.voucher_id, [kept])
        for draft in drafts:
            if draft.cash:
                cashier.sign(work, NOW, HAN, 1, draft.voucher_id)
            vouchers.review(work, NOW, SUN, 1, draft.voucher_id)
        work.commit()
    return [draft.voucher_id for draft in drafts]


def _paper(folder: Path, words: str) -> Path:
    path = folder / "回单.pdf"
    path.write_bytes(f"%PDF-1.4\n%{words}\n%%EOF\n".encode())
    return path


def opened(url: str) -> Office:
    desk = office(url)
    with UnitOfWork(desk.engine) as work:
        accounts.open_period(work, 1, FEBRUARY)
        work.commit()
    return desk


def content(engine: sa.Engine) -> list[list[tuple[Any, ...]]]:
    """Every row of every table that posting writes, in key order."""
    with reading(engine) as connection:
        tables = (entry, line, seal, document, balance, chain_table, voucher, voucher_line)
        return [[tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))] for table in tables]


@contextmanager
def one_by_one() -> Iterator[None]:
    with patch.object(voucher_sets, "LEAST", 10**9):
        yield


@dataclass
class Spy:
    """How often vouchers were carried over whole."""

    carried: int = 0


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    seen, book = Spy(), voucher_sets.book

    def counted(which: Any) -> None:
        book(which)
        seen.carried += 1

    monkeypatch.setattr(voucher_sets, "book", counted)
    return seen


def test_carried_is_as_one_by_one(store_url: str, tmp_path: Path, spy: Spy) -> None:
    """L1-L11, C2, C6, L8: two batches of mixed vouchers in another order than proposed leave the same rows in every table as posted singly, digests and
    hashes included, on either database; kept balances and chain prove."""
    alone, together = opened(sqlite_url(tmp_path / "alone.db")), opened(store_url)
    for batch in (range(1, COUNT + 1), range(COUNT + 1, 2 * COUNT + 1)):
        made = [kinds(number) for number in batch]
        turned = lain(alone, tmp_path, made)[::-1]
        assert lain(together, tmp_path, made)[::-1] == turned
        single = [alone.step(vouchers.post, QIAN, 1, number) for number in turned]
        assert together.step(vouchers.post_many, QIAN, 1, turned) == single
    assert spy.carried == 2
    assert content(alone.engine) == content(together.engine)
    with reading(together.engine) as connection:
        assert balances.prove(connection, 1) and chain.verify(connection)
        left = "SELECT COUNT(*) FROM sqlite_temp_master" if together.engine.dialect.name == "sqlite" else "SELECT 0"
        assert connection.exec_driver_sql(left).scalar_one() == 0


def disarm(desk: Office) -> list[str]:
    """The statements that take the guards of vouchers and attachments away."""
    if desk.engine.dialect.name == "postgresql":
        return [f"ALTER TABLE shebao_{table} DISABLE TRIGGER USER" for table in ("voucher", "voucher_line", "attachment")]
    with reading(desk.engine) as connection:
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('shebao_voucher', 'shebao_voucher_line', 'shebao_attachment')"
        return [f"DROP TRIGGER {name}" for name in connection.exec_driver_sql(asked).scalars()]


FORGED = {
    "a month taken over since": [
        "INSERT INTO shebao_entry VALUES (1, 1, 202601, '转', 1, '2026-01-31', 'now', 'O1', 's', 0, 'a', 'b', 'a', 'x', 'opening', 0, "
        "NULL, 2, 100, NULL, 0, 0, '', NULL, 0, 0, '', 'd')"
    ],
    "an amount": ["UPDATE shebao_voucher_line SET amount_fen = amount_fen + 1 WHERE voucher_id = 9"],
    "a memo": ["UPDATE shebao_voucher_line SET memo = 'x' WHERE voucher_id = 9 AND line_no = 2"],
    "an account": ["UPDATE shebao_voucher_line SET account = '1005' WHERE voucher_id = 9 AND line_no = 1"],
    "a line moved": ["UPDATE shebao_voucher_line SET line_no = 7 WHERE voucher_id = 9 AND line_no = 1"],
    "a month": ["UPDATE shebao_voucher SET period = 202602 WHERE voucher_id = 9"],
    "a summary": ["UPDATE shebao_voucher SET summary = '别的' WHERE voucher_id = 9"],
    "papers inside": ["UPDATE shebao_voucher SET documents = '[\"x\"]' WHERE voucher_id = 9"],
    "a digest": ["UPDATE shebao_voucher SET digest = 'x' WHERE voucher_id = 9"],
    "a correction": ["UPDATE shebao_voucher SET corrects = 1 WHERE voucher_id = 9"],
    "a claim": ["UPDATE shebao_voucher SET payout_source = 5 WHERE voucher_id = 9"],
    "a closing": ["UPDATE shebao_voucher SET closing = 1 WHERE voucher_id = 9"],
    "an attachment": ["UPDATE shebao_attachment SET sheets = 5"],
    "an attachment taken off": ["UPDATE shebao_attachment SET detached_at = 'now', detached_by = 'zhao'"],
    "a cashier": ["UPDATE shebao_voucher SET cashier = '', cash = 0 WHERE voucher_id = 2"],
    "a month locked": ["UPDATE shebao_period SET state = 'locked' WHERE period = 202601"],
    "an account ended": ["UPDATE shebao_account SET valid_to = '2026-01-10' WHERE code = '100301'"],
    "a voucher sent back": ["UPDATE shebao_voucher SET state = 'rejected' WHERE voucher_id = 9"],
    "a reviewer who made it": ["UPDATE shebao_voucher SET reviewer = 'qian' WHERE voucher_id = 9"],
}


def refused(desk: Office, ids: list[int], actor: Actor = QIAN, standing: Standing | None = None, spoil: list[str] | None = None) -> tuple[str, Any]:
    """Code and facts of what is refused when the vouchers are posted after ``spoil``, and nothing of it stays."""
    before = content(desk.engine)
    with pytest.raises(Refusal) as told, UnitOfWork(desk.engine) as work:
        for statement in spoil or []:
            work.connection.exec_driver_sql(statement)
        vouchers.post_many(work, NOW, actor, 1, ids, standing=standing)
    assert content(desk.engine) == before
    return told.value.code, told.value.facts


def test_a_forged_batch_is_refused_alike(store_url: str, tmp_path: Path, spy: Spy) -> None:
    """C1, C2, L5, L6, S9: with the guards of vouchers gone, one changed fen, word, month, paper or signature among many is refused as it is singly."""
    desk = opened(store_url)
    ids = lain(desk, tmp_path, [kinds(number) for number in range(1, COUNT + 1)])
    away = disarm(desk)
    for what, forged in FORGED.items():
        with one_by_one():
            singly = refused(desk, ids, spoil=[*away, *forged])
        assert refused(desk, ids, spoil=[*away, *forged]) == singly, what
    assert spy.carried == 0


def test_what_is_not_plain_is_refused_alike(store_url: str, tmp_path: Path, spy: Spy) -> None:
    """C1, L4, L11: a voucher twice or unknown, a reviewer who would post, half a business, what no longer stands: the same refusal as singly."""

    def falls(connection: sa.Connection, book_id: int, made: Entry) -> None:
        if made.source_key == "act:7":
            raise vouchers.WrongState(voucher="x", state="y", step="z")

    desk = opened(store_url)
    entries = [kinds(number) for number in range(1, COUNT)] + [replace(kinds(4), source_key="act:7")]
    ids = lain(desk, tmp_path, entries)
    ways = [([*ids, 1], QIAN, None), ([*ids, 999], QIAN, None), (ids, SUN_TOO, None), (ids, SUN, None), (ids, QIAN, Standing(("act",), falls))]
    with one_by_one():
        singly = [refused(desk, *way) for way in ways]
    assert [refused(desk, *way) for way in ways] == singly and spy.carried == 0
    more = [desk.make(desk.propose(received(5, f"half-{number}"))) for number in range(2)]
    desk.step(businesses.declare, ZHAO, 1, [draft.voucher_id for draft in more])
    desk.review(more[0])
    with one_by_one():
        singly_half = refused(desk, [*ids, more[0].voucher_id])
    assert refused(desk, [*ids, more[0].voucher_id]) == singly_half
    desk.review(more[1])
    assert len(desk.step(vouchers.post_many, QIAN, 1, [*ids, more[0].voucher_id])) == COUNT + 1
    assert spy.carried == 0


def test_a_guard_that_was_forgotten_is_not_passed(store_url: str, tmp_path: Path, spy: Spy) -> None:
    """L11: what only the database knows (a paper that another voucher booked meanwhile) undoes the carrying, and the way of one by one names it."""
    desk = opened(store_url)
    ids = lain(desk, tmp_path, [kinds(number) for number in range(1, COUNT + 1)])
    other = replace(received(5, "other"), documents=("回单:9",))
    with UnitOfWork(desk.engine) as work:
        post(work, 1, other, Signed("zhao", "sun", "zhao"), NOW)
        work.commit()
    with one_by_one():
        singly = refused(desk, ids)
    assert refused(desk, ids) == singly and singly[0] == "SB1104"
    assert spy.carried == 0
    with reading(desk.engine) as connection:
        assert chain.verify(connection)
