"""Makes the whole county (造县): one pass over the people, each written as made, then the month's money.

Bounded memory: people are forgotten once written; what stays are sums, the truth and the rows of small workbooks.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from shebao.demo import friends, plants_death, plants_double, plants_person, plants_subsidy
from shebao.demo.account_files import AccountFiles
from shebao.demo.county import (
    CITY,
    CITY_CODE,
    COUNTY,
    COUNTY_CODE,
    FUND_ACCOUNTS,
    FUND_BANK,
    FUND_NAMES,
    HISTORY,
    NEIGHBOUR_CODE,
    PAY_DAY,
    PREMIUM_SHARES,
    SOURCES,
    UNIT,
    County,
)
from shebao.demo.crowd import SHARES, Crowd, Premiums
from shebao.demo.errors import FolderTaken
from shebao.demo.facts import UNEMPLOYMENT, Household, Life
from shebao.demo.maker import Maker
from shebao.demo.month_files import fiscal_statement, readme, subsidy_file, tax_file
from shebao.demo.numbers import Numbers
from shebao.demo.opening import Opening, opening, write_opening
from shebao.demo.payment_files import PaymentFiles
from shebao.demo.register_files import RegisterFiles
from shebao.demo.roster_files import RosterFiles
from shebao.demo.sinks import FileNote
from shebao.demo.story import Event, events, payment_timing
from shebao.demo.tally import LEVELS, Tally
from shebao.demo.truth import proved, reckon
from shebao.demo.truth_facts import Truth
from shebao.demo.workbook import day_text, yuan

Progress = Callable[[int], None]
PLANTS = (*plants_death.PLANTS, *plants_double.PLANTS, *plants_person.PLANTS, *plants_subsidy.PLANTS)
FRIENDS = (*friends.FRIENDS, *plants_subsidy.FRIENDS)
REASONS = ("账户已销户", "户名不符", "账户状态异常（只收不付）", "账号不存在", "二类账户超过限额")
ROOMY = 60_000
"""Up to this many persons the employees' files are workbooks."""
TRUTH_HEADER = ("rule", "id_number", "name", "fund", "region", "period_from", "period_to", "months", "amount", "kind", "note")


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: folder, file notes, truth rows, lines and fen of the rosters, lines that must be held."""

    out: Path
    notes: list[FileNote]
    truths: int
    friends: int
    roster_lines: dict[str, int]
    roster_fen: dict[str, int]
    held: list[dict[str, object]]


def _clear(files: Path, truth: Path) -> None:
    """Empties both folders of an earlier demo; files that no demo wrote are never touched (SB6506)."""
    ours = (truth.parent / "plan.json").exists()
    for folder in (files, truth):
        folder.mkdir(parents=True, exist_ok=True)
        for old in [path for path in folder.iterdir() if path.is_file()]:
            if not ours:
                raise FolderTaken(folder=folder)
            old.unlink()


class BankTroubles:
    """Chooses, among background people on the roster, whose account fails at the bank (about 0.3 %) and one to come back later."""

    def __init__(self, county: County) -> None:
        weights = dict(SHARES)
        self._every = {fund: max(1, min(300, county.persons * weights[kind] // 1000 // 6)) for fund, kind in (("R", "r_pensioner"), ("E", "e_pensioner"))}
        self._seen = {"R": 0, "E": 0}
        self.failing: dict[str, list[dict[str, str]]] = {"R": [], "E": []}
        self.back: dict[str, dict[str, str]] = {}

    def strikes(self, life: Life) -> bool:
        """Whether this person's payment of the month will not stay paid."""
        if not life.roster:
            return False
        line = life.roster[0]
        fund = line.fund
        self._seen[fund] += 1
        if self._seen[fund] % self._every[fund]:
            return False
        count = len(self.failing[fund])
        if count == 2 and fund not in self.back:
            self.back[fund] = {"account": line.account, "holder": line.holder, "id_number": life.number, "reason": "收款账户已冻结，次日退汇"}
        else:
            self.failing[fund].append({"account": line.account, "holder": line.holder, "reason": REASONS[count % len(REASONS)]})
        return True


