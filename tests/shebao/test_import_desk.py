"""The import desk on the command line: several files, kinds, questions and answers, explanations, wrong usage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from shebao.cli import execute, importing_ask
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv
from tests.shebao.small_office import Small

DEATHS = ["证件号码", "姓名", "死亡日期", "数据来源"]


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

    def values(self, *words: object, status: int = 0) -> Any:
        """What `--json` printed."""
        self.capsys.readouterr()
        ended = execute(["--home", str(self.small.home), *map(str, words), "--json"])
        said = self.capsys.readouterr()
        assert ended == status, said.err
        return json.loads(said.out)

    def taken(self) -> list[str]:
        """Names of the files taken in."""
        return [one["name"] for one in self.values("files")]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def good(desk: Desk, name: str, *people: int) -> Path:
    """A file of payments without trouble."""
    return payments(desk.folder, *(payment(person, 所属期=f"2026-0{1 + person}") for person in people or (0, 1)), name=name)


def bad(desk: Desk, name: str = "坏.csv") -> Path:
    """One good row, one in error."""
    return payments(desk.folder, payment(2), payment(3, 金额="x"), name=name)


def test_several_files_each_whole_or_not_at_all(desk: Desk) -> None:
    """One after another: good ones are taken, bad ones told of; a table closes; the status is that of the worst."""
    first, second = good(desk, "1月.csv", 0), good(desk, "2月.csv", 1)
    said = desk("import", "payments", first, bad(desk), second, status=2)
    assert "[SB3021]" in said and "3 份文件，导入 2 份，未导入 1 份" in said and "见上面的 SB3021" in said
    assert desk.taken() == ["1月.csv", "2月.csv"] and len(list((desk.small.home / "rejects").iterdir())) == 1
    again = desk.values("import", "payments", first, good(desk, "3月.csv", 2), status=3)
    assert [one["file_id"] for one in again["files"]] == [None, 3] and again["files"][0]["refusal"]["code"] == "SB3020"


def test_all_or_none(desk: Desk) -> None:
    """--all-or-none: one file in error and none is taken, its rows written out and named; without trouble all are."""
    said = desk("import", "payments", good(desk, "1月.csv", 0), bad(desk), "--all-or-none", status=2)
    assert said.splitlines()[-3].startswith("[SB2058] 2 份文件要么全收要么全不收") and "坏.csv" in said and "[SB3021]" in said and ".rejects.xlsx" in said
    assert desk.taken() == []
    assert "2 份文件，导入 2 份" in desk("import", "payments", good(desk, "1月.csv", 0), bad(desk), "--all-or-none", "--accept-valid")
    assert desk("import", "payments", good(desk, "2月.csv", 1), good(desk, "1月.csv", 0), "--all-or-none", status=2).count("[SB3020]") == 1
    assert len(desk.taken()) == 2


def test_folders_and_patterns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder gives its files without leavings and rejects; a pattern is expanded here too, for command lines that do not."""
    folder = desk.folder / "来件"
    folder.mkdir()
    for person, name in enumerate(("1月.csv", "2月.csv", "~$1月.csv", "旧.rejects.xlsx", "说明.pdf")):
        payments(folder, payment(person % 4, 所属期=f"2026-0{1 + person}"), name=name)
    assert "2 份文件，导入 2 份" in desk("import", "payments", folder)
    monkeypatch.chdir(desk.folder)
    assert "[SB3020]" in desk("import", "payments", "来件/?月.csv", status=3)
    (desk.folder / "空").mkdir()
    assert "文件夹里没有可读的文件" in desk("import", "payments", "空", status=2)
    assert "没有文件合这个写法" in desk("import", "payments", "来件/*.xls", status=2)


def test_values_stand_with_each_file(desk: Desk) -> None:
    """FILE::险种=R,统筹区=620821 holds for that file alone and goes before --values."""
    header = [name for name in PAYMENTS if name != "险种"]
    for name, person in (("a.csv", 0), ("b.csv", 1)):
        payments(desk.folder, [cell for place, cell in enumerate(payment(person)) if place], header=header, name=name)
    told = desk.values("import", "payments", f"{desk.folder / 'a.csv'}::险种=E", desk.folder / "b.csv", "--values", "险种=R")
    assert [one["contract"] for one in told["files"]] == ["payments", "payments"] and told["status"] == 0
    assert [one["fund"] for one in desk.values("files")] == ["E", "R"]


