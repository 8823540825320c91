"""Rosters in the machine: built, checked, signed by three, released, sent, returned, booked; each step also out of turn and by the wrong person.

The model knows a roster as people with parts of a month's benefit, a state, a payment and the payees whom the bank could not pay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from controls import bank_authorising as authorising
from controls import bankfile, bankreturn, release, rosterbuild, screening, signoff
from controls import roster as kept
from controls.duties import Actor, Duty
from controls.intake import register
from ledger.db import UnitOfWork
from ledger.entries import Entry, Side, payout_digest
from ledger.funds import Fund
from ledger.months import Month
from shebao import proposals
from tests.approving import approved
from tests.controls.payment_desk import RETURN, ROSTER, line, someone, taken
from tests.model.acts import Acts
from tests.model.books import Rows
from tests.model.offices import AUDIT, NOBODY, NOW, SUN, ZHAO

ITEMS = {
    Fund.E: (("基础养老金", "50010101"), ("过渡性养老金", "50010103")),
    Fund.R: (("基础养老金", "50010109"), ("个人账户养老金", "50010201")),
    Fund.G: (("基础养老金", "50010101"), ("补差资金", "50010106")),
    Fund.ME: (("统筹住院费用", "50010101"), ("药店医药费用", "50010203")),
    Fund.MR: (("住院费用", "500101"), ("门诊费用", "500102")),
    Fund.B: (("生育医疗费用", "500101"), ("生育津贴", "500102")),
    Fund.W: (("工伤医疗待遇", "500101"), ("伤残待遇", "500102")),
    Fund.U: (("失业保险金", "500101"), ("其他费用", "500105")),
}
"""Benefit items of a fund and the account each is booked to: written down here, not asked of the program."""
ZHANG, LI, WANG, ZHOU = (someone(user) for user in ("zhang", "li", "wang", "zhou"))
STAFF = {
    "check": (ZHANG, Duty.HANDLE_ROSTER), "submit": (ZHANG, Duty.HANDLE_ROSTER), "review": (LI, Duty.REVIEW), "authorise": (WANG, Duty.AUTHORISE),
    "release": (WANG, Duty.AUTHORISE), "send_back": (LI, Duty.REVIEW), "withdraw": (ZHANG, Duty.HANDLE_ROSTER), "send": (ZHOU, Duty.CASHIER),
    "confirm": (SUN, Duty.CHECK), "return": (ZHAO, Duty.BOOKKEEP),
}  # fmt: skip
BEFORE = {
    "check": ("built", "checked"), "submit": ("checked",), "review": ("submitted",), "authorise": ("reviewed",), "release": ("authorised",),
    "send_back": ("submitted", "reviewed", "authorised"), "withdraw": ("built", "checked"),
}  # fmt: skip
AFTER = {
    "check": "checked", "submit": "submitted", "review": "reviewed", "authorise": "authorised", "release": "released", "send_back": "checked",
    "withdraw": "withdrawn",
}  # fmt: skip
ONWARD = ("check", "submit", "review", "authorise", "release", "send", "confirm", "return")
STRANGERS = (None, None, None, AUDIT, NOBODY)


@dataclass
class Roster:
    """One roster: the person, item and fen of each line, and how far it came."""

    number: int
    month: Month
    lines: tuple[tuple[int, str, int], ...]
    state: str = "built"
    payment: str = "none"
    round: int = 1
    checks: int = 0
    failed: set[int] = field(default_factory=set)
    """People whom the bank could not pay."""

    @property
    def people(self) -> list[int]:
        """Payees in the order of the roster, which is the order of the bank's lines."""
        return list(dict.fromkeys(person for person, _, _ in self.lines))

    def due(self, person: int) -> int:
        return sum(fen for one, _, fen in self.lines if one == person)

    @property
    def sum(self) -> int:
        return sum(fen for _, _, fen in self.lines)

    def live(self, person: int) -> bool:
        """Whether this roster pays or may still pay the person."""
        return self.state != "withdrawn" and person not in self.failed

    def rows(self, fund: Fund) -> Rows:
        """The sub-ledger rows of what the bank paid."""
        accounts = dict(ITEMS[fund])
        paid = [(_number(person), item, self.month.number, fen, accounts[item]) for person, item, fen in self.lines if person not in self.failed]
        return tuple(sorted(paid))


