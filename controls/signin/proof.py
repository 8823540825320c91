"""The fresh proof (近时验证): before signing, releasing, posting and closing, who signed in has shown password or code within some minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from controls import rows
from controls.duties import Actor
from controls.errors_duties import ProofStale
from controls.signin.terms import terms
from controls.signin_tables import session_proof
from controls.tables import session
from ledger.db import UnitOfWork


def add(work: UnitOfWork, now: str, actor: Actor, token_hash: str, how: str) -> None:
    """Notes that the session's owner proved themselves by ``password``, ``totp`` or ``recovery``."""
    count = sa.select(sa.func.count()).select_from(session_proof).where(session_proof.c.token_hash == token_hash)
    row = {"token_hash": token_hash, "number": work.connection.execute(count).scalar_one() + 1, "how": how, "at": now}
    rows.lay(work, now, actor, None, session_proof, "session.proof", f"user:{actor.user}", row, {"how": how})


def require(connection: sa.Connection, token_hash: str, now: str) -> None:
    """Passes when the session was opened or proved again within the term; raises SB2130."""
    opened = connection.execute(sa.select(session.c.opened_at).where(session.c.token_hash == token_hash)).scalar()
    proved = connection.execute(sa.select(sa.func.max(session_proof.c.at)).where(session_proof.c.token_hash == token_hash)).scalar()
    times = [datetime.fromisoformat(text) for text in (opened, proved) if text]
    minutes = terms().proof_minutes
    if not times or datetime.fromisoformat(now) - max(times) > timedelta(minutes=minutes):
        raise ProofStale(minutes=minutes)
