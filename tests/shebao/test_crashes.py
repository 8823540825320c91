"""What a hostile hand may bring from outside ends as a coded refusal: settings, files, disks, databases, numbers, texts, terminals."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from controls import bankfile, periods, sessions, vouchers
from controls.intake import contracts
from ledger import db, lawfile
from ledger.db import BadStoreAddress, StoreFailed, StoreUnreachable, UnitOfWork, open_engine, reading, store_trouble
from ledger.errors_posting import BadTransition
from ledger.lawfile import BadLawFile
from shebao import cli
from shebao.cli import execute
from shebao.cli.foreseen import MOST, Reason, foreseen
from tests.controls.payment_desk import PASSWORD
from tests.shebao.small_office import Small

UNIT = '[unit]\ncode = "a"\nname = "b"\nregion = "620821"\n'
URL = '[database]\nurl = "sqlite:///{home}/shebao.db"\n'


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """An office of one's own."""
    return Small(tmp_path / "office")


@pytest.fixture
def refused(small: Small, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command in the office that must be refused without a traceback; gives what was said."""

    def run(status: int, code: str, *words: str) -> str:
        capsys.readouterr()
        ended = execute(["--home", str(small.home), *words])
        said = capsys.readouterr().err
        assert ended == status and f"[{code}]" in said and "Traceback" not in said, said
        assert "SB6999" not in said
        return said

    return run


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01\x02", b"= = =", b"\xff\xfe\x00garbage", UNIT.encode(), URL.encode(), b"database = 3\nunit = 4\n",
        (UNIT + "[database]\nurl = 5\n").encode(),
        (UNIT + '[database]\nurl = ""\n').encode(), (UNIT + URL).encode("utf-16"), ("a = " + "[" * 5000).encode(), ("a = " + "9" * 5000).encode(),
    ],
)  # fmt: skip
def test_settings_that_are_none(small: Small, refused: Callable[..., str], content: bytes) -> None:
    """SB6006: shebao.toml that is empty, no text, no TOML or lacks a key is refused, and names the file."""
    (small.home / "shebao.toml").write_bytes(content)
    for words in (["whoami"], ["upgrade"], ["--lang", "en", "whoami"]):
        assert "shebao.toml" in refused(2, "SB6006", *words)


@pytest.mark.parametrize(
    "url", ["mysql://u:geheim@h/d", "postgresql://u:geheim@h/d", "nothing", "://", "postgresql+psycopg://u:geheim@h:abc/d", "sqlite://", "sqlite://etc/x.db"]
)
def test_addresses_of_no_database(small: Small, refused: Callable[..., str], url: str) -> None:
    """SB1203: a URL of another kind is refused without printing the password that it may hold."""
    (small.home / "shebao.toml").write_text(f'{UNIT}[database]\nurl = "{url}"\n', encoding="utf-8")
    assert "geheim" not in refused(2, "SB1203", "whoami")
    with pytest.raises(BadStoreAddress):
        open_engine(url)


def test_init_with_a_wrong_address_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SB1203 and SB1011 at init: no directory is left behind."""
    people = tmp_path / "people.yaml"
    people.write_text("people: []\n", encoding="utf-8")
    words = ["--home", str(tmp_path / "new"), "init", "--unit", "甲", "--unit-code", "a", "--region", "620821", "--opened", "2025-12", "--people", str(people)]
    assert execute([*words, "--db", "mysql://h/d"]) == 2
    people.write_bytes(b"\xff\xfe: [")
    assert execute(words) == 2
    said = capsys.readouterr().err
    assert "[SB1203]" in said and "[SB1011]" in said and not (tmp_path / "new").exists()


def test_a_server_that_is_down(small: Small, refused: Callable[..., str]) -> None:
    """SB1201: every command, reading or writing, says that the server does not answer."""
    (small.home / "shebao.toml").write_text(f'{UNIT}[database]\nurl = "postgresql+psycopg://u:geheim@127.0.0.1:1/d"\n', encoding="utf-8")
    for words in (["whoami"], ["upgrade"], ["login", "zhao", "--password-file", str(small.home / "shebao.toml")], ["verify"]):
        said = refused(3, "SB1201", *words)
        assert "geheim" not in said and "127.0.0.1" in said


def test_a_database_that_is_damaged(small: Small, refused: Callable[..., str]) -> None:
    """SB1201: a file that is no database is refused by readers and writers."""
    small.office.engine.dispose()
    for other in small.home.glob("shebao.db*"):
        other.unlink()
    (small.home / "shebao.db").write_bytes(b"no database at all, by any means" * 200)
    refused(3, "SB1201", "whoami")
    refused(3, "SB1201", "upgrade")


def test_a_database_that_is_locked(small: Small, monkeypatch: pytest.MonkeyPatch, refused: Callable[..., str]) -> None:
    """SB1202: when another program keeps the write lock beyond the timeout, the command ends with a code and nothing is written."""
    small.sign_in("zhao")
    monkeypatch.setattr(db, "BUSY_SECONDS", 0)
    other = sqlite3.connect(small.home / "shebao.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    words = ["voucher", "enter", "--event", "I1", "--fund", "E", "--date", "2026-01-20", "--amount", "1", "--evidence", "利息1", "--detail", "into=1003"]
    assert "locked" in refused(3, "SB1202", *words)
    other.rollback()
    other.close()
    assert execute(["--home", str(small.home), *words]) == 0


def test_trouble_while_reading_and_writing(small: Small) -> None:
    """SB1202: a driver's error inside a unit or a reading becomes the refusal; a wrong statement stays what it is."""
    engine = small.office.engine
    readonly = ("PRAGMA query_only = ON", "DELETE FROM shebao_period")
    for opened in (UnitOfWork, reading):
        with pytest.raises(StoreFailed, match="readonly"), opened(engine) as work:
            connection = work.connection if isinstance(work, UnitOfWork) else work
            for statement in readonly:
                connection.exec_driver_sql(statement)
        with pytest.raises(sa.exc.OperationalError, match="no such table"), opened(engine) as work:
            (work.connection if isinstance(work, UnitOfWork) else work).exec_driver_sql("SELECT * FROM no_table")
    assert store_trouble(ValueError("x")) is None


def test_a_server_that_goes(store_url: str) -> None:
    """SB1202: a PostgreSQL session that is ended from outside is the store's trouble; SB1201 when its database is gone."""
    engine = open_engine(store_url)
    if engine.dialect.name == "sqlite":
        assert isinstance(foreseen(sqlite3.OperationalError("x"), []), type(None))
        return
    with pytest.raises(StoreFailed), UnitOfWork(engine) as work:
        work.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(StoreFailed), reading(engine) as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(StoreUnreachable), reading(open_engine(store_url + "_gone")):
        pass


@pytest.mark.parametrize(
    "content", [b"a: [", b"a: \x00", b"\xff\xfe\xff", b"a: {b: c: d}", b"? [a]\n: b", b"- &x [*x]", b"on: 2026-02-31", b"[" * 100_000, b"", b"- 1"]
)
def test_data_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """SB1011: an office's own data file that is no YAML, no text or no such thing is refused, by file and place."""
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "county.yaml").write_bytes(content)
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    with pytest.raises(BadLawFile, match=r"county\.yaml"):
        lawfile.read(lawfile.LawFile, "parameters/county.yaml")


def test_an_office_with_a_broken_data_file(small: Small, refused: Callable[..., str]) -> None:
    """SB1011: commands that need the office's broken file are refused and name it."""
    small.sign_in("zhao")
    (small.home / "templates" / "parameters" / "county.yaml").write_bytes(b"values: [\x00")
    said = refused(2, "SB1011", "voucher", "enter", "--event", "C1", "--fund", "G", "--date", "2026-01-20", "--amount", "1", "--evidence", "1")
    assert "county.yaml" in said
    own = small.home / "templates" / contracts.FOLDER / "roster.yaml"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"a: [")
    roster = small.folder / "roster.csv"
    roster.write_text("序号\n1\n", encoding="utf-8")
    small.sign_in("zhang")
    assert "roster.yaml" in refused(2, "SB1011", "import", "roster", str(roster))


