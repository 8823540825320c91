"""The visible list of rules (规则目录): metadata from ``templates/rules/*.yaml``, one SQL text beside each exact rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from itertools import pairwise
from string import Template
from typing import Literal, cast

from pydantic import Field, model_validator

import templates
from controls.checks.errors import ParameterNotInForce, UnknownRule
from controls.checks.schema import columns
from ledger.lawfile import Strict, read

Contract = Literal[
    "payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries", "balances", "absences", "employers", "holdings", "claims"
]
Grain = Literal["person", "number", "account", "pair", "year"]
Level = Literal["high", "medium", "low"]
Plain = int | str | tuple[str, ...]
"""A value of a rule's parameter."""

FOLDER = "rules"
EVERY = "ALL"
"""Asks for the full catalogue in place of a code."""


class BeforePayment(Strict):
    """What a rule does before payment (发放前): ``block`` holds the lines it concerns ``when`` its condition holds and warns otherwise, ``warn`` asks for a
    reason, ``silent`` says nothing. ``why_zh``: why it blocks, what to verify, or why it is silent; ``otherwise_zh``: what a blocking rule says when it warns.
    ``touches``: the roster lines among its rows, or every line of the person where its rows are of other lists.
    """

    says: Literal["block", "warn", "silent"]
    when: Literal["always", "official_and_equal_name", "other_payment_confirmed"] | None = None
    touches: Literal["row", "person"] = "row"
    why_zh: str = Field(min_length=1)
    otherwise_zh: str = ""

    @model_validator(mode="after")
    def _complete(self) -> BeforePayment:
        if (self.says == "block") != (self.when is not None):
            raise ValueError("a rule that blocks says when, and no other does")
        if (self.when is not None and self.when != "always") != bool(self.otherwise_zh):
            raise ValueError("a rule that blocks on a condition says what it warns of otherwise")
        return self


_AFTERWARDS = BeforePayment(says="silent", why_zh="本单位自定的规则只用于事后检查")


class DatedParameter(Strict):
    """One value of a rule's parameter in force in ``[valid_from, valid_to)``; the first may be open at its beginning, the last at its end."""

    value: Plain
    valid_from: date | None = None
    valid_to: date | None = None
    reference: str = Field(min_length=1)


