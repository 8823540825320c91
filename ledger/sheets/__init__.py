"""The one reader and writer of XLSX, XLS and CSV (表格文件). Heavy libraries load only when a file is touched."""

from __future__ import annotations

from ledger.sheets.write import Cell, Merge, Rows, Sheet, escape_cell, plain_cell, write_contract_csv, write_people_csv, write_rows, write_workbook

__all__ = [
    "Cell",
    "Merge",
    "Rows",
    "Sheet",
    "escape_cell",
    "plain_cell",
    "write_contract_csv",
    "write_people_csv",
    "write_rows",
    "write_workbook",
]
