"""How a target's verdict came about, told to those who answer for it and no others."""

from __future__ import annotations

import pytest

from hengtan.office.permission import Grant

TARGET = "cq-energy-intensity-2027"
"""Of the city, answered for by the statistics office and the development commission."""
WULONG = "500156"


@pytest.fixture
def city(demo_copy):
    """The demonstration instead of the made-up city: it has targets."""
    return demo_copy


def nodes(tree):
    """A tree, row by row."""
    yield tree
    for part in tree["inputs"]:
        yield from nodes(part)


def asked_of(who, target):
    """What the server says of a target's verdict."""
    return who.get("/api/v1/explain/plan_progress", params={"key": [f"target_id={target}"]})


def test_who_answers_for_a_target_is_told_how_it_came_about_in_part(program, shared):
    analyst = program("市析", Grant("analyst"))
    office = program("统计", Grant("analyst", department="市统计局"))
    forestry = program("林业", Grant("analyst", department="市林业局"))
    district = program("武析", Grant("analyst", place=WULONG))
    whole, part = asked_of(analyst, TARGET), asked_of(office, TARGET)
    assert whole.status_code == part.status_code == 200
    assert asked_of(forestry, TARGET).status_code == asked_of(district, TARGET).status_code == 404
    assert asked_of(office, "nothing").json() == asked_of(forestry, TARGET).json()
    assert not any(row["kind"] == "withheld" for row in nodes(whole.json()))
    # the verdict is the same; the rows the city handed in are counted, and nothing of them is said
    assert part.json()["values"] == whole.json()["values"]
    handed_in = [row for row in nodes(whole.json()) if row["kind"] == "ledger"]
    assert handed_in and not any(row["kind"] == "ledger" for row in nodes(part.json()))
    files = {row["origin"]["_file"] for row in handed_in}
    assert files and not [name for name in files if name in part.text]
    withheld = [row for row in nodes(part.json()) if row["kind"] == "withheld"]
    assert {row["name"] for row in withheld} <= {"plan_series", "plan_values", "indicator_values"}
    assert all("市统计局" in row["zh"] and row["rows"] >= 1 for row in withheld)
    # asked for in bulk it is the same tree
    where = {"where": f"target_id={TARGET}"}
    bulk = analyst.get("/api/v1/explanations/plan_progress", params=where).json()
    assert [row["tree"] for row in bulk["explanations"]] == [whole.json()]
    assert office.get("/api/v1/explanations/plan_progress").json()["explanations"] == []


def test_a_district_is_told_of_its_own_targets_and_of_no_row_outside(program, shared):
    district = program("武析", Grant("analyst", place=WULONG))
    targets = [t for t in shared.site.view().targets if t["region_code"] == WULONG][:3]
    assert len(targets) == 3
    for target in targets:
        answer = asked_of(district, target["target_id"])
        assert answer.status_code == 200, target["target_id"]
        for row in nodes(answer.json()):
            if row["kind"] not in ("pack", "withheld"):
                said = {**row["values"], **row["key"]}
                assert said.get("place") in (None, WULONG)
