"""The real figure at full size, from the list to the ledger on both databases: 54,064 people × 100 yuan = 5,406,400, person by person (K13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from controls import vouchers
from controls.premiums import claim_rows, claim_store, claims, contributions, receipts
from ledger.db import reading
from ledger.entries import Entry, Line, Side, rows_digest
from ledger.subledgers import CONTRIBUTION, rows_of
from tests.controls.premium_claim_desk import LI, MA, desk
from tests.controls.premium_people import HUNDRED, asked, entitled, numbers, office, people, sources
from tests.controls.voucher_desk import BOOK, JANUARY, ZHAO, Office

ACCOUNT = "400101"
"""The toy chart's only account of premiums."""


@pytest.mark.slow
@pytest.mark.parametrize("count", [54_064])
def test_a_countys_premiums_reach_the_ledger_person_by_person(store_url: str, count: int) -> None:
    """Claimed, reviewed, received, posted: 54,064 rows of 100 yuan tie to one line of 5,406,400 yuan, and K13 shows both sides."""
    at = desk(store_url)
    everybody = numbers(count)
    drawn = claims.draw(sources(entitled=[entitled(everybody)], people=[people(everybody)]), asked(), office(*HUNDRED))
    made = at.step(claim_store.prepare, MA, BOOK.book_id, drawn, [1])
    made = at.step(claim_store.review, LI, BOOK.book_id, made.claim_id)
    with reading(at.engine) as connection:
        seen = rows_digest(claim_rows.slot_rows(connection, made, ("县", claim_rows.EVERY, 0), ACCOUNT))
    lines = (Line("100301", Side.D, seen.fen), Line(ACCOUNT, Side.C, seen.fen))
    plain = Entry(JANUARY, date(2026, 1, 20), "代缴", lines, "清册", claim_rows.source_key(made, "县", claim_rows.EVERY, 0), event="C3", attachments=1)
    source = claim_rows.source_of(made, 1)
    entry = replace(plain, contribution_source=source, contribution_count=seen.count, contribution_fen=seen.fen, contribution_digest=seen.hexdigest())
    books = Office(at.engine)
    draft = books.review(books.make(books.propose(entry)))
    books.signed(draft)
    books.step(vouchers.post, ZHAO, 1, draft.voucher_id, None, claim_rows.rows)
    with reading(at.engine) as connection:
        booked = list(rows_of(connection, CONTRIBUTION, 1, source))
        (told,) = receipts.k13(connection, BOOK, JANUARY)
        file = SimpleNamespace(file_id=9, taken_at="2026-02-01T09:00:00+08:00")
        known = contributions._received(connection, 1, file, everybody[:3])  # type: ignore[arg-type]
    assert (len(booked), sum(row[3] for row in booked)) == (54_064, 540_640_000)
    assert told == (True, "代缴清册与凭证相符：54064 人次 5,406,400.00 元（人数 × 档次 = 到账）")
    assert known == {(number, "government_paid", 202600): {2026: 10000} for number in everybody[:3]}
