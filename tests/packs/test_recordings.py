"""Each system of priority C that the plans name can be recorded: in a registry, form, milestone.

The clauses are those of the plans as read into ``systems`` and ``measures``.
"""

import csv

import pytest
from named_since import NAMED_SINCE

from hengtan import packs

PACK = packs.load("wulong")
SYSTEMS = {row["system"]: row for row in PACK.rows("systems") if row["priority"] == "C"}
RECORDINGS = {row["system_id"]: row for row in PACK.rows("recordings")}
REGISTRIES = {row["registry_id"]: row for row in PACK.rows("registries")}
MEASURES = {row["clause_ref"] for row in PACK.rows("measures")}
MILESTONES = {row["milestone"]: row for row in PACK.rows("milestones")}
FORMS = PACK.forms()


def recorded_by(kind):
    return sorted(system for system, row in RECORDINGS.items() if row["recorded_by"] == kind)


def test_the_systems_of_the_facts_and_no_others_have_one_recording_each(facts):
    with (facts / "plans/systems.csv").open(encoding="utf-8", newline="") as file:
        priority = {row["system_id"]: row["priority"] for row in csv.DictReader(file)}
    of_facts = {system for system, class_ in priority.items() if class_ == "C"}
    assert set(SYSTEMS) == of_facts | set(NAMED_SINCE)
    assert SYSTEMS
    assert set(RECORDINGS) == set(SYSTEMS)


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_recording_stands_under_the_clauses_of_the_system(system):
    clauses = list(RECORDINGS[system]["clauses"])
    assert clauses and set(clauses) <= MEASURES
    assert clauses == list(SYSTEMS[system]["clauses"])


@pytest.mark.parametrize("system", recorded_by("registry"))
def test_registries_of_the_system_exist(system):
    row = RECORDINGS[system]
    assert row["reference"]
    for registry_id in row["reference"]:
        registry = REGISTRIES[registry_id]
        assert system in registry["system_ids"]
        assert set(registry["clauses"]) & set(row["clauses"]), (
            "the registry would not be shown under the system's clause"
        )


@pytest.mark.parametrize("system", recorded_by("milestone"))
def test_milestones_of_the_system_exist(system):
    row = RECORDINGS[system]
    assert row["reference"]
    for milestone in row["reference"]:
        assert MILESTONES[milestone]["clause_ref"] in row["clauses"]
    assert "milestone_progress" in FORMS


@pytest.mark.parametrize("system", recorded_by("form"))
def test_form_of_the_system_exists(system):
    row = RECORDINGS[system]
    assert list(row["reference"]) in (["indicator_values"], ["measure_progress"])
    assert set(row["reference"]) <= set(FORMS)
    assert bool(row["indicator_ids"]) == (list(row["reference"]) == ["indicator_values"])


def test_a_registry_names_a_priority_c_system_only_if_that_system_is_recorded_there():
    for registry_id, registry in REGISTRIES.items():
        for system in set(registry["system_ids"] or ()) & set(SYSTEMS):
            assert registry_id in RECORDINGS[system]["reference"], f"{registry_id} names {system}"


# Targets of the two plans that count things or sum lengths, areas, capacities (by their wording).
COUNTED = [
    "green_factories",
    "green_parks",
    "nearzero_parks",
    "green_mines",
    "green_malls",
    "green_hotels",
    "hightech_firms",
    "tech_firms",
    "producer_service_clusters",
    "certified_agri_products",
    "hazwaste_collection_units",
    "medical_waste_facilities",
    "ev_chargers_added",
    "beautiful_villages",
    "greenway_length",
    "permanent_basic_farmland",
    "new_energy_capacity",
]


@pytest.mark.parametrize("indicator", COUNTED)
def test_counted_target_has_one_registry_under_its_clause(indicator):
    registries = [row for row in REGISTRIES.values() if row["indicator_id"] == indicator]
    assert len(registries) == 1
    targets = [row for row in PACK.rows("targets") if row["indicator"] == indicator]
    assert targets
    for target in targets:
        assert {target["clause_ref"], *(target["also_in_clauses"] or ())} & set(
            registries[0]["clauses"]
        )
        if target["measure"] == "added_in_period" and indicator != "new_energy_capacity":
            assert registries[0]["counting"] == "granted_in_period"


def test_no_entry_expires_by_itself_because_no_source_read_gives_a_term():
    assert [row["registry_id"] for row in REGISTRIES.values() if row["valid_years"]] == []
