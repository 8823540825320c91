"""Vouchers proposed together: the same rows, records and refusals as one after another, at a fraction of the queries."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from controls import voucher_batches, vouchers
from controls.voucher_tables import voucher, voucher_line
from ledger.db import reading
from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.months import Month
from ledger.tables import chain
from tests.controls.voucher_desk import ZHAO, Office, received
from tests.controls.voucher_desk import office as desk


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Office:
    return desk(store_url)


def entries(count: int) -> list[Entry]:
    """Interest of 1, 2, 3 … fen, each with its paper."""
    return [replace(received(n, f"doc-{n}"), documents=(f"paper:{n}",)) for n in range(1, count + 1)]


def contents(office: Office) -> list[list[tuple[object, ...]]]:
    with reading(office.engine) as connection:
        return [[tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))] for table in (voucher, voucher_line, chain)]


def test_together_is_as_one_after_another(store_url: str, tmp_path: Path) -> None:
    """The same vouchers proposed one by one and together leave identical tables, the trail among them."""
    from ledger.db import sqlite_url

    alone, together = desk(sqlite_url(tmp_path / "alone.db")), desk(store_url)
    given = entries(12)
    one_by_one = [alone.step(vouchers.propose, ZHAO, 1, made) for made in given]
    assert together.step(voucher_batches.propose_many, ZHAO, 1, given) == one_by_one
    assert contents(alone) == contents(together)


def clashing(office: Office) -> dict[str, tuple[list[Entry], str]]:
    """Batches that hold one voucher too many, and the code that refuses the whole."""
    office.propose(replace(received(5, "there"), documents=("paper:77", "paper:88:3")))
    good = entries(3)
    return {
        "a source there": ([*good, received(5, "there")], "SB1104"),
        "a source twice in the batch": ([*good, received(9, "doc-2")], "SB1104"),
        "a paper there": ([*good, replace(received(9, "x"), documents=("paper:77",))], "SB1104"),
        "a line of a paper there": ([*good, replace(received(9, "x"), documents=("paper:77:1",))], "SB1104"),
        "a paper whose line is there": ([*good, replace(received(9, "x"), documents=("paper:88",))], "SB1104"),
        "a paper twice in the batch": ([*good, replace(received(9, "x"), documents=("ticket:2:1",))], "SB1104"),
        "a month not open": ([*good, received(9, "x", month=Month(2027, 1))], "SB1302"),
        "money off the whitelist": ([*good, received(9, "x", event="P2")], "SB1041"),
        "words that do not print": ([*good, replace(received(9, "x"), summary="利\n息")], "SB1107"),
        "an event of special books": ([*good, received(9, "x", account="3001", event="ZX01")], "SB3270"),
    }


def test_the_same_refusals_as_alone(office: Office) -> None:
    """One voucher amiss refuses all of them, with the code it would have alone; nothing is left behind."""
    for name, (given, code) in clashing(office).items():
        before = contents(office)
        with pytest.raises(Refusal) as refused:
            office.step(voucher_batches.propose_many, ZHAO, 1, given)
        assert (refused.value.code, contents(office) == before) == (code, True), name
        with pytest.raises(Refusal) as alone:
            for made in given:
                office.step(vouchers.propose, ZHAO, 1, made)
        assert alone.value.code == code, name
        for draft in _waiting(office):
            office.step(vouchers.reject, ZHAO, 1, draft.voucher_id, "试")


def _waiting(office: Office) -> list[vouchers.Draft]:
    with reading(office.engine) as connection:
        return [one for one in vouchers.drafts(connection, 1, state="proposed") if one.entry.source_key != "there"]


def test_batches_do_not_grow_quadratically(office: Office) -> None:
    """A second batch costs about what the first did."""
    given, spent = entries(600), []
    for first in (0, 300):
        begun = time.process_time()
        office.step(voucher_batches.propose_many, ZHAO, 1, given[first : first + 300])
        spent.append(time.process_time() - begun)
    assert spent[1] < 4 * spent[0] + 0.5, spent
