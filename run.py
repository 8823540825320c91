#!/usr/bin/env python3
"""One door for every task of this checkout, with the standard library alone: `make demo`, or on Windows `py run.py demo`.

Makes its own virtual environment in `.venv` and installs into it only when `pyproject.toml` or
`constraints.txt` changed. The file is written so that an old Python can still read it and say what is missing.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "shebao-installed.txt"
EXTRAS = os.environ.get("SHEBAO_EXTRAS") or "dev,postgres"
"""What is installed beside the product; `SHEBAO_EXTRAS=dev,postgres,spark` adds the cluster engine (about 450 MB) and its tests."""
INTERRUPTED = 130


def say(zh, en=""):
    """One sentence to the person, Chinese first."""
    print("» " + zh + ("\n  " + en if en else ""), flush=True)


def fail(zh, en):
    """Says what is wrong and what to do, and ends with exit status 2."""
    print("✗ " + zh + "\n  " + en, file=sys.stderr, flush=True)
    raise SystemExit(2)


def newer_python():
    """Path of a Python new enough, found beside the one that runs this file; None when there is none."""
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def check_python():
    """Goes on under a newer Python when this one is too old, or says where to get one."""
    if sys.version_info[:2] >= OLDEST:
        return
    found = newer_python()
    if found:
        raise SystemExit(subprocess.call([found, str(ROOT / "run.py"), *sys.argv[1:]]))
    oldest, have = ".".join(map(str, OLDEST)), platform.python_version()
    fail(
        f"需要 Python {oldest} 或更高版本，当前是 {have}。请安装后重试（Windows：py -3.12 run.py …）。",
        f"Python {oldest} or newer is needed, this is {have}. Install one and try again.",
    )


def venv_python():
    """The interpreter inside .venv, on Windows and elsewhere."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment():
    """The environment for child processes: ours, less what would make another Python's packages leak in."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")}


def call(*arguments):
    """Runs .venv's Python with these arguments in the checkout and gives its exit status."""
    return subprocess.call([str(venv_python())] + [str(a) for a in arguments], cwd=str(ROOT), env=environment())


def installing(*arguments):
    """The same for pip, whose words are passed on line by line: when nobody listens any more (``| head``) the installing goes on all the same."""
    if sys.stdout.isatty():
        return call(*arguments)
    command = [str(venv_python())] + [str(a) for a in arguments]
    heard = True
    with subprocess.Popen(command, cwd=str(ROOT), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as pip:
        for line in pip.stdout:
            try:
                if heard:
                    sys.stdout.write(line.decode("utf-8", "replace"))
                    sys.stdout.flush()
            except BrokenPipeError:
                heard = False
    return pip.returncode


def wanted():
    """What .venv must have been installed from: digest of the two files, the extras, and the place of this checkout."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return "\n".join([digest.hexdigest(), EXTRAS, str(ROOT)]) + "\n"


def usable():
    """Whether .venv has a Python that runs and is new enough."""
    check = f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST!r})"
    return venv_python().exists() and subprocess.call([str(venv_python()), "-c", check], env=environment(), stderr=subprocess.DEVNULL) == 0


def make_venv():
    """Creates .venv; says what to install where the system's Python cannot."""
    say(f"创建虚拟环境 .venv（Python {platform.python_version()}）…", "Creating the virtual environment .venv …")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)], env=environment()):
        fail(
            "无法创建虚拟环境。Debian/Ubuntu：先运行 apt install python3-venv；Windows：请用 python.org 的安装程序。",
            "The virtual environment cannot be made. Debian/Ubuntu: apt install python3-venv. Windows: use the installer of python.org.",
        )


def venv(force=False):
    """Brings .venv up to date; does nothing, in no time, when nothing changed."""
    if not force and venv_python().exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted():
        return
    started = time.monotonic()
    if not usable():
        make_venv()
    say(
        "安装依赖（首次约需几分钟，之后只在 pyproject.toml 或 constraints.txt 变化时）…",
        "Installing dependencies (minutes the first time, later only when they change) …",
    )
    pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-c", "constraints.txt"]
    if installing(*pip, "-q", "setuptools>=77") or installing(*pip, "--no-build-isolation", "-e", f".[{EXTRAS}]"):
        fail(
            "安装依赖失败。请检查网络或 pip 的镜像设置（pip config list）后重试；已下载的不会重复下载。",
            "Installing failed. Check the network or pip's index settings (pip config list) and run the same command again.",
        )
    STAMP.write_text(wanted(), encoding="utf-8")
    seconds = round(time.monotonic() - started)
    say(f"环境就绪，用时 {seconds} 秒。", f"The environment is ready after {seconds} s.")


def taken(name, options):
    """The value of ``--name VALUE`` or ``--name=VALUE`` (None when absent), and the options without it."""
    for place, word in enumerate(options):
        if word == name and place + 1 < len(options):
            return options[place + 1], options[:place] + options[place + 2 :]
        if word.startswith(name + "="):
            return word[len(name) + 1 :], options[:place] + options[place + 1 :]
    return None, options


def demo(options):
    """A synthetic county's files, then one month of it played by shebao's own commands; `--db URL` plays it on PostgreSQL."""
    venv()
    database, county = taken("--db", list(options))
    out = taken("--out", county)[0] or "demo"
    return call("-m", "shebao", "demo", *county) or call("-m", "shebao", "demo", "play", "--out", out, *(["--db", database] if database else []))


