"""The audit list C01–C57 (稽核检查项): which rules answer each check, and what is not covered and why (``templates/rules/catalogue.yaml``)."""

from __future__ import annotations

from pydantic import Field, model_validator

from controls.checks.cases import FOLDER
from ledger.lawfile import LawFile, Strict, read

FILE = "rules/catalogue.yaml"


class Check(Strict):
    """One check of the list. ``tests``: beside the cases of its rules; ``missing_zh``: what is not covered, and why."""

    id: str = Field(pattern=r"^C[0-9]{2}$")
    name_zh: str
    rules: tuple[str, ...]
    tests: tuple[str, ...] = ()
    missing_zh: str = ""

    @model_validator(mode="after")
    def _answered(self) -> Check:
        if not self.rules and not self.missing_zh:
            raise ValueError(f"{self.id}: neither a rule nor a word on why there is none")
        return self

    @property
    def proofs(self) -> tuple[str, ...]:
        """The files that prove it: the planted cases of its rules, then other tests."""
        return (*(f"templates/{FOLDER}/{rule}.yaml" for rule in self.rules), *self.tests)


class AuditList(LawFile):
    """The whole list, by number."""

    checks: tuple[Check, ...]


def checks() -> tuple[Check, ...]:
    """Every check of the list, in order."""
    return read(AuditList, FILE).checks
