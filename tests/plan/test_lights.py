"""The four rules of the light on hand-made reports; figures are worked by hand in each test."""

from contextlib import contextmanager
from datetime import date

import pytest

from hengtan.graph.engines import drop, keep_rows
from hengtan.report.status_rows import status_rows
from hengtan.workspace.asof import AsOf


@contextmanager
def reported_alone(workspace, day):
    """The graph where values of indicators alone are reported: nothing is computed."""
    graph = workspace.graph(AsOf.of(today=day))
    engine = graph.table("indicator_values").get_backend()
    nothing = keep_rows(engine, nothing_computed(graph), "nothing_computed")
    reported = graph.with_overrides(plan_computed_values=nothing)
    yield reported
    reported.close()
    drop(engine, "nothing_computed")


def status_of(workspace, target, day=date(2026, 11, 25)):
    with reported_alone(workspace, day) as graph:
        rows = status_rows(workspace.pack, graph.execute("plan_progress").to_pylist(), day)
    return next(row for row in rows if row["target_id"] == target)


_NOTHING = []


def nothing_computed(graph):
    """What accounts and registries answer where none of their forms is filled: no row. Worked out
    once, since it takes four fifths of the time of a verdict.
    """
    if not _NOTHING:
        _NOTHING.append(graph.execute("plan_computed_values"))
    assert _NOTHING[0].num_rows == 0
    return _NOTHING[0]


def value(indicator, period, amount, unit="%", place="500000", **more):
    return {
        "place": place,
        "indicator": indicator,
        "period": period,
        "value": amount,
        "unit": unit,
        **more,
    }


@pytest.mark.parametrize(("reported", "light"), [(98.2, "met"), (98.0, "met"), (97.9, "missed")])
def test_a_passed_deadline_is_judged_by_the_actual_of_its_year(workspace, report, reported, light):
    report(
        workspace,
        "indicator_values",
        [value("sewage_treatment_rate", "2025", reported, place="500156")],
    )
    assert status_of(workspace, "wl-sewage-2025")["light"] == light


def test_an_actual_of_another_year_leaves_it_due(workspace, report):
    report(
        workspace,
        "indicator_values",
        [value("sewage_treatment_rate", "2024", 99.0, place="500156")],
    )
    row = status_of(workspace, "wl-sewage-2025")
    assert (row["light"], row["state"], row["latest_value"]) == ("due_not_reported", "actual", 99.0)


def test_before_the_deadline_the_same_value_is_met_now(workspace, report):
    report(
        workspace,
        "indicator_values",
        [value("sewage_treatment_rate", "2024", 99.0, place="500156")],
    )
    row = status_of(workspace, "wl-sewage-2025", date(2025, 6, 1))
    assert (row["light"], row["reason_code"]) == ("green", "met_now")


@pytest.mark.parametrize(
    ("latest", "light", "code"),
    [
        # base 18.6 of 2024, goal 40 in 2027: the straight path asks 25.733 for 2025
        (17.0, "red", "moved_away"),
        (20.0, "orange", "behind_path"),
        (18.6, "orange", "behind_path"),
        (25.7, "orange", "behind_path"),
        (25.74, "green", "on_path"),
        (40.0, "green", "met_now"),
    ],
)
def test_the_straight_path(workspace, report, latest, light, code):
    report(
        workspace,
        "indicator_values",
        [value("prefab_share", "2024", 18.6), value("prefab_share", "2025", latest)],
    )
    row = status_of(workspace, "cq-prefab-2027")
    assert (row["light"], row["reason_code"]) == (light, code)
    assert row["required_now"] == pytest.approx(18.6 + (40 - 18.6) / 3)
    assert row["needed_pace"] == pytest.approx((40 - latest) / 2)
    assert row["pace_so_far"] == pytest.approx(latest - 18.6)


def test_no_value_since_the_base_is_grey(workspace, report):
    report(workspace, "indicator_values", [value("prefab_share", "2023", 30.0)])
    assert status_of(workspace, "cq-prefab-2027")["reason_code"] == "no_value_since_base"


