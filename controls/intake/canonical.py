"""Canonical tables (规范表): the English, typed table that checks, rosters and books read, one shape a contract.

Every table begins with ``file`` (base name) and ``line`` (int32). Text is '' when absent; dates, months and the
amounts named below are null when absent; amounts are fen, months ``yyyymm`` (a premium year Y is Y00).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import sides, wide
from controls.intake.cells import squash
from controls.intake.columns import Reading
from controls.intake.contracts import Contract, reasons
from controls.intake.errors import CellBlank, CreditCodeFails, NetDiffers, OneSide, SpanReversed
from ledger.identity.organisations import organisation_code
from ledger.money import show

IDENTITY = ("id_raw", "id_type", "number", "number_ok", "damaged", "name", "name_norm")
CERTAIN, BY_CREMATION = 1000, 900

SHAPES: dict[str, tuple[str, ...]] = {
    "payments": ("fund", "region", *IDENTITY, "item", "item_class", "has_item", "period", "span_from", "span_to", "paid_on", "paid_month", "amount",
                 "account", "holder", "bank", "status", "serial", "orig_serial", "orig_period", "source", "handler", "reviewer"),
    "deaths": (*IDENTITY, "sex", "birth", "region", "town", "village", "address", "death_on", "death_month", "cremated_on", "registered_on", "source", "reason",
               "confidence", "is_death"),
    "people": (*IDENTITY, "sex", "birth", "file_birth", "worked_on", "fund", "region", "town", "village", "address", "enrol_status", "benefit_status",
               "retire_kind", "first_month", "start_month", "end_month", "certified_on", "phone", "former_name"),
    "custody": (*IDENTITY, "sex", "birth", "detained_on", "imprisoned_on", "released_on", "mode", "source"),
    "contributions": ("fund", "region", *IDENTITY, "period", "year", "payer", "subsidy_kind", "level", "tier", "amount", "received_on", "nature",
                      "employer_code", "employer", "ticket"),
    "entitled": (*IDENTITY, "category", "from_on", "to_on", "disability", "source"),
    "accounts": ("account", "holder", "kind", "id_raw", "number", "number_ok", "damaged", "from_on", "to_on"),
    "recoveries": (*IDENTITY, "fund", "from_month", "to_month", "amount", "way", "received_on", "voucher"),
    "balances": (*IDENTITY, "fund", "region", "saved", "saved_on"),
    "absences": (*IDENTITY, "sex", "birth", "kind", "from_on", "to_on", "source"),
    "employers": ("employer_code", "employer", "state", "closed_on", "source"),
    "holdings": (*IDENTITY, "kind", "detail", "from_on", "to_on", "source"),
    "claims": (*IDENTITY, "fund", "region", "hospital", "invoice", "admitted_on", "discharged_on", "settled_on", "cost", "amount"),
    "subsidies": ("fund", "level", "document", "purpose", "amount", "received_on"),
    "roster": ("seq", "fund", *IDENTITY, "item", "item_class", "period", "gross", "offset", "offset_to", "withheld", "net", "account", "holder", "bank",
               "region", "note"),
    "bank-return": ("seq", "account", "holder", "amount", "ok", "reason", "serial", "booked_on"),
    "bank": ("account", "on", "memo", "debit", "credit", "balance", "serial", "party", "party_account"),
    "tax": ("fund", "on", "ticket", "item", "level", "amount", "payer", "period", "treasury"),
    "vouchers": ("on", "kind", "number", "attachments", "summary", "account", "account_name", "debit", "credit", "id_number", "maker", "reviewer", "block"),
    "trial-balance": ("account", "account_name", "debit", "credit", "year_opening_debit", "year_opening_credit", "year_debit", "year_credit", "bank_account"),
}  # fmt: skip

CONTROL: dict[str, tuple[str, ...]] = {
    "payments": ("amount",), "contributions": ("amount",), "recoveries": ("amount",), "subsidies": ("amount",), "roster": ("net",), "bank-return": ("amount",),
    "balances": ("saved",), "claims": ("amount",), "bank": ("debit", "credit"), "tax": ("amount",), "vouchers": ("debit",), "trial-balance": ("debit",),
}  # fmt: skip
"""Amounts whose sum is the control total of a file, in fen."""

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a block: data rows, the line of the last one (None: nothing), and its number of block (see :func:`blocks`)."""

    rows: int = 0
    line: int | None = None
    block: int = 1

    def after(self, lines: Any) -> Before:
        """What stands before the next block."""
        if not len(lines):
            return self
        return Before(self.rows + len(lines), int(lines[len(lines) - 1].as_py()), int(blocks(lines, self)[-1]))


