"""The roster (花名册) of one fund and month: its header, lines, who acted on it, and its two state machines.

Signing: built → checked → submitted → reviewed → authorised → released, or sent back to checked, or withdrawn, or
expired after its term (then it counts as withdrawn). Every transition stands in :mod:`controls.rosterlaw.machines`.
Payment: none → released → made (网银制单) → sent (网银复核) → returned. A state changes only through :func:`move`; the callers leave the trail record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, get_type_hints

import sqlalchemy as sa

from controls import changeactors
from controls.duties import Duty, Thing
from controls.errors_payment import NoSuchRoster, NotOut, WrongState
from controls.relatives import concerned
from controls.rosterlaw import machines
from controls.tables import answer, bank_authorisation, bank_batch, hold, release, roster, roster_line, signature, source_file
from ledger import chain
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month

STATE_ZH = {
    "building": "编制中",
    "built": "已编制，待检查",
    "checked": "已检查，待经办提交",
    "submitted": "已提交，待审核",
    "reviewed": "已审核，待授权",
    "authorised": "已授权，待放行",
    "released": "已放行",
    "withdrawn": "已撤回",
}
PAYMENT_ZH = {"none": "未放行", "released": "待制单", "made": "已制单，待网银复核", "sent": "已送盘，待回盘", "returned": "已回盘"}
KIND_ZH = {"benefit": "待遇", "allowance": "代发"}

# Steps of the signing machine: from which states each is taken, and where it leads.
STEPS: dict[str, tuple[frozenset[str], str, str]] = {one.step: (one.sources, one.target, one.zh) for one in machines.SIGNING}


class Line(NamedTuple):
    """One component of one person's month, as stored; amounts in fen, ``period`` as ``yyyymm``.

    ``payee`` groups the lines that are paid as one bank line (one person and account).
    """

    seq: int
    payee: int
    number: str
    number_ok: int
    id_raw: str
    id_type: str
    name: str
    item: str
    item_class: str
    period: int
    gross_fen: int
    offset_fen: int
    offset_to: str
    withheld_fen: int
    net_fen: int
    account: str
    holder: str
    bank: str
    region: str
    note: str


LINE_COLUMNS = (*Line._fields, "digest")
SEPARATOR = "\x1f"
_FORM = SEPARATOR.join("%s" if kind is str else "%d" for kind in get_type_hints(Line).values())


def line_digest(line: tuple[Any, ...]) -> str:
    """32 hex digits of SHA-256 over the line's fields, parted by U+001F, which no text of a line may hold."""
    return hashlib.sha256((_FORM % line).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster's header. ``round`` counts signings (1 more after each sending back), ``check_no`` the checks."""

    book_id: int
    roster_id: int
    fund: Fund
    kind: str
    period: Month
    file_id: int
    state: str
    payment: str
    round: int
    check_no: int
    checked_at: str
    checked_file: int
    line_count: int
    gross_fen: int
    net_fen: int
    built_by: str
    built_at: str

    @property
    def title(self) -> str:
        """城乡居保 2026-01 待遇花名册."""
        return f"{self.fund.short} {self.period} {KIND_ZH[self.kind]}花名册"


def get(connection: sa.Connection, roster_id: int) -> Roster:
    """The roster of that number; raises SB3030."""
    row = connection.execute(sa.select(roster).where(roster.c.roster_id == roster_id)).first()
    if row is None:
        raise NoSuchRoster(roster=roster_id)
    return _roster(row)


def locked(work: UnitOfWork, roster_id: int) -> Roster:
    """The roster, read under the writers' lock so that nobody moves it meanwhile; raises SB3030."""
    chain.lock(work)
    return get(work.connection, roster_id)


def listed(connection: sa.Connection, *, fund: Fund | None = None, period: Month | None = None) -> list[Roster]:
    """Rosters by number, of one fund or month if given."""
    query = sa.select(roster).order_by(roster.c.roster_id)
    if fund is not None:
        query = query.where(roster.c.fund == fund.value)
    if period is not None:
        query = query.where(roster.c.period == period.number)
    return [_roster(row) for row in connection.execute(query)]


def rows(connection: sa.Connection, made: Roster, payee: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The lines in order of ``seq`` (of one payee, if given) as plain rows: the fields of :class:`Line`, then the stored digest."""
    columns = [roster_line.c[name] for name in LINE_COLUMNS]
    query = sa.select(*columns).where(roster_line.c.book_id == made.book_id, roster_line.c.roster_id == made.roster_id).order_by(roster_line.c.seq)
    if payee is not None:
        query = query.where(roster_line.c.payee == payee)
    with connection.execute(query.execution_options(yield_per=20_000)) as found:
        for row in found:
            yield tuple(row)


def lines(connection: sa.Connection, made: Roster, payee: int | None = None) -> Iterator[Line]:
    """The lines in order of ``seq``, of one payee if given."""
    for row in rows(connection, made, payee):
        yield Line(*row[:-1])


def changed(connection: sa.Connection, made: Roster) -> list[int]:
    """Numbers of the lines whose content is not what was stored when the roster was built."""
    return [row[0] for row in rows(connection, made) if line_digest(row[:-1]) != row[-1]]


def file_digest(connection: sa.Connection, made: Roster) -> str:
    """SHA-256 of the file the roster was built from."""
    return str(connection.execute(sa.select(source_file.c.sha256).where(source_file.c.file_id == made.file_id)).scalar_one())


def thing(connection: sa.Connection, made: Roster) -> Thing:
    """The roster as something acted on: everybody who built, answered, signed, released or sent it, in any round, or changed an account for its month; and
    whom it pays, or whose relatives (C7)."""

    def who(table: sa.Table, column: str) -> set[str]:
        query = sa.select(table.c[column]).distinct().where(table.c.book_id == made.book_id, table.c.roster_id == made.roster_id)
        return {str(row[0]) for row in connection.execute(query)}

    acted = {(Duty.HANDLE_ROSTER, made.built_by)}
    acted |= {(Duty.HANDLE_ROSTER, user) for user in who(answer, "answered_by") | who(hold, "owner")}
    signed = sa.select(signature.c.duty, signature.c.user_id).where(signature.c.book_id == made.book_id, signature.c.roster_id == made.roster_id)
    acted |= {(Duty(row.duty), row.user_id) for row in connection.execute(signed)}
    acted |= {(Duty.AUTHORISE, user) for user in who(release, "released_by")}
    acted |= {(Duty.CASHIER, user) for user in who(bank_batch, "sent_by")}
    acted |= {(Duty.CHECK, user) for user in who(bank_authorisation, "authorised_by")}
    acted |= changeactors.of_accounts(connection, made.fund.value, made.period)
    return Thing("roster", str(made.roster_id), tuple(sorted(acted)), related=concerned.by_roster(connection, made.book_id, made.roster_id))


def expect(made: Roster, step: str) -> None:
    """Raises SB3033 unless ``step`` may be taken from the roster's state."""
    allowed, _, zh = STEPS[step]
    if made.state not in allowed:
        raise WrongState(roster=made.roster_id, state=STATE_ZH[made.state], step=zh)


def move(work: UnitOfWork, made: Roster, step: str, **changes: Any) -> Roster:
    """Takes a step of the signing machine, with other header fields that change along; raises SB3033."""
    expect(made, step)
    return _update(work, made, {"state": STEPS[step][1], **changes})


def expect_payment(made: Roster, payment: str, step: str) -> None:
    """Raises SB3075 unless the payment machine stands at ``payment``."""
    if made.payment != payment:
        raise NotOut(roster=made.roster_id, state=PAYMENT_ZH[made.payment], step=step)


def pay_move(work: UnitOfWork, made: Roster, payment: str) -> Roster:
    """Moves the payment machine on; the callers have checked the state before."""
    return _update(work, made, {"payment": payment})


def _update(work: UnitOfWork, made: Roster, changes: dict[str, Any]) -> Roster:
    work.connection.execute(roster.update().where(roster.c.book_id == made.book_id, roster.c.roster_id == made.roster_id).values(**changes))
    return get(work.connection, made.roster_id)


def _roster(row: sa.Row[Any]) -> Roster:
    values = dict(row._mapping)
    return Roster(**{**values, "fund": Fund(values["fund"]), "period": Month.from_number(values["period"])})
