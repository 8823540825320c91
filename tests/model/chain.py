"""The payment chain played by random people (`run.py model --chain`): whatever anybody tries, nothing is paid outside it.

Random acts by random people on random rosters, most of them wrong. After every act a simple model looks at the store: a refused act left it
as it was; somebody without the duty was refused; whatever is released was signed by three people with their duties over one digest and is
released once by person, item and month; what is held is not paid; paid + failed = sent = released; who sent or authorised took no return in.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from controls import answers, bankfile, bankreturn, release, rosterbuild, screening, signoff
from controls import bank_authorising as authorising
from controls.approvals import store as approvals
from controls.duties import Actor, Duty
from controls.rosters import freezes, terms
from ledger import accounts
from ledger import chain as trail_chain
from ledger.db import reading
from ledger.errors import DatabaseRefusal, Refusal
from ledger.funds import Fund
from shebao import evidence_payment
from tests.controls import payment_desk
from tests.controls.payment_desk import BAD_NUMBER, DEAD, JANUARY, NOW, ROSTER, SHARED, STAFF, Desk, Screened, line, someone, taken

MORE = {
    "zhang2": ("张二经办", (Duty.HANDLE_ROSTER,)), "li2": ("李二股长", (Duty.REVIEW,)), "wang2": ("王二局", (Duty.AUTHORISE,)),
    "zhao2": ("赵二会计", (Duty.BOOKKEEP,)), "sun2": ("孙二主管", (Duty.CHECK,)), "both": ("兼办", (Duty.HANDLE_ROSTER, Duty.REVIEW)),
    "books": ("兼账", (Duty.BOOKKEEP, Duty.CHECK)), "he": ("何主任", (Duty.HEAD,)), "ji": ("稽核", (Duty.AUDIT,)),
}  # fmt: skip
NEEDS = {
    "build": {Duty.HANDLE_ROSTER}, "check": {Duty.HANDLE_ROSTER}, "answer": {Duty.HANDLE_ROSTER}, "submit": {Duty.HANDLE_ROSTER},
    "review": {Duty.REVIEW}, "authorise": {Duty.AUTHORISE}, "release": {Duty.AUTHORISE}, "send_back": {Duty.REVIEW, Duty.AUTHORISE},
    "withdraw": {Duty.HANDLE_ROSTER}, "approve": {Duty.BOOKKEEP, Duty.CHECK, Duty.AUTHORISE, Duty.HEAD},
    "make": {Duty.CASHIER}, "key": {Duty.CHECK}, "returned": {Duty.BOOKKEEP, Duty.CHECK},
    "freeze": {Duty.HEAD}, "lift": {Duty.HEAD}, "expire": {Duty.HANDLE_ROSTER},
}  # fmt: skip
"""Act → the duties of which one is needed."""
NATURAL = 0.7
"""Share of acts that are what the newest roster waits for, and of those the share that mean that roster; the others are any act on any roster."""
COUNTED = (
    "roster", "roster_line", "roster_finding", "roster_answer", "hold", "signature", "release", "bank_batch", "bank_line", "bank_return", "bank_result",
    "source_file", "freeze", "bank_authorisation", "released_line", "approval",
)  # fmt: skip


class Wrong(AssertionError):
    """The store is not what the rules allow."""


@dataclass
class Chain:
    """One office, its people, and the dice."""

    desk: Desk
    dice: random.Random
    told: Counter[str] = field(default_factory=Counter)
    files: int = 0
    natural: bool = False
    tables: tuple[str, ...] = ()

    def actor(self, user: str) -> Actor:
        """Somebody with the duties the office gave."""
        if user in STAFF:
            return someone(user)
        name, duties = MORE[user]
        return Actor(user, name, frozenset(duties))

    def step(self) -> None:
        """One act by one person, and everything that must hold after it."""
        self.natural = self.dice.random() < NATURAL
        act = self.next_act() if self.natural else self.dice.choice(tuple(NEEDS))
        who = self.actor(self.dice.choice((*STAFF, *MORE)))
        if self.dice.random() < 0.7:
            able = [user for user in (*STAFF, *MORE) if self.actor(user).duties & NEEDS[act]]
            who = self.actor(self.dice.choice(able))
        before = self.seen()
        try:
            with self.desk.unit() as work:
                getattr(self, f"do_{act}")(work, who)
                work.commit()
        except (Refusal, DatabaseRefusal) as refused:
            self.told[f"{act} refused {refused.code}"] += 1
            if self.seen() != before:
                raise Wrong(f"{act} by {who.name} was refused ({refused.code}) and changed the store") from refused
            return
        self.told[f"{act} done"] += 1
        if not who.duties & NEEDS[act]:
            raise Wrong(f"{who.name} did {act} without the duty")
        self.prove()

    def next_act(self) -> str:
        """What the newest roster waits for, mostly; a new one when it is paid."""
        with reading(self.desk.engine) as connection:
            row = connection.execute(sa.text("SELECT state, payment, check_no FROM shebao_roster ORDER BY roster_id DESC LIMIT 1")).one_or_none()
            newest = "SELECT COUNT(*) FROM shebao_approval WHERE number = (SELECT MAX(roster_id) FROM shebao_roster)"
            forms = connection.execute(sa.text(newest)).scalar_one()
        if row is None or row.payment == "returned" or row.state == "withdrawn":
            return "build"
        if row.state == "released" and forms < 4:
            return "approve"
        if row.state == "released":
            return {"made": "key", "sent": "returned"}.get(row.payment, "make")
        if row.state == "checked":
            return self.dice.choice(("answer", "submit"))
        return {"built": "check", "submitted": "review", "reviewed": "authorise", "authorised": "release"}.get(row.state, "build")

    def roster(self) -> int:
        """A random roster, mostly the newest, sometimes one that is not there."""
        last = self.scalar("SELECT COALESCE(MAX(roster_id), 0) FROM shebao_roster")
        if self.natural and self.dice.random() < NATURAL:
            return max(1, last)
        return self.dice.choice((last, last, last, max(1, last - 1), self.dice.randint(1, last + 1)))

    def scalar(self, text: str) -> int:
        with reading(self.desk.engine) as connection:
            return int(connection.execute(sa.text(text)).scalar_one())

    def seen(self) -> list[Any]:
        """What the acts may change: rows of every table, and the states of rosters."""
        with reading(self.desk.engine) as connection:
            if not self.tables:
                there = set(sa.inspect(connection).get_table_names())
                self.tables = tuple(name for name in COUNTED if f"shebao_{name}" in there)
            union = " UNION ALL ".join(f"SELECT '{name}', COUNT(*) FROM shebao_{name}" for name in self.tables)
            counts = [tuple(row) for row in connection.execute(sa.text(union))]
            states = connection.execute(sa.text("SELECT roster_id, state, payment, round, check_no FROM shebao_roster ORDER BY roster_id"))
            return [counts, [tuple(row) for row in states]]

    # Acts

    def do_build(self, work: Any, who: Actor) -> None:
        self.files += 1
        people = self.dice.sample(range(1, 41), self.dice.randint(1, 6))
        rows = [line(place, n, "基础养老金", 16300 + self.dice.choice((0, 0, 100))) for place, n in enumerate(people, start=1)]
        rows[0]["note"] = f"第{self.files}次"
        from controls.intake import register

        made = taken(pa.Table.from_pylist(rows, schema=ROSTER), "roster", f"花名册{self.files}.csv")
        register.take(work, self.desk.home, made, who, NOW, source="业务系统", as_of=date(2026, 1, 14))
        rosterbuild.build(work, self.desk.home, who, NOW, Fund.R, JANUARY)

    def do_check(self, work: Any, who: Actor) -> None:
        roster_id = self.roster()
        wanted = [one for one in (DEAD, SHARED, BAD_NUMBER) if self.dice.random() < 0.2]

        def screen(lines: pa.Table, tables: Any, *, as_of: Any) -> list[Screened]:
            rows = {row["number"]: row["seq"] for row in lines.select(("number", "seq")).to_pylist()}
            return [
                Screened(one.finding, (rows[one.finding.id_number],), one.blocking, one.why) for one in wanted if one.finding.id_number in rows
            ]  # fmt: skip

        screening.check(work, self.desk.home, who, NOW, roster_id, screen=screen)

    def do_answer(self, work: Any, who: Actor) -> None:
        rule = self.dice.choice((SHARED, BAD_NUMBER)).finding.rule
        answers.give(work, who, NOW, self.roster(), "已核实", rule=rule)

    def do_submit(self, work: Any, who: Actor) -> None:
        signoff.submit(work, who, NOW, self.roster())

    def do_review(self, work: Any, who: Actor) -> None:
        signoff.review(work, who, NOW, self.roster())

    def do_authorise(self, work: Any, who: Actor) -> None:
        signoff.authorise(work, who, NOW, self.roster())

    def do_send_back(self, work: Any, who: Actor) -> None:
        signoff.send_back(work, who, NOW, self.roster(), "再核实")

    def do_withdraw(self, work: Any, who: Actor) -> None:
        signoff.withdraw(work, who, NOW, self.roster(), "作废重编")

    def do_release(self, work: Any, who: Actor) -> None:
        release.release(work, who, NOW, self.roster())

    def do_approve(self, work: Any, who: Actor) -> None:
        approvals.sign_payment(work, NOW, who, self.roster())

    def do_make(self, work: Any, who: Actor) -> None:
        bankfile.make(work, who, NOW, self.roster(), self.desk.home / f"bank{self.dice.random()}.csv")

    def do_key(self, work: Any, who: Actor) -> None:
        authorising.authorise(work, who, NOW, self.roster())

    def do_returned(self, work: Any, who: Actor) -> None:
        roster_id = self.roster()
        self.files += 1
        failed = 1 if self.dice.random() < 0.3 else 0
        rows = [
            {
                "file": "回盘.csv", "line": one.bank_seq + 1, "seq": one.bank_seq, "account": one.account, "holder": one.holder, "amount": one.fen,
                "ok": one.bank_seq != failed, "reason": "" if one.bank_seq != failed else "账户已销户", "serial": f"S{self.files}-{one.bank_seq}",
                "booked_on": date(2026, 1, 16),
            }
            for one in bankfile.lines(work.connection, roster_id)
        ]  # fmt: skip
        if rows:
            rows[0] |= self.dice.choice(({}, {}, {"amount": 1}, {"holder": "他人"}))
        table = pa.Table.from_pylist(rows, schema=payment_desk.RETURN)
        bankreturn.take(work, self.desk.home, taken(table, "bank-return", f"回盘{self.files}.csv"), who, NOW, roster_id)

    def do_freeze(self, work: Any, who: Actor) -> None:
        if self.dice.random() < 0.1:
            freezes.put(work, who, NOW, "audit", date(2026, 1, 15), date(2026, 1, 20), "审计进点", fund=Fund.R)
        else:
            freezes.put(work, who, NOW, "audit", date(2026, 3, 1), date(2026, 3, 2), "以后的", fund=Fund.R)

    def do_lift(self, work: Any, who: Actor) -> None:
        numbers = [one.freeze_no for one in freezes.listed(work.connection)]
        freezes.lift(work, who, NOW, self.dice.choice(numbers) if numbers else 1, "审计结束")

    def do_expire(self, work: Any, who: Actor) -> None:
        terms.expire(work, who, NOW, self.roster())

    # The model

    def prove(self) -> None:
        """Every sentence of the module's head; raises Wrong with the sentence that fails."""
        held = {**{user: {duty} for user, (_, duty) in STAFF.items()}, **{user: set(duties) for user, (_, duties) in MORE.items()}}
        with reading(self.desk.engine) as connection:
            rows = connection.execute(sa.text("SELECT roster_id, state, payment, round FROM shebao_roster WHERE state = 'released' OR payment <> 'none'")).all()
            for roster_id, state, payment, round_ in rows:
                self._signed(connection, roster_id, state, round_, held)
                self._tied(connection, roster_id, payment, held)
            twice = connection.execute(sa.text(_TWICE)).all()
        if twice:
            raise Wrong(f"paid twice: {twice[0]}")

    def verify(self) -> None:
        """The trail's chain, and signatures, releases, batches and returns against it, as the product proves them."""
        with reading(self.desk.engine) as connection:
            trail_chain.verify(connection)
            (book,) = accounts.books(connection)
            evidence_payment.signing(connection, book)
            evidence_payment.paying(connection, book, self.desk.home)

    def _signed(self, connection: sa.Connection, roster_id: int, state: str, round_: int, held: dict[str, set[Duty]]) -> None:
        signed = connection.execute(
            sa.text("SELECT duty, user_id, digest FROM shebao_signature WHERE roster_id = :r AND round = :n"), {"r": roster_id, "n": round_}
        ).all()
        who = {duty: user for duty, user, _ in signed}
        let = connection.execute(sa.text("SELECT digest, released_by FROM shebao_release WHERE roster_id = :r"), {"r": roster_id}).all()
        built = connection.execute(sa.text("SELECT built_by FROM shebao_roster WHERE roster_id = :r"), {"r": roster_id}).scalar_one()
        if state != "released" or len(let) != 1 or set(who) != {"HANDLE_ROSTER", "REVIEW", "AUTHORISE"}:
            raise Wrong(f"roster {roster_id} is paid without a full chain: {state}, {signed}, {let}")
        if len(set(who.values())) != 3 or built in (who["REVIEW"], who["AUTHORISE"]) or {digest for _, _, digest in signed} != {let[0].digest}:
            raise Wrong(f"roster {roster_id}: one person twice, or another content: {signed}, {let}")
        if any(Duty(duty) not in held[user] for duty, user in who.items()) or Duty.AUTHORISE not in held[let[0].released_by]:
            raise Wrong(f"roster {roster_id} was signed without the duty: {who}")

    def _tied(self, connection: sa.Connection, roster_id: int, payment: str, held: dict[str, set[Duty]]) -> None:
        paid, blocked = connection.execute(sa.text(_PAID), {"r": roster_id}).one()
        released = connection.execute(sa.text("SELECT fen FROM shebao_release WHERE roster_id = :r"), {"r": roster_id}).scalar_one()
        if paid != released or blocked:
            raise Wrong(f"roster {roster_id}: released {released}, unheld {paid}, blocked and unheld {blocked}")
        batch = connection.execute(sa.text("SELECT fen, sent_by FROM shebao_bank_batch WHERE roster_id = :r"), {"r": roster_id}).one_or_none()
        key = connection.execute(sa.text("SELECT authorised_by FROM shebao_bank_authorisation WHERE roster_id = :r"), {"r": roster_id}).scalars().all()
        taken_in = sa.text("SELECT paid_fen + failed_fen, taken_by FROM shebao_bank_return WHERE roster_id = :r")
        back = connection.execute(taken_in, {"r": roster_id}).one_or_none()
        forms = connection.execute(sa.text("SELECT duty, signed_by FROM shebao_approval WHERE kind = 'payment' AND number = :r"), {"r": roster_id}).all()
        if (batch and len(forms) < 4) or len({user for _, user in forms}) != len(forms) or any(Duty(duty) not in held[user] for duty, user in forms):
            raise Wrong(f"roster {roster_id}: its payment approval form has {forms}, the batch {batch}")
        if (batch and batch.fen != released) or (back and batch and back[0] != batch.fen) or (back and not key):
            raise Wrong(f"roster {roster_id}: sent, returned and released differ: {batch}, {back}, {released}")
        if key and (batch is None or key[0] == batch.sent_by or Duty.CHECK not in held[key[0]]):
            raise Wrong(f"roster {roster_id}: the batch was authorised by {key}")
        if back and batch and back[1] in (batch.sent_by, *key):
            raise Wrong(f"roster {roster_id}: the return was taken in by {back[1]}, who sent or authorised it")
        self.told[f"payment {payment}"] += 1


