"""Pages are kept as they were rendered while nothing is written, and no longer; one that is kept
and an explanation wait for nobody.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, contextmanager

import pytest
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file
from hengtan.report.page.render import Pages
from hengtan.web import Site, create_app, kept
from hengtan.web.stamp import stamp_of

HEAD = "地区,指标名称,时期,数值,计量单位,数据来源\n"


@pytest.fixture
def rendered(monkeypatch):
    """Names of the pages that were rendered."""
    names, served = [], Pages.served

    def noted(self, name, **context):
        names.append(name)
        return served(self, name, **context)

    monkeypatch.setattr(Pages, "served", noted)
    return names


def client_of(site, **how):
    return PageClient(create_app(site, **how))


@pytest.fixture
def demo_site(demo_copy):
    site = Site(demo_copy)
    yield site
    site.close()


def test_a_page_is_rendered_once_for_each_question_and_language(client, rendered):
    asked = ["/measures", "/measures", "/measures?lang=en", "/measures?lang=en", "/method"]
    answers = [client.get(address) for address in asked]
    assert rendered == ["measures", "measures", "method"]
    assert answers[0].content == answers[1].content != answers[2].content
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert answers[3].headers["set-cookie"] == answers[2].headers["set-cookie"]


def test_the_cookie_of_the_language_is_part_of_the_question(client):
    chinese = client.get("/method").text
    client.cookies.set("hengtan_lang", "en")
    assert client.get("/method").text != chinese


def test_what_is_not_there_is_asked_for_again(client, rendered):
    assert [client.get("/targets/none").status_code for _ in range(2)] == [404, 404]
    assert rendered == ["message", "message"]


def test_an_approval_and_its_correction_show_at_once(demo_site, tmp_path):
    """The page of a target as before, with 52.1 once it is approved, with 53.4 once corrected."""
    client, workspace = client_of(demo_site), demo_site.workspace

    def handed_in(value, **how):
        path = tmp_path / f"{value}.csv"
        path.write_text(f"{HEAD}武隆区,森林覆盖率,2025年,{value},%,区林业局\n", encoding="utf-8")
        report = import_file(
            workspace, "indicator_values", path, actor=Actor("审核员"), approve=True, **how
        )
        return report.submission["submission"]

    address = "/api/tables/indicator_values?place=500156&indicator=forest_cover"
    before = client.get(address).json()
    handed_in(52.1)
    after = client.get(address).json()
    handed_in(53.4)
    corrected = client.get(address).json()
    own = [{row["value"] for row in answer} for answer in (before, after, corrected)]
    assert 52.1 not in own[0] and 52.1 in own[1]
    assert 52.1 not in own[2] and 53.4 in own[2]


@contextmanager
def busy(site):
    """The graph of the site in the hands of another thread."""
    has_it, done = threading.Event(), threading.Event()

    def hold():
        with site._turn:
            has_it.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    has_it.wait(30)
    yield
    done.set()
    thread.join()


def test_a_kept_page_and_an_explanation_wait_for_nobody(demo_site):
    client = client_of(demo_site)
    page = client.get("/").content
    explained = "/api/explain/plan_progress?target_id=cq-forest-cover-2027"
    with busy(demo_site):
        assert client.get("/").content == page
        tree = client.get(explained)
    assert tree.status_code == 200 and "cq-forest-cover-2027" in tree.text


def test_for_as_long_as_a_state_is_taken_to_last_nobody_looks(small_site):
    looks = []
    small_site.stamp = lambda: looks.append(1) or ("same",)
    client = client_of(small_site, writable=True, looks_every=60)
    assert [client.get("/method").status_code for _ in range(3)] == [200] * 3
    assert len(looks) == 1
    client.post("/plans/none", data={"do": "accept"})  # it may have written
    client.get("/method")
    assert len(looks) == 2


def test_the_bound_lets_go_of_what_was_asked_for_longest_ago(client, rendered, monkeypatch):
    size = len(client.get("/method").content)
    monkeypatch.setattr(kept, "MOST_BYTES", size + len(client.get("/milestones").content))
    client.get("/method")
    client.get("/measures")
    rendered.clear()
    for address in ("/measures", "/milestones"):
        client.get(address)
    assert rendered == ["milestones"]


def test_a_stamp_tells_of_every_file_but_what_is_made_anew(tmp_path):
    (tmp_path / "packs" / "own").mkdir(parents=True)
    (tmp_path / "cache").mkdir()
    stamps = [stamp_of(tmp_path)]
    for name, content in (("packs/own/plan.csv", "1"), ("packs/own/plan.csv", "2"), ("a.yaml", "")):
        (tmp_path / f"{name}.new").write_text(content)
        (tmp_path / f"{name}.new").rename(tmp_path / name)
        stamps.append(stamp_of(tmp_path))
    assert len(set(stamps)) == 4
    (tmp_path / "cache" / "made.parquet").write_text("x")
    assert stamp_of(tmp_path) == stamps[-1]


def test_who_only_reads_the_catalogue_changes_no_page(workspace):
    """SQLite puts an empty file beside a catalogue while somebody reads it."""
    workspace.ledger.head()
    ledger = workspace.folder / "ledger"
    before = stamp_of(workspace.folder)
    with closing(sqlite3.connect(ledger / "catalogue.sqlite")) as reader:
        assert reader.execute("select count(*) from sqlite_master").fetchone()[0] > 0
        assert (ledger / "catalogue.sqlite-wal").exists()
        assert stamp_of(workspace.folder) == before
