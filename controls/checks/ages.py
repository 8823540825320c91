"""From which period on a pension is due (领取年龄), by the dated parameters of ``templates/parameters/retirement.yaml``.

Residents (R): the month after the birthday. Employees (E, G): by 退休类别 and 档案认定出生日期, else the number's; women's
lower age (50) is taken, since the data do not say which of the two applies, so that nobody is wrongly named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.months import Month
from ledger.parameters import Parameters, ParameterUnset

NO_AGE = frozenset({"病残津贴", "退职"})
"""退休类别 without an age."""

KINDS = frozenset({"特殊工种", "病退", "弹性提前", "正常", "弹性延迟"})
"""退休类别 with one."""

_RESIDENT = "resident_pension_age"

_LATEST = ("男职工", "女职工55", "女职工50")
"""The categories whose ages no 退休类别 goes beyond."""


def delay_from(parameters: Parameters) -> date:
    """The day from which the delay of retirement is in force (延迟法定退休年龄的决定), by its parameters: ages of employees are looked up on it; earlier
    births have no delay by the formula itself. Raises SB1031 where it is not set.
    """
    known = parameters.parameter("retirement_delay_start_year").values
    return min(entry.valid_from for entry in known) if known else parameters.dated("retirement_delay_start_year", date.min).valid_from


def too_young(birth: str, paid: str, parameters: Parameters) -> str:
    """SQL: whether an employee born in the month ``birth`` may have been too young in the month ``paid`` (both ``yyyymm``), by the latest ages there are."""
    day = delay_from(parameters)
    start, cap, age = (
        [parameters.number(name, day, category=category) for category in _LATEST]
        for name in ("retirement_delay_start_year", "retirement_delay_cap", "retirement_age_months")
    )
    before, after = _years(max(age)), _years(max(months + more for months, more in zip(age, cap, strict=True)))
    return f"{paid} <= {birth} + CASE WHEN {birth} < {min(start) * 100} THEN {before} ELSE {after} END"


def _years(months: int) -> int:
    """Whole years, rounded up, to be added to ``yyyymm``."""
    return -(-months // 12) * 100


def latest(parameters: Parameters) -> int:
    """The highest age of a resident that any date or region knows, as ``yyyymm`` to be added to a month of birth. Raises SB1031 where none is set."""
    known = [entry.value for entry in parameters.parameter(_RESIDENT).values if isinstance(entry.value, int)]
    return (max(known) if known else parameters.number(_RESIDENT, date.min)) * 100


@dataclass(frozen=True, slots=True)
class Due:
    """The first period due, and the sentence that says why."""

    first_due: int
    why: str


def born(number: str) -> date | None:
    """Birth date of an 18-digit number; None when it holds none."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """男 or 女 by the 17th digit; '' when there is none."""
    return "" if len(number) != 18 or not number[16].isdigit() else "男" if int(number[16]) % 2 else "女"


def resident(birth: date, region: str, sex_: str, parameters: Parameters) -> Due:
    """城乡居保: the month after the birthday at the age of the parameter ``resident_pension_age`` that was in force when it was reached.

    Where the age is raised, who had not reached it keeps to the new one; where it is lowered, nobody is due before the day of the lowering. Raises SB1031.
    """
    starts = sorted({entry.valid_from for entry in parameters.parameter(_RESIDENT).values}) or [date.min]
    age, first_due = 0, 0
    for nth, start in enumerate(starts):
        try:
            age = parameters.number(_RESIDENT, start, region=region, sex=sex_)
        except ParameterUnset:
            if nth + 1 == len(starts) and not age:
                raise
            continue
        first_due = max(_after(birth, age * 12), Month.of(start).number if nth else 0)
        reached = date(birth.year + age, birth.month, 1)
        if nth + 1 == len(starts) or reached < starts[nth + 1]:
            break
    return Due(first_due, f"{age}周岁（{birth.year}年{birth.month}月出生）")


def employee(birth: date, sex_: str, kind: str, parameters: Parameters) -> Due | None:
    """企业职工, 机关事业 by 退休类别; None for a kind without an age or one that is not known."""
    man, day = sex_ == "男", delay_from(parameters)
    usual = "男职工" if man else "女职工50"
    original, delayed = legal_months(birth, usual, parameters)
    if kind in ("特殊工种", "病退"):
        months = parameters.number("retirement_age_months", day, category=f"{kind}{'男' if man else '女'}")
    elif kind == "弹性提前":
        months = max(original, delayed - parameters.number("retirement_early_months", day))
    elif kind in ("正常", "弹性延迟"):
        months = delayed
    else:
        return None
    return Due(_after(birth, months), f"{kind}，{months // 12}周岁{f'{months % 12}个月' if months % 12 else ''}（{birth.year}年{birth.month}月出生）")


def legal_months(birth: date, category: str, parameters: Parameters) -> tuple[int, int]:
    """The legal age in months of 男职工, 女职工55 or 女职工50: as it was, and with the delay of the birth month."""
    original = parameters.number("retirement_age_months", delay_from(parameters), category=category)
    return original, original + _delay(birth, category, parameters)


def delayed(birth: date, category: str, parameters: Parameters) -> Due:
    """The legal retirement of somebody of this category: the month after the delayed age is reached."""
    months = legal_months(birth, category, parameters)[1]
    return Due(_after(birth, months), f"{category}，{months // 12}周岁{f'{months % 12}个月' if months % 12 else ''}（{birth.year}年{birth.month}月出生）")


def _delay(birth: date, category: str, parameters: Parameters) -> int:
    day = delay_from(parameters)
    start, step, cap = (parameters.number(f"retirement_delay_{name}", day, category=category) for name in ("start_year", "step", "cap"))
    return max(0, min(cap, -(-((birth.year - start) * 12 + birth.month) // step)))


def _after(birth: date, months: int) -> int:
    return (Month.of(birth) + months + 1).number


def employees(people: list[dict[str, Any]], parameters: Parameters) -> list[tuple[Any, ...]]:
    """Rows of ``age_due`` for E and G people with 退休类别 whose age can be told."""
    rows: list[tuple[Any, ...]] = []
    for one in people:
        birth = one["file_birth"] or (born(one["number"]) if one["number_ok"] else None)
        kind, gender = one["retire_kind"], sex(one["number"]) if one["number_ok"] else one["sex"]
        due = employee(birth, gender, kind, parameters) if birth is not None and gender else None
        if due is not None:
            rows.append((one["number"], one["fund"], "", one["name_norm"], due.first_due, due.why, str(due.first_due)))
    return rows
