"""What people read, fill in and may edit (YAML, SQL, fonts), with a small finder.

Every room reads its data through :func:`path` and :func:`load`, so that a county may lay its own
folder over the shipped one: the first folder of ``SHEBAO_TEMPLATES`` that has the file wins. What guards
payments (:data:`GUARDED`) is only ever the shipped one. Inside an office the folder is ``<home>/templates``
and an inherited variable counts for nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent


def roots() -> list[Path]:
    """Folders searched, the county's own first (``SHEBAO_TEMPLATES``, separated like PATH)."""
    own = [Path(p) for p in os.environ.get("SHEBAO_TEMPLATES", "").split(os.pathsep) if p]
    return [*own, SHIPPED]


GUARDED = (
    "rules/", "duties.yaml", "command-duties.yaml", "fresh-proof.yaml", "flows.yaml", "tokens.yaml", "special/flows.yaml", "special/purposes.yaml",
    "parameters/payment-chain.yaml", "parameters/sign-in.yaml",
    "intake/status.yaml", "signin/",
    "standard/28-2017.yaml", "fonts/",
)  # fmt: skip
"""What no folder laid over may replace: who may do what, where money may go, what blocks a payment (C4: no off switch)."""


def unused(*folders: Path) -> list[str]:
    """Files of the county's own folders (and of ``folders``) that lie over what is guarded and are therefore not used, by path; a name in both counts twice."""
    found = []
    for root in dict.fromkeys([*(one for one in roots() if one != SHIPPED), *folders]):
        if root.is_dir():
            inside = ((one, one.relative_to(root).as_posix()) for one in root.rglob("*") if one.is_file())
            found += [str(one) for one, name in inside if name.startswith(GUARDED)]
    return sorted(found)


def _searched(name: str) -> list[Path]:
    return [SHIPPED] if name.startswith(GUARDED) else roots()


def path(name: str) -> Path:
    """The file ``name`` (a relative path such as ``charts/28-2018.yaml``); FileNotFoundError when absent."""
    for root in _searched(name):
        found = root / name
        if found.exists():
            return found
    raise FileNotFoundError(name)


def names(folder: str, suffix: str) -> Iterator[str]:
    """Relative names of the files in ``folder`` ending in ``suffix``, sorted, each once."""
    seen: set[str] = set()
    for root in _searched(f"{folder}/"):
        base = root / folder
        if base.is_dir():
            seen.update(f"{folder}/{p.name}" for p in base.iterdir() if p.name.endswith(suffix))
    yield from sorted(seen)


def load(name: str) -> Any:
    """The YAML file ``name`` as plain Python values."""
    import yaml

    with path(name).open(encoding="utf-8") as handle:
        return yaml.load(handle, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
