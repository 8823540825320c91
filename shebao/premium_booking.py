"""Contributions into vouchers: a taken file's plan laid before the 会计, and the rows that come with each voucher when it is posted."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import sqlalchemy as sa

from controls import vouchers
from controls.duties import Duty, require
from controls.intake import register
from controls.premiums import claim_rows, contributions, law
from controls.premiums.contributions import CLAIM_SOURCES, EARLIER, SOURCES, YEAR, Group, Plan
from controls.premiums.errors import BookedFromTax, PaidByClaim, WrongArrival
from ledger import accounts
from ledger.entries import ContributionRow, Entry, Line, rows_digest
from ledger.funds import Fund
from ledger.money import Fen, show
from ledger.months import Month
from ledger.tables import contribution
from shebao import doubled
from shebao.proposals import NothingToBook, OtherContract, compose

if TYPE_CHECKING:
    from shebao.store import Office

FEES = "fee"
CASH_ZH = {"1002": "收入户 1002", "1003": "财政专户 1003", "1004": "支出户 1004", "1005": "国库 1005"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where money moved: ``into`` for what persons and employers paid, ``paid_into`` for others' money, ``out_of`` for refunds."""

    into: str = "1005"
    paid_into: str = "1003"
    out_of: str = "1004"

    def of(self, group: Group) -> str:
        """The bank account of a group's money."""
        if group.kind in (YEAR, EARLIER):
            return self.out_of if group.kind == YEAR else "1004"
        return self.into if group.family in (FEES, "unsplit") else self.paid_into


@dataclass(frozen=True, slots=True)
class TaxSide:
    """What the books have from the tax bureau's tickets in a month and what the file says was paid in: fen."""

    month: Month
    booked: Fen
    told: Fen


def planned(office: Office, connection: sa.Connection, file_id: int, fund: Fund) -> Plan:
    """The plan of a taken file in one fund; raises SB3022, SB3023, SB3210, SB3211, SB6205."""
    source = register.file(connection, file_id)
    if source.contract != "contributions":
        raise OtherContract(file=file_id, found=source.contract, needed="contributions")
    return contributions.plan(connection, office.home, source, fund, accounts.book_of(connection, fund).book_id)


def book(office: Office, file_id: int, fund: Fund, arrival: Arrival, only: Sequence[str] = ()) -> list[vouchers.Draft]:
    """Proposes and makes the vouchers of a contributions file, with their rows, as the 会计 signed in: all of it or nothing.

    ``only``: payers to be booked (all when empty). Raises SB3001, SB3210–SB3214, SB1104 when it is booked already, SB6203.
    """
    actor, now = office.actor, office.now()
    require(actor, Duty.BOOKKEEP)
    made: list[vouchers.Draft] = []
    with office.unit() as work:
        plan = planned(office, work.connection, file_id, fund)
        book_id = accounts.book_of(work.connection, fund).book_id
        chosen = [one for one in plan.groups if not only or set(one.payers) & set(only)]
        _refuse_tax(work.connection, book_id, plan, chosen)
        _refuse_claimed(work.connection, book_id, plan, chosen)
        for entry in (*(entry_of(plan, one, arrival) for one in chosen), *(() if only else _late(plan, arrival))):
            draft = vouchers.propose(work, now, actor, book_id, entry)
            made.append(vouchers.make(work, now, actor, book_id, draft.voucher_id))
        if not made:
            raise NothingToBook(what=f"文件 {file_id} 的{fund.short}")
        work.commit()
    return made


def entry_of(plan: Plan, group: Group, arrival: Arrival) -> Entry:
    """The entry of one group: the event by where the money arrived, the bank's line day by day, and the claim on its rows. Raises SB3212."""
    cash = arrival.of(group)
    events = {contributions.event_of(group, rule, cash) for rule in group.rules}
    if "" in events or len(events) != 1:
        known = sorted(set.intersection(*(set(rule.events) for rule in group.rules)))
        raise WrongArrival(what="、".join(group.payers), into=CASH_ZH.get(cash, cash), known="、".join(known) or "退费先按 C5b 划分")
    event = events.pop()
    seen = rows_digest(plan.rows(group.place))
    made = compose(
        event, plan.fund, group.day, group.amounts, contributions.details_of(group, event, cash), authority=f"缴费明细 {plan.source.sha256[:12]}",
        source_key=f"contributions:{plan.source.sha256[:16]}:{plan.fund.value}:{group.place}", text=_summary(plan, group),
    )  # fmt: skip
    return dataclasses.replace(
        made, lines=_by_day(made.lines, group, cash), contribution_source=contributions.source_id(plan.source.file_id, group.place),
        contribution_count=seen.count, contribution_fen=seen.fen, contribution_digest=seen.hexdigest(),
    )  # fmt: skip


def _summary(plan: Plan, group: Group) -> str:
    what = {YEAR: "退回本年", EARLIER: "退回以前年度", "red": "红字冲回"}.get(group.kind, "收到")
    nature = f"（{group.nature}）" if group.nature and group.nature != law.payers().blank_nature else ""
    return f"{group.month.zh()}{what}{plan.fund.short}{'、'.join(group.payers)}{nature}，缴费明细 {group.lines} 行"


def _by_day(lines: Sequence[Line], group: Group, cash: str) -> tuple[Line, ...]:
    """The bank's line in as many as there are days of receipt, so that each meets its line of the bank statement."""
    found = [line for line in lines if line.account.startswith(cash)]
    if len(found) != 1 or len(group.days) == 1:
        return tuple(lines)
    turned = -1 if group.kind in (YEAR, EARLIER) else 1
    parts = [dataclasses.replace(found[0], amount=turned * fen, memo=f"{day.isoformat()} 到账") for day, fen in group.days if fen]
    at = list(lines).index(found[0])
    return (*lines[:at], *parts, *lines[at + 1 :])


