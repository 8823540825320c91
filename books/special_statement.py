"""Papers of a special book (专账): 收支表 of a month and its year, and 明细表 by document, item, township and level, as values.

Everything comes from the kept balances by document and township; closing entries are left out, so that a year's figures stay when it is closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet, SignatureBox
from ledger.money import Fen
from ledger.months import Month
from ledger.special.documents import LEVELS, SOURCES, Source, in_order, take_in
from ledger.special.sums import Cell

SIGNERS = tuple(SignatureBox(role) for role in ("单位负责人", "会计机构负责人", "复核", "制表"))
UNNAMED = "未注明乡镇"
NO_LEVEL = "其他"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, how deep it stands, fen by column, and whether it is a sum."""

    label: str
    level: int
    cells: tuple[Fen, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its code in JSON, title, heads (the label's first), and rows."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SpecialStatement:
    """The statement of one program and month; ``tables``: 收支表, then 指标文, 乡镇 and 级次 in detail."""

    program: str
    title: str
    month: Month
    tables: tuple[Table, ...]

    def table(self, code: str) -> Table:
        """The table of that code; KeyError when there is none."""
        return next(table for table in self.tables if table.code == code)


@dataclass(frozen=True, slots=True)
class SpecialPaper(Sheet):
    """专账收支表及明细表 of one program and month."""

    KIND: ClassVar[str] = "special_statement"
    statement: SpecialStatement


class _Sums:
    """Movements cut into three spans: before the year, this year, this month. Money of the opening (J01) counts as before the year."""

    def __init__(self, cells: Iterable[Cell], month: Month, days: Mapping[str, str]) -> None:
        first = Month(month.year, 1)
        self.cells = [cell for cell in cells if cell.month <= month]
        self.before = [cell for cell in self.cells if cell.month < first or cell.account == "J01"]
        self.year = [cell for cell in self.cells if cell.month >= first and cell.account != "J01"]
        self.month = [cell for cell in self.year if cell.month == month]
        self.end = _sources(self.cells, days)
        self.start = _sources(self.before, days)

    def both(self, wanted: Callable[[Cell], bool], sign: int = 1) -> tuple[Fen, Fen]:
        """(this month, this year) fen of the cells wanted; ``sign`` -1 for credit."""
        return sum(sign * cell.net for cell in self.month if wanted(cell)), sum(sign * cell.net for cell in self.year if wanted(cell))


def _sources(cells: Iterable[Cell], days: Mapping[str, str]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for cell in cells:
        take_in(found, cell.account, cell.document, cell.town, days.get(cell.document, cell.month.first_day.isoformat()), cell.net)
    return found


def statement(program: str, title: str, month: Month, cells: Sequence[Cell], days: Mapping[str, str], items: Mapping[str, str]) -> SpecialStatement:
    """The statement through ``month``. ``days``: document → ISO day of its first money; ``items``: expense account → item."""
    sums = _Sums(cells, month, days)
    tables = (_income_and_expense(sums, items), _by_document(sums), _by_town(sums, items), _by_level(sums))
    return SpecialStatement(program, f"{title}收支表", month, tables)


def _left(sources: Mapping[str, Source]) -> Fen:
    return sum(one.left for one in sources.values())


def _income_and_expense(sums: _Sums, items: Mapping[str, str]) -> Table:
    """期初 + 收入 − 支出 − 上缴 = 期末, this month and this year."""
    begin_year = _left(sums.start)
    income = {name: sums.both(lambda cell, at=code: cell.account.startswith(at), -1) for code, name in SOURCES.items() if code != "J01"}  # type: ignore[misc]
    spent = {name: sums.both(lambda cell, at=code: cell.account == at) for code, name in items.items()}  # type: ignore[misc]
    back = sums.both(lambda cell: cell.account.startswith("C02"))
    total_in, total_out = _added(income.values()), _added(spent.values())
    begin_month = begin_year + (total_in[1] - total_in[0]) - (total_out[1] - total_out[0]) - (back[1] - back[0])
    end = tuple(at + total_in[i] - total_out[i] - back[i] for i, at in enumerate((begin_month, begin_year)))
    held = sum(fen for one in sums.end.values() for fen in one.held.values())
    transit = sum(cell.net for cell in sums.cells if cell.account == "Z04")
    rows = [Row("一、期初结余", 0, (begin_month, begin_year), True), Row("二、收入", 0, total_in, True)]
    rows += [Row(name, 1, fen) for name, fen in income.items() if any(fen)]
    rows += [Row("三、支出", 0, total_out, True), *(Row(name, 1, fen) for name, fen in spent.items() if any(fen))]
    rows += [Row("四、结余上缴财政", 0, back, True), Row("五、期末结余", 0, end, True)]
    rows += [Row("其中：乡镇未报账", 1, (held, held)), Row("代发在途", 1, (transit, transit))]
    return Table("money", "收支表", ("项目", "本月数", "本年累计"), tuple(rows))


def _added(pairs: Iterable[tuple[Fen, Fen]]) -> tuple[Fen, Fen]:
    found = list(pairs)
    return sum(pair[0] for pair in found), sum(pair[1] for pair in found)


def _by_document(sums: _Sums) -> Table:
    """Each document: what it had at the year's start, brought, spent, gave back, has left, and what of that townships hold."""
    rows = []
    for one in in_order(sums.end.values()):
        old = sums.start.get(one.document, Source(one.document, "", ""))
        spent, back = one.spent - old.spent, one.given_back - old.given_back
        cells = (old.left, one.received - old.received, spent, back, one.left, sum(one.held.values()))
        rows.append(Row(f"{one.name}（{one.level or NO_LEVEL}）", 0, cells))
    columns = ("指标文号（级次）", "年初结余", "本年收入", "本年支出", "本年上缴", "期末结余", "其中乡镇未报账")
    return Table("documents", "指标文明细表（本年）", columns, (*rows, _footed(rows, len(columns) - 1)))


def _by_town(sums: _Sums, items: Mapping[str, str]) -> Table:
    """This year's expense by township and item, and what the township still holds."""
    spent: dict[str, dict[str, Fen]] = defaultdict(lambda: defaultdict(int))
    for cell in sums.year:
        if cell.account in items:
            spent[cell.town][cell.account] += cell.net
    held: dict[str, Fen] = defaultdict(int)
    for one in sums.end.values():
        for town, fen in one.held.items():
            held[town] += fen
    shown = [code for code in items if any(spent[town].get(code) for town in list(spent))]
    rows = [
        Row(town or UNNAMED, 0, (*(spent[town].get(code, 0) for code in shown), sum(spent[town].values()), held.get(town, 0)))
        for town in sorted(spent.keys() | held.keys(), key=lambda name: (name == "", name))
        if spent[town] or held.get(town)
    ]
    columns = ("乡镇", *(items[code] for code in shown), "支出合计", "未报账")
    return Table("towns", "乡镇支出明细表（本年）", columns, (*rows, _footed(rows, len(columns) - 1)))


def _by_level(sums: _Sums) -> Table:
    """This year's expense by township and the level whose money paid it."""
    spent: dict[str, dict[str, Fen]] = defaultdict(lambda: defaultdict(int))
    for cell in sums.year:
        if cell.account.startswith("C01"):
            spent[cell.town][sums.end[cell.document].level or NO_LEVEL] += cell.net
    shown = [level for level in LEVELS if any(spent[town].get(level) for town in list(spent))]
    rows = [
        Row(town or UNNAMED, 0, (*(spent[town].get(level, 0) for level in shown), sum(spent[town].values())))
        for town in sorted(spent, key=lambda name: (name == "", name))
        if any(spent[town].values())
    ]
    columns = ("乡镇", *shown, "支出合计")
    return Table("levels", "乡镇支出资金级次表（本年）", columns, (*rows, _footed(rows, len(columns) - 1)))


def _footed(rows: Sequence[Row], width: int) -> Row:
    return Row("合计", 0, tuple(sum(row.cells[place] for row in rows) for place in range(width)), True)
