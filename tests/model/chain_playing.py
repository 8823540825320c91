"""`run.py model --chain`: random people on the payment chain for as many acts as one likes, in offices of :data:`ROUND` acts each."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger.db import open_engine
from tests.controls.payment_desk import NOW, desk
from tests.model.chain import MORE, Chain, Wrong
from tests.private_postgres import cluster

ROUND = 400
"""Acts in one office; then a new one, so that a long run does not slow down."""


def office(url: str, home: Path, dice: random.Random) -> Chain:
    """An office with two people a duty, and two who hold what may be held together."""
    from unittest.mock import patch

    from controls.tables import grant, user

    made = desk(url, home)
    with made.unit() as work, patch("controls.people.hash_password", return_value="x"):
        for who, (name, duties) in MORE.items():
            given = {"password_hash": "x", "created_at": NOW, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=who, name=name, **given))
            for duty in duties:
                work.connection.execute(
                    grant.insert().values(user_id=who, duty=duty.value, valid_from="2025-12-01", valid_to="", granted_by="init", granted_at=NOW)
                )
        work.commit()
    made.engine.dispose()
    return Chain(replace(made, engine=quick(url)), dice)


def quick(url: str) -> sa.Engine:
    """An engine that keeps its connection and, on SQLite, does not wait for the disk: what a crash keeps is the question of ``make crash``."""
    engine = open_engine(url, kept=True)
    if engine.dialect.name == "sqlite":

        def at_ease(connection: Any, record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

        sa.event.listen(engine, "connect", at_ease)
    return engine


def play(make: Callable[[int], str], folder: Path, *, acts: int, seed: int, said: Callable[[int, Counter[str]], object] | None = None) -> Counter[str]:
    """``acts`` acts in offices of :data:`ROUND`, each on the database ``make`` gives; what was done and refused, by code. Raises Wrong.

    At the end of each office the trail and the evidence of the payments are proved as ``shebao verify`` proves them.
    """
    told: Counter[str] = Counter()
    for place in range(0, acts, ROUND):
        chain = office(make(place), folder / f"office{seed}-{place}", random.Random(f"{seed}/{place}"))
        try:
            for _ in range(min(ROUND, acts - place)):
                chain.step()
            chain.verify()
        except Exception as wrong:
            raise Wrong(f"seed {seed}, office {place}: {wrong}") from wrong
        finally:
            told += chain.told
            chain.desk.engine.dispose()
        if said:
            said(min(place + ROUND, acts), told)
    return told


def main(given: list[str] | None = None) -> int:
    """Plays as many acts as one likes on SQLite or PostgreSQL and prints what happened; status 1 with the seed when the model was hurt."""
    about = "随机的人对花名册随机办理，逐步核对规则 / random people on the payment chain"
    words = argparse.ArgumentParser(prog="run.py model --chain", description=about)
    words.add_argument("--steps", type=int, default=5_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--postgresql", action="store_true", help="在私有 PostgreSQL 上运行 / on a private PostgreSQL")
    chosen = words.parse_args(given)
    started = time.monotonic()
    memory = Path("/dev/shm")

    def said(acts: int, told: Counter[str]) -> None:
        if acts % 10_000 == 0:
            sys.stderr.write(f"{acts} acts, {time.monotonic() - started:.0f} s\n")

    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder, ExitStack() as stack:
        make = _stores(stack, Path(folder), chosen.postgresql)
        try:
            told = play(make, Path(folder), acts=chosen.steps, seed=chosen.seed, said=said)
        except Wrong:
            traceback.print_exc()
            return 1
    for what, count in sorted(told.items()):
        sys.stdout.write(f"{count:8d}  {what}\n")
    done = sum(count for what, count in told.items() if what.endswith(" done"))
    refused = sum(count for what, count in told.items() if " refused " in what)
    store = "PostgreSQL" if chosen.postgresql else "SQLite"
    sys.stdout.write(f"{store}: {done + refused} acts, {done} done, {refused} refused, seed {chosen.seed}, {time.monotonic() - started:.0f} s\n")
    return 0


def _stores(stack: ExitStack, folder: Path, postgresql: bool) -> Callable[[int], str]:
    """A database for each office; on SQLite the file of the office before it is taken away, so that memory does not fill."""
    if postgresql:
        server = stack.enter_context(cluster())

        def database(place: int) -> str:
            server.run(f"CREATE DATABASE chain{place} TEMPLATE template1")
            return server.url(f"chain{place}")

        return database

    def file(place: int) -> str:
        for old in folder.glob("*.db*"):
            old.unlink()
        for old in folder.glob("office*"):
            shutil.rmtree(old)
        return f"sqlite:///{folder}/{place}.db"

    return file


if __name__ == "__main__":
    sys.exit(main())
