"""Vouchers (记账凭证): propose, make (制单), review (审核), post (记账). Only this module may post.

An event, a release or a bank return gives a *proposed* voucher; a 会计 makes it, somebody else with CHECK
reviews the same digest, and a 会计 posts it. Drafts are not in the books.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa

from controls import attachments, businesses, opening_gate, trail, voucher_sets, voucher_sources
from controls.budgets import funding
from controls.duties import Actor, Duty, Thing, require
from controls.errors_vouchers import CashierMissing
from controls.errors_vouchers import ContentChanged as ContentChanged
from controls.errors_vouchers import NoSuchVoucher as NoSuchVoucher
from controls.errors_vouchers import WrongState as WrongState
from controls.special import gate
from controls.voucher_tables import voucher, voucher_line
from ledger import chain, dimensions, flows, plain_words, posting, subledgers
from ledger.cash import is_cash
from ledger.db import UnitOfWork
from ledger.entries import Entry, Line, PayoutRow, Side, canonical
from ledger.errors_posting import AlreadyBooked
from ledger.lying import lying, proved
from ledger.months import Month

RowSource = Callable[[sa.Connection, int, int], Iterable[PayoutRow]]
"""(connection, book_id, source) → its sub-ledger rows sorted by (number, item or part, period), for payouts or for contributions."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What some entries rest on: their kinds (the source key up to the colon), and who says that it still stands, or raises."""

    kinds: tuple[str, ...]
    ask: Callable[[sa.Connection, int, Entry], None]


STATES = {"proposed": "待制单", "made": "待审核", "reviewed": "待记账", "posted": "已记账", "rejected": "已退回"}
SYSTEM = "system"
MOST = 500
"""Vouchers named in one query."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A voucher on its way: its entry, state and people."""

    book_id: int
    voucher_id: int
    state: str
    entry: Entry
    digest: str
    proposed_by: str
    maker: str
    reviewer: str
    reviewed_digest: str
    entry_id: int | None
    note: str
    papers_digest: str = ""
    cash: bool = False
    cashier: str = ""

    @property
    def label(self) -> str:
        return f"{self.book_id}-{self.voucher_id}"

    def thing(self) -> Thing:
        """What the duties look at: who made, who reviewed and who signed this very voucher as cashier."""
        acted = [(Duty.BOOKKEEP, self.maker)] if self.maker else []
        if self.reviewer:
            acted.append((Duty.CHECK, self.reviewer))
        if self.cashier:
            acted.append((Duty.CASHIER, self.cashier))
        return Thing("voucher", self.label, tuple(acted))


def propose(work: UnitOfWork, now: str, actor: Actor | None, book_id: int, made: Entry) -> Draft:
    """Lays a proposed voucher before the 会计; ``actor`` None is the machine acting on a release or return.

    Raises SB1107 for words that do not print, SB1041 when money would move where the whitelist has no flow (L7), SB1342 for an axis an account does
    not take, SB1104 when the source document is booked or already proposed, SB3270 to SB3276 for what a special book (专账) does not take, SB3295 for
    funding above the month's plans, SB3320 for a month whose balances were taken over as proved.
    """
    plain_words.check(made)
    flows.check_entry(made)
    dimensions.check(made.lines)
    chain.lock(work)
    gate.check_entry(work.connection, book_id, made)
    funding.check(work.connection, book_id, made)
    live = work.connection.execute(
        sa.select(voucher.c.voucher_id, voucher.c.state).where(
            voucher.c.book_id == book_id, voucher.c.source_key == made.source_key, voucher.c.state != "rejected"
        )
    ).first()
    if live is not None:
        raise AlreadyBooked(source=made.source_key, where=f"凭证流水 {book_id}-{live.voucher_id}，{STATES[live.state]}")
    posting.check_period(work, book_id, made)
    opening_gate.check(work.connection, book_id, made)
    voucher_sources.refuse_papers(work, book_id, made)
    voucher_id = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(voucher.c.voucher_id), 0) + 1).where(voucher.c.book_id == book_id)).scalar_one()
    digest = made.digest()
    work.connection.execute(voucher.insert().values(**head_values(now, actor, book_id, voucher_id, made, digest)))
    work.connection.execute(voucher_line.insert(), leg_values(book_id, voucher_id, made))
    facts = {"source": made.source_key, "debit_fen": made.debit}
    chain.append(work, now, chain.Act(actor.user if actor else SYSTEM, "", "propose", f"voucher:{book_id}-{voucher_id}", digest, facts))
    return get(work.connection, book_id, voucher_id)


