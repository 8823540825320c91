"""Why-not out of the store: the same answer as of files, by 稽核 alone, recorded each time, masked unless revealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.why_not import ACT, Asked, lines, why_not
from controls import trail
from controls.checks.cases import number_of
from controls.duties import Actor
from controls.errors import NotAllowed
from ledger.db import UnitOfWork, reading
from ledger.identity import mask_number
from tests.audit.swept_office import TAO, months, office
from tests.controls.payment_desk import NOW, someone


def test_why_not_out_of_the_store(store_url: str, tmp_path: Path) -> None:
    """Who is found is told the finding, who is not the step that ended their rows; a refusal leaves nothing, every answer a record without the number."""
    made = office(store_url, tmp_path / "o")
    made.take("payments", months("A", 202401, 202406) + months("B", 202401, 202406))
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05", "source": "公安"}], kind="full")
    engine = made.desk.engine

    def asked(letter: str, actor: Actor = TAO, *, reveal: bool = False) -> list[str]:
        question = Asked(number_of(letter), "D1", reveal=reveal)
        return lines(why_not(lambda: reading(engine), lambda: UnitOfWork(engine), made.desk.home, actor, NOW, question), reveal=reveal)

    with pytest.raises(NotAllowed):
        asked("B", someone("li"))
    (found,) = asked("A")
    assert "报了疑点" in found and "张建国" not in found and number_of("A") not in found
    assert "张建国" in asked("A", reveal=True)[0]
    said = asked("B")
    assert any("没有对得上的数据而不再计入：死亡信息中有此人" in line for line in said) and said[-1].startswith("结论：不满足的条件：死亡信息中有此人")
    with reading(engine) as connection:
        kept = [(one.act, one.actor) for one in trail.lines(connection, thing="rule:D1-POSTHUMOUS")]
        facts = "".join(str(one.facts) for one in trail.lines(connection, thing="rule:D1-POSTHUMOUS"))
    assert [act for act, _ in kept] == [ACT, ACT, "read.reveal", ACT]
    assert mask_number(number_of("B")) in facts and number_of("A") not in facts and number_of("B") not in facts
