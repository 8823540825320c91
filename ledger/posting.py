"""Posting (记账): the only place that writes entries. Protected: only ``controls.vouchers`` may import it.

One call is one entry with its sub-ledger rows, or many ordinary entries, in the caller's transaction: headers, lines, sub-ledger rows, seals, chain
records. The database proves balance, numbering, period, accounts and sub-ledger ties again when the seals are set, and an entry without its seal
cannot be committed. Many entries on SQLite are proved and sealed by one statement (``shebao_sealing``) instead of row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ledger import bulk, chain, subledgers
from ledger.db import UnitOfWork
from ledger.entries import Dimension, Entry, PayoutRow, canonical
from ledger.errors_posting import SubledgerDiffers
from ledger.lifting import lifted
from ledger.lying import Lying
from ledger.posting_checks import Before, Signed, check_period
from ledger.posting_sets import carry_rows, record_rows, seal_rows
from ledger.tables import document, entry, line, seal, sealing

__all__ = ["Receipt", "Signed", "check_period", "post", "post_lying", "post_many"]

_ENTRY = tuple(column.name for column in entry.c)
_LINE = tuple(column.name for column in line.c)
TOGETHER = 16
"""From so many entries on SQLite lifts the row guards and proves all at once; fewer are not worth the change of schema."""
LIFTED = ("shebao_entry_enter", "shebao_line_enter", "shebao_chain_enter")
"""What ``shebao_sealing`` proves in their place."""


class Receipt(NamedTuple):
    """What posting gave: the entry's id and number, and its chain record's number and hash."""

    book_id: int
    entry_id: int
    number: int
    seq: int
    hash: str


def post(work: UnitOfWork, book_id: int, made: Entry, people: Signed, now: str, rows: Iterable[PayoutRow] = ()) -> Receipt:
    """Posts one reviewed entry at time ``now`` with its sub-ledger rows sorted by (number, item or part, period), taken in one pass.

    Raises SB1104, SB1105, SB1302, SB1305, SB1306 with nothing written by the caller's transaction.
    """
    chain.lock(work)
    place = Before.of(work, book_id, [made]).take(made, people)
    digests = _write(work, book_id, [(made, people)], [place], now)
    subledgers.enter(work, book_id, made, rows)
    bulk.insert(work, seal, ("book_id", "entry_id"), [(book_id, place[0])])
    return _recorded(work, book_id, [(made, people)], [place], digests, now)[0]


def post_many(work: UnitOfWork, book_id: int, many: Sequence[tuple[Entry, Signed]], now: str) -> list[Receipt]:
    """Posts reviewed entries without sub-ledger rows, in order, as :func:`post` would one by one, but a statement a table instead of several an entry.

    The first entry that may not be posted is refused as :func:`post` refuses it, and nothing is written. Raises what :func:`post` raises.
    """
    if any(made.claim is not None for made, _ in many):
        raise SubledgerDiffers(why="带逐人明细的凭证须单独记账")
    if not many:
        return []
    chain.lock(work)
    before = Before.of(work, book_id, [made for made, _ in many])
    places = [before.take(made, people) for made, people in many]
    if work.is_sqlite and len(many) >= TOGETHER:
        with lifted(work, LIFTED):
            receipts = _recorded(work, book_id, many, places, _write(work, book_id, many, places, now), now)
        _sealed(work, book_id, receipts)
        return receipts
    digests = _write(work, book_id, many, places, now)
    bulk.insert(work, seal, ("book_id", "entry_id"), ((book_id, entry_id) for entry_id, _ in places))
    return _recorded(work, book_id, many, places, digests, now)


def post_lying(which: Lying, poster: str, now: str) -> list[Receipt]:
    """Posts vouchers without sub-ledger rows that lie in the database, in their order, as :func:`post` would one by one, a statement a table.

    Only the database judges: what it refuses raises its error with nothing written, and :func:`post_many` names the entry and the reason.
    """
    work, book_id = which.work, which.book_id
    if not which.keys:
        return []
    chain.lock(work)
    if work.is_sqlite:
        with lifted(work, LIFTED):
            carry_rows(which, poster, now)
            receipts = [Receipt(book_id, *one) for one in record_rows(which, poster, now)]
        _sealed(work, book_id, receipts)
        return receipts
    carry_rows(which, poster, now)
    seal_rows(which)
    return [Receipt(book_id, *one) for one in record_rows(which, poster, now)]


def _sealed(work: UnitOfWork, book_id: int, receipts: Sequence[Receipt]) -> None:
    """Asks SQLite for proof and seals of all of them."""
    first, last = receipts[0], receipts[-1]
    asked = {"first_id": first.entry_id, "last_id": last.entry_id, "first_seq": first.seq, "last_seq": last.seq}
    work.connection.execute(sealing.insert().values(book_id=book_id, **asked))


def _write(work: UnitOfWork, book_id: int, many: Sequence[tuple[Entry, Signed]], places: Sequence[tuple[int, int]], now: str) -> list[str]:
    """Headers, lines and papers; the entries' digests."""
    digests = [made.digest() for made, _ in many]
    bulk.insert(work, entry, _ENTRY, (_head(book_id, *one, *place, digest, now) for one, place, digest in zip(many, places, digests, strict=True)))
    shown: dict[Dimension, str] = {(): ""}
    bulk.insert(work, line, _LINE, _legs(book_id, many, places, shown))
    if any(made.documents for made, _ in many):
        papers = ((book_id, paper, entry_id) for (made, _), (entry_id, _) in zip(many, places, strict=True) for paper in made.documents)
        bulk.insert(work, document, ("book_id", "document", "entry_id"), papers)
    return digests