def head_values(now: str, actor: Actor | None, book_id: int, voucher_id: int, made: Entry, digest: str) -> dict[str, object]:
    """The row of a voucher just proposed."""
    return {
        "book_id": book_id, "voucher_id": voucher_id, "state": "proposed", "period": made.period, "day": made.day.isoformat(), "kind": made.kind,
        "event": made.event, "summary": made.summary, "attachments": made.attachments, "authority": made.authority, "source_key": made.source_key,
        "documents": canonical(list(made.documents)), "closing": int(made.closing), "corrects": made.corrects, "payout_source": made.payout_source,
        "payout_count": made.payout_count, "payout_fen": made.payout_fen, "payout_digest": made.payout_digest,
        "contribution_source": made.contribution_source, "contribution_count": made.contribution_count, "contribution_fen": made.contribution_fen,
        "contribution_digest": made.contribution_digest, "digest": digest, "proposed_by": actor.user if actor else SYSTEM, "proposed_at": now,
        "maker": "", "made_at": "", "reviewer": "", "reviewed_at": "", "reviewed_digest": "", "papers_digest": "", "cash": int(is_cash(made)),
        "cashier": "", "cashier_at": "", "entry_id": None, "note": "",
    }  # fmt: skip


def leg_values(book_id: int, voucher_id: int, made: Entry) -> list[dict[str, object]]:
    """The rows of its lines."""
    return [
        {
            "book_id": book_id, "voucher_id": voucher_id, "line_no": index, "account": leg.account, "side": leg.side.value,
            "amount_fen": leg.amount, "dimension": canonical(leg.dimension) if leg.dimension else "", "memo": leg.memo,
        }
        for index, leg in enumerate(made.lines, start=1)
    ]  # fmt: skip


def make(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int) -> Draft:
    """制单: a 会计 signs the proposed voucher as its maker."""
    draft = _at(work, book_id, voucher_id, "proposed", "制单")
    require(actor, Duty.BOOKKEEP, draft.thing())
    return _move(work, now, actor, Duty.BOOKKEEP, draft, "make", state="made", maker=actor.user, made_at=now)


def review(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int) -> Draft:
    """审核: somebody with CHECK who did not make it signs the digest and the list of attachments (S9). Raises SB3122, SB3124."""
    draft = _at(work, book_id, voucher_id, "made", "审核")
    require(actor, Duty.CHECK, draft.thing())
    papers = _papers_digest(work, draft)
    signed = {"reviewer": actor.user, "reviewed_at": now, "reviewed_digest": draft.digest, "papers_digest": papers}
    return _move(work, now, actor, Duty.CHECK, draft, "review", state="reviewed", **signed)


def reject(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, reason: str) -> Draft:
    """退回: the reviewer or a 会计 sends it back with a reason, as long as it is not posted; it can be proposed anew."""
    chain.lock(work)
    draft = get(work.connection, book_id, voucher_id)
    if draft.state not in {"proposed", "made", "reviewed"}:
        raise WrongState(voucher=draft.label, state=STATES[draft.state], step="退回")
    duty = Duty.CHECK if Duty.CHECK in actor.duties else Duty.BOOKKEEP
    require(actor, duty)
    return _move(work, now, actor, duty, draft, "reject", state="rejected", note=reason)


