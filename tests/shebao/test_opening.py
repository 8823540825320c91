"""Founding an office, and opening balances that prove before anybody signs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import templates
from books.statements import balance_sheet
from controls import cashier, periods, vouchers
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, WeakPassword
from controls.opening_gate import OpeningProved
from controls.sessions import sign_in, write_file
from controls.vouchers import Draft
from ledger import accounts, balances
from ledger.db import reading, sqlite_url
from ledger.errors_posting import AlreadyBooked, PeriodNotOpen
from ledger.funds import Fund
from ledger.months import Month
from shebao.cli import run
from shebao.opening import Founded, MidYearOpening, OpeningUnproved, chart_rows, found_office, propose_opening
from shebao.proposals import enter_event
from shebao.store import NoOffice, Office, OfficeExists
from shebao.verification import verify_store

PASSWORD = "correct horse battery"
STAFF = {"zhao": ("赵会计", "BOOKKEEP"), "sun": ("孙主管", "CHECK"), "li": ("李稽核", "AUDIT")}
DECEMBER = Month(2025, 12)
HEADER = "科目编号,科目名称,借方余额,贷方余额,银行账号\n"
GOOD = HEADER + "100301,活期存款,900.00,,6200001\n1004,支出户存款,100.00,0,6200002\n200109,其他暂收款,,30.00,\n3001,一般基金结余,,970.00,\n"
YEAR = "科目编号,科目名称,借方余额,贷方余额,年初借方余额,年初贷方余额,本年累计借方,本年累计贷方\n"
GOOD_YEAR = (
    YEAR + "100301,活期存款,1300.00,,900.00,,500.00,100.00\n3001,一般基金结余,,1300.00,,900.00,,\n"
    "420101,存款利息,,,,,,500.00\n50010109,未分来源,,,,,100.00,\n"
)  # fmt: skip


def people(folder: Path, **changed: Any) -> Path:
    rows = [{"user": user, "name": name, "duties": [duty], "password": PASSWORD} for user, (name, duty) in STAFF.items()]
    rows[0].update(changed)
    file = folder / "people.yaml"
    file.write_text(yaml.safe_dump({"people": rows}, allow_unicode=True), encoding="utf-8")
    return file


def founded(home: Path, url: str | None = None, opened: Month = DECEMBER, own: Path | None = None, **changed: Any) -> Founded:
    file = people(home.parent, **changed)
    name = "云岭县社会保险事业服务中心"
    return found_office(home, code="yunling", name=name, region="620821", funds=[Fund.E, Fund.R], opened=opened, people=file, url=url, own=own)


def signed_in(home: Path, user: str) -> Office:
    """The office with somebody signed in."""
    office = Office(home)
    with office.unit() as work:
        opened = sign_in(work, office.now(), user, PASSWORD)
        work.commit()
    write_file(home, opened)
    assert office.actor.user == user
    return office


def propose(home: Path, text: str, user: str = "zhao") -> tuple[list[Draft], list[str]]:
    file = home.parent / "期初.csv"
    file.write_text(text, encoding="utf-8")
    return propose_opening(signed_in(home, user), Fund.R, file)


def test_an_office_is_founded_whole(store_url: str, tmp_path: Path) -> None:
    """L2: one book a fund with its own chart, people with their duties, the first month open, and everything proves itself."""
    home = tmp_path / "office"
    made = founded(home, store_url)
    assert [(book.fund, book.opened) for book, _ in made.books] == [(Fund.E, DECEMBER), (Fund.R, DECEMBER)]
    assert made.people == 3
    office = Office(home)
    with reading(office.store) as connection:
        charts = [accounts.accounts_of(connection, book.book_id) for book, _ in made.books]
        assert [len(chart) for chart in charts] == [count for _, count in made.books]
        assert [one.month for one in periods.states(connection, 2)] == [DECEMBER]
    assert "50010109" in charts[1] and "50010109" not in charts[0]
    assert [result.text for result in verify_store(office) if not result.ok] == []
    assert (home.stat().st_mode & 0o077) == 0


def test_an_existing_office_is_not_overwritten(tmp_path: Path) -> None:
    """SB6002: neither a directory nor a database that holds an office is founded again, and nothing in it changes."""
    home = tmp_path / "office"
    founded(home)
    before = (home / "shebao.toml").read_bytes()
    with pytest.raises(OfficeExists):
        founded(home)
    with pytest.raises(OfficeExists):
        founded(tmp_path / "other", sqlite_url(home / "shebao.db"))
    assert (home / "shebao.toml").read_bytes() == before
    assert not (tmp_path / "other" / "shebao.toml").exists()


def test_no_office_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SB6001: a command on a directory without an office ends with 2 and names the remedy."""
    with pytest.raises(NoOffice):
        Office(tmp_path)
    with pytest.raises(SystemExit) as ending:
        run(["--home", str(tmp_path / "none"), "voucher", "list"])
    assert ending.value.code == 2
    assert "SB6001" in capsys.readouterr().err


