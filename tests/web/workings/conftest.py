"""The application over a workspace of a test's own, and people who send it files."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import openpyxl
import pytest
from page_client import PageClient

from hengtan.office.permission import Person
from hengtan.web.rooms.workings.models import WorkingRow

ORIGIN = {"Origin": "http://localhost"}
WITH_A_FORM = ("/rules/tables/reform", "/plans/documents/read", "/labels")
LABEL_KEY = "0123456789abcdef"


@pytest.fixture
def app(app_of_its_own):
    return app_of_its_own


@pytest.fixture
def people(app):
    """Gives a client of a person with grants, or of the one person who may all."""

    def person(name, *grants):
        client = PageClient(app)
        who = Person(name, tuple(grants), title=name) if grants else Person(name, is_alone=True)

        def get(address, **how):
            app.alone = who
            return client.get(address, **how)

        def post(address, data=None, files=None):
            app.alone = who
            pages = (client.get(page).text for page in WITH_A_FORM)
            tokens = (re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', p) for p in pages)
            token = next(filter(None, tokens))[1]
            form = {**(data or {}), "csrfmiddlewaretoken": token}
            return client.post(address, data=form, files=files, headers=ORIGIN)

        return SimpleNamespace(get=get, post=post)

    return person


@pytest.fixture
def work(people):
    """Sends a file to a working as the one person; gives its row."""

    def send(address, name, content, **answers):
        answer = people("张三").post(address, answers, {"file": (name, content)})
        assert answer.status_code == 200, answer.text
        return WorkingRow.objects.get(key=answer.url.path.rpartition("/")[2])

    return send


@pytest.fixture
def label_key(monkeypatch):
    monkeypatch.setenv("HENGTAN_LABEL_KEY", LABEL_KEY)


@pytest.fixture
def workbook():
    """The bytes of a workbook, from its sheets as rows."""

    def write(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return write


@pytest.fixture
def table():
    """The bytes of a CSV file from its rows."""

    def write(*rows):
        return "\n".join(",".join(map(str, row)) for row in rows).encode("utf-8")

    return write
