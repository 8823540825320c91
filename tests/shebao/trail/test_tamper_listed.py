"""Every table under the chain has somebody who tampers with it, and docs/controls.md says so; every paper prints the trail's head."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.db import metadata
from shebao.verification import PROOFS, WHOLE
from tests.shebao.trail.samples import SAMPLES
from tests.shebao.trail.tamper_listing import render
from tests.shebao.trail.tamper_spec import SPECS

HOUSE = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted(file for file in (HOUSE / "books" / "documents").glob("*.py") if file.name != "__init__.py")


def test_every_table_has_its_entry() -> None:
    """C6: a new table that nobody tampers with, or an entry of a table that is gone, fails here; the entry names a store and proofs that are there."""
    assert {name[7:] for name in metadata.tables} == set(SPECS)
    proofs = {code for code, _ in (*PROOFS, *WHOLE)} | {"L2 账套", "L11 附件", "C3 发放", "C6 留痕链", "C1 不相容"}
    for name, spec in SPECS.items():
        assert spec.sample in SAMPLES and proofs.issuperset(spec.proofs) and spec.named, name


def test_the_list_in_the_docs_is_this_list() -> None:
    """docs/controls.md holds the list as the code has it."""
    text = (HOUSE / "docs" / "controls.md").read_text(encoding="utf-8")
    told = re.search(r"<!-- tamper:begin -->\n(.*?)\n<!-- tamper:end -->", text, re.DOTALL)
    assert told is not None and told.group(1) == render(), "run: python -m tests.shebao.trail.tamper_listing"


@pytest.mark.parametrize("document", DOCUMENTS, ids=[file.stem for file in DOCUMENTS])
def test_every_paper_prints_the_head_of_the_trail(document: Path) -> None:
    """F14: each maker of a paper lays it through the house's pages, whose foot holds 留痕链头, or prints the head by itself."""
    text = document.read_text(encoding="utf-8")
    assert re.search(r"\brender\(", text) or "留痕链头：{stamp.trail_head}" in text
    assert "trail_head=\"\"" not in text and "留痕链头：" in (HOUSE / "books" / "pdf" / "house.py").read_text(encoding="utf-8")
