"""An office with an assessor and a reviewer, awards of a plain benefit, and a roster beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

from controls import people
from controls.benefits import awards
from controls.duties import Actor, Duty
from controls.people import NewPerson
from ledger.benefits import facts
from ledger.benefits.award import Award, compute
from ledger.benefits.scheme import scheme
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters
from tests.controls.payment_desk import NOW, PASSWORD, Desk, someone
from tests.granting import given

ASSESSOR = Actor("he", "何核定", frozenset({Duty.HANDLE_ASSESS}))
REVIEWER = someone("li")
JANUARY = Month(2026, 1)


def law(*, central: int = 16300, control: str = "核对") -> Parameters:
    """The shipped parameters with what the province sets, as a test assumes it."""
    keys: tuple[tuple[str, Any, dict[str, str]], ...] = (
        ("resident_base_pension", central, {"level": "中央"}), ("resident_base_pension", 0, {"level": "省"}),
        ("resident_base_pension", 0, {"level": "市"}), ("resident_base_pension", 0, {"level": "县"}),
        ("resident_addition_ages", (), {}), ("resident_addition_amounts", (), {}), ("resident_long_addition", 0, {}),
        ("benefit_rounding", "四舍五入到分", {"fund": "R"}), ("award_control", control, {}),
    )  # fmt: skip
    since = {"from": date(2009, 9, 1), "reference": "测试用假定"}
    return Parameters.load().overlaid([OfficeValue(name=name, value=value, keys=key, **since) for name, value, key in keys], "test")


def pension(account_fen: int, month: Month = JANUARY, parameters: Parameters | None = None) -> Award:
    """A resident's pension: the base, and ``account_fen`` of the account a month."""
    found = scheme("resident-pension", month)
    given = {"出生年月": "1963-12", "缴费月数": "180", "账户储存额": f"{account_fen * 139 / 100:.2f}"}
    return compute(found, month, facts.parse(found, given), parameters or law())


def staffed(desk: Desk) -> Desk:
    """The assessor is added to the people of the office."""
    with desk.unit() as work:
        people.add(work, NOW, someone("wu"), NewPerson(ASSESSOR.user, ASSESSOR.name, (), PASSWORD))
        given(work, NOW, ASSESSOR.user, Duty.HANDLE_ASSESS, date(2026, 1, 1))
        work.commit()
    return desk


def number(person: int) -> str:
    """The number of person ``person`` of the payment desk's roster."""
    return f"62082119500101{person:03d}X"


def granted(desk: Desk, *pairs: tuple[int, Award], reviewed: bool = True, now: str = NOW) -> list[awards.Granted]:
    """Awards assessed, and reviewed by another, in one step each."""
    given = [(number(person), award) for person, award in pairs]
    with desk.unit() as work:
        made, _ = awards.assess_many(work, now, ASSESSOR, given)
        if reviewed:
            made, _ = awards.review_many(work, now, REVIEWER, given)
        work.commit()
    return made
