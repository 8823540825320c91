"""Budget documents: drafted by a 会计, reviewed by a 会计主管, approved by the head; never edited, sent back with a reason.

A budget stands for a year; adjustments change it by signed amounts; a plan is what a month needs, with the sum asked of the
finance department; an exception lets a line be overspent because benefits are due (社会保险法: paid in full and on time).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa

from controls import trail
from controls.approval_tables import approval
from controls.budget_tables import budget
from controls.budgets.errors import BadBudget, BudgetStands, NoDocument, NoSuchBudget, NotEndorsed, PlanExists
from controls.duties import Actor, Duty, Thing, require
from controls.errors import SamePerson
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical, digest
from ledger.money import Fen
from ledger.months import Month

KINDS = {"budget": "预算", "adjustment": "预算调整", "plan": "用款计划", "exception": "超预算支付决定"}
STATES = {"drafted": "待审核", "reviewed": "待批准", "approved": "已批准", "rejected": "已退回"}
DOCUMENTED = frozenset({"budget", "adjustment", "exception"})
"""Kinds approved by a document of their own."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST = 10**15
"""The largest amount of a line, fen: ten trillion yuan."""


def is_income(code: str) -> bool:
    """Whether a line of 会社保02 is one of income: its code is the part of the form and the account (1.4001, 2.5001)."""
    return code.partition(".")[2].startswith("4")


@dataclass(frozen=True, slots=True)
class Document:
    """One document: ``lines`` code → fen (signed in an adjustment); ``request`` fen asked of the finance department by a plan."""

    book_id: int
    number: int
    kind: str
    year: int
    month: int
    lines: tuple[tuple[str, Fen], ...]
    request: Fen
    reason: str
    digest: str
    state: str
    drafted_by: str
    drafted_at: str
    reviewed_by: str = ""
    reviewed_at: str = ""
    decided_by: str = ""
    decided_at: str = ""
    document: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """``book-number``."""
        return f"{self.book_id}-{self.number}"

    @property
    def thing(self) -> str:
        """As the trail writes it."""
        return f"budget:{self.label}"

    @property
    def period(self) -> Month | None:
        """The month of a plan."""
        return Month(self.year, self.month) if self.month else None

    @property
    def when(self) -> str:
        """Year or month, as people read it."""
        return str(self.period or f"{self.year}年")

    @property
    def sides(self) -> tuple[Fen | None, Fen | None]:
        """Fen of the lines of income and of expenditure; None where the document has no such line. The two never add up to anything."""
        income = [fen for code, fen in self.lines if is_income(code)]
        other = [fen for code, fen in self.lines if not is_income(code)]
        return sum(income) if income else None, sum(other) if other else None

    def content(self) -> str:
        """SHA-256 of what every signature binds to."""
        return digest([self.book_id, self.number, self.kind, self.year, self.month, [list(pair) for pair in self.lines], self.request, self.reason])

    def acted(self) -> Thing:
        """What the duties look at: who drafted and who reviewed this very document."""
        people = [(Duty.BOOKKEEP, self.drafted_by)]
        if self.reviewed_by:
            people.append((Duty.CHECK, self.reviewed_by))
        return Thing("budget", self.label, tuple(people))


def listed(connection: sa.Connection, book_id: int, *, year: int | None = None, kind: str = "", state: str = "") -> list[Document]:
    """The documents of a book in order."""
    columns = budget.c
    asked = sa.select(budget).where(columns.book_id == book_id).order_by(columns.budget_no)
    for column, value in ((columns.year, year), (columns.kind, kind or None), (columns.state, state or None)):
        asked = asked if value is None else asked.where(column == value)
    return [_read(row._mapping) for row in connection.execute(asked)]


def get(connection: sa.Connection, book_id: int, number: int) -> Document:
    """One document; raises SB3290."""
    row = connection.execute(sa.select(budget).where(budget.c.book_id == book_id, budget.c.budget_no == number)).first()
    if row is None:
        raise NoSuchBudget(number=number, why="没有这份文件")
    return _read(row._mapping)


