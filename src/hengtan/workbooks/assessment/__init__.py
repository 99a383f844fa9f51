"""Assessment from a workbook: the sheets 方案, 等级, 数据 hold a scheme and the figures of those
assessed.
"""

from hengtan.workbooks.assessment.reading import count_of, read_links, read_workbook, run
from hengtan.workbooks.assessment.schemes import in_english, scheme_of, schemes
from hengtan.workbooks.assessment.template import template

__all__ = [
    "count_of",
    "in_english",
    "read_links",
    "read_workbook",
    "run",
    "scheme_of",
    "schemes",
    "template",
]
