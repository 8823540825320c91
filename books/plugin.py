"""Beancount plugin that re-proves the ledger's invariants inside the book, from the book alone.

``proved.beancount`` names it; it needs Beancount and nothing of ours, so an auditor can run it anywhere. Each
message begins with the invariant: L1 balanced to the fen on both sides, L2 one unit and fund, L4 numbers without
a gap by kind and month, L6 accounts of this book on that day, L9 two people and an authority, L11 one document
once, B2 kept balances asserted, B5 no personal numbers, and the marks of closing and red entries.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from beancount.core import account_types, data
from beancount.parser import options

__plugins__ = ("prove",)

FEN = Decimal("0.01")
CURRENCY = "CNY"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RESIDENT = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20|21)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])")


class Broken(NamedTuple):
    """A broken invariant, as Beancount prints errors."""

    source: Any
    message: str
    entry: Any


Check = Callable[[list[Any], list[Any], dict[str, Any]], Iterator[Broken]]


def prove(entries: list[Any], options_map: dict[str, Any]) -> tuple[list[Any], list[Broken]]:
    """Runs every check over the directives and changes none of them."""
    vouchers = [entry for entry in entries if isinstance(entry, data.Transaction)]
    return entries, [broken for check in CHECKS for broken in check(vouchers, entries, options_map)]


def _broken(entry: Any, rule: str, why: str) -> Broken:
    return Broken(entry.meta, f"[{rule}] {why}", entry)


def balanced(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """L1: plain CNY to the fen, sum zero, debit equals credit, and every sign as its side and redness say."""
    for voucher in vouchers:
        sides = {"D": Decimal(0), "C": Decimal(0)}
        for leg in voucher.postings:
            facts = leg.meta or {}
            side, red = facts.get("side"), facts.get("red") is True
            if leg.units.currency != CURRENCY or leg.cost is not None or leg.price is not None or leg.units.number % FEN:
                yield _broken(voucher, "L1", f"分录不是整分的人民币 / not plain yuan and fen: {leg.account} {leg.units}")
            elif side not in sides:
                yield _broken(voucher, "L1", f"分录缺借贷方向 / no side: {leg.account}")
            elif (leg.units.number < 0) is not ((side == "C") is not red) or not leg.units.number:
                yield _broken(voucher, "L1", f"金额正负与方向、红字标记不符 / sign contradicts side and red: {leg.account} {leg.units}")
            else:
                sides[side] += leg.units.number
        if len(voucher.postings) < 2 or sides["D"] + sides["C"] != 0:
            yield _broken(voucher, "L1", f"借贷不平 / unbalanced: 借 {sides['D']} 贷 {-sides['C']}")


def one_fund(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """L2: every voucher and every account names the same book (unit/fund)."""
    opens = [entry for entry in entries if isinstance(entry, data.Open)]
    books = {str(entry.meta.get("book")) for entry in opens}
    for entry in [*opens, *vouchers]:
        if len(books) != 1 or entry.meta.get("book") not in books:
            yield _broken(entry, "L2", f"跨账套 / another book: {entry.meta.get('book')}（本账套 {'、'.join(sorted(books))}）")


def gapless(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """L4: numbers run 1, 2, 3 … by kind and month in the order of posting, dated in their month, and the label says so."""
    series: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for voucher in vouchers:
        facts = voucher.meta
        period, kind, number = str(facts.get("period")), str(facts.get("kind")), facts.get("number")
        if period != voucher.date.strftime("%Y-%m"):
            yield _broken(voucher, "L4", f"凭证日期不在会计期间内 / date outside its period: {voucher.date} {period}")
        if not isinstance(number, Decimal) or not isinstance(facts.get("entry_id"), Decimal):
            yield _broken(voucher, "L4", "缺凭证号 / no number")
            continue
        if voucher.payee != f"{kind}-{period}-{int(number):04d}":
            yield _broken(voucher, "L4", f"凭证号与标签不符 / label contradicts number: {voucher.payee}")
        series[kind, period].append(voucher)
    for (kind, period), run in series.items():
        run.sort(key=lambda voucher: voucher.meta["entry_id"])
        for wanted, voucher in enumerate(run, start=1):
            if voucher.meta["number"] != wanted:
                yield _broken(voucher, "L4", f"凭证号不连续 / gap: {kind} {period} 应为 {wanted}，实为 {voucher.meta['number']}")
                break


def known_accounts(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """L6: each line's account is open on that day; its last day is the one before ``valid_to``. Its code leads its name."""
    opens = {entry.account: entry for entry in entries if isinstance(entry, data.Open)}
    for name, entry in opens.items():
        code = entry.meta.get("code")
        if not isinstance(code, str) or not name.rpartition(":")[2].startswith(code):
            yield _broken(entry, "L6", f"科目编号与名称不符 / code contradicts name: {code} {name}")
    for voucher in vouchers:
        for leg in voucher.postings:
            found = opens.get(leg.account)
            end = found.meta.get("valid_to") if found else None
            if found is None or voucher.date < found.date or (end and voucher.date >= datetime.date.fromisoformat(end)):
                yield _broken(voucher, "L6", f"科目当日不可用 / account not in force: {leg.account} {voucher.date}")


