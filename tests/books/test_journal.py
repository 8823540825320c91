"""The journal: every fact of every entry is in the book, nothing else is, and no text becomes a directive (B2, B3, B5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import data
from beancount.parser import parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from books import escape, privacy
from books.grammar import foreign_lines
from books.journal import ACCOUNTS, MAIN, PROVED, BookData, render, summed, tags
from ledger.entries import Line, Side
from ledger.posted import Posted
from tests.books.sample_books import book, entry, hostile_text, january, posted


@pytest.fixture(autouse=True)
def _no_load_cache() -> None:
    loader.initialize(use_cache=False)


def directives(files: dict[str, str]) -> list[Any]:
    """Every directive of a book's files as the parser reads them; a syntax error fails the test."""
    found = []
    for name, text in files.items():
        if name not in (MAIN, PROVED):
            entries, errors, options = parser.parse_string(text)
            assert not errors, errors
            assert not options["plugin"]
            assert not options["include"]
            found += entries
    return found


def loaded(files: dict[str, str], folder: Path, name: str = PROVED) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """The book written to ``folder`` and loaded with its plugin, as ``(entries, errors, options)``."""
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(text.encode("utf-8"))
    entries, errors, options = loader.load_file(str(folder / name))
    return entries, errors, options


def test_a_month_loads_clean_and_holds_every_entry(tmp_path: Path) -> None:
    """B1: the proved book has no error and one transaction for each posted entry, amounts equal to the fen."""
    source = january()
    entries, errors, options = loaded(render(source), tmp_path)
    assert errors == []
    vouchers = list(data.filter_txns(entries))
    assert len(vouchers) == len(source.entries)
    for one, voucher in zip(source.entries, sorted(vouchers, key=lambda v: v.meta["entry_id"]), strict=True):
        assert (voucher.date, voucher.payee, voucher.narration) == (one.entry.day, one.label, one.entry.summary)
        assert voucher.tags == set(tags(one))
        assert [(source.names[leg.account], leg.signed) for leg in one.entry.lines] == [(p.account, int(p.units.number * 100)) for p in voucher.postings]
        facts = {"maker": one.maker, "reviewer": one.reviewer, "poster": one.poster, "recorded_at": one.recorded_at, "digest": one.digest}
        assert facts.items() <= voucher.meta.items()
    assert options["title"] == "云岭县社会保险事业服务中心 城乡居民基本养老保险基金"
    assert options["operating_currency"] == ["CNY"]
    assert options["tolerance_multiplier"] == 0


def test_files_are_main_accounts_and_one_for_each_month() -> None:
    """A book is main, proved, accounts and a file for each year and month, each included once."""
    files = render(january())
    assert set(files) == {MAIN, PROVED, ACCOUNTS, "2026/2026-01.beancount", "2026/2026-02.beancount"}
    assert 'include "2026/2026-01.beancount"\n' in files[MAIN]
    assert "plugin" not in files[MAIN]
    assert files[PROVED].count("plugin ") == 1


def test_same_values_give_the_same_bytes() -> None:
    """The book is a function of the store: written twice, it is the same."""
    assert render(january()) == render(january())


def test_red_lines_keep_their_side(tmp_path: Path) -> None:
    """A red debit stays a debit: negative, side D, marked red; it never turns into a credit."""
    entries, _, _ = loaded(render(january()), tmp_path)
    red = next(v for v in data.filter_txns(entries) if "red" in v.tags)
    assert [(p.meta["side"], p.meta.get("red"), p.units.number) for p in red.postings] == [("D", True, Decimal("-4.56")), ("C", True, Decimal("4.56"))]
    assert red.links == {"correction-2"}
    assert next(v for v in data.filter_txns(entries) if v.meta["entry_id"] == 2).links == {"correction-2"}


