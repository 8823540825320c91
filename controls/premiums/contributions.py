"""A taken contributions file planned as vouchers: groups by family, nature, month and refund, each with its rows by person, part and period.

The plan hangs on the file alone and on what was posted before it was taken in, so that proposing and posting give the same rows.
Columns, never a loop over rows: a million rows are planned in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.intake.snapshots import SourceFile
from controls.premiums import law
from controls.premiums.errors import NoPersonNumber, UnknownPayer
from controls.premiums.law import PayerRule
from ledger.entries import ContributionRow
from ledger.errors_posting import SubledgerDiffers
from ledger.event_file import event as event_law
from ledger.events import build
from ledger.funds import Fund
from ledger.money import Fen
from ledger.months import Month
from ledger.tables import contribution, entry

COLUMNS = ("line", "fund", "number", "id_raw", "payer", "level", "nature", "subsidy_kind", "period", "amount", "received_on", "ticket")
SOURCES = 1000
"""Sub-ledger sources of one file: ``file_id * SOURCES + place``."""
CLAIM_SOURCES = 1_000_000_000
"""Sub-ledger sources of claims begin above this."""
RECEIPT, YEAR, EARLIER, RED = "receipt", "year", "earlier", "red"
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Group:
    """One voucher to be: ``place`` in the file's plan (its sub-ledger source), what it books, and its sums in fen.

    ``kind``: receipt, year (refund of this year's), earlier (refund of an earlier year's) or red (on the same side).
    ``amounts`` by the template's amount, always positive but for red; ``days`` fen by day of receipt; ``parts``: part → (account, fen signed, rows).
    """

    place: int
    family: str
    nature: str
    month: Month
    kind: str
    rules: tuple[PayerRule, ...]
    amounts: dict[str, Fen]
    days: tuple[tuple[date, Fen], ...]
    parts: dict[str, tuple[str, Fen, int]]
    lines: int

    @property
    def fen(self) -> Fen:
        """The rows' sum, refunds negative."""
        return sum(fen for _, fen in self.days)

    @property
    def day(self) -> date:
        """The accounting date: the last day of receipt in the month."""
        return self.days[-1][0]

    @property
    def payers(self) -> tuple[str, ...]:
        """The payers in it, as the file writes them."""
        return tuple(sorted({rule.payer for rule in self.rules}))


@dataclass(frozen=True)
class Plan:
    """What a file books in one fund: groups in order of ``place``; ``late`` fees apart (day → fen); ``nothing`` rows of zero."""

    source: SourceFile
    fund: Fund
    groups: tuple[Group, ...]
    late: tuple[tuple[date, Fen], ...]
    nothing: int
    tickets: frozenset[str]
    _table: dict[int, pa.Table] = field(repr=False)

    def group(self, place: int) -> Group:
        """The group at a place; raises SB1305 when the file plans none there."""
        found = next((one for one in self.groups if one.place == place), None)
        if found is None:
            raise SubledgerDiffers(why=f"缴费文件 {self.source.file_id} 不再有第 {place} 组，先退回该凭证重新提出")
        return found

    def table(self, place: int) -> pa.Table:
        """number, part, period, fen of a group, summed by the first three and sorted by them in bytes."""
        summed = self._table[place].group_by(["number", "part", "period"], use_threads=False).aggregate([("amount", "sum")])
        return summed.sort_by([("number", "ascending"), ("part", "ascending"), ("period", "ascending")])

    def rows(self, place: int) -> Iterator[ContributionRow]:
        """The sub-ledger rows of a group in key order, some at a time."""
        accounts = {part: account for part, (account, _, _) in self.group(place).parts.items()}
        for batch in self.table(place).to_batches(CHUNK):
            numbers, parts, periods, fen = (batch.column(name).to_pylist() for name in ("number", "part", "period", "amount_sum"))
            yield from zip(numbers, parts, periods, fen, [accounts[part] for part in parts], strict=True)


def source_id(file_id: int, place: int) -> int:
    """The sub-ledger source of a file's group."""
    return file_id * SOURCES + place


