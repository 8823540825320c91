"""Budgets (基金预算) of a book by year and line, their adjustments, the monthly funding plans (用款计划) and what they allow.

``controls.budget_tables`` keeps every document for ever; ``documents`` drafts, reviews, approves and sends back; ``standing`` adds up what is in force;
``funding`` holds each month's funding of the 支出户 (P1) against its plans. What was really received and spent comes in as values:
``controls`` never reads a statement. A benefit that is due is never withheld for want of budget: the office decides, in writing.
"""
