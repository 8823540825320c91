"""Whatever comes in, in whatever order: a sweep that builds on the last one writes the bytes of a sweep from nothing."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import templates
from audit import findings_file
from controls.checks.catalogue import rules
from controls.checks.runner import run
from controls.checks.schema import CONTRACTS
from controls.sweeps import extract, seen
from ledger.db import open_engine, reading
from shebao import evidence_sweeps
from tests.audit.swept_office import Swept, office
from tests.controls.payment_desk import Desk

CODES = (
    "A1-SHARED-ACCOUNT", "D1-POSTHUMOUS", "D2-POSTHUMOUS-LINKED", "D3-REVIVED", "E2-NO-CERTIFICATE", "E3-CUSTODY", "I2-NAME-DIFFERS", "P1-TWO-SCHEMES",
    "P2-TWO-REGIONS", "P3-TWICE", "P5-PENSION-UNEMPLOYMENT",
)  # fmt: skip
WHO = st.sampled_from("ABCD")
PERIOD = st.integers(202401, 202406)
SERIAL = st.sampled_from(("", "S1", "S2"))
PAID = st.fixed_dictionaries(
    {
        "id": WHO, "period": PERIOD, "fund": st.sampled_from(("R", "R", "E", "U")), "region": st.sampled_from(("620821", "620822")),
        "name": st.sampled_from(("张建国", "李秀兰")), "account": st.sampled_from(("6228480000000001", "6228480000000002")),
        "amount": st.sampled_from((10000, 20000)), "serial": SERIAL,
    }
)  # fmt: skip
BACK = st.fixed_dictionaries({"id": WHO, "period": PERIOD, "amount": st.just(10000), "status": st.just("reversed"), "orig_serial": SERIAL})
DAY = st.sampled_from(("2024-01-20", "2024-03-05", "2024-05-31"))
ROWS: dict[str, Any] = {
    "payments": st.lists(st.one_of(PAID, PAID, PAID, BACK), min_size=1, max_size=8),
    "deaths": st.lists(st.fixed_dictionaries({"id": WHO, "death_on": DAY, "source": st.sampled_from(("公安", "村级"))}), min_size=1, max_size=2),
    "custody": st.lists(st.fixed_dictionaries({"id": WHO, "imprisoned_on": DAY}), min_size=1, max_size=2),
    "people": st.lists(
        st.fixed_dictionaries({"id": WHO, "fund": st.sampled_from(("R", "E")), "start_month": st.sampled_from((202201, 202402))}), min_size=1, max_size=2
    ),
    "recoveries": st.lists(st.fixed_dictionaries({"id": WHO, "from_month": PERIOD, "to_month": st.just(202406)}), min_size=1, max_size=2),
}
STEP = st.sampled_from(sorted(ROWS)).flatmap(lambda contract: st.tuples(st.just(contract), ROWS[contract], st.sampled_from(("increment", "increment", "full"))))
KINDS = {"payments": "increment", "recoveries": "increment"}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office in which everybody was paid, deaths, terms and starts are known of somebody."""
    folder = tmp_path_factory.mktemp("pattern")
    made = office(f"sqlite:///{folder / 's.db'}", folder)
    paid = [{"id": who, "account": f"62284800000000{place}"} for place, who in enumerate("ABCD")]
    made.take("payments", [one | {"period": period} for one in paid for period in (202401, 202402)])
    made.take("deaths", [{"id": "D", "death_on": "2024-06-30"}])
    made.take("custody", [{"id": "D", "imprisoned_on": "2024-06-30"}])
    made.desk.engine.dispose()
    return folder


def afresh(made: Swept, folder: Path) -> bytes:
    """findings.csv of all that is there, run at once and kept nowhere."""
    with reading(made.desk.engine) as connection, tempfile.TemporaryDirectory(dir=folder) as place:
        sources = extract.sources(connection)
        tables = extract.by_contract(sources, extract.lay(connection, made.desk.home, sources, Path(place)))
        return findings_file.write(folder / "whole.csv", run(tables, rules=CODES, threads=1).findings).read_bytes()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEP, min_size=1, max_size=3))
def test_building_on_the_last_sweep_is_sweeping_from_nothing(steps: list[tuple[str, list[dict[str, Any]], str]], pattern: Path) -> None:
    """A1: after any additions of payments, deaths, terms, people and recoveries the bytes are the same, and the distinct amount; verify agrees."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(pattern, folder, dirs_exist_ok=True)
        made = Swept(Desk(open_engine(f"sqlite:///{folder / 's.db'}"), folder / "home"), folder, iter(range(10, 100)))
        made.sweep(rules=CODES)
        for contract, rows, kind in steps:
            made.take(contract, rows, kind=KINDS.get(contract, kind))
            built = made.sweep(rules=CODES)
            assert made.csv() == afresh(made, folder), (contract, built.plan.touched)
        full = made.sweep("full", full=True, rules=CODES)
        assert made.csv("full") == made.csv()
        assert {key: full.swept.summary[key] for key in SAME} == {key: built.swept.summary[key] for key in SAME}
        with reading(made.desk.engine) as connection:
            assert f"{len(steps) + 2} 次筛查" in evidence_sweeps.kept(connection)
        made.desk.engine.dispose()


SAME = ("distinct_amount", "rows_read", "rows_left_out", "unmatched_reversals", "rules_not_run", "bad_numbers", "findings_by_rule", "as_of")

READS = {
    "death": "deaths", "death_link": "deaths", "term": "custody", "listed": "entitled", "premiums": "contributions", "government_paid": "contributions",
    "agent_account": "accounts", "account_months": "accounts", "age_due": "people",
}  # fmt: skip
"""Tables that the rules read → the list that fills them; a list goes by its own name."""


def test_a_rule_reads_no_list_that_its_watermark_does_not_know() -> None:
    """Every list in a rule's SQL is among what the rule says it needs or uses: a watermark blind to one would let findings stand that are out of date."""
    for rule in rules():
        text = re.sub(r"--.*", "", templates.path(rule.sql_name).read_text(encoding="utf-8"))
        read = {READS.get(name, name) for name in re.findall(r"(?:FROM|JOIN)\s+([a-z_]+)", text)} & set(CONTRACTS)
        assert read <= {*rule.needs, *rule.uses, *seen.EVERYWHERE}, rule.code


def test_rules_of_one_person_join_nobody_else() -> None:
    """What is asked of the persons in a new list alone reads no shared account, no link, no premium and no count over everybody."""
    for rule in rules():
        if rule.code in seen.BY_PERSON:
            text = templates.path(rule.sql_name).read_text(encoding="utf-8")
            assert rule.kind == "exact" and rule.grain in ("person", "number") and not rule.fields, rule.code
            assert not re.search(r"account_months|death_link|number_pair|premiums|government_paid|listed|age_due", text), rule.code
