"""The task ledger and the registries: closed only with evidence, overdue only with a deadline,
counted on a day.
"""

from datetime import date

import pytest
from filed_rows import file_rows

from hengtan.desk.status import status_view
from hengtan.workspace.asof import AsOf

TODAY = AsOf.of(today=date(2026, 11, 25))


def milestones(workspace, as_of=TODAY):
    return {
        row["milestone"]: row
        for row in workspace.execute("plan_milestone_state", as_of).to_pylist()
    }


def test_only_milestones_with_a_passed_deadline_are_overdue(workspace):
    # milestones.csv: four have the deadline 2025, six 2027, two 2035, the other 67 none
    states = milestones(workspace)
    assert len(states) == 79
    assert {m for m, row in states.items() if row["overdue"]} == {
        "cq-m-xinjiang-power",
        "wl-m-hydro-system",
        "wl-m-zero-landfill",
        "wl-m-sewage-fee",
    }
    assert (
        sum(
            row["overdue"]
            for row in milestones(workspace, AsOf.of(today=date(2028, 1, 1))).values()
        )
        == 10
    )
    assert (
        sum(
            row["overdue"]
            for row in milestones(workspace, AsOf.of(today=date(2099, 1, 1))).values()
        )
        == 12
    )


def test_done_counts_only_with_evidence(workspace, report):
    report(
        workspace,
        "milestone_progress",
        [{"milestone": "wl-m-zero-landfill", "state": "done", "date": date(2026, 1, 10)}],
    )
    assert milestones(workspace)["wl-m-zero-landfill"]["overdue"]
    report(
        workspace,
        "milestone_progress",
        [
            {
                "milestone": "wl-m-zero-landfill",
                "state": "done",
                "date": date(2026, 2, 10),
                "evidence": "武环函〔2026〕1号",
            }
        ],
    )
    row = milestones(workspace)["wl-m-zero-landfill"]
    assert row["state"] == "done" and not row["overdue"]


def test_the_latest_report_counts_and_the_future_does_not(workspace, report):
    report(
        workspace,
        "milestone_progress",
        [
            {"milestone": "cq-m-no-cap", "state": "in_progress", "date": date(2026, 3, 1)},
            {"milestone": "cq-m-no-cap", "state": "blocked", "date": date(2026, 9, 1)},
            {
                "milestone": "cq-m-no-cap",
                "state": "done",
                "date": date(2027, 1, 1),
                "evidence": "x",
            },
        ],
    )
    assert milestones(workspace)["cq-m-no-cap"]["state"] == "blocked"


def test_a_measure_takes_the_reported_owner_and_is_overdue_by_its_due_day(workspace, report):
    measures = {
        row["clause_ref"]: row for row in workspace.execute("plan_measure_state", TODAY).to_pylist()
    }
    assert len(measures) == 67 and measures["cq-2025-2027:7"]["owner_basis"] == "inferred"
    report(
        workspace,
        "measure_progress",
        [
            {
                "measure": "cq-2025-2027:7",
                "period": "2026-Q3",
                "state": "in_progress",
                "owner": "市经济信息委",
                "progress": "推进",
                "due": date(2026, 10, 31),
            },
        ],
    )
    row = {r["clause_ref"]: r for r in workspace.execute("plan_measure_state", TODAY).to_pylist()}[
        "cq-2025-2027:7"
    ]
    assert (row["owner"], row["owner_basis"], row["state"], row["overdue"]) == (
        "市经济信息委",
        "reported",
        "in_progress",
        True,
    )


TOLD = {
    "fert-pest": (("cq-2025-2027:18", "wulong-2025:2"), ("cq-m-fertiliser",)),
    "vehicle-road-cloud": (("cq-2025-2027:13",), ("cq-m-vehicle-road-cloud",)),
    "food-saving": (("cq-2025-2027:20", "wulong-2025:3", "wulong-2025:11"), ()),
    "sti-corridor-cloud": (("cq-2025-2027:27",), ("cq-m-corridor-cloud",)),
    "open-energy-low-altitude": (("cq-2025-2027:6",), ()),
    "sharing-single-use": (("wulong-2025:3",), ()),
}
"""Systems that are told as progress: the clauses they stand under and their milestones."""


@pytest.mark.parametrize("system", TOLD)
def test_a_system_told_as_progress_has_owner_day_evidence_and_is_overdue_until_done(
    workspace, tmp_path, system
):
    """A quarter's sheet says in progress, due on 31 October; on 25 November that is overdue. The
    next one says done, with a document, and nothing is overdue any more.
    """
    clauses, of_system = TOLD[system]
    line = {
        "时期": "2026年第3季度",
        "责任部门": "某委",
        "工作进展": "推进",
        "时限": "2026年10月31日",
    }
    sheet = [{"条款": clause, "进展状态": "推进中", **line} for clause in clauses]
    file_rows(workspace, tmp_path, "measure_progress", sheet)
    for row in told(workspace, clauses):
        assert (row["owner"], row["state"], row["overdue"]) == ("某委", "in_progress", True)
    done = {"进展状态": "已完成", "佐证材料": "某函〔2026〕1号"}
    later = [row | done | {"时期": "2026年第4季度"} for row in sheet]
    file_rows(workspace, tmp_path, "measure_progress", later)
    for row in told(workspace, clauses):
        assert (row["state"], row["overdue"]) == ("done", False)
        assert row["evidence"] == "某函〔2026〕1号"
    reached = [
        {"里程碑": name, "截至日期": "2026-11-20", **done, "责任单位": "某局"} for name in of_system
    ]
    if reached:
        file_rows(workspace, tmp_path, "milestone_progress", reached)
    states = milestones(workspace)
    for name in of_system:
        assert states[name]["state"] == "done" and not states[name]["overdue"]
        assert states[name]["evidence"] == "某函〔2026〕1号"


