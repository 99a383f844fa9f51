"""JSON for machines, downloads, and what guards the door."""

import io

import pytest
from openpyxl import load_workbook


def test_status_lists_every_target_without_page_matter(client, small):
    body = client.get("/api/status").json()
    assert [t["target_id"] for t in body["targets"]] == [t["target_id"] for t in small["targets"]]
    first = body["targets"][0]
    assert (
        first["light"] == "green"
        and first["latest_value"] == 55.06
        and "series" not in first
        and "explain" not in first
    )
    assert body["meta"]["judged_on"] == "2026-03-01"


def test_status_can_be_filtered(client):
    assert [
        t["target_id"] for t in client.get("/api/status?light=grey&plan=plan-a").json()["targets"]
    ] == ["a-factories", "a-none"]


def test_a_target_carries_its_series_and_tree(client):
    body = client.get("/api/targets/a-forest").json()
    assert len(body["series"]) == 5 and body["explain"]["children"][1]["approved_by"] == "李四"
    assert client.get("/api/targets/x").status_code == 404


def test_not_a_number_is_null(client):
    assert client.get("/api/tables/plan_progress?target_id=a-rd").json() == [
        {"target_id": "a-rd", "value": None}
    ]


def test_health(client):
    assert client.get("/api/status").status_code == 200  # what is told is of the last view
    assert client.get("/api/health").json() == {
        "ok": True,
        "targets": 8,
        "judged_on": "2026-03-01",
        "ledger_head": "0123456789abcdef0123456789abcdef",
    }


def test_downloads(client):
    book = client.get("/download/status.xlsx")
    assert load_workbook(io.BytesIO(book.content)).sheetnames[0] == "总览"
    report = client.get("/download/report.html")
    assert "attachment" in report.headers["content-disposition"] and "数字从何而来" in report.text


def test_plotly_comes_from_this_machine_and_may_be_kept(client):
    first = client.get("/static/plotly.js?v=1")
    assert "plotly.js" in first.text[:200] and "immutable" in first.headers["cache-control"]
    again = client.get("/static/plotly.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_script_travels_packed_to_who_can_unpack_it(client):
    whole = client.get("/static/plotly.js?v=1", headers={"Accept-Encoding": "identity"})
    packed = client.get("/static/plotly.js?v=1", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in whole.headers
    assert packed.headers["content-encoding"] == "gzip" and packed.text == whole.text
    assert int(packed.headers["content-length"]) < len(whole.content) / 2
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != whole.headers["etag"]


@pytest.mark.parametrize(
    "path", ["/", "/api/status", "/static/report.css", "/nowhere", "/download/status.xlsx"]
)
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert (
        "default-src 'none'" in policy and "script-src 'self';" in policy and "http" not in policy
    )
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert (
        headers["referrer-policy"] == "same-origin" and "access-control-allow-origin" not in headers
    )


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "10.0.0.1"])
def test_names_that_are_not_this_machine_are_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(client, method):
    assert getattr(client, method)("/").status_code == 405


def test_no_generated_documentation_from_outside(client):
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404
