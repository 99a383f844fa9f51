"""Every verb that writes, stopped at its file operations: killed, on a disk that is full from there
on, or with this one operation failing.

The workspace must then open, hold in each of its parts what it held before or what the verb makes,
and be sound; what was reported as done must be there; and the verb tried again must make what it
makes undisturbed. Some operations of each verb, spread over what it does; ``HENGTAN_THOROUGH=1``
takes every one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.basis import whole_folders
from hengtan.basis.actor import Actor
from hengtan.basis.seal import sha256_of
from hengtan.demo.public import open_demo
from hengtan.desk import plan_editions, plan_review
from hengtan.desk.bulletin_issues import freeze, issues
from hengtan.desk.evidence import Intake, import_file, step
from hengtan.desk.new import PlanDocument, new_workspace, write_draft_pack
from hengtan.desk.own_pack import refuse_unsound
from hengtan.desk.plan_folders import plans_of
from hengtan.desk.plan_reading import read_plan
from hengtan.desk.upkeep import check_records, mend
from hengtan.ledger.forms import Form
from hengtan.packs.pack import open_folder
from hengtan.plan.reader import documents
from hengtan.report.files import write_text
from hengtan.report.qr import write_qr
from hengtan.report.sheet.filled import write_filled_form
from hengtan.report.table_files import write_pieces
from hengtan.report.word.sample_plan import write_sample
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings
from hengtan.workspace.safekeeping import back_up, export, restore

REVIEWER = Actor("审核员")
CONFIRMED = plan_review.Confirmed("方案", 2025, 2026)
FIRST = "# 某市绿色转型方案\n\n到2027年，森林覆盖率达到55%以上，新建充电桩1000个。\n"
SECOND = "# 某市循环经济方案\n\n到2030年，森林覆盖率达到60%以上。\n"
HEAD = "地区,指标名称,时期,数值,计量单位,数据来源\n"
FORM = "indicator_values"
THOROUGH = bool(os.environ.get("HENGTAN_THOROUGH"))
HOW = ("killed", "full", "failed")


@dataclass(frozen=True)
class Verb:
    """What is run, on which beginning, and the states it may leave beside before and after.

    ``has_steps``: it does many things one after the other, and goes on where it was stopped.
    ``points``: at how many operations it is killed, the disk full, an operation failing.
    """

    run: Callable[[Path], object]
    between: Callable[[Path], object] | None = None
    begins: Callable[[Path], object] = lambda home: None
    has_steps: bool = False
    points: tuple[int, int, int] = (1, 1, 1)


def opened(home: Path, name: str = "ws") -> Workspace:
    return Workspace.open(home / name)


def taken_in(home: Path, name: str, approve: bool = False, **how: Any) -> str:
    with opened(home) as workspace:
        report = import_file(
            workspace,
            FORM,
            home / name,
            actor=REVIEWER,
            intake=Intake(**how),
            approve=approve,
        )
    return report.submission["submission"]


def submission(workspace: Workspace, state: str) -> str:
    return next(s["submission"] for s in workspace.ledger.submissions() if s["state"] == state)


def stepped(before: str, after: str) -> Callable[[Path], object]:
    def run(home: Path) -> None:
        with opened(home) as workspace:
            workspace.refresh = lambda: None  # verdicts are kept apart, and made again
            step(workspace, submission(workspace, before), after, REVIEWER)

    return run


def reviewed(work: Callable[[Workspace, str], object]) -> Callable[[Path], object]:
    def run(home: Path) -> None:
        with opened(home) as workspace:
            work(workspace, plans_of(workspace)[0])

    return run


def decided(decision: str, **how: Any) -> Callable[[Path], object]:
    def work(workspace: Workspace, plan: str) -> None:
        target = "" if decision == "add" else f"{plan}-t01"
        plan_review.decide(workspace, plan, target, decision, REVIEWER, **how)

    return reviewed(work)


def corrected(home: Path) -> None:
    with opened(home) as workspace:
        old = submission(workspace, "approved")
    taken_in(home, "corrected.csv", approve=True, replaces=old)


def corrected_and_waiting(home: Path) -> None:
    with opened(home) as workspace:
        old = submission(workspace, "approved")
    taken_in(home, "corrected.csv", replaces=old)


def froze(home: Path) -> None:
    bulletin = {"year": 2025, "month": 6, "period": "2025-06", "period_zh": "2025年6月"}
    with opened(home) as workspace:
        freeze(workspace, bulletin, REVIEWER)


def tidied(home: Path) -> None:
    with opened(home) as workspace:
        mend(workspace)
        workspace.ledger.tidy(more_than=1)


def added(home: Path) -> None:
    with opened(home) as workspace:
        plan_editions.add_plan(workspace, home / "second.md")


def issued(workspace: Workspace, plan: str) -> None:
    plan_editions.issue(workspace, plan, REVIEWER, confirmed=CONFIRMED)


def accepted(workspace: Workspace, plan: str) -> None:
    plan_review.accept_all(workspace, plan, REVIEWER, least=0)


def backed_up(home: Path) -> None:
    with opened(home) as workspace:
        back_up(workspace, home / "to" / "backup.zip")


def exported(home: Path) -> None:
    with opened(home) as workspace:
        export(workspace, home / "out", None, True)


def new(home: Path) -> None:
    new_workspace(home / "ws", "330106", plan=PlanDocument(home / "first.md", 2025)).close()


def new_from_shipped(home: Path) -> None:
    Workspace.create(home / "ws", Settings("武隆", "Wulong", "500156", "wulong")).close()


def drafted(home: Path) -> None:
    with opened(home) as workspace:
        draft = read_plan(home / "second.md", workspace.pack, "330106")
    write_draft_pack(draft, home / "draft", "330106")


def demonstrated(home: Path) -> None:
    open_demo(home / "demo", lambda share, text: None).close()


def no_workspace(home: Path) -> None:
    shutil.rmtree(home / "ws")


EDIT = {"fields": {"value": 56.0}}
VERBS = {
    "new": Verb(new, begins=no_workspace),
    "new from shipped": Verb(new_from_shipped, begins=no_workspace),
    "import": Verb(lambda home: taken_in(home, "third.csv")),
    "import and approve": Verb(
        lambda home: taken_in(home, "third.csv", approve=True),
        between=lambda home: taken_in(home, "third.csv"),
    ),
    "correct": Verb(corrected, between=corrected_and_waiting, points=(1, 0, 1)),
    "approve": Verb(stepped("submitted", "approved"), points=(1, 1, 0)),
    "return": Verb(stepped("submitted", "returned")),
    "withdraw": Verb(stepped("approved", "withdrawn")),
    "plan add": Verb(added),
    "plan decide accept": Verb(decided("accept")),
    "plan decide edit": Verb(decided("edit", **EDIT)),
    "plan decide reject": Verb(decided("reject")),
    "plan issue": Verb(reviewed(issued)),
    "bulletin freeze": Verb(froze),
    "doctor mend": Verb(tidied, points=(1, 1, 1)),
    "backup": Verb(backed_up, points=(1, 1, 0)),
    "restore": Verb(
        lambda home: restore(home / "to" / "backup.zip", home / "again"),
        begins=backed_up,
        points=(1, 1, 0),
    ),
    "export": Verb(exported, points=(1, 1, 0)),
    "plan read to pack": Verb(drafted),
    "demo": Verb(demonstrated, has_steps=True, points=(1, 0, 0)),
}

WRITE_ALIKE = {"new from shipped", "import", "return", "withdraw", "plan decide reject"}
"""Verbs that write by the same lines as another one; they are run where all operations are."""


def _build(home: Path) -> None:
    """A workspace with a plan, accepted but not issued, a submission approved and one waiting."""
    home.mkdir()
    (home / "first.md").write_text(FIRST, encoding="utf-8")
    (home / "second.md").write_text(SECOND, encoding="utf-8")
    for name, year, value in (
        ("earlier", 2023, 53.2),
        ("waiting", 2024, 53.9),
        ("third", 2025, 54.1),
        ("corrected", 2023, 53.1),
    ):
        row = f"330106,森林覆盖率,{year}年,{value},%,区林业局\n"
        (home / f"{name}.csv").write_text(HEAD + row, encoding="utf-8")
    new(home)
    taken_in(home, "earlier.csv", approve=True)
    taken_in(home, "waiting.csv")
    reviewed(accepted)(home)


# what a workspace holds


KNOWN: dict[str, Any] = {}
"""What was seen in folders before, by the digest of all their files."""
VERIFIED: set[str] = set()
"""Ledgers that were verified before, by the same."""


def content_of(folder: Path) -> str:
    """Digest of the files of a folder that say something."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(("-shm", ".lock")):
            digest.update(f"{path.relative_to(folder)} {sha256_of(path)}".encode())
    return digest.hexdigest()


