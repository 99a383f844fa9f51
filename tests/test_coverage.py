"""``docs/coverage.csv`` says of each of the 214 systems what works, no more than a test shows."""

import ast
import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from hengtan import packs

ROOT = Path(__file__).parents[1]
WORDS = {"computed", "rule", "registry", "tracked", "not yet"}
MARK = re.compile(
    r"<!-- coverage: computed=(\d+) rule=(\d+) registry=(\d+) tracked=(\d+) not_yet=(\d+) -->"
)

with (ROOT / "docs" / "coverage.csv").open(encoding="utf-8", newline="") as _file:
    COVERAGE = list(csv.DictReader(_file))
CLAIMS = [row for row in COVERAGE if row["works"] != "not yet"]
PACK = packs.load("wulong")
SYSTEMS = {row["system"]: row for row in PACK.rows("systems")}
RECORDINGS = {row["system_id"]: row for row in PACK.rows("recordings")}


def test_every_system_once_and_no_other():
    assert len(SYSTEMS) == 214
    assert Counter(row["system_id"] for row in COVERAGE) == Counter(list(SYSTEMS))


@pytest.mark.parametrize("row", COVERAGE, ids=lambda row: row["system_id"])
def test_row_agrees_with_the_pack_and_names_an_existing_room(row):
    system = SYSTEMS[row["system_id"]]
    assert row["works"] in WORDS
    assert (row["name_zh"], row["name_en"]) == (system["name_zh"], system["name_en"])
    assert row["clauses"].split(";") == list(system["clauses"])
    assert (ROOT / "src" / "hengtan" / row["room"].split("/")[0]).is_dir()
    assert bool(row["test"]) == (row["works"] != "not yet"), (
        "a claim needs its test, and only a claim has one"
    )


def test_a_claim_says_in_one_sentence_what_a_practitioner_can_do():
    """Each its own: a sentence that many share says nothing of one of them."""
    said = [row["use"] for row in CLAIMS if row["works"] != "tracked"]
    assert [use for use in said if len(use) < 25 or use.rstrip(".").count(". ")] == []
    assert len(set(said)) == len(said)
    assert not any(row["use"] for row in COVERAGE if row["works"] == "not yet")


@pytest.mark.parametrize("row", CLAIMS, ids=lambda row: row["system_id"])
def test_claim_names_a_test_that_exists(row):
    path, _, named = row["test"].partition("::")
    function, _, case = named.partition("[")
    assert function.startswith("test_")
    assert case in ("", f"{row['system_id']}]"), "a case is named for its system"
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert function in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


FILED = {system for kind in PACK.case_files().values() for system in kind["systems"]}


def test_priority_c_says_how_it_is_recorded_and_computes_only_with_a_case_file():
    claimed = {row["system_id"]: row["works"] for row in COVERAGE}
    for system, row in SYSTEMS.items():
        if row["priority"] == "C":
            by_registry = RECORDINGS[system]["recorded_by"] == "registry"
            recorded = "registry" if by_registry else "tracked"
            allowed = {recorded, "computed"} if system in FILED else {recorded}
            assert claimed[system] in allowed, system


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readme_states_the_counts(name):
    line = MARK.search((ROOT / name).read_text(encoding="utf-8"))
    assert line, f"{name} has no coverage line"
    counts = Counter(row["works"] for row in COVERAGE)
    assert [int(n) for n in line.groups()] == [
        counts[w] for w in ("computed", "rule", "registry", "tracked", "not yet")
    ]
