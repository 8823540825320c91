"""The supplementary roster (补发花名册): every cleared held line of a fund, of all held months, in one roster that is checked and signed like any other.

Its file is made here from the files of the rosters that held the lines, kept by its digest like one taken in; each line names the held line it pays
and goes to the account that the register has now (``controls.rosters.current_accounts``).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from controls import roster, rosterbuild
from controls.duties import Actor, Duty, require
from controls.intake import register
from controls.intake.spool import Canonical
from controls.rosterbuild import BENEFIT, Built
from controls.rosterlaw.errors import NothingCleared
from controls.rosters import cases, current_accounts
from controls.rosters.cases import Case
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.funds import Fund
from ledger.months import Month

if TYPE_CHECKING:
    from controls.intake.taken import Taken

SOURCE = "暂缓发放台账"


@dataclass(frozen=True, slots=True)
class _File:
    """The made file in the form in which a file taken in reaches the register."""

    path: Path
    sha256: str
    rows: Canonical
    control: tuple[int, int]
    contract: str = rosterbuild.CONTRACT
    encoding: str = "utf-8"
    rejects: tuple[Any, ...] = ()
    rejected: pa.Table = field(default_factory=lambda: pa.table({"line": pa.array([], pa.int64())}))


def build(work: UnitOfWork, home: Path, actor: Actor, now: str, fund: Fund, period: Month, *, kind: str = BENEFIT) -> Built:
    """Builds the supplement of ``fund`` paid in ``period`` from all cleared lines of rosters of ``kind``.

    Each is paid to the account that the register has in force for that month, else to the one it was held with.
    Raises SB2179 when none waits, and what building raises.
    """
    require(actor, Duty.HANDLE_ROSTER)
    chain.lock(work)
    kind = rosterbuild.ALLOWANCE if fund.special else kind
    found = [case for case in cases.waiting(work.connection, fund) if case.period <= period]
    by_roster: dict[int, list[Case]] = defaultdict(list)
    for case in found:
        by_roster[case.roster_id].append(case)
    parts, origins = [], []
    for number in sorted(by_roster):
        made = roster.get(work.connection, number)
        if made.kind != kind:
            continue
        source = rosterbuild.select(register.file(work.connection, made.file_id).table(home), fund, kind)
        wanted = source.filter(pc.is_in(source.column("seq"), pa.array([case.seq for case in by_roster[number]], source.column("seq").type))).sort_by("seq")
        origins += [(number, seq) for seq in wanted.column("seq").to_pylist()]
        parts.append(wanted)
    if not origins:
        raise NothingCleared(fund=fund.short)
    table = current_accounts.laid(work.connection, fund, period, _numbered(pa.concat_tables(parts), origins))
    said = canonical({"fund": fund.value, "kind": kind, "period": period.number, "made_at": now, "lines": [list(origin) for origin in origins]})
    net = sum(table.column("net").to_pylist())
    file = _File(
        Path(f"补发花名册-{fund.value}-{period}-{origins[0][0]}.{origins[0][1]}.json"), hashlib.sha256(said.encode()).hexdigest(), Canonical.of(table),
        (table.num_rows, net),
    )  # fmt: skip
    taken = register.take(work, home, cast("Taken", file), actor, now, source=SOURCE, as_of=None)
    return rosterbuild.build(work, home, actor, now, fund, period, file_id=taken.file_id, kind=kind, origins=origins)


def _numbered(table: pa.Table, origins: list[tuple[int, int]]) -> pa.Table:
    """Lines numbered from 1, each saying which held line it pays."""
    notes = pa.array([f"补发花名册 {number} 序号 {seq} 的暂缓" for number, seq in origins], pa.string())
    numbers = pa.array(range(1, table.num_rows + 1), table.column("seq").type)
    names = table.column_names
    return table.set_column(names.index("seq"), "seq", numbers).set_column(names.index("note"), "note", notes)
