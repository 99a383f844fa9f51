"""Reads the Excel and CSV files people have; every finding names its sheet, row and column."""

from hengtan.ledger.reading.plain_tables import read_rows, read_sheets
from hengtan.ledger.reading.reader import Reading, read_as_form, read_form

__all__ = ["Reading", "read_as_form", "read_form", "read_rows", "read_sheets"]
