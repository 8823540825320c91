"""One file a document: each turns a sheet of ``books.views`` into a :class:`books.pdf.house.Document`.

A document module knows what stands where; how it looks is the house style of ``books.pdf``.
"""
