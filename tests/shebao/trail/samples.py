"""Stores in which every table under the chain holds something: what the tests of tampering work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyotp
import sqlalchemy as sa

from controls import attachments, businesses, sessions, vouchers
from controls.account_changes import changes
from controls.approvals import store as approvals
from controls.budgets import documents
from controls.duties import Duty
from controls.handovers import store as handovers
from controls.redactions import store as redactions
from controls.relatives import declared
from controls.signin import passwords, totp
from ledger import accounts
from ledger.funds import Fund
from ledger.months import Month
from ledger.tables import chain_salt
from shebao import bank_papers
from tests.audit import swept_office
from tests.controls.benefits.test_award_store import worked as awarded
from tests.controls.payment_desk import NOW, PASSWORD, desk, someone
from tests.controls.rosters.test_roster_proof import work_all as rosters_worked
from tests.controls.voucher_desk import ZHAO, received
from tests.controls.voucher_desk import office as voucher_office
from tests.granting import STEPS, given
from tests.ledger.person_store import number
from tests.shebao import (
    test_verification,
    test_verification_chain,
    test_verification_journals,
    test_verification_persons,
    test_verification_premiums,
    test_verification_registers,
)
from tests.shebao.small_office import JANUARY, Small


@dataclass(frozen=True)
class Store:
    """A store and the folder of its office."""

    engine: sa.Engine
    home: Path


def books(url: str, folder: Path) -> Store:
    """Two months of books with their vouchers, sub-ledgers and a closing."""
    office = test_verification.office_at(folder / "office", url)
    return Store(office.engine, office.home)


def papers(url: str, folder: Path) -> Store:
    """Vouchers with attachments, one of them taken off again, a posted receipt, one sent back, and two of one business."""
    office = voucher_office(url)
    drafts = [office.propose(received(fen, source=f"doc-{fen}")) for fen in (1, 2, 3, 4, 5)]
    for place, draft in enumerate(drafts[:3]):
        office.make(draft)
        for paper in (1, 2):
            file = folder / f"{place}{paper}.pdf"
            file.write_bytes(b"%PDF-1.7 " + file.name.encode())
            office.step(vouchers.attach, ZHAO, 1, draft.voucher_id, [attachments.store(folder, file)])
    office.step(vouchers.detach, ZHAO, 1, drafts[1].voucher_id, 2, "附错了")
    office.step(vouchers.detach, ZHAO, 1, drafts[0].voucher_id, 2, "重复")
    office.review(drafts[0])
    office.post(drafts[0])
    office.reject(drafts[3])
    office.step(businesses.declare, ZHAO, 1, [drafts[1].voucher_id, drafts[2].voucher_id])
    return Store(office.engine, folder)


def payment(url: str, folder: Path) -> Store:
    """A month paid through the whole chain, signed on its approval form, with seals and keys, grants and a hand-over; accounts changed, a year budgeted."""
    small = Small(folder / "office")
    test_verification_chain.work_a_payment(small)
    with small.unit() as work:
        book = accounts.book_of(work.connection, Fund.R)
        signed = len(approvals.signatures(work.connection, approvals.PAYMENT, book.book_id, 1))
        for user in ("zhao", "sun", "wang", "jin")[signed:]:
            approvals.sign_payment(work, NOW, someone(user), 1)
        for code, name in (("10030201", "甲行定期"), ("10030202", "乙行定期"), ("10030203", "丙行定期")):
            changes.open_detail(work, small.office.now(), someone("zhao"), book, code, name, JANUARY.first_day, "新开")
        changes.confirm(work, small.office.now(), someone("sun"), book.book_id, [1, 2])
        changes.reject(work, small.office.now(), someone("sun"), book.book_id, 3, "再等等")
        _budgeted(work, book.book_id)
        work.commit()
    for giver, receiver in (("zhou", "zhao"), ("sun", "zhao")):
        made = bank_papers.make_handover(small.of(giver), receiver, f"{giver} 调离")
        for user, role in ((receiver, "receiver"), ("sun" if giver == "zhou" else "jin", "supervisor")):
            with small.unit() as work:
                handovers.sign(work, NOW, someone(user), made.handover_no, role)
                work.commit()
    return Store(small.office.engine, small.home)


def redacted(url: str, folder: Path) -> Store:
    """The trail of an office in which texts were destroyed by law, twice, and once refused."""
    small = Small(folder / "office")
    with small.unit() as work:
        asked = sa.select(chain_salt.c.seq).distinct().order_by(chain_salt.c.seq)
        records = list(work.connection.execute(asked).scalars())
        for place, confirmed in enumerate((True, True, False)):
            made = redactions.ask(work, NOW, someone("tao"), "unlawful", f"误写{place}", seqs=[records[place]])
            redactions.decide(work, NOW, someone("jin"), made.redaction_no, confirmed=confirmed, note="" if confirmed else "仍须保存")
        work.commit()
    return Store(small.office.engine, small.home)


def _budgeted(work: object, book_id: int) -> None:
    lines = frozenset({"1.4101", "2.5001"})
    for year, reason in ((2026, ""), (2027, "")):
        one = documents.draft(work, NOW, someone("zhao"), book_id, "budget", year, [("1.4101", 2000), ("2.5001", 1000)], reason=reason, allowed=lines)  # type: ignore[arg-type]
        documents.review(work, NOW, someone("sun"), book_id, one.number)  # type: ignore[arg-type]
        documents.approve(work, NOW, someone("jin"), book_id, one.number, f"县财社〔{year}〕5号")  # type: ignore[arg-type]
    documents.draft(work, NOW, someone("zhao"), book_id, "adjustment", 2026, [("2.5001", 500)], reason="提标", allowed=lines)  # type: ignore[arg-type]


def rosters(url: str, folder: Path) -> Store:
    """Held lines cleared and supplemented, a failed payment released again, a roster expired, freezes."""
    office = rosters_worked(url, folder / "home")
    return Store(office.engine, office.home)


def people(url: str, folder: Path) -> Store:
    """Requests for duties, relatives, passwords, second factors, sessions and fresh proofs, two of each."""
    office = desk(url, folder / "home")
    start = datetime.fromisoformat(NOW)
    with office.unit() as work:
        given(work, NOW, "li", Duty.HEAD, date(2026, 1, 15))
        for place, (user, who, name) in enumerate((("li", "11010519491231002X", "甲二"), ("wang", number(3), "甲三"))):
            made = declared.declare(work, NOW, someone(user), "lineal", who, name)
            declared.step(work, NOW.replace("09:00:00", f"09:00:0{place}"), STEPS[0][1], made.relative_id, "confirm")
        passwords.change(work, NOW, someone("zhang"), PASSWORD, "another horse entirely")
        passwords.change(work, NOW, someone("qian"), PASSWORD, "a third horse entirely")
        work.commit()
    for turn, user in enumerate(("wang", "jin")):
        later = start + timedelta(seconds=90 + 600 * turn)
        with office.unit() as work:
            clock = pyotp.parse_uri(totp.enrol(work, NOW, someone(user)))
            assert isinstance(clock, pyotp.TOTP)
            codes = totp.confirm(work, NOW, someone(user), clock.at(start))
            sessions.sign_in(work, later.isoformat(timespec="seconds"), user, PASSWORD, clock.at(later))
            opened = sessions.sign_in(work, (later + timedelta(seconds=1)).isoformat(timespec="seconds"), user, PASSWORD, codes[0])
            work.commit()
        sessions.write_file(office.home, opened)
        with office.unit() as work:
            again = later + timedelta(seconds=120)
            sessions.prove(work, again.isoformat(timespec="seconds"), office.home, someone(user), clock.at(again))
            work.commit()
    return Store(office.engine, office.home)


def journals(url: str, folder: Path) -> Store:
    """A bank journal and a cash journal, lines struck, days closed, cash counted."""
    return Store(test_verification_journals.work(url).engine, folder)


def registers(url: str, folder: Path) -> Store:
    """A register whose rows were entered, corrected and closed."""
    return Store(test_verification_registers.worked(url).engine, folder)


def premiums(url: str, folder: Path) -> Store:
    """Premium claims, reviewed and withdrawn."""
    return Store(test_verification_premiums.worked(url).engine, folder)


def persons(url: str, folder: Path) -> Store:
    """A register of persons with changes of every kind."""
    office = test_verification_persons.work(url, folder / "home")
    return Store(office.desk.engine, folder / "home")


def awards(url: str, folder: Path) -> Store:
    """Awards assessed, reviewed and sent back."""
    office = awarded(url, folder / "home")
    return Store(office.engine, office.home)


def person_accounts(url: str, folder: Path) -> Store:
    """Person accounts opened, and a year's interest settled."""
    from controls.person_accounts import opening
    from tests.shebao.person_account_desk import REGISTER, Accounts
    from tests.shebao.test_person_accounts_property import PEOPLE, Game

    game = Game(Accounts(folder / "office"), 1)
    file = folder / "期初.csv"
    file.write_text(f"证件号码,个人缴费\n{PEOPLE[0]},1000\n{PEOPLE[1]},500\n", encoding="utf-8")
    read = opening.read(file)
    game.act(lambda work, now: opening.propose(work, now, REGISTER, game.office.book(), read, Month(2025, 12), persons=2, total=150000, evidence="清册"))
    game.year_end()
    return Store(game.office.office.engine, game.office.home)


def swept(url: str, folder: Path) -> Store:
    """Two sweeps with leads found, changed, gone and back, and what two auditors concluded of two of them."""
    return Store(swept_office.worked(url, folder).desk.engine, folder / "home")


SAMPLES: dict[str, Callable[[str, Path], Store]] = {
    one.__name__: one for one in (books, papers, payment, redacted, rosters, people, journals, registers, premiums, persons, awards, person_accounts, swept)
}  # fmt: skip
