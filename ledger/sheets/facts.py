"""What a sheet hides and computes (隐藏与计算的内容): facts that the intake shows and asks about, never acts on in silence.

Hidden rows and columns are data like all others and are read. Formulas are never computed and macros never run:
what counts is the value stored when the workbook was last saved, so cells without one are named.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_NAMED = 1_000


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Facts of one sheet and of the workbook around it; all empty for files without sheets.

    Lines count from 1 as people see them, columns are places from 0 as in ``Source.top``, cells are named as people
    know them (``D17``). Tuples of cells name at most ``MOST_NAMED`` and the numbers beside them count all.

    ``hidden_rows``: lines with content that are not shown; ``hidden_columns``: places with content that are not shown,
    ``hidden_letters`` the same as letters. ``filtered``: the area of a filter in force ('' when there is none), whose
    hidden rows were filtered out. ``hidden_sheets`` and ``very_hidden_sheets`` (which only a program can show): names,
    in order. ``formulas``: cells whose value is computed, ``formula_cells`` the first of them; ``formula_without_value``:
    those whose value was never stored (they read as blank), ``valueless`` their number. ``error_cells``: (cell, what
    stands there: ``#REF!``, ``#N/A`` …), ``errors`` their number. ``uncalculated``: the workbook says that its values
    must be computed anew, so the stored ones may be stale. ``external_links``: where formulas fetch values from, as
    written in the file; ``dde``: one of them runs a program. ``macros``: program code is inside. ``embedded``: other
    files inside. ``comments``: cells with a comment, ``commented`` their number. ``merged``: areas as
    (first line, first column, last line, last column). ``sheet_protected``, ``book_protected``: protected against change.
    """

    sheet: str = ""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    hidden_letters: tuple[str, ...] = ()
    filtered: str = ""
    hidden_sheets: tuple[str, ...] = ()
    very_hidden_sheets: tuple[str, ...] = ()
    formulas: int = 0
    formula_cells: tuple[str, ...] = ()
    valueless: int = 0
    formula_without_value: tuple[str, ...] = ()
    errors: int = 0
    error_cells: tuple[tuple[str, str], ...] = ()
    uncalculated: bool = False
    external_links: tuple[str, ...] = ()
    dde: bool = False
    macros: bool = False
    embedded: int = 0
    commented: int = 0
    comments: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    sheet_protected: bool = False
    book_protected: bool = False


def letters(column: int) -> str:
    """A column as people know it, ``column`` from 0.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def address(line: int, column: int) -> str:
    """A cell as people know it, ``line`` from 1 and ``column`` from 0.

    >>> address(17, 3)
    'D17'
    """
    return f"{letters(column)}{line}"


def column_of(cell: str) -> int:
    """The column from 0 of a cell as people know it; -1 when there are no letters.

    >>> column_of("D17"), column_of("XFD1")
    (3, 16383)
    """
    number = 0
    for letter in cell:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1
