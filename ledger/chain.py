"""The chain: every act leaves one record, each bound by hash to the one before (C6).

Posting writes its record here in the same transaction. A record's hash covers every field; whoever changes,
drops, inserts or swaps one breaks all hashes after it, and :func:`verify` names the first that is wrong.

Two clocks: ``at`` is the system's, ``seq`` never goes back; :func:`backward` finds where the first did. ``before`` is the
digest that the last record of the same thing left, so that each thing's digests are a row of before and after.

Personal texts enter as salted digests (:mod:`ledger.salts`). :func:`records` opens them for readers; :func:`stored` gives the records as they stand,
which is what hashes and exports are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from json.encoder import encode_basestring
from typing import Any

import sqlalchemy as sa

from ledger import bulk, salts
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.errors import Refusal
from ledger.hashes import Algorithm, algorithm_of
from ledger.tables import chain

_LOCK = 5_230_817
_COLUMNS = ("seq", "at", "actor", "duty", "act", "thing", "digest", "facts", "previous", "hash", "before", "result", "reason")
_TOGETHER = 400
DONE, REFUSED = "done", "refused"


class ChainBroken(Refusal):
    """A record does not fit the one before."""

    code = "SB1307"
    zh = "留痕链在第 {seq} 条断开：{why}。"
    en = "The trail is broken at record {seq}: {why}."
    cause_zh = "每条留痕的哈希覆盖自身全部字段和上一条的哈希（C6）。"
    cause_en = "Each record's hash covers all its fields and the hash before it (C6)."
    remedy_zh = "数据被程序之外的手段改动过。停止记账，保留现场，用备份和纸质报告上的链头核对。"
    remedy_en = "Data were changed outside the program. Stop, keep the evidence, compare with backups and the heads on paper."


@dataclass(frozen=True, slots=True)
class Act:
    """What is recorded: who, in which duty, did what to which thing, with its digest afterwards and facts (JSON values).

    ``result`` is ``done``, or ``refused`` with the refusal's code and words as ``reason``. Where ``personal`` names keys, texts under them in the facts, and
    the reason, enter as salted digests.
    """

    actor: str
    duty: str
    act: str
    thing: str
    digest: str = ""
    facts: Any = None
    result: str = DONE
    reason: str = ""
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """One record; ``sealed`` holds its facts and reason as they are stored where these were opened."""

    seq: int
    at: str
    actor: str
    duty: str
    act: str
    thing: str
    digest: str
    facts: str
    previous: str
    hash: str
    before: str = ""
    result: str = DONE
    reason: str = ""
    sealed: tuple[str, str] | None = field(default=None, compare=False, repr=False)

    def expected(self) -> str:
        """The hash this record's fields demand, by the algorithm that its own hash names."""
        facts, reason = self.sealed or (self.facts, self.reason)
        fields = [self.seq, self.at, self.actor, self.duty, self.act, self.thing, self.before, self.digest, facts, self.result, reason, self.previous]
        return _hash(fields, algorithm_of(self.hash))

    def told(self) -> Any:
        """The facts as JSON values; a text that was destroyed by law reads as gone and equals every text (:class:`ledger.salts.Erased`)."""
        return salts.parsed(self.facts)


def _hash(fields: list[Any], algorithm: Algorithm) -> str:
    return algorithm.of(canonical(fields).encode())


def lock(work: UnitOfWork) -> None:
    """Takes the writers' lock: one writer at a time appends, so that numbers and hashes never race.

    SQLite has it from BEGIN IMMEDIATE; PostgreSQL takes a transaction-scoped advisory lock.
    """
    if not work.is_sqlite:
        work.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def append(work: UnitOfWork, at: str, act: Act) -> Record:
    """Adds one record at time ``at`` (ISO, seconds) and returns it."""
    return append_many(work, at, [act])[0]


