"""Doubts about numbers (号码的疑问): regions that never were, births after the month, another kind of document, cards whose last digit does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.doubt import Doubt
from controls.intake.errors_numbers import BornLater, CardDoubtful, OtherKind, RegionNeverWas
from controls.intake.evidence import Evidence
from ledger import regions
from ledger.identity import Document
from ledger.identity.columns import doubtful_cards
from ledger.identity.guessing import guess

_RESIDENT = "^[1-7][0-9]{16}[0-9X]$"
_TOLD = frozenset(Document) - {Document.RESIDENT, Document.OTHER}


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    names = set(seen.table.column_names)
    if {"number", "number_ok", "damaged"} <= names and seen.has("number"):
        yield from _regions(seen)
        yield from _kinds(seen)
        if "period" in names:
            yield from _births(seen)
    if "account" in names and seen.has("account"):
        mask = pa.array(doubtful_cards(pc.fill_null(seen.table.column("account"), "")))
        zh = "{column}有 {count} 个账号像银行卡号但末位校验不符：{where}。存折和老账号属正常。"
        yield from seen.of_cells(CardDoubtful, "tell", "account", mask, zh, "{count} accounts look like cards and fail their last digit: {where}.",
                                 from_column="account")  # fmt: skip


def _valid(seen: Evidence) -> Any:
    return pc.and_(seen.table.column("number_ok"), pc.match_substring_regex(seen.table.column("number"), _RESIDENT))


def _regions(seen: Evidence) -> Iterator[Doubt]:
    codes = pc.utf8_slice_codeunits(seen.table.column("number"), 0, 6)
    valid = _valid(seen)
    never = [code for code in pc.unique(codes.filter(valid)).to_pylist() if not regions.ever(code)]
    zh = "{column}有 {count} 个号码的前六位从未是行政区划代码：{where}。照收，照常比对。"
    yield from seen.of_cells(RegionNeverWas, "warn", "number", pc.and_(valid, pc.is_in(codes, pa.array(never, pa.string()))), zh,
                             "The first six digits of {count} numbers were never a region code: {where}.", from_column="id_raw")  # fmt: skip


def _births(seen: Evidence) -> Iterator[Doubt]:
    born = pc.cast(pc.if_else(_valid(seen), pc.utf8_slice_codeunits(seen.table.column("number"), 6, 12), None), pa.int32())
    period = seen.table.column("period")
    whole_year = pc.equal(pc.subtract(period, pc.multiply(pc.divide(period, 100), 100)), 0)
    last = pc.if_else(whole_year, pc.add(period, 12), period)
    zh = "按证件号码，有 {count} 行的人在所属期之后才出生：{where}。"
    yield from seen.of_cells(BornLater, "warn", "number", pc.greater(born, last), zh, "{count} rows are of people born after their period: {where}.",
                             from_column="id_raw")  # fmt: skip


def _kinds(seen: Evidence) -> Iterator[Doubt]:
    number = seen.table.column("number")
    failing = pc.and_(pc.and_(pc.invert(seen.table.column("number_ok")), pc.invert(seen.table.column("damaged"))), pc.not_equal(number, ""))
    by_kind: dict[Document, list[str]] = {}
    for text in pc.unique(number.filter(failing)).to_pylist():
        by_kind.setdefault(guess(text).document, []).append(text)
    for kind in sorted(_TOLD & by_kind.keys()):
        mask = pc.and_(failing, pc.is_in(number, pa.array(by_kind[kind], pa.string())))
        zh = f"{{column}}有 {{count}} 个号码不合所填的证件类型，像是{kind.zh}：{{where}}。"
        yield from seen.of_cells(OtherKind, "warn", "number", mask, zh, f"{{count}} numbers look like a {kind.en}: {{where}}.", from_column="id_raw")
