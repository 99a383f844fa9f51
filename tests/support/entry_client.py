"""How the tests of entry ask its pages: as somebody, a draft begun, filled, saved, handed in."""

from __future__ import annotations

import io
import json
import re
from types import SimpleNamespace

import openpyxl
from page_client import PageClient

from hengtan.office.permission import Person

FIRM, OTHER_FIRM = "91500156MA5U000001", "91500156MA5U000002"
ORIGIN = {"Origin": "http://localhost"}
TITLES = ["地区", "统一社会信用代码", "单位名称", "时期", "能源品种", "计量单位", "消费量"]
COAL = ["500156", FIRM, "甲厂", "2025年3月", "原煤", "吨", "1200"]


def as_person(app, name, *grants):
    """A client of a person with grants: who asks is decided elsewhere, and tested there."""
    client = PageClient(app)
    person = Person(name, tuple(grants)) if grants else Person(name, is_alone=True)

    def ask(method, address, **how):
        app.alone = person
        return getattr(client, method)(address, **how)

    return SimpleNamespace(
        get=lambda address, **how: ask("get", address, **how),
        post=lambda address, data=None, files=None: ask(
            "post",
            address,
            data={**(data or {}), "csrfmiddlewaretoken": token(ask)},
            files=files,
            headers=ORIGIN,
        ),
    )


def token(ask):
    page = ask("get", "/entry").text
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def state(page):
    """What the script of a grid begins with."""
    text = re.search(r'<script type="application/json" id="entry-state">(.*?)</script>', page, re.S)
    return json.loads(text[1])


def begin(client, form="enterprise_energy", place="500156", period="2025年3月", **more):
    answer = client.post("/entry/new", {"form": form, "place": place, "period": period, **more})
    assert answer.status_code == 200, answer.text
    return state(answer.text)


def filled(began, *rows):
    """The grid of a draft with rows by field."""
    width = len(began["fields"])
    lines = []
    for n, row in enumerate(rows):
        cells = [row.get(field, "") for field in began["fields"]]
        lines.append([f"x{n}", *cells[:width]])
    return {**began["typed"], "rows": lines}


def coal(**changes):
    fields = ["place", "entity", "entity_name", "period", "product", "unit", "consumed"]
    return dict(zip(fields, COAL, strict=True)) | changes


def save(client, began, grid, version=None):
    sent = {"version": str(version or began["version"]), "grid": json.dumps(grid)}
    return client.post(f"{began['address']}/save", sent)


def hand_in(client, began, grid):
    """Saved, checked, its warnings confirmed, handed in."""
    saved = save(client, began, grid).json()
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)}).json()
    sent = {"version": str(saved["version"]), "seen": checked["seen"]}
    return client.post(f"{began['address']}/submit", sent)


def workbook(*lines, sheet="三月"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for line in lines:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(client, content, form="enterprise_energy", place="500156", **more):
    files = {"file": ("三月 能耗.xlsx", content)}
    return client.post("/entry/upload", {"form": form, "place": place, **more}, files)


def key_of_upload(page):
    return re.search(r"/entry/upload/([0-9a-f]+)/", page)[1]


def records(app):
    return app.site.workspace.ledger.current().records