_TWICE = """
SELECT l.number, l.item, l.period, COUNT(*) FROM shebao_roster_line l JOIN shebao_roster r ON r.roster_id = l.roster_id
WHERE r.state = 'released' AND NOT EXISTS (SELECT 1 FROM shebao_hold h WHERE h.roster_id = l.roster_id AND h.seq = l.seq)
  AND NOT EXISTS (SELECT 1 FROM shebao_bank_result x JOIN shebao_bank_line b ON b.roster_id = x.roster_id AND b.bank_seq = x.bank_seq
                  WHERE x.roster_id = l.roster_id AND b.payee = l.payee AND x.ok = 0)
GROUP BY l.number, l.item, l.period HAVING COUNT(*) > 1
"""
_PAID = """
SELECT COALESCE(SUM(CASE WHEN h.seq IS NULL THEN l.net_fen ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN h.seq IS NULL AND f.seq IS NOT NULL THEN 1 ELSE 0 END), 0)
FROM shebao_roster_line l JOIN shebao_roster r ON r.roster_id = l.roster_id
LEFT JOIN shebao_hold h ON h.roster_id = l.roster_id AND h.seq = l.seq
LEFT JOIN (SELECT DISTINCT x.roster_id, x.check_no, x.seq FROM shebao_roster_finding_line x
           JOIN shebao_roster_finding g ON g.roster_id = x.roster_id AND g.check_no = x.check_no AND g.finding_id = x.finding_id AND g.blocking = 1) f
       ON f.roster_id = l.roster_id AND f.seq = l.seq AND f.check_no = r.check_no
WHERE l.roster_id = :r
"""
