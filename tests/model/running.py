"""Running the machine: short and always the same in the suite, long and by seed on the command line."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import BooksMachine
from tests.model.offices import Choices
from tests.private_postgres import Cluster


def play(choices: Choices, server: Cluster | None, *, examples: int, steps: int, number: int | None = None, planted: tuple[str, ...] = ()) -> None:
    """Plays the machine; without ``number`` the same way every time, with it by that seed. Raises what a run finds.

    ``planted`` are statements that spoil each fresh store: the machine must then find something.
    """
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=number is None,
        print_blob=False,
        # A failing run is short enough to read as it is; shrinking would build hundreds of stores.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    played: Any = type("Played", (BooksMachine,), {"choices": choices, "server": server, "planted": planted})
    if number is not None:
        played = seed(number)(played)
    run_state_machine_as_test(played, settings=chosen)
