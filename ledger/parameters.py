"""Dated parameters (参数): every number with a legal meaning, and every choice left to the province or the office.

They stand in ``templates/parameters/*.yaml`` with ``[from, to)``, unit and reference. A parameter that nobody has
set refuses to run and names who must set it; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from pydantic import Field, model_validator

import templates
from ledger.errors import UNUSABLE, Refusal
from ledger.lawfile import BadLawFile, LawFile, Strict, in_force, order_faults, read

Value = int | str | bool | tuple[str, ...]

# Files of the folder that another room reads whole, by a schema of its own.
READ_ELSEWHERE = frozenset({"parameters/payment-chain.yaml", "parameters/sign-in.yaml"})


class ParameterUnset(Refusal):
    """A parameter without a value on that day."""

    code = "SB1031"
    zh = "参数“{zh}”（{name}）在 {day} 没有取值{keys}。"
    en = "The parameter “{name}” has no value on {day}{keys}."
    cause_zh = "该参数由{set_by}设定，程序不作假定。"
    cause_en = "It is set by {set_by}; the program assumes nothing."
    remedy_zh = "由{set_by}把取值、起止日期和依据写入本单位模板目录的 {file}，见 docs/standard.md。"
    remedy_en = "{set_by} adds the value with its dates and reference to {file} in the office's template folder."


class UnknownParameter(Refusal):
    """A name that is no parameter, or keys it does not have."""

    code = "SB1032"
    zh = "没有参数“{name}”{why}。"
    en = "There is no parameter “{name}”{why}."
    cause_zh = "参数名称和分类键由 templates/parameters 规定。"
    cause_en = "Names and keys of parameters stand in templates/parameters."
    remedy_zh = "核对参数名称；全部参数见 docs/parameters.md。"
    remedy_en = "Check the name; docs/parameters.md lists every parameter."
    status = UNUSABLE


class DatedValue(Strict):
    """One value in force in ``[from, to)`` for its keys (none: for all)."""

    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    value: Value
    reference: str
    keys: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> DatedValue:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("to must be after from")
        return self


class Parameter(Strict):
    """One parameter: unit, who sets it, the keys it may be split by, and its values (none: unset)."""

    name: str
    zh: str
    unit: str
    set_by: str
    keys: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    values: tuple[DatedValue, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Parameter:
        groups: dict[tuple[tuple[str, str], ...], list[DatedValue]] = {}
        for value in self.values:
            if extra := set(value.keys) - set(self.keys):
                raise ValueError(f"{self.name}: keys {sorted(extra)}")
            if self.choices and value.value not in self.choices:
                raise ValueError(f"{self.name}: {value.value} is none of {self.choices}")
            groups.setdefault(tuple(sorted(value.keys.items())), []).append(value)
        for same in groups.values():
            if fault := order_faults(same, gaps=True):
                raise ValueError(f"{self.name}: {fault}")
        return self


class OfficeValue(DatedValue):
    """A value that an office adds to a parameter declared elsewhere."""

    name: str


class ParametersFile(LawFile):
    """One file: parameters declared, and values added to parameters that other files declare."""

    parameters: tuple[Parameter, ...] = ()
    values: tuple[OfficeValue, ...] = ()


class Parameters:
    """Every parameter with its dated values. Make one with :meth:`load`; it never changes."""

    def __init__(self, known: dict[str, tuple[Parameter, str]]) -> None:
        self._known = known

    @classmethod
    def load(cls) -> Parameters:
        """The parameters of every file under ``parameters/``; an office's file of the same name replaces the shipped one. Raises SB1011."""
        return _load(tuple(str(root) for root in templates.roots()))

    @property
    def all(self) -> list[Parameter]:
        """Every parameter, by name."""
        return [self._known[name][0] for name in sorted(self._known)]

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys a parameter may be split by; raises SB1032."""
        if name not in self._known:
            raise UnknownParameter(name=name, why="")
        return self._known[name][0].keys

    def parameter(self, name: str) -> Parameter:
        """The parameter itself; raises SB1032."""
        if name not in self._known:
            raise UnknownParameter(name=name, why="")
        return self._known[name][0]

    def overlaid(self, values: Sequence[OfficeValue], file: str) -> Parameters:
        """The same parameters with ``values`` laid over them: what they cover replaces what stood there (a proposal, a worked case). Raises SB1011, SB1032.

        ``file`` names where the values come from, for messages.
        """
        known = dict(self._known)
        for added in values:
            self.parameter(added.name)
            parameter = known[added.name][0]
            kept = [piece for value in parameter.values for piece in _left_of(value, added)]
            known[added.name] = (_with(parameter.model_copy(update={"values": tuple(kept)}), added, file), known[added.name][1])
        return Parameters(known)

    def on(self, name: str, day: date, **keys: str) -> Value:
        """The value in force on ``day``; of several that fit ``keys`` the most specific wins. Raises SB1031, SB1032."""
        return self.dated(name, day, **keys).value

    def dated(self, name: str, day: date, **keys: str) -> DatedValue:
        """:meth:`on` with the dates and the reference of the value."""
        if extra := set(keys) - set(self.keys(name)):
            raise UnknownParameter(name=name, why="的分类键 " + "、".join(sorted(extra)))
        parameter, file = self._known[name]
        fitting = [value for value in parameter.values if in_force(value, day) and value.keys.items() <= keys.items()]
        if not fitting:
            given = f"（{'，'.join(f'{key}={value}' for key, value in sorted(keys.items()))}）" if keys else ""
            raise ParameterUnset(name=name, zh=parameter.zh, day=day.isoformat(), keys=given, set_by=parameter.set_by, file=file)
        most = max(len(value.keys) for value in fitting)
        best = [value for value in fitting if len(value.keys) == most]
        if len(best) > 1:
            raise BadLawFile(file=file, where=name, why="有两个同样具体的取值")
        return best[0]

    def number(self, name: str, day: date, **keys: str) -> int:
        """:meth:`on` for a whole number; TypeError when it is none."""
        value = self.on(name, day, **keys)
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} is not a whole number")
        return value

    def text(self, name: str, day: date, **keys: str) -> str:
        """:meth:`on` for a text; TypeError when it is none."""
        value = self.on(name, day, **keys)
        if not isinstance(value, str):
            raise TypeError(f"{name} is not a text")
        return value

    def codes(self, name: str, day: date, **keys: str) -> tuple[str, ...]:
        """:meth:`on` for a list of codes; TypeError when it is none."""
        value = self.on(name, day, **keys)
        if not isinstance(value, tuple):
            raise TypeError(f"{name} is not a list")
        return value


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> Parameters:
    known: dict[str, tuple[Parameter, str]] = {}
    files = {file: read(ParametersFile, file) for file in sorted(set(templates.names("parameters", ".yaml")) - READ_ELSEWHERE)}
    for file, content in files.items():
        for parameter in content.parameters:
            if parameter.name in known:
                raise BadLawFile(file=file, where=parameter.name, why="参数重复")
            known[parameter.name] = (parameter, file)
    for file, content in files.items():
        for added in content.values:
            if added.name not in known:
                raise BadLawFile(file=file, where=added.name, why="没有这个参数")
            known[added.name] = (_with(known[added.name][0], added, file), file)
    return Parameters(known)


def _left_of(value: DatedValue, added: DatedValue) -> list[DatedValue]:
    """What remains of a value for the same keys once another is laid over it: the piece before and the piece after, perhaps neither."""
    before = value.valid_to is not None and value.valid_to <= added.valid_from
    after = added.valid_to is not None and added.valid_to <= value.valid_from
    if value.keys != added.keys or before or after:
        return [value]
    pieces = []
    if value.valid_from < added.valid_from:
        pieces.append(value.model_copy(update={"valid_to": added.valid_from}))
    if added.valid_to is not None and (value.valid_to is None or added.valid_to < value.valid_to):
        pieces.append(value.model_copy(update={"valid_from": added.valid_to}))
    return pieces


def _with(parameter: Parameter, added: OfficeValue, file: str) -> Parameter:
    """The parameter with an office's value beside those it has; overlaps and gaps are refused as in one file."""
    extra = DatedValue.model_validate(added.model_dump(exclude={"name"}, by_alias=True))
    values = sorted((*parameter.values, extra), key=lambda value: (str(value.keys), value.valid_from))
    try:
        return Parameter.model_validate({**parameter.model_dump(by_alias=True), "values": tuple(value.model_dump(by_alias=True) for value in values)})
    except ValueError as wrong:
        raise BadLawFile(file=file, where=added.name, why=str(wrong)) from wrong