def test_a_value_without_a_base_is_grey(workspace, report):
    report(workspace, "indicator_values", [value("prefab_share", "2025", 30.0)])
    assert status_of(workspace, "cq-prefab-2027")["reason_code"] == "no_base"


@pytest.mark.parametrize(
    ("cut_2024", "cut_2025", "light", "code"),
    [
        # goal 16 % over 2020-2027: by 2025 the compound path asks 1 - 0.84^(5/7) = 11.71 %
        (10.0, 9.5, "red", "did_not_fall"),
        (10.0, 10.0, "red", "did_not_fall"),
        (10.0, 11.0, "orange", "behind_progress"),
        (10.0, 11.8, "green", "on_progress"),
        (10.0, 16.0, "green", "met_now"),
    ],
)
def test_cuts_follow_the_official_light(workspace, report, cut_2024, cut_2025, light, code):
    report(
        workspace,
        "indicator_values",
        [
            value("energy_intensity_gdp", "2024", cut_2024),
            value("energy_intensity_gdp", "2025", cut_2025),
        ],
    )
    row = status_of(workspace, "cq-energy-intensity-2027")
    assert (row["light"], row["reason_code"]) == (light, code)
    assert row["required_now"] == pytest.approx(100 * (1 - 0.84 ** (5 / 7)))


@pytest.mark.parametrize(
    ("period", "compared", "state", "basis"),
    [
        # goal over 2020-2027: a cut of 2020 or of 2018 cannot be one since 2020
        ("2020", None, "other_definition", "before_base"),
        ("2018", None, "other_definition", "before_base"),
        ("2024", "last_year", "other_definition", "cut_of_one_year"),
        ("2024", "since_base", "actual", "outturn"),
        ("2021", "last_year", "actual", "outturn"),  # the first year: both are the same
    ],
)
def test_a_cut_speaks_since_its_own_base_year_only(
    workspace, report, period, compared, state, basis
):
    cut = value("energy_intensity_gdp", period, 12.0) | {"compared": compared}
    report(workspace, "indicator_values", [cut])
    rows = workspace.execute("plan_evidence").to_pylist()
    row = next(row for row in rows if row["target_id"] == "cq-energy-intensity-2027")
    assert (row["state"], row["state_basis"]) == (state, basis)
    light = status_of(workspace, "cq-energy-intensity-2027")["light"]
    assert (light == "grey") == (state != "actual")


def test_a_cut_is_formed_from_intensities_of_one_edition(workspace, report):
    unit = "吨标准煤/万元"
    report(
        workspace,
        "indicator_values",
        [
            value("energy_intensity_gdp", "2020", 0.4, unit, edition="A"),
            value("energy_intensity_gdp", "2024", 0.36, unit, edition="A"),
            value("energy_intensity_gdp", "2025", 0.352, unit, edition="A"),
        ],
    )
    row = status_of(workspace, "cq-energy-intensity-2027")
    assert row["latest_in_unit"] == pytest.approx(12.0) and row["light"] == "green"  # 1 - 0.352/0.4


def test_another_edition_is_never_chained(workspace, report):
    unit = "吨标准煤/万元"
    report(
        workspace,
        "indicator_values",
        [
            value("energy_intensity_gdp", "2020", 0.4, unit, edition="A"),
            value("energy_intensity_gdp", "2025", 0.352, unit, edition="B"),
        ],
    )
    row = status_of(workspace, "cq-energy-intensity-2027")
    assert row["state"] == "other_definition" and row["light"] == "grey"


def test_additions_are_summed_over_the_period(workspace, report):
    years = [("2021", 200.0), ("2022", 250.0), ("2023", 300.0), ("2024", 150.0), ("2025", 101.0)]
    report(
        workspace,
        "indicator_values",
        [value("ev_chargers_added", y, n, "个", place="500156") for y, n in years],
    )
    row = status_of(workspace, "wl-chargers-2025")
    assert (row["light"], row["latest_in_unit"]) == ("met", 1001.0)


