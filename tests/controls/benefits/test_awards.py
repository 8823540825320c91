"""An award on record: by the duty of assessing, without the person's facts, and found again by its digest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from controls.benefits import awards
from controls.benefits.errors import NotAssessed
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from ledger.benefits import facts
from ledger.benefits.award import Award, compute
from ledger.benefits.scheme import scheme
from ledger.months import Month
from ledger.parameters import Parameters
from shebao.cli import execute
from tests.controls.benefits import award_desk
from tests.controls.benefits.award_desk import ASSESSOR
from tests.controls.payment_desk import NOW, someone
from tests.shebao.small_office import Small

NUMBER = "620821196501010017"


def age(born: str = "1965-01") -> Award:
    """A reckoning that needs no figure of the province."""
    law = scheme("retirement-age", Month(2025, 1))
    return compute(law, Month(2025, 1), facts.parse(law, {"出生年月": born, "类别": "男职工"}), Parameters.load())


def staffed(home: Path) -> Small:
    """The small office with an assessor."""
    small = Small(home)
    award_desk.staffed(small.desk)
    return small


def test_the_trail_of_an_award_holds_no_facts(tmp_path: Path) -> None:
    """C6: the record holds who, which law, how much and the digest; the number is masked; the same facts are found again, others are not."""
    small = staffed(tmp_path / "office")
    with small.unit() as work:
        made, record = awards.assess(work, NOW, ASSESSOR, NUMBER, age())
        assert [one.award_no for one in awards.recorded(work.connection, NUMBER, age())] == [made.award_no]
        assert awards.recorded(work.connection, NUMBER, age("1965-02")) == []
        work.commit()
    assert record.digest == age().digest and NUMBER not in str(record.facts) and "1965" not in str(record.facts)
    assert "retirement-age" in str(record.facts) and json.loads(made.given)[0] == ["出生年月", "1965-01"]


def test_only_the_assessor_assesses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """C5: without the duty of assessing nothing is recorded, in the program and on the command line."""
    small = staffed(tmp_path / "office")
    with small.unit() as work, pytest.raises(NotAllowed):
        awards.assess(work, NOW, someone("zhao"), NUMBER, age())
    small.sign_in("zhao")
    line = ["--home", str(small.home), "benefit", "award", "retirement-age", "--period", "2025-01", "--number", NUMBER, "--set", "出生年月=1965-01"]
    assert execute([*line, "--set", "类别=男职工"]) == 3
    assert "[SB3001]" in capsys.readouterr().err


def test_another_person_reviews_by_reckoning_anew(tmp_path: Path) -> None:
    """C1: the review needs the same person and the same reckoning (SB3233), the duty (SB3001) and somebody else (SB3002); it is on record."""
    small = staffed(tmp_path / "office")
    reviewer = someone("li")
    with small.unit() as work:
        awards.assess(work, NOW, ASSESSOR, NUMBER, age())
        both = Actor(ASSESSOR.user, ASSESSOR.name, frozenset({Duty.REVIEW}))
        with pytest.raises(SamePerson):
            awards.review(work, NOW, both, NUMBER, age())
        with pytest.raises(NotAllowed):
            awards.review(work, NOW, someone("zhao"), NUMBER, age())
        for number, made in ((NUMBER, age("1965-02")), ("620821196501010025", age())):
            with pytest.raises(NotAssessed):
                awards.review(work, NOW, reviewer, number, made)
        made, record = awards.review(work, NOW, reviewer, NUMBER, age())
        assert (made.state, made.reviewed_by) == ("reviewed", "li")
        assert NUMBER not in str(record.facts)
        with pytest.raises(NotAssessed):
            awards.review(work, NOW, reviewer, NUMBER, age())


def test_the_command_explains_and_records(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`shebao benefit award` explains line by line, records, and says when the same reckoning was recorded before; a proposal is no law to assess by."""
    small = staffed(tmp_path / "office")
    monkeypatch.setattr("shebao.store.Office.actor", ASSESSOR)
    line = ["--home", str(small.home), "benefit", "award", "retirement-age", "--period", "2025-01", "--number", NUMBER]
    line += ["--set", "出生年月=1965-01", "--set", "类别=男职工"]
    assert execute(line) == 0
    said = capsys.readouterr().out
    assert "法定退休年月" in said and "已核定，第 1-1 号" in said and NUMBER not in said
    assert execute([*line, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["recorded_before"]) == 1
    monkeypatch.setattr("shebao.store.Office.actor", someone("li"))
    small.sign_in("li")
    again = [*line[:3], "review", *line[4:]]
    assert execute(again) == 0 and "已复核并留痕" in capsys.readouterr().out
    assert execute([*again, "--json"]) == 0 and json.loads(capsys.readouterr().out)["trail"]
    monkeypatch.setattr("shebao.store.Office.actor", ASSESSOR)
    (tmp_path / "x.yaml").write_text("document: x", encoding="utf-8")
    assert execute([*line, "--overlay", str(tmp_path / "x.yaml")]) == 2
