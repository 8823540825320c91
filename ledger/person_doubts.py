"""Doubts (存疑): what a people file says that the register does not take by itself, listed for somebody to decide."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Doubt(StrEnum):
    """What a row says that the register does not take by itself; ``zh`` names it, ``do`` says what to do."""

    NO_NUMBER = "NO-NUMBER"
    BAD_NUMBER = "BAD-NUMBER"
    NAME_DIFFERS = "NAME-DIFFERS"
    BIRTH_DIFFERS = "BIRTH-DIFFERS"
    TWO_NUMBERS = "TWO-NUMBERS"
    TWICE = "TWICE"
    STATUS_WORD = "STATUS-WORD"
    STATUS_CLASH = "STATUS-CLASH"
    STATUS_SIGNED = "STATUS-SIGNED"

    @property
    def zh(self) -> str:
        return _SAID[self][0]

    @property
    def do(self) -> str:
        return _SAID[self][1]


_SAID: dict[Doubt, tuple[str, str]] = {
    Doubt.NO_NUMBER: ("无可用号码，未登记", "补正证件号码后重新导入"),
    Doubt.BAD_NUMBER: ("号码不合规，照样登记", "核对证件；写错的用 shebao person link 旧号码 新号码 更正"),
    Doubt.NAME_DIFFERS: ("同一号码，姓名不同，未登记", "核对证件；改了名的用 shebao person name 登记，号码写错的改名单"),
    Doubt.BIRTH_DIFFERS: ("出生日期与登记或号码不同", "核对证件，改正名单"),
    Doubt.TWO_NUMBERS: ("姓名和出生日期相同，号码不同", "核对是否一人；确为一人的用 shebao person link 并人"),
    Doubt.TWICE: ("同一险种、统筹区重复", "核对名单，保留一行"),
    Doubt.STATUS_WORD: ("状态用词不认识，状态未登记", "把该词加入 templates/persons.yaml"),
    Doubt.STATUS_CLASH: ("参保状态与待遇状态矛盾，状态未登记", "核实后改正名单，或用 shebao person status set"),
    Doubt.STATUS_SIGNED: ("与两人签字的状态不同，仍以签字的为准", "核实；须改的用 shebao person status set"),
}


class DoubtRow(NamedTuple):
    """One doubt: where (line of the file), whom it concerns (0: nobody registered), what the file says; ``rows`` how many rows say so."""

    code: str
    person_id: int
    other_person: int
    line: int
    number: str
    name: str
    told: str
    rows: int = 1
