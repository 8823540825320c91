"""The trail and a book as plain text with the independent verifier beside them, for whoever trusts neither the program nor its keepers."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from books.statement_supplements import statements_on
from books.statements import balance_sheet, income_statement
from controls import trail
from controls.duties import Duty, require_any
from ledger import balances, chain, posted
from ledger.accounts import Book
from ledger.entries import canonical
from ledger.months import Month
from ledger.tables import chain_salt
from shebao import proofs
from shebao.store import Office
from shebao.trails import persons
from shebao.trails.witness import Head

VERIFIER = Path(__file__).with_name("verify_shebao.py")
SALTS = "salts.jsonl"
READERS = (Duty.LOGADMIN, Duty.AUDIT, Duty.AUDITOR, Duty.HEAD)
"""Who may take the whole trail out."""
BOOKS = (Duty.AUDIT, Duty.AUDITOR, Duty.HEAD, Duty.BOOKKEEP, Duty.CHECK)
"""Who may take a book out."""


def write_trail(office: Office, out: Path, *, reveal: bool = False) -> Head:
    """Writes ``trail.jsonl`` and the verifier into ``out`` and gives the head that it ends with; the export is recorded first. Raises SB3001.

    Personal texts stay behind as their digests; with ``reveal`` they go along with their salts in ``salts.jsonl``, and that is recorded as a reading.
    """
    duty = require_any(office.actor, READERS)
    with office.unit() as work:
        now = office.now()
        trail.record(work, now, office.actor, duty, "export.trail", "trail", facts={"folder": out.name})
        _folder(out)
        if reveal:
            texts = [dict(row) for row in work.connection.execute(sa.select(chain_salt).order_by(chain_salt.c.seq, chain_salt.c.token)).mappings()]
            trail.reading(work, now, office.actor, "trail", "export trail --reveal", _lines(out / SALTS, texts))
        else:
            (out / SALTS).unlink(missing_ok=True)
        _lines(out / "trail.jsonl", (_record(one) for one in chain.stored(work.connection)))
        seq, value = chain.head(work.connection)
        work.commit()
    return Head(office.settings["unit"]["code"], seq, value, now)


def write_book(office: Office, book: Book, month: Month, out: Path, *, reveal: bool = False) -> int:
    """Writes the book's entries through every month, its balances and the statements of ``month``; gives the number of entries. Raises SB3001.

    The rows of persons that entries claim go along with masked numbers; with ``reveal`` in full, and that is recorded as a reading.
    """
    duty = require_any(office.actor, BOOKS)
    with office.unit() as work:
        now, connection = office.now(), work.connection
        _folder(out)
        count = _lines(out / "entries.jsonl", (_entry(one) for one in posted.entries(connection, book.book_id)))
        told = sum(len(row.get("rows", ())) for row in _through(out / persons.FILE, persons.rows(connection, book, reveal=reveal)))
        if reveal:
            trail.reading(work, now, office.actor, f"book:{book.book_id}", "export book --reveal", told)
        _balances(out / "balances.csv", balances.movements(connection, book.book_id))
        if not book.fund.special:
            (out / "statements.json").write_text(canonical(_statements(connection, book, month)), encoding="utf-8")
        whose = {"unit": book.unit_code, "unit_name": book.unit_name, "book_id": book.book_id, "fund": book.fund.value}
        about = {**whose, "as_of": now, "entries": count, "month": str(month)}
        (out / "book.json").write_text(canonical(about), encoding="utf-8")
        trail.record(work, now, office.actor, duty, "export.book", f"book:{book.book_id}", facts={"folder": out.name, "entries": count})
        work.commit()
    return count


def _record(one: chain.Record) -> dict[str, Any]:
    fields = asdict(one)
    del fields["sealed"]
    return fields


def _folder(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    out.chmod(0o700)
    shutil.copyfile(VERIFIER, out / VERIFIER.name)


def _lines(file: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as handle:
        for count, row in enumerate(rows, start=1):  # noqa: B007
            handle.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
    return count


def _through(file: Path, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The rows once more, each after it was written."""
    with file.open("w", encoding="utf-8", newline="\n") as handle:
        for row in rows:
            handle.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
            yield row


def _entry(one: posted.Posted) -> dict[str, Any]:
    people = {"maker": one.maker, "reviewer": one.reviewer, "poster": one.poster, "recorded_at": one.recorded_at}
    return {"entry_id": one.entry_id, "number": one.number, **people, "digest": one.digest, "facts": one.entry.facts()}


def _balances(file: Path, moves: Iterable[balances.Movement]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("account", "period", "debit", "credit", "closing_debit", "closing_credit"))
        writer.writerows((move.account, move.period, move.debit, move.credit, move.closing_debit, move.closing_credit) for move in moves)


def _statements(connection: sa.Connection, book: Book, month: Month) -> dict[str, Any]:
    """Every account line with its rule and figure; ``assumed``: the closing that a month not carried over would have."""
    stood, moved = balances.movements(connection, book.book_id, month), proofs.moved(connection, book, month)
    law = statements_on(month.last_day)
    first = {line.code: line.closing for line in balance_sheet(book.fund, month, {}, moved, tier=book.tier).lines}
    second = {line.code: (line.current or 0, line.cumulative or 0) for line in income_statement(book.fund, month, {}, moved).lines}

    def rule(line: Any) -> dict[str, Any]:
        return {"code": line.code, "label": line.label, "mode": line.mode.value, "accounts": line.accounts, "lines": line.lines}

    return {
        "month": str(month), "assumed": [[move.account, move.closing_debit, move.closing_credit] for move in moved[len(stood) :]],
        "lines": {
            "01": [rule(line) | {"closing": first.get(line.code) or 0} for line in law.balance_lines(book.fund, month=month.month, tier=book.tier)],
            "02": [
                rule(line) | dict(zip(("current", "cumulative"), second.get(line.code, (0, 0)), strict=True))
                for line in law.income_lines(book.fund, month=month.month)
            ],
        },
    }  # fmt: skip