@pytest.mark.parametrize(("third", "light"), [(149.0, "orange"), (150.0, "green")])
def test_additions_are_held_against_the_straight_path_from_none(workspace, report, third, light):
    # 1,000 in the five years 2021 to 2025: three of them ask 600
    years = [("2021", 200.0), ("2022", 250.0), ("2023", third)]
    report(
        workspace,
        "indicator_values",
        [value("ev_chargers_added", y, n, "个", place="500156") for y, n in years],
    )
    row = status_of(workspace, "wl-chargers-2025", date(2024, 6, 30))
    assert (row["light"], row["required_now"]) == (light, pytest.approx(600.0))
    # (450 + third) in the three years since the end of 2020
    assert row["pace_so_far"] == pytest.approx((450 + third) / 3)


def test_additions_of_another_scope_are_not_added(workspace, report):
    # 200 + 250 + 300 + 150 + 50 = 950 of more than 1,000; the 150 of 2024 that are told by kind
    # once more are no further ones
    years = [("2021", 200.0), ("2022", 250.0), ("2023", 300.0), ("2024", 150.0), ("2025", 50.0)]
    parts = [
        value("ev_chargers_added", "2024", n, "个", place="500156", scope=kind)
        for kind, n in (("public", 100.0), ("private", 50.0))
    ]
    report(
        workspace,
        "indicator_values",
        [*(value("ev_chargers_added", y, n, "个", place="500156") for y, n in years), *parts],
    )
    row = status_of(workspace, "wl-chargers-2025")
    assert (row["light"], row["latest_in_unit"]) == ("missed", 950.0)


def test_more_than_is_strict(workspace, report):
    years = [("2021", 200.0), ("2022", 250.0), ("2023", 300.0), ("2024", 150.0), ("2025", 100.0)]
    report(
        workspace,
        "indicator_values",
        [value("ev_chargers_added", y, n, "个", place="500156") for y, n in years],
    )
    assert status_of(workspace, "wl-chargers-2025")["light"] == "missed"


def test_a_missing_year_of_additions_leaves_the_sum_partial(workspace, report):
    report(
        workspace,
        "indicator_values",
        [
            value("ev_chargers_added", "2021", 200.0, "个", place="500156"),
            value("ev_chargers_added", "2025", 300.0, "个", place="500156"),
        ],
    )
    row = status_of(workspace, "wl-chargers-2025")
    assert (row["state"], row["light"]) == ("partial_period", "due_not_reported")


def test_a_stock_is_never_taken_for_an_addition(workspace, report):
    report(
        workspace,
        "indicator_values",
        [value("new_energy_capacity", "2025", 50.0, "万千瓦", place="500156")],
    )
    assert status_of(workspace, "wl-new-energy-added-2025")["state"] == "none"


def test_about_has_no_tolerance_so_no_verdict(workspace, report):
    report(workspace, "indicator_values", [value("nonfossil_share", "2025", 22.9, place="500156")])
    row = status_of(workspace, "wl-nonfossil-share-2025")
    assert (row["light"], row["reason_code"]) == ("grey", "no_tolerance") and row[
        "gap"
    ] == pytest.approx(0.1)


def test_a_held_target_is_held_or_not_whatever_its_change(workspace, report):
    report(
        workspace,
        "indicator_values",
        [value("surface_water_good", "2024", 90.0), value("surface_water_good", "2025", 95.0)],
    )
    assert status_of(workspace, "cq-water-good-2027")["light"] == "red"


def test_a_cap_is_met_from_below(workspace, report):
    report(
        workspace,
        "indicator_values",
        [
            value("total_water_use", "2024", 110.0, "亿立方米"),
            value("total_water_use", "2025", 106.0, "亿立方米"),
        ],
    )
    row = status_of(workspace, "cq-water-use-2027")
    # the path asks 110 - 4.42/3 = 108.53 by 2025: 106 is ahead of it
    assert (row["light"], row["required_now"]) == ("green", pytest.approx(110 - (110 - 105.58) / 3))


def test_part_of_a_year_of_a_flow_is_partial(workspace, report):
    report(workspace, "indicator_values", [value("nils_teu", "2026-01..06", 20.0, "万标箱")])
    assert status_of(workspace, "cq-nils-teu-2027")["state"] == "partial_period"


