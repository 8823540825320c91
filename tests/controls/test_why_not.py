"""Why a rule says nothing of a person: each row with the stage that took it out, and never another answer than the check's."""

from __future__ import annotations

import pytest

from controls.checks.errors import NotANumber
from controls.checks.why_not import why_not
from tests.controls.canonical import PEOPLE, tables

ZHANG = PEOPLE["A"][0]


def test_each_row_names_the_stage_that_took_it_out() -> None:
    """Failed, funeral, cancelled, later and arrears without a range are told row by row; what reached the rule is counted."""
    given = tables({
        "payments": [
            {"id": "A", "period": 202403}, {"id": "A", "period": 202404, "status": "failed"}, {"id": "A", "period": 202404, "item": "丧葬费"},
            {"id": "A", "period": 202405}, {"id": "A", "period": 202405, "status": "returned"}, {"id": "A", "period": 202406, "item": "补发"},
            {"id": "B", "period": 202406},
        ],
        "deaths": [{"id": "A", "death_on": "2024-03-01"}],
    })  # fmt: skip
    answer = why_not(ZHANG, "D1", given)
    said = answer.says()
    assert answer.findings == () and said[0] == "查看此人发放 6 行，其中 1 行进入规则的判断。"
    assert [row.row for row in answer.rows if not row.stage] == ["发放.csv:2"]
    for line, words in ((3, "发放状态"), (4, "丧葬"), (5, "冲销"), (7, "补发未注明")):
        assert any(f"发放.csv:{line}" in text and words in text for text in said), (line, said)
    assert any("死亡信息中有此号码 1 行" in text for text in said)


def test_a_person_who_is_found_is_told_so() -> None:
    """The rule itself runs: who is found gets the finding's own sentence."""
    given = tables({"payments": [{"id": "A", "period": 202405}], "deaths": [{"id": "A", "death_on": "2024-03-01"}]})
    assert "死亡" in why_not(ZHANG, "D1-POSTHUMOUS", given).says()[0] and len(why_not(ZHANG, "D1", given).findings) == 1


def test_a_rule_without_its_data_is_no_acquittal() -> None:
    """Without the deaths the answer is that the rule did not run."""
    answer = why_not(ZHANG, "D1", tables({"payments": [{"id": "A", "period": 202405}]}))
    assert "没有运行" in answer.says()[0] and "死亡信息" in answer.says()[0]


def test_what_is_no_number_is_refused() -> None:
    """SB3395 for a text that is no number; a failing number that the data have as it is written is answered."""
    given = tables({"payments": [{"raw": "6208211950031500", "period": 202405}, {"id": "A", "period": 202405}]})
    with pytest.raises(NotANumber):
        why_not("abc", "I1", given)
    with pytest.raises(NotANumber):
        why_not("", "I1", given)
    assert why_not("6208211950031500", "I1", given).findings
