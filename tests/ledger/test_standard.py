"""Every numbered treatment of 第三部分 of 财会〔2017〕28号 has a template for each of its entries, and cases that hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import templates
from ledger.chart import Chart
from ledger.errors import Refusal
from ledger.event_file import load_events
from ledger.funds import Fund
from ledger.standard import cited, coverage, index, treatment, treatments


def test_the_index_holds_the_whole_third_part() -> None:
    """34 accounts, 107 numbered items, 99 of them treatments with 151 entries, in the order of the text."""
    pages = index().accounts
    assert len(pages) == 34
    assert [page.code for page in pages] == sorted(page.code for page in pages)
    assert sum(len(paragraph.items) for page in pages for paragraph in page.paragraphs) == 107
    assert len(treatments()) == 99
    assert sum(len(one.entries) for one in treatments()) == 151


def test_the_chart_has_the_accounts_of_the_index() -> None:
    """Every account of the index stands in the chart of some fund, by the same name."""
    names = {account.code: account.name for fund in Fund for tier in ("county", "province") for account in Chart.load("28-2018", fund, tier=tier).accounts}  # type: ignore[arg-type]
    assert {page.code: page.name for page in index().accounts} == {code: name for code, name in names.items() if len(code) == 4}


@pytest.mark.parametrize("one", coverage(), ids=lambda one: one.treatment.paragraph)
def test_every_treatment_is_carried_out(one) -> None:  # type: ignore[no-untyped-def]
    """F21: each entry of the treatment has a template and a case, and every case gives exactly its legs."""
    assert one.missing == ()
    assert one.failing == ()
    assert one.templates and one.cases


def test_every_citation_exists() -> None:
    """No template cites a numbered item that the standard lacks."""
    for law in load_events().values():
        for text in (law.reference, *(rule.reference for rule in law.closing)):
            cited(text)


def test_citations_name_entries() -> None:
    """A citation with ordinals names those entries, one without names them all, a paragraph that is no treatment names none."""
    assert cited("1101三(二)①②") == ("1101三(二)①", "1101三(二)②")
    assert cited("3001三(三)") == ("3001三(三)①", "3001三(三)②")
    assert cited("4001一；总说明十(四)；5001二(七)") == ()
    assert treatment("2001三(三)⑤").paragraph == "2001三(三)"


def test_unknown_paragraphs_are_refused() -> None:
    """A treatment the standard lacks, and an entry a treatment lacks, raise SB1040."""
    for call in (lambda: treatment("9999三(一)"), lambda: cited("1101三(二)⑨")):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == "SB1040"


def test_a_missing_template_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate can fail: without the template of borrowings their treatments are not covered, and a wrong case is named."""
    folder = tmp_path / "events"
    folder.mkdir()
    source = (templates.SHIPPED / "events" / "other.yaml").read_text("utf-8")
    (folder / "other.yaml").write_text(source.replace("reference: 2101三(三)", "reference: 2101一"), encoding="utf-8")
    cases = tmp_path / "standard" / "cases"
    cases.mkdir(parents=True)
    shutil.copy(templates.SHIPPED / "standard" / "cases" / "collection.yaml", cases)
    text = (cases / "collection.yaml").read_text("utf-8").replace("legs: [D 4001", "legs: [C 4001")
    (cases / "collection.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    found = {one.treatment.paragraph: one for one in coverage()}
    assert found["2101三(三)"].missing == ("2101三(三)",)
    assert not found["2101三(三)"].complete
    assert "退回本年保险费" in found["4001三(二)"].failing


def test_the_index_is_not_overlaid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office's folder cannot shorten the standard: the index is only ever the shipped one."""
    folder = tmp_path / "standard"
    folder.mkdir()
    (folder / "28-2017.yaml").write_text("document: x\nvalid_from: 2018-01-01\nreference: y\naccounts: []\n", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert len(treatments()) == 99
