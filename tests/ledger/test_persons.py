"""The register of persons: what a people file teaches, what it does not, and what was known when."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ledger import person_acts, persons
from ledger import person_tables as tables
from ledger.db import UnitOfWork, reading
from ledger.errors_persons import (
    BadLink,
    KnowledgeOutOfOrder,
    NoSuchPerson,
    NoSuchRegistration,
    NotTwoPeople,
    NumberTaken,
    OlderSnapshot,
    RegisterKept,
    SpanReversed,
    UnknownRegisterWord,
)  # fmt: skip
from ledger.lawfile import BadLawFile
from ledger.person_acts import BankAccount, Signed
from ledger.person_doubts import Doubt
from ledger.person_words import words
from ledger.persons import History
from tests.ledger.person_store import NOW, load, number, register, row

ACCOUNT = BankAccount("6228480000000000017", "甲1", "self", "农商行")


def signed(change: int, known: str = "2026-01-20", asked: str = "chen", reviewed: str = "li") -> Signed:
    """A change signed by two people."""
    return Signed(asked, reviewed, change, date.fromisoformat(known), NOW)


def act(engine: sa.Engine, step: Any, *given: Any) -> None:
    with UnitOfWork(engine) as work:
        step(work, *given)
        work.commit()


def told(engine: sa.Engine, person_id: int = 1, known: str = "") -> History:
    with reading(engine) as connection:
        return persons.history(connection, person_id, date.fromisoformat(known) if known else None)


def spans(history: History) -> list[tuple[str, str, str]]:
    return [(span.status, span.from_on.isoformat(), span.to_on.isoformat()) for span in history.statuses]


def test_a_people_file_is_learned_once(store_url: str) -> None:
    """A file makes persons, registrations and statuses; the same file again, or the same people in a later one, add nothing."""
    engine = register(store_url)
    rows = [row(1), row(2, benefit_status="", start_month=None), row(1, fund="MR", benefit_status="", start_month=None)]
    first = load(engine, 1, *rows)
    assert (first.persons, first.registrations, first.statuses, first.doubts) == (2, 3, 4, {})
    assert load(engine, 1, *rows).already
    again = load(engine, 2, *rows, known="2026-02-15")
    assert (again.persons, again.registrations, again.names, again.statuses, again.gone, again.doubts) == (0, 0, 0, 0, 0, {})
    assert spans(told(engine, 2)) == [("enrolled", "2009-01-01", "9999-12-31")]
    assert spans(told(engine, 1))[-2:] == [("enrolled", "2009-01-01", "2010-01-01"), ("drawing", "2010-01-01", "9999-12-31")]
    assert load(engine, 3, row(1), known="2026-03-15").gone == 1


def test_any_form_of_a_number_finds_its_person(store_url: str) -> None:
    """Fifteen digits, eighteen digits, full-width and spaced forms find the same person; an unknown number finds nobody."""
    engine = register(store_url)
    load(engine, 1, row(1), row(2))
    fifteen = number(1)[:6] + number(1)[8:17]
    with reading(engine) as connection:
        for text in (number(1), fifteen, f" {number(1)[:9]} {number(1)[9:]}", number(1).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})):
            assert persons.find(connection, text) == [1]
        assert persons.find(connection, number(77)) == []
        assert persons.wanted(connection, "p2") == persons.wanted(connection, number(2)) == 2
        for nobody in ("P77", number(77), "P1x"):
            with pytest.raises(NoSuchPerson):
                persons.wanted(connection, nobody)


def test_search_by_name_and_last_four_pages(store_url: str) -> None:
    """A name finds everybody who bears or bore it, the last four digits narrow it, and pages part it."""
    engine = register(store_url)
    load(engine, 1, *(row(person, "王芳", birth=date(1950, 1, 1), number=number(person, born=f"1950{person:02d}01")) for person in range(1, 6)))
    day = date(2026, 1, 20)
    with reading(engine) as connection:
        found, count = persons.search(connection, name="王 芳", day=day, page=2, size=2)
        assert ([one.person_id for one in found], count) == ([3, 4], 5)
        last4 = number(2, born="19500201")[-4:]
        assert [one.person_id for one in persons.search(connection, name="王芳", last4=last4, day=day)[0]] == [2]


def test_a_number_under_another_name_is_a_doubt(store_url: str) -> None:
    """The same number with another name or birth date changes nothing and is listed; a former name that fits is a change of name."""
    engine = register(store_url)
    load(engine, 1, row(1, "王芳"), row(2, "李娟"))
    later = load(engine, 2, row(1, "张伟"), row(2, "李小娟", former_name="李娟", birth=date(1951, 1, 1)), known="2026-02-15")
    assert later.doubts == {Doubt.NAME_DIFFERS: 1, Doubt.BIRTH_DIFFERS: 1}
    assert [span.name for span in told(engine, 1).names] == ["王芳"]
    assert [(span.name, span.to_on.isoformat()) for span in told(engine, 2).names] == [("李娟", "2026-02-15"), ("李小娟", "9999-12-31")]
    assert told(engine, 2).name(date(2026, 2, 14)) == "李娟"
    assert load(engine, 3, row(1, "王芳"), row(2, "李娟"), known="2026-02-15").doubts == {}
    assert [span.name for span in told(engine, 2, known="2026-02-14").names] == ["李娟"]
    with reading(engine) as connection:
        first, second = persons.doubts(connection, 2)
        assert (first.code, first.person_id, first.line, first.told) == ("NAME-DIFFERS", 1, 2, "名单 张*")
        assert persons.doubt(connection, second.key).code == "BIRTH-DIFFERS"
        with pytest.raises(NoSuchPerson):
            persons.doubt(connection, "9:9")


def test_one_person_under_two_numbers_is_never_merged_by_itself(store_url: str) -> None:
    """Equal name and birth date under another number make a second person and a doubt that names the first."""
    engine = register(store_url)
    done = load(engine, 1, row(1, "王芳"), row(2, "王芳"), row(3, "李娟"))
    assert (done.persons, done.doubts) == (3, {Doubt.TWO_NUMBERS: 1})
    with reading(engine) as connection:
        assert [(one.person_id, one.other_person) for one in persons.doubts(connection)] == [(2, 1)]


def test_what_cannot_be_known_is_a_doubt(store_url: str) -> None:
    """No number, a damaged number, a failing number, a row twice with another content, an unknown status word and a contradiction are each listed."""
    engine = register(store_url)
    wrong = number(5)[:-1] + ("0" if number(5)[-1] != "0" else "1")
    done = load(
        engine, 1, row(1, number=""), row(2, damaged=True), row(5, number=wrong), row(6), row(6, town="西镇"), row(6), row(7, enrol_status="见附件"),
        row(8, enrol_status="见附件"), row(9, enrol_status="死亡注销"),
    )  # fmt: skip
    assert done.doubts == {Doubt.NO_NUMBER: 2, Doubt.BAD_NUMBER: 1, Doubt.TWICE: 1, Doubt.STATUS_WORD: 2, Doubt.STATUS_CLASH: 1}
    assert done.persons == 5
    with reading(engine) as connection:
        assert persons.find(connection, wrong) == [1]
        assert [one.rows for one in persons.doubts(connection) if one.code == Doubt.STATUS_WORD] == [2]
    assert all(code.zh and code.do for code in Doubt)


def test_lists_speak_of_their_own_day(store_url: str) -> None:
    """A suspension begins with the list that tells of it, outlasts later lists, ends with the list that does not, and stays known."""
    engine = register(store_url)
    load(engine, 1, row(1), known="2026-01-15")
    load(engine, 2, row(1, benefit_status="暂停发放"), known="2026-02-15")
    load(engine, 3, row(1, benefit_status="暂停发放"), known="2026-03-15")
    load(engine, 4, row(1), known="2026-04-15")
    load(engine, 5, row(1, enrol_status="终止参保", benefit_status="终止待遇", end_month=202604), known="2026-05-15")
    assert spans(told(engine)) == [
        ("enrolled", "2009-01-01", "2010-01-01"), ("drawing", "2010-01-01", "2026-02-15"), ("suspended", "2026-02-15", "2026-04-15"),
        ("drawing", "2026-04-15", "2026-05-01"), ("ended", "2026-05-01", "9999-12-31"),
    ]  # fmt: skip
    with reading(engine) as connection:
        for known, on, expected in (
            ("2026-01-15", "2026-03-01", "drawing"),
            ("2026-03-31", "2026-03-01", "suspended"),
            ("2026-04-30", "2026-05-10", "drawing"),
        ):
            found = persons.status(connection, 1, "R", on_day=date.fromisoformat(on), known_on=date.fromisoformat(known))
            assert found["620821"].status == expected


def test_beginnings_are_corrected(store_url: str) -> None:
    """A list that gives another month of enrolment or of the first pension moves that beginning, as known from then on."""
    engine = register(store_url)
    load(engine, 1, row(1))
    load(engine, 2, row(1, first_month=200807, start_month=201003), known="2026-02-15")
    assert spans(told(engine)) == [("enrolled", "2008-07-01", "2009-01-01"), ("enrolled", "2009-01-01", "2010-01-01"), ("enrolled", "2010-01-01", "2010-03-01"),
                                   ("drawing", "2010-03-01", "9999-12-31")]  # fmt: skip
    assert spans(told(engine, known="2026-02-14"))[0] == ("enrolled", "2009-01-01", "2010-01-01")


def test_an_older_list_is_refused(store_url: str) -> None:
    """A list older than one registered of its fund and region is refused; another region's may be older."""
    engine = register(store_url)
    load(engine, 1, row(1), as_of="2026-01-15")
    with pytest.raises(OlderSnapshot, match="2026-01-15"):
        load(engine, 2, row(2), known="2026-01-20", as_of="2025-12-31")
    assert load(engine, 3, row(3, region="620822"), known="2026-01-20", as_of="2025-12-31").persons == 1


