"""Contracts of files (文件约定) as data: columns, synonyms, what is required; and the lists of local words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

import templates
from controls.intake.errors import UnknownContract
from ledger import lawfile

Kind = Literal[
    "fund", "program", "region", "number", "document", "name", "item", "status", "month", "day", "day_or_month", "amount", "account", "text", "code", "choice",
    "integer",
]  # fmt: skip
FOLDER = "intake/contracts"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(_Strict):
    """What every data file states: from when to when it holds, and after what."""

    valid_from: date
    valid_to: date | None
    reference: str = Field(min_length=1)


class Part(_Strict):
    """What a component column of a wide layout stands for: its amount becomes a row of its own with this item (待遇类型) and source of money (资金来源)."""

    item: str
    source: str = ""


class Column(_Strict):
    """One column. ``id`` names it in the canonical table, ``header`` is the canonical header, ``kind`` says how cells are read.

    ``blank``: cells may be blank though the column is required. ``year``: a bare year is a period. ``total``: total
    rows are checked on it. ``ranks``: where several synonyms stand side by side, the earlier rank wins. ``choices``:
    list in choices.yaml; ``open``: other words stay (or become ``otherwise``); ``default``: for blank cells.
    ``needed_beside``: required only where one of these columns stands. ``weak``: names that mean this column only where
    none of its synonyms stands. ``above``: the value may stand above the header, as ``账号：6217…``. ``part``: see :class:`Wide`.
    """

    id: str
    header: str
    kind: Kind
    required: bool = False
    blank: bool = False
    synonyms: tuple[str, ...] = ()
    ranks: tuple[tuple[str, ...], ...] = ()
    year: bool = False
    total: bool = True
    choices: str = ""
    open: bool = False
    otherwise: str = ""
    default: str = ""
    needed_beside: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    above: bool = False
    part: Part | None = None

    @property
    def cell_needed(self) -> bool:
        """Whether a blank cell is an error."""
        return self.required and not self.blank


class Wide(_Strict):
    """A layout with one column a component (基础养老金中央, 个账代缴 …). ``total``: column the parts of a row must sum to; it may be absent."""

    total: str
    parts: tuple[dict[str, Any], ...]

    def columns(self) -> list[dict[str, Any]]:
        """The parts as amount columns; ``item`` and ``source`` say what each becomes."""
        made = []
        for part in self.parts:
            meaning = {name: part[name] for name in ("item", "source") if name in part}
            made.append({**{name: value for name, value in part.items() if name not in meaning}, "kind": "amount", "part": meaning})
        return made


class Contract(Dated):
    """A kind of file. ``key``: the column that every data row fills and no total row does. ``one_of``: sets of columns, one of which must be there.

    The parts of a ``wide`` layout stand among the columns.
    """

    contract: str
    title: str
    key: str
    one_of: tuple[tuple[str, ...], ...] = ()
    columns: tuple[Column, ...]
    wide: Wide | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_parts(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or not isinstance(raw.get("wide"), dict):
            return raw
        columns = list(raw.get("columns", ()))
        there = {column.get("id") for column in columns if isinstance(column, dict)}
        return raw | {"columns": [*columns, *(part for part in Wide.model_validate(raw["wide"]).columns() if part.get("id") not in there)]}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {column.id for column in self.columns}
        if len(known) != len(self.columns):
            raise ValueError("a column id stands twice")
        named = {self.key, *(name for group in self.one_of for name in group), *(name for column in self.columns for name in column.needed_beside)}
        named |= {self.wide.total} if self.wide else set()
        if not named <= known:
            raise ValueError(f"unknown columns {sorted(named - known)}")
        spellings = [fold(name) for column in self.columns for name in (column.header, *column.synonyms, *column.weak)]
        if len(set(spellings)) != len(spellings):
            raise ValueError("a synonym stands twice")
        for column in self.columns:
            if (column.kind == "choice") != bool(column.choices):
                raise ValueError(f"{column.header}: a choice needs its list")
        return self

    def column(self, name: str) -> Column:
        """The column with this id."""
        return next(column for column in self.columns if column.id == name)

    def lookup(self) -> dict[str, Column]:
        """Folded header or synonym → column."""
        return {fold(name): column for column in self.columns for name in (column.header, *column.synonyms)}

    def weak(self) -> dict[str, Column]:
        """Folded weak name → column."""
        return {fold(name): column for column in self.columns for name in column.weak}

    def parts(self) -> list[Column]:
        """The component columns of the wide layout."""
        return [column for column in self.columns if column.part is not None]


class _Lists(Dated):
    lists: dict[str, dict[str, tuple[str, ...]]]


class _Names(Dated):
    names: dict[str, tuple[str, ...]]


class Reasons(Dated):
    """Words of 注销原因 that mean death and that do not."""

    death: tuple[str, ...]
    not_death: tuple[str, ...]


def fold(text: str) -> str:
    """A header or local word for comparison: NFKC, no white space, marks like ``*`` and ``:`` at the ends gone, lower case."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).replace("\ufeff", "").replace("\u200b", "")
    return folded.strip("*:'\"`").casefold()


@cache
def _load(name: str, stamp: tuple[str, ...]) -> Any:
    return lawfile.load(name)


def _read(model: type[lawfile.Model], name: str) -> lawfile.Model:
    return lawfile.parse(model, _load(name, tuple(map(str, templates.roots()))), name)


def _list(name: str) -> Mapping[str, tuple[str, ...]]:
    lists = _read(_Lists, "intake/choices.yaml").lists
    if name not in lists:
        raise lawfile.BadLawFile(file="intake/choices.yaml", where="lists", why=f"缺少 {name}")
    return lists[name]


def names() -> list[str]:
    """Names of all contracts."""
    return sorted(name.removeprefix(f"{FOLDER}/").removesuffix(".yaml") for name in templates.names(FOLDER, ".yaml"))


def load(name: str) -> Contract:
    """The contract of that name; ``bank_return`` is read as ``bank-return``. Raises SB2020."""
    wanted = name.replace("_", "-")
    if wanted not in names():
        raise UnknownContract(contract=name, known="、".join(names()))
    return _read(Contract, f"{FOLDER}/{wanted}.yaml")


def choices(name: str) -> dict[str, str]:
    """Folded local word → canonical word of one list of choices.yaml."""
    return _turned("intake/choices.yaml", _list(name).items())


def canonical_choices(name: str) -> list[str]:
    """The canonical words of a list."""
    return list(_list(name))


def local_names(which: Literal["items", "status", "documents"]) -> dict[str, str]:
    """Folded local name → class of an item, status or kind of document."""
    file = f"intake/{which}.yaml"
    return _turned(file, _read(_Names, file).names.items())


def fields() -> dict[str, str]:
    """Folded national field name (aac001) → what it means, for headers that no column reads."""
    file = "intake/fields.yaml"
    return {fold(code): meaning for meaning, codes in _read(_Names, file).names.items() for code in codes}


def reasons() -> Reasons:
    """The words of reasons.yaml."""
    return _read(Reasons, "intake/reasons.yaml")


def _turned(file: str, pairs: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    turned: dict[str, str] = {}
    for canonical, words in pairs:
        for word in (canonical, *words):
            if turned.setdefault(fold(word), canonical) != canonical:
                raise lawfile.BadLawFile(file=file, where=word, why=f"既归 {turned[fold(word)]} 又归 {canonical}")
    return turned
