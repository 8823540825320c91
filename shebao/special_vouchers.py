"""Vouchers of special books (专账) from receipts, rosters and returns, each split by document: first come, first spent.

Pure of bookkeeping: the entries are proposed and made by ``shebao.proposals``; the gate of ``controls.special`` looks at each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from controls import bankfile
from controls import roster as rosters
from controls.special import gate, towns
from controls.special.errors import AllowanceNotFunds
from ledger import flows, posted
from ledger.entries import Entry, Line, PayoutRow, payout_digest
from ledger.event_file import event as event_law
from ledger.events import build, summary
from ledger.funds import Fund
from ledger.money import Fen
from ledger.months import Month
from ledger.special import documents
from ledger.voucher_forms import voucher_kind

Cell = tuple[str, str]
"""(item, township): what one line of expense is for."""
Rows = Callable[[sa.Connection, int, int], list[PayoutRow]]
"""(connection, book, source) → the sub-ledger rows of a source."""
Sources = Callable[[int, int], int]
"""(roster, part: 0 its return, n its n-th later return) → source."""


def entry(
    event: str, fund: Fund, day: date, lines: Sequence[Line], *, authority: str, source_key: str, documents: Sequence[str], text: str = "",
    details: Mapping[str, str] | None = None, attachments: int = 1, payouts: tuple[int, Sequence[PayoutRow]] | None = None,
) -> Entry:  # fmt: skip
    """An entry of a special book from ready lines, checked against its flows (L7)."""
    flows.check(event, lines)
    source, rows = payouts if payouts is not None else (None, ())
    said = text or summary(event, fund, {"period": Month.of(day).zh(), **(details or {})})
    return Entry(
        period=Month.of(day), day=day, summary=said, lines=tuple(lines), authority=authority, source_key=source_key, event=event,
        kind=voucher_kind(event_law(event).voucher, day), attachments=attachments, documents=tuple(documents), payout_source=source,
        payout_count=len(rows), payout_fen=sum(row[3] for row in rows), payout_digest=payout_digest(rows) if payouts is not None else "",
    )  # fmt: skip


def receipt(fund: Fund, day: date, level: str, document: str, purpose: str, fen: Fen, into: str = "Z01") -> Entry:
    """ZX01 (ZX03 for 彩票公益金): fiscal money of one document and level; the paper is the document with its level (L11)."""
    event = "ZX01" if "ZX01" in fund.program.events else "ZX03"
    details = {"document": document, "into": into} | ({"level": level} if event == "ZX01" else {})
    lines = build(event, fund, {"amount": fen}, details, day=day)
    text = summary(event, fund, {"period": Month.of(day).zh(), **details}) + (f"：{purpose}" if purpose else "")
    paper = f"{document}:{level}"
    return entry(event, fund, day, lines, authority=f"指标文 {document}", source_key=f"{event}:{paper}", documents=(f"paper:{paper}",), text=text)


def from_row(fund: Fund, level: str, document: str, row: Mapping[str, Any]) -> Entry:
    """:func:`receipt` of one row of a subsidies file."""
    return receipt(fund, row["received_on"], level, document, row["purpose"], row["amount"])


def merged(lines: Iterable[Line]) -> list[Line]:
    """Lines of one account, side, axes and memo as one, in the order they first come; nil ones left out."""
    totals: dict[tuple[object, ...], Line] = {}
    for line in lines:
        key = (line.account, line.side, line.dimension, line.memo)
        before = totals.get(key)
        totals[key] = line if before is None else Line(line.account, line.side, before.amount + line.amount, line.dimension, line.memo)
    return [line for line in totals.values() if line.amount]


def spread(connection: sa.Connection, book_id: int, fund: Fund, cells: Sequence[tuple[Cell, Fen]], only: str | None = None) -> list[tuple[Cell, str, Fen]]:
    """Who is paid from which document: first come first spent, or all from ``only``. Raises SB1461."""
    sources = [one for one in documents.in_order(gate.available(connection, book_id).values()) if only is None or one.document == only]
    return documents.draw(fund.book_zh, cells, [(one.document, one.free) for one in sources])


def pay(fund: Fund, event: str, amount: str, day: date, shares: Iterable[tuple[Cell, str, Fen]], details: Mapping[str, str]) -> list[Line]:
    """The lines of an event whose itemised ``amount`` is spread over items, townships and documents."""
    lines: list[Line] = []
    for (item, town), document, fen in shares:
        facts = {**details, **({"town": town} if town else {}), **({"document": document} if document else {})}
        lines += build(event, fund, {f"{amount}/{item}": fen}, facts, day=day)
    return merged(lines)


def roster_entries(
    connection: sa.Connection, roster: rosters.Roster, authority: str, debited: date | None, known: set[str], rows_of: Rows, source_of: Sources
) -> Iterator[Entry]:
    """ZX11 once sent, ZX12 once returned, ZX13 per later return; what is ``known`` by its source key is left out. Raises SB3278 for a fund's book."""
    fund, key = roster.fund, f"roster:{roster.roster_id}"
    if not fund.special:
        raise AllowanceNotFunds(roster=roster.roster_id, fund=fund.zh, file=roster.file_id, period=roster.period)
    totals = bankfile.totals(connection, roster.roster_id)
    booked = [date.fromisoformat(line.booked_on) for line in bankfile.lines(connection, roster.roster_id) if line.booked_on]
    day = debited or (min(booked) if booked else None)
    if totals.sent[1] and day is not None and f"{key}:sent" not in known:
        lines = build("ZX11", fund, {"amount": totals.sent[1]}, {}, day=day)
        yield entry("ZX11", fund, day, lines, authority=authority, source_key=f"{key}:sent", documents=(f"{key}:debit",))
    if booked and f"{key}:return" not in known:
        source, last = source_of(roster.roster_id, 0), max(booked)
        rows = rows_of(connection, roster.book_id, source)
        shares = spread(connection, roster.book_id, fund, cells_of(connection, rows))
        lines = pay(fund, "ZX12", "paid", last, shares, {})
        if totals.failed[1]:
            lines = merged([*lines, *build("ZX12", fund, {"failed": totals.failed[1]}, {"item": ""}, day=last)])
        yield entry(
            "ZX12", fund, last, lines, authority=authority, source_key=f"{key}:return", documents=(f"{key}:return",), payouts=(source, rows)
        )  # fmt: skip
    for part, back in enumerate(bankfile.comebacks(connection, roster.roster_id), start=1):
        if f"{key}:comeback:{part}" not in known and f"{key}:return" in known:
            source = source_of(roster.roster_id, part)
            rows = rows_of(connection, roster.book_id, source)
            wanted = [(cell, -fen) for cell, fen in cells_of(connection, rows)]
            when = date.fromisoformat(back.day)
            lines = pay(fund, "ZX13", "returned", when, _back_to(connection, roster, wanted), {})
            yield entry(
                "ZX13", fund, when, lines, authority=f"{authority}；退票 {back.evidence}", source_key=f"{key}:comeback:{part}",
                documents=(f"{key}:comeback:{part}",), payouts=(source, rows),
            )  # fmt: skip


