"""Vouchers on paper: the statutory form, fractions of one number, red ink, one business in several vouchers, and proof of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from books.documents.voucher import print_pdf
from books.voucher_paper import VoucherPaper, printed_forms
from ledger.entries import Line, Side
from ledger.funds import Fund
from ledger.months import Month
from ledger.voucher_forms import Form
from shebao import voucher_papers
from tests.books.paper_samples import stamp
from tests.shebao.small_office import Small
from tests.shebao.test_cli_corrections import ENTER, booked, passed
from tests.shebao.test_cli_payment import Shell, shell

__all__ = ["shell"]


def text_of(file: Path) -> str:
    """The text layer of a PDF, without spaces."""
    from pypdf import PdfReader

    return "".join("".join(page.extract_text() for page in PdfReader(file).pages).split())


def test_a_posted_voucher_is_printed_and_proves_itself(shell: Shell) -> None:
    """Kind, number, capitals, people and digest stand on the form; verify prints it again byte for byte; what is not posted is refused."""
    shell.login("wu")
    shell(*ENTER, "--amount", "12.34")
    out = shell.folder / "out"
    assert "[SB6320]" in shell("voucher", "print", "R", "1-1", "--out", out, status=2)
    passed(shell, "1-1")
    (made,) = shell.values("voucher", "print", "R", "1-1", "--out", out)
    file = Path(made["file"])
    assert file.name == "R-2025-12-记账凭证-收1.pdf" and made["pages"] == 1
    text = text_of(file)
    for words in ("收款凭证", "收字1号", "壹拾贰元叁角肆分", "12.34", "附单据", "2025年12月20日", "会计主管：", "凭证摘要："):
        assert words in text, words
    assert "全部成立" in shell("verify", file)
    assert [part["file"] for part in shell.values("voucher", "print", "R", "收-2025-12-0001", "--out", out)] == [str(file)]
    assert "[SB6320]" in shell("voucher", "print", "R", "收-2025-12-0009", "--out", out, status=2)
    assert "[SB6320]" in shell("voucher", "print", "R", "--from", "2026-05", "--out", out, status=2)
    assert "[SB6320]" in shell("voucher", "print", "R", "十二", "--out", out, status=2)
    shell("voucher", "print", "R", "--out", out, status=2)


def test_a_paper_printed_before_a_correction_still_proves_itself(shell: Shell) -> None:
    """A red voucher posted later is not on the earlier paper, is on a new one, and is printed in red with its link."""
    booked(shell)
    out = shell.folder / "out"
    before = Path(shell.values("voucher", "print", "R", "1-1", "--out", out)[0]["file"]).rename(out / "before.pdf")
    shell("voucher", "reverse", "1-1", "--date", "2025-12-25", "--reason", "户名错")
    passed(shell, "1-2")
    assert "全部成立" in shell("verify", before)
    (after,) = shell.values("voucher", "print", "R", "--from", "2025-12", "--layout", "a4", "--out", out)
    assert (after["vouchers"], after["pages"]) == (2, 1)
    text = text_of(Path(after["file"]))
    assert "已由收-2025-12-0002红字冲销" in text and "本凭证红字冲销收-2025-12-0001" in text and "-12.34" in text and "负壹拾贰元叁角肆分" in text
    assert "全部成立" in shell("verify", after["file"])
    whole = Path(after["file"]).read_bytes()
    before.write_bytes(whole.replace(b"/Title", b"/Titel"))
    assert "不成立" in shell("verify", before, status=1)


def test_one_business_in_several_vouchers(shell: Shell) -> None:
    """Parts are declared at once before review, posted only when all are reviewed, and print as fractions of the first one's number."""
    shell.login("wu")
    for number in (1, 2, 3):
        shell(*ENTER[:-1], f"利息单{number}", "--amount", "1")
    assert "[SB3180]" in shell("voucher", "business", "1-1", status=3)
    assert "1-2 同笔业务 2/2" in shell("voucher", "business", "1-1", "1-2")
    assert "[SB3180]" in shell("voucher", "business", "1-2", "1-3", status=3)
    assert "同笔业务 1/2：1-1、1-2" in shell("voucher", "show", "1-1")
    shell.login("zheng")
    shell("voucher", "review", "1-1")
    shell.login("wang")
    shell("voucher", "sign", "--all")
    shell.login("wu")
    assert "[SB3180]" in shell("voucher", "post", "1-1", status=3)
    shell.login("zheng")
    shell("voucher", "review", "1-2")
    shell.login("wu")
    shell("voucher", "post", "1-1", "1-2")
    (made,) = shell.values("voucher", "print", "R", "1-2", "--out", shell.folder)
    assert "同笔业务收-2025-12-00012/2（收-2025-12-0001、收-2025-12-0002）" in text_of(Path(made["file"]))
    assert "[SB3180]" in shell("voucher", "business", "1-3", "1-2", status=3)
    assert "1 笔业务的分号与留痕相符" in shell("verify")


