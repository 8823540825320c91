"""Bank files by layout: bytes as the bank's description says, totals, returns read in the same layout, and what a layout cannot carry."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import pyzipper
from hypothesis import given
from hypothesis import strategies as st

from controls.banking import archive, layouts, reading, writing
from controls.banking.errors import BankSays, CellRefused, LayoutFixed, NoSuchLayout, WeakPassword
from controls.banking.writing import Header
from controls.errors_payment import ReturnLine
from tests.controls.payment_desk import NOW, Desk, desk, someone

HEADER = Header("R202601-1", "6228001", "云岭县社保中心", "benefit", NOW)
SENT = [(1, "6228480000000000011", "甲一", 16300, "农商行"), (2, "6228480000000000022", "甲二", 1, "")]


def test_the_pipe_file_is_as_the_bank_reads_it() -> None:
    """GBK, CR LF, a first line with batch, count and sum, one line a payment."""
    raw, count, fen = writing.written(layouts.layout("pipe-gbk"), HEADER, SENT)
    assert (count, fen) == (2, 16301)
    assert raw.decode("gbk").split("\r\n") == [
        "#|R202601-1|6228001|2|163.01|0501", "1|6228480000000000011|甲一|163.00|0501|R202601-1", "2|6228480000000000022|甲二|0.01|0501|R202601-1", "",
    ]  # fmt: skip


def test_fixed_columns_count_bytes() -> None:
    """Every line of the fixed file has the same number of bytes; amounts are fen filled with nil, names two bytes a character."""
    raw, _, _ = writing.written(layouts.layout("fixed-gbk"), HEADER, SENT)
    first, *lines = raw.split(b"\r\n")[:-1]
    assert len(first) == 79 and {len(line) for line in lines} == {139}
    assert lines[0][:9] == b"D00000001" and lines[0][101:116] == b"000000000016300" and lines[0][41:45] == "甲一".encode("gbk")


def test_the_csv_ends_with_its_sum() -> None:
    """UTF-8 with heads and a last line of totals; a name with a comma is quoted."""
    raw, _, _ = writing.written(layouts.layout("csv-utf8"), HEADER, [(1, "6", "甲,一", 100, "行")])
    assert raw.decode("utf-8").splitlines()[1:] == ['1,6,"甲,一",1.00,行,养老金,R202601-1', "合计,6228001,,1.00,,1,R202601-1"]


def test_pain_001_is_well_formed_and_adds_up() -> None:
    """ISO 20022: counts and control sums at both levels, one transaction a line, markup in names escaped."""
    raw, _, _ = writing.written(layouts.layout("pain001"), HEADER, [*SENT, (3, "6", "甲<&三", 250, "行")])
    tree, space = ET.fromstring(raw), {"p": writing.PAIN}
    for level in ("GrpHdr", "PmtInf"):
        assert tree.findtext(f".//p:{level}/p:NbOfTxs", namespaces=space) == "3"
        assert tree.findtext(f".//p:{level}/p:CtrlSum", namespaces=space) == "165.51"
    assert [one.text for one in tree.findall(".//p:CdtTrfTxInf/p:Amt/p:InstdAmt", space)] == ["163.00", "0.01", "2.50"]
    assert [one.text for one in tree.findall(".//p:Cdtr/p:Nm", space)][-1] == "甲<&三"
    order = [child.tag.partition("}")[2] for child in tree.find(".//p:PmtInf", space) or ()]
    assert order[:9] == ["PmtInfId", "PmtMtd", "BtchBookg", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdExctnDt", "Dbtr", "DbtrAcct"]
    assert order[9:] == ["DbtrAgt", "CdtTrfTxInf", "CdtTrfTxInf", "CdtTrfTxInf"]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("pipe-gbk", (1, "6", "甲|一", 1, "")),
        ("pipe-gbk", (1, "6", "𠮷", 1, "")),
        ("fixed-gbk", (1, "6", "甲" * 31, 1, "")),
        ("pain001", (1, "6", "甲\n", 1, "")),
    ],
)
def test_what_a_layout_cannot_carry_is_refused(name: str, row: writing.Sent) -> None:
    """SB2241: no separator, no foreign character, no overlong cell, no line break is ever changed in silence."""
    with pytest.raises(CellRefused):
        writing.written(layouts.layout(name), HEADER, [row])


def answered(name: str, sent: list[writing.Sent], *, total: int | None = None, batch: str = HEADER.batch) -> bytes:
    """A bank's return in a layout: the second payment failed."""
    law = layouts.layout(name)
    amount = writing._amount
    fen = sum(row[3] for row in sent) if total is None else total
    told = [("01", "账户已销户") if row[0] == 2 else ("00", "") for row in sent]
    if name == "fixed-gbk":
        widths = law.returns.widths if law.returns else ()
        head = [b"H", batch.encode().ljust(20), b" " * 32, str(len(sent)).encode().ljust(8), str(fen).encode().ljust(18)]
        rows = [
            [cell.encode("gbk") for cell in ("D", f"{row[0]:08d}", row[1], row[2], f"{row[3]:015d}", said, why, "S1", "20260116")]
            for row, (said, why) in zip(sent, told, strict=True)
        ]  # fmt: skip
        return b"\r\n".join([b"".join(head), *(b"".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)]) + b"\r\n"
    if name == "pipe-gbk":
        lines = [f"#|{batch}||{len(sent)}|{amount(law, fen)}|"]
        lines += [f"{row[0]}|{row[1]}|{row[2]}|{amount(law, row[3])}|{said}|{why}|S1|20260116" for row, (said, why) in zip(sent, told, strict=True)]
        return "\r\n".join(lines).encode("gbk")
    lines = ["序号,账号,户名,金额,结果,原因,流水,日期"]
    lines += [
        f"{row[0]},{row[1]},{row[2]},{amount(law, row[3])},{'失败' if why else '成功'},{why},S1,2026-01-16" for row, (_, why) in zip(sent, told, strict=True)
    ]
    return "\n".join([*lines, f"合计,,,{amount(law, fen)},,{len(sent)},{batch}"]).encode()


