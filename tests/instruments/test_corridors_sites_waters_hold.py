"""Corridors, sites and waters: what holds of any works, months and farms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.desk.cases import Case, compute, shipped

DAY = date(2026, 6, 30)
QUICK = settings(max_examples=60, deadline=None)
LENGTHS = st.floats(0, 1_000)
SHARES = st.floats(0, 1)
NEAR_DAY = st.one_of(st.none(), st.integers(-40, 40).map(lambda days: DAY + timedelta(days=days)))


def run(rule, inputs):
    return compute(shipped(), Case(rule, DAY, "500000", inputs, {}, {}, None, "", None)).outputs


def without_none(row):
    return {name: value for name, value in row.items() if value is not None}


@QUICK
@given(st.lists(LENGTHS, min_size=1, max_size=5), SHARES)
def test_what_was_accepted_and_what_waits_make_what_was_done(lengths, share):
    rows = [{"year": 2020 + at, "length": length} for at, length in enumerate(lengths)]
    check = {"checked": "2026-01-01", "kind": "acceptance", "length": share * sum(lengths)}
    days = {"begins": "2020-01-01", "due": "2027-01-01", "looked_at": DAY}
    stands = run("corridor.standing", {**days, "rows": rows, "checks": [check]})
    both = stands["accepted_length"] + stands["waiting_length"]
    assert both == pytest.approx(sum(lengths), abs=1e-9)


@QUICK
@given(st.lists(LENGTHS, min_size=1, max_size=5), st.lists(LENGTHS, min_size=5, max_size=5))
def test_years_of_a_work_add_up_and_its_gap_is_never_negative(lengths, plans):
    rows = [
        {"year": 2020 + at, "length": length, "plan_length": plans[at]}
        for at, length in enumerate(lengths)
    ]
    so_far = [
        run("corridor.year", {"year": row["year"], "rows": rows[: at + 1]})
        for at, row in enumerate(rows)
    ]
    assert sum(year["length_of_year"] for year in so_far) == pytest.approx(so_far[-1]["length"])
    planned = sum(plans[: len(lengths)])
    assert so_far[-1]["length_gap"] == pytest.approx(max(0, planned - sum(lengths)), abs=1e-6)


@QUICK
@given(st.lists(st.tuples(st.floats(1, 1e6), SHARES, st.floats(0, 1e6)), min_size=1, max_size=12))
def test_shares_of_a_site_lie_between_nought_and_all(months):
    rows = [
        {
            "period": f"2025-{at + 1:02d}",
            "generated": generated,
            "used": share * generated,
            "sent": 0.0,
            "bought": bought,
        }
        for at, (generated, share, bought) in enumerate(months)
    ]
    year = run("transport_energy.year", {"pv": 100, "months": rows, "looked_at": DAY})
    assert -1e-9 <= year["self_share"] <= 100 + 1e-9
    if "covered" in year:
        assert -1e-9 <= year["covered"] <= 100 + 1e-9
    assert year["full_hours"] * 100 == pytest.approx(year["generated"])


FARMS = st.lists(
    st.tuples(st.floats(0, 100), NEAR_DAY, NEAR_DAY, NEAR_DAY).map(
        lambda cells: dict(zip(("area", "leave_due", "left", "licence_until"), cells, strict=True))
    ),
    max_size=6,
)


@QUICK
@given(FARMS, st.sampled_from(("closed", "limited", "open")))
def test_each_farm_is_within_its_zone_or_has_left_and_files_agree_with_the_zone(farms, kind):
    """The file of each farm says of it what the file of the zone counts."""
    named = [without_none({"name": f"户{at}", **farm}) for at, farm in enumerate(farms)]
    zone = {"zone_kind": kind, "begins": "2020-01-01"}
    whole = run("farming.zone", {**zone, "area": 100, "farms": named, "looked_at": DAY})
    of_farms = [
        run(
            "farming.farm",
            {**without_none(farm), "zones": [{**zone, "title": "某水域"}], "looked_at": DAY},
        )
        for farm in farms
    ]
    assert whole["within"] + whole["left"] == len(farms)
    assert whole["late"] == sum(said["state"] == "逾期未退" for said in of_farms)
    assert whole["area_within"] == pytest.approx(sum(said["farmed"] for said in of_farms))
