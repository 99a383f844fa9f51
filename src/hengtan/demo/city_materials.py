"""The made-up waste and materials of the district of the demonstration city: loads of a building
site, the two networks, farms, paths of waste, eleven materials, products and batteries at their
end, the list of a zero-waste city. The figures are those of no place.

By them three trucks of 30 t leave the site, two arrive; dealers took in 9.5 t of paper under the
tag of sanitation and 8 t without one; of 120 t of film 96 are recovered net of soil.
"""

from __future__ import annotations

from typing import Any

from hengtan.demo.city import MADE_UP

Row = dict[str, Any]
SITE, PLANT = "演示片区改造工地（虚构）", "演示建筑垃圾资源化厂（虚构）"
SANITATION, DEALER = "演示环卫所（虚构）", "演示回收站（虚构）"
SORTER = "演示分拣中心（虚构）"
TOWNSHIP = "演示镇（虚构）"
DOCUMENT = {"source_title": MADE_UP}
BATTERIES = tuple(f"X12MCPM27KLPCLX2M238232{number}" for number in range(3))
"""Codes of the shape of the example of a public data model, with other serial numbers."""


def materials_of(year: int, place: str) -> dict[str, list[Row]]:
    """Rows of waste and materials of a year by form."""
    about = {"place": place, "period": f"{year}年"}
    return {
        "cdw_sites": _sites(about),
        "cdw_plants": _plants(about),
        "straw_years": _straw(about),
        "manure_years": _manure(about),
        "film_years": _film(about),
        "pesticide_pack_years": _packs(about),
        "local_parameters": [_pack_share(year, place)],
        "sorting_coverage": _coverage(about),
        "waste_paths": _paths(about),
        "published_rates": [_published(about)],
        "recycling_sources": _sources(about),
        "source_shares": _shares(year, place),
        "material_estimates": _estimates(about),
        "product_cohorts": _cohorts(year, place),
        "product_lifetimes": [_lifetime(place)],
        "epr_years": _take_back(year, place),
        "battery_events": _batteries(year, place),
        "zero_waste_indicators": _zero_waste(about),
    }


def more_flows(year: int, place: str) -> list[Row]:
    """Flows beside those of the works: loads of the site, the two networks, and a dealer that filed
    a month and its days.
    """
    return [*_loads(year, place), *_networks(year, place), *_twice(year, place)]


def limits_of(firm: str, material: str, year: int) -> list[Row]:
    """What a firm may take in and store of a material."""
    return [
        {
            "firm": firm,
            "material": material,
            "received_most": 10_000,
            "stock_most": 1_500,
            "storage_days": 180,
            "begins": f"{year - 1}-01-01",
        }
        | DOCUMENT
    ]


def _flow(place: str, firm: str, material: str, day: str, kind: str, amount: float) -> Row:
    return {
        "place": place,
        "firm": firm,
        "material": material,
        "period": day,
        "kind": kind,
        "amount": amount,
        "unit": "吨",
        "note": MADE_UP,
    }


def _loads(year: int, place: str) -> list[Row]:
    """Three trucks leave the site; the third is not weighed in. [t]"""
    rows = []
    for number in (1, 2, 3):
        line = {"manifest": f"演示-运-{number}"}
        day = f"{year}-03-{number:02d}"
        left = _flow(place, SITE, "拆除垃圾", day, "转移", 30)
        rows.append(left | line | {"destination": PLANT})
        if number < 3:
            rows.append(_flow(place, PLANT, "拆除垃圾", day, "收进", 30) | line)
    return rows


def _networks(year: int, place: str) -> list[Row]:
    """Paper handed over by sanitation and bought by a dealer. [t]"""
    month = f"{year}年5月"
    handed = _flow(place, SANITATION, "废纸", month, "转出", 10)
    bought = _flow(place, DEALER, "废纸", month, "收进", 9.5)
    return [
        handed | {"network": "环卫", "tag": "演示-交-1"},
        handed | {"network": "环卫", "amount": 6},
        bought | {"network": "再生资源", "tag": "演示-交-1"},
        bought | {"network": "再生资源", "amount": 8},
    ]


def _twice(year: int, place: str) -> list[Row]:
    """A sorter that filed June whole and two days of it once more. [t]"""
    whole = _flow(place, SORTER, "废塑料", f"{year}年6月", "收进", 12)
    days = [_flow(place, SORTER, "废塑料", f"{year}-06-{day}", "收进", 5) for day in (10, 20)]
    return [row | {"network": "再生资源"} for row in (whole, *days)]


def _sites(about: Row) -> list[Row]:
    weighed = {"waste": "拆除垃圾", "weighed": 100, "on_site": 10}
    return [about | {"site": SITE} | weighed | DOCUMENT]


def _plants(about: Row) -> list[Row]:
    balance = {"received": 60, "recovered": 50, "filled": 10, "stock_before": 0, "stock_after": 0}
    return [about | {"plant": PLANT, "waste": "拆除垃圾"} | balance | DOCUMENT]


def _straw(about: Row) -> list[Row]:
    """Maize and rape of a township. [t]"""
    uses = ("as_fertiliser", "as_feed", "as_fuel", "as_base", "as_material", "bought", "sold")
    crops = (
        ("玉米", 20_000, 400, 1.1, 0.85, (3_600, 2_000, 700, 100, 100, 0, 200)),
        ("油菜", 10_000, 130, 2.4, 0.8, (1_500, 200, 400, 0, 0, 0, 0)),
    )
    return [
        about
        | {"township": TOWNSHIP, "crop": crop, "sown": sown, "crop_yield": by_area}
        | {"straw_ratio": ratio, "collectable_share": share}
        | dict(zip(uses, amounts, strict=True))
        | DOCUMENT
        for crop, sown, by_area, ratio, share, amounts in crops
    ]