class Generator:
    """One county in the making."""

    def __init__(self, county: County, out: Path) -> None:
        self.county, self.out = county, out
        self.files, self.truth_folder = out / "files", out / "truth"
        _clear(self.files, self.truth_folder)
        roomy = county.persons <= ROOMY
        self._numbers, self._serials = Numbers(county.chance("numbers")), itertools.count(1)
        self.payments = PaymentFiles(self.files, county, roomy=roomy)
        self.registers = RegisterFiles(self.files, county, roomy=roomy)
        self.rosters = RosterFiles(self.files, self.truth_folder, county, roomy=roomy)
        self.accounts = AccountFiles(self.files, county)
        self.tally, self.troubles = Tally(county), BankTroubles(county)
        self.truths: list[Truth] = []
        self.earlier: list[Truth] = []
        self.innocent: list[tuple[str, str, str]] = []

    def run(self, progress: Progress = lambda _n: None) -> Made:
        """Writes every file; ``progress`` is told of each background person, ``county.persons`` in all."""
        crowd = 0
        for house in self.people():
            self._write(house)
            if not house.special and crowd < self.county.persons:
                crowd += 1
                progress(1)
        notes = [*self.payments.close(), *self.registers.close()]
        rosters, paid = self.rosters.close()
        planned, books, fiscal = self._money(notes)
        notes += rosters
        self._truth_files()
        opened = self.accounts.close()
        self._plan(notes, planned, books, fiscal, paid, opened)
        (self.files / "README.txt").write_text(readme([*notes, opened], self.county), encoding="utf-8")
        return Made(self.out, notes, len(self.truths), len(self.innocent), self.rosters.lines, self.rosters.fen, self.rosters.held.rows)

    def people(self) -> Iterator[Household]:
        """Background people with the planted cases and false friends strewn among them; last, strangers."""
        maker = self._maker("plants")
        premiums = Premiums(maker)
        cases: list[Callable[[Maker, Premiums], Household]] = [plant for plant in (*PLANTS, *FRIENDS) for _ in range(self.county.factor)]
        chance = self.county.chance("order")
        chance.shuffle(cases)
        places: dict[int, list[Callable[[Maker, Premiums], Household]]] = {}
        for case in cases:
            places.setdefault(chance.randrange(self.county.persons), []).append(case)
        crowd = Crowd(self._maker("crowd"))
        for number, house in enumerate(crowd.households(self.county.persons)):
            for case in places.get(number, ()):
                yield case(maker, premiums)
            yield house
        yield from self._strangers()

    def _strangers(self) -> Iterator[Household]:
        """People of other places in the lists for comparison, the unemployed, and dead nobody here ever paid."""
        maker = self._maker("strangers")
        for _ in range(30 * self.county.factor):
            there = maker.life(maker.birth(64, 85))
            maker.pay_r(there, 0, HISTORY - 1, region=NEIGHBOUR_CODE)
            elsewhere = maker.retiree("E", region=CITY_CODE)
            jobless = maker.life(maker.birth(25, 48))
            first = maker.chance.randrange(HISTORY - 6)
            for index in range(first, first + 6):
                maker.pay(jobless, "U", "失业保险金", UNEMPLOYMENT, index, 165_000)
            dead = maker.life(maker.birth(30, 90))
            maker.death(dead, maker.chance.choice(("公安", "民政")), maker.day_in(maker.chance.randrange(HISTORY)))
            yield from (Household([life]) for life in (there, elsewhere, jobless, dead))

    def _maker(self, section: str) -> Maker:
        return Maker(self.county, section, self._numbers, self._serials)

    def _write(self, house: Household) -> None:
        agents = house.agents
        for life in house.lives:
            for row in life.pays:
                self.payments.add(row)
            self.registers.add(life, agents)
            agents = []
            self.rosters.add(house, life, unpaid=not house.special and self.troubles.strikes(life))
            self.tally.add(life)
            if not house.special:
                self.accounts.add(life)
        if house.special:
            truths = proved(self.county, house, through_story=True)
            for _ in (one for one in truths if one.rule == "S4-ENTITLED-NOT-PAID"):
                self.tally.claim(PREMIUM_SHARES)
            self.truths += truths
            self.earlier += reckon(self.county, house, through_story=False)
            if house.friend:
                self.innocent += [(life.number, life.name, house.friend) for life in house.lives]

    def _money(self, notes: list[FileNote]) -> tuple[list[Event], dict[str, Opening], dict[str, dict[str, object]]]:
        """The month's events, the openings and the files about them."""
        county, roster = self.county, {**self.rosters.fen, "G": 0}
        parts = county.base_parts(county.periods[HISTORY])
        persons = self.rosters.items["R", "基础养老金"] // sum(parts)
        first, second, third = (persons * part for part in parts)
        planned = events(county, self.tally, roster, (first, second, third))
        books = {fund: opening(county, self.tally, fund, roster[fund]) for fund in ("E", "R", "G")}
        notes += [tax_file(self.files, county, self.tally, name, funds) for name, funds in (("税务入库明细", "EG"), ("税务入库明细_居保", "R"))]
        notes.append(subsidy_file(self.files, county, planned))
        fiscal: dict[str, dict[str, object]] = {}
        for fund, book in books.items():
            notes.append(write_opening(self.files, county, book))
            note, fiscal[fund] = fiscal_statement(self.files, county, book, planned)
            notes.append(note)
        return planned, books, fiscal

    def _truth_files(self) -> None:
        for name, truths in (("truth.csv", self.truths), ("truth-earlier.csv", self.earlier)):
            with (self.truth_folder / name).open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerow(TRUTH_HEADER)
                for t in sorted(truths, key=lambda t: (t.rule, t.number, t.fund, t.region)):
                    writer.writerow((t.rule, t.number, t.name, t.fund, t.region, day_text(t.first), day_text(t.last), t.months, yuan(t.amount), t.kind, t.note))
        with (self.truth_folder / "friends.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(("id_number", "name", "why"))
            writer.writerows(sorted(self.innocent))

    def _plan(self, notes: list[FileNote], planned: list[Event], books: dict[str, Opening], fiscal: dict[str, dict[str, object]], paid: FileNote,
              opened: FileNote) -> None:  # fmt: skip
        county, rosters = self.county, self.rosters
        plan = {
            "note": "synthetic; the product never reads this file; amounts in fen",
            "county": {"name": COUNTY, "code": COUNTY_CODE, "unit": UNIT, "neighbour": NEIGHBOUR_CODE, "city": CITY, "city_code": CITY_CODE},
            "persons": county.persons, "seed": county.seed, "month": str(county.month), "opening_month": str(county.month - 1), "year": county.year,
            "files": [{**asdict(note), "values": dict(note.values)} for note in notes],
            "expected_payments": paid.name,
            "person_accounts": {"file": opened.name, "persons": opened.rows, "fen": opened.fen},
            "budget": {fund: books[fund].budget(county, planned) for fund in ("E", "R")},
            "claims": dict(sorted(self.tally.claims.items())),
            "subsidised": {level: books["R"].credit[f"410101{LEVELS[level]}"] for level in SOURCES},
            "accounts": {
                fund: {level: {"account": account, "bank": FUND_BANK, "holder": FUND_NAMES[fund]} for level, account in accounts.items()}
                for fund, accounts in FUND_ACCOUNTS.items()
            },
            "opening": {fund: {"1003": book.bank("1003"), "1004": book.bank("1004"), "3001": -book.now("3001")} for fund, book in books.items()},
            "events": [{**asdict(event), "day": event.day.isoformat()} for event in planned],
            "roster": {
                fund: {
                    "lines": rosters.lines[fund], "persons": rosters.people[fund], "fen": rosters.fen[fund], "held_fen": rosters.held.fen[fund],
                    "batch_fen": rosters.fen[fund] - rosters.held.fen[fund], "paid_fen": rosters.paid_fen[fund],
                    "batch_day": county.day(PAY_DAY[fund]).isoformat(),
                }
                for fund in ("E", "R")
            },
            "held": rosters.held.rows,
            "fiscal": fiscal,
            "bank": {
                fund: {
                    "account": FUND_ACCOUNTS[fund]["1004"], "opening": books[fund].bank("1004"), "failing": self.troubles.failing[fund],
                    "back": {**self.troubles.back.get(fund, {}), "day": county.day(27).isoformat()},
                    "timing": [{**line, "day": str(line["day"])} for line in payment_timing(county, fund)],
                }
                for fund in ("E", "R")
            },
        }  # fmt: skip
        (self.out / "plan.json").write_text(json.dumps(plan, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def generate(county: County, out: Path, progress: Progress = lambda _n: None) -> Made:
    """Writes ``out/files`` and ``out/truth``; what was in these two folders before is replaced."""
    return Generator(county, out).run(progress)
