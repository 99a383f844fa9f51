"""Rows as people file them of the made-up place of ``power_place.py``: the balance of 2022, and 60
亿kWh that came in from Sichuan.
"""

from power_place import BALANCE

ROW = {
    "地区": "重庆市",
    "年份": "2022年",
    "数量种类": "标准量",
    "折算方法": "当量值",
    "计量单位": "万吨标准煤",
}
CELLS = [
    ROW | {"平衡表项目": row, "能源品种": product, "数值": amount}
    for row, product, amount in BALANCE
]
EXCHANGE = {
    "地区": "重庆市",
    "时期": "2022年",
    "品种": "电力",
    "方向": "调入",
    "对方地区": "510000",
    "数量": 60,
    "计量单位": "亿千瓦时",
}
