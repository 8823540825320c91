"""Reviewed vouchers looked at all at once (成批记账): whether every one of them may be posted as it lies, by a handful of queries whatever their number.

These are the questions :func:`controls.vouchers.post_many` asks of each voucher, as sets. Nobody is refused here: where one answer is not a plain yes, the
vouchers are looked at one by one, and that names the voucher and the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from controls import attachments, opening_gate
from controls.duties import Actor, Duty, Thing, may
from controls.voucher_tables import attachment, business, voucher, voucher_line
from ledger.cash import ALWAYS
from ledger.errors import Refusal
from ledger.lying import Lying
from ledger.months import Month
from ledger.parameters import Parameters

LEAST = 16
"""From so many vouchers looking at all at once is worth its queries."""


def ready(which: Lying, actor: Actor, kinds: Sequence[str]) -> bool:
    """Whether ``actor`` may post all of them: reviewed, unchanged since, their papers as signed, cash with its cashier, no business torn apart.

    ``kinds`` are the sources that somebody else is asked about; a voucher of one of them is not plain.
    """
    if len(set(which.keys)) < len(which.keys):
        return False
    groups = which.run(
        "SELECT v.reviewer, v.day, v.cashier = '' AS unsigned, MAX(v.cash) AS cash, MAX(v.attachments) AS attachments "
        f"FROM {which.of_heads} GROUP BY v.reviewer, v.day, v.cashier = ''"
    ).all()
    return (
        _allowed(which, actor, {str(group.reviewer) for group in groups})
        and _cash_signed(which, {date.fromisoformat(group.day) for group in groups if group.unsigned}, any(group.cash and group.unsigned for group in groups))
        and _papers_hold(which, {date.fromisoformat(group.day) for group in groups if group.attachments})
        and _unchanged(which, kinds)
    )


def _allowed(which: Lying, actor: Actor, reviewers: set[str]) -> bool:
    """C1 for each reviewer; a voucher that is part of a business waits for the others, so it is not plain."""
    if not all(may(actor, Duty.BOOKKEEP, Thing("posting", "", ((Duty.CHECK, reviewer),))).yes for reviewer in reviewers):
        return False
    parts = sa.select(business.c.voucher_id).where(business.c.book_id == which.book_id)
    if which.work.connection.execute(parts.limit(1)).first() is None:
        return True
    asked = f"SELECT 1 FROM {which.places} JOIN {business.name} b ON b.book_id = :book_id AND b.voucher_id = p.key LIMIT 1"
    return which.run(asked).first() is None


def _unchanged(which: Lying, kinds: Sequence[str]) -> bool:
    """C2: each is reviewed, and its content still gives the digest that was signed; its month was not taken over with the book."""
    plain = "v.state = 'reviewed' AND v.reviewed_digest = v.digest AND v.payout_source IS NULL AND v.contribution_source IS NULL AND v.source_key <> ''"
    plain += "".join(f" AND substr(v.source_key, 1, {len(kind) + 1}) <> :kind_{place}" for place, kind in enumerate(kinds))
    opened = opening_gate.taken_over(which.work.connection, which.book_id)
    if opened is not None:
        plain += f" AND v.period > {opened.number}"
    query = f"SELECT COUNT(*) FROM {which.of_heads} AND {plain} AND v.digest = {_digest(which)}"
    return int(which.run(query, **{f"kind_{place}": f"{kind}:" for place, kind in enumerate(kinds)}).scalar_one()) == len(which.keys)


def _digest(which: Lying) -> str:
    """``ledger.entries.Entry.digest`` of the voucher ``v`` in SQL: SHA-256 over its canonical JSON, keys sorted.

    The text is put together by one ``printf`` (``format`` on PostgreSQL), which takes half the time of joining its parts.
    """
    of_voucher = f"FROM {voucher_line.name} {{0}} WHERE {{0}}.book_id = v.book_id AND {{0}}.voucher_id = v.voucher_id"
    if which.work.is_sqlite:
        driver: Any = which.work.connection.connection.driver_connection
        driver.create_function("shebao_sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest() if text is not None else None, deterministic=True)
        quoted, hashed, printed = "json_quote({})", "shebao_sha256({})", "printf"
        legs = f"(SELECT group_concat({{}}) FROM (SELECT * {of_voucher.format('x')} ORDER BY x.line_no) l)"
    else:
        quoted, hashed, printed = "CAST(to_json({}) AS text)", "encode(sha256(convert_to({}, 'UTF8')), 'hex')", "format"
        legs = f"(SELECT string_agg({{}}, ',' ORDER BY l.line_no) {of_voucher.format('l')})"
    axes = "CASE l.dimension WHEN '' THEN '[]' ELSE l.dimension END"
    leg = f'{printed}(\'["%s","%s",%s,%s,%s]\', l.account, l.side, l.amount_fen, {axes}, {quoted.format("l.memo")})'
    text = ",".join(f'"{name}"\\:{form}' for name, (form, *_) in _FACTS.items())
    given = [value for _, *values in _FACTS.values() for value in values]
    values = ", ".join(quoted.format(value[7:-1]) if value.startswith("quoted(") else value for value in given)
    return hashed.format(f"{printed}('{{{text}}}', {values.replace('LEGS', legs.format(leg))})")


_FACTS = {
    "attachments": ("%s", "v.attachments"),
    "authority": ("%s", "quoted(v.authority)"),
    "closing": ("%s", "CASE v.closing WHEN 1 THEN 'true' ELSE 'false' END"),
    "contribution": ('[null,%s,%s,"%s"]', "v.contribution_count", "v.contribution_fen", "v.contribution_digest"),
    "corrects": ("%s", "COALESCE(CAST(v.corrects AS text), 'null')"),
    "day": ('"%s"', "v.day"),
    "documents": ("%s", "v.documents"),
    "event": ("%s", "quoted(v.event)"),
    "kind": ("%s", "quoted(v.kind)"),
    "lines": ("[%s]", "LEGS"),
    "payout": ('[null,%s,%s,"%s"]', "v.payout_count", "v.payout_fen", "v.payout_digest"),
    "period": ('"%s-%s"', "substr(CAST(v.period AS text), 1, 4)", "substr(CAST(v.period AS text), 5, 2)"),
    "source_key": ("%s", "quoted(v.source_key)"),
    "summary": ("%s", "quoted(v.summary)"),
}
"""Keys of an entry's facts in their order: how each is written, and what of the voucher ``v`` it is written from."""