class Rule(Strict):
    """One rule of the catalogue.

    ``valid_from``, ``valid_to``: the months it judges, half-open, both first days of a month (null: open; of a rule per premium year first days of January);
    see :mod:`controls.checks.validity`. A parameter is a value, or several with dates; the one in force in the as-of month counts.

    ``needs``: contracts without which it does not run; ``uses``: contracts it takes into account when given.
    ``fields``: optional columns of payments (canonical name: header) without which there is nothing to look at.
    ``catalogue``: ``first`` runs when nothing is asked for, ``full`` when named or with ``all``.
    ``before_payment``: whether the same definition speaks over a roster. ``grain``: what one finding is per. ``parameters`` fill ``${…}`` in the SQL.
    ``parts``: whether the evidence splits the money into base pension, account pension and the rest. ``reason_zh`` is the sentence, with fields.
    """

    document: str
    valid_from: date | None = None
    valid_to: date | None = None
    reference: str
    code: str
    name_zh: str
    name_en: str
    severity: Level
    kind: Literal["exact", "linked"] = "exact"
    catalogue: Literal["first", "full"] = "first"
    grain: Grain = "person"
    needs: tuple[Contract, ...] = ("payments",)
    uses: tuple[Contract, ...] = ()
    before_payment: BeforePayment = _AFTERWARDS
    fields: dict[str, str] = Field(default_factory=dict)
    description_zh: str
    legal_basis: tuple[str, ...]
    false_friends_zh: tuple[str, ...] = ()
    reason_zh: str
    parts: bool = False
    parameters: dict[str, Plain | tuple[DatedParameter, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _dates(self) -> Rule:
        for day in (self.valid_from, self.valid_to):
            if day is not None and (day.day != 1 or (self.grain == "year" and day.month != 1)):
                raise ValueError("a rule is in force from the first day of a month on, one per premium year from 1 January on")
        if unknown := sorted(self.fields.keys() - columns("payments").keys()):
            raise ValueError(f"fields: payments have no column {unknown}")
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be after valid_from")
        for name, value in self.parameters.items():
            if fault := _order_fault(_values_of(value)):
                raise ValueError(f"parameter {name}: {fault}")
        return self

    def given(self, as_of: int) -> dict[str, Plain]:
        """The parameters as they are in the month ``as_of`` (``yyyymm``). Raises SB3400 where one has no value then."""
        return {name: self._in_force(name, value, as_of) for name, value in self.parameters.items()}

    def every(self, name: str) -> tuple[Plain, ...]:
        """Each value a parameter ever has."""
        value = self.parameters[name]
        return tuple(one.value for one in _values_of(value)) or (cast(Plain, value),)

    def sample(self) -> dict[str, Plain]:
        """Some value of each parameter, whatever the month: to see whether the text reads."""
        return {name: self.every(name)[0] for name in self.parameters}

    def _in_force(self, name: str, value: Plain | tuple[DatedParameter, ...], as_of: int) -> Plain:
        dated = _values_of(value)
        if not dated:
            return cast(Plain, value)
        for one in dated:
            if (_month(one.valid_from) or 0) <= as_of and (one.valid_to is None or as_of < (_month(one.valid_to) or 0)):
                return one.value
        raise ParameterNotInForce(rule=self.code, name=name, month=f"{as_of // 100}-{as_of % 100:02d}", file=f"{self.code}.yaml")

    @property
    def sql_name(self) -> str:
        return f"{FOLDER}/{self.code}.sql"

    @property
    def own(self) -> str:
        """The folder of the office's own rules it comes from; blank for a rule that ships with the program."""
        return ""

    def text(self) -> str:
        """The SQL as it was written, with its ``${…}``."""
        return templates.path(self.sql_name).read_text(encoding="utf-8")

    def sql(self, shared: Mapping[str, str], given: Mapping[str, Plain] | None = None) -> str:
        """The rule's SQL with its parameters of the as-of month (``shared``) filled in (whole numbers as they are, text quoted, lists in brackets), and the
        conditions all rules share. ``given``: other values of them. Raises SB3400."""
        values = self.given(int(shared["as_of"])) if given is None else given
        return Template(self.text()).substitute({**shared, **{name: _literal(value) for name, value in values.items()}})


def _values_of(value: Plain | tuple[DatedParameter, ...]) -> tuple[DatedParameter, ...]:
    """The dated values of a parameter; none of a plain one."""
    return tuple(one for one in value if isinstance(one, DatedParameter)) if isinstance(value, tuple) else ()


def _month(day: date | None) -> int | None:
    return None if day is None else day.year * 100 + day.month


def _order_fault(values: Sequence[DatedParameter]) -> str:
    """Why dated values do not follow one another ('' when they do): an overlap, a gap, a day within a month, values of different kinds."""
    ordered = sorted(values, key=lambda one: one.valid_from or date.min)
    if any(day is not None and day.day != 1 for one in ordered for day in (one.valid_from, one.valid_to)):
        return "values change on the first day of a month"
    if len({type(one.value) for one in ordered}) > 1:
        return "values of different kinds"
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or later.valid_from is None or earlier.valid_to > later.valid_from:
            return f"日期重叠 {later.valid_from or '（无起始日）'}"
        if earlier.valid_to < later.valid_from:
            return f"日期断档 {earlier.valid_to} 至 {later.valid_from}"
    if any(one.valid_from is not None and one.valid_to is not None and one.valid_to <= one.valid_from for one in ordered):
        return "valid_to must be after valid_from"
    return ""


def _literal(value: Plain) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "(" + ", ".join(_literal(item) for item in value) + ")"


@cache
def _read(folders: tuple[str, ...]) -> tuple[Rule, ...]:
    found = [read(Rule, name) for name in templates.names(FOLDER, ".yaml") if name.rpartition("/")[2][0].isupper()]
    return tuple(sorted(found, key=lambda rule: rule.code))


_OWN: ContextVar[tuple[Rule, ...]] = ContextVar("own_rules", default=())


def shipped() -> tuple[Rule, ...]:
    """The rules that ship with the program, by code."""
    return _read(tuple(str(root) for root in templates.roots()))


def own() -> tuple[Rule, ...]:
    """The office's own rules in use now, by code (:mod:`controls.checks.own_rules`)."""
    return _OWN.get()


@contextmanager
def with_own(added: Sequence[Rule]) -> Iterator[None]:
    """Lets the office's own rules stand beside those that ship, for as long as the block runs."""
    before = _OWN.set(tuple(sorted(added, key=lambda rule: rule.code)))
    try:
        yield
    finally:
        _OWN.reset(before)


def rules() -> tuple[Rule, ...]:
    """Every rule of the catalogue, by code: the first catalogue, what the full one adds, and the office's own where a folder was given."""
    return (*shipped(), *own())


def codes() -> tuple[str, ...]:
    """The codes of the first catalogue, ascending: what runs when nothing is asked for."""
    return tuple(rule.code for rule in rules() if rule.catalogue == "first")


def before_payment() -> tuple[str, ...]:
    """The codes that speak before payment, ascending: what runs over a roster, whatever catalogue they are of."""
    return tuple(rule.code for rule in rules() if rule.before_payment.says != "silent")


def chosen(wanted: Iterable[str] | None) -> Sequence[Rule]:
    """The rules asked for, by code: the first catalogue when None, every rule for ``all``; a short form such as ``D1`` is taken; raises SB3201."""
    if wanted is None:
        return [rule for rule in rules() if rule.catalogue == "first"]
    known = {rule.code: rule for rule in rules()} | {rule.code.partition("-")[0]: rule for rule in rules()}
    picked: dict[str, Rule] = {}
    for code in wanted:
        if code.strip().upper() == EVERY:
            picked.update((rule.code, rule) for rule in rules())
            continue
        rule = known.get(code.strip().upper())
        if rule is None:
            raise UnknownRule(rule=code, known="、".join(rule.code for rule in rules()))
        picked[rule.code] = rule
    return [picked[code] for code in sorted(picked)]
