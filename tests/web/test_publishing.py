"""Publishing: what is frozen stays, nothing else is public, nobody publishes his own."""

from __future__ import annotations

import hashlib
import json
import re
import shutil

import pyarrow as pa
import pytest
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk.upkeep import check_records
from hengtan.ledger.handing_in import Meta
from hengtan.office import publishing
from hengtan.web import Site, create_app
from hengtan.web.application import Application
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.audit.verifying import check_trail
from hengtan.web.store import point_to

ORIGIN = {"Origin": "http://localhost"}
NOTED = "审计记录所记的发布 {} 不在了，或被改动"


@pytest.fixture
def empty_folder(empty_folder, tmp_path):
    """A workspace that may be written to."""
    return shutil.copytree(empty_folder, tmp_path / "ws")


@pytest.fixture
def app(small_site, prepared_store):
    """The hand-made view, one person alone."""
    app = create_app(small_site)
    prepared_store(app)
    yield app
    app.close()


def send(client, address, page, **form):
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return client.post(address, data=form, headers=ORIGIN)


def publish(client, title="三月发布", **form):
    """Publish all the places of the hand-made view that one may."""
    page = client.get("/publications").text
    place = re.search(r'<option value="(\w+)">', page)[1]
    return send(client, "/publications", page, **({"title": title, "place": place} | form))


@pytest.fixture
def placed(small_site):
    """The targets of the hand-made view lie in the district of its workspace."""
    for target in small_site.workspace.small["targets"]:
        target["region_code"] = "500156"
    return small_site.workspace.small


def test_a_publication_never_changes_though_its_figures_do(app, placed, small_site):
    client = PageClient(app)
    publish(client)
    before = client.get("/public/P0001").text
    assert "森林覆盖率" in before and "55.06" in before
    row = next(t for t in placed["targets"] if t["target_id"] == "a-forest")
    row["latest_value"], row["light_reason"] = 12.34, "更正后"
    small_site.workspace.small = dict(placed)
    app.kept.look_again()
    assert "12.34" in client.get("/targets/a-forest").text
    for address in ("", "/targets/a-forest", "/status.json", "/status.csv"):
        text = client.get(f"/public/P0001{address}").text
        assert "12.34" not in text and "更正后" not in text
        assert "55.06" in text


def test_what_is_inside_is_not_public(app, placed):
    """Rival values, explanations, gaps and conflicts of the view stay inside."""
    target = placed["targets"][0]
    target["self_approved_submissions"] = ["S000777"]
    client = PageClient(app)
    publish(client)
    public = json.loads(client.get("/public/P0001/status.json").text)
    assert set(public) & {"gaps", "conflicts", "measures", "sources", "overdue"} == set()
    text = json.dumps(public, ensure_ascii=False)
    for inside in ("早先新闻稿", "S000777", "张三", "李四"):
        assert inside not in text
        assert inside not in client.get("/public/P0001/targets/a-forest").text


def test_whoever_is_not_signed_in_sees_publications_and_nothing_else(
    small_site, prepared_store, placed, app
):
    publish(PageClient(app))
    shared = Application(small_site, is_shared=True)
    shared.store, shared.writable = app.store, True
    stranger = PageClient(shared, follow=False)
    for address in ("/public", "/public/P0001", "/public/P0001/targets/a-forest"):
        answer = stranger.get(address)
        assert answer.status_code == 200, address
        for hidden in ("/publications", "/review", "/gaps", '/targets/a-forest"'):
            assert f'href="{hidden}' not in answer.text
    for address in ("/", "/publications", "/review", "/targets/a-forest", "/gaps"):
        assert stranger.get(address).status_code == 302, address
    assert 'href="/public"' in stranger.get("/account/login/").text


def test_a_publication_that_is_not_there(app):
    client = PageClient(app)
    for number in ("P0001", "P9999", "P0001.withdrawn", "p0001", "x%2e%2e"):
        assert client.get(f"/public/{number}").status_code == 404
        assert client.get(f"/public/{number}/status.json").status_code == 404


def test_withdrawn_with_a_reason_it_stays_to_be_seen_without_figures(app, placed):
    client = PageClient(app)
    publish(client)
    page = client.get("/publications").text
    refused = send(client, "/publications/P0001/withdraw", page, reason=" ")
    assert refused.status_code == 400 and "没有写明原因" in refused.text
    send(client, "/publications/P0001/withdraw", page, reason="口径有误")
    for address in ("/public", "/public/P0001"):
        text = client.get(address).text
        assert "口径有误" in text and "55.06" not in text
    assert "55.06" not in client.get("/public/P0001/status.json").text
    assert "55.06" not in client.get("/public/P0001/status.csv").text
    again = send(client, "/publications/P0001/withdraw", page, reason="再撤")
    assert again.status_code == 400 and "已经撤回" in again.text