def test_a_founding_that_fails_can_be_repeated(tmp_path: Path) -> None:
    """A refused password leaves no office behind; the same directory is founded once the people file is mended."""
    home, own = tmp_path / "office", tmp_path / "own"
    (own / "charts").mkdir(parents=True)
    (own / "charts" / "README.txt").write_text("本单位", encoding="utf-8")
    with pytest.raises(WeakPassword):
        founded(home, own=own, password="short")
    assert not (home / "shebao.toml").exists()
    assert founded(home, own=own).people == 3
    assert templates.roots()[0] == home / "templates"


def test_opening_balances_prove_and_are_posted(store_url: str, tmp_path: Path) -> None:
    """K1, K2: the trial balance becomes one 期初 voucher that a second person reviews; balances then equal the file, bank accounts kept apart."""
    home = tmp_path / "office"
    founded(home, store_url)
    (draft,), proofs = propose(home, GOOD)
    assert (draft.state, draft.maker, draft.entry.kind, draft.entry.event, draft.entry.period) == ("made", "zhao", "期初", "OPENING", DECEMBER)
    assert [proof[:2] for proof in proofs] == ["K1", "K2"]
    assert "1,000.00" in proofs[1] and "970.00" in proofs[1]
    assert {line.account: dict(line.dimension).get("bank_account", "") for line in draft.entry.lines}["100301"] == "6200001"
    with pytest.raises(AlreadyBooked):
        propose(home, GOOD)
    office = signed_in(home, "sun")
    with office.unit() as work:
        vouchers.review(work, office.now(), office.actor, 2, draft.voucher_id)
        work.commit()
    office = signed_in(home, "zhao")
    with office.unit() as work:
        receipt = vouchers.post(work, office.now(), office.actor, 2, draft.voucher_id)
        work.commit()
    with reading(office.store) as connection:
        ends = balances.closing_balances(balances.movements(connection, 2))
    assert ends == {"100301": 90000, "1004": 10000, "200109": -3000, "3001": -97000}
    assert receipt.number == 1
    assert [result.text for result in verify_store(office) if not result.ok] == []


UNPROVED = {
    "a fen too little": (GOOD.replace("970.00", "969.99"), "K1.*0.01"),
    "results not closed": (GOOD.replace("200109,其他暂收款,,30.00,", "420101,存款利息,,30.00,"), "K10.*30.00"),
    "a parent account": (GOOD.replace("1004,", "1003,"), "第 3 行 1003 不是末级科目"),
    "an account of another fund": (GOOD.replace("1004,", "1202,"), "第 3 行 1202"),
    "no amount": (GOOD.replace("100.00,0", "十元,0"), "第 3 行.*十元"),
}


def test_a_trial_balance_that_does_not_prove_is_refused(tmp_path: Path) -> None:
    """SB6101: a fen too little, results not closed, a parent or unknown account, an unreadable amount: refused with the line, nothing proposed."""
    home = tmp_path / "office"
    founded(home)
    for text, said in UNPROVED.values():
        with pytest.raises(OpeningUnproved, match=said):
            propose(home, text)
    with reading(Office(home).store) as connection:
        assert vouchers.drafts(connection, 2) == []


def test_only_an_accountant_opens(tmp_path: Path) -> None:
    """C5: SB3001 for 稽核 and the reviewer; the voucher that was laid down with it is undone."""
    home = tmp_path / "office"
    founded(home)
    for user in ("li", "sun"):
        with pytest.raises(NotAllowed):
            propose(home, GOOD, user)
    with reading(Office(home).store) as connection:
        assert vouchers.drafts(connection, 2) == []


