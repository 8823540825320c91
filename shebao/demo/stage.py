"""The stage of the demo (演示的舞台): runs one command of ``shebao`` after another as the person signed in, and shows what each prints."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ledger.errors import Refusal


class StepFailed(Refusal):
    """A command of the story did not end as it should."""

    code = "SB6511"
    zh = "第 {step} 步“{command}”以退出码 {status} 结束：{said}"
    en = "Step {step}, “{command}”, ended with status {status}: {said}"
    cause_zh = "演示只是一串命令；某条命令没有成功，后面的步骤无从进行。"
    cause_en = "The demo is a row of commands; one did not succeed and the next ones stand on it."
    remedy_zh = "看上面的提示；清空输出目录后重来：python run.py demo。"
    remedy_en = "Read the message above; clear the output folder and run it again: python run.py demo."


@dataclass
class Stage:
    """Runs commands and keeps what later ones need."""

    out: Path
    say: Callable[[str], None]
    execute: Callable[[list[str]], int]
    db: str | None = None
    steps: int = 0
    who: str = ""
    seconds: float = 0.0
    commands: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.out / "office"

    def run(self, *arguments: str | Path, accept: Sequence[int] = (0,), quiet: bool = False) -> str:
        """Runs one ``shebao`` command in the office and returns what it printed; raises SB6511."""
        self.steps += 1
        words = [str(word) for word in arguments]
        shown = f"shebao --home {self.home.name} " + " ".join(f"'{word}'" if " " in word or not word else word for word in words)
        self.commands.append(f"# {self.who}\n{shown}")
        self.say(f"[{self.steps:>3}] {self.who or '—'}$ {shown}")
        start = time.perf_counter()
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = self.execute(["--home", str(self.home), *words])
        self.seconds += time.perf_counter() - start
        if status not in accept:
            raise StepFailed(step=self.steps, command=shown, status=status, said=(err.getvalue() or out.getvalue()).strip()[-1500:])
        if not quiet:
            for line in out.getvalue().rstrip().splitlines():
                self.say(f"      {line}")
        return out.getvalue()

    def values(self, *arguments: str | Path, accept: Sequence[int] = (0,)) -> Any:
        """Runs a command with ``--json`` and returns its values."""
        return json.loads(self.run(*arguments, "--json", accept=accept, quiet=True))

    def sign_in(self, user: str) -> None:
        """The next commands are this person's."""
        if self.who != user:
            self.who = user
            self.run("login", user, "--password-file", self.out / "office-password.txt", quiet=True)

    def title(self, text: str) -> None:
        self.say(f"\n== {text}")


class Story(Protocol):
    """What an act may use of the story so far: folders, plan, month, files taken in, and three of its turns."""

    stage: Stage
    out: Path
    files: Path
    papers: Path
    plan: dict[str, Any]
    month: str
    earlier: str
    taken: dict[str, int]

    def files_of(self, contract: str) -> list[dict[str, Any]]:
        """Files of one contract."""

    def import_file(self, contract: str, name: str, values: dict[str, str]) -> int:
        """Takes one file in and returns its number."""

    def through_review(self) -> None:
        """What stands made is reviewed, signed and posted."""
