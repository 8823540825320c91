"""What belongs to the project: its files, as git or a walk over the folder sees them."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("shebao", "audit", "books", "controls", "ledger", "templates")
CACHES = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"}
SKIPPED = CACHES | {".git", ".venv", "build", "dist", "node_modules"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, tracked or about to be; sorted. Without git: every file not in a folder of leavings."""
    if (ROOT / ".git").exists() and (git := shutil.which("git")):
        command = [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if done.returncode == 0:
            return tuple(sorted(path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()))
    found = (path for path in ROOT.rglob("*") if path.is_file() and not left_over(path.relative_to(ROOT).parts))
    return tuple(sorted(found))


def left_over(parts: tuple[str, ...]) -> bool:
    """Whether a path leads into a cache, a build folder or the demo's results."""
    return bool(SKIPPED & set(parts)) or parts[0] == "demo" or any(part.endswith(".egg-info") for part in parts)


def named(path: Path) -> str:
    """The file's name inside the project, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def python(*rooms: str) -> list[Path]:
    """Python files of these rooms (top folders); of the whole project when none is named."""
    return [path for path in files() if path.suffix == ".py" and (not rooms or path.relative_to(ROOT).parts[0] in rooms)]
