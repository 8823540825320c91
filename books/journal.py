"""The journal: our posted entries and kept balances as Beancount text, one book per unit and fund (账套).

Everything here is a function of values, so the same store always gives the same bytes. Files of a book:
``main.beancount`` (for everybody: plain Beancount), ``proved.beancount`` (the same with ``books.plugin``),
``accounts.beancount`` and ``2026/2026-01.beancount``, one for each month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from books import privacy
from books.escape import AXES, CURRENCY, Money, Value, account_names, amount, changed, meta, quote, raw, tag, visible
from books.proof import Leg, fact, fingerprint
from ledger import accounts, balances, posted
from ledger.accounts import Book, BookAccount
from ledger.balances import Movement
from ledger.entries import Line, Side
from ledger.money import Fen
from ledger.months import Month, months
from ledger.posted import Posted

MAIN = "main.beancount"
PROVED = "proved.beancount"
ACCOUNTS = "accounts.beancount"
PLUGIN = "books.plugin"
EPOCH = "1970-01-01"
HEAD = "; Written by shebao from the store. Do not edit: see docs/books.md.\n"
FAVA_OPTIONS = {"language": "zh", "show-accounts-with-zero-transactions": "false", "invert-income-liabilities-equity": "true"}


@dataclass(frozen=True)
class BookData:
    """Everything a book is written from: the book, its accounts, its entries in posting order, its kept movements (fen)."""

    book: Book
    accounts: tuple[BookAccount, ...]
    entries: tuple[Posted, ...]
    movements: tuple[Movement, ...]

    @property
    def key(self) -> str:
        """``620821/R``: unit and fund."""
        return f"{self.book.unit_code}/{self.book.fund.value}"

    @cached_property
    def names(self) -> dict[str, str]:
        """Code → Beancount account; raises SB4001."""
        return account_names(self.accounts)

    @property
    def last_entry(self) -> int:
        """The highest entry id, 0 for an empty book."""
        return max((one.entry_id for one in self.entries), default=0)

    @property
    def closing(self) -> dict[str, Fen]:
        """Code → kept closing balance in fen, debit positive, of every account that ever moved."""
        return balances.closing_balances(self.movements)

    def as_of(self, entry_id: int) -> BookData:
        """The book as it stood when ``entry_id`` was its last entry; movements are then the sums of its lines."""
        if entry_id >= self.last_entry:
            return self
        kept = tuple(one for one in self.entries if one.entry_id <= entry_id)
        return replace(self, entries=kept, movements=summed(kept))


def summed(entries: Iterable[Posted]) -> tuple[Movement, ...]:
    """Movements as the sums of lines, in the order :func:`ledger.balances.movements` gives them."""
    totals: dict[tuple[str, Month], list[Fen]] = {}
    for one in entries:
        offset = 2 if one.entry.closing else 0
        for line in one.entry.lines:
            cells = totals.setdefault((line.account, one.entry.period), [0, 0, 0, 0])
            cells[offset + (0 if line.side is Side.D else 1)] += line.amount
    return tuple(Movement(account, month, *totals[account, month]) for account, month in sorted(totals))


def read_book(connection: Any, book: Book, through: Month | None = None) -> BookData:
    """A book from the store, up to and including the month ``through``; ``connection`` is one of ``ledger.db.reading``."""
    found = posted.entries(connection, book.book_id)
    return BookData(
        book=book,
        accounts=tuple(accounts.accounts_of(connection, book.book_id).values()),
        entries=tuple(one for one in found if through is None or one.entry.period <= through),
        movements=tuple(balances.movements(connection, book.book_id, through)),
    )


def narration(one: Posted) -> str:
    """The summary (摘要) as it stands in the book: masked, then made visible."""
    return visible(privacy.free(one.entry.summary))


def tags(one: Posted) -> list[str]:
    """The tags of an entry."""
    marks = {
        "closing": one.entry.closing,
        "correction": one.entry.corrects is not None,
        "payout": one.entry.payout_source is not None,
        "red": any(line.amount < 0 for line in one.entry.lines),
    }
    return [name for name, holds in marks.items() if holds]


def proof(data: BookData) -> str:
    """The fingerprint that the parsed book must show (see ``books.proof``)."""

    def legs(one: Posted) -> list[Leg]:
        return [(data.names[line.account], line.signed, line.side.value) for line in one.entry.lines]

    return fingerprint(
        fact(one.entry_id, one.entry.day.isoformat(), visible(one.label), narration(one), tags(one), one.digest, legs(one)) for one in data.entries
    )


def render(data: BookData) -> dict[str, str]:
    """File name (with ``/``) → text of the whole book; raises SB4001."""
    by_month: dict[Month, list[Posted]] = {}
    for one in data.entries:
        by_month.setdefault(one.entry.period, []).append(one)
    corrected = {one.entry.corrects for one in data.entries if one.entry.corrects is not None}
    files = {ACCOUNTS: _accounts(data)}
    for month, assertions in _assertions(data):
        texts = [_entry(one, data, corrected) for one in by_month.get(month, [])]
        files[f"{month.year:04d}/{month}.beancount"] = HEAD + "\n" + "\n".join([*texts, assertions])
    includes = "".join(f'include "{name}"\n' for name in files)
    files[MAIN] = _head(data) + includes
    files[PROVED] = _head(data) + f'plugin "{PLUGIN}"\n' + includes
    return files


def _head(data: BookData) -> str:
    title = f"{data.book.unit_name} {data.book.fund.book_zh}"
    options = {"title": title, "operating_currency": CURRENCY, "tolerance_multiplier": "0", "render_commas": "TRUE"}
    fava = "".join(f'{EPOCH} custom "fava-option" "{name}" "{value}"\n' for name, value in FAVA_OPTIONS.items())
    return HEAD + "".join(f'option "{name}" {quote(value)}\n' for name, value in options.items()) + fava + f"{EPOCH} commodity {CURRENCY}\n"


def _accounts(data: BookData) -> str:
    text = HEAD
    for account in sorted(data.accounts, key=lambda one: one.code):
        if not account.leaf:
            continue
        name = data.names[account.code]
        text += f"\n{account.valid_from} open {name} {CURRENCY}\n"
        facts: dict[str, Value] = {"book": data.key, "code": account.code, "title": account.full_name, "side": account.side}
        if account.valid_to:
            facts["valid_to"] = account.valid_to
        text += "".join(meta(key, value) for key, value in facts.items() if value != "")
        if account.valid_to:
            text += f"{account.valid_to} close {name}\n"
    return text


def _assertions(data: BookData) -> Iterator[tuple[Month, str]]:
    """Month → balance assertions dated the first day of the next month, for every account that has moved so far, from kept balances (B2)."""
    moved: dict[Month, list[Movement]] = {one.entry.period: [] for one in data.entries}
    for movement in data.movements:
        moved.setdefault(movement.period, []).append(movement)
    if not moved:
        return
    running: dict[str, Fen] = {}
    for month in months(min(moved), max(moved)):
        for movement in moved.get(month, []):
            running[movement.account] = running.get(movement.account, 0) + movement.net
        day = (month + 1).first_day.isoformat()
        yield month, "".join(f"{day} balance {data.names[code]}  {amount(running[code])}\n" for code in sorted(running))


def _entry(one: Posted, data: BookData, corrected: set[int]) -> str:
    entry = one.entry
    marks = [tag(name) for name in tags(one)]
    links = sorted({wanted for wanted in (entry.corrects, one.entry_id if one.entry_id in corrected else None) if wanted is not None})
    marks += [f"^correction-{wanted}" for wanted in links]
    text = " ".join([f"{entry.day.isoformat()} * {quote(one.label)} {quote(narration(one))}", *marks]) + "\n"
    text += "".join(meta(key, value) for key, value in _entry_facts(one, data.key))
    return text + "".join(_line(line, data.names[line.account]) for line in entry.lines)


def _entry_facts(one: Posted, key: str) -> Iterator[tuple[str, Value]]:
    """Metadata of an entry in their order; blanks are left out."""
    entry = one.entry
    texts = {
        "event": entry.event, "authority": entry.authority, "source_key": entry.source_key,
        "maker": one.maker, "reviewer": one.reviewer, "poster": one.poster,
    }  # fmt: skip
    masked = {name: privacy.reference(value) for name, value in texts.items()}
    summary = privacy.free(entry.summary)
    facts: dict[str, Value] = {
        "book": key, "entry_id": one.entry_id, "kind": entry.kind, "period": str(entry.period), "number": one.number, **masked,
        "recorded_at": one.recorded_at, "attachments": entry.attachments,
        "closing": entry.closing, "digest": one.digest,
        "masked": masked != texts or summary != entry.summary,
    }  # fmt: skip
    if changed(summary):
        facts["summary_raw"] = raw(summary)
    if entry.documents:
        facts["documents"] = len(entry.documents)
    if entry.corrects is not None:
        facts["corrects"] = entry.corrects
    if entry.payout_source is not None:
        facts |= {"payout_source": entry.payout_source, "payout_count": entry.payout_count, "payout_amount": Money(entry.payout_fen)}
        facts["payout_digest"] = entry.payout_digest
    for name, value in facts.items():
        if value is not False and value != "":
            yield name, value


def _line(line: Line, name: str) -> str:
    text = f"  {name}  {amount(line.signed)}\n" + meta("side", line.side.value, "    ")
    if line.amount < 0:
        text += meta("red", True, "    ")
    shown, left_out, masked = _axes(line)
    memo = privacy.free(line.memo)
    if memo:
        text += meta("memo", memo, "    ")
    for axis, value in shown.items():
        text += meta(f"axis_{axis}", value, "    ")
    if left_out:
        text += meta("axes_left_out", left_out, "    ")
    if masked or memo != line.memo:
        text += meta("masked", True, "    ")
    return text


def _axes(line: Line) -> tuple[dict[str, str], int, bool]:
    """Axes shown, how many were left out, and whether a value was masked (B5)."""
    given = {axis: value for axis, value in line.dimension if axis in AXES}
    shown = {axis: privacy.party(value) if axis == "party" else privacy.reference(value) for axis, value in given.items()}
    return shown, len(line.dimension) - len(given), shown != given