def test_the_kind_is_seen_from_the_header(desk: Desk) -> None:
    """Without a kind the header decides where it fits one; where two fit equally, or one lacks a column, the kinds are shown."""
    assert desk.values("import", good(desk, "发放.csv"))["contract"] == "payments"
    desk.small.sign_in("qian")
    assert desk.values("import", write_csv(desk.folder / "死.csv", [DEATHS, [NUMBERS[0], "甲0", "2025-03-05", "公安"]]))["contract"] == "deaths"
    header = [name for name in PAYMENTS if name not in ("发放日期", "发放状态", "流水号")]
    both = payments(desk.folder, [cell for name, cell in zip(PAYMENTS, payment(), strict=True) if name in header], header=header, name="两可.csv")
    said = desk("import", both, status=2)
    assert "[SB2051]" in said and "payments（待遇发放明细，认出 9 列）" in said and "shebao import roster" in said
    lacking = payments(desk.folder, payment(), header=[name.replace("金额", "领取额") for name in PAYMENTS], name="缺.csv")
    assert "payments（待遇发放明细，缺 金额）" in desk("import", lacking, status=2)
    assert "前 60 行里没有认得的表头" in desk("import", write_csv(desk.folder / "诗.csv", [["床前明月光"], ["疑是地上霜"]]), status=2)


def test_wrong_words_are_told_apart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that is none, a file that is not there (with the near one), a kind without a file, options in the wrong form."""
    monkeypatch.chdir(desk.folder)
    good(desk, "一月发放.csv")
    assert "[SB2020] 没有“payment”这种文件" in desk("import", "payment", "一月发放.csv", status=2)
    assert "[SB2050]" in desk("import", "payments", status=2)
    assert "您是不是指 一月发放.csv" in desk("import", "payments", "一月发放.cvs", status=2)
    assert "没有文件夹" in desk("import", "payments", "没有/一月.csv", status=2)
    assert "命令里没有写文件" in desk("import", status=2)
    assert "没有“低保”这一类，可归入：养老金（pension）" in desk("import", "payments", "一月发放.csv", "--item", "老年补贴=低保", status=2)
    assert "“昨天”不是日期" in desk("import", "payments", "一月发放.csv", "--as-of", "昨天", status=2)
    assert "要写作 表内列名=规范列名" in desk("import", "payments", "一月发放.csv", "--column", "x", status=2)
    assert "办法：" in desk("import", "payments", "一月发放.csv", "--month", "2026-13", status=2)
    assert "--reveal" in desk("import", "payments", "一月发放.csv", "--reveal", status=2)
    assert "[SB2062]" in desk("import", "payments", "一月发放.csv", "--full", "--increment", status=2)


def test_good_rows_are_not_taken_where_the_bad_ones_cannot_be_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rejects workbook that cannot be written undoes the import; a name as long as a name may be keeps its workbook."""
    from controls.intake import reader

    file = bad(desk).rename(desk.folder / f"{'长' * 80}.csv")
    with monkeypatch.context() as broken:
        broken.setattr(reader, "write_rejects", lambda taken, path: (_ for _ in ()).throw(OSError(28, "no space", str(path))))
        assert "[SB6009]" in desk("import", "payments", file, "--accept-valid", status=2)
    assert desk.taken() == []
    desk("import", "payments", file, "--accept-valid")
    assert len(desk.taken()) == 1 and len([*(desk.small.home / "rejects").glob("长*.rejects.xlsx")]) == 1