def told(workspace, clauses):
    """The measures of some clauses as they stand."""
    rows = workspace.execute("plan_measure_state", TODAY).to_pylist()
    return [row for row in rows if row["clause_ref"] in clauses]


def entry(registry, title, granted=None, withdrawn=None, place="500156", **more):
    return {
        "registry": registry,
        "title": title,
        "place": place,
        "granted": granted,
        "withdrawn": withdrawn,
        **more,
    }


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2021, 1, 1), 0), (date(2022, 6, 1), 1), (date(2024, 6, 1), 2), (date(2025, 6, 1), 1)],
)
def test_a_list_in_force_is_counted_on_a_day(workspace, report, day, count):
    report(
        workspace,
        "registry_entries",
        [
            entry("green-factories", "甲厂", date(2022, 6, 1), date(2025, 3, 1)),
            entry("green-factories", "乙厂", date(2023, 9, 1)),
        ],
    )
    rows = workspace.execute("plan_registry_counts", AsOf.of(today=day)).to_pylist()
    assert sum(r["entries"] for r in rows) == count


def test_additions_are_counted_whatever_became_of_them(workspace, report):
    report(
        workspace,
        "registry_entries",
        [entry("hazwaste-collection-units", "某公司", date(2023, 1, 1), date(2024, 1, 1))],
    )
    rows = workspace.execute("plan_registry_counts", TODAY).to_pylist()
    assert [(r["registry"], r["place"], r["entries"]) for r in rows] == [
        ("hazwaste-collection-units", "500156", 1)
    ]


def test_levels_are_counted_apart_since_one_factory_may_stand_on_two_lists(workspace, report):
    day = date(2023, 1, 1)
    report(
        workspace,
        "registry_entries",
        [
            entry("green-factories", "甲厂", day, level="national"),
            entry("green-factories", "甲厂", day, level="municipal"),
            entry("green-factories", "乙厂", day, level="municipal"),
        ],
    )
    rows = {
        r["level"]: r["entries"]
        for r in workspace.execute("plan_registry_counts", TODAY).to_pylist()
    }
    assert rows == {"national": 1, "municipal": 2}


def test_green_manufacturing_is_counted_by_list_and_level(workspace, report):
    day = date(2024, 1, 1)
    lists = {
        "green-factories": 3,
        "green-parks": 1,
        "green-design-products": 2,
        "green-supply-chains": 1,
    }
    registries = {
        row["registry_id"]
        for row in workspace.pack.rows("registries")
        if "green-manufacturing" in (row["system_ids"] or ())
    }
    assert registries == set(lists)
    report(
        workspace,
        "registry_entries",
        [
            entry(name, f"甲{n}", day, level="national")
            for name, count in lists.items()
            for n in range(count)
        ]
        + [entry("green-design-products", "乙", day, level="municipal")],
    )
    rows = {
        (r["registry"], r["level"]): r["entries"]
        for r in workspace.execute("plan_registry_counts", TODAY).to_pylist()
    }
    assert rows == {
        **{(name, "national"): count for name, count in lists.items()},
        ("green-design-products", "municipal"): 1,
    }


def test_quantities_are_summed_per_place(workspace, report):
    report(
        workspace,
        "registry_entries",
        [
            entry("ev-chargers", "甲站", date(2024, 1, 1), quantity=12.0, unit="个"),
            entry("ev-chargers", "乙站", date(2024, 5, 1), quantity=8.0, unit="个"),
            entry("ev-chargers", "丙站", date(2024, 5, 1), quantity=5.0, unit="个", place="500113"),
        ],
    )
    rows = {
        r["place"]: (r["entries"], r["quantity"])
        for r in workspace.execute("plan_registry_counts", TODAY).to_pylist()
    }
    assert rows == {"500156": (2, 20.0), "500113": (1, 5.0)}


def test_the_view_shows_computed_counts_beside_reported_ones(workspace, report):
    report(workspace, "registry_entries", [entry("green-factories", "甲厂", date(2022, 6, 1))])
    report(
        workspace,
        "indicator_values",
        [
            {
                "place": "500000",
                "indicator": "green_factories",
                "period": "2024",
                "value": 300.0,
                "unit": "家",
            }
        ],
    )
    registry = next(
        r for r in status_view(workspace, TODAY)["registries"] if r["id"] == "green-factories"
    )
    assert [(c["place"], c["count"]) for c in registry["counts"]] == [("武隆区", 1)]
    assert [(e["title"], e["place"], e["granted"]) for e in registry["listed"]] == [
        ("甲厂", "武隆区", "2022-06-01")
    ]
    assert [(r["date"], r["count"]) for r in registry["reported"]] == [("2024", 300.0)]


def test_every_priority_c_system_stands_under_its_clause(workspace):
    view = status_view(workspace, TODAY)
    under = {(system, m["clause_ref"]) for m in view["measures"] for system in m["systems"]}
    systems = [s for s in view["systems"] if s["priority"] == "C"]
    assert len(systems) == 85
    for system in systems:
        assert system["recorded_by"] and system["reference"]
        assert all((system["id"], clause) in under for clause in system["clauses"])
