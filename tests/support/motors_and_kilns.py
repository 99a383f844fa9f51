"""Industry that burns 1,000 万tce of raw coal in 2020, motors that save 10 % of it for 1,000 万元,
kilns that save 20 % for 4,000 万元: rows of forms as people type them. All figures are synthetic.
"""

BALANCE = {"地区": "重庆市", "年份": "2020年", "平衡表项目": "F.2.ind", "能源品种": "raw_coal"}
BALANCE |= {"数量种类": "标准量", "折算方法": "当量值", "数值": 1000, "计量单位": "万吨标准煤"}
COMMON = {"地区": "重庆市", "部门": "F.2.ind", "改变什么": "能源强度", "开始年份": 2021}
COMMON |= {"推进年数": 0, "使用年限": 10, "效果的性质": "假设", "推进的性质": "假设"}
COMMON |= {"投资的性质": "假设", "使用年限的性质": "假设"}
MOTOR = COMMON | {
    "措施编号": "motor",
    "措施名称": "电机",
    "充分实施的效果": 10,
    "总投资": "1000万元",
}
KILN = COMMON | {"措施编号": "kiln", "措施名称": "窑炉", "充分实施的效果": 20, "总投资": "0.4亿元"}
