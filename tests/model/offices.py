"""Offices for the model: founded once for each set of choices and each database, copied for every run, and played side by side."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
import yaml

import templates
from controls import people
from controls.duties import Actor, Duty
from ledger.db import UnitOfWork, open_engine
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.months import Month
from ledger.posting import Receipt
from shebao.opening import found_office
from shebao.store import Office, use_templates
from tests.bank_keys import issued
from tests.controls.payment_desk import PASSWORD, STAFF, someone
from tests.private_postgres import Cluster

FOUNDED = "2025-12-31T09:00:00+08:00"
NOW = "2026-10-31T09:00:00+08:00"
OPENED = Month(2026, 10)
"""Books stand open from December 2025 on: empty months close with the first one that is confirmed, and a year's end is near."""

ZHAO = Actor("zhao", "赵会计", frozenset({Duty.BOOKKEEP}))
SUN = Actor("sun", "孙主管", frozenset({Duty.CHECK}))
HAN = Actor("zhou", "周出纳", frozenset({Duty.CASHIER}))
BOTH = Actor("both", "周两岗", frozenset({Duty.BOOKKEEP, Duty.CHECK}))
AUDIT = Actor("audit", "吴稽核", frozenset({Duty.AUDIT}))
NOBODY = Actor("nobody", "郑无岗", frozenset())
MEMORY = "/dev/shm"
"""Stores of a run lie in memory where there is such a place: what is compared is the same, and a commit waits for no disk."""
PEOPLE = (ZHAO, SUN, HAN, BOTH, AUDIT, NOBODY)


@dataclass(frozen=True)
class Choices:
    """What an office chose: pooling by fund (a fund left out has chosen nothing), and the values of accounting.yaml it replaced."""

    name: str
    pooling: tuple[tuple[Fund, str], ...]
    replaced: tuple[tuple[str, str, str], ...] = ()
    """Parameter, the shipped value, the office's."""

    @property
    def carried_monthly(self) -> bool:
        return not any(name == "closing_method" for name, _, _ in self.replaced)

    def of(self, parameter: str, fund: Fund) -> str | None:
        """The office's value of a policy parameter, None where nobody set it."""
        if parameter == "pooling":
            return dict(self.pooling).get(fund)
        shipped = {"returned_payment": "冲减待遇支出", "one_sided_return": "同方向红字"}
        return {name: own for name, _, own in self.replaced}.get(parameter, shipped.get(parameter))

    def lay(self, folder: Path) -> None:
        """Writes the choices as an office's own template folder."""
        values = [
            {"name": "pooling", "from": "2018-01-01", "value": way, "keys": {"fund": fund.value}, "reference": "测试用假定"}
            for fund, way in self.pooling
            if fund is not Fund.R
        ]
        own = {"document": "云岭县的选择（虚构）", "valid_from": "2018-01-01", "valid_to": None, "reference": "测试用假定", "values": values}
        (folder / "parameters").mkdir(parents=True)
        (folder / "parameters" / "county.yaml").write_text(yaml.safe_dump(own, allow_unicode=True).replace("'2018-01-01'", "2018-01-01"), "utf-8")
        text = (templates.SHIPPED / "parameters" / "accounting.yaml").read_text("utf-8")
        for name, shipped, value in self.replaced:
            head, found, tail = text.partition(f"- name: {name}\n")
            old, new = f"value: {shipped}", f"value: {value}"
            assert found and old in tail
            text = head + found + tail.replace(old, new, 1)
        (folder / "parameters" / "accounting.yaml").write_text(text, "utf-8")


LOCAL = Choices(
    "local",
    tuple((fund, way) for fund, way in zip(Fund, ("统收统支", "属地", "上解下拨", "属地", "属地", "上解下拨", "属地"), strict=False)),
)
"""账结法, 收付转, most funds pooled at home, one all in one pot; 生育 has chosen nothing."""

BY_TABLE = Choices(
    "table",
    tuple((fund, "属地" if fund is Fund.R else "上解下拨") for fund in Fund),
    (("closing_method", "账结法", "表结法"), ("returned_payment", "冲减待遇支出", "挂暂收款"), ("voucher_kinds", "收付转", "记")),
)
"""表结法, one kind of voucher, returned payments parked in 2001."""

ALL = (LOCAL, BY_TABLE)


@cache
def _hashed() -> str:
    return people.hash_password("someone", PASSWORD)


