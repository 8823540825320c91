"""Awards on record (待遇核定): what one person is due under one benefit from a month on, assessed by one and reviewed by another from the same papers.

An award keeps the facts it was reckoned from and the digest of the whole reckoning, so that its paper can be printed again under the same law; the trail
keeps digests and masked numbers only. Awards are only added: a new one from the same or a later month takes the place of the older.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import islice
from typing import Any

import sqlalchemy as sa

from controls import trail
from controls.award_tables import award as award_table
from controls.award_tables import award_item
from controls.benefits.errors import AwardWrong, NotAssessed
from controls.bulk import insert
from controls.duties import Actor, Duty, Thing, require
from controls.errors_payment import NoReason
from controls.relatives import concerned
from ledger import accounts, chain
from ledger.benefits import facts
from ledger.benefits.award import Award, compute
from ledger.benefits.scheme import Scheme, scheme
from ledger.db import UnitOfWork
from ledger.entries import canonical, digest
from ledger.funds import Fund
from ledger.identity import mask_number, normal_number
from ledger.items import canonical_item
from ledger.money import Fen
from ledger.months import Month
from ledger.parameters import Parameters

ACT, REVIEW, REJECT = "benefit.award", "benefit.award.review", "benefit.award.reject"
STATES = {"assessed": "已核定，待复核", "reviewed": "已复核", "rejected": "已退回"}
Given = tuple[str, Award]
"""A person's number and the reckoning."""
Part = tuple[str, Fen, int]
"""Item, fen, and 1 for a joint item that stands in place of others."""


@dataclass(frozen=True, slots=True)
class Granted:
    """One award as stored: ``from_month`` as ``yyyymm``; ``given`` the facts as canonical JSON; ``digest`` of the reckoning,
    ``content`` of the row with its items."""

    book_id: int
    award_no: int
    number: str
    scheme: str
    law: str
    from_month: int
    given: str
    fen: Fen
    items: int
    digest: str
    content: str
    state: str
    assessed_by: str
    assessed_at: str
    reviewed_by: str
    reviewed_at: str
    note: str

    @property
    def label(self) -> str:
        """``book-number`` as papers and messages write it."""
        return f"{self.book_id}-{self.award_no}"

    @property
    def month(self) -> Month:
        """From which month it holds."""
        return Month.from_number(self.from_month)

    def expected(self, items: Iterable[Part]) -> str:
        """The digest that its fields and items demand."""
        return digest([*astuple(self)[:10], sorted([*part] for part in items)])


def granted_items(law: Scheme, made: Award) -> list[Part]:
    """Fen by item as rosters name them; what the benefit may pay and this award does not stands with nil, joint items beside their parts."""

    def name(item: str) -> str:
        return canonical_item(law.fund, item) or item

    sums = dict.fromkeys((name(step.item) for step in law.steps if step.item), 0)
    for item, fen in made.items:
        sums[name(item)] += fen
    found = [(item, fen, 0) for item, fen in sums.items()]
    parts = {step.name: name(step.item) for step in law.steps if step.item}
    found += [(name(one.item), sum(sums[item] for item in dict.fromkeys(parts[step] for step in one.steps)), 1) for one in law.together]
    return sorted(found)


def assess(work: UnitOfWork, now: str, actor: Actor, number: str, award: Award) -> tuple[Granted, trail.Record]:
    """Records the award of the person with ``number``, with its record in the trail; raises SB3001 (needs HANDLE_ASSESS), SB1204 (no book), SB3351."""
    made, record = assess_many(work, now, actor, [(number, award)])
    return made[0], record


def assess_many(work: UnitOfWork, now: str, actor: Actor, given: Sequence[Given]) -> tuple[list[Granted], trail.Record]:
    """Records awards of one benefit from one month, all or none, in one step. Raises SB3001, SB1204, SB3351."""
    require(actor, Duty.HANDLE_ASSESS, Thing("benefit", "新核定", related=_related(work, given)))
    _one_benefit(given)
    chain.lock(work)
    law = given[0][1].scheme
    book = accounts.book_of(work.connection, law.fund)
    first = 1 + last_number(work.connection, book.book_id)
    made: list[Granted] = []
    items: list[tuple[Any, ...]] = []
    for place, (number, award) in enumerate(given):
        told = granted_items(award.scheme, award)
        bare = Granted(
            book.book_id, first + place, normal_number(number), law.scheme, law.valid_from.isoformat(), award.month.number,
            canonical([list(pair) for pair in award.given]), award.total, len(told), award.digest, "", "assessed", actor.user, now, "", "", "",
        )  # fmt: skip
        made.append(replace(bare, content=bare.expected(told)))
        items += [(book.book_id, bare.award_no, item, bare.number, bare.from_month, fen, joint) for item, fen, joint in told]
    insert(work, award_table, tuple(Granted.__slots__), (astuple(one) for one in made))
    insert(work, award_item, tuple(column.name for column in award_item.c), items)
    return made, _record(work, now, actor, Duty.HANDLE_ASSESS, ACT, made, {"law": law.valid_from.isoformat(), "period": str(given[0][1].month)})


