"""The public statistics of the packs: vintages, natures and bounds, and the identities they keep.

Figures stated here are those of the publications named beside them; states are those of the
evidence compiled for the targets (the fact files).
"""

import csv

import pytest

from hengtan import packs

PACK = packs.load("wulong")
SERIES = {row["series"]: row for row in PACK.rows("series")}
LINKS = {row["series"]: row for row in PACK.rows("indicator_links")}
PUBLISHERS = {row["publisher"]: row for row in PACK.rows("publishers")}
OBSERVATIONS = {
    (row["place"], row["series"], str(row["period"])): row for row in PACK.rows("observations")
}
EVIDENCE = {row["target_id"]: row for row in PACK.rows("evidence_notes")}
TARGETS = {row["target_id"]: row for row in PACK.rows("targets")}
CITY, WULONG = "500000", "500156"


def value(place, series, period):
    return OBSERVATIONS[place, series, period]["value"]


def evidence_row(target_id):
    note = EVIDENCE[target_id]
    return next(
        row
        for (_, series, period), row in OBSERVATIONS.items()
        if (series, period) == (note["series"], str(note["period"]))
        and row["place"] == TARGETS[target_id]["region"]
    )


def test_the_state_of_every_target_is_that_of_the_compiled_evidence(facts):
    with (facts / "chongqing/target_evidence.csv").open(encoding="utf-8", newline="") as file:
        compiled = {row["target_id"]: row["state"] for row in csv.DictReader(file)}
    assert {target: row["state"] for target, row in EVIDENCE.items()} == compiled
    assert set(EVIDENCE) == set(TARGETS)


@pytest.mark.parametrize(
    "target_id", sorted(t for t, row in EVIDENCE.items() if row["state"] == "actual")
)
def test_an_actual_rests_on_an_outturn_that_was_read(target_id):
    row = evidence_row(target_id)
    assert (row["nature"], row["confidence"]) == ("outturn", "read")
    assert LINKS[row["series"]]["relation"] in ("same", "derived")


@pytest.mark.parametrize(
    "target_id", sorted(t for t, row in EVIDENCE.items() if row["state"] == "estimate")
)
def test_an_estimate_rests_on_a_figure_said_before_it_could_be_final(target_id):
    assert evidence_row(target_id)["nature"] == "estimate"


def test_goals_are_goals_and_nothing_else_is():
    goals = {series for series, row in LINKS.items() if row["relation"] == "goal_not_actual"}
    assert goals == {
        "rps_total_quota",
        "rps_nonhydro_quota",
        "rural_sewage_rate_goal",
        "rural_waste_sorting_goal",
    }
    assert {row["series"] for row in OBSERVATIONS.values() if row["nature"] == "goal"} == goals


def test_a_figure_published_as_more_than_is_a_lower_bound():
    said = [
        row
        for row in OBSERVATIONS.values()
        if any(word in (row["note_en"] or "") for word in ("“超", "“突破", "lower bound"))
        and "超标" not in row["note_en"]
    ]
    assert said and {row["bound"] for row in said} == {"lower"}


@pytest.mark.parametrize(
    ("series", "earlier", "period", "first", "later"),
    [
        ("gdp_nominal", "gdp_nominal_prelim", "2015", 15719.72, 16040.5),
        ("gdp_nominal", "gdp_nominal_prelim", "2018", 20363.19, 21588.8),
        ("gdp_nominal", "gdp_nominal_prelim", "2022", 29129.03, 28576.1),
        ("water_use_total_bulletin", "water_use_total", "2021", 68.8, 72.1205),
    ],
)
def test_two_vintages_of_one_series_and_the_later_ranks_higher(
    series, earlier, period, first, later
):
    assert (value(CITY, earlier, period), value(CITY, series, period)) == (first, later)
    assert SERIES[series]["merged_series"] == SERIES[earlier]["merged_series"]
    assert SERIES[series]["vintage_rank"] > SERIES[earlier]["vintage_rank"]


def test_a_third_party_compilation_of_gdp_never_outranks_a_known_vintage():
    gdp = [row for row in SERIES.values() if row["merged_series"] == "gdp_nominal"]
    assert min(gdp, key=lambda row: row["vintage_rank"])["series"] == "gdp_nominal_compiled"
    assert (
        PUBLISHERS[OBSERVATIONS["500112", "gdp_nominal_compiled", "2021"]["publisher"]]["level"]
        == "press_or_compiled"
    )


@pytest.mark.parametrize(
    ("place", "year"),
    [(CITY, "2020"), (CITY, "2021"), (CITY, "2022"), (WULONG, "2018"), (WULONG, "2020")],
)
def test_three_sectors_add_to_preliminary_gdp(place, year):
    sectors = sum(
        value(place, f"va_{sector}", year) for sector in ("primary", "secondary", "tertiary")
    )
    assert sectors == pytest.approx(value(place, "gdp_nominal_prelim", year), abs=0.011)


@pytest.mark.parametrize(("year", "published"), [("2021", 2.16), ("2022", 2.36)])
def test_research_intensity_is_spending_over_gdp_of_the_same_vintage(year, published):
    spending = value(CITY, "rd_expenditure", year)
    assert (
        round(100 * spending / value(CITY, "gdp_nominal_prelim", year), 2)
        == published
        == value(CITY, "rd_intensity", year)
    )
    assert round(100 * spending / value(CITY, "gdp_nominal", year), 2) != published


@pytest.mark.parametrize(
    ("energy", "year"), [("energy_total", "2020"), ("energy_total_flash", "2021")]
)
def test_energy_intensity_at_current_prices_is_energy_over_gdp(energy, year):
    intensity = value(CITY, energy, year) / value(CITY, "gdp_nominal_prelim", year)
    assert round(intensity, 3) == value(CITY, "energy_intensity_current", year)


def test_the_cut_of_2021_follows_from_the_two_cumulative_cuts():
    kept_2020 = 1 - value(CITY, "energy_intensity_cum_cut_13FYP", "2016..2020") / 100
    kept_2021 = 1 - value(CITY, "energy_intensity_cum_cut", "2016..2021") / 100
    assert round(100 * (1 - kept_2021 / kept_2020), 1) == value(
        CITY, "energy_intensity_cut", "2021"
    )


def test_cuts_are_stored_positive():
    cuts = [row for row in OBSERVATIONS.values() if "_cut" in row["series"]]
    assert cuts and all(row["value"] > 0 for row in cuts)


def test_publishers_are_graded_by_their_level():
    order = [
        "national_statistics",
        "municipal_statistics",
        "municipal_department",
        "district",
        "press_or_compiled",
        "academic_or_other",
    ]
    assert {(row["level"], row["level_rank"]) for row in PUBLISHERS.values()} == set(
        zip(order, range(1, 7), strict=True)
    )
    for row in OBSERVATIONS.values():
        assert (row["publisher"] == "recalled") == (row["confidence"] == "recalled")
