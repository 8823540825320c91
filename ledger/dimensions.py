"""Analytic axes of lines (辅助核算维度) as data: which axis an account takes, and how its values are written. Pure.

Some axes stand on the line (bank account, counterpart, document, township, period of entitlement), some are told by the detail
account (level of government, payer, benefit item), persons are the sub-ledger's: a person is never an account nor an axis value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator

import templates
from ledger.entries import Line
from ledger.errors import UNUSABLE, Refusal
from ledger.identity import judge
from ledger.lawfile import LawFile, Strict, read

FILE = "dimensions.yaml"
_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])|(?<![0-9])[0-9]{15}(?![0-9])")


class BadDimension(Refusal):
    """An axis an account does not take, or a value that is none."""

    code = "SB1342"
    zh = "科目 {account} 的辅助核算“{axis}”不能是“{value}”：{why}。"
    en = "Account {account} cannot take “{value}” on the axis “{axis}”: {why}."
    cause_zh = "各科目的辅助核算维度和写法由 templates/dimensions.yaml 规定；个人不作科目，也不写进凭证。"
    cause_en = "Axes and how their values are written stand in templates/dimensions.yaml; a person is neither an account nor a value of an axis."
    remedy_zh = "改正维度的取值；个人一级的金额由花名册和逐人明细反映。"
    remedy_en = "Mend the value; money by person belongs to the roster and its sub-ledger."
    status = UNUSABLE


class UnknownAxis(Refusal):
    """An axis that does not exist."""

    code = "SB1343"
    zh = "没有辅助核算维度“{axis}”，可用：{known}。"
    en = "There is no axis “{axis}”; known: {known}."
    cause_zh = "维度由 templates/dimensions.yaml 规定。"
    cause_en = "Axes stand in templates/dimensions.yaml."
    remedy_zh = "改用其中一个。"
    remedy_en = "Use one of them."
    status = UNUSABLE


class Axis(Strict):
    """One axis: its name, the accounts that take it (prefixes), and where its values come from."""

    axis: str
    zh: str
    kind: Literal["stored", "account", "subledger"]
    accounts: tuple[str, ...]
    reference: str
    pattern: str = ""
    depth: int = Field(default=0, ge=-1, le=4)

    @model_validator(mode="after")
    def _whole(self) -> Axis:
        if bool(self.pattern) != (self.kind == "stored") or bool(self.depth) != (self.kind == "account"):
            raise ValueError(f"{self.axis}: pattern for stored axes, depth for those of accounts")
        return self


class DimensionsFile(LawFile):
    """Schema of ``templates/dimensions.yaml``."""

    axes: tuple[Axis, ...]


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> dict[str, Axis]:
    return {axis.axis: axis for axis in read(DimensionsFile, FILE).axes}


def axes() -> dict[str, Axis]:
    """Every axis by name; raises SB1011."""
    return _load(tuple(str(root) for root in templates.roots()))


def axis(name: str) -> Axis:
    """One axis; raises SB1343."""
    found = axes().get(name)
    if found is None:
        raise UnknownAxis(axis=name, known="、".join(f"{one.axis}（{one.zh}）" for one in axes().values()))
    return found


def takes(account: str, name: str) -> bool:
    """Whether lines of this account may bear the axis."""
    known = axes().get(name)
    return known is not None and known.kind == "stored" and account.startswith(known.accounts)


def check(lines: Sequence[Line]) -> None:
    """Passes when every axis of every line is one its account takes, written as it should be, and names no person by number. Raises SB1342."""
    for line in lines:
        for name, value in line.dimension:
            why = _fault(line.account, name, value)
            if why:
                raise BadDimension(account=line.account, axis=axes()[name].zh if name in axes() else name, value=_hidden(value), why=why)


def _fault(account: str, name: str, value: str) -> str:
    if not takes(account, name):
        return "该科目没有这个维度"
    if re.fullmatch(axes()[name].pattern, value) is None:
        return "写法不符"
    if name != "bank_account" and any(judge(found.group()).ok for found in _NUMBER.finditer(value)):
        return "含有居民身份号码"
    return ""


def _hidden(value: str) -> str:
    return _NUMBER.sub("…", value)
