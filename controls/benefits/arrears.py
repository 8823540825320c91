"""What a re-rating writes (补发花名册及说明): the roster file, a workbook of what is not paid and why, and its record in the trail.

The same reckoning gives the same file to the byte, so that taking it in twice is refused (SB3020); a line is one item of one
person's month, so that a second roster with the same month is refused too (SB3044).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls import trail
from controls.benefits import paid
from controls.benefits.differences import Rerated
from controls.duties import Actor, Duty, require
from ledger import sheets
from ledger.benefits.difference import PAY, STATE_ZH, simple
from ledger.benefits.standards import Ints
from ledger.db import UnitOfWork
from ledger.identity import mask_number
from ledger.money import Fen, yuan
from ledger.months import Month

ROSTER, WORKBOOK = "补发花名册.csv", "补发说明.xlsx"
HEAD = ("序号", "险种", "证件号码", "证件类型", "姓名", "待遇类型", "所属期", "应发金额", "实发金额", "银行账号", "户名", "开户行", "统筹区", "备注")
PREFIX = "补发"
Payee = tuple[str, str, str, str, str, str]
"""Name, 证件类型, bank account, holder, bank and region."""
MOST_LISTED = 500_000
"""Rows of the list of what is not paid; a worksheet takes about a million."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the roster file with its lines, people and fen, and what waits because no roster knows a bank account."""

    roster: Path
    workbook: Path
    sha256: str
    lines: int
    persons: int
    fen: Fen
    without_account: tuple[tuple[str, Fen], ...]


def write(work: UnitOfWork, now: str, actor: Actor, made: Rerated, folder: Path) -> Written:
    """Writes both files for their owner alone and leaves the record ``benefit.difference`` in the trail. Raises SB3001."""
    require(actor, Duty.HANDLE_ROSTER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = made.made
    keep = np.flatnonzero(rows.state == PAY)
    people = np.unique(rows.paid.person[keep])
    numbers = [rows.paid.numbers[person] for person in people.tolist()]
    payees = paid.payees(work.connection, made.book_id, numbers)
    told = {person: row for person, row, found in zip(people.tolist(), payees.rows, payees.found, strict=True) if found}
    payable = keep[np.isin(rows.paid.person[keep], np.array(sorted(told), np.int64))]
    path = folder / ROSTER
    sheets.write_contract_table(path, roster_table(made, payable, told))
    path.chmod(0o600)
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    waiting = _waiting(made, keep, told)
    fen = int(rows.fen[payable].sum())
    workbook = folder / WORKBOOK
    _workbook(workbook, made, waiting)
    facts = {
        "scheme": made.asked.scheme, "items": list(made.standards), "first": str(made.asked.first), "last": str(made.asked.last), "lines": int(payable.size),
        "persons": len(told), "fen": fen, "states": {STATE_ZH[total]: int(np.count_nonzero(rows.state == total)) for total in np.unique(rows.state).tolist()},
        "without_account": len(waiting), "unbooked": list(made.unbooked), "sources": {name: list(files) for name, files in made.happened.sources.items()},
    }  # fmt: skip
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "benefit.difference", f"book:{made.book_id}", digest, facts)
    return Written(path, workbook, digest, int(payable.size), len(told), fen, waiting)


def roster_table(made: Rerated, payable: Ints, told: Mapping[int, Payee]) -> pa.Table:
    """The lines of the roster file as columns of text, in the order of person, item and month; ``told`` says where each person is paid."""
    rows = made.made
    person, count = rows.paid.person[payable], payable.size
    known = sorted(told)
    place = np.searchsorted(np.array(known, np.int64), person)
    payee = {name: _pick([told[one][at] for one in known], place) for at, name in enumerate(("姓名", "证件类型", "银行账号", "户名", "开户行", "统筹区"))}
    amount = _amounts(rows.fen[payable])
    note = pc.binary_join_element_wise("标准", _amounts(rows.due[payable]), "，已付", _amounts(rows.paid.fen[payable]), "")
    months, at_month = np.unique(rows.paid.month[payable], return_inverse=True)
    columns = payee | {
        "序号": pa.array(np.arange(1, count + 1)), "险种": pa.array([made.fund.value] * count, pa.string()),
        "证件号码": _pick([rows.paid.numbers[one] for one in known], place),
        "待遇类型": _pick([f"{PREFIX}{item}" for item in rows.paid.items], rows.paid.item[payable]),
        "所属期": _pick([str(Month(index // 12, index % 12 + 1)) for index in months.tolist()], at_month),
        "应发金额": amount, "实发金额": amount, "备注": note,
    }  # fmt: skip
    return pa.table([columns[name] for name in HEAD], names=list(HEAD))


def _pick(values: Sequence[str], place: Ints) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(place))


def _amounts(fen: Ints) -> pa.Array:
    distinct, place = np.unique(fen, return_inverse=True)
    return _pick([f"{yuan(one):.2f}" for one in distinct.tolist()], place)


def _waiting(made: Rerated, keep: Ints, told: Mapping[int, Payee]) -> tuple[tuple[str, Fen], ...]:
    """People with a difference whom no roster of the book knows, with the fen that wait."""
    sums: dict[int, Fen] = {}
    for person, fen in zip(made.made.paid.person[keep].tolist(), made.made.fen[keep].tolist(), strict=True):
        if person not in told:
            sums[person] = sums.get(person, 0) + fen
    return tuple((made.made.paid.numbers[person], fen) for person, fen in sums.items())


def _money(fen: Fen) -> Decimal:
    return yuan(fen)


def _workbook(path: Path, made: Rerated, waiting: tuple[tuple[str, Fen], ...]) -> None:
    """Totals by state, item and month; the simple reckoning beside the exact one; every row that is not paid, with numbers masked."""
    totals = [(STATE_ZH[one.state], one.item, str(one.month), one.rows, _money(one.fen)) for one in made.made.totals()]
    beside: list[tuple[sheets.Cell, ...]] = [
        (one.item, str(one.month), one.persons, *map(_money, (one.usual, one.simple, one.exact, one.not_paid, one.left_out, one.otherwise)))
        for one in simple(made.made)
    ]
    found = made.made.listed(MOST_LISTED)
    listed: list[tuple[sheets.Cell, ...]] = [
        (mask_number(number), item, str(month), _money(due), _money(before), _money(due - before), STATE_ZH[state], why)
        for number, item, month, due, before, state, why in found
    ]
    if len(found) == MOST_LISTED:
        listed.append((f"只列前 {MOST_LISTED} 行，合计见“合计”表",))
    sheets.write_workbook(
        path,
        {
            "合计": sheets.Sheet([("结果", "待遇类型", "所属期", "行数", "差额（元）"), *totals]),
            "与简单算法比较": sheets.Sheet([("待遇类型", "所属期", "人数", "通常差额", "人数×差额", "应补合计", "当月未付", "不补", "差额不同"), *beside]),
            "不补发清单": sheets.Sheet([("证件号码", "待遇类型", "所属期", "新标准", "已付", "差额", "结果", "原因"), *listed]),
            "没有账户": sheets.Sheet([("证件号码", "差额（元）"), *((mask_number(number), _money(fen)) for number, fen in waiting)]),
        },
    )
    path.chmod(0o600)