def looked_at(folder: Path, look: Callable[[], Any]) -> Any:
    """What is seen in a folder; a folder that is the same to the byte needs no second look."""
    content = content_of(folder)
    if content not in KNOWN:
        KNOWN[content] = look()
    return KNOWN[content]


def workspace_state(folder: Path, verified: bool) -> dict[str, Any]:
    """The parts of a workspace; all of it sound."""
    with Workspace.open(folder) as workspace:
        assert check_records(workspace) == []
        reviews = {plan: plan_review.load(workspace, plan) for plan in plans_of(workspace)}
        return {
            "rests on": workspace.settings.pack,
            "plans": looked_at(folder / "packs", lambda: plans_state(workspace)),
            "reviews": {
                plan: (dict(review.counts()), len(review.editions()))
                for plan, review in reviews.items()
            },
            "issues": [issue["period"] for issue in issues(workspace)],
            "ledger": ledger_looked_at(workspace, verified),
        }


def ledger_looked_at(workspace: Workspace, verified: bool) -> Any:
    """What a ledger says; it is verified where that is asked for."""
    folder = workspace.folder / "ledger"
    content = content_of(folder)
    if verified and content not in VERIFIED:
        assert workspace.ledger.verify() == []
        VERIFIED.add(content)
    return looked_at(folder, lambda: ledger_state(workspace))