def _read(row: Mapping[str, object] | sa.RowMapping) -> Document:
    values = {str(name): value for name, value in row.items()}
    lines = tuple((str(code), int(fen)) for code, fen in json.loads(str(values.pop("lines"))))
    return Document(number=values.pop("budget_no"), lines=lines, request=values.pop("request_fen"), **values)  # type: ignore[arg-type]


def draft(
    work: UnitOfWork, now: str, actor: Actor, book_id: int, kind: str, year: int, lines: Iterable[tuple[str, Fen]], *,
    month: int = 0, request: Fen = 0, reason: str = "", allowed: frozenset[str],
) -> Document:  # fmt: skip
    """A 会计 drafts a document; ``allowed`` are the line codes the book's statement has. Raises SB3001, SB3291, SB3292, SB3297."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    reason = one_line(reason)
    told = _checked(kind, year, list(lines), request, reason, allowed)
    earlier = listed(work.connection, book_id, year=year)
    _fits(earlier, kind, year, month, reason)
    number = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(budget.c.budget_no), 0) + 1).where(budget.c.book_id == book_id)).scalar_one()
    made = Document(book_id, int(number), kind, year, month, told, request, reason, "", "drafted", actor.user, now)
    made = replace(made, digest=made.content())
    values = asdict(made) | {"lines": canonical([list(pair) for pair in told])}
    values["budget_no"], values["request_fen"] = values.pop("number"), values.pop("request")
    work.connection.execute(budget.insert().values(**values))
    facts = {"kind": kind, "when": made.when, "lines": len(told), "fen": sum(fen for _, fen in told), "request": request, "reason": reason}
    trail.record(work, now, actor, Duty.BOOKKEEP, "budget.draft", made.thing, made.digest, facts)
    return made


def one_line(text: str) -> str:
    """A document number or reason as it is kept: one line, without characters that do not print."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _checked(kind: str, year: int, lines: list[tuple[str, Fen]], request: Fen, reason: str, allowed: frozenset[str]) -> tuple[tuple[str, Fen], ...]:
    codes = [code for code, _ in lines]
    why = ""
    if kind not in KINDS:
        why = f"没有“{kind}”这种文件"
    elif not FIRST_YEAR <= year <= LAST_YEAR:
        why = f"{year} 不是预算年度"
    elif not lines:
        why = "没有一行金额"
    elif unknown := [code for code in codes if code not in allowed]:
        why = f"没有项目 {unknown[0]}，或它是合计、不能直接编列"
    elif doubled := next((code for code in codes if codes.count(code) > 1), ""):
        why = f"项目 {doubled} 写了两次"
    elif kind != "adjustment" and (minus := next((code for code, fen in lines if fen < 0), "")):
        why = f"项目 {minus} 的金额为负数"
    elif kind == "adjustment" and not any(fen for _, fen in lines):
        why = "调整的金额全是零"
    elif kind in ("adjustment", "exception") and not reason.strip():
        why = f"{KINDS[kind]}须写明原因"
    elif kind == "plan" and not 0 <= request <= sum(fen for _, fen in lines):
        why = "申请拨款为负数" if request < 0 else "申请拨款超过本月各项用款之和"
    elif any(abs(fen) > MOST for _, fen in lines):
        why = "金额过大，请核对是否把元写成了分"
    if why:
        raise BadBudget(why=why)
    return tuple(sorted(lines))


def _fits(earlier: list[Document], kind: str, year: int, month: int, reason: str) -> None:
    alive = [one for one in earlier if one.state != "rejected"]
    standing = next((one for one in alive if one.kind == "budget"), None)
    if kind == "budget" and standing is not None:
        raise BudgetStands(year=year, why=f"第 {standing.number} 号{STATES[standing.state]}")
    if kind != "budget" and (standing is None or standing.state != "approved"):
        raise BudgetStands(year=year, why="还没有批准的预算" if standing is None else f"第 {standing.number} 号{STATES[standing.state]}，尚未批准")
    same = next((one for one in alive if one.kind == "plan" and one.month == month), None)
    if kind == "plan" and same is not None and not reason.strip():
        raise PlanExists(month=same.when, number=same.number)


