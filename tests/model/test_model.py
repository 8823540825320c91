"""Any random sequence of events, corrections and closings: SQLite, PostgreSQL and the model agree after every step (L1–L11, K1–K9)."""

from __future__ import annotations

import pytest

from tests.model.offices import ALL, Choices
from tests.model.running import play
from tests.private_postgres import Cluster


@pytest.mark.parametrize("choices", ALL, ids=[choices.name for choices in ALL])
def test_random_months_on_sqlite(choices: Choices) -> None:
    """Legal acts keep L1–L11 and K1–K9, illegal ones are refused with their code, by 账结法 and by 表结法."""
    play(choices, None, examples=6, steps=30)


def test_random_months_on_both_databases(postgres: Cluster) -> None:
    """SQLite and PostgreSQL do and refuse the same as the model, act by act."""
    play(ALL[0], postgres, examples=3, steps=25)
