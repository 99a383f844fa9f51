"""A portfolio study from a workbook or a YAML file: drivers of the place, measures and what they
cost, targets, budgets and the rest, as arrays of ``outlook/portfolio``.
"""

from hengtan.workbooks.portfolio.layout import EXAMPLE, HEADINGS, SHEETS, TAKEN, Filed
from hengtan.workbooks.portfolio.reading import read_portfolio
from hengtan.workbooks.portfolio.tables import sheets_of

__all__ = ["EXAMPLE", "HEADINGS", "SHEETS", "TAKEN", "Filed", "read_portfolio", "sheets_of"]
