"""What a register is (台账的规定), as data: fields, states, acts, computed columns, ageing, due days, ties and vouchers of one ``templates/registers`` file.

A register that the program ships is always the shipped one (C4); an office adds registers of its own beside them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator

import templates
from controls.duties import Duty
from controls.registers.errors import NoSuchRegister
from ledger.chart_file import FundList
from ledger.lawfile import BadLawFile, LawFile, Strict, load_from, parse

FieldType = Literal[
    "text", "choice", "fen", "month", "year", "date", "rate", "count", "id_number", "name", "bank_account", "organisation", "document", "account",
    "voucher", "digest", "row",
]  # fmt: skip
Filter = dict[str, tuple[str, ...]]
ADD, CORRECT = "add", "correct"


class FieldLaw(Strict):
    """One column that people fill in. ``register``: whose row a field of type row names. ``not_before``: the date field it may not precede."""

    name: str
    zh: str
    type: FieldType
    required: bool = False
    choices: tuple[str, ...] = ()
    register_: str = Field(default="", alias="register")
    signed: bool = False
    not_before: str = ""
    note: str = ""


class StateLaw(Strict):
    """One state; ``open`` ones are still to be worked on."""

    name: str
    zh: str
    open: bool = True


class ActLaw(Strict):
    """A named transition. ``to`` '' leaves the state. ``other_than``: acts whose doer may not do this one. ``zero``: columns that must be nil."""

    name: str
    zh: str
    from_: tuple[str, ...] = Field(alias="from")
    to: str = ""
    duties: tuple[str, ...]
    other_than: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    dated_by: str = ""


class ChildrenLaw(Strict):
    """A sum over the rows of another register that name this row: as their parent, or in the field ``by``."""

    register_: str = Field(alias="register")
    of: str
    by: str = ""
    when: Filter = Field(default_factory=dict)


class ColumnLaw(Strict):
    """A computed column: a formula of sums and differences, a sum over children, or a named function with its arguments."""

    name: str
    zh: str
    type: Literal["fen", "text", "count"] = "fen"
    formula: str = ""
    floor: bool = False
    when: Filter = Field(default_factory=dict)
    children: ChildrenLaw | None = None
    call: str = ""
    args: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> ColumnLaw:
        if sum((bool(self.formula), self.children is not None, bool(self.call))) != 1:
            raise ValueError(f"{self.name}: a formula, children or a call")
        return self


class AgeingLaw(Strict):
    """How long an amount has been open: from which day, in buckets of days."""

    since: str
    of: str
    buckets: tuple[int, ...]
    when: Filter = Field(default_factory=dict)


class DueLaw(Strict):
    """A day by which something must be done; warned of ``warn_days`` before. ``of``: the money still open; a row without any has nothing to do."""

    date: str
    zh: str
    warn_days: int
    of: str = ""
    when: Filter = Field(default_factory=dict)


class AccountLaw(Strict):
    """Accounts of the ledger by the beginning of their code and a part of their full name."""

    code: str
    part: str = ""


class TieLaw(Strict):
    """A sum of the register against the ledger: ``balance`` at the month's end, ``year`` movement since January, ``month`` movement,
    or ``voucher``: the rows that name one voucher against what it booked.

    ``dated``: the day that puts a row into the year or month. ``by``: the field whose value is the account's last name part.
    """

    code: str
    zh: str
    column: str
    when: Filter = Field(default_factory=dict)
    accounts: tuple[AccountLaw, ...]
    measure: Literal["balance", "year", "month", "voucher"]
    side: Literal["D", "C"]
    dated: str = ""
    by: str = ""
    reference: str = ""


class VoucherLaw(Strict):
    """The voucher that an act calls for. Texts may hold ``{field}`` and ``{parent.field}``; ``years`` compares the years of two dates or years."""

    act: str
    when: Filter = Field(default_factory=dict)
    years: tuple[str, Literal["same", "other"], str] | None = None
    event: str
    amounts: dict[str, str]
    details: dict[str, str] = Field(default_factory=dict)
    day: str
    authority: str
    paper: str = ""


class Register(LawFile):
    """One register."""

    name: str
    zh: str
    keyed_by: Literal["book", "unit"] = "book"
    funds: FundList | None = None
    source: str = ""
    note: str = ""
    key: tuple[str, ...]
    dated_by: str = ""
    add_duties: tuple[str, ...] = ()
    parent: str = ""
    fields: tuple[FieldLaw, ...]
    states: tuple[StateLaw, ...]
    acts: tuple[ActLaw, ...] = ()
    columns: tuple[ColumnLaw, ...] = ()
    listed: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    ageing: AgeingLaw | None = None
    dues: tuple[DueLaw, ...] = ()
    ties: tuple[TieLaw, ...] = ()
    vouchers: tuple[VoucherLaw, ...] = ()
    signers: tuple[str, ...] = ("单位负责人", "复核", "登记")

    @model_validator(mode="after")
    def _whole(self) -> Register:
        known = {field.name for field in self.fields}
        columns = known | {column.name for column in self.columns}
        if len(known) != len(self.fields) or len(columns) != len(known) + len(self.columns):
            raise ValueError("a column twice")
        states = {state.name for state in self.states}
        checks: list[tuple[str, set[str], set[str]]] = [("key", set(self.key), known), ("dated_by", {self.dated_by} - {""}, known)]
        checks += [("parent", {self.parent} - {""}, known), ("totals", {*self.totals, *self.groups, *self.listed}, columns | {"state", "row"})]
        for act in self.acts:
            checks += [(act.name, {*act.sets, *act.needs, act.dated_by} - {""}, known), (act.name, {*act.from_, act.to} - {""}, states)]
            checks += [(act.name, set(act.zero), columns), (act.name, set(act.duties), set(Duty.__members__))]
        checks += [("duties", set(self.add_duties), set(Duty.__members__))]
        checks += [(due.zh, {due.date, due.of} - {""}, columns) for due in self.dues]
        checks += [(tie.code, {tie.column, tie.dated, tie.by} - {""}, columns) for tie in self.ties]
        for where, wanted, there in checks:
            if wanted - there:
                raise ValueError(f"{where}: unknown {sorted(wanted - there)}")
        if not self.states or (not self.source and not self.add_duties):
            raise ValueError("a register has states and says who enters rows")
        return self

    def field(self, word: str) -> FieldLaw | None:
        """A field by its name or its Chinese name."""
        return next((field for field in self.fields if word in (field.name, field.zh)), None)

    def state(self, name: str) -> StateLaw:
        """A state by its name; KeyError for an unknown one."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def act(self, word: str) -> ActLaw | None:
        """An act by its name or its Chinese name."""
        return next((act for act in self.acts if word in (act.name, act.zh)), None)

    @property
    def shown(self) -> dict[str, str]:
        """Columns that a list shows → their heads: those named, else all."""
        heads = {field.name: field.zh for field in self.fields} | {column.name: column.zh for column in self.columns}
        return {name: heads[name] for name in self.listed} if self.listed else heads

    def type_of(self, column: str) -> str:
        """The type of a field or computed column."""
        return {**{field.name: str(field.type) for field in self.fields}, **{column.name: column.type for column in self.columns}}.get(column, "text")


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> dict[str, Register]:
    found: dict[str, Register] = {}
    for file in templates.names("registers", ".yaml"):
        shipped = templates.SHIPPED / file
        made = parse(Register, load_from(shipped if shipped.exists() else templates.path(file)), file)
        if made.name in found:
            raise BadLawFile(file=file, where=made.name, why="台账重复")
        found[made.name] = made
    for made in found.values():
        wanted = {column.children.register_ for column in made.columns if column.children} | {field.register_ for field in made.fields if field.register_}
        if wanted - found.keys():
            raise BadLawFile(file=f"registers/{made.name}.yaml", where=made.name, why=f"没有台账 {'、'.join(sorted(wanted - found.keys()))}")
    return found


def registers() -> dict[str, Register]:
    """Every register by its name; raises SB1011."""
    return _load(tuple(str(root) for root in templates.roots()))


def get(word: str) -> Register:
    """A register by its name or its Chinese name; raises SB3240."""
    known = registers()
    for law in known.values():
        if word in (law.name, law.zh):
            return law
    raise NoSuchRegister(register=word, known="、".join(f"{law.name}（{law.zh}）" for law in known.values()))