def review(work: UnitOfWork, now: str, actor: Actor, number: str, award: Award) -> tuple[Granted, trail.Record]:
    """Another person reckoned the same facts of the same person anew and came to the same digest: the award is reviewed.

    Raises SB3001 (needs REVIEW), SB3002 for whoever assessed it, SB3233 when no such award waits for its review.
    """
    made, record = review_many(work, now, actor, [(number, award)])
    return made[0], record


def review_many(work: UnitOfWork, now: str, actor: Actor, given: Sequence[Given]) -> tuple[list[Granted], trail.Record]:
    """Reviews the awards that wait for these people with these very reckonings, all or none. Raises SB3001, SB3002, SB3233, SB3351."""
    _one_benefit(given)
    chain.lock(work)
    law = given[0][1].scheme
    book = accounts.book_of(work.connection, law.fund)
    waiting: dict[tuple[str, str], list[Granted]] = {}
    for one in _of_numbers(work.connection, book.book_id, sorted({normal_number(number) for number, _ in given}), "assessed"):
        waiting.setdefault((one.number, one.digest), []).append(one)
    found: list[Granted] = []
    missing: Given | None = None
    for number, award in given:
        mine = waiting.get((normal_number(number), award.digest), [])
        if mine:
            found.append(mine.pop(0))
        else:
            missing = missing or (number, award)
    for assessor in sorted({one.assessed_by for one in found}) or [""]:
        acted = ((Duty.HANDLE_ASSESS, assessor),) if assessor else ()
        require(actor, Duty.REVIEW, Thing("benefit", book.fund.value, acted, related=_related(work, given)))
    if missing is not None:
        raise NotAssessed(scheme=law.zh, person=mask_number(normal_number(missing[0])), month=missing[1].month)
    return _sign(work, now, actor, sorted(found, key=lambda one: one.award_no), "reviewed", REVIEW, "")


def reject(work: UnitOfWork, now: str, actor: Actor, fund: Fund, award_no: int, reason: str) -> tuple[Granted, trail.Record]:
    """Another person sends an award back, with a reason. Raises SB3001, SB2116, SB3002, SB3042, SB3351."""
    if not reason.strip():
        raise NoReason()
    chain.lock(work)
    found = get(work.connection, accounts.book_of(work.connection, fund).book_id, award_no)
    related = concerned.by_numbers(work.connection, [found.number])
    require(actor, Duty.REVIEW, Thing("benefit", found.label, ((Duty.HANDLE_ASSESS, found.assessed_by),), related=related))
    if found.state != "assessed":
        raise AwardWrong(award=found.label, why=STATES[found.state])
    made, record = _sign(work, now, actor, [found], "rejected", REJECT, reason.strip())
    return made[0], record


def _related(work: UnitOfWork, given: Sequence[Given]) -> concerned.Concerned:
    """Whom these awards concern (C7)."""
    return concerned.by_numbers(work.connection, {normal_number(number) for number, _ in given})


def _one_benefit(given: Sequence[Given]) -> None:
    if len({(award.scheme.scheme, award.scheme.valid_from, award.month) for _, award in given}) != 1:
        raise AwardWrong(award="—", why="一次只办一种待遇、一个起始月的核定，且不能为空")
    for number, _ in given:
        if not normal_number(number):
            raise AwardWrong(award="—", why=f"证件号码“{number[:4]}…”无法识别")


