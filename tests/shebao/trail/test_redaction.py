"""Redaction by law (F16): a personal text of the trail is destroyed for good, the chain stays whole, and nothing else can make a text vanish or change."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from controls import people, trail
from controls.duties import Actor, Duty
from controls.errors import NotAllowed
from controls.errors_payment import NoReason
from controls.redaction_tables import REDACTION_TABLES
from controls.redactions import errors
from ledger import chain, salts
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.errors import Refusal
from ledger.errors_posting import SaltKept
from ledger.hashes import Algorithm
from ledger.tables import SALT_TABLES, chain_salt
from shebao import evidence_redactions, migrate
from shebao.cli import run
from shebao.evidence import Broken
from shebao.store import Office, write_settings
from shebao.trails import redacting
from shebao.trails.export import VERIFIER, write_trail
from shebao.trails.reading import found
from shebao.verification import verify_store
from tests.ledger.tamper import disarm
from tests.shebao.small_office import Small

NOW = "2026-03-02T09:00:00+08:00"
WHO = "无关的王小明"
LOGADMIN = Actor("shen", "审计", frozenset({Duty.LOGADMIN}))
HEAD = Actor("jiang", "负责人", frozenset({Duty.HEAD}))
AUDITOR = Actor("wai", "外审", frozenset({Duty.AUDITOR}))
STAFF = ((LOGADMIN, Duty.LOGADMIN), (HEAD, Duty.HEAD))


HASHED = people.hash_password("someone", "correct horse battery")


def worked(url: str, home: Path) -> Office:
    """An empty office with two people, whose trail holds a name and two reasons."""
    write_settings(home, url, code="U1", name="云岭县", region="620821")
    office = Office(home)
    migrate.upgrade(office.engine)
    with patch("controls.people.hash_password", return_value=HASHED), office.unit() as work:
        newcomers = [people.NewPerson(one.user, one.name, (duty,), "correct horse battery") for one, duty in STAFF]
        newcomers.append(people.NewPerson("wu", "吴某", (), "correct horse battery"))
        people.bootstrap(work, NOW, newcomers)
        trail.record(work, NOW, LOGADMIN, Duty.LOGADMIN, "test.act", "thing:1", facts={"reason": f"因{WHO}来访", "fen": 5})
        trail.record(work, NOW, LOGADMIN, Duty.LOGADMIN, "test.act", "thing:2", facts={"reason": "按计划", "note": f"见{WHO}"})
        trail.refused(work, NOW, LOGADMIN, "refused", "command:x", errors.NoSuchRedaction(number=9))
        work.commit()
    return office


def redacted(office: Office) -> redacting.Redaction:
    """What names :data:`WHO` is asked for by one and confirmed by the other."""
    office.actor = LOGADMIN
    made = redacting.ask(office, "unlawful", "误写了无关人员", person=WHO)
    office.actor = HEAD
    return redacting.decide(office, made.redaction_no, confirmed=True, note="同意")


def said(office: Office) -> str:
    """'' when the proof of personal texts holds, else what it says."""
    try:
        with reading(office.store) as connection:
            evidence_redactions.kept(connection)
    except Broken as wrong:
        return str(wrong)
    return ""


def test_a_text_goes_and_the_chain_stays(store_url: str, tmp_path: Path) -> None:
    """F16: after the redaction the chain has the same hashes and proves itself, the value is nowhere in the chain, and its reader learns who, why and when."""
    office = worked(store_url, tmp_path / "office")
    with reading(office.store) as connection:
        before = [record.hash for record in chain.records(connection)]
        assert WHO not in "".join(one.facts + one.reason for one in chain.stored(connection))
        told = [record for record in chain.records(connection) if record.act == "test.act"]
    assert [one.reason for one in told] == [f"因{WHO}来访", "按计划"] and json.loads(told[1].facts) == {"note": f"见{WHO}", "reason": "按计划"}
    assert all(one.hash == one.expected() for one in told)
    made = redacted(office)
    assert len(made.fields) == 2 and made.step == "confirm"
    results = {result.code: result for result in verify_store(office)}
    assert results["C6 留痕链"].ok and results["C6 个人信息"].ok and "2 处已依法删除" in results["C6 个人信息"].text
    assert results["守护规则"].ok and results["C1 授权"].ok
    with reading(office.store) as connection:
        assert [record.hash for record in chain.records(connection)][: len(before)] == before
        assert not any(WHO in text for text in salts.texts(connection).values())
        gone = [record for record in chain.records(connection) if record.act == "test.act"]
    assert gone[0].reason == salts.GONE and gone[1].told() == {"note": "任何原文", "reason": "按计划"} and str(gone[1].told()["note"]) == salts.GONE
    office.actor = LOGADMIN
    shown = [one.reason for one in found(office, thing="thing:1")]
    assert len(shown) == 1 and all(word in shown[0] for word in (salts.GONE, "第 1 号", "shen 申请", "jiang 于 2"))
    assert [(one.act, one.actor) for one in found(office, thing="redaction:1")] == [("redaction.ask", "shen"), ("redaction.confirm", "jiang")]
    office.engine.dispose()


def test_a_destroyed_text_is_in_no_file_of_sqlite(tmp_path: Path) -> None:
    """F16: neither the database's freed pages nor its write-ahead file hold a byte of the destroyed text."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    with office.unit() as work:
        trail.record(work, NOW, LOGADMIN, Duty.LOGADMIN, "test.act", "thing:3", facts={"note": "王小明" * 3000})
        work.commit()
    office.engine.dispose()
    needle = WHO.encode()
    assert any(needle in file.read_bytes() for file in tmp_path.glob("store.db*"))
    redacted(office)
    office.actor = LOGADMIN
    number = redacting.ask(office, "unlawful", "又一处", person="王小明王小明").redaction_no
    office.actor = HEAD
    redacting.decide(office, number, confirmed=True)
    office.engine.dispose()
    assert not any(word.encode() in file.read_bytes() for file in tmp_path.glob("store.db*") for word in (WHO, "王小明王小明"))