def plan(connection: sa.Connection, home: Path, source: SourceFile, fund: Fund, book_id: int) -> Plan:
    """The vouchers that a contributions file calls for in one fund. Raises SB3022, SB3210, SB3211."""
    from pyarrow import parquet

    table = parquet.read_table(source.path(home), columns=list(COLUMNS))
    table = table.filter(pc.equal(_text(table, "fund"), fund.value))
    return of(table, source, fund, lambda numbers: _received(connection, book_id, source, numbers))


def of(table: pa.Table, source: SourceFile, fund: Fund, received: Any) -> Plan:
    """:func:`plan` of a canonical table; ``received(numbers)`` gives {(number, part, period): {year: fen}} booked before. Raises SB3210, SB3211."""
    whole = table.num_rows
    table = table.filter(pc.not_equal(table.column("amount"), 0))
    number = _numbers(table, source)
    rule_at, rules, natures = _rules(table, source, fund)
    nature_at = natures[1]
    late = nature_at < 0
    day = pc.cast(table.column("received_on"), pa.int32()).to_numpy()
    month = np.asarray(pc.add(pc.multiply(pc.year(table.column("received_on")), 100), pc.month(table.column("received_on"))))
    amount = table.column("amount").to_numpy()
    part = pa.DictionaryArray.from_arrays(pa.array(np.maximum(rule_at, 0).astype(np.int32)), pa.array([rule.part for rule in rules] or [""])).cast(pa.string())
    frame = pa.table(
        {"number": number, "part": part, "period": table.column("period"), "amount": table.column("amount"), "year": pc.year(table.column("received_on"))}
    )
    kind = _kinds(frame, rule_at, rules, amount, late, received)
    families = sorted({rule.family for rule in rules})
    family = np.array([families.index(rule.family) for rule in rules] or [0])[np.maximum(rule_at, 0)]
    plain = np.array([not rule.nature for rule in rules] or [False])[np.maximum(rule_at, 0)]
    nature_at = np.where(plain | (kind == _KINDS.index(EARLIER)), 0, nature_at)
    keys = (((month.astype(np.int64) * 64 + family) * 64 + nature_at) * 8 + kind)[~late]
    groups, place = _group(keys, rule_at[~late], rules, amount[~late], day[~late], natures[0], families, fund)
    placed = np.zeros(len(amount), np.int32)
    placed[~late] = place
    tables = _cut(frame.select(["number", "part", "period", "amount"]), placed)
    groups = [_with_parts(one, tables[one.place], fund) for one in groups]
    fees = _days(day[late], amount[late])
    tickets = frozenset(ticket for ticket in pc.unique(_text(table, "ticket")).to_pylist() if ticket)
    return Plan(source, fund, tuple(groups), fees, whole - table.num_rows, tickets, tables)


def _cut(frame: pa.Table, placed: Any) -> dict[int, pa.Table]:
    """The rows of each place, in the order of the file; each a slice of one table put in order of places."""
    order = np.argsort(placed, kind="stable")
    frame, sorted_ = frame.take(pa.array(order)).combine_chunks(), placed[order]
    places, starts, counts = np.unique(sorted_, return_index=True, return_counts=True)
    return {place: frame.slice(start, count) for place, start, count in zip(places.tolist(), starts.tolist(), counts.tolist(), strict=True)}


def _text(table: pa.Table, name: str) -> Any:
    if name == "subsidy_kind" and name not in table.column_names:
        return pa.chunked_array([pa.array([""] * table.num_rows, pa.string())])
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    return pc.fill_null(column, "")


def _numbers(table: pa.Table, source: SourceFile) -> Any:
    """The number that rows go under: the normal one, else as given. Raises SB3211 for rows with neither."""
    number = _text(table, "number")
    number = pc.if_else(pc.equal(number, ""), _text(table, "id_raw"), number)
    blank = pc.equal(number, "")
    if found := pc.sum(blank).as_py():
        raise NoPersonNumber(file=source.file_id, rows=found, line=table.filter(blank).column("line")[0].as_py())
    return number