def test_a_title_is_needed_and_the_deed_is_in_the_trail(app, placed):
    client = PageClient(app)
    refused = publish(client, title="  ")
    assert refused.status_code == 400 and "没有写标题" in refused.text
    publish(client, title="五月")
    point_to(app.store)
    (deed,) = Entry.objects.filter(kind="published").values_list("what", flat=True)
    assert deed.startswith("P0001 五月 ")


def test_titles_are_text(app, placed):
    client = PageClient(app)
    publish(client, title="<script>x</script>", note="<b>注</b>")
    for address in ("/public", "/public/P0001", "/publications"):
        text = client.get(address).text
        assert "<script>x" not in text and "<b>注" not in text


def test_a_changed_file_is_found_and_not_shown(app, placed, small_site):
    client = PageClient(app)
    publish(client)
    folder = small_site.workspace.folder / publishing.FOLDER
    path = folder / "P0001.json"
    path.write_text(path.read_text().replace("55.06", "66.06"))
    with pytest.raises(HengtanError, match="改动过"):
        publishing.publication(small_site.workspace.folder, "P0001")
    answer = client.get("/public/P0001")
    assert answer.status_code == 400 and "66.06" not in answer.text


def test_publications_follow_from_each_other(app, placed, small_site):
    client = PageClient(app)
    for title in ("一月", "二月", "三月"):
        publish(client, title=title)
    listed = publishing.listed(small_site.workspace.folder)
    assert [p.title for p in listed] == ["三月", "二月", "一月"]
    assert [p.before for p in listed] == [listed[1].digest, listed[2].digest, ""]
    # the middle one taken away is found
    (small_site.workspace.folder / publishing.FOLDER / "P0002.json").unlink()
    with pytest.raises(HengtanError):
        publishing.listed(small_site.workspace.folder)


@pytest.mark.parametrize(
    ("harm", "faults"),
    [
        ("none", []),
        (
            "first changed",
            ["发布“P0001”的存档被改动过", NOTED.format("P0001")],
        ),
        (
            "first removed",
            ["发布“P0002”的存档被改动过", NOTED.format("P0001")],
        ),
        ("last removed", [NOTED.format("P0002")]),
        ("made anew", [NOTED.format("P0002")]),
        ("another ledger", ["发布“P0002”所记的台账链首不在本台账上"]),
    ],
)
def test_verify_holds_publications_against_their_chain_the_ledger_and_the_trail(
    app, placed, small_site, harm, faults
):
    """What is changed by hand, taken away, or made anew with seals that fit each other."""
    rows = pa.table({"x": ["1"]})
    small_site.workspace.ledger.submit("y", rows, Meta(Actor("李工")))
    placed["meta"]["ledger_head"] = small_site.workspace.ledger.head()
    client, folder = PageClient(app), small_site.workspace.folder
    publish(client)
    publish(client, title="四月发布")
    first, last = (folder / "publications" / f"P000{n}.json" for n in (1, 2))
    entries = len(small_site.workspace.ledger.current().events)
    assert json.loads(last.read_text())["entries"] == entries
    if harm == "first changed":
        first.write_text(first.read_text().replace("三月", "五月"))
    elif harm == "first removed":
        first.unlink()
    elif harm == "last removed":
        last.unlink()
    elif harm == "made anew":
        last.unlink()
        publish(PageClient(app), title="五月发布")
        Entry.objects.order_by("-number").first().delete()
    elif harm == "another ledger":
        sealed = json.loads(last.read_text())
        content = {k: v for k, v in sealed.items() if k != "digest"} | {"ledger_head": "0" * 64}
        last.write_text(json.dumps(content | {"digest": _digest(content)}))
        Entry.objects.order_by("-number").first().delete()
    listed = check_records(small_site.workspace)
    folder_of_people = small_site.workspace.folder / "work"
    shutil.copytree(app.store.folder, folder_of_people, dirs_exist_ok=True)
    listed += check_trail(small_site.workspace)
    point_to(app.store)
    assert [finding.zh for finding in listed] == faults