def test_answers_name_codes_in_a_process_of_their_own() -> None:
    """The codes of doubts are known before any file is read: a command has a process of its own, where nothing else has imported them."""
    code = "from shebao.cli.importing_ask import answers_of; print(answers_of(['SB2044=yes', 'sb2042=否']))"
    house = Path(importing_ask.__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", code], cwd=house, capture_output=True, check=True, text=True).stdout
    assert said.strip() == "{'SB2044': 'yes', 'SB2042': 'no'}"


def test_doubts_are_answered_by_option(desk: Desk) -> None:
    """SB2052 with nobody at the terminal, naming the option; with it the file is taken and the trail says what was answered."""
    file = payments(desk.folder, payment(0, 所属期="2026-01"), payment(1, 所属期="2026-02"))
    said = desk("import", "payments", file, "--month", "2026-01", status=2)
    assert "[SB2052]" in said and "1. [SB2040]" in said and "--answer SB2040=yes" in said and desk.taken() == []
    assert "[SB2052]" in desk("import", "payments", file, "--month", "2026-01", "--answer", "SB2040=no", status=2)
    desk("import", "payments", file, "--month", "2026-01", "--answer", "sb2040=是")
    (how,) = desk.small.trail("import.how")
    assert json.loads(how.facts)["answers"] == {"SB2040": "yes"} and how.thing == "file:1"
    for given in ("SB2040", "SB2040=maybe", "SB9999=yes"):
        assert "[SB2053]" in desk("import", "payments", file, "--answer", given, status=2)


def test_doubts_are_asked_at_the_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at the terminal is asked, no by default; a yes takes the file."""
    answers = iter([False, True])
    asked: list[str] = []
    monkeypatch.setattr(importing_ask, "somebody_there", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda text, **how: asked.append(f"{text}{how['default']}") or next(answers))
    file = payments(desk.folder, payment(0, 所属期="2026-01"), payment(1, 所属期="2026-02"))
    assert "[SB2052]" in desk("import", "payments", file, "--month", "2026-01", status=2)
    desk("import", "payments", file, "--month", "2026-01")
    assert asked == ["  核对过了，仍照此导入吗？False"] * 2 and desk.taken() == ["发放.csv"]


def test_local_names_and_kinds_are_asked_at_the_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown items and states are asked for one by one, and so is a kind that is not clear."""
    said = iter(["allowance", "paid", "roster"])
    monkeypatch.setattr(importing_ask, "somebody_there", lambda: True)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(said))
    assert desk.values("import", payments(desk.folder, payment(0, 待遇类型="老年补贴", 发放状态="已入卡")))["rows"] == 1
    header = [name for name in PAYMENTS if name not in ("发放日期", "发放状态", "流水号")]
    both = payments(desk.folder, [cell for name, cell in zip(PAYMENTS, payment(), strict=True) if name in header], header=header, name="两可.csv")
    assert desk.values("import", both)["contract"] == "roster"
    facts = json.loads(desk.small.trail("import.how")[0].facts)
    assert (facts["items"], facts["statuses"]) == ({"老年补贴": "allowance"}, {"已入卡": "paid"})


def test_local_names_by_option(desk: Desk) -> None:
    """SB2029 names each unknown word and the option; --item and --status say what they are."""
    file = payments(desk.folder, payment(0, 待遇类型="老年补贴"), payment(1, 发放状态="已入卡"))
    said = desk("import", "payments", file, status=2)
    assert "[SB2029]" in said and "老年补贴（1 行）" in said and "--item '名称=归类'" in said
    assert desk.values("import", "payments", file, "--item", "老年补贴=代发", "--status", "已入卡＝paid")["rows"] == 2


def test_explain_takes_nothing_and_says_everything(desk: Desk) -> None:
    """Columns with letters, unused ones with a hint, sample rows masked, errors with cells, the exact next command; the store stays as it was."""
    header = [*PAYMENTS[:-1], "流水号码", "AAC001"]
    rows = [[*payment(0, 金额="0.0139"), "x"], [*payment(1, 金额="0.0139001"), "y"]]
    file = payments(desk.folder, *rows, header=header, above=[["单位：万元"]])
    said = desk("import", "payments", file, "--explain")
    for word in ("表头在第 2 行", "万元", "您是不是指“流水号”？", "用不着（个人编号）", "H4", "怎么办：", "--accept-valid", "未导入"):
        assert word in said, word
    assert NUMBERS[0] not in said and "甲0" not in said and desk.taken() == []
    told = desk.values("import", "payments", file, "--explain")
    assert (told["rows_good"], told["rows_bad"], told["fen"], told["status"], told["masked"]) == (1, 1, 13_900, 2, True)
    assert told["sample_head"][:4] == ["行", "险种", "统筹区", "证件号码"] and told["samples"][0][3].endswith(NUMBERS[0][-4:])


