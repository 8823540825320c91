"""The catalogue is whole, its SQL portable, and its refusals fire."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import templates
from controls.checks.catalogue import chosen, codes, rules
from controls.checks.errors import NoSuchEngine, NotCanonical, UnknownRule
from controls.checks.runner import run
from controls.findings import Evidence, Finding, Row, Severity
from tests.controls.canonical import table, tables

CATALOGUE = (
    "A1-SHARED-ACCOUNT", "A2-HOLDER-DIFFERS", "D1-POSTHUMOUS", "D2-POSTHUMOUS-LINKED", "D3-REVIVED", "E1-UNDER-AGE", "E2-NO-CERTIFICATE", "E3-CUSTODY",
    "I1-BAD-NUMBER", "I2-NAME-DIFFERS", "P1-TWO-SCHEMES", "P2-TWO-REGIONS", "P3-TWICE", "P4-TWO-NUMBERS", "P5-PENSION-UNEMPLOYMENT",
    "S1-SUBSIDY-NOT-ENTITLED", "S2-SUBSIDY-DOUBLE", "S3-SUBSIDY-AFTER-DEATH", "S4-ENTITLED-NOT-PAID", "S5-SUBSIDY-WRONG-AGE",
)  # fmt: skip
DIALECT = re.compile(
    r"::|//|<<|>>|\bQUALIFY\b|\bILIKE\b|\bstrftime\b|\bdate_|\blist\(|\bSTRING_AGG\b|\bUSING\b|\bEXCLUDE\b|GROUP BY ALL|\bVARCHAR\b(?!\()", re.IGNORECASE
)
SQL = sorted([*templates.names("rules", ".sql"), *templates.names("rules/views", ".sql")])


def test_the_first_catalogue_is_whole() -> None:
    """Every code of the contract is there, and nothing else."""
    assert codes() == CATALOGUE


@pytest.mark.parametrize("name", SQL)
def test_a_rule_is_portable_sql(name: str) -> None:
    """No rule or view uses what only one engine knows: casts by colon, shifts, whole-number division signs, date functions, lists."""
    text = templates.path(name).read_text(encoding="utf-8")
    body = "\n".join(line.partition("--")[0] for line in text.splitlines())
    assert DIALECT.search(body) is None, DIALECT.search(body)


def test_every_rule_runs_on_nothing() -> None:
    """With every contract given and empty, every rule runs and finds nothing."""
    result = run(
        {contract: [table(contract, [])] for contract in ("payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries")}
    )
    assert result.findings == () and result.as_of is None
    assert {*result.rules_run, *(one.rule for one in result.not_run)} == set(CATALOGUE)


def test_a_rule_without_its_data_is_listed() -> None:
    """Nothing is passed over in silence: what is not run says why."""
    result = run(tables({"payments": [{"id": "A"}]}), threads=1)
    told = {one.rule: one.reason for one in result.not_run}
    assert told["D1-POSTHUMOUS"] == "未提供死亡信息" and told["A1-SHARED-ACCOUNT"] == "发放明细没有银行账号"
    assert [one.scope for one in result.not_run if one.rule == "E1-UNDER-AGE"] == ["E、G"]
    assert {*result.rules_run, *told} == set(CATALOGUE)


def test_a_short_code_is_taken_and_an_unknown_one_refused() -> None:
    """D1 stands for D1-POSTHUMOUS; SB3201 names the catalogue."""
    assert [rule.code for rule in chosen(["p1", "D1"])] == ["D1-POSTHUMOUS", "P1-TWO-SCHEMES"]
    with pytest.raises(UnknownRule):
        chosen(["X9"])


def test_an_engine_that_is_not_here_is_refused() -> None:
    """SB3202: nothing else is used in its place."""
    with pytest.raises(NoSuchEngine):
        run({}, engine="hadoop")


def test_a_table_without_its_columns_is_refused() -> None:
    """SB3203 names what is missing."""
    with pytest.raises(NotCanonical, match="amount"):
        run({"payments": [table("payments", []).drop_columns(["amount"])]})


def test_each_rule_has_a_sentence_and_a_law() -> None:
    """Name, description, basis and false friends are there for the page and the workbook."""
    for rule in rules():
        assert rule.name_zh and rule.description_zh and rule.legal_basis and rule.false_friends_zh and rule.reason_zh.endswith("。")


def finding(**facts: object) -> Finding:
    """A finding with defaults."""
    given_: dict[str, object] = {
        "rule": "D1-POSTHUMOUS", "severity": Severity.HIGH, "id_number": "1", "name": "甲", "fund": "R", "region": "620821", "periods": (202401,),
        "amount": 100,
        "counterpart": "", "confidence": 1000, "reason": "。", "evidence": Evidence((Row("a.csv", 2),), 1),
    }  # fmt: skip
    return Finding(**(given_ | facts))  # type: ignore[arg-type]


def test_the_id_stays_when_months_are_added_and_the_facts_change() -> None:
    """A lead keeps its id; a dismissal binds to periods, fen and the fact behind them."""
    one, more, later = finding(), finding(periods=(202401, 202402), amount=200), finding(fact="2024-01-01")
    assert one.finding_id == more.finding_id == later.finding_id
    assert len({one.facts, more.facts, later.facts}) == 3
    assert finding(other="6228").finding_id != one.finding_id


def test_evidence_is_the_json_of_the_contract() -> None:
    """Keys sorted, no spaces, Chinese as it is, at most fifty rows and all of them counted."""
    text = Evidence(tuple(Row("发放.csv", line) for line in range(2, 52)), 70, base=100, recovered=5).json()
    assert text.startswith('{"base":"1.00","recovered":"0.05","row_count":70,"rows":["发放.csv:2",')
    assert len(json.loads(text)["rows"]) == 50


rows = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from("ABC"), "fund": st.sampled_from(["R", "E", "G", "U"]), "region": st.sampled_from(["620821", "620822"]),
            "item": st.sampled_from(["基础养老金", "失业金", "补发", "丧葬费"]), "period": st.sampled_from([199901, 202401, 202402, 202403]),
            "amount": st.sampled_from([100, 200, -100]), "status": st.sampled_from(["paid", "paid", "reversed", "failed"]),
            "account": st.sampled_from(["6228480000000001", "6228480000000002"]), "name": st.sampled_from(["甲", "乙"]),
        }
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows)
def test_candidates_never_lose_a_finding(payments: list[dict[str, object]]) -> None:
    """Read through the candidates or from every row, the same findings come out."""
    given_ = tables({"payments": payments, "deaths": [{"id": "A", "death_on": "2024-01-05"}]})
    quick, slow = run(given_, threads=1), run(given_, threads=1, hurry=False)
    assert [one.row() for one in quick.findings] == [one.row() for one in slow.findings]
    assert (quick.distinct_amount, quick.left_out) == (slow.distinct_amount, slow.left_out)
