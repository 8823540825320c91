"""Questions of an import (导入时的提问): asked where somebody sits at the terminal, refused with the option that answers them elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from controls.intake.explain import DoubtsOfAKind
    from controls.intake.kinds import Candidate
    from controls.intake.taken import Taken

COLUMNS = {"items": "待遇类型", "status": "发放状态"}


def somebody_there() -> bool:
    """Whether questions can be answered: input and messages are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def answers_of(given: Sequence[str]) -> dict[str, str]:
    """``CODE=yes|no`` as code → yes or no; raises SB2053."""
    from controls.intake.errors_desk import BadAnswer
    from ledger.errors import REGISTRY
    from shebao.catalogue import refusals

    answers: dict[str, str] = {}
    for text in given:
        code, _, word = (part.strip() for part in text.replace("＝", "=").partition("="))
        word = {"是": "yes", "y": "yes", "否": "no", "n": "no"}.get(word.lower(), word.lower())
        if word not in ("yes", "no"):
            raise BadAnswer(given=text, why="等号后面要写 yes 或 no", why_en="it ends in =yes or =no")
        # A refusal is registered when its module is imported, and the doubts are not yet: the file is read after its answers.
        if code.upper() not in REGISTRY and code.upper() not in refusals():
            raise BadAnswer(given=text, why=f"没有代码 {code}", why_en=f"there is no code {code}")
        answers[code.upper()] = word
    return answers


def which_kind(file: str, likely: Sequence[Candidate], again: str) -> str:
    """The contract somebody chooses among the likely ones; raises SB2051 where nobody is there or none is likely."""
    from controls.intake.errors_desk import KindUnclear

    said = "、".join(each.said for each in likely)
    if not likely or not somebody_there():
        if len(likely) > 1 and likely[1].fits:
            why, why_en = f"表头合于 {len(likely)} 种：{said}", f"{len(likely)} kinds fit"
        else:
            why, why_en = (f"表头不恰好合于哪一种，最接近的是 {said}", "no kind fits well") if likely else ("前 60 行里没有认得的表头", "no header is known")
        raise KindUnclear(file=file, why=why, why_en=why_en, command=again)
    click.echo(f"{file} 可能是几种文件：{said}", err=True)
    return str(click.prompt("是哪一种", type=click.Choice([each.contract for each in likely]), err=True))


def local_names(taken: Taken) -> dict[str, dict[str, str]]:
    """Classes for the local names no list maps, asked for one by one; raises SB2029 where nobody is there."""
    from controls.intake.errors import UnknownNames
    from controls.intake.mapping import ITEM_CLASSES, STATUS_CLASSES
    from controls.intake.samples import CLASSES, STATUSES

    said: dict[str, dict[str, str]] = {"items": {}, "status": {}}
    for which, unknown, classes, words in (
        ("items", taken.unknown_items, ITEM_CLASSES, CLASSES),
        ("status", taken.unknown_statuses, STATUS_CLASSES, STATUSES),
    ):
        if not unknown:
            continue
        column = COLUMNS[which]
        if not somebody_there():
            names = "、".join(f"{name}（{count} 行）" for name, count in list(unknown.items())[:20])
            raise UnknownNames(file=taken.path.name, column=column, names=names, list=f"{which}.yaml")
        click.echo(f"{taken.path.name} 的“{column}”有 {len(unknown)} 个不认识的名称。可归入：{_classes(classes, words)}", err=True)
        for name, count in unknown.items():
            said[which][name] = click.prompt(f"“{name}”（{count} 行）归入", type=click.Choice(classes), show_choices=False, err=True)
    return said


def settle(file: str, asked: Sequence[DoubtsOfAKind], answers: Mapping[str, str]) -> dict[str, str]:
    """Every question answered with yes, by option or at the terminal; raises SB2052 for those that are not. Gives what was answered."""
    from controls.intake.errors_desk import AnswerWanted

    settled = {doubt.code: "yes" for doubt in asked if answers.get(doubt.code) == "yes"}
    open_ = [doubt for doubt in asked if doubt.code not in settled]
    if open_ and somebody_there():
        for doubt in [each for each in open_ if each.code not in answers]:
            click.echo(f"要回答 [{doubt.code}] {doubt.said}{_at(doubt)}", err=True)
            if not click.confirm("  核对过了，仍照此导入吗？", default=False, err=True):
                break
            settled[doubt.code] = "yes"
        open_ = [doubt for doubt in open_ if doubt.code not in settled]
    if open_:
        questions = "".join(f"\n    {number}. [{doubt.code}] {doubt.said}{_at(doubt)}" for number, doubt in enumerate(open_, start=1))
        options = " ".join(dict.fromkeys(doubt.answer for doubt in open_))
        raise AnswerWanted(file=file, count=len(open_), questions=questions, codes=", ".join(doubt.code for doubt in open_), options=options)
    return settled


def _at(doubt: DoubtsOfAKind) -> str:
    if not doubt.places or doubt.places[0] in doubt.said:
        return ""
    return f"（{doubt.count} 处：{'；'.join(doubt.places)}{'……' if doubt.count > len(doubt.places) else ''}）"


def _classes(classes: Sequence[str], words: Mapping[str, str]) -> str:
    return "、".join(f"{name}（{words[name]}）" for name in classes)
