"""The premium desk (保费窗口): claims and refunds from the lists in use, the monthly report, and money held against a claim."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from controls import vouchers
from controls.duties import Duty, require
from controls.premiums import claim_money, claim_rows, claim_store, claims, known, overlaps, zeroing
from controls.premiums.claim_rows import BACK, CLAIM, EVERY, STATE_ZH, Claim
from controls.premiums.claims import Drawn
from controls.premiums.errors import AmountDiffers, ClaimState
from controls.premiums.facts import Question
from controls.premiums.law import categories
from ledger import accounts
from ledger.entries import Entry, rows_digest
from ledger.funds import Fund
from ledger.money import Fen, show
from ledger.months import Month
from ledger.paper_numbers import paper_name
from shebao import doubled
from shebao.doubled import LEVELS
from shebao.proposals import NothingToBook, compose

if TYPE_CHECKING:
    from ledger.db import UnitOfWork
    from shebao.store import Office

OWN_DETAIL = {"own": "个人缴费", "government_paid": "政府代缴", "other": "其他资金代缴"}


@dataclass(frozen=True, slots=True)
class Due:
    """A claim drawn up and the files it was drawn from."""

    drawn: Drawn
    files: tuple[int, ...]


def _draw(office: Office, connection: sa.Connection, kind: str, fund: Fund, year: int, as_of: date, files: Sequence[int] | None = None) -> Due:
    book = accounts.book_of(connection, fund)
    book_id = book.book_id
    chosen = known.of_numbers(connection, files) if files is not None else known.in_use(connection, None, "编制清册")
    before = claim_store.claimed(connection, book_id, year, kind)
    sources = known.sources(connection, office.home, chosen, as_of, before, claim_money.rows(connection, book, year, as_of))
    asked = Question.of_year(fund, year, as_of, office.settings["unit"]["region"])
    drawn = claims.draw(sources, asked) if kind == CLAIM else overlaps.draw(sources, asked)
    return Due(drawn, tuple(one.file_id for one in chosen))


def due(office: Office, fund: Fund, year: int, as_of: date, kind: str = CLAIM) -> Due:
    """Who is claimed for, or what is claimed back, as the lists in use stand; nothing is kept. Raises SB1031, SB3215, SB3216."""
    with office.reading() as connection:
        return _draw(office, connection, kind, fund, year, as_of)


def prepare(office: Office, fund: Fund, year: int, as_of: date, kind: str = CLAIM) -> Claim:
    """Draws up and keeps a claim (or a refund list) as the 经办 signed in. Raises SB1031, SB3001, SB3215, SB3216, SB3220."""
    actor = office.actor
    with office.unit() as work:
        found = _draw(office, work.connection, kind, fund, year, as_of)
        book_id = accounts.book_of(work.connection, fund).book_id
        made = claim_store.prepare(work, office.now(), actor, book_id, found.drawn, found.files, kind)
        work.commit()
    return made


def report(
    office: Office, connection: sa.Connection, fund: Fund, month: Month, files: Sequence[int] | None = None, until: int | None = None
) -> tuple[zeroing.Zeroing, tuple[int, ...]]:
    """The month's 动态清零 report and the files it rests on, those in use at its end unless given; ``until`` the newest entry it may know of.

    Money that came in with a claim counts from its voucher's day, before finance's list is in. Raises SB1031, SB3215.
    """
    book = accounts.book_of(connection, fund)
    chosen = known.of_numbers(connection, files) if files is not None else known.in_use(connection, month.last_day, "编制清零报告")
    booked = claim_money.rows(connection, book, month.year, month.last_day, until)
    sources = known.sources(connection, office.home, chosen, month.last_day, booked=booked)
    made = zeroing.report(sources, fund, month, office.settings["unit"]["region"])
    return dataclasses.replace(made, notes=known.later_than(chosen, month.last_day)), tuple(one.file_id for one in chosen)


@dataclass(frozen=True, slots=True)
class Slot:
    """What a claim asks of (or gives back to) one payer, and its live voucher."""

    payer: str
    category: str
    received_year: int
    part: str
    persons: int
    fen: Fen
    voucher: vouchers.Draft | None


def slots(connection: sa.Connection, one: Claim) -> list[Slot]:
    """A claim by payer and year of the money, whole, with its vouchers; by category where it is booked so."""
    by_key = {d.entry.source_key: d for d in vouchers.drafts(connection, one.book_id) if d.state != "rejected" and d.entry.source_key.startswith("premium:")}
    shares = claim_rows.shares(connection, one)
    found = []
    for payer, category, received_year in claim_rows.slots(connection, one):
        mine = [s for s in shares if s.payer == payer and s.received_year == received_year and category in (EVERY, s.category)]
        draft = by_key.get(claim_rows.source_key(one, payer, category, received_year))
        found.append(Slot(payer, category, received_year, mine[0].part, sum(s.persons for s in mine), sum(s.fen for s in mine), draft))
    return found


def _reviewed(connection: sa.Connection, book_id: int, claim_id: int, kind: str, step: str) -> Claim:
    one = claim_rows.get(connection, book_id, claim_id)
    if one.state != "reviewed" or one.kind != kind:
        raise ClaimState(claim=claim_id, state=STATE_ZH[one.state] if one.kind == kind else claim_rows.KIND_ZH[one.kind], step=step)
    return one


def receive(
    office: Office, fund: Fund, claim_id: int, *, payer: str, day: date, fen: Fen, document: str, into: str = "1003", category: str = EVERY
) -> vouchers.Draft:
    """C6: money of one payer held against the claim, booked with its rows by person; it must be what the claim asks, person by person (K13).

    Raises SB3001, SB3217, SB3218, SB3221, SB3224, SB1104 when the payer's money is booked already.
    """
    require(office.actor, Duty.BOOKKEEP)
    with office.unit() as work:
        book_id = accounts.book_of(work.connection, fund).book_id
        one = _reviewed(work.connection, book_id, claim_id, CLAIM, "收款")
        slot, place = _slot(slots(work.connection, one), one, payer, category)
        if slot is None or slot.fen != fen:
            asked = slot.fen if slot else 0
            persons = slot.persons if slot else 0
            raise AmountDiffers(payer=payer, received=show(fen), claim=claim_id, due=show(asked), persons=persons, difference=show(fen - asked))
        _once(slots(work.connection, one), one, slot)
        doubled.refuse_received(work.connection, book_id, payer, fen, claim_id)
        detail = next(p.detail for p in categories().payers if p.payer == payer)
        made = compose(
            "C6", fund, day, {f"amount/{detail}": fen}, {"into": into, "level": LEVELS.get(payer, "")},
            authority=f"第 {claim_id} 号代缴清册 {one.digest[:12]}", source_key=claim_rows.source_key(one, payer, category, 0),
            text=f"{one.year}年度{fund.short}代缴保费（第{claim_id}号清册，{payer}）{slot.persons}人", documents=(f"paper:{paper_name(document)}",),
        )  # fmt: skip
        draft = _lay(work, office, one, made, place, (payer, category, 0))
        work.commit()
    return draft


def _slot(found: Sequence[Slot], one: Claim, payer: str, category: str) -> tuple[Slot | None, int]:
    for place, slot in enumerate(found, start=1):
        if (slot.payer, slot.category) == (payer, category) and one.kind == CLAIM:
            return slot, place
    return None, 0


def _once(found: Sequence[Slot], one: Claim, wanted: Slot) -> None:
    """A payer's money is booked whole or by category, never both ways. Raises SB3218."""
    for slot in found:
        overlapping = slot.payer == wanted.payer and slot.received_year == wanted.received_year and EVERY in (slot.category, wanted.category)
        if slot.voucher is not None and overlapping and slot.category != wanted.category:
            booked = "全部" if slot.category == EVERY else slot.category
            raise ClaimState(claim=one.claim_id, state=f"{slot.payer}已按{booked}入账（{slot.voucher.label}）", step="再次收款")