def test_units_are_converted_to_the_goals(workspace, report):
    report(
        workspace,
        "indicator_values",
        [
            value("hightech_firms", "2024", 9000.0, "家"),
            value("hightech_firms", "2025", 1.1, "万家"),
        ],
    )
    row = status_of(workspace, "cq-hightech-firms-2027")
    assert row["latest_in_unit"] == pytest.approx(1.1) and row["base_value"] == pytest.approx(0.9)


def test_an_actual_of_the_plans_years_stands_before_a_newer_flash(workspace, report):
    report(
        workspace,
        "indicator_values",
        [
            value("prefab_share", "2024", 18.6),
            value("prefab_share", "2025", 27.0),
            value("prefab_share", "2026-09", 33.0, nature="flash"),
        ],
    )
    row = status_of(workspace, "cq-prefab-2027")
    assert (row["state"], row["latest_period"], row["light"]) == ("actual", "2025", "green")


def test_a_goal_is_never_an_outturn(workspace, report):
    report(workspace, "indicator_values", [value("prefab_share", "2025", 45.0, nature="goal")])
    assert status_of(workspace, "cq-prefab-2027")["state"] == "none"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"vintage": "初步核算数", "published": "2026-03-01"},
            {"vintage": "修订", "published": "2026-01-01"},
        ),  # the vintage comes before the date
        (
            {"publisher": None, "vintage": "revised"},
            {"publisher": "cq_stats", "vintage": "preliminary"},
        ),  # the level comes before the vintage
        (
            {"publisher": "cq_gov", "published": "2026-01-01"},
            {"publisher": "cq_water", "published": "2026-02-01"},
        ),  # the date decides last
    ],
)
def test_precedence_is_level_then_vintage_then_date_and_nothing_is_lost(
    workspace, report, first, second
):
    report(
        workspace,
        "indicator_values",
        [value("sewage_treatment_rate", "2025", 97.0, place="500156", **first)],
    )
    report(
        workspace,
        "indicator_values",
        [value("sewage_treatment_rate", "2025", 98.5, place="500156", **second)],
    )
    rows = workspace.table("plan_series", {"series": "sewage_treatment_rate"}).to_pylist()
    assert [(r["value"], r["won"]) for r in sorted(rows, key=lambda r: r["value"])] == [
        (97.0, False),
        (98.5, True),
    ]
    assert status_of(workspace, "wl-sewage-2025")["light"] == "met"


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        # goal at least 45 % in 2027 from the last year before the plan: 41 → 43 is on the path of
        # 41 + 4/3 = 42.3; 41 → 42 is behind it
        (None, None, "on_path"),
        ("2020版", "2020版", "on_path"),
        ("2020版", None, "on_path"),  # no edition stated: it cannot be said that they differ
        ("2015版", "2020版", "no_base"),
    ],
)
def test_no_path_joins_two_editions(workspace, report, before, now, code):
    rate = "msw_recycling_rate"
    report(
        workspace,
        "indicator_values",
        [
            value(rate, "2024", 41.0, scope="城市", edition=before),
            value(rate, "2025", 43.0, scope="城市", edition=now),
        ],
    )
    row = status_of(workspace, "cq-msw-recycling-2027")
    assert row["reason_code"] == code
    assert (row["pace_so_far"] is None) == (code == "no_base")
    assert row["light"] == ("grey" if code == "no_base" else "green")


def test_no_axis_joins_two_editions(workspace, report):
    from hengtan.desk.status import status_view
    from hengtan.report.page.charts import points

    rate, editions = "msw_recycling_rate", {"2022": "2015版", "2023": "2020版", "2024": None}
    report(
        workspace,
        "indicator_values",
        [
            value(rate, year, 40.0 + n, scope="城市", edition=edition)
            for n, (year, edition) in enumerate({**editions, "2025": "2020版"}.items())
        ],
    )
    targets = status_view(workspace, AsOf.of(today=date(2026, 11, 25)))["targets"]
    (target,) = [t for t in targets if t["target_id"] == "cq-msw-recycling-2027"]
    assert [s["period"] for s in target["series"]] == ["2022", "2023", "2024", "2025"]
    assert [p["period"] for p in points(target)] == ["2023", "2024", "2025"]


