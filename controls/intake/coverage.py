"""Coverage of a file taken in (覆盖范围): which funds, regions and months it holds, with rows and fen of each, and the days of its events.

Computed from the canonical table, a batch at a time, so that a file of millions of rows takes little memory.
What a check may conclude from a list stands in :meth:`Coverage.says`: silence beyond its coverage is no answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.canonical import CONTROL
from ledger.months import Month

BATCH = 500_000

MONTH: Mapping[str, str] = {
    "payments": "period", "deaths": "death_month", "custody": "imprisoned_on", "contributions": "period", "entitled": "from_on", "recoveries": "received_on",
    "absences": "from_on", "employers": "closed_on", "holdings": "from_on", "balances": "saved_on", "claims": "settled_on",
    "subsidies": "received_on", "roster": "period", "bank-return": "booked_on", "bank": "on", "tax": "on", "vouchers": "on",
}  # fmt: skip
"""Contract → the column whose month a row belongs to; a day stands for its month."""

EVENTS: Mapping[str, Mapping[str, str]] = {
    "payments": {"paid_on": "发放日期"},
    "deaths": {"death_on": "死亡日期", "registered_on": "登记日期"},
    "custody": {"imprisoned_on": "收监日期", "released_on": "释放日期"},
    "people": {"certified_on": "最近认证日期"},
    "entitled": {"from_on": "认定日期", "to_on": "退出日期"},
    "contributions": {"received_on": "到账日期"},
    "recoveries": {"received_on": "到账日期"},
    "subsidies": {"received_on": "到账日期"},
    "absences": {"from_on": "发生日期", "to_on": "返回日期"},
    "employers": {"closed_on": "注销日期"},
    "holdings": {"from_on": "登记日期", "to_on": "注销日期"},
    "balances": {"saved_on": "截至日期"},
    "claims": {"settled_on": "结算日期", "discharged_on": "出院日期"},
    "bank-return": {"booked_on": "入账日期"},
    "bank": {"on": "交易日期"},
    "tax": {"on": "入库日期"},
    "vouchers": {"on": "凭证日期"},
}
"""Contract → its days, the one that dates the row first."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Rows and fen of one fund, region and month; ``period`` is ``yyyymm``, ``yyyy00`` for a premium year, 0 where the row has none."""

    fund: str
    region: str
    period: int
    rows: int
    fen: int


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day of one kind of event, and the rows without it; '' where no row has one."""

    first: str
    last: str
    without: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a file holds. ``gaps`` are months (or premium years) between a main fund and region's first and last without any row."""

    contract: str
    cells: tuple[Cell, ...]
    events: Mapping[str, Days]
    scope_permille: int = 0

    @property
    def rows(self) -> int:
        return sum(cell.rows for cell in self.cells)

    @property
    def fen(self) -> int:
        return sum(cell.fen for cell in self.cells)

    @property
    def periods(self) -> tuple[int, ...]:
        """The periods that hold rows, ascending."""
        return tuple(sorted({cell.period for cell in self.cells if cell.period}))

    @property
    def funds(self) -> tuple[str, ...]:
        """Funds that hold a good part of the rows (lists.yaml, ``scope_permille``)."""
        return self._main("fund")

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that hold a good part of the rows."""
        return self._main("region")

    def _main(self, name: str) -> tuple[str, ...]:
        counts: dict[str, int] = {}
        for cell in self.cells:
            value = getattr(cell, name)
            counts[value] = counts.get(value, 0) + cell.rows
        counts.pop("", None)
        return tuple(sorted(value for value, rows in counts.items() if rows * 1000 >= self.scope_permille * self.rows))

    @property
    def gaps(self) -> tuple[tuple[str, str, int, int], ...]:
        """(fund, region, first period missing, last period missing) between the first and the last of that fund and region."""
        found: list[tuple[str, str, int, int]] = []
        funds, regions = {*self.funds, ""}, {*self.regions, ""}
        dated = sorted(cell for cell in self.cells if cell.period and cell.fund in funds and cell.region in regions)
        for (fund, region), cells in groupby(dated, key=lambda cell: (cell.fund, cell.region)):
            counted = sorted({_count(cell.period) for cell in cells if cell.period % 100})
            years = sorted({cell.period // 100 for cell in dated if (cell.fund, cell.region) == (fund, region) and not cell.period % 100})
            found += [(fund, region, _uncount(first), _uncount(last)) for first, last in _holes(counted)]
            found += [(fund, region, first * 100, last * 100) for first, last in _holes(years)]
        return tuple(found)

    def until(self, as_of: str, stated: bool) -> str:
        """The day to which the file may be taken to be complete: its as-of date where one was stated, else its last event or month; '' for neither."""
        if stated:
            return as_of
        days = [self.events[name].last for name in list(self.events)[:1] if self.events[name].last]
        if days:
            return days[0]
        return _month(max(self.periods)).last_day.isoformat() if self.periods else ""

    def says(self, as_of: str, stated: bool) -> list[str]:
        """What may be concluded from the file and what not, one Chinese sentence each."""
        said = _SAYS.get(self.contract, _general)(self, self.until(as_of, stated))
        if self.gaps:
            said.append(f"其间没有一行数据的月份：{gaps_text(self.gaps)}；可能漏报，不能当作没有")
        late = [f"{zh}最晚 {self.events[name].last}" for name, zh in EVENTS.get(self.contract, {}).items() if self._late(name, as_of, stated)]
        if late:
            said.append(f"{'、'.join(late)}，晚于截至日期 {as_of}，请核对截至日期")
        return said

    def _late(self, name: str, as_of: str, stated: bool) -> bool:
        return stated and name in self.events and name not in _MAY_BE_LATER and self.events[name].last > as_of

    def head(self) -> str:
        """Scope, span and event days as one line of JSON, for the register; the cells have a table of their own."""
        told = {
            "funds": self.funds, "regions": self.regions, "first": min(self.periods, default=0), "last": max(self.periods, default=0),
            "gaps": self.gaps, "scope_permille": self.scope_permille,
            "events": {name: [days.first, days.last, days.without] for name, days in self.events.items()},
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """SHA-256 over the head and every cell: what the trail keeps of the coverage."""
        cells = "\n".join(f"{cell.fund}|{cell.region}|{cell.period}|{cell.rows}|{cell.fen}" for cell in self.cells)
        return hashlib.sha256(f"{self.head()}\n{cells}".encode()).hexdigest()


_MAY_BE_LATER = frozenset({"released_on", "to_on"})
"""Days that may lie ahead: the end of a term, of an entitlement."""


class Tally:
    """The coverage of a file that comes a batch at a time."""

    def __init__(self, contract: str) -> None:
        self.contract = contract
        self._cells: dict[tuple[str, str, int], list[int]] = {}
        self._days: dict[str, list[Any]] = {name: [None, None, 0] for name in EVENTS.get(contract, {})}

    def add(self, batch: pa.Table) -> None:
        """Counts the rows of a batch; columns that it lacks count as blank."""
        for fund, region, period, rows, fen in _grouped(self.contract, batch):
            cell = self._cells.setdefault((fund, region, period), [0, 0])
            cell[0] += rows
            cell[1] += fen
        for name, kept in self._days.items():
            if name in batch.column_names and pa.types.is_temporal(batch.column(name).type):
                span = pc.min_max(pc.cast(batch.column(name), pa.date32())).as_py()
                kept[0] = min((day for day in (kept[0], span["min"]) if day), default=None)
                kept[1] = max((day for day in (kept[1], span["max"]) if day), default=None)
                kept[2] += batch.column(name).null_count

    def coverage(self, scope_permille: int = 0) -> Coverage:
        """What was counted so far."""
        cells = tuple(sorted(Cell(*key, *counted) for key, counted in self._cells.items()))
        days = {name: Days(_iso(first), _iso(last), without) for name, (first, last, without) in self._days.items()}
        return Coverage(self.contract, cells, days, scope_permille)


def of(contract: str, given: pa.Table | Path, *, scope_permille: int = 0) -> Coverage:
    """The coverage of a canonical table or Parquet snapshot."""
    tally = Tally(contract)
    for batch in _batches(contract, given):
        tally.add(batch)
    return tally.coverage(scope_permille)


def _batches(contract: str, given: pa.Table | Path) -> Iterator[pa.Table]:
    wanted = {"fund", "region", *([MONTH[contract]] if contract in MONTH else []), *CONTROL.get(contract, ()), *EVENTS.get(contract, {})}
    if not isinstance(given, Path):
        for part in given.select([name for name in given.column_names if name in wanted or name == "line"]).to_batches(max_chunksize=BATCH):
            yield pa.Table.from_batches([part])
        return
    from pyarrow import parquet

    with parquet.ParquetFile(given) as file:
        names = [name for name in file.schema_arrow.names if name in wanted]
        groups: list[int] = []
        for group in range(file.num_row_groups):
            groups.append(group)
            if group + 1 == file.num_row_groups or sum(file.metadata.row_group(one).num_rows for one in groups) >= BATCH:
                yield file.read_row_groups(groups, columns=names or ["line"])
                groups = []


def _grouped(contract: str, batch: pa.Table) -> Iterable[tuple[str, str, int, int, int]]:
    rows = batch.num_rows
    columns = {name: _text(batch, name) for name in ("fund", "region")}
    columns["period"] = _period(batch, MONTH.get(contract, ""))
    fen = pa.chunked_array([pa.repeat(pa.scalar(0, pa.int64()), rows)])
    for name in CONTROL.get(contract, ()):
        if name in batch.column_names:
            fen = pc.add(fen, pc.fill_null(batch.column(name), 0))
    table = pa.table({**columns, "fen": fen}).group_by(["fund", "region", "period"], use_threads=False).aggregate([("fen", "sum"), ([], "count_all")])
    return zip(*(table.column(name).to_pylist() for name in ("fund", "region", "period", "count_all", "fen_sum")), strict=True)


def _text(batch: pa.Table, name: str) -> Any:
    if name not in batch.column_names:
        return pa.repeat(pa.scalar("", pa.string()), batch.num_rows)
    return pc.fill_null(pc.cast(batch.column(name), pa.string()), "")


def _period(batch: pa.Table, name: str) -> Any:
    if name not in batch.column_names:
        return pa.repeat(pa.scalar(0, pa.int32()), batch.num_rows)
    column = batch.column(name)
    if pa.types.is_date(column.type):
        column = pc.add(pc.multiply(pc.year(column), 100), pc.month(column))
    return pc.fill_null(pc.cast(column, pa.int32()), 0)


def gaps_text(gaps: Iterable[tuple[str, str, int, int]], most: int = 6) -> str:
    """``R 620821 2021-03 至 2021-05、…``; the first ``most`` of them."""
    told = list(gaps)
    shown = []
    for fund, region, first, last in told[:most]:
        span = period_text(first) if first == last else f"{period_text(first)} 至 {period_text(last)}"
        shown.append(" ".join(part for part in (fund, region, span) if part))
    return "、".join(shown) + (f" 等 {len(told)} 段" if len(told) > most else "")


def period_text(period: int) -> str:
    """``202403`` → ``2024-03``, a premium year ``202400`` → ``2024``, 0 → ''."""
    if not period:
        return ""
    return f"{period // 100:04d}-{period % 100:02d}" if period % 100 else f"{period // 100:04d}"


def _span(coverage: Coverage) -> str:
    if not coverage.periods:
        return "没有写明月份"
    first, last = period_text(coverage.periods[0]), period_text(coverage.periods[-1])
    return first if first == last else f"{first} 至 {last}"


def _deaths(coverage: Coverage, until: str) -> list[str]:
    first = coverage.events["death_on"].first
    if not first:
        return ["名单上没有一个死亡日期，据此查不出死亡后领取"]
    return [
        f"收录 {first} 至 {coverage.events['death_on'].last} 的死亡；可据此判断到 {until} 为止",
        f"{until} 以后死亡的、{first} 以前死亡的人不在此名单的范围内：名单上没有不等于健在",
    ]


def _custody(coverage: Coverage, until: str) -> list[str]:
    first = coverage.events["imprisoned_on"].first
    return [f"收录 {first or '（未写明）'} 起收监的人员，可据此判断到 {until} 为止；此后收监、释放的不在此名单上"]


def _payments(coverage: Coverage, until: str) -> list[str]:
    return [f"所属期 {_span(coverage)}；此外月份的发放不在此文件中，查不出重复领取"]


def _entitled(coverage: Coverage, until: str) -> list[str]:
    return [f"可据此判断到 {until} 为止的认定与退出；此后的变动不在此名单上"]


def _people(coverage: Coverage, until: str) -> list[str]:
    return [f"参保与待遇状态、资格认证可据此判断到 {until or '（未写明）'} 为止"]


def _general(coverage: Coverage, until: str) -> list[str]:
    return [f"数据月份 {_span(coverage)}" + (f"，到 {until} 为止" if until else "")]


_SAYS = {"deaths": _deaths, "custody": _custody, "payments": _payments, "entitled": _entitled, "people": _people}


def _count(period: int) -> int:
    return period // 100 * 12 + period % 100 - 1


def _uncount(count: int) -> int:
    return count // 12 * 100 + count % 12 + 1


def _holes(numbers: list[int]) -> list[tuple[int, int]]:
    return [(before + 1, after - 1) for before, after in pairwise(numbers) if after - before > 1]


def _month(period: int) -> Month:
    return Month.from_number(period if period % 100 else period + 12)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
