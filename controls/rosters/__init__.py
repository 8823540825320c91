"""What stands around the roster: flows of signing and the three machines, terms, freeze windows, cases of held lines, supplements, differences.

``machines`` names every transition of signing, payment and case; ``flow`` reads ``templates/flows-of-signing.yaml``; ``terms`` and ``freezes`` say when
nobody may sign; ``recheck`` looks at newer snapshots at each signature; ``cases`` clears held lines by two people and ``supplement`` pays them;
``differences`` says which line and column is not as it was built; ``once`` writes what was released under the database's key; ``removed`` counts what was not paid.
"""
