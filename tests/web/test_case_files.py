"""Case files on the pages: what stands on them, verdicts on record that go stale when a record is
corrected; the same from the command line.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile

import pytest
from page_client import PageClient
from typer.testing import CliRunner

from hengtan.basis.actor import Actor
from hengtan.cli.main import app as command
from hengtan.desk.filing import Filing, as_file, file_in
from hengtan.web import Site, create_app
from hengtan.workspace import Workspace

FIRM = "91500156MA00000001"
PERMIT = {"permit": "渝/P1", "place": "500156", "entity": FIRM, "entity_name": "甲厂"}
MONTH = {"permit": "渝/P1", "outlet": "DW001", "medium": "废水", "pollutant": "化学需氧量"}


def hand_in(workspace, form, rows):
    """File rows and have them approved."""
    report = file_in(workspace, Filing(form, "rows.csv", as_file(rows), Actor("填报员")))
    number = report.submission["submission"]
    workspace.ledger.record(number, "approved", Actor("审核员"))
    return number


def monitored(concentration):
    """One month of 10,000 m³: 40 mg/L are 0.4 t."""
    month = {"period": "2024-03", "concentration": concentration, "flow": 10_000}
    return [MONTH | month]


@pytest.fixture(scope="module")
def kept(empty_folder, tmp_path_factory):
    """One permit; the last test corrects its month."""
    folder = tmp_path_factory.mktemp("case_files") / "ws"
    shutil.copytree(empty_folder, folder)
    with Workspace.open(folder) as workspace:
        hand_in(workspace, "discharge_permits", [PERMIT | {"issued": "2024-03-01"}])
        limit = {"begins": "2024-03-01", "concentration_limit": 50, "annual": 0.3}
        hand_in(workspace, "permit_limits", [MONTH | limit])
        hand_in(workspace, "permit_months", monitored(40))
        yield workspace


@pytest.fixture(scope="module")
def client(kept):
    app = create_app(Site(kept), writable=True)
    yield PageClient(app)
    app.close()


ONE = "/files/discharge_permit/%E6%B8%9D~1P1"


def test_from_the_kinds_to_the_verdict_and_its_paper(client):
    assert 'href="/files/discharge_permit"' in client.get("/files").text
    listed = client.get("/files/discharge_permit").text
    assert f'href="{ONE}"' in listed and "超许可：DW001 化学需氧量年排放量" in listed
    page = client.get(ONE).text
    assert "许可 0.3，超出" in page and "排污许可管理条例" in page
    assert "2028-12-30" in page  # five years end on 2029-02-28, 60 days before is 2028-12-30
    english = client.get(f"{ONE}?lang=en").text
    assert "Whether it was kept in the year" in english
    papers = {}
    for language in ("zh", "en"):
        paper = client.get(f"/download{ONE}.docx?lang={language}")
        with zipfile.ZipFile(io.BytesIO(paper.content)) as document:
            papers[language] = re.sub(r"<[^>]+>", "", document.read("word/document.xml").decode())
    assert "甲厂" in papers["zh"] and "超许可" in papers["zh"]
    assert "Whether it was kept in the year" in papers["en"] and "超许可" not in papers["en"]
    assert client.get("/files/discharge_permit?state=overdue").text.count(f'href="{ONE}"') == 0
    assert client.get("/files/discharge_permit/P2").status_code == 404
    assert client.get("/files/no_such_kind").status_code == 404


def test_the_command_says_what_the_page_says(kept, tmp_path):
    run = CliRunner().invoke

    def hengtan(*words):
        done = run(command, ["files", *words, "-w", str(kept.folder)])
        assert done.exit_code == 0, done.output
        return done.stdout

    kinds = json.loads(hengtan("--json"))
    assert {row["kind"]: row["files"] for row in kinds}["discharge_permit"] == 1
    (line,) = json.loads(hengtan("discharge_permit", "--json"))
    assert (line["subject"], line["overdue"]) == ("渝/P1", 0)
    opened = json.loads(hengtan("discharge_permit", "渝/P1", "--json"))
    year = next(verdict for verdict in opened["verdicts"] if verdict["period"] == "2024")
    assert year["outputs"]["over"] == 1
    assert year["inputs"]["emissions"][0]["emitted"] == pytest.approx(0.4)
    assert "超许可" in hengtan("discharge_permit", "渝/P1")
    hengtan("discharge_permit", "渝/P1", "--to", str(tmp_path / "档案.docx"))
    assert (tmp_path / "档案.docx").stat().st_size > 10_000
    english = str(tmp_path / "file.docx")
    hengtan("discharge_permit", "渝/P1", "--to", english, "--lang", "en")
    with zipfile.ZipFile(english) as document:
        assert "Whether it was kept" in document.read("word/document.xml").decode()
    wrong = ["files", "discharge_permit", "渝/P1", "--to", english, "--lang", "fr"]
    assert run(command, [*wrong, "-w", str(kept.folder)]).exit_code == 2
    refused = run(command, ["files", "discharge_permit", "P9", "-w", str(kept.folder)])
    assert refused.exit_code == 1


def test_a_verdict_on_record_goes_stale_when_a_month_is_corrected(client, kept):
    page = client.get(f"{ONE}?lang=zh").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"by": "乙", "csrfmiddlewaretoken": token}
    filed = client.post(f"{ONE}/record", data=form)
    number = re.search(r"已存档，编号 (S\d+)", filed.text)[1]
    kept.ledger.record(number, "approved", Actor("审核员"))
    assert "存档已过时" not in client.get(ONE).text
    assert "已存档" in client.get(ONE).text
    hand_in(kept, "permit_months", monitored(20))  # 0.2 t, within 0.3 t
    page = client.get(ONE).text
    assert "存档已过时" in page and "符合" in page
    again = client.post(f"{ONE}/record", data=form)
    assert re.search(r"已存档，编号 (S\d+)", again.text)[1] != number


def test_a_parameter_that_is_refused_is_set_from_its_refusal(client, kept):
    """The grid of what places set opens with the parameter and the place in its first row; pressed
    again the open draft is opened and holds it once.
    """
    place = {"区县": "渝中区"}
    hand_in(kept, "households", [{"户号": "G1", **place, "品种": "气"}])
    hand_in(kept, "household_readings", [{"户号": "G1", "抄表期": "2024-01", "用气量": 50}])
    page = client.get("/files/household_meter/G1").text
    forms = re.findall(r'<form method="post" action="/entry/new".*?</form>', page, re.DOTALL)
    sent = [dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)) for form in forms]
    (price,) = (fields for fields in sent if fields["cell.item"] == "tariff.gas.tier_price.1")
    for _ in range(2):
        grid = client.post("/entry/new", data=price)
        assert grid.status_code == 200 and "/entry/d/" in str(grid.url)
    state = json.loads(re.search(r'id="entry-state"[^>]*>(.*?)</script>', grid.text, re.DOTALL)[1])
    rows = [row[1:] for row in state["typed"]["rows"] if any(row[1:])]
    (row,) = [row for row in rows if "居民阶梯气价：第1档价（元/立方米）" in row]
    assert "渝中区" in row and len(rows) == 1
