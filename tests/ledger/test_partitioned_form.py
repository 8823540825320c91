"""The suite's PostgreSQL is the partitioned form: every store test that runs there runs on tables cut by book, payouts and contributions by year too."""

from __future__ import annotations

from pathlib import Path

from ledger import partitions
from ledger.db import metadata, reading
from ledger.person_accounts import errors as _  # noqa: F401  # puts SB1426 among the codes that the database may raise
from shebao import doctor
from tests.ledger.store import opened

BY_BOOK = {
    "shebao_entry", "shebao_line", "shebao_document", "shebao_payout", "shebao_contribution", "shebao_person_account_act", "shebao_person_account_year",
}  # fmt: skip
"""Tables that grow with vouchers and people; each key begins with the book."""
BY_YEAR = {"shebao_payout", "shebao_contribution"}
"""Those whose key holds a period of entitlement besides, and that grow by a row a person and month."""


def test_every_big_table_is_declared_cut_by_book() -> None:
    """The tables declare it themselves, so whoever makes a store on PostgreSQL makes the partitioned form; a key without a period cannot be cut by year."""
    import ledger.person_account_tables  # noqa: F401

    cut = {table.name: table for table in metadata.sorted_tables if table.dialect_options["postgresql"].get("partition_by")}
    assert cut.keys() == BY_BOOK
    assert all(table.dialect_options["postgresql"]["partition_by"] == "LIST (book_id)" for table in cut.values())
    assert all(next(iter(table.primary_key)).name == "book_id" for table in cut.values())
    assert {name for name, table in cut.items() if "period" in table.primary_key.columns} == BY_YEAR == set(partitions.YEARLY)


def test_a_store_of_the_suite_is_partitioned(store_url: str) -> None:
    """The fixture that every store test takes: on PostgreSQL each big table is one that holds no row itself and has its book's partition; SQLite has none."""
    engine = opened(store_url)
    with reading(engine) as connection:
        there = partitions.known(connection)
        if connection.dialect.name == "sqlite":
            assert there == []
            return
        kinds = dict(connection.exec_driver_sql("SELECT relname, relkind::text FROM pg_class WHERE relname = ANY(%s)", (sorted(BY_BOOK),)).all())  # type: ignore[arg-type]
        laid = {name for name in BY_BOOK if name in kinds}
        assert kinds == dict.fromkeys(laid, "p") and {"shebao_entry", "shebao_line", "shebao_document", *BY_YEAR} <= laid
        assert {one.table for one in there if one.name == f"{one.table}_b1"} == laid
        leaves = {(one.table, one.level) for one in there if one.leaf and not one.default}
        assert {level for table, level in leaves if table in BY_YEAR} == {2} and {level for table, level in leaves if table not in BY_YEAR} == {1}
    engine.dispose()


def test_no_store_test_goes_round_the_fixture() -> None:
    """No test makes tables of its own on PostgreSQL in another form: nowhere is a big table created by hand."""
    tests = Path(__file__).parents[1]
    found = [file.name for file in tests.rglob("*.py") if any(f"CREATE TABLE {name} " in file.read_text(encoding="utf-8") for name in BY_BOOK)]
    assert [name for name in found if name != Path(__file__).name] == []


def test_doctor_looks_at_the_partitions(store_url: str) -> None:
    """`shebao doctor` counts the partitions of a store and names the largest; a partition without its guard is a failure that says which."""
    engine = opened(store_url)
    with reading(engine) as connection:
        seen = list(doctor._partitions(connection))
    if engine.dialect.name == "sqlite":
        assert seen == []
        return
    assert [one.state for one in seen] == ["ok"] and "个分区，最大 " in seen[0].zh
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE shebao_line_b1 DISABLE TRIGGER shebao_line_keep")
    with reading(engine) as connection:
        (amiss,) = doctor._partitions(connection)
    assert amiss.state == "fail" and "shebao_line_b1 缺守护规则 shebao_line_keep" in amiss.zh
    engine.dispose()
