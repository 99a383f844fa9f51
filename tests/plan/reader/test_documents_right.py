"""Two whole made-up plans in their formats, against what a person reads off them
(``evidence/documents_right.json``): title, years, targets, tasks with owners and months, bodies."""

import json
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest

from hengtan import packs
from hengtan.plan.reader.documents import read_here
from hengtan.plan.reader.draft import draft_of
from hengtan.plan.reader.linking import Indicators
from hengtan.plan.reader.pack_rows import pack_tables

HERE = Path(__file__).parent
RIGHT = {
    row["id"]: row
    for row in json.loads((HERE / "evidence" / "documents_right.json").read_text("utf-8"))[
        "documents"
    ]
}
PAPERS = [(name, ending) for name in RIGHT for ending in ("txt", "html", "docx", "pdf")]


@pytest.fixture(scope="module")
def known():
    return Indicators(packs.load("cn").rows("indicators"))


@pytest.fixture(params=PAPERS, ids=".".join)
def paper(request, known, facts):
    """A document as read, and what is right; the documents lie beside the checkout."""
    name, ending = request.param
    path = facts / "plan-reader" / "documents" / f"{name}.{ending}"
    if not path.is_file():
        pytest.skip("needs the documents beside this checkout")
    if ending == "pdf" and find_spec("pdfplumber") is None:
        pytest.skip("needs pdfplumber")
    return draft_of(read_here(path), known, plan="p"), RIGHT[name]


def figure(row):
    return (row["operator"], float(row["value"]), row["unit"], row["deadline"])


def test_title_and_years_are_those_of_the_plan(paper):
    draft, right = paper
    assert draft.title == right["title"]
    assert (draft.first_year, draft.last_year, draft.year) == (
        right["first_year"],
        right["last_year"],
        right["document_year"],
    )


def test_every_target_and_no_other(paper):
    draft, right = paper
    read = [figure({**t.as_dict(), "unit": t.unit}) for t in draft.targets]
    must = [figure(t) for t in right["targets"] if not t.get("optional")]
    may = [figure(t) for t in right["targets"] if t.get("optional")]
    for asked in must:
        assert read.count(asked) == must.count(asked), asked
    assert [extra for extra in read if extra not in must + may] == []


def test_names_share_most_of_their_letters(paper):
    draft, right = paper
    for asked in right["targets"]:
        if asked.get("optional"):
            continue
        name = asked["indicator"]
        read = [t.indicator_zh for t in draft.targets if figure(vars(t)) == figure(asked)]
        assert any(len(set(name) & set(other)) >= 0.5 * len(set(name)) for other in read), name


def test_tasks_have_owner_helpers_and_month(paper):
    draft, right = paper
    read = [
        (k["name"], k["aim"], k["leader"], k["owners"], k["helpers"], k["due"] or None)
        for k in draft.tasks
    ]
    assert read == [
        (
            k["task"],
            unicodedata.normalize("NFKC", k.get("requirement", "")),
            k.get("leader", ""),
            [k["owner"]],
            k["co_owners"],
            k["deadline"],
        )
        for k in right["tasks"]
    ]


def test_tasks_with_figures_are_linked_to_their_targets(paper):
    draft, right = paper
    for task, asked in zip(draft.tasks, right["tasks"], strict=True):
        assert len(task["targets"]) == len(asked["targets"]), asked["task"]


def test_tasks_enter_the_task_ledger(paper):
    draft, right = paper
    rows = pack_tables(draft, region="330199", region_zh="某县")["milestones"]
    of_tasks = {row["milestone"]: row for row in rows if "owner_zh" in row}
    assert len(of_tasks) == len(right["tasks"])
    for task, asked in zip(draft.tasks, right["tasks"], strict=True):
        row = of_tasks[task["id"]]
        assert row["owner_zh"] == asked["owner"]
        assert row["co_owners_zh"].split(";") == asked["co_owners"]
        assert (row["due"] or None) == asked["deadline"]


def test_bodies_that_the_text_holds_responsible(paper):
    draft, right = paper
    named = {row["name"]: row["kind"] for row in draft.departments}
    for clause in right["bodies_in_text"]:
        if clause["owner"]:
            assert named[clause["owner"]] == "lead"
        assert {*clause["co_owners"]} <= named.keys()


def test_heads_and_aims_without_a_number(paper):
    draft, right = paper
    heads = {(c["number"], c["title"]) for c in draft.clauses}
    assert {(c["number"], c["title"]) for c in right["clauses"]} <= heads
    milestones = {re.sub("^全区|^全市", "", row["name"]): row["due"] for row in draft.milestones}
    for asked in right["qualitative"]:
        if asked["deadline"] is not None and "健全" not in asked["aim"]:
            close = [due for name, due in milestones.items() if asked["aim"] in name]
            assert close == [asked["deadline"]], asked["aim"]
