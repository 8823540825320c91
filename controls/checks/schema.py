"""Which columns of the canonical tables the checks read, and their Arrow types (intake writes these tables)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_IDENTITY = "file:string line:int32 number:string number_ok:bool damaged:bool name:string name_norm:string"

COLUMNS: Mapping[str, str] = {
    "payments": _IDENTITY + " id_raw:string id_type:string fund:string region:string item:string item_class:string has_item:bool period:int32"
    " span_from:int32 span_to:int32 paid_month:int32 amount:int64 account:string holder:string status:string serial:string orig_serial:string"
    " orig_period:int32 source:string",
    "deaths": _IDENTITY + " birth:date32 region:string death_on:date32 death_month:int32 cremated_on:date32 source:string confidence:int32 is_death:bool"
    " registered_on:date32 taken_on:date32",
    "people": _IDENTITY + " sex:string birth:date32 file_birth:date32 worked_on:date32 fund:string region:string town:string enrol_status:string"
    " benefit_status:string retire_kind:string first_month:int32 start_month:int32 end_month:int32 certified_on:date32",
    "custody": _IDENTITY + " detained_on:date32 imprisoned_on:date32 released_on:date32 mode:string source:string",
    "contributions": _IDENTITY + " fund:string region:string period:int32 year:int32 payer:string level:string tier:int64 amount:int64 received_on:date32"
    " employer_code:string",
    "entitled": _IDENTITY + " category:string from_on:date32 to_on:date32",
    "accounts": "file:string line:int32 account:string holder:string kind:string from_on:date32 to_on:date32",
    "recoveries": _IDENTITY + " fund:string from_month:int32 to_month:int32 amount:int64",
    "balances": _IDENTITY + " fund:string region:string saved:int64 saved_on:date32",
    "absences": _IDENTITY + " kind:string from_on:date32 to_on:date32 source:string",
    "employers": "file:string line:int32 employer_code:string employer:string state:string closed_on:date32",
    "holdings": _IDENTITY + " kind:string detail:string from_on:date32 to_on:date32",
    "claims": _IDENTITY
    + " fund:string region:string hospital:string invoice:string admitted_on:date32 discharged_on:date32 settled_on:date32 amount:int64",
}
"""Contract → ``name:type`` pairs. Text is '' when absent; the other types may be null where the intake says so."""

OPTIONAL = frozenset({"id_raw", "id_type", "source", "serial", "orig_serial", "orig_period", "span_from", "span_to", "paid_month", "holder", "town"}) | {
    "first_month", "worked_on", "employer_code", "registered_on", "taken_on",
}  # fmt: skip
"""Columns a table may lack: they are then blank."""

BY_SWEEP = frozenset({"taken_on"})
"""Columns no file of an agency has: the sweep of a store writes them into the lists it lays down."""

CONTRACTS = tuple(COLUMNS)


def columns(contract: str) -> dict[str, str]:
    """Column → short Arrow type name."""
    return dict(pair.split(":") for pair in COLUMNS[contract].split())


def empty(contract: str) -> pa.Table:
    """A table of the contract without rows: what a rule reads when the data are not given."""
    import pyarrow as pa

    types = {"string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "bool": pa.bool_(), "date32": pa.date32()}
    return pa.table({name: pa.array([], types[kind]) for name, kind in columns(contract).items()})
