"""What the trail and the guards say of the store: books and charts, months, the people of each entry, files, users, and the guards themselves.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from controls import periods, trail, vouchers
from controls.intake import register, snapshots
from controls.people import password_digest
from controls.tables import grant, user
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.chain import Record
from ledger.months import Month
from ledger.schema import statements
from ledger.tables import entry as entry_table

HOUSE = Path(__file__).resolve().parent.parent
GUARDS = (
    "ledger/guards", "ledger/person_guards", "ledger/person_account_guards", "controls/guards", "controls/voucher_guards", "controls/person_guards",
    "controls/journal_guards", "controls/register_guards", "controls/premium_guards", "controls/account_guards", "controls/budget_guards",
    "controls/award_guards", "controls/special_guards", "controls/token_guards", "controls/approval_guards", "controls/handover_guards",
    "controls/roster_guards", "controls/grant_guards", "controls/redaction_guards", "controls/sweep_guards",
)  # fmt: skip


FRAMES = ("open-book", "account.frame")
"""Acts that lay down what a book stands on: founding, and each confirmed change of its accounts."""


class Broken(Exception):
    """An invariant that does not hold; the text says where."""


def records_by_thing(connection: sa.Connection) -> dict[str, list[Record]]:
    """The trail by thing."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in chain.records(connection):
        found[record.thing].append(record)
    return found


def _opening(connection: sa.Connection, book: Book) -> Record:
    opened = [record for record in chain.records(connection) if record.thing == f"book:{book.book_id}" and record.act == "open-book"]
    if not opened:
        raise Broken("留痕中没有建账记录")
    return opened[-1]


def frame(connection: sa.Connection, book: Book) -> str:
    """L2, L6: unit, book and chart are as they were when the trail last recorded them."""
    laid = [record for record in chain.records(connection, thing=f"book:{book.book_id}") if record.act in FRAMES]
    if not laid:
        raise Broken("留痕中没有建账记录")
    if accounts.frame(connection, book.book_id) != laid[-1].digest:
        raise Broken("单位、账套或科目表与建账留痕不符")
    return f"{len(accounts.accounts_of(connection, book.book_id))} 个科目与建账留痕相符"


def months(connection: sa.Connection, book: Book) -> str:
    """L5: every month's state is the one that the acts in the trail lead to."""
    expected = dict.fromkeys((Month.parse(text) for text in _opening(connection, book).told()["months"]), "open")
    for record in chain.records(connection):
        kind, _, rest = record.thing.partition(":")
        owner, _, text = rest.partition(":")
        if kind != "period" or owner != str(book.book_id):
            continue
        month = Month.parse(text)
        if record.act == "propose-close":
            expected |= {one: "locked" for one, state in expected.items() if one <= month and state == "open"}
        elif record.act in _STATES:
            expected[month] = _STATES[record.act]
    found = {one.month: one.state for one in periods.states(connection, book.book_id)}
    for month in sorted(expected.keys() | found.keys()):
        if expected.get(month) != found.get(month):
            names = [periods.STATES.get(states.get(month, ""), "没有") for states in (found, expected)]
            raise Broken(f"{month} 在库中为“{names[0]}”，按留痕应为“{names[1]}”")
    return f"{len(found)} 个会计期间的状态与留痕相符"


_STATES = {"open-period": "open", "unlock-period": "open", "close": "closed"}


