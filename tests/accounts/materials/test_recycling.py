"""Eleven materials from sources by the user's shares, and reports that contradict one another."""

from __future__ import annotations

import pytest

HEAD = {"地区": "武隆区", "年份": "2025"}
ELEVEN = ("废钢铁", "废铜", "废铝", "废铅", "废锌", "废纸", "废塑料", "废橡胶", "废玻璃")
ELEVEN += ("废旧纺织品", "废旧动力电池")


def test_sources_become_materials_by_the_shares_that_the_user_states(
    hand_in, row_of, rows_of, explained
):
    """1,000 t of vehicles at 70 % steel and 5 % aluminium are 700 and 50; with the shares of 2025
    (72 %) 720. Tyres have no shares, so that the total is not whole."""
    shares = {"地区": "重庆市", "类别": "报废机动车", "文件": "测试拆解统计"}
    hand_in(
        "source_shares",
        [
            shares | {"材料": "废钢铁", "比例": "70%", "起始年份": 2020},
            shares | {"材料": "废铝", "比例": 5, "起始年份": 2020},
            shares | {"材料": "废钢铁", "比例": "72%", "起始年份": 2025},
        ],
    )
    hand_in(
        "recycling_sources",
        [
            HEAD | {"类别": "报废机动车", "数量（千克）": "1,000,000"},
            HEAD | {"类别": "废轮胎", "数量（千克）": 5000},
        ],
    )
    materials = {r["material"]: r for r in rows_of("recycled_materials", place="500156")}
    assert materials["steel"]["amount"] == pytest.approx(720)
    assert materials["aluminium"]["amount"] == pytest.approx(50)
    assert materials["total"]["missing"] == "no_shares_of|废轮胎"
    explained("recycled_by_source", "recycled_materials")


def report(material, origin, amount, deviation):
    names = ("材料", "来源口径", "数量", "相对标准差")
    return HEAD | dict(zip(names, (material, origin, amount, deviation), strict=True))


def test_two_reports_of_a_material_meet_by_their_deviations(hand_in, rows_of, explained, workspace):
    """Dealers 100 ± 10, mills 120 ± 6 (t): weights 1/100 and 1/36, agreed at
    (100 / 100 + 120 / 36) / (1 / 100 + 1 / 36) = 114.71. Dealers moved by 1.47 of their sigma,
    mills by 0.88 of theirs. A source of 1,000 t at 70 % is 700 t of another material; the whole of
    eleven materials of the city, 1 million t each, reaches its target."""
    hand_in(
        "material_estimates",
        [report("废钢铁", "回收商", 100, 10), report("废钢铁", "钢厂", 120, 5)],
    )
    rows = {row["origin"]: row for row in rows_of("material_reconciled")}
    agreed = (100 / 100 + 120 / 36) / (1 / 100 + 1 / 36)
    assert rows["回收商"]["reconciled"] == pytest.approx(agreed)
    assert rows["钢厂"]["reconciled"] == pytest.approx(agreed)
    assert rows["回收商"]["sigmas"] == pytest.approx((agreed - 100) / 10)
    (summed,) = rows_of("material_agreed")
    assert summed["moved_most"] == "回收商" and summed["sigmas"] == pytest.approx(1.4706, abs=1e-4)
    explained("material_reconciled", "material_agreed")
    share = {"地区": "重庆市", "类别": "报废机动车", "材料": "废铝", "比例": "70%"}
    hand_in("source_shares", [share | {"起始年份": 2020, "文件": "测试拆解统计"}])
    hand_in("recycling_sources", [HEAD | {"类别": "报废机动车", "数量（千克）": "1,000,000"}])
    materials = {r["material"]: r for r in rows_of("recycled_materials", place="500156")}
    assert materials["aluminium"]["amount"] == pytest.approx(700)
    assert materials["steel"]["amount"] == pytest.approx(agreed)
    city = HEAD | {"地区": "重庆市", "来源口径": "回收统计", "相对标准差": 5}
    hand_in("material_estimates", [city | {"材料": m, "利用量（万吨）": 100} for m in ELEVEN])
    targets = {row["target_id"]: row for row in workspace.execute("plan_progress").to_pylist()}
    assert targets["cq-recycled-resources-2027"]["computed_amount"] == pytest.approx(1.1e7)


def test_figures_that_must_not_move_and_contradict_one_another_are_told(hand_in, rows_of):
    fast = [report("废纸", "回收商", 100, 0), report("废纸", "纸厂", 90, 0)]
    hand_in("material_estimates", fast)
    assert {row["reconciled"] for row in rows_of("material_reconciled")} == {None}
    assert all("10" in row["missing"] for row in rows_of("material_reconciled"))
    assert rows_of("recycled_materials") == []


def test_a_total_pulls_its_materials_and_the_materials_the_total(hand_in, rows_of):
    """Ten materials of 10 ± 0 and paper 10 ± 2, the total reported 116 ± 4: the six that lack go by
    variance, paper 6 × 4 / 20 = 1.2 up and the total 4.8 down, to 111.2."""
    names = [
        "废钢铁",
        "废铜",
        "废铝",
        "废铅",
        "废锌",
        "废塑料",
        "废橡胶",
        "废玻璃",
        "废旧纺织品",
        "废旧动力电池",
    ]
    rows = [report(name, "统计", 10, 0) for name in names]
    rows += [report("废纸", "统计", 10, 20), report("十一类合计", "统计", 116, 100 * 4 / 116)]
    hand_in("material_estimates", rows)
    solved = {row["material"]: row for row in rows_of("material_reconciled")}
    assert solved["paper"]["reconciled"] == pytest.approx(11.2)
    assert solved["total"]["reconciled"] == pytest.approx(111.2)
    assert solved["steel"]["moved"] == pytest.approx(0, abs=1e-9)
    total = next(r for r in rows_of("recycled_materials") if r["material"] == "total")
    assert total["amount"] == pytest.approx(111.2) and total["missing"] is None