def _digest(content):
    """SHA-256 of JSON with sorted keys and no blanks, as docs/contracts.md says."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


CHANGED, GONE = "发布“{}”的撤回记录被改动过", "审计记录所记的对发布 {} 的撤回不在了，或被改动"
BROKEN = "发布“{}”的存档被改动过"


@pytest.fixture
def taken_back(app, placed, small_site):
    """Two publications, of which each was taken back before the next step."""
    client = PageClient(app)
    for number, title in (("P0001", "三月发布"), ("P0002", "四月发布")):
        publish(client, title=title)
        page = client.get("/publications").text
        send(client, f"/publications/{number}/withdraw", page, reason="口径有误")
    return small_site.workspace.folder / publishing.FOLDER


def verified(app, workspace):
    """Level and words of all that verify finds of records and of the trail."""
    shutil.copytree(app.store.folder, workspace.folder / "work", dirs_exist_ok=True)
    listed = check_records(workspace) + check_trail(workspace)
    point_to(app.store)
    return [(finding.level, finding.zh) for finding in listed]


def test_withdrawals_are_entries_of_the_chain(taken_back):
    """publication, withdrawal, publication, withdrawal: each names the digest before it."""
    names = ("P0001", "P0001.withdrawn", "P0002", "P0002.withdrawn")
    entries = [json.loads((taken_back / f"{name}.json").read_text()) for name in names]
    assert [entry["before"] for entry in entries] == ["", *(e["digest"] for e in entries[:-1])]
    for entry in entries:
        assert entry["digest"] == _digest({k: v for k, v in entry.items() if k != "digest"})


@pytest.mark.parametrize(
    ("harm", "faults"),
    [
        ("none", []),
        ("first removed", [BROKEN.format("P0002"), GONE.format("P0001")]),
        ("first changed", [CHANGED.format("P0001"), GONE.format("P0001")]),
        ("last removed", [GONE.format("P0002")]),
        ("last changed", [CHANGED.format("P0002"), GONE.format("P0002")]),
        ("last sealed anew", [GONE.format("P0002")]),
        ("seal of the first taken away", [BROKEN.format("P0002"), GONE.format("P0001")]),
        ("two exchanged", [CHANGED.format("P0001"), GONE.format("P0001"), GONE.format("P0002")]),
    ],
)
def test_verify_finds_a_withdrawal_that_was_changed_or_taken_away(
    app, taken_back, small_site, harm, faults
):
    first, last = (taken_back / f"P000{n}.withdrawn.json" for n in (1, 2))
    said = json.loads(last.read_text())
    content = {k: v for k, v in said.items() if k != "digest"} | {"reason": "另有原因"}
    if harm == "first removed":
        first.unlink()
    elif harm == "first changed":
        first.write_text(first.read_text().replace("口径有误", "另有原因"))
    elif harm == "last removed":
        last.unlink()
    elif harm == "last changed":
        last.write_text(last.read_text().replace("口径有误", "另有原因"))
    elif harm == "last sealed anew":
        last.write_text(json.dumps(content | {"digest": _digest(content)}))
    elif harm == "seal of the first taken away":
        first.write_text(json.dumps({"by": "某人", "at": said["at"], "reason": "口径有误"}))
    elif harm == "two exchanged":
        contents = first.read_text(), last.read_text()
        first.write_text(contents[1])
        last.write_text(contents[0])
    assert [zh for _, zh in verified(app, small_site.workspace)] == faults


def test_withdrawals_of_an_older_version_are_sealed_at_the_start(app, taken_back, small_site):
    """Three files as 0.13 left them: publications name each other, withdrawals have no seal."""
    kept = {n: json.loads((taken_back / f"P000{n}.json").read_text()) for n in (1, 2)}
    for number in (1, 2):
        content = {k: v for k, v in kept[number].items() if k != "digest"}
        content["before"] = kept[1]["digest"] if number == 2 else ""
        kept[number] = content | {"digest": _digest(content)}
        (taken_back / f"P000{number}.json").write_text(json.dumps(kept[number]))
    for number, at in ((1, "2026-05-02T09:00:00+08:00"), (2, "2026-05-01T09:00:00+08:00")):
        said = {"by": "发布员", "at": at, "reason": "口径有误"}
        (taken_back / f"P000{number}.withdrawn.json").write_text(json.dumps(said))
    Entry.objects.all().delete()
    unsealed = "发布“P000{}”的撤回记录没有封印"
    assert verified(app, small_site.workspace) == [
        ("warning", unsealed.format(2)),
        ("warning", unsealed.format(1)),
    ]
    app.prepare()
    point_to(app.store)
    sealed = Entry.objects.filter(kind="withdrawal_sealed").order_by("number")
    assert [what[:5] for what in sealed.values_list("what", flat=True)] == ["P0002", "P0001"]
    assert verified(app, small_site.workspace) == []
    second = json.loads((taken_back / "P0002.withdrawn.json").read_text())
    assert second["before"] == kept[2]["digest"] and second["reason"] == "口径有误"
    app.prepare()  # once is enough
    point_to(app.store)
    assert sealed.count() == 2


def test_from_filing_to_the_public_page_on_the_demonstration(demo_copy, prepared_store, tmp_path):
    """A figure is filed, approved in the pages and published: the target's page shows it at once,
    the public page shows what was published before until the next publication.
    """
    import pyarrow as pa

    from hengtan.ledger import Meta

    app = create_app(Site(demo_copy))
    prepared_store(app)
    client = PageClient(app)
    target = next(
        t
        for t in app.site.view().targets
        if t["state"] == "actual" and t["operator"] in (">=", "<=") and len(t["latest_period"]) == 4
    )
    region = target["region_code"]
    publish(client, title="之前", place=region)
    form = demo_copy.form("indicator_values")
    view = demo_copy.ledger.effective(form.id, schema=form.schema())
    names = ", ".join(f'"{name}"' for name in form.schema().names)
    (row,) = demo_copy.ledger.query(
        f'select {names} from memory.main."{view}" where indicator = ? and period = ?'
        " and place = ? limit 1",
        [target["latest_indicator"] or target["indicator"], target["latest_period"], region],
    )
    (old,) = demo_copy.ledger.query(
        f'select _submission from memory.main."{view}" where indicator = ? and period = ?'
        " and place = ? limit 1",
        [row["indicator"], row["period"], region],
    )
    row["value"] = row["value"] + 1.25
    record = demo_copy.ledger.current().records[old["_submission"]]
    number = demo_copy.ledger.submit(
        form,
        pa.Table.from_pylist([row], schema=form.schema()),
        Meta(Actor("填报员", record.body), place=record.place),
    ).id
    page = client.get(f"/review/{number}").text
    seq = re.search(r'name="seq" value="([^"]+)"', page)[1]
    send(client, f"/review/{number}/decide", page, do="approve", seq=seq)
    assert demo_copy.ledger.submission(number)["state"] == "approved"
    expected = target["latest_value"] + 1.25
    now = app.site.view().target(target["target_id"])
    assert now["latest_value"] == pytest.approx(expected)
    shown = f"{expected:.2f}".rstrip("0").rstrip(".")
    assert shown in client.get(f"/targets/{target['target_id']}").text.replace(",", "")
    public = f"/public/P0001/targets/{target['target_id']}"
    assert shown not in client.get(public).text.replace(",", "")
    publish(client, title="之后", place=region)
    after = public.replace("P0001", "P0002")
    assert shown in client.get(after).text.replace(",", "")
    assert shown not in client.get(public).text.replace(",", "")
    first, second = (publishing.publication(demo_copy.folder, n) for n in ("P0001", "P0002"))
    assert demo_copy.ledger.grown_since(second.ledger_head) == 0
    assert demo_copy.ledger.grown_since(first.ledger_head) == second.entries - first.entries == 2
    app.close()


def test_filing_and_publishing_the_same_figures_needs_two(small_site, prepared_store, placed):
    """Who filed figures that were never published does not publish them; somebody else does."""
    import pyarrow as pa

    from hengtan.ledger import Meta
    from hengtan.office.permission import Grant, Person
    from hengtan.web.rooms.review.pages_publishing import of_place

    app = Application(small_site, is_shared=True)
    prepared_store(app)
    ledger, form = small_site.workspace.ledger, small_site.workspace.form("indicator_values")
    row = dict.fromkeys(form.schema().names) | {"place": "500156", "value": 1.0}
    table = pa.Table.from_pylist([row], schema=form.schema())
    number = ledger.submit(form, table, Meta(Actor("两职"), place="500156")).id

    def may(name):
        request = type("Request", (), {})()
        grants = (Grant("publisher", place="500156"), Grant("filer", place="500156"))
        request.app, request.person = app, Person(name, grants)
        return app.permission.may(request.person, "record.publish", of_place(request, "500156"))

    assert may("两职")  # it waits: nothing of his would be published
    ledger.record(number, "approved", Actor("审核"))
    assert may("两职").why == "no.own"
    assert may("别人")
    app.close()
