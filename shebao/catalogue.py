"""Every refusal of the house in one list: what it says, why, and what to do. `shebao errors` and docs/errors.md show it."""

from __future__ import annotations

import importlib
from pathlib import Path

from ledger.errors import REGISTRY, Refusal

ROOMS = ("ledger", "controls", "books", "audit", "shebao")

RANGES = {
    "SB1": ("记账", "ledger"),
    "SB2": ("收件与身份", "intake and identity"),
    "SB3": ("内控", "controls"),
    "SB4": ("账簿与报表", "books"),
    "SB5": ("稽核", "audit"),
    "SB6": ("前台", "front door"),
}
"""First three characters of a code → the part of the house it belongs to, Chinese and English."""


def declaring_modules() -> list[str]:
    """Modules whose source declares a refusal; found by reading, so that nothing heavy is imported to look."""
    house = Path(__file__).resolve().parent.parent
    return [
        ".".join(path.relative_to(house).with_suffix("").parts).removesuffix(".__init__")
        for room in ROOMS
        for path in sorted((house / room).rglob("*.py"))
        if '    code = "SB' in path.read_text(encoding="utf-8")
    ]


def refusals() -> dict[str, type[Refusal]]:
    """Code → refusal, of all rooms, in the order of the codes. Imports the modules that declare them."""
    for module in declaring_modules():
        importlib.import_module(module)
    return {code: refusal for code, refusal in sorted(REGISTRY.items()) if refusal.__module__.partition(".")[0] in ROOMS}


def room_of(code: str, lang: str = "zh") -> str:
    """The part of the house a code belongs to."""
    zh, en = RANGES[code[:3]]
    return en if lang == "en" else zh