def post(
    work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, payouts: RowSource | None = None, contributions: RowSource | None = None,
    standing: Standing | None = None,
) -> posting.Receipt:  # fmt: skip
    """记账: books the reviewed voucher exactly as reviewed. 记账 ≠ 审核; 制单 = 记账 is allowed. Raises SB3126 for cash without its cashier, SB3180."""
    return post_many(work, now, actor, book_id, [voucher_id], payouts, contributions, standing)[0]


def post_many(
    work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_ids: Sequence[int], payouts: RowSource | None = None,
    contributions: RowSource | None = None, standing: Standing | None = None,
) -> list[posting.Receipt]:  # fmt: skip
    """记账 of several vouchers of one book in the order given, all or none: each looked at as alone, the ordinary ones of a row written together.

    ``standing`` is asked of each entry without rows of persons just before it is written. Raises what :func:`post` raises for the first
    voucher that may not be posted. Many plain ones are carried over inside the database; whatever is not plain goes the way of one by one.
    """
    chain.lock(work)
    if len(voucher_ids) >= voucher_sets.LEAST and (found := _carried(work, now, actor, book_id, voucher_ids, standing)) is not None:
        return found
    signed: list[tuple[Draft, posting.Signed]] = []
    for draft in _reviewed(work, book_id, voucher_ids):
        require(actor, Duty.BOOKKEEP, Thing("posting", draft.label, ((Duty.CHECK, draft.reviewer),)))
        if draft.entry.digest() != draft.digest or draft.reviewed_digest != draft.digest:
            raise ContentChanged(voucher=draft.label)
        if (draft.cash or is_cash(draft.entry)) and not draft.cashier:
            raise CashierMissing(voucher=draft.label)
        signed.append((draft, posting.Signed(draft.maker, draft.reviewer, actor.user)))
    _prove_papers(work, [draft for draft, _ in signed])
    businesses.all_whole(work.connection, book_id, voucher_ids)
    opening_gate.check(work.connection, book_id, *(draft.entry for draft, _ in signed))
    receipts: list[posting.Receipt] = []
    for claimed, row in groupby(signed, key=lambda one: one[0].entry.claim is not None):
        group = list(row)
        if not claimed:
            for draft, _ in group:
                if standing is not None:
                    standing.ask(work.connection, book_id, draft.entry)
            receipts += posting.post_many(work, book_id, [(draft.entry, people) for draft, people in group], now)
            continue
        for draft, people in group:
            rows = _rows(work.connection, book_id, draft.entry, {"payout": payouts, "contribution": contributions})
            receipts.append(posting.post(work, book_id, draft.entry, people, now, rows))
    places = [{"at": draft.voucher_id, "to": receipt.entry_id} for (draft, _), receipt in zip(signed, receipts, strict=True)]
    columns = voucher.c
    booked = voucher.update().where(columns.book_id == book_id, columns.voucher_id == sa.bindparam("at")).values(state="posted", entry_id=sa.bindparam("to"))
    if places:
        work.connection.execute(booked, places)
    return receipts


def _carried(
    work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_ids: Sequence[int], standing: Standing | None
) -> list[posting.Receipt] | None:
    """The vouchers posted as they lie; None, with nothing written, when one is not plain or the database refuses it."""
    with lying(work, book_id, voucher.name, voucher_line.name, "voucher_id", voucher_ids) as which:
        if not voucher_sets.ready(which, actor, standing.kinds if standing else ()):
            return None
        with proved(work) as kept:
            receipts = posting.post_lying(which, actor.user, now)
            voucher_sets.book(which)
    return receipts if kept else None


