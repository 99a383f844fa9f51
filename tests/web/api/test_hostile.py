"""What is sent to do harm: no 500, one clear line; and OpenAPI walked by schemathesis."""

from __future__ import annotations

import io
import json
import shutil
import zipfile

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openpyxl import Workbook
from page_client import PageClient

from hengtan.web import Site, create_app
from hengtan.web.rooms.api.operations import description
from hengtan.web.store import Store, copy_of
from hengtan.workspace import Workspace

FORM = "monthly_figures"
PROGRAM = {"X-Hengtan-Client": "test"}
HEADINGS = ["地区", "时期", "能源消费总量（万吨标准煤）", "来源"]


@pytest.fixture(scope="module")
def local(tmp_path_factory, empty_store, city_folder):
    """The made-up city for one person, writable; a client that is a program."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(city_folder, folder / "ws")
    with Workspace.open(folder / "ws") as workspace:
        app = create_app(Site(workspace))
        app.store = Store(folder / "work")
        copy_of(empty_store, app.store)
        app.writable = True
        yield PageClient(app, headers=PROGRAM)
        app.close()


def book(*rows, **parts):
    """A workbook with the headings of the form; ``parts``: files put into its archive."""
    workbook, sink = Workbook(), io.BytesIO()
    workbook.active.append(HEADINGS)
    for row in rows:
        workbook.active.append(row)
    workbook.save(sink)
    with zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return sink.getvalue()


def bomb():
    """An archive of which one sheet unpacks to 400 MB."""
    sink = io.BytesIO(book(["990001", "2025年1月", 1, "x"]))
    with (
        zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(400):
            sheet.write(b"0" * 1_000_000)
    return sink.getvalue()


LINK = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]><worksheet>&a;</worksheet>'.format("a" * 1000)
FILES = {
    "a bomb": ("a.xlsx", bomb),
    "macros": (
        "a.xlsm",
        lambda: book(["990001", "2025年1月", 1, "x"], xl__vbaProject_dot_bin=b"\0" * 100),
    ),
    "external links": (
        "a.xlsx",
        lambda: book(
            ["990001", "2025年1月", "=[1]Sheet1!A1", "x"],
            xl__externalLinks__externalLink1_dot_xml=LINK,
        ),
    ),
    "formulas": (
        "a.xlsx",
        lambda: book(["990001", "2025年1月", '=HYPERLINK("http://x","1")', "=cmd|' /C calc'!A0"]),
    ),
    "entities": ("a.xlsx", lambda: book(xl__worksheets__sheet3_dot_xml=ENTITY)),
    "no archive": ("a.xlsx", lambda: b"PK\x03\x04" + b"\0" * 200),
    "not what it says": ("a.xlsx", lambda: "地区,时期\n".encode()),
    "zeros": ("a.csv", lambda: b"\0" * 10_000),
    "a name that is a path": ("../../../etc/x.csv", lambda: b"a,b\n1,2\n"),
    "a long name": ("x" * 400 + ".csv", lambda: b"a,b\n1,2\n"),
    "a name of signs": ("‮\x1f?*<>.csv", lambda: b"a,b\n1,2\n"),
    "a wide sheet": ("a.csv", lambda: ",".join("a" * 1 for _ in range(60_000)).encode()),
    "nothing": ("a.csv", lambda: b""),
    "no ending": ("a", lambda: b"x"),
    "another ending": ("a.exe", lambda: b"MZ"),
}


@pytest.mark.parametrize("what", FILES)
def test_hostile_files_are_answered_in_one_line(local, what):
    name, content = FILES[what]
    answer = local.post(f"/api/v1/forms/{FORM}/file", files={"file": (name, content())})
    assert answer.status_code in (200, 400, 422), answer.text[:500]
    said = answer.json()
    if answer.status_code == 200:  # read without what could do harm: never a formula's text
        assert said["submission"]["state"] == "submitted"
    else:
        assert (
            said["zh"] and said["en"] and "\n" not in said["zh"] and "Traceback" not in said["en"]
        )
        assert said["code"] not in ("failed", "Exception")


def test_what_is_too_large_is_refused_before_it_is_read(local):
    for address, kind in (
        ("rows", "application/json"),
        ("file", "multipart/form-data; boundary=x"),
    ):
        headers = {"Content-Type": kind, "Content-Length": "100000000"}
        answer = local.post(f"/api/v1/forms/{FORM}/{address}", content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")
        assert "20 MB" in answer.json()["zh"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"rows": ' + b"[" * 50_000,
        b'{"rows": [{"place": NaN}]}',
        b'{"rows": [{"place": 1e999, "energy": -1e999}]}',
        b'{"rows": [{"energy": ' + b"9" * 5_000 + b"}]}",
        b'{"rows": [{"place": "\\ud800"}]}',
        b'{"rows": [{"place": "\\u0000", "\\u0000": 1}]}',
        b'{"rows": [{"place": {"a": 1}}]}',
        b'{"rows": [{}]}',
        b'{"rows": []}',
        b'{"rows": 1}',
        b"\xff\xfe",
        json.dumps({"rows": [{"place": "990001"}] * 10_001}).encode(),
        json.dumps({"rows": [{str(n): 1 for n in range(20_000)}]}).encode(),
    ],
    ids=range(16),
)
def test_hostile_rows_are_answered_in_one_line(local, body):
    headers = {"Content-Type": "application/json"}
    answer = local.post(f"/api/v1/forms/{FORM}/rows", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text[:300]
    assert answer.json()["zh"] and len(answer.content) < 1_000_000


@pytest.mark.parametrize(
    "address",
    [
        "tables/..%2f..%2fetc",
        "tables/plan_progress.csv.parquet",
        "tables/%F0%9F%92%A9",
        "tables/x%22;drop",
        "status?period=" + "9" * 39,
        "status?known_on=9999-12-31",
        "status?known_on=0001-01-01",
        "status?period=0001",
        "status?where=%3D",
        "status?where=light%3D",
        "tables/places?where=place%3D%27%20or%201=1",
        "tables/places?where=nope%3D1",
        "explain/plan_progress?key=nope%3D1",
        "explain/places?key=place%3D990001",
        "submissions/%2e%2e",
        "rules/nope",
        "rules/env_tax.air/result?input=date%3Dx",
        "rules/env_tax.air/result?input=outlets%3D!!python/object:os.system",
        "forms/%00x",
    ],
)
def test_odd_addresses_are_answered(local, address):
    answer = local.get(f"/api/v1/{address}")
    assert answer.status_code < 500, answer.text[:300]


def test_a_page_of_another_site_cannot_file(local):
    """Without the header that no form can send, the token against forged requests is asked for."""
    forged = PageClient(local.app).post(
        f"/api/v1/forms/{FORM}/file",
        files={"file": ("a.csv", b"x")},
        headers={"Origin": "http://evil.example"},
    )
    assert (forged.status_code, forged.json()["level"]) == (403, "error")


KNOWN = {
    "form": FORM,
    "name": "places",
    "account": "plan_progress",
    "rule_id": "env_tax.air",
    "submission": "S000001",
}
"""Parts of addresses that are there, since what is drawn hardly ever is."""


@pytest.mark.slow
def test_no_operation_fails_whatever_it_is_asked(local):
    """schemathesis draws a few requests of each operation from its description, the same ones each
    time; each is sent as drawn, and once more to what is there.
    """
    drawing = settings(
        max_examples=5,
        derandomize=True,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    walked, seen = schemathesis.openapi.from_dict(description()), set()
    for result in walked.get_all_operations():
        operation = result.ok()

        @drawing
        @given(case=operation.as_strategy())
        def ask(case):
            for known in ({}, KNOWN):
                parts = case.path_parameters or {}
                for name in parts.keys() & known.keys():
                    parts[name] = known[name]
                answer = _send(local, case)
                seen.add(case.operation.label)
                assert answer.status_code < 500, (case.operation.label, answer.text[:300])

        ask()
    assert seen == {
        f"{method.upper()} {path}"
        for path, ways in description()["paths"].items()
        for method in ways
    }


def _send(client, case):
    sent = case.as_transport_kwargs(base_url="http://localhost")
    headers = {k: v for k, v in dict(sent.pop("headers")).items() if v.isascii()} | PROGRAM
    sent.pop("cookies", None)
    if isinstance(sent.get("data"), (bytes, str)):
        sent["content"] = sent.pop("data")
    return client.request(headers=headers, **sent)
