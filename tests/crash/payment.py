"""A writer of the payment chain killed with -9 at random moments: signing, release, approval, bank file, second key, bank return; no acknowledged act
lost, none half done.

``python -m tests.crash --count 200 --seed 7`` plays it on SQLite and, where its programs are installed, on PostgreSQL.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from controls import roster, rosterbuild
from controls.approvals import store as approvals
from ledger import accounts, chain
from ledger.db import open_engine
from ledger.funds import Fund
from shebao import evidence_payment
from tests import approving
from tests.controls.payment_desk import JANUARY, NOW, RETURN, ROSTER, Desk, desk, line, someone
from tests.crash.killing import Act, killed

STEPS = ("submit", "review", "authorise", "release", "approve", "make", "key", "return")
SIGNED = {"checked": 0, "submitted": 1, "reviewed": 2, "authorised": 3}
PAID = {"released": 4, "made": 6, "sent": 7, "returned": 8}
SIGNERS = {"submit": "zhang", "review": "li", "authorise": "wang"}
PEOPLE = 3


@dataclass
class Crashes:
    """An office whose payments are carried on by children that are killed."""

    url: str
    folder: Path
    chance: random.Random
    office: Desk = field(init=False)
    roster_id: int = 0
    rosters: int = 0
    kills: int = 0
    committed_unsaid: int = 0

    def __post_init__(self) -> None:
        self.office = desk(self.url, self.folder)
        self._next()

    def _next(self) -> None:
        """Another roster of people who were not paid yet, checked and to be signed."""
        first = self.rosters * PEOPLE
        rows = [line(n + 1, first + n + 1, "基础养老金", 16300 + n) for n in range(PEOPLE)]
        self.rosters += 1
        taken = self.office.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", f"花名册{self.rosters}.csv", "zhang")
        with self.office.unit() as work:
            self.roster_id = rosterbuild.build(work, self.folder, someone("zhang"), NOW, Fund.R, JANUARY, file_id=taken.file_id).roster.roster_id
            work.commit()
        self.office.check(self.roster_id)

    def stands(self) -> int:
        """How many of the steps the store has."""
        with self.office.engine.connect() as connection:
            now = roster.get(connection, self.roster_id)
            forms = len(approvals.signatures(connection, approvals.PAYMENT, now.book_id, now.roster_id))
            connection.rollback()
        if now.state != "released":
            return SIGNED[now.state]
        return PAID[now.payment] + (now.payment == "released" and forms == len(approving.SIGNERS))

    def _carry_on(self, office: Desk, step: str) -> None:
        if step in SIGNERS:
            office.sign(self.roster_id, step, SIGNERS[step])
        elif step == "release":
            office.release(self.roster_id)
        elif step == "approve":
            office.approve(self.roster_id)
        elif step == "make":
            (self.folder / "bank.csv").unlink(missing_ok=True)
            office.make(self.roster_id)
        elif step == "key":
            office.authorise(self.roster_id)
        else:
            rows = office.answer_of_bank(self.roster_id, 2).to_pylist()
            for row in rows:
                row["serial"] = f"R{self.roster_id}-{row['seq']}"
            office.returned(self.roster_id, pa.Table.from_pylist(rows, schema=RETURN))

    def kill(self) -> None:
        """One child carries on from where the store stands and is killed; then everything is looked at."""
        if self.stands() == len(STEPS):
            self._next()
        before = self.stands()
        self.office.engine.dispose()
        said, died = killed(self.url, self.chance, [self._act(step) for step in STEPS[before:]])
        self.kills += died
        self.office = Desk(open_engine(self.url), self.folder)
        self._look(before + said)

    def _act(self, step: str) -> Act:
        return lambda engine: self._carry_on(Desk(engine, self.folder), step)

    def _look(self, acknowledged: int) -> None:
        """No acknowledged act is lost, at most one was committed unsaid, none is half done: chain and payments prove themselves."""
        stands = self.stands()
        assert acknowledged <= stands <= acknowledged + 1, f"acknowledged {acknowledged}, stands {stands}"
        self.committed_unsaid += stands - acknowledged
        with self.office.engine.connect() as connection:
            chain.verify(connection)
            (book,) = accounts.books(connection)
            evidence_payment.signing(connection, book)
            evidence_payment.paying(connection, book, self.folder)
            connection.rollback()

    def finish(self) -> None:
        """What was interrupted is carried to its end by hand."""
        for step in STEPS[self.stands() :]:
            self._carry_on(self.office, step)
        self._look(len(STEPS))
