"""Writes constraints.txt from what is installed in .venv: the closure of our own dependencies, each at its version.

Run it in a .venv whose test suite is green, after changing a dependency in pyproject.toml:
``.venv/bin/python scripts/make_constraints.py``. No address, index option or hash ever stands in the file.
"""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "constraints.txt"
EXTRAS = ("dev", "postgres")
ELSEWHERE = {"colorama": "0.4.6"}
"""Needed on Windows alone (by click, pytest and build), so not installed where this script usually runs."""

HEAD = """\
# Exact versions of everything `run.py venv` installs (extras dev and postgres). Written by scripts/make_constraints.py.
# Only names and versions: where packages come from is the business of the machine's pip settings.
"""


def declared() -> list[str]:
    """Our own dependencies and those of the extras, as pyproject.toml declares them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines: list[str] = list(project["dependencies"])
    for extra in EXTRAS:
        lines += project["optional-dependencies"][extra]
    return lines


def closure(lines: list[str]) -> dict[str, str]:
    """Every distribution that ``lines`` need here, with its installed version (canonical name → version)."""
    found: dict[str, str] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(line, ()) for line in lines]
    while waiting:
        line, extras = waiting.pop()
        requirement = Requirement(line)
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            continue
        needed = canonicalize_name(requirement.name)
        found[needed] = metadata.version(needed)
        step = (needed, tuple(sorted(requirement.extras)))
        if step not in seen:
            seen.add(step)
            waiting += [(below, step[1]) for below in metadata.requires(needed) or []]
    return found


def main() -> int:
    """Writes the file; 0."""
    versions = ELSEWHERE | closure(declared())
    TARGET.write_text(HEAD + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions)), encoding="utf-8", newline="\n")
    sys.stderr.write(f"{TARGET.name}: {len(versions)} distributions\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