def _lay(work: UnitOfWork, office: Office, one: Claim, made: Entry, place: int, slot: tuple[str, str, int]) -> vouchers.Draft:
    """Proposes and makes an entry with its claim on the slot's rows."""
    account = next(line.account for line in made.lines if not line.account.startswith("100"))
    seen = rows_digest(claim_rows.slot_rows(work.connection, one, slot, account))
    entry = dataclasses.replace(
        made,
        contribution_source=claim_rows.source_of(one, place),
        contribution_count=seen.count,
        contribution_fen=seen.fen,
        contribution_digest=seen.hexdigest(),
    )
    draft = vouchers.propose(work, office.now(), office.actor, one.book_id, entry)
    return vouchers.make(work, office.now(), office.actor, one.book_id, draft.voucher_id)


def refund(office: Office, fund: Fund, claim_id: int, *, day: date, document: str, out_of: str = "1004") -> list[vouchers.Draft]:
    """C12 and C13: what a reviewed refund list gives back, one voucher a payer and year of the money, each with its negative rows by person.

    Money of this year is taken off 4001, of an earlier year it is other expense. Raises SB3001, SB3217, SB3218, SB6203 when all is booked.
    """
    require(office.actor, Duty.BOOKKEEP)
    made: list[vouchers.Draft] = []
    with office.unit() as work:
        book_id = accounts.book_of(work.connection, fund).book_id
        one = _reviewed(work.connection, book_id, claim_id, BACK, "退款")
        for place, slot in enumerate(slots(work.connection, one), start=1):
            if slot.category != EVERY or slot.voucher is not None:
                continue
            this_year = slot.received_year == day.year
            amounts = {f"amount/{OWN_DETAIL[slot.part]}" if this_year else "amount": slot.fen}
            given = f"第 {claim_id} 号退回清册 {one.digest[:12]}"
            entry = compose(
                "C12" if this_year else "C13", fund, day, amounts, {"from": out_of} if this_year else {}, authority=given,
                source_key=claim_rows.source_key(one, slot.payer, EVERY, slot.received_year),
                text=f"退回{one.year}年度{fund.short}保费（第{claim_id}号退回清册，{slot.payer}，{slot.received_year}年收到）{slot.persons}人",
                documents=(f"paper:{paper_name(document)}:{slot.payer}:{slot.received_year}",),
            )  # fmt: skip
            made.append(_lay(work, office, one, entry, place, (slot.payer, EVERY, slot.received_year)))
        if not made:
            raise NothingToBook(what=f"第 {claim_id} 号退回清册")
        work.commit()
    return made


def sources_of(one: Claim) -> list[int]:
    """Numbers of the files a claim was drawn from."""
    return [int(number) for number in json.loads(one.files)]
