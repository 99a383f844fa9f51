"""The workbook of a carbon budget: its sheets and headings, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hengtan.basis.errors import Finding
from hengtan.plan.budget.execute import Execution, Project
from hengtan.plan.budget.path import YearBudget
from hengtan.workbooks.account import Taken
from hengtan.workbooks.english import EnglishBook

FIGURES = {
    "基期排放": "emission",
    "地区生产总值": "gdp",
    "人口": "population",
    "基准排放": "benchmark",
}
LEVELS = ("区县", "行业", "企业")
SHARER = {"区县": ("区县",), "行业": ("区县", "行业"), "企业": ("区县", "行业", "企业")}
"""The columns that name a sharer of a level, from the top."""
MONTHS = tuple(f"{month}月" for month in range(1, 13))
SHEETS: Mapping[str, tuple[str, ...]] = {
    "参数": ("项目", "内容"),
    "年度": ("年份", "地区生产总值", "总量上限"),
    **{level: (*SHARER[level], *FIGURES, "保底比例") for level in LEVELS},
    "原则": ("层级", "原则", "权重"),
    "执行": ("区县", "年份", *MONTHS),
    "上年分月": ("区县", *MONTHS),
    "项目": ("区县", "项目", "年份", "投产月", "年排放", "计入"),
}
PARAMETERS: Mapping[str, str] = {
    "名称": "预算名称",
    "地区": "全市或全区名称",
    "计量单位": "例如 吨；预算按它取整",
    "基年": "例如 2025",
    "基年排放": "按计量单位",
    "强度降低目标": "例如 17%，没有强度目标可空",
    "目标年": "强度目标的到期年",
    "路径": "复合或直线",
    "起始年": "预算第一年",
    "结束年": "预算最后一年",
    "总量为主起始年": "从哪年起总量为主；空为一直强度为主",
    "预留比例": "为重大项目预留，例如 5%",
}
TAKEN: Mapping[str, Taken] = {
    **{name: Taken(titles) for name, titles in SHEETS.items()},
    "参数": Taken(SHEETS["参数"], ("项目",), tuple(PARAMETERS)),
}
"""What the account of the workbook counts as read."""
IN_ENGLISH = EnglishBook.of("budget")
WHOLE = ""
"""Stands for the whole region where an execution or a project names no district."""


@dataclass(frozen=True)
class Level:
    """One level of sharers.

    ``keys``: their names, as paths from the top; ``figures`` by name and ``floors`` in the unit of
    the budget, one for each sharer; ``parents``: the index of each one's parent; ``principles``
    with their weights.
    """

    name: str
    keys: tuple[tuple[str, ...], ...]
    figures: Mapping[str, np.ndarray]
    floors: np.ndarray
    parents: np.ndarray
    principles: Mapping[str, float]


@dataclass(frozen=True)
class Allocation:
    """What each sharer of a level got: ``units`` of shape (sharers, years), and why."""

    level: Level
    units: np.ndarray
    exact: np.ndarray
    share: np.ndarray
    single: Mapping[str, np.ndarray]
    floored: np.ndarray
    rounded: np.ndarray


@dataclass(frozen=True)
class Budget:
    """A whole budget.

    The years, what is held back of each, the allocations from top to bottom, and by (district,
    year) the executions reported (with the projects that count, and with all) and the projects;
    ``findings``: what was left out and why.
    """

    title: str
    region: str
    unit: str
    years: tuple[YearBudget, ...]
    reserve: np.ndarray
    allocations: tuple[Allocation, ...]
    executions: Mapping[tuple[str, int], tuple[Execution, Execution]] = field(default_factory=dict)
    projects: Mapping[tuple[str, int], tuple[tuple[Project, bool], ...]] = field(
        default_factory=dict
    )
    findings: tuple[Finding, ...] = ()

    def amount(self, district: str, year: int) -> int:
        """The budget of a district, or of the whole, in a year. [unit of the budget]"""
        at = [y.year for y in self.years].index(year)
        if district == WHOLE:
            return self.years[at].budget
        first = self.allocations[0]
        names = [key[0] for key in first.level.keys]
        return int(first.units[names.index(district), at])