def test_one_asks_and_another_confirms(tmp_path: Path) -> None:
    """F16: without the duty, a ground, a reason or something to delete nothing is asked for; nobody confirms their own; a decision is one."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    office.actor = HEAD
    with pytest.raises(NotAllowed):
        redacting.ask(office, "order", "x", seqs=[2])
    office.actor = LOGADMIN
    for refused, basis, reason, seqs, person in (
        (errors.NoGround, "whim", "x", [2], ""), (NoReason, "order", "…", [2], ""), (errors.NothingToRedact, "order", "x", [999], ""),
        (errors.NothingToRedact, "order", "x", [], ""), (errors.NothingToRedact, "order", "x", [], "查无此人"),
        (errors.NothingToRedact, "order", "x", [], "王"),
    ):  # fmt: skip
        with pytest.raises(refused):
            redacting.ask(office, basis, reason, seqs=seqs, person=person)
    made = redacting.ask(office, "order", "法院通知", person=WHO)
    with pytest.raises(NotAllowed):
        redacting.decide(office, made.redaction_no, confirmed=True)
    office.actor = replace(HEAD, user="shen")
    with pytest.raises(errors.SameAsker):
        redacting.decide(office, made.redaction_no, confirmed=True)
    office.actor = HEAD
    with pytest.raises(errors.NoSuchRedaction):
        redacting.decide(office, 7, confirmed=True)
    with pytest.raises(NoReason):
        redacting.decide(office, made.redaction_no, confirmed=False)
    assert redacting.decide(office, made.redaction_no, confirmed=False, note="保管期限未满").step == "refuse"
    with pytest.raises(errors.RedactionDecided):
        redacting.decide(office, made.redaction_no, confirmed=True)
    assert [one.note for one in redacting.listed(office)] == ["保管期限未满"] and said(office) == ""
    with reading(office.store) as connection:
        assert sum(WHO in text for text in salts.texts(connection).values()) == 2
    office.engine.dispose()


def refused_by_database(office: Office, statement: str, **values: object) -> str:
    """The code with which the database refuses the statement."""
    with pytest.raises(Refusal) as told, UnitOfWork(office.store) as work:
        work.connection.execute(sa.text(statement), values)
        work.commit()
    return str(told.value.facts["code"])


def test_the_database_lets_nothing_vanish(store_url: str, tmp_path: Path) -> None:
    """F16: on both databases a text or salt is neither altered nor removed nor put in, and no erasure, redaction or decision comes from nowhere."""
    office = worked(store_url, tmp_path / "office")
    office.actor = LOGADMIN
    made = redacting.ask(office, "order", "法院通知", person=WHO)
    (seq, token), rest = made.fields[0], made.fields[1:]
    erase = "INSERT INTO shebao_chain_erasure VALUES (:seq, :token, :number)"
    step = "INSERT INTO shebao_redaction_step VALUES (:number, 'confirm', '', :who, :at)"
    tried = {
        "UPDATE shebao_chain_salt SET text = 'x'": {}, "UPDATE shebao_chain_salt SET salt = ''": {}, "DELETE FROM shebao_chain_salt": {},
        "INSERT INTO shebao_chain_salt VALUES (:seq, 'abc', '00', 'x')": {"seq": seq}, "DELETE FROM shebao_redaction": {},
        "UPDATE shebao_redaction SET fields = '[[1]]'": {}, erase: {"seq": seq, "token": token, "number": made.redaction_no},
        step: {"number": made.redaction_no, "who": "shen", "at": NOW},
    }  # fmt: skip
    codes = [refused_by_database(office, statement, **values) for statement, values in tried.items()]
    assert codes == ["SB1490", "SB1490", "SB1490", "SB1490", "SB2297", "SB2297", "SB2298", "SB2296"]
    assert refused_by_database(office, step, number=made.redaction_no, who="nobody", at=NOW) == "SB3001"
    late = "INSERT INTO shebao_redaction VALUES (9, 'order', 'x', '[[1]]', 'shen', 'LOGADMIN', :at)"
    assert refused_by_database(office, late, at=NOW) == "SB2297"
    by_head = "INSERT INTO shebao_redaction VALUES (2, 'order', 'x', '[[1]]', 'jiang', 'HEAD', :at)"
    assert refused_by_database(office, by_head, at=NOW) == "SB3001"
    office.actor = HEAD
    redacting.decide(office, made.redaction_no, confirmed=True)
    with reading(office.store) as connection:
        other = connection.execute(sa.select(chain_salt.c.seq, chain_salt.c.token).limit(1)).one()
    assert refused_by_database(office, erase, seq=other.seq, token=other.token, number=made.redaction_no) == "SB2298"
    assert refused_by_database(office, "INSERT INTO shebao_chain_salt VALUES (:seq, :token, '00', 'x')", seq=seq, token=token) == "SB1490"
    assert refused_by_database(office, "DELETE FROM shebao_chain_erasure") == refused_by_database(office, erase, seq=seq, token=token, number=1) == "SB1490"
    assert refused_by_database(office, "UPDATE shebao_redaction_step SET note = 'x'") == "SB2297"
    assert refused_by_database(office, step, number=made.redaction_no, who="jiang", at=NOW) == "SB2295"
    assert rest and SaltKept.code == "SB1490" and errors.RedactionsKept.code == "SB2297" and errors.NotConfirmed.code == "SB2298"
    office.engine.dispose()


def test_every_column_and_row_is_proved(tmp_path: Path) -> None:
    """C6, F16: with the guards out of the way, one value changed, one row gone or put in, in any of the four tables, is found."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    redacted(office)
    disarm_store(tmp_path / "store.db")
    missed, tried, engine = [], 0, sa.create_engine(sqlite_url(tmp_path / "store.db"))
    with engine.connect() as connection:
        for pragma in ("ignore_check_constraints = ON", "foreign_keys = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        for table in (*SALT_TABLES, *REDACTION_TABLES):
            row = connection.execute(sa.select(table).limit(1)).mappings().one()
            where = sa.and_(*(key == row[key.name] for key in table.primary_key))
            number = {column.name for column in table.c if isinstance(column.type.as_generic(), sa.Integer)}
            changes = [table.update().where(where).values({name: (row[name] or 0) + 1000 if name in number else f"{row[name]}x"}) for name in row]
            key = next(iter(table.primary_key)).name
            planted = dict(row) | {key: row[key] + 1000}
            for statement in (*changes, table.delete().where(where), table.insert().values(planted)):
                connection.execute(statement)
                tried += 1
                try:
                    evidence_redactions.kept(connection)
                    missed.append(str(statement))
                except (Broken, ValueError):
                    pass
                connection.rollback()
    engine.dispose()
    office.engine.dispose()
    assert missed == [] and tried == sum(len(table.c) + 2 for table in (*SALT_TABLES, *REDACTION_TABLES))


def test_the_database_ends_an_emergency_at_its_hour(store_url: str, tmp_path: Path) -> None:
    """C1: a duty given until noon signs at eleven and not at one, whatever the program says: the guards of both databases compare the hour."""
    office = worked(store_url, tmp_path / "office")
    with UnitOfWork(office.store) as work:
        day = NOW[:10]
        people.enter_grant(work, NOW, "init", "wu", Duty.AUDIT, day, f"{day}T12:00:00+08:00")
        work.commit()
    asked = "INSERT INTO shebao_redaction VALUES (1, 'order', 'x', '[[1]]', 'wu', 'AUDIT', :at)"
    assert refused_by_database(office, asked, at=f"{day}T12:00:00+08:00") == refused_by_database(office, asked, at=f"{day}T13:00:00+08:00") == "SB3001"
    with UnitOfWork(office.store) as work:
        work.connection.execute(sa.text(asked), {"at": f"{day}T11:59:59+08:00"})
    office.engine.dispose()


def disarm_store(file: Path) -> None:
    """Every guard out of the way."""
    with sqlite3.connect(file) as database:
        disarm(database)
    database.close()


def test_the_independent_verifier_handles_both(tmp_path: Path) -> None:
    """F16, F117: an export without texts proves the chain; with them each text is proved against its digest, and a missing or altered one is found."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    redacted(office)
    office.actor = AUDITOR
    write_trail(office, tmp_path / "plain")
    assert not (tmp_path / "plain" / "salts.jsonl").exists() and "按计划" not in (tmp_path / "plain" / "trail.jsonl").read_text(encoding="utf-8")
    write_trail(office, tmp_path / "open", reveal=True)
    with reading(office.store) as connection:
        assert [one.told()["what"] for one in trail.lines(connection, actor="wai") if one.act == "read.reveal"] == ["export trail --reveal"]
    office.engine.dispose()

    def run(folder: Path) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-I", "-S", "-X", "utf8", str(VERIFIER), str(folder)], capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout

    assert run(tmp_path / "plain")[0] == 0
    status, text = run(tmp_path / "open")
    assert status == 0 and "2 destroyed by law" in text
    kept = (tmp_path / "open" / "salts.jsonl").read_text(encoding="utf-8")
    (tmp_path / "open" / "salts.jsonl").write_text(kept.replace("按计划", "按指示"), encoding="utf-8")
    assert run(tmp_path / "open")[0] == 1
    (tmp_path / "open" / "salts.jsonl").write_text("\n".join(kept.splitlines()[1:]) + "\n", encoding="utf-8")
    status, text = run(tmp_path / "open")
    assert status == 1 and "gone without a redaction" in text


def test_a_token_of_an_sm3_chain_is_sm3() -> None:
    """F15, F16: texts are salted by the chain's own algorithm; equal texts of one record share a token, of two records never."""
    facts, reason, made = salts.sealed({"reason": "甲", "list": [{"note": "甲"}, {"fen": 5, "note": ""}]}, "甲", frozenset({"reason", "note"}), Algorithm.SM3)
    ((token, _, text),) = made
    assert token.startswith("sm3:") and reason == f"${token}" and text == "甲"
    assert facts == {"reason": {"$": token}, "list": [{"note": {"$": token}}, {"fen": 5, "note": ""}]}
    assert salts.sealed({}, "甲", frozenset({"reason"}), Algorithm.SM3)[1] != reason
    gone = salts.Erased(salts.GONE)
    assert ["甲", gone] == [gone, "乙"] and [gone, "甲"] == ["甲", gone] and gone != 5 and hash(gone) == hash(salts.GONE)


def test_the_commands_do_it_by_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """F16: `trail redact`, `redact-confirm`, `redactions` and `show` at the command line, by two people; whoever may not is refused."""
    small = Small(tmp_path / "office")

    def command(user: str, *words: str) -> str:
        small.sign_in(user)
        with pytest.raises(SystemExit) as ending:
            run(["--home", str(small.home), *words])
        told = capsys.readouterr()
        return told.out if not ending.value.code else told.err

    assert "SB3001" in command("zhou", "trail", "redact", "--person", "张经办", "--basis", "order", "--reason", "通知")
    assert "第 1 号删除申请：1 条留痕中的 1 处原文" in command("tao", "trail", "redact", "--person", "张经办", "--basis", "order", "--reason", "法院通知第5号")
    assert "SB3001" in command("tao", "trail", "redact-confirm", "1")
    assert "已销毁 1 条留痕中的 1 处原文和盐值" in command("jin", "trail", "redact-confirm", "1")
    assert json.loads(command("tao", "trail", "redactions", "--json"))[0]["step"] == "confirm" and "法院通知第5号" in command("tao", "trail", "redactions")
    shown = json.loads(command("tao", "trail", "show", "--thing", "user:zhang", "--list", "500", "--json"))
    added = next(one for one in shown if one["act"] == "people.add")
    assert salts.GONE in added["reason"] and "jin" in added["reason"] and "张经办" not in added["facts"] and "sealed" not in added
    assert [result for result in verify_store(small.of("tao")) if not result.ok] == []
    assert "链头" in command("tao", "export", "trail", "--out", str(tmp_path / "out"), "--reveal") and (tmp_path / "out" / "salts.jsonl").is_file()
    small.office.engine.dispose()