def test_knowledge_never_goes_back(store_url: str) -> None:
    """An act known before the last one is refused, so that what was known on a day has one answer for ever."""
    engine = register(store_url)
    load(engine, 1, row(1), known="2026-02-01")
    with pytest.raises(KnowledgeOutOfOrder):
        load(engine, 2, row(2), known="2026-01-31", as_of="2026-02-01")


def test_a_bank_account_needs_two_people(store_url: str) -> None:
    """An account is entered by two different people and for its months; a later one takes over from its month, and an end leaves none."""
    engine = register(store_url)
    load(engine, 1, row(1))
    for asked, reviewed in (("chen", "chen"), ("", "li"), ("chen", "")):
        with pytest.raises(NotTwoPeople):
            act(engine, person_acts.set_bank_account, signed(1, asked=asked, reviewed=reviewed), 1, "R", ACCOUNT, date(2026, 2, 1))
    with pytest.raises(SpanReversed):
        act(engine, person_acts.set_bank_account, signed(1), 1, "R", ACCOUNT, date(2026, 2, 1), date(2026, 2, 1))
    act(engine, person_acts.set_bank_account, signed(1), 1, "R", ACCOUNT, date(2026, 2, 1))
    other = BankAccount("6228480000000000025", "丙", "guardian", "信用社")
    act(engine, person_acts.set_bank_account, signed(2, "2026-02-20"), 1, "R", other, date(2026, 3, 1))
    act(engine, person_acts.set_bank_account, signed(3, "2026-03-20"), 1, "R", BankAccount("", "", "self", ""), date(2026, 4, 1))
    found = told(engine).bank_accounts
    assert [(span.bank_account[-2:], span.from_on.isoformat(), span.to_on.isoformat(), span.signed_by) for span in found] == [
        ("17", "2026-02-01", "2026-03-01", ("chen", "li")), ("25", "2026-03-01", "2026-04-01", ("chen", "li")),
    ]  # fmt: skip
    with reading(engine) as connection:

        def at(on: str, known: str) -> str | None:
            span = persons.account_on(connection, 1, "R", on_day=date.fromisoformat(on), known_on=date.fromisoformat(known))
            return span.bank_account[-2:] if span else None

        assert [at("2026-03-01", "2026-02-19"), at("2026-03-01", "2026-02-20"), at("2026-04-01", "2026-12-31"), at("2026-01-31", "2026-12-31")] == [
            "17",
            "25",
            None,
            None,
        ]
    with pytest.raises(RegisterKept, match="变更 3"):
        act(engine, person_acts.set_bank_account, signed(3, "2026-03-21"), 1, "R", ACCOUNT, date(2026, 5, 1))