@pytest.mark.parametrize("name", ["pipe-gbk", "fixed-gbk", "csv-utf8"])
def test_returns_come_in_the_same_layout(name: str, tmp_path: Path) -> None:
    """SB2242: a return is read by its layout; another batch, other totals or an unknown word are refused."""
    law, file = layouts.layout(name), tmp_path / "回盘.txt"
    file.write_bytes(answered(name, SENT))
    assert reading.take_apart(file, law, HEADER.batch) == [
        ("1", "6228480000000000011", "甲一", "163.00", "成功", "", "S1", "2026-01-16"),
        ("2", "6228480000000000022", "甲二", "0.01", "失败", "账户已销户", "S1", "2026-01-16"),
    ]  # fmt: skip
    taken = reading.read(file, law, HEADER.batch)
    assert taken.table.num_rows == 2 and taken.path == file and not taken.rejects
    for changed in (
        answered(name, SENT, total=16302),
        answered(name, SENT, batch="R202602-9"),
        answered(name, SENT).replace(
            b"00|" if name == "pipe-gbk" else b"00 " if name == "fixed-gbk" else "成功".encode(),
            b"77|" if name == "pipe-gbk" else b"77 " if name == "fixed-gbk" else "奇怪".encode(),
        ),
    ):
        file.write_bytes(changed)
        with pytest.raises(BankSays):
            reading.take_apart(file, law, HEADER.batch)


@given(
    st.lists(
        st.tuples(st.text("0123456789", min_size=8, max_size=19), st.text("甲乙丙丁", min_size=1, max_size=4), st.integers(1, 10**9)), min_size=1, max_size=30
    )
)
def test_every_fen_is_in_the_file(people: list[tuple[str, str, int]]) -> None:
    """The amounts that a file shows add up to what was sent, in every layout."""
    sent = [(seq, account, name, fen, "") for seq, (account, name, fen) in enumerate(people, start=1)]
    for law in layouts.layouts().values():
        raw, count, fen = writing.written(law, HEADER, sent)
        assert (count, fen) == (len(sent), sum(row[3] for row in sent))
        if law.name == "pipe-gbk":
            assert sum(int(line.split("|")[3].replace(".", "")) for line in raw.decode("gbk").splitlines()[1:]) == fen
        if law.name == "fixed-gbk":
            assert sum(int(line[101:116]) for line in raw.splitlines()[1:]) == fen


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    """The desk of the payment chain."""
    return desk(store_url, tmp_path / "home")


def test_a_batch_keeps_its_layout(office: Desk) -> None:
    """One batch, one file: the same bytes again at any time, never in another layout; its return is held against it line by line."""
    from controls import bankfile, bankreturn

    number = office.released()
    office.approve(number)
    file = office.home / "盘.txt"

    def make(now: str, layout: str = "") -> bankfile.Batch:
        with office.unit() as work:
            made = bankfile.make(work, someone("zhou"), now, number, file, layout=layout)
            work.commit()
        return made

    with pytest.raises(NoSuchLayout):
        make(NOW, "nothing")
    first = make(NOW, "pain001")
    again = make("2026-01-16T10:00:00+08:00")
    assert (again.again, again.sha256, again.layout) == (True, first.sha256, "pain001") and first.batch_no == f"R202601-{number}"
    with pytest.raises(LayoutFixed):
        make(NOW, "pipe-gbk")
    office.authorise(number, file=file, fen=first.fen)
    back = office.answer_of_bank(number)
    with pytest.raises(ReturnLine):
        office.returned(number, back.set_column(4, "holder", [["甲9", *back.column("holder").to_pylist()[1:]]]))
    assert office.returned(number, back).paid == (5, first.fen)
    assert bankreturn.CONTRACT == reading.CONTRACT


def test_the_archive_opens_with_its_password_alone(tmp_path: Path) -> None:
    """SB2244: AES-256; a short password is refused."""
    file = tmp_path / "盘.csv"
    file.write_bytes(b"x" * 100)
    with pytest.raises(WeakPassword):
        archive.pack(file, "1234567")
    packed = archive.pack(file, "a-longer-password")
    with pyzipper.AESZipFile(packed) as opened:
        opened.setpassword(b"wrong-password")
        with pytest.raises(RuntimeError):
            opened.read("盘.csv")
        opened.setpassword(b"a-longer-password")
        assert opened.read("盘.csv") == b"x" * 100
    assert replace(HEADER, batch="x").batch == "x"
