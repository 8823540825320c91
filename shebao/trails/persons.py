"""The sub-ledger rows of persons as they go out with a book: what each entry claims, with numbers masked unless they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ledger import subledgers
from ledger.accounts import Book
from ledger.identity import mask_number
from ledger.subledgers import SUBLEDGERS

FILE = "persons.jsonl"
_TOGETHER = 20_000


def rows(connection: sa.Connection, book: Book, *, reveal: bool) -> Iterator[dict[str, Any]]:
    """Each claim's rows in key order, some thousands a line: number, item or part, period (yyyymm), fen, account; and after them the claim's own line.

    That line bears the SHA-256 of the column of numbers, so that the digest of all rows can be reckoned by whoever does not see the numbers.
    """
    for law in SUBLEDGERS.values():
        for entry_id, claim in subledgers.claims(connection, law, book.book_id):
            numbers, found = hashlib.sha256(), subledgers.rows_of(connection, law, book.book_id, claim.source)
            about = {"subledger": law.name, "entry_id": entry_id}
            while chunk := list(islice(found, _TOGETHER)):
                numbers.update("".join(f"{row[0]}\n" for row in chunk).encode())
                yield {**about, "rows": [list(row) if reveal else [mask_number(row[0]), *row[1:]] for row in chunk]}
            yield {**about, "numbers": numbers.hexdigest(), "revealed": reveal}
