"""A portfolio study from a workbook or a YAML file: drivers of the place, measures and what they
cost, targets, budgets and the rest, as arrays of ``outlook/portfolio``.
"""

from hengtan.workbooks.portfolio.layout import Filed
from hengtan.workbooks.portfolio.reading import read_portfolio
from hengtan.workbooks.portfolio.tables import count_of
from hengtan.workbooks.portfolio.template import template

__all__ = ["Filed", "count_of", "read_portfolio", "template"]
