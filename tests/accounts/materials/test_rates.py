"""Rates of waste by every definition, from yearly and monthly forms to the targets of the plan."""

from __future__ import annotations

import pytest

HEAD = {"地区": "武隆区", "年度": "2025年"}


def by_definition(rows):
    return {row["definition"]: row["value"] for row in rows}


def test_published_rates_of_fly_ash_and_slag_come_out_within_their_rounding(
    hand_in, rows_of, row_of, explained
):
    """Statistical bureau, 2018 (亿吨): fly ash 4.0 / (5.3 + 0.03205) = 75.02 %, slag
    3.3 / (3.7 + 0.04919) = 88.02 %; old stock left out gives (4.0 − 0.03205) / 5.3 = 74.87 %.
    """
    year = {"地区": "武隆区", "年度": "2018", "处置量": 0}
    names = ("产生量（亿吨）", "综合利用量（亿吨）", "利用往年贮存量（亿吨）")
    ash, slag = (5.3, 4.0, 0.03205), (3.7, 3.3, 0.04919)
    hand_in(
        "solid_waste_years",
        [
            year | {"固废种类": kind} | dict(zip(names, figures, strict=True))
            for kind, figures in (("粉煤灰", ash), ("炉渣", slag))
        ],
    )
    of_ash = by_definition(rows_of("material_rates", place="500156", material="fly_ash"))
    assert of_ash["solid_waste.nbs"] == pytest.approx(100 * 4.0 / 5.33205)
    assert of_ash["solid_waste.without_old"] == pytest.approx(100 * 3.96795 / 5.3)
    bulk = row_of("material_rates", place="500156", material="bulk", definition="solid_waste.nbs")
    assert bulk["value"] == pytest.approx(100 * 7.3 / 9.08124)
    assert bulk["confidence"] == "recalled"  # which kinds are bulk is from memory
    printed = {"地区": "武隆区", "年份": 2018, "比率": "一般（大宗）工业固体废物综合利用率"}
    printed |= {"物料": "fly_ash", "公布值": "74.9%", "文件": "2018年统计公报"}
    hand_in("published_rates", [printed])
    beside = rows_of("material_rates_published", place="500156")
    assert {row["definition"]: row["reproduces"] for row in beside} == {
        "solid_waste.nbs": False,  # as the rounded inputs stand; the command gives their interval
        "solid_waste.without_old": True,
        "solid_waste.over_made": False,
    }
    explained("waste_reports", "material_reports", "material_quantities")
    explained("material_rates", "material_rates_published")


def months(dry, wet, recyclables, **more):
    """Twelve equal months of a place, in 万吨."""
    names = ("干垃圾（万吨）", "湿垃圾（万吨）", "可回收物（万吨）")
    figures = [f"{value / 12:.10f}" for value in (dry, wet, recyclables)]
    row = {"地区": "武隆区", **dict(zip(names, figures, strict=True)), **more}
    return [row | {"月份": f"2025-{month:02d}"} for month in range(1, 13)]


def test_shanghai_2025_by_two_streams_is_not_what_was_published(hand_in, row_of):
    """645.92 dry, 323.63 wet and 293.97 recyclables (10⁴ t) give 617.60 / 1263.52 = 48.88 %; 45.3 %
    was published. Dry and wet are 969.55 / 365 = 2.66 (10⁴ t a day).
    """
    hand_in("msw_months", months(645.92, 323.63, 293.97))
    two = row_of("material_rates", place="500156", definition="msw.two_streams")
    assert two["value"] == pytest.approx(48.879, abs=1e-3)
    cleared = row_of("material_quantities", place="500156", quantity="msw_cleared")
    assert cleared["amount"] / 365 / 1e4 == pytest.approx(2.66, abs=0.005)
    printed = {"地区": "武隆区", "年份": "2025", "比率": "msw_recovery", "公布值": "45.3%"}
    hand_in("published_rates", [printed | {"文件": "测试：上海2025年"}])
    beside = row_of("material_rates_published", definition="msw.two_streams")
    assert not beside["reproduces"] and beside["off"] == pytest.approx(3.579, abs=1e-3)


