"""Every font named in any PDF is embedded, and the text layer gives back what was set."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from books.documents import balance_sheet, bank_reconciliation, income_statement
from books.pdf import fonts
from books.pdf.house import Document, Note, Rendered, render
from books.pdf.page import Page
from books.pdf.table import Column, Table, row
from books.pdf.writer import write
from books.views import SignatureBox
from tests.books.paper_samples import balance_paper, income_paper, reconciliation_paper

RARE = "𬭎䶮㛃喆堃"


def font_objects(pdf: bytes) -> list[DictionaryObject]:
    """Every /Font dictionary of the file, whether a page names it or not."""
    reader = PdfReader(io.BytesIO(pdf))
    found = []
    for number in reader.xref[0]:
        thing = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(thing, DictionaryObject) and thing.get("/Type") == "/Font":
            found.append(thing)
    return found


def page_fonts(pdf: bytes) -> list[DictionaryObject]:
    """The fonts in the resources of every page."""
    made = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources = page.get("/Resources", DictionaryObject()).get_object()
        made += [font.get_object() for font in resources.get("/Font", DictionaryObject()).get_object().values()]
    return made


def assert_embedded(pdf: bytes) -> int:
    """Each font carries its subset as a font file; returns how many there are. No standard font is named anywhere."""
    everywhere, named = font_objects(pdf), page_fonts(pdf)
    assert {font["/BaseFont"] for font in named} == {font["/BaseFont"] for font in everywhere}
    named += everywhere
    for font in named:
        assert font["/FontDescriptor"]["/FontFile2"].get_object().get_data(), font["/BaseFont"]
        assert re.match(r"^/[A-Z]{6}\+Noto", font["/BaseFont"])
        assert "/ToUnicode" in font
    for standard in (b"Helvetica", b"Times", b"Courier", b"ZapfDingbats", b"/Symbol"):
        assert standard not in pdf
    return len(named)


def note(text: str) -> Rendered:
    """A paper with one note."""
    return render(Document("测试", (), (Note(text),)), balance_paper())


@pytest.mark.parametrize("kind", ["balance", "income", "reconciliation"])
def test_every_font_of_every_document_is_embedded(kind: str) -> None:
    """Walks the resources of all pages and all objects of the file."""
    made = {
        "balance": lambda: balance_sheet.print_pdf(balance_paper()),
        "income": lambda: income_statement.print_pdf(income_paper()),
        "reconciliation": lambda: bank_reconciliation.print_pdf(reconciliation_paper()),
    }[kind]()
    assert assert_embedded(made.pdf) >= 4


def test_a_blank_page_names_no_font() -> None:
    """ReportLab puts an unembedded Helvetica even into a blank page; our writer does not."""
    pdf = write([Page()], title="空白", author="", subject="", keywords="", stamp="", as_of="")
    assert assert_embedded(pdf) == 0


@pytest.mark.parametrize("bold", [False, True])
def test_rare_names_are_in_the_text_layer(bold: bool) -> None:
    """𬭎 䶮 㛃 喆 堃 come back from two independent readers, in body and in bold."""
    columns = (Column("姓名", 1), Column("金额", 1, "right", figures=True))
    document = Document("领取人", (), (Table(columns, (row(RARE, "1,234.50", bold=bold),)), Note(RARE)))
    made = render(document, balance_paper())
    assert made.warnings == ()
    assert_embedded(made.pdf)
    assert PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text().count(RARE) == 2
    reader = pypdfium2.PdfDocument(made.pdf)
    try:
        page = reader[0].get_textpage()
        assert page.get_text_range().count(RARE) == 2
        page.close()
    finally:
        reader.close()


def test_a_long_list_of_names_keeps_every_character() -> None:
    """More characters than one font subset holds (255), many beyond U+FFFF, all come back."""
    some = [chr(code) for code in sorted(fonts.load()[fonts.BODY].face.charToGlyph) if code > 0x3400][::37][:700]
    made = note("".join(some))
    assert made.warnings == ()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages)
    assert [char for char in some if char not in text] == []


def test_a_missing_character_is_marked_listed_and_reported() -> None:
    """〓 stands in its place, a note gives its code point and page, and the caller gets a warning."""
    made = note("王\U0002b9ff")
    text = PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text()
    assert "王〓" in text
    assert "U+2B9FF（第 1 页）" in text
    assert [glyph.code_point for glyph in made.warnings] == ["U+2B9FF"]


def test_a_missing_character_in_a_signature_is_reported_too() -> None:
    """Names of signers go the same way."""
    paper = balance_paper()
    signed = type(paper)(paper.stamp, (SignatureBox("制表", "\U0002b9ff"),), paper.statement)
    assert [glyph.code_point for glyph in balance_sheet.print_pdf(signed).warnings] == ["U+2B9FF"]
