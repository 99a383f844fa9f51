"""A carbon budget from a workbook: paths of the years, allocations that add up exactly, the
execution of the year.
"""

from hengtan.workbooks.budget.layout import PARAMETERS, SHEETS, TAKEN, Allocation, Budget, Level
from hengtan.workbooks.budget.reading import HEADINGS, read_budget
from hengtan.workbooks.budget.shown import as_dict

__all__ = [
    "HEADINGS",
    "PARAMETERS",
    "SHEETS",
    "TAKEN",
    "Allocation",
    "Budget",
    "Level",
    "as_dict",
    "read_budget",
]
