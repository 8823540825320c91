"""Names (姓名) as people and old systems write them: normal form with a record, variants, readings, shapes. Pure; tables from ``templates/names``.

``normal`` cleans one name and says what it did; ``likeness`` says how two characters are alike; ``readings`` is the home of
pypinyin. Two names are compared by :func:`ledger.name_compare.compare`. The normal form of the checks' rules is another one
and stays what FORMATS.md says: :func:`ledger.identity.normal_name`.
"""
