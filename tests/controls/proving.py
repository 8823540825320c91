"""What must hold of any file whatever: it is read or refused in words, all its rows are accounted for, and it is taken in whole or not at all."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Refusal

if TYPE_CHECKING:
    from controls.intake.taken import Taken
    from tests.controls.payment_desk import Desk

TODAY = date(2026, 1, 15)
TAKERS = {"payments": "zhang", "bank": "zhao"}


class Prover:
    """``folder`` is for what is written; ``office`` (with its store) for taking in. Both must be empty at first."""

    def __init__(self, folder: Path, office: Desk | None = None) -> None:
        self.folder = folder
        self.office = office
        self.found: Counter[str] = Counter()

    def read(self, path: Path, contract: str, values: str = "") -> Taken | None:
        """The file as read, None when it was refused; AssertionError, or whatever the reader raised, where it did neither."""
        from controls.intake import reader

        try:
            taken = reader.read(path, contract, values=reader.split_values(f"x::{values}")[1] if values else None)
        except Refusal as refused:
            assert refused.status == 2, f"{refused.code} has status {refused.status}"
            assert all((refused.text("zh"), refused.text("en"), refused.cause(), refused.remedy(), refused.cause("en"), refused.remedy("en")))
            self.found[refused.code] += 1
            return None
        self.found["taken" if not taken.rejects else "rows refused"] += 1
        assert len(taken.rejects.lines()) == taken.rejected.num_rows
        taken.table.validate(full=True)
        assert taken.control[0] == taken.table.num_rows
        return taken

    def told(self, taken: Taken) -> None:
        """Everything that ``--explain`` would say can be said, and the rows in error can be written."""
        from controls.intake import contracts, doubts, explain, reader
        from ledger.sheets import open_source

        source = open_source(taken.path)
        facts = source.facts(taken.sheet)
        found = doubts.find(taken, today=TODAY, facts=facts)
        assert explain.explain(taken, doubts=found, source=source, contract=contracts.load(taken.contract)).as_json()
        rejects = self.folder / "rejects.xlsx"
        reader.write_rejects(taken, rejects)
        rejects.unlink()

    def kept(self, taken: Taken, *, accept_valid: bool) -> None:
        """Taken in whole (one row in the register, one snapshot that gives the table back) or not at all."""
        from controls.intake import register
        from tests.controls.payment_desk import NOW, someone

        assert self.office is not None
        with self.office.engine.connect() as connection:
            before = register.every(connection)
        files = set(self.office.home.rglob("*"))
        try:
            with self.office.unit() as work:
                actor = someone(TAKERS.get(taken.contract, "zhang"))
                made = register.take(work, self.office.home, taken, actor, NOW, source="", as_of=None, accept_valid=accept_valid)
                work.commit()
        except Refusal as refused:
            assert refused.text("zh") and refused.text("en")
            self.found[f"register {refused.code}"] += 1
            with self.office.engine.connect() as connection:
                assert register.every(connection) == before
            assert set(self.office.home.rglob("*")) == files
            return
        self.found["kept"] += 1
        assert not taken.rejects or accept_valid
        with self.office.engine.connect() as connection:
            assert register.every(connection) == [*before, made]
        assert made.rows == taken.table.num_rows and made.table(self.office.home).num_rows == made.rows
        new = {path for path in self.office.home.rglob("*") if path.is_file()} - files
        assert new == {made.path(self.office.home)}
