"""Acts that several people do together (S20): each in one of the duties of ``templates/duties.yaml`` (``joint``), all of them different people."""

from __future__ import annotations

from collections.abc import Collection
from itertools import permutations

from controls.duties import Duty, rules
from controls.errors_duties import JointWrong


def together(act: str, signed: Collection[tuple[Duty, str]], *, electronic: bool = False) -> None:
    """Passes when every duty of the act is there by a person of its own; ``signed`` as (duty, user). Raises SB2165."""
    law = rules().joint[act]
    wanted = [Duty(code) for code in (*law.duties, *(law.electronic if electronic else ()))]
    by = {duty: {user for one, user in signed if one is duty} for duty in wanted}
    people = {user for users in by.values() for user in users}
    if any(all(user in by[duty] for duty, user in zip(wanted, order, strict=True)) for order in permutations(sorted(people), len(wanted))):
        return
    missing = [duty.zh for duty in wanted if not by[duty]]
    raise JointWrong(act=act, missing="、".join(missing) or "一人（一人不得兼两岗）", why=law.why)