def _late(plan: Plan, arrival: Arrival) -> Iterator[Entry]:
    """C11 for the late fees of the file, one voucher a month: other income, never a person's contribution."""
    months: dict[Month, Fen] = defaultdict(int)
    for day, fen in plan.late:
        months[Month.of(day)] += fen
    for month, fen in sorted(months.items(), key=lambda pair: pair[0]):
        day = max(day for day, _ in plan.late if Month.of(day) == month)
        yield compose(
            law.payers().late_fee.event, plan.fund, day, {"amount": fen}, {"into": arrival.into}, authority=f"缴费明细 {plan.source.sha256[:12]}",
            source_key=f"contributions:{plan.source.sha256[:16]}:{plan.fund.value}:late:{month}",
        )  # fmt: skip


def _tax_vouchers(connection: sa.Connection, book_id: int) -> list[vouchers.Draft]:
    return doubled.standing(connection, book_id, lambda one: one.source_key.startswith("tax:") and one.event == "C1")


def _refuse_tax(connection: sa.Connection, book_id: int, plan: Plan, chosen: Iterable[Group]) -> None:
    """Raises SB3213 when the tickets, or without tickets the days, of what persons and employers paid are booked from a tax file (L11)."""
    days = {day for group in chosen if group.family in (FEES, "unsplit") and group.kind == contributions.RECEIPT for day, _ in group.days}
    if not days:
        return
    for one in _tax_vouchers(connection, book_id):
        tickets = {paper.split(":")[1] for paper in one.entry.documents if paper.startswith("ticket:")}
        both = tickets & plan.tickets
        if both or (not plan.tickets and one.entry.day in days):
            what = f"凭证流水 {one.label}，{one.entry.day}" + (f"，税票 {min(both)} 等 {len(both)} 张" if both else f"，{show(one.entry.debit)} 元")
            raise BookedFromTax(what=what)


def _refuse_claimed(connection: sa.Connection, book_id: int, plan: Plan, chosen: Iterable[Group]) -> None:
    """Raises SB3214 when a person's premium of that year came in with a claim already."""
    groups = [one for one in chosen if one.kind == contributions.RECEIPT and "government_paid" in one.parts]
    columns = contribution.c
    claimed = (
        {
            (row.number, row.period)
            for row in connection.execute(
                sa.select(columns.number, columns.period)
                .where(columns.book_id == book_id, sa.or_(columns.source_id > CLAIM_SOURCES, columns.source_id < -CLAIM_SOURCES), columns.part == "government_paid")
                .group_by(columns.number, columns.period)
                .having(sa.func.sum(columns.amount_fen) > 0)
            )
        }
        if groups
        else set()
    )
    if not claimed:
        return
    for group in groups:
        table = plan.table(group.place)
        mine = table.filter(pc.equal(table.column("part"), "government_paid"))
        twice = [pair for pair in zip(mine.column("number").to_pylist(), mine.column("period").to_pylist(), strict=True) if pair in claimed]
        if twice:
            raise PaidByClaim(file=plan.source.file_id, rows=len(twice), period=twice[0][1] // 100)


def tax_sides(connection: sa.Connection, book_id: int, plan: Plan) -> list[TaxSide]:
    """K13b by month: what stands in the books from tax tickets beside what the file says persons and employers paid."""
    told: dict[Month, Fen] = defaultdict(int)
    for group in plan.groups:
        if group.family in (FEES, "unsplit") and group.kind == contributions.RECEIPT:
            told[group.month] += group.fen
    booked: dict[Month, Fen] = defaultdict(int)
    for one in _tax_vouchers(connection, book_id):
        booked[one.entry.period] += one.entry.debit
    return [TaxSide(month, booked.get(month, 0), fen) for month, fen in sorted(told.items(), key=lambda pair: pair[0].index)]


def contribution_rows(office: Office) -> vouchers.RowSource:
    """What posting calls for the rows of a contribution voucher: of a file's group or of a claim's receipt, made again from where they came.

    The plan of the file asked for last is kept, since the vouchers of one file are posted one after another.
    """
    last: dict[tuple[int, Fund], Plan] = {}

    def rows(connection: sa.Connection, book_id: int, source_id: int) -> Iterable[ContributionRow]:
        if source_id > CLAIM_SOURCES:
            return claim_rows.rows(connection, book_id, source_id)
        file_id, place = divmod(source_id, SOURCES)
        fund = next(one.fund for one in accounts.books(connection) if one.book_id == book_id)
        if (file_id, fund) not in last:
            last.clear()
            last[file_id, fund] = planned(office, connection, file_id, fund)
        return last[file_id, fund].rows(place)

    return rows


def facts_of(plan: Plan, group: Group) -> dict[str, object]:
    """A group as JSON."""
    return {
        "place": group.place, "month": str(group.month), "kind": group.kind, "payers": list(group.payers), "nature": group.nature, "lines": group.lines,
        "fen": group.fen, "parts": {part: {"account": account, "fen": fen, "rows": rows} for part, (account, fen, rows) in group.parts.items()},
        "fund": plan.fund.value,
    }  # fmt: skip


def drafts_of(connection: sa.Connection, book_id: int, plan: Plan) -> dict[int, vouchers.Draft]:
    """Live vouchers of the file by place."""
    start = f"contributions:{plan.source.sha256[:16]}:{plan.fund.value}:"
    live = (one for one in vouchers.drafts(connection, book_id) if one.state != "rejected" and one.entry.source_key.startswith(start))
    return {int(tail): one for one in live if (tail := one.entry.source_key.removeprefix(start)).isdigit()}
