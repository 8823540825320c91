"""Which test tampers with which table, and which columns nothing in the store repeats: the list of docs/controls.md."""

from __future__ import annotations

from pathlib import Path

from controls.award_tables import AWARD_TABLES
from controls.journal_tables import JOURNAL_TABLES
from controls.premium_tables import PREMIUM_TABLES
from controls.redaction_tables import REDACTION_TABLES
from controls.register_tables import REGISTER_TABLES
from controls.roster_tables import ROSTER_TABLES
from ledger.tables import SALT_TABLES
from tests.shebao import test_verification, test_verification_chain, test_verification_persons
from tests.shebao.trail import test_tamper_people

BOOK = frozenset({"book_id"})


def _names(tables: object, free: frozenset[str] = frozenset()) -> dict[str, frozenset[str]]:
    return {table.name: free for table in tables}  # type: ignore[attr-defined]


FLIPPED: dict[str, dict[str, frozenset[str]]] = {
    "tests/shebao/test_verification.py": _names(test_verification.TABLES),
    "tests/shebao/test_verification_chain.py": {
        table.name: frozenset(test_verification_chain.FREE.get(table.name[7:], ())) for table in test_verification_chain.CHAIN
    },
    "tests/shebao/test_verification_persons.py": _names(test_verification_persons.TABLES.values()),
    "tests/shebao/test_verification_journals.py": _names(JOURNAL_TABLES, BOOK),
    "tests/shebao/test_verification_registers.py": _names(REGISTER_TABLES),
    "tests/shebao/test_verification_premiums.py": _names(PREMIUM_TABLES, BOOK),
    "tests/controls/benefits/test_award_store.py": _names(AWARD_TABLES),
    "tests/controls/rosters/test_roster_proof.py": _names(ROSTER_TABLES),
    "tests/shebao/trail/test_tamper_people.py": _names(test_tamper_people.TABLES),
    "tests/shebao/trail/test_redaction.py": _names((*SALT_TABLES, *REDACTION_TABLES)),
}
"""Test → its tables, each with the columns that it leaves out: there every column is flipped."""

BY_CASE: dict[str, tuple[str, ...]] = {
    "tests/shebao/test_evidence_vouchers.py": ("voucher", "voucher_line", "voucher_business", "attachment"),
    "tests/shebao/test_cli_accounts.py": ("account_change",),
    "tests/controls/banking/test_approvals.py": ("approval", "handover", "handover_signature"),
    "tests/shebao/test_cli_budget.py": ("budget",),
    "tests/shebao/test_person_accounts_property.py": ("person_account_act", "person_account_batch", "person_account_year"),
}  # fmt: skip
"""Test → tables where chosen forgeries are tried, not yet every column."""

EMPTY = ("open_posting", "sealing")
"""Always empty after an act; a row left in them is found by tests/shebao/test_verification.py."""


def entries() -> dict[str, tuple[str, str, str]]:
    """Table (without its prefix) → (test, how it is tried, columns repeated nowhere)."""
    found: dict[str, tuple[str, str, str]] = {name: ("tests/shebao/test_verification.py", "a row left behind", "") for name in EMPTY}
    for test, tables in BY_CASE.items():
        found |= {name: (test, "chosen forgeries", "not tried column by column") for name in tables}
    for test, flipped in FLIPPED.items():
        found |= {name[7:]: (test, "every column", "、".join(f"`{column}`" for column in sorted(free))) for name, free in flipped.items()}
    return found


def render() -> str:
    """The list as a table of Markdown."""
    rows = [f"| `{name}` | {how} | {free or '—'} | `{test}` |" for name, (test, how, free) in sorted(entries().items())]
    return "\n".join(("| table | tried | left out | test |", "|---|---|---|---|", *rows))


def main() -> None:
    """Writes the list into docs/controls.md."""
    file = Path(__file__).resolve().parents[3] / "docs" / "controls.md"
    head, _, rest = file.read_text(encoding="utf-8").partition("<!-- tamper:begin -->")
    file.write_text(f"{head}<!-- tamper:begin -->\n{render()}\n<!-- tamper:end -->{rest.partition('<!-- tamper:end -->')[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
