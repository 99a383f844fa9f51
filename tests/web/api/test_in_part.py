"""/api/v1 in part: provenance without what is not one's own, rows of the forms a department is in
charge of, steps and publications; nobody is told more than by asking for one thing after another.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from page_client import PageClient

from hengtan.office import publishing
from hengtan.office.permission import Grant
from hengtan.web.rooms.api.operations import description
from hengtan.web.rooms.duties.models import DutyRow
from hengtan.web.rooms.people.models import Setting
from hengtan.web.store import point_to

FORM = "monthly_figures"
EAST, WEST = "990001", "990002"
STATISTICS = "市统计局"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def month(place, number=2, energy=21.0):
    """A row of a month, as a program sends it."""
    period = f"2025年1-{number}月"
    return {"place": place, "period": period, "energy": energy, "source_title": "测试"}


def approved(people, who, place, *rows):
    """A submission of somebody's rows that was approved."""
    answer = people[who].rows(list(rows) or [month(place)], place=place)
    number = answer.json()["submission"]["submission"]
    assert people[f"{who}_review"].take(number, "approve").status_code == 200
    return number


def duty(app, **rule):
    """A duty rule of the office of statistics."""
    point_to(app.store)
    usual = {"code": "months", "form": FORM, "frequency": "cumulative", "owers_kind": "district"}
    usual |= {"department": STATISTICS, "due_kind": "day_of_month", "due_number": 10}
    usual |= {"valid_from": date(2025, 1, 1), "changed_by": "调度员", "within": ""}
    return DutyRow.objects.update_or_create(code="months", defaults=usual | rule)[0]


@pytest.fixture
def both_districts(people):
    """An approved month of the east and one of the west."""
    return [approved(people, "east", EAST), approved(people, "west", WEST)]


def test_a_department_is_given_the_rows_of_forms_it_is_in_charge_of(
    shared, program, both_districts
):
    office = program("统计员", Grant("analyst", department=STATISTICS))
    other = program("林业员", Grant("analyst", department="市林业局"))
    address = f"/api/v1/tables/{FORM}"

    def seen(who):
        return [row["place"] for row in who.get(address).json()["rows"]]

    assert seen(office) == seen(other) == []  # nobody is in charge of it
    duty(shared)
    assert seen(office) == [EAST, WEST] and seen(other) == []
    duty(shared, within=EAST)
    assert seen(office) == [EAST]
    # and where a row came from, of the rows it is in charge of and no others
    for place, status in ((EAST, 200), (WEST, 404)):
        asked = {"key": [f"place={place}"]}
        assert office.get(f"/api/v1/explain/{FORM}", params=asked).status_code == status
    # what no form says remains the region's: a department alone is not given it
    assert seen(other) == []
    assert office.get("/api/v1/tables/gwp").json()["rows"] == []
    # a rule that changes between two pages begins the reading anew
    duty(shared)
    first = office.get(address, params={"limit": 1}).json()["next"]
    duty(shared, within=EAST)
    late = office.get(address, params={"limit": 1, "cursor": first})
    assert (late.status_code, late.json()["code"]) == (409, "TableChanged")


def test_many_explanations_are_those_of_each_row_by_itself(people, both_districts):
    address = f"/api/v1/explanations/{FORM}"
    whole = people["analyst"].get(address).json()
    assert [e["key"]["place"] for e in whole["explanations"]] == [EAST, WEST]
    for each in whole["explanations"]:
        asked = {"key": [f"place={each['key']['place']}"]}
        single = people["analyst"].get(f"/api/v1/explain/{FORM}", params=asked).json()
        assert each["tree"] == single and each["withheld"] is None
        assert single["origin"]["_file"] == "rows.csv"
    east = people["east_review"].get(address)
    assert [e["key"]["place"] for e in east.json()["explanations"]] == [EAST]
    assert WEST not in east.text and "西填" not in east.text
    pages, cursor = [], None
    while cursor != "":
        asked = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = people["analyst"].get(address, params=asked).json()
        pages += page["explanations"]
        cursor = page["next"] or ""
    assert pages == whole["explanations"]
    where = people["analyst"].get(address, params={"where": f"place={WEST}"}).json()
    assert where["total"] == 1 and where["explanations"] == whole["explanations"][1:]
    # a filer reads rows and no provenance; one is asked for as one row is
    assert people["east"].get(address).status_code == 403
    assert people["east_review"].get("/api/v1/explanations/nope").status_code == 404


