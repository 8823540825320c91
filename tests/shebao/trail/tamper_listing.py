"""The list of docs/controls.md: every table under the chain, the proof that answers for it, and the store in which it is tampered with."""

from __future__ import annotations

from pathlib import Path

from ledger.db import metadata
from tests.shebao.trail.tamper_spec import EMPTY, SPECS


def render() -> str:
    """The list as a table of Markdown."""
    rows = []
    for name, spec in sorted(SPECS.items()):
        columns = "a row left behind" if name in EMPTY else f"all {len(metadata.tables[f'shebao_{name}'].c)}"
        rows.append(f"| `{name}` | {columns} | {'、'.join(spec.proofs)} | {spec.sample} |")
    return "\n".join(("| table | columns changed | found by (of `shebao verify`) | store |", "|---|---|---|---|", *rows))


def main() -> None:
    """Writes the list into docs/controls.md."""
    file = Path(__file__).resolve().parents[3] / "docs" / "controls.md"
    head, _, rest = file.read_text(encoding="utf-8").partition("<!-- tamper:begin -->")
    file.write_text(f"{head}<!-- tamper:begin -->\n{render()}\n<!-- tamper:end -->{rest.partition('<!-- tamper:end -->')[2]}", encoding="utf-8")


if __name__ == "__main__":
    import shebao.verification  # noqa: F401  (brings every room's tables)

    main()
