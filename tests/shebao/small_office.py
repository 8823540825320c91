"""A small office founded as an office is founded, for tests of what stands on it: funds E, G and R, December 2025 to February 2026 open."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import yaml

from controls import cashier, people, trail, vouchers
from controls.intake import reader, register
from controls.sessions import sign_in, write_file
from controls.vouchers import Draft
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month
from shebao.opening import found_office
from shebao.proposals import enter_event, payout_rows
from shebao.store import Office
from tests.bank_keys import issued
from tests.controls.payment_desk import PASSWORD, STAFF, Desk, someone

JANUARY = Month(2026, 1)
FEBRUARY = Month(2026, 2)
FOUNDED = "2026-01-02T09:00:00+08:00"
OWN = """document: 云岭县的选择（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: pooling, from: 2018-01-01, value: 统收统支, keys: {fund: G}, reference: 测试用假定}
"""


@cache
def _hashed() -> str:
    """One honest hash of the password for all nine people."""
    return people.hash_password("someone", PASSWORD)


@cache
def _pattern() -> Path:
    """The office founded once a test process; each test works on a copy of it."""
    folder = Path(mkdtemp(prefix="small-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    rows = [{"user": user, "name": name, "duties": [duty.value], "password": PASSWORD} for user, (name, duty) in STAFF.items()]
    (folder / "people.yaml").write_text(yaml.safe_dump({"people": rows}, allow_unicode=True), encoding="utf-8")
    own = folder / "own" / "parameters"
    own.mkdir(parents=True)
    (own / "county.yaml").write_text(OWN, encoding="utf-8")
    name = "云岭县社会保险事业服务中心"
    with patch("controls.people.hash_password", return_value=_hashed()), patch.object(Office, "now", staticmethod(lambda: FOUNDED)):
        found_office(
            folder / "office", code="yunling", name=name, region="620821", funds=[Fund.E, Fund.G, Fund.R], opened=FEBRUARY,
            people=folder / "people.yaml", url=None, own=folder / "own",
        )  # fmt: skip
        with Office(folder / "office").unit() as work:
            issued(work, FOUNDED, someone("wang"), {"make_key": someone("zhou"), "authorise_key": someone("sun")})
            work.commit()
    return folder / "office"


class Small:
    """The office at work; ``of`` gives it with somebody signed in."""

    def __init__(self, home: Path) -> None:
        shutil.copytree(_pattern(), home)
        self.home = home
        self.folder = home.parent
        self.office = Office(home)

    @property
    def desk(self) -> Desk:
        """The payment chain in short calls."""
        return Desk(self.office.engine, self.home)

    def of(self, user: str) -> Office:
        """The office as this person sees it."""
        self.office.actor = someone(user)
        return self.office

    def sign_in(self, user: str) -> None:
        """Somebody signs in for the commands that follow."""
        with self.office.unit() as work:
            opened = sign_in(work, self.office.now(), user, PASSWORD)
            work.commit()
        write_file(self.home, opened)

    def unit(self) -> UnitOfWork:
        return self.office.unit()

    def take(self, contract: str, *lines: str, name: str = "") -> int:
        """Takes a file in by its contract as the 会计 and gives its number."""
        file = self.folder / (name or f"{contract}.csv")
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with self.unit() as work:
            made = register.take(work, self.home, reader.read(file, contract), someone("zhao"), self.office.now(), source="", as_of=None)
            work.commit()
        return made.file_id

    def enter(self, event: str, day: str, amount: str, evidence: str, *, fund: str = "R", details: dict[str, str] | None = None, receipt: str = "") -> Draft:
        """One event entered and made by the 会计."""
        return enter_event(
            self.of("zhao"), event=event, fund=fund, day=day, amounts={"amount": amount}, details=details or {}, evidence=evidence, receipt=receipt,
            attachments=1, summary=None,
        )  # fmt: skip

    def posted(self, drafts: Iterable[Draft]) -> None:
        """Vouchers reviewed and posted."""
        for draft in drafts:
            signing = [("zhou", cashier.sign, ())] if draft.cash and not draft.cashier else []
            for user, step, more in (("sun", vouchers.review, ()), *signing, ("zhao", vouchers.post, (payout_rows,))):
                with self.unit() as work:
                    step(work, self.office.now(), someone(user), draft.book_id, draft.voucher_id, *more)
                    work.commit()

    def reject(self, draft: Draft) -> None:
        """A voucher sent back by its reviewer."""
        with self.unit() as work:
            vouchers.reject(work, self.office.now(), someone("sun"), draft.book_id, draft.voucher_id, "附件不全")
            work.commit()

    def drafts(self, fund: Fund = Fund.R) -> list[Draft]:
        """Every voucher of a fund's book."""
        number = [Fund.E, Fund.G, Fund.R].index(fund) + 1
        with self.of("zhao").reading() as connection:
            return vouchers.drafts(connection, number)

    def trail(self, act: str) -> Sequence[trail.Record]:
        """The records of one act."""
        with self.of("zhao").reading() as connection:
            return [record for record in trail.records(connection) if record.act == act]


def legs(draft: Draft) -> list[tuple[str, str, int]]:
    """Account, side and fen of a voucher's lines."""
    return [(line.account, line.side.value, line.amount) for line in draft.entry.lines]
