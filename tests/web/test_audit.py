"""The audit trail: found, exported, its head noted in the ledger daily, so that a change is found
also where everything after it was sealed anew; pruned only behind a noted head.
"""

from __future__ import annotations

import csv
import io
import shutil
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from page_client import PageClient
from people_at_work import injected, person, ready, send, sign_in
from typer.testing import CliRunner

from hengtan.basis.errors import HengtanError
from hengtan.cli.main import app as commands
from hengtan.office.permission import Grant
from hengtan.web import trail
from hengtan.web.application import Application
from hengtan.web.rooms.audit import heads
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.site import Site
from hengtan.web.store import Store, copy_of, point_to
from hengtan.workspace import Workspace

AUDIT = Grant("audit_administrator")


@pytest.fixture
def auditor(shared, monkeypatch):
    return injected(shared, monkeypatch, "审计", AUDIT)


def add(number, kind="written", by="李工", what="甲"):
    for _ in range(number):
        trail.add(kind, what, by=by)


def test_entries_are_filtered_by_person_kind_and_day_and_paged(shared, auditor):
    add(120)
    add(1, kind="refused", by="王工", what="GET /people")
    Entry.objects.filter(number=1).update(at="2026-01-05T15:59:59.9+00:00")  # 23:59 in Beijing
    Entry.objects.filter(number=2).update(at="2026-01-05T16:00:00+00:00")  # the 6th in Beijing
    page = auditor.get("/audit").text
    assert "共 121 条" in page and page.count("<tr>") == 101
    assert "共 1 条" in auditor.get("/audit?by=王工").text
    assert "共 1 条" in auditor.get("/audit?kind=refused&by=王工").text
    assert "没有符合" in auditor.get("/audit?kind=refused&by=李工").text
    assert "共 1 条" in auditor.get("/audit?from=2026-01-01&to=2026-01-05").text
    assert "共 2 条" in auditor.get("/audit?to=2026-01-06").text
    wrong = auditor.get("/audit?from=2026-13-01")
    assert wrong.status_code == 400 and "日期写法不对" in wrong.text
    assert auditor.get("/audit/export.csv?to=x").status_code == 400


