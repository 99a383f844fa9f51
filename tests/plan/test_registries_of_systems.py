"""Systems of the plans that are kept as lists: entries become the count or the sum of a place, and
of what it lies in, on a day; an entry that is taken off the list no longer counts. Of each system
the figures are asserted that its sentence in ``docs/coverage.csv`` promises.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from filed_rows import file_rows
from named_since import NAMED_SINCE

from hengtan import packs
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings

PACK = packs.load("wulong")
REGISTRIES = {row["registry_id"]: row for row in PACK.rows("registries")}
OF_SYSTEMS = {
    row["system_id"]: row["reference"]
    for row in PACK.rows("recordings")
    if row["recorded_by"] == "registry"
}
with (Path(__file__).parents[2] / "docs" / "coverage.csv").open(encoding="utf-8") as _file:
    COVERAGE = {row["system_id"]: row for row in csv.DictReader(_file)}
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


SAID = re.compile(
    r"the (?P<what>number|sum in (?P<unit>\S+))(?: of [a-z -]+?)?"
    r" (?P<when>in force on any day|granted in a year)"
)
"""What a sentence of the coverage promises of a list."""

PLACES = (WULONG, SOUTH_EAST, FULING, NEW_AREAS, CITY)
EXPECTED = {
    "filed": {
        "entries_in_force": (2, 2, 1, 1, 3),
        "quantity_in_force": (6, 6, 3, 3, 9),
        "entries_granted": (2, 2, 1, 1, 3),
        "quantity_granted": (6, 6, 3, 3, 9),
    },
    "one_off_the_list": {
        "entries_in_force": (1, 1, 1, 1, 2),
        "quantity_in_force": (3, 3, 3, 3, 6),
        "entries_granted": (2, 2, 1, 1, 3),
        "quantity_granted": (6, 6, 3, 3, 9),
    },
    "corrected": {
        "entries_in_force": (1, 1, 1, 1, 2),
        "quantity_in_force": (3, 3, 5, 5, 8),
        "entries_granted": (2, 2, 1, 1, 3),
        "quantity_granted": (6, 6, 5, 5, 11),
    },
    "two_off_the_list": {
        "entries_in_force": (1, 1, 0, 0, 1),
        "quantity_in_force": (3, 3, 0, 0, 3),
        "entries_granted": (2, 2, 1, 1, 3),
        "quantity_granted": (6, 6, 5, 5, 11),
    },
}
"""Figures of 2025 by place, by hand. Two entries of three units each are of Wulong, which is all
there is of the south-east; one of three is of Fuling, of the new areas. On 15 February all stand;
later one of Wulong is off the list; Fuling's three become five; then Fuling is off the list too.
What was granted in the year counts on.
"""


def figures_promised(system: str) -> list[str]:
    """The column of each list of a system that its sentence speaks of; of a system that has a file
    beside its list, what the list itself counts.

    A sentence with one figure speaks of every list, one with several of each list in turn; figure
    and unit have to be those that the list is kept for.
    """
    names, row = OF_SYSTEMS[system], COVERAGE[system]
    if row["works"] != "registry":
        return [_own_figure(REGISTRIES[name]) for name in names]
    said = list(SAID.finditer(row["use"]))
    said = said * len(names) if len(said) == 1 else said
    assert len(said) == len(names), row["use"]
    figures = []
    for name, match in zip(names, said, strict=True):
        assert match["unit"] in (None, REGISTRIES[name]["unit"]), (name, row["use"])
        is_flow = match["when"] == "granted in a year"
        figures.append(_figure(is_sum=match["what"] != "number", is_flow=is_flow))
        assert figures[-1] == _own_figure(REGISTRIES[name]), (name, row["use"])
    return figures


def _own_figure(registry: Mapping[str, str]) -> str:
    is_flow = registry["counting"] == "granted_in_period"
    return _figure(is_sum=registry["counts"] == "quantity", is_flow=is_flow)


def _figure(*, is_sum: bool, is_flow: bool) -> str:
    return f"{'quantity' if is_sum else 'entries'}_{'granted' if is_flow else 'in_force'}"


def figures_of(workspace, day):
    """The row of 2025 by list and place, as it stands on a day."""
    years = workspace.execute("plan_registry_years", AsOf.of(today=day)).to_pylist()
    return {(row["registry"], row["place"]): row for row in years if row["year"] == 2025}


def file_lists(folder: Path):
    """A bureau's file of every list into a workspace, corrected twice: what stood after each."""
    city = Settings("武隆（测试）", "Wulong (test)", WULONG, "wulong")
    files = folder.with_name(f"{folder.name}-files")
    files.mkdir(exist_ok=True)
    mended = [entries(name, fuling="5")[2] for name in LISTED]
    off = [entry | {"移出日期": "2025-06-30"} for entry in mended]
    later = date(2026, 6, 30)
    with Workspace.create(folder, city) as workspace:
        file_rows(workspace, files, "registry_entries", [e for n in LISTED for e in entries(n)])
        stood = {"filed": figures_of(workspace, date(2025, 2, 15))}
        stood["one_off_the_list"] = figures_of(workspace, later)
        file_rows(workspace, files, "registry_entries", mended)
        stood["corrected"] = figures_of(workspace, later)
        file_rows(workspace, files, "registry_entries", off)
        stood["two_off_the_list"] = figures_of(workspace, later)
    return stood


@pytest.fixture(scope="module")
def stood(build_once):
    """What stood of the lists after each file: by stage, then by list and place."""
    return build_once("registries", file_lists)[1]


@pytest.mark.parametrize("system", sorted(OF_SYSTEMS))
def test_entries_become_the_count_or_sum_of_the_city_on_a_day(stood, system):
    """The figure that the sentence of the system promises, for a district, its group and the city,
    as entries are filed, taken off and corrected.
    """
    for name, figure in zip(OF_SYSTEMS[system], figures_promised(system), strict=True):
        for stage, expected in EXPECTED.items():
            by_place = tuple(stood[stage][name, place][figure] for place in PLACES)
            assert by_place == pytest.approx(expected[figure]), (name, stage)


@pytest.mark.parametrize("system", NAMED_SINCE)
def test_a_system_named_since_says_that_it_is_our_own_reading(system):
    row = next(row for row in PACK.rows("systems") if row["system"] == system)
    assert row["confidence"] == "recalled" and row["user_need_zh"] and row["user_need_en"]