def test_closing_entries_are_tagged() -> None:
    """Closing entries carry #closing, since statements and Fava's filter leave them out of movement."""
    assert "#closing" in render(january())["2026/2026-02.beancount"]
    assert "#closing" not in render(january())["2026/2026-01.beancount"]


def test_kept_balances_are_asserted_each_month_end() -> None:
    """B2: every account that has moved so far is asserted on the first day of the next month, without tolerance."""
    asserted = [one for one in directives(render(january())) if isinstance(one, data.Balance)]
    assert {one.date for one in asserted} == {date(2026, 2, 1), date(2026, 3, 1)}
    assert len([one for one in asserted if one.date == date(2026, 2, 1)]) == 6
    assert all(one.tolerance is None for one in asserted)


@pytest.mark.parametrize("fen", [1, -1])
def test_a_kept_balance_wrong_by_one_fen_is_an_error(tmp_path: Path, fen: int) -> None:
    """The tolerance is zero: one fen too much or too little in a kept balance fails the load."""
    source = january()
    wrong = [replace(one, debit=one.debit + fen) if one.account == "1005" else one for one in source.movements]
    _, errors, _ = loaded(render(replace(source, movements=tuple(wrong))), tmp_path)
    assert any("Balance failed" in one.message for one in errors)


def test_an_account_that_ended_is_closed(tmp_path: Path) -> None:
    """An account with an end date is closed that day; its last month-end assertion still holds."""
    source = january()
    ended = tuple(replace(one, valid_to="2026-02-01") if one.code == "1004" else one for one in source.accounts)
    entries, errors, _ = loaded(render(replace(source, accounts=ended)), tmp_path)
    assert errors == []
    assert [one.date for one in entries if isinstance(one, data.Close)] == [date(2026, 2, 1)]


def test_an_empty_book_loads(tmp_path: Path) -> None:
    """A book without entries is accounts and options, and clean."""
    entries, errors, _ = loaded(render(book([])), tmp_path)
    assert errors == []
    assert {type(one) for one in entries} == {data.Open, data.Commodity, data.Custom}


def with_texts(text: str, other: str) -> BookData:
    """A book in which every text that somebody can influence is hostile."""
    made = entry(
        ("1005", "D", 100), ("400101", "C", 100), summary=text, source=f"s{other}", event=other,
        authority=f"a{text}", kind=f"记{other}",
    )  # fmt: skip
    lines = tuple(Line(one.account, one.side, one.amount, (("bank_account", text), ("party", other)), other) for one in made.lines)
    made = replace(made, lines=lines)
    digest = "0" * 64
    one = Posted(1, 1, 1, f"m{text}", f"r{other}x", f"m{text}", f"t{other}", digest, made)
    source = book([one])
    return replace(source, book=replace(source.book, unit_name=text))


@given(hostile_text(), hostile_text())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_becomes_a_directive(text: str, other: str) -> None:
    """B3: with hostile text in every field the book has the same directives as with plain text, in a closed set of lines."""
    files = render(with_texts(text, other))
    assert [foreign for name, content in files.items() for foreign in foreign_lines(name, content)] == []
    found = directives(files)
    plain = directives(render(with_texts("甲", "乙")))
    assert [type(one) for one in found] == [type(one) for one in plain]
    voucher = next(one for one in found if isinstance(one, data.Transaction))
    assert voucher.tags == frozenset()
    assert len(voucher.postings) == 2
    assert voucher.meta.keys() <= escape.ENTRY_KEYS | {"filename", "lineno"}
    assert all(leg.meta.keys() <= escape.LINE_KEYS | {"filename", "lineno"} for leg in voucher.postings)
    _, errors, options = parser.parse_string(files[MAIN].split('\ninclude "')[0])
    assert not errors
    assert options["title"] == escape.visible(f"{text} 城乡居民基本养老保险基金")
    assert not options["plugin"]