def test_files_that_cannot_be_written(small: Small, refused: Callable[..., str]) -> None:
    """SB6009: an output below a file, or too long a name, is refused by name, in Chinese and English."""
    small.sign_in("zhao")
    inside = small.home / "shebao.toml" / "papers"
    said = refused(2, "SB6009", "statements", "--fund", "R", "--period", "2026-01", "--out", str(inside))
    assert "shebao.toml" in said and "不是目录" in said
    assert "Not a directory" in refused(2, "SB6009", "--lang", "en", "statements", "--fund", "R", "--period", "2026-01", "--out", str(inside))
    assert "名称过长" in refused(2, "SB6009", "books", "write", "--fund", "R", "--out", str(small.folder / ("长" * 200)))


def test_a_bank_file_into_a_missing_folder(tmp_path: Path) -> None:
    """SB6009: the refusal names the file asked for, not the part that is written first."""
    with pytest.raises(FileNotFoundError) as wrong:
        bankfile._write(tmp_path / "none" / "bank.csv", b"x")
    told = foreseen(wrong.value, [])
    assert told is not None and told.facts["file"] == str(tmp_path / "none" / "bank.csv") and (told.code, told.status) == ("SB6009", 2)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EISDIR, errno.EDQUOT, errno.EIO])
def test_every_trouble_with_files_has_its_word(number: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """SB6009: full, read-only, forbidden …; where the system names no file, the command's --out is named."""

    def fail(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(cli.main, "main", fail)
    assert execute(["books", "write", "--out", "账簿"]) == 2
    assert "[SB6009] 文件 账簿 无法读写" in capsys.readouterr().err


@pytest.mark.parametrize("crash", [OSError("none"), OSError(errno.EBADF, "x"), ValueError("x"), KeyError("x"), RecursionError("x")])
def test_mistakes_of_the_program_stay_so(crash: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """SB6999: what is nobody's disk or database is not dressed up."""

    def fail(**_: object) -> None:
        raise crash

    monkeypatch.setattr(cli.main, "main", fail)
    assert execute(["errors"]) == 70
    assert "Traceback" in capsys.readouterr().err


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [((*path, name), command)]
    return found


WHOLE = [(path, param) for path, command in commands(cli.main) for param in command.params if param.type.name.startswith("integer")]


@pytest.mark.parametrize(("path", "param"), WHOLE, ids=lambda item: " ".join(item) if isinstance(item, tuple) else item.name)
def test_whole_numbers_are_bounded(path: tuple[str, ...], param: click.Parameter) -> None:
    """SB6007: no number passes that a database cannot hold, below nought, or in another script."""
    if path[0] == "demo":
        return
    for value in (str(2**31), str(2**63), "-1", "9" * 6000, "x", "1_0", "１", "1.5", ""):
        with pytest.raises(click.BadParameter):
            param.type.convert(value, param, None)
    assert param.type.convert(str(MOST), param, None) == MOST


def test_numbers_too_large(small: Small, refused: Callable[..., str]) -> None:
    """SB6007 and SB6201: numbers beyond what is stored are refused before anything is opened."""
    small.sign_in("zhao")
    for words in (["voucher", "from-tax", str(2**63)], ["roster", "show", str(2**31)], ["export", "payments", str(2**64), "--out", "x.csv"]):
        assert "整数" in refused(2, "SB6007", *words)
    enter = ["voucher", "enter", "--event", "I1", "--fund", "E", "--date", "2026-01-20", "--amount", "1", "--evidence", "a"]
    for value in ("-1", str(2**63)):
        assert "--attachments" in refused(2, "SB6007", *enter, "--attachments", value)
    for label in (f"1-{2**63}", f"{2**31}-1", "²-1", "１-１"):
        refused(2, "SB6201", "voucher", "show", label)


@pytest.mark.parametrize("word", ["a\0b", "\udcff", "理由\ud800"])
def test_texts_that_cannot_be_stored(refused: Callable[..., str], word: str) -> None:
    """SB6008: NUL and lone surrogates are refused wherever they stand, before the command runs."""
    for words in (["login", word], ["period", "unlock", "--fund", "R", "--period", "2026-01", "--reason", word], ["import", "deaths", word], [word]):
        refused(2, "SB6008", *words)
    said = refused(2, "SB6008", "--lang", "en", "files", "--kind", word)
    assert "Word 7 of the command line" in said.splitlines()[0] and "U+" in said


def test_passwords_that_are_no_text(small: Small, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SB6008: a binary password, by file or standard input, is refused; it counts as no attempt."""
    file = tmp_path / "password"
    for content in (b"\xff\xfe\x80", b"a\0b"):
        file.write_bytes(content)
        assert "密码文件" in refused(2, "SB6008", "login", "zhao", "--password-file", str(file))
    with file.open("w+b") as raw:
        raw.write(b"\xff\n")
    with file.open(encoding="utf-8") as given:
        monkeypatch.setattr(sys, "stdin", given)
        refused(2, "SB6008", "login", "zhao", "--password-stdin")
    assert small.trail("session.refused") == []


@pytest.mark.parametrize("content", [b"\xff\x00", b"[" * 200_000, b"[]", b'{"token": ' + b"9" * 5000 + b"}", b'{"token": "\\ud800"}', b"", b'{"token": 3}'])
def test_session_files_that_are_none(small: Small, refused: Callable[..., str], content: bytes) -> None:
    """SB3004, SB3007: a damaged session file means nobody is signed in; signing in writes a good one."""
    file = small.home / sessions.FILE
    file.write_bytes(content)
    file.chmod(0o600)
    damaged = content[:1] != b"{" or b"999" in content
    refused(3, "SB3007" if damaged else "SB3004", "whoami")
    password = small.folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    assert execute(["--home", str(small.home), "login", "zhao", "--password-file", str(password)]) == 0
    assert execute(["--home", str(small.home), "whoami"]) == 0


@pytest.mark.skipif(os.name == "nt", reason="modes of directories")
def test_a_session_file_that_is_a_directory(small: Small, refused: Callable[..., str]) -> None:
    """SB3007, SB3008, SB6009: a directory in its place signs nobody in, and no session is left open in the store."""
    (small.home / sessions.FILE).mkdir(mode=0o700)
    refused(3, "SB3007", "whoami")
    (small.home / sessions.FILE).chmod(0o755)
    refused(3, "SB3008", "whoami")
    password = small.folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    assert "session.json" in refused(2, "SB6009", "login", "zhao", "--password-file", str(password))
    assert small.trail("session.open") == []


def test_a_session_file_that_cannot_be_written(small: Small, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """SB6009: in a read-only home nobody is signed in by half: the store keeps no session."""

    def fail(home: Path, _: object) -> None:
        raise OSError(errno.EROFS, "read-only", str(home / "session.json"))

    monkeypatch.setattr(sessions, "write_file", fail)
    password = small.folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    assert "只读" in refused(2, "SB6009", "login", "zhao", "--password-file", str(password))
    assert small.trail("session.open") == []


@pytest.mark.parametrize("reason", ["", " ", "\u3000\u3000", "\u200b", "。", "--"])
def test_reasons_that_say_nothing(small: Small, refused: Callable[..., str], reason: str) -> None:
    """SB6007: whoever is asked why must say something, at every command."""
    small.sign_in("zhao")
    asked = [
        ["period", "unlock", "--fund", "R", "--period", "2026-01"], ["voucher", "reject", "1-1"], ["roster", "sendback", "1"], ["roster", "withdraw", "1"],
        ["roster", "answer", "1", "--rule", "A"], ["bankfile", "comeback", "1", "--seq", "1", "--date", "2026-01-20"],
    ]  # fmt: skip
    for words in asked:
        assert "原因不能为空" in refused(2, "SB6007", *words, f"--reason={reason}")
    refused(2, "SB6007", "period", "propose", "--fund", "R", "--period", "2026-01", "--explain", f"1005={reason}")
    options = [(words, param) for words, command in commands(cli.main) for param in command.params if param.name == "reason" and param.required]
    assert [words for words, param in options if not isinstance(param.type, Reason)] == []
    assert len(options) >= len(asked)


def test_months_the_book_never_had(small: Small, refused: Callable[..., str]) -> None:
    """SB6302: no paper and no checklist of a month that the book does not have; nothing is written."""
    small.sign_in("zhao")
    out = small.folder / "papers"
    for month in ("1999-01", "2025-11", "2031-01"):
        assert month in refused(2, "SB6302", "statements", "--fund", "R", "--period", month, "--out", str(out))
        refused(2, "SB6302", "reconcile", "--fund", "R", "--account", "1004", "--period", month, "--file-id", "1", "--out", str(out))
        refused(2, "SB6302", "period", "check", "--fund", "R", "--period", month)
    assert not out.exists()


def test_english_refusals_are_english(small: Small, refused: Callable[..., str]) -> None:
    """SB1308, SB3102: states, steps and reasons that a refusal quotes are English in English."""
    small.sign_in("sun")
    said = refused(3, "SB1308", "--lang", "en", "period", "unlock", "--fund", "R", "--period", "2026-01", "--reason", "x")
    assert "from open to open: only a locked month" in said.splitlines()[0]
    draft = small.enter("I1", "2026-01-20", "1", "利息1", fund="E", details={"into": "1003"})
    small.sign_in("zhao")
    for wrong, part in ((("SB3102", "post"), "is made; it cannot be posted now"), (("SB3102", "make"), "is made; it cannot be made now")):
        assert part in refused(3, wrong[0], "--lang", "en", "voucher", wrong[1], draft.label)
    for state in [*periods.STATES.values(), *vouchers.STATES.values(), "未启用"]:
        assert BadTransition(period="", old=state, new=state, why=state).text("en").isascii()


def shell(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process of its own under other settings of the terminal."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    house = str(Path(cli.__file__).resolve().parent.parent.parent)
    return subprocess.run([sys.executable, "-m", "shebao", *words], cwd=folder, env={**keep, "PYTHONPATH": house, **settings}, capture_output=True, check=False)


TERMINALS = [
    {"LANG": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONIOENCODING": "gbk"},
]  # fmt: skip


@pytest.mark.parametrize("settings", TERMINALS, ids=str)
def test_terminals_that_lack_chinese(small: Small, settings: dict[str, str]) -> None:
    """Help, refusals, tables and a file with a Chinese name: printed or escaped, never a crash."""
    (small.folder / "死亡名单.csv").write_text("姓名\n张三\n", encoding="utf-8")
    assert shell(small.folder, "--help", **settings).returncode == 0
    told = shell(small.folder, "voucher", "events", **settings)
    assert told.returncode == 0 and (told.stdout.count(b"\\u") > 50) == (settings.get("PYTHONIOENCODING") == "cp1252"), told.stderr
    small.sign_in("qian")
    for words in (["--home", "office", "import", "deaths", "死亡名单.csv"], ["--home", "没有", "whoami"]):
        ended = shell(small.folder, *words, **settings)
        assert ended.returncode in {2, 3} and b"Traceback" not in ended.stderr and b"[SB" in ended.stderr and b"SB6999" not in ended.stderr, ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_output(tmp_path: Path) -> None:
    """SB6009: when standard output cannot be written, the status says so."""
    with open("/dev/full", "wb") as full:
        house = str(Path(cli.__file__).resolve().parent.parent.parent)
        ended = subprocess.run(
            [sys.executable, "-m", "shebao", "errors", "--json"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": house},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 2 and b"[SB6009]" in ended.stderr and b"Traceback" not in ended.stderr
