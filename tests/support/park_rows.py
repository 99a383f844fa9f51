"""Rows as a park files them for a study of its supply. All figures are synthetic: 1,000 kW in every
hour of 2025, sun that shines at full from 8 to 16, power at 0.6 yuan/kWh by day and 0.3 at night.
"""

from calendar import monthrange

DAYS = [f"2025-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, monthrange(2025, m)[1] + 1)]
PARK = {
    "地区": "武隆区",
    "方案编号": "P1",
    "园区": "测试园区",
    "年份": 2025,
    "负荷序列": "园区负荷",
    "光伏序列": "日光",
    "光伏造价（元/千瓦）": 3000,
    "风光寿命": 25,
    "折现率（%）": 0,
    "来源": "测试",
}
DAY = {"地区": "武隆区", "方案编号": "P1", "起始时刻": 8, "终止时刻": 22, "购电价": 0.6}
NIGHTS = [
    DAY | {"起始时刻": 0, "终止时刻": 8, "购电价": 0.3},
    DAY | {"起始时刻": 22, "终止时刻": 24, "购电价": 0.3},
]


def park_of(solar):
    """The study of the park with so much solar power at most. [kW]"""
    return PARK | {"光伏容量上限（千瓦）": solar}


def hours(series, value_of, item, unit=""):
    """A series of the year whose value goes by the hour of the day, 1 to 24."""
    return [
        {"地区": "武隆区", "序列编号": series, "日期": day, "时次": hour, "数值": value_of(hour)}
        | {"单位": unit, "是什么": item, "数据种类": "计量", "来源": "测试表"}
        for day in DAYS
        for hour in range(1, 25)
    ]


LOAD = hours("园区负荷", lambda hour: 1000, "负荷", "千瓦")
SUN = hours("日光", lambda hour: int(8 < hour <= 16), "可用出力比例")
