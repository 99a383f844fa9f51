"""A backup holds all that people made in a workspace; ``verify`` sees where any of it changed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, UnreadableFile
from hengtan.cli.main import app
from hengtan.desk import plan_editions
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.desk.plan_review import Confirmed, accept_all
from hengtan.desk.upkeep import check_records
from hengtan.workspace import Workspace
from hengtan.workspace.safekeeping import back_up, restore

REVIEWER = Actor("审核员")
TEXT = "# 某市绿色转型方案\n\n到2027年，森林覆盖率达到55%以上，新建充电桩1000个。\n"


@pytest.fixture
def office(tmp_path):
    """A workspace with a plan reviewed and issued, a case and an assessment's file."""
    document = tmp_path / "方案.md"
    document.write_text(TEXT, encoding="utf-8")
    with new_workspace(tmp_path / "ws", "330106", plan=PlanDocument(document, 2025)) as workspace:
        (plan,) = [path.name for path in (workspace.folder / "plans").iterdir()]
        accept_all(workspace, plan, REVIEWER, least=0)
        plan_editions.issue(workspace, plan, REVIEWER, confirmed=Confirmed("方案", 2025, 2026))
        for name in ("cases/税.yaml", "assessments/考核_2027.xlsx", "bulletins/.part"):
            (workspace.folder / name).parent.mkdir(exist_ok=True)
            (workspace.folder / name).write_bytes(name.encode())
        yield workspace


def people_made(folder: Path) -> dict[str, bytes]:
    parts = ("packs", "plans", "assessments", "cases")
    files = (path for part in parts for path in (folder / part).rglob("*"))
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if path.is_file() and not path.name.startswith(".")
    }


def test_everything_comes_back(office, tmp_path):
    head = back_up(office, tmp_path / "backup.zip")
    assert restore(tmp_path / "backup.zip", tmp_path / "again") == head
    before = people_made(office.folder)
    assert any(name.endswith("editions/0001.json") for name in before)
    assert {name.split("/")[0] for name in before} == {"packs", "plans", "assessments", "cases"}
    assert people_made(tmp_path / "again") == before
    with Workspace.open(tmp_path / "again") as workspace:
        assert check_records(workspace) == []
        assert workspace.status() == office.status()


def test_a_backup_in_which_a_file_was_changed_is_refused(office, tmp_path):
    back_up(office, tmp_path / "backup.zip")
    with (
        zipfile.ZipFile(tmp_path / "backup.zip") as sound,
        zipfile.ZipFile(tmp_path / "altered.zip", "w") as altered,
    ):
        for name in sound.namelist():
            content = sound.read(name)
            altered.writestr(name, content.replace(b"1000", b"9000"))
    with pytest.raises(UnreadableFile, match="被改动"):
        restore(tmp_path / "altered.zip", tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plans/*/editions/0001.json", "55", "65"),
        ("plans/*/decisions.jsonl", "审核员", "某某人"),
        ("plans/*/reading.json", "1000个", "9000个"),
        ("plans/*/document/方案.md", "1000", "9000"),
        ("plans/*/editions/0001.json", "{", ""),
    ],
)
def test_what_was_changed_beside_the_ledger_is_seen(office, file, old, new):
    assert check_records(office) == []
    (path,) = office.folder.glob(file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (finding,) = check_records(office)
    assert finding.level == "error"
    done = CliRunner().invoke(app, ["verify", "-w", str(office.folder)])
    assert done.exit_code == 1 and "Traceback" not in done.output


def test_adding_a_plan_again_after_a_stop_goes_on_with_it(office, tmp_path, monkeypatch):
    other = tmp_path / "另一方案.md"
    other.write_text(TEXT.replace("55%", "60%").replace("2027", "2030"), encoding="utf-8")
    before = len(office.pack.rows("targets"))
    with monkeypatch.context() as stopped:
        stopped.setattr(plan_editions, "put_plan", lambda *_, **__: (_ for _ in ()).throw(Stop()))
        with pytest.raises(Stop):
            plan_editions.add_plan(office, other)
    plan_editions.add_plan(office, other)
    assert len(office.pack.rows("targets")) == before + 2
    with pytest.raises(HengtanError, match="已作为规划"):
        plan_editions.add_plan(office, other)
    assert len(office.pack.rows("targets")) == before + 2


class Stop(BaseException):
    """The machine stops here."""


def test_the_parquet_export_can_be_written_and_restored_from(office, tmp_path):
    done = CliRunner().invoke(
        app, ["export", "parquet", "--to", str(tmp_path / "out"), "--all", "-w", str(office.folder)]
    )
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    for about in manifest["forms"].values():
        assert pq.read_table(tmp_path / "out" / about["file"]).num_rows == about["rows"]
    restore(tmp_path / "out" / "workspace.zip", tmp_path / "again")
    assert people_made(tmp_path / "again") == people_made(office.folder)
