"""Worked cases of person accounts (算例) as a fund accountant writes them: settlements and years of interest, amounts in yuan.

Files ``cases/person-accounts/settlement*.yaml`` and ``interest*.yaml``; an office adds its own in its template folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

import templates
from ledger.lawfile import LawFile, Strict, read
from ledger.money import parse_fen, show
from ledger.months import Month
from ledger.person_accounts import law
from ledger.person_accounts.columns import Columns, reckon
from ledger.person_accounts.settlement import Overpaid, settle

FOLDER = "cases/person-accounts"


class Over(Strict):
    """Overpaid months of equal amounts, ends included."""

    first: str
    last: str
    base: str = "0"
    account: str = "0"
    booked: int


class SettlementInput(Strict):
    """What a settlement is reckoned from."""

    balance: str
    end: str
    booking: str
    funeral: str = "0"
    over: Over | None = None


class SettlementOutput(Strict):
    """What must come out."""

    event: str
    gross: str
    advanced: str
    overpaid: str
    paid: str
    claim: str
    amounts: Mapping[str, str]


class SettlementCase(Strict):
    """One case."""

    name: str
    input: SettlementInput
    output: SettlementOutput


class InterestInput(Strict):
    """One account in one year: opening by part, money in and out by month (1–12)."""

    method: str
    rate: int
    draw: str = ""
    opening: Mapping[str, str]
    entered: Mapping[str, Mapping[int, str]] = {}
    paid: Mapping[int, str] = {}


class InterestOutput(Strict):
    """Interest and closing by part."""

    interest: Mapping[str, str]
    closing: Mapping[str, str]


class InterestCase(Strict):
    """One case."""

    name: str
    input: InterestInput
    output: InterestOutput


class SettlementFile(LawFile):
    """A file of settlements."""

    cases: tuple[SettlementCase, ...]


class InterestFile(LawFile):
    """A file of interest years."""

    cases: tuple[InterestCase, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case tried: ``trouble`` '' when it holds."""

    file: str
    name: str
    trouble: str


def tried() -> Iterator[Outcome]:
    """Every case of every file, tried; raises SB1011 for a file that cannot be read."""
    for file in templates.names(FOLDER, ".yaml"):
        if file.rpartition("/")[2].startswith("settlement"):
            for one in read(SettlementFile, file).cases:
                yield Outcome(file, one.name, _differs(one.output.model_dump(), settlement(one.input)))
        else:
            for year in read(InterestFile, file).cases:
                yield Outcome(file, year.name, _differs(year.output.model_dump(), interest(year.input)))


def _differs(wanted: Mapping[str, object], found: Mapping[str, object]) -> str:
    return "；".join(f"{key} 应为 {value}，算得 {found[key]}" for key, value in wanted.items() if value != found[key])


def settlement(given: SettlementInput) -> dict[str, object]:
    """The output of a settlement case."""
    over = []
    if given.over is not None:
        month, last = Month.parse(given.over.first), Month.parse(given.over.last)
        while not last < month:
            for item, text, account in (("基础养老金", given.over.base, False), ("个人账户养老金", given.over.account, True)):
                if fen := parse_fen(text):
                    over.append(Overpaid(month, item, fen, account, given.over.booked))
            month += 1
    made = settle(
        parse_fen(given.balance),
        over,
        end=Month.parse(given.end),
        booking=Month.parse(given.booking),
        item="个人账户一次性支出",
        funeral=parse_fen(given.funeral),
    )
    plain = {name: _yuan(getattr(made, name)) for name in ("gross", "advanced", "overpaid", "paid", "claim")}
    return {"event": made.event, **plain, "amounts": {name: _yuan(fen) for name, fen in made.amounts.items()}}


def interest(given: InterestInput) -> dict[str, object]:
    """The output of an interest case."""
    method = law.method(given.method)
    codes = {law.part(name).code: name for name in (*given.opening, *given.entered)}
    parts = tuple(one.code for one in sorted(law.parts(), key=lambda one: one.order) if one.code in codes)
    opening = np.zeros((1, len(parts)), dtype=np.int64)
    entered, product = opening.copy(), opening.copy()
    for name, text in given.opening.items():
        place = parts.index(law.part(name).code)
        opening[0, place] += parse_fen(text)
        product[0, place] += parse_fen(text) * method.per
    for name, months in given.entered.items():
        place = parts.index(law.part(name).code)
        for month, text in months.items():
            entered[0, place] += parse_fen(text)
            product[0, place] += parse_fen(text) * method.weights[month - 1]
    paid = {month: parse_fen(text) for month, text in given.paid.items()}
    weighted = sum(fen * method.paid[month - 1] for month, fen in paid.items())
    nil = np.zeros_like(opening)
    columns = Columns(["1"], parts, opening, entered, nil, product, np.array([sum(paid.values())]), np.array([weighted]))
    made = reckon(columns, given.draw or None, method, given.rate)
    shown = [codes[part] for part in parts]
    return {
        "interest": {name: _yuan(int(made.interest[0, place])) for place, name in enumerate(shown)},
        "closing": {name: _yuan(int(made.closing[0, place])) for place, name in enumerate(shown)},
    }


def _yuan(fen: int) -> str:
    return show(fen, grouped=False)