def append_many(work: UnitOfWork, at: str, acts: Sequence[Act], algorithm: Algorithm | None = None) -> list[Record]:
    """Adds records in order, all at time ``at`` (ISO, seconds), and returns them. ``algorithm`` counts for a chain's first record alone."""
    lock(work)
    last = work.connection.execute(sa.select(chain.c.seq, chain.c.hash).order_by(chain.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, "")
    used = algorithm_of(previous) if last else algorithm or Algorithm.SHA256
    left = _left(work.connection, [act.thing for act in acts]) if last else {}
    rows: list[tuple[Any, ...]] = []
    apart: list[tuple[int, salts.Salted]] = []
    for act in acts:
        seq, before, told, reason = seq + 1, left.get(act.thing, ""), act.facts, act.reason
        if act.personal:
            told, reason, taken = salts.sealed(told, reason, act.personal, used)
            apart += [(seq, one) for one in taken]
        head, facts = (seq, at, act.actor, act.duty, act.act, act.thing), canonical(told)
        this = _hash([*head, before, act.digest, facts, act.result, reason, previous], used)
        rows.append((*head, act.digest, facts, previous, this, before, act.result, reason))
        previous, left[act.thing] = this, act.digest or before
    bulk.insert(work, chain, _COLUMNS, rows)
    salts.keep(work, apart)
    return [Record(*row) for row in rows]


def append_texts(work: UnitOfWork, at: str, actor: str, duty: str, act: str, texts: Iterable[tuple[str, str, str]]) -> list[tuple[int, str]]:
    """:func:`append_many` for many records of one act on things new to the trail: each (thing, digest, facts in JSON); gives number and hash of each."""
    lock(work)
    seq, previous = head(work.connection)
    used, quote = algorithm_of(previous), encode_basestring
    middle = f",{quote(at)},{quote(actor)},{quote(duty)},{quote(act)},"
    rows: list[tuple[Any, ...]] = []
    for thing, digest, facts in texts:
        seq += 1
        last, text = previous, f'[{seq}{middle}{quote(thing)},"",{quote(digest)},{quote(facts)},"{DONE}","","{previous}"]'
        previous = used.of(text.encode())
        rows.append((seq, at, actor, duty, act, thing, digest, facts, last, previous, "", DONE, ""))
    bulk.insert(work, chain, _COLUMNS, rows)
    return [(row[0], row[9]) for row in rows]


def _left(connection: sa.Connection, things: Sequence[str]) -> dict[str, str]:
    """Thing → the digest that its last record left."""
    found: dict[str, str] = {}
    wanted = list(dict.fromkeys(things))
    for start in range(0, len(wanted), _TOGETHER):
        last = sa.select(sa.func.max(chain.c.seq)).where(chain.c.thing.in_(wanted[start : start + _TOGETHER])).group_by(chain.c.thing)
        rows = connection.execute(sa.select(chain.c.thing, chain.c.digest, chain.c.before).where(chain.c.seq.in_(last)))
        found |= {thing: digest or before for thing, digest, before in rows}
    return found


def backward(connection: sa.Connection) -> list[int]:
    """Records whose system time lies before that of the record before them: the clock was put back."""
    before = sa.func.lag(chain.c.at).over(order_by=chain.c.seq).label("was")
    seen = sa.select(chain.c.seq, chain.c.at, before).subquery()
    return list(connection.execute(sa.select(seen.c.seq).where(seen.c.at < seen.c.was).order_by(seen.c.seq)).scalars())


def records(connection: sa.Connection, after: int = 0, *, thing: str = "") -> Iterator[Record]:
    """Records in order with their personal texts, those with ``seq`` above ``after``; of one thing if given."""
    known: dict[str, str] | None = None
    for record in stored(connection, after, thing=thing):
        if not salts.tokens(record.facts, record.reason):
            yield record
            continue
        if known is None:
            known = salts.texts(connection, record.seq - 1, thing=thing)
        facts, reason = salts.opened(known, record.facts, record.reason)
        yield replace(record, facts=facts, reason=reason, sealed=(record.facts, record.reason))


def stored(connection: sa.Connection, after: int = 0, *, thing: str = "") -> Iterator[Record]:
    """Records in order as they stand, with digests in place of personal texts."""
    query = sa.select(chain).where(chain.c.seq > after).order_by(chain.c.seq)
    for row in connection.execute(query.where(chain.c.thing == thing) if thing else query):
        yield Record(**row._mapping)


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the last record, ``(0, "")`` for an empty chain."""
    last = connection.execute(sa.select(chain.c.seq, chain.c.hash).order_by(chain.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, "")


def verify(connection: sa.Connection, *, witness: tuple[int, str] | Mapping[int, str] | None = None) -> int:
    """Proves the whole chain and returns its length; ``witness`` is a (seq, hash) kept elsewhere, or many. Raises SB1307."""
    kept = dict([witness]) if isinstance(witness, tuple) else dict(witness or {})
    kept.pop(0, None)
    expected_seq, previous = 1, ""
    left: dict[str, str] = {}
    used: Algorithm | None = None
    for record in stored(connection):
        if record.seq != expected_seq:
            raise ChainBroken(seq=expected_seq, why=f"缺第 {expected_seq} 条")
        if record.previous != previous:
            raise ChainBroken(seq=record.seq, why="与上一条不衔接")
        if record.hash != record.expected():
            raise ChainBroken(seq=record.seq, why="内容与哈希不符")
        if record.before != left.get(record.thing, "") or (used or algorithm_of(record.hash)) is not algorithm_of(record.hash):
            raise ChainBroken(seq=record.seq, why="与同一事项的上一条不衔接，或换了摘要算法")
        used, left[record.thing] = algorithm_of(record.hash), record.digest or record.before
        if kept.pop(record.seq, record.hash) != record.hash:
            raise ChainBroken(seq=record.seq, why="与外部留存的链头不符")
        expected_seq, previous = expected_seq + 1, record.hash
    if kept:
        raise ChainBroken(seq=min(kept), why="链比外部留存的链头短，尾部缺失")
    return expected_seq - 1
