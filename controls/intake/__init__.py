"""Intake (导入): contracts of files, header recognition, cells, totals, and the reader that yields canonical tables."""
