"""`shebao files`: what was taken in, what each file covers, what changed between two, and the lists a roster was checked against."""

from __future__ import annotations

import csv
import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from controls.intake import register
from shebao.cli import run
from shebao.verification import verify_store
from tests.controls.intake_lists import number, people
from tests.controls.payment_desk import NOW, someone, taken
from tests.shebao.small_office import Small


class Shell:
    """An office with two death lists of January and February, a roster checked against the second; commands say what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.small, self.capsys = Small(folder / "office"), capsys
        self.desk = self.small.desk
        self._take(people(range(1, 41)), date(2026, 1, 10), "一月.csv")
        self._take(people(range(2, 42)), date(2026, 2, 10), "二月.csv")
        self.roster = self.desk.build()
        self.desk.check(self.roster)

    def _take(self, table: Any, as_of: date, name: str) -> None:
        with self.small.unit() as work:
            register.take(work, self.small.home, taken(table, "deaths", name), someone("qian"), NOW, source="公安", as_of=as_of)
            work.commit()

    def __call__(self, *words: object, status: int = 0) -> str:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(["--home", str(self.small.home), *map(str, words)])
        said = self.capsys.readouterr()
        assert ended.value.code == status, said.err + said.out
        return said.out + said.err

    def values(self, *words: object) -> Any:
        return json.loads(self(*words, "--json"))


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    made = Shell(tmp_path, capsys)
    made.small.sign_in("li")
    return made


def test_the_list_says_what_is_in_use_and_what_it_covers(shell: Shell) -> None:
    """Of two lists of one source the newer is in use, the older names the one that replaced it."""
    said = shell("files", "--kind", "deaths")
    assert "已由 2 代替" in said and "在用" in said and "2025-06" in said and "全量" in said
    old, new = shell.values("files", "--kind", "deaths")
    assert (old["in_use"], old["replaced_by"], new["in_use"], new["replaced_by"]) == (False, 2, True, None)
    assert (new["until"], new["coverage"]["regions"], new["coverage"]["first"]) == ("2026-02-10", ["620821"], 202506)


def test_one_file_says_what_may_be_concluded_from_it(shell: Shell) -> None:
    """Source, digests, what it changed when it came into use and who saw that, its months, and the checks that used it."""
    said = shell("files", "show", 2)
    assert "可据此判断到 2026-02-10 为止" in said and "不等于健在" in said
    assert "与编号 1 比较（qian 所见）：新增 1、消失 1、不同 0、未变 39" in said
    assert f"花名册 {shell.roster} 第 1 次检查用过此文件" in said and "1 个月有数据" in said
    assert "2025-06" in shell("files", "show", 2, "--months")
    told = shell.values("files", "show", 2)
    assert told["checks"] == [[shell.roster, 1]] and told["cells"] == [{"fund": "", "region": "620821", "period": 202506, "rows": 40, "fen": 0}]
    assert told["use"]["against"] == [1] and told["use"]["differences"]["gone"] == 1
    first = shell("files", "show", 1)
    assert "已由 2 代替" in first and "启用时" not in first and "[SB3023]" in shell("files", "show", 9, status=2)


def test_two_files_are_compared_masked(shell: Shell, tmp_path: Path) -> None:
    """New, gone and different rows with numbers masked; the CSV has all of them and is its owner's alone."""
    said = shell("files", "diff", 1, 2)
    assert "新增 1 行，消失 1 行，内容不同 0 行，未变 39 行" in said and "620821********001X" in said and number(1) not in said
    path = tmp_path / "差异.csv"
    assert str(path) in shell("files", "diff", 1, 2, "--csv", path, "--most", 0).replace("\n", "")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    assert [row[:2] for row in rows] == [["变化", "证件号码"], ["消失", "620821********001X"], ["新增", "620821********041X"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert shell.values("files", "diff", 1, 2)["new"] == 1


def test_full_numbers_are_shown_to_those_who_need_them_and_recorded(shell: Shell) -> None:
    """C5, C6: --reveal leaves a record that says how many people were seen; a cashier gets none."""
    assert number(1) in shell("files", "diff", 1, 2, "--reveal")
    (record,) = shell.small.trail("read.reveal")
    assert (record.actor, record.thing, json.loads(record.facts)["count"]) == ("li", "file:2", 2)
    shell.small.sign_in("zhou")
    assert "[SB3001]" in shell("files", "diff", 1, 2, "--reveal", status=3)


def test_files_of_two_kinds_are_not_compared(shell: Shell) -> None:
    """SB2061: a death list and a roster have no rows in common."""
    assert "[SB2061]" in shell("files", "diff", 1, 3, status=2)


def test_a_roster_shows_the_snapshots_of_its_check(shell: Shell) -> None:
    """The run record names file, source, as-of day, the day it can be trusted to, and the snapshot's digest."""
    (cited,) = shell.values("roster", "show", shell.roster)["snapshots"]
    assert (cited["file_id"], cited["contract"], cited["source"], cited["as_of"], cited["until"]) == (2, "deaths", "公安", "2026-02-10", "2026-02-10")
    said = shell("roster", "show", shell.roster)
    assert "第 1 次检查所用的数据" in said and "死亡信息" in said and "deaths" not in said and cited["parquet_sha256"][:16] in said


def _broken(shell: Shell) -> list[str]:
    shell.small.office.engine.dispose()
    return [f"{result.code}: {result.text}" for result in verify_store(shell.small.office) if not result.ok]


def test_verify_counts_the_coverage_again(shell: Shell) -> None:
    """Digests and coverage of every file are proved; a snapshot changed or gone is named (SB3022)."""
    assert _broken(shell) == []
    (said,) = [result.text for result in verify_store(shell.small.office) if result.code == "快照文件"]
    assert said == "3 个快照文件未被改动，覆盖范围与控制合计重算相符"
    with shell.small.of("li").reading() as connection:
        path = register.file(connection, 1).path(shell.small.home)
    path.write_bytes(path.read_bytes() + b"x")
    assert [line for line in _broken(shell) if line.startswith("快照文件: [SB3022]") and "与导入时不同" in line]
    path.unlink()
    assert [line for line in _broken(shell) if line.startswith("快照文件: [SB3022]") and "不存在" in line]
