"""Titles of the tables of energy and carbon (accounts, pack tables, forms), Chinese and English, as ``table.<name>``."""

from __future__ import annotations

_TITLES = """
energy_factor_values 因子取值 Factor values|energy_factors 各品种因子 Factors by product|energy_enterprise_amounts 企业能源记录（规范单位） Enterprise records in canonical units|energy_enterprise_year 企业年度能源 Enterprise year
energy_enterprise_tce 企业能源折标 Enterprise coal equivalent|energy_balance_values 平衡表报送值 Reported balance cells|energy_balance_statistics 平衡表（统计） Balance from statistics|energy_balance_records 平衡表（企业记录） Balance from records
energy_balance 能源平衡表 Energy balance|energy_balance_identities 平衡表恒等式 Balance identities|energy_coal_rate 煤耗率 Coal rate|energy_product_use 分品种消费 Use by product|energy_consumption 能源消费总量 Total energy consumption
energy_nonfossil 非化石能源占比 Non-fossil share|energy_gdp 不变价生产总值 GDP at constant prices|energy_intensity 单位GDP能耗 Energy per GDP|energy_reconciled 区县平衡衔接 Districts reconciled|energy_quality 数据质量审核 Data quality
energy_key_units 重点用能单位 Key energy units|carbon_burnt 燃烧能源 Fuel burnt|carbon_fuel 燃料燃烧排放 Emissions of fuel|carbon_reference 参考方法 Reference approach|carbon_approaches 两种方法对照 Approaches compared|carbon_activity 活动水平 Activity data
carbon_activity_year 年度活动水平 Activity of the year|carbon_sources 过程、农业、土地、废弃物排放 Emissions of other sources|carbon_source_factors 排放源因子 Factors of sources|carbon_exchange 外购电力热力间接排放 Indirect emissions|carbon_methods 平衡表方法 Methods of the balance|carbon_inventory 温室气体清单 Greenhouse-gas inventory
carbon_totals 清单合计 Inventory totals|carbon_by_sector 行业（领域）碳排放 Emissions by sector|carbon_gpc GPC编号对照 GPC references|carbon_intensity 单位GDP二氧化碳排放 CO2 per GDP|carbon_enterprise_fuel 企业燃料燃烧 Enterprise fuel burnt|carbon_enterprise_month 企业分月排放 Enterprise CO2 by month
carbon_enterprise 企业能源与碳账户 Enterprise accounts|carbon_enterprise_products 单位产品能耗与碳排放 Per unit of product|carbon_drivers 变化成因 Causes of change|carbon_peaks 达峰判定 Peaks|carbon_uncertainty 不确定性 Uncertainty|carbon_key_categories 关键类别 Key categories
energy_site_figures 单位与项目年度数据（规范单位） Figures of units|energy_data_centres 数据中心能效 Data centres|energy_public_bodies 公共机构用能 Public bodies|carbon_coal_units 煤电机组改造 Coal units|carbon_boilers 煤改电煤改气 Boilers replaced|carbon_scenic 碳中和景区 Scenic areas|carbon_exports 出口隐含碳 Carbon of exports|unit_items 单位数据项 Items of units|unit_figures 单位与项目年度数据 Figures of units reported|plan_carbon_verdict 碳强度目标研判 Carbon intensity verdict|carbon_label 碳标识对照 Labels
carbon_landfill 填埋气（一阶衰减） Landfill gas by decay|carbon_footprint 产品碳足迹 Product footprints|carbon_footprint_parts 碳足迹构成 Parts of footprints
carbon_footprint_exchanges 碳足迹清单（折算） Footprint inventory worked out|carbon_footprint_contributions 碳足迹贡献 Contributions to footprints|carbon_footprint_paths 供应链路径 Supply-chain paths|carbon_footprint_variants 方案比较 Design variants|carbon_footprint_suppliers 上游供应商排放 Upstream emissions by supplier
carbon_supplier_purchases 采购的上游排放 Upstream emissions of purchases|carbon_supply_chain 供应链上游排放合计 Upstream emissions in all|supplier_purchases 采购与供应商碳足迹 Purchases and footprints of suppliers
energy_products 能源品种 Energy products|factor_sets 因子集 Factor sets|fuel_factors 燃料因子 Fuel factors|factor_units 因子单位 Units of factors
factor_set_members 因子集组成 Composition of factor sets|trace_factors 燃烧甲烷与氧化亚氮因子 Trace-gas factors|balance_rows 平衡表项目 Balance rows|balance_identities 恒等式 Identities|balance_identity_terms 恒等式各项 Terms of identities|balance_names 平衡表名称写法 Spellings of balances
industries 行业 Industries|conversions 换算常数 Conversions|accounting_rules 核算口径 Accounting rules|key_unit_classes 重点用能单位分级 Classes of key units|heat_value_ranges 热值范围 Heat-value ranges|quality_rules 审核规则 Quality rules|carbon_sectors 行业（领域） Sectors
inventory_categories 清单类别 Inventory categories|guide_editions 指南版本 Guide editions|inventory_factors 清单因子 Inventory factors|activity_items 活动水平名录 Activity items|inventory_sources 排放源公式 Sources|factor_regions 因子分区 Factor regions|gwp 全球增温潜势 GWP
grid_factor_kinds 电力因子种类 Kinds of grid factors|grid_factors 电力排放因子 Grid factors|grid_regions 电网区域 Grid regions|power_footprint_factors 电力碳足迹因子 Power footprint factors|gpc_references GPC编号 GPC references
enterprise_energy 企业能源购进、消费与库存 Enterprise energy|regional_balance 地区能源平衡表 Regional balance|industrial_products 工业产品产量与过程活动 Industrial products|farm_activity 畜禽、作物与化肥 Farms|forest_activity 森林蓄积与面积 Forests
plan_links 指标链接 Links|measure_progress 措施进展填报 Measure progress|milestone_progress 里程碑填报 Milestone progress|observations 公开统计 Observations
waste_activity 固体废物与污水 Waste|energy_exchange 电力热力调入调出 Power and heat exchange|gdp_values 地区生产总值 GDP|coal_rate 供电煤耗 Coal rate|uncertainty_ranges 不确定性范围 Uncertainty ranges|footprint_exchanges 产品碳足迹清单 Footprint inventory
efficiency_benchmarks 能效标杆与基准水平 Efficiency levels|rule_parameters 规则参数 Parameters of rules|rule_formulas 方案公式 Formulas of proposals|pollutants 应税污染物 Taxable pollutants|map_tiles 方格图位置 Tiles of the map|definition_breaks 口径断点 Breaks of definition|known_events 已知事件 Known events|monthly_figures 区县月度能源经济数据 Monthly figures of places|intensity_goals 区县强度与总量目标 Goals of places
key_unit_months 重点用能单位月度用能 Monthly energy of key units|carbon_budgets 碳排放预算 Carbon budgets
park_limits 园区创建指标 Limits of parks|verdict_parameters 判定参数 Parameters of verdicts|assessment_schemes 考核方案 Assessment schemes|assessment_items 考核指标 Items of assessment|assessment_grades 考核等级 Grades of assessment
"""


def titles() -> dict[str, tuple[str, str]]:
    """``table.<name>`` → (Chinese, English)."""
    found = {}
    for entry in _TITLES.replace("\n", "|").split("|"):
        if entry:
            name, chinese, english = entry.split(" ", 2)
            found[f"table.{name}"] = (chinese, english)
    return found