def test_a_wrong_attachment_is_taken_off(shell: Shell) -> None:
    """Before review with a reason in the trail; the row and the file stay and are proved, the document is free again; after review never."""
    file, other = shell.write("错.pdf", "%PDF-1.7 a"), shell.write("对.pdf", "%PDF-1.7 b")
    shell.login("wu")
    shell(*ENTER, "--amount", "12.34")
    shell(*ENTER[:-1], "利息单2", "--amount", "1")
    shell("voucher", "attach", "1-1", file)
    shell("voucher", "attach", "1-2", file, "--kept-at", "1-1")
    assert "[SB3181]" in shell("voucher", "detach", "1-1", "1", "--reason", "附错了", status=3)
    shell("voucher", "detach", "1-2", "1", "--reason", "附错了")
    assert "已取下附件 1：错.pdf" in shell("voucher", "detach", "1-1", "1", "--reason", "附成了另一张")
    assert "[SB3181]" in shell("voucher", "detach", "1-1", "1", "--reason", "附错了", status=3)
    assert shell.values("voucher", "attachments", "1-1") == []
    assert "附件 2：对.pdf" in shell("voucher", "attach", "1-1", other)
    assert "附件 2：错.pdf" in shell("voucher", "attach", "1-2", file)
    passed(shell, "1-1")
    assert "[SB3102]" in shell("voucher", "detach", "1-1", "2", "--reason", "附错了", status=3)
    assert "4 个附件与审核时相符" in shell("verify")


@pytest.mark.parametrize("layout", ["a5", "a4"])
def test_many_lines_are_fractions_of_one_number(layout: str) -> None:
    """Twenty lines on forms of eight: three forms of one number, the total on the last alone; the same paper gives the same bytes."""
    lines = (*(Line("5001", Side.D, 100) for _ in range(19)), Line("1004", Side.C, 1900, (("bank_account", "6222000012345678"),)))
    parts = [Form(place, 3, lines[first : first + 8]) for place, first in enumerate((0, 8, 16), 1)]
    forms = printed_forms(parts, 8, "付", 12, "发放待遇", {"5001": "社会保险待遇支出-基础养老金", "1004": "支出户存款"})
    assert [form.label for form in forms] == ["付字12 1/3号", "付字12 2/3号", "付字12 3/3号"]
    assert forms[2].lines[-1].detail == "（账户：尾号5678）" and [form.last for form in forms] == [False, False, True]
    voucher = voucher_papers.PrintedVoucher("付款凭证", Month(2026, 1).first_day, forms, 1900, 3, "赵", "孙", "赵", "周", True, "d" * 64)
    paper = VoucherPaper(stamp(), (), (voucher,), layout)
    printed = print_pdf(paper)
    assert printed.pages == (3 if layout == "a5" else 2) and printed.warnings == () and print_pdf(paper).pdf == printed.pdf


def test_spans_of_entries() -> None:
    """Entries are named in the stamp as spans, and read back; anything else is refused."""
    assert voucher_papers.spans([1, 2, 3, 7, 9, 10]) == "1-3,7,9-10" and voucher_papers.from_spans("1-3,7,9-10") == [1, 2, 3, 7, 9, 10]
    for wrong in ("", "1-", "a", "1-99999999"):
        with pytest.raises(voucher_papers.NothingToPrint):
            voucher_papers.from_spans(wrong)


def test_a_voucher_of_another_book_is_not_printed(tmp_path: Path) -> None:
    """SB6320: entries that the month does not have, or that another book has."""
    small = Small(tmp_path / "office")
    small.posted([small.enter("I1", "2026-01-31", "1.00", "利息1", details={"into": "1003"})])
    with small.of("zhao").reading() as connection:
        from ledger import accounts

        book = accounts.book_of(connection, Fund.R)
        mark = voucher_papers.stamped(connection, book, Month(2026, 1), [1], "a5", "2026-02-01")
        assert len(voucher_papers.sheet(connection, book, Month(2026, 1), [1], mark, "a5").vouchers) == 1
        with pytest.raises(voucher_papers.NothingToPrint):
            voucher_papers.sheet(connection, book, Month(2026, 1), [1, 2], mark, "a5")