def _rules(table: pa.Table, source: SourceFile, fund: Fund) -> tuple[Any, list[PayerRule], tuple[list[str], Any]]:
    """Place of each row's rule (-1 for late fees), the rules met, the natures met and each row's (-1: a late fee). Raises SB3210."""
    file = law.payers()
    columns = [_text(table, name) for name in ("payer", "level", "nature", "subsidy_kind")]
    joined = pc.binary_join_element_wise(*columns, "\x1f").combine_chunks()
    coded = joined.dictionary_encode() if not isinstance(joined, pa.ChunkedArray) else pa.concat_arrays(joined.chunks).dictionary_encode()
    rules: list[PayerRule] = []
    natures = list(file.natures)
    rule_of, nature_of = [], []
    for place, text in enumerate(coded.dictionary.to_pylist()):
        payer, level, nature, kind = text.split("\x1f")
        if any(word in nature for word in file.late_fee.words):
            rule_of.append(-1)
            nature_of.append(-1)
            continue
        rule, nature = file.rule(fund, payer, level, kind), nature or file.blank_nature
        if rule is None or (rule.nature and nature not in natures):
            rows = pc.equal(coded.indices, place)
            what = f"{payer}{'·' + level if level else ''}" + ("" if rule is None else f"·{nature}")
            raise UnknownPayer(file=source.file_id, rows=pc.sum(rows).as_py(), fund=fund.short, what=what, line=table.filter(rows).column("line")[0].as_py())
        if rule not in rules:
            rules.append(rule)
        rule_of.append(rules.index(rule))
        nature_of.append(natures.index(nature) if rule.nature else 0)
    indices = coded.indices.to_numpy(zero_copy_only=False)
    return np.array(rule_of or [0], np.int32)[indices], rules, (natures, np.array(nature_of or [0], np.int32)[indices])


_KINDS = (RECEIPT, YEAR, EARLIER, RED)


def _kinds(frame: pa.Table, rule_at: Any, rules: list[PayerRule], amount: Any, late: Any, received: Any) -> Any:
    """0 receipt, 1 refund of money of this year, 2 of an earlier year, 3 red on the same side.

    What a person paid into that part and period in the year of the refund, in this file or before, goes back first as this year's;
    money of which no receipt is known is judged by its premium year.
    """
    kind = np.zeros(len(amount), np.int8)
    back = np.flatnonzero((amount < 0) & ~late)
    if not len(back):
        return kind
    by_event = np.array([rule.refund is not None for rule in rules])[rule_at[back]]
    only_year = np.array([rule.refund is not None and not rule.refund.earlier for rule in rules])[rule_at[back]]
    kind[back] = np.where(by_event, 1, 3)
    asked = back[by_event & ~only_year]
    if not len(asked):
        return kind
    chosen = frame.take(pa.array(asked))
    wanted = pc.unique(chosen.column("number"))
    known: dict[tuple[str, str, int], dict[int, Fen]] = {key: dict(years) for key, years in received(wanted.to_pylist()).items()}
    mine = frame.filter(pc.and_(pc.greater(frame.column("amount"), 0), pc.is_in(frame.column("number"), wanted)))
    for row in mine.to_pylist():
        years = known.setdefault((row["number"], row["part"], row["period"]), {})
        years[row["year"]] = years.get(row["year"], 0) + row["amount"]
    for at, row in zip(asked, chosen.to_pylist(), strict=True):
        years = known.get((row["number"], row["part"], row["period"]), {})
        if years.get(row["year"], 0) >= -row["amount"]:
            years[row["year"]] += row["amount"]
        elif years or row["period"] // 100 < row["year"]:
            kind[at] = 2
    return kind


def _group(
    keys: Any, rule_at: Any, rules: list[PayerRule], amount: Any, day: Any, natures: list[str], families: list[str], fund: Fund
) -> tuple[list[Group], Any]:
    if not len(keys):
        return [], np.zeros(0, np.int32)
    distinct, inverse = np.unique(keys, return_inverse=True)
    groups = []
    for at, code in enumerate(distinct.tolist()):
        month, family, nature, kind = code >> 15, code >> 9 & 63, code >> 3 & 63, code & 7
        mask = inverse == at
        amounts: dict[str, Fen] = {}
        present = [rules[one] for one in np.unique(rule_at[mask]).tolist()]
        for rule in present:
            fen = int(amount[mask & (rule_at == rules.index(rule))].sum())
            amounts[rule.amount] = amounts.get(rule.amount, 0) + (-fen if _KINDS[kind] in (YEAR, EARLIER) else fen)
        if _KINDS[kind] == EARLIER or (fund is Fund.ME and _KINDS[kind] == YEAR):
            amounts = {"amount": sum(amounts.values())}
        named = natures[nature] if present[0].nature and _KINDS[kind] != EARLIER else ""
        groups.append(
            Group(
                at + 1,
                families[family],
                named,
                Month.from_number(month),
                _KINDS[kind],
                tuple(present),
                amounts,
                _days(day[mask], amount[mask]),
                {},
                int(mask.sum()),
            )
        )
    return groups, (inverse + 1).astype(np.int32)


