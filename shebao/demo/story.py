"""The month's money (本月资金), event by event, so that every fen of the books ties: opening, tax, subsidies, funding, interest.

Event letters are those of the entry templates (DOMAIN: C1, C2, C6, C7, C8, P1, I1, P4). Amounts are fen. What the
batch will come to depends on which roster lines are blocked: only the bank (:mod:`shebao.demo.bank`) learns it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from shebao.demo.county import FUND_BANK, FUND_SHORT, SOURCES, UNIT, County
from shebao.demo.tally import LEVELS, Tally

INSTALMENT = 60_000
"""Fen of one instalment of the amount to be recovered (分期还款)."""
THOUSAND = 100_000
"""A thousand yuan, in fen."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the month. ``parts``: fen by what the entry distinguishes (payer, level). ``memo``: the line of the statement, if any."""

    event: str
    fund: str
    day: date
    amount: int
    parts: dict[str, int]
    evidence: str
    memo: str = ""
    receipt: str = ""


def up(fen: int, step: int = THOUSAND) -> int:
    """Rounded up to the step."""
    return -(-fen // step) * step


def events(county: County, tally: Tally, roster: dict[str, int], base: tuple[int, int, int]) -> list[Event]:
    """Every planned event of the month, by day. ``roster``: fen by fund; ``base``: the residents' base pension by source."""
    found: list[Event] = []
    for fund in ("E", "R", "G"):
        found += _taxes(county, tally, fund)
    found += _residents(county, tally, base)
    found.append(_subsidy(county, "E", 11, "C8", {"省": up(roster["E"] // 10)}, "企业职工基本养老保险补助"))
    for fund, day in (("E", 16), ("R", 17)):
        asked = up(roster[fund])
        document = f"用款申请〔{county.year}〕{county.month.month:02d}-{fund}"
        found.append(Event("P1", fund, county.day(day), asked, {}, document, "拨付支出户养老金", f"CZ{county.month.number}{fund}P1"))
    found.append(Event("P6", "R", county.day(26), INSTALMENT, {}, "分期还款 第1期", "退回多发待遇", f"CZ{county.month.number}RP6"))
    for fund, rate in (("E", 35), ("R", 40), ("G", 20)):
        found.append(
            Event("I1", fund, county.day(21), rate * 1_000 + roster.get(fund, 500_000) // 900, {}, f"利息清单 {county.month.number}-{fund}", "定期存款到期利息",
                  f"CZ{county.month.number}{fund}I1")
        )  # fmt: skip
    return sorted(found, key=lambda e: (e.day, e.fund, e.event))


def _taxes(county: County, tally: Tally, fund: str) -> list[Event]:
    """C1 by day of the tickets; C2 twice: by the 16th and by the last day but one."""
    days: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for ticket in tally.tickets.values():
        for (of, payer), fen in ticket.lines.items():
            if of == fund:
                days[ticket.day][payer] += fen
    found = []
    moved = {16: 0, 30: 0}
    for day, parts in sorted(days.items()):
        moved[16 if day % 100 <= 15 else 30] += sum(parts.values())
        found.append(Event("C1", fund, county.day(day % 100), sum(parts.values()), dict(parts), f"税务入库明细 {day}"))
    for day, fen in moved.items():
        if fen:
            number = f"GK{county.month.number}{fund}{day:02d}"
            found.append(
                Event("C2", fund, county.day(min(day, county.month.last_day.day - 1)), fen, {}, f"国库缴拨凭证 {number}", "国库划转社会保险费", number)
            )
    return found


def _residents(county: County, tally: Tally, base: tuple[int, int, int]) -> list[Event]:
    """C6 premiums paid by the state, C7 subsidies to contributors, C8 the base pension's subsidy, by level."""
    found = [
        _subsidy(county, "R", 8 + 2 * number, "C8", {level: up(fen)}, "城乡居保基础养老金补助")
        for number, (level, fen) in enumerate(zip(SOURCES, base, strict=True))
    ]
    found.append(_by_person(county, 20, "C7", dict(sorted(tally.subsidies.items()))))
    found.append(_by_person(county, 22, "C6", {"": tally.state}))
    found += [_subsidy(county, "R", 23, "C6", {level: fen}, "城乡居保代缴保费（清册）") for level, fen in sorted(tally.claims.items())]
    return [event for event in found if event.amount]


def _by_person(county: County, day: int, event: str, parts: dict[str, int]) -> Event:
    """Money that the month's contributions file lists person by person: one line at the bank, no document of its own."""
    number = f"CZ{county.month.number}R{event}"
    return Event(event, "R", county.day(day), sum(parts.values()), parts, f"缴费明细 {county.month}", f"财政{MEMOS[event]}", number)


DOCUMENTS = {"中央": "甘财社〔{year}〕{number}号（中央直达）", "省": "甘财社〔{year}〕{number}号", "县": "云财社〔{year}〕{number}号"}
MEMOS = {"C6": "代缴保费", "C7": "缴费补贴", "C8": "待遇补助"}


def _subsidy(county: County, fund: str, day: int, event: str, parts: dict[str, int], purpose: str) -> Event:
    ((level, fen),) = parts.items()
    number = int(event[1]) * 10 + int(LEVELS[level]) + ("ER".index(fund) * 100)
    document = DOCUMENTS[level].format(year=county.year, number=number)
    receipt = f"CZ{county.month.number}{fund}{event}{LEVELS[level]}"
    return Event(event, fund, county.day(day), fen, parts, f"{document} {purpose}", f"{level}{'级' if level != '中央' else ''}财政{MEMOS[event]}", receipt)


def fiscal_lines(county: County, fund: str, planned: list[Event]) -> list[dict[str, object]]:
    """Lines of the 财政专户 statement of one fund: every event that touches it, and one item the books learn of next month."""
    lines: list[dict[str, object]] = []
    for event in planned:
        if event.fund == fund and event.event != "C1":
            out = event.event == "P1"
            party = (
                f"{UNIT}{FUND_SHORT[fund]}支出户"
                if out
                else "国家金库云岭县支库"
                if event.event == "C2"
                else "退款人"
                if event.event == "P6"
                else "云岭县财政局"
                if event.event != "I1"
                else FUND_BANK
            )
            lines.append(
                {
                    "day": event.day,
                    "memo": event.memo,
                    "debit": event.amount if out else 0,
                    "credit": 0 if out else event.amount,
                    "serial": event.receipt,
                    "party": party,
                }
            )
    lines.append(
        {
            "day": county.month.last_day, "memo": "活期存款利息", "debit": 0, "credit": 30_000 + 7 * sum(ord(c) for c in fund), "party": FUND_BANK,
            "serial": f"CZ{county.month.number}{fund}HQ", "timing": "财政专户已收、单位未收：月末入账的活期利息，单据次月到",
        }
    )  # fmt: skip
    return sorted(lines, key=lambda line: (str(line["day"]), str(line["serial"])))


def payment_timing(county: County, fund: str) -> list[dict[str, object]]:
    """Items on the 支出户 statement the books do not have at month end: a fee taken in error, and interest."""
    fee = min(29, county.month.last_day.day - 1)
    return [
        {"day": county.day(fee), "memo": "误收代发手续费", "debit": 5_000, "credit": 0, "why": "银行已付、单位未付：误收手续费，银行次月退回"},
        {"day": county.month.last_day, "memo": "支出户存款利息", "debit": 0, "credit": 1_234 + 100 * ord(fund), "why": "银行已收、单位未收：利息单据次月到"},
    ]
