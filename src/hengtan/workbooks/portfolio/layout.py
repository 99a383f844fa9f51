"""The file of a portfolio study: its sheets and headings, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hengtan.basis.errors import Finding
from hengtan.outlook.portfolio.study import Study
from hengtan.outlook.uncertainty.laws import Range
from hengtan.workbooks.account import Taken
from hengtan.workbooks.english import EnglishBook

DRIVERS: Mapping[str, str] = {
    "活动水平": "activity",
    "单位能耗": "intensity",
    "能源占比": "share",
    "排放因子": "factor",
    "非燃烧排放": "process",
}
"""Word of a driver → what the pathway calls it."""
EVERY_YEAR = "各年"
"""Column of a driver's figure that holds in all years."""
YEARS = tuple(str(year) for year in range(1990, 2101))
SHEETS: Mapping[str, tuple[str, ...]] = {
    "参数": ("项目", "内容"),
    "地区": ("地区", "权重", "人口"),
    "驱动": ("驱动", "地区", "部门", "能源", "单位", "来源", "认定", EVERY_YEAR),
    "措施": (
        *("措施", "驱动", "部门", "能源", "改用", "效率比"),
        *("效应", "效应下限", "效应上限", "区间来源", "效应认定"),
        *("投资", "运行", "寿命", "费用认定"),
        *("起始年", "年推进", "上限", "整体", "来源"),
    ),
    "区县措施": ("措施", "地区", "覆盖", "投资", "运行", "上限", "已有"),
    "目标": (
        "目标",
        "指标",
        "年份",
        "上限",
        "降幅",
        "单位",
        "地区",
        "部门",
        "能源",
        "认定",
        "来源",
    ),
    "预算": ("年份", "投资", "支出"),
    "关系": ("关系", "措施", "对方"),
    "公平": ("对象", "下限", "上限", "按", "依据"),
}
PARAMETERS: Mapping[str, str] = {
    "名称": "研究名称",
    "合成数据": "是或否；是的话每份结果都注明",
    "首年": "研究的第一年，例如 2026",
    "末年": "研究的最后一年，例如 2035",
    "折现率": "例如 5%，写明来源",
    "折现率来源": "文件名称，没有写“假设”",
    "折现基准年": "金额折算到哪一年",
}
EXAMPLE = Path(__file__).parent / "example.yaml"
"""An invented study that shows every sheet."""
NEEDED = ("参数", "地区", "驱动", "措施")
HEADINGS = ("项目", "驱动", "措施", "目标", "年份", "关系", "对象", "权重", "人口")
"""One of these stands in the header of every sheet."""
TAKEN: Mapping[str, Taken] = {
    **{name: Taken(titles) for name, titles in SHEETS.items()},
    "参数": Taken(SHEETS["参数"], ("项目",), tuple(PARAMETERS)),
    "驱动": Taken((*SHEETS["驱动"], *YEARS, *(f"{year}年" for year in YEARS)), ("驱动",)),
}
"""What the account of the workbook counts as read."""
IN_ENGLISH = EnglishBook.of("portfolio")
YAML_NAMES: Mapping[str, str] = {
    "parameters": "参数",
    "regions": "地区",
    "drivers": "驱动",
    "measures": "措施",
    "district_measures": "区县措施",
    "targets": "目标",
    "budgets": "预算",
    "relations": "关系",
    "equity": "公平",
    "name": "名称",
    "synthetic": "合成数据",
    "first_year": "首年",
    "last_year": "末年",
    "discount_rate": "折现率",
    "discount_rate_source": "折现率来源",
    "discount_year": "折现基准年",
    "region": "地区",
    "weight": "权重",
    "population": "人口",
    "driver": "驱动",
    "sector": "部门",
    "carrier": "能源",
    "unit": "单位",
    "source": "来源",
    "mark": "认定",
    "every_year": EVERY_YEAR,
    "measure": "措施",
    "to": "改用",
    "ratio": "效率比",
    "effect": "效应",
    "effect_low": "效应下限",
    "effect_high": "效应上限",
    "range_source": "区间来源",
    "effect_mark": "效应认定",
    "capital": "投资",
    "running": "运行",
    "life": "寿命",
    "cost_mark": "费用认定",
    "start": "起始年",
    "step": "年推进",
    "ceiling": "上限",
    "whole": "整体",
    "coverage": "覆盖",
    "floor": "已有",
    "target": "目标",
    "indicator": "指标",
    "year": "年份",
    "limit": "上限",
    "cut": "降幅",
    "spending": "支出",
    "relation": "关系",
    "other": "对方",
    "of": "对象",
    "least": "下限",
    "most": "上限",
    "by": "按",
    "law": "依据",
}
"""Names that a YAML file may use for sheets and headings."""


@dataclass(frozen=True)
class Filed:
    """A study from a file.

    ``synthetic``: that its numbers are invented, which every result says; ``ranges`` of the
    measures' effects; ``sources``: where each measure's numbers are from; ``rate_source``: where
    the rate of discount is from; ``findings``: what was said in reading.
    """

    study: Study
    ranges: tuple[Range, ...]
    synthetic: bool
    sources: tuple[str, ...]
    rate_source: str
    findings: tuple[Finding, ...] = ()