def two_people(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """L9: maker and poster are not the reviewer; the authority is named; the digest is there."""
    for voucher in vouchers:
        facts = voucher.meta
        for key in ("maker", "reviewer", "poster", "authority", "source_key", "recorded_at"):
            if not facts.get(key):
                yield _broken(voucher, "L9", f"缺 {key} / {key} is missing")
        if facts.get("reviewer") in (facts.get("maker"), facts.get("poster")):
            yield _broken(voucher, "L9", f"制单或记账与审核是同一人 / the reviewer also made or posted it: {facts.get('reviewer')}")
        if not isinstance(facts.get("digest"), str) or _DIGEST.fullmatch(facts["digest"]) is None:
            yield _broken(voucher, "L9", "缺摘要值 / no digest")


def booked_once(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """L11: a source document and an entry id occur once; a correction points back to an earlier entry of this book."""
    ids = {voucher.meta.get("entry_id") for voucher in vouchers}
    for key in ("source_key", "entry_id"):
        seen: set[Any] = set()
        for voucher in vouchers:
            value = voucher.meta.get(key)
            if value in seen and not (key == "source_key" and voucher.meta.get("masked")):
                yield _broken(voucher, "L11", f"重复 {key} / repeated: {value}")
            seen.add(value)
    for voucher in vouchers:
        target = voucher.meta.get("corrects")
        if ("correction" in voucher.tags) is (target is None) or (target is not None and (target not in ids or target >= voucher.meta["entry_id"])):
            yield _broken(voucher, "L3", f"更正凭证没有指向更早的凭证 / a correction must point to an earlier entry: {target}")


def closing_marks(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """Closing entries (结转) carry tag and key, move nothing but income, expense and net assets, and no unmarked entry does just that."""
    types: Any = options.get_account_types(options_map)  # type: ignore[no-untyped-call]
    nominal = {types.income, types.expenses}
    for voucher in vouchers:
        roots = {account_types.get_account_type(leg.account) for leg in voucher.postings}
        marked = "closing" in voucher.tags
        if marked is not (voucher.meta.get("closing") is True):
            yield _broken(voucher, "closing", "结转标签与标记不符 / tag and key disagree")
        inside = roots <= nominal | {types.equity}
        if marked and not inside:
            yield _broken(voucher, "closing", f"结转凭证动了资产或负债 / a closing entry moved {'、'.join(sorted(roots))}")
        if not marked and inside and types.equity in roots and roots & nominal:
            yield _broken(voucher, "closing", "像结转而没有结转标记 / looks like closing and is not marked")
        if ("red" in voucher.tags) is not any((leg.meta or {}).get("red") is True for leg in voucher.postings):
            yield _broken(voucher, "closing", "红字标签与分录不符 / tag red contradicts the lines")


def asserted(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """B2: at the end of each month every account moved so far is asserted, without tolerance."""
    if options_map["tolerance_multiplier"] != 0:
        yield Broken(data.new_metadata(options_map["filename"], 0), "[B2] 容差不为零 / the tolerance is not zero", None)
    stated: dict[datetime.date, set[str]] = defaultdict(set)
    for entry in entries:
        if isinstance(entry, data.Balance):
            stated[entry.date].add(entry.account)
            if entry.tolerance is not None or entry.amount.currency != CURRENCY or entry.date.day != 1:
                yield _broken(entry, "B2", "余额断言带容差、外币或不在月初 / assertion with tolerance, another currency or not on the first")
    moved: set[str] = set()
    months: dict[datetime.date, list[Any]] = defaultdict(list)
    for voucher in vouchers:
        months[_next_first(voucher.date)].append(voucher)
    for day in sorted({*months, *stated}):
        moved |= {leg.account for voucher in months.get(day, []) for leg in voucher.postings}
        for name in sorted(moved - stated.get(day, set())):
            source = months[day][0].meta if months.get(day) else data.new_metadata(options_map["filename"], 0)
            yield Broken(source, f"[B2] {day} 没有断言余额 / balance not asserted: {name}", None)


def _next_first(day: datetime.date) -> datetime.date:
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def nothing_personal(vouchers: list[Any], entries: list[Any], options_map: dict[str, Any]) -> Iterator[Broken]:
    """B5: no string of a voucher holds a resident's number."""
    for voucher in vouchers:
        own = [voucher.narration or "", voucher.payee or "", *(value for value in voucher.meta.values() if isinstance(value, str))]
        legs = [value for leg in voucher.postings for value in (leg.meta or {}).values() if isinstance(value, str)]
        if any(_RESIDENT.search(text) for text in own + legs):
            yield _broken(voucher, "B5", "账簿中出现公民身份号码 / a resident's number stands in the book")


CHECKS: tuple[Check, ...] = (balanced, one_fund, gapless, known_accounts, two_people, booked_once, closing_marks, asserted, nothing_personal)