def test(options):
    """The whole suite on a process for each core (2 to 8); fails too when every test was skipped or none was found."""
    venv()
    count = str(max(2, min(8, os.cpu_count() or 2)))
    processes = [] if any(o.startswith("-n") or o == "-p" for o in options) else ["-n", count, "--dist", "worksteal"]
    if options:
        return call("-m", "pytest", *processes, *options)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        status = call("-m", "pytest", "-q", *processes, "--junitxml", report)
        if status == 0 and tests_run(report) == 0:
            fail("没有任何测试真正运行过。", "Not one test really ran.")
    return status


def tests_run(report):
    """Number of tests in a JUnit report that were not skipped; 0 when there is no report."""
    if not report.exists():
        return 0
    suites = ElementTree.parse(str(report)).getroot().iter("testsuite")
    return sum(int(suite.get("tests", "0")) - int(suite.get("skipped", "0")) for suite in suites)


def lint(options):
    """Style (ruff), arrows between the rooms (import-linter) and tidiness."""
    venv()
    return (
        call("-m", "ruff", "check", ".", *options)
        or call("-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-logo", "--no-cache")
        or call("-m", "pytest", "-q", "tests/house/test_tidy.py")
    )


def types(options):
    """mypy, strict, over ledger/ and controls/ (where money is decided)."""
    venv()
    return call("-m", "mypy", *options)


def bench(options):
    """The benches of tests/bench; their tables go to docs/performance.md."""
    venv()
    known = sorted(p.stem for p in (ROOT / "tests" / "bench").glob("*.py") if not p.stem.startswith(("_", "test_", "conftest")))
    chosen, rest = (options[:1], options[1:]) if options[:1] and options[0] in known else (known, options)
    for name in chosen:
        say(f"基准测试 {name} …", f"Bench {name} …")
        status = call("-m", "tests.bench." + name, *rest)
        if status:
            return status
    return 0


def fuzz(options):
    """Spoilt files by the hundred thousand through the intake: read or refused, nothing else (tests/fuzz.py)."""
    venv()
    return call("-m", "tests.fuzz", *options)


def model(options):
    """Random months, rosters and journals among them, on both databases against a model of the books (tests/model); each round's seed plays it again."""
    venv()
    return call("-m", "tests.model", *options)


def crash(options):
    """Writers of the payment chain killed with -9 at random moments, on both databases (tests/crash): nothing acknowledged lost, nothing half done."""
    venv()
    return call("-m", "tests.crash", *options)


def docs(options):
    """Writes the generated pages of docs/ again (`--check` only compares)."""
    venv()
    return call("scripts/make_docs.py", *options)


def clean(options):
    """Removes what can be made again: caches and build folders; with `--all` also .venv and demo/."""
    names = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"}
    doomed = [ROOT / "build", ROOT / "dist", *ROOT.glob("*.egg-info")]
    for folder, below, _files in os.walk(str(ROOT)):
        below[:] = [name for name in below if name not in (".git", ".venv", "demo")]
        doomed += [Path(folder) / name for name in below if name in names]
    if "--all" in options:
        doomed += [VENV, ROOT / "demo"]
    for path in doomed:
        if path.is_dir():
            shutil.rmtree(str(path))
            print("  - " + str(path.relative_to(ROOT)))
    return 0


def help_(options=()):
    """This list."""
    print("用法 / usage: run.py COMMAND [OPTIONS]     （make COMMAND 相同 / the same）\n")
    for name, (_, zh, en) in COMMANDS.items():
        print(f"  {name:<6} {zh}\n         {en}")
    return 0


COMMANDS = {
    "help": (help_, "显示本说明", "this list"),
    "venv": (lambda options: venv("--force" in options), "只准备 .venv（--force 重装）", "prepare .venv only (--force installs again)"),
    "demo": (demo, "示范：一个虚拟县的一个月 [--persons N --seed N --out 目录 --db 地址]", "one month of a synthetic county [the same options]"),
    "test": (test, "全部测试（其余参数交给 pytest）", "the whole suite (further options go to pytest)"),
    "lint": (lint, "代码风格、依赖方向、整洁", "style, arrows between rooms, tidiness"),
    "types": (types, "类型检查（mypy strict）", "type check (mypy strict)"),
    "bench": (bench, "性能基准 [名称]", "benches [NAME]"),
    "fuzz": (fuzz, "模糊测试：损坏的文件 [--count N --seed N --workers N --folder 目录]", "spoilt files through the intake [the same options]"),
    "model": (model, "随机业务与模型逐步核对 [--steps N --seed N --choices local|table --sqlite]", "random months against the model [the same options]"),
    "crash": (crash, "随机时刻 kill -9 [--count N --seed N --store sqlite|postgresql]", "kill -9 at random moments [the same options]"),
    "docs": (docs, "重新生成文档页 [--check]", "write the generated pages again [--check]"),
    "clean": (clean, "删除缓存（--all 连同 .venv 和 demo/）", "remove caches (--all: .venv and demo/ too)"),
}


def main(arguments):
    """Runs one command; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    check_python()
    command = arguments[0] if arguments else "help"
    if command not in COMMANDS:
        help_()
        return 0 if command in ("-h", "--help") else 2
    return COMMANDS[command][0](arguments[1:]) or 0


if __name__ == "__main__":
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
        sys.exit(status)
    except KeyboardInterrupt:
        say("已中断。", "Interrupted.")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Who reads has seen enough; nothing failed. What is still to be written goes nowhere, so that Python does not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
