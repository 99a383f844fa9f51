"""Plans read from documents and kept in a workspace: ``plans/<plan>/`` holds the document and what
was read of it.

The reading itself (``plan.reader``) never changes; people decide on it in ``plan_review``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.border import checked_id, json_file, json_lines, shaped
from hengtan.basis.errors import HengtanError, NoSuchRow, Where
from hengtan.basis.whole_files import write_json, write_whole
from hengtan.basis.whole_folders import whole_folder
from hengtan.desk.plan_folders import PLANS, READING, folder_of, plans_of
from hengtan.ledger.chain import BEIJING
from hengtan.packs import Pack
from hengtan.plan.reader.documents import read_document
from hengtan.plan.reader.draft import Draft, draft_of
from hengtan.plan.reader.guide import as_guide
from hengtan.plan.reader.linking import Indicators
from hengtan.version import __version__

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


def indicators_of(pack: Pack, plan: str = "") -> Indicators:
    """The known indicators of a pack, less those that the plan itself proposed."""
    own = f"{plan}-i"
    return Indicators(
        row
        for row in pack.rows("indicators")
        if not (plan and str(row["indicator"]).startswith(own))
    )


def plan_id(region: str, draft: Draft, taken: Iterable[str] = ()) -> str:
    """An id for the plan of a region: ``500156-2025``, with both years of its period where they
    differ.

    A number stands behind it where that id is taken.
    """
    deadlines = sorted(target.deadline for target in draft.targets)
    last = deadlines[-1] if deadlines else draft.year
    parts = dict.fromkeys((region, draft.year, last))
    name = "-".join(str(part) for part in parts if part)
    in_use = set(taken)
    numbered = (f"{name}-{n}" for n in range(2, 1000))
    return next(plan for plan in (name, *numbered) if plan not in in_use)


def read_plan(path: Path, pack: Pack, region: str, *, year: int | None = None) -> Draft:
    """Read a document for a region: a draft with an id that no plan of the pack has.

    Raises UnreadableFile.
    """
    document = read_document(path)
    first = draft_of(document, indicators_of(pack), plan="plan", year=year)
    taken = (str(row["plan"]) for row in pack.rows("plans"))
    return renamed(first, plan_id(region, first, taken))


def with_proposals(
    draft: Draft, pack: Pack, address: str, model: str, tell: Callable[[str], None]
) -> Draft:
    """A draft with what an assistant at an address proposes beside it. Raises HengtanError."""
    from hengtan.plan.reader.assistant import Assistant, propose

    return propose(draft, Assistant.of(address, model), indicators_of(pack), tell=tell)


def renamed(draft: Draft, plan: str) -> Draft:
    """A draft under another plan id."""
    former = draft.plan

    def ref(text: str) -> str:
        return plan + text.removeprefix(former)

    def moved(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "clause": ref(row["clause"])} for row in rows]

    targets = [replace(t, id=ref(t.id), clause=ref(t.clause)) for t in draft.targets]
    named = replace(draft, plan=plan, targets=targets)
    named.clauses = [{**clause, "ref": ref(clause["ref"])} for clause in draft.clauses]
    named.milestones = [{**row, "id": ref(row["id"])} for row in moved(draft.milestones)]
    named.systems = moved(draft.systems)
    named.departments = moved(draft.departments)
    named.tasks = [
        {**task, "id": ref(task["id"]), "targets": [ref(target) for target in task["targets"]]}
        for task in moved(draft.tasks)
    ]
    return named


def keep(home: Path, draft: Draft, source: Path, by: str = "") -> None:
    """Keep a reading and its document in the folder of a workspace, whole or not at all; ``by``:
    who added it.

    Raises HengtanError where it is held.
    """
    folder = home / PLANS / checked_id(draft.plan)
    if folder.exists():
        raise HengtanError(
            f"已有规划“{draft.plan}”",
            f"plan '{draft.plan}' is held already",
            todo="先看规划列表",
            todo_en="see the list of plans",
        )
    text = draft.document.text
    reading = {
        "draft": draft.as_dict(),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "file_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "file": _safe_name(source.name),
        "read_on": now(),
        "program": f"hengtan {__version__}",
    }
    if by:
        reading["added_by"] = by
    with whole_folder(folder) as staged:
        (staged / "document").mkdir()
        (staged / "editions").mkdir()
        shutil.copyfile(source, staged / "document" / _safe_name(source.name))
        write_json(staged / READING, reading, indent=None)


def reading_of(workspace: Workspace, plan: str) -> tuple[Draft, dict[str, Any]]:
    """The draft that was read and its record.

    Raises NoSuchRow for an unknown plan, HengtanError where the text was changed.
    """
    if plan not in plans_of(workspace):
        raise unknown(plan)
    record = json_file(folder_of(workspace, plan) / READING)
    with shaped(Where(READING)):
        digest = hashlib.sha256(record["text"].encode()).hexdigest()
        is_as_read = digest == record["text_sha256"]
        draft = Draft.from_dict(record["draft"], record["text"])
    if not is_as_read:
        raise HengtanError(
            "读出的文本与其摘要不符，被改动过",
            "the text that was read has been changed",
            where=Where(READING),
            todo="从备份恢复这个文件",
            todo_en="restore the file from a backup",
        )
    return draft, record


def unknown(plan: str) -> NoSuchRow:
    """The refusal of a plan that nobody read from a document."""
    return NoSuchRow(
        f"没有从文档读出的规划“{plan}”",
        f"no plan '{plan}' was read from a document",
        todo="先看规划列表",
        todo_en="see the list of plans",
    )


# passages by the guide of annotation


def read_passages(source: Path, out: Path) -> int:
    """Read every passage {id, text, year?} of a JSONL file; returns how many.

    Raises HengtanError with the line that does not hold; nothing is written then.
    """
    if not source.is_file():
        raise HengtanError(
            "没有这个文件",
            "no such file",
            where=Where(source.name),
            todo="检查路径",
            todo_en="check the path",
        )
    answers = [_passage(passage, where) for where, passage in json_lines(source)]
    write_whole(out, ("\n".join(answers) + "\n").encode())
    return len(answers)


def _passage(passage: Any, where: Where) -> str:
    try:
        text, name, year = passage["text"], passage["id"], passage.get("year")
        if not isinstance(text, str):
            raise TypeError("text")
        year = int(year) if year not in (None, "") else None
    except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HengtanError(
            "这一行不是 {id,text,year?}",
            f"the line is not {{id,text,year?}}: {error}",
            where=where,
            todo="改正这一行",
            todo_en="correct it",
        ) from error
    return json.dumps(as_guide(str(name), text, year), ensure_ascii=False)


def now() -> str:
    """Beijing time to the second, without a zone."""
    return datetime.now(BEIJING).replace(tzinfo=None, microsecond=0).isoformat()


def _safe_name(name: str) -> str:
    """A file name without what a path could hide in it."""
    return re.sub(r"[\x00-\x1f/\\:*?\"<>|]", "_", name).lstrip(".")[:120] or "document"