def _spoilt(paid: Rows, wrong: str) -> Rows:
    """Other rows than the bank paid: another amount, one less, another order; the same where ``wrong`` is ''."""
    if not paid or not wrong:
        return paid
    return {"fen": (*paid[:-1], (*paid[-1][:3], paid[-1][3] + 1, paid[-1][4])), "one less": paid[1:], "order": paid[::-1]}[wrong]


def _number(person: int) -> str:
    return str(line(1, person, "", 0)["number"])


class Rosters(Acts):
    """The rules of the machine that concern rosters."""

    @rule(data=st.data(), fens=st.lists(st.integers(1, 10**6), min_size=1, max_size=4), twin=st.integers(0, 6))
    def build_a_roster(self, data: st.DataObject, fens: list[int], twin: int) -> None:
        """C3: a roster of new people, or now and then of people who stand in another one already."""
        self._build(self.month(data), fens, again=twin == 0)

    def _build(self, month: Month, fens: list[int], *, again: bool) -> Roster | None:
        book, items = self.book, [item for item, _ in ITEMS[self.book.fund]]
        twin = book.rosters[-1] if again and book.rosters else None
        first = twin.people[0] if twin else next(self.papers)
        people = [first, *(next(self.papers) for _ in fens[1:])]
        lines = tuple((person, item, fen) for person, fen in zip(people, fens, strict=True) for item in items[: 1 + fen % 2])
        number, period = len(self.rosters) + 1, twin.month if twin else month
        rows = [line(n, p, i, f, fund=book.fund.value, period=period.number) for n, (p, i, f) in enumerate(lines, start=1)]
        table = pa.Table.from_pylist(rows, schema=ROSTER)
        name = f"花名册{next(self.papers)}.csv"

        def building(work: UnitOfWork) -> Any:
            home = self.stores.home(work)
            made = register.take(work, home, taken(table, "roster", name), ZHANG, NOW, source="业务系统", as_of=date(2026, 10, 30))
            return rosterbuild.build(work, home, ZHANG, NOW, book.fund, period, file_id=made.file_id).roster

        faults = {"SB3044"} if twin is not None and any(one.live(first) for one in book.rosters if one.month == period and first in one.people) else set()
        found = self.play("build", faults, building)
        if faults:
            return None
        made = Roster(number, period, lines)
        assert (found.roster_id, found.net_fen, found.line_count) == (number, made.sum, len(lines))
        book.rosters.append(made)
        self.rosters.append(made)
        return made

    @precondition(lambda self: self.book.rosters)
    @rule(data=st.data(), who=st.sampled_from(STRANGERS))
    def move_a_roster(self, data: st.DataObject, who: Actor | None) -> None:
        """Any step, mostly the next one: a step out of turn or by somebody without the duty is refused."""
        made = data.draw(st.sampled_from(self.book.rosters[::-1][:4]))
        ahead = next((step for step in ONWARD if made.state in BEFORE.get(step, ()) and (step, made.state) != ("check", "checked")), "")
        ahead = ahead or {"released": "send", "sent": "return"}.get(made.payment, "check")
        step = data.draw(st.sampled_from((ahead, ahead, ahead, *STAFF)))
        self.take_step(data, made, step, who)

    @rule(data=st.data(), fens=st.lists(st.integers(1, 10**6), min_size=1, max_size=3))
    def pay_a_roster_whole(self, data: st.DataObject, fens: list[int]) -> None:
        """From the file to the books, a returned roster at the end of it."""
        made = self._build(self.month(data), fens, again=False)
        if made is not None and all(self.take_step(data, made, step, None) for step in ONWARD):
            self._lay(made)

    def take_step(self, data: st.DataObject, made: Roster, step: str, who: Actor | None) -> bool:
        """Plays one step of a roster and moves the model along."""
        right, duty = STAFF[step]
        actor = who or right
        faults = set() if duty in actor.duties else {"SB3001"}
        wrong = step == "return" and who is None and data.draw(st.integers(0, 5)) == 0
        failed = set(data.draw(st.sets(st.sampled_from(made.people)))) if step == "return" else set()
        day = self.day(data) if step == "return" else date(2026, 1, 1)
        if step in BEFORE and made.state not in BEFORE[step]:
            faults |= {"SB3033"}
        if step == "send" and made.payment == "none":
            faults |= {"SB3070"}
        if step == "confirm" and made.payment != "made":
            faults |= {"SB3075"}
        if step == "return":
            faults |= {"none": {"SB3075"}, "released": {"SB3075"}, "made": {"SB3075"}, "returned": {"SB3074", "SB3075"}}.get(made.payment, set())
            faults |= {"SB3072"} if wrong else set()
        table = self._answer(made, failed, day, wrong) if step == "return" else None
        name = f"回盘{next(self.papers)}.csv"

        def stepping(work: UnitOfWork) -> None:
            home = self.stores.home(work)
            if step == "check":
                screening.check(work, home, actor, NOW, made.number, screen=lambda *_, **__: ())
            elif step == "send":
                approved(work, NOW, made.number)
                bankfile.make(work, actor, NOW, made.number, home / f"bank-{made.number}.csv")
            elif step == "confirm":
                authorising.authorise(work, actor, NOW, made.number)
            elif step == "return":
                bankreturn.take(work, home, taken(table, "bank-return", name), actor, NOW, made.number)
            elif step == "release":
                release.release(work, actor, NOW, made.number)
            else:
                getattr(signoff, step)(work, actor, NOW, made.number, *(("重做",) if step in ("send_back", "withdraw") else ()))

        self.play(f"roster {step}", faults, stepping)
        if not faults:
            self._moved(made, step, failed)
        return not faults

    def _moved(self, made: Roster, step: str, failed: set[int]) -> None:
        made.state = AFTER.get(step, made.state)
        made.checks += step == "check"
        made.round += step == "send_back"
        if step in ("release", "send"):
            made.payment = "released" if step == "release" else "made" if made.payment == "released" else made.payment
        if step == "confirm":
            made.payment = "sent"
        if step == "return":
            made.payment, made.failed = "returned", failed

    def _answer(self, made: Roster, failed: set[int], day: date, wrong: bool) -> pa.Table:
        rows = [
            {
                "file": "回盘.csv", "line": seq + 1, "seq": seq, "account": line(1, person, "", 0)["account"], "holder": f"甲{person}",
                "amount": made.due(person) + (wrong and seq == 1), "ok": person not in failed, "reason": "账户已销户" if person in failed else "",
                "serial": f"S{seq}", "booked_on": day,
            }
            for seq, person in enumerate(made.people, start=1)
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, schema=RETURN)

    @precondition(lambda self: any(one.payment == "returned" for one in self.book.rosters))
    @rule(data=st.data(), wrong=st.sampled_from(("", "", "fen", "one less", "order")))
    def book_a_roster(self, data: st.DataObject, wrong: str) -> None:
        """P2a, P2b: what went out and what the bank paid; failures never touch 5001, and other rows than the bank paid are refused."""
        self._lay(data.draw(st.sampled_from([one for one in self.book.rosters if one.payment == "returned"])), wrong)

    def _lay(self, made: Roster, wrong: str = "") -> None:
        book, known = self.book, {voucher.entry.source_key for voucher in self.book.live()}
        found: list[list[Entry]] = []

        def composing(work: UnitOfWork) -> None:
            own, given = kept.get(work.connection, made.number), release.authority(work.connection, made.number)
            found.append(list(proposals._roster_entries(work.connection, own, given, None, known)))

        self.play("compose", set(), composing)
        assert all(one == found[0] for one in found)
        rows = made.rows(book.fund)
        legs = {f"roster:{made.number}:sent": [("110105", Side.D, made.sum), ("1004", Side.C, made.sum)], f"roster:{made.number}:return": self._paid(made)}
        assert {one.source_key for one in found[0]} == legs.keys() - known
        for entry in found[0]:
            assert sorted((leg.account, leg.side, leg.amount) for leg in entry.lines) == sorted(legs[entry.source_key])
            paid = rows if entry.payout_source is not None else ()
            assert entry.payout_digest == (payout_digest(rows) if entry.payout_source is not None else "")
            given = _spoilt(paid, wrong)
            voucher = self.propose(entry, rows=given, at_post={"SB1305"} if given != paid else set(), actor=None)
            if voucher is not None:
                self.carry(voucher)

    def _paid(self, made: Roster) -> list[tuple[str, Side, int]]:
        sums: dict[str, int] = {}
        for _, _, _, fen, account in made.rows(self.book.fund):
            sums[account] = sums.get(account, 0) + fen
        back = sum(made.due(person) for person in made.failed)
        legs = [(account, Side.D, fen) for account, fen in sums.items()] + ([("1004", Side.D, back)] if back else [])
        return [*legs, ("110105", Side.C, made.sum)]
