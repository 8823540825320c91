"""``python -m tests.crash --count 200 --seed 7``: kills on SQLite and PostgreSQL, and what came of them."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from tests.crash import payment, posting
from tests.private_postgres import cluster


def played(name: str, url: str, folder: Path, room: ModuleType, count: int, seed: int) -> None:
    """``count`` kills on one store; says what was seen."""
    begun = time.monotonic()
    made = room.Crashes(url, folder, random.Random(seed))
    while made.kills < count:
        made.kill()
    made.finish()
    what = "rosters" if room is payment else "vouchers"
    sys.stdout.write(
        f"{name}, {room.__name__.rpartition('.')[2]}: {made.kills} kills, {made.rosters} {what}, {made.committed_unsaid} acts committed and not yet said, "
        f"none lost, none half done, {time.monotonic() - begun:.0f} s, seed {seed}\n"
    )


def main() -> None:
    """Reads the options and plays on both stores."""
    options = argparse.ArgumentParser(prog="python -m tests.crash")
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--seed", type=int, default=20261122)
    options.add_argument("--store", choices=("both", "sqlite", "postgresql"), default="both")
    chosen = options.parse_args()
    rooms = ((payment, chosen.count - chosen.count // 3), (posting, chosen.count // 3))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if chosen.store != "postgresql":
            for room, count in rooms:
                played("SQLite", f"sqlite:///{folder / room.__name__}.sqlite", folder / room.__name__, room, count, chosen.seed)
        if chosen.store != "sqlite":
            with cluster(durable=True) as server:
                for place, (room, count) in enumerate(rooms):
                    server.run(f"CREATE DATABASE crash{place} TEMPLATE template1")
                    played("PostgreSQL", server.url(f"crash{place}"), folder / f"postgresql{place}", room, count, chosen.seed)


if __name__ == "__main__":
    main()
