"""The ways to reckon benefits (计算办法) as data: ``templates/benefits/*.yaml``, each with its dates and reference.

A file names its inputs (facts of the person), the parameters it looks up, its conditions and its steps. Every name in a formula
stands before it in the file; unknown keys, names, parameters and items are errors (SB1011, SB1440), never ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

import templates
from ledger.benefits import formula
from ledger.benefits.errors import BadFormula, UnknownScheme
from ledger.funds import Fund
from ledger.items import UnmappedItem, benefit_code
from ledger.lawfile import BadLawFile, LawFile, Strict, in_force, order_faults, read
from ledger.months import Month
from ledger.parameters import Parameters, UnknownParameter

FOLDER = "benefits"
ELSEWHERE = frozenset({"benefits/concurrent.yaml", "benefits/due.yaml"})
"""Files of the folder that are no way to reckon a benefit."""
PERIOD = "所属期"
REGION = "统筹区"

Kind = Literal["元", "数", "月数", "年月", "文字", "是否", "选项"]
Unit = Literal["元", "月", "年", "年月", "岁", "倍", "比例", "是否", "数", "文字"]
FundKey = Annotated[Fund, BeforeValidator(Fund)]


class Input(Strict):
    """A fact about the person. ``default`` (as people write it) makes it optional; ``choices`` belong to the kind 选项."""

    name: str
    kind: Kind
    zh: str = ""
    default: str | None = None
    choices: tuple[str, ...] = ()


class Binding(Strict):
    """A parameter under the name that formulas use.

    ``keys``: a text, or ``=name`` for the value of an input or step. ``at``: the input or step whose month says which law
    counts (the month the benefit is for, unless given).
    """

    name: str
    parameter: str
    keys: dict[str, str] = Field(default_factory=dict)
    at: str = PERIOD


class Step(Strict):
    """One line of the reckoning. ``item``: what is paid under it (待遇类型); ``when`` false: the line is left out and counts 0.

    ``round``: rounded by the office's rule (``benefit_rounding``); a line that is paid is always rounded.
    """

    name: str
    formula: str
    unit: Unit
    zh: str = ""
    item: str = ""
    when: str = ""
    round: bool = False
    reference: str = ""

    @property
    def rounded(self) -> bool:
        """Whether the result is rounded by the office's rule."""
        return self.round or bool(self.item)


class Together(Strict):
    """Steps that some offices pay as one item (基础养老金 of all levels, say)."""

    item: str
    steps: tuple[str, ...]


class Condition(Strict):
    """What must hold for the benefit to be granted: a formula with a yes or no, and what to say when it is no."""

    name: str
    formula: str
    why: str
    reference: str = ""


class Scheme(LawFile):
    """One benefit under the law of ``[valid_from, valid_to)``. ``once``: paid once, else monthly."""

    scheme: str
    zh: str
    fund: FundKey
    once: bool = False
    inputs: tuple[Input, ...]
    parameters: tuple[Binding, ...] = ()
    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...] = ()
    together: tuple[Together, ...] = ()

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        return next((step for step in self.steps if step.name == name), None)

    def paying(self, item: str) -> tuple[Step, ...]:
        """The steps that pay an item, alone or together."""
        joint = frozenset(name for one in self.together if one.item == item for name in one.steps)
        return tuple(step for step in self.steps if step.item == item or step.name in joint)

    def needs(self, names: Sequence[str]) -> frozenset[str]:
        """Every name (input, parameter, step, 所属期) that the given steps rest on, themselves included."""
        bindings, steps = {one.name: one for one in self.parameters}, {one.name: one for one in self.steps}
        found: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name in found:
                continue
            found.add(name)
            if name in bindings:
                left += [bindings[name].at, *(value[1:] for value in bindings[name].keys.values() if value.startswith("="))]
            elif name in steps:
                step = steps[name]
                left += [*formula.read(step.formula).names, *(formula.read(step.when).names if step.when else ()), *([REGION] if step.rounded else [])]
        known = {one.name for one in self.inputs} | set(bindings) | set(steps) | {PERIOD}
        return frozenset(found & known)


