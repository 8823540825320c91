"""The visible list of rules (规则目录): metadata from ``templates/rules/*.yaml``, one SQL text beside each exact rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from string import Template
from typing import Literal

from pydantic import Field, model_validator

import templates
from controls.checks.errors import UnknownRule
from ledger.lawfile import LawFile, Strict, read

Contract = Literal[
    "payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries", "balances", "absences", "employers", "holdings", "claims"
]
Grain = Literal["person", "number", "account", "pair", "year"]
Level = Literal["high", "medium", "low"]

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


class Rule(LawFile):
    """One rule of the catalogue.

    ``needs``: contracts without which it does not run; ``uses``: contracts it takes into account when given.
    ``fields``: optional columns of payments (canonical name: header) without which there is nothing to look at.
    ``catalogue``: ``first`` runs when nothing is asked for, ``full`` when named or with ``all``.
    ``before_payment``: whether the same definition speaks over a roster. ``grain``: what one finding is per. ``parameters`` fill ``${…}`` in the SQL.
    ``parts``: whether the evidence splits the money into base pension, account pension and the rest. ``reason_zh`` is the sentence, with fields.
    """

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
    parameters: dict[str, int | str | tuple[str, ...]] = Field(default_factory=dict)

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

    def sql(self, shared: Mapping[str, str]) -> str:
        """The rule's SQL with its parameters filled in (whole numbers as they are, text quoted, lists in brackets) and conditions all rules share."""
        return Template(self.text()).substitute({**shared, **{name: _literal(value) for name, value in self.parameters.items()}})


def _literal(value: int | str | tuple[str, ...]) -> str:
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