def test_household_waste_reaches_its_target_only_with_twelve_months(
    hand_in, row_of, rows_of, explained, workspace
):
    """(30 + 40) / 200 = 35 % of what is generated; (30 + 40) / (150 + 30) = 38.9 % of what is
    cleared. The resource rate names the norm whose coefficients were not read, until a department
    fills them: (30 + 100 × 0.2 + 50 × 1 + 0 × 0) / 180 = 55.6 %."""
    more = {"厨余利用量": "40吨", "焚烧量": 100, "填埋量": 0, "产生量": 200}
    row = {"地区": "武隆区", "其他垃圾": 100, "厨余垃圾": 50, "可回收物": 30, **more}
    year = [row | {"月份": f"2025年{month}月"} for month in range(1, 13)]
    hand_in("msw_months", year[:11])
    rate = row_of("material_rates", place="500156", definition="msw.recovery_generated")
    assert rate["value"] == pytest.approx(35) and rate["missing"] == "months_of_year|11"
    hand_in("msw_months", year)
    rate = row_of("material_rates", place="500156", definition="msw.recovery_generated")
    assert rate["value"] == pytest.approx(35) and rate["missing"] is None
    cleared = row_of("material_rates", place="500156", definition="msw.recovery_cleared")
    assert cleared["value"] == pytest.approx(100 * 70 / 180)
    resource = row_of("material_rates", place="500156", definition="msw.resource")
    assert resource["value"] is None
    assert resource["missing"].startswith(
        "coefficient_not_established|生活垃圾资源化利用率的计算规范"
    )
    local = {"地区": "重庆市", "起始日期": "2025-01-01", "文件": "测试规范"}
    hand_in(
        "local_parameters",
        [
            local | {"参数": f"生活垃圾资源化利用率：{name}折算系数", "取值": value}
            for name, value in (("焚烧", 0.2), ("厨余", 1), ("填埋", 0))
        ],
    )
    resource = row_of("material_rates", place="500156", definition="msw.resource")
    assert resource["value"] == pytest.approx(100 * 100 / 180)
    explained("material_coefficients", "material_rates")
    city = row_of("material_rates", place="500000", definition="msw.recovery_generated")
    assert city["missing"] == "districts_of|1|38"
    spread = HEAD | {"街道": "凤山街道"}
    estates = spread | {"对象": "居民小区", "总数": 120, "开展分类数": 90}
    villages = spread | {"对象": "行政村", "总数": 10, "开展分类数": 4}
    hand_in("sorting_coverage", [estates, villages])
    coverage = by_definition(rows_of("material_rates", place="500156"))
    assert (coverage["coverage.estates"], coverage["coverage.villages"]) == (75, 40)

    def of_target():
        rows = workspace.execute("plan_progress").to_pylist()
        (target,) = [row for row in rows if row["target_id"] == "cq-msw-recycling-2027"]
        return target["state"], target["latest_value"]

    own = [row | {"地区": "重庆市"} for row in year]
    hand_in("msw_months", own[:11])
    assert of_target()[0] != "actual"
    hand_in("msw_months", own)
    assert of_target() == ("actual", pytest.approx(35))
    assert rows_of("material_rates", place="000000") == [], "the country is not its 38 districts"


