"""The facts about one invented person (人), from which both the files and the truth are drawn.

A :class:`Life` is one resident number. A :class:`Household` is what must be judged together: people who share an
account, or one person under two numbers. Money is fen, periods are ``yyyymm``, days are ``yyyymmdd`` (0: blank).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

PENSION, ARREARS, FUNERAL, LUMP, ALLOWANCE = "pension", "arrears", "funeral", "lump_sum", "allowance"
UNEMPLOYMENT, SURVIVOR, DISABILITY = "unemployment", "survivor", "disability"
PAID, FAILED, RETURNED, REVERSED, WRITTEN_OFF, PENDING = "成功", "失败", "退回", "冲正", "已核销", "待支付"


class Pay(NamedTuple):
    """One row of a payments file. ``number`` is the identity number as that file writes it."""

    fund: str
    region: str
    number: str
    name: str
    item: str
    kind: str
    period: int
    paid_on: int
    amount: int
    account: str
    holder: str
    bank: str
    status: str = PAID
    serial: str = ""
    orig_serial: str = ""
    orig_period: int = 0
    source: str = ""
    span_from: int = 0
    span_to: int = 0
    id_type: str = "居民身份证"


class RosterLine(NamedTuple):
    """One line of the month's roster (花名册): one item of one person."""

    fund: str
    number: str
    name: str
    item: str
    amount: int
    account: str
    holder: str
    bank: str
    note: str = ""


class Register(NamedTuple):
    """One row of a people file: one person in one fund."""

    fund: str
    region: str
    enrolled: str
    benefit: str
    retire_kind: str
    first_month: int
    start_month: int
    end_month: int
    certified_on: int
    file_birth: date | None = None


class Death(NamedTuple):
    """One row of a death list; ``number`` as written there (may be blank), dates as ``yyyymmdd``, ``yyyymm`` or 0."""

    source: str
    number: str
    name: str
    sex: str
    birth: date
    region: str
    town: str
    village: str
    died: int
    cremated: int
    registered: int
    reason: str


class Term(NamedTuple):
    """One row of the custody list."""

    number: str
    name: str
    sex: str
    birth: date
    detained: int
    start: int
    end: int
    mode: str


class Premium(NamedTuple):
    """One row of a contributions file. ``period`` is a year for residents, ``yyyymm`` otherwise."""

    fund: str
    period: int
    payer: str
    category: str
    level: str
    tier: int
    amount: int
    received: int
    nature: str
    employer: str
    employer_code: str
    ticket: str


class Listing(NamedTuple):
    """One row of an entitled list (特殊群体名单)."""

    office: str
    category: str
    start: int
    end: int
    disability: str


class Agent(NamedTuple):
    """One row of the register of agents' and institutions' accounts (代领与机构账户)."""

    account: str
    holder: str
    kind: str
    number: str
    start: int
    end: int


class Recovered(NamedTuple):
    """One row of the recoveries list."""

    fund: str
    first: int
    last: int
    amount: int
    way: str
    received: int
    voucher: str


@dataclass(slots=True)
class Life:
    """Everything known about one resident number."""

    number: str
    name: str
    male: bool
    birth: date
    town: str
    village: str
    account: str = ""
    bank: str = ""
    personal: int = 0
    id_type: str = "居民身份证"
    former_name: str = ""
    registers: list[Register] = field(default_factory=list)
    pays: list[Pay] = field(default_factory=list)
    roster: list[RosterLine] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    premiums: list[Premium] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    recovered: list[Recovered] = field(default_factory=list)
    claimed: bool = False
    """Whether the year's premium others pay comes with the month's claim (代缴清册): the office learns of it by the claim, not by a file."""

    @property
    def sex(self) -> str:
        return "男" if self.male else "女"


@dataclass(slots=True)
class Linked:
    """A case only linkage can find: not counted as exact."""

    rule: str
    life: Life
    periods: list[int]


@dataclass(slots=True)
class Household:
    """People judged together, why they were made, and what the exact rules must say about them.

    ``expect``: codes the truth must contain; empty for background people and false friends. ``hold``: the rule that
    must block their lines of the month's roster, or "". ``friend``: why a false friend is innocent, or "".
    """

    lives: list[Life]
    agents: list[Agent] = field(default_factory=list)
    expect: frozenset[str] = frozenset()
    hold: str = ""
    note: str = ""
    friend: str = ""
    linked: list[Linked] = field(default_factory=list)
    special: bool = False