@given(hostile_text(), hostile_text())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_printer_and_parser_prove_each_other(text: str, other: str) -> None:
    """What was printed comes back character by character in its visible form, and replaced characters are on record."""
    voucher = next(one for one in directives(render(with_texts(text, other))) if isinstance(one, data.Transaction))
    summary = privacy.free(text)
    assert voucher.narration == escape.visible(summary)
    assert voucher.payee == escape.visible(f"记{other}-2026-01-0001")
    assert escape.from_raw(voucher.meta.get("summary_raw", escape.raw(summary))) == summary
    assert voucher.meta["authority"] == escape.visible(privacy.reference(f"a{text}"))
    assert voucher.meta["reviewer"] == escape.visible(privacy.reference(f"r{other}x"))
    memo = privacy.free(other)
    for leg in voucher.postings:
        assert leg.meta.get("memo", "") == escape.visible(memo)
        assert escape.from_raw(leg.meta.get("memo_raw", escape.raw(memo))) == memo


def test_unlisted_axes_are_left_out_and_counted() -> None:
    """B5: an axis that is on no list is not printed, since it may name a person; the line says that one is missing."""
    made = entry(("1005", "D", 100), ("400101", "C", 100))
    lines = (Line("1005", Side.D, 100, (("beneficiary", "某人"), ("document", "县财社〔2026〕1号"), ('x"\n  y', "z"))), made.lines[1])
    text = render(book([posted(1, replace(made, lines=lines))]))["2026/2026-01.beancount"]
    assert "某人" not in text
    assert 'axis_document: "县财社〔2026〕1号"' in text
    assert "axes_left_out: 2" in text


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("退回11010119900307123X多领", "退回***123X多领"),
        ("账号 6217000010001234567 退回", "账号 ***4567 退回"),
        ("6217 0000 1000 1234 567", "***4567"),
        ("电话13800001234", "电话***1234"),
        ("２０２６年１月", "２０２６年１月"),
        ("发放2026-01-05至2026-01-25养老金1,390.00元", "发放2026-01-05至2026-01-25养老金1,390.00元"),
    ],
)
def test_numbers_of_persons_are_masked_in_text(given_text: str, shown: str) -> None:
    """B5: resident numbers, bank accounts and mobile numbers in written text keep their last four digits only."""
    assert privacy.free(given_text) == shown


def test_masking_is_on_record_and_keys_keep_their_tickets() -> None:
    """B5: a masked entry says so; a reference loses a resident number and keeps an 18-digit ticket number."""
    made = entry(("1005", "D", 100), ("400101", "C", 100), source="refund:110101199003071233", authority="ticket:336012260100012345")
    text = render(book([posted(1, made)]))["2026/2026-01.beancount"]
    assert 'source_key: "refund:***1233"' in text
    assert 'authority: "ticket:336012260100012345"' in text
    assert "masked: TRUE" in text


def test_a_party_is_shown_only_when_it_is_an_institution() -> None:
    """B5: the counterparty of a line stands in the book when it is an institution; a person does not."""
    assert privacy.party("云岭县财政局") == "云岭县财政局"
    assert privacy.party("中国农业银行云岭县支行") == "中国农业银行云岭县支行"
    assert "甲某某" not in privacy.party("甲某某")


def test_the_book_as_of_an_entry_leaves_later_ones_out() -> None:
    """A book can be read as it stood after one of its entries; its movements are then the sums of the lines left."""
    then = january().as_of(3)
    assert [one.entry_id for one in then.entries] == [1, 2, 3]
    assert then.movements == summed(then.entries)
    assert then.closing["1005"] == 123_456


@given(st.integers(1, 10**15))
@settings(max_examples=30, deadline=None)
def test_amounts_survive_the_book(fen: int) -> None:
    """Any amount comes back from the book as the same fen."""
    found = directives(render(book([posted(1, entry(("1005", "D", fen), ("400101", "C", fen)))])))
    voucher = next(one for one in found if isinstance(one, data.Transaction))
    assert [leg.units.number * 100 for leg in voucher.postings] == [fen, -fen]