def test_what_two_people_signed_stands_against_a_list(store_url: str) -> None:
    """A suspension by two signatures outlasts a list that says otherwise, which is listed as a doubt; only two others end it."""
    engine = register(store_url)
    load(engine, 1, row(1))
    act(engine, person_acts.set_status, signed(1), 1, "R", "620821", "suspended", date(2026, 1, 20))
    assert load(engine, 2, row(1), known="2026-02-15").doubts == {Doubt.STATUS_SIGNED: 1}
    assert spans(told(engine))[-1] == ("suspended", "2026-01-20", "9999-12-31")
    act(engine, person_acts.set_status, signed(2, "2026-03-01"), 1, "R", "620821", "drawing", date(2026, 3, 1))
    assert load(engine, 3, row(1), known="2026-03-15").doubts == {}
    assert spans(told(engine))[-2:] == [("suspended", "2026-01-20", "2026-03-01"), ("drawing", "2026-03-01", "9999-12-31")]
    with pytest.raises(NoSuchRegistration):
        act(engine, person_acts.set_status, signed(3, "2026-03-16"), 1, "E", "620821", "drawing", date(2026, 3, 1))


def test_numbers_and_names_over_time(store_url: str) -> None:
    """A corrected number and a new name are found by old and new; a number that somebody holds is refused."""
    engine = register(store_url)
    load(engine, 1, row(1, number="G12345678"), row(2))
    act(engine, person_acts.add_number, signed(1), 1, number(9), "居民身份证", True, date(2026, 1, 10))
    act(engine, person_acts.add_name, signed(2), 1, "甲小一", date(2026, 1, 10))
    with reading(engine) as connection:
        assert persons.find(connection, "G12345678") == persons.find(connection, number(9)) == [1]
        assert persons.records(connection)[number(9)] == 1
        assert persons.search(connection, name="甲小一", day=date(2026, 1, 9))[1] == persons.search(connection, name="甲1", day=date(2026, 1, 9))[1] == 1
    history = told(engine)
    assert (history.number(date(2026, 1, 9)), history.number(date(2026, 1, 10))) == ("G12345678", number(9))
    with pytest.raises(NumberTaken, match="P2"):
        act(engine, person_acts.add_number, signed(3), 1, number(2), "", True)
    assert load(engine, 2, row(9, "甲小一"), known="2026-02-15").persons == 0


