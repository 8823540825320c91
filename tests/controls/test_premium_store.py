"""Claims in the store: kept as drawn, one premium a person and year, append-only and two people, in Python and, with Python out of the way, in the database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from controls.premium_tables import claim_line
from controls.premiums import claim_rows, claim_store
from controls.premiums.errors import ClaimChanged, PremiumKept
from ledger.db import reading
from ledger.errors import DatabaseRefusal
from tests.controls.premium_claim_desk import LI, MA, desk
from tests.controls.voucher_desk import BOOK


def test_a_claim_is_kept_and_read_as_it_was_drawn(store_url: str) -> None:
    """Lines and those left out come back in the order of bytes; the digest recomputed from the store is the one signed."""
    at = desk(store_url)
    made = at.prepared()
    assert (made.state, made.persons, made.lines, made.fen, made.left_out) == ("prepared", 3, 6, 30000, 1)
    with reading(at.engine) as connection:
        rows = list(claim_rows.lines(connection, made))
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)
        assert claim_rows.recomputed(connection, made) == made.digest
        assert [(share.payer, share.persons, share.fen) for share in claim_rows.shares(connection, made)] == [("县", 3, 21000), ("省", 3, 9000)]
        slot = claim_rows.slots(connection, made)[0]
        assert sum(row[3] for row in claim_rows.slot_rows(connection, made, slot, "40010301")) == 21000
    done = at.step(claim_store.review, LI, BOOK.book_id, made.claim_id)
    assert done.state == "reviewed" and done.reviewed_by == "li"


def test_one_premium_a_person_and_year(store_url: str) -> None:
    """The database refuses a second live claim with one of the people; after a withdrawal the same people can be claimed."""
    at = desk(store_url)
    at.prepared()
    with pytest.raises(DatabaseRefusal, match="SB3222"):
        at.prepared(2)
    at.prepared(2, start=100)
    at.step(claim_store.withdraw, MA, BOOK.book_id, 1, "名单有更新")
    assert at.prepared().claim_id == 3


TRIES = {
    "line changed": "UPDATE shebao_premium_claim_line SET fen = fen + 1",
    "line deleted": "DELETE FROM shebao_premium_claim_line",
    "line added": "INSERT INTO shebao_premium_claim_line SELECT book_id, claim_id, number || 'x', payer, received_year, name, category, others, town, "
    "tier_fen, fen, part, note FROM shebao_premium_claim_line",
    "left out deleted": "DELETE FROM shebao_premium_claim_left",
    "left out changed": "UPDATE shebao_premium_claim_left SET reason = '其他'",
    "left out added": "INSERT INTO shebao_premium_claim_left SELECT book_id, claim_id, number || 'x', name, category, town, reason "
    "FROM shebao_premium_claim_left",
    "claim deleted": "DELETE FROM shebao_premium_claim",
    "sum changed": "UPDATE shebao_premium_claim SET fen = fen + 1",
    "year changed": "UPDATE shebao_premium_claim SET year = 2025",
}


@pytest.mark.parametrize("name", TRIES)
def test_claims_are_only_added_to(store_url: str, name: str) -> None:
    """SB3222 by the guards alone: nothing of a prepared claim is changed, added to or deleted."""
    at = desk(store_url)
    at.prepared()
    with pytest.raises(DatabaseRefusal, match=PremiumKept.code):
        at.run(TRIES[name])


def test_the_database_wants_two_people_and_their_duties(store_url: str) -> None:
    """A review by the preparer, by somebody without the duty, twice, or a withdrawal without a reason is refused by the guards."""
    at = desk(store_url)
    at.prepared()
    review = "UPDATE shebao_premium_claim SET state = 'reviewed', reviewed_by = '{}', reviewed_at = '2026-01-31T09:00:00+08:00'"
    for who in ("ma", "zhao"):
        with pytest.raises(DatabaseRefusal):
            at.run(review.format(who))
    at.run(review.format("li"))
    with pytest.raises(DatabaseRefusal, match="SB3218"):
        at.run(review.format("li"))
    with pytest.raises(DatabaseRefusal, match="SB3218"):
        at.run("UPDATE shebao_premium_claim SET state = 'withdrawn', reason = ''")
    with pytest.raises(DatabaseRefusal, match="SB3218"):
        at.run("UPDATE shebao_premium_claim SET state = 'prepared'")


def test_a_changed_line_voids_the_review(tmp_path: object) -> None:
    """SB3219: the reviewer signs the lines that were prepared, reckoned again from the store."""
    at = desk(f"sqlite:///{tmp_path}/store.sqlite")
    made = at.prepared()
    with at.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER shebao_premium_claim_line_keep")
        connection.execute(sa.update(claim_line).where(claim_line.c.payer == "县").values(note="改"))
    with pytest.raises(ClaimChanged):
        at.step(claim_store.review, LI, BOOK.book_id, made.claim_id)
