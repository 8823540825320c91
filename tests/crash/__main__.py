"""``python -m tests.crash --count 200 --seed 7``: kills on SQLite and PostgreSQL, and what came of them."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.payment import Crashes
from tests.private_postgres import cluster


def played(name: str, url: str, folder: Path, count: int, seed: int) -> None:
    """``count`` kills on one store; says what was seen."""
    begun = time.monotonic()
    made = Crashes(url, folder, random.Random(seed))
    while made.kills < count:
        made.kill()
    made.finish()
    sys.stdout.write(
        f"{name}: {made.kills} kills, {made.rosters} rosters, {made.committed_unsaid} acts committed and not yet said, none lost, none half done, "
        f"{time.monotonic() - begun:.0f} s, seed {seed}\n"
    )


def main() -> None:
    """Reads the options and plays on both stores."""
    options = argparse.ArgumentParser(prog="python -m tests.crash")
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--seed", type=int, default=20261122)
    options.add_argument("--store", choices=("both", "sqlite", "postgresql"), default="both")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if chosen.store != "postgresql":
            played("SQLite", f"sqlite:///{folder / 'store.sqlite'}", folder / "sqlite", chosen.count, chosen.seed)
        if chosen.store != "sqlite":
            with cluster(durable=True) as server:
                server.run("CREATE DATABASE crash TEMPLATE template1")
                played("PostgreSQL", server.url("crash"), folder / "postgresql", chosen.count, chosen.seed)


if __name__ == "__main__":
    main()
