"""C2: one changed fen, account, name or any other field of any line voids the signature, whatever digest is forged with it, and the line is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controls import roster, rosterdifferences, signoff
from controls.errors_payment import RosterChanged
from controls.roster import Line
from controls.tables import roster_line
from ledger.db import sqlite_url
from tests.controls.payment_desk import Desk, desk

NUMBERS = ("gross_fen", "offset_fen", "withheld_fen", "payee", "period", "number_ok")
TEXTS = ("account", "holder", "name", "number", "id_raw", "item", "item_class", "offset_to", "bank", "region", "note", "id_type")


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A roster signed by its handler, in a store whose guards of lines are gone."""
    folder = tmp_path_factory.mktemp("voided")
    office = desk(sqlite_url(folder / "shebao.db"), folder / "home")
    number = office.build()
    office.check(number)
    office.sign(number, "submit", "zhang")
    with office.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER shebao_roster_line_keep")
        connection.exec_driver_sql("DROP TRIGGER shebao_roster_move")
        connection.commit()
    return office


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(1, 10), column=st.sampled_from((*NUMBERS, *TEXTS)), by=st.integers(1, 10**6), forge=st.booleans())
def test_any_change_of_any_line_voids_the_signature(signed: Desk, seq: int, column: str, by: int, forge: bool) -> None:
    """For any line, column and change, with or without the line's digest forged: SB3034, naming line and column."""
    with signed.engine.connect() as connection:
        made = roster.get(connection, 1)
        line = next(one for one in roster.lines(connection, made) if one.seq == seq)
        before = getattr(line, column)
        changed = line._replace(**{column: before + by if column in NUMBERS else f"{before}{by}"})
        if column.endswith("_fen"):
            changed = changed._replace(net_fen=changed.gross_fen - changed.offset_fen - changed.withheld_fen)
        if changed.net_fen < 0:
            changed = changed._replace(gross_fen=changed.gross_fen - changed.net_fen, net_fen=0)
        values = {name: value for name, value in zip(Line._fields, changed, strict=True) if value != getattr(line, name)}
        connection.execute(roster_line.update().where(roster_line.c.seq == seq).values(**values, **({"digest": roster.line_digest(changed)} if forge else {})))
        found = rosterdifferences.found(connection, signed.home, made)
        assert {one.seq for one in found} == {seq} and {one.column for one in found} == set(values)
        with pytest.raises(RosterChanged, match=f"序号 {seq} "):
            signoff.same_as_signed(connection, made, signed.home)
        connection.rollback()
        assert rosterdifferences.found(connection, signed.home, made) == []


def test_the_whole_roster_forged_with_its_sums_is_still_void(signed: Desk, tmp_path: Path) -> None:
    """Header, line and line digest rewritten so that all sums meet: the signed digest still differs, and the line is named."""
    with signed.engine.connect() as connection:
        made = roster.get(connection, 1)
        line = next(one for one in roster.lines(connection, made) if one.seq == 7)
        more = line._replace(gross_fen=line.gross_fen + 1, net_fen=line.net_fen + 1)
        connection.exec_driver_sql(
            f"UPDATE shebao_roster_line SET gross_fen = gross_fen + 1, net_fen = net_fen + 1, digest = '{roster.line_digest(more)}' WHERE seq = 7"
        )
        connection.exec_driver_sql("UPDATE shebao_roster SET gross_fen = gross_fen + 1, net_fen = net_fen + 1")
        with pytest.raises(RosterChanged, match=r"签字时不同.*序号 7 应发"):
            signoff.same_as_signed(connection, roster.get(connection, 1), signed.home)
        connection.rollback()