def cells_of(connection: sa.Connection, rows: Sequence[PayoutRow]) -> list[tuple[Cell, Fen]]:
    """Sub-ledger rows as fen by item and township; where somebody lives the register says, '' where it does not know."""
    known = towns.of_numbers(connection, [row[0] for row in rows])
    totals: dict[Cell, Fen] = defaultdict(int)
    for number, item, _, fen, _ in rows:
        totals[item, known.get(number, "")] += fen
    return sorted(totals.items())


def _back_to(connection: sa.Connection, roster: rosters.Roster, wanted: Sequence[tuple[Cell, Fen]]) -> list[tuple[Cell, str, Fen]]:
    """Money that came back goes to the documents that paid it: same item and township first, the newest document first."""
    paid: dict[tuple[Cell, str], Fen] = {}
    for one in posted.entries(connection, roster.book_id):
        if one.entry.source_key.startswith(f"roster:{roster.roster_id}:"):
            for line in one.entry.lines:
                axes = dict(line.dimension)
                if line.account.startswith("C01"):
                    at = (line.memo, axes.get("town", "")), axes.get("document", "")
                    paid[at] = paid.get(at, 0) + line.signed
    made: list[tuple[Cell, str, Fen]] = []
    for cell, owed in wanted:
        due = owed
        for at in sorted(paid, key=lambda one: (one[0] != cell, one[0], one[1])):
            taken = min(due, paid[at]) if at[0][0] == cell[0] else 0
            if taken > 0:
                made.append((at[0], at[1], taken))
                paid[at] -= taken
                due -= taken
        if due:
            made.append((cell, "", due))
    return made
