"""What all rules share (共用口径) as data: sources, custody modes, item names, accounts left out."""

from __future__ import annotations

from ledger.lawfile import LawFile, read

FILE = "rules/common.yaml"


class Common(LawFile):
    """``templates/rules/common.yaml``; see the comments there."""

    death_sources: tuple[str, ...]
    official_sources: tuple[str, ...]
    custody_stops: tuple[str, ...]
    custody_low: tuple[str, ...]
    base_items: tuple[str, ...]
    account_items: tuple[str, ...]
    whole_items: tuple[str, ...]
    account_masks: tuple[str, ...]
    account_shortest: int
    internal_holders: tuple[str, ...]
    elsewhere_statuses: tuple[str, ...]
    dead_statuses: tuple[str, ...]
    drawing_statuses: tuple[str, ...]


def common() -> Common:
    """The shared definitions in force."""
    return read(Common, FILE)