def test_a_key_in_part_says_nothing_of_rows_of_others(people, both_districts):
    asked = {"key": ["source_title=测试"]}
    mine = people["east_review"].get(f"/api/v1/explain/{FORM}", params=asked).json()
    assert mine["key"]["place"] == EAST and mine["more"] == {}
    assert people["analyst"].get(f"/api/v1/explain/{FORM}", params=asked).json()["more"] == {
        FORM: 1
    }
    # the first that fits is the other's: as if there were none; and a wrong column the same
    assert (
        people["west_review"].get(f"/api/v1/explain/{FORM}", params=asked).json()
        == people["west_review"].get(f"/api/v1/explain/{FORM}", params={"key": ["x=1"]}).json()
    )


def test_steps_are_told_of_what_one_may_read_and_reading_goes_on_where_it_stopped(people):
    address = "/api/v1/steps"
    numbers = [approved(people, "east", EAST), approved(people, "west", WEST)]
    people["east"].rows([month(EAST, 3)], place=EAST)
    whole = people["analyst"].get(address).json()
    assert [(s["seq"], s["submission"], s["state"], s["by"]) for s in whole["steps"]] == [
        (1, numbers[0], "submitted", "东填"),
        (2, numbers[0], "approved", "东审"),
        (3, numbers[1], "submitted", "西填"),
        (4, numbers[1], "approved", "西审"),
        (5, "S000003", "submitted", "东填"),
    ]
    assert whole["next"] is None and whole["last"] == 5
    assert all(s["at"] and s["form"] == FORM for s in whole["steps"])
    # a neighbour reads his own, and the numbers of no other step
    west = people["west"].get(address)
    assert [s["seq"] for s in west.json()["steps"]] == [3, 4] and west.json()["last"] == 4
    assert EAST not in west.text and "东" not in west.text
    decided = people["analyst"].get(address, params={"decisions": "true"}).json()
    assert [s["seq"] for s in decided["steps"]] == [2, 4]
    # a page goes on after what was handed in meanwhile, nothing twice and nothing left out
    first = people["analyst"].get(address, params={"limit": 2}).json()
    people["east_review"].take("S000003", "return", reason="缺4月")
    second = people["analyst"].get(address, params={"limit": 2, "cursor": first["next"]}).json()
    third = people["analyst"].get(address, params={"limit": 2, "cursor": second["next"]}).json()
    read = [s["seq"] for page in (first, second, third) for s in page["steps"]]
    assert read == [1, 2, 3, 4, 5, 6] and third["next"] is None
    assert third["steps"][-1]["reason"] == "缺4月"
    later = people["analyst"].get(address, params={"after": whole["last"]}).json()
    assert [s["seq"] for s in later["steps"]] == [6]
    nothing = people["analyst"].get(address, params={"after": later["last"]}).json()
    assert nothing == {"steps": [], "last": 6, "next": None}
    # a cursor of another question is none
    other = people["west"].get(address, params={"limit": 2, "cursor": first["next"]})
    assert other.json()["code"] == "BadCursor"


def test_a_decision_names_who_approved_at_the_levels_below(shared, people, program):
    point_to(shared.store)
    levels = {"": ["district", "city"]}
    Setting.objects.update_or_create(name="review_levels", defaults={"value": levels})
    city = program("市审", Grant("reviewer", place="990000"))
    number = people["east"].rows([month(EAST)], place=EAST).json()["submission"]["submission"]
    assert people["east_review"].take(number, "approve").json()["state"] == "submitted"
    assert city.take(number, "approve").json()["state"] == "approved"
    steps = people["analyst"].get("/api/v1/steps", params={"decisions": "true"}).json()["steps"]
    assert [(s["by"], [(each["level"], each["by"]) for each in s["levels"]]) for s in steps] == [
        ("市审", [("district", "东审")])
    ]


