"""Systems of the plans that are kept as lists: entries become the count or the sum of a place, and
of what it lies in, on a day; an entry that is taken off the list no longer counts.
"""

from __future__ import annotations

from datetime import date

import pytest
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


def entries(name):
    """Two of Wulong and one of Fuling granted in 2025; one is taken off the list in March."""
    registry = REGISTRIES[name]
    levels = registry["indicator_levels"] or registry["levels"] or (None,)
    kept = {"registry": name, "level": levels[-1], "granted": date(2025, 2, 1)}
    kept |= {"quantity": 3.0, "unit": registry["unit"]} if registry["counts"] == "quantity" else {}
    return [
        kept | {"place": "500156", "title": "甲"},
        kept | {"place": "500156", "title": "乙", "withdrawn": date(2025, 3, 1)},
        kept | {"place": "500102", "title": "丙"},
    ]


def test_entries_become_the_count_or_sum_of_the_city_on_a_day(workspace, report):
    """By hand: of a list in force 1 in Wulong and 2 in the city on 2025-12-31; of a list of what
    was done in the year 2 and 3. A quantity is three times that.
    """
    report(workspace, "registry_entries", [row for name in LISTED for row in entries(name)])
    years = workspace.execute("plan_registry_years", AsOf.of()).to_pylist()
    of_2025 = {(row["registry"], row["place"]): row for row in years if row["year"] == 2025}
    for name in LISTED:
        registry = REGISTRIES[name]
        is_flow = registry["counting"] == "granted_in_period"
        what, expected = ("granted", (2, 3)) if is_flow else ("in_force", (1, 2))
        for place, number in zip(("500156", "500000"), expected, strict=True):
            row = of_2025[name, place]
            assert row[f"entries_{what}"] == number, (name, place)
            if registry["counts"] == "quantity":
                assert row[f"quantity_{what}"] == pytest.approx(3.0 * number), (name, place)


@pytest.mark.parametrize("system", NAMED_SINCE)
def test_a_system_named_since_says_that_it_is_our_own_reading(system):
    row = next(row for row in PACK.rows("systems") if row["system"] == system)
    assert row["confidence"] == "recalled" and row["user_need_zh"] and row["user_need_en"]