def _manure(about: Row) -> list[Row]:
    farms = (("规模养殖场", 120_000, 112_000), ("规模以下", 40_000, 33_000))
    return [
        about
        | {"township": TOWNSHIP, "farms": kind, "species": "生猪", "made": whole, "used": used}
        | DOCUMENT
        for kind, whole, used in farms
    ]


def _film(about: Row) -> list[Row]:
    """Film weighed with a fifth of soil: 120 × 0.8 = 96 t of 120."""
    weighed = {"film_used": 120, "weighed": 120, "soil_share": 20, "from_before": 0}
    return [about | {"township": TOWNSHIP, "film": "地膜"} | weighed | DOCUMENT]


def _packs(about: Row) -> list[Row]:
    figures = {"pesticide": 80, "recovered": 6, "disposed": 4, "reused": 2}
    return [about | {"township": TOWNSHIP} | figures | DOCUMENT]


def _pack_share(year: int, place: str) -> Row:
    """A share of packs made up for the demonstration; no document at hand establishes one."""
    item = {"item": "pesticide.pack_share", "value": 0.1, "begins": f"{year}-01-01"}
    return {"place": place} | item | DOCUMENT


def _coverage(about: Row) -> list[Row]:
    counts = (("居民小区", 80, 72), ("行政村", 150, 96))
    return [
        about | {"kind": kind, "everything": whole, "sorting": sorting} | DOCUMENT
        for kind, whole, sorting in counts
    ]


def _paths(about: Row) -> list[Row]:
    """Sludge at 80 % water and kitchen waste by path, which close. [t]"""
    paths = (
        ("污水处理厂污泥", "产生", 2_520, 80),
        ("污水处理厂污泥", "焚烧（含协同）", 2_000, 80),
        ("污水处理厂污泥", "堆肥与土地利用", 520, 80),
        ("餐厨（厨余）垃圾", "产生", 9_000, None),
        ("餐厨（厨余）垃圾", "厌氧消化", 9_000, None),
    )
    return [
        about
        | {"facility": "演示处理中心（虚构）", "waste": waste, "path": path}
        | {"amount": amount, "water_share": water}
        | DOCUMENT
        for waste, path, amount, water in paths
    ]


def _published(about: Row) -> Row:
    return about | {"rate": "solid_waste_use", "printed": 90.0, "unit": "%"} | DOCUMENT


def _sources(about: Row) -> list[Row]:
    amounts = {"报废机动车": 1_000, "废轮胎": 50}
    return [
        about | {"category": category, "reporter": DEALER, "amount": amount} | DOCUMENT
        for category, amount in amounts.items()
    ]


def _shares(year: int, place: str) -> list[Row]:
    """Shares made up for the demonstration; tyres have none."""
    return [
        {"place": place, "category": "报废机动车", "material": material, "share": share}
        | {"begins": year}
        | DOCUMENT
        for material, share in (("废钢铁", 70), ("废铝", 5), ("废塑料", 8))
    ]


def _estimates(about: Row) -> list[Row]:
    """Two reports of steel that contradict one another. [t; %]"""
    reports = (("演示回收商口径", 680, 10), ("演示钢厂口径", 760, 5))
    return [
        about
        | {"material": "废钢铁", "origin": origin, "amount": amount, "deviation": deviation}
        | DOCUMENT
        for origin, amount, deviation in reports
    ]


def _cohorts(year: int, place: str) -> list[Row]:
    """Ten years of cars sold. [cars]"""
    rows = [
        {"place": place, "product": "乘用车", "period": f"{year - 9 + n}年", "sold": 500 + 40 * n}
        | {"count_unit": "台（辆）"}
        | DOCUMENT
        for n in range(10)
    ]
    rows[-1] |= {"recovered": 150, "second_life": 10}
    return rows


def _lifetime(place: str) -> Row:
    shape = {"distribution": "正态", "first": 8, "second": 2.5}
    return {"place": place, "product": "乘用车"} | shape | DOCUMENT


def _take_back(year: int, place: str) -> list[Row]:
    return [
        {"place": place, "producer": "演示电器厂（虚构）", "product": "冰箱"}
        | {"period": f"{of}年", "sold": sold, "taken_back": back, "count_unit": "台（套、只）"}
        | {"lag": 1, "duty": 30}
        | DOCUMENT
        for of, sold, back in ((year - 1, 1_000, 200), (year, 1_100, 360))
    ]


def _batteries(year: int, place: str) -> list[Row]:
    """Three batteries retire, two are recovered, one of them is recycled."""
    events = [(code, "退役", "05-01") for code in BATTERIES]
    events += [(code, "回收", "06-01") for code in BATTERIES[:2]]
    events.append((BATTERIES[0], "再生利用", "09-01"))
    return [
        {"place": place, "code": code, "event": event, "day": f"{year}-{day}", "mass": 410}
        | DOCUMENT
        for code, event, day in events
    ]


def _zero_waste(about: Row) -> list[Row]:
    """Four indicators of the list, one without a figure; names made up."""
    rows = (
        ("演示指标一（虚构）", "必选", 92, 90),
        ("演示指标二（虚构）", "必选", 71, 80),
        ("演示指标三（虚构）", "必选", None, 60),
        ("演示指标四（虚构）", "可选", 35, 30),
    )
    return [
        about
        | {"indicator": called, "duty": duty, "value": value, "goal": goal, "weight": 1}
        | DOCUMENT
        for called, duty, value, goal in rows
    ]
