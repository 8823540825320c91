"""Keys of online banking (U盾) in the demo's month: issued, signed for, and the batch authorised by the second holder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebao.demo.stage import Stage

KEYS = (("网银制单U盾", "A-2601", "wang"), ("网银复核U盾", "B-2601", "zheng"), ("财务专用章", "C-2601", "zheng"), ("法人名章", "D-2601", "zhou"))
"""Kind, label, holder: the four lie in three hands."""


def issue(stage: Stage) -> None:
    """The head registers and issues; each holder signs."""
    stage.sign_in("jiang")
    for kind, label, holder in KEYS:
        stage.run("token", "add", kind, "--label", label, "--to", holder)
    for number, (_, _, holder) in enumerate(KEYS, start=1):
        stage.sign_in(holder)
        stage.run("token", "receive", str(number))
    stage.run("token", "list")


def approve(stage: Stage, rosters: Mapping[str, int], papers: Path) -> None:
    """《基金支付审批表》 of each roster: 会计, 会计主管, 分管领导, 单位负责人 sign in turn; before the fourth signature no bank file is made."""
    stage.sign_in("wang")
    for roster in rosters.values():
        stage.run("bankfile", "make", str(roster), "--out", stage.out / "bank-too-early.csv", accept=(3,))
    for user in ("wu", "zheng", "zhou", "jiang"):
        stage.sign_in(user)
        for roster in rosters.values():
            stage.run("payment", "sign", str(roster))
    for roster in rosters.values():
        stage.run("payment", "print", str(roster), "--out", papers)


def authorise(stage: Stage, rosters: Mapping[str, int], bank_files: Mapping[str, Path]) -> None:
    """The second key holder compares the file's bytes and authorises."""
    stage.sign_in("zheng")
    for fund, roster in rosters.items():
        stage.run("bankfile", "authorise", str(roster), "--file", bank_files[fund])
