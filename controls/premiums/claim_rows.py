"""Reading claims: their heads, their lines as they were prepared, and the sub-ledger rows that a receipt or refund books."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from controls.premium_tables import claim, claim_left, claim_line
from controls.premiums.contributions import CLAIM_SOURCES, SOURCES
from controls.premiums.errors import NoSuchClaim
from controls.voucher_tables import voucher, voucher_line
from ledger.entries import ContributionRow, canonical
from ledger.money import Fen

CLAIM, BACK = "claim", "back"
KIND_ZH = {CLAIM: "代缴清册", BACK: "退回清册"}
STATE_ZH = {"building": "编制中", "prepared": "待审核", "reviewed": "已审核", "withdrawn": "已作废"}
LINE_COLUMNS = ("number", "payer", "received_year", "name", "category", "others", "town", "tier_fen", "fen", "part", "note")
LEFT_COLUMNS = ("number", "name", "category", "town", "reason")
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Claim:
    """The head of a claim; ``kind`` claim or back, ``files`` the numbers of the snapshots it was drawn from (JSON)."""

    book_id: int
    claim_id: int
    kind: str
    year: int
    region: str
    as_of: str
    files: str
    state: str
    persons: int
    lines: int
    fen: Fen
    left_out: int
    digest: str
    prepared_by: str
    prepared_at: str
    reviewed_by: str
    reviewed_at: str
    reason: str

    @property
    def thing(self) -> str:
        """As the trail writes it."""
        return f"premium-claim:{self.book_id}:{self.claim_id}"


@dataclass(frozen=True, slots=True)
class Share:
    """What one payer owes (or gets back) of one category: persons and fen; ``received_year`` of a refund's money."""

    payer: str
    category: str
    received_year: int
    part: str
    persons: int
    fen: Fen


def claims(connection: sa.Connection, book_id: int) -> list[Claim]:
    """The claims of a book, oldest first."""
    return [Claim(**row._mapping) for row in connection.execute(sa.select(claim).where(claim.c.book_id == book_id).order_by(claim.c.claim_id))]


def get(connection: sa.Connection, book_id: int, claim_id: int) -> Claim:
    """One claim; raises SB3217."""
    row = connection.execute(sa.select(claim).where(claim.c.book_id == book_id, claim.c.claim_id == claim_id)).first()
    if row is None:
        raise NoSuchClaim(claim=claim_id)
    return Claim(**row._mapping)


def _text_order(connection: sa.Connection, column: sa.Column[str]) -> Any:
    """Texts ordered by bytes on every database."""
    return column.collate("C") if connection.dialect.name == "postgresql" else column


def lines(connection: sa.Connection, one: Claim) -> Iterator[tuple[Any, ...]]:
    """The lines of a claim (:data:`LINE_COLUMNS`) by number, payer and year."""
    columns = claim_line.c
    order = (_text_order(connection, columns.number), _text_order(connection, columns.payer), columns.received_year)
    query = sa.select(*(columns[name] for name in LINE_COLUMNS)).where(columns.book_id == one.book_id, columns.claim_id == one.claim_id).order_by(*order)
    for row in connection.execute(query.execution_options(yield_per=20_000)):
        yield tuple(row)


def left(connection: sa.Connection, one: Claim) -> Iterator[tuple[Any, ...]]:
    """Those left out (:data:`LEFT_COLUMNS`) by number."""
    columns = claim_left.c
    query = sa.select(*(columns[name] for name in LEFT_COLUMNS)).where(columns.book_id == one.book_id, columns.claim_id == one.claim_id)
    for row in connection.execute(query.order_by(_text_order(connection, columns.number)).execution_options(yield_per=20_000)):
        yield tuple(row)


