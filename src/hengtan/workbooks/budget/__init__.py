"""A carbon budget from a workbook: paths of the years, allocations that add up exactly, the
execution of the year.
"""

from hengtan.workbooks.budget.layout import Allocation, Budget, Level
from hengtan.workbooks.budget.reading import count_of, read_budget
from hengtan.workbooks.budget.shown import as_dict
from hengtan.workbooks.budget.template import template

__all__ = [
    "Allocation",
    "Budget",
    "Level",
    "as_dict",
    "count_of",
    "read_budget",
    "template",
]
