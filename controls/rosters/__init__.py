"""Acts beside the signatures of a roster: terms and expiry, freeze windows, cases of held lines, what was released once, what was removed.

``terms`` begins a roster under its flow and ends it after its term; ``freezes`` keeps signatures out of the head's windows; ``cases`` clears held
lines by two people; ``once`` writes what was released under the database's key; ``removed`` counts what was not paid and why.
"""
