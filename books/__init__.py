"""The reading room: Beancount books, statements, reconciliations and PDF. Invariants B1-B5 stand in README.md."""
