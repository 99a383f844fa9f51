"""A portfolio study from a workbook or a YAML file: drivers of the place, measures with their costs,
targets, budgets and the rest, as arrays of ``outlook/portfolio``.
"""

from hengtan.workbooks.portfolio.layout import HEADINGS, SHEETS, TAKEN, Filed
from hengtan.workbooks.portfolio.reading import read_portfolio

__all__ = ["HEADINGS", "SHEETS", "TAKEN", "Filed", "read_portfolio"]