def test_books_taken_over_within_a_year(tmp_path: Path) -> None:
    """K1, K7: a mid-year start brings the year's opening in December and the movements so far in the month taken over."""
    home = tmp_path / "office"
    founded(home, opened=Month(2026, 3))
    drafts, proofs = propose(home, GOOD_YEAR)
    assert [(draft.entry.source_key, draft.entry.period, draft.entry.debit) for draft in drafts] == [
        ("opening", DECEMBER, 90000),
        ("opening:year", Month(2026, 3), 60000),
    ]
    assert any(proof.startswith("K7") and "400.00" in proof for proof in proofs)
    with reading(Office(home).store) as connection:
        assert [str(one.month) for one in periods.states(connection, 2)] == ["2025-12", "2026-01", "2026-02", "2026-03"]


UNPROVED_YEAR = {
    "movements": (GOOD_YEAR.replace("420101,存款利息,,,,,,500.00", "420101,存款利息,,,,,,499.99"), "K1.*本年累计"),
    "year opening": (GOOD_YEAR.replace("100301,活期存款,1300.00,,900.00", "100301,活期存款,1300.01,,900.01"), "K1.*年初"),
    "closing": (GOOD_YEAR.replace("3001,一般基金结余,,1300.00", "3001,一般基金结余,,1299.00"), "K7.*3001"),
    "results left": (GOOD_YEAR.replace("420101,存款利息,,", "420101,存款利息,,500.00"), "K10.*420101"),
}


def test_a_mid_year_trial_balance_that_does_not_prove_is_refused(tmp_path: Path) -> None:
    """SB6102, SB6101: without the year's columns, or with columns that do not lead from one to the other, nothing is taken over."""
    home = tmp_path / "office"
    founded(home, opened=Month(2026, 3))
    with pytest.raises(MidYearOpening, match="年初借方余额"):
        propose(home, GOOD)
    for text, said in UNPROVED_YEAR.values():
        with pytest.raises(OpeningUnproved, match=said):
            propose(home, text)
    with reading(Office(home).store) as connection:
        assert vouchers.drafts(connection, 2) == []


def test_a_month_taken_over_as_proved_takes_nothing_else(tmp_path: Path) -> None:
    """SB3320: once the opening is booked, no voucher goes into its month or before it, through the year's movements where it came within a year."""
    for opened, table, late in ((DECEMBER, GOOD, "2025-12-20"), (Month(2026, 3), GOOD_YEAR, "2026-02-20")):
        home = tmp_path / str(opened) / "office"
        home.parent.mkdir()
        founded(home, opened=opened)
        drafts, _ = propose(home, table)
        office, sun = signed_in(home, "zhao"), signed_in(home, "sun")
        early = enter(office, late, "before")  # nothing is proved so far, but nothing will be booked of it later either
        book_all(office, sun, drafts)
        with pytest.raises(OpeningProved):
            book_all(office, sun, [early])
        with pytest.raises(OpeningProved, match=str(opened)):
            enter(office, late, "after")
        with office.unit() as work:
            periods.open_next(work, office.now(), sun.actor, 2)
            work.commit()
        assert enter(office, f"{opened + 1}-05", "next").entry.period == opened + 1


def test_the_opening_comes_before_the_first_closing(tmp_path: Path) -> None:
    """SB1302: a trial balance for a closed opening month is refused as such; a next month opened before it changes nothing."""
    home = tmp_path / "office"
    founded(home)
    office = signed_in(home, "sun")
    with office.unit() as work:
        periods.open_next(work, office.now(), office.actor, 2)
        work.commit()
    drafts, _ = propose(home, GOOD)
    assert [draft.entry.source_key for draft in drafts] == ["opening"]
    zhao, sun = signed_in(home, "zhao"), signed_in(home, "sun")
    book_all(zhao, sun, drafts)
    for step, who in ((periods.propose, zhao), (periods.confirm, sun)):
        with who.unit() as work:
            step(work, who.now(), who.actor, accounts.book_of(work.connection, Fund.R), DECEMBER)  # type: ignore[operator]
            work.commit()
    with pytest.raises(PeriodNotOpen, match="2025-12"):
        propose(home, GOOD)


def enter(office: Office, day: str, receipt: str) -> Draft:
    """Interest of one yuan."""
    return enter_event(
        office, event="I1", fund="R", day=day, amounts={"amount": "1"}, details={"into": "1003"}, evidence=receipt, receipt="", attachments=1, summary=None,
    )  # fmt: skip


def book_all(zhao: Office, sun: Office, drafts: list[Draft]) -> None:
    """Vouchers without cash reviewed and posted."""
    for draft in drafts:
        for who, step in ((sun, vouchers.review), (zhao, vouchers.post)):
            with who.unit() as work:
                if step is vouchers.post and draft.cash:
                    cashier.sign(work, who.now(), Actor("han", "韩出纳", frozenset({Duty.CASHIER})), draft.book_id, draft.voucher_id)
                step(work, who.now(), who.actor, draft.book_id, draft.voucher_id)  # type: ignore[operator]
                work.commit()


