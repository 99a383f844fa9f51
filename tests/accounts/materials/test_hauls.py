"""Construction waste on its way: what leaves a site and does not arrive is told."""

from __future__ import annotations

import pytest

SITE, PLANT = "某片区改造工地（虚构）", "某资源化厂（虚构）"
WHERE = {"地区": "武隆区"}


def ticket(number, day, tonnes, kind="转移", firm=SITE, to=PLANT):
    row = WHERE | {
        "单位": firm,
        "货名": "拆除垃圾",
        "日期": day,
        "种类": kind,
        "净重": f"{tonnes}吨",
    }
    return row | {"单号": number, "去向": to if kind == "转移" else ""}


def arrivals(*tickets):
    return [ticket(*each, kind="收进", firm=PLANT) for each in tickets]


@pytest.fixture
def site_and_plant(hand_in):
    """A site with 100 t of demolition waste, 10 t used on it, and the plant that takes it."""
    about = {"年份": "2025年", "类别": "拆除垃圾"}
    site = WHERE | about | {"工地": SITE, "称重产生量": 100, "场内利用量": 10}
    plant = WHERE | about | {"场所": PLANT, "接收量": 60, "资源化利用量": 50, "堆填量": 10}
    hand_in("cdw_sites", [site])
    hand_in("cdw_plants", [plant | {"年初存量": 0, "年末存量": 0}])


def test_a_truck_that_leaves_and_does_not_arrive_is_told_until_its_ticket_comes(
    site_and_plant, hand_in, row_of, rows_of, explained, workspace
):
    """Three trucks of 30 t leave; two are weighed in with 30 and 29.5 t. Of 100 − 10 = 90 t to be
    carried all left, 59.5 arrived and 30 are on a truck that did not. Its ticket makes it 89.3.
    Used are 10 + 50 of 100 t, of 1,100 with 1,000 of spoil of which 100 are used 160. For the
    city 2,000 m² × 1.3 t are 2,600 t, of which a plant used 2,000.
    """
    days = ("2025-03-01", "2025-03-02", "2025-03-03")
    hand_in("material_flows", [ticket(f"Y{n}", day, 30) for n, day in enumerate(days, 1)])
    hand_in("material_flows", arrivals(("Y1", days[0], 30), ("Y2", days[1], 29.5)))
    haul = row_of("cdw_hauls", site=SITE)
    assert (haul["plant"], haul["loads"], haul["loads_arrived"]) == (PLANT, 3, 2)
    assert (haul["sent"], haul["arrived"], haul["lost"]) == pytest.approx((90.0, 59.5, 30.0))
    assert haul["reason"] == "cdw_not_arrived|1|30.0|Y3" and haul["note"] is None
    site = row_of("cdw_site_transport", site=SITE)
    assert (site["to_carry"], site["sent"], site["arrived"]) == pytest.approx((90.0, 90.0, 59.5))
    assert site["left_over"] == pytest.approx(0) and site["reason"] is None
    explained("cdw_loads", "cdw_hauls", "cdw_site_transport")
    hand_in("material_flows", arrivals(("Y3", "2025-03-04", 29.8)))
    haul = row_of("cdw_hauls", site=SITE)
    assert haul["arrived"] == pytest.approx(89.3) and haul["reason"] is None

    about = WHERE | {"年份": "2025年", "工地": SITE}
    hand_in("cdw_sites", [about | {"类别": "工程渣土", "称重产生量": 1000, "场内利用量": 100}])
    rates = {row["definition"]: row["value"] for row in rows_of("material_rates", place="500156")}
    assert rates == pytest.approx({"cdw.all": 100 * 160 / 1100, "cdw.without_spoil": 60})
    city = {"地区": "重庆市", "年份": "2025年", "类别": "拆除垃圾"}
    by_area = {"建筑面积": "2,000平方米", "单位面积产生量（kg/m2）": "1,300", "系数来源": "测试"}
    hand_in("cdw_sites", [city | by_area | {"工地": "全部工地", "场内利用量": 0}])
    plant = {"场所": "全部场所", "接收量": 2600, "资源化利用量": 2000, "堆填量": 600}
    hand_in("cdw_plants", [city | plant | {"年初存量": 0, "年末存量": 0}])
    targets = {row["target_id"]: row for row in workspace.execute("plan_progress").to_pylist()}
    of_city = targets["cq-cdw-recovery-2027"]["computed_amount"]
    assert of_city == pytest.approx(100 * 2000 / 2600)


def test_loads_elsewhere_without_a_number_and_to_a_plant_not_on_file_are_told(
    site_and_plant, hand_in, rows_of, row_of
):
    """One load is weighed at a fill instead; one carries no number; 35 t of 90 never left."""
    fill = "某消纳场（虚构）"
    hand_in("material_flows", [ticket("Y1", "2025-03-01", 30), ticket("", "2025-03-02", 25)])
    at_fill = ticket("Y1", "2025-03-01", 30, kind="收进", firm=fill)
    hand_in("material_flows", [*arrivals(("Z9", "2025-03-05", 12)), at_fill])
    haul = row_of("cdw_hauls", site=SITE)
    assert (haul["loads_elsewhere"], haul["loads_unknown"], haul["arrived"]) == (1, 1, 0.0)
    (load,) = rows_of("cdw_loads", ticket="Y1")
    assert (load["plant"], load["receiver"], load["load_state"]) == (PLANT, fill, "elsewhere")
    assert row_of("cdw_site_transport", site=SITE)["reason"] == "cdw_left_over|35.0"
    hand_in("material_flows", [ticket("Y7", "2025-04-01", 5, to="没有填报的场所")])
    (unknown,) = rows_of("cdw_hauls", plant="没有填报的场所")
    assert unknown["note"] == "cdw_plant_unknown|没有填报的场所"
    assert unknown["arrived"] == pytest.approx(5.0)


def test_a_site_without_any_load_says_so(site_and_plant, row_of):
    site = row_of("cdw_site_transport", site=SITE)
    assert site["to_carry"] == pytest.approx(90.0) and site["missing"] == "cdw_no_loads"
