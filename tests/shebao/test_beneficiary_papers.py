"""`shebao beneficiary`: forms say what they should, prove themselves, and refuse what they cannot tell."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from controls import persons
from controls.intake import register
from shebao.beneficiaries import UnknownForm, stamp
from shebao.beneficiary_forms import reprint
from shebao.cli import execute
from tests.controls.payment_desk import someone, taken
from tests.ledger.person_store import row, table
from tests.shebao.person_account_desk import ASSESS, REVIEWER, number
from tests.shebao.record_desk import CLERK, Lives

ANN, SOON = number(1), "620821196603090243"
DAY = "2026-02-01T09:00:00+08:00"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """An office with an account whose holder died, and somebody who turns sixty in March."""
    made = Lives(tmp_path_factory.mktemp("beneficiaries") / "office")
    made.contribute("2026-01-05", {(ANN, "own"): 20000, (ANN, "subsidy_county"): 3000})
    made.hire(CLERK)
    rows = row(1, "安一", number=ANN), row(2, "宋二", number=SOON, birth=date(1966, 3, 9), sex="女", benefit_status="", start_month=None)
    known = table(*rows).append_column("certified_on", pa.array([None, None], pa.date32()))
    with made.unit() as work:
        file = register.take(work, made.home, taken(known, "people", "人员.csv"), someone("zhang"), DAY, source="业务系统", as_of=date(2026, 2, 1))
        persons.load(work, made.home, CLERK, DAY, file.file_id)
        work.commit()
    return made


class Said:
    """Runs a command as somebody and keeps what was said."""

    def __init__(self, office: Lives, patch: pytest.MonkeyPatch, caught: pytest.CaptureFixture[str]) -> None:
        self.office, self.patch, self.caught = office, patch, caught

    def __call__(self, actor: object, *words: str, status: int = 0) -> str:
        from shebao.store import Office

        with self.patch.context() as patched:
            patched.setattr(Office, "actor", property(lambda self: actor))
            ended = execute(["--home", str(self.office.home), *words])
        told = self.caught.readouterr()
        assert ended == status, told
        return told.out + told.err


@pytest.fixture
def said(office: Lives, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Commands in the office."""
    return Said(office, monkeypatch, capsys)


def proved(said: Said, folder: Path) -> None:
    """Every PDF of the folder is what the books give."""
    papers = sorted(folder.glob("*.pdf"))
    assert papers
    for paper in papers:
        assert "全部成立" in said(REVIEWER, "verify", str(paper))


def test_coming_of_age_and_its_notice(said: Said, tmp_path: Path) -> None:
    """The list masks, the notice names its one person in full and is a recorded reading; both prove themselves."""
    words = ("--fund", "R", "--from", "2026-02", "--months", "3")
    listed = json.loads(said(CLERK, "beneficiary", "coming", *words, "--out", str(tmp_path), "--json"))
    assert [(one["reached"], one["first_due"], one["name"], SOON in json.dumps(one)) for one in listed] == [("2026-03", "2026-04", "宋*", False)]
    before = len(said.office.trail("read.reveal"))
    assert "待遇领取通知表.pdf" in said(CLERK, "beneficiary", "notice", f"P{listed[0]['person']}", *words, "--out", str(tmp_path))
    assert len(said.office.trail("read.reveal")) == before + 1
    assert "SB6331" in said(CLERK, "beneficiary", "notice", ANN, *words, "--out", str(tmp_path), status=2)
    proved(said, tmp_path)


def test_who_must_be_certified(said: Said, tmp_path: Path) -> None:
    """Who draws since 2010 without a certification is late; the next step names the command; pausing is for 认证经办 alone."""
    told = said(REVIEWER, "beneficiary", "due", "--fund", "R", "--period", "2026-02", "--out", str(tmp_path))
    assert "在领 1 人：逾期 1 人" in told and "beneficiary pause --fund R --period 2026-02" in told and ANN not in told
    assert "SB3001" in said(CLERK, "beneficiary", "pause", "--fund", "R", "--period", "2026-02", status=3)
    proved(said, tmp_path)


def test_settlement_at_death(said: Said, tmp_path: Path) -> None:
    """The settlement shows every step and what is paid, says that no termination was reviewed, and only a one-off payment has one."""
    said(ASSESS, "person-account", "one-off", ANN, "--fund", "R", "--reason", "死亡", "--happened", "2026-01-20", "--date", "2026-02-05", "--evidence", "证明1")
    assert "待遇结算单.pdf" in said(REVIEWER, "beneficiary", "settlement", "1", "--fund", "R", "--out", str(tmp_path))
    assert "SB3204" in said(REVIEWER, "beneficiary", "settlement", "99", "--fund", "R", "--out", str(tmp_path), status=2)
    correct = ("person-account", "correct", number(5), "--fund", "R", "--part", "个人缴费=1", "--period", "2026-02", "--reason", "录错", "--evidence", "说明1")
    assert "由另一人审核" in said(CLERK, *correct)
    assert "SB6332" in said(REVIEWER, "beneficiary", "settlement", "2", "--fund", "R", "--out", str(tmp_path), status=2)
    proved(said, tmp_path)


def test_a_form_that_is_none_of_ours(office: Lives) -> None:
    """SB6330 for a kind or parameters that the program does not print."""
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month

    with office.office.reading() as connection:
        book = accounts.book_of(connection, Fund.R)
        for given in ({"form": "verdict"}, {"form": "coming_of_age"}, {"form": "roster_changes", "roster": "x", "knowledge": "0", "entry": "0"}):
            mark = stamp(connection, book, "2026-02", "2026-02-01", **given)
            with pytest.raises(UnknownForm):
                reprint(office.office, connection, book, Month(2026, 2), mark)
