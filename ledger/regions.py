"""Regions (行政区划, GB/T 2260) as a dated table: which code was which province, city or county in which year, and how it went on.

Pure; the table is ``templates/regions/regions.csv`` (its head names the source and the licence), read once when first asked. Its grain is the
year: a list says what stood on 31 December. In the year of a change both the old and the new code are right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import templates
from ledger.errors_regions import BadRegionTable, UnknownRegion

FILE = "regions/regions.csv"
COLUMNS = "code,name,first,last,how,when,into"
FILLERS = frozenset(("市辖区", "县", "省直辖县级行政区划", "省直辖县级行政单位", "自治区直辖县级行政区划", "自治区直辖县级行政单位", "省直辖行政单位"))
"""Names of codes that hold no county of their own."""

_PEOPLES = (
    "满族|蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|"
    "柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|毛难族|仡佬族|锡伯族|锡伯|普米族|塔吉克族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|鄂伦春族|各族"
)
_AUTONOMOUS = re.compile(rf"(.+?)(?:{_PEOPLES})*自治[县旗州区]")
_ENDINGS = ("特别行政区", "矿区", "特区", "林区", "新区", "地区", "省", "市", "盟", "县", "区", "旗")
_BARE = frozenset(("市郊", "市中", "城", "郊", "新", "东", "西", "南", "北", "中", "市", "矿", "一", "二"))
LONGEST_NAME = 100
_NOW = 9999
_CODE = re.compile(r"[0-9]{6}(?:[0-9]{3}|[0-9]{6})?")


class How(StrEnum):
    """How a county went on when its code ended: as the same county under a new code, with others in one, or in several."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Region:
    """A code with one name (区划). ``first``, ``last``: years of the lists that have it, ``last`` None while it stands. ``how``, ``when``
    (YYYY-MM, or YYYY where only the year is known) and ``into`` (codes) say how it went on, None and empty where the table does not."""

    code: str
    name: str
    first: int
    last: int | None
    how: How | None = None
    when: str = ""
    into: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """province, city or county."""
        return "province" if self.code.endswith("0000") else "city" if self.code.endswith("00") else "county"

    def stands(self, year: int) -> bool:
        """Whether the list of that year has it."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True, slots=True)
class Rename:
    """The same county under a new code. ``when``: YYYY-MM, or YYYY where only the year is known."""

    old: str
    new: str
    when: str


def short_name(name: str) -> str:
    """The name without what kind of region it is; a name that would lose its sense stays.

    >>> short_name("华亭县"), short_name("积石山保安族东乡族撒拉族自治县"), short_name("内蒙古自治区"), short_name("郊区"), short_name("通县")
    ('华亭', '积石山', '内蒙古', '郊区', '通')
    """
    found = _AUTONOMOUS.fullmatch(name)
    if name == "内蒙古自治区":  # whose own name holds that of a people
        return "内蒙古"
    if found is not None:
        return found.group(1)
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            short = name.removesuffix(ending)
            return name if short in _BARE else short
    return name


@lru_cache(maxsize=1)
def table() -> Mapping[str, tuple[Region, ...]]:
    """Code → its lives in order of time. Raises SB2070 when the file is none."""
    path = templates.path(FILE)
    found: defaultdict[str, list[Region]] = defaultdict(list)
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text and text[0] != "#" and text != COLUMNS:
            region = _region(text, line)
            found[region.code].append(region)
    return {code: tuple(lives) for code, lives in found.items()}


def _region(text: str, line: int) -> Region:
    try:
        code, name, first, last, how, when, into = text.split(",")
        if not how:
            return Region(code, name, int(first), int(last) if last else None)
        return Region(code, name, int(first), int(last) if last else None, How(how), when, tuple(into.split()))
    except ValueError as wrong:
        raise BadRegionTable(file=FILE, line=line, text=text[:60]) from wrong


def clear() -> None:
    """Forget the table, so that another template folder is read."""
    for cached in (table, _by_name, renames):
        cached.cache_clear()


def lives(code: str) -> tuple[Region, ...]:
    """Every region that ever had the code, in order of time; () for none. Nine and twelve digits count by their first six."""
    return table().get(code[:6], ()) if _CODE.fullmatch(code) else ()


def ever(code: str) -> bool:
    """Whether the code stood in any list."""
    return bool(lives(code))


def on(code: str, day: date) -> Region | None:
    """The region of the code on a day; in the year of a change the list of its end is asked first, then that of the year before.

    >>> on("620824", date(2010, 1, 1)).name, on("620824", date(2019, 1, 1)), on("620881", date(2018, 3, 1)).name
    ('华亭县', None, '华亭市')
    """
    found = lives(code)
    return next((life for year in (day.year, day.year - 1) for life in found if life.stands(year)), None)


def exists(code: str, day: date) -> bool:
    """Whether the code stood on that day."""
    return on(code, day) is not None


def latest(code: str) -> Region:
    """The last region that had the code. Raises SB2071 for a code that never existed."""
    found = lives(code)
    if not found:
        raise UnknownRegion(code=code)
    return found[-1]


def _then(code: str, day: date | None) -> Region:
    found = on(code, day) if day is not None else None
    return found if found is not None else latest(code)


def name(code: str, day: date | None = None) -> str:
    """The name on that day; without a day, or where the code did not stand on it, the last it had. Raises SB2071."""
    return _then(code, day).name


def full_name(code: str, day: date | None = None) -> str:
    """Province, city and county in one, as on that day, else as last. Raises SB2071.

    >>> full_name("620824", date(2010, 1, 1)), full_name("110105")
    ('甘肃省平凉市华亭县', '北京市朝阳区')
    """
    return "".join(part.name for part in _line(_then(code, day), day) if part.name not in FILLERS)


def _line(region: Region, day: date | None) -> Iterator[Region]:
    """The region under those it lies in, as they stood with it."""
    ended = _NOW if region.last is None else region.last
    year = day.year if day is not None and region.stands(day.year) else ended
    for code in dict.fromkeys((region.code[:2] + "0000", region.code[:4] + "00")):
        above = next((life for life in lives(code) if life.stands(year)), None)
        if above is not None and code != region.code:
            yield above
    yield region


def successors(code: str) -> tuple[str, ...]:
    """The codes that the last region of the code went on in; () while it stands, and where the table does not say.

    >>> successors("620824"), successors("110103")
    (('620881',), ('110101',))
    """
    found = lives(code)
    return found[-1].into if found else ()


def current(code: str) -> str | None:
    """The code of today of the same county, renames followed; None where the county was merged or split, never existed, or the table does not say.

    >>> current("620824"), current("622727"), current("110103"), current("620881")
    ('620881', '620826', None, '620881')
    """
    found = lives(code)
    seen = {code[:6]}
    while found:
        last = found[-1]
        if last.last is None:
            return last.code
        if last.how is not How.RENAMED or last.into[0] in seen:
            return None
        seen.add(last.into[0])
        found = lives(last.into[0])
    return None


def same_county(one: str, two: str) -> bool:
    """Whether two codes are one county, at whatever time each stood."""
    return one[:6] == two[:6] or ((first := current(one)) is not None and first == current(two))


@lru_cache(maxsize=1)
def renames() -> tuple[Rename, ...]:
    """Every county under a new code that the table tells of, in order of the old code. A code that was given to another county since is left out."""
    found = (life for several in table().values() for life in several[-1:] if life.how is How.RENAMED)
    return tuple(Rename(life.code, life.into[0], life.when) for life in found)


def find(text: str, day: date | None = None) -> tuple[Region, ...]:
    """Regions that a written name may mean on that day (None: today's list), the exact ones first: with or without province and city, with or
    without 省, 市, 县, 区. Nothing is chosen among several.

    >>> [region.code for region in find("甘肃省平凉市华亭县", date(2010, 1, 1))], [region.code for region in find("华亭")]
    (['620824'], ['620881'])
    """
    wanted = "".join(text.split())
    if len(wanted) > LONGEST_NAME:
        return ()
    exact: list[Region] = []
    loose: list[Region] = []
    for start in range(len(wanted)):
        for region in _by_name().get(wanted[start:], ()):
            stood = region.last is None if day is None else region.stands(day.year) or region.stands(day.year - 1)
            if stood and (rank := _fits(wanted[:start], region, wanted[start:], day)) is not None:
                (exact if rank else loose).append(region)
    return tuple(dict.fromkeys((*exact, *loose)))


def _fits(context: str, region: Region, written: str, day: date | None) -> bool | None:
    """None when what stands before the name is not where the region lies; else whether all is written in full."""
    full = written == region.name
    for above in reversed(list(_line(region, day))[:-1]):
        if context.endswith(above.name):
            context = context.removesuffix(above.name)
        elif context.endswith(short_name(above.name)):
            context, full = context.removesuffix(short_name(above.name)), False
    return None if context else full


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, tuple[Region, ...]]:
    found: defaultdict[str, list[Region]] = defaultdict(list)
    for several in table().values():
        for region in several:
            if region.name not in FILLERS:
                for written in {region.name, short_name(region.name)}:
                    found[written].append(region)
    return {written: tuple(regions) for written, regions in found.items()}
