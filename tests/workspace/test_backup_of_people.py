"""A backup holds people and their work at the state of the ledger, and whoever is in it can sign in
on an empty machine.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.days import BEIJING
from hengtan.ledger.handing_in import Meta
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings
from hengtan.workspace.safekeeping import back_up, restore

SIGN_IN = """
import re, sys
from page_client import PageClient
from hengtan.web.wsgi import shared
from hengtan.workspace import Workspace
app = shared(Workspace.open(sys.argv[1]), ("localhost",), False)
client = PageClient(app)
page = client.get("/account/login/").text
token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
form = {"login": sys.argv[2], "password": sys.argv[3], "csrfmiddlewaretoken": token}
client.post("/account/login/", data=form, headers={"Origin": "http://localhost"})
print(client.get("/").url.path)
"""


@pytest.fixture
def workspace(tmp_path):
    with Workspace.create(
        tmp_path / "ws", Settings("测试", "Test", "500156", "wulong")
    ) as workspace:
        yield workspace


def hengtan(*words):
    command = [sys.executable, "-c", "from hengtan.cli import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_people_sign_in_on_an_empty_machine(workspace, tmp_path):
    said = hengtan("people", "first", "--workspace", workspace.folder)
    password = dict(line.split() for line in said.splitlines()[1:])["auditor"]
    workspace.ledger.submissions()
    (workspace.folder / "work" / "secret").touch(mode=0o600)
    head = back_up(workspace, tmp_path / "all.zip")
    names = zipfile.ZipFile(tmp_path / "all.zip").namelist()
    assert "work/app.sqlite" in names and not any("secret" in name for name in names)
    assert restore(tmp_path / "all.zip", tmp_path / "again") == head
    again = tmp_path / "again" / "work"
    if os.name == "posix":
        assert stat.S_IMODE(again.stat().st_mode) == 0o700
        assert stat.S_IMODE((again / "app.sqlite").stat().st_mode) == 0o600
    support = os.path.join(os.path.dirname(__file__), "..", "support")
    paths = os.pathsep.join([support, *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", SIGN_IN, str(tmp_path / "again"), "auditor", password],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.stdout.strip() == "/account/password/change/", done.stderr[-2000:]


def test_what_is_under_way_in_the_database_is_in_the_copy(workspace, tmp_path):
    """Rows that stand beside the file (its log) while a server has it open."""
    work = workspace.folder / "work"
    work.mkdir()
    open_one = sqlite3.connect(work / "app.sqlite")
    open_one.execute("pragma journal_mode=wal")
    open_one.execute("create table t (x)")
    open_one.execute("insert into t values (42)")
    open_one.commit()
    (work / "publications").mkdir()
    (work / "publications" / "1.json").write_text("{}")
    back_up(workspace, tmp_path / "all.zip")
    restore(tmp_path / "all.zip", tmp_path / "again")
    copied = sqlite3.connect(tmp_path / "again" / "work" / "app.sqlite")
    assert copied.execute("select x from t").fetchall() == [(42,)]
    assert (tmp_path / "again" / "work" / "publications" / "1.json").read_text() == "{}"
    open_one.close()
    copied.close()


def condition(folder):
    return json.loads(hengtan("doctor", "--json", "--workspace", folder))


def test_doctor_tells_of_people_mail_and_how_old_the_backup_is(workspace, tmp_path):
    before = condition(workspace.folder)
    assert (before["people"], before["last_backup"]) == ("—", "—") and "accounts" not in before
    hengtan("people", "first", "--workspace", workspace.folder)
    hengtan("backup", tmp_path / "all.zip", "--workspace", workspace.folder)
    rows = pa.table({"x": ["1"]})
    workspace.ledger.submit("y", rows, Meta(Actor("李工")))
    after = condition(workspace.folder)
    assert after["people"] == str(workspace.folder / "work" / "app.sqlite")
    wanted = {"people_steps_to_take": 0, "accounts": 3, "mail": "—", "mail_given_up": 0}
    assert {name: after[name] for name in wanted} == wanted
    # one entry was made since the backup
    assert after["entries_since_backup"] == 1
    age = datetime.now(BEIJING) - datetime.fromisoformat(after["last_backup"] + "+08:00")
    assert timedelta(minutes=-1) < age < timedelta(minutes=5)
    assert ".last_backup.json" not in zipfile.ZipFile(tmp_path / "all.zip").namelist()
