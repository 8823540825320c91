"""Saved mappings on the command line: kept with an import, used again, shown, handed on, taken out of use, and guarded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from shebao.cli import execute
from tests.controls.intake_files import PAYMENTS, payment, payments
from tests.shebao.small_office import Small

HEADER = [{"金额": "领取额（万元）", "待遇类型": "补助名"}.get(name, name) for name in PAYMENTS]


class Desk:
    """`shebao` in one office; ``said`` is everything printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.small, self.folder, self.capsys = Small(folder / "office"), folder, capsys
        self.small.sign_in("zhang")

    def __call__(self, *words: object, status: int = 0) -> str:
        self.capsys.readouterr()
        ended = execute(["--home", str(self.small.home), *map(str, words)])
        said = self.capsys.readouterr()
        assert ended == status, said.err + said.out
        return said.out + said.err

    def values(self, *words: object) -> Any:
        """What `--json` printed."""
        return json.loads(self(*words, "--json"))

    def file(self, month: str, header: list[str] = HEADER) -> Path:
        """The list of one month as this office gets it: own headers, 万元, an item of its own."""
        return payments(self.folder, payment(0, 待遇类型="老年补贴", 金额="0.0203", 所属期=month, 险种=""), header=header, name=f"{month}.csv")


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An office with the mapping 农商行 saved from January's list."""
    made = Desk(tmp_path, capsys)
    options = ("--column", "领取额（万元）=金额", "--column", "补助名=待遇类型", "--item", "老年补贴=allowance", "--values", "险种=R")
    made("import", "payments", made.file("2026-01"), *options, "--save-mapping", "农商行")
    return made


def test_a_mapping_reads_the_next_file(desk: Desk) -> None:
    """--mapping NAME, or FILE::@NAME, reads next month's file without a question: kind, headers, unit, names, values; the trail says by which."""
    made = desk.values("import", desk.file("2026-02"), "--mapping", "农商行")
    assert (made["contract"], made["control_fen"], made["mapping"]) == ("payments", 20_300, "农商行 v1")
    assert desk.values("import", f"{desk.file('2026-03')}::@农商行")["control_fen"] == 20_300
    used = [json.loads(record.facts) for record in desk.small.trail("import.how")]
    assert [facts.get("mapping", "") for facts in used] == ["", "农商行", "农商行"] and used[1]["version"] == 1
    assert "读法：农商行（第 1 版）" in desk("import", desk.file("2026-04"), "--mapping", "农商行", "--explain")
    assert "[SB2055]" in desk("import", "deaths", desk.file("2026-04"), "--mapping", "农商行", status=2)
    assert "[SB2054]" in desk("import", desk.file("2026-04"), "--mapping", "信用社", status=2)


def test_a_file_that_changed_says_how(desk: Desk) -> None:
    """SB2056 names each difference: a header gone, another unit, a required column gone; saved anew, it is version 2."""
    yuan = desk.file("2026-05", [name.replace("（万元）", "") for name in HEADER])
    said = desk("import", yuan, "--mapping", "农商行", status=2)
    assert "[SB2056]" in said and "“金额”原来按万元（“领取额（万元）”），现在是元（“领取额”）" in said and "--save-mapping 农商行" in said
    gone = desk.file("2026-06", [name.replace("开户", "").replace("户名", "开户名") for name in HEADER])
    assert "表头“户名”（读作户名）没有了" in desk("import", gone, "--mapping", "农商行", status=2)
    lacking = desk.file("2026-07", [name.replace("领取额", "应领额") for name in HEADER])
    assert "缺少必需的列：金额" in desk("import", lacking, "--mapping", "农商行", status=2)
    options = ("--column", "领取额=金额", "--column", "补助名=待遇类型", "--item", "老年补贴=allowance", "--values", "险种=R")
    whole = payments(desk.folder, payment(0, 待遇类型="老年补贴", 险种=""), header=[name.replace("（万元）", "") for name in HEADER], name="新.csv")
    desk("import", "payments", whole, *options, "--save-mapping", "农商行")
    assert "农商行（第 2 版）" in desk("mapping", "show", "农商行")


