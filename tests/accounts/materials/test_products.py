"""Products at their end: the cohort model beside ODYM, recovery, take-back of producers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts.materials.cohorts import Lifetime, inflow_driven
from hengtan.basis.errors import HengtanError, ImportRejected

HEAD = {"地区": "武隆区", "产品": "乘用车", "单位": "台（辆）"}


def test_outflow_is_that_of_odym(fact_rows):
    """IndEcol/ODYM, tests/test_dynamic_stock_model.py: inflow 1 to 10, Normal(5, 1.5)."""
    rows = fact_rows("nature", "data", "odym_outflow_normal_5_1p5.csv")
    inflow = np.array([float(row["inflow"]) for row in rows])
    outflow = inflow_driven(inflow, Lifetime("normal", 5.0, 1.5)).outflow
    assert outflow == pytest.approx([float(row["outflow"]) for row in rows], abs=1e-8)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40),
    st.sampled_from([("normal", 8.0, 2.0), ("weibull", 2.5, 12.0), ("weibull", 0.7, 3.0)]),
)
def test_what_flowed_in_has_left_or_is_in_use(inflow, lifetime):
    cohorts = inflow_driven(np.array(inflow), Lifetime(*lifetime))
    left = np.cumsum(cohorts.outflow)
    assert cohorts.stock + left == pytest.approx(np.cumsum(inflow), rel=1e-9, abs=1e-6)
    assert (cohorts.outflow >= -1e-6).all() and (cohorts.by_cohort >= 0).all()


@pytest.mark.parametrize("inflow", [[1.0, -0.1], [1.0, float("nan")]])
def test_a_negative_or_missing_inflow_is_refused_with_its_year(inflow):
    with pytest.raises(HengtanError, match="第 2 年的新增量"):
        inflow_driven(np.array(inflow), Lifetime("normal", 5.0, 1.5))


def sales(*sold, recovered=None):
    rows = [HEAD | {"年份": 2016 + n, "销售量": amount} for n, amount in enumerate(sold)]
    if recovered is not None:
        rows[-1] |= {"回收量": recovered, "梯次利用量": recovered / 4}
    return rows


def test_vehicles_that_reach_their_end_and_what_was_recovered_of_them(
    fact_rows, hand_in, row_of, rows_of, explained
):
    """With the inflow of ODYM the tenth year has 4.50042906 at their end; 3 recovered are 66.66 %
    of it, a quarter of them for second life. As many batteries and refrigerators sold reach their
    end alike. Of three batteries that retired by their codes two were recovered, one recycled."""
    hand_in("product_cohorts", sales(*range(1, 11), recovered=3))
    row = row_of("product_arisings", year=2025)
    assert row["arising"] is None and row["missing"] == "no_lifetime"
    lifetime = {"地区": "武隆区", "产品": "乘用车", "分布": "正态", "均值": 5, "标准差": 1.5}
    hand_in("product_lifetimes", [lifetime | {"文件": "测试寿命"}])
    row = row_of("product_arisings", year=2025)
    assert row["arising"] == pytest.approx(4.50042906, abs=1e-8)
    assert row["recovery_rate"] == pytest.approx(100 * 3 / 4.50042906)
    assert row["second_life_share"] == 25 and not row["ahead"]
    last = row_of("product_arisings", year=2035)  # ten years on, of what is sold already
    assert last["ahead"] and 0 < last["arising"] < 1
    for product in ("动力电池", "电冰箱"):
        own = {"产品": product}
        hand_in("product_cohorts", [row | own for row in sales(*range(1, 11))])
        hand_in("product_lifetimes", [lifetime | own | {"文件": "测试寿命"}])
    rows = [row for row in rows_of("product_arisings", year=2025) if row["place"] == "500156"]
    assert [row["arising"] for row in rows] == pytest.approx([4.50042906] * 3, abs=1e-8)
    explained("product_arisings")
    codes = [f"X12MCPM27KLPCLX2M238232{n}" for n in range(3)]
    events = [(code, "退役", "2025-05-01") for code in codes]
    events += [(code, "回收", "2025-06-01") for code in codes[:2]]
    events += [(codes[0], "再生利用", "2025-09-01")]
    names = ("电池编码", "事项", "日期")
    where = {"地区": "武隆区"}
    hand_in("battery_events", [where | dict(zip(names, e, strict=True)) for e in events])
    followed = row_of("battery_trace_years", place="500156", year=2025)
    assert [followed[n] for n in ("retired", "recovered", "recycled")] == [3, 2, 1]


def test_negative_sales_and_a_gap_in_the_years_are_told(hand_in, rows_of):
    with pytest.raises(ImportRejected, match=r"第3行.*销售（新增）量.*负"):
        hand_in("product_cohorts", sales(5, -1))
    lifetime = {"地区": "武隆区", "产品": "乘用车", "分布": "威布尔", "形状": 2, "尺度": 12}
    hand_in("product_lifetimes", [lifetime | {"文件": "测试寿命"}])
    hand_in("product_cohorts", [sales(5)[0], sales(5, 6, 7)[2]])
    assert {row["missing"] for row in rows_of("product_arisings")} == {"sales_gap|2017"}


def test_take_back_by_three_bases_beside_the_promise(hand_in, rows_of, explained):
    """40 taken back in 2025: of 200 sold then 20 %; of 100 sold in 2020, the five years before,
    40 %; what reaches its end needs the lifetime of the product: with one, 40 of it."""
    producer = {"地区": "武隆区", "生产企业": "某电池厂", "产品": "动力电池", "单位": "吨"}
    promise = {"滞后年数": 5, "承诺回收率": "35%"}
    years = ("2020", 100, 0), ("2025", 200, 40)
    names = ("年度", "销售量", "回收量")
    hand_in("epr_years", [producer | promise | dict(zip(names, y, strict=True)) for y in years])
    rows = {r["definition"]: r for r in rows_of("producer_take_back", year=2025)}
    assert (rows["same_year"]["value"], rows["same_year"]["reaches_duty"]) == (20, False)
    assert (rows["lagged"]["value"], rows["lagged"]["reaches_duty"]) == (40, True)
    assert rows["arising"]["missing"] == "no_arising"
    battery = {"地区": "武隆区", "产品": "动力电池"}
    sold = battery | {"单位": "吨", "销售量": 100}
    hand_in("product_cohorts", [sold | {"年份": y} for y in range(2015, 2026)])
    lifetime = battery | {"分布": "正态", "均值": 5, "标准差": 1.5, "文件": "测试寿命"}
    hand_in("product_lifetimes", [lifetime])
    (arising,) = [row["arising"] for row in rows_of("product_arisings", year=2025)]
    rows = {r["definition"]: r for r in rows_of("producer_take_back", year=2025)}
    assert rows["arising"]["value"] == pytest.approx(100 * 40 / arising)
    explained("producer_take_back")