@pytest.fixture
def published(shared):
    """Two publications of a hand-made view, of which the second was taken back."""
    target = {"target_id": "t1", "plan": "p", "region_code": EAST, "indicator_zh": "=煤耗"}
    target |= {"series": [{"value": 1.5, "won": True}, {"value": 9.75, "won": False}]}
    meta = dict.fromkeys(publishing.OF_META, "x") | {"judged_on": "2026-11-29"}
    view = {"meta": meta, "plans": [{"id": "p"}], "targets": [publishing._public(target)]}
    folder = shared.site.workspace.folder
    for title in ("十月", "十一月"):
        draft = publishing.Draft(title, EAST, "发布员")
        publishing.publish(folder, draft, view, head="a" * 64, entries=3, now=NOON)
    publishing.withdraw(folder, "P0002", "发布员", "有误", NOON)


def test_publications_are_everybodys_and_what_was_taken_back_shows_its_head_only(
    shared, published, program
):
    anybody, somebody = PageClient(shared), program("西填", Grant("filer", place=WEST))
    listed = anybody.get("/api/v1/publications").json()["publications"]
    assert [(p["id"], p["title"], bool(p["withdrawn"])) for p in listed] == [
        ("P0002", "十一月", True),
        ("P0001", "十月", False),
    ]
    assert listed[0]["before"] == listed[1]["digest"] and "targets" not in listed[0]
    october = anybody.get("/api/v1/publications/P0001").json()
    assert october["targets"][0]["target_id"] == "t1" and "9.75" not in json.dumps(october)
    back = anybody.get("/api/v1/publications/P0002").json()
    assert back["targets"] == [] and back["withdrawn"]["reason"] == "有误"
    for number in ("P0003", "P1", "..", "P0001.withdrawn"):
        assert somebody.get(f"/api/v1/publications/{number}").status_code == 404
        assert anybody.get(f"/api/v1/publications/{number}").status_code in (401, 404)
    pages = anybody.get("/api/v1/publications", params={"limit": 1}).json()
    second = anybody.get("/api/v1/publications", params={"limit": 1, "cursor": pages["next"]})
    assert [p["id"] for p in second.json()["publications"]] == ["P0001"]


def test_the_files_of_a_publication_are_those_it_names(shared, published):
    anybody, address = PageClient(shared), "/api/v1/publications/P0001"
    files = {each["name"]: each for each in anybody.get(address).json()["files"]}
    assert set(files) == {"status.csv", "status.json", "sealed.json"}
    for name, said in files.items():
        answer = anybody.get(f"{address}/files/{name}")
        assert answer.headers["content-type"] == said["type"]
        assert len(answer.content) == said["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == said["sha256"]
    assert "'=煤耗" in anybody.get(f"{address}/files/status.csv").content.decode()
    # the seal can be worked out again from the sealed file, by the rule written down here
    sealed = json.loads(anybody.get(f"{address}/files/sealed.json").content)
    digest = sealed.pop("digest")
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == digest
    assert anybody.get(f"{address}/files/nope").status_code == 404
    withdrawn = anybody.get("/api/v1/publications/P0002/files/sealed.json")
    assert withdrawn.status_code == 404
    assert b"t1" not in anybody.get("/api/v1/publications/P0002/files/status.csv").content


def test_the_new_operations_stay():
    """Programs rest on these, as on the others."""
    ids = {o["operationId"] for m in description()["paths"].values() for o in m.values()}
    assert ids >= {"explanations", "steps", "publications", "publication", "publication_file"}


CURSOR = """
from hengtan.office.permission import Clause
from hengtan.web.rooms.api.cursor import Place
way = Clause(place=frozenset(str(n) for n in range(50)))
print(Place.of(("table", (way,)), (1, way), None).after(3))
"""


def test_a_cursor_of_one_process_is_read_by_another():
    """Sets have another order in each process, and pages of one answer come from several."""
    cursors = {
        subprocess.run(
            [sys.executable, "-c", CURSOR],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(cursors) == 1
