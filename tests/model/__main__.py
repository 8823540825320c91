"""`python -m tests.model`: the machine for as many steps as one likes, in rounds, each of which its seed plays again."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack

from sqlalchemy.exc import DBAPIError

from ledger.errors import Refusal
from shebao.evidence import Broken
from tests.model import chain_playing, offices
from tests.model.machine import BooksMachine
from tests.model.running import play
from tests.private_postgres import Cluster, NotHere, cluster

EXAMPLES, STEPS = 10, 50
FOUND = 1


def _words(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py model", description="随机业务、更正、结账与模型逐步核对 / random months against the model")
    parser.add_argument("--steps", type=int, default=5_000, help="步数：办成和被拒绝的每一件各算一步，按轮取整 / acts done or refused, in whole rounds")
    parser.add_argument("--seed", type=int, default=1, help="第一轮的种子；重放某一轮即用该轮的种子和 --steps 1 / seed of the first round")
    parser.add_argument("--choices", choices=[one.name for one in offices.ALL], help="只用一种核算办法 / one office's choices only")
    parser.add_argument("--sqlite", action="store_true", help="只在 SQLite 上运行 / leave PostgreSQL out")
    return parser.parse_args(given)


def _server(stack: ExitStack, sqlite: bool) -> Cluster | None:
    """A private server, or the reason why there is none."""
    if sqlite:
        return None
    try:
        return stack.enter_context(cluster())
    except NotHere as reason:
        print(f"仅 SQLite / SQLite only: {reason}", file=sys.stderr)
        return None


def main(given: Sequence[str] | None = None) -> int:
    """Plays round after round; status 1 with the seed of the first round that finds something, and how to play it again.

    ``--chain`` plays random people on the payment chain instead.
    """
    words_given = sys.argv[1:] if given is None else list(given)
    if "--chain" in words_given:
        return chain_playing.main([word for word in words_given if word != "--chain"])
    words = _words(words_given)
    chosen = [one for one in offices.ALL if words.choices in (None, one.name)]
    started, number = time.monotonic(), words.seed
    with ExitStack() as stack:
        server = _server(stack, words.sqlite)
        while BooksMachine.counted.total() < words.steps:
            way = chosen[number % len(chosen)]
            try:
                play(way, server, examples=EXAMPLES, steps=STEPS, number=number)
            except (AssertionError, Refusal, DBAPIError, Broken):
                traceback.print_exc()
                again = f"run.py model --seed {number} --steps 1 --choices {way.name}"
                print(f"\n第 {number} 号种子发现问题；重放 / replay: {again}", file=sys.stderr)
                return FOUND
            acts = sum(times for act, times in BooksMachine.counted.items() if not act.startswith("SB"))
            refused = BooksMachine.counted.total() - acts
            told = f"第 {number} 号种子 {way.name}：累计 {acts} 件办成、{refused} 件拒绝，{time.monotonic() - started:.0f} 秒"
            print(told, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
            number += 1
    told = "，".join(f"{act} {count}" for act, count in sorted(BooksMachine.counted.items()))
    print(f"\n{number - words.seed} 轮没有发现不一致。{told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