def _reviewed(work: UnitOfWork, book_id: int, voucher_ids: Sequence[int]) -> Iterator[Draft]:
    """The vouchers in the order given, each of them reviewed. Raises SB3101, SB3102."""
    found: dict[int, Draft] = {}
    for start in range(0, len(voucher_ids), MOST):
        found |= {draft.voucher_id: draft for draft in drafts(work.connection, book_id, voucher_ids=voucher_ids[start : start + MOST])}
    seen: set[int] = set()
    for number in voucher_ids:
        draft = found.get(number)
        if draft is None:
            raise NoSuchVoucher(voucher=f"{book_id}-{number}")
        if draft.state != "reviewed" or number in seen:
            raise WrongState(voucher=draft.label, state=STATES["posted" if number in seen else draft.state], step="记账")
        seen.add(number)
        yield draft


def _prove_papers(work: UnitOfWork, found: Sequence[Draft]) -> None:
    """The attachments are those signed at review. Raises SB3103 and what proving raises."""
    for start in range(0, len(found), MOST):
        some = found[start : start + MOST]
        papers = attachments.list_of(work.connection, some[0].book_id, [draft.voucher_id for draft in some])
        for draft in some:
            mine = papers.get(draft.voucher_id, [])
            if attachments.prove_list(work.connection, draft.book_id, draft.voucher_id, draft.entry.attachments, draft.entry.day, mine) != draft.papers_digest:
                raise ContentChanged(voucher=draft.label)


def _rows(connection: sa.Connection, book_id: int, made: Entry, sources: Mapping[str, RowSource | None]) -> Iterable[PayoutRow]:
    """The sub-ledger rows that the entry claims, from where they come; a red voucher's are the posted ones with their signs turned."""
    claim = made.claim
    if claim is None:
        return ()
    if claim.source < 0:
        return subledgers.struck(connection, subledgers.SUBLEDGERS[claim.subledger], book_id, claim.source)
    source = sources[claim.subledger]
    return source(connection, book_id, claim.source) if source is not None else ()


def _papers_digest(work: UnitOfWork, draft: Draft) -> str:
    return attachments.prove_list(work.connection, draft.book_id, draft.voucher_id, draft.entry.attachments, draft.entry.day)


def attach(
    work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, files: Sequence[attachments.Stored], sheets: int = 1, kept_at: int | None = None
) -> list[attachments.Attachment]:
    """附原始凭证: a 会计 hangs stored files on a voucher that is not reviewed yet. Raises SB3102, SB3120, SB3123, SB3124."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    draft = get(work.connection, book_id, voucher_id)
    if draft.state not in {"proposed", "made"}:
        raise WrongState(voucher=draft.label, state=STATES[draft.state], step="加附件")
    added = attachments.add(work.connection, now, actor.user, book_id, voucher_id, files, sheets, kept_at)
    for one in added:
        facts = {"place": one.place, "kind": one.kind, "size": one.size, "sheets": one.sheets, "kept_at": one.kept_at, "file": one.name}
        trail.record(work, now, actor, Duty.BOOKKEEP, "attach", f"voucher:{draft.label}", one.sha256, facts)
    return added


def detach(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, place: int, reason: str) -> attachments.Attachment:
    """取下附件: a 会计 takes a wrong document off a voucher that is not reviewed; row and file stay. Raises SB3102, SB3181."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    draft = get(work.connection, book_id, voucher_id)
    if draft.state not in {"proposed", "made"}:
        raise WrongState(voucher=draft.label, state=STATES[draft.state], step="取下附件")
    gone = attachments.take_off(work.connection, now, actor.user, book_id, voucher_id, place)
    trail.record(work, now, actor, Duty.BOOKKEEP, "detach", f"voucher:{draft.label}", gone.sha256, {"place": place, "reason": reason})
    return gone


def _at(work: UnitOfWork, book_id: int, voucher_id: int, state: str, step: str) -> Draft:
    chain.lock(work)
    draft = get(work.connection, book_id, voucher_id)
    if draft.state != state:
        raise WrongState(voucher=draft.label, state=STATES[draft.state], step=step)
    if draft.entry.digest() != draft.digest:
        raise ContentChanged(voucher=draft.label)
    return draft


