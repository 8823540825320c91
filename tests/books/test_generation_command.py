"""`shebao books` on a store: from posted entries to a proved book, on both databases, and back against the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controls import people
from controls.duties import Duty
from controls.sessions import sign_in, write_file
from ledger import accounts, chain, posted
from ledger.db import UnitOfWork, reading
from ledger.posting import Signed, post
from shebao import migrate
from shebao.cli import main, run
from shebao.store import Office, write_settings
from tests.books.sample_books import BOOK, JANUARY, chart, entry

PASSWORD = "books-2026-reader"
PEOPLE = Signed("u-kuaiji", "u-zhuguan", "u-kuaiji")


@pytest.fixture
def home(tmp_path: Path, store_url: str) -> Path:
    """An office with one book and two posted entries."""
    folder = tmp_path / "office"
    write_settings(folder, store_url, code=BOOK.unit_code, name=BOOK.unit_name, region="620821")
    office = Office(folder)
    migrate.upgrade(office.engine)
    with UnitOfWork(office.engine) as work:
        accounts.open_unit(work, BOOK.unit_code, BOOK.unit_name, "620821")
        accounts.open_book(work, 1, BOOK.unit_code, BOOK.fund, BOOK.chart, JANUARY, chart())
        post(work, 1, entry(("100301", "D", 10_000_000), ("3001", "C", 10_000_000), source="opening"), PEOPLE, "2026-01-01T09:00:00+08:00")
        post(work, 1, entry(("1005", "D", 123_456), ("400101", "C", 123_456), source="tax-1", summary='收到"保费"\n'), PEOPLE, "2026-01-06T09:00:00+08:00")
        people.bootstrap(work, office.now(), [people.NewPerson("shen", "审计员", (Duty.AUDITOR,), PASSWORD)])
        opened = sign_in(work, office.now(), "shen", PASSWORD)
        work.commit()
    write_file(folder, opened)
    office.engine.dispose()
    return folder


def call(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "books", *words], catch_exceptions=False, standalone_mode=False)


def test_books_are_written_and_checked_from_the_store(home: Path) -> None:
    """B1, B2: `write` proves the book against the store and says where it lies; `check` then finds nothing and ends with 0."""
    written = call(home, "write", "--json")
    (report,) = json.loads(written.stdout)
    assert (report["book"], report["entries"], report["balances_compared"], report["bean_check"], report["problems"]) == ("620821/R", 2, 4, "", [])
    assert Path(report["folder"]) == home.absolute() / "books" / "620821" / "R"
    about = json.loads((Path(report["folder"]) / "manifest.json").read_text(encoding="utf-8"))
    with Office(home).reading() as connection:
        assert (about["trail_seq"], about["trail_hash"]) == chain.head(connection)
    checked = call(home, "check")
    assert checked.return_value == 0
    assert "无发现" in checked.stdout


def test_check_finds_an_edited_book(home: Path) -> None:
    """A figure edited in the book is shown in Chinese, and the exit status is 1."""
    call(home, "write", "--fund", "居保")
    file = home / "books" / "620821" / "R" / "2026" / "2026-01.beancount"
    file.write_text(file.read_text(encoding="utf-8").replace("1234.56 CNY", "1234.57 CNY"), encoding="utf-8")
    checked = call(home, "check", "--fund", "R")
    assert checked.return_value == 1
    assert "账簿 1,234.57 元，账套 1,234.56 元" in checked.stdout


def test_check_without_a_book_is_a_finding(home: Path) -> None:
    """Before anything was written, the check says which command to run and ends with 1."""
    checked = call(home, "check", "--json")
    assert checked.return_value == 1
    assert json.loads(checked.stdout)[0]["problems"][0]["kind"] == "missing"


def test_a_book_elsewhere_and_through_a_month(home: Path, tmp_path: Path) -> None:
    """`--out` puts the books elsewhere; `--through` stops at a month, and the check reads the same months."""
    out = tmp_path / "给审计"
    written = call(home, "write", "--out", str(out), "--through", "2025-12", "--json")
    assert json.loads(written.stdout)[0]["entries"] == 0
    assert call(home, "check", "--out", str(out)).return_value == 0


def test_an_unknown_fund_and_a_bad_month_are_unusable(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text that is no fund or no month ends with status 2 and its code; nothing is written."""
    for words, code in ((["--fund", "养鸡"], "SB1003"), (["--through", "2026-13"], "SB1002")):
        with pytest.raises(SystemExit) as ended:
            run(["--home", str(home), "books", "write", *words])
        assert ended.value.code == 2
        assert code in capsys.readouterr().err
    assert not (home / "books").exists()


def test_the_door_of_fava_leads_nowhere(home: Path) -> None:
    """C5: what is written into the books, as Fava's editor would, changes nothing in the store; the check finds it, the next writing takes it away."""
    call(home, "write", "--fund", "居保")
    before = _content(home)
    file = home / "books" / "620821" / "R" / "2026" / "2026-01.beancount"
    written = file.read_text(encoding="utf-8")
    file.write_text(f'{written}\n2026-01-31 * "加一笔"\n  Assets:1005国库存款   1.00 CNY\n  Income:4201利息收入  -1.00 CNY\n', encoding="utf-8")
    assert call(home, "check", "--fund", "R").return_value == 1
    assert _content(home) == before and before[1]
    call(home, "write", "--fund", "居保")
    assert file.read_text(encoding="utf-8") == written
    assert call(home, "check", "--fund", "R").return_value == 0


def _content(home: Path) -> tuple[object, ...]:
    """The trail's head and every entry of the store."""
    with reading(Office(home).engine) as connection:
        return chain.head(connection), [(one.entry_id, one.entry) for one in posted.entries(connection, BOOK.book_id)]