def _days(day: Any, amount: Any) -> tuple[tuple[date, Fen], ...]:
    distinct, inverse = np.unique(day, return_inverse=True)
    sums = np.zeros(len(distinct), np.int64)
    np.add.at(sums, inverse.reshape(-1), amount)
    start = date(1970, 1, 1).toordinal()
    return tuple((date.fromordinal(start + one), fen) for one, fen in zip(distinct.tolist(), sums.tolist(), strict=True))


def _with_parts(group: Group, frame: pa.Table, fund: Fund) -> Group:
    """The group with the account, fen and rows of each part; ``frame`` its rows."""
    sums = frame.group_by(["part"]).aggregate([("amount", "sum"), ("number", "count")]).to_pylist()
    rule_of = {rule.part: rule for rule in group.rules}
    parts = {row["part"]: (account_of(group, rule_of[row["part"]], fund), row["amount_sum"], row["number_count"]) for row in sums}
    return Group(
        group.place, group.family, group.nature, group.month, group.kind, group.rules, group.amounts, group.days, dict(sorted(parts.items())), group.lines
    )


def event_of(group: Group, rule: PayerRule, into: str) -> str:
    """The event that books a rule's money in this group; '' when it cannot move through ``into``."""
    if group.kind == YEAR and rule.refund is not None:
        return rule.refund.year
    if group.kind == EARLIER and rule.refund is not None:
        return rule.refund.earlier
    return rule.events.get(into, "")


def details_of(group: Group, event: str, cash: str) -> dict[str, str]:
    """The details of the event: nature, and the account that received (``into``) or paid (``from``) where the template asks for it."""
    specs = event_law(event).details
    found = {name: cash for name in ("into", "from") if name in specs}
    return found | ({"nature": group.nature} if "nature" in specs and group.nature else {})


def account_of(group: Group, rule: PayerRule, fund: Fund) -> str:
    """The leaf account that a part's money is booked on: the leg of the event that is not the bank's."""
    into = next(iter(rule.events))
    event = event_of(group, rule, into)
    amount = rule.amount if rule.amount in group.amounts else "amount"
    cash = "1004" if group.kind in (YEAR, EARLIER) else into
    lines = build(event_law(event), fund, {amount: 1}, details_of(group, event, cash), day=group.day)
    return next(line.account for line in lines if not line.account.startswith("100"))


def _received(connection: sa.Connection, book_id: int, source: SourceFile, numbers: list[str]) -> dict[tuple[str, str, int], dict[int, Fen]]:
    """What these persons paid and was booked before the file was taken in: by part and period, by year of the voucher, refunds taken off."""
    heads, rows = entry.c, contribution.c
    owners = connection.execute(
        sa.select(heads.contribution_source, heads.period).where(
            heads.book_id == book_id, heads.contribution_source.is_not(None), heads.recorded_at <= source.taken_at
        )
    ).all()
    own = range(source_id(source.file_id, 0), source_id(source.file_id + 1, 0))
    years = {row.contribution_source: row.period.year for row in owners if abs(row.contribution_source) not in own}
    found: dict[tuple[str, str, int], dict[int, Fen]] = {}
    for first in range(0, len(numbers), 500):
        chosen = numbers[first : first + 500]
        query = sa.select(rows.source_id, rows.number, rows.part, rows.period, rows.amount_fen).where(
            rows.book_id == book_id, rows.source_id.in_(sorted(years)), rows.number.in_(chosen)
        )
        for row in connection.execute(query) if years else ():
            by_year = found.setdefault((row.number, row.part, row.period), {})
            by_year[years[row.source_id]] = by_year.get(years[row.source_id], 0) + int(row.amount_fen)
    return found