def test_straw_of_a_township_is_reckoned_as_the_ministry_does(
    hand_in, rows_of, explained, workspace
):
    """10 万亩 × 400 kg × 1.2 = 48,000 t grew, × 0.8 = 38,400 t can be collected; 33,000 t used with
    1,000 bought, 500 sold: 32,500 / 38,400 = 84.64 %. Manure of scale farms 90 / 100, of all
    110 / 140; film 54 net of soil and earlier years of 64; 8.1 of 9 t of packs. Targets of the
    district get the straw, the manure of scale farms and the film net of soil."""
    uses = {"肥料化": 20_000, "饲料化": "1万", "燃料化": 3000, "基料化": 0, "原料化": 0}
    crop = {"作物": "玉米", "播种面积（万亩）": 10, "亩产（公斤/亩）": 400, "草谷比": "1.2"}
    sides = {"可收集系数": "80%", "外县调入量": 1000, "调出量": 500}
    hand_in("straw_years", [HEAD | {"乡镇": "江口镇"} | crop | uses | sides])
    rates = by_definition(rows_of("material_rates", place="500156", material="all"))
    assert rates == {
        "straw.collectable": pytest.approx(100 * 32_500 / 38_400),
        "straw.used_here": pytest.approx(100 * 33_000 / 38_400),
        "straw.theoretical": pytest.approx(100 * 32_500 / 48_000),
    }
    names = ("类别", "产生量（万吨）", "利用量（万吨）")
    farms = ("规模养殖场", 100, 90), ("规模以下", 40, 20)
    pigs = HEAD | {"畜种": "生猪"}
    hand_in("manure_years", [pigs | dict(zip(names, row, strict=True)) for row in farms])
    film = {"膜类": "地膜", "使用量": 64, "回收量": 80, "含杂率": 25, "往年残膜回收量": 6}
    hand_in("film_years", [HEAD | film])
    packs = {"产生量": 9, "农药使用量": 60, "回收量": "8,100千克", "其中无害化处置量": 6}
    hand_in("pesticide_pack_years", [HEAD | packs | {"其中资源化利用量": 1.2}])
    rates = by_definition(rows_of("material_rates", place="500156"))
    several = {"manure.scale": 90, "manure.all": 100 * 110 / 140, "film.net": 93.75}
    several |= {"film.of_year": 84.375, "packs.made": 90, "packs.harmless": 80}
    assert {name: rates[name] for name in several} == pytest.approx(several)
    of_targets = {
        row["target_id"]: row["computed_amount"]
        for row in workspace.execute("plan_progress").to_pylist()
    }
    reached = {"straw": 100 * 32_500 / 38_400, "manure": 90, "mulch-film": 93.75}
    assert {name: of_targets[f"wl-{name}-2025"] for name in reached} == pytest.approx(reached)
    explained("farm_waste_reports")


def test_manure_and_film_by_the_definitions_that_their_forms_allow(hand_in, rows_of):
    """Manure: scale farms 90 / 100, all farms 110 / 140. Film: 80 t weighed with 25 % soil are 60 t
    net, of it 6 of earlier years, of 64 t used: 93.75, 84.375 and (gross) 125 %, which is told."""
    farm = HEAD | {"畜种": "生猪"}
    farms = ("规模养殖场", 100, 90), ("规模以下", 40, 20)
    names = ("类别", "产生量（万吨）", "利用量（万吨）")
    hand_in("manure_years", [farm | dict(zip(names, row, strict=True)) for row in farms])
    film = {"膜类": "地膜", "使用量": 64, "回收量": 80, "含杂率": 25, "往年残膜回收量": 6}
    hand_in("film_years", [HEAD | film])
    rows = rows_of("material_rates", place="500156", material="all")
    rates = by_definition(rows)
    assert rates["manure.scale"] == pytest.approx(90)
    assert rates["manure.all"] == pytest.approx(100 * 110 / 140)
    assert rates["film.net"] == pytest.approx(93.75)
    assert rates["film.of_year"] == pytest.approx(84.375)
    (gross,) = (row for row in rows if row["definition"] == "film.gross")
    assert gross["value"] == pytest.approx(125) and gross["missing"] == "rate_above_all"


def test_pesticide_packs_by_what_was_made_and_the_share_of_packs_is_asked_for(
    hand_in, rows_of, explained
):
    """8.1 of 9 t recovered are 90 %, 7.2 disposed of and used 80 %; over 60 t of pesticide a rate
    waits for the share of packs: with 0.15 filed 8.1 / 9 is 90 % again.
    """
    form = "pesticide_pack_years"
    whole = HEAD | {"产生量": 9, "农药使用量": 60, "回收量": "8,100千克"}
    hand_in(form, [whole | {"其中无害化处置量": 6, "其中资源化利用量": 1.2}])
    rows = {row["definition"]: row for row in rows_of("material_rates", rate="pack_recovery")}
    assert rows["packs.made"]["value"] == pytest.approx(90.0)
    assert rows["packs.harmless"]["value"] == pytest.approx(80.0)
    code, document, _ = rows["packs.by_pesticide"]["missing"].split("|")
    assert code == "coefficient_not_established" and "包装占用药量的比例" in document
    share = {"地区": "重庆市", "参数": "农药包装废弃物：包装占农药使用量的比例（小数）"}
    dated = {"取值": 0.15, "起始日期": "2024-01-01", "文件名称": "测试文件（虚构）"}
    hand_in("local_parameters", [share | dated])
    (row,) = rows_of("material_rates", definition="packs.by_pesticide", place="500156")
    assert row["value"] == pytest.approx(90.0)
    explained("farm_waste_reports", "material_rates")


