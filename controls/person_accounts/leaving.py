"""One-off payments (一次性支付): death, emigration, duplicates — what is due, what stays in the fund, what was overpaid and set off (P12, P10; §4.5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from controls.duties import Actor
from controls.person_accounts import acts, moves
from controls.person_accounts.errors import ContentMoved, NothingLeft
from ledger.accounts import Book
from ledger.chart import Chart
from ledger.db import UnitOfWork
from ledger.entries import PayoutRow
from ledger.funds import Fund
from ledger.identity import mask_number
from ledger.items import benefit_code
from ledger.money import Fen
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.person_accounts import flows, law, store
from ledger.person_accounts.law import FundLaw, OneOff
from ledger.person_accounts.settlement import Overpaid, Settlement, settle
from ledger.person_accounts.store import PAYOUT_SOURCES, ActRow, Batch, Wanted

GOVERNMENT_IS_SUBSIDY = "premium_by_government_is_subsidy"


def payout_source(batch_id: int) -> int:
    """The sub-ledger source of a batch's payment."""
    return PAYOUT_SOURCES + batch_id


def overpaid(connection: sa.Connection, book: Book, number: str, end: Month, through: Month, beyond: Fen = 0) -> list[Overpaid]:
    """What was paid of the pension for months after ``end``, net of what came back, by item and month.

    ``beyond``: fen of the personal account's months that the fund carried after the account was used up; the latest months are those, a loss like base pension.
    """
    rules = law.fund_law(book.fund)
    pension = _pension(book.fund)
    found: dict[tuple[int, str, bool], list[int]] = {}
    for month, period, item, account, fen in flows.payout_lines(connection, book.book_id, number, 0, through.number):
        if period > end.number and account.startswith(pension) and not (rules.one_off and account.startswith(rules.one_off)):
            one = found.setdefault((period, item, account.startswith(rules.monthly)), [0, 0])
            one[0] += int(fen)
            one[1] = max(one[1], month // 100 if fen > 0 else 0)
    made: list[Overpaid] = []
    for (period, item, own), (fen, booked) in sorted(found.items(), reverse=True):
        if fen <= 0:
            continue
        lost = min(beyond, fen) if own else 0
        beyond -= lost
        if lost:
            made.append(Overpaid(Month.from_number(period), item, lost, False, booked))
        if fen > lost:
            made.append(Overpaid(Month.from_number(period), item, fen - lost, own, booked))
    return sorted(made, key=lambda one: (one.period, one.item))


def _pension(fund: Fund) -> tuple[str, ...]:
    """Accounts of the pension: the base item's own group, and the account's."""
    rules = law.fund_law(fund)
    return (benefit_code(fund, rules.base_item), *rules.monthly)


def _kept(connection: sa.Connection, book: Book, rule: OneOff, day: date) -> set[str]:
    """Parts that stay in the fund."""
    if rule.government == "pay":
        return set()
    kept = {one.code for one in law.parts() if one.government}
    own = Parameters.load().on(GOVERNMENT_IS_SUBSIDY, day, region=moves.region_of(connection, book))
    return kept | ({"government_paid"} if own is True else set())


def one_off(
    work: UnitOfWork, now: str, actor: Actor, book: Book, number: str, *, reason: str, happened: date, day: date, evidence: str, funeral: Fen = 0
) -> Batch:
    """Proposes the payment of an account that ended for ``reason`` on ``happened``, booked on ``day``; ``funeral`` fen of aid may be set off.

    Raises SB1031 (interest on leaving, rule of drawing, set-off without the finance department's consent), SB1422, SB3260, SB3261.
    """
    acts.may_prepare(actor, "one_off")
    number = acts.holder(number)
    rule = law.one_off(book.fund, reason, happened)
    moves.free(work.connection, book, number)
    made, held = settled(work.connection, book, number, rule, Month.of(happened), day, funeral)
    rules = law.fund_law(book.fund)
    kept = _kept(work.connection, book, rule, day)
    rows: list[ActRow] = [(number, part, "cleared" if part in kept else "paid_once", -fen) for part, fen in held.whole.items()]
    rows += [(number, part, "interest", fen) for part, fen in held.interest.items()]
    if not rows and not made.event:
        raise NothingLeft(person=mask_number(number), fund=book.fund.zh, what="支付")
    rows = rows or [(number, "own", "paid_once", 0)]
    if made.event == "P10":
        Parameters.load().text("set_off", day)
    facts: dict[str, Any] = {
        "reason": reason, "happened": happened.isoformat(), "government": rule.government, "claim": made.claim, "funeral_apart": made.funeral_apart,
        "overpaid": made.overpaid, "advanced": made.advanced, "set_off": made.from_account + made.from_funeral, "paid": made.paid,
        "cleared": sum(-row[3] for row in rows if row[2] == "cleared"),
        "balance": sum(moves.held(work.connection, book, number, Month.of(day)).parts.values()),
        "steps": [[step.name_zh, step.formula_zh, step.fen] for step in made.steps],
    }  # fmt: skip
    if made.event:
        facts["voucher"] = {"event": made.event, "day": day.isoformat(), "amounts": made.amounts, "details": {}}
        facts["payouts"] = [list(row) for row in made.rows]
    wanted = Wanted("one_off", Month.of(day), books=bool(made.event), reason=f"{reason}：{rules.one_off_item}", evidence=evidence, facts=facts)
    return acts.propose(work, now, actor, book.book_id, wanted, rows)


def settled(connection: sa.Connection, book: Book, number: str, rule: OneOff, end: Month, day: date, funeral: Fen) -> tuple[Settlement, moves.Held]:
    """The settlement, and the account as it is paid out: advanced months of this year given back where they are booked gross."""
    month = Month.of(day)
    rules: FundLaw = law.fund_law(book.fund)
    now_held = moves.held(connection, book, number, month, leaving=True)
    kept = _kept(connection, book, rule, day)
    over = overpaid(connection, book, number, end, month, now_held.carried)
    due = sum(fen for part, fen in now_held.whole.items() if part not in kept)
    grossed = rule.government == "pay"
    made = settle(due, over, end=end, booking=month, item=rules.one_off_item, funeral=funeral, funeral_item=rules.funeral_item, grossed=grossed)
    back = sum(one.fen for one in over if one.account and one.booked == month.year)
    if made.event != "P10" or not back or not grossed:
        return made, now_held
    whole = moves.held(connection, book, number, month, leaving=True, paid_back=back + now_held.carried)
    gross_up = made.gross - sum(whole.whole.values())
    # Interest was reckoned with the months as paid; a fen of difference would be the rule's, so the parts take exactly what the voucher pays.
    parts = dict(whole.parts)
    if gross_up:
        first = next(iter(parts), "own")
        parts[first] = parts.get(first, 0) + gross_up
    return made, moves.Held(number, parts, whole.interest, whole.opening, whole.carried)


def payout_rows(connection: sa.Connection, book: Book, batch_id: int) -> list[PayoutRow]:
    """The sub-ledger rows of a batch's voucher, in key order: what posting calls. Raises SB3207 when the account moved since it was reckoned."""
    found = acts.get(connection, book.book_id, batch_id)
    if not moves.still(connection, book, found):
        raise ContentMoved(batch=found.label)
    number = store.act_rows(connection, book.book_id, batch_id)[0][0]
    day = date.fromisoformat(found.facts["voucher"]["day"])
    chart = Chart.load(fund=book.fund)
    rows = [(number, item, period, fen, chart.posting_leaf(benefit_code(book.fund, item), day).code) for item, period, fen in found.facts["payouts"]]
    return sorted(rows)
