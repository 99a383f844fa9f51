"""/api/v1: every operation names its need; what is not one's own is not there; pages, clocks and
formats; the description stands without anything from outside.
"""

from __future__ import annotations

import io
import re

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from page_client import PageClient

from hengtan.office.permission import Grant
from hengtan.office.roles import actions
from hengtan.web.rooms.api.operations import Operations, description
from hengtan.web.routing import Router

FORM = "monthly_figures"
EAST, WEST = "990001", "990002"
OUTSIDE = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


def month(place, number=1, **more):
    """A row of a month, as a program sends it."""
    row = {"place": place, "period": f"2025年1-{number}月" if number > 1 else "2025年1月"}
    return row | {"energy": 10.5 * number, "source_title": "测试"} | more


def filed(program, *rows, **asked):
    """The submission of rows that were handed in."""
    answer = program.rows(list(rows), **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["submission"]["submission"]


def test_every_operation_of_the_description_is_an_address_with_that_need(shared):
    routes = shared.urls.routes
    paths = description()["paths"]
    named = {
        (path, method.upper()): operation["x-need"]
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    assert len(named) >= 15
    for (path, method), need in named.items():
        assert routes[path][method].need == need and need in actions()


def test_an_operation_without_a_need_is_refused():
    with pytest.raises(ValueError, match="names no need"):
        Operations(Router(), "x").get("/x", "", ("甲", "a"))
    with pytest.raises(ValueError, match="names no need"):
        Operations(Router(), "x").get("/x", "status.look", ("甲", "a"))


def test_operations_and_their_ids_stay():
    """Programs rest on these: an id goes only with a new version of the API."""
    ids = {o["operationId"] for m in description()["paths"].values() for o in m.values()}
    assert ids >= {
        *("status", "target", "tables", "table", "explain", "places", "indicators", "forms"),
        *("form", "rules", "rule", "result", "submissions", "submission", "hand_in_rows"),
        *("hand_in_file", "approve_submission", "return_submission", "withdraw_submission"),
    }


def test_without_a_token_and_with_a_wrong_one_one_signs_in_first(shared):
    for headers in ({}, {"Authorization": "Bearer hengtan_wrong"}, {"Authorization": "Basic x"}):
        for path in ("status", "tables", "forms", "submissions", "openapi.json"):
            answer = PageClient(shared, headers=headers).get(f"/api/v1/{path}")
            assert (answer.status_code, answer.json()["code"]) == (401, "401")
    assert PageClient(shared).get("/api/v1/health").json()["ok"] is True


def test_a_role_without_the_need_is_told_and_a_stranger_is_not(people):
    assert people["leader"].rows([month(EAST)]).status_code == 403
    assert people["west"].rows([month(EAST)], place=EAST).status_code == 404
    submission = filed(people["east"], month(EAST), place=EAST)
    mine = people["east"].get(f"/api/v1/submissions/{submission}")
    assert mine.status_code == 200 and mine.json()["channel"] == "api"
    theirs = people["west"].get(f"/api/v1/submissions/{submission}")
    none = people["west"].get("/api/v1/submissions/S999999")
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json()
    assert people["west"].get("/api/v1/submissions").json()["submissions"] == []


def test_a_token_does_less_than_its_owner(program):
    reading = program("只读", Grant("filer", place=EAST), only=("status.read", "record.read"))
    assert reading.get("/api/v1/forms").status_code == 200
    assert reading.rows([month(EAST)], place=EAST).status_code == 403


def test_one_sees_the_rows_of_ones_places_and_no_others(people):
    for who, place in (("east", EAST), ("west", WEST)):
        submission = filed(people[who], month(place), place=place)
        assert people[f"{who}_review"].take(submission, "approve").status_code == 200
    address = f"/api/v1/tables/{FORM}"
    assert [r["place"] for r in people["east"].get(address).json()["rows"]] == [EAST]
    assert [r["place"] for r in people["west"].get(address).json()["rows"]] == [WEST]
    whole = people["analyst"].get(address).json()
    assert [r["place"] for r in whole["rows"]] == [EAST, WEST] and whole["total"] == 2
    asked = {"where": f"place={WEST}"}
    assert people["east"].get(address, params=asked).json()["rows"] == []
    # a table that says of no row where it belongs is of the whole region
    assert people["east_review"].get("/api/v1/tables/gwp").json()["rows"] == []
    assert people["analyst"].get("/api/v1/tables/gwp").json()["rows"]
    # an account needs account.read, which a filer has not
    assert people["east"].get("/api/v1/tables/plan_progress").status_code == 404


def test_nobody_approves_his_own_and_a_return_needs_a_reason(people, program):
    both = program("两职", Grant("filer", place=EAST), Grant("reviewer", place=EAST))
    own = filed(both, month(EAST), place=EAST)
    assert both.take(own, "approve").status_code == 404
    review = people["east_review"]
    assert review.take(own, "return").json()["zh"] == "没有写明原因"
    back = review.take(own, "return", reason="缺3月")
    assert back.json()["state"] == "returned" and back.json()["reason"] == "缺3月"
    again = review.take(own, "return", reason="缺3月")
    assert (again.status_code, again.json()["code"]) == (409, "WrongState")
    assert people["west_review"].take(own, "approve").status_code == 404
    assert both.take(own, "withdraw").json()["state"] == "withdrawn"


def test_pages_joined_are_the_whole_and_a_change_meanwhile_is_told(people):
    rows = [month(EAST, number) for number in range(1, 8)]
    submission = filed(people["east"], *rows, place=EAST)
    people["east_review"].take(submission, "approve")
    address, read, cursor = f"/api/v1/tables/{FORM}", [], None
    while cursor != "":
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = people["analyst"].get(address, params=asked).json()
        read += page["rows"]
        cursor = page["next"] or ""
    whole = people["analyst"].get(address).json()
    assert read == whole["rows"] and len(read) == 7 and whole["next"] is None
    first = people["analyst"].get(address, params={"limit": 3}).json()["next"]
    other = people["analyst"].get(address, params={"cursor": first, "where": "place=1"})
    assert other.json()["code"] == "BadCursor"
    waiting = filed(people["east"], month(EAST, 9), place=EAST)
    onward = people["analyst"].get(address, params={"cursor": first, "limit": 3})
    assert onward.json()["rows"] == whole["rows"][3:6]  # what waits is no row of the table
    people["east_review"].take(waiting, "approve")
    late = people["analyst"].get(address, params={"cursor": first, "limit": 3})
    assert (late.status_code, late.json()["code"]) == (409, "TableChanged")


def test_a_cursor_that_is_none_is_refused(people):
    for cursor in ("x", "W10", "e30", "WzEsMiwzXQ", "9" * 1001, "中"):
        answer = people["analyst"].get("/api/v1/submissions", params={"cursor": cursor})
        assert answer.status_code in (400, 422) and answer.json()["level"] == "error"


def test_a_table_whole_as_parquet_and_csv(people):
    submission = filed(people["east"], month(EAST, note="=1+1"), place=EAST)
    people["east_review"].take(submission, "approve")
    address, analyst = f"/api/v1/tables/{FORM}", people["analyst"]
    page = analyst.get(address).json()
    for answer in (
        analyst.get(f"{address}.parquet"),
        analyst.get(address, headers={"Accept": "application/vnd.apache.parquet"}),
    ):
        table = pq.read_table(io.BytesIO(answer.content))
        assert [(f.name, str(f.type)) for f in table.schema] == [
            (column["name"], column["type"]) for column in page["columns"]
        ]
        assert table["energy"].to_pylist() == [10.5] and table["note"].to_pylist() == ["=1+1"]
    text = analyst.get(f"{address}.csv")
    rows = pc.read_csv(io.BytesIO(text.content)).to_pylist()
    assert rows[0]["energy"] == 10.5 and rows[0]["note"] == "'=1+1"
    assert "attachment" in text.headers["content-disposition"]
    # export is a right of its own, which a filer has not
    assert people["east"].get(address).status_code == 200
    assert people["east"].get(f"{address}.csv").status_code == 404


def test_as_of_a_day_before_nothing_is_known(people):
    submission = filed(people["east"], month(EAST), place=EAST)
    people["east_review"].take(submission, "approve")
    address, analyst = f"/api/v1/tables/{FORM}", people["analyst"]
    assert analyst.get(address).json()["total"] == 1
    assert analyst.get(address, params={"known_on": "2020-01-01"}).json()["total"] == 0
    wrong = analyst.get(address, params={"known_on": "去年"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "BadRequest")


def test_where_a_figure_came_from_is_told_to_whom_it_belongs(people):
    for who, place in (("east", EAST), ("west", WEST)):
        submission = filed(people[who], month(place), place=place)
        people[f"{who}_review"].take(submission, "approve")
    row = people["analyst"].get(f"/api/v1/tables/{FORM}").json()["rows"][0]
    asked = {"key": [f"place={EAST}", f"period={row['period']}"]}
    tree = people["east_review"].get(f"/api/v1/explain/{FORM}", params=asked)
    assert tree.status_code == 200, tree.text
    assert tree.json()["origin"]["_file"] == "rows.csv"
    assert tree.json()["origin"]["_submitted_by"] == "东填"
    assert people["west_review"].get(f"/api/v1/explain/{FORM}", params=asked).status_code == 404
    without = people["west_review"].get(f"/api/v1/explain/{FORM}")
    assert without.status_code == 404


def test_a_rule_is_computed(people):
    rules = people["analyst"].get("/api/v1/rules").json()["rules"]
    assert any(rule["rule"] == "env_tax.air" for rule in rules)
    wrong = people["analyst"].get("/api/v1/rules/env_tax.air/result", params={"input": "x=1"})
    assert wrong.status_code == 400 and "x" in wrong.json()["zh"]


def test_the_page_of_the_api_stands_by_itself(people):
    for address in ("/api/v1/docs", "/api/v1/docs/try"):
        page = people["analyst"].get(address)
        assert page.status_code == 200 and not OUTSIDE.search(page.text)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
        assert not re.search(r"\bon(?:click|load)=", page.text)
        for asset in re.findall(r'(?:src|href)="(/(?:api|static)/[^"]+)"', page.text):
            assert people["analyst"].get(asset).status_code == 200, asset
    chinese = people["analyst"].get("/api/v1/docs").text
    assert "报送数据行" in chinese and "Hand in rows" not in chinese
    assert "Hand in rows" in people["analyst"].get("/api/v1/docs?lang=en").text
