"""The cases of a rule (自检案例): planted leads and false friends as a few rows by contract, in ``templates/rules/cases/<CODE>.yaml``.

People are letters (``id: A``), so that many cases share one small run: each case gets people, accounts and serials of its own
(:func:`placed`). A case that expects nothing is a false friend. All people are invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

import templates
from controls.checks.schema import CONTRACTS, columns, empty
from controls.findings import COLUMNS
from ledger.identity import Document, check_digit, judge, lost_digits, normal_name
from ledger.lawfile import LawFile, Strict, read
from ledger.months import Month

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "rules/cases"
_STEP, _TURNS = 20, 49
"""How far apart the sequence digits of the same letter lie in two cases (even, so that the sex stays), and how many cases fit a county code."""

CLASSES = {
    "基础养老金": "pension", "个人账户养老金": "pension", "养老金": "pension", "过渡性养老金": "pension", "补发": "arrears", "丧葬费": "funeral",
    "一次性": "lump_sum", "村医补助": "allowance", "失业金": "unemployment", "伤残津贴": "disability", "供养亲属抚恤金": "survivor",
}  # fmt: skip
"""Short item names of the cases and the class of each."""

_BODIES = {
    "A": ("62082119500315001", "张建国"), "B": ("62082119500315002", "李秀兰"), "C": ("62082119510420003", "王桂英"), "D": ("62082119520511004", "赵德福"),
    "E": ("62082119530601005", "钱淑珍"), "F": ("62082119540712006", "孙玉梅"), "G": ("62082119550823007", "周长河"), "H": ("62082119560904008", "吴翠花"),
    "Y": ("62082119640615009", "郑小雨"), "K": ("62082120150101010", "冯童童"),
}  # fmt: skip
_FILES = {
    "payments": "发放.csv", "deaths": "死亡.csv", "people": "人员.csv", "custody": "服刑.csv", "contributions": "缴费.csv", "entitled": "名单.csv",
    "accounts": "账户.csv", "recoveries": "追回.csv", "balances": "余额.csv", "absences": "失踪出国.csv", "employers": "单位.csv", "holdings": "财产.csv",
    "claims": "医疗费.csv",
}  # fmt: skip
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "payments": {"fund": "R", "region": "620821", "item": "养老金", "has_item": True, "period": 202401, "amount": 10000, "status": "paid"},
    "deaths": {"source": "公安", "is_death": True, "confidence": 1000},
    "people": {"fund": "R", "region": "620821"},
    "custody": {"mode": "监禁", "source": "法院"},
    "contributions": {"fund": "R", "region": "620821", "year": 2024, "payer": "政府代缴", "amount": 10000},
    "entitled": {"category": "低保"},
    "accounts": {"kind": "集中供养机构"},
    "recoveries": {"fund": "R", "amount": 10000},
    "balances": {"fund": "R", "region": "620821", "saved": 10000},
    "absences": {"kind": "下落不明", "source": "公安"},
    "employers": {"employer": "某某有限公司", "state": "注销"},
    "holdings": {"kind": "车辆"},
    "claims": {"fund": "MR", "region": "620821", "hospital": "县医院", "amount": 10000},
}
_BLANK = {"string": "", "int32": None, "int64": None, "bool": False, "date32": None}
_ACCOUNT = re.compile(r"^[1-9][0-9]{11,}$")
_LETTER = re.compile(r"<([A-Z])>")

Value = str | int | bool
GivenRow = dict[str, Any]


def _first_and_last(periods: Any) -> tuple[Month, Month]:
    """``periods`` of a row as months. Raises ValueError when it is no pair of months in order."""
    if not isinstance(periods, list | tuple) or len(periods) != 2 or not all(type(one) is int and 1 <= one % 100 <= 12 and one > 190000 for one in periods):
        raise ValueError(f"periods is [first, last] as yyyymm, not {periods!r}")
    first, last = (Month.from_number(one) for one in periods)
    if last < first:
        raise ValueError(f"periods {periods!r} end before they begin")
    return first, last


class Case(Strict):
    """One case: rows by contract (canonical columns; ``id`` a letter or ``raw`` a number as given; ``periods: [first, last]`` one row a month),
    and the findings it must yield, each by as many columns of ``findings.csv`` as matter. ``alone``: never run beside other cases."""

    name_zh: str
    expect: tuple[dict[str, Value], ...]
    as_of: int | None = None
    alone: bool = False
    payments: tuple[GivenRow, ...] | None = None
    deaths: tuple[GivenRow, ...] | None = None
    people: tuple[GivenRow, ...] | None = None
    custody: tuple[GivenRow, ...] | None = None
    contributions: tuple[GivenRow, ...] | None = None
    entitled: tuple[GivenRow, ...] | None = None
    accounts: tuple[GivenRow, ...] | None = None
    recoveries: tuple[GivenRow, ...] | None = None
    balances: tuple[GivenRow, ...] | None = None
    absences: tuple[GivenRow, ...] | None = None
    employers: tuple[GivenRow, ...] | None = None
    holdings: tuple[GivenRow, ...] | None = None
    claims: tuple[GivenRow, ...] | None = None

    @model_validator(mode="after")
    def _known(self) -> Case:
        for contract, rows in self.given().items():
            wrong = {key for row in rows for key in row} - {*columns(contract), "id", "raw", "periods"}
            if wrong:
                raise ValueError(f"{contract}: unknown columns {sorted(wrong)}")
            for row in rows:
                if row.get("id", "A") not in _BODIES:
                    raise ValueError(f"{contract}: id is one of {'、'.join(_BODIES)}, not {row['id']!r}")
                if not isinstance(row.get("raw", ""), str):
                    raise ValueError(f"{contract}: raw is text, not {row['raw']!r}")
                if "periods" in row:
                    _first_and_last(row["periods"])
        letters = {letter for one in self.expect for value in one.values() for letter in _LETTER.findall(str(value))}
        if unknown := sorted(letters - _BODIES.keys()):
            raise ValueError(f"expect: nobody is called {unknown}")
        wrong = {key for one in self.expect for key in one} - set(COLUMNS)
        if wrong:
            raise ValueError(f"expect: unknown columns {sorted(wrong)}")
        return self

    @property
    def people_given(self) -> frozenset[str]:
        """Letters and numbers that its rows name."""
        return frozenset(str(row[key]) for rows in self.given().values() for row in rows for key in ("id", "raw") if row.get(key))

    @property
    def fixed(self) -> bool:
        """Whether it writes numbers out: its letters then keep their own numbers, since the two may have to do with each other."""
        return any("raw" in row for rows in self.given().values() for row in rows)

    def given(self) -> dict[str, tuple[GivenRow, ...]]:
        """The rows by contract; only the contracts the case gives."""
        return {contract: rows for contract in CONTRACTS if (rows := getattr(self, contract)) is not None}


class Cases(LawFile):
    """``templates/rules/cases/<CODE>.yaml``: at least one planted lead and one false friend of a rule."""

    rule: str
    cases: tuple[Case, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _both_kinds(self) -> Cases:
        if not any(case.expect for case in self.cases) or all(case.expect for case in self.cases):
            raise ValueError("a rule needs a planted case and a false friend")
        return self


@cache
def cases(rule: str) -> tuple[Case, ...]:
    """The cases of a rule that ships with the program; none when it has no file."""
    name = f"{FOLDER}/{rule}.yaml"
    try:
        templates.path(name)
    except FileNotFoundError:
        return ()
    return read(Cases, name).cases


def number_of(letter: str, case: int = 0) -> str:
    """The resident number of a letter in the nth case: the same birth date, region and sex throughout."""
    body = _BODIES[letter][0]
    turn, step = divmod(case, _TURNS)
    body = f"{body[:4]}{int(body[4:6]) + turn}{body[6:14]}{int(body[14:]) + _STEP * step:03d}"
    return body + check_digit(body)


def _own(name: str, case: int) -> str:
    """A name of the letters as the nth case bears it: another last character in each."""
    return name + (chr(0x4E00 + 37 * case) if case else "")


@dataclass(frozen=True, slots=True)
class Placed:
    """A case with people of its own: canonical rows by contract, the findings expected as text, the numbers that are its."""

    case: Case
    rows: dict[str, list[dict[str, Any]]]
    expect: tuple[dict[str, str], ...]
    numbers: frozenset[str]


def placed(case: Case, nth: int, first_line: Mapping[str, int]) -> Placed:
    """The case as the nth of a run; its rows begin at ``first_line`` of each file (1 = the head)."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for contract, given in case.given().items():
        spread = [one for row in given for one in _months(row)]
        rows[contract] = [_row(contract, dict(row), first_line.get(contract, 2) + place, nth) for place, row in enumerate(spread)]
    numbers = frozenset(row["number"] for given in rows.values() for row in given if row.get("number"))
    expect = tuple({key: _moved(str(value), nth) for key, value in one.items()} for one in case.expect)
    return Placed(case, rows, expect, numbers)


