"""The parameters that commands of `shebao benefit` reckon by: the office's own before the shipped ones, and a proposal over both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from shebao.cli import Desk

if TYPE_CHECKING:
    from ledger.parameters import Parameters


def law(desk: Desk, overlay: Path | None = None) -> Parameters:
    """The parameters in force where the command runs (an office's own go first), with a proposal laid over them."""
    from ledger.parameters import Parameters
    from shebao.store import Office

    if (desk.home / "shebao.toml").exists():
        Office(desk.home)
    found = Parameters.load()
    if overlay is None:
        return found
    from ledger.benefits.simulation import read_proposal

    return found.overlaid(read_proposal(overlay).values, overlay.name)