def _sign(work: UnitOfWork, now: str, actor: Actor, found: Sequence[Granted], state: str, act: str, note: str) -> tuple[list[Granted], trail.Record]:
    """Takes the step for every award at once; they are of one book."""
    columns = award_table.c
    numbers = iter([one.award_no for one in found])
    while some := list(islice(numbers, 500)):
        mine = sa.and_(columns.book_id == found[0].book_id, columns.award_no.in_(some))
        work.connection.execute(award_table.update().where(mine).values(state=state, reviewed_by=actor.user, reviewed_at=now, note=note))
    made = [replace(one, state=state, reviewed_by=actor.user, reviewed_at=now, note=note) for one in found]
    return made, _record(work, now, actor, Duty.REVIEW, act, made, {"reason": note} if note else {})


def _record(work: UnitOfWork, now: str, actor: Actor, duty: Duty, act: str, made: Sequence[Granted], more: dict[str, Any]) -> trail.Record:
    """One record for the awards of one step: of a single one its masked number and the digest that stands on its paper, of many their count."""
    first = made[0]
    facts = {"scheme": first.scheme, "awards": [one.award_no for one in made], "fen": sum(one.fen for one in made), "content": contents(made)} | more
    if len(made) == 1:
        facts |= {"person": mask_number(first.number)}
    thing = f"award:{first.book_id}:{first.award_no}" + (f"-{made[-1].award_no}" if len(made) > 1 else "")
    return trail.record(work, now, actor, duty, act, thing, first.digest if len(made) == 1 else contents(made), facts)


def contents(made: Sequence[Granted]) -> str:
    """The digest over the contents of the awards of one step."""
    return digest([one.content for one in made])


def last_number(connection: sa.Connection, book_id: int) -> int:
    """The number of the last award of a book, 0 where there is none."""
    asked = sa.select(sa.func.coalesce(sa.func.max(award_table.c.award_no), 0)).where(award_table.c.book_id == book_id)
    return int(connection.execute(asked).scalar_one())


def get(connection: sa.Connection, book_id: int, award_no: int) -> Granted:
    """One award; raises SB3351."""
    row = connection.execute(sa.select(award_table).where(award_table.c.book_id == book_id, award_table.c.award_no == award_no)).first()
    if row is None:
        raise AwardWrong(award=f"{book_id}-{award_no}", why="没有这份核定")
    return Granted(**row._mapping)


def listed(connection: sa.Connection, book_id: int, *, state: str = "", number: str = "", most: int = 0) -> list[Granted]:
    """Awards of a book, newest first; of one state or person when given, at most ``most`` (0: all)."""
    asked = sa.select(award_table).where(award_table.c.book_id == book_id).order_by(award_table.c.award_no.desc())
    if state:
        asked = asked.where(award_table.c.state == state)
    if number:
        asked = asked.where(award_table.c.number == normal_number(number))
    return [Granted(**row._mapping) for row in connection.execute(asked.limit(most) if most else asked)]


def recorded(connection: sa.Connection, number: str, award: Award) -> list[Granted]:
    """Earlier awards of this person with this very reckoning that were not sent back, oldest first."""
    book = accounts.book_of(connection, award.scheme.fund)
    found = listed(connection, book.book_id, number=number)
    return [one for one in reversed(found) if one.digest == award.digest and one.state != "rejected"]


def items_of(connection: sa.Connection, book_id: int, award_no: int) -> list[Part]:
    """What an award grants by item."""
    columns = award_item.c
    asked = sa.select(columns.item, columns.fen, columns.joint).where(columns.book_id == book_id, columns.award_no == award_no).order_by(columns.item)
    return [(row.item, int(row.fen), row.joint) for row in connection.execute(asked)]


def reckoned(granted: Granted, parameters: Parameters) -> Award:
    """The award reckoned again from its own facts under the law of its month; raises SB3351 when law or parameters give another result now."""
    law = scheme(granted.scheme, granted.month)
    award = compute(law, granted.month, facts.parse(law, dict(json.loads(granted.given))), parameters)
    if award.digest != granted.digest:
        raise AwardWrong(award=granted.label, why=f"按现有规定和参数重算为 {award.digest[:12]}，核定时为 {granted.digest[:12]}")
    return award


def _of_numbers(connection: sa.Connection, book_id: int, numbers: Sequence[str], state: str) -> Iterable[Granted]:
    columns = award_table.c
    source = iter(numbers)
    while some := list(islice(source, 500)):
        asked = sa.select(award_table).where(columns.book_id == book_id, columns.state == state, columns.number.in_(some)).order_by(columns.award_no)
        yield from (Granted(**row._mapping) for row in connection.execute(asked))
