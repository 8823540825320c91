"""An office in which three lives can be read: a farmer with premiums paid for her, a worker whose account moved to the residents' scheme, a dead man."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from controls import persons as looks
from controls.duties import Actor, Duty
from controls.intake import register
from controls.person_accounts import interest, leaving, moves, page
from controls.tables import grant, user
from ledger import persons
from ledger.funds import Fund
from ledger.identity import judge
from ledger.months import Month
from tests.controls.payment_desk import someone, taken
from tests.ledger.person_store import row, table
from tests.shebao.person_account_desk import ASSESS, REGISTER, REVIEWER, Accounts, number
from tests.shebao.person_account_steps import HEAD, opened
from tests.shebao.small_office import FOUNDED

FARMER, WORKER, DEAD, SECOND = number(11), number(12), number(13), number(14)
NAMES = {FARMER: "甘秀英", WORKER: "马建国", DEAD: "李有田", SECOND: "甘秀英"}
DAY = date(2026, 4, 30)
ASSESSOR = Actor("ma", "马核定", frozenset({Duty.HANDLE_ASSESS}))
CLERK = Actor("chen", "陈登记", frozenset({Duty.HANDLE_REGISTER}))


class Lives(Accounts):
    """The office and its register of persons."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        super().__init__(home, url=url)
        self.office.actor = REVIEWER

    def person(self, who: str) -> int:
        """The register's number of a person."""
        with self.office.reading() as connection:
            return persons.find(connection, who)[0]

    def hire(self, *actors: Actor) -> None:
        """Gives people their duties in the store, as its guards demand for acts on registers and persons."""
        with self.unit() as work:
            for one in actors:
                given = {"password_hash": "x", "created_at": FOUNDED, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
                work.connection.execute(user.insert().values(user_id=one.user, name=one.name, **given))
                for duty in one.duties:
                    work.connection.execute(
                        grant.insert().values(user_id=one.user, duty=duty.value, valid_from="2025-12-01", valid_to="", granted_by="init", granted_at=FOUNDED)
                    )
            work.commit()

    def register(self, *rows: dict[str, object], name: str = "人员.csv", day: str = "2026-02-01") -> None:
        """People as a file of ``day`` told them, taken in and loaded then."""
        now = f"{day}T09:00:00+08:00"
        with self.unit() as work:
            file = register.take(work, self.home, taken(table(*rows), "people", name), someone("zhang"), now, source="业务系统", as_of=date.fromisoformat(day))
            looks.load(work, self.home, CLERK, now, file.file_id)
            work.commit()


def people(who: str, **more: object) -> dict[str, object]:
    """A row of the people file."""
    return row(1, NAMES[who], number=judge(who).normal, **more)


def live(lives: Lives) -> None:
    """Some months: premiums paid for the farmer and her pension, the worker's transfer, the dead man's settlement."""
    lives.register(
        people(FARMER, first_month=201001, start_month=202603),
        people(WORKER, fund="E", benefit_status="", first_month=201801, start_month=None),
        people(WORKER, benefit_status="", first_month=202601, start_month=None),
        people(DEAD, first_month=200901, start_month=201801, enrol_status="死亡", benefit_status="", end_month=202603),
        people(SECOND, town="西镇", benefit_status="", first_month=202601, start_month=None),
    )
    opened(lives, HEAD, f"{FARMER},甘秀英,1000.00,90.00,500.00", f"{DEAD},李有田,800.00,30.00,0", "合计,,1800.00,120.00,500.00")
    lives.contribute("2026-01-20", {(FARMER, "government_paid"): 10000, (FARMER, "subsidy_province"): 3000, (FARMER, "subsidy_county"): 1500})
    lives.contribute("2026-02-05", {(WORKER, "own"): 40000}, year=202602)
    lives.open_through("2026-04")
    lives.pay("2026-03-10", [(FARMER, "基础养老金", 202603, 16300), (FARMER, "个人账户养老金", 202603, 1150), (DEAD, "基础养老金", 202603, 16300)])
    lives.pay("2026-04-10", [(FARMER, "基础养老金", 202604, 16300), (FARMER, "基础养老金", 202603, 500), (FARMER, "个人账户养老金", 202604, 1150)])
    lives.open_through("2026-04", Fund.E)
    lives.contribute("2026-02-05", {(WORKER, "own"): 64000}, Fund.E, year=202602)
    with lives.unit() as work:
        pair = moves.between_schemes(
            work, lives.office.now(), REGISTER, lives.book(Fund.E), lives.book(), WORKER, day=date(2026, 3, 9),
            into="1003", key="衔接-7", evidence="审批表 7",
        )  # fmt: skip
        work.commit()
    for one in pair:
        lives.accepted(one)
    with lives.unit() as work:
        gone = leaving.one_off(
            work, lives.office.now(), ASSESS, lives.book(), DEAD, reason="死亡", happened=date(2026, 2, 20), day=date(2026, 4, 15), evidence="死亡证明 3",
        )  # fmt: skip
        work.commit()
    lives.accepted(gone)
    lives.office.actor = REVIEWER


def account_total(lives: Lives, who: str, month: Month) -> int:
    """Fen of the residents' account as the account page says it."""
    with lives.office.reading() as connection:
        return page.page(connection, lives.book(), who, month).total


def settled_year(lives: Lives) -> None:
    """200 yuan paid in January 2026, the year closed and its interest accepted, January 2027 open."""
    lives.register(people(FARMER, benefit_status="", first_month=202601, start_month=None))
    lives.contribute("2026-01-05", {(FARMER, "own"): 20000})
    lives.open_through("2027-01")
    lives.close("2025-12", *(f"2026-{month:02d}" for month in range(1, 13)))
    with lives.unit() as work:
        made = interest.propose(work, lives.office.now(), ASSESS, lives.book(), 2026, "人社厅公布")
        work.commit()
    lives.accepted(made)
    lives.office.actor = REVIEWER
