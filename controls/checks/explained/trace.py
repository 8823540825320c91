"""A rule followed for one person (逐步说明): the rows left after each join and condition, down into the WITH queries where a join found nothing.

Counted by the engine on the rule's own text, so that what is said cannot differ from what ran.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from controls.checks.engine import Engine
from controls.checks.explained import words
from controls.checks.steps import DIALECT, Step, arms, conditions, joins, parsed, step
from controls.checks.steps import having as named_having

if TYPE_CHECKING:
    from sqlglot import exp

Whose: TypeAlias = "Callable[[exp.Select, Sequence[str]], exp.Expr | None]"
"""Which rows of an arm are asked about, given the names of its columns."""

_PLACES = 3
_DEEPEST = 6
_WHOSE = ("id_number", "number", "person")
"""Columns that say whose a row is, the best first."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a person's rows ended in one arm of a rule, or of a WITH query of it.

    ``step`` None: no condition took the last row away. ``base``: the table it starts from; ``began``, ``before``: rows at the start and before that step.
    ``places``: some of the latter (file:line). ``funnel``: each step in order with the rows left after it. ``values``: what the columns of
    that step held in those rows (``所属期=2024-03``); never a number, a name or an account. ``inside``: the same of the WITH query in which nothing was
    found. ``others``: the rows are those of the account, employer or the like that the person's rows name, of whomever they are.
    """

    arm: int
    base: str
    began: int
    before: int
    step: Step | None
    places: tuple[str, ...] = ()
    funnel: tuple[tuple[Step, int], ...] = ()
    values: tuple[str, ...] = ()
    inside: tuple[Ended, ...] = ()
    others: bool = False

    @property
    def decided(self) -> str:
        """The condition that ended the rows, with the one within it; blank when none did or there never was a row."""
        deeper = "；".join(dict.fromkeys(one.decided for one in self.inside if one.decided))
        if self.step is None:
            return deeper if not self.began else ""
        return f"{self.step.says}（{deeper}）" if deeper and deeper != self.step.says else self.step.says


def ended(engine: Engine, text: str, number: str) -> list[Ended]:
    """For each arm: the first step after which no row of ``number`` is left."""
    rule = _Rule(engine, parsed(text), text.split("\n"), number)
    return rule.each(rule.root, lambda arm, names: rule.of_person(arm, names), 0)


class _Rule:
    """The text of one rule and the person asked about."""

    def __init__(self, engine: Engine, root: exp.Query, lines: Sequence[str], number: str) -> None:
        self.engine, self.root, self.lines, self.number = engine, root, lines, number
        given = root.args.get("with_")
        self.given = f"{given.sql(DIALECT, comments=False)} " if given is not None else ""
        self.within = {one.alias: one.this for one in given.expressions} if given is not None else {}

    def each(self, query: exp.Expr, whose: Whose, depth: int) -> list[Ended]:
        """Every arm of a query of whose rows ``whose`` can tell which are asked about."""
        every = arms(query)
        names = [found.alias_or_name for found in every[0].expressions]
        made = []
        for place, arm in enumerate(every, 1):
            asked = whose(arm, names)
            if asked is not None:
                made.append(self._arm(arm, place, asked, depth))
        return made

    def of_person(self, arm: exp.Select, names: Sequence[str]) -> exp.Expr | None:
        """The condition that a row of the arm is the person's; None when its columns do not say whose it is."""
        from sqlglot import exp

        for wanted in _WHOSE:
            found = self.output(arm, names, wanted)
            if found is not None:
                same = exp.EQ(this=found.copy(), expression=exp.Literal.string(self.number))
                if wanted != "person":
                    return same
                return exp.paren(exp.or_(same, exp.Like(this=found.copy(), expression=exp.Literal.string(f"{self.number}|%"))))
        return None

    def output(self, arm: exp.Select, names: Sequence[str], wanted: str) -> exp.Expr | None:
        """What stands behind a column of the arm, by its name or its place; of ``x.*`` the column of x."""
        from sqlglot import exp

        for name, found in zip(names, arm.expressions, strict=False):
            if name == wanted and not found.is_star:
                held: exp.Expr = found.this if isinstance(found, exp.Alias) else found
                return held
        for found in arm.expressions:
            if found.is_star:
                base = found.table if isinstance(found, exp.Column) else ""
                if self._has(arm, base, wanted):
                    return exp.column(wanted, table=base or None)
        return None

    def _has(self, arm: exp.Select, base: str, wanted: str) -> bool:
        """Whether what ``base`` stands for in the arm has the column; tables of the engine have what says whose a row is."""
        from sqlglot import exp

        sources = [arm.args["from_"].this, *(join.this for join in joins(arm))]
        source = next((one for one in sources if not base or one.alias_or_name == base), None)
        query = source.this if isinstance(source, exp.Subquery) else self.within.get(source.name) if isinstance(source, exp.Table) else None
        if query is None:
            return wanted in ("number", "person", "employer_code", "account")
        first = arms(query)[0]
        return self.output(first, [found.alias_or_name for found in first.expressions], wanted) is not None

    def _arm(self, arm: exp.Select, place: int, asked: exp.Expr, depth: int) -> Ended:
        from sqlglot import exp

        joined, tested = joins(arm), conditions(arm)
        told = {column.table for column in asked.find_all(exp.Column) if column.find_ancestor(exp.Subquery, exp.Select) is None}
        first = max((spot for spot, join in enumerate(joined, 1) if join.alias_or_name in told), default=0)
        source = arm.args["from_"].this
        base = source.name if isinstance(source, exp.Table) else ""
        began = before = self._count(arm, joined[:first], [asked])
        if not began:
            return Ended(place, base, 0, 0, None, inside=self._beneath(source, depth))
        upto = first
        funnel: list[tuple[Step, int]] = []
        for spot in range(first + 1, len(joined) + len(tested) + 1):
            node = (joined + tested)[spot - 1]
            kept = [asked, *tested[: max(0, spot - len(joined))]]
            if isinstance(node, exp.Join) and node.side == "LEFT":
                upto = spot
                continue
            left = self._count(arm, joined[:spot], kept)
            told_step = step(node, self.lines)
            funnel.append((told_step, left))
            if left == 0:
                so_far = Ended(place, base, began, before, told_step, funnel=tuple(funnel))
                return self._at(arm, so_far, node, joined, upto, [asked, *tested[: max(0, upto - len(joined))]], depth)
            before, upto = left, spot
        return self._grouped(arm, Ended(place, base, began, before, None, funnel=tuple(funnel)), [asked, *tested])

    def _at(self, arm: exp.Select, so_far: Ended, node: exp.Expr, joined: Sequence[exp.Join], upto: int, kept: Sequence[exp.Expr], depth: int) -> Ended:
        """Ended at ``node``: the rows before it, what they held, and what the WITH query says that was joined."""
        from sqlglot import exp

        places = self._places(arm, joined[:upto], kept)
        values: tuple[str, ...] = ()
        inside: tuple[Ended, ...] = ()
        if isinstance(node, exp.Join):
            inside = self._joined(arm, node, joined[:upto], kept, depth)
        else:
            values = self._values(arm, node, joined, kept)
        return replace(so_far, places=places, values=values, inside=inside)

    def _grouped(self, arm: exp.Select, so_far: Ended, kept: Sequence[exp.Expr]) -> Ended:
        """The groups HAVING leaves, where there is one; what is counted or summed is told when it leaves none."""
        from sqlglot import exp

        told, having, group = named_having(arm, self.lines), arm.args.get("having"), arm.args.get("group")
        if told is None or having is None:
            return so_far
        whole = self._query(arm, [exp.alias_(exp.Literal.number(1), "one")], joins(arm), kept)
        if group is not None:
            whole.set("group", group.copy())
        open_ = whole.copy()
        whole.set("having", having.copy())
        left = int(self.engine.values(f"{self.given}SELECT COUNT(*) FROM ({self._sql(whole)}) g")[0][0])
        funnel = (*so_far.funnel, (told, left))
        if left:
            return replace(so_far, before=left, funnel=funnel)
        measures = list({one.sql(DIALECT): one for one in having.find_all(exp.AggFunc)}.values())
        open_.set("expressions", [one.copy() for one in measures])
        ordered = ", ".join(str(nth) for nth in range(1, len(measures) + 1))
        rows = self.engine.values(f"{self.given}{self._sql(open_)} ORDER BY {ordered} DESC LIMIT {_PLACES}")
        values = tuple(dict.fromkeys("、".join(_measure(one, held) for one, held in zip(measures, row, strict=True)) for row in rows))
        return replace(so_far, step=told, funnel=funnel, values=values)

    def _beneath(self, source: exp.Expr, depth: int) -> tuple[Ended, ...]:
        """The query an arm starts from, where it is none of the engine's tables."""
        query = self._query_of(source)
        return () if query is None or depth >= _DEEPEST else tuple(self.each(query, self.of_person, depth + 1))

    def _joined(self, arm: exp.Select, join: exp.Join, before: Sequence[exp.Join], kept: Sequence[exp.Expr], depth: int) -> tuple[Ended, ...]:
        """The query a join found nothing in: of the person where it is joined by the person, else of the values the join asks for."""
        from sqlglot import exp

        query = self._query_of(join.this)
        if query is None or depth >= _DEEPEST:
            return ()
        pairs = []
        for same in join.args["on"].find_all(exp.EQ) if join.args.get("on") is not None else ():
            sides = (same.left, same.right)
            for here, there in (sides, sides[::-1]):
                if isinstance(here, exp.Column) and isinstance(there, exp.Column) and here.table == join.alias_or_name != there.table:
                    pairs.append((here.name, there))
        if any(name in _WHOSE and there.name in _WHOSE for name, there in pairs):
            return tuple(self.each(query, self.of_person, depth + 1))

        def keyed(one: exp.Select, names: Sequence[str]) -> exp.Expr | None:
            for name, there in pairs:
                found = self.output(one, names, name)
                if found is not None and not found.find(exp.AggFunc, exp.Window):
                    asked = self._query(arm, [there.copy()], before, kept)
                    return exp.In(this=found.copy(), query=exp.Subquery(this=asked))
            return None

        return tuple(replace(one, others=True) for one in self.each(query, keyed, depth + 1))

    def _query_of(self, source: exp.Expr) -> exp.Expr | None:
        from sqlglot import exp

        return source.this if isinstance(source, exp.Subquery) else self.within.get(source.name) if isinstance(source, exp.Table) else None

    def _query(self, arm: exp.Select, what: Sequence[exp.Expr], joined: Sequence[exp.Expr], kept: Sequence[exp.Expr]) -> exp.Select:
        from sqlglot import exp

        made = exp.Select(expressions=list(what), from_=arm.args["from_"].copy(), joins=[join.copy() for join in joined])
        made.set("where", exp.Where(this=exp.and_(*(one.copy() for one in kept))))
        return made

    @staticmethod
    def _sql(made: exp.Expr) -> str:
        return made.sql(DIALECT, comments=False)

    def _count(self, arm: exp.Select, joined: Sequence[exp.Expr], kept: Sequence[exp.Expr]) -> int:
        from sqlglot import exp

        made = self._query(arm, [exp.Count(this=exp.Star())], joined, kept)
        return int(self.engine.values(self.given + self._sql(made))[0][0])

    def _values(self, arm: exp.Select, condition: exp.Expr, joined: Sequence[exp.Expr], kept: Sequence[exp.Expr]) -> tuple[str, ...]:
        """What the columns of a condition held in some of the rows it took away: one text a row, columns in the order of the condition."""
        from sqlglot import exp

        columns: dict[str, exp.Expr] = {}
        for column in condition.find_all(exp.Column):
            if column.name not in words.PRIVATE and column.find_ancestor(exp.Subquery, exp.Exists) is None:
                columns.setdefault(column.sql(DIALECT, comments=False), column)
        if not columns:
            return ()
        made = self._query(arm, [column.copy() for column in columns.values()], joined, kept).distinct()
        ordered = ", ".join(str(nth) for nth in range(1, len(columns) + 1))
        rows = self.engine.values(f"{self.given}{self._sql(made)} ORDER BY {ordered} LIMIT {_PLACES}")
        names = [column.name for column in columns.values()]
        return tuple("、".join(f"{words.column(name)}={words.value(name, held)}" for name, held in zip(names, row, strict=True)) for row in rows)

    def _places(self, arm: exp.Select, joined: Sequence[exp.Expr], kept: Sequence[exp.Expr]) -> tuple[str, ...]:
        """Some of the rows left, where the arm tells file and line of the table it starts from."""
        base = arm.args["from_"].this.alias_or_name
        columns = {found.name: found for found in arm.expressions if found.key == "column" and found.table == base and found.name in ("file", "line")}
        if len(columns) < 2:
            return ()
        made = self._query(arm, [columns["file"].copy(), columns["line"].copy()], joined, kept).distinct()
        rows = self.engine.values(f"{self.given}{self._sql(made)} ORDER BY 1, 2 LIMIT {_PLACES}")
        return tuple(f"{file}:{line}" for file, line in rows)


def _measure(one: exp.Expr, held: object) -> str:
    from sqlglot import exp

    columns = [column.name for column in one.find_all(exp.Column)]
    name = columns[0] if columns else ""
    if isinstance(one, exp.Count):
        if name == "person":
            return f"人数={held}"
        return f"{words.column(name) + '的' if name and name not in words.PRIVATE else ''}个数={held}"
    kind = {"Sum": "合计", "Min": "最小", "Max": "最大"}.get(type(one).__name__, "")
    return f"{words.column(name)}{kind}={words.value(name, held)}"