def update(work: UnitOfWork, draft: Draft, **values: object) -> None:
    """Writes columns of a voucher; for the steps of this room, which check first and leave their record."""
    work.connection.execute(voucher.update().where(voucher.c.book_id == draft.book_id, voucher.c.voucher_id == draft.voucher_id).values(**values))


def _move(work: UnitOfWork, now: str, actor: Actor, duty: Duty, draft: Draft, act: str, **values: object) -> Draft:
    update(work, draft, **values)
    facts = {"note": values.get("note", "")} | ({"papers": values["papers_digest"]} if values.get("papers_digest") else {})
    trail.record(work, now, actor, duty, act, f"voucher:{draft.label}", draft.digest, facts)
    return get(work.connection, draft.book_id, draft.voucher_id)


def get(connection: sa.Connection, book_id: int, voucher_id: int) -> Draft:
    """One voucher; raises SB3101."""
    found = drafts(connection, book_id, voucher_ids=[voucher_id])
    if not found:
        raise NoSuchVoucher(voucher=f"{book_id}-{voucher_id}")
    return found[0]


def drafts(
    connection: sa.Connection, book_id: int, *, state: str | None = None, period: Month | None = None, voucher_ids: Sequence[int] | None = None
) -> list[Draft]:
    """Vouchers of one book in order, filtered by state, month or ids."""
    wanted = [voucher.c.book_id == book_id]
    if state is not None:
        wanted.append(voucher.c.state == state)
    if period is not None:
        wanted.append(voucher.c.period == period)
    if voucher_ids is not None:
        wanted.append(voucher.c.voucher_id.in_(voucher_ids))
    legs: dict[int, list[Line]] = {}
    joined = sa.select(voucher_line).join(voucher, sa.and_(voucher.c.book_id == voucher_line.c.book_id, voucher.c.voucher_id == voucher_line.c.voucher_id))
    for leg in connection.execute(joined.where(*wanted).order_by(voucher_line.c.voucher_id, voucher_line.c.line_no)):
        axes = tuple((pair[0], pair[1]) for pair in json.loads(leg.dimension)) if leg.dimension else ()
        legs.setdefault(leg.voucher_id, []).append(Line(leg.account, Side(leg.side), leg.amount_fen, axes, leg.memo))
    rows = connection.execute(sa.select(voucher).where(*wanted).order_by(voucher.c.voucher_id))
    return [_draft(row, legs[row.voucher_id]) for row in rows]


def _draft(row: sa.Row[tuple[object, ...]], lines: list[Line]) -> Draft:
    values = row._mapping
    made = Entry(
        period=values["period"],
        day=date.fromisoformat(values["day"]),
        summary=values["summary"],
        lines=tuple(lines),
        authority=values["authority"],
        source_key=values["source_key"],
        event=values["event"],
        kind=values["kind"],
        attachments=values["attachments"],
        closing=bool(values["closing"]),
        corrects=values["corrects"],
        payout_source=values["payout_source"],
        payout_count=values["payout_count"],
        payout_fen=values["payout_fen"],
        payout_digest=values["payout_digest"],
        contribution_source=values["contribution_source"],
        contribution_count=values["contribution_count"],
        contribution_fen=values["contribution_fen"],
        contribution_digest=values["contribution_digest"],
        documents=tuple(json.loads(values["documents"])),
    )
    return Draft(
        book_id=values["book_id"],
        voucher_id=values["voucher_id"],
        state=values["state"],
        entry=made,
        digest=values["digest"],
        proposed_by=values["proposed_by"],
        maker=values["maker"],
        reviewer=values["reviewer"],
        reviewed_digest=values["reviewed_digest"],
        entry_id=values["entry_id"],
        note=values["note"],
        papers_digest=values["papers_digest"],
        cash=bool(values["cash"]),
        cashier=values["cashier"],
    )