def schemes() -> tuple[Scheme, ...]:
    """Every way to reckon a benefit, by name and date; the office's own files go before the shipped ones. Raises SB1011, SB1440."""
    return _all(tuple(str(root) for root in templates.roots()))


def scheme(name: str, month: Month) -> Scheme:
    """The way to reckon benefit ``name`` (its code or Chinese name) under the law of ``month``; raises SB1441."""
    named = [one for one in schemes() if name in (one.scheme, one.zh)]
    for one in named:
        if in_force(one, month.first_day):
            return one
    raise UnknownScheme(scheme=name, day=f" {month}" if named else "")


@lru_cache(maxsize=4)
def _all(roots: tuple[str, ...]) -> tuple[Scheme, ...]:
    found: list[Scheme] = []
    for file in sorted(set(templates.names(FOLDER, ".yaml")) - ELSEWHERE):
        one = read(Scheme, file)
        _prove(one, file)
        found.append(one)
        if fault := order_faults([other for other in found if other.scheme == one.scheme], gaps=False):
            raise BadLawFile(file=file, where=one.scheme, why=fault)
    return tuple(sorted(found, key=lambda one: (one.scheme, one.valid_from)))


def _prove(one: Scheme, file: str) -> None:
    """Every name is known before it is used and means one thing; parameters have the keys given; items have accounts. Raises SB1011, SB1440."""
    known = {PERIOD}
    for name in (*(item.name for item in one.inputs), *(item.name for item in one.parameters), *(item.name for item in one.steps)):
        if name in known or not name.isidentifier() or name in formula.FUNCTIONS:
            raise BadLawFile(file=file, where=name, why="名称重复，或不是一个词")
        known.add(name)
    before = {PERIOD, *(item.name for item in one.inputs)}
    bound = {item.name: item for item in one.parameters}
    for fact in one.inputs:
        if (fact.kind == "选项") != bool(fact.choices):
            raise BadLawFile(file=file, where=fact.name, why="选项须列出 choices，其他种类不列")
    for step in one.steps:
        for text in filter(None, (step.formula, step.when)):
            _names_known(text, before, bound)
        if step.item:
            _item_known(one, step.item, file)
        before.add(step.name)
    for joint in one.together:
        if odd := sorted({name for name in joint.steps if not any(step.name == name and step.item for step in one.steps)}):
            raise BadLawFile(file=file, where=joint.item, why=f"“{odd[0]}”不是要付的步骤")
        _item_known(one, joint.item, file)
    for condition in one.conditions:
        _names_known(condition.formula, before, bound)
    for binding in one.parameters:
        _binding_known(binding, known - set(bound), file)


def _names_known(text: str, before: set[str], bound: dict[str, Binding]) -> None:
    for name in formula.read(text).names:
        if name not in before and name not in bound:
            raise BadFormula(formula=text, why=f"“{name}”在它之前没有出现")
        if name in bound:
            wanted = {bound[name].at, *(value[1:] for value in bound[name].keys.values() if value.startswith("="))}
            if missing := wanted - before:
                raise BadFormula(formula=text, why=f"参数“{name}”要用的“{min(missing)}”在它之前没有出现")


def _item_known(one: Scheme, item: str, file: str) -> None:
    try:
        benefit_code(one.fund, item)
    except UnmappedItem as wrong:
        raise BadLawFile(file=file, where=item, why=wrong.text("zh")) from wrong


def _binding_known(binding: Binding, names: set[str], file: str) -> None:
    try:
        keys = Parameters.load().keys(binding.parameter)
    except UnknownParameter as wrong:
        raise BadLawFile(file=file, where=binding.name, why=wrong.text("zh")) from wrong
    if extra := set(binding.keys) - set(keys):
        raise BadLawFile(file=file, where=binding.name, why=f"参数 {binding.parameter} 没有分类键 {sorted(extra)}")
    for name in (binding.at, *(value[1:] for value in binding.keys.values() if value.startswith("="))):
        if name not in names:
            raise BadLawFile(file=file, where=binding.name, why=f"没有“{name}”")