def test_a_provincial_unit_has_the_lines_of_its_level(tmp_path: Path) -> None:
    """tier province: the chart has 1202 and not 110101, and 会社保01 has the lines of that level; a county has it the other way round."""
    codes = {tier: {row.code for row in chart_rows(Fund.E, Month(2026, 1), tier)} for tier in ("county", "province")}
    assert "1202" in codes["province"] and "1202" not in codes["county"] and "110101" in codes["county"] - codes["province"]
    lines = {tier: {line.code for line in balance_sheet(Fund.E, Month(2026, 1), {}, [], tier=tier).lines} for tier in ("county", "province")}
    assert "A.1202" in lines["province"] - lines["county"]
    found_office(
        tmp_path / "office", code="sheng", name="某省社会保险事业管理局", region="620000", funds=[Fund.E], opened=Month(2025, 12), people=people(tmp_path),
        url=None, tier="province",
    )  # fmt: skip
    with reading(Office(tmp_path / "office").engine) as connection:
        (book,) = accounts.books(connection)
        assert book.tier == "province" and "1202" in accounts.accounts_of(connection, book.book_id)


def test_two_bank_accounts_of_one_account_add_up(tmp_path: Path) -> None:
    """K1: the rows of one account's bank accounts are summed and booked each with its bank account; the same row twice is refused."""
    home = tmp_path / "office"
    founded(home)
    two = GOOD.replace("100301,活期存款,900.00,,6200001", "100301,活期存款,400.00,,6200001\n100301,活期存款,500.00,,6200003")
    ((draft,), proofs) = propose(home, two)
    assert [(line.amount, dict(line.dimension)["bank_account"]) for line in draft.entry.lines[:2]] == [(40000, "6200001"), (50000, "6200003")]
    assert "K2 期初资产 1,000.00 元 = 负债 30.00 元 + 净资产 970.00 元" in proofs
    with pytest.raises(OpeningUnproved, match="第 3 行 100301 已有一行"):
        propose(home, two.replace("6200003", "6200001"))


def test_a_row_names_the_account_its_code_stands_for(tmp_path: Path) -> None:
    """SB6101: a code under another first-level account's name, a code above the leaves and a table without a figure are refused and say what to write."""
    home = tmp_path / "office"
    founded(home)
    with pytest.raises(OpeningUnproved, match=r"编号 100301 .*“支出户存款”（1004）"):
        propose(home, GOOD.replace("100301,活期存款", "100301,支出户存款"))
    with pytest.raises(OpeningUnproved, match=r"1003 不是末级科目.*100301 活期存款、100302 定期存款"):
        propose(home, GOOD.replace("100301", "1003"))
    with pytest.raises(OpeningUnproved, match="没有一个金额"):
        propose(home, HEADER)


MEDICAL_YEAR = (
    YEAR + "100301,活期存款,1270.00,,900.00,,370.00,\n300101,统筹基金,,950.00,,700.00,,\n300102,个人账户基金,,250.00,,200.00,,\n"
    "40010101,当期,,,,,,250.00\n40010201,当期,,,,,,50.00\n4601,待转社会保险费收入,,70.00,,,,70.00\n"
)  # fmt: skip


def test_medical_books_are_taken_over_within_a_year(tmp_path: Path) -> None:
    """K7, K9: the year's result goes to 统筹 and 个人账户 each by itself, and what waits in 4601 stays there until December."""
    home = tmp_path / "office"
    found_office(
        home, code="yb", name="云岭县医保局", region="620821", funds=[Fund.ME], opened=Month(2026, 3), people=people(tmp_path), url=None,
    )  # fmt: skip
    office, file = signed_in(home, "zhao"), tmp_path / "期初.csv"
    file.write_text(MEDICAL_YEAR, encoding="utf-8")
    drafts, proofs = propose_opening(office, Fund.ME, file)
    assert len(drafts) == 2 and any("K7 本年累计结余 300.00 元" in proof for proof in proofs)
    file.write_text(MEDICAL_YEAR.replace(",950.00,", ",930.00,").replace(",250.00,,200", ",270.00,,200"), encoding="utf-8")
    with pytest.raises(OpeningUnproved, match=r"K7.*年初加本年累计得 -950.00 元"):
        propose_opening(office, Fund.ME, file)