def test_mappings_are_listed_and_shown(desk: Desk) -> None:
    """list and show say what is read as what, by whom, from which file."""
    (one,) = desk.values("mapping", "list")
    assert (one["mapping"], one["version"], one["saved_by"], one["contract"]) == ("农商行", 1, "zhang", "payments")
    assert one["columns"]["领取额（万元）"] == "金额" and one["units"] == {"金额": "万元"} and one["items"] == {"老年补贴": "allowance"}
    said = desk("mapping", "show", "农商行")
    assert "领取额（万元）" in said and "老年补贴=代发" in said and "险种=R" in said and "2026-01.csv" in said
    assert "农商行" in desk("mapping", "list") and "payments" in desk("mapping", "list")


def test_mappings_are_handed_on(desk: Desk, tmp_path: Path) -> None:
    """export writes YAML that load takes, in another office too; what is no mapping is refused with its place."""
    out = desk.folder / "读法.yaml"
    desk("mapping", "export", "农商行", "--out", out)
    assert "已存在" in desk("mapping", "export", "农商行", "--out", out, status=2)
    assert "第 1 版" in desk("mapping", "load", out, "--name", "信用社")
    assert "第 2 版" in desk("mapping", "load", out)
    assert desk.values("import", f"{desk.file('2026-08')}::@信用社")["rows"] == 1
    assert desk.values("import", desk.file("2026-09"), "--mapping", out)["rows"] == 1
    content = yaml.safe_load(out.read_text(encoding="utf-8"))
    for change, word in (({"extra": 1}, "extra"), ({"columns": {}}, "columns"), ({"items": {"a": "b"}}, "items"), ({"answers": {"SB2040": "yes"}}, "SB2040")):
        out.write_text(yaml.safe_dump({**content, **change}, allow_unicode=True), encoding="utf-8")
        said = desk("mapping", "load", out, status=2)
        assert "[SB2055]" in said and (word in said or "“b”" in said), said
    out.write_text(yaml.safe_dump({**content, "columns": {"金额": "姓名啊"}}, allow_unicode=True), encoding="utf-8")
    assert "[SB2057]" in desk("mapping", "load", out, status=2)
    out.write_text("- [", encoding="utf-8")
    assert "[SB2055]" in desk("mapping", "load", out, status=2)
    assert "[SB2055]" in desk("mapping", "load", desk.file("2026-10"), "--name", "../x", status=2)


def test_a_mapping_is_taken_out_of_use(desk: Desk) -> None:
    """delete leaves its file and its record, and the name free for a next version."""
    assert "已停用" in desk("mapping", "delete", "农商行")
    assert "还没有存下的读法" in desk("mapping", "list") and "[SB2054]" in desk("mapping", "show", "农商行", status=2)
    assert [path.name for path in (desk.small.home / "mappings").iterdir()] == ["农商行.v1.yaml"]
    assert desk.small.trail("mapping.delete")[0].actor == "zhang"


def test_a_mapping_changed_by_hand_is_refused(desk: Desk) -> None:
    """SB2055: a file that is not what the trail recorded, or is gone, is never used; only its owner may read it."""
    path = desk.small.home / "mappings" / "农商行.v1.yaml"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(path.read_text(encoding="utf-8").replace("allowance", "pension"), encoding="utf-8")
    said = desk("import", desk.file("2026-02"), "--mapping", "农商行", status=2)
    assert "[SB2055]" in said and "与留痕登记的不同" in said
    path.unlink()
    assert "不见了" in desk("mapping", "show", "农商行", status=2)


def test_who_may_not_take_in_a_kind_keeps_no_mapping_of_it(desk: Desk) -> None:
    """SB3001: saving, loading and deleting need the duty for that kind of file; a refused import saves nothing."""
    out = desk.folder / "读法.yaml"
    desk("mapping", "export", "农商行", "--out", out)
    desk.small.sign_in("zhao")
    assert "[SB3001]" in desk("mapping", "load", out, status=3) and "[SB3001]" in desk("mapping", "delete", "农商行", status=3)
    desk.small.sign_in("zhang")
    bad = payments(desk.folder, payment(0, 金额="x"), name="坏.csv")
    desk("import", "payments", bad, "--save-mapping", "坏", status=2)
    assert [one["mapping"] for one in desk.values("mapping", "list")] == ["农商行"]
    assert "[SB2055]" in desk("import", "payments", bad, "--accept-valid", "--save-mapping", "a/b", status=2)
