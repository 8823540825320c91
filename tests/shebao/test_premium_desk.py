"""A claim from the list to the ledger: prepared by one, reviewed by another, money held against it, given back by year, proved by verify and on paper."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from controls import vouchers
from controls.closing_checks import before_closing
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from controls.premiums import claim_rows, claim_store
from controls.premiums.errors import AmountDiffers, ClaimState, ComesWithClaim, ListMissing, NoSuchClaim, PaidByClaim
from ledger import accounts, posted
from ledger.funds import Fund
from ledger.months import Month
from shebao import premium_desk
from shebao.cli import execute
from shebao.premium_booking import Arrival, book
from shebao.proposals import compose, from_subsidies
from shebao.verification import verify_paper, verify_store
from tests.controls.payment_desk import someone
from tests.shebao.premium_office import ENTITLED_HEAD, HEAD, PEOPLE_HEAD, PERSON, REGISTRAR, Premiums, enrolled, entitled, fee
from tests.shebao.small_office import legs

AS_OF = date(2026, 1, 31)


@pytest.fixture
def office(tmp_path: Path) -> Premiums:
    """Six people entitled (four 低保, two 特困), of whom five are enrolled."""
    made = Premiums(tmp_path / "office")
    made.list("entitled", ENTITLED_HEAD, *(entitled(n) for n in range(4)), *(entitled(n, "特困") for n in (4, 5)), as_of="2026-01-10")
    made.list("people", PEOPLE_HEAD, *(enrolled(n) for n in range(5)), source="社保", as_of="2026-01-10")
    return made


def prepared(office: Premiums) -> claim_rows.Claim:
    """The claim of 2026."""
    return premium_desk.prepare(office.registrar(), Fund.R, 2026, AS_OF)


def reviewed(office: Premiums) -> claim_rows.Claim:
    """The claim, reviewed."""
    made = prepared(office)
    with office.unit() as work:
        done = claim_store.review(work, office.office.now(), someone("li"), made.book_id, made.claim_id)
        work.commit()
    return done


def test_lists_must_be_there(tmp_path: Path) -> None:
    """SB3215: without the list of people nothing is claimed."""
    bare = Premiums(tmp_path / "office")
    with pytest.raises(ListMissing):
        prepared(bare)


def test_two_people_and_default_deny(office: Premiums) -> None:
    """Only a registrar or assessor prepares, only the 股室负责人 reviews, and never the person who prepared."""
    with pytest.raises(NotAllowed):
        premium_desk.prepare(office.of("zhao"), Fund.R, 2026, AS_OF)
    made = prepared(office)
    assert (made.state, made.persons, made.fen, made.left_out) == ("prepared", 5, 50000, 1)
    with office.unit() as work, pytest.raises(NotAllowed):
        claim_store.review(work, office.office.now(), REGISTRAR, made.book_id, made.claim_id)
    both = Actor("ma", "马登记", frozenset({Duty.HANDLE_REGISTER, Duty.REVIEW}))
    with office.unit() as work, pytest.raises(SamePerson):
        claim_store.review(work, office.office.now(), both, made.book_id, made.claim_id)


def test_states_go_one_way(office: Premiums) -> None:
    """SB3217, SB3218: no claim of that number; no review twice; a withdrawn one is not paid, and its people can be claimed anew."""
    made = reviewed(office)
    with office.unit() as work, pytest.raises(ClaimState):
        claim_store.review(work, office.office.now(), someone("li"), made.book_id, made.claim_id)
    with office.unit() as work, pytest.raises(NoSuchClaim):
        claim_store.review(work, office.office.now(), someone("li"), made.book_id, 9)
    with office.unit() as work:
        claim_store.withdraw(work, office.office.now(), REGISTRAR, made.book_id, made.claim_id, "名单有更新")
        work.commit()
    with pytest.raises(ClaimState):
        premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="县", day=date(2026, 2, 3), fen=38000, document="县财1")
    assert prepared(office).claim_id == 2


def test_money_is_held_against_the_claim(office: Premiums) -> None:
    """K13: a payer's money must be the claim's, person by person; it is booked to 4001-政府代缴 with the rows, once, and the checklist shows both sides."""
    made = reviewed(office)
    with pytest.raises(AmountDiffers):
        premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="县", day=date(2026, 2, 3), fen=38001, document="县财1")
    county = premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="县", day=date(2026, 2, 3), fen=38000, document="县财1")
    province = premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="省", day=date(2026, 2, 4), fen=12000, document="省财1")
    assert [(account, fen) for account, _, fen in legs(county)] == [("100301", 38000), ("40010301", 38000)]
    with pytest.raises(ClaimState):
        premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="县", day=date(2026, 2, 3), fen=10000, document="县财2", category="特困")
    office.book_all([county, province])
    with office.of("zhao").reading() as connection:
        rows = list(posted.contributions(connection, made.book_id, county.entry.contribution_source or 0))
        checks = before_closing(connection, accounts.book_of(connection, Fund.R), Month(2026, 2))
    assert rows == sorted(
        [(PERSON[n], "government_paid", 202600, 7000, "40010301") for n in range(4)] + [(PERSON[4], "government_paid", 202600, 10000, "40010301")]
    )
    assert any(check.code == "K13" and check.ok and "500.00" in check.text for check in checks)
    with office.unit() as work, pytest.raises(ClaimState):
        claim_store.withdraw(work, office.office.now(), REGISTRAR, made.book_id, made.claim_id, "名单有更新")
    file = office.list("contributions", HEAD, fee(0, "政府代缴", "100", "2026-02-05", level="县"))
    with pytest.raises(PaidByClaim):
        book(office.of("zhao"), file, Fund.R, Arrival())
    assert all(result.ok for result in verify_store(office.office)), [r for r in verify_store(office.office) if not r.ok]


def test_a_claims_money_is_not_booked_from_the_list_of_fiscal_money_too(office: Premiums) -> None:
    """SB3224, whichever comes first; other amounts of 代缴 in the list are booked as they were."""
    made = reviewed(office)
    head = "险种,级次,指标文号,用途,金额,到账日期"
    listed = office.take("subsidies", head, "R,县,县财9,代缴保费,380,2026-02-03")
    with pytest.raises(ComesWithClaim):
        from_subsidies(office.of("zhao"), listed)
    other = office.take("subsidies", head, "R,县,县财8,代缴保费,70,2026-02-03")
    assert [one.entry.event for one in from_subsidies(office.of("zhao"), other)] == ["C6"]
    with office.unit() as work:
        entry = compose(
            "C6", Fund.R, date(2026, 2, 3), {"amount/政府代缴": 12000}, {"level": "省级"}, authority="指标文 1",
            source_key="subsidy:省财3:代缴:省级:2026-02-03", documents=("paper:省财3:代缴:省级:2026-02-03",),
        )  # fmt: skip
        vouchers.propose(work, office.office.now(), None, made.book_id, entry)
        work.commit()
    with pytest.raises(ComesWithClaim):
        premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="省", day=date(2026, 2, 4), fen=12000, document="省财1")


def test_premiums_are_given_back_by_year(office: Premiums) -> None:
    """A refund list books this year's money off 4001 and last year's to 5401, with negative rows; a person is given back once."""
    file = office.list(
        "contributions", HEAD, fee(0, "政府代缴", "100", "2026-01-09", level="县"), fee(6, "政府代缴", "100", "2026-01-09", level="县"),
        fee(7, "政府代缴", "100", "2025-12-20", level="省"),
    )  # fmt: skip
    office.book_all(book(office.of("zhao"), file, Fund.R, Arrival()))
    back = premium_desk.prepare(office.registrar(), Fund.R, 2026, AS_OF, "back")
    assert (back.kind, back.persons, back.fen) == ("back", 2, 20000)
    with office.unit() as work:
        claim_store.review(work, office.office.now(), someone("li"), back.book_id, back.claim_id)
        work.commit()
    made = premium_desk.refund(office.of("zhao"), Fund.R, back.claim_id, day=date(2026, 2, 10), document="退费1")
    assert {d.entry.event: legs(d) for d in made} == {
        "C12": [("40010301", "D", 10000), ("1004", "C", 10000)], "C13": [("540101", "D", 10000), ("1004", "C", 10000)],
    }  # fmt: skip
    office.book_all(made)
    assert premium_desk.due(office.registrar(), Fund.R, 2026, AS_OF, "back").drawn.persons == 0
    assert all(result.ok for result in verify_store(office.office)), [r for r in verify_store(office.office) if not r.ok]


def test_papers_prove_themselves(office: Premiums, capsys: pytest.CaptureFixture[str]) -> None:
    """The claim's and the month's PDF are printed again byte for byte; lists are masked; nothing in full without a trail record."""
    made = reviewed(office)
    office.sign_in("li")
    out = office.folder / "out"
    assert execute(["--home", str(office.home), "premium", "print", str(made.claim_id), "--out", str(out)]) == 0
    office.sign_in("ma")
    assert execute(["--home", str(office.home), "premium", "zeroing", "--fund", "R", "--month", "2026-01", "--lists", "5", "--out", str(out)]) == 1
    told = capsys.readouterr().out
    assert PERSON[0] not in told and "未清零 6 人" in told
    for file in sorted(out.glob("*.pdf")):
        assert all(result.ok for result in verify_paper(office.of("li"), file)), file.name
    assert execute(["--home", str(office.home), "premium", "zeroing", "--fund", "R", "--month", "2026-01", "--lists", "5", "--reveal"]) == 1
    assert PERSON[0] in capsys.readouterr().out
    assert any(record.thing == "premium-zeroing:R:2026-01" for record in office.trail("read.reveal"))


def test_the_month_is_zero_when_everybody_is_paid_for(office: Premiums, capsys: pytest.CaptureFixture[str]) -> None:
    """Zero is proved by an identity: on the list = paid for + nobody pays + open."""
    office.list("people", PEOPLE_HEAD, *(enrolled(n) for n in range(6)), source="社保", as_of="2026-01-12")
    office.list("contributions", HEAD, *(fee(n, "政府代缴", "100", "2026-01-09", level="县") for n in range(6)), source="税务", as_of="2026-01-15")
    office.sign_in("ma")
    assert execute(["--home", str(office.home), "premium", "zeroing", "--fund", "R", "--month", "2026-01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["zero"] and "在册 6 人 = 已代缴 6 人" in told["proof"]


def test_claim_money_is_seen_before_the_file_of_finance(office: Premiums, capsys: pytest.CaptureFixture[str]) -> None:
    """Money held against a claim counts as paid in the month of its voucher; the printed month stays what it was when more is booked; no file doubles it."""

    def proof(month: str, *words: str) -> str:
        office.sign_in("ma")
        execute(["--home", str(office.home), "premium", "zeroing", "--fund", "R", "--month", month, *words])
        return capsys.readouterr().out

    made = reviewed(office)
    out = office.folder / "out"
    assert "已代缴 0 人" in proof("2026-02", "--out", str(out))
    county = premium_desk.receive(office.of("zhao"), Fund.R, made.claim_id, payer="县", day=date(2026, 2, 3), fen=38000, document="县财1")
    assert "已代缴 0 人" in proof("2026-02")
    office.book_all([county])
    assert "在册 6 人 = 已代缴 5 人" in proof("2026-02") and "已代缴 0 人" in proof("2026-01")
    assert all(result.ok for result in verify_paper(office.of("li"), next(out.glob("*.pdf"))))
    office.list("contributions", HEAD, *(fee(n, "政府代缴", "100", "2026-02-04", level="县") for n in range(5)), source="财政", as_of="2026-02-20")
    assert "在册 6 人 = 已代缴 5 人" in proof("2026-02")
    assert premium_desk.due(office.registrar(), Fund.R, 2026, date(2026, 2, 28), "back").drawn.persons == 0


def test_a_month_before_the_first_lists(office: Premiums, capsys: pytest.CaptureFixture[str]) -> None:
    """December's report is made from the first lists, says that they stand for a later day, and is printed again byte for byte."""
    office.sign_in("ma")
    out = office.folder / "out"
    assert execute(["--home", str(office.home), "premium", "zeroing", "--fund", "R", "--month", "2025-12", "--out", str(out)]) == 1
    told = capsys.readouterr().out
    assert "特殊群体名单（民政）截至 2026-01-10，晚于本月末" in told and "在册 6 人" in told
    assert all(result.ok for result in verify_paper(office.of("li"), next(out.glob("*.pdf"))))


def test_commands_from_list_to_voucher(office: Premiums, capsys: pytest.CaptureFixture[str]) -> None:
    """due, claim, claims, show, review, receive, plan and book run for the people whose work they are."""

    def run(user: str, *words: str) -> str:
        office.sign_in(user)
        assert execute(["--home", str(office.home), "premium", *words]) == 0, capsys.readouterr()
        return capsys.readouterr().out

    assert "5 人" in run("ma", "due", "--year", "2026", "--as-of", "2026-01-31")
    assert "第 1 号代缴清册" in run("ma", "claim", "--year", "2026", "--as-of", "2026-01-31")
    assert "待审核" in run("li", "claims")
    assert PERSON[0] not in run("li", "show", "1", "--lines", "3")
    assert "已审核" in run("li", "review", "1")
    assert "已制单" in run("zhao", "receive", "1", "--payer", "县", "--date", "2026-02-03", "--amount", "380", "--document", "县财1")
    file = office.list("contributions", HEAD, fee(0, "个人", "300", "2026-01-08"))
    assert "40010101" in run("zhao", "plan", str(file), "--fund", "R")
    assert "共 1 张" in run("zhao", "book", str(file), "--fund", "R")
