"""What the ledger knows of a person over a life (权益记录): contributions, person accounts by year, benefits, and what is missing.

``lines`` fetches the rows of a few numbers by key, with the voucher that booked each; ``accounts`` gives each account by year and part;
``life`` groups the rows by year and names the gaps. Nothing here writes, and nothing here knows names.
"""
