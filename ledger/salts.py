"""Personal texts in the chain (加盐摘要): a record holds the salted digest, the text and its salt stand apart and can be destroyed (F16).

In a record's facts a personal text is ``{"$": token}``, in its reason ``$token``; the token is hash(salt ‖ text) by the chain's own algorithm, with sixteen
random bytes for each. The record's hash covers the token, so that the chain stays whole when the law asks for the text to be destroyed; nobody can
find the text again by trying, for the salt is gone with it. Readers of the chain get texts opened; what is gone reads as :data:`GONE`.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ledger import bulk
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.hashes import Algorithm, algorithm_of
from ledger.tables import chain, chain_salt

GONE = "〔已依法删除〕"
_TOKEN = r"(?:sm3:)?[0-9a-f]{64}"
_FACT = re.compile(rf'\{{"\$":"({_TOKEN})"\}}')
_REASON = re.compile(rf"\$({_TOKEN})")

Salted = tuple[str, str, str]
"""Token, salt (hex), text."""


class Erased(str):
    """What stands for a destroyed text: equal to every text, for nothing is left that could differ."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, str)

    __hash__ = str.__hash__


def token(salt: str, text: str, algorithm: Algorithm) -> str:
    """The digest that stands in the record: of the salt's bytes, then the text in UTF-8."""
    return algorithm.of(bytes.fromhex(salt) + text.encode())


def sealed(facts: Any, reason: str, personal: frozenset[str], algorithm: Algorithm) -> tuple[Any, str, list[Salted]]:
    """Facts and reason with tokens for every text under a key in ``personal`` (the reason always), and what was taken out; equal texts share a token."""
    made: dict[str, Salted] = {}

    def hidden(text: str) -> str:
        if text not in made:
            salt = secrets.token_hex(16)
            made[text] = (token(salt, text, algorithm), salt, text)
        return made[text][0]

    def inside(value: Any, key: str) -> Any:
        if isinstance(value, str):
            return {"$": hidden(value)} if key in personal and value else value
        if isinstance(value, Mapping):
            return {name: inside(item, name) for name, item in value.items()}
        return [inside(item, key) for item in value] if isinstance(value, list | tuple) else value

    told = inside(facts, "")
    return told, f"${hidden(reason)}" if reason else "", list(made.values())


def keep(work: UnitOfWork, rows: Iterable[tuple[int, Salted]]) -> None:
    """Lays texts and salts beside their records, in the records' transaction."""
    found = [(seq, *one) for seq, one in rows]
    if found:
        bulk.insert(work, chain_salt, ("seq", "token", "salt", "text"), found)


def tokens(facts: str, reason: str) -> set[str]:
    """The tokens in a record's stored facts and reason."""
    found = set(_FACT.findall(facts)) if '{"$":"' in facts else set()
    whole = _REASON.fullmatch(reason) if reason.startswith("$") else None
    return found | ({whole.group(1)} if whole else set())


def texts(connection: sa.Connection, after: int = 0, *, thing: str = "") -> dict[str, str]:
    """Token → text of the records above ``after``, of one thing if given; a token is random enough to be unique."""
    columns = chain_salt.c
    query = sa.select(columns.token, columns.text).where(columns.seq > after)
    if thing:
        query = query.join(chain, chain.c.seq == columns.seq).where(chain.c.thing == thing)
    return {token: text for token, text in connection.execute(query)}


def opened(known: Mapping[str, str], facts: str, reason: str = "") -> tuple[str, str]:
    """Stored facts and reason with their texts; a destroyed one stays a token in the facts and reads as gone in the reason."""
    told = _FACT.sub(lambda found: canonical(known[found.group(1)]) if found.group(1) in known else found.group(), facts)
    whole = _REASON.fullmatch(reason)
    return told, (known.get(whole.group(1), GONE) if whole else reason)


def parsed(facts: str) -> Any:
    """Opened facts as JSON values; a destroyed text is an :class:`Erased` that reads as gone and equals every text."""
    return json.loads(facts, object_hook=lambda found: Erased(GONE) if found.keys() == {"$"} else found)


def fits(one: Any) -> bool:
    """Whether a stored row of salt and text makes its token."""
    try:
        return token(one.salt, one.text, algorithm_of(one.token)) == str(one.token)
    except ValueError:
        return False
