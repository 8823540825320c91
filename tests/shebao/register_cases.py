"""Worked cases of registers as an accountant writes them (YAML): who enters what, which voucher follows, what the register then says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from controls.duties import Actor, Duty
from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers import store, ties
from controls.registers.values import printed
from controls.tables import grant, user
from controls.vouchers import get, make
from ledger import accounts
from ledger.db import reading
from ledger.funds import Fund
from ledger.money import show
from ledger.months import Month
from shebao.opening import found_office
from shebao.registers import propose
from shebao.store import Office
from tests.controls.payment_desk import PASSWORD, STAFF, someone
from tests.shebao.small_office import FEBRUARY, FOUNDED, OWN, Small, _hashed

CASES = sorted((Path(__file__).parent / "cases" / "registers").glob("*.yaml"))
MORE = {
    "feng": ("冯稽核", Duty.AUDIT), "chen": ("陈稽核", Duty.AUDIT), "he": ("何主任", Duty.HEAD), "xu": ("许登记", Duty.HANDLE_REGISTER),
    "ma": ("马核定", Duty.HANDLE_ASSESS), "tian": ("田股长", Duty.REVIEW),
}  # fmt: skip
BY_NAME = {name: user_id for user_id, (name, _) in {**STAFF, **MORE}.items()}


def actor(name: str) -> Actor:
    """One of the staff by name."""
    user_id = BY_NAME[name]
    return someone(user_id) if user_id in STAFF else Actor(user_id, name, frozenset({MORE[user_id][1]}))


class Elsewhere(Small):
    """The small office founded on a database, or with funds, of its own."""

    def __init__(self, home: Path, url: str | None = None, funds: tuple[Fund, ...] = (Fund.E, Fund.G, Fund.R)) -> None:
        folder = home.parent
        rows = [{"user": user_id, "name": name, "duties": [duty.value], "password": PASSWORD} for user_id, (name, duty) in STAFF.items()]
        (folder / "people.yaml").write_text(yaml.safe_dump({"people": rows}, allow_unicode=True), encoding="utf-8")
        (folder / "own" / "parameters").mkdir(parents=True)
        (folder / "own" / "parameters" / "county.yaml").write_text(OWN, encoding="utf-8")
        with patch("controls.people.hash_password", return_value=_hashed()), patch.object(Office, "now", staticmethod(lambda: FOUNDED)):
            found_office(
                home, code="yunling", name="云岭县社会保险事业服务中心", region="620821", funds=list(funds), opened=FEBRUARY,
                people=folder / "people.yaml", url=url, own=folder / "own",
            )  # fmt: skip
        self.home, self.folder, self.office = home, folder, Office(home)


def staffed(home: Path, url: str = "", funds: tuple[Fund, ...] = ()) -> Small:
    """The small office (of other ``funds`` where named) with the people whom registers want beside those of the payment chain."""
    small = Elsewhere(home, url or None, funds or (Fund.E, Fund.G, Fund.R)) if url or funds else Small(home)
    with small.unit() as work:
        for user_id, (name, duty) in MORE.items():
            given = {"password_hash": "x", "created_at": FOUNDED, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=user_id, name=name, **given))
            work.connection.execute(
                grant.insert().values(user_id=user_id, duty=duty.value, valid_from="2025-12-01", valid_to="", granted_by="init", granted_at=FOUNDED)
            )
        work.commit()
    return small


class Case:
    """One case at work."""

    def __init__(self, small: Small, file: Path) -> None:
        self.small, self.told = small, yaml.safe_load(file.read_text(encoding="utf-8"))
        self.fund = Fund(self.told.get("fund", "R"))
        with reading(small.office.engine) as connection:
            self.book = accounts.book_of(connection, self.fund)

    def run(self) -> None:
        """Every step in order."""
        for place, step in enumerate(self.told["steps"], start=1):
            (word, what), *_ = step.items()
            getattr(self, word)(str(what), step, f"第 {place} 步 {word} {what}")

    def add(self, what: str, step: Mapping[str, Any], where: str) -> None:
        law = laws.get(what)
        with self.small.unit() as work:
            store.add(work, Office.now(), actor(step["by"]), law, self.book, [store.read_payload(law, texts(step["set"]))])
            work.commit()

    def act(self, what: str, step: Mapping[str, Any], where: str) -> None:
        name, row_no, act = what.split()
        law = laws.get(name)
        with self.small.unit() as work:
            row = store.get(work.connection, law, self.book.book_id, int(row_no))
            settled = sheets.computed(self.book, date.fromisoformat(Office.now()[:10]))
            store.do(work, Office.now(), actor(step["by"]), row, act, store.read_payload(law, texts(step.get("set", {}))), step.get("on"), settled=settled)
            work.commit()

    def enter(self, what: str, step: Mapping[str, Any], where: str) -> None:
        """An event entered by hand from its papers and posted."""
        draft = self.small.enter(
            what, str(step["day"]), str(step["amount"]), str(step["paper"]), fund=self.fund.value, details=texts(step.get("details", {}))
        )
        self.small.posted([draft])

    def voucher(self, what: str, step: Mapping[str, Any], where: str) -> None:
        name, row_no = what.split()
        for proposed in propose(self.small.of("zhao"), laws.get(name), self.fund.value, int(row_no)):
            with self.small.unit() as work:
                made = make(work, Office.now(), someone("zhao"), proposed.book_id, proposed.voucher_id)
                work.commit()
            self.small.posted([made])
            with reading(self.small.office.engine) as connection:
                draft = get(connection, made.book_id, made.voucher_id)
                names = {code: one.full_name for code, one in accounts.accounts_of(connection, made.book_id).items()}
        legs = [f"{line.side.zh} {names[line.account]} {show(line.amount, grouped=False)}" for line in draft.entry.lines]
        got, due = [draft.entry.event, *legs], [step["event"], *step["lines"]]
        assert got == due, f"{where}: {got}"

    def says(self, what: str, step: Mapping[str, Any], where: str) -> None:
        name, row_no = what.split()
        law = laws.get(name)
        as_of = step.get("as_of", date.fromisoformat(Office.now()[:10]))
        with reading(self.small.office.engine) as connection:
            made = sheets.sheet(connection, law, self.book, as_of, today=date.max)
            place = made.rows.index(int(row_no))
            zh = {one.zh: one.name for one in (*law.fields, *law.columns)} | {"状态": "state"}
            states = {state.name: state.zh for state in law.states}
            got = {word: printed(law.type_of(zh[word]), made.column(zh[word])[place]) for word in step["set"]}
        got |= {word: states[text] for word, text in got.items() if word == "状态"}
        assert got == texts(step["set"]), f"{where}: {got}"

    def ties(self, what: str, step: Mapping[str, Any], where: str) -> None:
        month = Month.parse(what)
        with reading(self.small.office.engine) as connection:
            found = [*ties.ties(connection, self.book, month), *ties.confirmed(connection, self.book, month)]
        got = [one.text for one in found]
        assert got == step["set"], f"{where}: {got}"


def texts(given: Mapping[str, Any]) -> dict[str, str]:
    """YAML scalars as people write them."""
    return {str(key): str(value) for key, value in given.items()}