@pytest.mark.parametrize(
    ("target", "indicator", "unit", "points"),
    [
        # a share changes by percentage points a year; its growth in per cent is not put beside it
        ("cq-msw-recycling-2027", {"indicator": "msw_recycling_rate", "scope": "城市"}, "%", True),
        ("cq-green-factories-2027", {"indicator": "green_factories"}, "个", False),
    ],
)
def test_a_card_says_points_or_per_cent_and_never_both(
    workspace, report, target, indicator, unit, points
):
    from hengtan.desk.status import status_view
    from hengtan.report.page.render import Pages

    figures = [
        value(period=year, amount=amount, unit=unit, **indicator)
        for year, amount in (("2024", 41.0), ("2025", 43.0))
    ]
    report(workspace, "indicator_values", figures)
    view = status_view(workspace, AsOf.of(today=date(2026, 11, 25)))
    (shown,) = [t for t in view["targets"] if t["target_id"] == target]
    card = str(Pages(view).fragment("targets", target=shown))
    assert ("个百分点" in card) is points
    assert ("折合年均增速" in card) is not points


def bases_of(workspace, target_id):
    with reported_alone(workspace, date(2026, 11, 25)) as graph:
        bases = graph.execute("plan_bases").to_pylist()
        series = graph.execute("plan_series").to_pylist()
    marks = {
        (row["_submission"], row["_row"]): row["same_basis"]
        for row in bases
        if row["target_id"] == target_id
    }
    keyed = {(r["_submission"], r["_row"]): (r["period"], r["value"]) for r in series}
    return {keyed[key]: mark for key, mark in marks.items()}


@pytest.mark.parametrize(
    ("newest", "nature", "alike"),
    [
        # an estimate of another edition does not move the basis while there is an actual
        ("2025版", "estimate", {"2023": False, "2024": True, "2025": False}),
        ("2020版", "estimate", {"2023": False, "2024": True, "2025": True}),
        (None, "estimate", {"2023": False, "2024": True, "2025": True}),
        # a newer actual does
        ("2015版", "outturn", {"2023": True, "2024": False, "2025": True}),
        # the newest stating no edition says nothing of the others
        (None, "outturn", {"2023": True, "2024": True, "2025": True}),
    ],
)
def test_the_newest_actual_says_what_is_of_one_basis(workspace, report, newest, nature, alike):
    rate = "msw_recycling_rate"
    report(
        workspace,
        "indicator_values",
        [
            value(rate, "2023", 40.0, scope="城市", edition="2015版"),
            value(rate, "2024", 41.0, scope="城市", edition="2020版"),
            value(rate, "2025", 43.0, scope="城市", edition=newest, nature=nature),
        ],
    )
    marks = bases_of(workspace, "cq-msw-recycling-2027")
    assert {period: mark for (period, _), mark in marks.items()} == alike


def test_without_an_actual_the_newest_value_says_it(workspace, report):
    rate = "msw_recycling_rate"
    figures = (("2023", 40.0, "2020版"), ("2024", 41.0, "2015版"), ("2025", 43.0, "2020版"))
    rows = [
        value(rate, year, amount, scope="城市", edition=edition, nature="estimate")
        for year, amount, edition in figures
    ]
    report(workspace, "indicator_values", rows)
    marks = bases_of(workspace, "cq-msw-recycling-2027")
    assert marks == {("2023", 40.0): True, ("2024", 41.0): False, ("2025", 43.0): True}


def test_a_value_that_does_not_count_has_a_basis_of_its_own(workspace, report):
    """Two bodies report 2025: the one that does not count is of another edition."""
    rate = "msw_recycling_rate"
    counts = value(rate, "2025", 43.0, scope="城市", edition="2020版", vintage="年鉴")
    loses = value(rate, "2025", 44.0, scope="城市", edition="2015版", vintage="快报")
    report(workspace, "indicator_values", [counts, loses])
    marks = bases_of(workspace, "cq-msw-recycling-2027")
    counting = status_of(workspace, "cq-msw-recycling-2027")["latest_value"]
    other = 87.0 - counting
    assert marks == {("2025", counting): True, ("2025", other): False}
