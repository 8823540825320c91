"""A writer of vouchers killed with -9 at random moments, from proposing to posting; no acknowledged act lost, none half done."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from controls import vouchers
from ledger import accounts, balances, chain, posted
from ledger.db import open_engine, reading
from shebao import evidence_vouchers
from tests.controls.voucher_desk import HAN, QIAN, SUN, ZHAO, Office, office, received
from tests.crash.killing import Act, killed

STEPS = ("propose", "make", "review", "sign", "post")
ACTORS = {"make": ZHAO, "review": SUN, "sign": HAN, "post": QIAN}
STOOD = {"proposed": 1, "made": 2, "reviewed": 3, "posted": 5}


@dataclass
class Crashes:
    """An office whose vouchers are carried on by children that are killed."""

    url: str
    folder: Path
    chance: random.Random
    office: Office = field(init=False)
    rosters: int = 1
    kills: int = 0
    committed_unsaid: int = 0

    def __post_init__(self) -> None:
        self.office = office(self.url)

    @property
    def vouchers(self) -> int:
        """Number of the voucher that is under way."""
        return self.rosters

    def stands(self) -> int:
        """How many of the steps of the newest voucher the store has."""
        with reading(self.office.engine) as connection:
            found = {one.voucher_id: one for one in vouchers.drafts(connection, 1)}
        one = found.get(self.vouchers)
        return 0 if one is None else STOOD[one.state] + (one.state == "reviewed" and bool(one.cashier))

    def _act(self, step: str) -> Act:
        number = self.vouchers

        def act(engine: sa.Engine) -> None:
            desk = Office(engine)
            if step == "propose":
                desk.propose(received(100 + number, f"doc-{number}", account="1004"))
                return
            with reading(engine) as connection:
                draft = vouchers.get(connection, 1, number)
            if step == "post":
                desk.step(vouchers.post, QIAN, 1, number)
            else:
                getattr(desk, step)(draft, ACTORS[step])

        return act

    def kill(self) -> None:
        """One child carries on from where the store stands and is killed; then everything is looked at."""
        if self.stands() == len(STEPS):
            self.rosters += 1
        before = self.stands()
        self.office.engine.dispose()
        said, died = killed(self.url, self.chance, [self._act(step) for step in STEPS[before:]])
        self.kills += died
        self.office = Office(open_engine(self.url))
        self._look(before + said)

    def _look(self, acknowledged: int) -> None:
        """No acknowledged act is lost, at most one was committed unsaid, none is half done: chain, entries and balances prove themselves."""
        stands = self.stands()
        assert acknowledged <= stands <= acknowledged + 1, f"acknowledged {acknowledged}, stands {stands}"
        self.committed_unsaid += stands - acknowledged
        done = self.vouchers - (stands < len(STEPS))
        with reading(self.office.engine) as connection:
            chain.verify(connection)
            (book,) = accounts.books(connection)
            evidence_vouchers.as_told(connection, book)
            entries = list(posted.entries(connection, 1))
            ends = balances.closing_balances(balances.movements(connection, 1))
        assert [one.entry.debit for one in entries] == [100 + number for number in range(1, done + 1)]
        assert ends.get("1004", 0) == sum(one.entry.debit for one in entries) == -ends.get("4201", 0)

    def finish(self) -> None:
        """What was interrupted is carried to its end by hand."""
        for step in STEPS[self.stands() :]:
            self._act(step)(self.office.engine)
        self._look(len(STEPS))
