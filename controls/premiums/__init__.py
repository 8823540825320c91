"""Premiums (保费): contributions by payer into vouchers, premiums paid by others (代缴), their claims and refunds, 动态清零, relief by enterprise size.

``law`` the data of templates/premiums · ``contributions`` a taken file planned as vouchers with rows by person · ``facts`` who is who in a year, set-based ·
``claims`` and ``claim_store`` the list claimed from the payers, prepared by one and reviewed by another · ``overlaps`` premiums to be claimed back ·
``receipts`` money held against the claim (K13) · ``claim_money`` the same as rows that a report compares ·
``zeroing`` the monthly report · ``enterprise`` size and relief. Nothing here posts.
"""
