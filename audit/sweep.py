"""A sweep (全面筛查): the checks driven over plain files, and the four papers it leaves in its folder.

Reads everything, posts nothing (A2). The folder is made readable by its owner alone, since it holds full numbers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audit import findings_file, lead_workbook, rejects_workbook, summary
from audit.errors import FolderNotOurs, NothingToCheck
from audit.inputs import Given, Input, by_contract, read_all
from controls.checks.catalogue import chosen
from controls.checks.coverage import NotRun
from controls.checks.engine import Engine
from controls.checks.room import Room
from controls.checks.runner import CheckResult, run
from controls.checks.selftest import SelfTest, self_test
from ledger import system_words
from ledger.months import Month

FINDINGS = "findings.csv"
WORKBOOK = "疑点清单.xlsx"
SUMMARY = "summary.json"
REJECTS = "rejects.xlsx"

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep read, found and wrote: ``summary`` is the content of ``summary.json``."""

    inputs: tuple[Input, ...]
    result: CheckResult
    summary: dict[str, object]
    written: tuple[Path, ...]
    tested: Mapping[str, SelfTest]

    @property
    def distrusted(self) -> tuple[SelfTest, ...]:
        """Rules that failed their own cases and were therefore left out."""
        return tuple(test for test in self.tested.values() if not test.trusted)

    @property
    def rejected(self) -> int:
        """Rows of all inputs that were left out as unusable."""
        return sum(one.rows_rejected for one in self.inputs)


def sweep(
    given: Sequence[Given],
    out: Path,
    *,
    rules: Iterable[str] | None = None,
    as_of: Month | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    strict: bool = False,
    mask: bool = False,
    threads: int | None = None,
    room: Room | None = None,
    step: Step = lambda _: None,
) -> Swept:
    """Reads the files, runs the rules, writes the papers to ``out``.

    ``rules`` None runs all; ``as_of`` None takes the last period paid; ``engine`` is duckdb or spark, ``master`` Spark's; ``room``: the
    memory that may be used and where the rest lies; ``step`` is told what is being done.
    Raises what the intake and the checks raise, and SB5001-SB5003; nothing is written before everything is read.
    """
    start = time.perf_counter()
    wanted = [rule.code for rule in chosen(rules)]
    inputs = read_all(given, strict=strict, step=step)
    if not any(one.rows_good for one in inputs if one.contract == "payments"):
        raise NothingToCheck(contract="发放明细")
    step("规则自检")
    tested = self_test(wanted)
    step("检查")
    trusted = [code for code in wanted if tested[code].trusted]
    result = run(by_contract(inputs), rules=trusted, as_of=as_of, engine=opened(engine, master, room), threads=threads, room=room)
    left = tuple(NotRun(test.rule, "", f"自检未通过，不可信：{test.says}") for test in tested.values() if not test.trusted)
    result = replace(result, not_run=result.not_run + left)
    step("写出结果")
    own(out)
    written = [findings_file.write(out / FINDINGS, result.findings)]
    told = summary.of(inputs, result, tested, findings_sha256=findings_file.digest(out / FINDINGS), seconds=time.perf_counter() - start)
    written.append(summary.write(out / SUMMARY, told))
    written.append(lead_workbook.write(out / WORKBOOK, inputs, result, told, mask=mask, room=room))
    if any(one.rows_rejected for one in inputs):
        written.append(rejects_workbook.write(out / REJECTS, inputs))
    else:
        (out / REJECTS).unlink(missing_ok=True)
    for path in written:
        path.chmod(0o600)
    return Swept(tuple(inputs), result, told, tuple(written), tested)


def opened(engine: str, master: str | None, room: Room | None = None) -> str | Engine:
    """What the checks run on: the embedded engine by its name, a session of the cluster's. Raises SB5016."""
    if engine != "spark":
        return engine
    from audit.engine_spark import Spark

    return Spark(master=master, room=room)


def own(folder: Path) -> None:
    """Makes the folder, readable by its owner alone; raises SB5002 when it is another's or no folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            raise FolderNotOurs(folder=folder, why="目录属于他人")
        folder.chmod(0o700)
    except OSError as wrong:
        raise FolderNotOurs(folder=folder, why=system_words.said(wrong)) from wrong