def test_explain_says_what_stands_in_the_way(desk: Desk) -> None:
    """A file taken in before, a kind one may not take in, a newer list with its changes, a missing column with the option that names it."""
    file = good(desk, "a.csv")
    desk("import", "payments", file)
    assert "[SB3020]" in desk("import", "payments", file, "--explain")
    deaths = write_csv(desk.folder / "死.csv", [DEATHS, [NUMBERS[0], "甲0", "2025-03-05", "公安"]])
    assert "[SB3001]" in desk("import", "deaths", deaths, "--explain")
    lacking = payments(desk.folder, payment(), header=[name.replace("金额", "领取额") for name in PAYMENTS], name="缺.csv")
    said = desk("import", "payments", lacking, "--explain", status=2)
    assert "[SB2022]" in said and "--column 领取额=金额 --explain" in said
    assert desk.values("import", "payments", lacking, "--column", "领取额=金额", "--explain")["status"] == 0
    short = payments(desk.folder, payment()[2:], header=PAYMENTS[2:], name="无险种.csv")
    assert "--values 险种=险种代码,统筹区=区划代码 --explain" in desk("import", "payments", short, "--explain", status=2)
    alone = write_csv(desk.folder / "死3.csv", [DEATHS[:3], [NUMBERS[0], "甲0", "2025-03-05"]])
    assert "--source 来源 --explain" in desk("import", "deaths", alone, "--explain", status=2)
    desk.small.sign_in("qian")
    desk("import", "deaths", deaths)
    newer = write_csv(desk.folder / "死2.csv", [DEATHS, *([number, f"甲{at}", "2025-03-05", "公安"] for at, number in enumerate(NUMBERS[:2]))])
    assert "新增 1 行" in desk("import", "deaths", newer, "--explain")


def test_full_numbers_are_shown_to_nobody_unrecorded(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--reveal shows samples in full and leaves a record; without an office, or the duty, it is refused."""
    file = good(desk, "a.csv")
    assert NUMBERS[0] in desk("import", "payments", file, "--explain", "--reveal")
    (seen,) = desk.small.trail("read.reveal")
    assert (seen.actor, json.loads(seen.facts)["count"]) == ("zhang", 2)
    deaths = write_csv(desk.folder / "死.csv", [DEATHS, [NUMBERS[0], "甲0", "2025-03-05", "公安"]])
    assert "[SB3001]" in desk("import", "deaths", deaths, "--explain", "--reveal", status=3)
    assert execute(["--home", str(tmp_path / "none"), "import", str(file), "--explain", "--reveal"]) == 2
    assert "[SB2059]" in capsys.readouterr().err
    assert execute(["--home", str(tmp_path / "none"), "import", str(file), "--explain"]) == 0
    assert NUMBERS[0] not in capsys.readouterr().out


def test_a_header_named_by_hand(desk: Desk) -> None:
    """--column reads a header of the office's own; SB2057 for a column that is none, or twice named, with the near one."""
    file = payments(desk.folder, payment(), header=[name.replace("金额", "领取额（元）") for name in PAYMENTS])
    assert desk.values("import", "payments", file, "--column", "领取额（元）=金额")["control_fen"] == 13_900
    said = desk("import", "payments", file, "--column", "领取额（元）=发放金", status=2)
    assert "[SB2057]" in said and "规范列名有：险种、统筹区" in said
    assert "给了两个" in desk("import", "payments", file, "--column", "a=金额", "--column", "b=金额", status=2)
    assert "本身就是规范列名" in desk("import", "payments", file, "--column", "姓名=金额", status=2)


def test_mended_rejects_are_sent_again(desk: Desk) -> None:
    """--accept-valid takes the good rows and names the command for the rest; mended in the workbook, that command takes them."""
    import openpyxl

    header = [name.replace("金额", "领取额") for name in PAYMENTS]
    file = payments(desk.folder, payment(0), payment(1, 金额="x"), header=header)
    said = desk("import", "payments", file, "--column", "领取额=金额", "--accept-valid")
    again = said.splitlines()[-1].strip()
    (path,) = (desk.small.home / "rejects").iterdir()
    assert again == f"shebao import payments {path} --column 领取额=金额" and "退回 1 行" in said
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None and sheet["M2"].comment is not None
    sheet["M2"] = "141.00"
    book.save(path)
    desk(*again.split()[1:])
    assert [(one["rows"], one["control_fen"], one["rejected"]) for one in desk.values("files")] == [(1, 13_900, 1), (1, 14_100, 0)]


def test_a_month_that_already_stands_in_use_is_told(desk: Desk) -> None:
    """The same people and month in other bytes get past the digest; the desk says which file in use holds the month, a supplement is let be."""
    first = payments(desk.folder, *(payment(person) for person in range(4)), name="1月.csv")
    assert "已有在用的文件" not in desk("import", "payments", first)
    again = payments(desk.folder, *(payment(person, 金额="139.01") for person in range(4)), name="1月再报.csv")
    said = desk("import", "payments", again)
    assert "城乡居保 620821 2024-03 已有在用的文件，编号 1（1月.csv）" in said and "shebao files diff 1" in said
    supplement = payments(desk.folder, payment(1, 待遇类型="丧葬补助金"), name="补发.csv")
    assert "已有在用的文件" not in desk("import", "payments", supplement)
