"""Every account of the plan explains its rows: run on the explained rows alone it gives the same
row; trees end at file, row and clause.
"""

import csv
import json
import random
from pathlib import Path

import pytest

import hengtan
from hengtan import packs
from hengtan.basis.cite import CONFIDENCES, confidence_word
from hengtan.basis.errors import NoSuchRow
from hengtan.graph.reproduce import reproduce
from hengtan.plan.columns_of_accounts import account_name
from hengtan.workspace.asof import AsOf

DATA = Path(hengtan.__file__).parent / "packs" / "data"
ACCOUNTS = (
    "plan_values",
    "plan_series",
    "plan_links",
    "plan_candidates",
    "plan_evidence",
    "plan_bases",
    "plan_standing",
    "plan_progress",
    "plan_milestone_state",
    "plan_measure_state",
    "plan_targets",
)
OF_CASE_FILES = ("plan_proposal_effects", "plan_milestone_counts")
"""Tried with case files: proposals (tests/instruments/case_files/test_green_money.py), and the
measures of a zone (test_markets_towns_campaigns_zones.py beside it).
"""
# accounts that hold nothing on the public statistics: tests/plan/test_computed_is_explained.py
FROM_RECORDS = (
    "plan_registry_terms",
    "plan_registry_counts",
    "plan_registry_years",
    "plan_computed_records",
    "plan_computed_registries",
    "plan_computed_levels",
    "plan_computed_ratios",
    "plan_computed_values",
)
# rows on which a map could be too narrow: a sum of additions, a share of days, competing vintages,
# a wider place, a cut, a unit other than the goal's
HARD = {
    "plan_progress": (
        "cq-forest-cover-2027",
        "cq-prefab-2027",
        "cq-energy-intensity-2027",
        "wl-good-air-days-2025",
    ),
    "plan_evidence": ("cq-forest-cover-2027", "cq-tech-firms-2027", "wl-forest-cover-2025"),
}


@pytest.fixture(scope="module")
def graph(demo):
    return demo.graph(AsOf.of())


@pytest.fixture(scope="module")
def forest(graph):
    return graph.explain("plan_progress", {"target_id": "cq-forest-cover-2027"})


def nearly(row):
    return {
        column: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for column, value in row.items()
    }