_TEXT = frozenset(("fund", "program", "region", "document", "name", "item", "status", "account", "text", "code", "choice"))


def blank(contract: Contract, name: str, rows: int) -> Any:
    """What stands for a column the file does not have."""
    column = contract.column(name)
    if column.kind == "number":
        false = pa.repeat(False, rows)
        return {"number": text("", rows), "number_ok": false, "damaged": false, "id_raw": text("", rows)}
    if column.kind in _TEXT:
        return text(column.default, rows)
    kinds = {"amount": pa.int64(), "day": pa.date32(), "day_or_month": pa.date32()}
    return pa.nulls(rows, kinds.get(column.kind, pa.int32()))


def text(value: str, rows: int) -> pa.Array:
    """One text in every row, as a dictionary array."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([value], pa.string()), safe=False)


def complete(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> Columns:
    """Adds the derived columns of a contract; errors found across columns go to ``reading``. ``before``: what stands before these rows."""
    rows = len(lines)
    if "name" in found:
        found.setdefault("name_norm", text("", rows))
    found.setdefault("id_type", text("", rows))
    wide.prove(contract, found, present, reading)
    derive = _DERIVE.get(contract.contract)
    if derive is not None:
        derive(contract, found, present, lines, reading, before)
    return found


def _month_of(days: Any) -> Any:
    return pc.cast(pc.add(pc.multiply(pc.year(days), 100), pc.month(days)), pa.int32())


def _payments(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    found["has_item"] = pa.repeat("item" in present, len(lines))
    found["paid_month"] = pc.coalesce(_month_of(found["paid_on"]), found["paid_in"])
    _span(found, "span_from", "span_to", reading)


def _recoveries(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    _span(found, "from_month", "to_month", reading)


def _span(found: Columns, first: str, last: str, reading: Reading) -> None:
    reversed_ = _true(pc.less(found[last], found[first]))
    if reversed_.any():
        reading.flag(reversed_, "所属期止", SpanReversed, found[last].cast(pa.string()).to_numpy(zero_copy_only=False))


def _deaths(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    known = pc.is_valid(found["death_on"])
    found["confidence"] = pc.cast(pc.if_else(known, CERTAIN, BY_CREMATION), pa.int32())
    found["death_on"] = pc.coalesce(found["death_on"], found["cremated_on"])
    found["death_month"] = _month_of(found["death_on"])
    words = reasons()
    found["reason"] = plain(found["reason"])
    distinct = pc.unique(found["reason"])
    alive = [any(word in squash(text) for word in words.not_death) and not any(word in squash(text) for word in words.death) for text in distinct.to_pylist()]
    found["is_death"] = pc.invert(pc.is_in(found["reason"], distinct.filter(pa.array(alive, pa.bool_()))))
    without = _true(pc.and_(found["is_death"], pc.is_null(found["death_on"]))) & ~np.isin(reading.rows, reading.errors.rows())
    reading.flag(without, "死亡日期", CellBlank, np.full(len(lines), "", object))


def _custody(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    without = _true(pc.and_(pc.is_null(found["imprisoned_on"]), pc.is_null(found["detained_on"])))
    reading.flag(without, "收监日期", CellBlank, np.full(len(lines), "", object))


def _contributions(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    found["year"] = pc.cast(pc.divide(found["period"], 100), pa.int32())
    found["employer_code"] = plain(found["employer_code"])
    codes = pc.unique(found["employer_code"]).to_pylist()
    failing = pa.array([code for code in codes if code and not organisation_code(code).ok], pa.string())
    at = np.flatnonzero(np.asarray(pc.is_in(found["employer_code"], failing)))
    reading.warnings.add(reading.rows[at], "单位信用代码", CreditCodeFails, found["employer_code"].take(pa.array(at)).to_pylist())


def _roster(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    rows = len(lines)
    if "seq" not in present:
        found["seq"] = pa.array(np.arange(before.rows + 1, before.rows + rows + 1, dtype=np.int32))
    if "gross" not in present:
        found["gross"] = found["net"]
    for name in ("offset", "withheld"):
        found[name] = pc.fill_null(found[name], 0)
    wanted = pc.subtract(pc.subtract(found["gross"], found["offset"]), found["withheld"])
    differs = _true(pc.not_equal(wanted, found["net"]))
    reading.flag(differs, "实发金额", NetDiffers, _shown(found["net"], differs))


def _bank_return(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    found["ok"] = pc.equal(plain(found["result"]), "成功")


def _bank(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    sides.part(found, present, reading)
    _one_side(found, reading)


def _vouchers(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    _one_side(found, reading)
    found["block"] = pa.array(blocks(lines, before), pa.int32())


def blocks(lines: Any, before: Before) -> Any:
    """Number of the block of each row: blank lines part blocks."""
    at = np.asarray(lines)
    return np.cumsum(np.diff(at, prepend=at[:1] if before.line is None else before.line) > 1, dtype=np.int32) + before.block


def plain(column: Any) -> Any:
    """A column of texts without its dictionary."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _trial_balance(contract: Contract, found: Columns, present: frozenset[str], lines: Any, reading: Reading, before: Before) -> None:
    for name in ("debit", "credit"):
        found[name] = pc.fill_null(found[name], 0)


