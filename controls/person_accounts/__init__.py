"""Acts on person accounts (个人账户): prepared by one, reviewed by another, in the trail; what moves money yields a proposed voucher at the front door.

``acts`` signs batches; ``opening`` reads a file of opening balances; ``interest`` settles a year; ``moves`` are one-off payments, transfers and
corrections; ``ties`` is K15; ``page`` is one person's accounts.
"""