def test_the_export_is_safe_for_spreadsheets_and_is_an_entry_itself(shared, auditor):
    for what in ("=1+2", "+cmd", "-1", "@sum", "\t=1", "平常"):
        add(1, what=what)
    answer = auditor.get("/audit/export.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    what = [row[4] for row in rows[1:]]
    assert what == ["平常", "'\t=1", "'@sum", "'-1", "'+cmd", "'=1+2"]
    assert rows[0][:5] == ["序号", "时间", "账号", "类别", "内容"]
    last = Entry.objects.order_by("-number").first()
    assert (last.kind, last.by) == ("exported", "审计")


def test_signing_in_refusals_grants_and_downloads_are_in_the_trail(shared, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    sign_in(PageClient(shared), "李工", "wrong")
    assert client.get("/people").status_code == 403
    assert client.get("/download/status.xlsx").status_code == 200
    assert client.get("/download/status.xlsx").status_code == 200  # kept, and noted all the same
    send(client, "/account/logout/")
    point_to(shared.store)
    entries = list(Entry.objects.order_by("number").values_list("kind", "by"))
    assert entries == [
        ("signed_in", "李工"),
        ("password_changed", "李工"),
        ("sign_in_failed", ""),
        ("refused", "李工"),
        ("exported", "李工"),
        ("exported", "李工"),
        ("signed_out", "李工"),
    ]
    assert trail.first_fault() is None


@pytest.fixture
def kept(empty_folder, empty_store, tmp_path):
    """A workspace of its own, shared, whose ledger takes the heads of the trail."""
    folder = tmp_path / "ws"
    shutil.copytree(empty_folder, folder)
    copy_of(empty_store, Store(folder / "work"))
    workspace = Workspace.open(folder)
    day = SimpleNamespace(now=date(2026, 3, 2))
    app = Application(
        Site(workspace), writable=True, is_shared=True, notes_heads=True, today=lambda: day.now
    )
    yield SimpleNamespace(app=app, day=day, folder=folder, ledger=workspace.ledger)
    app.close()
    workspace.close()


def health(kept):
    assert PageClient(kept.app).get("/api/health").status_code == 200


def seal_anew():
    """What somebody with the database does who changed an entry: every seal after it again."""
    before = trail.START
    for entry in list(Entry.objects.order_by("number")):
        entry.before = before
        entry.seal = trail.seal_of(entry)
        Entry.objects.filter(pk=entry.pk).update(before=before, seal=entry.number)
        before = entry.seal
        Entry.objects.filter(pk=entry.pk).update(seal=entry.seal)


def test_the_head_is_noted_once_a_day_where_something_was_added(kept):
    health(kept)
    assert heads.noted(kept.ledger.current()) == []  # nothing to note yet
    kept.day.now = date(2026, 3, 3)
    add(3)
    health(kept)
    health(kept)
    add(2)
    health(kept)
    (head,) = heads.noted(kept.ledger.current())
    assert (head.day, head.number) == ("2026-03-03", 3)
    assert head.seal == Entry.objects.get(number=3).seal
    kept.day.now = date(2026, 3, 4)
    health(kept)
    kept.day.now = date(2026, 3, 5)
    health(kept)
    noted = [(h.day, h.number) for h in heads.noted(kept.ledger.current())]
    assert noted == [("2026-03-03", 3), ("2026-03-04", 5)]
    states = {s["state"] for s in kept.ledger.submissions() if s["form"] == heads.FORM}
    assert states == {"approved"} and kept.ledger.verify() == []


def verify(kept):
    return CliRunner().invoke(commands, ["verify", "-w", str(kept.folder)])


TAMPERED = {
    "changed": lambda: Entry.objects.filter(number=2).update(what="乙"),
    "removed": lambda: Entry.objects.filter(number=2).delete(),
    "changed and sealed anew": lambda: (
        Entry.objects.filter(number=2).update(what="乙"),
        seal_anew(),
    ),
    "end cut off": lambda: Entry.objects.filter(number__gt=2).delete(),
    "all removed": lambda: Entry.objects.all().delete(),
    "beginning cut off": lambda: Entry.objects.filter(number__lt=3).delete(),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_done_to_a_noted_trail_is_found_by_verify(kept, what):
    add(5)
    health(kept)
    run = verify(kept)
    assert run.exit_code == 0, run.output
    point_to(kept.app.store)
    if what == "changed and sealed anew":
        TAMPERED[what]()
        assert trail.first_fault() is None  # the chain alone does not tell
    else:
        TAMPERED[what]()
    run = verify(kept)
    assert run.exit_code == 1 and "审计记录第" in run.output


def test_a_trail_that_is_gone_altogether_is_found(kept):
    add(5)
    health(kept)
    for file in kept.app.store.folder.glob("app.sqlite*"):
        file.unlink()
    run = verify(kept)
    assert run.exit_code == 1 and "审计记录不在了" in run.output


def test_the_page_says_whether_the_chain_is_sound(kept, monkeypatch):
    add(5)
    health(kept)
    client = injected(kept.app, monkeypatch, "审计", AUDIT)
    assert "5 条，台账已记 1 个链首，均相符" in client.get("/audit/check").text
    Entry.objects.filter(number=2).update(what="乙")
    assert "审计记录第 2 条" in client.get("/audit/check").text


def test_only_old_entries_behind_a_noted_head_are_pruned(kept):
    add(4)
    old = datetime(2026, 1, 1, tzinfo=UTC)
    Entry.objects.update(at=old.isoformat())
    seal_anew()
    health(kept)  # notes 4
    add(3)
    Entry.objects.filter(number=5).update(at=old.isoformat())
    seal_anew()
    register = kept.ledger.current()
    with pytest.raises(HengtanError, match="至少保存 180 天"):
        heads.prune(register, old + timedelta(days=300), days=179)
    assert heads.prune(register, old + timedelta(days=179)) == 0
    # of five old entries the last one is behind no noted head: it stays
    assert heads.prune(register, old + timedelta(days=181)) == 4
    assert heads.findings(register) == []
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [5, 6, 7]
    Entry.objects.filter(number=5).delete()
    assert len(heads.findings(register)) == 1


def test_a_trail_that_is_not_sound_is_not_pruned(kept):
    add(4)
    health(kept)
    Entry.objects.filter(number=2).update(what="乙")
    with pytest.raises(HengtanError, match="第 2 条"):
        heads.prune(kept.ledger.current(), datetime(2030, 1, 1, tzinfo=UTC))
    assert Entry.objects.count() == 4


def test_two_processes_note_one_head(kept):
    add(2)
    assert heads.note(kept.app) is not None
    assert heads.note(kept.app) is None
    assert len(heads.noted(kept.ledger.current())) == 1


def test_a_person_is_needed_for_the_trail(shared):
    person(shared, "李工")
    assert PageClient(shared, follow=False).get("/audit").status_code == 302