def plans_state(workspace: Workspace) -> list[list[str]]:
    """Plans and targets of the pack that a workspace rests on."""
    refuse_unsound(workspace.settings.pack, workspace.own_packs())
    return [sorted(map(repr, workspace.pack.rows(table))) for table in ("plans", "targets")]


def ledger_state(workspace: Workspace) -> tuple[Any, ...]:
    """Submissions with their states and rows, and the values that count."""
    ledger = workspace.ledger
    handed_in = sorted((s["form"], s["state"], s["rows"]) for s in ledger.submissions())
    view = ledger.effective(FORM, schema=schema())
    values = ledger.query_arrow(f'select indicator, period_end, value from memory.main."{view}"')
    return handed_in, sorted(map(repr, values.to_pylist()))


@cache
def schema() -> Any:
    return Form.from_dict(packs.load("cn").forms()[FORM]).schema()


def state(home: Path, *, verified: bool = True) -> dict[str, Any]:
    """All there is in a folder, by part; its ledgers verified, unless that follows later."""
    parts: dict[str, Any] = {
        "names": sorted(p.name for p in home.iterdir() if p.name[0] != "." and p.name != "tmp")
    }
    for name in ("ws", "again", "demo"):
        if (home / name).exists():
            for part, content in workspace_state(home / name, verified).items():
                parts[f"{name} {part}"] = content
    files = (home / "to" / "backup.zip", home / "out" / "workspace.zip")
    parts["backups"] = [backup_state(path) for path in files if path.is_file()]
    if (home / "out").exists():
        manifest = json.loads((home / "out" / "manifest.json").read_text(encoding="utf-8"))
        for form in manifest["forms"].values():
            assert sha256_of(home / "out" / form["file"]) == form["sha256"]
        parts["export"] = sorted(manifest["forms"])
    if (home / "draft").exists():
        parts["draft"] = open_folder(home / "draft").id
    text = json.dumps(parts, ensure_ascii=False, default=repr, sort_keys=True)
    return json.loads(text.replace(str(home), ""))


