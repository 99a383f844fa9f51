"""Titles of pack tables and forms, Chinese and English, as ``table.<name>``.

Accounts are titled by their domains.
"""

from __future__ import annotations

_TITLES = """
unit_items 单位数据项 Items of units
unit_figures 单位与项目年度数据 Figures of units reported
plan_carbon_verdict 碳强度目标研判 Carbon intensity verdict
supplier_purchases 采购与供应商碳足迹 Purchases and footprints of suppliers
energy_products 能源品种 Energy products
factor_sets 因子集 Factor sets
fuel_factors 燃料因子 Fuel factors
factor_units 因子单位 Units of factors
factor_set_members 因子集组成 Composition of factor sets
trace_factors 燃烧甲烷与氧化亚氮因子 Trace-gas factors
balance_rows 平衡表项目 Balance rows
balance_identities 恒等式 Identities
balance_identity_terms 恒等式各项 Terms of identities
balance_names 平衡表名称写法 Spellings of balances
industries 行业 Industries
conversions 换算常数 Conversions
accounting_rules 核算口径 Accounting rules
key_unit_classes 重点用能单位分级 Classes of key units
heat_value_ranges 热值范围 Heat-value ranges
quality_rules 审核规则 Quality rules
carbon_sectors 行业（领域） Sectors
inventory_categories 清单类别 Inventory categories
guide_editions 指南版本 Guide editions
inventory_factors 清单因子 Inventory factors
activity_items 活动水平名录 Activity items
inventory_sources 排放源公式 Sources
factor_regions 因子分区 Factor regions
gwp 全球增温潜势 GWP
grid_factor_kinds 电力因子种类 Kinds of grid factors
grid_factors 电力排放因子 Grid factors
grid_regions 电网区域 Grid regions
power_footprint_factors 电力碳足迹因子 Power footprint factors
gpc_references GPC编号 GPC references
enterprise_energy 企业能源购进、消费与库存 Enterprise energy
regional_balance 地区能源平衡表 Regional balance
industrial_products 工业产品产量与过程活动 Industrial products
farm_activity 畜禽、作物与化肥 Farms
forest_activity 森林蓄积与面积 Forests
plan_links 指标链接 Links
measure_progress 措施进展填报 Measure progress
milestone_progress 里程碑填报 Milestone progress
observations 公开统计 Observations
waste_activity 固体废物与污水 Waste
energy_exchange 电力热力调入调出 Power and heat exchange
gdp_values 地区生产总值 GDP
coal_rate 供电煤耗 Coal rate
uncertainty_ranges 不确定性范围 Uncertainty ranges
footprint_exchanges 产品碳足迹清单 Footprint inventory
efficiency_benchmarks 能效标杆与基准水平 Efficiency levels
rule_parameters 规则参数 Parameters of rules
rule_formulas 方案公式 Formulas of proposals
pollutants 应税污染物 Taxable pollutants
map_tiles 方格图位置 Tiles of the map
definition_breaks 口径断点 Breaks of definition
known_events 已知事件 Known events
monthly_figures 区县月度能源经济数据 Monthly figures of places
intensity_goals 区县强度与总量目标 Goals of places
key_unit_months 重点用能单位月度用能 Monthly energy of key units
carbon_budgets 碳排放预算 Carbon budgets
park_limits 园区创建指标 Limits of parks
assessment_schemes 考核方案 Assessment schemes
assessment_items 考核指标 Items of assessment
assessment_grades 考核等级 Grades of assessment
"""


def titles() -> dict[str, tuple[str, str]]:
    """``table.<name>`` → (Chinese, English)."""
    found = {}
    for entry in _TITLES.replace("\n", "|").split("|"):
        if entry:
            name, chinese, english = entry.split(" ", 2)
            found[f"table.{name}"] = (chinese, english)
    return found