def test_construction_waste_with_and_without_spoil(hand_in, rows_of, explained):
    """Made: spoil 1,000 weighed, demolition 2,000 m² × 1.3 t (in kg) = 2,600; used: 100 on site,
    2,000 in the plant: 2,100 / 3,600 = 58.3 %, without spoil 2,000 / 2,600 = 76.9 %."""
    site = HEAD | {"工地": "某片区", "场内利用量": 0}
    by_area = {
        "建筑面积": "2,000平方米",
        "单位面积产生量（kg/m2）": "1,300",
        "系数来源": "测试文件",
    }
    spoil = {"类别": "工程渣土", "称重产生量": 1000, "场内利用量": 100}
    hand_in("cdw_sites", [site | {"类别": "拆除垃圾"} | by_area, site | spoil])
    plant = HEAD | {"场所": "某资源化厂", "类别": "拆除垃圾", "接收量": 2600, "资源化利用量": 2000}
    hand_in("cdw_plants", [plant | {"堆填量": 500, "年初存量": 0, "年末存量": 100}])
    rates = by_definition(rows_of("material_rates", place="500156"))
    assert rates == {
        "cdw.all": pytest.approx(100 * 2100 / 3600),
        "cdw.without_spoil": pytest.approx(100 * 2000 / 2600),
    }
    explained("construction_waste_reports")


def test_sludge_counts_dry_and_zero_landfill_is_said_only_of_closed_paths(
    hand_in, row_of, explained
):
    """100 t at 80 % water are 20 t dry; 30 t at 40 % are 18 t dry: 18 / 20 = 90 %, and the other
    2 t lie somewhere. Of 50 t of kitchen waste 30 were composted and 20 digested; of 100 t of
    residual waste 90 were burnt and 10 tipped."""
    sludge = HEAD | {"废物": "污水处理厂污泥", "设施": "一厂"}
    produced = sludge | {"去向": "产生", "数量": 100, "含水率": 80}
    burnt = sludge | {"去向": "焚烧（含协同）", "数量": 30, "含水率": "40%"}
    hand_in("waste_paths", [produced, burnt])
    rate = row_of("material_rates", place="500156", definition="sludge.dry")
    assert rate["value"] == pytest.approx(90)
    paths = row_of("waste_path_balance", waste="sludge")
    assert paths["zero_landfill"] is None and paths["missing"] == "paths_do_not_close"
    hand_in("waste_paths", [produced, burnt, sludge | {"去向": "暂存", "数量": 2, "含水率": 0}])
    paths = row_of("waste_path_balance", waste="sludge")
    assert paths["zero_landfill"] is True and paths["gap"] == 0
    household = {
        "厨余垃圾": (("产生", 50), ("堆肥", 30), ("厌氧消化", 20)),
        "其他垃圾": (("产生", 100), ("焚烧（含协同）", 90), ("填埋", 10)),
    }
    hand_in(
        "waste_paths",
        [
            HEAD | {"废物": waste, "设施": "二厂", "去向": path, "数量": tonnes}
            for waste, of_waste in household.items()
            for path, tonnes in of_waste
        ],
    )
    for waste, is_zero in (("kitchen", True), ("household", False)):
        paths = row_of("waste_path_balance", waste=waste)
        assert (paths["zero_landfill"], paths["gap"]) == (is_zero, 0)
    explained("waste_path_balance")


def test_coverage_of_estates_and_villages(hand_in, rows_of):
    row = HEAD | {"街道": "凤山街道"}
    hand_in(
        "sorting_coverage",
        [
            row | {"对象": "居民小区", "总数": 120, "开展分类数": 90},
            row | {"对象": "行政村", "总数": 10, "开展分类数": 4},
        ],
    )
    rates = by_definition(rows_of("material_rates", place="500156"))
    assert rates == {"coverage.estates": pytest.approx(75), "coverage.villages": pytest.approx(40)}
