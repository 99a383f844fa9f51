"""Systems of the plans that are kept as lists: entries become the count or the sum of a place, and
of what it lies in, on a day; an entry that is taken off the list no longer counts.
"""

from __future__ import annotations

from datetime import date

import pytest
from filed_rows import file_rows
from named_since import NAMED_SINCE

from hengtan import packs
from hengtan.workspace.asof import AsOf

PACK = packs.load("wulong")
REGISTRIES = {row["registry_id"]: row for row in PACK.rows("registries")}
OF_SYSTEMS = {
    row["system_id"]: row["reference"]
    for row in PACK.rows("recordings")
    if row["recorded_by"] == "registry"
}
LISTED = sorted({name for names in OF_SYSTEMS.values() for name in names})


WULONG, FULING, SOUTH_EAST, NEW_AREAS, CITY = "500156", "500102", "CQ-G-SE", "CQ-G-NEW", "500000"
LEVELS = {"national": "国家级", "municipal": "市级", "district": "区县级"}


def entries(name, *, fuling="3"):
    """Lines of a bureau's list: two of Wulong and one of Fuling granted in 2025, one of which was
    taken off in March; ``fuling``: its quantity, where the list has quantities.
    """
    registry = REGISTRIES[name]
    levels = registry["indicator_levels"] or registry["levels"]
    line = {"名录名称": registry["title_zh"], "授予日期": "2025年2月1日"}
    line |= {"级别": LEVELS[levels[-1]]} if levels else {}
    has_quantity = registry["counts"] == "quantity"

    def of(title, district, quantity, **more):
        amount = {"数量": quantity, "计量单位": registry["unit"]} if has_quantity else {}
        return {**line, "区县": district, "名称": title, **amount, **more}

    return [
        of("甲", "武隆区", " 3.0 "),
        of("乙", "武隆", "３", 移出日期="2025-03-01"),
        of("丙", "涪陵区", fuling, 备注="核对过"),
    ]


def counted(workspace, day):
    """Number and quantity of 2025 by list and place, as they stand on a day."""
    years = workspace.execute("plan_registry_years", AsOf.of(today=day)).to_pylist()
    numbers_by = {}
    for row in years:
        is_flow = REGISTRIES[row["registry"]]["counting"] == "granted_in_period"
        what = "granted" if is_flow else "in_force"
        if row["year"] == 2025:
            numbers = row[f"entries_{what}"], row[f"quantity_{what}"]
            numbers_by[row["registry"], row["place"]] = numbers
    return numbers_by


def assert_counts(workspace, day, in_force, granted, more=0.0):
    """By place: how many are in force, and how many were granted in the year; a quantity is three
    times that, and in what holds Fuling ``more``.
    """
    numbers_by = counted(workspace, day)
    for name in LISTED:
        registry = REGISTRIES[name]
        is_flow = registry["counting"] == "granted_in_period"
        numbers = granted if is_flow else in_force
        for place, number in numbers.items():
            entries_of, quantity = numbers_by[name, place]
            assert entries_of == number, (name, place)
            if registry["counts"] == "quantity":
                added = more if place in (FULING, NEW_AREAS, CITY) and numbers[FULING] else 0.0
                assert quantity == pytest.approx(3.0 * number + added), (name, place)


def test_entries_become_the_count_or_sum_of_the_city_on_a_day(workspace, tmp_path):
    """A bureau's file of every list, by hand. On 15 February all three stand: 2 in Wulong, which is
    all there is of the south-east, 1 in Fuling, of the new areas, 3 in the city. At the end of the
    year one of Wulong is off the list. Of a list of what was done in the year all three count on.
    Then Fuling's quantity is corrected from 3 to 5, then Fuling is taken off.
    """
    file_rows(workspace, tmp_path, "registry_entries", [e for n in LISTED for e in entries(n)])
    all_of = {WULONG: 2, SOUTH_EAST: 2, FULING: 1, NEW_AREAS: 1, CITY: 3}
    standing = {WULONG: 1, SOUTH_EAST: 1, FULING: 1, NEW_AREAS: 1, CITY: 2}
    assert_counts(workspace, date(2025, 2, 15), all_of, all_of)
    assert_counts(workspace, date(2026, 6, 30), standing, all_of)

    mended = [entries(name, fuling="5")[2] for name in LISTED]
    file_rows(workspace, tmp_path, "registry_entries", mended)
    assert_counts(workspace, date(2026, 6, 30), standing, all_of, more=2.0)

    file_rows(
        workspace, tmp_path, "registry_entries", [e | {"移出日期": "2025-06-30"} for e in mended]
    )
    left = {WULONG: 1, SOUTH_EAST: 1, FULING: 0, NEW_AREAS: 0, CITY: 1}
    assert_counts(workspace, date(2026, 6, 30), left, all_of, more=2.0)


@pytest.mark.parametrize("system", NAMED_SINCE)
def test_a_system_named_since_says_that_it_is_our_own_reading(system):
    row = next(row for row in PACK.rows("systems") if row["system"] == system)
    assert row["confidence"] == "recalled" and row["user_need_zh"] and row["user_need_en"]
