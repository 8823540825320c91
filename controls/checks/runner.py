"""The runner (检查运行): gathers candidates, nets the payments, runs the rules, and returns findings as values."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyarrow as pa

from controls.checks import candidates, counted, coverage, found, leads, linking, own_columns, paid, reversals, validity, views
from controls.checks.catalogue import Rule, chosen
from controls.checks.common import common
from controls.checks.coverage import CONTRACT_ZH, BadNumbers, LeftOut, NotRun
from controls.checks.duck import Duck, sql_error
from controls.checks.engine import Engine, Source
from controls.checks.errors import NoSuchEngine, NotCanonical
from controls.checks.netting import Unmatched
from controls.checks.own_errors import OwnRuleNotRunning
from controls.checks.room import Room
from controls.checks.schema import CONTRACTS
from controls.findings import Finding
from ledger.money import Fen
from ledger.months import Month

Tables = Mapping[str, Sequence[Source]]

ACCOUNT_RULES = frozenset({"A1-SHARED-ACCOUNT", "A2-HOLDER-DIFFERS", "A3-ACCOUNT-CHANGED"})
LINKED_RULES = frozenset({"D2-POSTHUMOUS-LINKED", "P4-TWO-NUMBERS"})
MOST_NAMES = 50_000
"""So many names last paid stand in memory (some 10 MB); of more only those are looked up that are asked for."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a run found and what it did not look at.

    ``findings``: in order of id; a tuple, or a :class:`controls.checks.found.Found` that reads one at a time where they are many.
    ``distinct_amount``: fen in question with each payment counted once, though rules overlap. ``seconds``: by stage
    and rule. ``seqs``: planned roster lines each finding touches (screening only), by finding id.
    """

    findings: Sequence[Finding]
    as_of: Month | None
    rules_run: tuple[str, ...]
    not_run: tuple[NotRun, ...]
    left_out: tuple[LeftOut, ...]
    unmatched: tuple[Unmatched, ...]
    bad_numbers: tuple[BadNumbers, ...]
    distinct_amount: Fen
    engine: str
    seconds: Mapping[str, float]
    rows_read: Mapping[str, int]
    seqs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def run(
    tables: Tables,
    *,
    rules: Iterable[str] | None = None,
    as_of: Month | None = None,
    engine: str | Engine = "duckdb",
    threads: int | None = None,
    room: Room | None = None,
    hurry: bool = True,
) -> CheckResult:
    """Runs the rules over canonical tables and Parquet snapshots (``Path``), by contract name.

    ``rules`` None runs the whole catalogue. ``as_of`` defaults to the last period net paid; later periods are left
    out. ``engine``: ``duckdb``, or a session of another engine, which is closed afterwards; the findings are the same.
    ``room``: the memory the embedded engine may use and where the rest lies. ``hurry`` False reads every paid row instead of the candidates:
    slower, same findings. Raises SB3201 for an unknown rule, SB3202 for an unknown engine, SB3203 for a table without its columns, SB3392.
    """
    wanted = chosen(rules)
    unknown = sorted(set(tables) - set(CONTRACTS))
    if unknown:
        raise NotCanonical(contract="、".join(unknown), missing="contract")
    with opened(engine, threads=threads, room=room) as session:
        return Sweep(session, tables, wanted, as_of, hurry=hurry, keep=False, room=room).result()


def opened(engine: str | Engine, *, threads: int | None = None, room: Room | None = None) -> Engine:
    """The session asked for: the embedded engine by its name, another as it is. Raises SB3202."""
    if not isinstance(engine, str):
        return engine
    if engine != Duck.name:
        raise NoSuchEngine(engine=engine)
    return Duck(threads=threads, room=room)


def _reads_rows(rule: Rule) -> bool:
    return "net_rows" in rule.text()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Leads are values without cycles; walking hundreds of thousands of them again and again would take half the time.

    They are moved to the oldest generation, so that the first collection afterwards does not walk them all either.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


class Sweep:
    """One run over one session of the engine. The steps are in the order of :meth:`result`.

    ``keep``: where the money of each finding lies is still to be asked of ``leads`` afterwards.
    """

    def __init__(
        self, engine: Engine, tables: Tables, rules: Sequence[Rule], as_of: Month | None, *, planned: pa.Table | None = None, hurry: bool = True,
        keep: bool = True, room: Room | None = None,
    ) -> None:  # fmt: skip
        self.keep = keep
        self._found = found.Gathering(room, few=None if keep else found.FEW)
        self._counted = counted.Counted(room)
        self.engine = engine
        self.tables = tables
        self.hurry = hurry or planned is not None
        self.given = frozenset(contract for contract, sources in tables.items() if sources)
        self.rules = rules
        self.asked_as_of = as_of
        self.as_of = 0
        self.planned = planned
        self.few = False
        self.shared = common()
        self.seconds: dict[str, float] = {}
        self.not_run: list[NotRun] = []
        self.unmatched: tuple[Unmatched, ...] = ()
        self.leads: dict[str, leads.Lead] = {}
        self._names: dict[str, str] = {}
        self._named = False
        self._asked: dict[str, int] = {}
        self._recovered: dict[str, list[leads.Recovered]] | None = None
        for contract in CONTRACTS:
            engine.register_sources(contract, tables.get(contract, ()), planned=planned if contract == "payments" else None)
        engine.seal()

    def result(self) -> CheckResult:
        """Runs every step and gathers what there is to say."""
        runnable = self._runnable()
        self._timed("prepare", partial(self._prepare, [rule.code for rule in runnable]))
        with _collector_at_rest():
            for rule in runnable:
                self._timed(rule.code, partial(self._rule, rule))
        if self.few:
            candidates.only(self.engine, None)
            self.engine.register_sources("people", self.tables.get("people", ()))
        told: tuple[LeftOut, ...] = self._timed("counts", self._left_out)
        return CheckResult(
            findings=self._found.done(),
            as_of=Month.from_number(self.as_of) if self.as_of < paid.NO_END else None,
            rules_run=tuple(rule.code for rule in runnable),
            not_run=tuple(self.not_run),
            left_out=told,
            unmatched=self.unmatched,
            bad_numbers=tuple(coverage.bad_numbers(self.engine, self.given)),
            distinct_amount=self._counted.total(),
            engine=self.engine.name,
            seconds=self.seconds,
            rows_read={contract: self.engine.values(f"SELECT COUNT(*) FROM {contract}")[0][0] for contract in CONTRACTS if contract in self.given},
            seqs={key: tuple(sorted(lead.seqs or lead.spared)) for key, lead in self.leads.items() if lead.seqs or lead.spared},
        )

    def _timed(self, name: str, work: Any) -> Any:
        start = time.perf_counter()
        done = work()
        self.seconds[name] = time.perf_counter() - start
        return done

    def _runnable(self) -> list[Rule]:
        good = []
        for rule in self.rules:
            blank = [name for column, name in rule.fields.items() if not self._filled(column)]
            missing = [CONTRACT_ZH[contract] for contract in rule.needs if contract not in self.given and not (contract == "payments" and self.planned)]
            if missing:
                self.not_run.append(NotRun(rule.code, "", f"未提供{'、'.join(missing)}"))
            elif blank:
                self.not_run.append(NotRun(rule.code, "", f"发放明细没有{'、'.join(blank)}"))
            else:
                good.append(rule)
        return good

    def _filled(self, column: str) -> bool:
        return bool(self.engine.values(f"SELECT 1 FROM payments WHERE {column} <> '' LIMIT 1"))

    def _prepare(self, codes: Sequence[str]) -> None:
        narrowed = self.planned is not None
        views.outside_lists(self.engine, self.shared, narrowed=narrowed)
        looked = not narrowed and self.hurry and bool(LINKED_RULES & set(codes)) and candidates.look(self.engine, codes)
        among = linking.PROFILE if looked else linking.PAYMENTS
        if "D2-POSTHUMOUS-LINKED" in codes:
            linking.link_deaths(self.engine, self.shared, among=among, narrowed=narrowed)
        if "P4-TWO-NUMBERS" in codes:
            linking.pair_numbers(self.engine, among=among)
        asked = candidates.gather(self.engine, codes, until=self._until(), narrowed=narrowed, looked=looked) if self.hurry else None
        self.few, self._asked = asked is not None, asked or {}
        few = self.few
        again = any(_reads_rows(rule) for rule in self.rules if rule.code in codes)
        self.unmatched = reversals.settle(self.engine)
        rows = paid.take(self.engine, few=few, accounts=bool(ACCOUNT_RULES & set(codes)), again=again)
        self.as_of = paid.last_period(self.engine) if self.asked_as_of is None else self.asked_as_of.number
        last_premium = paid.NO_END if self.asked_as_of is None else self.asked_as_of.number
        holders = sum(bit for code, bit in self._asked.items() if code in ACCOUNT_RULES)
        views.build(self.engine, self.shared, self.as_of, last_premium, few=few, narrowed=narrowed, holders=holders)
        if few and not again:
            # Every month is made of them by now: they need not be kept.
            self.engine.view("gross_rows", rows)
        if "A2-HOLDER-DIFFERS" in codes:
            views.holder_names(self.engine, self.shared)
        if "E1-UNDER-AGE" in codes:
            self.not_run += views.due_ages(self.engine, "E1-UNDER-AGE", self.as_of, few=few)
        if "E2-NO-CERTIFICATE" in codes:
            self.not_run += views.uncertified(self.engine, "E2-NO-CERTIFICATE", self.as_of, few=few)
        if few:
            # From here on until every rule has run only what the people file says of candidates is looked at.
            self.engine.table("people_asked", "SELECT * FROM people WHERE number IN (SELECT number FROM candidates)")
            self.engine.view("people", "SELECT * FROM people_asked")
            self._named = self.engine.values("SELECT COUNT(*) FROM last_paid")[0][0] <= MOST_NAMES
            if self._named:
                self._names = dict(self.engine.values("SELECT number, name FROM last_paid"))
        self._recovered = self._recoveries()

    def _until(self) -> int:
        """The as-of month asked for, else the last month of any payment: the last one net paid is known later."""
        if self.asked_as_of is not None:
            return self.asked_as_of.number
        return int(self.engine.values("SELECT MAX(period) FROM payments")[0][0] or 0)

    def _recoveries(self) -> dict[str, list[leads.Recovered]] | None:
        if "recoveries" not in self.given:
            return None
        found: dict[str, list[leads.Recovered]] = defaultdict(list)
        sql = "SELECT number, fund, from_month, to_month, amount FROM recoveries WHERE number <> '' AND NOT damaged"
        for number, fund, first, last, amount in self.engine.values(sql):
            found[number].append(leads.Recovered(number, fund, first, last, amount))
        return found

    def _rule(self, rule: Rule) -> None:
        if self.few:
            if rule.code not in self._asked:
                return
            candidates.only(self.engine, self._asked[rule.code])
        for table in self._asked_of(rule):
            self._counted.add(table, yearly=rule.grain == "year")
            gathered = leads.gather(rule, table)
            if not self._named:
                self._name(lead.id_number for lead in gathered)
            self._found.add([self._finding(rule, lead) for lead in gathered])

    def _finding(self, rule: Rule, lead: leads.Lead) -> Finding:
        recovered = None if self._recovered is None else self._recovered.get(lead.id_number, [])
        made = leads.finding(rule, lead, self._names.get(lead.id_number) or lead.name, recovered)
        if self.keep or lead.seqs or lead.spared:
            self.leads[made.finding_id] = lead
        return made

    def _asked_of(self, rule: Rule) -> Iterator[pa.Table]:
        """The rows of one rule. Raises SB3383 where a rule of the office's own cannot be run over the data; of shipped rules nothing is hidden."""
        rows = leads.tables(self.engine, rule, rule.sql(views.conditions(self.shared, self.as_of)))
        if not rule.own:
            yield from self._in_force(rule, rows)
            return
        try:
            for table in rows:
                wrong_value = own_columns.wrong_values(table)
                if wrong_value:
                    raise OwnRuleNotRunning(rule=rule.code, why=f"结果中 {wrong_value}")
                yield from self._in_force(rule, [table])
        except sql_error() as wrong:
            raise OwnRuleNotRunning(rule=rule.code, why=str(wrong).splitlines()[0]) from wrong

    def _in_force(self, rule: Rule, rows: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The rows of months in which the rule is in force; that some were left out is told once."""
        for table in rows:
            kept = validity.cut(rule, table, self.as_of)
            if kept.num_rows < table.num_rows and all((one.rule, one.scope) != (rule.code, validity.SCOPE) for one in self.not_run):
                self.not_run.append(NotRun(rule.code, validity.SCOPE, validity.says(rule)))
            if kept.num_rows:
                yield kept

    def _name(self, numbers: Iterable[str]) -> None:
        """Looks up the names last paid of those found, where not every name is brought over beforehand."""
        if len(self._names) > MOST_NAMES:
            self._names = {}
        new = set(numbers) - self._names.keys()
        if new:
            paid.listed(self.engine, "found_number", new)
            self._names |= dict.fromkeys(new, "") | dict(
                self.engine.values("SELECT l.number, l.name FROM last_paid l JOIN found_number f ON f.number = l.number")
            )

    def _left_out(self) -> tuple[LeftOut, ...]:
        return tuple(coverage.left_out(self.engine, self.as_of)) if "payments" in self.given else ()
