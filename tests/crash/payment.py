"""A writer of the payment chain killed with -9 at random moments: release, bank file, authorisation, bank return; no acknowledged act lost, none half done.

``python -m tests.crash --count 200 --seed 7`` plays it on SQLite and, where its programs are installed, on PostgreSQL.
"""

from __future__ import annotations

import os
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from controls import roster, rosterbuild
from ledger import accounts, chain
from ledger.db import open_engine
from ledger.funds import Fund
from shebao import evidence_payment
from tests.controls.payment_desk import JANUARY, NOW, RETURN, ROSTER, Desk, desk, line, someone

STEPS = ("release", "make", "authorise", "return")
AFTER = {"none": 0, "released": 1, "made": 2, "sent": 3, "returned": 4}
PEOPLE = 3
MOST = 60
"""A child dies before this many statements, at a commit, or just after one."""


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
        """Another roster of people who were not paid yet, signed by three and to be released."""
        first = self.rosters * PEOPLE
        rows = [line(n + 1, first + n + 1, "基础养老金", 16300 + n) for n in range(PEOPLE)]
        self.rosters += 1
        taken = self.office.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", f"花名册{self.rosters}.csv", "zhang")
        with self.office.unit() as work:
            self.roster_id = rosterbuild.build(work, self.folder, someone("zhang"), NOW, Fund.R, JANUARY, file_id=taken.file_id).roster.roster_id
            work.commit()
        self.office.check(self.roster_id)
        for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
            self.office.sign(self.roster_id, step, user)

    def stands(self) -> int:
        """How many of the steps the store has."""
        with self.office.engine.connect() as connection:
            found = AFTER[roster.get(connection, self.roster_id).payment]
            connection.rollback()
        return found

    def _carry_on(self, office: Desk, step: str) -> None:
        if step == "release":
            office.release(self.roster_id)
        elif step == "make":
            (self.folder / "bank.csv").unlink(missing_ok=True)
            office.make(self.roster_id)
        elif step == "authorise":
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
        moment = (self.chance.randint(1, MOST), self.chance.random() < 0.2, self.chance.random() < 0.3)
        told, tell = os.pipe()
        self.office.engine.dispose()
        child = os.fork()
        if child == 0:
            self._die_somewhere(tell, before, *moment)
        os.close(tell)
        with os.fdopen(told, "rb") as pipe:
            acknowledged = before + len(pipe.read())
        _, status = os.waitpid(child, 0)
        self.kills += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the child failed of itself: {status}"
        self.office = Desk(open_engine(self.url), self.folder)
        self._look(acknowledged)

    def _die_somewhere(self, tell: int, before: int, left: int, at_commit: bool, after: bool) -> None:
        """The child: at most the steps that are left, each said when it is committed; dies at its ``left``-th statement, at a commit, or just after one."""
        seen = 0

        def count(*_: Any) -> None:
            nonlocal seen
            seen += 1
            if seen >= left and not at_commit:
                os.kill(os.getpid(), signal.SIGKILL)

        def committing(*_: Any) -> None:
            if seen >= left:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            engine = open_engine(self.url)
            sa.event.listen(engine, "before_cursor_execute", count)
            sa.event.listen(engine, "commit", committing)
            office = Desk(engine, self.folder)
            for step in STEPS[before:]:
                self._carry_on(office, step)
                if after and seen >= left // 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                os.write(tell, b".")
            os._exit(0)
        finally:
            os._exit(9)

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

