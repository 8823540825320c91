"""Doubts about time (日期的疑问): another month than asked for or than the title names, several months in one file, dates in the future or out of order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.coded import flat
from controls.intake.doubt import Doubt
from controls.intake.errors_doubts import DayOdd, MonthDoubtful, MonthNotAsked, SeveralOf, WrittenMixed, YearFromTitle
from controls.intake.evidence import NAMED, Evidence
from controls.intake.limits import limits, on
from ledger.funds import Fund
from ledger.months import Month

if TYPE_CHECKING:
    from controls.intake.taken import Taken

MONTHLY = {"payments": "period", "roster": "period", "contributions": "period", "tax": "period"}
"""Contract → column of the month its rows are for."""
DAILY = {"bank": "on", "bank-return": "booked_on", "subsidies": "received_on", "recoveries": "received_on", "vouchers": "on"}
"""Contract → day whose month counts where rows are for no month."""

ORDER = (
    ("deaths", "birth", "death_on", "出生日期晚于死亡日期"),
    ("deaths", "death_on", "cremated_on", "火化日期早于死亡日期"),
    ("deaths", "death_on", "registered_on", "登记日期早于死亡日期"),
    ("custody", "birth", "imprisoned_on", "出生日期晚于收监日期"),
    ("custody", "imprisoned_on", "released_on", "释放日期早于收监日期"),
    ("custody", "detained_on", "imprisoned_on", "收监日期早于羁押日期"),
    ("people", "birth", "certified_on", "出生日期晚于最近认证日期"),
    ("people", "start_month", "end_month", "终止年月早于待遇起始年月"),
    ("people", "first_month", "start_month", "待遇起始年月早于首次参保年月"),
    ("entitled", "from_on", "to_on", "退出日期早于认定日期"),
    ("accounts", "from_on", "to_on", "终止日期早于起始日期"),
    ("absences", "birth", "from_on", "出生日期晚于发生日期"),
    ("absences", "from_on", "to_on", "返回日期早于发生日期"),
    ("holdings", "from_on", "to_on", "注销日期早于登记日期"),
    ("claims", "admitted_on", "discharged_on", "出院日期早于入院日期"),
    ("claims", "admitted_on", "settled_on", "结算日期早于入院日期"),
    ("payments", "period", "paid_month", "发放早于所属期（待遇还没有到期就已发放）"),
)
"""Contract, the earlier column, the later one, and what it means when they stand the other way round."""

STYLES = frozenset(("横线", "斜线", "点", "八位", "年月日", "序列号", "六位", "倒写", "其他"))
_BARE = "月份无年"


@dataclass(frozen=True, slots=True)
class Others:
    """Rows of other months: how many, month (``yyyymm``) → rows, the first lines."""

    count: int
    months: dict[int, int]
    lines: tuple[int, ...]

    def shown(self) -> str:
        """``2024-02（3 行）、2024-04（1 行）``."""
        parts = [f"{_month(month)}（{rows} 行）" for month, rows in sorted(self.months.items())]
        return "、".join(parts[:NAMED]) + (f" 等 {len(parts)} 个月" if len(parts) > NAMED else "")


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    yield from _asked(seen)
    yield from _title(seen)
    yield from _several(seen)
    yield from _future(seen)
    yield from _order(seen)
    yield from _styles(seen)


def other_months(taken: Taken, month: Month) -> Others:
    """Rows of another month than ``month``.

    Arrears may be for any month, and a premium year holds its months. Where most payments are for the month, those paid in it may be for an earlier one.
    """
    return _others(Evidence(taken), [month.number])


def _others(seen: Evidence, wanted: list[int]) -> Others:
    contract, table = seen.taken.contract, seen.table
    months = _months(seen)
    if months is None or not table.num_rows:
        return Others(0, {}, ())
    right = sorted({*wanted, *(month // 100 * 100 for month in wanted)})
    other = (months != 0) & ~np.isin(months, right)
    if other.any() and "item_class" in table.column_names:
        other &= ~table.equal("item_class", "arrears")
    if contract == "payments" and 0 < 2 * int(other.sum()) < table.num_rows:
        other &= ~np.isin(flat(table.column("paid_month")), right)
    found, rows = np.unique(months[other], return_counts=True)
    lines, _ = table.hits(other)
    return Others(int(other.sum()), dict(zip(found.tolist(), rows.tolist(), strict=True)), tuple(int(line) for line in lines[:NAMED]))


def _months(seen: Evidence) -> Any:
    """The month of each row as ``yyyymm``, 0 where there is none; None for contracts whose rows have none."""
    contract = seen.taken.contract
    if contract in MONTHLY:
        return flat(seen.table.column(MONTHLY[contract]))
    if contract not in DAILY:
        return None
    days = seen.table.column(DAILY[contract])
    return flat(pc.add(pc.multiply(pc.year(days), 100), pc.month(days)))


def _name(contract: str) -> str:
    return MONTHLY.get(contract) or DAILY.get(contract, "")


def _month(number: int) -> str:
    return f"{number // 100}-{number % 100:02d}" if number % 100 else f"{number // 100} 年度"


def _asked(seen: Evidence) -> Iterator[Doubt]:
    if seen.month is None:
        return
    others = other_months(seen.taken, seen.month)
    if others.count:
        facts = {"file": seen.taken.path.name, "month": seen.month, "count": others.count, "found": others.shown(), "lines": "、".join(map(str, others.lines))}
        refusal = MonthNotAsked(**facts)
        yield seen.doubt(MonthNotAsked, "ask", refusal.text("zh"), refusal.text("en"), name=_name(seen.taken.contract), lines=others.lines,
                         count=others.count, remedy=refusal.remedy("zh"))  # fmt: skip


def _title(seen: Evidence) -> Iterator[Doubt]:
    months = seen.above.months
    if len(months) != 1 or seen.taken.contract not in MONTHLY or not seen.table.num_rows:
        return
    named = next(iter(months))
    others = _others(seen, [named])
    if others.count:
        said = f"标题写的是 {_month(named)}，却有 {others.count} 行属于其他月份：{others.shown()}，如第 {'、'.join(map(str, others.lines))} 行。"
        said_en = f"The title says {_month(named)}, but {others.count} rows are of other months: {others.shown()}."
        yield seen.doubt(MonthDoubtful, "ask", said, said_en, name=_name(seen.taken.contract), lines=others.lines, count=others.count)


def _several(seen: Evidence) -> Iterator[Doubt]:
    if seen.taken.contract != "roster":
        return
    regular = ~seen.table.equal("item_class", "arrears")
    for name, what, show in (("period", "所属期", _month), ("fund", "险种", _fund), ("region", "统筹区", str)):
        found = seen.table.counts(name, regular if name == "period" else None)
        if len(found) > 1:
            shown = "、".join(f"{show(value)}（{count} 行）" for value, count in list(found.items())[:NAMED])
            least = next(reversed(found))
            zh = f"花名册里有 {len(found)} 个{what}：{shown}{' 等' if len(found) > NAMED else ''}；较少的在 {{where}}。"
            en = f"The roster has {len(found)} values of {what}: {shown}."
            yield from seen.of_cells(SeveralOf, "ask", name, flat(pc.equal(seen.table.column(name), least)), zh, en)


def _fund(code: str) -> str:
    return Fund(code).short if code in Fund.__members__ else code


def _future(seen: Evidence) -> Iterator[Doubt]:
    if seen.today is None:
        return
    oldest = on(limits().ages, seen.today).oldest
    for column in seen.contract.columns:
        if column.id not in seen.places or column.id not in seen.table.column_names or column.kind not in ("day", "day_or_month", "month"):
            continue
        values = seen.table.column(column.id)
        if column.kind == "month":
            later = pc.greater(values, seen.today.year * 100 + (12 if column.year else seen.today.month))
            early = pc.less(values, (seen.today.year - oldest) * 100)
        else:
            later = pc.greater(values, pa.scalar(seen.today, pa.date32()))
            early = pc.less(values, pa.scalar(seen.today.replace(year=seen.today.year - oldest, day=1), pa.date32()))
        planned = column.id in ("to_on", "released_on", "end_month", "to_month", "span_to")
        if not planned:
            zh = f"{{column}}有 {{count}} 行晚于今天（{seen.today.isoformat()}）：{{where}}。"
            level: Any = "tell" if column.id in ("paid_on", "paid_in") and seen.taken.contract == "payments" else "warn"
            en = f"{{count}} dates in {{column}} are after {seen.today}: {{where}}."
            yield from seen.of_cells(DayOdd, level, column.id, later, zh, en, from_column=column.id)
        what = f"，照此已过 {oldest} 岁" if "birth" in column.id else f"，早于 {seen.today.year - oldest} 年"
        zh = f"{{column}}有 {{count}} 行太早{what}：{{where}}。"
        yield from seen.of_cells(DayOdd, "warn", column.id, early, zh, "{count} dates in {column} are too long ago: {where}.", from_column=column.id)


def _order(seen: Evidence) -> Iterator[Doubt]:
    names = seen.table.column_names
    for contract, first, last, meaning in ORDER:
        if contract != seen.taken.contract or first not in names or last not in names:
            continue
        wrong = pc.less(seen.table.column(last), seen.table.column(first))
        if contract == "payments":
            wrong = flat(wrong)
            wrong = wrong & seen.table.equal("item_class", "pension") if wrong.any() else wrong
        name = last if last in seen.places else "paid_on" if "paid_on" in seen.places else "paid_in" if last == "paid_month" else last
        if contract == "deaths" and last == "cremated_on" and "death_on" not in seen.places:
            continue
        yield from seen.of_cells(DayOdd, "warn", name, wrong, f"有 {{count}} 行{meaning}：{{where}}。", "{count} rows have dates out of order: {where}.")


def _styles(seen: Evidence) -> Iterator[Doubt]:
    for column in seen.contract.columns:
        if column.kind not in ("day", "day_or_month", "month") or not seen.has(column.id):
            continue
        found = seen.taken.clues.of(column.id)
        bare = found.get(_BARE)
        if bare is not None and seen.above.year is not None:
            where = seen.where(column.id, bare.lines, bare.values)
            said = f"{seen.letter(column.id)}“{seen.label(column.id)}”有 {bare.count} 行只写月份没有年份（{where}），按标题取 {seen.above.year} 年。"
            said_en = f"{bare.count} months of “{seen.label(column.id)}” have no year; the title's year {seen.above.year} was taken."
            yield seen.doubt(YearFromTitle, "ask", said, said_en, name=column.id, lines=bare.lines, values=bare.values, count=bare.count)
        styles = {style: clue for style, clue in found.items() if style in STYLES}
        if len(styles) > 1:
            shown = "、".join(f"{clue.values[0]}（{clue.count} 行，如 {seen.cell(column.id, clue.lines[0])}）" for clue in styles.values() if clue.lines)
            rare = min(styles.values(), key=lambda clue: clue.count)
            odd = not styles.keys().isdisjoint(("其他", "倒写"))
            said = f"{seen.letter(column.id)}“{seen.label(column.id)}”的日期有 {len(styles)} 种写法：{shown}。"
            said += "有的读不出，可能是月、日倒写。" if odd else ""
            said_en = f"Dates in “{seen.label(column.id)}” are written in {len(styles)} ways: {shown}."
            yield seen.doubt(WrittenMixed, "warn" if odd else "tell", said, said_en, name=column.id, lines=rare.lines, values=rare.values, count=rare.count)
