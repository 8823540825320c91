"""Named functions of computed columns (台账的计算栏): each takes the sheet and the arguments of the register's file and gives a column.

Figures of the law (rates, days) come from the dated parameters; one that nobody has set refuses to run (SB1031).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import sqlalchemy as sa

from controls.registers import ledgerside
from controls.registers.law import Register
from controls.registers.values import RATE_UNIT, Value
from ledger.money import round_fen
from ledger.paper_numbers import paper_name
from ledger.parameters import Parameters
from ledger.working_days import calendar

Column = list[Value | None]
Arguments = Mapping[str, str]
PER_MYRIAD = 10_000


class Sheet(Protocol):
    """What a function needs of ``controls.registers.sheet.Sheet``: the rows, and their columns by name."""

    connection: sa.Connection
    law: Register
    as_of: date
    rows: list[int]

    @property
    def book_id(self) -> int:
        """The book the rows are kept under."""

    def column(self, name: str) -> Column:
        """Values of one column."""

    def fen(self, name: str) -> list[int]:
        """A column of money."""


def posted(made: Sheet, given: Arguments) -> Column:
    """Fen posted on one side of some accounts by the vouchers that the row's acts called for, and by the voucher it names."""
    own = ledgerside.own_entries(made.connection, made.book_id, made.law.name)
    entries = {row: list(own.get(row, ())) for row in made.rows}
    if field := given.get("voucher", ""):
        linked = ledgerside.linked_entries(made.connection, made.book_id, [str(one) for one in made.column(field) if one])
        for row, label in zip(made.rows, made.column(field), strict=True):
            entries[row] += [linked[str(label)]] if str(label) in linked else []
    accounts = given["accounts"].split(",")
    fen = ledgerside.by_entry(made.connection, made.book_id, accounts, given["side"], made.as_of, (one for many in entries.values() for one in many))
    return [sum(fen.get(one, 0) for one in set(entries[row])) for row in made.rows]


def booked(made: Sheet, given: Arguments) -> Column:
    """The row's amount where its own voucher, or the one it names, is posted by the day and not struck; else nil."""
    own = ledgerside.own_entries(made.connection, made.book_id, made.law.name)
    labels = made.column(given["voucher"]) if "voucher" in given else [None] * len(made.rows)
    linked = ledgerside.linked_entries(made.connection, made.book_id, [str(one) for one in labels if one])
    there = ledgerside.posted_days(made.connection, made.book_id, [*linked.values(), *(one for many in own.values() for one in many)], made.as_of)
    there -= ledgerside.reversed_entries(made.connection, made.book_id, made.as_of)
    amounts = made.fen(given["amount"])
    kept = [any(one in there for one in own.get(row, ())) or linked.get(str(label)) in there for row, label in zip(made.rows, labels, strict=True)]
    return [fen if here else 0 for fen, here in zip(amounts, kept, strict=True)]


def received(made: Sheet, given: Arguments) -> Column:
    """到位: fen that the ledger received on the row's 指标文号, 用途 and 级次; a paper that names no purpose counts where only one row can mean it.

    With the argument ``this``: of the year of the day alone. ``opening``: what came before the book was opened and lies in its opening balances;
    ``voucher``: the voucher that booked the money person by person, without the paper.
    """
    since = date(made.as_of.year, 1, 1) if "this" in given else date.min
    known = ledgerside.received(made.connection, made.book_id, made.as_of, since)
    purposes, levels = (made.column(given[name]) for name in ("purpose", "level"))
    documents = [paper_name(str(document)) for document in made.column(given["document"])]
    alone = Counter(zip(documents, levels, strict=True))
    counts = "opening" in given and ("this" not in given or (made.book is not None and (made.book.opened + 1).year == made.as_of.year))
    before = made.fen(given["opening"]) if counts else [0] * len(made.rows)
    labels = [str(one or "") for one in made.column(given["voucher"])] if "voucher" in given else [""] * len(made.rows)
    linked = ledgerside.linked_entries(made.connection, made.book_id, [one for one in labels if one])
    before = [fen + known.get((f"{ledgerside.ENTRY}{linked.get(label)}", "", str(level)), 0) for fen, label, level in zip(before, labels, levels, strict=True)]
    return [
        earlier + known.get((document, str(purpose), str(level)), 0) + (known.get((document, "", str(level)), 0) if alone[document, level] == 1 else 0)
        for document, purpose, level, earlier in zip(documents, purposes, levels, before, strict=True)
    ]


def movement(made: Sheet, given: Arguments) -> Column:
    """Ours of a confirmation: the ledger's movement of the month on the account of the row's kind, with that counterpart where lines name one."""
    known = ledgerside.movement(made.connection, made.book_id, made.as_of)
    found: Column = []
    for kind, month, party in zip(made.column(given["kind"]), made.column(given["month"]), made.column(given["party"]), strict=True):
        account = given[str(kind)]
        named = {key[2]: value for key, value in known.items() if key[0] == account and key[1] == month}
        debit, credit = named.get(str(party), named.get("", (0, 0)))
        found.append(debit - credit if account[0] == "5" else credit - debit)
    return found