def line_of(file, **wanted):
    """The line of a pack file (header = 1) that holds a row, counted apart from the program."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        return next(
            reader.line_num for row in reader if all(row[c] == v for c, v in wanted.items())
        )


def test_every_account_of_the_plan_is_tried(graph):
    of_the_packs = packs.load("wulong").rows("computed_indicators")
    taken = {account_name(r["computed"]) for r in of_the_packs if r["kind"] == "account"}
    tried = {*ACCOUNTS, *FROM_RECORDS, *OF_CASE_FILES, *taken}
    assert {name for name in graph.accounts() if name.startswith("plan_")} == tried


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_run_on_the_explained_rows_gives_the_same_row(graph, name):
    rows = graph.execute(name).to_pylist()
    key = graph.accounts()[name].key
    drawn = random.Random(2027).sample(
        rows, 6 if name not in ("plan_progress", "plan_candidates") else 1
    )
    drawn += [row for row in rows if row.get("target_id") in HARD.get(name, ())]
    for row in drawn:
        shown, rerun = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
        assert rerun == nearly(shown)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("plan_progress", "cq-forest-cover-2027"),
        ("plan_evidence", "cq-tech-firms-2027"),
        ("plan_evidence", "wl-good-air-days-2025"),
    ],
)
def test_the_whole_chain_run_on_the_explained_ledger_and_pack_rows_gives_the_same_row(
    graph, name, target
):
    shown, rerun = reproduce(graph, name, {"target_id": target})
    assert rerun == nearly(shown)


def test_a_value_that_competes_under_another_name_is_explained(graph):
    # total water use 2021: the bulletin and the first announcement are two reported names of one
    # series
    rows = [
        r
        for r in graph.execute("plan_series").to_pylist()
        if r["series"] == "total_water_use" and r["period"] == "2021"
    ]
    assert len({row["reported_as"] for row in rows}) == 2
    for row in rows:
        key = {"_submission": row["_submission"], "_row": row["_row"]}
        shown, rerun = reproduce(graph, "plan_series", key)
        assert rerun == nearly(shown) and shown["competing"] == 2
        assert {
            part.values["reported_as"] for part in graph.explain("plan_series", key).inputs
        } == {r["reported_as"] for r in rows}


def test_candidates_rest_on_the_unit_of_the_goal_too(graph):
    # the goal is in 万家 or 家, the value may be in the other: both unit rows must be explained
    rows = graph.execute("plan_candidates").to_pylist()
    mixed = [
        row for row in rows if row["unit"] != row["goal_unit"] and row["comparable"] is not None
    ]
    assert mixed
    for row in mixed[:3]:
        shown, rerun = reproduce(
            graph, "plan_candidates", {c: row[c] for c in ("target_id", "_submission", "_row")}
        )
        assert rerun == nearly(shown)


def test_registry_counts_explain_too(workspace, report):
    entry = {"registry": workspace.pack.rows("registries")[0]["registry_id"], "place": "500156"}
    report(
        workspace,
        "registry_entries",
        [entry | {"title": f"测试{n}", "granted": None} for n in range(3)],
    )
    graph = workspace.graph()
    (row,) = graph.execute("plan_registry_counts").to_pylist()
    shown, rerun = reproduce(
        graph, "plan_registry_counts", {"registry": row["registry"], "place": row["place"]}
    )
    assert shown["entries"] == 3 and rerun == shown


def test_forest_cover_ends_at_file_line_and_clause(forest):
    ends = {
        (leaf.origin.get("_file"), leaf.origin.get("_source_row") or leaf.origin.get("_row"))
        for leaf in forest.leaves()
    }
    observed = line_of(
        "chongqing/observations.csv", series="forest_cover", period="2023", value="55.06"
    )
    target = line_of("chongqing/targets.csv", target_id="cq-forest-cover-2027")
    assert {("chongqing/observations.csv", observed), ("chongqing/targets.csv", target)} <= ends
    text = forest.text()
    assert "chongqing/observations.csv" in text and f"第{observed}行" in text
    assert "chongqing/targets.csv" in text and f"第{target}行" in text
    assert "cq-2025-2027:2" in text
    leaf = next(leaf for leaf in forest.leaves() if leaf.name == "targets")
    assert leaf.values["clause_ref"] == "cq-2025-2027:2" and leaf.kind == "pack"


def test_a_ledger_row_says_who_handed_it_in_and_who_approved(forest):
    leaf = next(leaf for leaf in forest.leaves() if leaf.kind == "ledger")
    assert {
        "_submission",
        "_submitted_by",
        "_approved_by",
        "_file",
        "_source_row",
    } <= leaf.origin.keys()
    assert leaf.values["value"] == 55.06


def test_every_end_is_a_row_of_a_file(forest):
    for leaf in forest.leaves():
        assert leaf.kind in ("ledger", "pack") and leaf.origin["_file"]


def test_the_worst_confidence_of_the_tree_is_carried(forest):
    def stated(node):
        yield node.values.get("confidence")
        for part in node.inputs:
            yield from stated(part)

    worst = max((c for c in stated(forest) if c in CONFIDENCES), key=CONFIDENCES.index)
    assert forest.confidence == worst and confidence_word(worst) in forest.text().splitlines()[0]


def test_json_and_text_agree(forest):
    answer, text = json.loads(json.dumps(forest.as_dict(), ensure_ascii=False)), forest.text()

    def walk(node):
        yield node
        for part in node["inputs"]:
            yield from walk(part)

    nodes = list(walk(answer))
    assert answer["name"] == "plan_progress" and answer["key"] == {
        "target_id": "cq-forest-cover-2027"
    }
    for node in nodes:
        assert f" {node['name']}（" in text
        if node["origin"].get("_file"):
            assert node["origin"]["_file"] in text
            line = node["origin"].get("_source_row") or node["origin"].get("_row")
            assert line is None or f"第{line}行" in text
        for citation in node["cites"]:
            assert citation in text
    assert len(text.splitlines()) >= len(
        {(n["name"], json.dumps(n["key"], sort_keys=True)) for n in nodes}
    )


@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_missing_key_raises(graph, name):
    key = dict.fromkeys(graph.accounts()[name].key, "no-such")
    with pytest.raises(NoSuchRow):
        graph.explain(name, key)


def test_rows_without_a_line_of_their_own_never_stand_for_one_another(demo):
    # unit rows share pack and file and carry no line; reported in 家 against a goal in 万家, both
    # factors belong in one tree
    def units(tree):
        own = (
            {(tree.values["unit"], tree.values["factor"])} if tree.name == "unit_factors" else set()
        )
        return own.union(*(units(part) for part in tree.inputs))

    assert units(demo.explain("plan_progress", {"target_id": "cq-hightech-firms-2027"})) == {
        ("家", 1.0),
        ("万家", 10000.0),
    }


def test_every_value_is_explained_by_the_row_of_its_own_unit(graph):
    # rows of unit_factors share pack and file and have no line of their own
    met = 0
    for target in graph.execute("plan_progress").to_pylist():
        waiting = [graph.explain("plan_progress", {"target_id": target["target_id"]}, shown=2)]
        while waiting:
            node = waiting.pop()
            waiting += node.inputs
            unit = node.values.get("goal_unit" if node.name == "plan_candidates" else "unit")
            for part in node.inputs:
                if part.name == "unit_factors":
                    assert part.values["unit"] == unit, (
                        target["target_id"],
                        node.name,
                        dict(node.key),
                    )
                    met += 1
    assert met > 100
