"""A supplement (补充规定) is only files: an account, an event with its case and a statement line, seen by date, in books opened before and after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from books.statement_supplements import statements_on
from books.statements import balance_sheet
from controls import vouchers
from controls.account_changes import changes
from controls.duties import Actor, Duty
from ledger import accounts, balances
from ledger.chart import Chart
from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.errors_posting import AccountNotUsable
from ledger.event_file import load_events
from ledger.funds import Fund
from ledger.lawfile import BadLawFile
from ledger.months import Month
from ledger.standard_cases import load_cases
from shebao.proofs import cross_foots
from shebao.proposals import compose
from shebao.store import Office
from tests.shebao.test_opening import founded

HEAD = "document: 虚构的补充规定\nvalid_from: 2026-07-01\nvalid_to: null\nreference: 测试用假定\n"
FILES = {
    "charts/supplement-2026.yaml": HEAD + """supplement: 虚构〔2026〕1号
supplements: 28-2018
national: true
additions:
  - parent: ""
    accounts:
      - {code: "1006", name: 归集户存款, side: D, element: asset, reference: 虚构一}
      - {code: "4502", name: 归集补偿收入, side: C, element: income, reference: 虚构二, funds: [R]}
""",
    "events/supplement-2026.yaml": HEAD + """events:
  - code: S1
    name_zh: 收到归集补偿
    name_en: compensation collected
    reference: 虚构二
    voucher: 转
    summary: "{period}收到归集补偿"
    funds: [R]
    amounts: {amount: {zh: 金额}}
    legs:
      - {side: D, account: "1006", amount: amount}
      - {side: C, account: "4502", amount: amount}
""",
    "standard/cases/supplement-2026.yaml": HEAD + """cases:
  - {name: 归集补偿, event: S1, fund: R, amounts: {amount: 700}, legs: [D 1006 700, C 4502 700]}
  - {name: 归集补偿限于居保, event: S1, fund: E, amounts: {amount: 700}, refuses: SB1022}
""",
    "statements/supplement-2026.yaml": HEAD + """supplement: 虚构〔2026〕1号
supplements: 28-2018
lines:
  - form: balance_sheet
    after: A.1005
    into: [A.total]
    line: {code: A.1006, label: 归集户存款, level: 1, side: left, mode: closing_debit, accounts: ["1006"], reference: 虚构一}
  - form: income_statement
    after: "1.4501"
    into: ["1"]
    line: {code: "1.4502", label: 归集补偿收入, level: 1, mode: credit, accounts: ["4502"], funds: [R], reference: 虚构二}
""",
}  # fmt: skip
JUNE, JULY = Month(2026, 6), Month(2026, 7)
NOW = "2026-07-31T09:00:00+08:00"
ZHAO = Actor("zhao", "赵会计", frozenset({Duty.BOOKKEEP}))
SUN = Actor("sun", "孙主管", frozenset({Duty.CHECK}))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The office's own folder with the four files."""
    folder = tmp_path / "own"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def an_office(home: Path, own: Path, opened: Month) -> Office:
    home.parent.mkdir(parents=True, exist_ok=True)
    founded(home, opened=opened, own=own)
    return Office(home)


def booked(office: Office, made: Entry) -> None:
    """Through the whole chain into the book of fund R."""
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.R).book_id
        now = office.now()
        draft = vouchers.propose(work, now, ZHAO, book, made)
        vouchers.make(work, now, ZHAO, book, draft.voucher_id)
        vouchers.review(work, now, SUN, book, draft.voucher_id)
        vouchers.post(work, now, ZHAO, book, draft.voucher_id)
        work.commit()


def compensation(day: date, source: str) -> Entry:
    return compose("S1", Fund.R, day, {"amount": 70_000}, {}, authority="补偿通知", source_key=source, documents=[f"paper:{source}"])


def seen(office: Office, month: Month) -> tuple[int | None, list[str]]:
    """The new line on 会社保01 (None where it is not there), and what the closing checks find wrong."""
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.R)
        moved = balances.movements(work.connection, book.book_id, month)
        checks = cross_foots(work.connection, book, month, ("1006",), before=True)
    lines = {line.code: line.closing for line in balance_sheet(Fund.R, month, {}, moved).lines}
    return lines.get("A.1006"), [check.text for check in checks if check.stops]