def _legs(book_id: int, many: Sequence[tuple[Entry, Signed]], places: Sequence[tuple[int, int]], shown: dict[Dimension, str]) -> Iterable[tuple[Any, ...]]:
    for (made, _), (entry_id, _) in zip(many, places, strict=True):
        for index, leg in enumerate(made.lines, start=1):
            axes = shown.get(leg.dimension)
            if axes is None:
                axes = shown[leg.dimension] = canonical(leg.dimension)
            yield (book_id, entry_id, index, leg.account, leg.side.value, leg.amount, axes, leg.memo)


def _head(book_id: int, made: Entry, people: Signed, entry_id: int, number: int, digest: str, now: str) -> tuple[Any, ...]:
    """The row of ``shebao_entry``, in the order of its columns."""
    return (
        book_id, entry_id, made.period.number, made.kind, number, made.day.isoformat(), now, made.event, made.summary, made.attachments,
        people.maker, people.reviewer, people.poster, made.authority, made.source_key, int(made.closing), made.corrects, len(made.lines), made.debit,
        made.payout_source, made.payout_count, made.payout_fen, made.payout_digest,
        made.contribution_source, made.contribution_count, made.contribution_fen, made.contribution_digest, digest,
    )  # fmt: skip


def _recorded(
    work: UnitOfWork, book_id: int, many: Sequence[tuple[Entry, Signed]], places: Sequence[tuple[int, int]], digests: Sequence[str], now: str
) -> list[Receipt]:
    """Chain records, one an entry."""
    acts = []
    for (made, people), (entry_id, number), digest in zip(many, places, digests, strict=True):
        facts = {
            "number": number, "kind": made.kind, "period": str(made.period), "debit_fen": made.debit, "maker": people.maker, "reviewer": people.reviewer,
        }  # fmt: skip
        acts.append(chain.Act(people.poster, "BOOKKEEP", "post", f"entry:{book_id}:{entry_id}", digest, facts))
    records = chain.append_many(work, now, acts)
    return [Receipt(book_id, entry_id, number, record.seq, record.hash) for (entry_id, number), record in zip(places, records, strict=True)]