def backup_state(file: Path) -> list[str]:
    """The members of a backup, each as its digest says."""
    with zipfile.ZipFile(file) as archive:
        contents = json.loads(archive.read("contents.json"))
        for name, digest in contents.items():
            assert sha256_of(archive.read(name)) == digest
        assert archive.testzip() is None
    return sorted(contents)


# stopping


@dataclass(frozen=True)
class Course:
    """A verb undisturbed: what it begins with, what it leaves, and its operations."""

    start: Path
    states: list[dict[str, Any]]
    after: dict[str, Any]
    operations: list[str]


def course_of(verb: Verb, built: Path, home: Path, stopped: Any) -> Course:
    shutil.copytree(built, home / "start")
    verb.begins(home / "start")
    states = [state(home / "start")]
    if verb.between is not None:
        shutil.copytree(home / "start", home / "between")
        verb.between(home / "between")
        states.append(state(home / "between"))
    shutil.copytree(home / "start", home / "home")
    run = stopped(home / "home", lambda: verb.run(home / "home"))
    assert (run.ended, run.said) == ("whole", "")
    after = state(home / "home")
    return Course(home / "start", [*states, after], after, run.operations)


def points(verb: Verb, name: str, operations: list[str]) -> Iterator[tuple[str, int]]:
    """How and at which operations a verb is stopped: all, or some at beginnings of stretches in
    which it does the same to the same file.
    """
    last = len(operations)
    if THOROUGH:
        yield from ((how, at) for how in HOW for at in range(1, last + 1))
        return
    begin = [n for n in range(1, last + 1) if n == 1 or operations[n - 1] != operations[n - 2]]
    for how, number in zip(HOW, verb.points, strict=True):
        chance = random.Random(f"{name} {how}")
        for part in range(number):
            place = (part + chance.random()) * len(begin) / number
            yield how, begin[int(place)]


@pytest.fixture(autouse=True)
def _documents_are_read_here(monkeypatch):
    """Reading one writes nothing, and its process takes long to start."""
    monkeypatch.setattr(documents, "read_apart", lambda reader, path: documents.packed(path))
    monkeypatch.setattr(whole_folders, "IN_BETWEEN", 0)


@pytest.fixture(scope="module")
def built(build_once) -> Path:
    return build_once("stopped", _build)[0]


@pytest.mark.parametrize("name", [n for n in VERBS if THOROUGH or n not in WRITE_ALIKE])
def test_a_verb_that_was_stopped_leaves_all_or_nothing(name, built, tmp_path, stopped):
    verb = VERBS[name]
    course = course_of(verb, built, tmp_path, stopped)
    home, counts = tmp_path / "home", dict.fromkeys(HOW, 0)
    for how, at in points(verb, name, course.operations):
        if THOROUGH and how == "killed":  # has a test of its own
            continue
        shutil.rmtree(home)
        shutil.copytree(course.start, home)
        run = stopped(home, lambda: verb.run(home), how, at)
        what = f"{name} {how} at {at} {run.operations[-1:]}: {run.ended} {run.said}"
        if not run.was_stopped:  # an operation fewer than the first time
            continue
        counts[how] += 1
        assert run.ended == "killed" if how == "killed" else run.ended in ("done", "refused"), what
        stands_whole(verb, course, home, what, is_done=run.ended == "done")
    tried = HOW[1:] if THOROUGH else [h for h, n in zip(HOW, verb.points, strict=True) if n]
    assert all(counts[how] for how in tried)
    print(name, len(course.operations), counts)


@pytest.mark.skipif(not THOROUGH, reason="HENGTAN_THOROUGH=1 takes every operation")
@pytest.mark.parametrize("name", VERBS)
def test_a_verb_killed_at_any_operation_leaves_all_or_nothing(name, built, tmp_path, stopped):
    """The folder before each operation is what a kill there leaves: it is kept, each content once,
    and looked at where it stood.
    """
    verb = VERBS[name]
    course = course_of(verb, built, tmp_path, stopped)
    home, kept = tmp_path / "home", tmp_path / "kept"
    shutil.rmtree(home)
    shutil.copytree(course.start, home)
    contents: dict[str, int] = {}

    def keep() -> None:
        at = contents.setdefault(content_of(home), len(contents))
        if not (kept / str(at)).exists():
            shutil.copytree(home, kept / str(at))

    run = stopped(home, lambda: verb.run(home), before_each=keep)
    assert (run.ended, run.said) == ("whole", "")
    for at in range(len(contents)):
        shutil.rmtree(home)
        shutil.move(kept / str(at), home)
        stands_whole(verb, course, home, f"{name} killed at the {at}-th state", is_done=False)
    print(name, len(run.operations), "operations, states:", len(contents))


