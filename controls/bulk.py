"""Set-based inserts, as ``ledger.bulk`` makes them for every store module."""

from __future__ import annotations

from ledger.bulk import CHUNK, insert

__all__ = ["CHUNK", "insert"]
