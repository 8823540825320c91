"""An office with payments, lists and a roster in its store, swept by two auditors: for tests of `shebao audit sweep`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from audit.store_sweep import Asked, Kept, sweep_store
from controls import people
from controls.checks import own_rules
from controls.checks.selftest import SelfTest
from controls.duties import Actor, Duty
from controls.intake import register
from controls.sweeps import conclusions, kept
from ledger.db import UnitOfWork, reading
from tests.controls import canonical
from tests.controls import test_own_rules as rules_page
from tests.controls.payment_desk import NOW, PASSWORD, Desk, _hashed_once, desk, someone, taken
from tests.granting import given

TAO = someone("tao")
HE = Actor("he", "何稽核", frozenset({Duty.AUDIT}))
BRINGS = {"payments": "zhang", "recoveries": "zhao", "contributions": "zhao"}
RULES = ("D1-POSTHUMOUS", "D3-REVIVED", "E3-CUSTODY", "I2-NAME-DIFFERS", "P1-TWO-SCHEMES", "P3-TWICE", "A1-SHARED-ACCOUNT", "D2-POSTHUMOUS-LINKED")


def trusting(wanted: Iterable[str]) -> dict[str, SelfTest]:
    """Every rule passes."""
    return {code: SelfTest(code, 0, 0, 0, 0, ()) for code in wanted}


@dataclass
class Swept:
    """The office; :meth:`take` takes a list in, :meth:`sweep` sweeps it as 陶稽核."""

    desk: Desk
    folder: Path
    numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1))

    def take(self, contract: str, rows: Iterable[Mapping[str, Any]], *, kind: str = "increment", name: str = "") -> int:
        """Takes rows in as a file that is in use at once; its number."""
        nth = next(iter(self.numbers))
        file = name or f"{contract}{nth}.csv"
        table = canonical.table(contract, rows, file=file)
        with self.desk.unit() as work:
            made = register.take(
                work, self.desk.home, taken(table, contract, file), someone(BRINGS.get(contract, "qian")), NOW, source="公安", as_of=date(2026, 1, 14),
                kind=kind,
            )  # fmt: skip
            work.commit()
        return made.file_id

    def sweep(
        self, out: str = "out", *, full: bool = False, rules: tuple[str, ...] | None = RULES, actor: Actor = TAO,
        tested: Callable[[Iterable[str]], dict[str, SelfTest]] | None = None, **more: Any,
    ) -> Kept:  # fmt: skip
        """A sweep into ``out`` below the folder; the rules are trusted unless ``tested`` is given: their own cases have tests of their own."""
        asked = Asked(rules, full=full, **more)
        engine = self.desk.engine
        with patch("audit.store_sweep.self_test", side_effect=tested or trusting):
            return sweep_store(lambda: reading(engine), lambda: UnitOfWork(engine), self.desk.home, actor, NOW, self.folder / out, asked, threads=1)

    def csv(self, out: str = "out") -> bytes:
        """findings.csv as written."""
        return (self.folder / out / "findings.csv").read_bytes()

    def standing(self) -> list[kept.Version]:
        """The last version of every lead, by id."""
        with reading(self.desk.engine) as connection:
            return [one for _, one in sorted(kept.standing(connection).items())]

    def conclude(self, lead: str, verdict: str, reason: str = "已核实", actor: Actor = TAO) -> conclusions.Lead:
        """A conclusion of 陶稽核."""
        with self.desk.unit() as work:
            made = conclusions.conclude(work, NOW, actor, lead, verdict, reason)
            work.commit()
        return made

    def review(self, lead: str, *, agreed: bool = True, note: str = "", actor: Actor = HE) -> conclusions.Lead:
        """Its review by 何稽核."""
        with self.desk.unit() as work:
            made = conclusions.review(work, NOW, actor, lead, agreed=agreed, note=note)
            work.commit()
        return made

    def lead(self, rule: str) -> conclusions.Lead:
        """The one lead of a rule, gone or not."""
        with reading(self.desk.engine) as connection:
            (found,) = [one for one in conclusions.leads(connection).values() if one.last.finding.rule == rule]
        return found


def office(url: str, folder: Path) -> Swept:
    """The office with a second auditor, nothing taken in yet."""
    folder.mkdir(parents=True, exist_ok=True)
    made = desk(url, folder / "home")
    with made.unit() as work, patch("controls.people.hash_password", return_value=_hashed_once()):
        people.add(work, NOW, someone("wu"), people.NewPerson("he", "何稽核", (), PASSWORD))
        given(work, NOW, "he", Duty.AUDIT, date(2026, 1, 15))
        work.commit()
    return Swept(made, folder)


def months(who: str, first: int, last: int, **more: Any) -> list[dict[str, Any]]:
    """A row a month for somebody."""
    return [{"id": who, "period": period, "account": f"622848{ord(who):013d}", **more} for period in range(first, last + 1)]


def own_rule(folder: Path, most_fen: int = 100000) -> Path:
    """A folder with the rule X1-HIGH-AMOUNT of docs/own-rules.md, with another limit if given (fen)."""
    rules_page.worked(folder)
    described = folder / f"{rules_page.CODE}.yaml"
    described.write_text(described.read_text(encoding="utf-8").replace("most_fen: 100000", f"most_fen: {most_fen}"), encoding="utf-8")
    return folder


def worked(url: str, folder: Path) -> Swept:
    """Three sweeps: two dead found, money of one recovered, the other gone again and a lead new; one lead confirmed, one conclusion sent back."""
    made = office(url, folder)
    made.take("payments", months("A", 202401, 202406) + months("B", 202401, 202406) + months("C", 202401, 202406))
    for who in "AB":
        made.take("deaths", [{"id": who, "death_on": "2024-03-05"}])
    rules = ("D1-POSTHUMOUS", "I2-NAME-DIFFERS")
    made.sweep(rules=rules)
    first, second = (one.finding.finding_id for one in made.standing())
    made.conclude(first, "confirmed")
    made.review(first)
    made.conclude(second, "dismissed")
    made.review(second, agreed=False, note="缺更正函")
    made.take("recoveries", [{"id": "A", "from_month": 202404, "to_month": 202406, "amount": 5000}])
    made.sweep(rules=rules)
    made.take("payments", [{"id": "C", "name": "别名", "period": 202407, "amount": 10000}])
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05"}], kind="full")
    with own_rules.in_use(own_rule(folder / "rules")):
        made.sweep(rules=(*rules, "X1"))
    return made