def review(work: UnitOfWork, now: str, actor: Actor, book_id: int, number: int) -> Document:
    """A 会计主管, another than who drafted it, reviews. Raises SB3001, SB3002, SB3290."""
    chain.lock(work)
    found = _at(work, book_id, number, "drafted", "审核")
    require(actor, Duty.CHECK, found.acted())
    return _move(work, now, actor, Duty.CHECK, found, "budget.review", state="reviewed", reviewed_by=actor.user, reviewed_at=now)


def approve(work: UnitOfWork, now: str, actor: Actor, book_id: int, number: int, document: str = "") -> Document:
    """The head approves, with the number of the approving document where the kind needs one. Raises SB3001, SB3002, SB3290, SB3296, SB2251."""
    chain.lock(work)
    found = _at(work, book_id, number, "reviewed", "批准")
    require(actor, Duty.HEAD, found.acted())
    document = one_line(document)
    if found.kind in DOCUMENTED and not any(sign.isalnum() for sign in document):
        raise NoDocument(what=KINDS[found.kind])
    _endorsed(work.connection, found, actor)
    values = {"state": "approved", "decided_by": actor.user, "decided_at": now, "document": document}
    return _move(work, now, actor, Duty.HEAD, found, "budget.approve", **values)


def reject(work: UnitOfWork, now: str, actor: Actor, book_id: int, number: int, reason: str) -> Document:
    """Sent back with a reason by whoever would sign next. Raises SB3001, SB3002, SB3290."""
    chain.lock(work)
    found = get(work.connection, book_id, number)
    if found.state not in ("drafted", "reviewed"):
        raise NoSuchBudget(number=number, why=f"它{STATES[found.state]}")
    duty = Duty.CHECK if found.state == "drafted" else Duty.HEAD
    require(actor, duty, found.acted())
    return _move(work, now, actor, duty, found, "budget.reject", state="rejected", decided_by=actor.user, decided_at=now, note=one_line(reason))


def _at(work: UnitOfWork, book_id: int, number: int, state: str, step: str) -> Document:
    found = get(work.connection, book_id, number)
    if found.state != state:
        raise NoSuchBudget(number=number, why=f"它{STATES[found.state]}，不能{step}")
    if found.content() != found.digest:
        raise NoSuchBudget(number=number, why="内容与编制时不同，停止办理")
    return found


def _endorsed(connection: sa.Connection, plan: Document, actor: Actor) -> None:
    """Passes when the 分管领导, another than the head, signed the very content of a plan (``controls.approvals``). Raises SB2251, SB3002."""
    if plan.kind != "plan":
        return
    columns = approval.c
    mine = sa.and_(columns.kind == "plan", columns.book_id == plan.book_id, columns.number == plan.number)
    row = connection.execute(sa.select(columns.digest, columns.signed_by).where(mine)).first()
    if row is None or row.digest != plan.content():
        raise NotEndorsed(month=plan.when, number=plan.number)
    if row.signed_by == actor.user:
        raise SamePerson(name=actor.name, thing=f"第 {plan.number} 号用款计划", earlier="分管领导签字", duty=Duty.HEAD.zh, why="审批链上各人只签一次")


def _move(work: UnitOfWork, now: str, actor: Actor, duty: Duty, found: Document, act: str, **values: str) -> Document:
    mine = sa.and_(budget.c.book_id == found.book_id, budget.c.budget_no == found.number)
    work.connection.execute(budget.update().where(mine).values(**values))
    facts = {name: values[name] for name in ("document", "note") if values.get(name)}
    trail.record(work, now, actor, duty, act, found.thing, found.digest, facts)
    return get(work.connection, found.book_id, found.number)
