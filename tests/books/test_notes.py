"""附注: the six points of Part 5 三, tables that tie to the statements, words that somebody said."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from pypdf import PdfReader

import templates
from books import notes_export
from books.documents import notes as document
from books.note_lines import Kind, NoteSet, load_notes
from books.notes import LONGEST, UNREGISTERED, BadNote, Facts, Notes, NoteText, Table, checked_text, notes, section_number
from books.statements import as_if_closed, balance_sheet, income_statement
from books.views import STATEMENT_SIGNERS, NotesPaper, digest
from ledger.balances import Movement
from ledger.chart import Chart
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, parse
from ledger.money import show
from ledger.months import Month
from tests.books.paper_samples import OCTOBER, OPENING, movements, stamp
from tests.books.test_statements_methods import MONTHS, Made, events, moved

LAW = load_notes()
TEXTS = (
    NoteText("五", "基础养老金最低标准提高。", "赵会计", "2026-11-03T09:00:00+08:00"),
    NoteText("六", "", "赵会计", "2026-11-03T09:00:00+08:00", none=True),
)


def names(fund: Fund) -> dict[str, str]:
    """Full names of the chart of a fund, both levels."""
    return {one.code: one.full_name for tier in ("county", "province") for one in Chart.load("28-2018", fund, tier=tier).accounts}  # type: ignore[arg-type]


def sample(*texts: NoteText, fund: Fund = Fund.R) -> Notes:
    return notes(fund, OCTOBER, Facts(OPENING, movements(), names(fund)), texts)


def paper(*texts: NoteText, fund: Fund = Fund.R) -> NotesPaper:
    return NotesPaper(stamp(fund), STATEMENT_SIGNERS, sample(*texts, fund=fund))


def total(table: Table) -> tuple[int | str, ...]:
    """The total row's cells, nil where the table has no rows."""
    return table.rows[-1].cells if table.rows else (0, 0, 0, 0)


def test_the_six_points_stand_in_their_order() -> None:
    """Each point of Part 5 三 is a section with its words, two of which somebody must say."""
    assert [section.number for section in LAW.sections] == list("一二三四五六")
    assert [section.number for section in LAW.sections if section.text == "required"] == ["五", "六"]
    assert all(section.reference.startswith("第五部分三") for section in LAW.sections)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events())
def test_every_composition_ends_in_the_line_it_explains(made: Made) -> None:
    """K3, K4 of the notes: opening and closing totals are the statement's, opening + increase - decrease = closing, for all funds and levels."""
    fund, tier, booked = made
    closed: list[Movement] = []
    for month in MONTHS:
        closed = as_if_closed(fund, [*closed, *(move for move in moved(booked) if move.period == month)], month)
    month = MONTHS[-1]
    sheet = {line.code: line for line in balance_sheet(fund, month, {}, closed, tier=tier).lines}
    income = {line.code: line for line in income_statement(fund, month, {}, closed).lines}
    for section in notes(fund, month, Facts({}, closed, names(fund)), tier=tier).sections:
        for table in section.tables:
            for row in table.rows if table.total_of else ():
                begun, more, less, ends = (int(cell) for cell in row.cells)
                assert begun + more - less == ends
            if table.total_of:
                lines = [sheet[code] for code in table.total_of if code in sheet]
                assert (total(table)[0], total(table)[3]) == (sum(line.opening or 0 for line in lines), sum(line.closing or 0 for line in lines)), table.title
            if len(table.columns) == 6:
                for row in (row for row in table.rows if row.total):
                    shown = next(line for line in income.values() if line.label == row.label)
                    assert row.cells[0] == shown.cumulative


def test_income_is_set_against_the_same_months_of_last_year() -> None:
    """October 2027 shows last year's January to October, the change in yuan and percent, and shares that add to the whole."""
    found = notes(Fund.R, OCTOBER + 12, Facts(OPENING, movements(last=OCTOBER + 12), names(Fund.R))).table("1.6")
    whole = next(row for row in found.rows if row.total)
    premiums = next(row for row in found.rows if row.label == "社会保险费收入")
    assert whole.cells[2] == 2 * 70_123_45 and whole.cells[0] == 10 * 70_123_45
    assert premiums.cells == (300_000_00, "42.8%", 60_000_00, 240_000_00, "400.0%")


def test_parties_stand_under_their_account() -> None:
    """A borrowing of two lenders is one account row with a row for each; both sum to it."""
    lent = [("市级财政", Movement("2101", OCTOBER, 0, 700)), ("县级财政", Movement("2101", OCTOBER, 100, 300))]
    both = [Movement("2101", OCTOBER, 100, 1000), Movement("100301", OCTOBER, 1000, 100)]
    found = notes(Fund.R, OCTOBER, Facts({}, both, names(Fund.R), lent)).table("1.4")
    assert [(row.label, row.level, row.cells) for row in found.rows] == [
        ("借入款项", 0, (0, 1000, 100, 900)),
        ("县级财政", 1, (0, 300, 100, 200)),
        ("市级财政", 1, (0, 700, 0, 700)),
        ("合计", 0, (0, 1000, 100, 900)),
    ]


def test_a_register_that_is_not_kept_is_said_not_to_be() -> None:
    """No figure is invented for what no register holds; one that is kept gives its fen."""
    assert {row.cells for row in sample().table("2.1").rows} == {(UNREGISTERED,)}
    kept = notes(Fund.R, OCTOBER, Facts({}, [], {}, registers={"recovery": 5_400_00})).table("2.1")
    assert kept.rows[-1].cells == (5_400_00,)