def _cash_signed(which: Lying, days: set[date], marked: bool) -> bool:
    """No voucher without its cashier (on these days) is marked as cash, or touches an account that the law of its day calls so."""
    known = {(ALWAYS, *Parameters.load().codes("cash_voucher_accounts", day)) for day in days}
    if marked or not known:
        return not marked
    touched = (
        f"SELECT DISTINCT l.account FROM {which.places} CROSS JOIN {voucher.name} v CROSS JOIN {voucher_line.name} l "
        f"WHERE {which.within('v')} AND v.cashier = '' AND l.book_id = v.book_id AND l.voucher_id = v.voucher_id"
    )
    return not any(account.startswith(codes) for account in which.run(touched).scalars() for codes in known)


def _papers_hold(which: Lying, days: set[date]) -> bool:
    """The attachments are those signed at review, and where papers are uploaded (on the days of vouchers that say they have some) none is lacking."""
    hung = f"SELECT DISTINCT p.key FROM {which.places} CROSS JOIN {attachment.name} a WHERE {which.within('a')}"
    having = set(which.run(hung).scalars()) | set(which.run(f"SELECT p.key FROM {which.of_heads} AND v.papers_digest <> ''").scalars())
    if any(Parameters.load().text("voucher_attachments", day) == attachments.UPLOADED for day in days):
        having |= set(which.keys)
    ordered = [key for key in which.keys if key in having]
    return all(_papers_of(which, ordered[start : start + 500]) for start in range(0, len(ordered), 500))


def _papers_of(which: Lying, keys: Sequence[int]) -> bool:
    connection, columns = which.work.connection, voucher.c
    hung = attachments.list_of(connection, which.book_id, keys)
    asked = sa.select(columns.voucher_id, columns.attachments, columns.day, columns.papers_digest)
    try:
        for key, said, day, signed in connection.execute(asked.where(columns.book_id == which.book_id, columns.voucher_id.in_(keys))):
            if attachments.prove_list(connection, which.book_id, key, said, date.fromisoformat(day), hung.get(key, [])) != signed:
                return False
    except Refusal:
        return False
    return True


def book(which: Lying) -> None:
    """Marks them posted, each with its entry."""
    which.run(f"UPDATE {voucher.name} SET state = 'posted', entry_id = p.entry_id FROM {which.places} WHERE {which.within(voucher.name)}")


def summaries(connection: sa.Connection, book_id: int, voucher_ids: Sequence[int]) -> dict[int, tuple[str, Month, str]]:
    """Kind, month and summary of vouchers, without their lines; at most five hundred at once."""
    columns = voucher.c
    asked = sa.select(columns.voucher_id, columns.kind, columns.period, columns.summary)
    rows = connection.execute(asked.where(columns.book_id == book_id, columns.voucher_id.in_(voucher_ids)))
    return {row.voucher_id: (row.kind, row.period, row.summary) for row in rows}
