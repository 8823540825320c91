"""What a sweep out of the store read, as its papers cite it: files taken in by number, released rosters, vouchers, certifications of the register."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from audit.inputs import Input
from controls.checks.coverage import LeftOut
from controls.checks.netting import Unmatched
from controls.checks.runner import CheckResult
from controls.findings import Row
from controls.intake import coverage, lists, register, snapshots
from controls.intake.coverage import Cell, Coverage, Days
from controls.sweeps.extract import Source
from ledger.money import Fen


@dataclass(frozen=True, slots=True)
class Stored(Input):
    """One source of the store; ``where`` says where an accountant finds it."""

    where: str = ""

    @property
    def kind(self) -> str:
        """``文件12``, ``花名册``, ``凭证``, ``台账``."""
        return self.where


@dataclass(frozen=True, slots=True)
class Population:
    """What a sweep says of all payments, whichever rules it ran: it holds while ``payments`` (source → digest) and the as-of month asked for are the same.

    ``laid``: roster (and certifications of a book) → digest and coverage as kept, for they need not be read again to be cited.
    """

    payments: Mapping[str, str]
    asked: str
    period: int
    left_out: tuple[LeftOut, ...]
    unmatched: tuple[Unmatched, ...]
    laid: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, result: CheckResult, payments: Mapping[str, Source], asked: str) -> Population:
        """Of a run over all payments."""
        seen = {key: f"{one.digest}:{one.name}" for key, one in payments.items()}
        return cls(seen, asked, result.as_of.number if result.as_of else NO_END, result.left_out, result.unmatched, {})

    def covering(self, sources: Sequence[Source], lay: Callable[[], Mapping[str, Any]]) -> Population:
        """The same with the coverage of every source that is no file; ``lay`` reads them where one is not known yet."""
        own = [one for one in sources if one.key[0] != "f"]
        if all(self.laid.get(one.key, {}).get("digest") == one.digest for one in own):
            return replace(self, laid={one.key: self.laid[one.key] for one in own})
        laid = lay()
        return replace(self, laid={one.key: {"digest": one.digest, **_kept(_covered(one.contract, laid[one.key]))} for one in own})

    @classmethod
    def read(cls, text: str) -> Population:
        """As the register keeps it."""
        told = json.loads(text)
        unmatched = tuple(Unmatched(Row(*one["row"]), one["status"], one["amount"], one["left"]) for one in told["unmatched"])
        return cls(told["payments"], told["asked"], told["period"], tuple(LeftOut(**one) for one in told["left_out"]), unmatched, told["laid"])

    def facts(self) -> dict[str, Any]:
        """JSON values for the register."""
        unmatched = [{"row": [one.row.file, one.row.line], "status": one.status, "amount": one.amount, "left": one.left} for one in self.unmatched]
        return {
            "payments": dict(self.payments), "asked": self.asked, "period": self.period, "left_out": [asdict(one) for one in self.left_out],
            "unmatched": unmatched, "laid": self.laid,
        }  # fmt: skip


NO_END = 299912
WHERE = {"r": "花名册", "v": "凭证", "c": "台账"}
"""First letter of a source's key → where an accountant finds what is no file."""


def of(connection: Any, sources: Sequence[Source], population: Population) -> list[Input]:
    """An input for every source, in the order they were read."""
    return [_input(connection, one, population) for one in sources]


def rows(connection: Any, sources: Sequence[Source], population: Population) -> dict[str, int]:
    """Rows by contract."""
    counted: dict[str, int] = {}
    for one in sources:
        filed = one.key[0] == "f"
        covered = snapshots.stored_coverage(connection, register.file(connection, int(one.key[1:]))) if filed else _read(one.contract, population.laid[one.key])
        counted[one.contract] = counted.get(one.contract, 0) + covered.rows
    return counted


def _input(connection: Any, one: Source, population: Population) -> Input:
    amount: Fen | None = None
    if one.key[0] == "f":
        made = register.file(connection, int(one.key[1:]))
        covered, where, sha256 = snapshots.stored_coverage(connection, made), f"文件{made.file_id}", made.sha256
        amount, senders, source = made.control_fen if one.contract in ("payments", "contributions", "recoveries") else None, (made.source,), Path(made.name)
    else:
        covered = _read(one.contract, population.laid[one.key])
        where, sha256, senders, source = WHERE[one.key[0]], one.digest, ("本单位",), Path(one.name)
        amount = covered.fen if one.contract == "payments" else None
    return Stored(
        contract=one.contract, file=one.name, sha256=sha256, rows_read=covered.rows, rows_good=covered.rows, amount=amount, rows_rejected=0, warnings=(),
        source=source, coverage=covered, senders=tuple(sender for sender in senders if sender), where=where,
    )  # fmt: skip


def _covered(contract: str, given: Any) -> Coverage:
    return coverage.of(contract, given, scope_permille=lists.lists().scope_permille)


def _kept(covered: Coverage) -> dict[str, Any]:
    return {
        "cells": [[one.fund, one.region, one.period, one.rows, one.fen] for one in covered.cells], "scope": covered.scope_permille,
        "events": {name: [days.first, days.last, days.without] for name, days in covered.events.items()},
    }  # fmt: skip


def _read(contract: str, told: Mapping[str, Any]) -> Coverage:
    events = {name: Days(*days) for name, days in told["events"].items()}
    return Coverage(contract, tuple(Cell(*cell) for cell in told["cells"]), events, told["scope"])