def test_entrusted_investment_is_said_not_to_apply() -> None:
    """W has no entrusted investment: one sentence, no table."""
    section = sample(fund=Fund.W).sections[3]
    assert (section.tables, section.said) == ((), ("本险种不适用委托投资。",))


def test_words_are_required_and_nothing_is_said_aloud() -> None:
    """五 and 六 are missing until somebody writes a text or confirms 无; both are printed with author and day."""
    assert sample().missing == ("五", "六")
    made = sample(*TEXTS)
    assert made.missing == ()
    assert made.sections[4].said == ("基础养老金最低标准提高。（填写：赵会计，2026-11-03）",)
    assert made.sections[5].said == ("无。（填写：赵会计，2026-11-03）",)


def test_words_are_part_of_the_digest() -> None:
    """C2: another word, author or day is another paper."""
    assert len({digest(paper(*texts)) for texts in ((), TEXTS, TEXTS[:1], (replace(TEXTS[0], author="孙主管"), TEXTS[1]))}) == 4


@pytest.mark.parametrize(("given_section", "number"), [("五", "五"), ("5", "五"), ("（六）", "六"), ("1", "一")])
def test_a_point_is_named_by_its_number(given_section: str, number: str) -> None:
    """一 to 六, 1 to 6, with or without brackets."""
    assert section_number(given_section) == number


@pytest.mark.parametrize("wrong", ["七", "0", "7", "", "五六", "²"])
def test_there_is_no_seventh_point(wrong: str) -> None:
    """SB4060."""
    with pytest.raises(BadNote):
        section_number(wrong)


@pytest.mark.parametrize(("text", "none"), [(None, False), ("  \n", False), ("有", True), ("长" * (LONGEST + 1), False)])
def test_a_text_or_nothing_but_not_both(text: str | None, none: bool) -> None:
    """SB4060: neither, both, blank, too long."""
    with pytest.raises(BadNote):
        checked_text("五", text, none)


def test_a_text_becomes_one_paragraph() -> None:
    """Line breaks and runs of blanks are one blank; confirmed nothing is ''."""
    assert checked_text("五", " 一\n二\t 三 ", False) == "一 二 三"
    assert checked_text("五", None, True) == ""


@pytest.mark.parametrize("fund", list(Fund))
def test_every_rendering_has_the_same_figures_and_words(fund: Fund, tmp_path: Path) -> None:
    """B4: each amount and text of the notes stands in the PDF, XLSX, CSV and JSON."""
    made = paper(*TEXTS, fund=fund)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document.print_pdf(made).pdf)).pages)
    notes_export.write_xlsx(made, tmp_path / "n.xlsx")
    notes_export.write_csv(made, tmp_path / "n.csv")
    notes_export.write_json(made, tmp_path / "n.json")
    book = load_workbook(tmp_path / "n.xlsx")
    with (tmp_path / "n.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    data = json.loads((tmp_path / "n.json").read_text("utf-8"))
    assert data["digest"] == digest(made)
    for section, plain in zip(made.statement.sections, data["sections"], strict=True):
        assert section.title in text.replace("\n", "") and plain["said"] == list(section.said)
        assert [one["code"] for one in plain["tables"]] == [table.code for table in section.tables]
        for table in section.tables:
            kept = [line for line in data["lines"] if line["table"] == table.code]
            for row, values in zip(table.rows, kept, strict=True):
                amounts = [cell if isinstance(cell, str) else show(cell, grouped=False) for cell in row.cells]
                assert values["values"] == amounts and row.label in text
                assert all(document.cell_text(cell) in text for cell in row.cells)
            in_csv = [one["value"] for one in rows if one["table"] == table.code and one["row"]]
            assert in_csv == [value for values in kept for value in values["values"]]
            if table.rows:
                sheet = book[f"{table.code} {table.title}"]
                last = [cell.value for cell in sheet[sheet.max_row]][1:]
                assert [show(round(value * 100), grouped=False) if not isinstance(value, str) else value for value in last] == kept[-1]["values"]


def test_the_same_notes_print_the_same_bytes() -> None:
    """Printing is a function of the paper."""
    assert document.print_pdf(paper(*TEXTS)).pdf == document.print_pdf(paper(*TEXTS)).pdf


@pytest.mark.parametrize(
    "change",
    [{"columns": ["项目"]}, {"accounts": []}, {"empty": ""}, {"colour": "red"}, {"sums": ["1"]}, {"code": "1.2"}, {"rows": [{"label": "甲", "source": "x"}]}],
    ids=["columns", "no accounts", "no sentence", "unknown key", "sums", "twice", "rows"],
)
def test_the_file_is_strict(change: dict[str, object]) -> None:
    """SB1011: a table that does not fit its kind, or a code twice for a fund, is refused."""
    data = templates.load("statements/notes-28-2018.yaml")
    data["sections"][0]["tables"][0].update(change)
    with pytest.raises(BadLawFile):
        parse(NoteSet, data, "t.yaml")


def test_every_kind_is_used() -> None:
    """No kind of table without a table."""
    assert {table.kind for section in LAW.sections for table in section.tables} == set(Kind)


def test_every_month_has_notes() -> None:
    """A month with nothing booked says so table by table."""
    made = notes(Fund.B, Month(2026, 1), Facts({}, [], {}))
    assert all(table.empty or table.columns[1] == "期末数" for section in made.sections for table in section.tables)


def test_the_notes_of_a_year_name_the_year() -> None:
    """December's figures under the year's head."""
    made = notes(Fund.R, Month(2026, 12), Facts(OPENING, movements(last=Month(2026, 12)), names(Fund.R)), annual=True)
    assert made.period == "2026年" and sample().period == OCTOBER.zh()
