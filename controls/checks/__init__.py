"""The checks (稽核规则): one portable SQL text per exact rule, one scorer for linked ones, DuckDB underneath.

The same definition is driven twice: :func:`controls.checks.runner.run` over all history after payment, and
:func:`controls.checks.screening.screen` over one roster before payment. DuckDB lives here and nowhere else.
"""
