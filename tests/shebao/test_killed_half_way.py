"""Work on people's money killed half way: whatever statement the process dies at, nothing of the act is there, all else stands, and the act can be done."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from controls import people
from controls.duties import Duty
from controls.intake import reader, register
from controls.person_accounts import moves, opening
from controls.registers import law as laws
from controls.registers import store as registers
from ledger.db import reading
from ledger.funds import Fund
from ledger.months import Month
from shebao import budgets, premium_booking, premium_desk, special
from shebao.store import Office
from shebao.verification import verify_store
from tests.controls.payment_desk import PASSWORD, someone
from tests.controls.register_desk import CLAIM
from tests.granting import given
from tests.shebao.person_account_desk import REGISTER, Accounts, number
from tests.shebao.person_account_steps import DECEMBER, HEAD, opening_file
from tests.shebao.premium_office import ENTITLED_HEAD, PEOPLE_HEAD, PERSON, REGISTRAR, enrolled, entitled, fee
from tests.shebao.premium_office import HEAD as FEES
from tests.shebao.premium_office import OWN as SHARES
from tests.shebao.small_office import _hashed

AS_OF = date(2026, 1, 31)
AT_COMMIT = 10**9
Act = Callable[[Accounts], object]


def take(office: Accounts, contract: str, *lines: str) -> int:
    """A file taken in as the registrar."""
    file = office.folder / f"{contract}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with office.unit() as work:
        made = register.take(
            work, office.home, reader.read(file, contract), REGISTRAR, office.office.now(), source="民政", as_of=date(2026, 1, 10), kind="full"
        )
        work.commit()
    return made.file_id


def at_work(office: Accounts, user: str) -> Office:
    """The front door with somebody signed in."""
    office.office.actor = someone(user)
    return office.office


def _opening(office: Accounts) -> object:
    read = opening_file(office, HEAD, *(f"{number(place)},甲,100.00,30.00,5.00" for place in range(40)))
    with office.unit() as work:
        made = opening.propose(work, office.office.now(), REGISTER, office.book(), read, DECEMBER, persons=read.persons, total=read.total, evidence="清册")
        work.commit()
    return made


def _transfer(office: Accounts) -> object:
    with office.unit() as work:
        made = moves.transfer_out(work, office.office.now(), REGISTER, office.book(), number(50), day=date(2026, 2, 8), key="Z1", evidence="函")
        work.commit()
    return made


def _registered(office: Accounts) -> object:
    law = laws.get("recoveries")
    with office.unit() as work:
        made = registers.add(work, office.office.now(), someone("tao"), law, office.book(), [registers.read_payload(law, CLAIM)], None)
        work.commit()
    return made


ACTS: dict[str, Act] = {
    "person accounts: opening": _opening,
    "person accounts: transfer": _transfer,
    "premiums: claim": lambda office: premium_desk.prepare(_registrar(office), Fund.R, 2026, AS_OF),
    "premiums: contributions booked": lambda office: premium_booking.book(at_work(office, "zhao"), office.fees, Fund.R, premium_booking.Arrival()),
    "budget": lambda office: budgets.draft(at_work(office, "zhao"), "R", "budget", 2026, [("1.4101", 500_000), ("2.5001", 400_000)]),
    "register": _registered,
    "special book": lambda office: special.open_book(at_work(office, "sun"), Fund("DB"), Month(2026, 1)),
    "special receipt": lambda office: special.receive(at_work(office, "zhao"), Fund("DB"), date(2026, 1, 9), "中央", "财社1号", "", "100"),
}


def _registrar(office: Accounts) -> Office:
    office.office.actor = REGISTRAR
    return office.office


class Half(Accounts):
    """The office with lists of premiums, a contributions file and somebody with an account."""

    fees: int

    def again(self) -> None:
        """The office opened anew, with nothing of this process's connections."""
        self.office = Office(self.home)
        self.office.actor = someone("zhao")

    def __init__(self, home: Path, url: str | None) -> None:
        super().__init__(home, url=url)
        own = home / "templates" / "parameters"
        (own / "premiums-of-the-county.yaml").write_text(SHARES.replace("  - {name: pooling", "  # - {name: pooling"), encoding="utf-8")
        self.again()
        with self.unit() as work, patch("controls.people.hash_password", return_value=_hashed()):
            people.add(work, self.office.now(), someone("wu"), people.NewPerson(REGISTRAR.user, REGISTRAR.name, (), PASSWORD))
            given(work, self.office.now(), REGISTRAR.user, Duty.HANDLE_REGISTER, date(2026, 1, 1))
            work.commit()
        self.contribute("2026-01-05", {(number(50), "own"): 20000})
        take(self, "entitled", ENTITLED_HEAD, *(entitled(place) for place in range(20)))
        take(self, "people", PEOPLE_HEAD, *(enrolled(place) for place in range(20)))
        self.fees = take(self, "contributions", FEES, *(fee(place, "个人", "200", "2026-01-09") for place in range(len(PERSON))))


def killed(office: Accounts, act: Act, at: int) -> int:
    """Does the act in a child that dies by SIGKILL before its ``at``-th statement, or before its commit; gives how many statements the child had sent."""
    told, tell = os.pipe()
    office.office.engine.dispose()
    child = os.fork()
    if child == 0:
        seen = 0

        def die() -> None:
            os.write(tell, str(seen).encode())
            os.kill(os.getpid(), signal.SIGKILL)

        def count(*_: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == at:
                die()

        try:
            office.again()
            sa.event.listen(sa.Engine, "before_cursor_execute", count)
            sa.event.listen(sa.Engine, "commit", lambda _: die())
            act(office)
        finally:  # whatever it is, the child must not come back into the tests
            os.write(tell, repr(sys.exc_info()[1]).encode())
            os._exit(1)
    os.close(tell)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told, "rb") as pipe:
        sent = pipe.read()
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"the child ended with {status} before its statement {at}: {sent.decode()}"
    return int(sent)


def counted(office: Accounts) -> dict[str, int]:
    """Rows of every table."""
    with reading(office.office.engine) as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if name.startswith("shebao_") and "_b" not in name.removeprefix("shebao_")]
        return {name: int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()) for name in names}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_nothing_is_half_done(store_url: str, tmp_path: Path) -> None:
    """L3, C6: each act is killed at random statements and before its commit; not a row of it stays, the store proves itself, and the act then goes through."""
    office = Half(tmp_path / "office", None if store_url.startswith("sqlite") else store_url)
    seed = random.Random(20260122)
    for name, act in ACTS.items():
        before = counted(office)
        statements = killed(office, act, AT_COMMIT)
        assert counted(office) == before, f"{name}: killed before the commit"
        for at in seed.sample(range(1, statements + 1), min(2, statements)):
            assert killed(office, act, at) == at
            assert counted(office) == before, f"{name}: killed at statement {at} of {statements}"
        assert act(office), name
        assert counted(office) != before, name
    broken = [result for result in verify_store(office.office) if not result.ok]
    assert not broken, broken