def interest(made: Sheet, given: Arguments) -> Column:
    """Simple interest by the paper's own terms: principal × yearly rate × days ÷ basis (360 or 365), or by whole months ÷ 12, rounded to the fen."""
    names = ("principal", "rate", "since", "until", "basis")
    columns = [made.column(given[name]) for name in names]
    return [_simple(*values) for values in zip(*columns, strict=True)]


def _simple(principal: Value | None, rate: Value | None, since: Value | None, until: Value | None, basis: Value | None) -> int:
    if not isinstance(principal, int) or not isinstance(rate, int) or since is None or until is None:
        return 0
    first, last = date.fromisoformat(str(since)), date.fromisoformat(str(until))
    if basis == "对年对月":
        months = (last.year - first.year) * 12 + last.month - first.month
        parts, whole = months, 12
    else:
        parts, whole = (last - first).days, 360 if basis == "实际天数/360" else 365
    return round_fen(Decimal(principal * rate * parts) / (100 * RATE_UNIT * whole) / 100)


def late_fee(made: Sheet, given: Arguments) -> Column:
    """滞纳金 reckoned on what is still open, from the day after the term (or after the deferral's end) to the day of the sheet; never booked from here.

    社会保险法第八十六条: 按日加收, the rate from the parameter ``late_fee_daily`` on the first day of delay.
    """
    parameters = Parameters.load()
    known: dict[str, Decimal] = {}
    found: Column = []
    for fen, since, deferred in zip(made.fen(given["base"]), made.column(given["since"]), made.column(given["deferred_to"]), strict=True):
        start = max(str(since or ""), str(deferred or "")) if fen > 0 else ""
        if start and start not in known:
            known[start] = _per_fen(date.fromisoformat(start), (made.as_of - date.fromisoformat(start)).days, parameters)
        found.append(round_fen(fen * known[start]) if start else 0)
    return found


def _per_fen(due_on: date, days: int, parameters: Parameters) -> Decimal:
    """Yuan of late fee on one fen for ``days`` after ``due_on``."""
    return Decimal(parameters.number("late_fee_daily", due_on + timedelta(days=1)) * days) / PER_MYRIAD / 100 if days > 0 else Decimal(0)


def fee(fen: int, due_on: date, days: int, parameters: Parameters) -> int:
    """Fen of late fee on ``fen`` for ``days`` after ``due_on``; raises SB1031 before the law's first day."""
    return round_fen(fen * _per_fen(due_on, days, parameters))


def papers(made: Sheet, given: Arguments) -> Column:
    """转移接续: whether money and papers have both come: 齐全, 有款无单, 有单无款, or 均未到."""
    words = {(True, True): "齐全", (True, False): "有款无单", (False, True): "有单无款", (False, False): "均未到"}
    sheets = made.column(given["paper"])
    return [words[fen != 0, bool(paper)] for fen, paper in zip(made.fen(given["money"]), sheets, strict=True)]


def latest(made: Sheet, given: Arguments) -> Column:
    """The later of two days: a term, or the end of its deferral."""
    pairs = zip(made.column(given["one"]), made.column(given["other"]), strict=True)
    return [max((str(day) for day in pair if day), default=None) for pair in pairs]


def refund_state(made: Sheet, given: Arguments) -> Column:
    """退款状态: 已到账, 部分到账 or 未到账, by what is posted of the claim."""
    return [
        "已到账" if claim and got >= claim else "部分到账" if got else "未到账"
        for claim, got in zip(made.fen(given["claim"]), made.fen(given["recovered"]), strict=True)
    ]


def working_day(made: Sheet, given: Arguments) -> Column:
    """The day so many working days after another (SB1500 for a year without a calendar). How many is a dated parameter (SB1031 while unset):

    ``parameter`` names it, or ``by`` names the column whose words choose among the other arguments; a word that none names has no clock.
    """
    parameters, days = Parameters.load(), calendar()
    kinds: Column = made.column(given["by"]) if "by" in given else [""] * len(made.rows)
    found: Column = []
    for since, kind in zip(made.column(given["since"]), kinds, strict=True):
        name = given.get(str(kind), "") if "by" in given else given["parameter"]
        if since is None or not name:
            found.append(None)
            continue
        start = date.fromisoformat(str(since))
        found.append(days.after(start, parameters.number(name, start)).isoformat())
    return found


FUNCTIONS: dict[str, Callable[[Sheet, Arguments], Column]] = {
    "posted": posted, "booked": booked, "received": received, "movement": movement, "interest": interest, "late_fee": late_fee, "papers": papers,
    "refund_state": refund_state, "latest": latest, "working_day": working_day,
}  # fmt: skip
"""Every function that a register's file may call."""
