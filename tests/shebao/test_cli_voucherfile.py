"""Vouchers of another system on the command line: proposed from a file or its number, all or none, then on the usual way."""

from __future__ import annotations

from ledger.identity.numbers import check_digit
from tests.shebao.test_cli_corrections import passed
from tests.shebao.test_cli_payment import Shell, shell

__all__ = ["shell"]
HEADER = "凭证日期,凭证字,凭证号,附单据数,摘要,科目编号,科目名称,借方金额,贷方金额,制单,审核"
GOOD = (
    HEADER,
    "2025-12-05,收,1,1,存款利息,100301,活期存款,12.34,,旧会计,旧主管",
    "2025-12-05,收,1,1,存款利息,420101,存款利息,,12.34,旧会计,旧主管",
    "2025-12-08,付,1,2,拨付支出户,1004,支出户存款,500.00,,旧会计,旧主管",
    "2025-12-08,付,1,2,拨付支出户,100301,活期存款,,500.00,旧会计,旧主管",
)


def test_a_file_becomes_proposed_vouchers(shell: Shell) -> None:
    """Each voucher is proposed with the event its lines speak of, then made, reviewed, posted; the same file is not booked twice."""
    file = shell.write("旧系统.csv", *GOOD)
    shell.login("wu")
    said = shell("voucher", "import", file, "--fund", "R")
    assert "1-1 已提出：第 2 行起  I1" in said and "1-2 已提出：第 4 行起  P1" in said and "文件 1 共 2 张" in said
    assert "[SB1104]" in shell("voucher", "import", "1", "--fund", "R", status=3)
    shell("voucher", "make", "--all")
    shell.login("zheng")
    shell("voucher", "review", "--all")
    shell.login("wu")
    assert "[SB3126]" in shell("voucher", "post", "--all", status=3)
    shell.login("wang")
    assert shell("voucher", "sign", "--all", "--fund", "R") == "1-2 出纳已签字：拨付支出户\n"
    assert "没有等待出纳签字的凭证" in shell("voucher", "sign", "--all")
    assert "[SB3125]" in shell("voucher", "sign", "1-1", status=3)
    shell.login("wu")
    assert "付-2025-12-0001  拨付支出户" in shell("voucher", "post", "--all")
    assert "付字1号" in shell("voucher", "show", "1-2")
    assert "依据：导入凭证 收-2025-12-1（原制单旧会计，原审核旧主管）" in shell("voucher", "show", "1-1")


def test_all_or_nothing(shell: Shell) -> None:
    """SB3127 with the row; nothing is proposed; a file with rows in error is not taken in; another kind of file, and none, are told apart."""
    shell.login("wu")
    bad = shell.write("错.csv", *GOOD[:3], GOOD[3].replace("500.00", "600.00"), GOOD[4])
    said = shell("voucher", "import", bad, "--fund", "R", status=2)
    assert "[SB3127]" in said and "第 4 行起的凭证借贷不平，借方比贷方多 100.00 元" in said
    assert shell.values("voucher", "list") == []
    both = shell.write("两边.csv", *GOOD[:4], GOOD[4].replace(",500.00,", "1,500.00,"))
    assert "[SB3127]" in shell("voucher", "import", both, "--fund", "R", status=2)
    assert "没有文件" in shell("voucher", "import", "不在.csv", "--fund", "R", status=2)


def test_who_may_import(shell: Shell) -> None:
    """C5: only a 会计 takes voucher files in."""
    shell.login("zheng")
    assert "[SB3001]" in shell("voucher", "import", shell.write("旧系统.csv", *GOOD), "--fund", "R", status=3)


def test_movements_by_axis_are_shown(shell: Shell) -> None:
    """`voucher lines` sums an axis over months, masks bank accounts, and names the axes there are when asked for another."""
    shell.login("wu")
    enter = ("voucher", "enter", "--event", "C1", "--fund", "R", "--date", "2025-12-20", "--amount", "amount/个人缴费=300", "--evidence", "税票1")
    shell(*enter, "--detail", "township=620828101", "--detail", "entitlement=2025-12")
    assert "[SB1342]" in shell(*enter[:-1], "税票2", "--detail", "township=太平镇", status=2)
    shell.login("zheng")
    shell("voucher", "review", "--all")
    shell.login("wu")
    shell("voucher", "post", "--all")
    (found,) = shell.values("voucher", "lines", "--fund", "R", "--axis", "township", "--from", "2025-12")
    assert (found["account"], found["value"], found["credit_fen"]) == ("40010101", "620828101", 30000)
    assert "个人缴费" in shell("voucher", "lines", "--fund", "R", "--axis", "payer", "--from", "2025-12", "--to", "2026-01")
    assert "[SB1343]" in shell("voucher", "lines", "--fund", "R", "--axis", "colour", "--from", "2025-12", status=2)


def test_persons_of_an_imported_voucher_are_booked_and_proved(shell: Shell) -> None:
    """证件号码 in a voucher file: rows of the sub-ledger booked with the voucher, read again from the file at posting, and proved by verify."""
    one, two = ("62082119500101001" + check_digit("62082119500101001"), "62082119500101003" + check_digit("62082119500101003"))
    lines = [
        "凭证日期,凭证字,凭证号,附单据数,摘要,科目编号,科目名称,借方金额,贷方金额,证件号码,制单,审核",
        f"2025-12-20,付,7,1,发放丧葬补助金,500103,丧葬补助金,100.00,,{one},旧会计,旧主管",
        f"2025-12-20,付,7,1,发放丧葬补助金,500103,丧葬补助金,50.00,,{two},旧会计,旧主管",
        "2025-12-20,付,7,1,发放丧葬补助金,1004,支出户存款,,150.00,,旧会计,旧主管",
    ]
    shell.login("wu")
    shell("voucher", "import", shell.write("逐人.csv", *lines), "--fund", "R")
    shell("voucher", "make", "--all")
    passed(shell, "1-1")
    shown = shell.values("voucher", "show", "1-1")
    assert [line[:3] for line in shown["lines"]] == [["500103", "D", 15_000], ["1004", "C", 15_000]]
    assert one not in shell("voucher", "show", "1-1")
    said = {result["invariant"]: result for result in shell.values("verify")}
    assert all(result["ok"] for result in said.values()) and "2 笔" in said["L3 内容 R"]["text"]
    assert said["C3 发放 R"]["text"].endswith("1 张发放凭证的明细与回盘相符")
