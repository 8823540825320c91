"""The month of the demo, told by the commands an office would type, one after another.

Nothing happens here but commands: each step runs ``shebao …`` in a process of its own, as the person named, and
shows what it printed. Amounts an accountant would read off paper (the treasury's transfer note, the interest note)
are read from ``truth/plan.json``, which stands in for those papers; nothing else of it is looked at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.errors import Refusal

PASSWORD = "yunling-2026-demo"
PEOPLE = (
    ("zhao", "赵经办", "HANDLE_ROSTER"),
    ("qian", "钱登记", "HANDLE_REGISTER"),
    ("sun", "孙认证", "HANDLE_CERTIFY"),
    ("li", "李股长", "REVIEW"),
    ("zhou", "周局长", "AUTHORISE"),
    ("wu", "吴会计", "BOOKKEEP"),
    ("zheng", "郑主管", "CHECK"),
    ("wang", "王出纳", "CASHIER"),
    ("feng", "冯稽核", "AUDIT"),
    ("chen", "陈外审", "AUDITOR"),
)


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
        shown = "shebao " + " ".join(f"'{word}'" if " " in word or not word else word for word in words)
        self.commands.append(f"# {self.who}\n{shown}")
        self.say(f"[{self.steps:>3}] {self.who or '—'}$ {shown}")
        start = time.perf_counter()
        environment = {**os.environ, "SHEBAO_HOME": str(self.home), "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
        done = subprocess.run([sys.executable, "-m", "shebao", *words], capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
        self.seconds += time.perf_counter() - start
        if done.returncode not in accept:
            raise StepFailed(step=self.steps, command=shown, status=done.returncode, said=(done.stderr or done.stdout).strip()[-1500:])
        if not quiet:
            for line in done.stdout.rstrip().splitlines():
                self.say(f"      {line}")
        return done.stdout

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
