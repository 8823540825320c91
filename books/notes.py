"""The notes to the statements (附注; 28号 Part 5 三): tables composed from the books, and what the accountant says in words.

Pure: movements in, a frozen value out. What stands in the notes is data (``books.note_lines``). Amounts are fen, shares
text with one decimal. Every composition ends in the line of 会社保01 that it explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from books.note_lines import Kind, NoteSection, NoteSet, NoteTable, load_notes
from books.statement_lines import Mode, StatementLine, StatementSet
from books.statement_supplements import statements_on
from books.statements import Balances, Tier, income_statement
from ledger.balances import Movement
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.growth import share
from ledger.money import Fen
from ledger.months import Month

LONGEST = 2000
"""Characters of one text."""
UNSAID = "（会计尚未填写，也未确认“无”）"
UNREGISTERED = "未登记"
NOTHING = "—"
NONE = "无。"


class BadNote(Refusal):
    """A text that the notes cannot take."""

    code = "SB4060"
    zh = "附注第{section}点不能这样填写：{why}。"
    en = "Point {section} of the notes cannot be filled in like this: {why}."
    cause_zh = "附注有六点（28号第五部分三）；每点的文字不得为空，没有的须明确写“无”（--none）。"
    cause_en = "The notes have six points (Part 5 三); a text is not empty, and nothing is said by --none."
    remedy_zh = "写明第几点（一至六或 1 至 6），给出 --text 或 --none 之一。"
    remedy_en = "Name the point (1 to 6) and give either --text or --none."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class NoteText:
    """What was said to one point: newest text, by whom and when (ISO); ``none``: confirmed that there is nothing."""

    section: str
    text: str
    author: str
    at: str
    none: bool = False

    @property
    def printed(self) -> str:
        """The words and who said them, as printed."""
        return f"{NONE if self.none else self.text}（填写：{self.author}，{self.at[:10]}）"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, indent, and a cell for each further column (fen, text, or '' for none)."""

    label: str
    level: int
    cells: tuple[Fen | str, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed; without rows ``empty`` is said in its place."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    total_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six points: tables, then words. ``missing``: words are required and nobody has said any."""

    number: str
    title: str
    tables: tuple[Table, ...]
    said: tuple[str, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """附注 of one fund at the end of ``month``, of the year when ``annual``."""

    fund: Fund
    month: Month
    annual: bool
    title: str
    fund_title: str
    sections: tuple[Section, ...]

    @property
    def period(self) -> str:
        """The month or year as printed."""
        return f"{self.month.year}年" if self.annual else self.month.zh()

    @property
    def missing(self) -> tuple[str, ...]:
        """Numbers of the points whose words are still to be said."""
        return tuple(section.number for section in self.sections if section.missing)

    def table(self, code: str) -> Table:
        """The table ``code``; KeyError when it is not there."""
        for section in self.sections:
            for table in section.tables:
                if table.code == code:
                    return table
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Facts:
    """What notes are made from: movements (closing entries included), the same by counterpart, and account names by code.

    ``parties``: (counterpart, movement) of the accounts analysed by it. ``registers``: register → fen, where a register is kept.
    """

    opening: Balances
    movements: Sequence[Movement]
    names: Mapping[str, str]
    parties: Sequence[tuple[str, Movement]] = ()
    registers: Mapping[str, Fen] | None = None


def section_number(given: str) -> str:
    """一 to 六 from 1 to 6, 一 to 六, or （一）; raises SB4060."""
    numbers = [section.number for section in load_notes().sections]
    plain = given.strip("（）() ")
    if plain in numbers:
        return plain
    if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= len(numbers):
        return numbers[int(plain) - 1]
    raise BadNote(section=given, why="没有这一点")


def checked_text(section: str, text: str | None, none: bool) -> str:
    """The text to be kept, one paragraph, '' when nothing is confirmed; raises SB4060."""
    words = " ".join((text or "").split())
    if none == bool(words):
        raise BadNote(section=section, why="既写了文字又写“无”" if none else "没有文字")
    if len(words) > LONGEST:
        raise BadNote(section=section, why=f"超过 {LONGEST} 字")
    return words


def notes(
    fund: Fund,
    month: Month,
    facts: Facts,
    texts: Iterable[NoteText] = (),
    *,
    annual: bool = False,
    tier: Tier = "county",
    standard: NoteSet | None = None,
) -> Notes:
    """附注 of ``fund`` at the end of ``month`` (December and ``annual`` for the year); ``texts`` at most one a point."""
    law, forms = standard if standard is not None else load_notes(), statements_on(month.last_day)
    said = {text.section: text for text in texts}
    maker = _Maker(fund, month, facts, forms)
    sections = tuple(_section(one, fund, tier, maker, said.get(one.number)) for one in law.sections)
    return Notes(fund, month, annual, law.title, forms.fund_title(fund), sections)


def _section(one: NoteSection, fund: Fund, tier: Tier, maker: _Maker, text: NoteText | None) -> Section:
    applies = one.funds is None or fund in one.funds
    tables = tuple(maker.table(table) for table in one.tables if table.due(fund, tier)) if applies else ()
    missing = one.text == "required" and text is None
    said = [] if applies else [one.absent]
    said += [text.printed] if text is not None else [UNSAID] if missing else []
    return Section(one.number, one.printed, tables, tuple(said), missing)


class _Maker:
    """Composes the tables of one fund and month."""

    def __init__(self, fund: Fund, month: Month, facts: Facts, forms: StatementSet) -> None:
        self.fund, self.month, self.facts = fund, month, facts
        self.january = Month(month.year, 1)
        self.lines: list[StatementLine] = forms.income_lines(fund, month=month.month)
        self.now, self.before = (
            {line.code: line.cumulative for line in income_statement(fund, when, facts.opening, facts.movements).lines} for when in (month, month - 12)
        )

    def table(self, law: NoteTable) -> Table:
        rows = {Kind.COMPOSITION: self._composition, Kind.CHANGE: self._change, Kind.RESULTS: self._results, Kind.REGISTER: self._register}[law.kind](law)
        return Table(law.code, law.title, law.columns, tuple(rows), "" if rows else law.empty, law.total_of)

    def _composition(self, law: NoteTable) -> list[Row]:
        """Opening, increase, decrease and closing of each leaf account, on the side its balance stands."""
        moves = [move for move in self.facts.movements if move.account.startswith(law.accounts) and move.period <= self.month]
        begun = {code: fen for code, fen in self.facts.opening.items() if code.startswith(law.accounts)}
        rows: list[Row] = []
        sums = [0, 0, 0, 0]
        for code in sorted({move.account for move in moves} | begun.keys()):
            cells = self._rolled(code, begun.get(code, 0), [move for move in moves if move.account == code])
            if any(cells):
                rows.append(Row(_short(self.facts.names.get(code, code), law), 0, cells))
                rows += self._by_party(code) if law.parties else []
                sums = [held + cell for held, cell in zip(sums, cells, strict=True)]
        return [*rows, Row("合计", 0, tuple(sums), total=True)] if rows else []

    def _by_party(self, code: str) -> list[Row]:
        """The same of each counterpart of one account; nothing where no counterpart was ever named."""
        mine = [(party, move) for party, move in self.facts.parties if move.account == code and move.period <= self.month]
        if not any(party for party, _ in mine):
            return []
        found = ((party, self._rolled(code, 0, [move for one, move in mine if one == party])) for party in sorted({party for party, _ in mine}))
        return [Row(party or "（未列对方单位）", 1, cells) for party, cells in found if any(cells)]

    def _rolled(self, code: str, begun: Fen, moves: Sequence[Movement]) -> tuple[Fen, Fen, Fen, Fen]:
        """年初余额, 本年增加, 本年减少, 期末余额 in fen, positive on the side of the account's class."""
        debit_side = code[0] == "1"
        sign = 1 if debit_side else -1
        year = [move for move in moves if move.period >= self.january]
        opening = sign * (begun + sum(move.net for move in moves if move.period < self.january))
        debit = sum(move.debit + move.closing_debit for move in year)
        credit = sum(move.credit + move.closing_credit for move in year)
        more, less = (debit, credit) if debit_side else (credit, debit)
        return opening, more, less, opening + more - less

    def _change(self, law: NoteTable) -> list[Row]:
        """Each line of the sums with its share of all of them and its change against the same months of last year."""
        parts = {code for line in self.lines if line.code in law.sums for code in line.lines}
        whole = sum(self.now.get(code, 0) for code in law.sums)
        rows: list[Row] = []
        wanted = False
        for line in self.lines:
            wanted = line.code in law.sums or line.code in parts or (wanted and law.details and line.of_which)
            now, before = self.now.get(line.code, 0), self.before.get(line.code, 0)
            if wanted and (now or before):
                cells = (now, _percent(now, whole), before, now - before, _percent(now - before, before))
                rows.append(Row(line.printed, line.level, cells, total=line.code in law.sums))
        return rows

    def _results(self, law: NoteTable) -> list[Row]:
        """Movement of some accounts this year and in the same months of last year, closing entries left out."""
        rows = []
        for row in law.rows:
            if row.funds is None or self.fund in row.funds:
                now, before = (self._moved(row.mode, row.accounts, when) for when in (self.month, self.month - 12))
                rows += [Row(row.label, 0, (now, before))] if now or before else []
        return rows

    def _moved(self, mode: Mode, accounts: tuple[str, ...], until: Month) -> Fen:
        mine = [move for move in self.facts.movements if move.account.startswith(accounts) and Month(until.year, 1) <= move.period <= until]
        debit, credit = sum(move.debit for move in mine), sum(move.credit for move in mine)
        return {Mode.CREDIT: credit, Mode.DEBIT: debit, Mode.NET_CREDIT: credit - debit, Mode.NET_DEBIT: debit - credit}[mode]

    def _register(self, law: NoteTable) -> list[Row]:
        """The figures of the registers; one that is not kept is said not to be."""
        kept = self.facts.registers or {}
        return [Row(row.label, 0, (kept.get(row.source, UNREGISTERED),)) for row in law.rows if row.funds is None or self.fund in row.funds]


def _percent(part: Fen, whole: Fen) -> str:
    return f"{share(part, whole) + 0}%" if whole > 0 else NOTHING


def _short(name: str, law: NoteTable) -> str:
    """An account's full name, without the first part where the table is all of one account."""
    first, _, rest = name.partition("-")
    return (rest or first).replace("-", "——") if len(law.accounts) == 1 else name.replace("-", "——")