def people(connection: sa.Connection, book: Book) -> str:
    """L9: each entry is a posted voucher that its maker made and its reviewer reviewed, over the same content, as the trail says."""
    by_thing = records_by_thing(connection)
    columns = entry_table.c
    rows = connection.execute(sa.select(entry_table).where(columns.book_id == book.book_id).order_by(columns.entry_id)).all()
    drafts = vouchers.drafts(connection, book.book_id)
    for draft in drafts:
        _voucher_state(draft, by_thing[f"voucher:{draft.label}"])
    posted = {draft.entry_id: draft for draft in drafts if draft.state == "posted"}
    for row in rows:
        _entry_record(row, by_thing)
        draft = posted.pop(row.entry_id, None)
        if draft is None or (draft.digest, draft.maker, draft.reviewer) != (row.digest, row.maker, row.reviewer):
            raise Broken(f"凭证序号 {row.entry_id} 与凭证流水不符")
        signed = {(record.act, record.actor) for record in by_thing[f"voucher:{draft.label}"] if record.digest == row.digest}
        if not {("make", row.maker), ("review", row.reviewer)} <= signed:
            raise Broken(f"凭证序号 {row.entry_id} 的制单、审核没有留痕")
    if posted:
        raise Broken(f"凭证流水 {min(posted.values(), key=lambda draft: draft.voucher_id).label} 记为已记账，账上没有")
    return f"{len(rows)} 张凭证的制单、审核、记账人与留痕相符"


def _voucher_state(draft: vouchers.Draft, records: list[Record]) -> None:
    """A voucher stands where its last step left it; posting has its record with the entry."""
    steps = {"propose": "proposed", "make": "made", "review": "reviewed", "reject": "rejected"}
    reached = [steps[record.act] for record in records if record.act in steps and record.digest == draft.digest]
    if not reached or reached[-1] != ("reviewed" if draft.state == "posted" else draft.state):
        raise Broken(f"凭证流水 {draft.label} 记为“{vouchers.STATES[draft.state]}”，与留痕不符")


def _entry_record(row: sa.Row[Any], by_thing: dict[str, list[Record]]) -> None:
    posting = [record for record in by_thing[f"entry:{row.book_id}:{row.entry_id}"] if record.act == "post"]
    if len(posting) != 1:
        raise Broken(f"凭证序号 {row.entry_id} 有 {len(posting)} 条记账留痕")
    told = posting[0].told()
    stored = {
        "number": row.number, "kind": row.kind, "period": str(row.period), "debit_fen": row.debit_fen, "maker": row.maker, "reviewer": row.reviewer,
    }  # fmt: skip
    if told != stored or (posting[0].digest, posting[0].actor, posting[0].at) != (row.digest, row.poster, row.recorded_at):
        raise Broken(f"凭证序号 {row.entry_id} 的编号、日期或签字人与记账留痕不符")


def entries_recorded(connection: sa.Connection) -> str:
    """L3: the entries posted by the trail are the entries in the books, no more and no less."""
    recorded = {record.thing for record in chain.records(connection) if record.act == "post"}
    stored = {f"entry:{row.book_id}:{row.entry_id}" for row in connection.execute(sa.select(entry_table.c.book_id, entry_table.c.entry_id))}
    if recorded != stored:
        raise Broken(f"留痕与凭证对不上：{min(recorded ^ stored)}")
    return f"{len(stored)} 张凭证与记账留痕一一对应"


def source_files(connection: sa.Connection) -> str:
    """C6: every file taken in stands in the register as its import was recorded: digests, rows, control total, fund and month."""
    told = {}
    for record in chain.records(connection):
        if record.act.startswith("import.") and record.act != "import.how":
            facts = record.told()
            facts.pop("encoding", None)
            more = {"contract": record.act.removeprefix("import."), "sha256": record.digest, "by": record.actor, "at": record.at}
            told[record.thing] = {**facts, **more, "used": [record.actor, record.at]}
    stored = {}
    for one in register.every(connection):
        try:
            using = snapshots.use(connection, one.file_id)
            facts = snapshots.recorded(one, snapshots.stored_coverage(connection, one), using)
        except (ValueError, KeyError, TypeError) as unreadable:
            raise Broken(f"文件 {one.file_id}的启用记录或覆盖范围无法读取") from unreadable
        more = {"contract": one.contract, "sha256": one.sha256, "by": one.taken_by, "at": one.taken_at}
        more["used"] = [using.used_by, using.used_at] if using else []
        stored[f"file:{one.file_id}"] = trail.redact({**facts, **more})
    for thing in sorted(told.keys() | stored.keys(), key=lambda text: int(text.partition(":")[2])):
        _agree(f"文件 {thing.partition(':')[2]}", stored.get(thing), told.get(thing))
    return f"{len(stored)} 个文件的登记与导入留痕相符"


