"""The one reader and writer of XLSX, XLS and CSV (表格文件). Heavy libraries load only when a file is touched."""

from __future__ import annotations

from ledger.sheets.body import Body, Source, TopRow, cell_text, number_text
from ledger.sheets.detect import open_source
from ledger.sheets.facts import SheetFacts, address, letters
from ledger.sheets.write import (
    Cell,
    Merge,
    Rows,
    Sheet,
    escape_cell,
    plain_cell,
    write_contract_csv,
    write_contract_table,
    write_people_csv,
    write_rows,
    write_workbook,
)

__all__ = [
    "Body",
    "Cell",
    "Merge",
    "Rows",
    "Sheet",
    "SheetFacts",
    "Source",
    "TopRow",
    "address",
    "cell_text",
    "escape_cell",
    "letters",
    "number_text",
    "open_source",
    "plain_cell",
    "write_contract_csv",
    "write_contract_table",
    "write_people_csv",
    "write_rows",
    "write_workbook",
]
