"""Files that go with answers: kinds that are taken, checked by what is in them, and kept in the
ledger: each is the original of a submission, whose entry in the chain names its digest.

Earlier they lay in ``evidence/`` of the workspace; ``take_along`` brings those into the ledger.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.basis.border import opened_zip
from hengtan.basis.errors import Finding, HengtanError, UnreadableFile, Where
from hengtan.ledger import originals
from hengtan.ledger.forms import Form
from hengtan.ledger.handing_in import OF_TASK, Meta
from hengtan.report.words import error as refused

if TYPE_CHECKING:
    from hengtan.ledger.chain import Register
    from hengtan.workspace import Workspace

FOLDER = "evidence"
FORM, PROGRAM = "task_evidence", Actor("hengtan")
COLUMNS = ("task", "department", "sha256", "name", "size")
LARGEST = 20_000_000
"""Bytes of a file."""
MOST = 10
"""Files of an answer."""
BEGINS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".ofd": b"PK\x03\x04",
}
"""Kinds by the end of the name, with the bytes they begin with."""
NEEDED = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
ARCHIVES = tuple(NEEDED)


def check(name: str, content: bytes) -> None:
    """Raises HengtanError for a file that is not taken: its kind, its size, what is in it."""
    kind, where = Path(name).suffix.lower(), Where(name)
    if kind not in BEGINS:
        raise _not_taken(where, "不收这种文件", "this kind of file is not taken")
    if not content or len(content) > LARGEST:
        raise _not_taken(where, "文件为空或超过 20 MB", "the file is empty or larger than 20 MB")
    if not content.startswith(BEGINS[kind]):
        raise _not_taken(where, f"内容不是 {kind}", f"its content is no {kind}")
    if kind in ARCHIVES:
        _check_archive(kind, content, where)


def _check_archive(kind: str, content: bytes, where: Where) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sent{kind}"
        path.write_bytes(content)
        with opened_zip(path, where) as archive:
            names = archive.namelist()
    if NEEDED[kind] not in names:
        raise _not_taken(where, f"内容不是 {kind}", f"its content is no {kind}")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _not_taken(where, "文件带宏", "the file has macros")


def _not_taken(where: Where, zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(
        zh,
        en,
        where=where,
        todo="请用 PDF、图片、docx、xlsx 或 ofd",
        todo_en="send PDF, a picture, docx, xlsx or ofd",
    )


@dataclass(frozen=True)
class Kept:
    """A file as the ledger keeps it: the submission that names it, its digest, its size [bytes]."""

    submission: str
    name: str
    sha256: str
    size: int


@cache
def form() -> Form:
    """The form of files of evidence; it belongs to the program, so no pack names it."""
    titles = {
        "task": ("任务", "Task"),
        "department": ("部门", "Department"),
        "sha256": ("校验值", "Digest"),
        "name": ("文件", "File"),
        "size": ("字节", "Bytes"),
    }
    fields = [
        {"id": name, "title_zh": titles[name][0], "title_en": titles[name][1], "type": "text"}
        for name in COLUMNS
    ]
    return Form.from_dict(
        {
            "id": FORM,
            "title_zh": "任务佐证材料",
            "title_en": "Evidence of tasks",
            "key": ["task", "department", "sha256"],
            "fields": [field | {"required": True} for field in fields],
            "_file": FORM,
        }
    )


def keep(app: Any, task: Any, actor: Actor, name: str, content: bytes) -> Kept:
    """Keep a file of an answer in the ledger; the same file of the same answer is kept once.

    ``actor``: who answers, on behalf of the department.
    """
    name = Path(name).name[-200:]
    with tempfile.TemporaryDirectory() as folder:
        sha256 = originals.keep(Path(folder), content)
    said = (str(task.pk), str(actor.behalf), sha256, name, str(len(content)))
    meta = Meta(
        actor,
        place=task.place or None,
        channel=OF_TASK,
        file=content,
        file_name=name,
        note=f"{task.pk} {task.title}",
        demo=app.site.workspace.settings.demo,
    )
    rows = pa.table({column: [value] for column, value in zip(COLUMNS, said, strict=True)})
    submission = app.writer.submit(form(), rows, meta)
    if submission.state == "submitted":
        app.writer.record(submission.id, "approved", PROGRAM)
    return Kept(submission.id, name, sha256, len(content))


def take_back(app: Any, kept: Kept, actor: Actor, why: str) -> None:
    """Withdraw a file whose answer was not taken; its entry stays in the chain."""
    app.writer.record(kept.submission, "withdrawn", actor, why)


def read(workspace: Workspace, sha256: str) -> bytes:
    """The bytes of a file. Raises HengtanError where it is missing or was altered."""
    for path in _places(workspace, sha256):
        if path.is_file() and originals.sha256_of(path) == sha256:
            return path.read_bytes()
    raise HengtanError(
        "佐证文件缺失或被改动",
        "the file is missing or was changed",
        todo="从备份恢复",
        todo_en="restore it from a backup",
    )


def _places(workspace: Workspace, sha256: str) -> tuple[Path, Path]:
    """Where a file is, or was before it was taken along."""
    earlier = originals.path_of(workspace.folder / FOLDER, sha256)
    return originals.path_of(workspace.ledger.folder, sha256), earlier


def take_along(app: Any) -> int:
    """Bring files of earlier versions into the ledger, under who answered; how many. Done again, it
    does nothing.
    """
    from hengtan.web.rooms.tasks.models import Evidence

    workspace, number = app.site.workspace, 0
    earlier = workspace.folder / FOLDER / originals.FOLDER
    rows = Evidence.objects.filter(submission="").select_related("answer__task").order_by("pk")
    for row in rows:
        answer = row.answer
        try:
            content = read(workspace, row.sha256)
        except HengtanError:
            continue  # verify tells of it
        kept = keep(app, answer.task, Actor(answer.by, answer.department), row.name, content)
        Evidence.objects.filter(pk=row.pk).update(submission=kept.submission)
        number += 1
    if earlier.is_dir():
        named = set(Evidence.objects.exclude(submission="").values_list("sha256", flat=True))
        for path in earlier.iterdir():
            if (
                path.name in named
                and originals.path_of(workspace.ledger.folder, path.name).exists()
            ):
                path.unlink()
    return number


def findings(workspace: Workspace, register: Register) -> list[Finding]:
    """Files of answers that neither the ledger names nor the earlier folder holds as they were. Of
    those that the ledger names it tells itself.
    """
    from hengtan.web.rooms.tasks.models import Evidence

    named = {record.file_sha256 for record in register.by_form.get(FORM, ())}
    rows = Evidence.objects.order_by("pk").values_list(
        "answer__task_id", "answer__task__title", "name", "sha256"
    )
    wrong = []
    for task, title, name, sha256 in rows:
        path = originals.path_of(workspace.folder / FOLDER, sha256)
        if sha256 in named:
            continue
        if not path.is_file():
            wrong.append(f"tasks.evidence_missing|{name}|{task} {title}")
        elif originals.sha256_of(path) != sha256:
            wrong.append(f"tasks.evidence_changed|{name}|{task} {title}")
    return [refused(HengtanError, code).as_finding() for code in wrong]
