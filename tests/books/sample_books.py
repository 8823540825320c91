"""Books for tests, made of values: no store, no files. People and places are invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hypothesis import strategies as st

from books.journal import BookData, summed
from ledger.accounts import Book, BookAccount
from ledger.entries import Entry, Line, Side
from ledger.funds import Fund
from ledger.months import Month
from ledger.posted import Posted

JANUARY = Month(2026, 1)
BOOK = Book(1, "620821", "云岭县社会保险事业服务中心", Fund.R, "28-2018", JANUARY)
CHART = [
    ("1003", "财政专户存款", "D", "asset", ""),
    ("100301", "活期存款", "D", "asset", "1003"),
    ("1004", "支出户存款", "D", "asset", ""),
    ("1005", "国库存款", "D", "asset", ""),
    ("2001", "暂收款", "C", "liability", ""),
    ("200107", "发放失败待重发", "C", "liability", "2001"),
    ("3001", "一般基金结余", "C", "net_asset", ""),
    ("4001", "社会保险费收入", "C", "income", ""),
    ("400101", "个人缴费", "C", "income", "4001"),
    ("5001", "社会保险待遇支出", "D", "expense", ""),
    ("500101", "基础养老金", "D", "expense", "5001"),
]


def chart() -> tuple[BookAccount, ...]:
    """A small chart with details under four of its accounts."""
    parents = {row[4] for row in CHART}
    return tuple(BookAccount(c, n, n, s, e, p, c not in parents, "ours", "2018-01-01", "") for c, n, s, e, p in CHART)


def posted(entry_id: int, entry: Entry, number: int | None = None, **people: str) -> Posted:
    """``entry`` as posted by u-kuaiji and reviewed by u-zhuguan."""
    who = {"maker": "u-kuaiji", "reviewer": "u-zhuguan", "poster": "u-kuaiji", "recorded_at": "2026-02-01T09:00:00+08:00"} | people
    return Posted(book_id=1, entry_id=entry_id, number=number or entry_id, digest=entry.digest(), entry=entry, **who)


def entry(*legs: tuple[str, str, int], day: date = date(2026, 1, 5), source: str = "doc-1", summary: str = "收到保费", **more: object) -> Entry:
    """An entry of ``(account, side, fen)`` legs."""
    lines = tuple(Line(account, Side(side), fen) for account, side, fen in legs)
    values = {"authority": "voucher:1", "source_key": source, "event": "C1"} | more
    return Entry(period=Month.of(day), day=day, summary=summary, lines=lines, **values)  # type: ignore[arg-type]


def book(posteds: Iterable[Posted]) -> BookData:
    """A book whose kept movements are the sums of its lines."""
    entries = tuple(posteds)
    return BookData(BOOK, chart(), entries, summed(entries))


def january() -> BookData:
    """Opening, premiums, a payout with a failure, a red correction in February, and a closing entry."""
    february = date(2026, 2, 28)
    return book(
        [
            posted(1, entry(("100301", "D", 10_000_000), ("3001", "C", 10_000_000), source="opening", summary="期初余额", event="")),
            posted(2, entry(("1005", "D", 123_456), ("400101", "C", 123_456), source="tax-1")),
            posted(3, entry(("1004", "D", 50_000), ("100301", "C", 50_000), source="fund-1", day=date(2026, 1, 20))),
            posted(
                4,
                entry(
                    ("500101", "D", 13_900), ("1004", "C", 13_900), source="release-1", day=date(2026, 1, 25), summary="发放1月养老金",
                    payout_source=1, payout_count=1, payout_fen=13_900, payout_digest="0" * 64,
                ),
            ),
            posted(5, entry(("1005", "D", -456), ("400101", "C", -456), source="red-1", day=february, corrects=2, summary="红字冲销"), 1),
            posted(6, entry(("400101", "D", 123_000), ("500101", "C", 13_900), ("3001", "C", 109_100), source="close", day=february, closing=True), 2),
        ]
    )  # fmt: skip


HOSTILE = [
    'a"\n2020-01-01 * "x"\n  Assets:1004支出户存款  1 CNY',
    'option "insert_pythonpath" "TRUE"',
    '"\nplugin "os"\n',
    'x"\nplugin "os"\n;',
    '\\"\noption "title" "偷换"',
    "\\",
    '\\"',
    '""',
    "行一\r\n行二\u2028行三\u2029行四\x85行五\x0b\x0c",
    "#closing ^correction-1 #x",
    'key: "value"\n  digest: "0"',
    "; 注释",
    "\ud800 半个字符",
    "\u202e反向\u200b零宽\ufeff",
    "\x00\x1b[31m\x7f",
    "𬭎䶮㛃喆堃，罕见字",
    "{a} {{1 CNY}} @ @@ ~ | * ! &",
    "2026-01-01 balance Assets:1004支出户存款 0 CNY",
    'include "other.beancount"',
    "\t\\n\\t\\x41 $HOME ~",
    "",
]


def hostile_text() -> st.SearchStrategy[str]:
    """Text meant to break out of a string: the known attempts, pieces of syntax glued together, and anything at all."""
    marks = [*'"\\\n\r\t\x00\x85\u2028\u2029;', "\ud800"]
    pieces = [*marks, "#x", "^y", "2020-01-01 * ", "option ", 'plugin "os"', "  k: ", "养老金"]
    glued = st.lists(st.sampled_from(pieces), max_size=8).map("".join)
    unseen = st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=6)
    return st.one_of(st.sampled_from(HOSTILE), glued, unseen, st.text(st.characters(), max_size=30))