def stands_whole(verb: Verb, course: Course, home: Path, what: str, *, is_done: bool) -> None:
    """What a stop leaves is sound, each part as before or as the verb makes it, and the verb tried
    again makes what it makes undisturbed.

    A folder that is the beginning to the byte is the beginning.
    """
    if content_of(home) == content_of(course.start):
        assert not is_done, what
        return
    middle = state(home, verified=THOROUGH or is_done)
    if not verb.has_steps:
        for part, content in middle.items():
            assert content in [each.get(part) for each in course.states], f"{what}: {part}"
    if is_done:
        assert middle == course.after, what
    if middle != course.after:
        verb.run(home)
        assert state(home) == course.after, what


@pytest.mark.parametrize("name", ["approve", "import"] if THOROUGH else ["approve"])
def test_a_commit_whose_flush_fails_keeps_the_ledger_whole(name, built, tmp_path, stopped):
    """The log of the catalogue then holds the commit or not, and its files were once deleted."""
    verb = VERBS[name]
    course = course_of(verb, built, tmp_path, stopped)
    flushes = [n for n, o in enumerate(course.operations, 1) if o == "fsync catalogue.sqlite-wal"]
    home = tmp_path / "home"
    for at in flushes if THOROUGH else flushes[:2]:
        shutil.rmtree(home)
        shutil.copytree(course.start, home)
        run = stopped(home, lambda: verb.run(home), "failed", at)
        assert run.ended in ("refused", "done"), run
        if state(home) == course.states[0]:
            verb.run(home)
        assert state(home) == course.after
    assert len(flushes) > 1


# files for people


def filled_form(path: Path) -> None:
    form = Form.from_dict(packs.load("cn").forms()[FORM])
    write_filled_form(form, [{"place": "330106", "value": 54.1}], path, "完成情况表")


def pieces(path: Path) -> None:
    tables = iter([pa.table({"户号": ["甲"] * 100, "电量": list(range(100))})] * 3)
    write_pieces(path, ("户号", "电量"), tables, {})


FILES: dict[str, Callable[[Path], object]] = {
    "结果.csv": pieces,
    "结果.parquet": pieces,
    "结果.xlsx": pieces,
    "填好.xlsx": filled_form,
    "样例.docx": write_sample,
    "标识.svg": lambda path: write_qr("HT1:甲", path),
    "图.html": lambda path: write_text(path, "<p>图</p>" * 5_000),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_for_people_is_the_old_one_or_whole(name, tmp_path, stopped):
    """Its old content or a new one that is whole; where it was said to be written, the new one."""
    home, write = tmp_path / "home", FILES[name]
    home.mkdir()
    whole = stopped(home, lambda: write(home / name))
    assert (whole.ended, whole.said) == ("whole", "")
    content = (home / name).read_bytes()
    for how, at in points(Verb(write), name, whole.operations):
        (home / name).write_bytes(b"old")
        run = stopped(home, lambda: write(home / name), how, at)
        what = f"{how} at {at} {run.operations[-1:]}: {run.ended} {run.said}"
        assert run.ended in ("killed", "refused", "done", "whole"), what
        now = (home / name).read_bytes()
        assert now == b"old" or is_whole(home / name, content), what
        assert now != b"old" or run.ended not in ("done", "whole"), what
    (home / name).unlink()
    assert all(path.name[0] == "." or path.name == "tmp" for path in home.iterdir())


def is_whole(path: Path, content: bytes) -> bool:
    """Whether a file is as when it was written undisturbed; archives but for their times."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes() == content
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(io.BytesIO(content)) as undisturbed:
        return archive.testzip() is None and archive.namelist() == undisturbed.namelist()