def _one_side(found: Columns, reading: Reading) -> None:
    debit, credit = (pc.fill_null(found[name], 0) for name in ("debit", "credit"))
    both = pc.and_(pc.not_equal(debit, 0), pc.not_equal(credit, 0))
    neither = pc.and_(pc.is_null(found["debit"]), pc.is_null(found["credit"]))
    wrong = _true(pc.or_(both, neither))
    found["debit"], found["credit"] = debit, credit
    reading.flag(wrong, "借方金额", OneSide, _shown(debit, wrong))


def _true(mask: Any) -> Any:
    return np.asarray(pc.fill_null(mask, False))


def _shown(fen: Any, mask: Any) -> Any:
    texts = np.full(len(mask), "", object)
    for row in np.flatnonzero(mask):
        value = fen[int(row)].as_py()
        texts[row] = "" if value is None else show(value, grouped=False)
    return texts


_DERIVE: dict[str, Callable[[Contract, Columns, frozenset[str], Any, Reading, Before], None]] = {
    "payments": _payments,
    "recoveries": _recoveries,
    "deaths": _deaths,
    "custody": _custody,
    "contributions": _contributions,
    "roster": _roster,
    "bank-return": _bank_return,
    "bank": _bank,
    "vouchers": _vouchers,
    "trial-balance": _trial_balance,
}


def table(contract: Contract, file: str, lines: Any, found: Columns, good: Any) -> pa.Table:
    """The canonical table of the good rows (``good``: boolean array over the data rows); most texts as dictionary arrays."""
    columns = {"file": text(file, len(lines)), "line": lines, **{name: found[name] for name in SHAPES[contract.contract]}}
    parts = {part.id: found[part.id] for part in contract.parts() if part.id in found}
    if parts:
        columns = {name: plain(column) for name, column in columns.items()}
    made = pa.table(columns)
    if good.all():
        return wide.unfold(contract, made, parts)
    kept = pa.array(good)
    return wide.unfold(contract, made.filter(kept), {name: part.filter(kept) for name, part in parts.items()})