def test_two_records_of_one_person_are_linked_and_parted(store_url: str) -> None:
    """Linked records answer as one, each keeps what it has, and parting them later deletes nothing."""
    engine = register(store_url)
    load(engine, 1, row(1), row(2), row(3))
    act(engine, person_acts.set_bank_account, signed(1), 2, "R", ACCOUNT, date(2026, 2, 1))
    act(engine, person_acts.link_numbers, signed(2), 2, 1)
    with reading(engine) as connection:
        assert persons.find(connection, number(2)) == persons.find(connection, number(1)) == [1]
        assert persons.find(connection, number(2), date(2026, 1, 19)) == [2]
        assert persons.records(connection)[number(2)] == 2
        assert persons.account_on(connection, 1, "R", on_day=date(2026, 2, 1)) == persons.account_on(connection, 2, "R", on_day=date(2026, 2, 1)) is not None
    history = told(engine)
    assert (history.linked, [span.number for span in history.numbers]) == ((2,), [number(1), number(2)])
    for pair in ((2, 3), (3, 2), (1, 1)):
        with pytest.raises(BadLink):
            act(engine, person_acts.link_numbers, signed(3), *pair)
    act(engine, person_acts.part_numbers, signed(3), 2)
    assert told(engine).linked == ()
    assert told(engine, known="2026-01-20").linked == ()
    with pytest.raises(BadLink):
        act(engine, person_acts.part_numbers, signed(4), 2)


def test_a_group_is_found_from_any_of_its_records() -> None:
    """Whatever was linked and parted, following the links from one record finds what all links together say."""
    rng = random.Random(5)
    engine = sa.create_engine("sqlite://")
    tables.link.create(engine)
    with engine.begin() as connection:
        for no in range(1, 200):
            one, other = rng.sample(range(1, 60), 2)
            heads = persons.links(connection, last=no)
            if rng.random() < 0.3 or persons.head_of(heads, other) != other or one in heads or any(persons.head_of(heads, x) == one for x in heads):
                one, other, linked = (*rng.choice(sorted(heads.items())), 0) if heads else (one, other, 1)
            else:
                linked = 1
            connection.execute(tables.link.insert().values(person_id=one, knowledge_no=no, same_as=other, linked=linked, signed=1))
            now = persons.links(connection, last=no)
            for person in rng.sample(range(1, 60), 3):
                head = persons.head_of(now, person)
                wanted = sorted({head, *(one for one in now if persons.head_of(now, one) == head)})
                assert persons.group(connection, person, last=no) == tuple(wanted)


def test_words_of_the_register(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statuses and relations are taken in their Chinese words, an unknown one is refused, and a file with a word twice is wrong."""
    assert (words().status("暂停"), words().relation("敬老院"), words().relation("self")) == ("suspended", "institution", "self")
    with pytest.raises(UnknownRegisterWord, match="参保、领取、暂停、终止、死亡"):
        words().status("休眠")
    with pytest.raises(UnknownRegisterWord, match="本人"):
        words().relation("邻居")
    from templates import SHIPPED

    text = (SHIPPED / "persons.yaml").read_text(encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    for wrong in (text.replace("silent: [未领取", "silent: [领取"), text.replace("code: guardian", "code: friend")):
        (tmp_path / "persons.yaml").write_text(wrong, encoding="utf-8")
        words.cache_clear()
        with pytest.raises(BadLawFile):
            words()
    words.cache_clear()