def test_the_files_join_what_is_shipped(tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chart, events, cases and statements know the supplement from its day, and only then; its cases hold like the standard's."""
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(own))
    chart = Chart.load("28-2018", "R")
    assert chart.account("1006", JULY.first_day).origin == "standard"
    with pytest.raises(Refusal) as early:
        chart.account("1006", JUNE.last_day)
    assert early.value.code == "SB1012"
    assert load_events()["S1"].reference == "虚构二"
    added = [case for case in load_cases() if case.event == "S1"]
    assert [case.trouble() for case in added] == ["", ""] and len(load_cases()) > 200
    before, after = (statements_on(month.last_day) for month in (JUNE, JULY))
    assert "A.1006" not in {line.code for line in before.balance_lines(Fund.R)}
    codes = [line.code for line in after.balance_lines(Fund.R)]
    assert codes[codes.index("A.1006") - 1] == "A.1005"
    assert "A.1006" in next(line for line in after.balance_lines(Fund.R) if line.code == "A.total").lines
    assert [("1.4502" in {line.code for line in after.income_lines(fund)}) for fund in (Fund.R, Fund.E)] == [True, False]


def test_a_book_opened_before_sees_it_by_date(tmp_path: Path, own: Path) -> None:
    """An old book takes the account in from its day: June refuses it, July books it, and only July's statement has the line; K1–K10 hold in both."""
    office = an_office(tmp_path / "old" / "office", own, JULY)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.R)
        assert "1006" not in accounts.accounts_of(work.connection, book.book_id)
        taken = changes.take_supplements(work, NOW, ZHAO, book, "虚构〔2026〕1号")
        changes.confirm(work, NOW, SUN, book.book_id, [one.change_id for one in taken])
        work.commit()
    with pytest.raises(Refusal) as early:
        compensation(JUNE.last_day, "六月")
    assert early.value.code in ("SB1012", "SB1013")
    booked(office, compensation(JULY.first_day, "七月"))
    assert seen(office, JUNE) == (None, [])
    assert seen(office, JULY) == (70_000, [])


def test_the_account_is_not_there_before_its_day(tmp_path: Path, own: Path) -> None:
    """L6, SB1306: what names the account without the template is refused when it is posted in June."""
    office = an_office(tmp_path / "old" / "office", own, JULY)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.R)
        taken = changes.take_supplements(work, NOW, ZHAO, book, "虚构〔2026〕1号")
        changes.confirm(work, NOW, SUN, book.book_id, [one.change_id for one in taken])
        work.commit()
    made = compensation(JULY.first_day, "早")
    june = Entry(JUNE, JUNE.last_day, made.summary, made.lines, made.authority, made.source_key, made.event)
    with pytest.raises(AccountNotUsable):
        booked(office, june)


def test_a_book_opened_after_has_it_at_once(tmp_path: Path, own: Path) -> None:
    """A book opened after the day is opened with the account, and its first statement has the line."""
    office = an_office(tmp_path / "new" / "office", own, Month(2026, 12))
    december = Month(2026, 12)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.R)
        assert accounts.accounts_of(work.connection, book.book_id)["1006"].valid_from == "2026-07-01"
    booked(office, compensation(december.last_day, "十二月"))
    assert seen(office, december) == (70_000, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("after: A.1005", "after: A.9999"), ("into: [A.total]", "into: [A.nought]"), ("code: A.1006", "code: A.1005"), ("funds: [R]", "tier: county"),
        ("lines:", "rows:"),
    ],
    ids=["no place", "no sum", "a code twice", "no form", "unknown key"],
)  # fmt: skip
def test_a_wrong_supplement_is_refused(own: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """SB1011: a line without its place, sum, own code or form, or an unknown key, is refused with the file's name."""
    file = own / "statements" / "supplement-2026.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(own))
    with pytest.raises(BadLawFile, match="supplement-2026"):
        statements_on(JULY.last_day)
