"""ReportLab's only home: fonts by glyph, house style, ruled tables, and the stamp by which a paper proves itself.

``render(document, sheet)`` is in :mod:`books.pdf.house`; ``read_stamp(path)`` reads a finished file without ReportLab.
"""

from books.pdf.stamp import NoStamp, read_stamp

__all__ = ["NoStamp", "read_stamp"]