def digest(head: Sequence[Any], line_rows: Iterable[Sequence[Any]], left_rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over a claim's head (kind, year, region, as-of, files), its lines and those left out, each as canonical JSON on a line of its own."""
    hashed = hashlib.sha256(canonical(list(head)).encode())
    for mark, rows in (("\nlines\n", line_rows), ("\nleft\n", left_rows)):
        hashed.update(mark.encode())
        batch: list[str] = []
        for row in rows:
            batch.append(canonical(list(row)))
            if len(batch) == 10_000:
                hashed.update("\n".join([*batch, ""]).encode())
                batch = []
        hashed.update("\n".join([*batch, ""]).encode())
    return hashed.hexdigest()


def recomputed(connection: sa.Connection, one: Claim) -> str:
    """The digest of a claim as the store has it now."""
    return digest(head_of(one.kind, one.year, one.region, one.as_of, one.files), lines(connection, one), left(connection, one))


def head_of(kind: str, year: int, region: str, as_of: str, files: str) -> list[Any]:
    """What of the head enters the digest."""
    return [kind, year, region, as_of, files]


def shares(connection: sa.Connection, one: Claim) -> list[Share]:
    """What a claim asks by payer, category and year of the money, sorted."""
    columns = claim_line.c
    keys = (columns.payer, columns.category, columns.received_year, columns.part)
    query = (
        sa.select(*keys, sa.func.count(), sa.cast(sa.func.sum(columns.fen), sa.BigInteger))
        .where(columns.book_id == one.book_id, columns.claim_id == one.claim_id)
        .group_by(*keys)
    )
    return sorted(
        (Share(row[0], row[1], row[2], row[3], int(row[4]), int(row[5])) for row in connection.execute(query)),
        key=lambda share: (share.payer, share.category, share.received_year),
    )


def slots(connection: sa.Connection, one: Claim) -> list[tuple[str, str, int]]:
    """(payer, category or ``*``, year of the money) that a voucher may book, in an order that never changes: its place is its source."""
    found = shares(connection, one)
    whole = sorted({(share.payer, EVERY, share.received_year) for share in found})
    return whole + sorted({(share.payer, share.category, share.received_year) for share in found})


def source_of(one: Claim, place: int) -> int:
    """The sub-ledger source of a claim's slot."""
    return CLAIM_SOURCES + one.claim_id * SOURCES + place


def source_key(one: Claim, payer: str, category: str, received_year: int) -> str:
    """The source key of a claim's voucher."""
    return f"premium:{one.claim_id}:{payer}:{category}:{received_year}"


def slot_rows(connection: sa.Connection, one: Claim, slot: tuple[str, str, int], account: str) -> Iterator[ContributionRow]:
    """The rows of a slot in key order, what is given back negative, all on ``account``. Read at once: while they are written the connection is busy."""
    payer, category, received_year = slot
    columns, sign = claim_line.c, -1 if one.kind == BACK else 1
    wanted = [columns.book_id == one.book_id, columns.claim_id == one.claim_id, columns.payer == payer, columns.received_year == received_year]
    if category != EVERY:
        wanted.append(columns.category == category)
    query = sa.select(columns.number, columns.part, columns.fen).where(*wanted).order_by(_text_order(connection, columns.number))
    found = connection.execute(query).all()
    return ((row.number, row.part, one.year * 100, sign * int(row.fen), account) for row in found)


def rows(connection: sa.Connection, book_id: int, source_id: int) -> Iterator[ContributionRow]:
    """The rows that the live voucher of a source claims; its account is the one its lines name."""
    claim_id, place = divmod(source_id - CLAIM_SOURCES, SOURCES)
    one = get(connection, book_id, claim_id)
    return slot_rows(connection, one, slots(connection, one)[place - 1], _account(connection, book_id, source_id))


def _account(connection: sa.Connection, book_id: int, source_id: int) -> str:
    heads, legs = voucher.c, voucher_line.c
    found = connection.execute(
        sa.select(legs.account)
        .join(voucher, sa.and_(heads.book_id == legs.book_id, heads.voucher_id == legs.voucher_id))
        .where(heads.book_id == book_id, heads.contribution_source == source_id, heads.state != "rejected", sa.not_(legs.account.startswith("100")))
    ).scalars()
    return str(next(iter(found)))