def _found(home: Path, folder: Path, url: str | None) -> None:
    with patch("controls.people.hash_password", return_value=_hashed()), patch.object(Office, "now", staticmethod(lambda: FOUNDED)):
        found_office(
            home, code="yunling", name="云岭县社会保险事业服务中心", region="620821", funds=list(Fund), opened=OPENED, people=folder / "people.yaml",
            url=url, own=folder / "own",
        )  # fmt: skip
        with Office(home).unit() as work:
            issued(work, FOUNDED, someone("wang"), {"make_key": someone("zhou"), "authorise_key": someone("sun")})
            work.commit()


@cache
def _pattern(choices: Choices) -> Path:
    """A folder with the office founded on SQLite (``office``), its choices and its people."""
    folder = Path(mkdtemp(prefix="model-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    rows = [{"user": user, "name": name, "duties": [duty.value], "password": PASSWORD} for user, (name, duty) in STAFF.items()]
    (folder / "people.yaml").write_text(yaml.safe_dump({"people": rows}, allow_unicode=True), encoding="utf-8")
    choices.lay(folder / "own")
    _found(folder / "office", folder, None)
    return folder


_numbers = itertools.count(1)
_patterns: dict[tuple[int, str], str] = {}


def _postgres_pattern(server: Cluster, choices: Choices) -> str:
    """The name of the database from which this office's copies are made."""
    key = (server.port, choices.name)
    if key not in _patterns:
        name = f"model_{choices.name}"
        server.run(f"CREATE DATABASE {name} TEMPLATE template1")
        _found(_pattern(choices) / "on-postgres", _pattern(choices), server.url(name))
        _patterns[key] = name
    return _patterns[key]


Outcome = tuple[str, Any]
"""The code of a refusal and nothing, or '' and what the act gave."""


def _comparable(said: Outcome) -> Outcome:
    """What two stores must agree on: all but the hashes of records, whose personal texts are salted for each store."""
    code, found = said
    plain = [one._replace(hash="") if isinstance(one, Receipt) else one for one in (found if isinstance(found, list) else [found])]
    return code, plain


def code_of(refusal: Refusal) -> str:
    """The code of the broken rule, whether Python or the database said no."""
    return str(refusal.facts["code"]) if refusal.code == "SB1000" else refusal.code


@dataclass
class Stores:
    """The same office on one database or on both."""

    offices: list[Office]
    folder: Path
    server: Cluster | None
    database: str
    told: str = ""
    """The words of the last refusal."""
    heads: dict[sa.Engine, tuple[int, str]] = field(default_factory=dict)
    counts: dict[sa.Engine, tuple[int, ...]] = field(default_factory=dict)
    """The trail's end and the tables' counts when the model last compared a store in full."""

    @property
    def engines(self) -> list[sa.Engine]:
        return [office.engine for office in self.offices]

    def home(self, work: UnitOfWork) -> Path:
        """The folder of the office whose store is being worked on."""
        return next(office.home for office in self.offices if office.engine is work.engine)

    def act(self, work_on: Callable[[UnitOfWork], Any]) -> Outcome:
        """Does the same on every store, each in a transaction of its own; what they say must not differ."""
        said: list[Outcome] = []
        for engine in self.engines:
            try:
                with UnitOfWork(engine) as work:
                    found = work_on(work)
                    work.commit()
                said.append(("", found))
            except Refusal as refusal:
                said.append((code_of(refusal), None))
                self.told = str(refusal)
        assert all(_comparable(one) == _comparable(said[0]) for one in said), f"the databases differ: {said}"
        return said[0]

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()
        if self.server is not None:
            self.server.run(f"DROP DATABASE {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)


def stores(choices: Choices, server: Cluster | None) -> Stores:
    """Fresh copies of the office: on SQLite, and on PostgreSQL where a server is given."""
    folder, number = Path(mkdtemp(prefix="model-run-", dir=MEMORY if Path(MEMORY).is_dir() else None)), next(_numbers)
    shutil.copytree(_pattern(choices) / "office", folder / "sqlite")
    homes, name = [folder / "sqlite"], ""
    if server is not None:
        name = f"model_run_{os.getpid()}_{number}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {_postgres_pattern(server, choices)}")
        shutil.copytree(_pattern(choices) / "on-postgres", folder / "postgres")
        settings = folder / "postgres" / "shebao.toml"
        settings.write_text(settings.read_text("utf-8").replace(f'/{_patterns[server.port, choices.name]}"', f'/{name}"'), "utf-8")
        homes.append(folder / "postgres")
    offices = [Office(home) for home in homes]
    for office in offices:
        office.__dict__["engine"] = open_engine(office.engine.url, kept=True)  # thousands of units of work
    use_templates(_pattern(choices) / "own")  # the same words in one place, so that law files are read once and not once a run
    return Stores(offices, folder, server, name)
