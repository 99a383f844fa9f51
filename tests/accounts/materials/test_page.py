"""The page of accounts shows the rates of a place and the picture of its materials."""

from __future__ import annotations

from collections import Counter

from hengtan.desk.accounts import accounts_view
from hengtan.report.page.account_charts import figures
from hengtan.report.page.accounts import page_context, tables

FIRM = {"地区": "武隆区", "单位": "某电厂（虚构）"}
HEAD = FIRM | {"物料": "粉煤灰", "日期": "2025年", "单位名": "吨"}


def test_the_picture_of_materials_has_as_much_in_as_out_and_rates_stand_below(workspace, hand_in):
    """300 t made, 220 used, 30 landfilled, the other 50 go into stock."""
    amounts = ("产生", 300), ("利用", 220), ("填埋", 30)
    hand_in("material_flows", [HEAD | {"种类": kind, "数量": n} for kind, n in amounts])
    ash = {"固废种类": "粉煤灰", "产生量": 300, "综合利用量": 220, "利用往年贮存量": 0, "处置量": 0}
    hand_in("solid_waste_years", [{"地区": "武隆区", "年度": "2025"} | ash])
    view = accounts_view(workspace, place="500156")
    for lang, stock, coal_ash in (
        ("zh", "增加库存 50", "粉煤灰 300"),
        ("en", "into stock 50", "粉煤灰 300"),
    ):
        (picture,) = figures(view, lang)
        (trace,) = picture["data"]
        link, labels = trace["link"], trace["node"]["label"]
        into, out = Counter(), Counter()
        for source, target, value in zip(
            link["source"], link["target"], link["value"], strict=True
        ):
            out[labels[source]] += value
            into[labels[target]] += value
        assert trace["type"] == "sankey" and into[coal_ash] == out[coal_ash] == 300
        assert into[stock] == 50
    shown = {table["title"]: table for table in tables(view, "zh", year=2025)}
    assert any("固废各项比率" in title for title in shown)
    assert any("物料平衡" in title for title in shown)


def test_the_page_opens_with_the_newest_year_of_records_and_not_with_years_ahead(
    workspace, hand_in
):
    """Cars sold in 2024 and 2025 that reach their end until 2035, rates of 2025: the page opens
    with 2025, and 2035 is there to choose.
    """
    car = {"地区": "武隆区", "产品": "乘用车", "单位": "台（辆）"}
    lifetime = {"地区": "武隆区", "产品": "乘用车", "分布": "正态", "均值": 5, "标准差": 1.5}
    hand_in("product_cohorts", [car | {"年份": y, "销售量": 100} for y in (2024, 2025)])
    hand_in("product_lifetimes", [lifetime | {"文件": "测试寿命"}])
    context = page_context(accounts_view(workspace, place="500156"), "zh", "")
    assert context["account_year"] == 2025 and context["account_years"][0] == 2035
    (sold,) = [t for t in context["account_tables"] if t["name"] == "product_arisings"]
    assert len(sold["rows"]) == 1
