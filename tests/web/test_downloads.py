"""Files taken along from pages: the list, a target with its values and picture, the bulletin."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import docx
import openpyxl
import pypdf
import pytest

XML = b"<?xml"


def of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    assert "attachment" in answer.headers["content-disposition"]
    return answer


def test_the_list_and_a_target_as_pdf(client):
    listed = pypdf.PdfReader(io.BytesIO(of(client, "/download/status.pdf").content))
    assert "森林覆盖率" in listed.pages[0].extract_text()
    page = of(client, "/download/targets/a-forest.pdf")
    assert page.headers["content-type"] == "application/pdf"
    assert len(pypdf.PdfReader(io.BytesIO(page.content)).pages) == 1


def test_an_english_reader_gets_an_english_page(client):
    content = of(client, "/download/targets/a-forest.pdf?lang=en").content
    assert "Forest cover" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_values_as_csv_and_as_a_workbook(client):
    """The five values of small_view.yaml, newest first; the proxy is in another unit."""
    content = of(client, "/download/targets/a-forest.csv").content
    assert content.startswith(b"\xef\xbb\xbf")  # Excel takes it for UTF-8
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["时期", "数值", "单位", "合目标单位的数值"]
    assert [row[0] for row in rows[1:]] == ["2023", "2022", "2022", "2022", "2015"]
    assert rows[1][:3] == ["2023", "55.06", "%"]
    assert sorted(row[5] for row in rows[2:5]) == ["未采用", "采用", "采用"]
    book = openpyxl.load_workbook(io.BytesIO(of(client, "/download/targets/a-forest.xlsx").content))
    sheet = book.active
    assert sheet["B2"].value == 55.06 and sheet["A2"].value == "2023"


def test_a_source_that_looks_like_a_formula_stays_text(client):
    content = of(client, "/download/targets/a-factories.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in content


def test_the_picture_as_lines_and_as_points(client):
    assert of(client, "/download/targets/a-forest.svg").content.startswith(XML)
    assert of(client, "/download/targets/a-forest.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "path",
    [
        "/download/targets/none-such.pdf",
        "/download/targets/a-forest.exe",
        "/download/targets/a-none.svg",
        "/download/status.doc",
        "/download/bulletin/2025-06.doc",
    ],
)
def test_what_is_not_offered_is_not_there(client, path):
    assert client.get(path).status_code in (400, 404)


@pytest.fixture
def city(bulletin_city):
    """The pages of the made-up city with months."""
    from page_client import PageClient

    from hengtan.web import Site, create_app

    site = Site(bulletin_city[0])
    yield PageClient(create_app(site))
    site.close()


@pytest.mark.parametrize(("end", "start"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_the_bulletin_in_each_form(city, end, start):
    assert f"/download/bulletin/2025-06.{end}" in city.get("/bulletin/2025-06").text
    assert of(city, f"/download/bulletin/2025-06.{end}").content.startswith(start)


def test_the_bulletin_with_what_an_office_adds(city):
    fields = {
        "recipients": "各区县人民政府\r\n市政府有关部门",
        "requirements": "压实责任。\n按月调度。",
        "signed_by": "某市发展和改革委员会",
        "signed_on": "2025-07-09",
    }
    page = city.get("/bulletin/2025-06").text
    assert all(f'name="{name}"' in page for name in fields)
    answer = city.get(f"/download/bulletin/2025-06.docx?{urlencode(fields)}")
    texts = [p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert "各区县人民政府、市政府有关部门：" in texts
    assert "（二）按月调度。" in texts and "2025年7月9日" in texts


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"signed_on": "7月9日"}, "时期"), ({"requirements": "长" * 7000}, "超过 6000 字")],
)
def test_fields_that_cannot_be_read_are_told(city, fields, said):
    answer = city.get(f"/download/bulletin/2025-06.docx?{urlencode(fields)}")
    assert answer.status_code == 400 and said in answer.text


def test_the_dispatch_sheet(demo):
    from page_client import PageClient

    from hengtan.web import Site, create_app

    site = Site(demo)
    try:
        pages = PageClient(create_app(site))
        assert "/download/dispatch.xlsx" in pages.get("/measures").text
        book = openpyxl.load_workbook(io.BytesIO(of(pages, "/download/dispatch.xlsx").content))
        assert book.sheetnames == ["任务调度表", "按单位汇总"]
        slips = of(pages, f"/download/dispatch.docx?{urlencode({'department': '市林业局'})}")
        texts = [p.text for p in docx.Document(io.BytesIO(slips.content)).paragraphs]
        assert any(text.startswith("牵头单位：市林业局") for text in texts)
        assert pages.get("/download/dispatch.docx?department=x").status_code == 400
    finally:
        site.close()