def _months(row: GivenRow) -> Iterable[GivenRow]:
    if "periods" not in row:
        return [row]
    first, last = _first_and_last(row["periods"])
    rest = {key: value for key, value in row.items() if key != "periods"}
    return [rest | {"period": (first + step).number} for step in range(last.index - first.index + 1)]


def _moved(text: str, nth: int) -> str:
    """An expected value as this case's people and accounts bear it."""
    text = _LETTER.sub(lambda found: number_of(found.group(1), nth), text)
    if text in {name for _, name in _BODIES.values()}:
        return _own(text, nth)
    return ";".join(_account(part, nth) for part in text.split(";"))


def _account(text: str, nth: int) -> str:
    return f"{text}{nth:03d}" if nth and _ACCOUNT.match(text) and len(text) != 18 else text


def _row(contract: str, row: dict[str, Any], line: int, nth: int) -> dict[str, Any]:
    letter = row.pop("id", "")
    raw, name = (number_of(letter, nth), _own(_BODIES[letter][1], nth)) if letter else ("", "无名")
    row = {"file": _FILES[contract], "line": line, **_DEFAULTS[contract], "name": name} | row
    raw = row.pop("raw", raw)
    judged = judge(raw, Document(row.get("id_type") or Document.RESIDENT))
    damaged = lost_digits(judged) or "E+" in judged.normal
    row |= {"id_raw": raw, "number": judged.normal, "number_ok": judged.ok and not damaged, "damaged": damaged, "name_norm": normal_name(row["name"])}
    for key, value in row.items():
        if key.endswith(("_on", "birth")) and isinstance(value, str):
            row[key] = date.fromisoformat(value)
    if contract == "payments":
        row["item"] = row["item"] if row["has_item"] else ""
        row.setdefault("item_class", CLASSES.get(row["item"], "other") if row["item"] else "pension")
        row |= {key: f"{row[key]}#{nth}" for key in ("serial", "orig_serial") if row.get(key) and nth}
    if row.get("account"):
        row["account"] = _account(row["account"], nth)
    if contract == "contributions":
        row.setdefault("period", row["year"] * 100)
    return row


def tables(together: Sequence[Placed]) -> dict[str, list[pa.Table]]:
    """The rows of several placed cases as canonical tables."""
    import pyarrow as pa

    made: dict[str, list[pa.Table]] = {}
    for contract in CONTRACTS:
        if any(contract in one.rows for one in together):
            schema, kinds = empty(contract).schema, columns(contract)
            rows = [row for one in together for row in one.rows.get(contract, [])]
            arrays = [pa.array([row.get(field.name, _BLANK[kinds[field.name]]) for row in rows], field.type) for field in schema]
            made[contract] = [pa.table(arrays, schema=schema)]
    return made
