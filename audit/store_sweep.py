"""A sweep out of the store (全面筛查): what the office paid and every snapshot in use, the same rules, the same papers, and every lead kept with its history.

A rule that has seen all there is stands; one that new lists of persons alone concern is asked of those persons; every other is run whole. The findings are
those of a full sweep, to the byte. Nothing is posted (A2); what is kept is written in one transaction before the papers.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from audit import findings_file, lead_workbook, store_inputs, summary
from audit.errors import NothingPaid
from audit.store_inputs import NO_END, Population
from audit.sweep import FINDINGS, REJECTS, SUMMARY, WORKBOOK, Step, Swept, own
from controls.checks.catalogue import Rule, chosen
from controls.checks.coverage import CONTRACT_ZH, NotRun, bad_numbers
from controls.checks.runner import CheckResult, Sweep, opened
from controls.checks.schema import CONTRACTS
from controls.checks.selftest import SelfTest, self_test
from controls.duties import Actor, Duty, require
from controls.findings import Finding, in_order
from controls.sweeps import conclusions, extract, kept, narrow, own_texts, seen
from controls.sweeps.extract import Source
from controls.sweeps.kept import GONE, Made, RuleSeen, Version
from controls.sweeps.seen import Watermark
from ledger.months import Month

Reading = Callable[[], AbstractContextManager[Any]]
Found = dict[str, tuple[Finding, kept.Places]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a sweep: rules (None: the first catalogue), funds whose findings are shown (empty: all), ``full`` runs every rule anew."""

    rules: tuple[str, ...] | None = None
    funds: tuple[str, ...] = ()
    as_of: Month | None = None
    full: bool = False

    def facts(self, codes: Sequence[str], own: Mapping[str, str]) -> dict[str, Any]:
        """As the register keeps it; ``own``: code → digest of the text of each rule of the office's own."""
        return {"rules": list(codes), "own": dict(own), "funds": list(self.funds), "as_of": str(self.as_of or ""), "full": int(self.full)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each rule: ``whole`` run, ``touched`` ask of the persons in ``moved``, ``stood`` leave as it is."""

    marks: Mapping[str, Watermark]
    told: Mapping[str, Mapping[str, Any]]
    whole: tuple[str, ...]
    touched: tuple[str, ...]
    stood: tuple[str, ...]
    moved: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A sweep as it was kept (``sweep_no``), with what it did: rules run, asked of some persons, left standing; ``looked_back``: papers only, nothing kept."""

    swept: Swept
    sweep_no: int
    plan: Plan
    looked_back: bool


def sweep_store(
    reading: Reading, unit: Callable[[], Any], home: Path, actor: Actor, now: str, out: Path, asked: Asked, *, mask: bool = False,
    threads: int | None = None, step: Step = lambda _: None,
) -> Kept:  # fmt: skip
    """Reads, runs, keeps, then writes the papers to ``out``.

    Raises SB3001, SB3201, SB3022, SB3367, SB5002, SB5005. An as-of month before that of the last kept sweep looks back: papers, and nothing kept.
    """
    require(actor, Duty.AUDIT)
    start = time.perf_counter()
    rules = list(chosen(asked.rules))
    with reading() as connection, tempfile.TemporaryDirectory(prefix="sweep-", dir=home) as place:
        step("查看数据")
        work = _Work(connection, home, Path(place), rules, asked, threads, step)
        result, tested, made, back = work.result()
        inputs = store_inputs.of(connection, work.sources, work.known)
        precise = conclusions.precision(connection)
        left = own_texts.left(connection, [rule.code for rule in rules])
        step("写出结果")
        own(out)
        content = Path(place) / FINDINGS
        findings_file.write(content, result.findings)
        sha256 = findings_file.digest(content)
    made = replace(made, csv_sha256=sha256, findings=len(result.findings))
    with unit() as writing:
        number = kept.write(writing, now, actor, made)
        writing.commit()
    written = [findings_file.write(out / FINDINGS, result.findings)]
    told = summary.of(inputs, result, tested, findings_sha256=sha256, seconds=time.perf_counter() - start)
    told = _told(told, number, work.plan, precise, back) | {"own_rules": work.own, "own_rules_left": left}
    written += [summary.write(out / SUMMARY, told), lead_workbook.write(out / WORKBOOK, inputs, result, told, mask=mask)]
    (out / REJECTS).unlink(missing_ok=True)
    for path in written:
        path.chmod(0o600)
    return Kept(Swept(tuple(inputs), result, told, tuple(written), tested), number, work.plan, back)


def _told(told: dict[str, Any], number: int, plan: Plan, precise: Mapping[str, conclusions.Precision], back: bool) -> dict[str, Any]:
    """The summary of files with what only the store knows: the sweep's number, what was done with each rule, precision from closed conclusions (A6)."""
    for code, one in told["self_test"].items():
        closed = precise.get(code)
        one["precision"] = closed.text if closed else None
        one["precision_why"] = closed.why if closed else "还没有办结的疑点，准确率无从计算"
    did = {**dict.fromkeys(plan.whole, "run"), **dict.fromkeys(plan.touched, "touched"), **dict.fromkeys(plan.stood, "stood")}
    return told | {"sweep_no": number, "kept": not back, "rules_how": {code: did[code] for code in told["rules_run"]}}


class _Work:
    """One sweep over one snapshot of the store."""

    def __init__(self, connection: Any, home: Path, place: Path, rules: Sequence[Rule], asked: Asked, threads: int | None, step: Step) -> None:
        self.connection, self.home, self.place, self.rules, self.asked, self.threads, self.step = connection, home, place, rules, asked, threads, step
        self.own = own_texts.digests(rules)
        self.sources = extract.sources(connection)
        if not any(one.contract == "payments" for one in self.sources):
            raise NothingPaid()
        self.after = kept.last(connection)
        last = kept.last_kept(connection)
        self.back = last is not None and asked.as_of is not None and asked.as_of.number < last.period
        self.population = Population.read(last.population) if last is not None else None
        self.laid: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        self.plan = self._plan()

    def _plan(self) -> Plan:
        laws = seen.laws(self.rules)
        asked = str(self.asked.as_of or "")
        given = {one.contract for one in self.sources}
        self.lacking = {rule.code: lacks for rule in self.rules if (lacks := [CONTRACT_ZH[contract] for contract in rule.needs if contract not in given])}
        able = [rule for rule in self.rules if rule.code not in self.lacking]
        marks = {rule.code: Watermark(rule.code, laws[rule.code], seen.needed(rule, self.sources), asked) for rule in able}
        before = {} if self.asked.full or self.back else kept.watermarks(self.connection)
        payments = {one.key: f"{one.digest}:{one.name}" for one in self.sources if one.contract == "payments"}
        if self.population is None or (self.population.payments, self.population.asked) != (payments, asked):
            before = {}
            self.population = None
        stood = [code for code, mark in marks.items() if code in before and before[code][0] == mark]
        moved = {code: seen.touched(before[code][0] if code in before else None, mark) for code, mark in marks.items() if code not in stood}
        some = [code for code, what in moved.items() if what is not None]
        every = frozenset(one for code in some for one in moved[code] or ())
        told = {code: before[code][1] for code in before}
        return Plan(marks, told, tuple(code for code, what in moved.items() if what is None), tuple(some), tuple(stood), every)

    def result(self) -> tuple[CheckResult, dict[str, SelfTest], Made, bool]:
        """The result for the papers, the self-tests, and the sweep to be kept."""
        self.step("规则自检")
        asking = [*self.plan.whole, *self.plan.touched]
        tested = self_test(asking) if asking else {}
        tested |= {code: _self_test(self.plan.told[code]["tested"]) for code in self.plan.stood}
        trusted = {code for code, test in tested.items() if test.trusted}
        found, ran, not_run = self._run([code for code in self.plan.whole if code in trusted])
        some = [code for code in self.plan.touched if code in trusted]
        standing = {} if self.back else kept.standing(self.connection, [*some, *self.plan.stood])
        if some:
            found |= self._ask(some, standing)
        self.population = self.known.covering(self.sources, lambda: self._lay() and self.laid)
        again = [*some, *self.plan.stood]
        able = [code for code in again if not self.plan.told[code]["blank"]]
        stood = {
            key: (one.finding, one.places)
            for key, one in standing.items()
            if one.state != GONE and one.finding.rule in self.plan.stood and one.finding.rule in able
        }
        ran += able
        not_run += [NotRun(code, *one) for code in again for one in self.plan.told[code]["not_run"]]
        not_run += [NotRun(code, "", f"未提供{'、'.join(lacks)}") for code, lacks in self.lacking.items()]
        result = self._gathered({**found, **stood}, sorted(ran), not_run, tested)
        return result, tested, self._made(found, stood, ran, not_run, tested), self.back

    def _lay(self) -> extract.Tables:
        self.step("读取花名册和导入的数据")
        if not self.laid:
            self.laid = extract.lay(self.connection, self.home, self.sources, self.place)
        return extract.by_contract(self.sources, self.laid)

    def _run(self, codes: Sequence[str]) -> tuple[Found, list[str], list[NotRun]]:
        """The rules that must be run whole; also whenever nothing is known yet of the population."""
        if not codes and self.population is not None:
            return {}, [], []
        tables = self._lay()
        self.step("检查")
        with opened("duckdb", threads=self.threads) as session:
            running = Sweep(session, tables, chosen(codes) if codes else [], self.asked.as_of)
            result = running.result()
        self.population = Population.of(result, {one.key: one for one in self.sources if one.contract == "payments"}, str(self.asked.as_of or ""))
        self.seconds = dict(result.seconds)
        return self._placed(result, running), list(result.rules_run), list(result.not_run)

    def _ask(self, codes: Sequence[str], standing: Mapping[str, Version]) -> Found:
        """The rules that only some persons' rows concern: those persons anew, everybody else as they stand."""
        tables = self._lay()
        gone = [Source(contract, key, "", "") for contract, key in sorted(self.plan.moved) if key not in self.laid]
        lists = {**self.laid, **extract.lay(self.connection, self.home, [replace(one, name=self._name(one.key)) for one in gone], self.place)}
        numbers = narrow.joined(narrow.named(lists[key] for _, key in sorted(self.plan.moved)), tables.get("payments", []))
        self.step("检查涉及的人")
        period = Month.from_number(self.known.period) if self.known.period < NO_END else None
        with opened("duckdb", threads=self.threads) as session:
            running = Sweep(session, narrow.of(tables, numbers), chosen(codes), period)
            result = running.result()
        self.seconds |= dict(result.seconds)
        again = {key: one for key, one in self._placed(result, running).items() if one[0].id_number in numbers}
        still = {
            key: (one.finding, one.places)
            for key, one in standing.items()
            if one.state != GONE and one.finding.rule in codes and one.finding.id_number not in numbers
        }
        return again | still

    def _name(self, key: str) -> str:
        from controls.intake import register

        return register.file(self.connection, int(key[1:])).name

    def _placed(self, result: CheckResult, running: Sweep) -> Found:
        """Findings with the money behind them, by source."""
        keys: dict[str, list[str]] = {}
        for one in self.sources:
            keys.setdefault(one.contract, []).append(one.key)
        yearly = {rule.code for rule in self.rules if rule.grain == "year"}
        found: Found = {}
        for finding in result.findings:
            places: dict[str, dict[str, list[list[int]]]] = {}
            named = keys.get("contributions" if finding.rule in yearly else "payments", [])
            for (part, file, line, period), fen in sorted(running.leads[finding.finding_id].money.items()):
                if fen:
                    source = named[part] if part < len(named) else f"p{part}"
                    places.setdefault(source, {}).setdefault(file, []).append([int(line), int(period), int(fen)])
            found[finding.finding_id] = (finding, places)
        return found

    def _gathered(self, found: Found, ran: Sequence[str], not_run: Sequence[NotRun], tested: Mapping[str, SelfTest]) -> CheckResult:
        funds = set(self.asked.funds)
        shown = {key: one for key, one in found.items() if not funds or funds & set(one[0].fund.split(";"))}
        yearly = {rule.code for rule in self.rules if rule.grain == "year"}
        left = [NotRun(test.rule, "", f"自检未通过，不可信：{test.says}") for test in tested.values() if not test.trusted]
        return CheckResult(
            findings=tuple(in_order(finding for finding, _ in shown.values())),
            as_of=Month.from_number(self.known.period) if self.known.period < NO_END else None,
            rules_run=tuple(ran), not_run=tuple([*not_run, *left]), left_out=self.known.left_out, unmatched=self.known.unmatched,
            bad_numbers=tuple(self._bad_numbers()), distinct_amount=kept.counted((one.rule in yearly, places) for one, places in shown.values()),
            engine="duckdb", seconds=self.seconds, rows_read=store_inputs.rows(self.connection, self.sources, self.known),
        )  # fmt: skip

    @property
    def known(self) -> Population:
        """What is said of all payments; there once the rules were run."""
        assert self.population is not None
        return self.population

    def _bad_numbers(self) -> Iterable[Any]:
        """Failing numbers of the lists in use now, whichever rules were run."""
        lists = [one for one in self.sources if one.contract != "payments" and one.key[0] == "f"]
        laid = self.laid or extract.lay(self.connection, self.home, lists, self.place, known=False)
        with opened("duckdb", threads=1) as session:
            tables = extract.by_contract(lists, laid)
            for contract in CONTRACTS:
                session.register_sources(contract, tables.get(contract, ()))
            return list(bad_numbers(session, tables))

    def _made(self, found: Found, stood: Found, ran: Sequence[str], not_run: Sequence[NotRun], tested: Mapping[str, SelfTest]) -> Made:
        counts: dict[str, int] = {}
        for finding, _ in [*found.values(), *stood.values()]:
            counts[finding.rule] = counts.get(finding.rule, 0) + 1
        how = {**dict.fromkeys(self.plan.whole, "run"), **dict.fromkeys(self.plan.touched, "touched"), **dict.fromkeys(self.plan.stood, "stood")}
        rules = [
            RuleSeen(
                self.plan.marks[code], how[code] if code in ran else "stood", counts.get(code, 0),
                {"not_run": [[one.scope, one.reason] for one in not_run if one.rule == code], "tested": _facts(tested[code]), "blank": int(code not in ran)},
            )
            for code in sorted(self.plan.marks)
            if tested[code].trusted
        ]  # fmt: skip
        asked = self.asked.facts([rule.code for rule in self.rules], self.own)
        own = own_texts.written(self.rules)
        return Made(asked, self.known.period, not self.back, 0, "", self.known.facts(), rules, found, self.after, own)


def _facts(test: SelfTest) -> dict[str, Any]:
    return {"rule": test.rule, "planted": test.planted, "found": test.found, "friends": test.friends, "clean": test.clean, "wrong": list(test.wrong)}


def _self_test(told: Mapping[str, Any]) -> SelfTest:
    return SelfTest(told["rule"], told["planted"], told["found"], told["friends"], told["clean"], tuple(told["wrong"]))