def grants(connection: sa.Connection) -> str:
    """C1: users and their duties are those that the founding, the administrators' grants and their endings recorded, no more and no less."""
    people: dict[str, dict[str, Any]] = {}
    duties: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in chain.records(connection):
        _, _, who = record.thing.partition(":")
        day, facts = record.at[:10], record.told()
        if record.act == "people.add":
            people[who] = {"name": facts["name"], "password": record.digest, "by": record.actor, "at": record.at}
            for duty in facts.get("duties", []):
                duties[who][f"{duty} 自 {day}"] = ["", record.actor, record.at]
        elif record.act == "people.grant":
            duties[who][f"{facts['duty']} 自 {facts['from']}"] = [facts["to"], record.actor, record.at]
        elif record.act == "people.revoke":
            for key, held in duties[who].items():
                if key.partition(" ")[0] == facts["duty"] and (not held[0] or held[0] > day):
                    held[0] = day
    found = {row.user_id: row for row in connection.execute(sa.select(user))}
    given: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in connection.execute(sa.select(grant)):
        given[row.user_id][f"{row.duty} 自 {row.valid_from}"] = [row.valid_to, row.granted_by, row.granted_at]
    for who in sorted(people.keys() | found.keys() | given.keys()):
        one = found.get(who)
        stored = {"name": trail.redact(one.name), "password": password_digest(one.password_hash), "by": one.created_by, "at": one.created_at} if one else None
        _agree(f"用户 {who}", stored, people.get(who))
        _agree(f"用户 {who} 的岗位", given[who], duties[who])
    return f"{len(found)} 名用户、{sum(map(len, given.values()))} 项授权与留痕相符"


_FIELDS_ZH = {
    "contract": "种类", "sha256": "文件摘要", "parquet": "快照摘要", "name": "名称", "source": "来源", "as_of": "截至日期", "fund": "险种",
    "period": "所属月份", "rows": "行数", "rejected": "不可用行数", "control_fen": "控制合计", "by": "登记人", "at": "时间", "password": "口令摘要",
    "stated": "截至日期的来历", "kind": "全量或增量", "coverage": "覆盖范围", "against": "所比较的文件", "differences": "差异",
    "used": "启用记录",
}  # fmt: skip


def _agree(what: str, stored: dict[str, Any] | None, told: dict[str, Any] | None) -> None:
    """Raises naming what differs between the store and the trail."""
    if stored is None or told is None:
        raise Broken(f"{what}在{'登记' if stored is None else '留痕'}中没有")
    odd = sorted(name for name in stored.keys() | told.keys() if stored.get(name) != told.get(name))
    if odd:
        raise Broken(f"{what}与留痕不符：{'、'.join(_FIELDS_ZH.get(name, name) for name in odd)}")


def guards(connection: sa.Connection) -> str:
    """Every guard that the program lays is in the database, and on SQLite with its text; one switched off counts as gone."""
    wanted = _wanted(connection.dialect.name)
    found = _found(connection)
    odd = sorted(name for name, text in wanted.items() if name not in found or (found[name] and found[name] != text))
    if odd:
        raise Broken(f"守护规则缺失、停用或被改：{'、'.join(odd[:5])}")
    return f"{len(wanted)} 条数据库守护规则齐备"


def _wanted(database: str) -> dict[str, str]:
    texts = [text for folder in GUARDS for text in statements((HOUSE / folder / f"{database}.sql").read_text(encoding="utf-8"))]
    found = {}
    for text in texts:
        if trigger := re.search(r"^CREATE TRIGGER (\w+).*", text, re.MULTILINE | re.DOTALL):
            found[trigger.group(1)] = _flat(trigger.group())
    return found


def _found(connection: sa.Connection) -> dict[str, str]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: _flat(text) for name, text in rows}
    of_tables = "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND NOT c.relispartition"
    return {name: "" for (name,) in connection.exec_driver_sql(of_tables)}


def _flat(text: str) -> str:
    return " ".join(text.split())
