"""Law as data (制度即数据): what every YAML file under ``templates/`` has in common, and how it is read.

A file states its ``document``, ``valid_from``, ``valid_to`` (half-open; null is open) and ``reference``.
Unknown keys, wrong types, overlaps and gaps of dates are refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

import templates
from ledger.errors import UNUSABLE, Refusal


class BadLawFile(Refusal):
    """A data file that breaks its schema."""

    code = "SB1011"
    zh = "数据文件 {file} 有误：{where}：{why}。"
    en = "The data file {file} is wrong: {where}: {why}."
    cause_zh = "制度数据文件按严格格式读取：不认识的键、重复的编号、日期重叠或断档都不接受。"
    cause_en = "Data files are read strictly: unknown keys, repeated codes, overlaps and gaps of dates are refused."
    remedy_zh = "按 docs/standard.md 改正该文件后重试；程序自带的文件不要直接改，放到本单位的模板目录。"
    remedy_en = "Mend the file as docs/standard.md says; put your own version in your office's template folder."
    status = UNUSABLE


class Strict(BaseModel):
    """Base of every model of a data file: frozen, no unknown keys, no guessing of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class LawFile(Strict):
    """The head of every data file."""

    document: str
    valid_from: date
    valid_to: date | None = None
    reference: str

    @model_validator(mode="after")
    def _in_order(self) -> LawFile:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be after valid_from")
        return self


class Dated(Protocol):
    """Anything with ``[valid_from, valid_to)``."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


Model = TypeVar("Model", bound=BaseModel)


def _python(value: Any) -> Any:
    """YAML lists become tuples, so that frozen models hold frozen values under strict validation."""
    if isinstance(value, list):
        return tuple(_python(item) for item in value)
    if isinstance(value, dict):
        return {key: _python(item) for key, item in value.items()}
    return value


DEEPEST = 50
"""Levels of nesting in an office's own file; the loader written in C dies of many thousands."""


def load(file: str) -> Any:
    """The file ``file`` (relative to the template folders) as plain YAML values; raises SB1011 when it is none."""
    with _as_refusals(file):
        found = templates.path(file)
        if templates.SHIPPED not in found.parents:
            _not_too_deep(found.read_text(encoding="utf-8"))
        return templates.load(file)


def load_from(path: Path, *, aliases: bool = True) -> Any:
    """A YAML file of the office's own that lies anywhere; raises SB1011 when it is none, or when it refers to anchors and ``aliases`` is False."""
    import yaml

    with _as_refusals(str(path)):
        text = path.read_text(encoding="utf-8")
        _not_too_deep(text, aliases=aliases)
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _not_too_deep(text: str, *, aliases: bool = True) -> None:
    """Refuses what nests too deep, and, but where ``aliases``, references to anchors: few lines of them can stand for more than any memory holds."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if not aliases and isinstance(event, yaml.AliasEvent):
            raise ValueError(f"引用了锚点 *{event.anchor}，请把内容写出来")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise RecursionError(f"more than {DEEPEST} levels")


@contextmanager
def _as_refusals(file: str) -> Iterator[None]:
    import yaml

    try:
        yield
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark is not None else "文件"
        raise BadLawFile(file=file, where=where, why=str(getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or "不是 YAML")) from wrong
    except UnicodeDecodeError as wrong:
        raise BadLawFile(file=file, where="文件", why="不是 UTF-8 文本") from wrong
    except RecursionError as wrong:
        raise BadLawFile(file=file, where="文件", why="嵌套过深") from wrong
    except (ValueError, TypeError) as wrong:
        raise BadLawFile(file=file, where="文件", why=str(wrong)) from wrong


def read(model: type[Model], file: str) -> Model:
    """The file ``file`` (relative to the template folders) as ``model``; raises SB1011."""
    return parse(model, load(file), file)


def parse(model: type[Model], data: Any, file: str) -> Model:
    """Plain YAML values as ``model``; raises SB1011 with the place and the reason of the first error."""
    try:
        return model.model_validate(_python(data))
    except RecursionError as wrong:
        raise BadLawFile(file=file, where="文件", why="嵌套过深") from wrong
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "文件"
        raise BadLawFile(file=file, where=where, why=first["msg"]) from wrong


def in_force(item: Dated, day: date) -> bool:
    """Whether ``item`` holds on ``day``; the end is excluded."""
    return item.valid_from <= day and (item.valid_to is None or day < item.valid_to)


def order_faults(items: Sequence[Dated], *, gaps: bool) -> str:
    """Why the dated items do not follow one another ('' when they do): an overlap, or a gap when ``gaps`` forbids it."""
    ordered = sorted(items, key=lambda item: item.valid_from)
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            return f"日期重叠 {later.valid_from}"
        if gaps and earlier.valid_to < later.valid_from:
            return f"日期断档 {earlier.valid_to} 至 {later.valid_from}"
    return ""
