"""The long fuzz run of the intake (模糊测试): spoilt files by the hundred thousand, in processes of bounded memory.

    python run.py fuzz [--count 100000] [--seed 1] [--workers 2] [--folder FOLDER] [--kind xls]
    python run.py fuzz --replay FILE --contract payments [--values 险种=R]

File ``number`` of a seed is always the same bytes. Each must be read or refused in words; of every fifth that is read,
all that ``import --explain`` says is said; every tenth is taken in by the register, whole or not at all. A worker that dies, hangs or raises
anything else leaves the file in FOLDER (outside the checkout by default) with its story beside it, and the run goes on.
Exit status 0 when nothing was found, 1 otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from tests.controls.spoiling import Spoiler, Spoilt, corpus

ROOM = 3 << 30
SLOWEST = 60
"""Seconds one file may take before it counts as a hang."""

STEP = 250
OFFICE = 2_000
"""Files after which a new office is opened: the register of an old one is read again for every file it takes in."""


def check(prover: Any, path: Path, contract: str, values: str, number: int) -> None:
    """Everything that must hold of one file; whatever it raises is a finding."""
    taken = prover.read(path, contract, values)
    if taken is None:
        return
    if number % 5 == 0:
        prover.told(taken)
    if number % 10 == 0 and contract == "payments":
        prover.kept(taken, accept_valid=number % 20 == 0)


def opened(folder: Path) -> Any:
    """A prover with an office in a folder of its own."""
    from tests.controls.payment_desk import desk
    from tests.controls.proving import Prover

    folder.mkdir(exist_ok=True)
    return Prover(folder, desk(f"sqlite:///{folder / 'office.db'}", folder / "home"))


def work(options: argparse.Namespace) -> int:
    """A worker: every ``step``-th file from ``first`` on; a line of JSON now and then, findings in the folder."""
    with contextlib.suppress(ImportError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tempfile.tempdir = str(folder / "litter")
        Path(tempfile.tempdir).mkdir()
        prover = opened(folder)
        sounds = [sound for sound in corpus(folder) if options.kind in ("", sound.kind)]
        spoiler = Spoiler(sounds)
        path = folder / "spoilt"
        done = 0
        for files, number in enumerate(range(options.first, options.count, options.step)):
            if files % OFFICE == 0 and files:
                prover.office.engine.dispose()
                prover.office = opened(folder / f"office-{files}").office
            (options.folder / f"at-{options.first % options.step}").write_text(str(number), encoding="utf-8")
            spoilt = spoiler.spoil(options.seed, number)
            path.write_bytes(spoilt.content)
            faulthandler.dump_traceback_later(SLOWEST, exit=True)
            try:
                check(prover, path, spoilt.source.contract, spoilt.source.values, number)
            except Exception:  # noqa: BLE001 - this is what the run looks for
                keep(options.folder, options.seed, number, spoilt, traceback.format_exc())
            faulthandler.cancel_dump_traceback_later()
            if left := litter(folder / "litter"):
                keep(options.folder, options.seed, number, spoilt, f"left lying: {left}")
            done += 1
            if done % STEP == 0:
                say(done, prover)
                done = 0
        say(done, prover)
    return 0


def litter(folder: Path) -> list[str]:
    """Names of the temporary files that nobody holds any more and nobody took away; takes them away."""
    if any(folder.iterdir()):
        gc.collect()
    left = sorted(folder.iterdir())
    for each in left:
        each.unlink()
    return [each.name for each in left]


def say(done: int, prover: Any) -> None:
    """Tells the parent what happened since the last time."""
    print(json.dumps({"done": done, "found": prover.found}), flush=True)
    prover.found.clear()


def keep(folder: Path, seed: int, number: int, spoilt: Spoilt, story: str) -> None:
    """A finding: the file and its story."""
    (folder / f"fail-{seed}-{number}.bin").write_bytes(spoilt.content)
    told = f"{spoilt.source.name} · {'、'.join(spoilt.ways)}\n--contract {spoilt.source.contract} --values '{spoilt.source.values}'\n\n{story}"
    (folder / f"fail-{seed}-{number}.txt").write_text(told, encoding="utf-8")


class Run:
    """The workers of one run, started again where they die, and the sum of what they told."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.done = 0
        self.found: Counter[str] = Counter()
        self.deaths = 0
        self._lock = threading.Lock()
        self._started = time.monotonic()

    def worker(self, place: int) -> None:
        """One worker's share, however many processes it takes."""
        first = place
        while first < self.options.count:
            command = [sys.executable, "-m", "tests.fuzz", "--work", "--first", str(first), "--step", str(self.options.workers)]
            command += ["--count", str(self.options.count), "--seed", str(self.options.seed), "--folder", str(self.options.folder), "--kind", self.options.kind]
            with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
                child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8")
                assert child.stdout is not None
                for line in child.stdout:
                    self._hear(json.loads(line))
                if child.wait() == 0:
                    return
                errors.seek(0)
                first = self._buried(place, child.returncode, errors.read()[-4000:]) + self.options.workers

    def _hear(self, told: dict[str, Any]) -> None:
        with self._lock:
            self.done += told["done"]
            self.found.update(told["found"])
            rate = self.done / max(0.001, time.monotonic() - self._started)
            print(f"\r{self.done:,} / {self.options.count:,} · {rate:.0f}/s · {self._failures()} 个问题 ", end="", file=sys.stderr, flush=True)

    def _buried(self, place: int, status: int, story: str) -> int:
        """Keeps the file on which a worker died; gives its number."""
        number = int((self.options.folder / f"at-{place}").read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as name:
            spoiler = Spoiler([sound for sound in corpus(Path(name)) if self.options.kind in ("", sound.kind)])
        with self._lock:
            self.deaths += 1
            keep(self.options.folder, self.options.seed, number, spoiler.spoil(self.options.seed, number), f"exit status {status}\n{story}")
        return number

    def _failures(self) -> int:
        return len(list(self.options.folder.glob(f"fail-{self.options.seed}-*.bin")))

    def go(self) -> int:
        """All workers to their end; prints the summary; gives the exit status."""
        threads = [threading.Thread(target=self.worker, args=(place,)) for place in range(self.options.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for place in range(self.options.workers):
            (self.options.folder / f"at-{place}").unlink(missing_ok=True)
        seconds = time.monotonic() - self._started
        print(f"\n{self.done:,} 个文件（种子 {self.options.seed}），{seconds:.0f} 秒：{self._failures()} 个问题，{self.deaths} 次进程中断")
        for name, count in self.found.most_common():
            print(f"  {name:<20} {count:>9,}")
        if self._failures():
            print(f"有问题的文件在 {self.options.folder}：python run.py fuzz --replay FILE --contract CONTRACT")
        return int(self._failures() > 0 or self.deaths > 0)


def replay(options: argparse.Namespace) -> int:
    """One kept file again, with its traceback."""
    with tempfile.TemporaryDirectory() as name:
        prover = opened(Path(name))
        check(prover, options.replay, options.contract, options.values, 0)
        print(dict(prover.found))
    return 0


def main() -> int:
    """Runs, works for a run, or replays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--kind", choices=["", "csv", "xlsx", "xls", "parquet"], default="")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "shebao-fuzz")
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--contract", default="payments")
    parser.add_argument("--values", default="")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--step", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.replay:
        return replay(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    return work(options) if options.work else Run(options).go()


if __name__ == "__main__":
    sys.exit(main())
